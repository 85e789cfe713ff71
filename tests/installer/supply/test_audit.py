"""The locked versions against advisories in the OSV format, brought as files."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from installer.supply import audit
from installer.supply.locks import DEVELOPMENT, pins

LXML = next(pin.version for pin in pins(DEVELOPMENT) if pin.name == "lxml")


def advisory(number: str, name: str, *events: dict[str, str], **more: Any) -> dict[str, Any]:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}]
    affected = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": ranges}
    return {"id": number, "summary": "a fault", "affected": [affected], **more}


def test_a_version_inside_a_range_is_told_with_what_mends_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps(advisory("PYSEC-1", "LXML", {"introduced": "0"}, {"fixed": "999.1"})))
    assert audit.main([str(file)]) == 1
    told = capsys.readouterr().out
    assert told == f"lxml {LXML} (ships): PYSEC-1, mended in 999.1: a fault\n"


@pytest.mark.parametrize(
    "silent",
    [
        advisory("A", "lxml", {"introduced": "0"}, {"fixed": "1.0"}),
        advisory("B", "lxml", {"introduced": "999"}),
        advisory("C", "lxml", {"introduced": "0"}, {"last_affected": "1.0"}),
        advisory("D", "nobody-here", {"introduced": "0"}),
        advisory("E", "lxml", {"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z"),
        advisory("F", "lxml", {"introduced": "0"}, {"fixed": "2"}, {"introduced": "3"}, {"fixed": "4"}),
    ],
    ids=lambda each: str(each["id"]),
)
def test_what_does_not_concern_the_locked_version_is_silent(silent: dict[str, Any]) -> None:
    assert audit.findings([silent]) == []


def test_versions_named_one_by_one_and_open_ranges_count() -> None:
    named = advisory("N", "lxml")
    named["affected"][0]["versions"] = [LXML]
    again = advisory("O", "lxml", {"introduced": "0"}, {"fixed": "1"}, {"introduced": "2"})
    assert [finding.number for finding in audit.findings([named, again])] == ["N", "O"]


def test_lists_folders_and_archives_are_read_and_anything_else_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = (advisory(number, "lxml", {"introduced": "0"}) for number in "12")
    (tmp_path / "list.json").write_text(json.dumps([one, two]))
    (tmp_path / "vulns.json").write_text(json.dumps({"vulns": [one]}))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as bundle:
        bundle.writestr("PYSEC-2.json", json.dumps(two))
    assert [each["id"] for each in audit.read(tmp_path)] == ["1", "2", "1"]
    assert [each["id"] for each in audit.read(tmp_path / "all.zip")] == ["2"]
    (tmp_path / "words.json").write_text('"words"')
    assert audit.main([str(tmp_path / "words.json")]) == 2
    assert audit.main([str(tmp_path / "nothing.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_among_many_files_the_one_that_cannot_be_read_is_named_and_none_at_all_is_no_clean_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.json").write_text(json.dumps(advisory("1", "no-such-library", {"introduced": "0"})))
    assert audit.main([str(tmp_path)]) == 0
    (tmp_path / "torn.json").write_text("{bad")
    assert audit.main([str(tmp_path)]) == 2
    assert "torn.json" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert audit.main([str(tmp_path / "empty")]) == 2
    assert "no advisory" in capsys.readouterr().err

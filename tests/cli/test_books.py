"""`handbook`: the book of a year, or its minutes, as one file."""

import json
from pathlib import Path

import pytest

from desktop.cli.main import DONE, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from tests.services.meetings.people import people
from tests.stores import PASSWORD, clock_at, new_store

AT = "2026-11-26 09:00"


def test_the_handbook_and_the_minutes_as_one_file_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    folder, path = tmp_path / "支部", tmp_path / "手册.pdf"
    with new_store(folder, at=AT) as store:
        people(store)
    assert main(["handbook", str(folder), "--year", "2026", "--to", str(path), "--json"], clock_at(AT)) == DONE
    found = json.loads(capsys.readouterr().out)
    assert {key: found[key] for key in ("file", "year", "substituted")} == {
        "file": str(path),
        "year": 2026,
        "substituted": [],
    }
    assert path.read_bytes().startswith(b"%PDF")
    assert main(["handbook", str(folder), "--minutes", "all", "--to", str(path)], clock_at(AT)) == DONE
    assert f"已写出{3}页：{path}" in capsys.readouterr().out

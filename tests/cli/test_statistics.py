"""`statistics`: the figures of all branches as one object, with the yearly statistics of a whole year."""

import json
from pathlib import Path

import pytest

from desktop.cli.main import DONE, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.stores import StoreKind
from tests.stores import PASSWORD, clock_at
from tests.ui.full import AT, CODE, full_store


def test_all_branches_as_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    full_store(tmp_path / "hq", StoreKind.HEADQUARTERS).close()

    assert main(["statistics", str(tmp_path / "hq"), "--year", "2026", "--json"], clock_at(AT)) == DONE
    found = json.loads(capsys.readouterr().out)
    figures = {each["id"]: each for each in found["figures"]}
    (branch,) = found["branches"]
    assert (branch["branch"], found["period"], found["not_reported"]) == (CODE, "2026", [])
    assert figures["members"]["value"] == len(branch["figures"]["members"]["lines"]) > 0
    counts = {each["label"]: each for each in found["yearly"]["figures"] if each["group"] == "数量变化"}
    assert counts["实有数"]["branches"][CODE] == counts["实有数"]["count"]

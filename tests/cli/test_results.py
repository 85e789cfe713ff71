"""`results`: the list of results as one object, as a workbook or as a paper by the ending of the file."""

import json
from pathlib import Path

import pytest

from desktop.cli.main import DONE, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.race.inputs import InputService
from desktop.services.race.service import RaceService
from tests.services.race.typed import admit, figures, ids
from tests.stores import PASSWORD, clock_at, new_store


def test_the_list_goes_out_as_an_object_a_workbook_and_a_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    folder = tmp_path / "总部"
    with new_store(folder, StoreKind.HEADQUARTERS, "2026-10-12 09:00") as store:
        admit(store)
        race = RaceService(store)
        InputService(store).set_inputs("2026Q3", figures(ids(race)["XC"], "0.9"))
        race.score("2026Q3")
        race.publish("2026Q3")
    told = ["results", str(folder), "--period", "2026Q3"]
    out = ""
    for name in ("名单.xlsx", "名单.pdf"):
        assert main([*told, "--to", str(tmp_path / name), "--json"], clock_at("2026-10-12 10:00")) == DONE
        out = capsys.readouterr().out
        assert (tmp_path / name).stat().st_size > 1000
    found = json.loads(out)
    assert (found["period"], found["state"], found["final"]) == ("2026Q3", "published", False)
    assert {branch["code"] for branch in found["branches"]} == {"XC", "SQ", "LY"}
    assert all(branch["grounds"] for branch in found["branches"])

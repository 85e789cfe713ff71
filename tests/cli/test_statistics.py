"""`statistics`: the figures of all branches as one object, with the yearly statistics of a whole year."""

import json
from pathlib import Path

import pytest

from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.statistics import TableRows
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.statistics.own_tables import OwnTable, OwnTableService
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
    assert found["not_asked"] == []
    assert figures["members"]["value"] == len(branch["figures"]["members"]["lines"]) > 0
    counts = {each["label"]: each for each in found["yearly"]["figures"] if each["group"] == "数量变化"}
    assert counts["实有数"]["branches"][CODE] == counts["实有数"]["count"]

    assert main(["statistics", str(tmp_path / "hq"), "--year", "2026"], clock_at(AT)) == DONE
    words = capsys.readouterr().out
    none = [each["name"] for each in found["figures"] if each["value"] is None]
    assert none
    (line,) = [each for each in words.splitlines() if "没有数据：" in each]
    assert all(name in line for name in none)


def test_a_table_of_ones_own_as_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        OwnTableService(store).save(OwnTable("出勤和人数", TableRows.BRANCHES, ("members", "attendance")))
    line = ["statistics", str(tmp_path / "hq"), "--year", "2026", "--quarter", "3", "--json", "--table"]

    assert main([*line, "出勤和人数"], clock_at(AT)) == DONE
    found = json.loads(capsys.readouterr().out)
    (branch,) = found["lines"]
    assert (found["period"], found["county"], branch["branch"]) == ("2026Q3", None, CODE)
    assert [each["id"] for each in branch["figures"]] == ["members", "attendance"]
    assert branch["figures"][0]["value"] > 0

    for wrong in (["没有这张"], ["出勤和人数", "--county", "没有的党总支"]):
        assert main([*line, *wrong], clock_at(AT)) == REFUSED
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "E-NOT-FOUND"


@pytest.mark.parametrize(("day", "year"), [("2027-01-12", "2026"), ("2027-04-01", "2027")])
def test_the_year_that_nobody_names_is_the_one_the_window_opens_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, day: str, year: str
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    full_store(tmp_path / "hq", StoreKind.HEADQUARTERS).close()
    for words in (["statistics"], ["list", "overview"]):
        verb, *kind = words
        assert main([verb, str(tmp_path / "hq"), *kind, "--json"], clock_at(f"{day} 09:00")) == DONE
        found = json.loads(capsys.readouterr().out)
        assert {str(row["year"]) for row in found["rows"]} == {year} if kind else found["period"] == year

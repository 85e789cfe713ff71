"""`appraisal`: the round of a year as one object, with sums only."""

import json
from datetime import date
from pathlib import Path

import pytest

from desktop.cli.main import DONE, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.services.appraisal.service import AppraisalService
from desktop.services.opening import open_store
from tests.services.appraisal.rounds import FRESH, YEAR, branch, graded
from tests.stores import PASSWORD, clock_at

AT = "2027-01-20 09:00"


def test_the_round_as_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    folder = tmp_path / "支部"
    branch(folder).close()

    def told(*more: str) -> str:
        assert main(["appraisal", str(folder), *more], clock_at(AT)) == DONE
        return capsys.readouterr().out

    before = json.loads(told("--json"))
    assert (before["year"], before["begun"], before["closes"]) == (YEAR, False, "2027-03-31")
    with open_store(folder, PASSWORD, clock=clock_at(AT)) as store:
        graded(store, 4)
    found = json.loads(told("--year", "2026", "--json"))
    assert found["quota"] == {
        "base": "all_members", "people": 10, "most": 3, "excellent": 4,
        "words": "党员总数10人的三分之一：3×3=9 ≤ 10，4×3=12 > 10",
    }  # fmt: skip
    assert [step["state"] for step in found["steps"]] == ["done"] * 4 + ["here"] + ["ahead"] * 2
    first = found["members"][0]
    assert (first["votes"], first["grade"], first["difference"]) == ([8, 1, 0, 0], "excellent", 0)
    fresh = next(member for member in found["members"] if member["name"] == FRESH)
    assert (fresh["full"], fresh["takes_part"], fresh["grade"]) == (False, True, None)
    with open_store(folder, PASSWORD, clock=clock_at(AT)) as store:
        AppraisalService(store).grade(YEAR, first["id"], None)
    words = told("--year", "2026")
    assert "还缺待定1名" in words
    assert date(2027, 1, 20).isoformat() not in words

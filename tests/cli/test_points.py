"""`points`: the points of a year as one object."""

import json
from datetime import date
from pathlib import Path

import pytest

from desktop.cli.main import DONE, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from tests.services.points.conftest import AT, Points
from tests.stores import PASSWORD, clock_at, new_store


def test_the_points_of_a_quarter_as_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    folder = tmp_path / "支部"
    with new_store(folder, at=AT) as store:
        points = Points(store)
        meeting = points.committee()
        claim = points.approved(meeting)
        points.approved(meeting, title="抗旱", event_on=date(2026, 10, 20))
        points.post(meeting)
        points.claims.verify([points.claim("赵一")])
    assert main(["points", str(folder), "--year", "2026", "--quarter", "3", "--json"], clock_at(AT)) == DONE
    found = json.loads(capsys.readouterr().out)
    assert (found["on"], found["median"]) == ("2026-09-30", 0.0)
    assert found["published"] == [
        {
            "quarter": 3,
            "posted_on": "2026-11-26",
            "ends_on": "2026-12-02",
            "members": 6,
            "median": 0.0,
            "outdated": False,
        }
    ]
    member = next(each for each in found["members"] if each["name"] == "周五")
    assert (member["contribution"], member["total"], member["level"], member["exempt"]) == (2.0, 2.0, "warn", None)
    assert [(entry["rule"], entry["points"], entry["on"], entry["record"]) for entry in member["entries"]] == [
        ("C4-01", 2.0, "2026-09-08", claim)
    ]
    assert [(each["member"], each["state"], each["waits_above"]) for each in found["claims"]] == [
        ("赵一", "verified", True)
    ]
    assert [(each["claim"], each["verdict"], each["by"], each["taken_back_on"]) for each in found["checks"]] == [
        (claim, "true", "李四", None)
    ]
    assert {entry["decided"] for entry in member["entries"]} == {None}
    assert main(["points", str(folder), "--year", "2026"], clock_at(AT)) == DONE
    assert "周五 4.0 警示" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (["--year", "2027"], "“年度”到2026-11-26还没有开始，没有积分"),
        (["--year", "2027", "--quarter", "1"], "“年度”到2026-11-26还没有开始，没有积分"),
    ],
)
def test_points_of_a_year_that_has_not_begun_are_refused_instead_of_all_reading_as_none(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    asked: list[str],
    reason: str,
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    folder = tmp_path / "支部"
    with new_store(folder, at=AT) as store:
        Points(store)
    assert main(["points", str(folder), *asked, "--json"], clock_at(AT)) != DONE
    assert reason in json.loads(capsys.readouterr().out)["error"]["message"]


def test_a_quarter_that_has_not_begun_is_refused_and_the_one_that_runs_is_reckoned_up_to_today(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    folder = tmp_path / "支部"
    september = "2026-09-30 09:00"
    with new_store(folder, at=september) as store:
        Points(store)
    words = ["points", str(folder), "--year", "2026", "--json", "--quarter"]
    assert main([*words, "4"], clock_at(september)) != DONE
    assert "“季度”到2026-09-30还没有开始，没有积分" in json.loads(capsys.readouterr().out)["error"]["message"]
    assert main([*words, "3"], clock_at(september)) == DONE
    assert json.loads(capsys.readouterr().out)["on"] == "2026-09-30"

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

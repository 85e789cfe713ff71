"""`member`: the year of one member as one object."""

import json
from datetime import date
from pathlib import Path

import pytest

from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.meetings import MeetingDraft, MeetingService
from tests.services.meetings.people import people
from tests.stores import PASSWORD, clock_at, new_store

AT = "2026-11-26 09:00"


def test_the_year_of_a_member_as_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    folder = tmp_path / "支部"
    with new_store(folder, at=AT) as store:
        ids = people(store)
        MeetingService(store).record(
            MeetingDraft(kind=MeetingKind.PARTY_LECTURE, held_on=date(2026, 3, 5), topic="学习")
        )

    def member(name: str, *more: str) -> dict[str, object]:
        assert main(["member", str(folder), name, "--year", "2026", "--json", *more], clock_at(AT)) == DONE
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    year = member("李四")
    assert year == member(ids["李四"])
    assert (year["name"], year["year"], year["on"], year["left"]) == ("李四", 2026, "2026-11-26", None)
    attendance = year["attendance"]
    assert isinstance(attendance, dict)
    assert (attendance["came"], attendance["expected"]) == (1, 1)
    lecture = next(kind for kind in attendance["kinds"] if kind["kind"] == "party_lecture")
    assert lecture["months"][1:3] == ["none", "present"]
    training = year["training"]
    assert isinstance(training, dict)
    assert (training["meetings"], training["on_committee"], training["reached"]) == (1.0, False, False)
    assert year["dues"] is None
    points = year["points"]
    assert isinstance(points, dict)
    assert points["total"] == sum(each["points"] or 0 for each in points["categories"])
    assert points["categories"][1] == {"id": "B2", "name": "组织生活会", "points": None, "max": 8.0, "ahead": True}
    assert year["lacking"] == [{"what": f"学时差 {training['target'] - 1}", "verb": "登记学时"}]
    main(["member", str(folder), "李四", "--year", "2026"], clock_at(AT))
    assert "李四 2026年（截至2026-11-26）：今年还差 1 件" in capsys.readouterr().out
    assert main(["member", str(folder), "无此人", "--json"], clock_at(AT)) == REFUSED

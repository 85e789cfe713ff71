"""`plan`: what a year asks for, as one object."""

import json
from datetime import date
from pathlib import Path

import pytest

from desktop.cli.main import DONE, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.meetings import MeetingDraft, MeetingService
from tests.services.meetings.people import people
from tests.stores import PASSWORD, clock_at, new_store

AT = "2026-11-26 09:00"


def test_the_duties_of_a_year_as_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    folder = tmp_path / "支部"
    with new_store(folder, at=AT) as store:
        people(store)
        MeetingService(store).record(
            MeetingDraft(kind=MeetingKind.PARTY_LECTURE, held_on=date(2026, 3, 5), topic="学习")
        )
        MeetingService(store).plan(MeetingDraft(kind=MeetingKind.PARTY_LECTURE, held_on=date(2026, 12, 4)))
    assert main(["plan", str(folder), "--year", "2026", "--json"], clock_at(AT)) == DONE
    found = json.loads(capsys.readouterr().out)
    lectures = [duty for duty in found["duties"] if duty["what"] == "党课"]
    assert [set(duty) for duty in lectures] == [{"what", "from", "to", "planned", "held", "state"}] * 4
    assert [duty["state"] for duty in lectures] == ["held", "missing", "missing", "planned"]
    assert lectures[0] == {
        "what": "党课",
        "from": "2026-01-01",
        "to": "2026-03-31",
        "planned": None,
        "held": "2026-03-05",
        "state": "held",
    }
    assert lectures[3]["planned"] == "2026-12-04"
    assert main(["plan", str(folder)], clock_at(AT)) == DONE
    assert "已安排 第四季度党课（2026-10-01至2026-12-31，排在2026-12-04）" in capsys.readouterr().out

"""The years that can be chosen are those with records, of meetings and of registers."""

from datetime import date
from pathlib import Path

import pytest

from desktop.models.appraisal import AppraisalResult
from desktop.models.meetings import Meeting
from desktop.models.vocabulary.meetings import AppraisalGrade, MeetingKind
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.members import MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from desktop.services.years import year_of_work, years_on_record
from tests.stores import new_store


def keep_meeting(store: Store, held_on: date, for_year: int | None = None, *, deleted: bool = False) -> None:
    meeting = Meeting(
        branch_id=store.org,
        kind=MeetingKind.PARTY_LECTURE,
        held_on=held_on,
        for_year=held_on.year if for_year is None else for_year,
        deleted_at_utc="2026-01-01T00:00:00Z" if deleted else None,
    )
    with store.unit_of_work("旧记录") as session:
        session.add(meeting)


@pytest.mark.parametrize("kind", list(StoreKind), ids=lambda kind: kind.value)
def test_a_store_without_records_has_no_years(tmp_path: Path, kind: StoreKind) -> None:
    with new_store(tmp_path / "store", kind) as store:
        assert years_on_record(store) == []


def test_every_year_of_a_meeting_is_there_newest_first(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        for year in (2017, 2026, 2018):
            keep_meeting(store, date(year, 3, 1))
        keep_meeting(store, date(2021, 1, 20), for_year=2020)
        keep_meeting(store, date(2012, 3, 1), deleted=True)
        assert years_on_record(store) == [2026, 2021, 2020, 2018, 2017]


def test_a_row_of_a_register_counts_by_its_day(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        RegisterService(store).save("volunteer_activity", {"event_on": date(2015, 5, 4), "title": "义务植树"})
        assert years_on_record(store) == [2015]


def test_a_record_that_only_says_its_year_counts_too(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        values = {"title": "书记责任清单", "year": 2019, "level": "branch", "post": "secretary"}
        RegisterService(store).save("duty_list", values)
        member_id = MemberService(store).register({"name": "钱二", "admitted_on": "2010-07-01"})
        with store.unit_of_work("旧评议") as session:
            graded = AppraisalResult(
                branch_id=store.branch_id, for_year=2016, member_id=member_id, grade=AppraisalGrade.QUALIFIED
            )
            session.add(graded)
        assert years_on_record(store) == [2019, 2016]


def test_a_year_ahead_cannot_be_chosen(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        keep_meeting(store, date(2026, 12, 30), for_year=2027)
        assert years_on_record(store) == [2026]


@pytest.mark.parametrize(("on", "at_headquarters"), [("2027-01-12", 2026), ("2027-03-31", 2026), ("2027-04-01", 2027)])
def test_headquarters_works_on_the_year_of_the_quarter_that_ended_last(
    tmp_path: Path, on: str, at_headquarters: int
) -> None:
    for kind, year in ((StoreKind.HEADQUARTERS, at_headquarters), (StoreKind.BRANCH, 2027)):
        with new_store(tmp_path / kind.value, kind, f"{on} 09:00") as store:
            assert year_of_work(store) == year

"""Lists of meetings are counted by the database: as many questions for a year as for a day, no record loaded twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from desktop.models.base import new_id
from desktop.models.meetings import Attendance, Meeting
from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind, MeetingState
from desktop.services.meetings import MeetingService
from desktop.services.store import Store
from tests.services.meetings.people import people
from tests.stores import new_store

FIRST = date(2025, 1, 1)
MANY = 250
STATES = (AttendanceState.LEAVE, AttendanceState.ABSENT, AttendanceState.PRESENT)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        members = [record_id for name, record_id in people(opened).items() if "小组" not in name]
        with opened.unit_of_work("登记") as session:
            for number in range(MANY):
                meeting = Meeting(
                    id=new_id(),
                    branch_id=opened.branch_id,
                    kind=MeetingKind.THEME_DAY,
                    held_on=FIRST + timedelta(days=number),
                    for_year=2025,
                    topic="学习",
                    state=MeetingState.MINUTED,
                )
                session.add(meeting)
                session.flush()
                for place, member_id in enumerate(members):
                    session.add(
                        Attendance(
                            branch_id=opened.branch_id,
                            meeting_id=meeting.id,
                            member_id=member_id,
                            state=(AttendanceState.LEAVE, AttendanceState.ABSENT, AttendanceState.PRESENT)[
                                min(place, 2)
                            ],
                            has_vote=True,
                        )
                    )
        yield opened


@contextmanager
def asked(store: Store) -> Iterator[list[str]]:
    """Yield the statements the store is asked meanwhile."""
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = store.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def loaded(model: type) -> Iterator[list[object]]:
    """Yield the records of `model` that are loaded meanwhile."""
    records: list[object] = []

    def note(record: object, _context: object) -> None:
        records.append(record)

    event.listen(model, "load", note)
    try:
        yield records
    finally:
        event.remove(model, "load", note)


def test_a_long_list_asks_no_more_than_a_short_one_and_loads_no_attendance(store: Store) -> None:
    meetings = MeetingService(store)

    def statements(read: Callable[[], object]) -> int:
        with asked(store) as asked_for:
            read()
        return len(asked_for)

    with loaded(Attendance) as attendance:
        one_day = statements(lambda: meetings.meetings(since=FIRST, until=FIRST))
        assert statements(lambda: meetings.meetings(2025)) == one_day
        assert attendance == []
    rows = meetings.meetings(2025)
    assert len(rows) == MANY
    assert {(row.due, row.present, row.leave, row.absent) for row in rows} == {(6, 4, 1, 1)}


def test_one_meeting_loads_its_own_attendance_by_its_index(store: Store) -> None:
    meetings = MeetingService(store)
    row = meetings.meetings(since=FIRST, until=FIRST)[0]
    with loaded(Attendance) as attendance, asked(store) as statements:
        meetings.detail(row.id)
    assert len(attendance) == row.due
    query = next(sql for sql in statements if "FROM attendances" in sql and "count(" not in sql)
    with store.reading() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (row.id,)).all()
    assert any("meeting_id=?" in str(step) for step in plan)

"""What the statements of a year read: the rows of that year, found by an index and not by looking through all years."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, Executable, event

from desktop.models.meetings import ActionItem, Meeting
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.services.standards import queries
from desktop.services.store import Store
from tests.stores import new_store

BY_YEAR = (queries.MEETINGS, queries.TASKS, queries.ATTENDANCE, queries.VOTES)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "branch") as opened:
        yield opened


def given(store: Store) -> dict[str, object]:
    return {
        "branch": store.branch_id,
        "year": 2026,
        "first": date(2026, 1, 1),
        "last": date(2026, 12, 31),
    }


def plan(connection: Connection, statement: Executable, values: dict[str, object]) -> list[str]:
    """Return how SQLite looks up the rows of a statement, table by table."""
    sent: list[tuple[str, tuple[object, ...]]] = []

    def note(_connection: object, _cursor: object, text: str, parameters: tuple[object, ...], *_: object) -> None:
        sent.append((text, parameters))

    event.listen(connection.engine, "before_cursor_execute", note)
    connection.execute(statement, values)
    event.remove(connection.engine, "before_cursor_execute", note)
    text, parameters = sent[0]
    return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)]


@pytest.mark.parametrize("statement", BY_YEAR, ids=("meetings", "tasks", "attendance", "votes"))
def test_only_the_year_is_looked_at(store: Store, statement: Executable) -> None:
    with store.reading() as session:
        steps = plan(session.connection(), statement, given(store))
    for step in steps:
        assert not step.startswith("SCAN"), steps
        assert not step.endswith("(branch_id=?)"), steps


def test_a_meeting_is_of_the_year_by_its_day_the_year_it_counts_for_or_a_task_due(store: Store) -> None:
    with store.unit_of_work("会议") as session:

        def meeting(on: date, for_year: int, due: date | None = None, counts: bool = True) -> str:
            state = MeetingState.MINUTED if counts else MeetingState.CANCELLED
            kind = MeetingKind.THEME_DAY
            row = Meeting(branch_id=store.branch_id, kind=kind, held_on=on, for_year=for_year, state=state)
            session.add(row)
            session.flush()
            session.add(ActionItem(branch_id=store.branch_id, meeting_id=row.id, position=0, what="走访", due_on=due))
            session.flush()
            return row.id

        held = meeting(date(2026, 3, 1), 2026)
        counted = meeting(date(2027, 1, 8), 2026)
        due = meeting(date(2025, 12, 20), 2025, date(2026, 1, 31))
        meeting(date(2025, 12, 20), 2025, date(2025, 12, 31))
        meeting(date(2026, 3, 2), 2026, counts=False)
    with store.reading() as session:
        connection = session.connection()
        meetings = [row.id for row in connection.execute(queries.MEETINGS, given(store))]
        tasks = [row.meeting_id for row in connection.execute(queries.TASKS, given(store))]
    assert meetings == [due, held, counted]
    assert sorted(tasks) == sorted([due, held])

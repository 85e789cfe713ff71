"""Open problems stay to do on the first page until they are taken off the list, once each, whatever their source."""

from collections import Counter
from pathlib import Path

import pytest

from desktop.models.vocabulary.race import IssueSource
from desktop.services.home import read_home
from desktop.services.improvement.todo import issue_works
from desktop.services.opening import open_store
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from desktop.services.year_turn.service import YearTurnService
from tests.services.meetings.people import people
from tests.stores import LOGIN, PASSWORD, clock_at, new_store

DAYS = ("2026-11-10", "2026-12-05", "2026-12-30", "2027-01-20")


def told(store: Store) -> Counter[str]:
    works = read_home(store, store.today.year, store.today).works
    return Counter(day for work in works for day in DAYS if f"期限{day}" in work.what)


@pytest.mark.parametrize("source", IssueSource)
def test_a_problem_is_asked_for_once_from_a_month_before_its_day_until_it_is_closed(
    tmp_path: Path, source: IssueSource
) -> None:
    folder = tmp_path / "store"
    with new_store(folder, at="2026-11-22 09:00") as store:
        people(store)
        registers = RegisterService(store)
        first, *_rest = [
            registers.save(
                "issue",
                {"event_on": "2026-10-08", "title": f"期限{day}", "source": source, "due_on": day, "state": "open"},
            )
            for day in DAYS
        ]
        assert told(store) == Counter(DAYS[:2])
    with open_store(folder, PASSWORD, LOGIN, clock=clock_at("2027-03-12 09:00")) as store:
        assert told(store) == Counter(DAYS), "nor does a new year let any fall silent"
        assert "没有销号的问题 4 件" in YearTurnService(store).steps(2027)[0].rows
        RegisterService(store).save("issue", {"closed_on": "2027-03-10", "state": "closed"}, first)
        assert told(store) == Counter(DAYS[1:])
        assert [work.title for work in issue_works(store)] == [f"期限{day}" for day in DAYS[1:]]

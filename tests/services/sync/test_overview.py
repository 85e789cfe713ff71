"""Where a branch stands with its reports."""

from datetime import date
from pathlib import Path

import pytest

from desktop.models.race import RaceResult
from desktop.models.vocabulary.race import RaceClass
from desktop.services.home import read_home
from desktop.services.opening import open_store
from desktop.services.standards.ratings import RatingService
from desktop.services.store import Store
from desktop.services.sync.overview import hand_in, period_due
from desktop.services.sync.sending import Sender
from tests.services.sync.pairs import Pair
from tests.stores import LOGIN, PASSWORD, clock_at, new_store
from tests.ui.full import PERIOD, full_store


@pytest.mark.parametrize(
    ("today", "period"),
    [
        (date(2026, 1, 10), "2025Q4"),
        (date(2026, 1, 11), "2026Q1"),
        (date(2026, 4, 10), "2026Q1"),
        (date(2026, 4, 11), "2026Q2"),
        (date(2026, 12, 31), "2026Q4"),
    ],
)
def test_a_quarter_is_due_until_its_books_are_closed(today: date, period: str) -> None:
    assert period_due(today, close_days=10) == period


def test_the_steps_go_from_nothing_to_the_receipt(pair: Pair) -> None:
    assert (hand_in(pair.branch).step, hand_in(pair.branch).current) == (0, None)
    period = hand_in(pair.branch).period
    packed = Sender(pair.branch).pack(None, period)
    assert hand_in(pair.branch).step == 1
    copied = Sender(pair.branch).copy(packed.package_hash, pair.stick)
    assert hand_in(pair.branch).step == 2
    assert pair.take(copied) == ["OK"]
    assert pair.hear(pair.answer()) == ["OK"]
    view = hand_in(pair.branch)
    assert (view.step, view.forks, view.stale, view.unanswered) == (3, (), None, None)
    assert view.headquarters is not None


def test_what_went_up_in_the_middle_of_a_quarter_is_no_report_of_it_and_once_it_is_over_it_is_asked_for(
    pair: Pair,
) -> None:
    pair.branch.clock = clock_at("2026-05-20 09:00")
    packed = Sender(pair.branch).pack(pair.stick, "2026Q2")
    assert pair.take(packed.file) == ["OK"]
    assert pair.hear(pair.answer()) == ["OK"]
    view = hand_in(pair.branch)
    assert (view.period, view.step, view.complete) == ("2026Q2", 3, False)
    pair.branch.clock = clock_at("2026-07-02 09:00")
    view = hand_in(pair.branch)
    assert (view.period, view.step, view.current) == ("2026Q2", 0, None)
    Sender(pair.branch).pack(pair.stick, "2026Q2")
    view = hand_in(pair.branch)
    assert (view.step, view.complete) == (2, True)


def asked_to_report(store: Store) -> list[tuple[str, str, date | None]]:
    works = read_home(store, store.today.year, store.today).works
    asked = [work for work in works if work.where and work.where.page == "hand_in"]
    return [(work.what, work.due(store.today), work.by) for work in asked]


def test_the_first_page_asks_for_the_quarter_that_is_over_until_a_package_of_it_was_handed_over(pair: Pair) -> None:
    asked = [("报送2026年一季度", "还有 6 天", date(2026, 4, 10))]
    assert asked_to_report(pair.branch) == []  # the quarter still runs
    pair.report("2026Q1")  # in the middle of it
    pair.branch.clock = clock_at("2026-04-04 09:00")
    assert asked_to_report(pair.branch) == asked
    pair.report()  # of no quarter
    assert asked_to_report(pair.branch) == asked
    packed = Sender(pair.branch).pack(None, "2026Q1")  # still in this PC
    assert asked_to_report(pair.branch) == asked
    Sender(pair.branch).copy(packed.package_hash, pair.stick)
    assert asked_to_report(pair.branch) == []


def test_every_quarter_of_the_year_that_was_not_reported_is_asked_for_in_one_line_and_can_still_be(pair: Pair) -> None:
    pair.branch.clock = clock_at("2026-10-05 09:00")
    first = date(2026, 4, 10)
    late = f"逾期 {(pair.branch.today - first).days} 天"
    assert asked_to_report(pair.branch) == [("报送2026年一季度、二季度、三季度", late, first)]
    assert (hand_in(pair.branch).period, hand_in(pair.branch).earlier) == ("2026Q3", ("2026Q1", "2026Q2"))
    packed = Sender(pair.branch).pack(None, "2026Q1")
    assert (hand_in(pair.branch).period, hand_in(pair.branch).step) == ("2026Q1", 1), "until it is handed over"
    Sender(pair.branch).copy(packed.package_hash, pair.stick)
    assert (hand_in(pair.branch).period, hand_in(pair.branch).earlier) == ("2026Q3", ("2026Q2",))
    assert [what for what, _due, _by in asked_to_report(pair.branch)] == ["报送2026年二季度、三季度"]
    pair.branch.clock = clock_at("2027-01-05 09:00")
    assert [what for what, _due, _by in asked_to_report(pair.branch)] == ["报送2026年二季度、三季度、四季度"]
    pair.branch.clock = clock_at("2027-04-05 09:00")
    assert [what for what, _due, _by in asked_to_report(pair.branch)] == ["报送2027年一季度"], "the year is another"


def test_a_quarter_not_reported_by_its_day_stands_late_on_the_first_page_and_one_not_owed_never(pair: Pair) -> None:
    pair.branch.clock = clock_at("2026-04-12 09:00")
    assert asked_to_report(pair.branch) == [("报送2026年一季度", "逾期 2 天", date(2026, 4, 10))]
    pair.branch.clock = clock_at("2026-03-02 09:00")  # it was enrolled after the last quarter of 2025
    assert asked_to_report(pair.branch) == []


def test_a_branch_without_headquarters_is_asked_for_no_report(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        store.clock = clock_at("2027-01-04 09:00")
        assert asked_to_report(store) == []


def test_traces_alone_are_no_rate_of_its_own(pair: Pair) -> None:
    assert hand_in(pair.branch).own is None
    RatingService(pair.branch).rate("D4-10", 0, level="3", ground="自查")
    assert hand_in(pair.branch).own is not None


def test_traces_alone_are_no_verified_rate_either(pair: Pair) -> None:
    assert pair.take(pair.report()) == ["OK"]
    assert pair.hear(pair.answer()) == ["OK"]
    assert hand_in(pair.branch).verified is None


def test_beside_a_result_of_last_year_stand_the_rates_of_that_year(pair: Pair) -> None:
    assert hand_in(pair.branch).scored_on == pair.branch.today
    assert pair.take(pair.report()) == ["OK"]
    last = pair.branch.today.year - 1
    org = pair.branch.branch_id
    RatingService(pair.headquarters).rate("D4-10", 0, level="3", ground="抽查", branch_id=org, year=last)
    with pair.headquarters.unit_of_work("公布") as session:
        session.add(
            RaceResult(
                branch_id=org, period=f"{last}Q4", scheme_version="2026.1", group="mixed", group_size=3, rank=1,
                race_class=RaceClass.MIDDLE, published_on=pair.headquarters.today, detail={},
            )
        )  # fmt: skip
    assert pair.hear(pair.answer()) == ["OK"]
    view = hand_in(pair.branch)
    assert view.scored_on == date(last, 12, 31)
    assert view.verified is not None


def test_a_quarter_whose_result_is_published_is_asked_for_no_more_even_before_its_day(tmp_path: Path) -> None:
    full_store(tmp_path / "branch").close()
    with open_store(tmp_path / "branch", PASSWORD, LOGIN, clock=clock_at("2026-10-05 09:00")) as store:
        view = hand_in(store)
        assert (PERIOD, view.period, view.closes_on) == ("2026Q3", "2026Q4", date(2027, 1, 10))

"""The plans of all branches at headquarters: what is late first, what is owed by name, what moved by the race."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from desktop.models.following import Attending
from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.following import Counted
from desktop.models.vocabulary.race import PdcaStage
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.improvement.headquarters import AllPlans, BranchPlan
from desktop.services.race.automatic import IMPROVED, automatic_figures
from desktop.services.race.editions import race_span, scheme_in_force
from desktop.services.race.inputs import InputService
from desktop.services.race.scheme import default_scheme
from desktop.services.race.service import RaceService
from desktop.services.standards.metrics import METRICS
from desktop.services.standards.periods import Span
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.resting import Stamps
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.improvement.plans import arrange
from tests.services.race.typed import admit, figures, ids, plan
from tests.stores import clock_at, new_store

TEMPLATE = default_scheme().template("middle")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Headquarters on 12 October 2026 with a published quarter; two branches handed in plans."""
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, "2026-10-12 09:00") as store:
        admit(store)
        race = RaceService(store)
        for code, share in (("XC", "0.9"), ("SQ", "0.8"), ("LY", "0.5")):
            branch = ids(race)[code]
            InputService(store).set_inputs("2026Q3", figures(branch, share))
            RatingService(store).rate("D4-10", 0, level="3", ground="抽查", branch_id=branch, year=2026)
        race.score("2026Q3")
        race.publish("2026Q3")
        branches = ids(race)
        plan(store, branches["XC"], date(2026, 10, 1), (date(2026, 12, 1), 10, 5))
        plan(store, branches["SQ"], date(2026, 9, 1), (date(2026, 10, 2), 10, 5), (date(2026, 10, 3), 4, 4))
        with store.unit_of_work("立项时得分", Act.EXCHANGE) as session:
            for row in session.query(PdcaPlan):
                row.before = {"race_total": 60.0}
        yield store


def board(store: Store) -> dict[str, BranchPlan]:
    return {row.code: row for row in AllPlans(store).board()}


def test_a_plan_behind_its_stage_is_late_by_the_days_of_its_template(store: Store) -> None:
    found = board(store)
    late = found["SQ"]
    days = (store.today - date(2026, 9, 1)).days - TEMPLATE.step("P").within_days
    assert (late.late_days, late.late_measures, late.reached, late.ratio) == (days, 1, 1, 0.75)
    assert (found["XC"].late, found["XC"].stage, found["XC"].stage_name) == (
        False, PdcaStage.PLANNING, TEMPLATE.step("P").name,
    )  # fmt: skip
    assert next(iter(found)) == "SQ", "what is late comes first"


def test_a_branch_that_owes_a_plan_is_named_and_late_once_planning_should_have_come(store: Store) -> None:
    owed = board(store)["LY"]
    assert owed.result is not None
    within = default_scheme().template(owed.result.class_id).step("P").within_days
    assert (owed.owed, owed.late, owed.plan_id) == (True, False, "")
    assert owed.due_on is not None
    assert (owed.due_on - date(2026, 10, 12)).days == within
    store.clock = clock_at("2026-12-31 09:00")
    assert board(store)["LY"].late_days == (date(2026, 12, 31) - owed.due_on).days


def test_a_quarter_without_a_class_ends_no_duty_of_the_class_before(store: Store) -> None:
    before = board(store)["LY"]
    assert (before.owed, before.unattended) == (True, True)
    store.clock = clock_at("2027-01-12 09:00")
    race = RaceService(store)
    race.score("2026Q4")
    race.publish("2026Q4")
    after = board(store)["LY"]
    assert after.result is not None
    assert after.result.class_name == "暂不定类", "nobody reported anything"
    assert (after.owed, after.unattended, after.due_on) == (True, True, before.due_on)
    assert after.branch_id in AllPlans(store).unattended()


def test_what_a_plan_moved_is_measured_by_the_race(store: Store) -> None:
    row = board(store)["XC"]
    assert row.now is not None
    assert (row.before, row.change) == (60.0, round(row.now - 60, 2))


def test_the_period_a_plan_came_from_moves_nothing_however_it_is_corrected(store: Store) -> None:
    with store.unit_of_work("立项依据", Act.EXCHANGE) as session:
        for row in session.query(PdcaPlan):
            row.source_period = "2026Q3"
    found = board(store)["XC"]
    assert (found.before, found.now, found.change) == (60.0, None, None)


def test_an_ended_plan_is_counted_and_stands_for_no_running_one(store: Store) -> None:
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        for row in session.query(PdcaPlan):
            row.stage = PdcaStage.CLOSED
    found = board(store)
    assert (found["SQ"].ended, found["SQ"].plan_id, found["SQ"].owed) == (1, "", True)


def counting(store: Store, code: str) -> str:
    """Let a branch hand in a plan of 1 July whose one measure, due in September, is to attend twice; return its id."""
    branch = ids(RaceService(store))[code]
    plan(store, branch, date(2026, 7, 1), (date(2026, 9, 1), 2, None))
    with store.unit_of_work("按记录计数", Act.EXCHANGE) as session:
        (measure,) = session.query(PdcaAction).filter_by(branch_id=branch)
        measure.counts, measure.unit = Counted.DEMONSTRATION_ATTENDED, "次"
    return branch


def improvement(store: Store, branch: str, period: str = "2026Q3") -> Decimal | None:
    with store.reading() as session:
        scheme = scheme_in_force(session, store.today)
    found = automatic_figures(store, [branch], race_span(period), scheme)[branch].readings
    indicator = next(each.id for each in scheme.indicators if each.formula == IMPROVED)
    return found[indicator].value if indicator in found else None


def test_a_counted_measure_without_a_goal_says_what_it_has_none_of(store: Store) -> None:
    branch = counting(store, "LY")
    with store.unit_of_work("没有目标", Act.EXCHANGE) as session:
        session.query(PdcaAction).filter_by(branch_id=branch).one().goal = None
    arrange(store, Counted.DEMONSTRATION_ATTENDED, date(2026, 8, 1), branch=branch)
    (measure,) = board(store)["LY"].measures
    assert (measure.progress, measure.lacking) == (None, "没有目标值")
    assert measure.counted == "按参加现场观摩的记录 1 次"


def test_the_board_and_the_race_count_the_same_records(store: Store) -> None:
    branch = counting(store, "LY")
    assert improvement(store, branch) == 0
    for on in (date(2026, 6, 30), date(2026, 8, 1), date(2026, 10, 5), date(2026, 10, 13)):
        arrange(store, Counted.DEMONSTRATION_ATTENDED, on, branch=branch)
    (measure,) = board(store)["LY"].measures
    assert (measure.progress, measure.counted) == (1.0, "按参加现场观摩的记录 2 次"), "before and ahead count not"
    assert improvement(store, branch) == Decimal("0.5"), "the quarter ended before the second"
    store.clock = clock_at("2026-10-13 09:00")
    assert board(store)["LY"].measures[0].counted == "按参加现场观摩的记录 3 次"
    with store.unit_of_work("收包", Act.EXCHANGE) as session:  # the branch closed it, and wrote down what it counted
        session.query(PdcaPlan).filter_by(branch_id=branch).one().stage = PdcaStage.CLOSED
        (row,) = session.query(PdcaAction).filter_by(branch_id=branch)
        row.actual, row.actual_on = 3.0, store.today
    assert improvement(store, branch) == Decimal("0.5"), "of a quarter before that the records tell"


def test_a_kept_figure_is_reckoned_anew_where_a_record_counts_for_it(store: Store) -> None:
    branch = counting(store, "LY")
    other, ratio = ids(RaceService(store))["XC"], METRICS["pdca_target_ratio"]
    figures = [ratio(StandardService(store).facts(2026, branch), Span(2026, store.today)).ratio]

    def stamps() -> tuple[str, str]:
        with store.reading() as session:
            found = Stamps(session, 2026)
            return found.of(branch), found.of(other)

    seen = [stamps()]
    for on in (date(2026, 8, 1), date(2026, 9, 1)):
        arrange(store, Counted.DEMONSTRATION_ATTENDED, on, branch=branch, attending=(Attending(branch),))
        figures.append(ratio(StandardService(store).facts(2026, branch), Span(2026, store.today)).ratio)
        seen.append(stamps())
    assert figures == [0, Fraction(1, 2), 1]
    assert len({of_branch for of_branch, _ in seen}) == len(seen)
    assert len({of_other for _, of_other in seen}) == 1, "whom it does not concern keeps its figures"

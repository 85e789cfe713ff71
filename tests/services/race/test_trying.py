"""A correction is tried out before it is decided, and decided together with the figures it puts right."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from desktop.models.race import RaceInput
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.services.errors import InvalidInput
from desktop.services.race.appeals import AppealService, NewAppeal, figure_input
from desktop.services.race.inputs import VALUE, InputService
from desktop.services.race.period_steps import At, period_steps
from desktop.services.race.rows import TypedFigure
from desktop.services.race.service import RaceService
from desktop.services.race.trying import TrialService
from desktop.services.race.versions import VersionService
from desktop.services.standards.ratings import RatingService
from desktop.services.store import Store
from tests.services.race.typed import figures, ids
from tests.stores import clock_at

PERIOD = "2026Q3"


@pytest.fixture
def case(store: Store, race: RaceService) -> str:
    """An appeal of a branch against H2 of a published quarter, which waits."""
    for code, share in (("XC", "0.9"), ("SQ", "0.8"), ("LY", "0.7")):
        branch = ids(race)[code]
        InputService(store).set_inputs(PERIOD, figures(branch, share))
        RatingService(store).rate("D4-10", 0, level="3", ground="抽查", branch_id=branch, year=2026)
    race.score(PERIOD)
    race.publish(PERIOD)
    store.clock = clock_at("2026-10-14 09:00")
    appeal = NewAppeal(
        branch_id=ids(race)["LY"], raised_by="书记 李某", received_on=date(2026, 10, 14), ground="中位数取错了",
        indicator="H2",
    )  # fmt: skip
    return AppealService(store).take_up(PERIOD, appeal)


def right(race: RaceService, value: str) -> TypedFigure:
    return TypedFigure(ids(race)["LY"], "H2", Decimal(value), 30)


def test_what_a_correction_would_change_is_told_and_nothing_of_it_is_kept(
    store: Store, race: RaceService, case: str
) -> None:
    service = TrialService(store)
    assert [(part.part, part.value_text) for part in service.correctable(case, PERIOD)] == [("H2", "84.5")]
    before = service.tried(case, PERIOD)
    assert before.own == (), "the data say what was published"
    found = service.tried(case, PERIOD, [right(race, "95")])
    assert (found.own[0].before, found.own[0].after) == ("84.5", "95")
    assert {"总分"} <= {line.name for line in found.own}
    assert not found.published
    assert service.tried(case, PERIOD) == before
    with store.reading() as session:
        kept = session.scalars(select(RaceInput.value_millionths).where(RaceInput.indicator == "H2")).all()
    assert 95_000_000 not in kept


def test_a_decision_puts_the_figures_right_in_the_same_action(store: Store, race: RaceService, case: str) -> None:
    tried = TrialService(store).tried(case, PERIOD, [right(race, "95")])
    state = AppealService(store).decide(
        case, AppealState.UPHELD, decided_by="党建科会议", decision="与公示原件一致", figures=[right(race, "95")]
    )
    assert state is RacePeriodState.APPEALED
    cell = next(each for each in InputService(store).inputs(PERIOD) if (each.code, each.part) == ("LY", "H2"))
    assert (cell.value_text, cell.ground, bool(cell.corrected)) == ("95", "与公示原件一致", True)
    race.score(PERIOD)
    scored = VersionService(store).of_appeal(case, PERIOD)
    assert scored is not None
    assert scored.own == tried.own, "what was shown before the decision is what comes of it"


def test_a_figure_out_of_range_is_refused_at_its_own_field_and_nothing_is_decided(
    store: Store, race: RaceService, case: str
) -> None:
    for call in (
        lambda: TrialService(store).tried(case, PERIOD, [right(race, "-1")]),
        lambda: AppealService(store).decide(
            case, AppealState.UPHELD, decided_by="会议", decision="核过", figures=[right(race, "-1")]
        ),
    ):
        with pytest.raises(InvalidInput) as refused:
            call()
        assert refused.value.name == figure_input(VALUE, "H2").name
    (row,) = AppealService(store).appeals(PERIOD)
    assert row.state is AppealState.PENDING


def test_a_decision_puts_no_figure_of_another_branch_right(store: Store, race: RaceService, case: str) -> None:
    other = TypedFigure(ids(race)["XC"], "H2", Decimal("10"), 30)
    with pytest.raises(InvalidInput):
        AppealService(store).decide(case, AppealState.UPHELD, decided_by="会议", decision="核过", figures=[other])
    (row,) = AppealService(store).appeals(PERIOD)
    assert row.state is AppealState.PENDING


def test_the_steps_of_a_period_follow_what_happens_to_it(store: Store, race: RaceService, case: str) -> None:
    def now() -> list[tuple[str, At, str]]:
        return [(step.name, step.at, step.words) for step in period_steps(race.race(PERIOD), store.today)]

    assert now() == [
        ("封账", At.DONE, "10-12"),
        ("计分、公布", At.DONE, "10-12"),
        ("申诉", At.HERE, "1 件没定"),
        ("重新计分、再公布", At.AHEAD, "没有更正"),
        ("定案", At.AHEAD, "申诉都定后"),
    ]
    AppealService(store).decide(
        case, AppealState.UPHELD, decided_by="党建科会议", decision="核过", figures=[right(race, "95")]
    )
    assert now()[3:] == [("重新计分、再公布", At.HERE, "待重新计分"), ("定案", At.AHEAD, "申诉都定后")]
    race.score(PERIOD)
    assert now()[3] == ("重新计分、再公布", At.HERE, "待公布")
    race.publish(PERIOD)
    assert now()[1:4] == [
        ("计分、公布", At.DONE, "10-12"),
        ("申诉", At.HERE, "到 10-21"),
        ("重新计分、再公布", At.DONE, "10-14"),
    ]
    assert period_steps(race.race("2026Q4"), store.today)[0].at is At.AHEAD

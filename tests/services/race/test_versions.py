"""Every published result is kept, and what publishing anew changed is told figure by figure."""

from datetime import date

import pytest

from desktop.models.vocabulary.race import AppealState
from desktop.services.race.appeals import AppealService, NewAppeal
from desktop.services.race.inputs import InputService
from desktop.services.race.service import RaceService
from desktop.services.race.versions import FigureChange, VersionService
from desktop.services.standards.ratings import RatingService
from desktop.services.store import Store
from tests.services.race.typed import figures, ids, refused
from tests.stores import clock_at

PERIOD = "2026Q3"


@pytest.fixture
def published(store: Store, race: RaceService) -> RaceService:
    """The race of a quarter, published on 12 October 2026."""
    for code, share in (("XC", "0.9"), ("SQ", "0.8"), ("LY", "0.7")):
        branch = ids(race)[code]
        InputService(store).set_inputs(PERIOD, figures(branch, share))
        RatingService(store).rate("D4-10", 0, level="3", ground="抽查", branch_id=branch, year=2026)
    race.score(PERIOD)
    race.publish(PERIOD)
    store.clock = clock_at("2026-10-14 09:00")
    return race


def upheld(store: Store, race: RaceService, state: AppealState = AppealState.UPHELD) -> str:
    """Take up an appeal of the second branch against H2 and decide it."""
    service = AppealService(store)
    appeal = NewAppeal(
        branch_id=ids(race)["SQ"], raised_by="书记 李某", received_on=date(2026, 10, 14), ground="中位数取错了",
        indicator="H2",
    )  # fmt: skip
    case = service.take_up(PERIOD, appeal)
    service.decide(case, state, decided_by="党建科会议", decision="与公示原件一致")
    return case


def test_both_versions_are_kept_and_compared(store: Store, published: RaceService) -> None:
    service, branch = VersionService(store), ids(published)["SQ"]
    assert [(v.number, v.published_on, v.replaced_on, v.changed) for v in service.versions(PERIOD)] == [
        (1, date(2026, 10, 12), None, ())
    ]
    assert service.versions("2026Q2") == []
    case = upheld(store, published)
    assert service.of_appeal(case, PERIOD) is None, "nothing was scored anew yet"
    InputService(store).set_inputs(PERIOD, figures(branch, "1", ["H2"]))
    published.score(PERIOD)
    trial = service.of_appeal(case, PERIOD)
    assert trial is not None
    assert not trial.published
    published.publish(PERIOD)
    first, second = service.versions(PERIOD)
    assert (first.replaced_on, second.published_on, second.replaced_on) == (
        date(2026, 10, 14),
        date(2026, 10, 14),
        None,
    )
    found = service.of_appeal(case, PERIOD)
    assert found is not None
    assert found.published
    assert found.own == trial.own
    assert found.own[:2] == (
        FigureChange("党员积分水平", "88", "95"),
        FigureChange("党员积分水平得分", "8.00", "10.00", "+2.00"),
    )
    assert "总分" in [line.name for line in found.own]
    old = next(row for row in first.rows if row.branch_id == branch)
    new = next(row for row in second.rows if row.branch_id == branch)
    assert old.total != new.total
    assert new.corrected.startswith(f"总分 {old.total} → {new.total}")
    assert [row.outcome for row in new.appeals] == [new.corrected]


def test_a_second_correction_keeps_three_versions(store: Store, published: RaceService) -> None:
    for share in ("0.9", "1"):
        upheld(store, published)
        InputService(store).set_inputs(PERIOD, figures(ids(published)["SQ"], share, ["H2"]))
        published.score(PERIOD)
        published.publish(PERIOD)
    versions = VersionService(store).versions(PERIOD)
    assert [version.number for version in versions] == [1, 2, 3]
    assert [bool(version.changed) for version in versions] == [False, True, True]


def test_an_appeal_upheld_in_part_opens_the_figures_and_says_what_it_is_about(
    store: Store, published: RaceService
) -> None:
    upheld(store, published, AppealState.PARTLY)
    (row,) = AppealService(store).appeals(PERIOD)
    assert (row.indicator_name, row.state.label, row.awaits_correction) == ("党员积分水平", "部分成立", True)
    InputService(store).set_inputs(PERIOD, figures(row.branch_id, "1", ["H2"]))
    wrong = NewAppeal(
        branch_id=row.branch_id, raised_by="李某", received_on=date(2026, 10, 14), ground="x", indicator="H99"
    )
    assert refused(AppealService(store).take_up, PERIOD, wrong) == ("对哪一项", "方案里没有这个指标")

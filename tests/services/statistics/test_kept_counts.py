"""The counts of branches at headquarters are kept when a package came in, hold as long as nothing changed, and list."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desktop.models.members import Member
from desktop.models.points import PointsDecision
from desktop.models.standards import GateFinding
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.headquarters import HeadquartersService
from desktop.services.race.editions import race_span
from desktop.services.statistics import kept_counts
from desktop.services.statistics.across import BranchesStatistics
from desktop.services.statistics.branch_figures import branch_figures
from desktop.services.statistics.kept_counts import COUNTS, Counts, KeptCounts, forget
from desktop.services.statistics.measures import MEMBERS
from desktop.services.store import Store
from desktop.services.sync.branch_store import branch_store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.sync.pairs import add_member
from tests.services.sync.parties import reopened
from tests.ui.full import CODE, PERIOD, full_store

SPAN = race_span(PERIOD)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """A headquarters and the branch that reported to it."""
    with (
        full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as headquarters,
        full_store(tmp_path / "branch", StoreKind.BRANCH) as branch,
    ):
        yield headquarters, branch


def told(counts: Counts) -> dict[str, tuple[object, ...]]:
    return {measure.id: (measure, count.top, count.base, tuple(count.lines)) for measure, count in counts.items()}


def counted(store: Store, branch: Store) -> bool:
    """Count a branch, and tell whether it was counted anew."""
    counts = KeptCounts(store, SPAN, [branch.org])
    counts.counts(branch.org)
    new = bool(counts._new)
    counts.keep()
    return new


def rows(store: Store) -> int:
    with store.reading() as session:
        return session.execute(select(func.count()).select_from(COUNTS)).scalar_one()


def test_a_branch_is_counted_when_its_package_comes_in(stores: tuple[Store, Store], tmp_path: Path) -> None:
    headquarters, branch = stores
    add_member(branch, "张新来")
    Receiver(headquarters).receive([Sender(branch).pack(tmp_path, PERIOD).file])
    kept = KeptCounts(headquarters, SPAN, [branch.org])
    found = told(kept.counts(branch.org))
    assert not kept._new
    with branch_store(headquarters, CODE) as store:
        assert found == told(branch_figures(store, SPAN, kept.day(branch.org)))
    _, _, _, lines = found["members"]
    assert "张新来" in str(lines)


def test_what_the_statistics_are_opened_with_is_counted_beside_the_scores_of_the_overview(
    stores: tuple[Store, Store],
) -> None:
    headquarters, branch = stores
    later = reopened(headquarters, "2026-11-20 09:00")
    forget(later)  # as where another edition of the standard makes all void
    HeadquartersService(later).reckon([branch.org], later.today.year)
    assert not counted(later, branch)
    later.close()


def test_what_is_kept_tells_the_same_on_a_later_day(stores: tuple[Store, Store]) -> None:
    headquarters, branch = stores
    counted(headquarters, branch)
    later = reopened(headquarters, "2026-11-20 09:00")
    kept = KeptCounts(later, SPAN, [branch.org])
    found = told(kept.counts(branch.org))
    assert not kept._new
    with branch_store(later, CODE) as store:
        assert found == told(branch_figures(store, SPAN, kept.day(branch.org)))
    later.close()


def test_findings_and_decisions_of_headquarters_make_it_new(stores: tuple[Store, Store]) -> None:
    headquarters, branch = stores
    counted(headquarters, branch)
    assert not counted(headquarters, branch)
    today = headquarters.today
    for row in (
        GateFinding(branch_id=branch.org, year=2026, gate_id="fabrication", ground="抽查", found_on=today),
        PointsDecision(
            branch_id=branch.org, claim_id="c", granted=True, org="党委", decided_by="会", decided_on=today, ground="有"
        ),
    ):
        with headquarters.unit_of_work("认定", Act.EXCHANGE) as session:
            session.add(row)
        assert counted(headquarters, branch)
        assert not counted(headquarters, branch)


def test_a_list_is_as_long_as_it_says_before_and_after_it_is_read(stores: tuple[Store, Store]) -> None:
    headquarters, branch = stores
    counted(headquarters, branch)
    for count in KeptCounts(headquarters, SPAN, [branch.org]).counts(branch.org).values():
        assert len(count.lines) == len(list(count.lines)) == len(count.lines[:])
    with pytest.raises(IndexError):
        KeptCounts(headquarters, SPAN, [branch.org]).counts(branch.org)[MEMBERS].lines[10**6]


def test_names_do_not_stay_in_what_is_kept(stores: tuple[Store, Store], tmp_path: Path) -> None:
    headquarters, branch = stores
    for period in ("2026Q2", PERIOD, "2026"):
        BranchesStatistics(headquarters).period(period)
    assert rows(headquarters) == 3
    with branch.unit_of_work("改名", Act.EXCHANGE) as session:
        session.scalars(select(Member)).all()[0].name = "郑改名"
    Receiver(headquarters).receive([Sender(branch).pack(tmp_path, PERIOD).file])
    assert rows(headquarters) == 1
    kept_counts.forget(headquarters)
    assert rows(headquarters) == 0


def test_periods_nobody_looked_at_for_long_go(stores: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch) -> None:
    headquarters, _branch = stores
    monkeypatch.setattr(kept_counts, "PERIODS", 2)
    for period in ("2026Q1", "2026Q2", "2026Q3"):
        BranchesStatistics(headquarters).period(period)
    with headquarters.reading() as session:
        assert set(session.scalars(select(COUNTS.c.period))) == {"2026Q2", "2026Q3"}


def test_a_count_that_is_stopped_keeps_what_it_counted(stores: tuple[Store, Store]) -> None:
    headquarters, _branch = stores

    def stop(_done: int, _total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        BranchesStatistics(headquarters).period(PERIOD, stop)
    assert rows(headquarters) == 1

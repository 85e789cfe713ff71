"""Statistics at headquarters: each branch's own figures, its group, all; who did not report is named, never 0."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from desktop.models.sync import ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.dues.ledger import LedgerService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.meetings.service import MeetingService
from desktop.services.points.ledger import PointsService
from desktop.services.standards.service import StandardService
from desktop.services.statistics.across import NOT_YET, NOTHING, BranchesStatistics, Statistics
from desktop.services.statistics.learning import hours_list
from desktop.services.statistics.measures import HELD
from desktop.services.statistics.yearly import YearlyService
from desktop.services.store import Store
from desktop.services.sync.branch_store import branch_store
from tests.stores import copied
from tests.ui.full import CODE, PERIOD, enrol, full_store, make, template

LAST = date(2026, 9, 30)


@pytest.fixture(scope="module")
def headquarters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A headquarters with a branch that reported, and another that never did."""
    folder = tmp_path_factory.mktemp("across")
    with (
        full_store(folder / "hq", StoreKind.HEADQUARTERS) as store,
        make(folder / "silent", StoreKind.BRANCH) as silent,
    ):
        enrol(store, silent, folder / "files", "ZK05")
        yield store


@pytest.fixture(scope="module")
def found(headquarters: Store) -> Statistics:
    return BranchesStatistics(headquarters).period(PERIOD)


def test_the_figures_of_a_branch_are_those_of_its_own_services(headquarters: Store, found: Statistics) -> None:
    (branch,) = found.branches
    assert (branch.code, branch.on) == (CODE, LAST)
    with branch_store(headquarters, CODE) as store:
        rows = [row for row in MeetingService(store).meetings(since=date(2026, 7, 1), until=LAST) if row.state.counts]
        months = LedgerService(store).ledger(2026, LAST).months[6:9]
        rates = [StandardService(store).score(LAST, verified=verified).rate for verified in (False, True)]
    counts = branch.counts
    assert counts["meetings"].top == len(rows) == len(counts["meetings"].lines)
    assert counts["attendance"].top == sum(row.present for row in rows)
    assert counts["attendance"].base == sum(row.due for row in rows)
    assert counts["dues_due"].top == Fraction(sum(month.due_fen for month in months), 100)
    assert [counts[name].top for name in ("own_rate", "verified_rate")] == [Fraction(rate or 0, 100) for rate in rates]


def test_meetings_are_held_against_the_periods_the_standard_asks_for(found: Statistics) -> None:
    held = found.branches[0].counts[HELD[MeetingKind.COMMITTEE_MEETING].id]
    assert held.base == 3
    assert len(held.lines) == held.base - held.top
    assert all(line.item for line in held.lines)
    assert HELD[MeetingKind.ORG_LIFE_MEETING].id not in found.branches[0].counts  # asked of the year, no quarter


def test_who_did_not_report_is_named_and_adds_nothing(headquarters: Store, found: Statistics) -> None:
    assert [(each.code, each.why) for each in found.left_out] == [("ZK05", NOTHING)]
    assert "（还没报送过）" in found.left_out_words
    assert [(group.id, group.branches) for group in found.groups] == [("mixed", 1)]
    assert found.groups[0].totals == found.totals == found.of("mixed")[1]
    running = BranchesStatistics(headquarters).period("2026Q4")
    assert [(each.code, each.why) for each in running.left_out] == [(CODE, NOT_YET), ("ZK05", NOTHING)]
    assert {total.value for total in running.totals} == {None}
    with pytest.raises(InvalidInput, match="还没有开始"):
        BranchesStatistics(headquarters).period("2027Q1")


def test_who_is_counted_up_to_an_earlier_package_is_named_once_the_year_is_over(
    found: Statistics, tmp_path: Path
) -> None:
    assert found.earlier_words == ""
    with copied(template(StoreKind.HEADQUARTERS), tmp_path / "hq", "2027-01-20 09:00") as later:
        year = BranchesStatistics(later).period("2026")
        (branch,) = year.branches
        assert year.coverage == (f"1 个只统计到最后一包来的那天：{branch.name}（{branch.on.isoformat()}）",)
        assert BranchesStatistics(later).period(PERIOD).coverage == ()


def test_what_came_in_the_middle_of_a_quarter_does_not_tell_of_it(headquarters: Store) -> None:
    with headquarters.reading() as session:
        sender = session.scalars(select(ReceivedPackage.sender).where(ReceivedPackage.period == PERIOD)).first()
    with headquarters.unit_of_work("收包", Act.EXCHANGE) as session:
        row = ReceivedPackage(
            sender=sender, seq=99, package_hash="9" * 64, kind="report", period="2026Q4", header={},
            accepted=True, code="OK", received_at_utc="2026-10-12T01:00:00Z", file_name="上报.dzp",
        )  # fmt: skip
        session.add(row)
    try:
        running = BranchesStatistics(headquarters).period("2026Q4")
        assert (CODE, NOT_YET) in [(each.code, each.why) for each in running.left_out]
    finally:
        with headquarters.unit_of_work("收包", Act.EXCHANGE) as session:
            session.execute(delete(ReceivedPackage).where(ReceivedPackage.seq == 99))


def test_the_yearly_statistics_are_the_sum_of_the_branches(headquarters: Store) -> None:
    summed = BranchesStatistics(headquarters).yearly(2026)
    with branch_store(headquarters, CODE) as store:
        own = YearlyService(store).year(2026)
    assert [(each.group, each.label, each.count) for each in summed.figures] == [
        (each.group, each.label, each.count) for each in own.figures
    ]
    assert [each.code for each in summed.left_out] == ["ZK05"]


def test_a_long_count_can_be_stopped(headquarters: Store) -> None:
    def stop(_done: int, _total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        BranchesStatistics(headquarters).period(PERIOD, stop)


def test_a_county_is_counted_of_its_own_branches_alone(found: Statistics) -> None:
    (branch,) = found.branches
    ours = replace(branch, county="沈丘县局党总支")
    other = replace(branch, branch_id="other", code="ZK09", county="项城市局党总支")
    both = replace(found, branches=(ours, other))
    assert both.counties == ("沈丘县局党总支", "项城市局党总支")
    assert both.within("") is both
    county = both.within("沈丘县局党总支")
    assert [each.code for each in county.branches] == [CODE]
    assert county.left_out == (), "who is of no county is not named there"
    assert county.totals == found.totals
    assert [(group.id, group.branches) for group in county.groups] == [("mixed", 1)]
    with pytest.raises(NotFound):
        both.within("没有的")


def test_hours_and_points_are_counted_by_the_facts_that_the_score_has_read(headquarters: Store) -> None:
    with branch_store(headquarters, CODE) as store:
        facts = StandardService(store).judged(LAST, LAST.year).facts
        assert hours_list(store, LAST.year, LAST, facts) == hours_list(store, LAST.year, LAST)
        assert PointsService(store).year(LAST.year, LAST, facts=facts) == PointsService(store).year(LAST.year, LAST)


def test_the_quarters_until_a_period_are_those_somebody_reported(headquarters: Store) -> None:
    service = BranchesStatistics(headquarters)
    assert [each.period for each in service.until(PERIOD, 2)] == ["2026Q2", PERIOD]
    (last,) = service.until(PERIOD, 1)
    assert [each.value for each in last.totals] == [each.value for each in service.period(PERIOD).totals]
    assert [each.period for each in service.until("2026", 2)] == [PERIOD]

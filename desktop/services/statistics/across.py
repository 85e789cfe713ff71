"""The statistics of headquarters: branches that reported, their groups, all together; who did not is named, never 0."""

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.sync import ReceivedPackage
from desktop.services.errors import NotFound, Unreckonable
from desktop.services.owing import Owing, told_together
from desktop.services.progress import Progress, silent
from desktop.services.race.editions import (
    RaceSpan,
    begun_span,
    ended_last,
    period_order,
    quarter_of,
    race_span,
    scheme_in_force,
)
from desktop.services.race.records import racers
from desktop.services.race.rows import Racer
from desktop.services.standards.asked import headquarters_only
from desktop.services.standards.kept_figures import reckoning
from desktop.services.statistics.counts import Person
from desktop.services.statistics.kept_counts import KeptCounts
from desktop.services.statistics.measures import FIXED, Count, Measure, Total, totals
from desktop.services.statistics.yearly import YearlyService
from desktop.services.sync.branch_store import branch_store
from desktop.services.sync.package_format import Kind

if TYPE_CHECKING:
    from desktop.services.store import Store

WHAT = "统计"
NOTHING, NOT_YET, BROKEN = "还没报送过", "没报这一期", "报来的数据算不出来，请支部核对后重新报送"


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchStatistics:
    """The counts of one branch by the id of the measure, from its package `seq`, as of a day."""

    branch_id: str
    code: str
    name: str
    group: str
    county: str
    seq: int
    on: date
    counts: Mapping[str, Count]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A branch that is not counted, and why."""

    branch_id: str
    code: str
    name: str
    group: str
    county: str
    why: str
    asked: bool = True
    """Whether it owes the period; one that does not has no figures either, and `why` says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStatistics:
    """The figures of the branches of one group that reported."""

    id: str
    name: str
    branches: int
    totals: tuple[Total, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """All figures of a period: of every branch that reported, by group, and together."""

    period: str
    name: str
    until: date | None
    """The last day of the period once it is over."""
    measures: tuple[Measure, ...]
    branches: tuple[BranchStatistics, ...]
    left_out: tuple[LeftOut, ...]
    groups: tuple[GroupStatistics, ...]
    totals: tuple[Total, ...]

    @property
    def left_out_words(self) -> str:
        """Who is not counted, by name and why: 2 个没有计入：太康专卖（没报这一期）."""
        if not self.left_out:
            return ""
        named = "、".join(told_together((each.name, each.why) for each in self.left_out))
        return f"{len(self.left_out)} 个没有计入：{named}"

    @property
    def earlier_words(self) -> str:
        """Who is counted up to its last package only, which came before the period was over: the race and the overview
        judge those as of its end, so their figures differ: 1 个只统计到最后一包来的那天：太康专卖（2026-12-09）.
        """
        early = [each for each in self.branches if self.until is not None and each.on < self.until]
        named = "、".join(f"{each.name}（{each.on.isoformat()}）" for each in early)
        return f"{len(early)} 个只统计到最后一包来的那天：{named}" if early else ""

    @property
    def coverage(self) -> tuple[str, ...]:
        """Who is not counted, and who not to the end of the period; nothing where all are."""
        return tuple(filter(None, (self.left_out_words, self.earlier_words)))

    @property
    def counties(self) -> tuple[str, ...]:
        """The counties (党总支) that are noted of its branches, by name."""
        named = {branch.county for branch in self.branches} | {each.county for each in self.left_out}
        return tuple(sorted(named - {""}))

    def within(self, county: str) -> "Statistics":
        """Return the same figures of the branches of one county, of all for "".

        Raises:
            NotFound: no branch is noted of that county.
        """
        if not county:
            return self
        if county not in self.counties:
            raise NotFound(what="党总支", name=county)
        branches = [branch for branch in self.branches if branch.county == county]
        return replace(
            self,
            branches=tuple(branches),
            left_out=tuple(each for each in self.left_out if each.county == county),
            groups=_groups(self.measures, branches, {group.id: group.name for group in self.groups}),
            totals=totals(self.measures, [branch.counts for branch in branches]),
        )

    def of(self, group: str) -> tuple[tuple[BranchStatistics, ...], tuple[Total, ...]]:
        """Return branches and figures of one group, of all for ""."""
        if not group:
            return self.branches, self.totals
        branches = tuple(branch for branch in self.branches if branch.group == group)
        return branches, totals(self.measures, [branch.counts for branch in branches])


@dataclass(frozen=True, slots=True)
class SummedFigure:
    """A figure of the yearly party statistics over all branches: how many, and who by branch."""

    group: str
    label: str
    branches: tuple[tuple[str, tuple[Person, ...]], ...]

    @property
    def count(self) -> int:
        """How many."""
        return sum(len(people) for _, people in self.branches)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlySum:
    """The yearly statistics of all branches that reported; `wrong`: checks that do not hold, with their branch."""

    year: int
    figures: tuple[SummedFigure, ...]
    wrong: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    left_out: tuple[LeftOut, ...]


class BranchesStatistics:
    """Counts over all branches of this headquarters: each branch is counted once for each of its packages."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def period(self, period: str, progress: Progress = silent) -> Statistics:
        """Return the figures of a quarter (2026Q3) or of a year (2026), by what the branches reported.

        A branch is counted as of the end of the period or the day its package came in, whichever is earlier.

        Raises:
            InvalidInput: this is no headquarters, `period` is none, or it has not begun.
            Cancelled: `progress` asked to stop.
        """
        span, reported, left_out, names = self._reported(period)
        measures: dict[str, Measure] = {measure.id: measure for measure in FIXED}
        branches = []
        kept = KeptCounts(self._store, span, [racer.branch_id for racer in reported])
        try:
            for done, racer in enumerate(reported, start=1):
                try:
                    counts = kept.counts(racer.branch_id)
                except Unreckonable:
                    left_out.append(_left_out(racer, BROKEN))
                else:
                    measures |= {measure.id: measure for measure in counts}
                    branches.append(
                        BranchStatistics(
                            branch_id=racer.branch_id,
                            code=racer.code,
                            name=racer.name,
                            group=racer.group,
                            county=racer.county,
                            seq=kept.seq(racer.branch_id),
                            on=kept.day(racer.branch_id),
                            counts={measure.id: count for measure, count in counts.items()},
                        )
                    )
                progress(done, len(reported))
        finally:
            kept.keep()
        ordered = tuple(measures.values())
        return Statistics(
            period=span.code,
            name=span.name,
            until=span.last if span.last < self._store.today else None,
            measures=ordered,
            branches=tuple(branches),
            left_out=tuple(left_out),
            groups=_groups(ordered, branches, names),
            totals=totals(ordered, [branch.counts for branch in branches]),
        )

    def keep(self, branch_ids: Collection[str]) -> None:
        """Count some branches for the quarter that ended last and keep it, where it is not kept: the statistics are
        opened with that one, and everything kept is void after another edition of the standard or of the program.
        """
        span, reported, _, _ = self._reported(ended_last(self._store.today))
        wanted = [racer.branch_id for racer in reported if racer.branch_id in branch_ids]
        kept = KeptCounts(self._store, span, wanted)
        for branch_id in wanted:
            with contextlib.suppress(Unreckonable):  # the statistics name it then
                kept.counts(branch_id)
        kept.keep()

    def quarters(self, year: int, progress: Progress = silent) -> tuple[Statistics, ...]:
        """Return the figures of every quarter of a year that is over or that somebody reported already."""
        today, found = self._store.today, []
        for span in (race_span(f"{year}Q{number}") for number in range(1, 5)):
            if span.first > today:
                break
            counted = self.period(span.code, progress)
            if counted.branches or span.last < today:
                found.append(counted)
        return tuple(found)

    def until(self, period: str, number: int, progress: Progress = silent) -> tuple[Statistics, ...]:
        """Return the figures of the last `number` quarters up to a period that somebody reported, the earliest first.

        Raises:
            InvalidInput: this is no headquarters, `period` is none, or it has not begun.
            Cancelled: `progress` asked to stop.
        """
        last = min(begun_span(period, self._store.today).last, self._store.today)
        code, found = quarter_of(last), list[Statistics]()
        for _ in range(number):
            found.insert(0, self.period(code, progress))
            code = race_span(code).before
        return tuple(each for each in found if each.branches)

    def yearly(self, year: int, progress: Progress = silent) -> YearlySum:
        """Return the yearly party statistics (年报底数) of all branches that reported in the year, summed.

        Raises:
            InvalidInput: this is no headquarters, or the year has not begun.
        """
        _, reported, left_out, _ = self._reported(str(year))
        figures: dict[tuple[str, str], list[tuple[str, tuple[Person, ...]]]] = {}
        wrong, notes = [], []
        for done, racer in enumerate(reported, start=1):
            try:
                with branch_store(self._store, racer.branch_id) as store, reckoning(racer.branch_id):
                    counts = YearlyService(store).year(year)
            except Unreckonable:
                left_out.append(_left_out(racer, BROKEN))
            else:
                for figure in counts.figures:
                    figures.setdefault((figure.group, figure.label), []).append((racer.code, figure.people))
                wrong += [(racer.code, f"{each.what}：{each.words}") for each in counts.checks if not each.holds]
                notes += [(racer.code, note) for note in counts.notes]
            progress(done, len(reported))
        groups = list(dict.fromkeys(group for group, _ in figures))
        ordered = sorted(figures.items(), key=lambda each: groups.index(each[0][0]))
        return YearlySum(
            year=year,
            figures=tuple(SummedFigure(group, label, tuple(parts)) for (group, label), parts in ordered),
            wrong=tuple(wrong),
            notes=tuple(notes),
            left_out=tuple(left_out),
        )

    def _reported(self, period: str) -> tuple[RaceSpan, list[Racer], list[LeftOut], Mapping[str, str]]:
        """Return the period, who reported it and who did not, and the names of the groups."""
        headquarters_only(self._store, WHAT)
        span = begun_span(period, self._store.today)
        with self._store.reading() as session:
            taking_part, owing = racers(session), Owing(session, self._store.clock)
            names = {group.id: group.name for group in scheme_in_force(session, self._store.today).groups}
            package = ReceivedPackage
            query = select(package.sender, package.period, package.received_at_utc).where(
                package.kind == Kind.REPORT.value, package.accepted
            )
            came: dict[str, set[str]] = {}
            for sender, code, at_utc in session.execute(query):
                told = code and (_whole(code, at_utc) if "Q" in span.code else code)
                came.setdefault(sender, set()).update({told} if told else ())
        reported, left_out = [], []
        for racer in taking_part:
            periods = came.get(racer.branch_id)
            if periods is not None and any(_tells_of(span, code) for code in periods):
                reported.append(racer)
            elif why := owing.of(racer.branch_id).why_not(span.code):
                left_out.append(_left_out(racer, why, asked=False))
            else:
                left_out.append(_left_out(racer, NOTHING if periods is None else NOT_YET))
        return span, reported, left_out, names


def _whole(period: str, at_utc: str) -> str:
    """Return up to which period a package of `period` holds all: one that came in the middle has a part of its own."""
    span = race_span(period)
    return period if at_utc >= span.last.isoformat() else span.before


def _tells_of(span: RaceSpan, period: str) -> bool:
    """Whether a package of `period` tells of `span`: a package holds all there is up to its own period."""
    last, _ = period_order(period)
    return last >= (span.last if "Q" in span.code else span.first)


def _left_out(racer: Racer, why: str, *, asked: bool = True) -> LeftOut:
    return LeftOut(
        branch_id=racer.branch_id,
        code=racer.code,
        name=racer.name,
        group=racer.group,
        county=racer.county,
        why=why,
        asked=asked,
    )


def _groups(
    measures: Sequence[Measure], branches: Sequence[BranchStatistics], names: Mapping[str, str]
) -> tuple[GroupStatistics, ...]:
    found = []
    for group in dict.fromkeys((*names, *(branch.group for branch in branches))):
        counted = [branch.counts for branch in branches if branch.group == group]
        if counted:
            found.append(
                GroupStatistics(
                    id=group,
                    name=names.get(group, group),
                    branches=len(counted),
                    totals=totals(measures, counted),
                )
            )
    return tuple(found)

"""The race at headquarters (赛马): what is typed, what is computed, and the states of a period."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.race import RaceInput, RaceMark, RacePeriod, RaceResult
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary import PartnerState, RaceClass, RacePeriodState
from desktop.services.clock import utc_text
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.progress import Progress, silent
from desktop.services.race.editions import RaceSpan, period_order, race_span, scheme_in_force, scheme_of_version
from desktop.services.race.figures import Automatic, automatic_figures
from desktop.services.race.scheme import Scheme, SubItem
from desktop.services.race.standings import UNCLASSED, Entry, Reading, Standing, standings, value_text
from desktop.services.race.view import RaceRow, detail_of, row_of
from desktop.services.store import Store

if TYPE_CHECKING:
    pass

_OPEN_TO_SCORES = (RacePeriodState.OPEN, RacePeriodState.CLOSED, RacePeriodState.SCORED)
"""While nothing is published a race may be scored again."""
_SETTLED = (RacePeriodState.SCORED, RacePeriodState.PUBLISHED, RacePeriodState.APPEALED, RacePeriodState.FINAL)
MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Racer:
    """A branch that takes part."""

    branch_id: str
    code: str
    name: str
    group: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group of the race and how many branches are in it."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class RaceTable:
    """The race of one period. `rows` by group in the scheme's order, then by rank.

    `state` is open, closed, scored, published, appealed or final; before it is scored the rows are a
    trial computation of this moment.
    """

    period: str
    period_name: str
    state: RacePeriodState
    scheme_id: str
    scheme_version: str
    scheme_title: str
    advanced_line: Decimal
    lagging_line: Decimal
    closes_on: date
    publish_by: date
    closed_on: date | None
    published_on: date | None
    groups: tuple[GroupView, ...]
    rows: tuple[RaceRow, ...]
    ended: bool
    """Whether the period's last day has passed: before, there is only a trial computation."""

    @property
    def handed_in(self) -> int:
        """How many branches have handed in this period."""
        return sum(row.handed_in for row in self.rows)

    def in_group(self, group: str) -> tuple[RaceRow, ...]:
        """Return the rows of one group."""
        return tuple(row for row in self.rows if row.group == group)


@dataclass(frozen=True, slots=True)
class InputCell:
    """One figure of one branch for the entry form. `automatic` ones are computed and only typed if that fails."""

    branch_id: str
    code: str
    name: str
    part: str
    part_name: str
    unit_hint: str
    automatic: bool
    value: Decimal | None
    value_text: str
    samples: int | None
    wants_samples: int
    ground: str
    note: str


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A penalty or veto typed for a branch."""

    id: str
    branch_id: str
    code: str
    name: str
    rule_id: str
    rule_name: str
    veto: bool
    count: int
    unit: str
    ground: str


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period that headquarters has worked on."""

    period: str
    period_name: str
    state: RacePeriodState
    scheme_version: str
    closed_on: date | None
    published_on: date | None
    branches: int


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """A figure as typed or imported; `part` is H2, H3-1 …"""

    branch_id: str
    part: str
    value: Decimal
    samples: int | None = None
    ground: str = ""


@dataclass(slots=True)
class _Gathered:
    racers: list[Racer]
    entries: list[Entry]
    handed_in: set[str]
    grounds: dict[str, dict[str, str]] = field(default_factory=dict)


class RaceService:
    """The race of all branches, at headquarters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # -- the race ----------------------------------------------------------------------------

    def race(self, period: str, progress: Progress = silent) -> RaceTable:
        """Return the race of `period`: the kept result once it is scored, else computed now and kept nowhere.

        Raises:
            InvalidInput: `period` is neither a quarter nor a year.
        """
        span = race_span(period)
        with self._store.reading() as session:
            row = _period(session, span.code)
            if row is not None and row.state in _SETTLED:
                return self._kept(session, span, row)
            scheme = scheme_in_force(session, span.last)
        gathered = self._gather(span, scheme, progress)
        with self._store.reading() as session:
            rows = [row_of(result) for result in self._results(session, span, scheme, gathered)]
            return self._table(span, scheme, rows, _period(session, span.code))

    def close(self, period: str) -> None:
        """Close a period (封账): what branches hand in later counts no more as in time.

        Raises:
            InvalidInput: the period still runs, or is closed already.
        """
        span = race_span(period)
        if self._store.today <= span.last:
            raise InvalidInput("评比周期", f"{span.name}还没有结束，不能封账")
        with self._store.unit_of_work(f"封账：{span.name}赛马") as session:
            row = self._period_row(session, span)
            if row.state is not RacePeriodState.OPEN:
                raise InvalidInput("评比周期", f"{span.name}{row.state.label}")
            row.state, row.closed_on = RacePeriodState.CLOSED, self._store.today

    def score(self, period: str, progress: Progress = silent) -> RaceTable:
        """Compute the race of a period that has ended and keep the result with the scheme's version.

        Closes the period if nobody did; may be repeated until the result is published, or when an appeal
        is dealt with.

        Raises:
            InvalidInput: the period still runs, or its result is published.
        """
        span = race_span(period)
        if self._store.today <= span.last:
            raise InvalidInput("评比周期", f"{span.name}还没有结束，只能试算")
        with self._store.reading() as session:
            row = _period(session, span.code)
            if row is not None and row.state in (RacePeriodState.PUBLISHED, RacePeriodState.FINAL):
                raise InvalidInput("评比周期", f"{span.name}结果{row.state.label}，有申诉时才能重新计分")
            scheme = scheme_in_force(session, span.last)
        gathered = self._gather(span, scheme, progress)
        if not gathered.racers:
            raise InvalidInput("支部", "还没有登记的支部，先发邀请并收登记文件")
        with self._store.unit_of_work(f"计分：{span.name}赛马") as session:
            row = self._period_row(session, span)
            if row.state is RacePeriodState.OPEN:
                row.closed_on = self._store.today
            if row.state is not RacePeriodState.APPEALED:
                row.state = RacePeriodState.SCORED
            row.scheme_version = scheme.version
            results = self._results(session, span, scheme, gathered)
            kept = {
                old.branch_id: old for old in session.scalars(select(RaceResult).where(RaceResult.period == span.code))
            }
            for result in results:
                old = kept.pop(result.branch_id, None)
                if old is None:
                    session.add(result)
                    continue
                for name in (
                    "scheme_version",
                    "group",
                    "group_size",
                    "total_hundredths",
                    "rank",
                    "race_class",
                    "detail",
                ):
                    setattr(old, name, getattr(result, name))
            for gone in kept.values():
                session.delete(gone)
            session.flush()
            return self._kept(session, span, row)

    def up_to_date(self, period: str, progress: Progress = silent) -> RaceTable:
        """Return the race of `period` by what is known today: scored anew while its result is not published.

        A period that still runs is only computed, and a published result stays as it was published.

        Raises:
            InvalidInput: `period` is neither a quarter nor a year, or no branch is known yet.
        """
        table = self.race(period)
        if table.ended and table.state in _OPEN_TO_SCORES:
            return self.score(period, progress)
        return table

    def publish(self, period: str) -> RaceTable:
        """Publish a scored result: from now on it goes to the branches with the next answer.

        Raises:
            InvalidInput: it is not scored yet, or published already.
        """
        return self._move(
            period,
            "公布",
            {RacePeriodState.SCORED: RacePeriodState.PUBLISHED, RacePeriodState.APPEALED: RacePeriodState.PUBLISHED},
            "还没有计分，先计分再公布",
        )

    def publish_scored(self) -> list[str]:
        """Publish every period that is scored and not yet public; return their codes."""
        with self._store.reading() as session:
            scored = session.scalars(
                select(RacePeriod.period).where(RacePeriod.state == RacePeriodState.SCORED).order_by(RacePeriod.period)
            ).all()
        for period in scored:
            self.publish(period)
        return list(scored)

    def appeal(self, period: str) -> RaceTable:
        """Note that a branch has appealed (申诉): the result may be scored and published again."""
        return self._move(
            period, "受理申诉", {RacePeriodState.PUBLISHED: RacePeriodState.APPEALED}, "结果公布后、定案前才能申诉"
        )

    def settle(self, period: str) -> RaceTable:
        """Make a published result final (定案)."""
        return self._move(
            period,
            "定案",
            {RacePeriodState.PUBLISHED: RacePeriodState.FINAL},
            "结果公布后才能定案，申诉中的先重新公布",
        )

    def periods(self) -> list[PeriodRow]:
        """Return every period headquarters has worked on, newest first."""
        with self._store.reading() as session:
            counts: dict[str, int] = defaultdict(int)
            for code in session.scalars(select(RaceResult.period)):
                counts[code] += 1
            rows = sorted(session.scalars(select(RacePeriod)), key=lambda row: period_order(row.period), reverse=True)
            return [
                PeriodRow(
                    row.period,
                    race_span(row.period).name,
                    row.state,
                    row.scheme_version,
                    row.closed_on,
                    row.published_on,
                    counts[row.period],
                )
                for row in rows
            ]

    def scheme(self, period: str) -> Scheme:
        """Return the scheme a period runs by."""
        span = race_span(period)
        with self._store.reading() as session:
            row = _period(session, span.code)
            if row is not None and row.state in _SETTLED:
                return scheme_of_version(session, row.scheme_version)
            return scheme_in_force(session, span.last)

    def racers(self) -> list[Racer]:
        """Return the branches that take part, by code."""
        with self._store.reading() as session:
            return racers(session)

    # -- what headquarters types --------------------------------------------------------------

    def inputs(self, period: str) -> list[InputCell]:
        """Return every figure of every branch for the entry form, by branch and in the scheme's order."""
        span = race_span(period)
        scheme = self.scheme(period)
        gathered = automatic_figures(self._store, [r.branch_id for r in self.racers()], span, scheme)
        with self._store.reading() as session:
            typed = {
                (row.branch_id, row.indicator): row
                for row in session.scalars(select(RaceInput).where(RaceInput.period == span.code))
                if row.deleted_at_utc is None
            }
            cells = []
            for racer in racers(session):
                figures = gathered.get(racer.branch_id, Automatic())
                for indicator in scheme.indicators:
                    for part in indicator.parts:
                        computed = figures.readings.get(part.id)
                        row = typed.get((racer.branch_id, part.id))
                        reading = computed or (_reading(row) if row is not None else None)
                        cells.append(
                            InputCell(
                                racer.branch_id,
                                racer.code,
                                racer.name,
                                part.id,
                                part.name,
                                unit_hint(part),
                                computed is not None,
                                reading.value if reading else None,
                                value_text(part, reading.value) if reading else "",
                                reading.samples if reading else None,
                                part.min_samples,
                                reading.ground if reading else "",
                                figures.notes.get(part.id, ""),
                            )
                        )
            return cells

    def set_inputs(self, period: str, figures: Sequence[TypedFigure]) -> tuple[int, int, int]:
        """Keep typed figures, all or none; return how many were new, changed and the same as before.

        Raises:
            InvalidInput: an unknown branch or indicator, a value out of range, no ground, or the result is published.
        """
        span, scheme = race_span(period), self.scheme(period)
        with self._store.unit_of_work(f"录入{span.name}赛马数据") as session:
            refuse_if_shown(session, span)
            known = {racer.branch_id for racer in racers(session)}
            counts = [0, 0, 0]
            for figure in figures:
                if figure.branch_id not in known:
                    raise InvalidInput("支部", "没有登记的支部", record=figure.branch_id)
                check_figure(scheme, figure)
                counts[put_input(session, span.code, figure)] += 1
        return counts[0], counts[1], counts[2]

    def clear_input(self, period: str, branch_id: str, part: str) -> None:
        """Take a typed figure away: the indicator counts as missing again."""
        span = race_span(period)
        with self._store.unit_of_work(f"删除{span.name}赛马数据") as session:
            refuse_if_shown(session, span)
            row = session.scalar(
                select(RaceInput).where(
                    RaceInput.period == span.code, RaceInput.branch_id == branch_id, RaceInput.indicator == part
                )
            )
            if row is not None and row.deleted_at_utc is None:
                row.deleted_at_utc = utc_text(self._store.clock())

    def marks(self, period: str) -> list[MarkRow]:
        """Return the penalties and vetoes typed for a period, by branch."""
        span, scheme = race_span(period), self.scheme(period)
        with self._store.reading() as session:
            names = {racer.branch_id: racer for racer in racers(session)}
            rules: dict[str, tuple[str, bool, str]] = {p.id: (p.name, False, p.unit) for p in scheme.penalties}
            rules |= {veto.id: (veto.name, True, "") for veto in scheme.vetoes}
            rows = []
            for mark in _marks(session, span.code):
                racer = names.get(mark.branch_id)
                name, veto, unit = rules.get(mark.rule_id, (mark.rule_id, False, ""))
                rows.append(
                    MarkRow(
                        mark.id,
                        mark.branch_id,
                        racer.code if racer else "",
                        racer.name if racer else "",
                        mark.rule_id,
                        name,
                        veto,
                        mark.count,
                        unit,
                        mark.ground,
                    )
                )
            return sorted(rows, key=lambda row: (row.code, row.rule_id, row.id))

    def add_mark(self, period: str, branch_id: str, rule_id: str, ground: str, count: int = 1) -> str:
        """Type a penalty (P-01 …) or veto (V-01 …) with its ground; return its id.

        Raises:
            InvalidInput: unknown branch or rule, no ground, or the result is published.
        """
        span, scheme = race_span(period), self.scheme(period)
        rules = {p.id: p.name for p in scheme.penalties} | {v.id: v.name for v in scheme.vetoes}
        if rule_id not in rules:
            raise InvalidInput("扣分或否决项", "方案里没有这一项", value=rule_id)
        if not ground.strip():
            raise InvalidInput("依据", "不能为空，写明文号或核查记录")
        if not 1 <= count <= 999:
            raise InvalidInput("数量", "应为1到999的整数")
        with self._store.unit_of_work(f"登记{span.name}赛马“{rules[rule_id]}”") as session:
            refuse_if_shown(session, span)
            if branch_id not in {racer.branch_id for racer in racers(session)}:
                raise InvalidInput("支部", "没有登记的支部", record=branch_id)
            mark = RaceMark(branch_id=branch_id, period=span.code, rule_id=rule_id, count=count, ground=ground.strip())
            session.add(mark)
            session.flush()
            return mark.id

    def remove_mark(self, mark_id: str) -> None:
        """Take a penalty or veto back.

        Raises:
            NotFound: there is none of this id.
            InvalidInput: the result is published.
        """
        with self._store.unit_of_work("撤销赛马扣分或否决项") as session:
            mark = session.get(RaceMark, mark_id)
            if mark is None or mark.deleted_at_utc is not None:
                raise NotFound(what="扣分或否决项")
            refuse_if_shown(session, race_span(mark.period))
            mark.deleted_at_utc = utc_text(self._store.clock())

    # -- Excel -----------------------------------------------------------------------------------

    def export(self, period: str, path: Path, progress: Progress = silent) -> int:
        """Write the race of `period` as a workbook, one line per branch; return how many."""
        from desktop.services.race.export import write_race

        return write_race(path, self.race(period, progress), self._store.today)

    # -- helpers -------------------------------------------------------------------------------

    def _gather(self, span: RaceSpan, scheme: Scheme, progress: Progress) -> _Gathered:
        with self._store.reading() as session:
            taking_part = racers(session)
            typed: dict[str, dict[str, Reading]] = defaultdict(dict)
            for row in session.scalars(select(RaceInput).where(RaceInput.period == span.code)):
                if row.deleted_at_utc is None:
                    typed[row.branch_id][row.indicator] = _reading(row)
            counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
            grounds: dict[str, dict[str, str]] = defaultdict(dict)
            for mark in _marks(session, span.code):
                counts[mark.branch_id][mark.rule_id] += mark.count
                before = grounds[mark.branch_id].get(mark.rule_id, "")
                grounds[mark.branch_id][mark.rule_id] = "；".join(filter(None, (before, mark.ground)))
            handed_in = set(
                session.scalars(
                    select(ReceivedPackage.sender).where(
                        ReceivedPackage.accepted, ReceivedPackage.kind == "report", ReceivedPackage.period == span.code
                    )
                )
            )
            totals = {
                (row.branch_id, row.period): Decimal(row.total_hundredths).scaleb(-2)
                for row in session.scalars(select(RaceResult).where(RaceResult.period.in_(span.quarters)))
                if row.total_hundredths is not None
            }
        figures = automatic_figures(self._store, [r.branch_id for r in taking_part], span, scheme, progress)
        vetoes = {veto.id for veto in scheme.vetoes}
        entries = [
            Entry(
                racer.branch_id,
                racer.name,
                racer.group,
                {**typed[racer.branch_id], **figures[racer.branch_id].readings},
                dict(counts[racer.branch_id]),
                frozenset(vetoes & counts[racer.branch_id].keys()),
                figures[racer.branch_id].not_applicable - typed[racer.branch_id].keys(),
                tuple(totals.get((racer.branch_id, quarter)) for quarter in span.quarters),
            )
            for racer in taking_part
        ]
        return _Gathered(taking_part, entries, handed_in, dict(grounds))

    def _results(self, session: Session, span: RaceSpan, scheme: Scheme, gathered: _Gathered) -> list[RaceResult]:
        rows = standings(scheme, gathered.entries)
        groups: dict[str, list[Standing]] = defaultdict(list)
        for row in rows:
            groups[row.group].append(row)
        kept = session.execute(select(RaceResult.branch_id, RaceResult.rank).where(RaceResult.period == span.before))
        before = {row.branch_id: row.rank for row in kept}
        codes = {racer.branch_id: racer.code for racer in gathered.racers}
        return [
            RaceResult(
                branch_id=row.branch,
                period=span.code,
                scheme_version=scheme.version,
                group=row.group,
                group_size=len(groups[row.group]),
                total_hundredths=None if row.total is None else int(row.total * 100),
                rank=row.rank,
                race_class=None if row.class_id == UNCLASSED else RaceClass(row.class_id),
                published_on=None,
                detail=detail_of(
                    scheme,
                    row,
                    groups[row.group],
                    code=codes[row.branch],
                    previous_rank=before.get(row.branch),
                    handed_in=row.branch in gathered.handed_in,
                    grounds=gathered.grounds.get(row.branch, {}),
                ),
            )
            for row in rows
        ]

    def _kept(self, session: Session, span: RaceSpan, row: RacePeriod) -> RaceTable:
        scheme = scheme_of_version(session, row.scheme_version)
        results = session.scalars(select(RaceResult).where(RaceResult.period == span.code)).all()
        return self._table(span, scheme, [row_of(result) for result in results], row)

    def _table(self, span: RaceSpan, scheme: Scheme, rows: list[RaceRow], period: RacePeriod | None) -> RaceTable:
        order = {group.id: index for index, group in enumerate(scheme.groups)}
        rows.sort(key=lambda r: (order.get(r.group, len(order)), r.rank is None, r.rank or 0, r.name, r.branch_id))
        sizes: dict[str, int] = defaultdict(int)
        for row in rows:
            sizes[row.group] += 1
        return RaceTable(
            period=span.code,
            period_name=span.name,
            state=period.state if period is not None else RacePeriodState.OPEN,
            scheme_id=scheme.scheme_id,
            scheme_version=scheme.version,
            scheme_title=scheme.title,
            advanced_line=scheme.classification.advanced_min_score,
            lagging_line=scheme.classification.lagging_absolute_below,
            closes_on=span.last + timedelta(days=scheme.close_days),
            publish_by=span.last + timedelta(days=scheme.publish_days),
            closed_on=period.closed_on if period is not None else None,
            published_on=period.published_on if period is not None else None,
            groups=tuple(GroupView(g.id, g.name, sizes[g.id]) for g in scheme.groups if sizes[g.id]),
            rows=tuple(rows),
            ended=self._store.today > span.last,
        )

    def _move(self, period: str, verb: str, moves: dict[RacePeriodState, RacePeriodState], refusal: str) -> RaceTable:
        span = race_span(period)
        with self._store.unit_of_work(f"{verb}：{span.name}赛马") as session:
            row = _period(session, span.code)
            if row is None or row.state not in moves:
                state = row.state.label if row is not None else "尚未开始"
                raise InvalidInput("评比周期", f"{span.name}{state}：{refusal}")
            row.state = moves[row.state]
            if row.state is RacePeriodState.PUBLISHED:
                row.published_on = self._store.today
                for result in session.scalars(select(RaceResult).where(RaceResult.period == span.code)):
                    result.published_on = self._store.today
            session.flush()
            return self._kept(session, span, row)

    def _period_row(self, session: Session, span: RaceSpan) -> RacePeriod:
        row = _period(session, span.code)
        if row is None:
            row = RacePeriod(
                period=span.code,
                state=RacePeriodState.OPEN,
                scheme_version=scheme_in_force(session, span.last).version,
            )
            session.add(row)
            session.flush()
        return row


def refuse_if_shown(session: Session, span: RaceSpan) -> None:
    """Refuse to change what a published result rests on; an appeal opens it again."""
    row = _period(session, span.code)
    if row is not None and row.state in (RacePeriodState.PUBLISHED, RacePeriodState.FINAL):
        raise InvalidInput("评比周期", f"{span.name}结果{row.state.label}，受理申诉后才能修改")


def racers(session: Session) -> list[Racer]:
    """Return the enrolled branches by code; a branch whose keys were renewed takes part once."""
    rows = session.scalars(select(Partner).where(Partner.state == PartnerState.ACTIVE).order_by(Partner.code)).all()
    found: dict[str, Racer] = {}
    for row in rows:
        found[row.org] = Racer(row.org, row.code, row.name, row.group_kind)
    return list(found.values())


def put_input(session: Session, period: str, figure: TypedFigure) -> int:
    """Keep one checked figure; return 0 when it is new, 1 when it changed, 2 when it was the same."""
    millionths = int(figure.value * MILLION)
    row = session.scalar(
        select(RaceInput).where(
            RaceInput.period == period,
            RaceInput.branch_id == figure.branch_id,
            RaceInput.indicator == figure.part,
        )
    )
    if row is None:
        session.add(
            RaceInput(
                branch_id=figure.branch_id,
                period=period,
                indicator=figure.part,
                value_millionths=millionths,
                samples=figure.samples,
                ground=figure.ground.strip(),
            )
        )
        return 0
    wanted = (millionths, figure.samples, figure.ground.strip(), None)
    if (row.value_millionths, row.samples, row.ground, row.deleted_at_utc) == wanted:
        return 2
    row.value_millionths, row.samples, row.ground, row.deleted_at_utc = wanted
    return 1


def check_figure(scheme: Scheme, figure: TypedFigure) -> None:
    """Refuse a figure the scheme cannot use.

    Raises:
        InvalidInput: the rule it breaks.
    """
    try:
        indicator, part = scheme.part(figure.part)
    except KeyError:
        raise InvalidInput("指标", "方案里没有这个指标，按编号填写，如H3-1", value=figure.part) from None
    if indicator.formula == "branch_standard_total":
        raise InvalidInput("指标", f"{indicator.name}由考评得分计算，不能录入", value=figure.part)
    if indicator.source == "auto" and not scheme.missing.manual_fallback:
        raise InvalidInput("指标", "方案不允许录入自动指标", value=figure.part)
    top = max(part.full, part.zero)
    if figure.value < 0:
        raise InvalidInput("数值", "不能为负数", value=str(figure.value))
    if top <= 1 and figure.value > 2:
        raise InvalidInput("数值", "应为比例，写成0.93或93%", value=str(figure.value))
    if indicator.formula == "rating_0_4" and figure.value > part.full:
        raise InvalidInput("数值", "评级在0到4之间", value=str(figure.value))
    if top > 1 and figure.value > 1000:
        raise InvalidInput("数值", "超出范围", value=str(figure.value))
    if figure.value * MILLION != (figure.value * MILLION).to_integral_value():
        raise InvalidInput("数值", "最多六位小数", value=str(figure.value))
    if part.min_samples and figure.samples is None:
        raise InvalidInput("样本数", "这个指标要填样本数", value=figure.part)
    if figure.samples is not None and not 0 <= figure.samples <= 1_000_000:
        raise InvalidInput("样本数", "超出范围", value=str(figure.samples))
    if not figure.ground.strip():
        raise InvalidInput("依据", "不能为空，写明数据出处", value=figure.part)


def unit_hint(part: SubItem) -> str:
    """Say how a value of this part is written."""
    if max(part.full, part.zero) <= 1:
        return "比例，如0.93或93%"
    return f"{value_text(part, min(part.zero, part.full))}到{value_text(part, max(part.zero, part.full))}"


def _period(session: Session, code: str) -> RacePeriod | None:
    return session.scalar(select(RacePeriod).where(RacePeriod.period == code))


def _marks(session: Session, code: str) -> Sequence[RaceMark]:
    return session.scalars(
        select(RaceMark).where(RaceMark.period == code, RaceMark.deleted_at_utc.is_(None)).order_by(RaceMark.id)
    ).all()


def _reading(row: RaceInput) -> Reading:
    return Reading(Decimal(row.value_millionths) / MILLION, row.samples, row.ground)

"""The race at headquarters (赛马): what is typed, what is computed, and the states of a period."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.race import RacePeriod, RaceResult
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RaceClass, RacePeriodState
from desktop.models.vocabulary.stores import Use
from desktop.services.errors import InvalidInput
from desktop.services.leaving import leaving
from desktop.services.owing import Owing
from desktop.services.progress import Progress, silent
from desktop.services.race.appeals import UNDER_APPEAL, appeal_rows, state_in_view, tell_branches, window_of
from desktop.services.race.closing import late_reports, note_closed
from desktop.services.race.corrections import (
    undecided,
    upheld,
    verdicts_undecided,
)
from desktop.services.race.details import detail_of, row_of, tell_corrected
from desktop.services.race.editions import (
    PERIOD,
    RaceSpan,
    period_name,
    period_names,
    period_order,
    race_span,
    scheme_in_force,
    scheme_of_version,
)
from desktop.services.race.gathering import Gathered, gather
from desktop.services.race.periods import SETTLED, scheme_of, scheme_to_score_by, taking_part
from desktop.services.race.records import (
    counties,
    invited,
    kept_period,
    period_in_state,
    period_record,
    racers,
    results_of,
)
from desktop.services.race.revisions import (
    UNCHANGED,
    difference,
    drop_revision,
    keep_results,
    keep_revision,
    keep_version,
    overtaken,
    revision_of,
    said,
)
from desktop.services.race.rows import GroupView, PeriodRow, Racer, RaceRow, RaceTable, TypedFigure
from desktop.services.race.scheme import Scheme
from desktop.services.race.scoring import UNCLASSED
from desktop.services.race.standings import Standing, standings
from desktop.services.spreadsheets.branch_columns import BRANCH
from desktop.services.store import Store

_OPEN_TO_SCORES = (RacePeriodState.OPEN, RacePeriodState.CLOSED, RacePeriodState.SCORED)
"""While nothing is published a race may be scored again."""


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
            row = period_record(session, span.code)
            if row is not None and row.state in SETTLED:
                return self._kept(session, span, row)
            scheme = scheme_in_force(session, span.last)
        gathered = gather(self._store, span, scheme, progress)
        with self._store.reading() as session:
            rows = [row_of(result) for result in self._results(session, span, scheme, gathered)]
            return self._table(session, span, scheme, rows, period_record(session, span.code))

    def counties(self) -> Mapping[str, str]:
        """Return the county (党总支) of every branch of which one is noted, by its id."""
        with self._store.reading() as session:
            return counties(session)

    def score(self, period: str, progress: Progress = silent) -> RaceTable:
        """Compute the race of a period that has ended and keep the result with the scheme's version.

        Closes the period if nobody did; may be repeated until the result is published. After an upheld appeal the new
        result is kept beside the published one until it is published itself; see `gather` for what it changes.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: the period still runs, or its result is published and no appeal was upheld.
        """
        self._store.rights.require_table(RaceResult.__tablename__)
        span = race_span(period)
        if self._store.today <= span.last:
            raise InvalidInput(PERIOD, f"{span.name}还没有结束，只能试算")
        with self._store.reading() as session:
            row = period_record(session, span.code)
            if row is not None and row.state in (RacePeriodState.PUBLISHED, RacePeriodState.FINAL):
                raise InvalidInput(PERIOD, f"{span.name}结果{row.state.label}，申诉成立后才能重新计分")
            if row is not None and row.state is RacePeriodState.APPEALED and not upheld(session, span.code):
                raise InvalidInput(PERIOD, f"{span.name}的申诉还没有决定，决定成立后才能重新计分")
            scheme = scheme_to_score_by(session, span)
        gathered = gather(self._store, span, scheme, progress)
        if not gathered.racers:
            raise InvalidInput(BRANCH, "还没有登记的支部，先发邀请并收登记文件")
        with self._store.unit_of_work(f"计分：{span.name}赛马") as session:
            row = kept_period(session, span)
            results = self._results(session, span, scheme, gathered)
            if row.state is RacePeriodState.APPEALED:
                keep_revision(session, span.code, results)
                return self._kept(session, span, row)
            if row.state is RacePeriodState.OPEN:
                note_closed(self._store, row)
            row.state, row.scheme_version = RacePeriodState.SCORED, scheme.version
            keep_results(session, span.code, results)
            return self._kept(session, span, row)

    def as_if(self, period: str, figures: Sequence[TypedFigure] = (), opened: Collection[str] = ()) -> list[RaceRow]:
        """Return how a period would be scored now, with `figures` in the place of what is typed, and as if an appeal of
        the `opened` branches were upheld; nothing is kept.

        Raises:
            InvalidInput: `period` is neither a quarter nor a year.
        """
        span = race_span(period)
        with self._store.reading() as session:
            scheme = scheme_to_score_by(session, span)
        gathered = gather(self._store, span, scheme, opened=opened).with_figures(figures)
        with self._store.reading() as session:
            return [row_of(result) for result in self._results(session, span, scheme, gathered)]

    def publish(self, period: str) -> RaceTable:
        """Publish a scored result: from now on it goes to the branches with the next answer.

        After appeals that is the result scored anew, and each upheld one notes what it changed.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: it is not scored yet, or published already, an appeal waits for its decision, or what is
                known now would give another result.
        """
        self._store.rights.require(Act.PUBLISH)
        span = race_span(period)
        self.refuse_outdated(period)
        with self._store.unit_of_work(f"公布：{span.name}赛马") as session:
            row = period_in_state(
                session, span, (RacePeriodState.SCORED, RacePeriodState.APPEALED), "还没有计分，先计分再公布"
            )
            if row.state is RacePeriodState.APPEALED:
                self._publish_revision(session, span, row)
            row.state, row.published_on = RacePeriodState.PUBLISHED, self._store.today
            for result in results_of(session, span.code):
                result.published_on = self._store.today
            tell_branches(session, span.code)
            session.flush()
            return self._kept(session, span, row)

    def publish_scored(self) -> list[str]:
        """Publish every period that is scored and not yet public; return their codes.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.PUBLISH)
        scored = self.unpublished()
        for period in scored:
            self.publish(period)
        return scored

    def unpublished(self) -> list[str]:
        """Return the codes of the periods that are scored and not public yet."""
        query = select(RacePeriod.period).where(RacePeriod.state == RacePeriodState.SCORED).order_by(RacePeriod.period)
        with self._store.reading() as session:
            return list(session.scalars(query))

    def settle(self, period: str) -> RaceTable:
        """Make a published result final (定案), once the time to appeal is over.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: it is not published, an appeal is open, or branches may still appeal, to it or to a quarter
                that a year counts with.
        """
        self._store.rights.require(Act.PUBLISH)
        span = race_span(period)
        with self._store.unit_of_work(f"定案：{span.name}赛马") as session:
            row = period_in_state(session, span, (RacePeriodState.PUBLISHED,), "结果公布后才能定案，申诉中的先办完申诉")
            window = window_of(session, row)
            if window is not None and self._store.today <= window.last:
                raise InvalidInput(PERIOD, f"{span.name}的申诉期到{window.last:%Y-%m-%d}，期满才能定案")
            waiting = undecided(session, span.code)
            if waiting:
                raise InvalidInput(PERIOD, f"{span.name}还有{waiting}件申诉没有决定，决定以后再定案")
            checks = verdicts_undecided(session, span.code)
            if checks:
                raise InvalidInput(PERIOD, f"{span.name}还有{checks}件抽查申诉没有决定，到“考评抽查”决定以后再定案")
            states = dict(session.execute(select(RacePeriod.period, RacePeriod.state)).all())
            moving = [code for code in span.quarters if states.get(code) in UNDER_APPEAL]
            if moving:  # what is corrected there would change what is final here
                raise InvalidInput(PERIOD, f"{period_names(moving)}的结果还没有定案，先定案季度，再定案{span.name}")
            row.state = RacePeriodState.FINAL
            for result in results_of(session, span.code):
                result.settled_on = self._store.today
            session.flush()
            return self._kept(session, span, row)

    def up_to_date(self, period: str, progress: Progress = silent) -> RaceTable:
        """Return the race of `period` by what is known today: scored anew while its result is not published.

        A period that still runs is only computed, and so is one nobody has worked on and in which no branch has a
        total: who only looks at a quarter long ago must not leave a result that the next answer would publish. A
        published result stays as it was published. Whoever may not write results looks at what is kept.

        Raises:
            InvalidInput: `period` is neither a quarter nor a year, or no branch is known yet.
        """
        table = self.race(period)
        untouched = table.closed_on is None and all(row.total is None for row in table.rows)
        kept = self._store.rights.may_write(RaceResult.__tablename__) and not untouched
        if table.ended and table.state in _OPEN_TO_SCORES and kept:
            return self.score(period, progress)
        return table

    def periods(self) -> list[PeriodRow]:
        """Return every period headquarters has worked on, newest first."""
        with self._store.reading() as session:
            counts: dict[str, int] = defaultdict(int)
            for code in session.scalars(select(RaceResult.period)):
                counts[code] += 1
            rows = sorted(session.scalars(select(RacePeriod)), key=lambda row: period_order(row.period), reverse=True)
            return [
                PeriodRow(
                    period=row.period,
                    period_name=race_span(row.period).name,
                    state=state_in_view(session, row),
                    scheme_version=row.scheme_version,
                    closed_on=row.closed_on,
                    published_on=row.published_on,
                    branches=counts[row.period],
                )
                for row in rows
            ]

    def scheme(self, period: str) -> Scheme:
        """Return the scheme a period runs by."""
        return scheme_of(self._store, race_span(period))

    def racers(self, period: str = "") -> list[Racer]:
        """Return the branches that take part in a period, by code: once it is published, those that did; else those
        that are enrolled."""
        with self._store.reading() as session:
            return taking_part(session, race_span(period).code) if period else racers(session)

    # -- Excel -----------------------------------------------------------------------------------

    def export(self, period: str, path: Path, progress: Progress = silent, county: str = "") -> int:
        """Write the race of `period` as a workbook, one line per branch (of one county); return how many.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        from desktop.services.race.export import write_race

        table = self.race(period, progress)
        with leaving(self._store, path):
            count = write_race(path, table, self._store.today, self.counties(), county)
        self._store.audit(Use.EXPORT, f"赛马排名 {table.period_name}{county}，{count}行")
        return count

    # -- helpers -------------------------------------------------------------------------------

    def _results(self, session: Session, span: RaceSpan, scheme: Scheme, gathered: Gathered) -> list[RaceResult]:
        rows = standings(scheme, gathered.entries)
        groups: dict[str, list[Standing]] = defaultdict(list)
        for row in rows:
            groups[row.group].append(row)
        kept = session.execute(select(RaceResult.branch_id, RaceResult.rank).where(RaceResult.period == span.before))
        before = {row.branch_id: row.rank for row in kept}
        codes = {racer.branch_id: racer.code for racer in gathered.racers}
        asked = period_name(span.quarters[-1]) if span.quarters else span.name
        owing = Owing(session, self._store.clock)
        absent = [racer.branch_id for racer in gathered.racers if racer.branch_id not in gathered.handed_in]
        free = {branch_id: owing.of(branch_id).why_not(span.code) for branch_id in absent}
        unreported = f"没有报来{asked}的报送包，自动计算的指标按以前报来的记录。"
        return [
            RaceResult(
                branch_id=row.branch,
                period=span.code,
                scheme_version=scheme.version,
                group=row.group,
                group_size=sum(other.rank is not None for other in groups[row.group]),
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
                    unreported=f"{why}，没有报来{asked}的报送包。" if (why := free.get(row.branch)) else unreported,
                    not_asked=free.get(row.branch, ""),
                    grounds=gathered.grounds.get(row.branch, {}),
                ),
            )
            for row in rows
        ]

    def _kept(self, session: Session, span: RaceSpan, row: RacePeriod) -> RaceTable:
        published = results_of(session, span.code)
        results = revision_of(session, span.code) or published
        version = results[0].scheme_version if results else row.scheme_version
        rows = [row_of(result) for result in results]
        table = self._table(session, span, scheme_of_version(session, version), rows, row)
        window = window_of(session, row)
        return replace(
            table,
            state=state_in_view(session, row),
            first_published_on=window.first if window is not None else None,
            appeal_by=window.last if window is not None else None,
            appeal_by_provisional=window is not None and window.provisional,
            appeals=tuple(appeal_rows(session, span.code)),
            revised=() if results is published else _revised(published, results),
            scored_anew=results is not published,
        )

    def _table(
        self, session: Session, span: RaceSpan, scheme: Scheme, rows: list[RaceRow], period: RacePeriod | None
    ) -> RaceTable:
        order = {group.id: index for index, group in enumerate(scheme.groups)}
        rows.sort(key=lambda r: (order.get(r.group, len(order)), r.rank is None, r.rank or 0, r.name, r.branch_id))
        sizes: dict[str, int] = defaultdict(int)
        for row in rows:
            sizes[row.group] += 1
        waiting, owing = invited(session), Owing(session, self._store.clock)
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
            not_enrolled=tuple(name for org, name in waiting.items() if owing.of(org).asks(span.code)),
            never_enrolled=tuple(name for org, name in waiting.items() if not owing.of(org).asks(span.code)),
            late=late_reports(session, period, self._store.clock) if period is not None else (),
        )

    def _publish_revision(self, session: Session, span: RaceSpan, row: RacePeriod) -> None:
        """Put what was scored anew in the place of what was published; the upheld appeals note what they changed."""
        waiting = undecided(session, span.code)
        if waiting:
            raise InvalidInput(PERIOD, f"{span.name}还有{waiting}件申诉没有决定，决定以后再公布")
        anew = revision_of(session, span.code)
        before = {result.branch_id: result for result in results_of(session, span.code)}
        after = {result.branch_id: result for result in anew} or before
        replaced = keep_version(session, span.code, self._store.today)
        for appeal in upheld(session, span.code):
            appeal.outcome = difference(before.get(appeal.branch_id), after.get(appeal.branch_id)) or UNCHANGED
            appeal.republished_on, appeal.replaced_version = self._store.today, replaced
        if anew:
            row.scheme_version = anew[0].scheme_version
            changed = {each.branch_id: difference(before.get(each.branch_id), each) for each in anew}
            for each in anew:
                tell_corrected(each, changed[each.branch_id])
            keep_results(session, span.code, anew)
            drop_revision(session, span.code)

    def refuse_outdated(self, period: str) -> None:
        """Refuse to publish a result that figures, marks, ratings or packages have overtaken since it was scored.

        Raises:
            InvalidInput: what is known now would give another result.
        """
        span = race_span(period)
        with self._store.reading() as session:
            row = period_record(session, span.code)
            if row is None or row.state not in (RacePeriodState.SCORED, RacePeriodState.APPEALED):
                return  # refused for its state
            scheme = scheme_to_score_by(session, span)
        gathered = gather(self._store, span, scheme)
        with self._store.reading() as session:
            now = {result.branch_id: said(result) for result in self._results(session, span, scheme, gathered)}
            rows = revision_of(session, span.code) or results_of(session, span.code)
            kept = {result.branch_id: said(result) for result in rows}
        changed = [branch_id for branch_id in {**kept, **now} if overtaken(kept.get(branch_id), now.get(branch_id))]
        if changed:
            names = {racer.branch_id: racer.name for racer in gathered.racers}
            whose = "、".join(names.get(branch_id, "已停用的支部") for branch_id in changed[:3])
            more = f"等{len(changed)}个支部" if len(changed) > 3 else ""
            raise InvalidInput(PERIOD, f"计分以后数据有改动（涉及{whose}{more}），请重新计分再公布")


def _revised(published: Sequence[RaceResult], anew: Sequence[RaceResult]) -> tuple[str, ...]:
    """Say for every branch whose result changes what was published and what would be."""
    before = {result.branch_id: result for result in published}
    after = {result.branch_id: result for result in anew}
    words = []
    for branch_id in {**before, **after}:
        changed = difference(before.get(branch_id), after.get(branch_id))
        if changed:
            words.append(f"{row_of(after.get(branch_id) or before[branch_id]).name}：{changed}")
    return tuple(words)

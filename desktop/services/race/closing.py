"""Closing a period (封账): who has not reported is named and may be penalized; it can be opened again with a ground."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.race import RaceMark, RacePeriod
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RacePeriodState
from desktop.services.clock import Clock, day_of, utc_text
from desktop.services.errors import Input, InvalidInput
from desktop.services.owing import Owing
from desktop.services.race.editions import PERIOD, RaceSpan, race_span, scheme_in_force
from desktop.services.race.marks import RULE
from desktop.services.race.records import kept_period, period_in_state, racers, reports_of, results_of
from desktop.services.race.rows import LateReport
from desktop.services.race.scheme import UNREPORTED
from desktop.services.spreadsheets.branch_columns import BRANCH
from desktop.services.store import Store

REOPEN_GROUND = Input("ground", "重新开放的理由")


class ClosingService:
    """Closes the periods of the race and opens them again, at headquarters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def close(self, period: str, penalize: Collection[str] = ()) -> None:
        """Close a period: what branches hand in later counts no more as in time.

        `penalize`: branches that have not reported and are given the scheme's penalty for it.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: the period still runs or is closed already; a branch to penalize is unknown, has reported or
                does not owe the period, or the scheme has no such penalty.
        """
        self._store.rights.require(Act.PUBLISH)
        span = race_span(period)
        if self._store.today <= span.last:
            raise InvalidInput(PERIOD, f"{span.name}还没有结束，不能封账")
        with self._store.unit_of_work(f"封账：{span.name}赛马") as session:
            row = kept_period(session, span)
            if row.state is not RacePeriodState.OPEN:
                raise InvalidInput(PERIOD, f"{span.name}{row.state.label}")
            note_closed(self._store, row)
            row.state = RacePeriodState.CLOSED
            if penalize:
                self._penalize(session, span, penalize)

    def reopen(self, period: str, ground: str) -> None:
        """Open a closed period again (重新开放) with its ground; what was scored and never published is forgotten,
        and so are the penalties that the closing gave: who reports now has not failed to.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: no ground, or the period is open or was published.
        """
        self._store.rights.require(Act.PUBLISH)
        span = race_span(period)
        if not ground.strip():
            raise InvalidInput(REOPEN_GROUND, "不能为空")
        with self._store.unit_of_work(f"重新开放：{span.name}赛马，{ground.strip()}") as session:
            states = (RacePeriodState.CLOSED, RacePeriodState.SCORED)
            row = period_in_state(session, span, states, "封账以后、公布以前才能重新开放")
            if row.published_on is not None:
                raise InvalidInput(PERIOD, f"{span.name}的结果公布过，不能重新开放")
            if row.closed_on is not None:
                given = select(RaceMark).where(
                    RaceMark.period == span.code,
                    RaceMark.rule_id == UNREPORTED,
                    RaceMark.ground == _not_received(span, row.closed_on),
                    RaceMark.deleted_at_utc.is_(None),
                )
                for mark in session.scalars(given):
                    mark.deleted_at_utc = utc_text(self._store.clock())
            row.state, row.closed_on, row.closed_at_utc = RacePeriodState.OPEN, None, None
            for result in results_of(session, span.code):
                session.delete(result)

    def _penalize(self, session: Session, span: RaceSpan, branches: Collection[str]) -> None:
        """Give branches the penalty for a period they have not reported."""
        scheme = scheme_in_force(session, span.last)
        if UNREPORTED not in {penalty.id for penalty in scheme.penalties}:
            raise InvalidInput(RULE, "方案里没有这一项", value=UNREPORTED)
        missing = {racer.branch_id for racer in racers(session)} - reports_of(session, span.code).keys()
        owing = Owing(session, self._store.clock)
        ground = _not_received(span, self._store.today)
        marked = set(
            session.scalars(
                select(RaceMark.branch_id).where(
                    RaceMark.period == span.code, RaceMark.rule_id == UNREPORTED, RaceMark.deleted_at_utc.is_(None)
                )
            )
        )
        for branch_id in dict.fromkeys(branches):
            if branch_id not in missing:
                raise InvalidInput(BRANCH, "没有登记，或者已经报送", record=branch_id)
            if why := owing.of(branch_id).why_not(span.code):
                raise InvalidInput(BRANCH, f"不用报{span.name}：{why}", record=branch_id)
            if branch_id not in marked:
                session.add(RaceMark(branch_id=branch_id, period=span.code, rule_id=UNREPORTED, count=1, ground=ground))


def _not_received(span: RaceSpan, closed_on: date) -> str:
    return f"{closed_on:%Y-%m-%d}封账时没有收到{span.name}报送包"


def note_closed(store: Store, row: RacePeriod) -> None:
    """Write down that a period is closed as of now."""
    row.closed_on, row.closed_at_utc = store.today, utc_text(store.clock())


def late_reports(session: Session, row: RacePeriod, clock: Clock) -> tuple[LateReport, ...]:
    """Return the reports that came in after the period was closed, the earliest first."""
    names = {racer.branch_id: racer.name for racer in racers(session)}
    found = []
    for branch_id, moment in reports_of(session, row.period).items():
        on = day_of(moment, clock)
        if row.closed_at_utc is not None:
            late = moment > row.closed_at_utc
        else:  # closed by a program that kept the day alone
            late = row.closed_on is not None and on > row.closed_on
        if late and branch_id in names:
            found.append(LateReport(branch_id, names[branch_id], on))
    return tuple(sorted(found, key=lambda report: (report.received_on, report.name)))

"""Appeals against a published result as the branch raises them: a score, a rating, a penalty, a place or class.

They go up with the next package; what headquarters decides comes back within the result, beside its reasons.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.appeals import Appeal
from desktop.models.race import RaceResult
from desktop.models.sync import SyncPackage
from desktop.models.vocabulary.race import AppealState
from desktop.services.appeals import ITEM, RAISED_ALREADY, Raised, put_in, take_back, worded
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.race.appeals import STATE, Window, titles_of, window
from desktop.services.race.branch_race import BranchRace
from desktop.services.race.details import row_of
from desktop.services.race.editions import PERIOD, RaceSpan, race_span, scheme_of_version
from desktop.services.sync.package_format import Kind
from desktop.services.unit_of_work import action_of

if TYPE_CHECKING:
    from desktop.services.race.rows import AppealTold, RaceRow
    from desktop.services.store import Store

LATEST = 4
"""So many results at most are open to appeals at once: a quarter, a year, and what was published anew."""
WHOLE = "整个结果（总分、名次、类别）"
_STATES = {state.label: state for state in AppealState}


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedAppeal:
    """An appeal of this branch as it sees it: what it said, whether it is on its way, and what was decided."""

    id: str
    period: str
    item: str
    item_name: str
    wished: str
    ground: str
    raised_by: str
    raised_on: date
    late: bool
    sent: bool
    withdrawn_on: date | None
    state: AppealState
    decided_on: str
    decided_by: str
    decision: str
    outcome: str

    @property
    def waits(self) -> bool:
        """Whether nothing was decided yet, as far as this branch knows."""
        return self.state is AppealState.PENDING

    @property
    def state_words(self) -> str:
        """How far it is: 待报送, 待决定, 已撤回, or what was decided."""
        if self.waits:
            return "待决定" if self.sent else "待报送"
        if self.withdrawn_on is None:
            return self.state.label
        if self.decided_on:
            return f"{self.state.label}（撤回以前已决定）"
        return f"{self.withdrawn_on:%Y-%m-%d} 撤回{'' if self.sent else '，随下一个报送包告诉总部'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appealable:
    """What may be said against a published result of this branch, and until when.

    `settled_on`: since when the result is final, and nothing may be said any more; `items`: what an appeal may be
    about, the whole result first.
    """

    period: str
    period_name: str
    until: date
    days_left: int
    provisional: bool
    settled_on: date | None
    items: tuple[tuple[str, str], ...]

    @property
    def refused(self) -> str:
        """Why nothing may be said any more; "" where it may."""
        return f"{self.period_name}结果已于{self.settled_on:%Y-%m-%d}定案，不再受理申诉" if self.settled_on else ""

    @property
    def words(self) -> str:
        """Say how long there is time: 申诉期到 2026-10-19，还有 5 天."""
        counted = "（没有当年的放假安排，暂算）" if self.provisional else ""
        until = f"申诉期到 {self.until:%Y-%m-%d}{counted}"
        if self.days_left < 0:
            return f"{until}，已过 {-self.days_left} 天：仍可提出，注明逾期，由市公司决定受不受理"
        return f"{until}，{f'还有 {self.days_left} 天' if self.days_left else '今天是最后一天'}"


class RaisingService:
    """Appeals against published results, at the branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def appealable(self, period: str) -> Appealable:
        """Return what may be said against the result of a period.

        Raises:
            InvalidInput: nothing of the period is published to this branch.
        """
        with self._store.reading() as session:
            return self._appealable(session, race_span(period))

    def raised(self, period: str) -> list[RaisedAppeal]:
        """Return the appeals of this branch against the result of a period, in the order of raising.

        One that was taken back is among them too, unless it never went into a package.
        """
        span = race_span(period)
        with self._store.reading() as session:
            return self._raised(session, span)

    def told(self, period: str) -> list[RaisedAppeal]:
        """Return what headquarters has told of appeals of this branch that are not of this store: those it took up on
        paper, in the order they came.
        """
        span = race_span(period)
        with self._store.reading() as session:
            result = self._published(session, span)
            if result is None:
                return []
            row, last = row_of(result), _window(session, result).last
            names = dict(_items(session, row))
            own = set(session.scalars(select(Appeal.id).where(Appeal.branch_id == self._store.branch_id)))
        return [_from_paper(span, each, names, last) for each in row.appeals if each.raised not in own]

    def raise_appeal(self, period: str, raised: Raised) -> str:
        """Say something against the published result of a period; it goes up with the next package. Return its id.

        Too late a day is no refusal: it is told, and headquarters decides whether it is taken up.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: a word is missing, nothing is published, the result is final, it knows no such item, or the
                same was raised already.
        """
        self._store.rights.require_any(Appeal.__tablename__)
        said, span = worded(raised), race_span(period)
        with self._store.unit_of_work("对公布的结果提出申诉") as session:
            found = self._appealable(session, span)
            if found.refused:
                raise InvalidInput(PERIOD, found.refused)
            names = dict(found.items)
            if said.item not in names:
                raise InvalidInput(ITEM, "结果里没有这一项", value=said.item)
            if any(each.waits and each.item == said.item for each in self._raised(session, span)):
                raise InvalidInput(ITEM, RAISED_ALREADY)
            late = "（逾期）" if found.days_left < 0 else ""
            action_of(session).sentence = f"申诉{late}：{span.name}{names[said.item]}，{said.raised_by}提出"
            return put_in(session, self._store, Appeal(branch_id=self._store.branch_id, period=span.code), said)

    def withdraw(self, appeal_id: str) -> None:
        """Take an appeal back before it is decided.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: it is decided.
            NotFound: there is none of this id.
        """
        self._store.rights.require_any(Appeal.__tablename__)
        with self._store.unit_of_work("撤回对公布结果的申诉") as session:
            kept = session.get(Appeal, appeal_id)
            if kept is None or kept.period is None:
                raise NotFound(what="申诉")
            span = race_span(kept.period)
            decided = next((each for each in self._raised(session, span) if each.id == appeal_id), None)
            if decided is not None and decided.decided_on:
                raise InvalidInput(STATE, f"已经决定：{decided.state.label}")
            take_back(session, self._store, appeal_id)

    # inside

    def _published(self, session: Session, span: RaceSpan) -> RaceResult | None:
        return session.scalar(
            select(RaceResult).where(
                RaceResult.branch_id == self._store.branch_id,
                RaceResult.period == span.code,
                RaceResult.published_on.is_not(None),
            )
        )

    def _appealable(self, session: Session, span: RaceSpan) -> Appealable:
        result = self._published(session, span)
        if result is None:
            raise InvalidInput(PERIOD, f"{span.name}的结果还没有公布，公布以后才能申诉")
        time = _window(session, result)
        return Appealable(
            period=span.code,
            period_name=span.name,
            until=time.last,
            days_left=(time.last - self._store.today).days,
            provisional=time.provisional,
            settled_on=result.settled_on,
            items=_items(session, row_of(result)),
        )

    def _raised(self, session: Session, span: RaceSpan) -> list[RaisedAppeal]:
        kept = session.scalars(
            select(Appeal)
            .where(
                Appeal.branch_id == self._store.branch_id,
                Appeal.period == span.code,
                Appeal.deleted_at_utc.is_(None),
            )
            .order_by(Appeal.id)
        ).all()
        result = self._published(session, span)
        if not kept or result is None:
            return [_view(each, None, each.item, late=False, sent=False) for each in kept]
        row, last = row_of(result), _window(session, result).last
        names, told = dict(_items(session, row)), {each.raised: each for each in row.appeals}
        reports = select(func.max(SyncPackage.built_at_utc)).where(SyncPackage.kind == Kind.REPORT.value)
        packed = session.scalar(reports) or ""
        return [
            _view(
                each,
                told.get(each.id),
                names.get(each.item, each.item),
                late=each.raised_on > last,
                sent=self._store.lender is not self._store or packed > each.updated_at_utc,
            )
            for each in kept
        ]


def _window(session: Session, result: RaceResult) -> Window:
    if result.published_on is None:
        raise InvalidInput(PERIOD, "结果还没有公布")
    return window(session, scheme_of_version(session, result.scheme_version), result.published_on)


def _items(session: Session, row: "RaceRow") -> tuple[tuple[str, str], ...]:
    """Return what an appeal against a result may be about: all of it, what it was scored by, items of the standard."""
    scored = [(each.id, each.name) for each in row.indicators]
    marks = [(each.id, each.name) for each in (*row.vetoes, *row.penalties)]
    return (("", WHOLE), *scored, *marks, *titles_of(session, row.period).items())


def _view(appeal: Appeal, told: "AppealTold | None", name: str, *, late: bool, sent: bool) -> RaisedAppeal:
    undecided = AppealState.PENDING if appeal.withdrawn_on is None else AppealState.WITHDRAWN
    return RaisedAppeal(
        id=appeal.id,
        period=appeal.period or "",
        item=appeal.item,
        item_name=name,
        wished=appeal.wished,
        ground=appeal.ground,
        raised_by=appeal.raised_by,
        raised_on=appeal.raised_on,
        late=late,
        sent=sent,
        withdrawn_on=appeal.withdrawn_on,
        state=_STATES.get(told.state, undecided) if told is not None else undecided,
        decided_on=told.decided_on if told is not None else "",
        decided_by=told.decided_by if told is not None else "",
        decision=told.decision if told is not None else "",
        outcome=told.outcome if told is not None else "",
    )


def _from_paper(span: RaceSpan, told: "AppealTold", names: Mapping[str, str], last: date) -> RaisedAppeal:
    on = date.fromisoformat(told.received_on)
    return RaisedAppeal(
        id="",
        period=span.code,
        item=told.item,
        item_name=names.get(told.item, told.item),
        wished="",
        ground=told.ground,
        raised_by=told.raised_by,
        raised_on=on,
        late=on > last,
        sent=True,
        withdrawn_on=None,
        state=_STATES.get(told.state, AppealState.PENDING),
        decided_on=told.decided_on,
        decided_by=told.decided_by,
        decision=told.decision,
        outcome=told.outcome,
    )


def appeal_works(store: "Store") -> Iterator[Appealable]:
    """Give the published results against which this branch may still appeal in time, and has not: the newest first."""
    service = RaisingService(store)
    for result in BranchRace(store).results()[:LATEST]:
        found = service.appealable(result.period)
        said = any(each.withdrawn_on is None or each.decided_on for each in service.raised(result.period))
        if not found.refused and found.days_left >= 0 and not said:
            yield found

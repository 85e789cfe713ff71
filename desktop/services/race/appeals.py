"""Appeals against a published result (申诉): taken up within their time, decided with a reason, never lost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.history import Change
from desktop.models.race import RaceAppeal, RacePeriod
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.race.corrections import appeals_of, locked_because
from desktop.services.race.details import tell_appeals
from desktop.services.race.editions import race_span, scheme_of_version
from desktop.services.race.records import period_in_state, period_record, racers, results_of
from desktop.services.race.revisions import drop_revision
from desktop.services.race.rows import AppealRow
from desktop.services.race.scheme import Scheme
from desktop.services.spreadsheets.branch_columns import BRANCH
from desktop.services.standards.editions import law_on
from desktop.services.store import Store
from desktop.services.unit_of_work import action_of
from desktop.services.workdays import after_workdays

RAISED_BY = Input("raised_by", "提出人")
RECEIVED_ON = Input("received_on", "收到日期")
APPEAL_GROUND = Input("ground", "申诉理由")
LATE_REASON = Input("late_reason", "逾期受理的理由")
STATE = Input("state", "决定")
DECIDED_BY = Input("decided_by", "作出决定的会议或人")
DECIDED_ON = Input("decided_on", "决定日期")
DECISION = Input("decision", "决定的理由")
INDICATOR = Input("indicator", "对哪一项")
_UNDER_APPEAL = (RacePeriodState.PUBLISHED, RacePeriodState.APPEALED)


@dataclass(frozen=True, slots=True)
class Window:
    """How long a published result may be appealed; `provisional` where the holidays of the year are not known."""

    first: date
    last: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """Why nothing of a period may be changed ("": it may), and the upheld appeals that wait for their correction."""

    reason: str
    under: tuple[AppealRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAppeal:
    """What is written down when an appeal comes in; one that came too late is taken up only with a reason."""

    branch_id: str
    raised_by: str
    received_on: date
    ground: str
    late_reason: str = ""
    indicator: str = ""
    """Which indicator it is about; "" for the result as a whole."""


class AppealService:
    """The appeals of the race, at headquarters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def appeals(self, period: str) -> list[AppealRow]:
        """Return the appeals of a period, whatever became of it, in the order they were taken up."""
        span = race_span(period)
        with self._store.reading() as session:
            return appeal_rows(session, span.code)

    def window(self, period: str) -> Window | None:
        """Return the time to appeal of a period; None before its result is published."""
        span = race_span(period)
        with self._store.reading() as session:
            row = period_record(session, span.code)
            return window_of(session, row) if row is not None else None

    def hold(self, period: str) -> Hold:
        """Return whether what the result of a period rests on may be changed now, and under which appeals."""
        span = race_span(period)
        with self._store.reading() as session:
            under = tuple(row for row in appeal_rows(session, span.code) if row.awaits_correction)
            return Hold(locked_because(session, span), under)

    def take_up(self, period: str, appeal: NewAppeal) -> str:
        """Take up an appeal (受理申诉) and return its id; nothing changes until it is decided.

        Raises:
            InvalidInput: the period is not published or final, a word is missing, the day cannot be,
                or the appeal came too late and no reason says why it is taken up.
        """
        span = race_span(period)
        with self._store.unit_of_work(f"受理申诉：{span.name}赛马") as session:
            row = period_in_state(session, span, _UNDER_APPEAL, "结果公布后、定案前才能申诉")
            window = window_of(session, row)
            names = {racer.branch_id: racer.name for racer in racers(session)}
            if appeal.branch_id not in names:
                raise InvalidInput(BRANCH, "没有登记的支部", record=appeal.branch_id)
            for field, words in ((RAISED_BY, appeal.raised_by), (APPEAL_GROUND, appeal.ground)):
                if not words.strip():
                    raise InvalidInput(field, "不能为空")
            if len(appeal.raised_by.strip()) > 60:
                raise InvalidInput(RAISED_BY, "最多60字")
            if window is None or appeal.received_on < window.first:
                raise InvalidInput(RECEIVED_ON, "早于公布日期")
            if appeal.received_on > self._store.today:
                raise InvalidInput(RECEIVED_ON, "在今天以后")
            names_of = {each.id: each.name for each in scheme_of_version(session, row.scheme_version).indicators}
            if appeal.indicator and appeal.indicator not in names_of:
                raise InvalidInput(INDICATOR, "方案里没有这个指标", value=appeal.indicator)
            late = appeal.received_on > window.last
            if late and not appeal.late_reason.strip():
                raise InvalidInput(LATE_REASON, f"申诉期到{window.last:%Y-%m-%d}，逾期的写明理由才能受理")
            action_of(
                session
            ).sentence = f"受理{names[appeal.branch_id]}的申诉：{span.name}赛马，{appeal.raised_by.strip()}提出"
            kept = RaceAppeal(
                branch_id=appeal.branch_id,
                period=span.code,
                raised_by=appeal.raised_by.strip(),
                received_on=appeal.received_on,
                due_on=window.last,
                late_reason=appeal.late_reason.strip() if late else "",
                indicator=appeal.indicator,
                ground=appeal.ground.strip(),
                state=AppealState.PENDING,
            )
            session.add(kept)
            row.state = RacePeriodState.APPEALED
            session.flush()
            tell_branches(session, span.code)
            return kept.id

    def decide(
        self, appeal_id: str, state: AppealState, *, decided_by: str, decision: str, decided_on: date | None = None
    ) -> RacePeriodState:
        """Decide an appeal with its reason; return what becomes of the period.

        Upheld, it opens the figures for correction until the result is scored and published anew. Once no appeal waits
        and none was upheld, the published result stands as it is.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: there is none of this id.
            InvalidInput: it is decided already, a word is missing, or the day cannot be.
        """
        self._store.rights.require(Act.PUBLISH)
        with self._store.unit_of_work("决定申诉") as session:
            appeal = session.get(RaceAppeal, appeal_id)
            if appeal is None:
                raise NotFound(what="申诉")
            if appeal.state is not AppealState.PENDING:
                raise InvalidInput(STATE, f"已经决定：{appeal.state.label}")
            whose = {racer.branch_id: racer.name for racer in racers(session)}.get(appeal.branch_id, "")
            span = race_span(appeal.period)
            action_of(session).sentence = f"决定{whose}的申诉：{span.name}赛马，{appeal.raised_by}提出，{state.label}"
            if state is AppealState.PENDING:
                raise InvalidInput(STATE, "请选择")
            on = decided_on or self._store.today
            if not appeal.received_on <= on <= self._store.today:
                raise InvalidInput(DECIDED_ON, "应在收到申诉之后、今天以前")
            for field, words in ((DECIDED_BY, decided_by), (DECISION, decision)):
                if not words.strip():
                    raise InvalidInput(field, "不能为空")
            if len(decided_by.strip()) > 60:
                raise InvalidInput(DECIDED_BY, "最多60字")
            appeal.state, appeal.decided_on = state, on
            appeal.decided_by, appeal.decision = decided_by.strip(), decision.strip()
            session.flush()
            row = period_record(session, appeal.period)
            if row is None:
                raise NotFound(what="评比周期")
            if not any(_open(kept) for kept in appeals_of(session, appeal.period)):
                row.state = RacePeriodState.PUBLISHED
                drop_revision(session, appeal.period)
            tell_branches(session, appeal.period)
            return row.state


def window_of(session: Session, row: RacePeriod) -> Window | None:
    """Return the time to appeal of a period; None before it is published."""
    if row.published_on is None:
        return None
    found = window(session, scheme_of_version(session, row.scheme_version), row.published_on)
    return replace(found, first=min(found.first, _first_published(session, row)))


def _first_published(session: Session, row: RacePeriod) -> date:
    """Return the day the result was published the first time, by its history: an appeal may have come since."""
    changes = session.scalars(select(Change.after).where(Change.record_id == row.id))
    days = [str(after["published_on"]) for after in changes if after and after.get("published_on")]
    return date.fromisoformat(min(days)) if days else row.published_on or date.max


def window(session: Session, scheme: Scheme, published_on: date) -> Window:
    """Return how long a result published on a day may be appealed by the scheme, in working days of the calendar."""
    try:
        calendars = law_on(session, published_on, published_on.year).calendars
    except NotFound:
        calendars = {}
    last = after_workdays(published_on, scheme.appeal_workdays, calendars)
    return Window(published_on, last, not {published_on.year, last.year} <= calendars.keys())


def appeal_rows(session: Session, code: str) -> list[AppealRow]:
    """Return the appeals of a period as people read them."""
    names = {racer.branch_id: racer for racer in racers(session)}
    told = {result.branch_id: result.detail for result in results_of(session, code)}
    row = period_record(session, code)
    indicators = scheme_of_version(session, row.scheme_version).indicators if row is not None else ()
    called = {indicator.id: indicator.name for indicator in indicators}
    rows = []
    for appeal in appeals_of(session, code):
        racer, detail = names.get(appeal.branch_id), told.get(appeal.branch_id, {})
        rows.append(
            AppealRow(
                id=appeal.id,
                branch_id=appeal.branch_id,
                code=racer.code if racer else str(detail.get("code", "")),
                name=racer.name if racer else str(detail.get("name", "")),
                raised_by=appeal.raised_by,
                received_on=appeal.received_on,
                due_on=appeal.due_on,
                late_reason=appeal.late_reason,
                indicator=appeal.indicator,
                indicator_name=called.get(appeal.indicator, appeal.indicator),
                ground=appeal.ground,
                state=appeal.state,
                decided_by=appeal.decided_by,
                decided_on=appeal.decided_on,
                decision=appeal.decision,
                republished_on=appeal.republished_on,
                outcome=appeal.outcome,
                recorded_by=appeal.created_by,
            )
        )
    return rows


def tell_branches(session: Session, code: str) -> None:
    """Write into the published results what became of each branch's own appeals; it goes out with the next answer."""
    appeals: dict[str, list[RaceAppeal]] = {}
    for appeal in appeals_of(session, code):
        appeals.setdefault(appeal.branch_id, []).append(appeal)
    for result in results_of(session, code):
        tell_appeals(result, appeals.get(result.branch_id, ()))


def undecided(appeals: Sequence[RaceAppeal]) -> int:
    """Return how many appeals wait for a decision."""
    return sum(appeal.state is AppealState.PENDING for appeal in appeals)


def _open(appeal: RaceAppeal) -> bool:
    return appeal.state is AppealState.PENDING or (appeal.state.corrects and appeal.republished_on is None)

"""Appeals against a published result (申诉): taken up within their time, decided with a reason, never lost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.appeals import Appeal
from desktop.models.base import LONGEST_NAMES
from desktop.models.history import Change
from desktop.models.race import RaceAppeal, RaceInput, RacePeriod
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.services.appeals import APPEAL_GROUND, RAISED_BY, stands
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.race.corrections import (
    appeals_of,
    locked_because,
    not_in,
    raised_of,
    raised_periods,
    withdrawn_of,
)
from desktop.services.race.details import tell_appeals
from desktop.services.race.editions import RaceSpan, period_order, race_span, scheme_of_version
from desktop.services.race.inputs import SAMPLES, VALUE, check_figure, put_input
from desktop.services.race.periods import taking_part
from desktop.services.race.records import period_in_state, period_record, racers, results_of
from desktop.services.race.revisions import drop_revision
from desktop.services.race.rows import AppealRow, TypedFigure
from desktop.services.race.scheme import Scheme
from desktop.services.spreadsheets.branch_columns import BRANCH
from desktop.services.standards.editions import law_on, pack_on
from desktop.services.store import Store
from desktop.services.typed import refuse_outside
from desktop.services.unit_of_work import action_of
from desktop.services.workdays import after_workdays

RECEIVED_ON = Input("received_on", "收到日期")
LATE_REASON = Input("late_reason", "逾期受理的理由")
STATE = Input("state", "决定")
DECIDED_BY = Input("decided_by", "作出决定的会议或人")
DECIDED_ON = Input("decided_on", "决定日期")
DECISION = Input("decision", "决定的理由")
INDICATOR = Input("indicator", "对哪一项")
RATED = "branch_standard_total"
"""How an indicator is reckoned that rests on ratings, as an item of the standard does."""
UNDER_APPEAL = (RacePeriodState.PUBLISHED, RacePeriodState.APPEALED)
"""The states in which a result is public and may still be appealed, late with a reason."""


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

    def open_periods(self) -> list[str]:
        """Return the periods that may have appeals to decide or to correct under, the newest first."""
        query = select(RacePeriod).where(RacePeriod.published_on.is_not(None))
        with self._store.reading() as session:
            raised = raised_periods(session)
            rows = [row for row in session.scalars(query) if row.state in UNDER_APPEAL or row.period in raised]
        return [row.period for row in sorted(rows, key=lambda row: period_order(row.period), reverse=True)]

    def period_of(self, case_id: str) -> str | None:
        """Return the period whose result a case is about; None where there is none of this id."""
        with self._store.reading() as session:
            case = session.get(RaceAppeal, case_id)
            return case.period if case is not None else None

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
        self._store.rights.require_any(RaceAppeal.__tablename__)
        span = race_span(period)
        with self._store.unit_of_work(f"受理申诉：{span.name}赛马") as session:
            row = period_in_state(session, span, UNDER_APPEAL, "结果公布后、定案前才能申诉")
            window = window_of(session, row)
            names = {racer.branch_id: racer.name for racer in taking_part(session, span.code)}
            if appeal.branch_id not in names:
                enrolled = appeal.branch_id in {racer.branch_id for racer in racers(session)}
                raise InvalidInput(BRANCH, not_in(span) if enrolled else "没有登记的支部", record=appeal.branch_id)
            for field, words in ((RAISED_BY, appeal.raised_by), (APPEAL_GROUND, appeal.ground)):
                if not words.strip():
                    raise InvalidInput(field, "不能为空")
            if len(appeal.raised_by.strip()) > LONGEST_NAMES:
                raise InvalidInput(RAISED_BY, f"最多{LONGEST_NAMES}字")
            if window is None or appeal.received_on < window.first:
                raise InvalidInput(RECEIVED_ON, "早于公布日期")
            if appeal.received_on > self._store.today:
                raise InvalidInput(RECEIVED_ON, "在今天之后")
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
        self,
        appeal_id: str,
        state: AppealState,
        *,
        decided_by: str,
        decision: str,
        decided_on: date | None = None,
        late_reason: str = "",
        figures: Sequence[TypedFigure] = (),
    ) -> RacePeriodState:
        """Decide an appeal with its reason; return what becomes of the period. One that came up from its branch in a
        package is named by the id it has there, and becomes a case with its decision. Upheld, it may put `figures` of
        its branch right at once, on the ground of the decision.

        Upheld, it opens the figures for correction until the result is scored and published anew. Once no appeal waits
        and none was upheld, the published result stands as it is.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: there is none of this id.
            InvalidInput: it is decided already, a word is missing, the day cannot be, the result is final, or it was
                raised too late and no reason says why it is upheld all the same; or a figure cannot be used, and is
                named by its part (`figure_input`).
        """
        self._store.rights.require(Act.PUBLISH)
        if figures:
            self._store.rights.require_any(RaceInput.__tablename__)
        with self._store.unit_of_work("决定申诉") as session:
            appeal = session.get(RaceAppeal, appeal_id) or _taken_up(session, appeal_id)
            if appeal is None:
                raise NotFound(what="申诉")
            if appeal.state is not AppealState.PENDING:
                raise InvalidInput(STATE, f"已经决定：{appeal.state.label}")
            span = race_span(appeal.period)
            names = {racer.branch_id: racer.name for racer in taking_part(session, span.code)}
            whose = names.get(appeal.branch_id, "")
            action_of(session).sentence = f"决定{whose}的申诉：{span.name}赛马，{appeal.raised_by}提出，{state.label}"
            if state is AppealState.PENDING:
                raise InvalidInput(STATE, "请选择")
            on = decided_on or self._store.today
            refuse_outside(DECIDED_ON, on, appeal.received_on, "收到申诉那天", self._store.today)
            for field, words in ((DECIDED_BY, decided_by), (DECISION, decision)):
                if not words.strip():
                    raise InvalidInput(field, "不能为空")
            if len(decided_by.strip()) > LONGEST_NAMES:
                raise InvalidInput(DECIDED_BY, f"最多{LONGEST_NAMES}字")
            row = period_record(session, appeal.period)
            if row is None:
                raise NotFound(what="评比周期")
            if state.corrects and row.state is RacePeriodState.FINAL:
                raise InvalidInput(STATE, f"{span.name}结果已定，不能再更正，写明理由不予受理")
            if appeal.received_on > appeal.due_on and not appeal.late_reason:
                if state.corrects and not late_reason.strip():
                    raise InvalidInput(LATE_REASON, f"申诉期到{appeal.due_on:%Y-%m-%d}，逾期的写明理由才能受理")
                appeal.late_reason = late_reason.strip()
            appeal.state, appeal.decided_on = state, on
            appeal.decided_by, appeal.decision = decided_by.strip(), decision.strip()
            session.flush()
            if row.state is not RacePeriodState.FINAL:
                under_appeal = any(_open(kept) for kept in appeals_of(session, appeal.period))
                row.state = RacePeriodState.APPEALED if under_appeal else RacePeriodState.PUBLISHED
                if not under_appeal:
                    drop_revision(session, appeal.period)
            if state.corrects and figures:
                scheme = scheme_of_version(session, row.scheme_version)
                for figure in figures:
                    if figure.branch_id != appeal.branch_id:
                        raise InvalidInput(BRANCH, "决定申诉时只能更正提出申诉的支部的数")
                    checked_beside(scheme, figure)
                    put_input(session, scheme, span.code, replace(figure, ground=decision), appeal)
            tell_branches(session, appeal.period)
            return row.state


def figure_input(of: Input, part: str) -> Input:
    """Return how value or samples of a figure are asked for beside a decision, where there may be several figures."""
    return Input(f"{of.name}.{part}", of.label)


def checked_beside(scheme: Scheme, figure: TypedFigure) -> None:
    """Refuse a figure that a decision puts right, at its own field.

    Raises:
        InvalidInput: the rule it breaks.
    """
    try:
        check_figure(scheme, replace(figure, ground=figure.ground or DECISION.label))
    except InvalidInput as error:
        for of in (VALUE, SAMPLES):
            if error.name == of.name:
                raise InvalidInput(figure_input(of, figure.part), error.reason) from None
        raise


def uphold_elsewhere(session: Session, span: RaceSpan, case: RaceAppeal) -> bool:
    """Keep a case that was upheld outside the race, as an appeal against a spot check is, where the result of the
    period is published: it opens that for correction, to be scored and published anew. Return whether it does."""
    row = period_record(session, span.code)
    if row is None or row.state not in UNDER_APPEAL:
        return False
    session.add(case)
    row.state = RacePeriodState.APPEALED
    session.flush()
    tell_branches(session, span.code)
    return True


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


def _taken_up(session: Session, raised_id: str) -> RaceAppeal | None:
    """Begin the case of an appeal that came up in a package; what it says now is what is decided on."""
    raised = session.get(Appeal, raised_id)
    if raised is None or not stands(raised) or raised.period is None:
        return None
    row = period_record(session, raised.period)
    window = window_of(session, row) if row is not None else None
    if window is None:
        raise InvalidInput(STATE, "这一期的结果没有公布")
    kept = session.scalar(select(RaceAppeal).where(RaceAppeal.raised_id == raised_id))
    if kept is not None:
        return kept
    case = RaceAppeal(
        branch_id=raised.branch_id,
        period=raised.period,
        raised_id=raised.id,
        raised_by=raised.raised_by,
        received_on=raised.raised_on,
        due_on=window.last,
        indicator=raised.item,
        wished=raised.wished,
        ground=raised.ground,
        late_reason="",
        state=AppealState.PENDING,
    )
    session.add(case)
    return case


def state_in_view(session: Session, row: RacePeriod) -> RacePeriodState:
    """Return the state of a period as people see it: appeals that came up in packages wait too."""
    waits = row.state is RacePeriodState.PUBLISHED and bool(raised_of(session, row.period))
    return RacePeriodState.APPEALED if waits else row.state


def appeal_rows(session: Session, code: str) -> list[AppealRow]:
    """Return the appeals of a period as people read them: the cases, then what came up and waits for its decision, and
    what was taken back before it had one.

    What came up before the result is published here, as it may after a restore, shows once it is.
    """
    row = period_record(session, code)
    window = window_of(session, row) if row is not None else None
    cases = appeals_of(session, code)
    undecided = (*raised_of(session, code), *withdrawn_of(session, code)) if window is not None else ()
    names = {racer.branch_id: racer for racer in racers(session)}
    told = {result.branch_id: result.detail for result in results_of(session, code)}
    called = names_of(session, row, {each.indicator for each in cases} | {each.item for each in undecided})

    def named(row: AppealRow) -> AppealRow:
        racer, detail = names.get(row.branch_id), told.get(row.branch_id, {})
        code, name = (racer.code, racer.name) if racer else (detail.get("code", ""), detail.get("name", ""))
        return replace(row, code=str(code), name=str(name))

    raised = {appeal.raised_id for appeal in cases if appeal.raised_id is not None}
    withdrawn = select(Appeal.id, Appeal.withdrawn_on).where(Appeal.id.in_(raised))
    taken_back = {found.id: found.withdrawn_on for found in session.execute(withdrawn)} if raised else {}
    rows = [
        AppealRow(
            id=appeal.id,
            branch_id=appeal.branch_id,
            raised_id=appeal.raised_id or "",
            raised_by=appeal.raised_by,
            received_on=appeal.received_on,
            due_on=appeal.due_on,
            late_reason=appeal.late_reason,
            indicator=appeal.indicator,
            indicator_name=called.get(appeal.indicator, appeal.indicator),
            wished=appeal.wished,
            ground=appeal.ground,
            state=appeal.state,
            decided_by=appeal.decided_by,
            decided_on=appeal.decided_on,
            decision=appeal.decision,
            republished_on=appeal.republished_on,
            replaced_version=appeal.replaced_version,
            outcome=appeal.outcome,
            recorded_by=appeal.created_by if appeal.raised_id is None else "",
            withdrawn_on=taken_back.get(appeal.raised_id or ""),
        )
        for appeal in cases
    ]
    rows += [
        AppealRow(
            id=appeal.id,
            branch_id=appeal.branch_id,
            raised_id=appeal.id,
            raised_by=appeal.raised_by,
            received_on=appeal.raised_on,
            due_on=window.last,
            indicator=appeal.item,
            indicator_name=called.get(appeal.item, appeal.item),
            wished=appeal.wished,
            ground=appeal.ground,
            state=AppealState.PENDING if appeal.withdrawn_on is None else AppealState.WITHDRAWN,
            withdrawn_on=appeal.withdrawn_on,
        )
        for appeal in undecided
        if window is not None
    ]
    return [named(row) for row in rows]


def names_of(session: Session, row: RacePeriod | None, items: Collection[str]) -> Mapping[str, str]:
    """Return what people call what appeals are about: indicators, penalties, vetoes, items of the standard."""
    if row is None or not any(items):
        return {}
    scheme = scheme_of_version(session, row.scheme_version)
    found = {each.id: each.name for each in scheme.indicators}
    found |= {each.id: each.name for each in scheme.penalties} | {each.id: each.name for each in scheme.vetoes}
    if any(item and item not in found for item in items):
        found |= titles_of(session, row.period)
    return found


def mended_in(scheme: Scheme, item: str) -> str:
    """Return where what an upheld appeal is about is corrected: `figures`, `marks` (penalties, vetoes) or `ratings`."""
    if item in {each.id for each in scheme.penalties} | {each.id for each in scheme.vetoes}:
        return "marks"
    formulas = {each.id: each.formula for each in scheme.indicators}
    return "figures" if not item or formulas.get(item, RATED) != RATED else "ratings"


def titles_of(session: Session, period: str) -> Mapping[str, str]:
    """Return the titles of the items of the standard that a period was scored by; none where it is not here."""
    span = race_span(period)
    try:
        return {item.id: item.title for item in pack_on(session, span.last, span.first.year).items}
    except NotFound:
        return {}


def tell_branches(session: Session, code: str) -> None:
    """Write into the published results what became of each branch's own appeals; it goes out with the next answer."""
    appeals: dict[str, list[RaceAppeal]] = {}
    for appeal in appeals_of(session, code):
        appeals.setdefault(appeal.branch_id, []).append(appeal)
    for result in results_of(session, code):
        tell_appeals(result, appeals.get(result.branch_id, ()))


def _open(appeal: RaceAppeal) -> bool:
    return appeal.state is AppealState.PENDING or (appeal.state.corrects and appeal.republished_on is None)

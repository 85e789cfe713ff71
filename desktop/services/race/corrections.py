"""What may still be changed of a period, and under which appeal what was published is corrected."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from desktop.models.appeals import Appeal
from desktop.models.base import LONGEST_TEXT
from desktop.models.race import Corrected, RaceAppeal, RaceInput, RaceMark, RaceResult
from desktop.models.sampling import SampledRecord
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.services.appeals import STANDS
from desktop.services.errors import Input, InvalidInput
from desktop.services.race.editions import PERIOD, RaceSpan
from desktop.services.race.records import period_record
from desktop.services.race.scheme import Scheme
from desktop.services.race.scoring import plain, value_text
from desktop.services.spreadsheets.branch_columns import BRANCH

APPEAL = Input("appeal", "更正依据的申诉")
MILLION = Decimal(1_000_000)
NOTHING = "没有数据"
"""What a figure was before there was one."""
_DECIDED = select(RaceAppeal.raised_id).where(RaceAppeal.raised_id.is_not(None))
_UNDECIDED = (Appeal.period.is_not(None), Appeal.id.not_in(_DECIDED))
_WAITS = (*STANDS, *_UNDECIDED)


def locked_because(session: Session, span: RaceSpan) -> str:
    """Say why nothing a result rests on may be changed: it is published or final and no appeal was upheld; else ""."""
    row = period_record(session, span.code)
    if row is None:
        return ""
    if row.state is RacePeriodState.FINAL:
        return f"{span.name}结果已定，不能再改"
    if row.state is RacePeriodState.PUBLISHED:
        return f"{span.name}结果已公布，申诉成立后才能修改"
    if row.state is RacePeriodState.APPEALED and not upheld(session, span.code):
        return f"{span.name}的申诉还没有决定，决定成立后才能修改"
    return ""


def upheld_words(appeals: Iterable[AppealState]) -> str:
    """Say how appeals under which something is corrected were decided: 申诉成立, 申诉部分成立, 申诉成立、部分成立."""
    decided = set(appeals)
    return "申诉" + "、".join(state.label for state in AppealState if state.corrects and state in decided)


def refuse_if_locked(session: Session, span: RaceSpan) -> None:
    """Refuse to change what a published result rests on; an upheld appeal opens it again.

    Raises:
        InvalidInput: the result of the period is published, and no appeal against it was upheld.
    """
    reason = locked_because(session, span)
    if reason:
        raise InvalidInput(PERIOD, reason)


def appeals_of(session: Session, code: str) -> Sequence[RaceAppeal]:
    """Return the appeals of a period in the order they were taken up."""
    return session.scalars(select(RaceAppeal).where(RaceAppeal.period == code).order_by(RaceAppeal.id)).all()


def raised_of(session: Session, code: str) -> Sequence[Appeal]:
    """Return the appeals of a period that came up from branches and that nobody decided, in the order of raising."""
    return session.scalars(select(Appeal).where(Appeal.period == code, *_WAITS).order_by(Appeal.id)).all()


def withdrawn_of(session: Session, code: str) -> Sequence[Appeal]:
    """Return the appeals of a period that branches took back before anybody decided them, in the order of raising."""
    query = select(Appeal).where(Appeal.period == code, Appeal.withdrawn_on.is_not(None), *_UNDECIDED)
    return session.scalars(query.order_by(Appeal.id)).all()


def raised_periods(session: Session) -> set[str]:
    """Return the periods against whose results an appeal came up that nobody decided."""
    return {code for code in session.scalars(select(Appeal.period).where(*_WAITS)) if code is not None}


def verdicts_undecided(session: Session, code: str) -> int:
    """Return how many appeals against spot checks that cost points in a period wait for a decision."""
    query = (
        select(Appeal.id)
        .join(SampledRecord, SampledRecord.id == Appeal.sampled_id)
        .join(RaceMark, RaceMark.id == SampledRecord.mark_id)
        .where(
            RaceMark.period == code,
            RaceMark.deleted_at_utc.is_(None),
            *STANDS,
            SampledRecord.deleted_at_utc.is_(None),
            SampledRecord.appeal_state.is_(None),
        )
    )
    return len(session.scalars(query).all())


def undecided(session: Session, code: str) -> int:
    """Return how many appeals of a period wait for a decision, those that came up in packages among them."""
    taken_up = sum(appeal.state is AppealState.PENDING for appeal in appeals_of(session, code))
    return taken_up + len(raised_of(session, code))


def upheld(session: Session, code: str) -> list[RaceAppeal]:
    """Return the appeals that were upheld and whose correction is not published yet."""
    return [appeal for appeal in appeals_of(session, code) if appeal.state.corrects and appeal.republished_on is None]


def correcting(session: Session, span: RaceSpan, branch_id: str, chosen: str | None = None) -> RaceAppeal | None:
    """Return the upheld appeal under which something of a branch is changed now; None before anything is published.

    That is the one `chosen`, else the only one of the branch, else the only one there is: a correction for one branch
    may be found in the figures of another.

    Raises:
        InvalidInput: nothing may be changed, several appeals are upheld and none is chosen, or the branch is not in
            what was published.
    """
    refuse_if_locked(session, span)
    row = period_record(session, span.code)
    if row is None or row.state is not RacePeriodState.APPEALED:
        return None
    in_it = select(RaceResult.id).where(RaceResult.period == span.code, RaceResult.branch_id == branch_id)
    if session.scalar(in_it) is None:
        raise InvalidInput(BRANCH, not_in(span), record=branch_id)
    waiting = [appeal for appeal in upheld(session, span.code) if chosen in (None, appeal.id)]
    for found in ([appeal for appeal in waiting if appeal.branch_id == branch_id], waiting):
        if len(found) == 1:
            return found[0]
    if not waiting:
        raise InvalidInput(APPEAL, "不在等待更正的申诉之中")
    raise InvalidInput(APPEAL, f"有{len(waiting)}件成立的申诉，写明按哪一件更正")


def not_in(span: RaceSpan) -> str:
    """Say that a branch was not in what was published of a period."""
    return f"没有参加{span.name}的评比，公布的结果里没有它"


def correct(row: RaceInput | RaceMark, appeal: RaceAppeal | None, before: str) -> None:
    """Note on a changed row under which appeal, and what stood there when the result was published: what another
    correction put there that is not published either never did."""
    if appeal is None or row.appeal_id == appeal.id:
        return
    session = object_session(appeal)
    other = session.get(RaceAppeal, row.appeal_id) if session is not None and row.appeal_id is not None else None
    if other is None or other.republished_on is not None:
        row.replaced = before
    row.appeal_id = appeal.id


def figure_words(scheme: Scheme, row: RaceInput) -> str:
    """Say a stored figure with its samples and ground: 86（9月报表）."""
    if row.deleted_at_utc is not None:
        return NOTHING
    value = Decimal(row.value_millionths) / MILLION
    try:
        said = value_text(scheme.part(row.indicator)[1], value)
    except KeyError:  # the scheme has dropped the indicator
        said = plain(value)
    samples = f"，样本{row.samples}" if row.samples is not None else ""
    return f"{said}{samples}（{row.ground.strip()}）"


def corrected_words(row: Corrected, appeals: Mapping[str, RaceAppeal]) -> str:
    """Say under which appeal a row was corrected and what it was before; "" where it was not."""
    appeal = appeals.get(row.appeal_id) if row.appeal_id is not None else None
    if appeal is None:
        return ""
    before = f"，原为{row.replaced}" if row.replaced else ""
    return f"按{appeal.received_on:%Y-%m-%d}收到的申诉更正{before}"


def joined(grounds: Sequence[str], most: int = LONGEST_TEXT) -> str:
    """Return grounds one after the other; what would be longer than a field may be is counted instead."""
    told, left = "；".join(grounds), 0
    while len(told) > most and left < len(grounds):
        left += 1
        rest = f"另有{left}条依据太长，没有列出，见扣分和否决登记"
        told = "；".join((*grounds[: len(grounds) - left], rest))
    return told


def ground_of(row: RaceInput | RaceMark, appeals: Mapping[str, RaceAppeal]) -> str:
    """Return the ground of a figure, penalty or veto with the appeal it was corrected under."""
    return joined([words for words in (row.ground, corrected_words(row, appeals)) if words])

"""What a branch sees of the spot checks, what it says against a verdict, and what headquarters decides of that."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.appeals import Appeal
from desktop.models.base import LONGEST_NAMES
from desktop.models.branches import Branch
from desktop.models.race import RaceAppeal
from desktop.models.sampling import SampledRecord, SampleSheet
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.services.appeals import (
    APPEAL_GROUND,
    RAISED_ALREADY,
    STANDS,
    Raised,
    put_in,
    stands,
    take_back,
    worded,
)
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.race.records import ever_enrolled, racers
from desktop.services.sampling.confirming import FALSE_RECORD, undo
from desktop.services.sampling.reading import appeal_until, kept_record, kept_sheet, sheets_of
from desktop.services.sampling.rows import SheetRow
from desktop.services.sampling.service import GROUND, VERDICT, WHAT
from desktop.services.standards.asked import headquarters_only
from desktop.services.typed import refuse_outside
from desktop.services.unit_of_work import action_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desktop.services.store import Store

DECISION = Input("decision", "决定的理由")
DECIDED_BY = Input("decided_by", "作出决定的会议或人")
STATE = Input("state", "决定")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What is decided of an appeal. Upheld, `verdict` takes the place of the one appealed against; there is one."""

    state: AppealState
    decided_by: str
    decision: str
    verdict: SampleVerdict | None = SampleVerdict.TRUE
    decided_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAppeal:
    """An appeal against a verdict that headquarters has to decide, until the time to appeal is over."""

    branch: str
    period: str
    title: str
    raised_on: date
    until: date | None


class SampleAppealService:
    """Appeals against verdicts: raised at the branch, decided at headquarters."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # -- at the branch ---------------------------------------------------------------------------

    def sheets(self) -> list[SheetRow]:
        """Return the sheets about this branch as headquarters fed them back, the newest period first."""
        with self._store.reading() as session:
            own = session.get(Branch, self._store.branch_id)
            name = (own.code, own.name) if own is not None else ("", "")
            rows = sheets_of(session, {self._store.branch_id: name}, branch_id=self._store.branch_id)
        return sorted(rows, key=lambda row: (row.drawn_on, row.period), reverse=True)

    def raise_appeal(self, sampled_id: str, raised: Raised) -> str:
        """Say something against a verdict; it goes up with the next package. Return its id.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: a word is missing, the verdict is not against the branch, or an appeal was raised already.
            NotFound: there is no such record.
        """
        self._store.rights.require_any(Appeal.__tablename__)
        said = worded(raised)
        with self._store.unit_of_work("对抽查的认定提出申诉") as session:
            row = kept_record(session, sampled_id)
            if row.branch_id != self._store.branch_id:
                raise NotFound(what="抽查记录")
            appealable = row.verdict is SampleVerdict.INCOMPLETE or row.confirmed_on is not None
            if not appealable:
                raise InvalidInput(VERDICT, "认定有瑕疵或者复核过的不实才能申诉")
            kept = session.scalar(
                select(Appeal).where(Appeal.branch_id == row.branch_id, Appeal.sampled_id == sampled_id)
            )
            if kept is not None and stands(kept):
                raise InvalidInput(APPEAL_GROUND, RAISED_ALREADY)
            if row.appeal_state is not None:
                raise InvalidInput(STATE, f"已经决定：{row.appeal_state.label}")
            action_of(session).sentence = f"对“{row.title}”的抽查认定提出申诉"
            return put_in(session, self._store, kept or Appeal(branch_id=row.branch_id, sampled_id=sampled_id), said)

    def withdraw(self, appeal_id: str) -> None:
        """Take an appeal back before it is decided.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: it is decided.
            NotFound: there is none of this id.
        """
        self._store.rights.require_any(Appeal.__tablename__)
        with self._store.unit_of_work("撤回对抽查的申诉") as session:
            appeal = take_back(session, self._store, appeal_id)
            row = session.get(SampledRecord, appeal.sampled_id)
            if row is not None and row.appeal_state is not None:
                raise InvalidInput(STATE, f"已经决定：{row.appeal_state.label}")

    # -- at headquarters -------------------------------------------------------------------------

    def waiting(self) -> list[WaitingAppeal]:
        """Return the appeals against verdicts of whatever period that are not decided, the oldest first."""
        query = (
            select(Appeal, SampledRecord, SampleSheet.period)
            .join(SampledRecord, SampledRecord.id == Appeal.sampled_id)
            .join(SampleSheet, SampleSheet.id == SampledRecord.sheet_id)
            .where(
                SampledRecord.branch_id == Appeal.branch_id,
                *STANDS,
                SampledRecord.deleted_at_utc.is_(None),
                SampledRecord.appeal_state.is_(None),
            )
        )
        with self._store.reading() as session:
            names = {racer.branch_id: racer.name for racer in racers(session)}
            found = [
                WaitingAppeal(
                    branch=names[appeal.branch_id],
                    period=period,
                    title=row.title,
                    raised_on=appeal.raised_on,
                    until=appeal_until(session, row),
                )
                for appeal, row, period in session.execute(query)
                if appeal.branch_id in names
            ]
        return sorted(found, key=lambda each: (each.raised_on, each.branch))

    def decide(self, sampled_id: str, decided: Decided) -> str:
        """Decide what a branch said against a verdict; the branch learns it with the next feedback.

        Upheld, the verdict is the one that was decided, and what the former one brought about is taken back. Where the
        race it counted in is published, that is open for correction from now on: return its period, else "".

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: there is no appeal, it is decided, a word is missing, or the race it counted in is final.
            NotFound: there is no such record.
        """
        self._store.rights.require(Act.PUBLISH)
        headquarters_only(self._store, WHAT)
        for field, words in ((DECIDED_BY, decided.decided_by), (DECISION, decided.decision)):
            if not words.strip():
                raise InvalidInput(field, "不能为空")
        if len(decided.decided_by.strip()) > LONGEST_NAMES:
            raise InvalidInput(DECIDED_BY, f"最多{LONGEST_NAMES}字")
        if decided.state not in (AppealState.UPHELD, AppealState.REJECTED):
            raise InvalidInput(STATE, "请选择")
        if decided.state is AppealState.UPHELD and decided.verdict not in (
            SampleVerdict.TRUE,
            SampleVerdict.INCOMPLETE,
        ):
            raise InvalidInput(VERDICT, "申诉成立的，改为属实或有瑕疵")
        with self._store.unit_of_work("决定对抽查的申诉") as session:
            row = kept_record(session, sampled_id)
            appeal = session.scalar(
                select(Appeal).where(
                    Appeal.branch_id == row.branch_id,
                    Appeal.sampled_id == sampled_id,
                    *STANDS,
                )
            )
            if appeal is None:
                raise InvalidInput(STATE, "支部没有申诉")
            if row.appeal_state is not None:
                raise InvalidInput(STATE, f"已经决定：{row.appeal_state.label}")
            anew, on = "", decided.decided_on or self._store.today
            refuse_outside(Input("decided_on", "决定日期"), on, appeal.raised_on, "提出申诉那天", self._store.today)
            if decided.state is AppealState.UPHELD:
                if row.confirmed_on is not None:
                    case = _case_of(session, row, appeal, decided, on)
                    if undo(session, row, utc_text(self._store.clock()), case):
                        anew = case.period
                if decided.verdict is SampleVerdict.INCOMPLETE and not row.ground:
                    raise InvalidInput(GROUND, "不能为空")
                row.verdict = decided.verdict
            row.appeal_state, row.decided_on = decided.state, on
            row.decided_by, row.decision = decided.decided_by.strip(), decided.decision.strip()
            whose = {racer.branch_id: racer.name for racer in ever_enrolled(session)}.get(row.branch_id, "")
            action_of(session).sentence = f"决定{whose}对“{row.title}”抽查认定的申诉：{decided.state.label}"
            return anew


def _case_of(session: "Session", row: SampledRecord, appeal: Appeal, decided: Decided, on: date) -> RaceAppeal:
    """Return the case under which a published race is corrected for an appeal that was upheld here."""
    until = appeal_until(session, row)
    late = until is not None and appeal.raised_on > until
    return RaceAppeal(
        branch_id=row.branch_id,
        period=kept_sheet(session, row.sheet_id).period,
        raised_id=appeal.id,
        raised_by=appeal.raised_by,
        received_on=appeal.raised_on,
        due_on=until or appeal.raised_on,
        indicator=FALSE_RECORD,
        ground=f"对抽查认定不实（{row.title}）：{appeal.ground}",
        late_reason="抽查申诉逾期提出，仍作出决定" if late else "",
        state=decided.state,
        decided_by=decided.decided_by.strip(),
        decided_on=on,
        decision=decided.decision.strip(),
    )

"""The recycle bin (回收站) of a branch: what lies in it, who put it there, when, why, and the way back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.appraisal import Appraisal
from desktop.models.development import DevelopmentCase
from desktop.models.dues import DuesAssessment, DuesPayment
from desktop.models.elections import Election
from desktop.models.history import Change
from desktop.models.inspections import Inspection, InspectionPoint
from desktop.models.meetings import Meeting
from desktop.models.members import Member
from desktop.models.people import Person
from desktop.models.registers import declared, every_register
from desktop.services.appraisal.service import AppraisalService
from desktop.services.clock import local
from desktop.services.development.service import DevelopmentService
from desktop.services.dues.assessing import AssessmentService
from desktop.services.dues.collecting import PaymentService
from desktop.services.dues.words import months_words, yuan
from desktop.services.election.service import ElectionService
from desktop.services.errors import Input, InvalidInput
from desktop.services.inspections.service import InspectionService
from desktop.services.meetings import MeetingService
from desktop.services.members.records import MERGED, MemberRecords
from desktop.services.quoting import quoted
from desktop.services.registers import RegisterService
from desktop.services.retention.finding import named

if TYPE_CHECKING:
    from desktop.services.store import Store

RECORD = Input("record", "回收站")
CASES = DevelopmentCase.__tablename__
_CHUNK = 500
_BECAUSE = "”："
"""In the sentence of history the reason stands behind the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recycled:
    """One record in the recycle bin."""

    table: str
    id: str
    kind: str
    """What such records are called: 党员, 会议记录, the title of a register."""
    what: str
    reason: str
    """Empty where none was asked for."""
    at: datetime
    by: str
    why_not: str
    """Why it cannot be taken out; empty where it can."""


class RecycleBin:
    """Everything of this branch that was put into the recycle bin by itself: members, meetings, rows of registers."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def rows(self) -> list[Recycled]:
        """Return what lies in it, what was put there last first."""
        with self._store.reading() as session:
            rows = [
                self._row(row, change, session)
                for model in _models()
                for row, change in _deleted(session, model, self._store.branch_id)
                if not _went_along(row, session)
            ]
        return sorted(rows, key=lambda row: (row.at, row.id), reverse=True)

    def restore(self, table: str, record_id: str) -> None:
        """Take a record out, with what went there with it.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: its contents went into another record.
            Conflict: the same has been recorded again meanwhile.
            NotFound: it does not lie there.
        """
        found = next((row for row in self.rows() if (row.table, row.id) == (table, record_id)), None)
        if found is not None:
            self.take_out(found)
        else:
            self._restore(table, record_id)

    def take_out(self, record: Recycled) -> None:
        """Take out a record of `rows`.

        Raises:
            NotAllowed, InvalidInput, Conflict, NotFound: as `restore`.
        """
        if record.why_not:
            raise InvalidInput(RECORD, record.why_not)
        self._restore(record.table, record.id)

    def _restore(self, table: str, record_id: str) -> None:
        if table == Member.__tablename__:
            MemberRecords(self._store).restore(record_id)
        elif table == Meeting.__tablename__:
            MeetingService(self._store).restore(record_id)
        elif table == CASES:
            DevelopmentService(self._store).restore(record_id)
        elif table == DuesPayment.__tablename__:
            PaymentService(self._store).restore([record_id])
        elif table == DuesAssessment.__tablename__:
            AssessmentService(self._store).restore(record_id)
        elif table == Appraisal.__tablename__:
            AppraisalService(self._store).restore(record_id)
        elif table == Inspection.__tablename__:
            InspectionService(self._store).restore(record_id)
        elif table == Election.__tablename__:
            ElectionService(self._store).restore(record_id)
        else:
            RegisterService(self._store).restore(table, record_id)

    def _row(self, row: Any, change: Change | None, session: Session) -> Recycled:
        table = str(row.__tablename__)
        register = declared(table)
        sentence = change.sentence if change is not None else ""
        merged = sentence.startswith(MERGED)
        return Recycled(
            table=table,
            id=row.id,
            kind=register.title if register is not None else _LABELS[table],
            what=_named(row, session),
            reason=sentence if merged else sentence.partition(_BECAUSE)[2],
            at=local(row.deleted_at_utc or "", self._store.clock),
            by=change.actor if change is not None else "",
            why_not="已并入另一条记录，内容都在那一条里" if merged else "",
        )


_LABELS = {
    Member.__tablename__: "党员",
    Meeting.__tablename__: "会议记录",
    CASES: "发展党员",
    DuesPayment.__tablename__: DuesPayment.__label__,
    DuesAssessment.__tablename__: DuesAssessment.__label__,
    Appraisal.__tablename__: Appraisal.__label__,
    Election.__tablename__: Election.__label__,
}


def _went_along(row: Any, session: Session) -> bool:
    """Tell whether a record lies in the bin with another, and comes out of it with that one only."""
    if not isinstance(row, InspectionPoint):
        return False
    whole = session.get(Inspection, row.inspection_id)
    return whole is not None and whole.deleted_at_utc is not None


def _named(row: Any, session: Session) -> str:
    """Return what people call a record; an admission by the name of its person."""
    if isinstance(row, DevelopmentCase):
        person = session.get(Person, row.person_id)
        return f"发展党员{quoted(person.name)}" if person is not None else "发展党员"
    if isinstance(row, Election):
        return f"第{row.term_no}届{row.kind.label}"
    if isinstance(row, DuesPayment | DuesAssessment):
        return _dues(row, session)
    if isinstance(row, Appraisal):
        return f"{row.for_year}年度组织生活会和民主评议"
    return named(row)


def _dues(row: DuesPayment | DuesAssessment, session: Session) -> str:
    """Return whose dues, of which months, and how much."""
    member = session.get(Member, row.member_id)
    name = member.name if member is not None else ""
    if isinstance(row, DuesAssessment):
        return f"{name}{row.year}年{row.from_month}月起每月{yuan(row.monthly_fen)}元"
    months = months_words([(row.year, month) for month in range(row.from_month, row.to_month + 1)], row.year)
    return f"{name}{row.year}年{months}{yuan(row.amount_fen)}元"


def _models() -> Sequence[type[Any]]:
    return [
        Member,
        Meeting,
        DevelopmentCase,
        DuesPayment,
        DuesAssessment,
        Appraisal,
        Election,
        *(register.model for register in every_register()),
    ]


def _deleted(session: Session, model: type[Any], branch_id: str) -> Iterator[tuple[Any, Change | None]]:
    """Yield each record in the bin with the act that put it there."""
    rows = session.scalars(select(model).where(model.branch_id == branch_id, model.deleted_at_utc.is_not(None))).all()
    put: dict[str, Change] = {}
    for start in range(0, len(rows), _CHUNK):
        ids = [row.id for row in rows[start : start + _CHUNK]]
        query = select(Change).where(Change.record_kind == model.__tablename__, Change.record_id.in_(ids))
        for change in session.scalars(query.order_by(Change.at_utc, Change.id)):
            if (change.after or {}).get("deleted_at_utc"):
                put[change.record_id] = change
    yield from ((row, put.get(row.id)) for row in rows)

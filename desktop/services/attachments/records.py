"""The records that files can be attached to, found by their id or by the number they have as evidence."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from desktop.models.appeals import Appeal
from desktop.models.branches import Branch, PartyGroup, PostAssignment, Term
from desktop.models.development import CasePaper, DevelopmentCase
from desktop.models.elections import Election
from desktop.models.improvement import PdcaPlan
from desktop.models.meetings import Meeting
from desktop.models.members import Member
from desktop.models.points import PointsClaim, PointsPublication
from desktop.models.race import RaceAppeal
from desktop.models.registers import declared, every_register
from desktop.models.sampling import SampledRecord
from desktop.services.errors import NotFound
from desktop.services.spreadsheets.text import plain

if TYPE_CHECKING:
    from desktop.services.store import Store

BRANCHES, GROUPS, TERMS, POSTS = (model.__tablename__ for model in (Branch, PartyGroup, Term, PostAssignment))
"""Under which names files are attached to what the body itself is."""

_MODELS: tuple[type[Any], ...] = (
    Meeting,
    Branch,
    PartyGroup,
    Term,
    PostAssignment,
    Member,
    PdcaPlan,
    DevelopmentCase,
    CasePaper,
    Election,
    PointsClaim,
    PointsPublication,
    Appeal,
    SampledRecord,
    RaceAppeal,
)
_NUMBER = re.compile(r"(\d{4})-\w+-\w+-\d+")


@dataclass(frozen=True, slots=True)
class RecordRef:
    """One record as attachments name it: `kind` is its table, or its register."""

    kind: str
    id: str


def require_record(session: Session, kind: str, record_id: str) -> None:
    """Refuse a record that files cannot belong to: of an unknown kind, not there, or in the recycle bin.

    Raises:
        NotFound: it is such a one.
    """
    session.flush()  # what the same action has just made is there too
    model = attachable().get(kind)
    row = None if model is None else session.get(model, record_id)
    if row is None or row.deleted_at_utc is not None:
        raise NotFound(what="这条记录")


def attachable() -> dict[str, type[Any]]:
    """Return what files can be attached to: the name of its table, or of its register."""
    return {model.__tablename__: model for model in _MODELS} | {each.kind: each.model for each in every_register()}


def find_record(store: "Store", text: str) -> RecordRef:
    """Return the record of this branch with an id, or with a number of evidence of the score of today.

    Raises:
        NotFound: there is none.
    """
    text = plain(text)
    number = _NUMBER.fullmatch(text)
    record_id = text if number is None else _id_of_number(store, text, int(number[1]))
    with store.reading() as session:
        for kind, model in attachable().items():
            register = declared(kind)
            if register is not None and not register.attachments:
                continue
            row = session.get(model, record_id)
            if row is not None and row.branch_id == store.branch_id and row.deleted_at_utc is None:
                return RecordRef(kind, record_id)
    raise NotFound(what="记录", name=text)


def _id_of_number(store: "Store", number: str, year: int) -> str:
    from desktop.services.standards.evidence import number_evidence
    from desktop.services.standards.service import StandardService  # scores: only where a number is given

    numbers = number_evidence(StandardService(store).score(store.today, year))
    found = (each.used.id for each in numbers.of_record.values() if each.number == number)
    record_id = next(found, None)
    if record_id is None:
        raise NotFound(what="佐证编号", name=number)
    return record_id

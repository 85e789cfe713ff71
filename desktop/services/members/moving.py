"""Who moves, as the letter of transfer names them: from the ledger of transfers, else from the roster."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.members import Member
from desktop.models.transfers import Transfer
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.transfers import TransferDirection
from desktop.services.errors import NotFound
from desktop.services.members.law import member_law
from desktop.services.members.rows import MemberRow
from desktop.services.members.service import MemberService
from desktop.services.members.transfers import paid_doubt

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingMember:
    """What a letter of transfer says of a member; "" and None for what is not known. `doubt`: what to look at first."""

    name: str
    direction: TransferDirection
    gender: str = ""
    age: int | None = None
    ethnic: str = ""
    category: str = ""
    id_no: str = ""
    phone: str = ""
    from_org: str = ""
    to_org: str = ""
    letter_no: str = ""
    valid_days: int | None = None
    paid_until: date | None = None
    doubt: str = ""


def moving_member(store: "Store", record_id: str) -> MovingMember:
    """Return who a transfer on record is about; the ID number is whole only for those entitled, else left to write.

    Raises:
        NotFound: there is no such transfer.
    """
    with store.reading() as session:
        row = session.get(Transfer, record_id)
        if row is None or row.deleted_at_utc is not None:
            raise NotFound(what="组织关系转接")
        law = member_law(session, store.today)
        member = session.get(Member, row.member_id) if row.member_id else None
        id_no = member.id_no if member is not None and store.rights.may(Act.IDENTITY) else ""
        found = MovingMember(
            name=row.name,
            direction=row.direction or TransferDirection.OUT,
            category=row.category.label if row.category else "",
            id_no=id_no or "",
            phone=row.phone or "",
            from_org=row.from_org or "",
            to_org=row.to_org or "",
            letter_no=row.letter_no or "",
            valid_days=row.valid_days,
            paid_until=row.paid_until,
            doubt=paid_doubt(row.paid_until, row.issued_on, law.paid_behind_months),
        )
    return found if member is None else _completed(found, MemberService(store).member(member.id), row.issued_on)


def _completed(found: MovingMember, known: MemberRow, on: date) -> MovingMember:
    """Return who moves with what the roster knows; the age is that of the day of the letter."""
    born = known.born_on
    age = None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return replace(
        found,
        gender=known.gender_text,
        age=age,
        ethnic=known.ethnic_text,
        category=found.category or known.category.label,
        phone=found.phone or known.phone,
    )

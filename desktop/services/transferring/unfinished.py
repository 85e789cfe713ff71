"""Transfers between two branches that were not completed, as headquarters sees them: one ID number on two rosters."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.members import Member
from desktop.models.sync import Partner
from desktop.models.transfers import Transfer, TransferOrder
from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.transfers import OrderState
from desktop.services.members.law import add_months, member_law
from desktop.services.spreadsheets.identity import masked
from desktop.services.store import Store
from desktop.services.transferring.orders import is_gone

_ON_ROSTER = tuple(status for status in MemberStatus if status.on_roster)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a person stands on a roster, as the branch called so sent it."""

    branch_id: str
    code: str
    branch: str
    member_id: str
    name: str
    status: MemberStatus


@dataclass(frozen=True, slots=True)
class Unfinished:
    """One person on the rosters of several branches; the ID number is masked."""

    id_no: str
    places: tuple[Place, ...]

    @property
    def name(self) -> str:
        """What the branches call the person; both names where they differ."""
        return "、".join(dict.fromkeys(place.name for place in self.places))

    @property
    def leaving(self) -> bool:
        """Whether one of the branches waits for the receipt already: only that is missing."""
        return any(place.status is MemberStatus.TRANSFER_PENDING for place in self.places)

    @property
    def words(self) -> str:
        """What is to be done about it."""
        if self.leaving:
            code = next(place.code for place in self.places if place.status is MemberStatus.TRANSFER_PENDING)
            return f"{code} 转出未回执：请它登记回执日期"
        return "没有登记转出：请核对是转接没有办完，还是证号录错"


def unfinished_transfers(store: Store) -> list[Unfinished]:
    """Return everybody who stands on the rosters of more than one branch by the same ID number, by name.

    Whom an order of headquarters moves between just these branches is none of them: until the receipt is in, and then
    as long as the rules leave the branch the member goes from to note it.
    """
    with store.reading() as session:
        rows = _rows(session)
        moving = _moving(session, store.today) if rows else {}
        partners = {
            partner.org: partner for partner in session.scalars(select(Partner).order_by(Partner.enrolled_at_utc))
        }
    found: dict[str, list[Place]] = defaultdict(list)
    for member in rows:
        partner = partners.get(member.branch_id)
        found[_number(member)].append(
            Place(
                branch_id=member.branch_id,
                code=partner.code if partner is not None else "",
                branch=partner.name if partner is not None else "",
                member_id=member.id,
                name=member.name,
                status=member.status,
            )
        )
    shared = (
        Unfinished(masked(number), tuple(sorted(places, key=lambda place: place.code)))
        for number, places in found.items()
        if len({place.branch_id for place in places}) > 1 and not _under_way(places, moving)
    )
    return sorted(shared, key=lambda person: (person.name, person.places[0].code))


def _moving(session: Session, today: date) -> dict[str, set[str]]:
    """Return the branches between which members are moved just now, by the id of the member where the move began.

    What the branch took back is no move any more, whatever the other one has done meanwhile.
    """
    months = member_law(session, today).receipt_months
    found: dict[str, set[str]] = {}
    for order in session.scalars(select(TransferOrder).where(TransferOrder.deleted_at_utc.is_(None))):
        state, came = order.state(today), order.receipt_on
        noted_late = state is OrderState.RECEIVED and came is not None and add_months(came, months) < today
        stands = (state.under_way or state is OrderState.RECEIVED) and not noted_late
        if stands and not is_gone(session.get(Transfer, order.record_id)):
            found[order.member_id] = {order.from_id, order.to_id}
    return found


def _under_way(places: list[Place], moving: dict[str, set[str]]) -> bool:
    here = {place.branch_id for place in places}
    return any(here <= moving.get(place.member_id, set()) for place in places)


def _rows(session: Session) -> list[Member]:
    """Return the members on rosters whose ID number is on more than one."""
    number = func.upper(func.trim(Member.id_no))
    here = (
        Member.deleted_at_utc.is_(None),
        Member.status.in_(_ON_ROSTER),
        Member.id_no.is_not(None),
        Member.id_no != "",
    )
    shared = select(number).where(*here).group_by(number).having(func.count(Member.branch_id.distinct()) > 1)
    return list(session.scalars(select(Member).where(*here, number.in_(shared))))


def _number(member: Member) -> str:
    return (member.id_no or "").strip().upper()

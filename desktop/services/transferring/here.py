"""The orders of headquarters at one of the two branches: received or refused by one, closed or taken back by the other.

Each act writes this branch's own row of the register of transfers, and its roster with it; the order itself is
headquarters', and is only read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from desktop.models.members import Member
from desktop.models.transfers import KnownBranch, Transfer, TransferOrder
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import DatePrecision, MemberStatus
from desktop.models.vocabulary.stores import Use
from desktop.models.vocabulary.transfers import HereState, OrderState, TransferDirection
from desktop.services.branches import BranchService
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.members.sheet import ID_NO, JOINED_ON, NAME, partial_text
from desktop.services.members.transferring import KIND, TransferService
from desktop.services.registers.service import RegisterService
from desktop.services.spreadsheets.identity import masked
from desktop.services.transferring.standing import keep_probation, keep_standing, keep_watched

if TYPE_CHECKING:
    from desktop.services.store import Store

ORDER = Input("order", "转接通知")
RECEIPT_ON = Input("receipt_on", "回执日期")
REASON = Input("reason", "原因")
_TABLES = (Member.__tablename__, KIND)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHere:
    """An order as this branch reads it. `other`: the branch at its other end; `record_id`: this branch's own row.

    `answer` and `answered_on` say what the branch that receives did. The ID number is masked.
    """

    id: str
    direction: TransferDirection
    name: str
    id_no: str
    category: str
    other: str
    issued_on: date
    letter_on: date
    letter_no: str
    valid_until: date
    paid_until: date | None
    state: HereState
    answered_on: date | None = None
    answer: str = ""
    withdrawal: str = ""
    note: str = ""
    standing: str = ""
    record_id: str = ""
    member_id: str = ""

    @property
    def comes(self) -> bool:
        """Whether the member moves to this branch."""
        return self.direction is TransferDirection.IN

    @property
    def receives(self) -> bool:
        """Whether this branch can say now that it received the member, or that it does not."""
        return self.state in (HereState.TO_RECEIVE, HereState.RUN_OUT)

    @property
    def takes_back(self) -> bool:
        """Whether this branch can say that its member stays."""
        return self.state in (HereState.WAITING, HereState.TO_TAKE_BACK, HereState.WITHDRAWN) and not self.comes


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What is known of somebody who is to be received: `typed` as the form of a member takes it, by its fields.

    `known_id` and `known`: who is on the roster of this branch with this ID number already, and in which state.
    """

    order: OrderHere
    typed: Mapping[str, str] = field(default_factory=dict)
    has_number: bool = False
    known_id: str = ""
    known: str = ""


class OrdersHereService:
    """The orders that came to this branch, and what it does about them."""

    def __init__(self, store: "Store") -> None:
        self._store, self._registers, self._transfers = store, RegisterService(store), TransferService(store)

    # reading

    def orders(self) -> list[OrderHere]:
        """Return the orders about this branch: what asks for something first, then the newest."""
        with self._store.reading() as session:
            found = [self._row(session, order) for order in session.scalars(self._kept())]
        return sorted(found, key=lambda row: (not row.state.asks, -row.issued_on.toordinal(), row.name))

    def unordered(self) -> list[str]:
        """Return in words who was registered as leaving for a branch of headquarters while no order has come.

        A move to somewhere else waits for none. Before headquarters told its branches, every open move may be one.
        """
        told = self._told()
        branches = {_folded(each.name) for each in told if not each.revoked}

        def waits(row: Transfer) -> bool:
            untold = not told and row.direction is TransferDirection.OUT
            return untold or _folded(row.to_org or "") in branches

        ordered = select(TransferOrder.record_id).where(TransferOrder.deleted_at_utc.is_(None))
        query = (
            select(Transfer)
            .where(
                Transfer.branch_id == self._store.branch_id,
                Transfer.deleted_at_utc.is_(None),
                Transfer.direction.in_((TransferDirection.OUT, TransferDirection.INTERNAL)),
                Transfer.receipt_on.is_(None),
                Transfer.returned_on.is_(None),
                Transfer.id.not_in(ordered),
            )
            .order_by(Transfer.issued_on, Transfer.id)
        )
        with self._store.reading() as session:
            return [
                f"{row.name}（{row.issued_on}，转往{row.to_org or '没有写'}）"
                for row in session.scalars(query)
                if waits(row)
            ]

    def known_branches(self) -> list[str]:
        """Return the names of the other branches a member can move to, by code, as far as headquarters told them."""
        return [each.name for each in self._told() if not each.revoked]

    def arrival(self, order_id: str) -> Arrival:
        """Return what the form of a member is filled with for an order; nothing is written.

        Raises:
            InvalidInput: the order asks this branch to receive nobody.
            NotFound: there is no such order.
        """
        with self._store.reading() as session:
            order = self._find(session, order_id)
            row = self._row(session, order)
            if not row.receives:
                raise InvalidInput(ORDER, f"{row.name}的转接{row.state.label}，不能接收")
            known = self._known(session, order)
            typed = {
                "name": order.name,
                "category": order.category.label,
                "admitted_on": partial_text(order.admitted_on, order.admitted_precision or DatePrecision.DAY),
                "full_on": partial_text(order.full_on, order.full_precision or DatePrecision.DAY),
                "phone": order.phone or "",
                "ethnic": order.ethnic or "",
                "education": order.education or "",
            }
            if not order.id_no:  # else the number says both
                born = partial_text(order.born_on, order.born_precision or DatePrecision.DAY)
                typed |= {"gender": order.gender or "", "born_on": born}
            return Arrival(
                order=row,
                typed={name: value for name, value in typed.items() if value},
                has_number=bool(order.id_no),
                known_id=known.id if known is not None else "",
                known=known.status.label if known is not None else "",
            )

    def id_number(self, order_id: str) -> str:
        """Return the whole ID number an order says. That it was looked at is remembered.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: there is no such order.
        """
        self._store.rights.require(Act.IDENTITY)
        with self._store.reading() as session:
            order = self._find(session, order_id)
            name, number = order.name, order.id_no or ""
        self._store.audit(Use.SHOW_ID, name)
        return number

    # the branch that receives

    def receive(self, order_id: str, typed: Mapping[str, object] | None = None, on: date | None = None) -> str:
        """Receive the member of an order on the day `on`: the receipt (回执), which goes up with the next report.

        By what was `typed` a new member is entered; whoever is on the roster by the same ID number is no new one, and
        whoever went from here before is back. Return the id of the member.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: the order cannot be received, or a value breaks a rule.
            Conflict: the ID number is that of somebody in the recycle bin.
            NotFound: there is no such order.
        """
        for table in _TABLES:
            self._store.rights.require_table(table)
        arrival = self.arrival(order_id)
        order, on = arrival.order, on or self._store.today
        draft = self._registers.understand(KIND, self._entry(order) | {"receipt_on": on})
        with self._store.unit_of_work(f"接收{order.other}转来的{order.name}") as session:
            given = self._find(session, order_id)
            known = self._known(session, given)
            if known is not None and known.deleted_at_utc is None and not known.status.on_roster:
                _refuse_former(known)
            kept = self._registers.keep(session, draft)
            assert isinstance(kept, Transfer)
            kept.order_id = order_id
            if known is not None and known.deleted_at_utc is None:
                kept.member_id = known.id
                if not known.status.on_roster:
                    keep_standing(known, given)
            said: dict[str, object] = {**arrival.typed, **(typed or {}), JOINED_ON.name: on}
            if given.id_no:
                said[ID_NO.name] = given.id_no
            self._transfers.arrive(session, kept, on, is_new=False, typed=said)
            member = session.get(Member, kept.member_id)
            if member is not None:
                member.origin_id = member.origin_id or given.member_id
                keep_probation(member, given)
                keep_watched(session, member, given, on)
            return str(kept.member_id)

    def refuse(self, order_id: str, reason: str, on: date | None = None) -> str:
        """Say that the member of an order is not received, and why; return the id of the row that says so.

        As long as it stands the order asks for nothing; taken out of the register, it asks again.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: no reason is given, or the order cannot be received anyway.
            NotFound: there is no such order.
        """
        self._store.rights.require_table(KIND)
        if not reason.strip():
            raise InvalidInput(REASON, "不能为空")
        order = self.arrival(order_id).order
        end = {"returned_on": on or self._store.today, "return_reason": reason.strip()}
        draft = self._registers.understand(KIND, self._entry(order) | end)
        with self._store.unit_of_work(f"不接收{order.other}转来的{order.name}") as session:
            kept = self._registers.keep(session, draft)
            assert isinstance(kept, Transfer)
            kept.order_id = order_id
            return kept.id

    # the branch that the member leaves

    def close(self, order_id: str) -> None:
        """Note the receipt that came with an order in this branch's own record, and let the member leave the roster.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: no receipt came, or the roster cannot follow.
            NotFound: there is no such order.
        """
        for table in _TABLES:
            self._store.rights.require_table(table)
        with self._store.reading() as session:
            order = self._find(session, order_id)
            row, receipt = self._row(session, order), order.receipt_on
        if row.state is not HereState.TO_CLOSE:
            raise InvalidInput(ORDER, f"{row.name}的转接{row.state.label}，没有要登记的回执")
        draft = self._registers.understand(KIND, {"receipt_on": receipt}, row.record_id)
        with self._store.unit_of_work(f"登记{row.other}接收{row.name}的回执") as session:
            kept = self._registers.keep(session, draft, row.record_id)
            member = self._member(session, row)
            if member is not None and isinstance(kept, Transfer):
                self._transfers.leave(session, member, kept)

    def take_back(self, order_id: str, reason: str = "", on: date | None = None) -> None:
        """Say in this branch's own record that the move came to nothing: the member is on the roster as before.

        Without a reason it is the one that the order tells.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: there is no reason, the move is closed, or the roster cannot follow.
            NotFound: there is no such order.
        """
        for table in _TABLES:
            self._store.rights.require_table(table)
        with self._store.reading() as session:
            row = self._row(session, self._find(session, order_id))
        if not row.takes_back:
            raise InvalidInput(ORDER, f"{row.name}的转接{row.state.label}，不能收回")
        why = reason.strip() or row.answer or row.withdrawal
        if not why:
            raise InvalidInput(REASON, "不能为空")
        day = on or self._store.today
        end = {"returned_on": day, "return_reason": why}
        draft = self._registers.understand(KIND, end, row.record_id)
        with self._store.unit_of_work(f"{row.name}没有转到{row.other}") as session:
            kept = self._registers.keep(session, draft, row.record_id)
            member = self._member(session, row)
            if member is not None and isinstance(kept, Transfer):
                self._transfers.come_back(session, member, kept, day)

    # inside

    def _told(self) -> Sequence[KnownBranch]:
        """Return the other branches of headquarters it told this one of, by code, revoked ones too."""
        query = select(KnownBranch).where(KnownBranch.branch_id == self._store.branch_id)
        with self._store.reading() as session:
            return session.scalars(query.order_by(KnownBranch.code)).all()

    def _kept(self) -> Select[TransferOrder]:
        return select(TransferOrder).where(
            TransferOrder.branch_id == self._store.branch_id, TransferOrder.deleted_at_utc.is_(None)
        )

    def _find(self, session: Session, order_id: str) -> TransferOrder:
        order = session.get(TransferOrder, order_id)
        if order is None or order.branch_id != self._store.branch_id:
            raise NotFound(what=TransferOrder.__label__)
        return order

    def _known(self, session: Session, order: TransferOrder) -> Member | None:
        """Return who has the ID number of an order at this branch, in the recycle bin too."""
        if not order.id_no:
            return None
        same = Member.branch_id == self._store.branch_id, Member.id_no == order.id_no
        return session.scalars(select(Member).where(*same)).first()

    def _member(self, session: Session, row: OrderHere) -> Member | None:
        member = session.get(Member, row.member_id)
        return member if member is not None and member.deleted_at_utc is None else None

    def _entry(self, order: OrderHere) -> dict[str, object]:
        """Return what this branch's own row says of an order, by the fields of the register."""
        return {
            "name": order.name,
            "direction": TransferDirection.IN,
            "issued_on": order.letter_on,
            "from_org": order.other,
            "to_org": BranchService(self._store).profile().name,
            "letter_no": order.letter_no or None,
            "valid_days": max(1, (order.valid_until - order.letter_on).days),
            "paid_until": order.paid_until,
            "category": order.category,
            "note": order.standing or None,
        }

    def _row(self, session: Session, order: TransferOrder) -> OrderHere:
        comes = order.to_id == self._store.branch_id
        if comes:
            answers = select(Transfer).where(Transfer.order_id == order.id, Transfer.deleted_at_utc.is_(None))
            own = session.scalars(answers.order_by(Transfer.receipt_on.is_(None), Transfer.id.desc())).first()
            state = _of_who_receives(order, own, self._store.today)
            answered_on = (own.receipt_on or own.returned_on) if own is not None else None
            answer = (own.return_reason or "") if own is not None else ""
        else:
            own = session.get(Transfer, order.record_id)
            state = _of_who_leaves(order, own, self._store.today)
            answered_on, answer = order.receipt_on or order.refused_on, order.refusal or ""
        return OrderHere(
            id=order.id,
            direction=TransferDirection.IN if comes else TransferDirection.OUT,
            name=order.name,
            id_no=masked(order.id_no or ""),
            category=order.category.label,
            other=order.from_org if comes else order.to_org,
            issued_on=order.issued_on,
            letter_on=order.letter_on,
            letter_no=order.letter_no or "",
            valid_until=order.valid_until,
            paid_until=order.paid_until,
            state=state,
            answered_on=answered_on,
            answer=answer,
            withdrawal=order.withdrawal or "",
            note=order.note or "",
            standing=order.standing,
            record_id=own.id if own is not None and own.deleted_at_utc is None else "",
            member_id=(own.member_id or "") if comes and own is not None else "" if comes else order.member_id,
        )


def _refuse_former(known: Member) -> None:
    """Refuse to receive whoever was here and did not leave by a transfer."""
    if known.status is not MemberStatus.TRANSFERRED_OUT:
        raise InvalidInput(NAME, f"{known.name}在名册上是“{known.status.label}”，先核对再接收")


def _of_who_receives(order: TransferOrder, own: Transfer | None, today: date) -> HereState:
    if own is not None and own.receipt_on is not None:
        return HereState.RECEIVED
    if own is not None and own.returned_on is not None:
        return HereState.REFUSED
    if order.withdrawn_on is not None:
        return HereState.WITHDRAWN
    return HereState.RUN_OUT if order.valid_until < today else HereState.TO_RECEIVE


def _of_who_leaves(order: TransferOrder, own: Transfer | None, today: date) -> HereState:
    if own is None or own.deleted_at_utc is not None or own.returned_on is not None:
        return HereState.TAKEN_BACK
    if own.receipt_on is not None:
        return HereState.CLOSED
    told = {
        OrderState.RECEIVED: HereState.TO_CLOSE,
        OrderState.REFUSED: HereState.TO_TAKE_BACK,
        OrderState.WITHDRAWN: HereState.WITHDRAWN,
        OrderState.CROSSED: HereState.WITHDRAWN,
    }
    return told.get(order.state(today), HereState.WAITING)


def _folded(name: str) -> str:
    return "".join(name.split()).casefold()

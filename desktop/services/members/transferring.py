"""A transfer kept together with what it changes on the roster, when whoever keeps it says so."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from desktop.models.members import Member
from desktop.models.registers import REGISTERS, RegisterField
from desktop.models.transfers import Transfer
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.transfers import TransferDirection
from desktop.services.branches import BranchService
from desktop.services.dues.ledger import LedgerService
from desktop.services.errors import InvalidInput
from desktop.services.members.life import LifeService, Paper
from desktop.services.members.lookup import find_member
from desktop.services.members.service import MemberService
from desktop.services.registers.service import RegisterService

if TYPE_CHECKING:
    from desktop.services.store import Store

KIND = "transfer"
_STAYING = (MemberStatus.FULL_MEMBER, MemberStatus.PROBATIONARY)


class TransferService:
    """The ledger of transfers of this branch, and the roster beside it."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._registers = RegisterService(store)

    def known(self, member_id: str, direction: TransferDirection | None) -> dict[str, object]:
        """Return what the roster and the branch know already of a transfer of a member, by the fields of the ledger.

        Whoever moves out leaves this branch, with the dues paid up to the month the ledger says; where somebody comes
        from only the letter says.

        Raises:
            NotFound: there is no such member.
        """
        row = MemberService(self._store).member(member_id)
        found: dict[str, object] = {"name": row.name, "category": row.category, "phone": row.phone}
        if direction is TransferDirection.OUT:
            found["from_org"] = BranchService(self._store).profile().name
            found["paid_until"] = LedgerService(self._store).paid_until(member_id)
        elif direction is TransferDirection.IN:
            found["to_org"] = BranchService(self._store).profile().name
        return {name: value for name, value in found.items() if value}

    def save(
        self,
        values: Mapping[str, object],
        record_id: str | None = None,
        rev: int | None = None,
        *,
        on_roster: bool = False,
    ) -> str:
        """Keep a transfer as `RegisterService.save` does; with `on_roster` the roster follows in the same action.

        Somebody moving out becomes 转出未回执 on the day of the letter, 已转出 on that of the receipt; somebody who
        moved in is entered, or comes back, on the day of the receipt.

        Raises:
            InvalidInput: a value breaks a rule, or the roster cannot follow: nothing of it would change.
            Conflict: the row was changed since revision `rev` was read.
            NotFound: the row to change is gone.
        """
        self._store.rights.require_any(Transfer.__tablename__)
        row = self._registers.understand(KIND, values, record_id)
        sentence = f"{row.sentence}，同时更新名册" if on_roster else row.sentence
        with self._store.unit_of_work(sentence) as session:
            kept = self._registers.keep(session, row, record_id, rev)
            if on_roster and isinstance(kept, Transfer):
                self._follow(session, kept, is_new=record_id is None)
            return str(kept.id)

    def _follow(self, session: Session, kept: Transfer, *, is_new: bool) -> None:
        if kept.direction is TransferDirection.OUT:
            if kept.member_id is None:
                raise InvalidInput(_field("member_id"), "选名册上的哪一位，名册才能跟着改")
            member = find_member(self._store, session, kept.member_id)
            if is_new and member.status not in (*_STAYING, MemberStatus.TRANSFER_PENDING):
                raise InvalidInput(_field("direction"), f"{member.name}在名册上是“{member.status.label}”，不能转出")
            self.leave(session, member, kept)
        elif kept.direction is TransferDirection.IN:
            if kept.receipt_on is None:
                raise InvalidInput(_field("receipt_on"), "转入的寄回回执以后才列入名册，先填回执日期")
            self.arrive(session, kept, kept.receipt_on, is_new=is_new)
        else:
            raise InvalidInput(_field("direction"), "内部转接不改名册，请在名册上办理")

    def leave(self, session: Session, member: Member, kept: Transfer) -> None:
        """Let the roster follow a move out, as far as it is, in the action of somebody else.

        Raises:
            InvalidInput: a step cannot be on its day.
        """
        if member.status in _STAYING:
            self._step(session, member, MemberStatus.TRANSFER_PENDING, kept.issued_on, kept)
        if member.status is MemberStatus.TRANSFER_PENDING and kept.receipt_on is not None:
            self._step(session, member, MemberStatus.TRANSFERRED_OUT, kept.receipt_on, kept)

    def come_back(self, session: Session, member: Member, kept: Transfer, on: date) -> None:
        """Let whoever waited for a receipt in vain be on the roster as before, in the action of somebody else.

        Raises:
            InvalidInput: it cannot be on the day `on`.
        """
        if member.status is MemberStatus.TRANSFER_PENDING:
            self._step(session, member, _full_or_not(member), on, kept)

    def arrive(
        self, session: Session, kept: Transfer, on: date, *, is_new: bool, typed: Mapping[str, object] | None = None
    ) -> None:
        """Let the roster follow a move in, in the action of somebody else: entered, by what was `typed` where anything
        was, or back from where the member went. `is_new`: whoever is here already has not come.

        Raises:
            InvalidInput, Conflict: the roster cannot follow.
        """
        if kept.member_id is None:
            category = kept.category and kept.category.label
            said = typed or {"name": kept.name, "phone": kept.phone, "category": category, "joined_on": on}
            given = {name: value for name, value in said.items() if value is not None}
            kept.member_id = MemberService(self._store).enter(session, given)
            return
        member = find_member(self._store, session, kept.member_id)
        if member.status is MemberStatus.TRANSFERRED_OUT:
            self._step(session, member, _full_or_not(member), on, kept)
        elif member.status is MemberStatus.TRANSFER_PENDING:
            raise InvalidInput(
                _field("direction"), f"{member.name}在名册上还是“{member.status.label}”，先登记转出的回执"
            )
        elif is_new:  # a transfer that is put right finds the roster as it made it
            reason = f"{member.name}在名册上是“{member.status.label}”，没有转出过，名册没有可改的"
            raise InvalidInput(_field("direction"), reason)

    def _step(self, session: Session, member: Member, to: MemberStatus, on: date, kept: Transfer) -> None:
        out = kept.direction is TransferDirection.OUT
        other = kept.to_org if out else kept.from_org
        told = "" if not other else f"转往{other}" if out else f"由{other}转来"
        paper = Paper(document_no=kept.letter_no or "", note=told)
        day = next((name for name in ("receipt_on", "returned_on") if on == getattr(kept, name)), "issued_on")
        try:
            LifeService(self._store).step(session, member.id, to, on, paper)
        except InvalidInput as error:
            raise InvalidInput(_field(day), error.reason) from error


def _full_or_not(member: Member) -> MemberStatus:
    full = member.category is MemberCategory.FULL_MEMBER
    return MemberStatus.FULL_MEMBER if full else MemberStatus.PROBATIONARY


def _field(name: str) -> RegisterField:
    return REGISTERS[KIND].field(name)

"""A headquarters and three branches that know each other, with a member in the first one, and a stick between them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.stores import StoreKind
from desktop.models.vocabulary.transfers import HereState, TransferDirection
from desktop.services.members import MemberService
from desktop.services.members.transferring import TransferService
from desktop.services.store import Store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.transferring.here import OrderHere, OrdersHereService
from desktop.services.transferring.orders import MoveRow, OrderService
from tests.services.members.people import GAO
from tests.services.sync.parties import AT, enrol, make

TODAY = date.fromisoformat(AT[:10])
NAMES = {"ZK01": "第一党支部", "ZK02": "第二党支部", "ZK03": "第三党支部"}


@dataclass
class Company:
    """A headquarters with its branches, by code, and a stick; `sent` are the last feedback files, by code."""

    headquarters: Store
    branches: Mapping[str, Store]
    stick: Path
    sent: dict[str, Path] = field(default_factory=dict)

    def up(self, *codes: str) -> None:
        """Report from some branches, or all."""
        files = [Sender(self.branches[code]).pack(self.stick).file for code in codes or self.branches]
        assert {row.code for row in Receiver(self.headquarters).receive(files)} == {"OK"}

    def down(self) -> None:
        """Answer all branches."""
        for sent, (code, branch) in zip(
            Sender(self.headquarters).answer(None, self.stick), self.branches.items(), strict=True
        ):
            self.sent[code] = sent.file
            assert [row.code for row in Receiver(branch).receive([sent.file])] == ["OK"]

    def here(self, code: str) -> OrdersHereService:
        """What the branch does about orders."""
        return OrdersHereService(self.branches[code])

    def at(self, code: str) -> OrderHere:
        """The one order the branch sees."""
        (order,) = self.here(code).orders()
        return order

    def states(self) -> tuple[HereState | None, HereState | None]:
        """How the first and the second branch see the last order."""
        seen = [self.here(code).orders() for code in ("ZK01", "ZK02")]
        return tuple(max(rows, key=lambda row: row.id).state if rows else None for rows in seen)  # type: ignore[return-value]

    @property
    def orders(self) -> OrderService:
        """What headquarters does."""
        return OrderService(self.headquarters)

    @property
    def move(self) -> MoveRow:
        """The one move headquarters sees."""
        (move,) = self.orders.moves()
        return move

    def status(self, code: str, name: str = GAO["name"]) -> list[MemberStatus]:
        """The states of whoever is called so at the branch."""
        with self.branches[code].reading() as session:
            kept = Member.name == name, Member.branch_id == self.branches[code].branch_id
            return list(session.scalars(select(Member.status).where(*kept)))

    def leave(self, **more: Any) -> str:
        """Move the member out of the first branch to the second; return the record's id."""
        first = self.branches["ZK01"]
        (member,) = (row.id for row in MemberService(first).roster() if row.name == GAO["name"])
        values = {
            "name": GAO["name"], "member_id": member, "direction": TransferDirection.OUT, "issued_on": TODAY,
            "to_org": NAMES["ZK02"], "letter_no": "2026-7", "valid_days": 30, "paid_until": date(2026, 2, 1),
        }  # fmt: skip
        return TransferService(first).save(values | more, on_roster=True)

    def order(self, **more: Any) -> str:
        """Move the member out, report, and order the second branch to receive; return the order's id."""
        record = self.leave(**more)
        self.up()
        order = self.orders.issue(record, self.branches["ZK02"].branch_id)
        self.down()
        return order


@contextmanager
def company_in(folder: Path) -> Iterator[Company]:
    """Make the company in `folder`; a store that was closed meanwhile stays closed."""
    with (
        make(folder / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as headquarters,
        make(folder / "ZK01") as first,
        make(folder / "ZK02") as second,
        make(folder / "ZK03") as third,
    ):
        branches = dict(zip(NAMES, (first, second, third), strict=True))
        for code, branch in branches.items():
            enrol(headquarters, branch, code, NAMES[code], folder / "files")
        (folder / "stick").mkdir()
        MemberService(first).register({**GAO, "joined_on": "2020-01-01"})
        yield Company(headquarters, branches, folder / "stick")

"""Three sides act and carry packages in any order: nobody is lost, nobody is told twice, and what crossed is said."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from desktop.models.members import Member
from desktop.models.transfers import PERSONAL, TransferOrder
from desktop.services.errors import AppError, InvalidInput, NotFound
from desktop.services.opening import open_store
from desktop.services.transferring.unfinished import unfinished_transfers
from tests.services.members.people import GAO
from tests.services.sync.parties import AT
from tests.services.transferring.company import NAMES, Company, company_in
from tests.stores import LOGIN, PASSWORD, clock_at

ENDS = st.sampled_from(["ZK01", "ZK02"])
SEEN = st.sampled_from([0, 1])


class Moves(RuleBasedStateMachine):
    """A member of the first branch, an order or two, and what the secretaries do about them."""

    template: Path | None = None

    @initialize()
    def begin(self) -> None:
        if Moves.template is None:
            Moves.template = Path(tempfile.mkdtemp(prefix="branch-desk-moves-"))
            with company_in(Moves.template) as made:
                made.up()
        self.folder = Path(tempfile.mkdtemp(prefix="branch-desk-moves-run-"))
        shutil.copytree(Moves.template, self.folder, dirs_exist_ok=True)
        opened = {name: open_store(self.folder / name, PASSWORD, LOGIN, clock=clock_at(AT)) for name in ("hq", *NAMES)}
        self.company = Company(opened.pop("hq"), opened, self.folder / "stick")
        with contextlib.suppress(InvalidInput):
            self.company.leave()

    @rule(code=ENDS)
    def report(self, code: str) -> None:
        self.company.up(code)

    @rule()
    def answer(self) -> None:
        self.company.down()

    @rule()
    def issue(self) -> None:
        for move in self.company.orders.moves():
            with contextlib.suppress(InvalidInput):
                self.company.orders.issue(move.record_id, self.company.branches["ZK02"].branch_id)

    @rule()
    def withdraw(self) -> None:
        for move in self.company.orders.moves():
            with contextlib.suppress(InvalidInput, NotFound):
                self.company.orders.withdraw(move.order_id, "发错了")

    @rule(code=ENDS, last=SEEN)
    def act(self, code: str, last: int) -> None:
        """Do whatever the branch is asked to do about one of its orders; what it may not is refused by type."""
        here = self.company.here(code)
        for order in here.orders()[-last:]:
            for deed in (here.close, here.receive) if last else (lambda one: here.refuse(one, "不收"), here.receive):
                with contextlib.suppress(AppError):
                    deed(order.id)

    @rule()
    def stay(self) -> None:
        for order in self.company.here("ZK01").orders():
            with contextlib.suppress(AppError):
                self.company.here("ZK01").take_back(order.id, "不走了")

    @invariant()
    def nobody_is_lost_and_nobody_twice_on_one_roster(self) -> None:
        statuses = [self.company.status(code) for code in NAMES]
        assert any(status.on_roster for found in statuses for status in found)
        assert all(len(found) <= 1 for found in statuses)
        assert statuses[2] == []

    @invariant()
    def what_is_over_says_nothing_of_the_person(self) -> None:
        today = self.company.headquarters.today
        with self.company.headquarters.reading() as session:
            for order in session.scalars(select(TransferOrder)):
                if not order.state(today).under_way:
                    assert {getattr(order, name) for name in PERSONAL} <= {None}

    def teardown(self) -> None:
        """After one honest exchange only who stays while another branch received the same person is told of."""
        if not hasattr(self, "company"):
            return
        self.company.up()
        self.company.down()
        self.company.up()
        placed = [code for code in NAMES if any(status.on_roster for status in self.company.status(code))]
        flagged = bool(unfinished_transfers(self.company.headquarters))
        assert len(placed) > 1 or not flagged
        taken_back = not any(move.is_open for move in self.company.orders.moves())
        assert flagged or not (taken_back and len(placed) > 1)
        with self.company.branches["ZK03"].reading() as session:
            assert session.scalars(select(TransferOrder)).all() == []
            assert session.scalars(select(Member).where(Member.id_no == GAO["id_no"])).all() == []
        for store in (self.company.headquarters, *self.company.branches.values()):
            store.close()
        shutil.rmtree(self.folder)


Moves.TestCase.settings = settings(
    max_examples=6, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)
TestMoves = Moves.TestCase

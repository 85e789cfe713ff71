"""A branch and a headquarters on real stores: sticks lost and found, PCs put back to backups; both sides agree after.

The same machine as in `test_protocol`, smaller, with encrypted databases, packages and receipts in between.
"""

import shutil
import tempfile
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.stores import PackageState, StoreKind
from desktop.services.opening import open_store
from desktop.services.security.sentinel import NAME as SENTINEL
from desktop.services.store import Store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.stale import declare_local_valid, stale_local
from tests.services.sync.pairs import numbered
from tests.services.sync.parties import enrol, make
from tests.stores import LOGIN, PASSWORD, clock_at

PICK = st.randoms(use_true_random=False)
CLOCK = clock_at("2026-03-02 09:00")


class Stores(RuleBasedStateMachine):
    """What two secretaries and their luck can do."""

    template: Path | None = None

    @initialize()
    def begin(self) -> None:
        if Stores.template is None:
            Stores.template = Path(tempfile.mkdtemp(prefix="branch-desk-converge-"))
            with (
                make(Stores.template / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as headquarters,
                make(Stores.template / "branch") as branch,
            ):
                enrol(headquarters, branch, "ZK03", "第三党支部", Stores.template / "files")
        self.folder = Path(tempfile.mkdtemp(prefix="branch-desk-run-"))
        self.stick = self.folder / "stick"
        self.stick.mkdir()
        for name in ("hq", "branch"):
            shutil.copytree(Stores.template / name, self.folder / name)
        self.branch, self.headquarters = self.opened("branch"), self.opened("hq")
        self.states: set[tuple[str, ...]] = {()}
        self.backups: dict[str, int] = {"hq": 0, "branch": 0}
        self.counter = 0

    def opened(self, name: str) -> Store:
        return open_store(self.folder / name, PASSWORD, LOGIN, clock=CLOCK)

    def names(self, store: Store) -> tuple[str, ...]:
        with store.reading() as session:
            return tuple(session.scalars(select(Member.name).order_by(Member.name)))

    @rule()
    def work(self) -> None:
        self.counter += 1
        with self.branch.unit_of_work("登记党员") as session:
            session.add(
                Member(
                    branch_id=self.branch.branch_id,
                    name=numbered(self.counter),
                    category=MemberCategory.FULL_MEMBER,
                    status=MemberStatus.FULL_MEMBER,
                )
            )
        self.states.add(self.names(self.branch))

    @rule()
    def report(self) -> None:
        if stale_local(self.branch) is not None:
            declare_local_valid(self.branch)
        Sender(self.branch).pack(self.stick)

    @precondition(lambda self: any(self.stick.glob("*上报*")))
    @rule(pick=PICK)
    def carry_up(self, pick: Random) -> None:
        file = pick.choice(sorted(self.stick.glob("*上报*")))
        (result,) = Receiver(self.headquarters).receive([file])
        assert result.code in {"OK", "I-DUP", "I-STALE", "E-FORK"}

    @rule()
    def answer(self) -> None:
        Sender(self.headquarters).answer(None, self.stick)

    @precondition(lambda self: any(self.stick.glob("*反馈*")))
    @rule(pick=PICK)
    def carry_down(self, pick: Random) -> None:
        file = pick.choice(sorted(self.stick.glob("*反馈*")))
        (result,) = Receiver(self.branch).receive([file])
        assert result.code in {"OK", "I-DUP", "I-STALE", "E-FORK", "I-BEHIND"}

    @rule(name=st.sampled_from(["hq", "branch"]))
    def back_up(self, name: str) -> None:
        store = self.headquarters if name == "hq" else self.branch
        self.backups[name] += 1
        target = self.folder / f"{name}-backup-{self.backups[name]}"
        shutil.copytree(store.folder, target, ignore=shutil.ignore_patterns("app.lock*", "*-shm"))

    @precondition(lambda self: any(self.backups.values()))
    @rule(pick=PICK)
    def restore(self, pick: Random) -> None:
        name = pick.choice([name for name, count in self.backups.items() if count])
        store = self.headquarters if name == "hq" else self.branch
        number = pick.randrange(self.backups[name]) + 1
        store.close()
        witness = store.folder / SENTINEL
        kept = witness.read_bytes() if pick.random() < 0.5 and witness.is_file() else None  # on the same PC it stays
        shutil.rmtree(store.folder)
        shutil.copytree(self.folder / f"{name}-backup-{number}", store.folder)
        if kept is not None:
            witness.write_bytes(kept)
        if name == "hq":
            self.headquarters = self.opened(name)
        else:
            self.branch = self.opened(name)

    @invariant()
    def no_number_is_given_out_twice_by_one_line(self) -> None:
        for store in (self.branch, self.headquarters) if hasattr(self, "states") else ():
            numbers = [row.seq for row in Sender(store).sent()]
            assert len(set(numbers)) == len(numbers)

    @invariant()
    def headquarters_holds_one_whole_state_never_a_mixture(self) -> None:
        if hasattr(self, "states"):
            assert self.names(self.headquarters) in self.states

    def teardown(self) -> None:
        """One exchange each way makes both sides agree, whatever happened before."""
        if not hasattr(self, "states"):
            return
        if stale_local(self.branch) is not None:
            declare_local_valid(self.branch)
        sender, receiver = Sender(self.branch), Receiver(self.headquarters)
        packed = sender.pack(self.stick)
        (result,) = receiver.receive([packed.file])
        if result.code == "E-FORK":
            assert receiver.accept_fork(packed.package_hash).code == "OK"
        assert self.names(self.headquarters) == self.names(self.branch)
        answer = Sender(self.headquarters).answer(None, self.stick)[0]
        (result,) = Receiver(self.branch).receive([answer.file])
        assert result.code == "OK", "headquarters has heard how far it was: no branch has to decide"
        assert not any(row.forked for row in Receiver(self.branch).received())
        assert sender.sent()[0].state is PackageState.ACKED
        assert receiver.receive([sender.pack(self.stick).file])[0].code == "OK"
        self.branch.close()
        self.headquarters.close()
        shutil.rmtree(self.folder)


Stores.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestStores = Stores.TestCase

"""A branch and a headquarters on real stores: sticks lost and found, PCs put back to backups, keys replaced, a
registration stopped and begun anew; both sides agree after.

The same machine as in `test_protocol`, smaller, with encrypted databases, packages and receipts in between.
"""

import contextlib
import shutil
import tempfile
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from desktop.models.appeals import Appeal
from desktop.models.following import Liaison
from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.stores import PackageState, PartnerState, StoreKind
from desktop.services.appeals import STANDS, Raised, put_in, take_back
from desktop.services.errors import Conflict
from desktop.services.opening import open_store
from desktop.services.registers import RegisterService
from desktop.services.security.key_witness import NAME as KEYS
from desktop.services.security.sentinel import NAME as SENTINEL
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.results import Packed
from desktop.services.sync.rotation import KeyService
from desktop.services.sync.sending import Sender
from desktop.services.sync.sent import sent_packages
from desktop.services.sync.stale import declare_local_valid, stale_local
from tests.services.sync.pairs import numbered
from tests.services.sync.parties import enrol, make
from tests.stores import LOGIN, PASSWORD, clock_at

OF_KEYS = {"E-KEY-OLD", "E-KEY-UNKNOWN", "E-KEY-LOST"}
"""What is said of packages where a side went back behind a change of keys, or of those from before a new invitation."""
SIDES = st.sampled_from(["hq", "branch"])
PICK = st.randoms(use_true_random=False)
LIAISON = Liaison.__tablename__
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
        self.went_back = self.invited_anew = False

    def opened(self, name: str) -> Store:
        return open_store(self.folder / name, PASSWORD, LOGIN, clock=CLOCK)

    def names(self, store: Store) -> tuple[str, ...]:
        """Return what the branch says: its members, and the grounds of the appeals it did not take back."""
        with store.reading() as session:
            members = session.scalars(select(Member.name).order_by(Member.name)).all()
            appeals = select(Appeal.ground).where(Appeal.deleted_at_utc.is_(None)).order_by(Appeal.ground)
            return (*members, *session.scalars(appeals))

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
    def appeal(self) -> None:
        self.counter += 1
        with self.branch.unit_of_work("提出申诉") as session:
            appeal = Appeal(branch_id=self.branch.branch_id, period="2026Q1")
            put_in(session, self.branch, appeal, Raised(raised_by="书记", ground=numbered(self.counter)))
        self.states.add(self.names(self.branch))

    @rule(pick=PICK)
    def take_an_appeal_back(self, pick: Random) -> None:
        with self.branch.unit_of_work("撤回申诉") as session:
            raised = session.scalars(select(Appeal.id).where(*STANDS).order_by(Appeal.id)).all()
            if raised:
                take_back(session, self.branch, pick.choice(raised))
        self.states.add(self.names(self.branch))

    @rule(pick=PICK)
    def arrange(self, pick: Random) -> None:
        """Headquarters notes a visit at the branch, or takes back one that is noted."""
        registers, self.counter = RegisterService(self.headquarters), self.counter + 1
        noted = [row.id for row in registers.rows(LIAISON)]
        if noted and pick.random() < 0.4:
            registers.remove(LIAISON, pick.choice(noted))
        else:
            visit = {
                "visited_on": "2026-03-02",
                "subject_id": self.branch.org,
                "liaison": "王科长",
                "found": "没有讲稿",
            }
            registers.save(LIAISON, {**visit, "title": numbered(self.counter)})

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
        self.expected(result.code, "OK", "I-DUP", "I-STALE", "E-FORK")

    @rule()
    def answer(self) -> None:
        assert bool(Sender(self.headquarters).answer(None, self.stick)) == self.trusted()

    @precondition(lambda self: any(self.stick.glob("*反馈*")))
    @rule(pick=PICK)
    def carry_down(self, pick: Random) -> None:
        file = pick.choice(sorted(self.stick.glob("*反馈*")))
        (result,) = Receiver(self.branch).receive([file])
        self.expected(result.code, "OK", "I-DUP", "I-STALE", "E-FORK", "I-BEHIND")

    def expected(self, code: str, *usual: str) -> None:
        """See that a package is judged as usual; by its keys only where a side went back or was invited anew."""
        if code in OF_KEYS:
            assert self.went_back or self.invited_anew
        elif code == "E-INSTALL":  # of the registration that was stopped
            assert self.invited_anew
        elif code == "E-PKG-SENDER":
            assert self.invited_anew or not self.trusted()
        else:
            assert code in usual, code

    def trusted(self) -> bool:
        return any(row.state is not PartnerState.REVOKED for row in EnrolmentService(self.headquarters).partners())

    @rule(name=SIDES)
    def rotate(self, name: str) -> None:
        """A side makes new keys; not while the last ones are not confirmed."""
        with contextlib.suppress(Conflict):
            KeyService(self.store(name)).rotate()

    @precondition(lambda self: self.counter > 1 and not self.invited_anew and self.trusted())
    @rule()
    def revoke(self) -> None:
        EnrolmentService(self.headquarters).revoke(self.branch.org)
        before = self.names(self.headquarters)
        (result,) = Receiver(self.headquarters).receive([Sender(self.branch).pack(self.stick).file])
        assert (result.code, self.names(self.headquarters)) == ("E-PKG-SENDER", before)

    @precondition(lambda self: not self.trusted())
    @rule()
    def invite_anew(self) -> None:
        """Both begin a new line; nobody goes back to a copy of the one before."""
        enrol(self.headquarters, self.branch, "ZK03", "第三党支部", self.folder / "again")
        for copy in self.folder.glob("*-backup-*"):
            shutil.rmtree(copy)
        self.backups = dict.fromkeys(self.backups, 0)
        self.invited_anew = True

    def store(self, name: str) -> Store:
        return self.headquarters if name == "hq" else self.branch

    @rule(name=SIDES)
    def back_up(self, name: str) -> None:
        store = self.store(name)
        self.backups[name] += 1
        target = self.folder / f"{name}-backup-{self.backups[name]}"
        shutil.copytree(store.folder, target, ignore=shutil.ignore_patterns("app.lock*", "*-shm"))

    @precondition(lambda self: any(self.backups.values()))
    @rule(pick=PICK)
    def restore(self, pick: Random) -> None:
        name = pick.choice([name for name, count in self.backups.items() if count])
        store = self.store(name)
        number = pick.randrange(self.backups[name]) + 1
        store.close()
        witnesses = [store.folder / SENTINEL, store.folder / KEYS] if pick.random() < 0.5 else []
        kept = {path: path.read_bytes() for path in witnesses if path.is_file()}  # on the same PC they stay
        shutil.rmtree(store.folder)
        shutil.copytree(self.folder / f"{name}-backup-{number}", store.folder)
        for path, content in kept.items():
            path.write_bytes(content)
        self.went_back = True
        if name == "hq":
            self.headquarters = self.opened(name)
        else:
            self.branch = self.opened(name)

    @invariant()
    def no_number_is_given_out_twice_by_one_line(self) -> None:
        for store in (self.branch, self.headquarters) if hasattr(self, "states") else ():
            numbers = [row.seq for row in sent_packages(store)]
            assert len(set(numbers)) == len(numbers)

    @invariant()
    def headquarters_holds_one_whole_state_never_a_mixture(self) -> None:
        if hasattr(self, "states"):
            assert self.names(self.headquarters) in self.states

    def teardown(self) -> None:
        """One exchange each way makes both sides agree, whatever happened before."""
        if not hasattr(self, "states"):
            return
        if not self.trusted():
            self.invite_anew()
        sender, receiver = Sender(self.branch), Receiver(self.headquarters)
        packed, code = self.reported()
        if code in OF_KEYS:  # a side went back behind a change of keys: an exchange tells it, or a new invitation
            self.told()
            packed, code = self.reported()
        if code in OF_KEYS:
            self.invite_anew()
            packed, code = self.reported()
        if code == "E-FORK":
            assert receiver.accept_fork(packed.package_hash).code == "OK"
        assert self.names(self.headquarters) == self.names(self.branch)
        code = self.told()
        assert code == "OK" or self.invited_anew, "headquarters has heard how far it was: no branch has to decide"
        assert sent_packages(self.branch)[0].state is PackageState.ACKED
        assert visits(self.branch) == visits(self.headquarters)
        assert receiver.receive([sender.pack(self.stick).file])[0].code == "OK"
        self.branch.close()
        self.headquarters.close()
        shutil.rmtree(self.folder)

    def reported(self) -> tuple[Packed, str]:
        """Make a report and bring it to headquarters; return it, and what came of it."""
        if stale_local(self.branch) is not None:
            declare_local_valid(self.branch)
        packed = Sender(self.branch).pack(self.stick)
        (result,) = Receiver(self.headquarters).receive([packed.file])
        return packed, result.code

    def told(self) -> str:
        """Let the branch hear of headquarters, and decide for it; return what came of it at first."""
        answer = Sender(self.headquarters).answer(None, self.stick)[0]
        (result,) = Receiver(self.branch).receive([answer.file])
        if result.code == "E-FORK":
            Receiver(self.branch).accept_fork(answer.package_hash)
        return result.code


def visits(store: Store) -> list[tuple[str, str]]:
    """Return what is noted there of visits at the branch and was not recycled."""
    with store.reading() as session:
        noted = select(Liaison.id, Liaison.title).where(Liaison.deleted_at_utc.is_(None)).order_by(Liaison.id)
        return [(record, title) for record, title in session.execute(noted)]


Stores.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestStores = Stores.TestCase

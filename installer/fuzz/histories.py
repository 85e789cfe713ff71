"""Random histories of headquarters and its branches: what they do, what gets lost, repeated, restored; and its end.

Every eight cases share their beginning, which is made once. After each step what headquarters holds is compared with
the whole state of the report in force there, and each decision with what the lines of descent call for. At the end
one honest exchange makes every branch and headquarters agree.
"""

import copy
from pathlib import Path
from random import Random

from sqlalchemy import select

from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.stores import PackageState
from desktop.services.attachments import AttachmentService
from desktop.services.clock import utc_text
from desktop.services.errors import Conflict, PackageRefused
from desktop.services.headquarters import HeadquartersService
from desktop.services.sync.package_format import Kind
from desktop.services.sync.package_reader import peek
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.results import Packed
from desktop.services.sync.rotation import KeyService
from desktop.services.sync.sending import Sender
from desktop.services.sync.sent import sent_packages
from desktop.services.sync.stale import declare_local_valid, stale_local
from installer.fuzz import world
from installer.fuzz.run import SURVIVED
from installer.fuzz.run import Kind as Trial
from installer.fuzz.world import BRANCHES, HEADQUARTERS, Memory, Model, Package, World
from tests.services.sync.pairs import numbered
from tests.services.sync.parties import enrol, missing

OF_KEYS = {"E-KEY-OLD", "E-KEY-UNKNOWN", "E-KEY-LOST"}
"""What is said of packages where a side went back behind a change of keys."""
SHARING = 8
"""So many cases in a row begin alike."""
_STEPS = {
    "work": 8,
    "report": 7,
    "carry": 10,
    "answer": 4,
    "attach": 1,
    "remark": 1,
    "lose": 1,
    "copy": 2,
    "restore": 3,
    "relapse": 2,
    "decide": 2,
    "hand_back": 1,
    "rotate": 2,
}
"""What can happen, and how often."""


class Histories(Trial):
    """Histories over real stores, keys and packages."""

    patience_s = 120

    @classmethod
    def found(cls, shared: Path) -> dict[str, str]:
        world.found(shared)
        return {}

    def __init__(self, shared: Path, own: Path) -> None:
        super().__init__(shared, own)
        self._world = World(shared, own)
        self._begun: tuple[str, tuple[dict[str, Path], Model]] | None = None

    def case(self, dice: Random) -> str:
        group = f"{self.seed}:group:{(self.number - 1) // SHARING}"
        if self._begun is not None and self._begun[0] == group:
            self._world.restored(self._begun[1])
            self.what = "(as the case before begins)"
        else:
            self._world.restored()
            beginning = Random(group)
            self._branches = beginning.sample(BRANCHES, beginning.choice((1, 1, 2, 2, 3)))
            self._steps(beginning, beginning.randrange(12))
            self._begun = group, self._world.saved()
        self._steps(dice, dice.randint(2, 6))
        self._end()
        return SURVIVED

    def _steps(self, dice: Random, count: int) -> None:
        for _ in range(count):
            step = dice.choices(list(_STEPS), list(_STEPS.values()))[0]
            code = dice.choice(self._branches)
            self.what += f"\n{step} {code}"
            getattr(self, f"_{step}")(dice, code)
            self._world.model.used.add(code)
            self._holds(code)

    # what people and luck do

    def _work(self, dice: Random, code: str) -> None:
        model, store = self._world.model, self._world.stores[code]
        model.words += 1
        with store.unit_of_work("登记党员") as session:
            members = list(session.scalars(select(Member).where(Member.deleted_at_utc.is_(None)).order_by(Member.id)))
            kind = dice.randrange(4)
            if members and kind == 0:
                dice.choice(members).job_title = f"岗位{model.words}"
            elif members and kind == 1:
                dice.choice(members).deleted_at_utc = utc_text(store.clock())
            else:
                full = MemberCategory.FULL_MEMBER, MemberStatus.FULL_MEMBER
                session.add(
                    Member(
                        branch_id=store.branch_id, name=numbered(model.words % 10_000), category=full[0], status=full[1]
                    )
                )

    def _attach(self, dice: Random, code: str) -> None:
        store = self._world.stores[code]
        path = self._world.own / "new.bin"
        path.write_bytes(dice.randbytes(dice.choice((1, 10, 3000))))
        AttachmentService(store).attach("branches", store.branch_id, path)

    def _remark(self, dice: Random, code: str) -> None:
        self._world.model.words += 1
        HeadquartersService(self._world.headquarters).add_remark(
            self._world.org(code), f"第{self._world.model.words}条意见"
        )

    def _report(self, dice: Random, code: str) -> None:
        """Pack and carry; a branch that knows it is behind decides first, or asks for headquarters' copy."""
        world, store = self._world, self._world.stores[code]
        if stale_local(store) is not None:
            try:
                Sender(store).pack(world.own / "stick")
            except PackageRefused as error:
                if error.code != "E-STALE-LOCAL":
                    raise
            else:
                raise AssertionError("a store that went back reports")
            if dice.random() < 0.3:
                self._hand_back(dice, code)
                return
            declare_local_valid(store)
            world.model.tainted.add(code)
        self._packed(code)

    def _packed(self, code: str) -> Packed:
        world, memory = self._world, self._world.model.memories[code]
        packed = Sender(world.stores[code]).pack(world.own / "stick")
        digest = packed.package_hash
        state = world.state(world.stores[code], code)
        world.model.packages[digest] = Package(packed.file, digest, code, memory.line, state)
        memory.line = (*memory.line, digest)
        world.model.stick.append((HEADQUARTERS, packed.file))
        return packed

    def _answer(self, dice: Random, code: str) -> None:
        try:
            answers = Sender(self._world.headquarters).answer([code], self._world.own / "stick")
        except PackageRefused:
            if HEADQUARTERS not in self._world.model.tainted:
                raise
            return
        self._world.model.stick += [(code, answer.file) for answer in answers]

    def _carry(self, dice: Random, code: str) -> None:
        """Bring any file of the stick, the newest rather, to where it is meant for."""
        stick = [(to, file) for to, file in self._world.model.stick if file.exists()]
        if stick:
            to, file = stick[-1] if dice.random() < 0.5 else dice.choice(stick)
            self.what += f": {file.name} to {to}"
            self._take(to, file)

    def _take(self, to: str, file: Path) -> str:
        header, _ = peek(file)
        receiver = Receiver(self._world.stores[to])
        if header.kind is Kind.HANDOVER:
            return "handover"  # taken by _hand_back alone
        (result,) = receiver.receive([file])
        self.what += f" {result.code}"
        if result.code in OF_KEYS:
            model = self._world.model
            sender = next((one.sender for one in model.packages.values() if one.file == file), to)
            assert model.tainted & {HEADQUARTERS, to, sender}, f"{result.code}, and nobody went back"
        elif to == HEADQUARTERS:
            self._judge(file, result.code)
        else:
            assert result.code in {"OK", "I-DUP", "I-STALE", "E-FORK", "I-BEHIND"}, result.code
        return result.code

    def _judge(self, file: Path, code: str) -> None:
        """Compare what headquarters decided with what the lines call for."""
        model = self._world.model
        package = next(one for one in model.packages.values() if one.file == file)
        memory = model.memories[HEADQUARTERS]
        accepted = memory.accepted.get(package.sender, ())
        if package.digest in accepted:
            due = "I-DUP"
        elif not accepted or accepted[-1] in package.descends:
            due = "OK"
        elif package.digest in model.packages[accepted[-1]].descends:
            due = "I-STALE"
        else:
            due = "E-FORK"
        assert code == due, f"{code}, but the lines call for {due}"
        if code == "OK":
            memory.accepted[package.sender] = (*accepted, package.digest)

    def _lose(self, dice: Random, code: str) -> None:
        if self._world.model.stick:
            _, file = self._world.model.stick.pop(dice.randrange(len(self._world.model.stick)))
            file.unlink(missing_ok=True)

    def _copy(self, dice: Random, code: str) -> None:
        name = dice.choice((HEADQUARTERS, code, code))
        memory = copy.deepcopy(self._world.model.memories[name])
        self._world.model.copies.append((name, self._world.copied(name), memory))

    def _restore(self, dice: Random, code: str) -> None:
        if self._world.model.copies:
            self._put_back(dice, *dice.choice(self._world.model.copies))

    def _relapse(self, dice: Random, code: str) -> None:
        """A store goes back to what it was a moment ago, after others have heard from it."""
        name = dice.choice((code, code, HEADQUARTERS))
        memory, source = copy.deepcopy(self._world.model.memories[name]), self._world.copied(name)
        for step in (self._work, self._report, self._carry, self._answer, self._carry):
            step(dice, code)
        self._world.model.copies.append((name, source, memory))
        self._put_back(dice, name, source, memory)

    def _put_back(self, dice: Random, name: str, source: Path, memory: Memory) -> None:
        sentinel = dice.random() < 0.5
        self.what += f": {name}, {'raw' if sentinel else 'by the program'}"
        if sentinel:
            self._world.model.raw.add(name)
        self._world.put_back(name, source, sentinel=sentinel)
        self._world.model.memories[name] = copy.deepcopy(memory)
        self._world.model.tainted.add(name)

    def _decide(self, dice: Random, code: str) -> None:
        """Somebody decides upon a fork that waits."""
        name = dice.choice((HEADQUARTERS, code))
        receiver = Receiver(self._world.stores[name])
        waiting = [row for row in receiver.received() if row.held and row.code == "E-FORK"]
        if waiting:
            chosen = dice.choice(waiting)
            if dice.random() < 0.5:
                receiver.discard_fork(chosen.package_hash)
            else:
                self._accept(name, chosen.package_hash)

    def _accept(self, name: str, digest: str) -> None:
        result = Receiver(self._world.stores[name]).accept_fork(digest)
        self.what += f" accepted by hand: {result.code}"
        if result.code in OF_KEYS:  # it waited, and its key was replaced meanwhile
            return
        if name == HEADQUARTERS:
            package = self._world.model.packages[digest]
            assert result.code in {"OK", "I-DUP", "I-STALE"}, result.code
            if result.code == "OK":
                memory = self._world.model.memories[name]
                memory.accepted[package.sender] = (*memory.accepted.get(package.sender, ()), digest)
                self._world.model.tainted.add(package.sender)
        else:
            assert result.code in {"OK", "I-DUP", "I-STALE", "I-BEHIND"}, result.code

    def _hand_back(self, dice: Random, code: str) -> None:
        """The branch takes headquarters' copy of its rows, if there is one."""
        world, model = self._world, self._world.model
        accepted = model.memories[HEADQUARTERS].accepted.get(code, ())
        if not accepted:
            return
        try:
            packed = Sender(world.headquarters).hand_back(code, world.own / "stick")
        except PackageRefused:
            if HEADQUARTERS not in model.tainted:
                raise
            return
        (result,) = Receiver(world.stores[code]).take_back([packed.file])
        self.what += f": {result.code}"
        if result.code == "OK":
            assert world.state(world.stores[code], code) == model.packages[accepted[-1]].state
            line = (*model.packages[accepted[-1]].descends, accepted[-1])
            model.memories[code] = Memory(tuple(dict.fromkeys((*model.memories[code].line, *line))))
            model.tainted.add(code)
        else:
            assert model.tainted & ({HEADQUARTERS, code} if result.code in OF_KEYS else {HEADQUARTERS}), result.code

    def _rotate(self, dice: Random, code: str) -> None:
        """A side makes new keys; not while some have not confirmed the last ones."""
        name = dice.choice((HEADQUARTERS, code, code))
        try:
            KeyService(self._world.stores[name]).rotate()
        except Conflict:
            return
        self.what += f": {name}"

    def _invite_anew(self, code: str) -> None:
        """A side whose new keys are lost: a new invitation, and both begin a new line."""
        self.what += f"\ninvited anew {code}"
        world, model = self._world, self._world.model
        enrol(world.headquarters, world.stores[code], code, f"{code}党支部", world.own / "again")
        model.memories[HEADQUARTERS].accepted.pop(code, None)
        model.memories[code] = Memory()

    # what must be true

    def _holds(self, code: str) -> None:
        """Headquarters holds one whole state, that of the report in force; what was acknowledged is no newer."""
        world, model = self._world, self._world.model
        accepted = model.memories[HEADQUARTERS].accepted.get(code, ())
        held = world.state(world.headquarters, code)
        assert held == (model.packages[accepted[-1]].state if accepted else ()), "not the state of the report in force"
        if not model.tainted & {HEADQUARTERS, code}:
            line = model.memories[code].line
            acked = {row.package_hash for row in sent_packages(world.stores[code]) if row.state is PackageState.ACKED}
            reached = max((line.index(digest) for digest in acked if digest in line), default=-1)
            here = line.index(accepted[-1]) if accepted else -1
            assert reached <= here, "acknowledged, and headquarters does not have it"

    def _end(self) -> None:
        """One honest exchange, and both sides agree."""
        for code in sorted(self._world.model.used):
            self.what += f"\nend {code}"
            self._agree(code)

    def _agree(self, code: str) -> None:
        world, store = self._world, self._world.stores[code]
        if stale_local(store) is not None:
            declare_local_valid(store)
        packed = self._packed(code)
        up = self._take(HEADQUARTERS, packed.file)
        if up in OF_KEYS:
            packed, up = self._after_lost_keys(code)
        if up == "E-FORK":
            self._accept(HEADQUARTERS, packed.package_hash)
        self._holds(code)
        assert world.state(world.headquarters, code) == world.state(store, code), "no agreement"
        answer = Sender(world.headquarters).answer([code], world.own / "stick")[0]
        if self._take(code, answer.file) == "E-FORK":
            self._accept(code, answer.package_hash)
        assert sent_packages(store)[0].state is PackageState.ACKED, "the last report is not acknowledged"
        assert stale_local(store) is None, "still behind"
        assert world.remarks(store, code) == world.remarks(world.headquarters, code), "other remarks"
        if missing(world.headquarters):
            again = self._packed(code)
            assert self._take(HEADQUARTERS, again.file) == "OK"
            lost = set(missing(world.headquarters)) & set(self._contents(code))
            assert not lost, "contents that the branch has do not arrive"

    def _after_lost_keys(self, code: str) -> tuple[Packed, str]:
        """A side went back behind a change of keys: an exchange tells it, or it is invited anew; return the report."""
        self._told(code)
        packed = self._packed(code)
        up = self._take(HEADQUARTERS, packed.file)
        if up in OF_KEYS:
            assert self._world.model.raw & {HEADQUARTERS, code}, "keys are lost, though what is witnessed stayed"
            self._invite_anew(code)
            packed = self._packed(code)
            up = self._take(HEADQUARTERS, packed.file)
        return packed, up

    def _told(self, code: str) -> None:
        """The branch hears of headquarters, and decides what there is to decide."""
        answer = Sender(self._world.headquarters).answer([code], self._world.own / "stick")[0]
        if self._take(code, answer.file) == "E-FORK":
            self._accept(code, answer.package_hash)
        if stale_local(self._world.stores[code]) is not None:
            declare_local_valid(self._world.stores[code])

    def _contents(self, code: str) -> list[str]:
        store = self._world.stores[code]
        gone = {row.sha256 for row in AttachmentService(store).missing()}
        return [
            row.sha256 for row in AttachmentService(store).list("branches", store.branch_id) if row.sha256 not in gone
        ]

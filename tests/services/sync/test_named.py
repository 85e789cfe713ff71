"""What headquarters arranges for branches it names, going down, and what they adopted of it, going up: a machine of one
headquarters and three branches, on real stores and packages.

Two branches work; the third is enrolled and named, and may be revoked. Packages are carried in any order, again, or
never. What ought to lie where is told by what was done here, never by what the program says that it sends.
"""

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from desktop.models.base import Base
from desktop.models.brands import MethodSpread
from desktop.models.following import Attending, HelperPair, Liaison, SharingEvent
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.experience.adopting import Adopting
from desktop.services.experience.rows import SPREAD
from desktop.services.improvement.arranged import ArrangedService
from desktop.services.improvement.learned import EVENT, EVENT_ID, LearnedService
from desktop.services.opening import open_store
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.sync.pairs import numbered
from tests.services.sync.parties import enrol, make
from tests.stores import LOGIN, PASSWORD, clock_at

PICK = st.randoms(use_true_random=False)
CLOCK = clock_at("2026-03-02 09:00")
CODES, WORKING = ("ZK01", "ZK02", "ZK03"), ("ZK01", "ZK02")
MODELS: Mapping[str, type[Base]] = {model.__tablename__: model for model in (SharingEvent, HelperPair, Liaison)}
HELD, TODAY, LATER = "2026-02-27", "2026-03-02", "2026-06-30"

Rows: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Rows by their ids, each by its columns."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """A row of headquarters, as it was last kept: the codes of the branches it names, and whether it is recycled."""

    kind: str
    named: tuple[str, ...]
    recycled: bool = False


class Named(RuleBasedStateMachine):
    """What headquarters arranges, what becomes of the sticks, and what branches say of it."""

    template: Path | None = None

    @initialize(pick=PICK)
    def begin(self, pick: Random) -> None:
        if Named.template is None:
            Named.template = Path(tempfile.mkdtemp(prefix="branch-desk-named-"))
            with make(Named.template / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as headquarters:
                for code in CODES:
                    with make(Named.template / code) as branch:
                        enrol(headquarters, branch, code, f"{code}党支部", Named.template / "files")
        self.folder = Path(tempfile.mkdtemp(prefix="branch-desk-named-run-"))
        self.stick = self.folder / "stick"
        self.stick.mkdir()
        for name in ("hq", *WORKING):
            shutil.copytree(Named.template / name, self.folder / name)
        self.headquarters = self.opened("hq")
        self.branches = {code: self.opened(code) for code in WORKING}
        self.orgs = {row.code: row.org for row in EnrolmentService(self.headquarters).partners()}
        self.trusted = list(CODES)
        self.kept: dict[str, Arranged] = {}
        self.counter = 0
        self.sent: dict[Path, tuple[str, Rows]] = {}
        """By package: of which branch it is, and what ought to lie where it is taken."""
        self.down: dict[str, Rows] = {code: {} for code in WORKING}
        self.up: dict[str, Rows] = {code: {} for code in WORKING}
        for kind in MODELS:
            self.arrange_one(kind, pick)

    def opened(self, name: str) -> Store:
        return open_store(self.folder / name, PASSWORD, LOGIN, clock=CLOCK)

    # headquarters

    @rule(kind=st.sampled_from(sorted(MODELS)), pick=PICK)
    def arrange(self, kind: str, pick: Random) -> None:
        self.arrange_one(kind, pick)

    @precondition(lambda self: self.in_force())
    @rule(pick=PICK)
    def name_others(self, pick: Random) -> None:
        record = pick.choice(self.in_force())
        kind = self.kept[record].kind
        named = self.chosen(kind, pick)
        self.registers.save(kind, self.values(kind, named), record)
        self.kept[record] = Arranged(kind, named)

    @precondition(lambda self: self.in_force())
    @rule(pick=PICK)
    def say_it_otherwise(self, pick: Random) -> None:
        self.counter += 1
        record = pick.choice(self.in_force())
        self.registers.save(self.kept[record].kind, {"title": numbered(self.counter)}, record)

    @precondition(lambda self: self.kept)
    @rule(pick=PICK)
    def recycle_or_take_out(self, pick: Random) -> None:
        record = pick.choice(list(self.kept))
        row = self.kept[record]
        (self.registers.restore if row.recycled else self.registers.remove)(row.kind, record)
        self.kept[record] = replace(row, recycled=not row.recycled)

    @precondition(lambda self: "ZK03" in self.trusted and self.counter > 2)
    @rule()
    def revoke_the_third(self) -> None:
        EnrolmentService(self.headquarters).revoke(self.orgs["ZK03"])
        self.trusted.remove("ZK03")

    @rule(codes=st.none() | st.sets(st.sampled_from(WORKING), min_size=1))
    def answer(self, codes: set[str] | None) -> None:
        self.answered(codes)

    @precondition(lambda self: any(self.stick.glob("*上报*")))
    @rule(pick=PICK)
    def carry_up(self, pick: Random) -> None:
        file = pick.choice(sorted(self.stick.glob("*上报*")))
        code, rows = self.sent[file]
        if self.taken(self.headquarters, file):
            self.up[code] = rows

    # branches

    @precondition(lambda self: any(self.stick.glob("*反馈*")))
    @rule(pick=PICK)
    def carry_down(self, pick: Random) -> None:
        file = pick.choice([file for file in sorted(self.stick.glob("*反馈*")) if file in self.sent])
        code, rows = self.sent[file]
        if self.taken(self.branches[code], file):
            self.down[code] = rows

    @rule(code=st.sampled_from(WORKING))
    def hear_at_once(self, code: str) -> None:
        if self.taken(self.branches[code], self.answered({code})[code]):
            self.down[code] = self.named(code)

    @rule(code=st.sampled_from(WORKING), pick=PICK)
    def adopt(self, code: str, pick: Random) -> None:
        branch, self.counter = self.branches[code], self.counter + 1
        events = [row.id for row in RegisterService(branch).rows(EVENT)]
        if events:
            ArrangedService(branch).adopt(pick.choice(events), Adopting(numbered(self.counter), branch.today))

    @rule(code=st.sampled_from(WORKING), pick=PICK)
    def work_on_what_was_adopted(self, code: str, pick: Random) -> None:
        """Its occasion may be gone meanwhile."""
        branch, self.counter = self.branches[code], self.counter + 1
        adopted = [row.id for row in RegisterService(branch).rows(SPREAD)]
        if adopted and pick.random() < 0.7:
            RegisterService(branch).save(SPREAD, {"result": numbered(self.counter)}, pick.choice(adopted))
        elif adopted:
            RegisterService(branch).remove(SPREAD, pick.choice(adopted))

    @rule(code=st.sampled_from(WORKING))
    def report(self, code: str) -> None:
        self.reported(code)

    # what must be

    @invariant()
    def a_branch_holds_what_named_it_in_the_last_feedback_it_took_and_nothing_of_others(self) -> None:
        for code in WORKING if hasattr(self, "down") else ():
            assert rows_of(self.branches[code], MODELS.values()) == self.down[code], code

    @invariant()
    def headquarters_tells_what_the_last_report_of_each_branch_said_was_adopted(self) -> None:
        if hasattr(self, "up"):
            assert adopted_at(self.headquarters) == {**self.up["ZK01"], **self.up["ZK02"]}
            for code in WORKING:
                assert {row["branch_id"] for row in self.up[code].values()} <= {self.orgs[code]}
            told = LearnedService(self.headquarters).events()
            assert {(each.record, event) for event, of in told.items() for each in of.learned} == {
                (record, row[EVENT_ID]) for code in WORKING for record, row in self.up[code].items()
            }

    def teardown(self) -> None:
        """One exchange each way and all agree."""
        if not hasattr(self, "up"):
            return
        for code in WORKING:
            assert self.taken(self.headquarters, self.reported(code))
            assert self.taken(self.branches[code], self.answered({code})[code])
            assert rows_of(self.branches[code], MODELS.values()) == self.named(code)
        both = {**adopted_at(self.branches["ZK01"]), **adopted_at(self.branches["ZK02"])}
        assert adopted_at(self.headquarters) == both
        for store in (self.headquarters, *self.branches.values()):
            store.close()
        shutil.rmtree(self.folder)

    # inside

    @property
    def registers(self) -> RegisterService:
        return RegisterService(self.headquarters)

    def arrange_one(self, kind: str, pick: Random) -> None:
        named = self.chosen(kind, pick)
        self.kept[self.registers.save(kind, self.values(kind, named))] = Arranged(kind, named)

    def in_force(self) -> list[str]:
        return [record for record, row in self.kept.items() if not row.recycled]

    def chosen(self, kind: str, pick: Random) -> tuple[str, ...]:
        """Return whom a row names: of an occasion the host first, "" where nobody in particular hosts it."""
        some = pick.sample(self.trusted, k=len(self.trusted))
        if kind != EVENT:
            return tuple(some[: 2 if kind == HelperPair.__tablename__ else 1])
        return (pick.choice(("", some[0])), *some[1 : pick.randint(2, len(some))])

    def values(self, kind: str, named: tuple[str, ...]) -> dict[str, object]:
        self.counter += 1
        orgs = [self.orgs.get(code) for code in named]
        title: dict[str, object] = {"title": numbered(self.counter)}
        if kind == EVENT:
            lines = tuple(Attending(org, "") for org in orgs[1:])
            return title | {"held_on": HELD, "host_id": orgs[0], "attending": lines}
        if kind == HelperPair.__tablename__:
            return title | {"began_on": HELD, "until": LATER, "helped_id": orgs[0], "helper_id": orgs[1]}
        return title | {"visited_on": TODAY, "subject_id": orgs[0], "liaison": "王科长", "found": "没有讲稿"}

    def named(self, code: str) -> Rows:
        """Return the rows that name a branch now, as they ought to lie there."""
        rows = rows_of(self.headquarters, MODELS.values())
        return {
            record: {**rows[record], "branch_id": self.orgs[code]}
            for record, row in self.kept.items()
            if code in row.named and not row.recycled
        }

    def answered(self, codes: set[str] | None) -> dict[str, Path]:
        """Write feedback; return the packages of the branches that work."""
        packed = Sender(self.headquarters).answer(None if codes is None else sorted(codes), self.stick)
        assert {each.code for each in packed} == set(self.trusted if codes is None else codes)
        files = {each.code: each.file for each in packed if each.code in WORKING}
        for code, file in files.items():
            self.noted(file, code, self.named(code))
        return files

    def reported(self, code: str) -> Path:
        """Write what a branch reports; return the package."""
        file = Sender(self.branches[code]).pack(self.stick).file
        self.noted(file, code, adopted_at(self.branches[code]))
        return file

    def noted(self, file: Path, code: str, rows: Rows) -> None:
        assert self.sent.get(file, (code, rows)) == (code, rows), "a package that is written again says the same"
        self.sent[file] = (code, rows)

    def taken(self, store: Store, file: Path) -> bool:
        (result,) = Receiver(store).receive([file])
        assert result.code in {"OK", "I-DUP", "I-STALE"}
        return result.code == "OK"


def adopted_at(store: Store) -> Rows:
    """Return what is said there to be adopted and was not recycled."""
    return {record: row for record, row in rows_of(store, [MethodSpread]).items() if row["deleted_at_utc"] is None}


def rows_of(store: Store, models: Iterable[type[Base]]) -> Rows:
    """Return every row of some tables, whosever it is."""
    with store.reading() as session:
        return {row["id"]: dict(row) for model in models for row in session.execute(select(model.__table__)).mappings()}


Named.TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestNamed = Named.TestCase

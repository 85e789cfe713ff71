"""The protocol: four rules and receipts, by cases and by a machine that loses, repeats, reorders and restores."""

import hashlib
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from desktop.models.vocabulary.stores import PackageState
from desktop.services.errors import PackageRefused
from desktop.services.sync import protocol
from desktop.services.sync.protocol import Decision, Receipt, Received, Sent


def named(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


A, B, C, D = (named(letter) for letter in "ABCD")
a, b, c, d = (protocol.short(one) for one in (A, B, C, D))
AFTER_B = Received(B, 2, (a,), frozenset({A, B}))


@pytest.mark.parametrize(
    ("state", "package_hash", "after", "expected"),
    [
        (Received(), A, (), Decision.ACCEPT),
        (Received(), C, (b, a), Decision.ACCEPT),
        (AFTER_B, B, (a,), Decision.REPEATED),
        (AFTER_B, A, (), Decision.REPEATED),
        (AFTER_B, C, (b, a), Decision.ACCEPT),
        (AFTER_B, D, (c, b, a), Decision.ACCEPT),
        (AFTER_B, C, (a,), Decision.FORK),
        (AFTER_B, C, (), Decision.FORK),
        (Received(C, 3, (b, a), frozenset({A, C})), B, (a,), Decision.STALE),
        (Received(C, 3, (b, a), frozenset({C})), A, (), Decision.STALE),
    ],
)
def test_the_first_rule_that_fits_wins(
    state: Received, package_hash: str, after: tuple[str, ...], expected: Decision
) -> None:
    assert protocol.decide(state, package_hash, after) is expected


def test_an_accepted_fork_starts_a_new_line() -> None:
    state = protocol.accept(AFTER_B, C, 2, (a,))
    assert protocol.decide(state, B, (a,)) is Decision.REPEATED
    assert protocol.decide(state, D, (c, a)) is Decision.ACCEPT
    assert protocol.decide(state, named("E"), (b, a)) is Decision.FORK


def test_after_names_the_newest_two_hundred() -> None:
    sent = [Sent(named(str(number)), number) for number in range(1, 301)]
    after = protocol.next_after(sent)
    assert len(after) == 200
    assert after[0] == protocol.short(named("300"))
    assert protocol.next_seq(sent) == 301
    assert protocol.next_seq([]) == 1


def test_a_receipt_says_what_arrived_and_what_was_refused() -> None:
    sent = [Sent(A, 1, PackageState.COPIED), Sent(B, 2, PackageState.COPIED), Sent(C, 3, PackageState.COPIED)]
    after = protocol.answered(sent, Receipt(C, 3, {B: "E-PKG-HASH"}))
    assert [one.state for one in after] == [PackageState.ACKED, PackageState.REJECTED, PackageState.ACKED]
    assert after[1].code == "E-PKG-HASH"
    older = protocol.answered(after, Receipt(A, 1))
    assert older == after, "an older receipt takes nothing back"


def test_a_package_taken_after_all_has_arrived() -> None:
    sent = [Sent(A, 1, PackageState.REJECTED, "E-SCHEMA-NEWER"), Sent(B, 2, PackageState.REJECTED, "E-SCHEMA-NEWER")]
    after = protocol.answered(sent, Receipt(B, 2))
    assert [one.state for one in after] == [PackageState.REJECTED, PackageState.ACKED]
    assert after[1].code is None


def test_nothing_received_yet_is_a_receipt_too() -> None:
    sent = [Sent(A, 1, PackageState.COPIED)]
    assert protocol.answered(sent, Receipt()) == sent


def test_a_receipt_for_a_package_we_do_not_know_says_that_we_are_old() -> None:
    with pytest.raises(PackageRefused) as raised:
        protocol.answered([Sent(A, 1)], Receipt(B, 2))
    assert raised.value.code == "E-STALE-LOCAL"
    assert raised.value.facts == {"seq": 2, "known": 1}


def test_copying_again_changes_nothing_that_was_answered() -> None:
    for state in PackageState:
        expected = PackageState.COPIED if state in (PackageState.PREPARED, PackageState.SUPERSEDED) else state
        assert protocol.copied(Sent(A, 1, state)).state is expected


def test_a_newer_package_replaces_only_what_never_left() -> None:
    sent = [Sent(A, 1, PackageState.ACKED), Sent(B, 2, PackageState.COPIED), Sent(C, 3)]
    states = [one.state for one in protocol.superseded(sent)]
    assert states == [PackageState.ACKED, PackageState.COPIED, PackageState.SUPERSEDED]


def test_attachments_go_until_they_arrived_and_again_when_wanted() -> None:
    sent = [(PackageState.ACKED, ["x", "y"]), (PackageState.COPIED, ["z"])]
    assert protocol.to_send(["x", "y", "z", "w"], sent, ["y"]) == ["y", "z", "w"]


@dataclass
class Branch:
    """A sender: its rows, its packages. `line` tells which history its rows belong to."""

    rows: tuple[str, ...] = ()
    sent: tuple[Sent, ...] = ()


@dataclass
class Packed:
    """A package on its way."""

    package_hash: str
    seq: int
    after: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass
class Headquarters:
    """A receiver: what it holds of the branch and what it remembers of its packages."""

    rows: tuple[str, ...] = ()
    state: Received = field(default_factory=Received)
    held: dict[str, Packed] = field(default_factory=dict)


class Exchange(RuleBasedStateMachine):
    """A branch and a headquarters with sticks that get lost, found again, read twice, and PCs restored from backups."""

    def __init__(self) -> None:
        super().__init__()
        self.branch, self.headquarters = Branch(), Headquarters()
        self.sticks: list[Packed] = []
        self.branch_backups: list[Branch] = []
        self.headquarters_backups: list[Headquarters] = []
        self.states: set[tuple[str, ...]] = {()}
        self.blocked = False
        self.counter = 0

    @rule()
    def work(self) -> None:
        self.counter += 1
        self.branch.rows = (*self.branch.rows, f"row {self.counter}")
        self.states.add(self.branch.rows)

    @precondition(lambda self: not self.blocked)
    @rule()
    def pack(self) -> None:
        self.counter += 1
        seq, after = protocol.next_seq(self.branch.sent), protocol.next_after(self.branch.sent)
        package = Packed(named(f"package {self.counter}"), seq, after, self.branch.rows)
        self.branch.sent = (
            *protocol.superseded(self.branch.sent),
            Sent(package.package_hash, seq, PackageState.COPIED),
        )
        self.sticks.append(package)

    @precondition(lambda self: self.sticks)
    @rule(pick=st.randoms(use_true_random=False))
    def carry(self, pick: Random) -> None:
        self.receive(pick.choice(self.sticks))

    def receive(self, package: Packed) -> Decision:
        headquarters = self.headquarters
        decision = protocol.decide(headquarters.state, package.package_hash, package.after)
        if decision is Decision.ACCEPT:
            headquarters.rows = package.rows
            headquarters.state = protocol.accept(headquarters.state, package.package_hash, package.seq, package.after)
            headquarters.held.clear()
        elif decision is Decision.FORK:
            headquarters.held[package.package_hash] = package
        return decision

    @precondition(lambda self: self.headquarters.held)
    @rule(pick=st.randoms(use_true_random=False))
    def the_operator_takes_the_other_line(self, pick: Random) -> None:
        package = pick.choice(sorted(self.headquarters.held.values(), key=lambda one: one.package_hash))
        self.headquarters.rows = package.rows
        self.headquarters.state = protocol.accept(
            self.headquarters.state, package.package_hash, package.seq, package.after
        )
        self.headquarters.held.clear()

    @rule()
    def answer(self) -> None:
        state = self.headquarters.state
        refused = dict.fromkeys(self.headquarters.held, "E-FORK")
        receipt = Receipt(state.last_hash, state.last_seq, refused)
        self.blocked = state.last_hash not in {None, *(one.package_hash for one in self.branch.sent)}
        if self.blocked:
            with pytest.raises(PackageRefused, match="E-STALE-LOCAL"):
                protocol.answered(self.branch.sent, receipt)
        else:
            self.branch.sent = tuple(protocol.answered(self.branch.sent, receipt))

    @precondition(lambda self: self.blocked)
    @rule()
    def the_secretary_declares_the_local_data_valid(self) -> None:
        self.blocked = False

    @rule()
    def back_up(self) -> None:
        self.branch_backups.append(replace(self.branch))
        self.headquarters_backups.append(replace(self.headquarters, held=dict(self.headquarters.held)))

    @precondition(lambda self: self.branch_backups)
    @rule(pick=st.randoms(use_true_random=False))
    def restore_the_branch(self, pick: Random) -> None:
        self.branch = replace(pick.choice(self.branch_backups))

    @precondition(lambda self: self.headquarters_backups)
    @rule(pick=st.randoms(use_true_random=False))
    def restore_headquarters(self, pick: Random) -> None:
        kept = pick.choice(self.headquarters_backups)
        self.headquarters = replace(kept, held=dict(kept.held))

    @invariant()
    def headquarters_holds_one_whole_state_never_a_mixture(self) -> None:
        assert self.headquarters.rows in self.states

    @invariant()
    def what_is_acknowledged_was_sent(self) -> None:
        assert len({one.seq for one in self.branch.sent}) == len(self.branch.sent)

    def teardown(self) -> None:
        """One exchange each way makes both sides agree, whatever happened before."""
        self.blocked = False
        self.pack()
        if self.receive(self.sticks[-1]) is Decision.FORK:
            package = self.sticks[-1]
            self.headquarters.rows = package.rows
            self.headquarters.state = protocol.accept(
                self.headquarters.state, package.package_hash, package.seq, package.after
            )
            self.headquarters.held.clear()
        self.answer()
        assert self.headquarters.rows == self.branch.rows
        assert self.branch.sent[-1].state is PackageState.ACKED
        self.pack()
        assert self.receive(self.sticks[-1]) is Decision.ACCEPT


Exchange.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestExchange = Exchange.TestCase

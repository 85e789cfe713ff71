"""The rules both sides follow, without files or database: which package counts, and what a receipt means.

A package carries its sender's whole state, so a lost one heals with the next; `after` proves that a package descends
from what was accepted before. Rows of two lines of descent are never mixed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from desktop.models.vocabulary.stores import PackageState
from desktop.services.errors import PackageRefused
from desktop.services.sync.package_format import AFTER_DIGITS, MAX_AFTER

PERIOD = re.compile(r"20[0-9]{2}(Q[1-4])?")
"""What a branch can declare complete: 2026Q3, 2026."""


def short(package_hash: str) -> str:
    """Return a package hash as `after` spells it: its first 32 hex digits."""
    return package_hash[:AFTER_DIGITS]


class Decision(StrEnum):
    """What becomes of a package, known from its header alone. The values are codes of the catalogue."""

    ACCEPT = "OK"
    REPEATED = "I-DUP"
    STALE = "I-STALE"
    FORK = "E-FORK"


OK = Decision.ACCEPT.value
"""The code of a package that is in force."""


@dataclass(frozen=True, slots=True)
class Received:
    """What a receiver remembers of one sender: the package in force, what that came after, and all ever accepted.

    Hashes are whole (64 hex digits), `last_after` is spelled as in headers.
    """

    last_hash: str | None = None
    last_seq: int = 0
    last_after: tuple[str, ...] = ()
    accepted: frozenset[str] = frozenset()


def decide(state: Received, package_hash: str, after: Sequence[str]) -> Decision:
    """Say what a package is to a receiver; the first rule that fits wins.

    Source: sync design, "Protocol: whole state, one rule".
    """
    if package_hash in state.accepted:
        return Decision.REPEATED
    if state.last_hash is None or short(state.last_hash) in after:
        return Decision.ACCEPT
    if short(package_hash) in state.last_after:
        return Decision.STALE
    return Decision.FORK


def accept(state: Received, package_hash: str, seq: int, after: Sequence[str]) -> Received:
    """Return the receiver's memory once a package is in force: by rule 2, or by an operator's word after a fork."""
    return Received(package_hash, seq, tuple(after), state.accepted | {package_hash})


@dataclass(frozen=True, slots=True)
class Sent:
    """A package at its sender: whole hash, number, and what became of it. `code`: why it was rejected."""

    package_hash: str
    seq: int
    state: PackageState = PackageState.PREPARED
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the other side says of our packages.

    Attributes:
        last_hash, last_seq: the package in force there; None and 0 before the first.
        last_on: the day it was taken in; None before the first, and from programs that did not say it.
        resumed: the number after which its writer goes on, having gone back to older data; None if it has not.
        refused: packages it rejected or holds back: hash to code.
        want_blobs: attachments whose rows it has but not their content (SHA-256, hex).
        counts: rows per table it holds of us.
    """

    last_hash: str | None = None
    last_seq: int = 0
    refused: Mapping[str, str] = field(default_factory=dict)
    want_blobs: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    last_on: date | None = None
    resumed: int | None = None


def next_after(sent: Iterable[Sent]) -> tuple[str, ...]:
    """Return `after` of the next package: all earlier ones of this stream, newest first."""
    newest_first = sorted(sent, key=lambda package: package.seq, reverse=True)
    return tuple(short(package.package_hash) for package in newest_first[:MAX_AFTER])


def next_seq(sent: Iterable[Sent], past: int = 0) -> int:
    """Return the number of the next package, beyond `past`: a number is never used twice, not even after a restore."""
    return max((past, *(package.seq for package in sent))) + 1


def copied(package: Sent) -> Sent:
    """Return `package` after a copy to a stick; that may happen again and again, and never undoes an answer."""
    if package.state in (PackageState.PREPARED, PackageState.SUPERSEDED):
        return replace(package, state=PackageState.COPIED)
    return package


def superseded(sent: Iterable[Sent]) -> list[Sent]:
    """Return the packages after newer ones are built: those that never left the machine need not leave any more."""
    over = PackageState.SUPERSEDED
    return [replace(package, state=over) if package.state is PackageState.PREPARED else package for package in sent]


def answered(sent: Sequence[Sent], receipt: Receipt) -> list[Sent]:
    """Return the packages after a receipt: the one in force there and all before it have arrived.

    Raises:
        PackageRefused: E-STALE-LOCAL; the other side has had a package from us that we do not know. This store is
            older than what was sent: it was restored from a backup.
    """
    by_hash = {package.package_hash: package for package in sent}
    if receipt.last_hash is not None and receipt.last_hash not in by_hash:
        raise PackageRefused(
            "E-STALE-LOCAL", seq=receipt.last_seq, known=max((package.seq for package in sent), default=0)
        )
    reached = by_hash[receipt.last_hash].seq if receipt.last_hash is not None else 0
    return [_answered(package, receipt, reached) for package in sent]


def _answered(package: Sent, receipt: Receipt, reached: int) -> Sent:
    if package.state is PackageState.ACKED:
        return package
    if package.package_hash == receipt.last_hash:  # even one refused before: a newer program took it after all
        return replace(package, state=PackageState.ACKED, code=None)
    if (code := receipt.refused.get(package.package_hash)) is not None:
        return replace(package, state=PackageState.REJECTED, code=code)
    if package.seq <= reached and package.state is not PackageState.REJECTED:
        return replace(package, state=PackageState.ACKED)
    return package


def to_send(
    have: Iterable[str], sent: Iterable[tuple[PackageState, Sequence[str]]], wanted: Iterable[str]
) -> list[str]:
    """Return which attachments (SHA-256, hex) go into the next package, in the order of `have`.

    All but those that arrived: in a package that is ACKED, unless the last receipt asks for them again.
    """
    arrived = {sha256 for state, blobs in sent if state is PackageState.ACKED for sha256 in blobs} - set(wanted)
    return [sha256 for sha256 in have if sha256 not in arrived]

"""How records are drawn: late ones first, then those that say what others say, then by chance. No database, no clock.

Chance is a number of its own for each record: the SHA-256 of the seed, the period and the id of the record. Whoever has
the seed can reckon it again, and a record that comes in later changes nothing about the order of the others.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from hashlib import sha256
from math import ceil
from secrets import randbelow

from desktop.models.sampling import LONGEST_SEED
from desktop.models.vocabulary.sampling import SampleReason
from desktop.services.errors import Input, InvalidInput
from desktop.services.spreadsheets.text import plain

SEED = Input("seed", "抽样编号")
ORDER = tuple(SampleReason)
HOW = "补录的先抽，再抽雷同的，其余随机；同类按“抽样编号/周期/记录编号”的 SHA-256 值从小到大。"
"""How it is drawn, in words to print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A record that may be drawn, with the item it is bound at. `late`: days typed too late, `alike`: hundredths."""

    kind: str
    id: str
    on: date
    title: str
    item_id: str
    number: str
    late: int = 0
    alike: int = 0

    @property
    def reason(self) -> SampleReason:
        """Why it is drawn, if it is."""
        if self.late:
            return SampleReason.LATE
        return SampleReason.ALIKE if self.alike else SampleReason.RANDOM

    @property
    def measure(self) -> int:
        """What the reason rests on: days, hundredths, nothing."""
        return self.late or self.alike


def quota(population: int, share: Fraction, least: int) -> int:
    """Return how many of so many records are drawn: the share rounded up, `least` at least, or all there are."""
    return min(population, max(least, ceil(population * share)))


def ordered(seed: str, period: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the records in the order they are drawn."""

    def place(candidate: Candidate) -> tuple[int, str, str]:
        chance = sha256(f"{seed}/{period}/{candidate.id}".encode()).hexdigest()
        return ORDER.index(candidate.reason), chance, candidate.id

    return sorted(candidates, key=place)


def draw(seed: str, period: str, candidates: Sequence[Candidate], share: Fraction, least: int) -> tuple[Candidate, ...]:
    """Return what is drawn of the records of one branch."""
    return tuple(ordered(seed, period, candidates)[: quota(len(candidates), share, least)])


def next_one(seed: str, period: str, candidates: Iterable[Candidate], drawn: Collection[str]) -> Candidate | None:
    """Return the record that takes the place of one whose original is not there; None where none is left."""
    return next((each for each in ordered(seed, period, candidates) if each.id not in drawn), None)


def new_seed() -> str:
    """Return a seed nobody chose."""
    return str(randbelow(9 * 10**5) + 10**5)


def checked_seed(seed: str | int) -> str:
    """Return a seed as it is kept: digits without leading zeros.

    Raises:
        InvalidInput: it is no whole number, below zero or too long.
    """
    text = plain(seed)
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_SEED:
        raise InvalidInput(SEED, f"应为最多{LONGEST_SEED}位的整数", value=text)
    return str(int(text))

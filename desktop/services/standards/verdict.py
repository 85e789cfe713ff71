"""What a rule answers: a ratio or why there is none, what it rests on, what is missing and who can mend it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from desktop.models.vocabulary.access import Act

JUDGED = "judged"
RUNNING = "running"
PENDING = "pending"
NOT_APPLICABLE = "not_applicable"

ONE = Fraction(1)
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Used:
    """A record the ratio rests on: its kind ("meeting", a record kind …), id, day and title.

    `withheld`: it is not for who works here to see more of it than its day.
    """

    kind: str
    id: str
    on: date | None = None
    title: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One period in the year strip: `state` is met, partly, missing, running, ahead or none (nothing asked).

    `done` of `asked` subjects are met; both are 1 for a rule without subjects.
    """

    label: str
    short: str
    first: date
    last: date
    state: str
    done: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Where:
    """The place to mend it: a page, the kind of record there, and what its form can be filled with.

    `needs`: the right it takes beside writing such a record.
    """

    page: str
    kind: str = ""
    prefill: Mapping[str, str] = field(default_factory=dict)
    needs: Act | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """One gap. `share` is how much the ratio would rise were it filled.

    `mend`: "enter" if the record may only have been left untyped or can still be done, "fact" if the time is past
    and nothing can change it. `verb` names the button. `person_ids` are those it is about; `post` answers for it
    where it is not the item's own post; `person_id` answers where it is one certain person.
    """

    what: str
    by: date | None
    where: Where
    share: Fraction = ZERO
    mend: str = "enter"
    verb: str = "补录"
    post: str = ""
    person_id: str = ""
    subject_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a rule. `ratio` is set exactly when `state` is judged.

    `missing` is what keeps the ratio below 1, or what a running item still needs; `upcoming` is what the running
    period needs although the elapsed ones are judged already. `gate` overrides whether the item's gate falls.
    """

    state: str
    ratio: Fraction | None = None
    used: tuple[Used, ...] = ()
    cells: tuple[Cell, ...] = ()
    missing: tuple[Missing, ...] = ()
    upcoming: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = ()
    gate: bool | None = None


def pending(note: str, used: Iterable[Used] = (), missing: Sequence[Missing] = ()) -> Verdict:
    """Cannot be judged yet (待评)."""
    return Verdict(PENDING, used=tuple(used), missing=tuple(missing), notes=(note,))


def not_applicable(note: str) -> Verdict:
    """There is nothing to judge (不适用)."""
    return Verdict(NOT_APPLICABLE, notes=(note,))


def clip(value: Fraction) -> Fraction:
    """Return `value` bounded to 0..1."""
    return max(ZERO, min(ONE, value))


def linear(value: Fraction, zero: Fraction, full: Fraction) -> Fraction:
    """Return 0 at `zero`, 1 at `full`, straight between, clipped outside."""
    return clip((value - zero) / (full - zero))


def names(labels: Sequence[str], most: int = 3) -> str:
    """Return "甲、乙、丙等5人"-style lists of people."""
    labels = [label for label in labels if label]
    if len(labels) <= most:
        return "、".join(labels)
    return f"{'、'.join(labels[:most])}等{len(labels)}人"


def percent(value: Fraction) -> str:
    """Return a ratio as percent with at most one decimal, rounded half up: 93.4%, 100%."""
    return f"{amount(value * 100)}%"


def amount(value: Fraction) -> str:
    """Return a quantity with at most one decimal, rounded half up: 34.5, 8."""
    tenths = (value * 10 + Fraction(1, 2)).__floor__()
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)

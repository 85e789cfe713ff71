"""A development case (发展党员) as the rules see it, and what they answer: plain values, no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

CONTACT = "contact"
INTRODUCER = "introducer"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperFact:
    """A contact person (培养联系人) or introducer (入党介绍人). `full_on`: None where nobody knows; `full`: whether
    the person was a full member when it began, None where that cannot be told."""

    role: str
    name: str
    since: date | None = None
    until: date | None = None
    full: bool | None = None
    disciplined: bool = False


@dataclass(frozen=True, slots=True)
class ReplyFact:
    """An inquiry (函调) about somebody; `waived`: no letter is needed, the facts are known."""

    relation: str
    name: str = ""
    sent_on: date | None = None
    replied_on: date | None = None
    waived: bool = False


@dataclass(frozen=True, slots=True)
class ReviewFact:
    """A half-yearly review (考察): the day it was written, and the time it is about."""

    on: date
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class PaperFact:
    """A paper on file."""

    step: int
    name: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class CongressFact:
    """The meeting a step points to: the day it was held, whether a vote carried; None where no vote is noted."""

    held_on: date
    carried: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BanFact:
    """What bars from a new admission before the day `until`: what happened, on which day.

    `same`: it is the same person by number or birthday, not by name alone. `checked`: the rules say it for certain.
    """

    what: str
    on: date
    until: date
    same: bool = True
    checked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFact:
    """A development case. `steps` maps step numbers of the rules to the day they were done.

    `ruleset` is an edition somebody chose for the whole case; without one each step goes by the edition of its day.
    `active`: neither ended nor withdrawn. `held`: an objection is being looked into, no clock runs.
    """

    id: str
    name: str
    steps: Mapping[int, date] = field(default_factory=dict)
    active: bool = True
    held: bool = False
    ruleset: str = ""
    born_on: date | None = None
    ban: BanFact | None = None
    consent_on: date | None = None
    publicity_from: date | None = None
    publicity_to: date | None = None
    training_days: int | None = None
    training_hours: int | None = None
    special_approval: bool = False
    probation_extended_to: date | None = None
    left_on: date | None = None
    helpers: tuple[HelperFact, ...] = ()
    replies: tuple[ReplyFact, ...] = ()
    reviews: tuple[ReviewFact, ...] = ()
    papers: tuple[PaperFact, ...] = ()
    congresses: Mapping[int, CongressFact] = field(default_factory=dict)
    meetings_since: date | None = None
    """Since when the ledger of meetings is kept here: a later congress without its meeting is worth a word."""


Level = Literal["breach", "warn"]


DayKind = Literal["posted", "counted", "off", "extra", "lacking"]


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day, or days on end of one kind, of a count of working days: `number` of a day that counts."""

    first: date
    last: date
    kind: DayKind
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """The arithmetic of a limit: from `start`, `months` later (or working days, or days before) comes `limit`.

    `actual` is what was done. `days` draws a count of working days; `provisional` says that the calendar of a year is
    not known (暂算).
    """

    words: str
    start: date | None = None
    months: int = 0
    limit: date | None = None
    actual: date | None = None
    holds: bool = True
    days: tuple[DayCell, ...] = ()
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a step: a breach of a clause, or only worth a word; and what may be done about it."""

    no: int
    level: Level
    what: str
    advice: str = ""
    entry: bool = False
    """Whether typing what may only have been left out can mend it."""

    @property
    def breach(self) -> bool:
        """Whether it breaks a rule."""
        return self.level == "breach"

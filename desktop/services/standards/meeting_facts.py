"""What the rules need to know about meetings, as plain values: who came, what was voted on, what was promised."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AttendanceFact:
    """One expected person at a meeting; `state` is present, leave (请假) or absent."""

    member_id: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CandidateFact:
    """A candidate of an election with the votes got and the recorded result."""

    name: str
    votes: int | None
    elected: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteFact:
    """A recorded vote; None marks a number that was not written down."""

    id: str
    kind: str
    title: str = ""
    due: int | None = None
    present: int | None = None
    yes: int | None = None
    no: int | None = None
    abstain: int | None = None
    written: int | None = None
    written_yes: int | None = None
    passed: bool | None = None
    seats: int | None = None
    candidates: tuple[CandidateFact, ...] = ()


@dataclass(frozen=True, slots=True)
class PollFact:
    """A round of ballots of an election whose result stands; `breach`: what is wrong with it, "" for nothing."""

    id: str
    election_id: str
    held_on: date
    title: str
    breach: str = ""


@dataclass(frozen=True, slots=True)
class TaskFact:
    """Something someone promised to do by a day: an action item, an issue, an opinion to answer."""

    id: str
    title: str = ""
    due: date | None = None
    done_on: date | None = None
    source: str = ""
    opened_on: date | None = None
    owner: str = ""

    def in_time(self, on: date) -> bool:
        """Return whether it was done by its due day, as known on `on`."""
        return self.done_on is not None and self.done_on <= on and (self.due is None or self.done_on <= self.due)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFact:
    """A meeting that is minuted or later; `minutes` is its length where start and end were noted.

    `satisfied` of `asked` who were there judged it well (None: nobody was asked).
    """

    id: str
    kind: str
    held_on: date
    title: str = ""
    for_year: int | None = None
    group_id: str | None = None
    speaker_ids: frozenset[str] = frozenset()
    agenda_tags: frozenset[str] = frozenset()
    attendance: tuple[AttendanceFact, ...] = ()
    votes: tuple[VoteFact, ...] = ()
    tasks: tuple[TaskFact, ...] = ()
    followed_up: bool = False
    confirmed_on: date | None = None
    created_on: date | None = None
    minutes: int | None = None
    venue_id: str | None = None
    satisfied: int | None = None
    asked: int | None = None

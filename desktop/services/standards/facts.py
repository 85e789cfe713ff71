"""Everything the rules need to know about one branch, as plain values: no database, no clock, no Qt."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from desktop.services.development.case import CaseFact
from desktop.services.spells import ALWAYS, Stays, here
from desktop.services.standards.meeting_facts import MeetingFact, PollFact, TaskFact

if TYPE_CHECKING:
    from desktop.services.standards.party_rules import PartyRules

SECRETARY = "secretary"
DEPUTY = "deputy_secretary"
HEADS = (SECRETARY, DEPUTY)


def is_committee_post(post: str) -> bool:
    """Return whether holders of `post` sit on the branch committee (支部委员会)."""
    return post in HEADS or post == "committee_member" or post.endswith("_commissioner")


def within(since: date | None, until: date | None, day: date) -> bool:
    """Return whether `day` lies in since..until, both included; None is open ("since before our records")."""
    return (since is None or since <= day) and (until is None or day <= until)


@dataclass(frozen=True, slots=True)
class Flag:
    """A circumstance of a member for a time: suspended, retired, mobile, abroad, long_illness."""

    name: str
    since: date | None = None
    until: date | None = None


AWAY_FROM_WORK = frozenset({"suspended", "retired", "mobile", "abroad", "long_illness"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFact:
    """A Party member, and when on the roster."""

    id: str
    name: str
    category: str = "full_member"
    stays: Stays = ALWAYS
    admitted_on: date | None = None
    full_on: date | None = None
    group_id: str | None = None
    flags: tuple[Flag, ...] = ()
    filled: frozenset[str] = frozenset()

    def on_roster(self, day: date) -> bool:
        """Return whether the member was on the roster on `day`."""
        return here(self.stays, day)

    def is_full(self, day: date) -> bool:
        """Return whether the member was a full member (正式党员) on `day`."""
        if not self.on_roster(day):
            return False
        return self.full_on <= day if self.full_on else self.category == "full_member"

    def has(self, flag: str, day: date) -> bool:
        """Return whether a circumstance held on `day`."""
        return any(f.name == flag and within(f.since, f.until, day) for f in self.flags)

    def at_work(self, day: date) -> bool:
        """Return whether things may be demanded of the member on `day` (`each = "member"`)."""
        return self.on_roster(day) and not any(
            f.name in AWAY_FROM_WORK and within(f.since, f.until, day) for f in self.flags
        )


@dataclass(frozen=True, slots=True)
class GroupFact:
    """A party group (党小组)."""

    id: str
    name: str
    leader_id: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PostFact:
    """Who held which post from when to when."""

    id: str
    member_id: str
    post: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class TermFact:
    """One committee term (届次). `shift_until` is the day up to which a superior let the election wait.

    `election_id`: the election it came from, where the program kept it.
    """

    id: str
    elected_on: date | None = None
    expires_on: date | None = None
    ended_on: date | None = None
    shift_until: date | None = None
    shift_approval: str = ""
    election_id: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A measurable aim: where it began, where it should go, where it is. None: not typed yet.

    A measure of a plan has an id, and that of the one of an earlier plan it goes on with. Where records are counted for
    it while its plan runs, `days` are theirs, and nobody types.
    """

    base: float | None
    goal: float | None
    actual: float | None
    due: date | None = None
    id: str = ""
    rolled_over_from_id: str | None = None
    days: tuple[date, ...] | None = None

    def on(self, day: date) -> "Target":
        """Return the aim with what was counted up to a day."""
        if self.days is None:
            return self
        return replace(self, actual=(self.base or 0) + sum(each <= day for each in self.days))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """A record of a register. `states` is its way through its states, oldest first.

    `subjects` are the ids it is about (members, groups, pairs, duty lists …). `outcome` is the one yes or no some
    kinds carry: a commitment kept or not (None: not rated yet). `satisfied` of `asked` people judged it well (None:
    not written down).
    """

    id: str
    kind: str
    event_on: date
    title: str = ""
    subjects: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    states: tuple[tuple[str, date], ...] = ()
    targets: tuple[Target, ...] = ()
    outcome: bool | None = None
    satisfied: int | None = None
    asked: int | None = None
    created_on: date | None = None
    venue_id: str | None = None

    def state_on(self, day: date) -> str:
        """Return the state the record was in at the end of `day`, "" before its first."""
        return next((state for state, since in reversed(self.states) if since <= day), "")


@dataclass(frozen=True, slots=True)
class SubjectFact:
    """Something a rule demands records about, other than members and groups: an activist, a pair, a signed list."""

    id: str
    label: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class HoursFact:
    """Minutes of training or of volunteer work of one member; `central` marks a central course (集中培训)."""

    id: str
    member_id: str
    on: date
    minutes: int
    central: bool = True
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuesFact:
    """The dues of one member for one month (`month` is its first day), in fen; by quarter where consented."""

    id: str
    member_id: str
    month: date
    due_fen: int
    paid_fen: int = 0
    paid_on: date | None = None
    quarterly: bool = False
    unrecorded: bool = False
    """Nobody knows whether it is paid: the month was over before the branch began to record here."""


@dataclass(frozen=True, slots=True)
class TalkFact:
    """A talk between two members; only `heart_talk` (谈心谈话) counts for coverage."""

    id: str
    on: date
    talker_id: str
    talkee_id: str
    kind: str = "heart_talk"


@dataclass(frozen=True, slots=True)
class TransferFact:
    """A move of membership out of the branch (转出). Without `id` only the member's state tells of it."""

    id: str
    issued_on: date
    receipt_on: date | None = None
    valid_days: int | None = None
    name: str = ""
    member_id: str = ""


@dataclass(frozen=True, slots=True)
class AppraisalFact:
    """A yearly appraisal (民主评议党员): only sums, no ballots.

    `members_total` is what the share of excellent grades is counted of, as the notice of the year says; `lacking` are
    steps nothing is kept of. Until `decided` its grades do not count.
    """

    id: str
    for_year: int
    held_on: date
    members_total: int
    excellent: int
    probationary_graded: int = 0
    _: KW_ONLY
    lacking: tuple[str, ...] = ()
    decided: bool = True


@dataclass(frozen=True, slots=True)
class PlanFact:
    """A PDCA plan (提质升级计划) for a race class; `stages` as entered, `actions` its targets with due days."""

    id: str
    race_class: str
    opened_on: date
    stages: tuple[tuple[str, date], ...] = ()
    actions: tuple[Target, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class ClassFact:
    """A race class headquarters gave the branch."""

    race_class: str
    received_on: date


@dataclass(frozen=True, slots=True)
class GateFact:
    """A gate someone declared by hand: fabrication found in sampling, a disciplined committee member.

    `on`: from which day it counts; what a spot check found counts in the quarter that was checked, unless its race was
    published before.
    """

    gate: str
    ground: str
    item_id: str = ""
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One branch, as the rules see it. `kept` names the kinds this program keeps; others are 待评, never zero.

    `subjects` has a key for every kind of list the program keeps, even an empty one. `law` and `names` (Chinese
    names of record kinds, posts and tags) are filled in by the scoring from the pack in force. Dues and polls are by
    the law of the day `read_on`.
    """

    law: "PartyRules | None" = None
    names: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    kind: str = "branch"
    founded_on: date | None = None
    covered_units: int | None = None
    store_created_on: date | None = None
    kept: frozenset[str] = frozenset()
    members: tuple[MemberFact, ...] = ()
    groups: tuple[GroupFact, ...] = ()
    posts: tuple[PostFact, ...] = ()
    terms: tuple[TermFact, ...] = ()
    polls: tuple[PollFact, ...] = ()
    meetings: tuple[MeetingFact, ...] = ()
    records: tuple[RecordFact, ...] = ()
    subjects: Mapping[str, tuple[SubjectFact, ...]] = field(default_factory=dict)
    training: tuple[HoursFact, ...] = ()
    volunteering: tuple[HoursFact, ...] = ()
    dues: tuple[DuesFact, ...] = ()
    talks: tuple[TalkFact, ...] = ()
    transfers: tuple[TransferFact, ...] = ()
    cases: tuple[CaseFact, ...] = ()
    appraisals: tuple[AppraisalFact, ...] = ()
    issues: tuple[TaskFact, ...] = ()
    opinions: tuple[TaskFact, ...] = ()
    plans: tuple[PlanFact, ...] = ()
    classes: tuple[ClassFact, ...] = ()
    plan_templates: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    read_on: date | None = None
    gates: tuple[GateFact, ...] = ()

    def label(self, key: str) -> str:
        """Return the Chinese name of a record kind, post, meeting kind or tag; the key itself where none is known."""
        return self.names.get(key, key)

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[RecordFact, ...]]:
        """Records by kind, in order of event."""
        kinds: dict[str, list[RecordFact]] = {}
        for record in sorted(self.records, key=lambda r: (r.event_on, r.id)):
            kinds.setdefault(record.kind, []).append(record)
        return {kind: tuple(records) for kind, records in kinds.items()}

    @cached_property
    def meetings_by_kind(self) -> Mapping[str, tuple[MeetingFact, ...]]:
        """Meetings by kind, in order of date."""
        kinds: dict[str, list[MeetingFact]] = {}
        for meeting in sorted(self.meetings, key=lambda m: (m.held_on, m.id)):
            kinds.setdefault(meeting.kind, []).append(meeting)
        return {kind: tuple(meetings) for kind, meetings in kinds.items()}

    @cached_property
    def members_by_id(self) -> Mapping[str, MemberFact]:
        """Members by id."""
        return {m.id: m for m in self.members}

    def member_name(self, member_id: str) -> str:
        """Return the name of a member, "" for one who is not known."""
        member = self.members_by_id.get(member_id)
        return member.name if member else ""

    def roster(self, day: date) -> list[MemberFact]:
        """Return the members on the roster on `day`."""
        return [m for m in self.members if m.on_roster(day)]

    def full_members(self, day: date) -> tuple[MemberFact, ...]:
        """Return the full members (正式党员) on `day`."""
        if day not in self._full_on:
            self._full_on[day] = tuple(m for m in self.members if m.is_full(day))
        return self._full_on[day]

    @cached_property
    def _full_on(self) -> dict[date, tuple[MemberFact, ...]]:
        """What was found by `full_members`: rules ask again for the ends of the same periods."""
        return {}

    def active_groups(self, day: date) -> list[GroupFact]:
        """Return the party groups that existed on `day`."""
        return [g for g in self.groups if within(g.since, g.until, day)]

    def holders(self, post: str, day: date) -> list[str]:
        """Return the ids of those who held `post` on `day`, each once."""
        return list(dict.fromkeys(p.member_id for p in self.posts if p.post == post and within(p.since, p.until, day)))

    def committee(self, day: date) -> list[str]:
        """Return the ids of the committee members on `day`, each once."""
        return list(
            dict.fromkeys(
                p.member_id for p in self.posts if is_committee_post(p.post) and within(p.since, p.until, day)
            )
        )

    def heads(self, day: date) -> list[str]:
        """Return the ids of secretary and deputy on `day`."""
        return list(dict.fromkeys(m for post in HEADS for m in self.holders(post, day)))

    def has_commissioners(self, day: date) -> bool:
        """Return whether a committee is in office on `day`: someone holds a post beside secretary and deputy."""
        return any(
            is_committee_post(p.post) and p.post not in HEADS and within(p.since, p.until, day) for p in self.posts
        )

    @cached_property
    def venue_uses(self) -> tuple["VenueUse", ...]:
        """Uses of venues: recorded ones, and every meeting or activity held in one (a use by itself)."""
        activities: dict[tuple[str, date], VenueUse] = {}
        for meeting in self.meetings:
            if meeting.venue_id:
                use = VenueUse("meeting", meeting.id, meeting.held_on, meeting.title, True)
                activities.setdefault((meeting.venue_id, meeting.held_on), use)
        for record in self.records:
            if record.venue_id and record.kind in ACTIVITY_KINDS:
                use = VenueUse(record.kind, record.id, record.event_on, record.title, True)
                activities.setdefault((record.venue_id, record.event_on), use)
        uses: list[VenueUse] = []
        noted: set[tuple[str, date]] = set()
        for record in self.by_kind.get("venue_use", ()):
            place = (record.venue_id or "", record.event_on)
            noted.add(place)
            uses.append(VenueUse("venue_use", record.id, record.event_on, record.title, place in activities))
        uses.extend(use for place, use in activities.items() if place not in noted)
        return tuple(sorted(uses, key=lambda use: (use.on, use.id)))


ACTIVITY_KINDS = frozenset({"volunteer_activity", "exchange_activity", "pairing_activity"})


@dataclass(frozen=True, slots=True)
class VenueUse:
    """One use of a venue; `matched` when a meeting or activity of that day and place stands behind it."""

    kind: str
    id: str
    on: date
    title: str
    matched: bool

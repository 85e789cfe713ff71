"""Rows about members that cross layers and threads."""

from dataclasses import dataclass
from datetime import date

from desktop.models.members import Member
from desktop.models.vocabulary.branches import ConditionKind, MemberCategory, MemberStatus, Post
from desktop.services.members.roster import Roster
from desktop.services.members.sheet import partial_text
from desktop.services.spreadsheets.codes import code_name, codes
from desktop.services.spreadsheets.identity import masked


def full_years(since: date, on: date) -> int:
    """Return how many whole years lie between two days."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One line of the roster (党员名册) as of a day. The ID number is masked; `MemberService.id_number` reveals it."""

    id: str
    name: str
    id_no_masked: str
    gender: str | None
    gender_text: str
    ethnic: str | None
    ethnic_text: str
    born_on: date | None
    born_text: str
    native_place: str
    education: str | None
    education_text: str
    degree: str
    unit: str
    job_title: str
    phone: str
    admitted_on: date | None
    admitted_text: str
    full_on: date | None
    full_text: str
    category: MemberCategory
    status: MemberStatus
    group_id: str | None
    group: str
    posts: tuple[Post, ...]
    conditions: tuple[ConditionKind, ...]
    has_vote: bool
    at_work: bool
    probation_ends_on: date | None
    extended_once: bool
    dues_class: str | None
    dues_base_fen: int | None
    joined_on: date | None
    left_on: date | None
    retires_on: date | None
    note: str
    rev: int

    def standing_years(self, on: date) -> int | None:
        """Return for how many full years the person has been a full member on `on` (党龄), None before that begins."""
        return full_years(self.full_on, on) if self.full_on is not None and self.full_on <= on else None

    @property
    def posts_text(self) -> str:
        """The posts as people read them: 支部书记、党小组长."""
        return "、".join(post.label for post in self.posts)

    @property
    def state_text(self) -> str:
        """What the roster shows as state: the status, else the circumstances, else the category."""
        if self.status not in (MemberStatus.FULL_MEMBER, MemberStatus.PROBATIONARY):
            return self.status.label
        return "、".join(kind.label for kind in self.conditions) or self.category.label


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """One step of a member's life-cycle."""

    id: str
    from_status: MemberStatus | None
    to_status: MemberStatus
    on: date
    meeting_id: str | None
    approving_org: str
    document_no: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionRow:
    """A circumstance of a member that holds from a day to a day; empty ends are open."""

    id: str
    kind: ConditionKind
    from_on: date | None
    to_on: date | None
    reason: str
    place: str


def row_of(roster: Roster, member: Member, on: date) -> MemberRow:
    """Return a member as of `on`."""
    return MemberRow(
        id=member.id,
        name=member.name,
        id_no_masked=masked(member.id_no or ""),
        gender=member.gender,
        gender_text=str(code_name("gender")(member.gender))[:1],
        ethnic=member.ethnic,
        ethnic_text=codes("ethnic").name(member.ethnic),
        born_on=member.born_on,
        born_text=partial_text(member.born_on, member.born_precision),
        native_place=member.native_place or "",
        education=member.education,
        education_text=str(code_name("education")(member.education)),
        degree=member.degree or "",
        unit=member.unit or "",
        job_title=member.job_title or "",
        phone=member.phone or "",
        admitted_on=member.admitted_on,
        admitted_text=partial_text(member.admitted_on, member.admitted_precision),
        full_on=member.full_on,
        full_text=partial_text(member.full_on, member.full_precision),
        category=roster.category(member, on),
        status=roster.status(member, on),
        group_id=member.group_id,
        group=roster.group_name(member.group_id),
        posts=roster.posts_of(member.id, on),
        conditions=roster.circumstances(member, on),
        has_vote=roster.has_vote(member, on),
        at_work=roster.at_work(member, on),
        probation_ends_on=member.probation_ends_on,
        extended_once=member.extended_once,
        dues_class=member.dues_class,
        dues_base_fen=member.dues_base_fen,
        joined_on=member.joined_on,
        left_on=member.left_on,
        retires_on=member.retires_on,
        note=member.note or "",
        rev=member.rev,
    )

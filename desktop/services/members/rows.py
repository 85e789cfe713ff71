"""Rows about members that cross layers and threads."""

from dataclasses import dataclass
from datetime import date

from desktop.models.vocabulary import ConditionKind, MemberCategory, MemberStatus, Post


@dataclass(frozen=True, slots=True)
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
    note: str
    rev: int

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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A circumstance of a member that holds from a day to a day; empty ends are open."""

    id: str
    kind: ConditionKind
    from_on: date | None
    to_on: date | None
    reason: str
    place: str

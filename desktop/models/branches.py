"""The branch itself: profile, groups, committee terms, posts (党支部、党小组、届次、支委)."""

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Record, Travel
from desktop.models.vocabulary.branches import GroupState, OrgKind, Post, PostHow


class Branch(Record, Base):
    """The profile of a branch (党组织). Its id is the branch's uid and equals `branch_id`."""

    __tablename__ = "branches"
    __travels__: ClassVar[Travel] = Travel.UP

    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    short_name: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[OrgKind] = mapped_column(default=OrgKind.BRANCH)
    group_kind: Mapped[str] = mapped_column(String(20), default="mixed")  # race group of horse_race.toml
    founded_on: Mapped[date | None]
    region_code: Mapped[str | None] = mapped_column(String(6))
    fonds_no: Mapped[str | None] = mapped_column(String(20))
    establish_approval_no: Mapped[str | None] = mapped_column(String(60))
    covered_units: Mapped[list[str]] = mapped_column(default=list)
    valid_until: Mapped[date | None]
    recorded_since: Mapped[date | None]  # the day this store was created: earlier dates are history typed in


class PartyGroup(Record, Base):
    """A party group (党小组) of a branch. An empty start means: since before our records."""

    __tablename__ = "party_groups"
    __table_args__ = (UniqueConstraint("branch_id", "name"),)
    __travels__: ClassVar[Travel] = Travel.UP

    name: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[GroupState] = mapped_column(default=GroupState.ACTIVE)
    from_on: Mapped[date | None]
    dissolved_on: Mapped[date | None]


class Term(Record, Base):
    """One term of the branch committee (届次)."""

    __tablename__ = "terms"
    __travels__: ClassVar[Travel] = Travel.UP

    term_no: Mapped[int]
    elected_on: Mapped[date]
    approved_on: Mapped[date | None]
    expires_on: Mapped[date]
    approval_no: Mapped[str | None] = mapped_column(String(60))
    shifted_to: Mapped[date | None]  # postponed or advanced with the superior's approval
    shift_approval_no: Mapped[str | None] = mapped_column(String(60))
    handed_over_on: Mapped[date | None]


class PostAssignment(Record, Base):
    """Who holds which post from when to when. An empty start means: since before our records."""

    __tablename__ = "post_assignments"
    __travels__: ClassVar[Travel] = Travel.UP

    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED")
    )
    post: Mapped[Post]
    group_id: Mapped[str | None] = mapped_column(
        String(ID_LENGTH), ForeignKey("party_groups.id", deferrable=True, initially="DEFERRED")
    )
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]  # last day in the post
    how: Mapped[PostHow] = mapped_column(default=PostHow.ELECTED)
    approval_no: Mapped[str | None] = mapped_column(String(60))

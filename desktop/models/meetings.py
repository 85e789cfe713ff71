"""Organisational life (组织生活): meetings with attendance, votes, action items, corrections, appraisal grades."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Owned, Record, Travel
from desktop.models.registers import LinesType
from desktop.models.vocabulary.meetings import AppraisalGrade, AttendanceState, MeetingKind, MeetingState


@dataclass(frozen=True, slots=True)
class Speech:
    """Who said what, in summary (发言). `member_id` is empty for a guest."""

    name: str = ""
    text: str = ""
    member_id: str | None = None


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item of the agenda (议程): what was discussed and what was resolved."""

    title: str = ""
    content: str = ""
    resolution: str = ""


class Meeting(Record, Base):
    """One meeting. Immutable once confirmed: corrections are appended, never edits."""

    __tablename__ = "meetings"
    __table_args__ = (
        Index("ix_meetings_branch_day", "branch_id", "held_on"),
        Index("ix_meetings_branch_year", "branch_id", "for_year"),
    )
    __travels__: ClassVar[Travel] = Travel.UP

    kind: Mapped[MeetingKind]
    held_on: Mapped[date]
    started_at: Mapped[str | None] = mapped_column(String(5))  # local time HH:MM
    ended_at: Mapped[str | None] = mapped_column(String(5))
    place: Mapped[str | None] = mapped_column(String(80))
    venue_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    group_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    for_year: Mapped[int]  # the year it counts for, not always the year of its date
    chair_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    chair_name: Mapped[str | None] = mapped_column(String(60))  # where the chair is no member of the branch
    recorder_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    recorder_name: Mapped[str | None] = mapped_column(String(60))
    speaker_ids: Mapped[list[str]] = mapped_column(default=list)  # who gave the lecture (主讲人)
    topic: Mapped[str] = mapped_column(default="")
    agenda: Mapped[tuple[Any, ...]] = mapped_column(LinesType(AgendaItem), default=())
    speeches: Mapped[tuple[Any, ...]] = mapped_column(LinesType(Speech), default=())
    resolution: Mapped[str] = mapped_column(default="")
    plan: Mapped[str] = mapped_column(default="")  # prepared beforehand (方案、讲稿提纲)
    follow_up: Mapped[str] = mapped_column(default="")  # what came of it afterwards (后续成果)
    cancel_reason: Mapped[str | None]  # why it was called off (取消原因)
    tags: Mapped[list[str]] = mapped_column(default=list)  # agenda tags of the standard
    joint_with_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))  # 合并召开
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.MINUTED)
    confirmed_on: Mapped[date | None]
    confirmed_by: Mapped[str | None] = mapped_column(String(60))


class Attendance(Owned, Base):
    """Where one expected person was. Written from the roster of that day, with the meeting."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("meeting_id", "member_id"),)
    __travels__: ClassVar[Travel] = Travel.UP

    meeting_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("meetings.id", deferrable=True, initially="DEFERRED", ondelete="CASCADE")
    )
    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED")
    )
    state: Mapped[AttendanceState]
    reason: Mapped[str | None] = mapped_column(String(60))
    has_vote: Mapped[bool]
    make_up_on: Mapped[date | None]


class Vote(Owned, Base):
    """One vote or election held in a meeting (表决). Counts are of persons entitled to vote; empty: not recorded."""

    __tablename__ = "votes"
    __travels__: ClassVar[Travel] = Travel.UP

    meeting_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("meetings.id", deferrable=True, initially="DEFERRED", ondelete="CASCADE"),
        index=True,
    )
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))  # vote kinds of party_rules.toml
    subject: Mapped[str] = mapped_column(default="")
    due: Mapped[int | None]
    present: Mapped[int | None]
    yes: Mapped[int | None]
    no: Mapped[int | None]
    abstain: Mapped[int | None]
    declared_passed: Mapped[bool | None]  # the result as the minutes record it


class ActionItem(Owned, Base):
    """Something the meeting asked of someone (会后任务); it becomes to-do until done."""

    __tablename__ = "action_items"
    __table_args__ = (Index("ix_action_items_branch_due", "branch_id", "due_on"),)
    __travels__: ClassVar[Travel] = Travel.UP

    meeting_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("meetings.id", deferrable=True, initially="DEFERRED", ondelete="CASCADE"),
        index=True,
    )
    position: Mapped[int]
    what: Mapped[str]
    owner_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    owner_name: Mapped[str] = mapped_column(String(60), default="")
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(default="")


class Correction(Record, Base):
    """An addition to a confirmed meeting (更正), with its reason."""

    __tablename__ = "corrections"
    __travels__: ClassVar[Travel] = Travel.UP

    meeting_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("meetings.id", deferrable=True, initially="DEFERRED"), index=True
    )
    on: Mapped[date]
    text: Mapped[str]
    reason: Mapped[str]


class AppraisalResult(Record, Base):
    """The grade a member got in a democratic appraisal (民主评议), typed by people, never computed."""

    __tablename__ = "appraisal_results"
    __table_args__ = (UniqueConstraint("branch_id", "for_year", "member_id"),)
    __travels__: ClassVar[Travel] = Travel.UP

    for_year: Mapped[int]
    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED")
    )
    grade: Mapped[AppraisalGrade]
    fed_back_on: Mapped[date | None]

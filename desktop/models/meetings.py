"""Organisational life (组织生活): meetings with attendance, votes, action items, corrections."""

from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Holds, Owned, Record, Travel, called
from desktop.models.lines import LinesType
from desktop.models.vocabulary.meetings import AttendanceState, MakeUpWay, MeetingKind, MeetingState


@dataclass(frozen=True, slots=True)
class Speech:
    """Who said what, in summary (发言). `member_id` is empty for a guest."""

    name: str = ""
    text: str = ""
    member_id: str | None = None


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item of the agenda (议程): what was discussed and what was resolved.

    `tag` is its kind, an agenda tag of the standard, "" for ordinary business. What follows it only items of study say:
    the text that was studied, who led, in what form, and what the branch does about it.
    """

    title: str = ""
    content: str = ""
    resolution: str = ""
    _: KW_ONLY
    tag: str = ""
    source: str = ""
    leader: str = ""
    form: str = ""
    measures: str = ""


@dataclass(frozen=True, slots=True)
class Observer:
    """Who sat in without being expected (列席人员), and as what: unit and post."""

    name: str = ""
    post: str = ""


class Meeting(Record, Base):
    """One meeting. Immutable once confirmed: corrections are appended, never edits."""

    __tablename__ = "meetings"
    __table_args__ = (
        Index("ix_meetings_branch_day", "branch_id", "held_on"),
        Index("ix_meetings_branch_year", "branch_id", "for_year"),
    )
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "会议记录"

    kind: Mapped[MeetingKind] = mapped_column(info=called("类型"))
    held_on: Mapped[date] = mapped_column(info=called("日期"))
    started_at: Mapped[str | None] = mapped_column(String(5), info=called("开始时间", Holds.TIME))  # local time HH:MM
    ended_at: Mapped[str | None] = mapped_column(String(5), info=called("结束时间", Holds.TIME))
    place: Mapped[str | None] = mapped_column(String(80), info=called("地点"))
    venue_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("阵地"))
    group_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("党小组"))
    for_year: Mapped[int] = mapped_column(  # the year it counts for, not always the year of its date
        info=called("计入年度", Holds.YEAR)
    )
    chair_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("主持人"))
    chair_name: Mapped[str | None] = mapped_column(  # where the chair is no member of the branch
        String(60), info=called("主持人姓名")
    )
    recorder_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("记录人"))
    recorder_name: Mapped[str | None] = mapped_column(String(60), info=called("记录人姓名"))
    speaker_ids: Mapped[list[str]] = mapped_column(default=list, info=called("主讲人"))  # who gave the lecture (主讲人)
    topic: Mapped[str] = mapped_column(default="", info=called("议题"))
    number: Mapped[int | None] = mapped_column(info=called("次数"))  # which of the year it is, where somebody wrote it
    planned_on: Mapped[date | None] = mapped_column(info=called("计划日期"))  # when it was to be, before it was held
    planned_at: Mapped[str | None] = mapped_column(String(5), info=called("计划时间", Holds.TIME))
    observers: Mapped[tuple[Any, ...]] = mapped_column(LinesType(Observer), default=(), info=called("列席人员"))
    leave_by: Mapped[str | None] = mapped_column(String(60), info=called("准假人"))  # who approved the leave
    agenda: Mapped[tuple[Any, ...]] = mapped_column(LinesType(AgendaItem), default=(), info=called("议程"))
    speeches: Mapped[tuple[Any, ...]] = mapped_column(LinesType(Speech), default=(), info=called("发言"))
    resolution: Mapped[str] = mapped_column(default="", info=called("决议"))
    summary: Mapped[str] = mapped_column(default="", info=called("主持人总结"))
    plan: Mapped[str] = mapped_column(default="", info=called("方案"))  # prepared beforehand (方案、讲稿提纲)
    follow_up: Mapped[str] = mapped_column(default="", info=called("后续成果"))  # what came of it afterwards (后续成果)
    satisfied: Mapped[int | None] = mapped_column(info=called("满意人数"))  # how those present judged it (即时评价)
    asked: Mapped[int | None] = mapped_column(info=called("评价人数"))
    cancel_reason: Mapped[str | None] = mapped_column(info=called("取消原因"))  # why it was called off (取消原因)
    tags: Mapped[list[str]] = mapped_column(default=list, info=called("议题标签"))  # agenda tags of the standard
    joint_with_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("合并召开的会议"))  # 合并召开
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.MINUTED, info=called("状态"))
    confirmed_on: Mapped[date | None] = mapped_column(info=called("确认日期"))
    confirmed_by: Mapped[str | None] = mapped_column(String(60), info=called("确认人"))


class Attendance(Owned, Base):
    """Where one expected person was. Written from the roster of that day, with the meeting."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("meeting_id", "member_id"),)
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "会议出席"

    meeting_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("meetings.id", deferrable=True, initially="DEFERRED", ondelete="CASCADE"),
        info=called("会议"),
    )
    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED"), info=called("党员")
    )
    state: Mapped[AttendanceState] = mapped_column(info=called("出席情况"))
    reason: Mapped[str | None] = mapped_column(String(60), info=called("请假原因"))
    has_vote: Mapped[bool] = mapped_column(info=called("有表决权"))
    double_life: Mapped[bool] = mapped_column(  # a leader who takes part as an ordinary member (双重组织生活)
        default=False, info=called("双重组织生活")
    )
    make_up_on: Mapped[date | None] = mapped_column(info=called("补课日期"))
    make_up_way: Mapped[MakeUpWay | None] = mapped_column(info=called("补课方式"))
    make_up_content: Mapped[str] = mapped_column(default="", info=called("补课内容"))
    make_up_by: Mapped[str] = mapped_column(String(60), default="", info=called("补课人"))


class Vote(Owned, Base):
    """One vote or election held in a meeting (表决). Counts are of persons entitled to vote; empty: not recorded."""

    __tablename__ = "votes"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "会议表决"

    meeting_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("meetings.id", deferrable=True, initially="DEFERRED", ondelete="CASCADE"),
        index=True,
        info=called("会议"),
    )
    position: Mapped[int] = mapped_column(info=called("顺序"))
    kind: Mapped[str] = mapped_column(String(40), info=called("表决类型"))  # vote kinds of party_rules.toml
    subject: Mapped[str] = mapped_column(default="", info=called("表决事项"))
    due: Mapped[int | None] = mapped_column(info=called("应到"))
    present: Mapped[int | None] = mapped_column(info=called("实到"))
    yes: Mapped[int | None] = mapped_column(info=called("赞成"))
    no: Mapped[int | None] = mapped_column(info=called("反对"))
    abstain: Mapped[int | None] = mapped_column(info=called("弃权"))
    written: Mapped[int | None] = mapped_column(info=called("书面意见"))  # of absent voters, handed in beforehand
    written_yes: Mapped[int | None] = mapped_column(info=called("书面赞成"))  # how many of those are in favour
    declared_passed: Mapped[bool | None] = mapped_column(info=called("是否通过"))  # the result as the minutes record it


class ActionItem(Owned, Base):
    """Something the meeting asked of someone (会后任务); it becomes to-do until done."""

    __tablename__ = "action_items"
    __table_args__ = (Index("ix_action_items_branch_due", "branch_id", "due_on"),)
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "会后任务"

    meeting_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("meetings.id", deferrable=True, initially="DEFERRED", ondelete="CASCADE"),
        index=True,
        info=called("会议"),
    )
    position: Mapped[int] = mapped_column(info=called("顺序"))
    what: Mapped[str] = mapped_column(info=called("事项"))
    owner_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("责任人"))
    owner_name: Mapped[str] = mapped_column(String(60), default="", info=called("责任人姓名"))
    due_on: Mapped[date | None] = mapped_column(info=called("完成期限"))
    done_on: Mapped[date | None] = mapped_column(info=called("完成日期"))
    result: Mapped[str] = mapped_column(default="", info=called("结果"))


class Correction(Record, Base):
    """An addition to a confirmed meeting (更正), with its reason."""

    __tablename__ = "corrections"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "会议更正"

    meeting_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("meetings.id", deferrable=True, initially="DEFERRED"),
        index=True,
        info=called("会议"),
    )
    on: Mapped[date] = mapped_column(info=called("更正日期"))
    text: Mapped[str] = mapped_column(info=called("更正内容"))
    reason: Mapped[str] = mapped_column(info=called("更正原因"))

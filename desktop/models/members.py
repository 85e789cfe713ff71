"""Party members (党员): roster, states of their life in the branch, circumstances that hold for a time."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Holds, Record, Travel, called
from desktop.models.vocabulary.branches import ConditionKind, DatePrecision, MemberCategory, MemberStatus


class Member(Record, Base):
    """A party member. `id` names the same person on every machine and in every package.

    入党时间 `admitted_on` is the day the branch congress accepted the person as probationary;
    转正时间 `full_on` the day probation ended, from which party standing (党龄) counts.
    """

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("branch_id", "id_no"),)  # per branch: headquarters keeps many
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "党员"

    name: Mapped[str] = mapped_column(String(60), info=called("姓名"))
    id_no: Mapped[str | None] = mapped_column(String(18), info=called("身份证号"))
    gender: Mapped[str | None] = mapped_column(String(1), info=called("性别"))  # code table gender
    ethnic: Mapped[str | None] = mapped_column(String(2), info=called("民族"))  # code table ethnic
    born_on: Mapped[date | None] = mapped_column(info=called("出生日期"))
    born_precision: Mapped[DatePrecision] = mapped_column(
        default=DatePrecision.DAY, server_default=DatePrecision.DAY.value, info=called("出生日期精确到")
    )
    native_place: Mapped[str | None] = mapped_column(String(60), info=called("籍贯"))
    education: Mapped[str | None] = mapped_column(String(2), info=called("学历"))  # code table education
    degree: Mapped[str | None] = mapped_column(String(20), info=called("学位"))
    job_title: Mapped[str | None] = mapped_column(String(60), info=called("工作岗位"))
    unit: Mapped[str | None] = mapped_column(String(60), info=called("所在部门"))
    phone: Mapped[str | None] = mapped_column(String(20), info=called("联系电话"))
    admitted_on: Mapped[date | None] = mapped_column(info=called("入党时间"))
    admitted_precision: Mapped[DatePrecision] = mapped_column(default=DatePrecision.DAY, info=called("入党时间精确到"))
    full_on: Mapped[date | None] = mapped_column(info=called("转正时间"))
    full_precision: Mapped[DatePrecision] = mapped_column(default=DatePrecision.DAY, info=called("转正时间精确到"))
    category: Mapped[MemberCategory] = mapped_column(info=called("党员类别"))
    status: Mapped[MemberStatus] = mapped_column(info=called("状态"))
    probation_ends_on: Mapped[date | None] = mapped_column(info=called("预备期满日期"))
    extended_once: Mapped[bool] = mapped_column(default=False, info=called("延长过预备期"))
    group_id: Mapped[str | None] = mapped_column(
        String(ID_LENGTH), ForeignKey("party_groups.id", deferrable=True, initially="DEFERRED"), info=called("党小组")
    )
    dues_class: Mapped[str | None] = mapped_column(  # working, retired, farmer, student (party_rules.toml)
        String(20), info=called("党费类别")
    )
    dues_base_fen: Mapped[int | None] = mapped_column(info=called("党费计算基数", Holds.MONEY))
    joined_on: Mapped[date | None] = mapped_column(  # first day on the roster; empty: before our records, or admission
        info=called("转入本支部时间")
    )
    left_on: Mapped[date | None] = mapped_column(info=called("离开本支部日期"))  # first day no longer on the roster
    retires_on: Mapped[date | None] = mapped_column(
        info=called("预计退休日期")
    )  # as the employer says it, never reckoned
    origin_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("来源编号"))
    note: Mapped[str | None] = mapped_column(info=called("备注"))


def retired_by_dues(dues_class: str | None, noted: Iterable[ConditionKind]) -> bool:
    """Return whether the class of dues says that someone is retired: where no circumstance says since when, it does.

    Everybody who asks whether a member is at work asks this, whatever way the fact came in.
    """
    return dues_class == ConditionKind.RETIRED.value and ConditionKind.RETIRED not in noted


class StatusChange(Record, Base):
    """One step of a member's life-cycle: every one carries its date and the papers it rests on."""

    __tablename__ = "status_changes"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "党员变动"

    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("members.id", deferrable=True, initially="DEFERRED"),
        index=True,
        info=called("党员"),
    )
    from_status: Mapped[MemberStatus | None] = mapped_column(info=called("变动前状态"))
    to_status: Mapped[MemberStatus] = mapped_column(info=called("变动为"))
    on: Mapped[date] = mapped_column(info=called("变动日期"))
    joined_before: Mapped[date | None] = mapped_column(info=called("上一次转入日期"))  # of who comes back: what the
    left_before: Mapped[date | None] = mapped_column(info=called("上一次离开日期"))  # member's own two days were
    meeting_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("会议"))
    approving_org: Mapped[str | None] = mapped_column(String(80), info=called("批准机关"))
    document_no: Mapped[str | None] = mapped_column(String(60), info=called("文号"))
    note: Mapped[str | None] = mapped_column(info=called("说明"))


class MemberCondition(Record, Base):
    """A circumstance that holds from a day to a day (离退休、流动、长期病假 …). Empty start: before our records."""

    __tablename__ = "member_conditions"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "党员情况"

    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("members.id", deferrable=True, initially="DEFERRED"),
        index=True,
        info=called("党员"),
    )
    kind: Mapped[ConditionKind] = mapped_column(info=called("情况"))
    from_on: Mapped[date | None] = mapped_column(info=called("起"))
    to_on: Mapped[date | None] = mapped_column(info=called("止"))  # last day
    reason: Mapped[str | None] = mapped_column(info=called("原因"))
    place: Mapped[str | None] = mapped_column(String(80), info=called("去向"))  # destination of a mobile member

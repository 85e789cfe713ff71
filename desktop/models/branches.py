"""The branch itself: profile, groups, committee terms, posts (党支部、党小组、届次、支委)."""

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Record, Travel, called
from desktop.models.vocabulary.branches import GroupState, OrgKind, Post, PostHow


class Branch(Record, Base):
    """The profile of a branch (党组织). Its id is the branch's uid and equals `branch_id`."""

    __tablename__ = "branches"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "支部概况"

    code: Mapped[str] = mapped_column(String(20), info=called("代码"))
    name: Mapped[str] = mapped_column(String(80), info=called("名称"))
    short_name: Mapped[str | None] = mapped_column(String(40), info=called("简称"))
    kind: Mapped[OrgKind] = mapped_column(default=OrgKind.BRANCH, info=called("类别"))
    group_kind: Mapped[str] = mapped_column(  # race group of horse_race.toml
        String(20), default="mixed", info=called("赛马组别")
    )
    founded_on: Mapped[date | None] = mapped_column(info=called("成立日期"))
    region_code: Mapped[str | None] = mapped_column(String(6), info=called("行政区划代码"))
    fonds_no: Mapped[str | None] = mapped_column(String(20), info=called("全宗号"))
    establish_approval_no: Mapped[str | None] = mapped_column(String(60), info=called("成立批复文号"))
    covered_units: Mapped[list[str]] = mapped_column(default=list, info=called("覆盖单位"))
    valid_until: Mapped[date | None] = mapped_column(info=called("有效期至"))
    recorded_since: Mapped[date | None] = mapped_column(  # day this store was created: earlier is history typed in
        info=called("开始记录日期")
    )


class PartyGroup(Record, Base):
    """A party group (党小组) of a branch. An empty start means: since before our records."""

    __tablename__ = "party_groups"
    __table_args__ = (UniqueConstraint("branch_id", "name"),)
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "党小组"

    name: Mapped[str] = mapped_column(String(40), info=called("党小组名称"))
    unit: Mapped[str | None] = mapped_column(String(60), info=called("所在队所或部门"))
    state: Mapped[GroupState] = mapped_column(default=GroupState.ACTIVE, info=called("状态"))
    from_on: Mapped[date | None] = mapped_column(info=called("设立日期"))
    dissolved_on: Mapped[date | None] = mapped_column(info=called("撤销日期"))


class GroupMove(Record, Base):
    """A member went from one party group to another (调整编组): who was in which group before and since."""

    __tablename__ = "group_moves"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "调整编组"

    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED"), info=called("党员")
    )
    on: Mapped[date] = mapped_column(info=called("调整日期"))
    from_group_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("原党小组"))
    to_group_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("现党小组"))


class Term(Record, Base):
    """One term of the branch committee (届次)."""

    __tablename__ = "terms"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "支委会届次"

    term_no: Mapped[int] = mapped_column(info=called("届次"))
    elected_on: Mapped[date] = mapped_column(info=called("选举日期"))
    approved_on: Mapped[date | None] = mapped_column(info=called("批复日期"))
    expires_on: Mapped[date] = mapped_column(info=called("届满日期"))
    approval_no: Mapped[str | None] = mapped_column(String(60), info=called("批复文号"))
    shifted_to: Mapped[date | None] = mapped_column(  # postponed or advanced with the superior's approval
        info=called("经批准延期到")
    )
    shift_approval_no: Mapped[str | None] = mapped_column(String(60), info=called("延期批复文号"))
    handed_over_on: Mapped[date | None] = mapped_column(info=called("交接日期"))


class PostAssignment(Record, Base):
    """Who holds which post from when to when. An empty start means: since before our records."""

    __tablename__ = "post_assignments"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "任职"

    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED"), info=called("党员")
    )
    post: Mapped[Post] = mapped_column(info=called("职务"))
    group_id: Mapped[str | None] = mapped_column(
        String(ID_LENGTH), ForeignKey("party_groups.id", deferrable=True, initially="DEFERRED"), info=called("党小组")
    )
    from_on: Mapped[date | None] = mapped_column(info=called("任职日期"))
    to_on: Mapped[date | None] = mapped_column(info=called("免职日期"))  # last day in the post
    how: Mapped[PostHow] = mapped_column(default=PostHow.ELECTED, info=called("方式"))
    approval_no: Mapped[str | None] = mapped_column(String(60), info=called("批复文号"))
    end_approval_no: Mapped[str | None] = mapped_column(String(60), info=called("免职批复文号"))

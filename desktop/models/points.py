"""Points of members (党员积分): claims that people verify and approve, hold against originals, and publish by quarter.

Points that follow from meetings, dues, hours and registers are kept nowhere: they are reckoned whenever they are asked.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Holds, Record, Travel, called
from desktop.models.lines import LinesType
from desktop.models.vocabulary.points import CheckVerdict, ClaimState

QUARTERS = 4


class PointsClaim(Record, Base):
    """What somebody asks points for, with its outcome, and who said yes or no to it.

    It is never edited once it is handed in: what is wrong is rejected or revoked with a reason, and stays.
    """

    __tablename__ = "points_claims"
    __table_args__ = (Index("ix_points_claims_of_day", "branch_id", "event_on"),)
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "积分申报"

    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED"), info=called("党员")
    )
    group_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("党小组"))  # when it was handed in
    rule: Mapped[str] = mapped_column(String(20), info=called("依据条款"))  # of member_points.toml
    event_on: Mapped[date] = mapped_column(info=called("事项日期"))
    title: Mapped[str] = mapped_column(String(120), info=called("事项"))
    outcome: Mapped[str] = mapped_column(default="", info=called("做法和效果"))
    rating: Mapped[int | None] = mapped_column(info=called("评分"))  # of rules that are rated
    choice: Mapped[str | None] = mapped_column(String(20), info=called("结果"))  # of rules that go by a result
    handed_in_on: Mapped[date] = mapped_column(info=called("申报日期"))
    state: Mapped[ClaimState] = mapped_column(default=ClaimState.SUBMITTED, info=called("状态"))
    verified_by_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("核实人"))
    verified_on: Mapped[date | None] = mapped_column(info=called("核实日期"))
    meeting_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("审核的会议"))
    approved_on: Mapped[date | None] = mapped_column(info=called("审核日期"))
    approving_org: Mapped[str | None] = mapped_column(String(80), info=called("审核的上级党组织"))  # 书记的申报
    document_no: Mapped[str | None] = mapped_column(String(60), info=called("答复文号"))
    reason: Mapped[str | None] = mapped_column(info=called("退回或撤销的原因"))
    closed_on: Mapped[date | None] = mapped_column(info=called("退回或撤销日期"))


class PointsDecision(Record, Base):
    """What headquarters decided of a claim that its branch may not approve itself (书记的积分申报).

    It is never edited: what was wrong is taken back with a reason, and stays; then the claim waits again.
    """

    __tablename__ = "points_decisions"
    __travels__: ClassVar[Travel] = Travel.DOWN
    __label__: ClassVar[str] = "积分核定"

    claim_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True, info=called("积分申报"))
    granted: Mapped[bool] = mapped_column(info=called("同意"))
    org: Mapped[str] = mapped_column(String(80), info=called("核定的上级党组织"))
    decided_by: Mapped[str] = mapped_column(String(60), info=called("核定人"))
    decided_on: Mapped[date] = mapped_column(info=called("核定日期"))
    ground: Mapped[str] = mapped_column(info=called("核定依据"))
    revoked_by: Mapped[str] = mapped_column(String(60), default="", info=called("撤销人"))
    revoked_on: Mapped[date | None] = mapped_column(info=called("撤销日期"))
    revoke_reason: Mapped[str] = mapped_column(default="", info=called("撤销的原因"))


class PointsCheck(Record, Base):
    """What was found when an approved claim was held against its originals (核对原件), before it is posted.

    It is never edited: what was wrong is taken back with a reason, and stays. `member_id` is whose claim it is.
    `deduction_id`: the claim by which a false one costs points.
    """

    __tablename__ = "points_checks"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "积分核对"

    claim_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("points_claims.id", deferrable=True, initially="DEFERRED"),
        info=called("积分申报"),
    )
    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED"), info=called("党员")
    )
    verdict: Mapped[CheckVerdict] = mapped_column(info=called("认定"))
    found: Mapped[str] = mapped_column(default="", info=called("核对情况"))
    compared_by_id: Mapped[str] = mapped_column(String(ID_LENGTH), info=called("核对人"))
    compared_on: Mapped[date] = mapped_column(info=called("核对日期"))
    deduction_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("扣分的申报"))
    revoked_on: Mapped[date | None] = mapped_column(info=called("撤销日期"))
    revoke_reason: Mapped[str] = mapped_column(default="", info=called("撤销的原因"))


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """The sums of a member as they were published, in tenths of a point; without a level somebody is not ranked."""

    member_id: str = ""
    name: str = ""
    base: int = 0
    contribution: int = 0
    reward: int = 0
    deduction: int = 0
    total: int = 0
    level: str = ""


class PointsPublication(Record, Base):
    """What was posted of a quarter (积分公示), frozen: whatever changes afterwards asks for another one."""

    __tablename__ = "points_publications"
    __table_args__ = (Index("ix_points_publications_of_year", "branch_id", "year"),)
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "积分公示"

    year: Mapped[int] = mapped_column(info=called("年度", Holds.YEAR))
    quarter: Mapped[int] = mapped_column(info={**called("季度"), "lowest": 1, "highest": QUARTERS})
    posted_on: Mapped[date] = mapped_column(info=called("张贴日期"))
    ends_on: Mapped[date] = mapped_column(info=called("公示到"))  # the last working day
    meeting_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("审核的会议"))
    edition: Mapped[str] = mapped_column(String(20), default="", info=called("积分办法版本"))
    place: Mapped[str] = mapped_column(String(80), default="", info=called("张贴处"))
    contact: Mapped[str] = mapped_column(String(60), default="", info=called("受理人"))
    phone: Mapped[str] = mapped_column(String(40), default="", info=called("受理电话"))
    claim_ids: Mapped[list[str]] = mapped_column(default=list, info=called("包含的申报"))
    lines: Mapped[tuple[Any, ...]] = mapped_column(LinesType(PublishedLine), default=(), info=called("各人积分"))

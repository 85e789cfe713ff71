"""The yearly organisational life meeting and the appraisal of members (组织生活会、民主评议): one round a year.

Ballots are kept as sums only: nothing tells who voted how.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, NEWEST_YEAR, OLDEST_YEAR, Base, Holds, Record, Travel, called
from desktop.models.checks import different
from desktop.models.lines import LinesType
from desktop.models.registers import Kept, field, register
from desktop.models.vocabulary.appraisal import Concerned, OpinionGiver, QuotaBase
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.models.vocabulary.registers import RegisterArea


class Appraisal(Record, Base):
    """One round: how the meeting of a year was prepared, what the ballots were, and when grades were set."""

    __tablename__ = "appraisals"
    __table_args__ = (Index("ix_appraisals_of_year", "branch_id", "for_year"),)
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "民主评议"

    for_year: Mapped[int] = mapped_column(info=called("年度", Holds.YEAR))
    theme: Mapped[str | None] = mapped_column(info=called("主题"))
    plan_on: Mapped[date | None] = mapped_column(info=called("方案日期"))
    study_on: Mapped[date | None] = mapped_column(info=called("集中学习日期"))
    study_hours: Mapped[float | None] = mapped_column(info=called("集中学习学时"))
    study_topics: Mapped[str | None] = mapped_column(info=called("学习篇目"))
    notice_on: Mapped[date | None] = mapped_column(info=called("通知日期"))
    planned_on: Mapped[date | None] = mapped_column(info=called("会议定在"))
    opinions_on: Mapped[date | None] = mapped_column(info=called("征求意见日期"))
    committee_review_on: Mapped[date | None] = mapped_column(info=called("班子对照检查材料通过日期"))
    guest: Mapped[str | None] = mapped_column(String(80), info=called("上级参加人"))
    peer_on: Mapped[date | None] = mapped_column(info=called("党员互评日期"))
    ballots_on: Mapped[date | None] = mapped_column(info=called("测评日期"))
    issued: Mapped[int | None] = mapped_column(info=called("发出"))
    collected: Mapped[int | None] = mapped_column(info=called("收回"))
    valid: Mapped[int | None] = mapped_column(info=called("有效"))
    branch_good: Mapped[int | None] = mapped_column(info=called("支部工作好"))
    branch_fair: Mapped[int | None] = mapped_column(info=called("支部工作较好"))
    branch_average: Mapped[int | None] = mapped_column(info=called("支部工作一般"))
    branch_poor: Mapped[int | None] = mapped_column(info=called("支部工作差"))
    quota_base: Mapped[QuotaBase] = mapped_column(default=QuotaBase.ALL_MEMBERS, info=called("优秀名额按"))
    decided_on: Mapped[date | None] = mapped_column(info=called("定下等次日期"))
    decided_by: Mapped[str | None] = mapped_column(String(60), info=called("由谁定"))
    reopened: Mapped[str | None] = mapped_column(info=called("重新议定的原因"))
    published_on: Mapped[date | None] = mapped_column(info=called("公布日期"))
    reported_on: Mapped[date | None] = mapped_column(info=called("情况报告日期"))
    note: Mapped[str | None] = mapped_column(info=called("备注"))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One step taken about somebody basically qualified or unqualified (帮教、处置), as the rules name it."""

    step: str = ""
    done_on: date | None = None
    by: str = ""


class AppraisalResult(Record, Base):
    """What a round says of one member: self-review, sums of ballots, and the grade typed by people, never computed.

    Without a grade it is still to be set (待定); grades count once the round is decided. `excused` says why somebody
    takes no part.
    """

    __tablename__ = "appraisal_results"
    __table_args__ = (Index("ix_appraisal_results_of_year", "branch_id", "for_year"),)  # the bin may hold older lines
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "民主评议结果"

    for_year: Mapped[int] = mapped_column(info=called("年度", Holds.YEAR))
    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED"), info=called("党员")
    )
    excused: Mapped[str | None] = mapped_column(String(60), info=called("不参评原因"))
    review_on: Mapped[date | None] = mapped_column(info=called("自评交来日期"))
    review: Mapped[str | None] = mapped_column(info=called("个人小结"))
    self_grade: Mapped[AppraisalGrade | None] = mapped_column(info=called("自评等次"))
    peer: Mapped[str | None] = mapped_column(info=called("互评意见"))
    written: Mapped[str | None] = mapped_column(info=called("缺席党员书面发言"))
    read_by: Mapped[str | None] = mapped_column(String(60), info=called("书面发言由谁宣读"))
    votes_excellent: Mapped[int | None] = mapped_column(info=called("优秀票"))
    votes_qualified: Mapped[int | None] = mapped_column(info=called("合格票"))
    votes_basically: Mapped[int | None] = mapped_column(info=called("基本合格票"))
    votes_unqualified: Mapped[int | None] = mapped_column(info=called("不合格票"))
    grade: Mapped[AppraisalGrade | None] = mapped_column(info=called("等次"))
    reason: Mapped[str | None] = mapped_column(info=called("评定理由"))
    fed_back_on: Mapped[date | None] = mapped_column(info=called("反馈日期"))
    fed_back_by: Mapped[str | None] = mapped_column(String(60), info=called("反馈人"))
    praise: Mapped[str | None] = mapped_column(info=called("肯定"))
    faults: Mapped[str | None] = mapped_column(info=called("指出的问题"))
    hopes: Mapped[str | None] = mapped_column(info=called("希望"))
    signed_on: Mapped[date | None] = mapped_column(info=called("本人签字日期"))
    follow_up: Mapped[tuple[Any, ...]] = mapped_column(LinesType(FollowUp), default=(), info=called("帮教和处置"))
    registered_on: Mapped[date | None] = mapped_column(info=called("登记表归档日期"))


def _giver_named(values: Mapping[str, Any]) -> tuple[str, str] | None:
    said = values.get("giver_id") or values.get("giver_name")
    return None if said else ("giver_id", "写明是谁提的，不是本支部党员的写姓名")


def _person_named(name: str) -> Any:
    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        about, person = values.get("concerned"), values.get(name)
        if about == Concerned.PERSON and not person:
            return name, "对个人的，写明是谁"
        return (name, "对班子的不写个人") if about == Concerned.COMMITTEE and person else None

    return check


@register(
    "批评意见",
    area=RegisterArea.ORG_LIFE,
    dimension="D4",
    checks=(
        different("giver_id", "receiver_id", "自己对自己的写在个人小结里"),
        _giver_named,
        _person_named("receiver_id"),
    ),
    attachments=False,
    hint="组织生活会上谁对谁提的、原话、本人怎么表态。意见要具体到事，不用希望和建议代替。",
)
class Criticism(Kept, Base):
    """What somebody was told at an organisational life meeting, by whom, and what was answered (批评意见)."""

    event_on: Mapped[date] = field("日期", required=True, happened=True)
    title: Mapped[str] = field("批评意见", required=True, long=True, help="原话，具体到事")
    for_year: Mapped[int] = field("所属年度", required=True, lowest=OLDEST_YEAR, highest=NEWEST_YEAR)
    concerned: Mapped[Concerned] = field("对象", required=True, default=Concerned.PERSON)
    receiver_id: Mapped[str | None] = field("被批评人", ref="member")
    giver_id: Mapped[str | None] = field("批评人", ref="member")
    giver_name: Mapped[str | None] = field("批评人姓名", listed=False, help="不是本支部党员的写在这里")
    reply: Mapped[str | None] = field("本人表态", long=True)
    category: Mapped[str | None] = field("归类", help="如：理论学习、担当作为、联系群众、纪律作风")
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register(
    "组织生活会征求意见",
    area=RegisterArea.ORG_LIFE,
    dimension="D4",
    checks=(_person_named("receiver_id"),),
    attachments=False,
    hint="会前向党员、职工、客户征求的意见，同样的合成一条写条数，不写是谁提的。",
)
class SoughtOpinion(Kept, Base):
    """An opinion collected before an organisational life meeting; like ones together, without who gave them."""

    event_on: Mapped[date] = field("日期", required=True, happened=True)
    title: Mapped[str] = field("意见内容", required=True, long=True)
    for_year: Mapped[int] = field("所属年度", required=True, lowest=OLDEST_YEAR, highest=NEWEST_YEAR)
    concerned: Mapped[Concerned] = field("对象", required=True, default=Concerned.COMMITTEE)
    receiver_id: Mapped[str | None] = field("对谁的意见", ref="member")
    giver: Mapped[OpinionGiver] = field("征求对象", required=True, default=OpinionGiver.MEMBER)
    times: Mapped[int] = field("条数", required=True, default=1, lowest=1)
    category: Mapped[str | None] = field("归类")
    proposal: Mapped[str | None] = field("拟怎么办", long=True)
    note: Mapped[str | None] = field("备注", listed=False, long=True)

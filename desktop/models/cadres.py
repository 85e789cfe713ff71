"""Party-affairs staff (党务干部): selection, training, supervision, assessment, and those to be drawn on later.

What is thought of a person is for those entitled alone: such a register names a column whose every value is restricted.
"""

from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Mapped

from desktop.models.base import NEWEST_YEAR, OLDEST_YEAR, Base
from desktop.models.checks import hours_within, not_before_its_day
from desktop.models.learning import HoursOfMember
from desktop.models.registers import Event, Stateful, field, lines, register
from desktop.models.vocabulary.registers import (
    CadreGrade,
    CadreKind,
    CadreReviewMethod,
    CadreTrainingKind,
    RegisterArea,
    TalentState,
)

LEVELS = "0到4分：0没有、1较弱、2一般、3较强、4突出"
MOST_LEVEL = 4


@register(
    "党务干部选配",
    area=RegisterArea.CADRES,
    dimension="D2",
    checks=(not_before_its_day("approved_on"),),
    hint="选什么样的人、怎么发现的、考察情况和研究意见。只有书记、纪检委员看得到，报送后总部的审批人也看得到。",
)
class CadreSelection(Event, Base):
    """A candidate for party work, how well suited, and what was decided (选配)."""

    __restricted__: ClassVar[tuple[str, tuple[str, ...]] | None] = ("kind", tuple(CadreKind))

    member_id: Mapped[str | None] = field("人选", required=True, ref="member")
    post: Mapped[str | None] = field("拟任职务", required=True)
    kind: Mapped[CadreKind] = field("专职兼职", required=True, default=CadreKind.PART_TIME)
    found_by: Mapped[str | None] = field("发现渠道", listed=False, help="赛马、品牌创建、课题、志愿服务等哪个平台")
    experience_years: Mapped[int | None] = field("党务工作年限", listed=False, highest=60)
    political: Mapped[int | None] = field("政治强", listed=False, highest=MOST_LEVEL, help=LEVELS)
    professional: Mapped[int | None] = field("专业强", listed=False, highest=MOST_LEVEL)
    exemplary: Mapped[int | None] = field("先进性强", listed=False, highest=MOST_LEVEL)
    coordination: Mapped[int | None] = field("统筹协调", listed=False, highest=MOST_LEVEL)
    planning: Mapped[int | None] = field("谋划能力", listed=False, highest=MOST_LEVEL)
    finding: Mapped[str | None] = field("考察情况", listed=False, long=True)
    decision: Mapped[str | None] = field("研究意见", long=True)
    approved_on: Mapped[date | None] = field("批准日期", happened=True)


@register(
    "党务干部培养",
    area=RegisterArea.CADRES,
    dimension="D2",
    checks=(hours_within("participants"), not_before_its_day("to_on")),
    hint="实地考察、专题培训、实景教学、轮岗挂职，写清学了什么、用到哪里。集中培训班的学时在“集中培训”里登记。",
)
class CadreTraining(Event, Base):
    """What party-affairs staff were taught by seeing and doing (培养)."""

    kind: Mapped[CadreTrainingKind] = field("方式", required=True, default=CadreTrainingKind.COURSE)
    to_on: Mapped[date | None] = field("结束日期", listed=False)
    place: Mapped[str | None] = field("地点或单位")
    participants: Mapped[tuple[HoursOfMember, ...]] = lines("参加人员时长", HoursOfMember, required=True)
    result: Mapped[str | None] = field("收获", listed=False, long=True)
    applied_in: Mapped[str | None] = field("用到哪里", listed=False, long=True)


@register(
    "党务干部监督",
    area=RegisterArea.CADRES,
    dimension="D2",
    subject="member_id",
    hint="个人述职、民主评议、现场查看各记各的，年度考核时选作依据。只有书记、纪检委员看得到，报送后总部的审批人也看得到。",
)
class CadreReview(Event, Base):
    """What a duty report, an appraisal or a look on the spot told of somebody (监督)."""

    __restricted__: ClassVar[tuple[str, tuple[str, ...]] | None] = ("method", tuple(CadreReviewMethod))

    member_id: Mapped[str | None] = field("党务干部", required=True, ref="member")
    method: Mapped[CadreReviewMethod] = field("方式", required=True)
    period: Mapped[str | None] = field("所属期间", listed=False)
    score: Mapped[float | None] = field("得分")
    rated_by: Mapped[str | None] = field("评定人", listed=False)
    findings: Mapped[str | None] = field("情况", required=True, long=True)


@register(
    "党务干部考核",
    area=RegisterArea.CADRES,
    dimension="D2",
    subject="member_id",
    hint="党建和业务合在一起考核，一人一年一条，写明依据和结果怎么用。只有书记、纪检委员看得到，报送后总部的审批人也看得到。",
)
class CadreAssessment(Event, Base):
    """The combined yearly assessment of party and business work, its grounds and its use (考核)."""

    __restricted__: ClassVar[tuple[str, tuple[str, ...]] | None] = ("result", tuple(CadreGrade))

    member_id: Mapped[str | None] = field("党务干部", required=True, ref="member")
    year: Mapped[int] = field("年度", required=True, lowest=OLDEST_YEAR, highest=NEWEST_YEAR)
    party_score: Mapped[float | None] = field("党建得分", listed=False)
    business_score: Mapped[float | None] = field("业务得分", listed=False)
    result: Mapped[CadreGrade] = field("等次", required=True, default=CadreGrade.COMPETENT)
    report_id: Mapped[str | None] = field("个人述职", listed=False, ref="cadre_review", help="在党务干部监督里登记过的")
    appraisal_id: Mapped[str | None] = field("民主评议", listed=False, ref="cadre_review")
    on_site_id: Mapped[str | None] = field("现场查看", listed=False, ref="cadre_review")
    grounds: Mapped[str | None] = field("考核依据", required=True, long=True)
    used_for: Mapped[str | None] = field("结果运用", listed=False, long=True, help="选拔、表彰、培养、调整")


@register(
    "党务人才库",
    area=RegisterArea.CADRES,
    dimension="D2",
    hint="能做党务工作的人：长处、培养措施、可任职务。只有书记、纪检委员看得到，报送后总部的审批人也看得到。",
)
class TalentPool(Stateful, Base):
    """Somebody to be drawn on for party work later (人才库)."""

    __restricted__: ClassVar[tuple[str, tuple[str, ...]] | None] = ("state", tuple(TalentState))

    title: Mapped[str] = field("方向", required=True, help="组织、宣传、纪检、综合等")
    member_id: Mapped[str | None] = field("人选", required=True, ref="member")
    listed_on: Mapped[date | None] = field("入库日期", required=True, happened=True)
    strengths: Mapped[str | None] = field("长处", long=True)
    experience: Mapped[str | None] = field("主要经历", listed=False, long=True)
    mentor_id: Mapped[str | None] = field("培养人", listed=False, ref="member")
    plan: Mapped[str | None] = field("培养措施", listed=False, long=True)
    next_post: Mapped[str | None] = field("可任职务")
    state: Mapped[TalentState] = field("状态", required=True, default=TalentState.LISTED)
    note: Mapped[str | None] = field("备注", listed=False, long=True)

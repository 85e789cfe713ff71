"""Improvement plans (提质升级, PDCA) and the branch's answers to remarks."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, NEWEST_YEAR, OLDEST_YEAR, Base, Holds, Record, Travel, called
from desktop.models.checks import not_before_its_day
from desktop.models.registers import Event, field, register
from desktop.models.vocabulary.appraisal import Concerned, FoundBy
from desktop.models.vocabulary.following import Counted
from desktop.models.vocabulary.race import IssueSource, IssueState, PdcaStage, RaceClass
from desktop.models.vocabulary.registers import RegisterArea


class PdcaPlan(Record, Base):
    """One plan, born from a race class. At most one is open per branch."""

    __tablename__ = "pdca_plans"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "提质升级计划"

    title: Mapped[str] = mapped_column(String(120), info=called("计划名称"))
    race_class: Mapped[RaceClass] = mapped_column(info=called("类别"))
    source_period: Mapped[str] = mapped_column(String(8), info=called("来源赛期", Holds.PERIOD))
    noted_periods: Mapped[list[str]] = mapped_column(  # later results of the same class
        default=list, info=called("后续赛期")
    )
    opened_on: Mapped[date] = mapped_column(info=called("立项日期"))
    stage: Mapped[PdcaStage] = mapped_column(default=PdcaStage.PLANNING, info=called("阶段"))
    benchmark: Mapped[str | None] = mapped_column(  # branch to learn from or to help
        String(80), info=called("对标支部")
    )
    root_causes: Mapped[list[str]] = mapped_column(default=list, info=called("原因"))
    fields: Mapped[dict[str, Any]] = mapped_column(  # what the template requires: {"P": {name: text}, …}
        default=dict, info=called("计划内容")
    )
    before: Mapped[dict[str, Any]] = mapped_column(default=dict, info=called("立项时得分"))  # score figures when opened
    after: Mapped[dict[str, Any]] = mapped_column(default=dict, info=called("完成时得分"))  # score figures when closed
    rolled_over_from_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("上一轮计划"))


class PdcaStep(Record, Base):
    """The day a plan entered a stage."""

    __tablename__ = "pdca_steps"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "计划阶段"

    plan_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("pdca_plans.id", deferrable=True, initially="DEFERRED"),
        index=True,
        info=called("计划"),
    )
    stage: Mapped[PdcaStage] = mapped_column(info=called("阶段"))
    on: Mapped[date] = mapped_column(info=called("进入日期"))


class PdcaAction(Record, Base):
    """One measure of a plan: what, who, by when, from which figure to which."""

    __tablename__ = "pdca_actions"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "计划措施"

    plan_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("pdca_plans.id", deferrable=True, initially="DEFERRED"),
        index=True,
        info=called("计划"),
    )
    position: Mapped[int] = mapped_column(info=called("顺序"))
    what: Mapped[str] = mapped_column(info=called("措施"))
    item_id: Mapped[str | None] = mapped_column(String(20), info=called("标准条目"))  # item of the standard, or
    indicator: Mapped[str | None] = mapped_column(  # indicator of the race it is to move
        String(10), info=called("赛马指标")
    )
    owner_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("责任人"))
    owner_post: Mapped[str | None] = mapped_column(String(40), info=called("责任岗位"))
    due_on: Mapped[date | None] = mapped_column(info=called("完成期限"))
    unit: Mapped[str] = mapped_column(String(20), default="", info=called("单位"))
    base: Mapped[float | None] = mapped_column(info=called("基数"))
    goal: Mapped[float | None] = mapped_column(info=called("目标"))
    actual: Mapped[float | None] = mapped_column(info=called("实际"))
    actual_on: Mapped[date | None] = mapped_column(info=called("实际日期"))
    counts: Mapped[Counted | None] = mapped_column(  # while the plan runs these records tell the actual figure
        info=called("按记录计数")
    )
    gain: Mapped[str] = mapped_column(default="", info=called("成效"))  # what came of it, obstacles, guidance
    rolled_over_from_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("上一轮措施"))


class RemarkAnswer(Record, Base):
    """What the branch did about a remark of headquarters."""

    __tablename__ = "remark_answers"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "意见办理"

    remark_id: Mapped[str] = mapped_column(String(ID_LENGTH), info=called("意见"))
    text: Mapped[str] = mapped_column(info=called("办理情况"))
    declined: Mapped[bool] = mapped_column(default=False, server_default="0", info=called("不更正"))
    done_on: Mapped[date | None] = mapped_column(info=called("办结日期"))


@register(
    "问题整改清单",
    area=RegisterArea.SUPPORT,
    dimension="D8",
    checks=(
        not_before_its_day("closed_on"),
        not_before_its_day("due_on"),
    ),
    hint="组织生活会、上级检查、民主评议和征求意见发现的问题，逐条建账销号。",
)
class Issue(Event, Base):
    """One problem to be put right (整改清单): who, by when, and when it was closed."""

    source: Mapped[IssueSource] = field("来源", required=True)
    measure: Mapped[str | None] = field("整改措施", long=True)
    owner_id: Mapped[str | None] = field("责任人", ref="member")
    due_on: Mapped[date | None] = field("整改期限", required=True)
    closed_on: Mapped[date | None] = field("销号日期", happened=True)
    state: Mapped[IssueState] = field("状态", required=True, default=IssueState.OPEN)
    for_year: Mapped[int | None] = field(
        "所属年度",
        listed=False,
        lowest=OLDEST_YEAR,
        highest=NEWEST_YEAR,
        help="出自哪一年度的组织生活会、民主评议",
    )
    concerned: Mapped[Concerned | None] = field("班子或个人", listed=False, help="整改清单分两份")
    found_by: Mapped[FoundBy | None] = field("怎么发现的", listed=False)
    criticism_id: Mapped[str | None] = field("出自批评意见", listed=False, ref="criticism")
    sought_opinion_id: Mapped[str | None] = field("出自征求意见", listed=False, ref="sought_opinion")
    reviewer_id: Mapped[str | None] = field("谁的自查", listed=False, ref="member")
    symptom: Mapped[str | None] = field("具体表现", listed=False, long=True)
    goal: Mapped[str | None] = field("完成标准", listed=False)
    evidence: Mapped[str | None] = field("佐证", listed=False, long=True, help="凭什么销号：文件、照片、记录")
    confirmed_by: Mapped[str | None] = field("销号确认人", listed=False)

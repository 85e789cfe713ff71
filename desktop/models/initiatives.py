"""Party work joined with the trade (党建+、精益、小改小革、示范岗)."""

from datetime import date

from sqlalchemy.orm import Mapped

from desktop.models.base import Base
from desktop.models.brands import BrandTarget
from desktop.models.checks import not_before, settled
from desktop.models.registers import Event, Stateful, States, field, lines, register
from desktop.models.vocabulary.registers import (
    IdeaKind,
    IdeaState,
    LeanKind,
    LeanState,
    PartyPlusState,
    PartyPlusTrack,
    PioneerKind,
    RegisterArea,
)


@register(
    "党建+融合项目",
    area=RegisterArea.CARRIERS,
    dimension="D5",
    states=States(
        PartyPlusState, PartyPlusState.PROPOSED, PartyPlusState.ACTIVE, "started_on", (PartyPlusState.CLOSED,)
    ),
    checks=(not_before("confirmed_on", "started_on", "早于启动日期"),),
    hint="至少承担一个：机关、客户或队所，写清业务指标的基数和目标，实际值由业务部门确认。",
)
class PartyPlusProject(Stateful, Base):
    """A project joining party work and business (党建+)."""

    title: Mapped[str] = field("项目名称", required=True)
    track: Mapped[PartyPlusTrack] = field("类别", required=True)
    leader_id: Mapped[str | None] = field("负责人", ref="member")
    started_on: Mapped[date | None] = field("启动日期")
    participants: Mapped[str | None] = field("参与人", listed=False, help="党员、业务骨干、党员客户")
    scene: Mapped[str | None] = field("业务场景", listed=False, help="在哪项业务里做：送货、陈列、稽查、办证等")
    targets: Mapped[tuple[BrandTarget, ...]] = lines("业务指标", BrandTarget)
    actions: Mapped[str | None] = field("主要做法", listed=False, long=True)
    progress: Mapped[str | None] = field("进展", listed=False, long=True)
    source: Mapped[str | None] = field("数据来源", listed=False, help="指标从哪里取数、怎么核对")
    confirmed_by: Mapped[str | None] = field("确认部门", listed=False)
    confirmed_on: Mapped[date | None] = field("确认日期", listed=False, happened=True)
    state: Mapped[PartyPlusState] = field("状态", required=True, default=PartyPlusState.PROPOSED)
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register(
    "精益课题",
    area=RegisterArea.CARRIERS,
    dimension="D5",
    states=States(
        LeanState, LeanState.PROPOSED, LeanState.RUNNING, "started_on", (LeanState.CLOSED, LeanState.PROMOTED)
    ),
    checks=(not_before("confirmed_on", "started_on", "早于启动日期"),),
    wants=(
        settled(
            (LeanState.CLOSED, LeanState.PROMOTED),
            "targets",
            ("confirmed_by", "confirmed_on", "confirmed_in"),
        ),
    ),
    hint="支部每年至少完成一项党员牵头的课题；结题要有改进前后的数字，并由业务部门确认。",
)
class LeanProject(Stateful, Base):
    """A lean or QC project led by a member (精益课题)."""

    title: Mapped[str] = field("课题名称", required=True)
    kind: Mapped[LeanKind] = field("类型", required=True, default=LeanKind.LEAN)
    leader_id: Mapped[str | None] = field("负责人", required=True, ref="member")
    started_on: Mapped[date | None] = field("启动日期")
    problem: Mapped[str | None] = field("问题", listed=False, long=True)
    targets: Mapped[tuple[BrandTarget, ...]] = lines("目标与实际", BrandTarget)
    method: Mapped[str | None] = field("方法", listed=False, long=True)
    benefit: Mapped[str | None] = field("效益", listed=False)
    standardised_in: Mapped[str | None] = field("固化到", listed=False, help="制度、标准或流程的名称")
    confirmed_by: Mapped[str | None] = field("确认部门", help="核对数字的业务部门和人")
    confirmed_on: Mapped[date | None] = field("确认日期", listed=False, happened=True)
    confirmed_in: Mapped[str | None] = field("确认依据", listed=False, help="评审表、报表或文号")
    reviewed: Mapped[str | None] = field("评审意见", listed=False, long=True)
    state: Mapped[LeanState] = field("状态", required=True, default=LeanState.PROPOSED)
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register(
    "小改小革与合理化建议",
    area=RegisterArea.CARRIERS,
    dimension="D5",
    subject="member_id",
    hint="每名党员每年至少一条；看采纳和实施，不比条数。",
)
class ImprovementIdea(Event, Base):
    """An idea of a member and what became of it (小改小革、合理化建议)."""

    kind: Mapped[IdeaKind] = field("类型", required=True, default=IdeaKind.SUGGESTION)
    member_id: Mapped[str | None] = field("提出人", required=True, ref="member")
    problem: Mapped[str | None] = field("问题", listed=False, long=True)
    idea: Mapped[str | None] = field("办法", listed=False, long=True)
    implementer: Mapped[str | None] = field("实施人", listed=False)
    effect: Mapped[str | None] = field("效果", long=True)
    state: Mapped[IdeaState] = field("状态", required=True, default=IdeaState.SUBMITTED)


@register(
    "示范岗责任区突击队",
    area=RegisterArea.CARRIERS,
    dimension="D5",
    file="示范岗档案",
    hint="设党员示范岗或责任区，急难任务组建突击队。",
)
class PioneerUnit(Event, Base):
    """A model post, area of responsibility or task force (示范岗、责任区、突击队)."""

    kind: Mapped[PioneerKind] = field("类别", required=True)
    leader_id: Mapped[str | None] = field("负责人", ref="member")
    place: Mapped[str | None] = field("区域或岗位", listed=False)
    plaque_on: Mapped[date | None] = field("挂牌日期", listed=False, happened=True)
    members: Mapped[str | None] = field("成员", listed=False, long=True)
    duties: Mapped[str | None] = field("职责目标", listed=False, long=True)
    masses: Mapped[str | None] = field("联系群众", listed=False, long=True)


@register("示范岗考评", area=RegisterArea.CARRIERS, dimension="D5", hint="每半年考评一次。")
class PioneerReview(Event, Base):
    """A half-yearly review of a pioneer unit."""

    unit_id: Mapped[str | None] = field("示范岗或责任区", required=True, ref="pioneer_unit")
    period: Mapped[str | None] = field("考评期间", listed=False)
    score: Mapped[float | None] = field("得分")
    result: Mapped[str | None] = field("考评结果", required=True, long=True)

"""Serving members and the masses (志愿服务、办实事、走访、结对、帮带、交流)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Mapped

from desktop.models.base import Base
from desktop.models.checks import at_most, hours_within, not_before, not_before_its_day
from desktop.models.learning import HoursOfMember
from desktop.models.registers import ONCE, Event, Kept, Stateful, States, Survey, field, lines, part, register
from desktop.models.vocabulary.registers import (
    DeedState,
    ExchangeKind,
    MentoringKind,
    PairingState,
    PartyCustomerState,
    RegisterArea,
    RoleModelLevel,
)

HOURS_OF_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Opinion:
    """One opinion, who answers it, by when, and when it was answered."""

    text: str = part("意见", default="")
    source: str = part("来源", default="")
    owner: str = part("答复人", default="")
    reply_due: date | None = part("答复期限")
    replied_on: date | None = part("答复日期", happened=True)


@register(
    "志愿服务活动",
    area=RegisterArea.SERVING,
    dimension="D7",
    survey=Survey("satisfied", "asked"),
    checks=(at_most("satisfied", "asked", "满意人数多于评价人数"), hours_within("hours", HOURS_OF_A_DAY)),
    activity=True,
    hint="每季度至少组织一次，党员年人均不少于八小时。",
)
class VolunteerActivity(Event, Base):
    """A voluntary service and the hours of each member (志愿服务)."""

    place: Mapped[str | None] = field("地点")
    beneficiary: Mapped[str | None] = field("服务对象")
    hours: Mapped[tuple[HoursOfMember, ...]] = lines("参加党员时长", HoursOfMember, required=True)
    satisfied: Mapped[int | None] = field("满意人数", listed=False)
    asked: Mapped[int | None] = field("评价人数", listed=False, help=ONCE)


@register(
    "我为基层办实事",
    area=RegisterArea.SERVING,
    dimension="D7",
    states=States(DeedState, DeedState.COLLECTED, DeedState.DOING, "started_on", (DeedState.DONE, DeedState.REVIEWED)),
    survey=Survey("satisfied", "asked"),
    checks=(not_before("done_on", "started_on", "早于开始日期"), at_most("satisfied", "asked", "满意人数多于评价人数")),
    hint="每年确定并办结不少于两件，事项由群众提出，办结由群众评价。",
)
class PracticalDeed(Stateful, Base):
    """A practical deed done for the people (我为基层办实事)."""

    title: Mapped[str] = field("事项", required=True)
    raised_by: Mapped[str | None] = field("提出人")
    problem: Mapped[str | None] = field("问题", listed=False, long=True)
    plan: Mapped[str | None] = field("办理计划", listed=False, long=True)
    owner_id: Mapped[str | None] = field("责任人", ref="member")
    started_on: Mapped[date | None] = field("开始日期")
    done_on: Mapped[date | None] = field("办结日期", happened=True)
    satisfied: Mapped[int | None] = field("满意人数", listed=False)
    asked: Mapped[int | None] = field("评价人数", listed=False, help=ONCE)
    state: Mapped[DeedState] = field("状态", required=True, default=DeedState.COLLECTED)
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register("征求意见", area=RegisterArea.SERVING, dimension="D7", hint="每季度向职工、客户或烟农征求一次，逐条答复。")
class OpinionRound(Event, Base):
    """One round of asking for opinions, with the opinions (征求意见)."""

    asked_whom: Mapped[str | None] = field("征求对象", required=True)
    opinions: Mapped[tuple[Opinion, ...]] = lines("意见", Opinion)


@register(
    "党员客户",
    area=RegisterArea.SERVING,
    dimension="D7",
    file="党员客户档案",
    hint="零售客户里的党员：只记店名、许可证、联系人，不记身份证号；亮明身份的写上日期。",
)
class PartyCustomer(Stateful, Base):
    """A licensed retailer who is a member of another branch (党员客户); no ID number is kept."""

    title: Mapped[str] = field("店名", required=True)
    contact: Mapped[str | None] = field("联系人", required=True)
    phone: Mapped[str | None] = field("联系电话", listed=False)
    licence_no: Mapped[str | None] = field("许可证号", listed=False, help="烟草专卖零售许可证号")
    party_branch: Mapped[str | None] = field("所在党支部", listed=False)
    identity_shown_on: Mapped[date | None] = field("亮身份日期", happened=True)
    member_id: Mapped[str | None] = field("联系党员", ref="member")
    leads: Mapped[str | None] = field("带动情况", listed=False, long=True, help="带动周边几户、终端升级、价格执行等")
    state: Mapped[PartyCustomerState] = field("状态", required=True, default=PartyCustomerState.ACTIVE)
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register(
    "联系分工",
    area=RegisterArea.SERVING,
    dimension="D7",
    checks=(not_before("to_on", "from_on", "早于开始日期"),),
    hint="党员分包的零售客户或烟农。",
)
class CustomerAssignment(Kept, Base):
    """Which customer or grower a member answers for (党员分包)."""

    title: Mapped[str] = field("客户或烟农", required=True)
    member_id: Mapped[str] = field("党员", required=True, ref="member")
    customer_id: Mapped[str | None] = field(
        "党员客户", ref="party_customer", help="客户本人是党员的，选登记过的党员客户"
    )
    from_on: Mapped[date | None] = field("开始日期")
    to_on: Mapped[date | None] = field("结束日期")
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register(
    "走访客户或烟农",
    area=RegisterArea.SERVING,
    dimension="D7",
    subject="member_id",
    survey=Survey("satisfied"),
    activity=True,
    hint="每名分包党员每季度走访一次。",
)
class CustomerVisit(Event, Base):
    """A visit to a customer or grower (走访)."""

    member_id: Mapped[str | None] = field("党员", required=True, ref="member")
    customer: Mapped[str | None] = field("客户或烟农", required=True)
    customer_id: Mapped[str | None] = field("党员客户", listed=False, ref="party_customer")
    problem: Mapped[str | None] = field("问题", listed=False, long=True)
    result: Mapped[str | None] = field("解决情况", long=True)
    satisfied: Mapped[bool | None] = field("客户满意", listed=False, help=ONCE)


@register(
    "结对共建",
    area=RegisterArea.SERVING,
    dimension="D7",
    file="共建档案",
    hint="与社区、村或客户党组织结对。",
)
class Pairing(Stateful, Base):
    """A pairing with a community, village or customer branch (结对共建)."""

    title: Mapped[str] = field("共建单位", required=True)
    partner_kind: Mapped[str | None] = field("单位类型")
    agreement_on: Mapped[date | None] = field("签约日期", happened=True)
    content: Mapped[str | None] = field("共建清单", listed=False, long=True)
    state: Mapped[PairingState] = field("状态", required=True, default=PairingState.ACTIVE)
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register("结对共建活动", area=RegisterArea.SERVING, dimension="D7", activity=True, hint="每半年开展一次。")
class PairingActivity(Event, Base):
    """An activity with a paired partner (结对共建活动)."""

    pairing_id: Mapped[str | None] = field("共建单位", required=True, ref="pairing")
    content: Mapped[str | None] = field("内容", long=True)
    partner_view: Mapped[str | None] = field("对方评价", listed=False, long=True)


@register(
    "帮带对子",
    area=RegisterArea.SERVING,
    dimension="D7",
    checks=(not_before("to_on", "from_on", "早于开始日期"),),
    file="帮带档案",
    hint="一带一、一对一、一帮一。",
)
class MentoringPair(Kept, Base):
    """A mentor and a mentee (帮带对子)."""

    title: Mapped[str] = field("对子名称", required=True)
    kind: Mapped[MentoringKind] = field("类型", required=True)
    member_id: Mapped[str] = field("帮带党员", required=True, ref="member")
    mentee: Mapped[str] = field("帮带对象", required=True)
    goal: Mapped[str | None] = field("目标", long=True)
    from_on: Mapped[date | None] = field("开始日期")
    to_on: Mapped[date | None] = field("结束日期")
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register("帮带小结", area=RegisterArea.SERVING, dimension="D7", subject="pair_id", hint="每个对子每半年小结一次。")
class MentoringReview(Event, Base):
    """A half-yearly note on a mentoring pair (帮带小结)."""

    pair_id: Mapped[str | None] = field("对子", required=True, ref="mentoring_pair")
    progress: Mapped[str | None] = field("进步情况", required=True, long=True)


@register("帮困慰问", area=RegisterArea.SERVING, dimension="D7", activity=True, hint="每年至少开展两次。")
class ReliefVisit(Event, Base):
    """Help brought to people in hardship (困难群众帮扶)."""

    beneficiary: Mapped[str | None] = field("慰问对象", required=True)
    help: Mapped[str | None] = field("帮扶内容", long=True)
    amount_fen: Mapped[int | None] = field("金额（元）", money=True, listed=False)


@register(
    "典型选树",
    area=RegisterArea.CARRIERS,
    dimension="D5",
    file="典型档案",
    survey=Survey("satisfied", "asked"),
    checks=(at_most("satisfied", "asked", "公认人数多于测评人数"),),
    hint="每年至少选树一名党员典型并宣传。",
)
class RoleModel(Event, Base):
    """A member set up as an example (典型选树)."""

    member_id: Mapped[str | None] = field("党员", required=True, ref="member")
    level: Mapped[RoleModelLevel] = field("级别", required=True, default=RoleModelLevel.BRANCH)
    category: Mapped[str | None] = field("类别", listed=False, help="服务、攻坚、创新、带徒等")
    selected_by: Mapped[str | None] = field("评选单位", listed=False, help="单位和文号")
    deeds: Mapped[str | None] = field("事迹", long=True)
    publicity: Mapped[str | None] = field("宣传和学习情况", listed=False, long=True)
    satisfied: Mapped[int | None] = field("公认人数", listed=False, help="测评时认为事迹真实、公认的人数")
    asked: Mapped[int | None] = field("测评人数", listed=False, help=ONCE)


@register(
    "学典型活动",
    area=RegisterArea.CARRIERS,
    dimension="D5",
    checks=(not_before_its_day("adopted_on"),),
    activity=True,
    hint="学了典型的什么，谁照着做了，有什么变化。",
)
class RoleModelStudy(Event, Base):
    """An activity of learning from a role model, and who took over what (学典型)."""

    role_model_id: Mapped[str | None] = field("典型", required=True, ref="role_model")
    learned: Mapped[str | None] = field("学了什么", required=True, long=True)
    attended: Mapped[int | None] = field("参加人数")
    adopted_by: Mapped[str | None] = field("谁照着做", listed=False, help="姓名或队所")
    adopted_on: Mapped[date | None] = field("采用日期", listed=False, happened=True)
    effect: Mapped[str | None] = field("变化", listed=False, long=True)


@register(
    "交流活动",
    area=RegisterArea.CARRIERS,
    dimension="D5",
    activity=True,
    hint="党员论坛、读书日、青年学习小组等，每季度至少一次。",
)
class ExchangeActivity(Event, Base):
    """A forum, reading day or study group (交流提升)."""

    kind: Mapped[ExchangeKind] = field("类型", required=True)
    place: Mapped[str | None] = field("地点")
    attended: Mapped[int | None] = field("参加人数")
    gain: Mapped[str | None] = field("收获", listed=False, long=True)

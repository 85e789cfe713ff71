"""Basic support of the work (基本工作保障): plans, money, openness, security, people."""

from datetime import date

from sqlalchemy.orm import Mapped

from desktop.models.base import Base
from desktop.models.checks import at_most, not_before, not_before_its_day
from desktop.models.registers import Event, Kept, Survey, field, register
from desktop.models.vocabulary.registers import DisclosureTerm, IncentiveKind, RegisterArea, Scope, SummaryKind


@register("计划与总结", area=RegisterArea.SUPPORT, dimension="D8", hint="年初计划、半年小结、年底总结。")
class WorkSummary(Event, Base):
    """A plan or summary of the branch's work (计划与总结)."""

    kind: Mapped[SummaryKind] = field("类型", required=True)
    reported_on: Mapped[date | None] = field("上报日期", happened=True)
    content: Mapped[str | None] = field("内容", listed=False, long=True)


@register("经费预算与列支核对", area=RegisterArea.SUPPORT, dimension="D8", hint="每年核对一次预算和支出。")
class BudgetReview(Event, Base):
    """A review of budget and spending (工作经费)."""

    budget_fen: Mapped[int | None] = field("预算（元）", required=True, money=True)
    spent_fen: Mapped[int | None] = field("支出（元）", required=True, money=True)
    purpose: Mapped[str | None] = field("用途", long=True)


@register("党费收缴使用公布", area=RegisterArea.SUPPORT, dimension="D8", hint="每年向党员公布一次。")
class DuesPublicity(Event, Base):
    """Publication of dues collected and used (党费公布)."""

    period: Mapped[str | None] = field("所属期间", required=True)
    collected_fen: Mapped[int | None] = field("收缴（元）", money=True)
    remitted_fen: Mapped[int | None] = field("上缴（元）", money=True)
    used_fen: Mapped[int | None] = field("使用（元）", money=True)


@register(
    "党务公开目录",
    area=RegisterArea.SUPPORT,
    dimension="D8",
    hint="本支部应当公开的事项，一项一行：公开什么、给谁看、什么时候公开、谁负责、谁审核。",
)
class DisclosureItem(Kept, Base):
    """A matter the branch has to make public, of its list (党务公开目录)."""

    title: Mapped[str] = field("公开事项", required=True)
    content: Mapped[str | None] = field("公开内容", long=True)
    scope: Mapped[Scope] = field("范围", required=True, default=Scope.PARTY)
    means: Mapped[str | None] = field("形式", help="公开栏、党员大会、工作群等")
    term: Mapped[DisclosureTerm] = field("时限", required=True, default=DisclosureTerm.REGULAR)
    owner: Mapped[str | None] = field("责任人", help="姓名或职务")
    reviewer: Mapped[str | None] = field("审核人", help="姓名或职务")
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register(
    "党务公开",
    area=RegisterArea.SUPPORT,
    dimension="D8",
    checks=(
        not_before_its_day("until_on"),
        not_before("event_on", "approved_on", "早于审批日期，先审批再公开"),
        at_most("aware", "asked", "知晓人数多于询问人数"),
    ),
    survey=Survey("aware", "asked"),
    signed_by=("提出人", "审核人", "审批人"),
    paper="党务公开审批表",
    hint="应公开事项每季度公开一次；选中一条印出来就是公开审批表，提出、审核、审批各自签字。",
)
class PartyAffairsPublicity(Event, Base):
    """Matters made public (党务公开)."""

    item_id: Mapped[str | None] = field("目录里的事项", listed=False, ref="disclosure_item")
    matter: Mapped[str | None] = field("公开事项", required=True, long=True)
    content: Mapped[str | None] = field("公开内容", listed=False, long=True)
    scope: Mapped[Scope | None] = field("范围", listed=False)
    place: Mapped[str | None] = field("公开地点")
    secrecy: Mapped[str | None] = field("保密审查", listed=False, help="谁看过、结论：无涉密内容")
    drafted_by: Mapped[str | None] = field("提出人", listed=False)
    reviewed_by: Mapped[str | None] = field("审核人", listed=False)
    approved_by: Mapped[str | None] = field("审批人", listed=False)
    approved_on: Mapped[date | None] = field("审批日期", listed=False, happened=True)
    until_on: Mapped[date | None] = field("公开到", listed=False)
    aware: Mapped[int | None] = field("知晓人数", listed=False, help="公开以后问党员、群众知不知道")
    asked: Mapped[int | None] = field("询问人数", listed=False, help="填在这里，质量标准的知晓率自动合计，不用再填")


@register(
    "数据与保密自查", area=RegisterArea.SUPPORT, dimension="D8", hint="每季度自查一次：授权、移动介质、无涉密内容。"
)
class SecurityCheck(Event, Base):
    """A self-check of data and media (数据与保密)."""

    ledger_agrees: Mapped[bool] = field("介质账物相符", default=True)
    finding: Mapped[str | None] = field("自查情况", required=True, long=True)


@register(
    "党务人员保障与激励",
    area=RegisterArea.CADRES,
    dimension="D8",
    hint="党务工作的时间、考核认可和表彰（和业务先进同评同奖）、提拔使用。",
)
class CadreIncentive(Event, Base):
    """Support and recognition of party-affairs staff (党务人员保障)."""

    member_id: Mapped[str | None] = field("党务人员", ref="member")
    kind: Mapped[IncentiveKind | None] = field("类型")
    granted_by: Mapped[str | None] = field("授予单位", listed=False, help="单位和文号")
    content: Mapped[str | None] = field("内容", required=True, long=True)

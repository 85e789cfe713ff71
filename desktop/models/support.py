"""Basic support of the work (基本工作保障): plans, money, openness, security, people."""

from datetime import date

from sqlalchemy.orm import Mapped

from desktop.models.base import Base
from desktop.models.checks import not_before
from desktop.models.registers import Event, field, register
from desktop.models.vocabulary.registers import RegisterArea, SummaryKind


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
    "党务公开",
    area=RegisterArea.SUPPORT,
    dimension="D8",
    checks=(not_before("until_on", "event_on", "早于公开日期"),),
    hint="应公开事项每季度公开一次。",
)
class PartyAffairsPublicity(Event, Base):
    """Matters made public (党务公开)."""

    matter: Mapped[str | None] = field("公开事项", required=True, long=True)
    place: Mapped[str | None] = field("公开地点")
    until_on: Mapped[date | None] = field("公开到", listed=False)


@register(
    "数据与保密自查", area=RegisterArea.SUPPORT, dimension="D8", hint="每季度自查一次：授权、移动介质、无涉密内容。"
)
class SecurityCheck(Event, Base):
    """A self-check of data and media (数据与保密)."""

    ledger_agrees: Mapped[bool] = field("介质账物相符", default=True)
    finding: Mapped[str | None] = field("自查情况", required=True, long=True)


@register("党务人员保障与激励", area=RegisterArea.SUPPORT, dimension="D8", hint="党务工作的时间、考核认可和表彰。")
class CadreIncentive(Event, Base):
    """Support and recognition of party-affairs staff (党务人员保障)."""

    member_id: Mapped[str | None] = field("党务人员", ref="member")
    content: Mapped[str | None] = field("内容", required=True, long=True)

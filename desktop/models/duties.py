"""Duties and supervision (责任清单、述职、联系点、谈话): registers of the team."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Mapped

from desktop.models.base import NEWEST_YEAR, OLDEST_YEAR, Base
from desktop.models.checks import at_most, different, not_before_its_day
from desktop.models.registers import ONCE, Event, Stateful, Survey, field, lines, part, register
from desktop.models.vocabulary.meetings import TalkKind
from desktop.models.vocabulary.registers import (
    DutyGrade,
    DutyItemState,
    DutyListState,
    RegisterArea,
)

DUTY_LEVEL = "branch"
"""The level that a list is of where nothing is said: every edition of the standard names it."""


@dataclass(frozen=True, slots=True)
class DutyItem:
    """One duty: what, how, to what degree, by when."""

    what: str = part("干什么", default="")
    how: str = part("怎么干", default="")
    degree: str = part("干到什么程度", default="")
    due_on: date | None = part("完成期限")
    evidence: str = part("佐证", default="")


@dataclass(frozen=True, slots=True)
class DutyState:
    """Where one duty stands at a check."""

    what: str = part("责任事项", default="")
    state: DutyItemState | None = part("完成情况")


@register(
    "四级五岗责任清单",
    area=RegisterArea.DUTIES,
    dimension="D2",
    signed_by=("责任人", "审签人", "签订日期"),
    hint="年初逐岗签订，写明干什么、怎么干、干到什么程度；半年对账一次，逐项销号。",
)
class DutyList(Stateful, Base):
    """The duty list of one post for one year (四级五岗责任清单)."""

    title: Mapped[str] = field("清单名称", required=True)
    year: Mapped[int] = field("年度", required=True, lowest=OLDEST_YEAR, highest=NEWEST_YEAR)
    level: Mapped[str] = field("层级", required=True, codes="duty_levels", default=DUTY_LEVEL)
    post: Mapped[str] = field("岗位", required=True, codes="duty_posts")
    member_id: Mapped[str | None] = field("责任人", ref="member")
    items: Mapped[tuple[DutyItem, ...]] = lines("责任事项", DutyItem)
    signed_on: Mapped[date | None] = field("签订日期", happened=True)
    countersigned_by: Mapped[str | None] = field("审签人", listed=False)
    state: Mapped[DutyListState] = field("状态", required=True, default=DutyListState.DRAFT)
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register(
    "责任清单对账", area=RegisterArea.DUTIES, dimension="D2", subject="duty_list_id", hint="支委会每半年逐岗对账一次。"
)
class DutyCheck(Event, Base):
    """A half-year check of one duty list (责任清单对账)."""

    duty_list_id: Mapped[str | None] = field("责任清单", required=True, ref="duty_list")
    states: Mapped[tuple[DutyState, ...]] = lines(
        "逐项情况", DutyState, help="选好签订过的清单，没销号的事项自己列出来，只填完成情况"
    )


@dataclass(frozen=True, slots=True)
class DutyIssue:
    """A problem named in a duty report: next year's report begins with what became of it."""

    what: str = part("问题", default="")
    measure: str = part("整改措施", default="")
    owner: str = part("责任人", default="")
    due_on: date | None = part("整改期限")
    done_on: date | None = part("完成日期", happened=True)


@register(
    "述职",
    area=RegisterArea.DUTIES,
    dimension="D2",
    subject="member_id",
    survey=Survey("favourable", "asked", ("good", "fair", "average", "poor"), good=2),
    checks=(at_most("favourable", "asked", "好评票数多于参评人数"),),
    signed_by=("述职人", "点评人", "监票人"),
    paper="述职评议表",
    hint="书记每年向上级述职、向党员大会报告各一次；述职报告加在附件里，现场测评只登记各等次的票数。",
)
class DutyReport(Event, Base):
    """A duty report and how it was received (述职评议)."""

    member_id: Mapped[str | None] = field("述职人", required=True, ref="member")
    to_whom: Mapped[str | None] = field("向谁述职", required=True)
    self_review: Mapped[str | None] = field("自评", listed=False, long=True)
    comment: Mapped[str | None] = field("上级点评", listed=False, long=True)
    good: Mapped[int | None] = field("测评：好", listed=False, help="只填各等次的票数，好评按“好”和“较好”自动合计")
    fair: Mapped[int | None] = field("测评：较好", listed=False)
    average: Mapped[int | None] = field("测评：一般", listed=False)
    poor: Mapped[int | None] = field("测评：差", listed=False)
    favourable: Mapped[int | None] = field("好评票数", listed=False, help="填了各等次的票数就不用填")
    asked: Mapped[int | None] = field("参评人数", listed=False, help=ONCE)
    grade: Mapped[DutyGrade | None] = field("综合等次")
    feedback: Mapped[str | None] = field("反馈意见", listed=False, long=True)
    issues: Mapped[tuple[DutyIssue, ...]] = lines("问题整改", DutyIssue, help="下一年述职先说上年的整改")


@register(
    "支委到联系点",
    area=RegisterArea.DUTIES,
    dimension="D2",
    subject="member_id",
    signed_by=("联系人", "联系点负责人"),
    paper="联系点记录",
    hint="每名支委每季度至少到联系点一次；单条印出来由双方签字。",
)
class ContactVisit(Event, Base):
    """A committee member's visit to the team or group he answers for (支委到联系点)."""

    member_id: Mapped[str | None] = field("支委", required=True, ref="member")
    place: Mapped[str | None] = field("联系点", required=True, help="队所或党小组")
    content: Mapped[str | None] = field("内容", listed=False, long=True, help="参加了什么、谈了什么")
    problem: Mapped[str | None] = field("反映的问题", listed=False, long=True)
    result: Mapped[str | None] = field("办理结果", long=True)


@register(
    "苗头问题收集",
    area=RegisterArea.DUTIES,
    dimension="D2",
    checks=(at_most("talks_done", "talks_due", "已谈人数多于应谈人数"),),
    hint="纪检委员每季度收集一次，应谈尽谈。",
)
class SupervisionReview(Event, Base):
    """What signs of trouble the discipline commissioner found (苗头性问题)."""

    signs: Mapped[str | None] = field("收集的情况", long=True, help="没有也写明“未发现”")
    talks_due: Mapped[int | None] = field("应谈人数")
    talks_done: Mapped[int | None] = field("已谈人数")


@register(
    "谈话记录",
    area=RegisterArea.DUTIES,
    dimension="D4",
    checks=(
        different("talker_id", "talkee_id", "谈话对象不能是谈话人自己"),
        not_before_its_day("follow_up_due"),
        not_before_its_day("followed_up_on"),
        not_before_its_day("signed_on"),
    ),
    survey=Survey("satisfied"),
    signed_by=("谈话人", "谈话对象", "记录人"),
    hint="谈心谈话记在这里；提醒、诫勉、批评教育的内容只留在本机。",
)
class Talk(Event, Base):
    """A talk between two persons (谈话). Texts of restricted kinds never leave the store."""

    __restricted__: ClassVar[tuple[str, tuple[str, ...]] | None] = (
        "kind",
        tuple(kind for kind in TalkKind if kind.restricted),
    )

    kind: Mapped[TalkKind] = field("谈话类型", required=True, default=TalkKind.HEART_TALK)
    talker_id: Mapped[str | None] = field("谈话人", required=True, ref="member")
    talkee_id: Mapped[str | None] = field("谈话对象", required=True, ref="member")
    recorder_id: Mapped[str | None] = field("记录人", listed=False, ref="member")
    place: Mapped[str | None] = field("地点", listed=False)
    trigger: Mapped[str | None] = field("谈话事由", listed=False, help="为什么谈：例行、岗位变动、苗头问题、家庭变故等")
    points: Mapped[str | None] = field("谈话要点", listed=False, long=True)
    answer: Mapped[str | None] = field("对象表态", listed=False, long=True)
    satisfied: Mapped[bool | None] = field("被谈人认为谈到了实处", listed=False, help=ONCE)
    follow_up: Mapped[str | None] = field("后续", long=True, help="约定的事、要求与时限")
    follow_up_due: Mapped[date | None] = field("后续期限", listed=False)
    followed_up_on: Mapped[date | None] = field("后续办结日期", listed=False, happened=True)
    signed_on: Mapped[date | None] = field("对象签字日期", listed=False, happened=True)

"""Learning and care of members (教育管理): study plans, training hours, pledges, care, contacts."""

from dataclasses import KW_ONLY, dataclass
from datetime import date

from sqlalchemy.orm import Mapped

from desktop.models.base import NEWEST_YEAR, OLDEST_YEAR, Base
from desktop.models.checks import both_or_none, hours_within, not_before, not_before_its_day
from desktop.models.registers import ONCE, Event, Kept, Survey, field, lines, part, register
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.registers import PledgeResult, RegisterArea


@dataclass(frozen=True, slots=True)
class HoursOfMember:
    """Hours of one member."""

    member_id: str | None = part("党员", ref="member")
    hours: float | None = part("小时")


@dataclass(frozen=True, slots=True)
class Trainee:
    """Who took part in a training, for how long, and the number of the certificate."""

    member_id: str | None = part("党员", ref="member")
    hours: float | None = part("小时")
    _: KW_ONLY
    certificate_no: str = part("证书编号", default="")


@dataclass(frozen=True, slots=True)
class QuarterPlan:
    """What is planned for a quarter, and what came of it."""

    quarter: int | None = part("季度", lowest=1, highest=4)
    content: str = part("学习内容", default="")
    done: str = part("完成情况", default="")


@register("学习教育计划", area=RegisterArea.LEARNING, dimension="D3", hint="年初制定，按季分解。")
class StudyPlan(Event, Base):
    """The yearly plan of study (学习教育计划)."""

    year: Mapped[int | None] = field("年度", required=True, lowest=OLDEST_YEAR, highest=NEWEST_YEAR)
    quarters: Mapped[tuple[QuarterPlan, ...]] = lines("分季安排", QuarterPlan)


@register(
    "必学内容",
    area=RegisterArea.ORG_LIFE,
    dimension="D4",
    date_field="asked_on",
    checks=(
        not_before("due_on", "asked_on", "早于提出日期"),
        both_or_none("done_on", "done_how", "另外学过的，日期和方式都要写"),
    ),
    hint="上级通知要求学的篇目、讲话、文件，一项一条。哪次会上学了，从会议记录里认出来，不用再填。",
)
class RequiredStudy(Kept, Base):
    """Something the branch was told to study (必学内容); which meetings did is found in their minutes."""

    title: Mapped[str] = field("必学内容", required=True, help="写篇目或主题，和会议记录里的写法一致")
    asked_on: Mapped[date] = field("提出日期", required=True, happened=True)
    from_org: Mapped[str | None] = field("提出单位")
    document_no: Mapped[str | None] = field("文号", listed=False)
    due_on: Mapped[date | None] = field("学习时限", help="不写就是当年12月31日")
    meeting: Mapped[MeetingKind | None] = field("在哪类会上学", help="不写就是哪类会议都算")
    words: Mapped[str | None] = field(
        "认的词", listed=False, help="议题、篇目里有其中一个词就认作学了，用顿号分开；不写就认“必学内容”的原话"
    )
    done_on: Mapped[date | None] = field("另外学过的日期", happened=True, help="不是在会上学的，填这里")
    done_how: Mapped[str | None] = field("另外学习的方式", listed=False)
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register(
    "集中培训",
    area=RegisterArea.LEARNING,
    dimension="D3",
    checks=(hours_within("participants"), not_before_its_day("until_on")),
    activity=True,
    hint="上级或本单位组织的培训；党课、主题党日的学时自动计入，不必再记。",
)
class TrainingRecord(Event, Base):
    """A training and the hours each participant attended (集中学习培训)."""

    until_on: Mapped[date | None] = field("结束日期", listed=False)
    organiser: Mapped[str | None] = field("主办单位")
    place: Mapped[str | None] = field("地点或方式", listed=False)
    centralised: Mapped[bool] = field("集中培训班", default=True, help="书记、班子成员每年至少参加一次")
    participants: Mapped[tuple[Trainee, ...]] = lines("参加人员学时", Trainee, required=True)


@register(
    "学用结合事项", area=RegisterArea.LEARNING, dimension="D3", subject="member_id", hint="每名党员每半年至少一条。"
)
class StudyApplication(Event, Base):
    """Something learned and put to use at work (学用结合)."""

    member_id: Mapped[str | None] = field("党员", required=True, ref="member")
    applied: Mapped[str | None] = field("用到哪里", long=True)
    effect: Mapped[str | None] = field("效果", long=True)
    confirmed_by: Mapped[str | None] = field("确认人", listed=False)


@register(
    "承诺践诺", area=RegisterArea.SERVING, dimension="D7", subject="member_id", hint="每名党员每年公开承诺，年底评诺。"
)
class Commitment(Event, Base):
    """A public pledge of a member and whether it was kept (承诺践诺)."""

    member_id: Mapped[str | None] = field("党员", required=True, ref="member")
    measures: Mapped[str | None] = field("措施", listed=False, long=True)
    due_on: Mapped[date | None] = field("兑现期限")
    settled_on: Mapped[date | None] = field("支部审定日期", happened=True, listed=False)
    published_on: Mapped[date | None] = field("公示日期", happened=True, listed=False)
    half_year: Mapped[str | None] = field("半年践诺情况", listed=False, long=True)
    whole_year: Mapped[str | None] = field("全年践诺情况", listed=False, long=True)
    by_self: Mapped[PledgeResult | None] = field("本人自评", listed=False)
    by_members: Mapped[PledgeResult | None] = field("党员评", listed=False)
    by_masses: Mapped[PledgeResult | None] = field("群众评", listed=False)
    result: Mapped[PledgeResult | None] = field("评诺结果", help="支部评定的结果，兑现率按它算")


@register(
    "关怀走访",
    area=RegisterArea.LEARNING,
    dimension="D3",
    survey=Survey("satisfied"),
    activity=True,
    hint="生日、生病、困难党员的关怀，每年至少走访一次。",
)
class MemberCare(Event, Base):
    """Care shown to a member (党员关怀帮扶)."""

    member_id: Mapped[str | None] = field("党员", required=True, ref="member")
    occasion: Mapped[str | None] = field("事由", required=True)
    help: Mapped[str | None] = field("帮扶内容", long=True)
    satisfied: Mapped[bool | None] = field("受助党员满意", listed=False, help=ONCE)


@register(
    "联系流动党员", area=RegisterArea.LEARNING, dimension="D3", subject="member_id", hint="每名流动党员每季度联系一次。"
)
class MobileContact(Event, Base):
    """A contact with a member working elsewhere (流动党员)."""

    member_id: Mapped[str | None] = field("党员", required=True, ref="member")
    means: Mapped[str | None] = field("方式")
    content: Mapped[str | None] = field("内容", long=True)


@register(
    "积极分子考察",
    area=RegisterArea.LEARNING,
    dimension="D3",
    subject="activist",
    checks=(not_before("to_on", "from_on", "早于考察期起"),),
    hint="每名入党积极分子每半年考察一次；预备党员的教育考察也记在这里。",
)
class ActivistReview(Event, Base):
    """A half-yearly review of an activist (入党积极分子), or of the same person on probation."""

    activist: Mapped[str | None] = field("被考察人", required=True, ref="person")
    from_on: Mapped[date | None] = field("考察期起", listed=False)
    to_on: Mapped[date | None] = field("考察期止", listed=False)
    contact_id: Mapped[str | None] = field("培养联系人", ref="member")
    finding: Mapped[str | None] = field("考察意见", required=True, long=True)
    branch_opinion: Mapped[str | None] = field("支部意见", listed=False, long=True)

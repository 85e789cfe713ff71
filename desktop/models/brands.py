"""Brands of the branch (党建品牌): what it stands for, what was done for it, who learned from whom."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Mapped

from desktop.models.base import Base
from desktop.models.checks import not_before, not_before_its_day
from desktop.models.registers import Event, Stateful, field, lines, part, register
from desktop.models.vocabulary.registers import BrandState, MediaLevel, RegisterArea, SpreadDirection


@dataclass(frozen=True, slots=True)
class BrandTarget:
    """A figure to be moved from base to goal."""

    metric: str = part("指标", default="")
    base: float | None = part("基数")
    goal: float | None = part("目标")
    actual: float | None = part("实际")


@register(
    "党建品牌",
    area=RegisterArea.CARRIERS,
    dimension="D5",
    checks=(not_before("recognised_on", "declared_on", "早于申报日期"),),
    file="品牌档案",
    hint="由本支部做法提炼：名称、内涵、目标。选中一个品牌点“品牌档案”，目标、活动、宣传、认定、推广印成一份。",
)
class Brand(Stateful, Base):
    """A brand: name, meaning, targets (党建品牌)."""

    title: Mapped[str] = field("品牌名称", required=True)
    meaning: Mapped[str | None] = field("内涵", long=True)
    slogan: Mapped[str | None] = field("口号", listed=False)
    highlight: Mapped[str | None] = field("亮点", listed=False, long=True)
    targets: Mapped[tuple[BrandTarget, ...]] = lines("目标指标", BrandTarget)
    declared_on: Mapped[date | None] = field("申报日期", happened=True)
    level: Mapped[str | None] = field("认定级别", listed=False)
    recognised_on: Mapped[date | None] = field("认定日期", listed=False, happened=True)
    recognised_by: Mapped[str | None] = field("认定单位", listed=False, help="单位和文号")
    promotion: Mapped[str | None] = field("推广安排", listed=False, long=True)
    state: Mapped[BrandState] = field("状态", required=True, default=BrandState.CONCEIVED)
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register("品牌评估", area=RegisterArea.CARRIERS, dimension="D5", hint="支部每半年评估一次，写清指标和问题。")
class BrandReview(Event, Base):
    """A half-yearly review of a brand (品牌评估)."""

    brand_id: Mapped[str | None] = field("品牌", required=True, ref="brand")
    finding: Mapped[str | None] = field("评估意见", required=True, long=True)


@register(
    "品牌活动",
    area=RegisterArea.CARRIERS,
    dimension="D5",
    activity=True,
    hint="围绕品牌开展的活动：做了什么、谁参加、有什么成果。",
)
class BrandActivity(Event, Base):
    """Something done for a brand (品牌活动)."""

    brand_id: Mapped[str | None] = field("品牌", required=True, ref="brand")
    place: Mapped[str | None] = field("地点", listed=False)
    attended: Mapped[int | None] = field("参加人数")
    content: Mapped[str | None] = field("内容", required=True, long=True)
    result: Mapped[str | None] = field("成果", listed=False, long=True)


@register(
    "推广借鉴",
    area=RegisterArea.CARRIERS,
    dimension="D5",
    checks=(not_before_its_day("adopted_on"),),
    hint="现场观摩、座谈以后落到实处的：谁向谁学了什么做法，哪天起照着做，效果怎样。",
)
class MethodSpread(Event, Base):
    """A method that went from one unit to another: who learned it from whom, and what came of it (推广借鉴)."""

    direction: Mapped[SpreadDirection] = field("方向", required=True, default=SpreadDirection.LEARNED)
    learner: Mapped[str | None] = field("学习方", required=True, help="单位、队所或党员")
    origin: Mapped[str | None] = field("做法来自", required=True, help="支部、单位或党员")
    brand_id: Mapped[str | None] = field("相关品牌", listed=False, ref="brand")
    exchange_id: Mapped[str | None] = field("哪次交流活动", listed=False, ref="exchange_activity")
    sharing_event_id: Mapped[str | None] = field("总部的哪次观摩、座谈", listed=False, ref="sharing_event")
    experience_id: Mapped[str | None] = field("经验库里的做法", listed=False, ref="experience")
    method: Mapped[str | None] = field("学了什么", required=True, long=True)
    adopted_on: Mapped[date | None] = field("采用日期", happened=True, help="照着做的那一天；还没有采用不填")
    result: Mapped[str | None] = field("效果", listed=False, long=True)


@register(
    "宣传报道",
    area=RegisterArea.CARRIERS,
    dimension="D5",
    checks=(not_before_its_day("published_on"),),
    hint="投了哪里、登在哪里、谁写的；刊发以后补填刊发日期。",
)
class Article(Event, Base):
    """A piece that was offered to, or appeared in, a medium (宣传报道)."""

    media: Mapped[str | None] = field("投向媒体", required=True)
    level: Mapped[MediaLevel] = field("级别", required=True, default=MediaLevel.OWN)
    author_id: Mapped[str | None] = field("作者", ref="member", help="党员；不是党员的写在其他作者里")
    other_authors: Mapped[str | None] = field("其他作者", listed=False)
    published_on: Mapped[date | None] = field("刊发日期", happened=True, help="没有采用不填")
    where_published: Mapped[str | None] = field("版面或网址", listed=False)
    brand_id: Mapped[str | None] = field("宣传的品牌", listed=False, ref="brand")
    role_model_id: Mapped[str | None] = field("宣传的典型", listed=False, ref="role_model")

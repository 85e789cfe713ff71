"""Brands of the branch (党建品牌)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Mapped

from desktop.models.base import Base
from desktop.models.registers import Event, Stateful, field, lines, part, register
from desktop.models.vocabulary.registers import BrandState, RegisterArea


@dataclass(frozen=True, slots=True)
class BrandTarget:
    """A figure to be moved from base to goal."""

    metric: str = part("指标", default="")
    base: float | None = part("基数")
    goal: float | None = part("目标")
    actual: float | None = part("实际")


@register("党建品牌", area=RegisterArea.CARRIERS, dimension="D5", hint="由本支部做法提炼：名称、内涵、目标、年度计划。")
class Brand(Stateful, Base):
    """A brand: name, meaning, targets (党建品牌)."""

    title: Mapped[str] = field("品牌名称", required=True)
    meaning: Mapped[str | None] = field("内涵", long=True)
    slogan: Mapped[str | None] = field("口号", listed=False)
    highlight: Mapped[str | None] = field("亮点", listed=False, long=True)
    targets: Mapped[tuple[BrandTarget, ...]] = lines("目标指标", BrandTarget)
    declared_on: Mapped[date | None] = field("申报日期", happened=True)
    level: Mapped[str | None] = field("认定级别", listed=False)
    state: Mapped[BrandState] = field("状态", required=True, default=BrandState.CONCEIVED)
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register("品牌评估", area=RegisterArea.CARRIERS, dimension="D5", hint="支部每半年评估一次，写清指标和问题。")
class BrandReview(Event, Base):
    """A half-yearly review of a brand (品牌评估)."""

    brand_id: Mapped[str | None] = field("品牌", required=True, ref="brand")
    finding: Mapped[str | None] = field("评估意见", required=True, long=True)

"""Places for activities (阵地): what there is, how it is kept, how it is used."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Mapped

from desktop.models.base import Base
from desktop.models.checks import at_most
from desktop.models.registers import Event, Kept, field, lines, part, register
from desktop.models.vocabulary.registers import RegisterArea, VenueKind, VenueState


@dataclass(frozen=True, slots=True)
class Equipment:
    """Something a place is equipped with."""

    name: str = part("设备", default="")
    count: int | None = part("数量")
    condition: str = part("状况", default="")


@register(
    "活动阵地",
    area=RegisterArea.VENUES,
    dimension="D6",
    file="阵地台账",
    hint="活动室、公开栏、工作群都登记在这里；选中一个点“阵地台账”，设备、检查、使用印成一份。",
)
class Venue(Kept, Base):
    """A physical or online place for activities (阵地)."""

    title: Mapped[str] = field("名称", required=True)
    kind: Mapped[VenueKind] = field("类别", required=True, default=VenueKind.ROOM)
    place: Mapped[str | None] = field("地点", listed=False)
    area_m2: Mapped[float | None] = field("面积（平方米）")
    seats: Mapped[int | None] = field("可容纳人数")
    admin_id: Mapped[str | None] = field("管理人", ref="member")
    equipment: Mapped[tuple[Equipment, ...]] = lines("设备", Equipment)
    checked_on: Mapped[date | None] = field("核查日期", happened=True)
    state: Mapped[VenueState] = field("状态", required=True, default=VenueState.IN_USE)
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register(
    "场所检查", area=RegisterArea.VENUES, dimension="D6", tag="tag", hint="每年检查活动室一次；标识和制度上墙另记一次。"
)
class VenueCheck(Event, Base):
    """A check of a place (场所检查)."""

    venue_id: Mapped[str | None] = field("阵地", ref="venue")
    tag: Mapped[str | None] = field("检查内容", tag=True)
    finding: Mapped[str | None] = field("检查情况", required=True, long=True)


@register("公开栏更新", area=RegisterArea.VENUES, dimension="D6", hint="公开栏每季度至少更新一次。")
class NoticeBoardUpdate(Event, Base):
    """An update of a notice board (公开栏更新)."""

    venue_id: Mapped[str | None] = field("公开栏", ref="venue")
    content: Mapped[str | None] = field("更新内容", required=True, long=True)


@register(
    "资料设备清点",
    area=RegisterArea.VENUES,
    dimension="D6",
    checks=(at_most("missing", "counted", "缺少件数多于清点件数"),),
    hint="每半年清点一次。",
)
class AssetCheck(Event, Base):
    """A count of books and equipment (资料设备清点)."""

    counted: Mapped[int | None] = field("清点件数", required=True)
    missing: Mapped[int | None] = field("缺少件数")
    working: Mapped[bool] = field("设备可用", default=True)


@register(
    "场所使用登记", area=RegisterArea.VENUES, dimension="D6", hint="在登记的阵地里开的会自动算一次使用，不必再记。"
)
class VenueUse(Event, Base):
    """A use of a place besides the meetings held there (场所使用)."""

    venue_id: Mapped[str | None] = field("阵地", required=True, ref="venue")
    purpose: Mapped[str | None] = field("用途", required=True)
    attended: Mapped[int | None] = field("人数")
    used_by: Mapped[str | None] = field("使用人")


@register("网络阵地检查", area=RegisterArea.VENUES, dimension="D6", hint="工作群、公众号每半年检查一次。")
class OnlineVenueCheck(Event, Base):
    """A check of an online place (网络阵地检查)."""

    venue_id: Mapped[str | None] = field("网络阵地", ref="venue")
    finding: Mapped[str | None] = field("检查情况", required=True, long=True)

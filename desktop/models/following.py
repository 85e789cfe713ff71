"""What follows from the classes of the race, as headquarters keeps it: liaison, occasions to learn, helper pairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped

from desktop.models.base import Base, Travel
from desktop.models.checks import Check, not_before
from desktop.models.registers import Kept, field, lines, part, register
from desktop.models.vocabulary.following import SharingKind
from desktop.models.vocabulary.registers import RegisterArea


@dataclass(frozen=True, slots=True)
class Attending:
    """A branch that came to learn, and what it adopted."""

    branch_id: str | None = part("支部", ref="branch")
    adopted: str = part("采用的做法", default="")


def _two_branches() -> Check:
    """Return a check that a branch does not help itself."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        helper = values.get("helper_id")
        same = helper is not None and helper == values.get("helped_id")
        return ("helped_id", "和帮带的支部是同一个") if same else None

    return check


def _once_each() -> Check:
    """Return a check that no branch is named twice: among those that come, or as host and as one that comes."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        host, seen = values.get("host_id"), dict[str, int]()
        for number, line in enumerate(values.get("attending") or (), start=1):
            if not line.branch_id:
                continue
            if line.branch_id == host:
                return "attending", f"第{number}行是承办支部，不用再列"
            if line.branch_id in seen:
                return "attending", f"第{number}行和第{seen[line.branch_id]}行是同一个支部"
            seen[line.branch_id] = number
        return None

    return check


def _branch_named() -> Check:
    """Return a check that what was adopted says by which branch: the board tells it branch by branch."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        for number, line in enumerate(values.get("attending") or (), start=1):
            if line.adopted and not line.branch_id:
                return "attending", f"第{number}行没有选支部"
        return None

    return check


@register(
    "落后支部联系",
    area=RegisterArea.FOLLOWING,
    above=True,
    date_field="visited_on",
    checks=(not_before("next_on", "visited_on", "早于联系日期"),),
    signed_by=("联系人", "支部书记"),
    hint="落后支部一对一联系：谁去的、哪天、发现什么问题、下一步做什么、下次哪天去；随下一个反馈包发给这个支部。",
)
class Liaison(Kept, Base):
    """Somebody of headquarters looked after a lagging branch on a day; its secretary signs it, so the branch has it."""

    __travels__: ClassVar[Travel] = Travel.DOWN
    __to_named__: ClassVar[tuple[str, ...]] = ("subject_id",)

    visited_on: Mapped[date] = field("联系日期", required=True, happened=True)
    title: Mapped[str] = field("联系事项", required=True)
    subject_id: Mapped[str] = field("支部", required=True, ref="branch")
    liaison: Mapped[str] = field("联系人", required=True)
    found: Mapped[str] = field("发现的问题", required=True, long=True)
    next_step: Mapped[str | None] = field("下一步", long=True)
    next_on: Mapped[date | None] = field("下次联系")


@register(
    "观摩和座谈",
    area=RegisterArea.FOLLOWING,
    above=True,
    date_field="held_on",
    ahead=True,
    wants=(_branch_named(), _once_each()),
    hint="组织的现场观摩会、经验座谈会：哪个支部承办、哪些支部参加、各采用了什么做法；随下一个反馈包发给承办和参加的支部。",
)
class SharingEvent(Kept, Base):
    """A demonstration or a seminar: who comes, and what was adopted."""

    __travels__: ClassVar[Travel] = Travel.DOWN
    __to_named__: ClassVar[tuple[str, ...]] = ("host_id", "attending.branch_id")

    held_on: Mapped[date] = field("日期", required=True)
    title: Mapped[str] = field("名称", required=True)
    kind: Mapped[SharingKind] = field("形式", required=True, default=SharingKind.DEMONSTRATION)
    host_id: Mapped[str | None] = field("承办支部", ref="branch")
    place: Mapped[str | None] = field("地点")
    shown: Mapped[str | None] = field("介绍的做法", long=True)
    attending: Mapped[tuple[Attending, ...]] = lines("参加的支部", Attending, listed=True)


@register(
    "结对帮带",
    area=RegisterArea.FOLLOWING,
    above=True,
    date_field="began_on",
    ahead=True,
    checks=(
        not_before("until", "began_on", "早于开始日期"),
        not_before("ended_on", "began_on", "早于开始日期"),
        _two_branches(),
    ),
    signed_by=("帮带支部", "被帮带支部"),
    hint="先进支部帮带落后支部：帮什么、到哪天；随下一个反馈包发给两个支部。",
)
class HelperPair(Kept, Base):
    """An advanced branch helps a lagging one with something, until a day."""

    __travels__: ClassVar[Travel] = Travel.DOWN
    __to_named__: ClassVar[tuple[str, ...]] = ("helped_id", "helper_id")

    began_on: Mapped[date] = field("开始日期", required=True)
    title: Mapped[str] = field("帮带内容", required=True)
    helped_id: Mapped[str] = field("被帮带支部", required=True, ref="branch")
    helper_id: Mapped[str] = field("帮带支部", required=True, ref="branch")
    until: Mapped[date] = field("帮带到", required=True)
    ended_on: Mapped[date | None] = field("结束日期", listed=False, happened=True, help="提前结束或办完的填")
    outcome: Mapped[str | None] = field("帮带结果", long=True)

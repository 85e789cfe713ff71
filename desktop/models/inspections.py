"""Checklists that inspectors bring (专项检查): the list as it came, and what the branch has for each of its points.

They are no standard of the program: nobody can compute 内容与标准 written by others, people score it. So their points
are records, with owner, day, evidence and the two scores, and not a pack of rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, called
from desktop.models.checks import at_most, not_before
from desktop.models.registers import Kept, field, lines, part, register
from desktop.models.vocabulary.inspections import PointState
from desktop.models.vocabulary.registers import RegisterArea


@dataclass(frozen=True, slots=True)
class OtherCell:
    """A cell of the list as it came that is no field here."""

    head: str = part("列", default="")
    text: str = part("内容", default="")


def point_state(values: Mapping[str, Any], today: date) -> PointState:
    """Return where a point stands on the day `today`, by its dates alone."""
    due = values.get("due_on")
    if values.get("done_on") is not None:
        return PointState.CLOSED
    return PointState.RUN_OUT if due is not None and due < today else PointState.WAITING


@register(
    "专项检查",
    area=RegisterArea.INSPECTIONS,
    dimension="D8",
    date_field="received_on",
    checks=(
        not_before("self_due_on", "received_on", "早于收到日期"),
        not_before("visit_on", "received_on", "早于收到日期"),
    ),
    hint="检查组带来或上级发来的检查表，一张一条。",
)
class Inspection(Kept, Base):
    """One checklist that was brought, for one visit."""

    title: Mapped[str] = field("检查名称", required=True)
    inspector: Mapped[str | None] = field("检查单位")
    received_on: Mapped[date] = field("收到日期", required=True, happened=True)
    self_due_on: Mapped[date | None] = field("自查期限")
    visit_on: Mapped[date | None] = field("检查日期")
    heads: Mapped[str | None] = field("原表的列", listed=False, long=True, help="原表各列的名称和次序，导出时照这个排")
    note: Mapped[str | None] = field("备注", listed=False, long=True)


@register(
    "专项检查项目",
    area=RegisterArea.INSPECTIONS,
    dimension="D8",
    subject="inspection_id",
    checks=(
        at_most("self_points", "points", "自查分高于分值"),
        at_most("checked_points", "points", "考核分高于分值"),
    ),
    standing=point_state,
    hint="检查表里的一行：谁来备、什么时候前、有什么佐证、自查和考核各得几分。",
)
class InspectionPoint(Kept, Base):
    """One row of a checklist, and what the branch has for it."""

    title: Mapped[str] = field("内容与标准", required=True, long=True)
    inspection_id: Mapped[str | None] = field("检查", required=True, ref="inspection", listed=False)
    position: Mapped[int | None] = field("序号", listed=False)
    section: Mapped[str | None] = field("项目")
    points: Mapped[float | None] = field("分值")
    scoring: Mapped[str | None] = field("评分说明", listed=False, long=True)
    method: Mapped[str | None] = field("考评方式", listed=False)
    owner_id: Mapped[str | None] = field("责任人", ref="member")
    due_on: Mapped[date | None] = field("备齐期限")
    done_on: Mapped[date | None] = field("备齐日期", happened=True, listed=False)
    finding: Mapped[str | None] = field("自查情况", listed=False, long=True, help="有什么、缺什么、扣在哪里")
    self_points: Mapped[float | None] = field("自查分")
    checked_points: Mapped[float | None] = field("考核分", help="检查组打的分")
    others: Mapped[tuple[OtherCell, ...]] = lines("原表其他列", OtherCell)
    note: Mapped[str | None] = field("备注", listed=False, long=True)
    links: Mapped[list[str]] = mapped_column(default=list, info=called("佐证记录"))
    """Records that prove it, as kind:id."""

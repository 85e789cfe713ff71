"""What members were honoured and answered for (荣誉表彰、处分和组织处置): registers beside their career."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped

from desktop.models.base import Base, Travel
from desktop.models.checks import not_before
from desktop.models.registers import Event, field, register
from desktop.models.vocabulary.conduct import DisciplineKind, HonourRecipient
from desktop.models.vocabulary.registers import RegisterArea, RoleModelLevel


def _names_the_person(values: Mapping[str, Any]) -> tuple[str, str] | None:
    branch, person = values.get("recipient") is HonourRecipient.BRANCH, values.get("member_id")
    if branch and person:
        return "member_id", "表彰党支部的不填党员"
    return ("member_id", "表彰个人的要填是哪一名党员") if not branch and not person else None


@register(
    "荣誉表彰",
    area=RegisterArea.LEARNING,
    dimension="D3",
    subject="member_id",
    checks=(_names_the_person,),
    hint="优秀共产党员、优秀党务工作者、先进党支部等，一人一项一条；证书、文件作为附件。",
)
class Honour(Event, Base):
    """An honour given to a member, a party worker or the branch."""

    event_on: Mapped[date] = field("表彰日期", required=True, happened=True)
    title: Mapped[str] = field("荣誉名称", required=True)
    recipient: Mapped[HonourRecipient] = field("表彰对象", required=True, default=HonourRecipient.MEMBER)
    member_id: Mapped[str | None] = field("党员", ref="member", help="表彰党支部的空着")
    level: Mapped[RoleModelLevel] = field("级别", required=True)
    issued_by: Mapped[str | None] = field("授予单位")
    document_no: Mapped[str | None] = field("文号", listed=False)


@register(
    "处分和组织处置",
    area=RegisterArea.DUTIES,
    dimension="D4",
    subject="member_id",
    checks=(
        not_before("announced_on", "event_on", "早于决定日期"),
        not_before("ends_on", "event_on", "早于决定日期"),
        not_before("ended_on", "event_on", "早于决定日期"),
    ),
    hint="照上级的决定登记，支部不定轻重。只有有权限的人看得到，只留在本机，不报送、不打印、不导出。",
)
class Discipline(Event, Base):
    """A decision of the superior about a member: recorded here, never made here, never sent."""

    __travels__: ClassVar[Travel] = Travel.NEVER
    __restricted__: ClassVar[tuple[str, tuple[str, ...]] | None] = ("kind", tuple(DisciplineKind))

    event_on: Mapped[date] = field("决定日期", required=True, happened=True, help="期限从这一天算起")
    title: Mapped[str] = field("事由", required=True)
    kind: Mapped[DisciplineKind] = field("种类", required=True)
    member_id: Mapped[str | None] = field("党员", required=True, ref="member")
    months: Mapped[int | None] = field("期限（月）", lowest=1, help="留党察看、限期改正照决定填")
    decided_by: Mapped[str | None] = field("决定机关", listed=False)
    document_no: Mapped[str | None] = field("文号", listed=False)
    announced_on: Mapped[date | None] = field("宣布日期", listed=False, happened=True)
    ends_on: Mapped[date | None] = field("期满日期", listed=False, help="决定写明了才填，空着按规定的期限算")
    ended_on: Mapped[date | None] = field(
        "办结日期", listed=False, happened=True, help="恢复党员权利、作出改正结论的日期"
    )

"""Methods and brands that headquarters chose from its branches (经验库); what is published goes down to all."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Travel, called
from desktop.models.checks import Check
from desktop.models.registers import Kept, field, register
from desktop.models.vocabulary.experience import ExperienceKind, ExperienceState
from desktop.models.vocabulary.registers import RegisterArea


def experience_state(values: Mapping[str, Any], today: date) -> ExperienceState:
    """Return whether branches are shown an entry, by its dates alone."""
    return ExperienceState.DRAFT if values.get("published_on") is None else ExperienceState.PUBLISHED


def _published_says_why() -> Check:
    """Return a check that what is published says why others should learn it."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        unsaid = values.get("published_on") is not None and not values.get("recommendation")
        return ("recommendation", "发布前写明为什么推荐、怎样学") if unsaid else None

    return check


@register(
    "经验库",
    area=RegisterArea.EXPERIENCE,
    above=True,
    date_field="chosen_on",
    attachments=False,
    checks=(_published_says_why(),),
    standing=experience_state,
    hint="从支部的品牌和做法里选好的，写明为什么推荐；发布的随下一个反馈包发给全部支部。",
)
class Experience(Kept, Base):
    """A method or brand worth learning: whose it is, how it is done, what it brought, and why it is recommended."""

    __travels__: ClassVar[Travel] = Travel.DOWN
    __to_all__: ClassVar[str] = "published_on"

    chosen_on: Mapped[date] = field("选入日期", required=True, happened=True)
    title: Mapped[str] = field("名称", required=True)
    kind: Mapped[ExperienceKind] = field("类别", required=True, default=ExperienceKind.METHOD)
    origin: Mapped[str] = field("来自", required=True, help="支部、单位或党员")
    suits: Mapped[str | None] = field("适合哪些支部", listed=False)
    published_on: Mapped[date | None] = field("发布日期", happened=True, help="填了才发给支部；清空就撤下")
    problem: Mapped[str | None] = field("解决什么问题", listed=False, long=True)
    method: Mapped[str] = field("怎么做", required=True, listed=False, long=True)
    effect: Mapped[str | None] = field("成效", listed=False, long=True, help="做之前和之后的数字")
    recommendation: Mapped[str | None] = field("推荐意见", listed=False, long=True, help="为什么推荐，别的支部怎样学")
    source_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("来自的支部"))
    about_kind: Mapped[str | None] = mapped_column(String(40), info=called("原记录种类"))
    about_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("原记录"))

"""Standards in force and how quality is rated (标准包、质量评定). Standards are data: the texts are TOML."""

from datetime import date
from typing import ClassVar

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, Holds, Record, Travel, called


class StandardPack(Base):
    """One edition of one standards file. A past year keeps the edition it was worked under.

    `kind` is the schema's name (branch-standard, party-rules, horse-race, member-points, codes).
    Rows of headquarters have no branch: every branch receives them.
    """

    __tablename__ = "standard_packs"
    __table_args__ = (UniqueConstraint("kind", "version"),)
    __travels__: ClassVar[Travel] = Travel.DOWN
    __label__: ClassVar[str] = "标准"

    kind: Mapped[str] = mapped_column(String(40), info=called("类别"))
    version: Mapped[str] = mapped_column(String(20), info=called("版本"))
    title: Mapped[str] = mapped_column(String(120), info=called("名称"))
    effective_from: Mapped[date] = mapped_column(info=called("生效日期"))
    text: Mapped[str] = mapped_column(info=called("内容", Holds.DOCUMENT))
    from_headquarters: Mapped[bool] = mapped_column(default=False, info=called("总部下发"))
    received_at_utc: Mapped[str] = mapped_column(String(20), default="", info=called("收到时间"))


def _of_year(context: DefaultExecutionContext) -> str:
    """Return the period of a judgement that names none: its whole year."""
    return str(context.get_current_parameters()["year"])  # type: ignore[no-untyped-call]


class Rating:
    """A typed judgement of one quality criterion of one item for one period.

    `value_hundredths` is 0..400 for how = rating or site; a survey is two counts. `period` is a quarter (2026Q3), from
    which on it holds until a later one has its own, or the year (2026): it holds where no quarter has.
    """

    year: Mapped[int] = mapped_column(info=called("年度", Holds.YEAR))
    period: Mapped[str] = mapped_column(String(8), default=_of_year, info=called("周期", Holds.PERIOD))
    item_id: Mapped[str] = mapped_column(String(20), info=called("条目"))
    criterion: Mapped[int] = mapped_column(info=called("判据序号"))  # position in the item's list, from 0
    value_hundredths: Mapped[int | None] = mapped_column(info=called("评分"))
    satisfied: Mapped[int | None] = mapped_column(info=called("满意人数"))
    asked: Mapped[int | None] = mapped_column(info=called("参评人数"))
    ground: Mapped[str] = mapped_column(default="", info=called("评定依据"))
    rated_on: Mapped[date] = mapped_column(info=called("评定日期"))


class SelfRating(Rating, Record, Base):
    """The branch's own judgement (自评); makes the self score."""

    __tablename__ = "self_ratings"
    __table_args__ = (UniqueConstraint("branch_id", "year", "item_id", "criterion", "period"),)
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "质量自评"


class VerifiedRating(Rating, Record, Base):
    """Headquarters' judgement (考评); makes the verified score. Never overwrites the branch's own."""

    __tablename__ = "verified_ratings"
    __table_args__ = (UniqueConstraint("branch_id", "year", "item_id", "criterion", "period"),)
    __travels__: ClassVar[Travel] = Travel.DOWN
    __label__: ClassVar[str] = "质量考评"

    adopted: Mapped[bool] = mapped_column(default=False, info=called("采用自评"))  # taken over from the self rating


DISCIPLINE = ("member_discipline_major",)
"""Gates whose grounds are punishments of persons: for those entitled alone, as restricted talks are."""


class GateFinding(Record, Base):
    """Headquarters' finding that a gate of the standard applies (造假、处分 …), with its ground."""

    __tablename__ = "gate_findings"
    __travels__: ClassVar[Travel] = Travel.DOWN
    __label__: ClassVar[str] = "限定条件认定"
    __restricted__: ClassVar[tuple[str, tuple[str, ...]] | None] = ("gate_id", DISCIPLINE)

    year: Mapped[int] = mapped_column(info=called("年度", Holds.YEAR))
    gate_id: Mapped[str] = mapped_column(String(40), info=called("限定条件"))
    item_id: Mapped[str | None] = mapped_column(String(20), info=called("条目"))  # the item a fabricated record zeroes
    ground: Mapped[str] = mapped_column(info=called("依据"))
    found_on: Mapped[date] = mapped_column(info=called("认定日期"))

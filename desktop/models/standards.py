"""Standards in force and how quality is rated (标准包、质量评定). Standards are data: the texts are TOML."""

from datetime import date
from typing import ClassVar

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, Record, Travel


class StandardPack(Base):
    """One edition of one standards file. A past year keeps the edition it was worked under.

    `kind` is the schema's name (branch-standard, party-rules, horse-race, member-points, codes).
    Rows of headquarters have no branch: every branch receives them.
    """

    __tablename__ = "standard_packs"
    __table_args__ = (UniqueConstraint("kind", "version"),)
    __travels__: ClassVar[Travel] = Travel.DOWN

    kind: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(120))
    effective_from: Mapped[date]
    text: Mapped[str]
    from_headquarters: Mapped[bool] = mapped_column(default=False)
    received_at_utc: Mapped[str] = mapped_column(String(20), default="")


class Rating:
    """A typed judgement of one quality criterion of one item for one year.

    `value_hundredths` is 0..400 for how = rating or site; a survey is two counts.
    """

    year: Mapped[int]
    item_id: Mapped[str] = mapped_column(String(20))
    criterion: Mapped[int]  # position in the item's list, from 0
    value_hundredths: Mapped[int | None]
    satisfied: Mapped[int | None]
    asked: Mapped[int | None]
    ground: Mapped[str] = mapped_column(default="")
    rated_on: Mapped[date]


class SelfRating(Rating, Record, Base):
    """The branch's own judgement (自评); makes the self score."""

    __tablename__ = "self_ratings"
    __table_args__ = (UniqueConstraint("branch_id", "year", "item_id", "criterion"),)
    __travels__: ClassVar[Travel] = Travel.UP


class VerifiedRating(Rating, Record, Base):
    """Headquarters' judgement (考评); makes the verified score. Never overwrites the branch's own."""

    __tablename__ = "verified_ratings"
    __table_args__ = (UniqueConstraint("branch_id", "year", "item_id", "criterion"),)
    __travels__: ClassVar[Travel] = Travel.DOWN

    adopted: Mapped[bool] = mapped_column(default=False)  # taken over from the self rating


class GateFinding(Record, Base):
    """Headquarters' finding that a gate of the standard applies (造假、处分 …), with its ground."""

    __tablename__ = "gate_findings"
    __travels__: ClassVar[Travel] = Travel.DOWN

    year: Mapped[int]
    gate_id: Mapped[str] = mapped_column(String(40))
    item_id: Mapped[str | None] = mapped_column(String(20))  # the item a fabricated record zeroes
    ground: Mapped[str]
    found_on: Mapped[date]

"""The race of branches (赛马), at headquarters; results travel down to each branch."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, Owned, Record, Travel
from desktop.models.vocabulary.race import RaceClass, RacePeriodState


class RacePeriod(Base):
    """One period of the race, e.g. 2026Q3 or 2026."""

    __tablename__ = "race_periods"
    __table_args__ = (UniqueConstraint("period"),)
    __history__: ClassVar[bool] = True

    period: Mapped[str] = mapped_column(String(8))
    state: Mapped[RacePeriodState] = mapped_column(default=RacePeriodState.OPEN)
    scheme_version: Mapped[str] = mapped_column(String(20))
    closed_on: Mapped[date | None]
    published_on: Mapped[date | None]


class RaceInput(Record, Base):
    """One figure that headquarters rates or types for a branch, with its ground."""

    __tablename__ = "race_inputs"
    __table_args__ = (UniqueConstraint("branch_id", "period", "indicator"),)

    period: Mapped[str] = mapped_column(String(8))
    indicator: Mapped[str] = mapped_column(String(10))  # H2, H3-1 …
    value_millionths: Mapped[int]  # exact: 0.935 -> 935000
    samples: Mapped[int | None]
    ground: Mapped[str] = mapped_column(default="")


class RaceMark(Record, Base):
    """A penalty (P-01 …) or veto (V-01 …) that applies to a branch in a period, with its ground."""

    __tablename__ = "race_marks"

    period: Mapped[str] = mapped_column(String(8))
    rule_id: Mapped[str] = mapped_column(String(10))
    count: Mapped[int] = mapped_column(default=1)
    ground: Mapped[str]


class RaceResult(Owned, Base):
    """What the race said of one branch; travels to that branch alone."""

    __tablename__ = "race_results"
    __table_args__ = (UniqueConstraint("branch_id", "period"),)
    __travels__: ClassVar[Travel] = Travel.DOWN

    period: Mapped[str] = mapped_column(String(8))
    scheme_version: Mapped[str] = mapped_column(String(20))
    group: Mapped[str] = mapped_column(String(20))
    group_size: Mapped[int]
    total_hundredths: Mapped[int | None]
    rank: Mapped[int | None]
    race_class: Mapped[RaceClass | None]
    published_on: Mapped[date | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)  # indicators, reasons, what would move the branch


class Remark(Record, Base):
    """A remark of headquarters to a branch (意见), perhaps on one item; the branch answers by doing."""

    __tablename__ = "remarks"
    __travels__: ClassVar[Travel] = Travel.DOWN

    period: Mapped[str | None] = mapped_column(String(8))
    item_id: Mapped[str | None] = mapped_column(String(20))
    text: Mapped[str]
    due_on: Mapped[date | None]
    made_on: Mapped[date]

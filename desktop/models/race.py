"""The race of branches (赛马), at headquarters; results travel down to each branch."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, Holds, Owned, Record, Travel, called
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
    __label__: ClassVar[str] = "赛马结果"

    period: Mapped[str] = mapped_column(String(8), info=called("赛期", Holds.PERIOD))
    scheme_version: Mapped[str] = mapped_column(String(20), info=called("方案版本"))
    group: Mapped[str] = mapped_column(String(20), info=called("组别"))
    group_size: Mapped[int] = mapped_column(info=called("组内支部数"))
    total_hundredths: Mapped[int | None] = mapped_column(info=called("总分", Holds.SIGNED))
    rank: Mapped[int | None] = mapped_column(info=called("名次"))
    race_class: Mapped[RaceClass | None] = mapped_column(info=called("类别"))
    published_on: Mapped[date | None] = mapped_column(info=called("公布日期"))
    detail: Mapped[dict[str, Any]] = mapped_column(  # indicators, reasons, what would move the branch
        default=dict, info=called("明细")
    )


class Remark(Record, Base):
    """A remark of headquarters to a branch (意见), perhaps on one item; the branch answers by doing."""

    __tablename__ = "remarks"
    __travels__: ClassVar[Travel] = Travel.DOWN
    __label__: ClassVar[str] = "总部意见"

    period: Mapped[str | None] = mapped_column(String(8), info=called("赛期", Holds.PERIOD))
    item_id: Mapped[str | None] = mapped_column(String(20), info=called("条目"))
    text: Mapped[str] = mapped_column(info=called("意见"))
    due_on: Mapped[date | None] = mapped_column(info=called("办理期限"))
    made_on: Mapped[date] = mapped_column(info=called("提出日期"))

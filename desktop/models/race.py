"""The race of branches (赛马), at headquarters; results travel down to each branch."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Holds, Owned, Record, Travel, called
from desktop.models.vocabulary.race import AppealState, RaceClass, RacePeriodState, RemarkKind


class RacePeriod(Base):
    """One period of the race, e.g. 2026Q3 or 2026."""

    __tablename__ = "race_periods"
    __table_args__ = (UniqueConstraint("period"),)
    __history__: ClassVar[bool] = True

    period: Mapped[str] = mapped_column(String(8))
    state: Mapped[RacePeriodState] = mapped_column(default=RacePeriodState.OPEN)
    scheme_version: Mapped[str] = mapped_column(String(20))
    closed_on: Mapped[date | None]
    closed_at_utc: Mapped[str | None] = mapped_column(String(20))  # what comes in later is late
    published_on: Mapped[date | None]


class RaceAppeal(Record, Base):
    """An appeal of a branch against its published result (申诉), and what was decided. It stays for good.

    `raised_id` names the appeal that came up in a package (`Appeal`); what that said when it was decided is kept.
    `replaced_version`: the published version (`RaceVersion.number`) that publishing anew under it replaced.
    """

    __tablename__ = "race_appeals"

    period: Mapped[str] = mapped_column(String(8), index=True)
    raised_by: Mapped[str] = mapped_column(String(60), info=called("提出人"))
    received_on: Mapped[date]
    due_on: Mapped[date]  # last day of the time to appeal, as it was when the appeal came
    late_reason: Mapped[str] = mapped_column(default="", info=called("逾期受理的理由"))
    indicator: Mapped[str] = mapped_column(  # H2; "": the whole result
        String(10), default="", server_default="", info=called("对哪一项")
    )
    raised_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    wished: Mapped[str] = mapped_column(default="", server_default="", info=called("要求改为"))
    ground: Mapped[str] = mapped_column(info=called("申诉理由"))
    state: Mapped[AppealState] = mapped_column(default=AppealState.PENDING)
    decided_by: Mapped[str] = mapped_column(String(60), default="", info=called("决定人"))
    decided_on: Mapped[date | None]
    decision: Mapped[str] = mapped_column(default="", info=called("决定的理由"))
    republished_on: Mapped[date | None]
    replaced_version: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(default="")  # what publishing anew changed for the branch, in words


class Corrected:
    """What may be corrected once an appeal is upheld: under which, and the words of what it replaced."""

    appeal_id: Mapped[str | None] = mapped_column(
        ForeignKey("race_appeals.id", deferrable=True, initially="DEFERRED"), index=True
    )
    replaced: Mapped[str] = mapped_column(default="", server_default="")


class RaceInput(Corrected, Record, Base):
    """One figure that headquarters rates or types for a branch, with its ground."""

    __tablename__ = "race_inputs"
    __table_args__ = (UniqueConstraint("branch_id", "period", "indicator"),)

    period: Mapped[str] = mapped_column(String(8))
    indicator: Mapped[str] = mapped_column(String(10))  # H2, H3-1 …
    value_millionths: Mapped[int]  # exact: 0.935 -> 935000
    samples: Mapped[int | None]
    ground: Mapped[str] = mapped_column(default="", info=called("依据"))


class RaceMark(Corrected, Record, Base):
    """A penalty (P-01 …) or veto (V-01 …) that applies to a branch in a period, with its ground."""

    __tablename__ = "race_marks"

    period: Mapped[str] = mapped_column(String(8))
    rule_id: Mapped[str] = mapped_column(String(10))
    count: Mapped[int] = mapped_column(default=1)
    ground: Mapped[str] = mapped_column(info=called("依据"))


class RaceResult(Owned, Base):
    """What the race said of one branch; travels to that branch alone."""

    __tablename__ = "race_results"
    __table_args__ = (UniqueConstraint("branch_id", "period"),)
    __travels__: ClassVar[Travel] = Travel.DOWN
    __label__: ClassVar[str] = "赛马结果"

    period: Mapped[str] = mapped_column(String(8), info=called("赛期", Holds.PERIOD))
    scheme_version: Mapped[str] = mapped_column(String(20), info=called("方案版本"))
    group: Mapped[str] = mapped_column(String(20), info=called("组别"))
    group_size: Mapped[int] = mapped_column(info=called("参加名次的支部数"))
    total_hundredths: Mapped[int | None] = mapped_column(info=called("总分", Holds.SIGNED))
    rank: Mapped[int | None] = mapped_column(info=called("名次"))
    race_class: Mapped[RaceClass | None] = mapped_column(info=called("类别"))
    published_on: Mapped[date | None] = mapped_column(info=called("公布日期"))
    settled_on: Mapped[date | None] = mapped_column(info=called("定案日期"))
    detail: Mapped[dict[str, Any]] = mapped_column(  # indicators, reasons, what would move the branch
        default=dict, info=called("明细")
    )


class RaceRevision(Owned, Base):
    """A result scored anew after an appeal, until it is published: the branch reads the published one meanwhile."""

    __tablename__ = "race_revisions"
    __table_args__ = (UniqueConstraint("branch_id", "period"),)

    period: Mapped[str] = mapped_column(String(8))
    values: Mapped[dict[str, Any]]  # what scoring writes of a result, as JSON carries it


class RaceVersion(Owned, Base):
    """A published result that another one, published after an appeal, has replaced: it is kept for good."""

    __tablename__ = "race_versions"
    __table_args__ = (UniqueConstraint("branch_id", "period", "number"),)

    period: Mapped[str] = mapped_column(String(8), index=True)
    number: Mapped[int]  # 1: what was published first
    published_on: Mapped[date]
    replaced_on: Mapped[date]
    values: Mapped[dict[str, Any]]  # what scoring wrote of the result, as JSON carries it


class Remark(Record, Base):
    """What headquarters writes to a branch: a remark (意见), perhaps on one item, a request to correct a record, a
    task, a notice. Headquarters owns it; the branch answers by doing, in a record of its own."""

    __tablename__ = "remarks"
    __travels__: ClassVar[Travel] = Travel.DOWN
    __label__: ClassVar[str] = "总部意见"

    period: Mapped[str | None] = mapped_column(String(8), info=called("赛期", Holds.PERIOD))
    item_id: Mapped[str | None] = mapped_column(String(20), info=called("条目"))
    kind: Mapped[RemarkKind] = mapped_column(
        default=RemarkKind.REMARK, server_default=RemarkKind.REMARK.value, info=called("类别")
    )
    about_kind: Mapped[str | None] = mapped_column(String(40), info=called("记录种类"))  # which is to be corrected
    about_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("记录"))
    about_name: Mapped[str] = mapped_column(String(200), default="", server_default="", info=called("哪条记录"))
    text: Mapped[str] = mapped_column(info=called("意见"))
    due_on: Mapped[date | None] = mapped_column(info=called("办理期限"))
    made_on: Mapped[date] = mapped_column(info=called("提出日期"))

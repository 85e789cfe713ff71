"""Improvement plans (提质升级, PDCA) and the branch's answers to remarks."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Record, Travel
from desktop.models.registers import Event, field, not_before, register
from desktop.models.vocabulary.race import IssueSource, IssueState, PdcaStage, RaceClass
from desktop.models.vocabulary.registers import RegisterArea


class PdcaPlan(Record, Base):
    """One plan, born from a race class. At most one is open per branch."""

    __tablename__ = "pdca_plans"
    __travels__: ClassVar[Travel] = Travel.UP

    title: Mapped[str] = mapped_column(String(120))
    race_class: Mapped[RaceClass]
    source_period: Mapped[str] = mapped_column(String(8))
    noted_periods: Mapped[list[str]] = mapped_column(default=list)  # later results of the same class
    opened_on: Mapped[date]
    stage: Mapped[PdcaStage] = mapped_column(default=PdcaStage.PLANNING)
    benchmark: Mapped[str | None] = mapped_column(String(80))  # branch to learn from or to help
    root_causes: Mapped[list[str]] = mapped_column(default=list)
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the template requires: {"P": {name: text}, …}
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)  # score figures when opened
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)  # score figures when closed
    rolled_over_from_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))


class PdcaStep(Record, Base):
    """The day a plan entered a stage."""

    __tablename__ = "pdca_steps"
    __travels__: ClassVar[Travel] = Travel.UP

    plan_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("pdca_plans.id", deferrable=True, initially="DEFERRED"), index=True
    )
    stage: Mapped[PdcaStage]
    on: Mapped[date]


class PdcaAction(Record, Base):
    """One measure of a plan: what, who, by when, from which figure to which."""

    __tablename__ = "pdca_actions"
    __travels__: ClassVar[Travel] = Travel.UP

    plan_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("pdca_plans.id", deferrable=True, initially="DEFERRED"), index=True
    )
    position: Mapped[int]
    what: Mapped[str]
    item_id: Mapped[str | None] = mapped_column(String(20))  # item of the standard, or
    indicator: Mapped[str | None] = mapped_column(String(10))  # indicator of the race it is to move
    owner_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    owner_post: Mapped[str | None] = mapped_column(String(40))
    due_on: Mapped[date | None]
    unit: Mapped[str] = mapped_column(String(20), default="")
    base: Mapped[float | None]
    goal: Mapped[float | None]
    actual: Mapped[float | None]
    actual_on: Mapped[date | None]
    gain: Mapped[str] = mapped_column(default="")  # what came of it, obstacles, guidance
    rolled_over_from_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))


class RemarkAnswer(Record, Base):
    """What the branch did about a remark of headquarters."""

    __tablename__ = "remark_answers"
    __travels__: ClassVar[Travel] = Travel.UP

    remark_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    text: Mapped[str]
    done_on: Mapped[date | None]


@register(
    "问题整改清单",
    area=RegisterArea.SUPPORT,
    dimension="D8",
    checks=(not_before("closed_on", "event_on", "早于提出日期"), not_before("due_on", "event_on", "早于提出日期")),
    hint="组织生活会、上级检查、民主评议和征求意见发现的问题，逐条建账销号。",
)
class Issue(Event, Base):
    """One problem to be put right (整改清单): who, by when, and when it was closed."""

    source: Mapped[IssueSource] = field("来源", required=True)
    measure: Mapped[str | None] = field("整改措施", long=True)
    owner_id: Mapped[str | None] = field("责任人", ref="member")
    due_on: Mapped[date | None] = field("整改期限", required=True)
    closed_on: Mapped[date | None] = field("销号日期", happened=True)
    state: Mapped[IssueState] = field("状态", required=True, default=IssueState.OPEN)

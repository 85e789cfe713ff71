"""What the improvement pages show: a plan with its stages, gates and actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desktop.models.vocabulary.following import Counted
from desktop.models.vocabulary.race import PdcaStage, RaceClass, RemarkKind
from desktop.services.improvement.counting import Arrangement
from desktop.services.improvement.plan import Lack
from desktop.services.numbers import NONE, points, written

TOTAL, RATE = "race_total", "rate"
"""The figures of a plan that the program reckons in hundredths: the total of the race, the rate of the standard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """One measure on the board.

    `lane` is P while it is not fully planned (or the plan is still in P), D until its goal is reached, C until
    what came of it is written, then A. `progress` is 0..1, None without a measurable goal or an actual value.
    """

    id: str
    plan_id: str
    what: str
    indicator: str | None
    indicator_name: str
    item_id: str | None
    owner_id: str | None
    owner_name: str
    owner_post: str | None
    owner_post_name: str
    due_on: date | None
    unit: str
    base: float | None
    goal: float | None
    actual: float | None
    actual_on: date | None
    gain: str
    lane: str
    progress: float | None
    reached: bool
    overdue_days: int
    rolled_over: bool
    counts: Counted | None = None
    """Which records of headquarters tell `actual`; None: it is typed."""
    records: tuple[Arrangement, ...] = ()
    """Those that are there since the plan was opened."""
    countable: Counted | None = None
    """Which records the scheme in force counts for these words, while the figure is typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """One stage of a plan. `lacks` is what the gate out of it still asks for (of the stage the plan is in)."""

    stage: PdcaStage
    letter: str
    name: str
    title: str
    deadline: date
    within_days: int
    entered_on: date | None
    current: bool
    required: tuple[tuple[str, str], ...]
    lacks: tuple[Lack, ...]
    gate: str
    actions: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure before the plan and now (or when it was closed); `lacking` stands for each where it is none."""

    key: str
    name: str
    before: float | None
    now: float | None
    goal: float | None
    unit: str
    lacking: tuple[str, str] = (NONE, NONE)

    @property
    def before_words(self) -> str:
        """The figure before the plan in words."""
        return self._words(self.before, self.lacking[0])

    @property
    def now_words(self) -> str:
        """The figure now in words."""
        return self._words(self.now, self.lacking[1])

    @property
    def goal_words(self) -> str:
        """The figure it is to reach in words."""
        return self._words(self.goal, NONE)

    def _words(self, value: float | None, none: str) -> str:
        """Return a figure as every other page writes it: points and rates with two decimals, what people typed with
        every digit it has."""
        if value is None:
            return none
        return (points(value) if self.key in (TOTAL, RATE) else written(value)) + ("%" if self.unit == "%" else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """A plan as the board shows it. `day` counts from 1 on the day it was opened."""

    id: str
    title: str
    race_class: RaceClass
    source_period: str
    noted_periods: tuple[str, ...]
    opened_on: date
    ends_on: date
    day: int
    days: int
    stage: PdcaStage
    stage_late: bool
    benchmark: str | None
    root_causes: tuple[str, ...]
    fields: Mapping[str, Mapping[str, str]]
    goal: str
    stages: tuple[StageRow, ...]
    actions: tuple[ActionRow, ...]
    comparisons: tuple[Comparison, ...]
    target_ratio: float | None
    rolled_over_from: str
    rev: int

    @property
    def open(self) -> bool:
        """Whether it still runs."""
        return bool(self.stage.letter)

    def lane(self, letter: str) -> tuple[ActionRow, ...]:
        """Return the actions in one lane of the board."""
        return tuple(action for action in self.actions if action.lane == letter)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSummary:
    """One line of the list of plans."""

    id: str
    title: str
    race_class: RaceClass
    source_period: str
    opened_on: date
    ends_on: date
    stage: PdcaStage
    actions: int
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkRow:
    """A remark of headquarters and what the branch did about it."""

    id: str
    period: str | None
    item_id: str | None
    text: str
    due_on: date | None
    made_on: date
    answer: str
    answered_on: date | None
    action_id: str | None
    kind: RemarkKind = RemarkKind.REMARK
    about_kind: str = ""
    about_id: str = ""
    about_name: str = ""
    declined: bool = False
    """Whether the branch answered that the record stays as it is, with its reason."""

    @property
    def waits(self) -> bool:
        """Whether an answer is waited for that says it is done."""
        return self.kind.asks and self.answered_on is None

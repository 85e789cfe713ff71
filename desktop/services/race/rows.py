"""What pages, the command line and Excel show of a race."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.services.owing import INVITED, told_together
from desktop.services.race.scheme import UNREPORTED


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """One value of an indicator and the points it brought.

    `line`: 60为0分，95为满分; "" in a result stored before it was told. `typed`: whether people typed the value;
    None in a result stored before that was kept.
    """

    id: str
    name: str
    weight: Decimal
    value: Decimal | None
    value_text: str
    samples: int | None
    ground: str
    points: Decimal | None
    status: str
    line: str = ""
    typed: bool | None = None

    @property
    def basis(self) -> str:
        """Return what the points rest on: the line between no and all points, and the ground of the value."""
        return "；".join(filter(None, (self.line, self.ground)))


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorView:
    """One indicator of one branch; `leaders` is the mean of the advanced branches of the group."""

    id: str
    name: str
    weight: Decimal
    raw: Decimal | None
    points: Decimal | None
    status: str
    status_name: str
    leaders: Decimal | None
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveView:
    """What raising one value brings; `chosen` ones together reach the next class."""

    part: str
    indicator: str
    name: str
    now: Decimal
    target: Decimal
    now_text: str
    target_text: str
    gain: Decimal
    full_gain: Decimal
    chosen: bool


@dataclass(frozen=True, slots=True)
class NamedPoints:
    """A penalty or veto as it applied."""

    id: str
    name: str
    cases: int
    points: Decimal
    ground: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRow:
    """An appeal as a case: who, when, why, and what was decided.

    `raised_id` names the appeal its branch raised, and the files it is proved by; "" for one that came on paper.
    `received_on` is the day that counts: on which the branch raised it, or on which the paper came.
    """

    id: str
    branch_id: str
    code: str = ""
    name: str = ""
    raised_by: str
    received_on: date
    due_on: date
    indicator: str
    indicator_name: str
    ground: str
    raised_id: str = ""
    wished: str = ""
    late_reason: str = ""
    state: AppealState = AppealState.PENDING
    decided_by: str = ""
    decided_on: date | None = None
    decision: str = ""
    republished_on: date | None = None
    replaced_version: int | None = None
    outcome: str = ""
    recorded_by: str = ""
    withdrawn_on: date | None = None
    """When its branch took it back. It stands undecided then, or the branch did not know yet of the decision, which
    stands."""

    @property
    def late(self) -> bool:
        """Whether it came after the time to appeal."""
        return self.received_on > self.due_on

    @property
    def awaits_correction(self) -> bool:
        """Whether it was upheld, and the corrected result is not published yet."""
        return self.state.corrects and self.republished_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealTold:
    """What a branch reads of its own appeal beside its result; `state` as people say it."""

    received_on: str
    raised_by: str
    ground: str
    state: str
    decided_on: str
    decided_by: str
    decision: str
    outcome: str
    """What publishing anew changed, once it was."""
    raised: str = ""
    """The id of the appeal of the branch that was decided; "" for one that came on paper."""
    item: str = ""
    """What it is about; "" for the whole result, and from a headquarters that does not tell it."""


@dataclass(frozen=True, slots=True)
class QuarterView:
    """A quarter a year's total is made of; `total` is None where there was none."""

    period: str
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class YearView:
    """How a year's total is made: the mean of its quarters and what the year-end brought, each with its share."""

    quarters: tuple[QuarterView, ...]
    mean: Decimal | None
    quarters_share: Decimal
    year_end: Decimal | None
    year_end_share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceRow:
    """The result of one branch in one period. `class_id` is advanced, middle, lagging or unclassed."""

    branch_id: str
    code: str
    name: str
    period: str
    period_name: str
    scheme_version: str
    group: str
    group_name: str
    group_size: int
    total: Decimal | None
    base: Decimal | None
    rank: int | None
    previous_rank: int | None
    class_id: str
    class_name: str
    next_class: str | None
    next_class_name: str
    to_next_line: Decimal | None
    missing_weight: Decimal
    indicators: tuple[IndicatorView, ...]
    penalties: tuple[NamedPoints, ...]
    vetoes: tuple[NamedPoints, ...]
    reasons: tuple[str, ...]
    moves: tuple[MoveView, ...]
    benchmark: str | None
    handed_in: bool
    published_on: date | None
    appeals: tuple[AppealTold, ...] = ()
    corrected: str = ""
    """What publishing anew after an appeal changed for this branch; "" where nothing did."""
    year: YearView | None = None
    """How a year's total was made; None for a quarter."""
    not_asked: str = ""
    """Why it does not owe the report of the period; "" where it does, or has handed it in."""

    @property
    def chosen_moves(self) -> tuple[MoveView, ...]:
        """The cheapest set of moves that reaches the next class."""
        return tuple(move for move in self.moves if move.chosen)

    @property
    def movement(self) -> int | None:
        """Return places gained (positive) or lost since the period before; None if there is no rank to compare."""
        if self.rank is None or self.previous_rank is None:
            return None
        return self.previous_rank - self.rank


@dataclass(frozen=True, slots=True)
class Racer:
    """A branch that takes part."""

    branch_id: str
    code: str
    name: str
    group: str
    county: str = ""


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group of the race and how many branches are in it."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class LateReport:
    """A report that came in after the period was closed."""

    branch_id: str
    name: str
    received_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceTable:
    """The race of one period. `rows` by group in the scheme's order, then by rank.

    `state` is open, closed, scored, published, appealed or final; before it is scored the rows are a
    trial computation of this moment.
    """

    period: str
    period_name: str
    state: RacePeriodState
    scheme_id: str
    scheme_version: str
    scheme_title: str
    advanced_line: Decimal
    lagging_line: Decimal
    closes_on: date
    publish_by: date
    closed_on: date | None
    published_on: date | None
    groups: tuple[GroupView, ...]
    rows: tuple[RaceRow, ...]
    ended: bool
    """Whether the period's last day has passed: before, there is only a trial computation."""
    not_enrolled: tuple[str, ...] = ()
    """The names of branches that owe the period, were invited anew and have not registered again."""
    never_enrolled: tuple[str, ...] = ()
    """The names of branches that were invited and never registered: they owe nothing yet."""
    late: tuple[LateReport, ...] = ()
    first_published_on: date | None = None
    """The day the result was published the first time; `published_on` is that of the last."""
    appeal_by: date | None = None
    """The last day to appeal, once published."""
    appeal_by_provisional: bool = False
    """Whether it was counted without the holidays of the year."""
    appeals: tuple[AppealRow, ...] = ()
    revised: tuple[str, ...] = ()
    """What a result scored anew after an appeal changes against the published one, a line a branch."""
    scored_anew: bool = False
    """Whether this is a result scored anew, which waits to be published."""

    @property
    def undecided(self) -> int:
        """How many appeals wait for a decision."""
        return sum(appeal.state is AppealState.PENDING for appeal in self.appeals)

    @property
    def correctable(self) -> bool:
        """Whether an upheld appeal allows corrections."""
        return any(appeal.awaits_correction for appeal in self.appeals)

    @property
    def to_score_anew(self) -> bool:
        """Whether the next step is to score anew what an upheld appeal corrects."""
        return self.correctable and not self.undecided and not self.scored_anew

    @property
    def handed_in(self) -> int:
        """How many branches have handed in this period."""
        return sum(row.handed_in for row in self.rows)

    @property
    def not_handed_in(self) -> tuple[str, ...]:
        """The names of the branches that owe the period and have not reported it, those not registered again last."""
        unregistered = tuple(f"{name}（{INVITED}）" for name in self.not_enrolled)
        return (*(row.name for row in self.rows if not row.handed_in and not row.not_asked), *unregistered)

    @property
    def expected(self) -> int:
        """How many branches have handed in this period or owe it."""
        return sum(not row.not_asked for row in self.rows)

    @property
    def not_asked(self) -> tuple[str, ...]:
        """Who has not reported the period and does not owe it, by the reason."""
        free = [(row.name, row.not_asked) for row in self.rows if row.not_asked]
        return told_together((*free, *((name, INVITED) for name in self.never_enrolled)))

    @property
    def proposed(self) -> tuple[RaceRow, ...]:
        """The branches for which the scheme's penalty for not reporting is proposed when the period is closed."""
        return tuple(
            row
            for row in self.rows
            if not row.handed_in and not row.not_asked and UNREPORTED not in {penalty.id for penalty in row.penalties}
        )

    def in_group(self, group: str) -> tuple[RaceRow, ...]:
        """Return the rows of one group."""
        return tuple(row for row in self.rows if row.group == group)


@dataclass(frozen=True, slots=True, kw_only=True)
class InputCell:
    """One figure of one branch for the entry form. `automatic` ones are computed and only typed if that fails."""

    branch_id: str
    code: str
    name: str
    part: str
    part_name: str
    unit_hint: str
    automatic: bool
    value: Decimal | None
    value_text: str
    samples: int | None
    wants_samples: int
    ground: str
    note: str
    corrected: str = ""
    """Under which appeal it was corrected, and what it was before."""
    unused: str = ""
    """What was typed, where the figure that is computed counts in its place."""
    not_applicable: bool = False
    """Whether it is not asked of the branch, which has no figure for it: nothing is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """A penalty or veto typed for a branch."""

    id: str
    branch_id: str
    code: str
    name: str
    rule_id: str
    rule_name: str
    veto: bool
    count: int
    unit: str
    ground: str
    corrected: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRow:
    """A period that headquarters has worked on."""

    period: str
    period_name: str
    state: RacePeriodState
    scheme_version: str
    closed_on: date | None
    published_on: date | None
    branches: int


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """A figure as typed or imported; `part` is H2, H3-1 …"""

    branch_id: str
    part: str
    value: Decimal
    samples: int | None = None
    ground: str = ""

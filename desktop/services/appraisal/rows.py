"""A round as pages and papers see it: its facts, a line for each member, criticisms, opinions, problems, steps."""

from dataclasses import dataclass, field
from datetime import date

from desktop.models.appraisal import FollowUp
from desktop.models.vocabulary.appraisal import Concerned, FoundBy, OpinionGiver, QuotaBase
from desktop.models.vocabulary.labels import Labelled
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.models.vocabulary.race import IssueState
from desktop.services.appraisal.quota import Quota
from desktop.services.standards.appraisal_rules import AppraisalRules


class StepKey(Labelled):
    """The steps of a round, in order."""

    PREPARE = "prepare", "会前准备"
    MEETING = "meeting", "组织生活会"
    REVIEW = "review", "自评互评"
    BALLOT = "ballot", "民主测评"
    GRADE = "grade", "支委会定等次"
    FEEDBACK = "feedback", "反馈本人"
    PUBLISH = "publish", "公布登记"


class StepState(Labelled):
    """Where a step stands, by its facts."""

    DONE = "done", "已完成"
    HERE = "here", "进行中"
    AHEAD = "ahead", "还没到"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `lacking` is what its facts still miss, `faults` what breaks a rule and can stand."""

    key: StepKey
    state: StepState
    on: str
    count: str
    lacking: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What is kept of a round itself."""

    theme: str | None = None
    plan_on: date | None = None
    study_on: date | None = None
    study_hours: float | None = None
    study_topics: str | None = None
    notice_on: date | None = None
    planned_on: date | None = None
    opinions_on: date | None = None
    committee_review_on: date | None = None
    guest: str | None = None
    peer_on: date | None = None
    ballots_on: date | None = None
    issued: int | None = None
    collected: int | None = None
    valid: int | None = None
    branch_good: int | None = None
    branch_fair: int | None = None
    branch_average: int | None = None
    branch_poor: int | None = None
    quota_base: QuotaBase = QuotaBase.ALL_MEMBERS
    decided_on: date | None = None
    decided_by: str | None = None
    reopened: str | None = None
    published_on: date | None = None
    reported_on: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a round says of one member; `id` is empty where nothing is kept yet."""

    member_id: str
    name: str
    full: bool
    """A full member: gets a grade. A probationary one takes part only."""
    absent: bool = False
    """Was not at the organisational life meeting."""
    id: str = ""
    rev: int | None = None
    excused: str | None = None
    review_on: date | None = None
    review: str | None = None
    self_grade: AppraisalGrade | None = None
    peer: str | None = None
    written: str | None = None
    read_by: str | None = None
    votes: tuple[int | None, ...] = (None, None, None, None)
    grade: AppraisalGrade | None = None
    reason: str | None = None
    fed_back_on: date | None = None
    fed_back_by: str | None = None
    praise: str | None = None
    faults: str | None = None
    hopes: str | None = None
    signed_on: date | None = None
    follow_up: tuple[FollowUp, ...] = ()
    registered_on: date | None = None
    changed_at: str = ""
    """When the line was last changed, in UTC."""

    @property
    def takes_part(self) -> bool:
        """Whether the member takes part."""
        return not self.excused

    @property
    def rated(self) -> bool:
        """Whether the member is to get a grade."""
        return self.full and not self.excused

    @property
    def counted(self) -> bool:
        """Whether sums of ballots are typed."""
        return any(vote is not None for vote in self.votes)

    def difference(self, valid: int | None) -> int:
        """Return by how many the sums differ from the valid ballots; 0 as long as nothing is typed."""
        return sum(vote or 0 for vote in self.votes) - valid if self.counted and valid is not None else 0

    @property
    def standing(self) -> str:
        """Full or probationary, in words."""
        return "正式党员" if self.full else "预备党员"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticismRow:
    """Who told whom what, and what was answered."""

    id: str
    on: date
    concerned: Concerned
    receiver_id: str
    receiver: str
    giver: str
    text: str
    reply: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRow:
    """What was said before the meeting, how often, and what is to be done."""

    id: str
    on: date
    concerned: Concerned
    receiver: str
    giver: OpinionGiver
    text: str
    times: int
    category: str
    proposal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """One problem of the list to be put right (整改清单), and where it was found."""

    id: str
    rev: int
    title: str
    on: date
    concerned: Concerned | None
    found_by: FoundBy | None
    traced: str
    """What it goes back to, in words; empty where nothing is named."""
    owner: str
    symptom: str
    measure: str
    goal: str
    evidence: str
    confirmed_by: str
    due_on: date
    closed_on: date | None
    state: IssueState

    @property
    def closed(self) -> bool:
        """Whether it is off the list (销号)."""
        return self.state is IssueState.CLOSED or self.closed_on is not None

    def standing(self, today: date) -> tuple[str, str]:
        """Return in a word how it stands on a day, and the tone of that."""
        if self.closed:
            return "已销号", "good"
        days = (self.due_on - today).days
        if days < 0:
            return f"逾期 {-days} 天", "bad"
        if self.state is IssueState.SUBMITTED:
            return "待核实", "run"
        return (f"还有 {days} 天", "part") if days <= SOON else (self.state.label, "none")


SOON = 14
SETTLED = (StepKey.REVIEW, StepKey.BALLOT, StepKey.GRADE)
"""Steps whose facts stand once the grades are set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The round of a year. `id` is empty where it is not begun."""

    id: str
    rev: int
    for_year: int
    today: date
    closes: date
    day: date
    """The day whose roster it counts by: of the meeting, else today within the time it is due."""
    rules: AppraisalRules
    facts: RoundFacts
    lines: tuple[Line, ...]
    criticisms: tuple[CriticismRow, ...] = ()
    opinions: tuple[OpinionRow, ...] = ()
    problems: tuple[ProblemRow, ...] = ()
    meeting_id: str = ""
    meeting_on: date | None = None
    present: int = 0
    appraisal_meeting_id: str = ""
    appraisal_on: date | None = None
    talks: int = 0
    talked_on: date | None = None
    members_total: int = 0
    steps: tuple[Step, ...] = field(default=())

    @property
    def begun(self) -> bool:
        """Whether it is begun."""
        return bool(self.id)

    @property
    def decided(self) -> bool:
        """Whether the grades are set."""
        return self.facts.decided_on is not None

    @property
    def taking_part(self) -> tuple[Line, ...]:
        """Return the lines of who takes part, full and probationary."""
        return tuple(line for line in self.lines if line.takes_part)

    @property
    def rated(self) -> tuple[Line, ...]:
        """Return the lines of who is to get a grade."""
        return tuple(line for line in self.lines if line.rated)

    @property
    def unrated(self) -> tuple[Line, ...]:
        """Return the lines of probationary members who take part."""
        return tuple(line for line in self.lines if line.takes_part and not line.full)

    def count(self, grade: AppraisalGrade | None) -> int:
        """Return how many have a grade; None: how many are still to be set."""
        return sum(line.grade is grade for line in self.rated)

    @property
    def quota(self) -> Quota:
        """How many may be excellent, by what the notice of the year counts."""
        base = self.facts.quota_base
        people = self.members_total if base is QuotaBase.ALL_MEMBERS else len(self.rated)
        return Quota(people, *self.rules.excellent, base)

    @property
    def late(self) -> bool:
        """Whether the grades were set after the time for it, or are not and it is over."""
        return (self.facts.decided_on or self.today) > self.closes

    @property
    def at(self) -> Step:
        """The step to be done next; the last one where all are."""
        return next((step for step in self.steps if step.state is StepState.HERE), self.steps[-1])

    def step(self, key: StepKey) -> Step:
        """Return a step."""
        return next(step for step in self.steps if step.key is key)

    def why_closed(self, key: StepKey) -> str:
        """Why nothing is typed in a step: the grades it leads to are set, or a step before it misses facts."""
        if self.decided and key in SETTLED:
            return f"等次{self.facts.decided_on}已经定下，要改先写明原因，重新议定"
        before = next((step for step in self.steps if step.key is key or step.state is not StepState.DONE), None)
        if before is None or before.key is key:
            return ""
        return f"先补齐“{before.key.label}”：{'、'.join(before.lacking)}"

    def line(self, member_id: str) -> Line | None:
        """Return the line of a member."""
        return next((line for line in self.lines if line.member_id == member_id), None)

    @property
    def why_not_decided(self) -> str:
        """What stands against setting the grades now, in a few words; empty where nothing does."""
        over = self.quota.over(self.count(AppraisalGrade.EXCELLENT))
        if over:
            return f"优秀超 {over} 名"
        waiting = self.count(None)
        if waiting:
            return f"待定 {waiting} 名"
        return "" if self.rated else "没有要评定的党员"

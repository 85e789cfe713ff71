"""A case held against the rules: each step with its window, papers and problems; what comes next and by when."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.vocabulary.development import StepState
from desktop.services.development.case import CaseFact, PaperFact, Problem, Sum
from desktop.services.development.checks import lacking_reviews, problems
from desktop.services.development.rules import DevelopmentStep, StepPaper
from desktop.services.development.windows import ACTIVIST, APPLY, CONFIRM, CONGRESS, PROBATION, PROPOSE, Frame
from desktop.services.standards.periods import add_months

if TYPE_CHECKING:
    from desktop.services.standards.party_rules import PartyRules


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededPaper:
    """A paper a step asks for or has: `there` those on file; an `official` one is set by 中组部, never printed here."""

    name: str
    author: str
    needed: bool
    filed: bool
    official: bool
    there: tuple[PaperFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step of a case as the rules see it."""

    step: DevelopmentStep
    edition: str
    regulation: str
    done_on: date | None
    earliest: date | None
    latest: date | None
    usual: bool
    sums: tuple[Sum, ...]
    papers: tuple[NeededPaper, ...]
    problems: tuple[Problem, ...]
    state: StepState

    @property
    def breach(self) -> str:
        """What breaks a rule, in one line; "" for nothing."""
        return "；".join(problem.what for problem in self.problems if problem.breach)

    @property
    def warning(self) -> str:
        """What is only worth a word, in one line."""
        return "；".join(problem.what for problem in self.problems if not problem.breach)

    @property
    def clause(self) -> str:
        """The clause the step rests on: 《细则》第十三条 in digits; without a number that is sure, the title alone."""
        article = "、".join(self.step.article.split(",")) if self.step.article else ""
        return f"《{self.regulation}》" + (f"第{article}条" if article else "")

    @property
    def window(self) -> str:
        """When it may be done, in few words: 11-16 — 12-12, 10-10 起; — where nothing can be told yet."""
        if self.earliest and self.latest:
            return f"{self.earliest} — {self.latest}"
        if self.latest:
            return f"{self.latest} 前"
        return f"{self.earliest} 起" if self.earliest else "—"

    @property
    def on_file(self) -> tuple[int, int]:
        """How many of the needed papers are there, and how many are needed."""
        needed = [paper for paper in self.papers if paper.needed]
        return sum(bool(paper.there) for paper in needed), len(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case held against the rules on a day."""

    case: CaseFact
    on: date
    stage: str
    steps: tuple[StepView, ...]
    next: StepView | None
    reviews_lacking: int
    review_due: date | None
    known: bool
    """Whether the edition chosen for the case is among the rules."""

    def step(self, no: int) -> StepView:
        """Return step `no`."""
        return next(view for view in self.steps if view.step.no == no)

    @property
    def breaches(self) -> tuple[Problem, ...]:
        """Everything that breaks a rule."""
        return tuple(problem for view in self.steps for problem in view.problems if problem.breach)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Everything only worth a word."""
        return tuple(problem for view in self.steps for problem in view.problems if not problem.breach)

    @property
    def due(self) -> date | None:
        """The day by which the next step has to be done; of reviews, if one is due before."""
        days = [day for day in (self.next.latest if self.next else None, self.review_due) if day]
        return min(days, default=None)

    @property
    def rulesets(self) -> tuple[str, ...]:
        """The editions that steps done went by, in their order; that of the next step where none is done."""
        used = dict.fromkeys(view.edition for view in self.steps if view.done_on)
        return tuple(used) or ((self.next.edition,) if self.next else ())


def examine(case: CaseFact, law: "PartyRules", on: date) -> CaseView:
    """Hold a case against the rules, as known on the day `on`."""
    frame = Frame(case, law, on)
    found = problems(frame)
    last = max(frame.done, default=0)
    following = _next(frame) if case.active else None
    views = tuple(
        _view(frame, no, tuple(problem for problem in found if problem.no == no), no == following, last)
        for no in sorted(frame.steps)
    )
    coming = next((view for view in views if view.step.no == following), None)
    lacking, due = _reviews(frame)
    stage = coming.step.stage if coming else views[-1].step.stage if views else ""
    if coming is None and last:
        stage = frame.steps[min(last, max(frame.steps))].stage
    return CaseView(
        case=case,
        on=on,
        stage=stage,
        steps=views,
        next=coming,
        reviews_lacking=lacking,
        review_due=due,
        known=frame.edition(APPLY) is not None,
    )


def _next(frame: Frame) -> int | None:
    """Return the step that comes after the last one done, beyond work over a time that is going on."""
    last = max((no for no in frame.done if no in frame.steps), default=0)
    return next((no for no in sorted(frame.steps) if no > last), None)


def _state(frame: Frame, no: int, found: tuple[Problem, ...], *, following: bool, last: int) -> StepState:
    if no in frame.done:
        if any(problem.breach for problem in found):
            return StepState.BREACH
        return StepState.WARNED if found else StepState.DONE
    if following:
        return StepState.NEXT
    if no < last:
        return StepState.MISSING if any(problem.breach for problem in found) else StepState.SKIPPED
    return StepState.AHEAD


def _view(frame: Frame, no: int, found: tuple[Problem, ...], following: bool, last: int) -> StepView:
    step, rules, window = frame.step(no), frame.rules(no), frame.window(no)
    there = [paper for paper in frame.case.papers if paper.step == no]
    return StepView(
        step=step,
        edition=rules.id,
        regulation=frame.law.regulation(rules.regulation),
        done_on=frame.done.get(no),
        earliest=window.earliest,
        latest=window.latest,
        usual=window.usual,
        sums=window.sums,
        papers=_papers(step, there, rules.official_papers),
        problems=found,
        state=_state(frame, no, found, following=following, last=last),
    )


def _papers(step: DevelopmentStep, there: list[PaperFact], official: tuple[str, ...]) -> tuple[NeededPaper, ...]:
    others = dict.fromkeys(fact.name for fact in there if step.paper(fact.name) is None)
    wanted = [*step.papers, *(StepPaper(name=name, author="", needed=False) for name in others)]
    return tuple(
        NeededPaper(
            name=paper.name,
            author=paper.author,
            needed=paper.needed,
            filed=paper.filed,
            official=paper.name in official,
            there=tuple(fact for fact in there if paper.is_called(fact.name)),
        )
        for paper in wanted
    )


def _reviews(frame: Frame) -> tuple[int, date | None]:
    """Return how many half-yearly reviews are lacking now, and the day by which the next has to be written."""
    case, done = frame.case, frame.done
    if not case.active:
        return 0, None
    if CONGRESS in done:
        no, since, closed = PROBATION, done[CONGRESS], CONFIRM in done
    elif ACTIVIST in done:
        no, since, closed = PROPOSE, done[ACTIVIST], PROPOSE in done
    else:
        return 0, None
    if closed:
        return 0, None
    rules = frame.rules(no)
    lacking = lacking_reviews(case, since, frame.on, rules)
    there = sum(review.on >= since for review in case.reviews)
    return lacking, add_months(since, rules.review_months * (there + 1))

"""How far the assessment of each branch has come for a period (考评进度), with its own number beside headquarters'.

Nothing of it is typed: self ratings, packages, ratings, spot checks, the publishing of the race and appeals say it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.race import RaceResult
from desktop.models.sync import SyncPackage
from desktop.models.vocabulary.assessment import AssessmentState
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.models.vocabulary.stores import PackageState
from desktop.services.errors import Unreckonable
from desktop.services.owing import Owing
from desktop.services.progress import Progress, silent
from desktop.services.race.corrections import appeals_of, raised_of
from desktop.services.race.details import row_of
from desktop.services.race.editions import begun_span, race_span
from desktop.services.race.raising import RaisingService
from desktop.services.race.records import declared_by, period_record, racers, reports_of
from desktop.services.sampling.reading import sheets_of
from desktop.services.standards.asked import headquarters_only
from desktop.services.standards.kept_figures import KeptFigures, StandardFigure, figure_of
from desktop.services.standards.service import StandardService
from desktop.services.sync.package_format import Kind

if TYPE_CHECKING:
    from desktop.services.race.editions import RaceSpan
    from desktop.services.race.rows import Racer, RaceRow
    from desktop.services.sampling.rows import SheetRow
    from desktop.services.store import Store

WHAT = "考评进度"
_PUBLISHED = (AssessmentState.PUBLISHED, AssessmentState.APPEALED)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A score in hundredths, its trace and quality apart; `rate` and `quality` are None while nobody rated quality:
    what records alone bring of it is nobody's judgement.
    """

    rate: int | None
    total: int
    trace: int
    quality: int | None
    pending: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRow:
    """The assessment of one branch for a period: its own numbers, those of headquarters, and what is still to do.

    `judged` of `to_judge` criteria that people judge have a rating of headquarters, `self_judged` one of the branch.
    """

    branch_id: str
    code: str
    name: str
    period: str
    state: AssessmentState
    own: Numbers | None
    verified: Numbers | None
    self_judged: int
    judged: int
    to_judge: int
    drawn: int
    checked: int
    checks_done: bool
    appeals: int
    broken: bool = False
    not_asked: str = ""
    """Why the branch does not owe a report of the period; "" where it does, or sent one."""

    @property
    def apart(self) -> int | None:
        """By how many hundredths headquarters' rate is above the branch's own; None where either is missing."""
        if self.own is None or self.verified is None or self.own.rate is None or self.verified.rate is None:
            return None
        return self.verified.rate - self.own.rate

    @property
    def left(self) -> int:
        """How many criteria headquarters has still to judge."""
        return self.to_judge - self.judged


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAssessment:
    """The assessment of a period as its branch knows it: its own numbers, those of headquarters, and its result.

    `waiting`: a package is made, and no receipt came yet. `appeals` wait for their decision.
    """

    period: str
    state: AssessmentState
    own: Numbers | None
    verified: Numbers | None
    self_judged: int
    judged: int
    result: "RaceRow | None" = None
    settled_on: date | None = None
    appeals: int = 0
    waiting: bool = False
    not_asked: str = ""
    """Why no report of the period is asked of it; "" where one is, or was made."""

    @property
    def published_on(self) -> date | None:
        """The day on which the result was published, for the last time where it was corrected."""
        return self.result.published_on if self.result is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Period:
    """What is the same for all branches of a period, read once."""

    span: "RaceSpan"
    race: RacePeriodState
    racers: "Sequence[Racer]"
    reported: frozenset[str]
    sheets: "Mapping[str, SheetRow]"
    open_appeals: Counter[str]
    owing: Owing


def still_to_do(lines: Sequence[AssessmentRow]) -> list[str]:
    """Return in words what a period still asks of headquarters and its branches; what is published too may lack it."""
    late = sum(line.state in (AssessmentState.OPEN, AssessmentState.SELF_DONE) for line in lines)
    submitted = sum(line.state is AssessmentState.SUBMITTED for line in lines)
    past = [line for line in lines if line.state in _PUBLISHED]
    counted = (
        (late, "{} 个支部没报送"),
        (submitted, "{} 个支部待核定"),
        (sum(line.drawn - line.checked for line in past), "已公布的有 {} 条抽样没核"),
        (sum(line.left for line in past), "已公布的有 {} 条质量没评"),
        (sum(line.appeals for line in lines), "{} 件申诉待决定"),
    )
    return [words.format(count) for count, words in counted if count]


def missed_words(lines: Sequence[AssessmentRow]) -> str:
    """Return what comes too late once a period is published: criteria nobody judged, drawn records nobody checked; ""
    where nothing is left.
    """
    open_ = [line for line in lines if line.state not in _PUBLISHED]
    unjudged, unchecked = [line for line in open_ if line.left], [line for line in open_ if line.drawn > line.checked]
    words = ""
    if unjudged:
        words = f"还有{len(unjudged)}个支部的{sum(line.left for line in unjudged)}条质量没评，公布以后这一期不能再评。"
    if unchecked:
        drawn = sum(line.drawn - line.checked for line in unchecked)
        words += f"抽中的还有{len(unchecked)}个支部的{drawn}条没核，公布以后查实的不实不计入这一期，只在名单里注明。"
    return words


class AssessmentService:
    """The assessments of all branches, at headquarters."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def rows(self, period: str, progress: Progress = silent) -> list[AssessmentRow]:
        """Return the assessment of every branch for a period, by code.

        Raises:
            InvalidInput: not at headquarters, or the period has not begun.
        """
        every, found = self._of_period(period), []
        figures = KeptFigures(self._store, min(every.span.last, self._store.today))
        for done, racer in enumerate(every.racers, start=1):
            found.append(_row(racer, every, figures))
            progress(done, len(every.racers))
        figures.keep()
        return found

    def row(self, branch_id: str, period: str) -> AssessmentRow | None:
        """Return the assessment of one branch for a period; None where it takes no part.

        Raises:
            InvalidInput: as `rows`.
        """
        every = self._of_period(period)
        figures = KeptFigures(self._store, min(every.span.last, self._store.today), [branch_id])
        return next((_row(racer, every, figures) for racer in every.racers if racer.branch_id == branch_id), None)

    def own(self, period: str) -> "OwnAssessment":
        """Return how far the assessment of this branch has come, as it knows from what it did and was fed back.

        Raises:
            InvalidInput: the period has not begun.
        """
        span, owner = begun_span(period, self._store.today), self._store.branch_id
        day, year = min(span.last, self._store.today), span.first.year
        standards = StandardService(self._store)
        own, verified = standards.score(day, year, verified=False), standards.verified_score(day, year)
        with self._store.reading() as session:
            result = session.scalar(
                select(RaceResult).where(RaceResult.branch_id == owner, RaceResult.period == span.code)
            )
            row = row_of(result) if result is not None and result.published_on is not None else None
            settled = result.settled_on if result is not None else None
            packed = session.scalars(
                select(SyncPackage.state).where(
                    SyncPackage.kind == Kind.REPORT.value,
                    SyncPackage.period.in_(declared_by(span.code)),
                    SyncPackage.built_at_utc >= span.last.isoformat(),
                )
            ).all()
            sheets = sheets_of(session, {}, span.code, owner)
            not_asked = "" if packed else Owing(session, self._store.clock).of(owner).why_not(span.code)
        told = figure_of(own)
        judged, to_judge = verified.judged if verified is not None else (0, 0)
        self_judged = told.judged if told.quality_rated else 0
        raised = sum(each.waits for each in RaisingService(self._store).raised(span.code))
        race = RacePeriodState.PUBLISHED if row is not None else RacePeriodState.OPEN
        facts = AssessmentFacts(
            race=RacePeriodState.FINAL if settled is not None else race,
            appeals=raised + sum(map(_waiting, sheets)),
            judged=bool(to_judge) and judged == to_judge and all(sheet.done for sheet in sheets),
            reported=PackageState.ACKED in packed,
            self_judged=bool(self_judged),
            asked=not not_asked,
        )
        return OwnAssessment(
            period=span.code,
            state=state_of(facts),
            own=_numbers(told),
            verified=_numbers(figure_of(verified) if verified is not None else None),
            self_judged=self_judged,
            judged=judged,
            result=row,
            settled_on=settled,
            appeals=facts.appeals,
            waiting=bool(packed) and not facts.reported,
            not_asked=not_asked,
        )

    def own_year(self, year: int, progress: Progress = silent) -> "list[OwnAssessment]":
        """Return the assessments of this branch for every quarter of a year that has begun, then for the year."""
        begun = [code for code in (*race_span(str(year)).quarters, str(year)) if self._begun(code)]
        found = []
        for done, code in enumerate(begun, start=1):
            found.append(self.own(code))
            progress(done, len(begun))
        return found

    def _begun(self, code: str) -> bool:
        return race_span(code).first <= self._store.today

    def _of_period(self, period: str) -> "_Period":
        headquarters_only(self._store, WHAT)
        span = begun_span(period, self._store.today)
        with self._store.reading() as session:
            taking_part = racers(session)
            kept = period_record(session, span.code)
            names = {racer.branch_id: (racer.code, racer.name) for racer in taking_part}
            open_appeals = [
                each.branch_id for each in appeals_of(session, span.code) if each.state is AppealState.PENDING
            ]
            open_appeals += [each.branch_id for each in raised_of(session, span.code)]
            return _Period(
                span=span,
                race=kept.state if kept is not None else RacePeriodState.OPEN,
                racers=taking_part,
                reported=frozenset(reports_of(session, span.code)),
                sheets={sheet.branch_id: sheet for sheet in sheets_of(session, names, span.code)},
                open_appeals=Counter(open_appeals),
                owing=Owing(session, self._store.clock),
            )


def _row(racer: "Racer", every: "_Period", figures: KeptFigures) -> AssessmentRow:
    sheet = every.sheets.get(racer.branch_id)
    appeals = every.open_appeals[racer.branch_id] + (_waiting(sheet) if sheet is not None else 0)
    own, verified = (_figure(figures, racer.branch_id, verified=verified) for verified in (False, True))
    judged, to_judge = (verified.judged, verified.to_judge) if verified is not None else (0, 0)
    self_judged = own.judged if own is not None and own.quality_rated else 0
    checks_done = sheet.done if sheet is not None else not every.sheets
    reported = racer.branch_id in every.reported
    not_asked = "" if reported else every.owing.of(racer.branch_id).why_not(every.span.code)
    facts = AssessmentFacts(
        race=every.race,
        appeals=appeals,
        judged=bool(to_judge) and judged == to_judge and checks_done,
        reported=reported,
        self_judged=bool(self_judged),
        asked=not not_asked,
    )
    return AssessmentRow(
        branch_id=racer.branch_id,
        code=racer.code,
        name=racer.name,
        period=every.span.code,
        state=state_of(facts),
        own=_numbers(own),
        verified=_numbers(verified),
        self_judged=self_judged,
        judged=judged,
        to_judge=to_judge,
        drawn=len(sheet.records) if sheet is not None else 0,
        checked=sheet.judged if sheet is not None else 0,
        checks_done=checks_done,
        appeals=appeals,
        broken=own is None or verified is None,
        not_asked=not_asked,
    )


def _figure(figures: KeptFigures, branch_id: str, *, verified: bool) -> StandardFigure | None:
    """Return a branch's own score or headquarters' at the end of a period; None where it cannot be reckoned."""
    try:
        return figures.figure(branch_id, verified=verified)
    except Unreckonable:
        return None


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """What the state of an assessment follows from."""

    race: RacePeriodState
    appeals: int
    judged: bool
    reported: bool
    self_judged: bool
    asked: bool = True
    """Whether a report of the period is owed."""


def state_of(facts: AssessmentFacts) -> AssessmentState:
    """Return how far an assessment has come: the furthest step that what is kept bears out.

    What was judged in an earlier quarter still holds, so it takes the branch's report to say that this one is verified.
    """
    if facts.race is RacePeriodState.FINAL:
        return AssessmentState.FINAL
    if facts.race in (RacePeriodState.PUBLISHED, RacePeriodState.APPEALED):
        return AssessmentState.APPEALED if facts.appeals else AssessmentState.PUBLISHED
    if facts.reported:
        return AssessmentState.VERIFIED if facts.judged else AssessmentState.SUBMITTED
    if not facts.asked:
        return AssessmentState.NOT_ASKED
    return AssessmentState.SELF_DONE if facts.self_judged else AssessmentState.OPEN


def _waiting(sheet: "SheetRow") -> int:
    return sum(row.appeal is not None and row.appeal.state is AppealState.PENDING for row in sheet.records)


def _numbers(figure: StandardFigure | None) -> Numbers | None:
    if figure is None:
        return None
    rate = figure.rate if figure.quality_rated else None
    return Numbers(
        None if rate is None else int(rate.scaleb(2)),
        figure.total,
        figure.trace,
        figure.quality if figure.quality_rated else None,
        int(figure.pending.scaleb(2)),
    )

"""The steps of an election by their dates: what is done, late, next, and what breaks a rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desktop.models.elections import Election, ElectionStep
from desktop.models.vocabulary.elections import ElectionKind, StepState
from desktop.services.election.law import CONGRESS, EXPIRES, CourseStep, course
from desktop.services.election.rows import StepView
from desktop.services.standards.periods import add_months, add_years

MONTH = 1
"""The request is handed in at least so many months before the congress; its limit is in election.toml too."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the steps of one election are held against."""

    election: Election
    done: Mapping[str, ElectionStep]
    today: date
    shift_years: int

    @property
    def ends_on(self) -> date | None:
        """The day by which the election is due: the end of the term, moved only with an approval."""
        moved = self.election.shifted_to
        if moved is not None and self.election.shift_approval_no and self.election.shift_approved_on:
            return moved
        return self.election.expires_on

    def day(self, step: str) -> date | None:
        """Return when a step was done."""
        row = self.done.get(step)
        return row.done_on if row is not None else None


def step_views(frame: Frame) -> tuple[StepView, ...]:
    """Return every step of the course with its limit, its state and what is wrong with it."""
    days = {EXPIRES: frame.ends_on, CONGRESS: frame.election.congress_on}
    found: list[StepView] = []
    waiting = True
    for step in course().of(frame.election.kind):
        row = frame.done.get(step.id)
        done_on = row.done_on if row is not None else None
        limit = step.limit(days)
        if done_on is not None:
            state = StepState.DONE
        elif limit is not None and limit < frame.today:
            state, waiting = StepState.LATE, False
        elif waiting:
            state, waiting = StepState.NEXT, False
        else:
            state = StepState.COMING
        found.append(
            StepView(
                id=step.id,
                name=step.name,
                limit=limit,
                done_on=done_on,
                document_no=(row.document_no or "") if row is not None else "",
                note=(row.note or "") if row is not None else "",
                number=step.number,
                papers=step.papers,
                state=state,
                breach=_breach(frame, step, done_on, limit),
                rev=row.rev if row is not None else None,
            )
        )
    return tuple(found)


def _breach(frame: Frame, step: CourseStep, done_on: date | None, limit: date | None) -> str:
    """Return what is wrong with a step in words, "" for nothing."""
    congress = frame.day("congress")
    asked = frame.day("request")
    if step.id == "request" and done_on and frame.election.congress_on:
        latest = add_months(frame.election.congress_on, -MONTH)
        if done_on > latest:
            return f"请示晚了：大会前至少1个月，最晚{latest}"
    if step.id == "approval" and done_on and asked and done_on < asked:
        return f"批复早于请示（{asked}）"
    if step.id in ("approval", "candidates") and congress:
        if done_on is None:
            return "没有批复就开了选举大会"
        if done_on > congress:
            return f"批复晚于选举大会（{congress}）"
    if step.id == "congress" and frame.election.kind is ElectionKind.FULL:
        return _term_breach(frame, done_on)
    if step.id == "report" and done_on and congress:
        if done_on < congress:
            return f"早于选举大会（{congress}）"
        if limit is not None and done_on > limit:
            return f"选举后{course().report_days}天内报，晚了{(done_on - limit).days}天"
    if step.id == "result_approval" and done_on and congress and done_on < congress:
        return f"早于选举大会（{congress}）"
    return ""


def _term_breach(frame: Frame, done_on: date | None) -> str:
    election, ends = frame.election, frame.ends_on
    if election.expires_on is None or ends is None:
        return ""
    held = done_on or election.congress_on
    if election.shifted_to is not None and ends == election.expires_on:
        return f"改到{election.shifted_to}没有上级批准的日期和文号，不算数"
    if ends > add_years(election.expires_on, frame.shift_years):
        return f"延期超过{frame.shift_years}年"
    if held is not None and held > ends:
        return f"晚于届满日期{ends}，要先请示上级批准延期"
    return ""

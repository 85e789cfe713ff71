"""The figures of a year for the secretary's duty report (述职): counts and ratios, with last year's beside them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.dues import DuesPayment
from desktop.models.improvement import Issue
from desktop.models.meetings import ActionItem, Attendance, Meeting
from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind, MeetingState
from desktop.models.volunteering import VolunteerActivity
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.numbers import digits
from desktop.services.registers.service import RegisterService
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import percent

if TYPE_CHECKING:
    from desktop.services.store import Store

_COUNTED = [state for state in MeetingState if state.counts]
_FEN = 100
ROSTER = "党员队伍"
"""Known of every year: the roster holds its past."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of both years as people read it; `change` is what came to it, "" where a difference says nothing."""

    area: str
    name: str
    before: str
    now: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class DutyFigures:
    """All figures of a year until a day, beside those of the whole year before."""

    year: int
    on: date
    rows: tuple[FigureRow, ...]


def duty_figures(store: "Store", year: int) -> DutyFigures:
    """Return the figures of this branch for `year`, until today where it still runs."""
    on = min(store.today, date(year, 12, 31))
    with store.reading(whole=True) as session:
        before = _Year(store, session, year - 1, date(year - 1, 12, 31))
        now = _Year(store, session, year, on)
        rows, kept = [*_compared(before, now)], before.held_any()
    counts = [*_registers(store, year)]
    if not kept and all(row.before == "0" for row in counts):  # a zero would say that nothing was done
        rows = [row if row.area == ROSTER else replace(row, before="—", change="") for row in rows]
        counts = [replace(row, before="—", change="") for row in counts]
    rows += [*_scores(store, year, on), *counts]
    return DutyFigures(year, on, tuple(rows))


class _Year:
    """The plain numbers of one year."""

    def __init__(self, store: "Store", session: Session, year: int, on: date) -> None:
        self._session, self._branch, self.year, self.on = session, store.branch_id, year, on
        self.first = date(year, 1, 1)
        self.roster: Roster = roster_of(store, session)

    def meetings(self, kind: MeetingKind) -> int:
        return self._count(select(func.count()).select_from(Meeting).where(*self._held(), Meeting.kind == kind))

    def held_any(self) -> bool:
        return self._count(select(func.count()).select_from(Meeting).where(*self._held())) > 0

    def attendance(self) -> Fraction | None:
        query = select(func.count()).select_from(Attendance).join(Meeting, Meeting.id == Attendance.meeting_id)
        expected = self._count(query.where(*self._held()))
        there = self._count(query.where(*self._held(), Attendance.state == AttendanceState.PRESENT))
        return Fraction(there, expected) if expected else None

    def tasks(self) -> Fraction | None:
        query = select(func.count()).select_from(ActionItem).join(Meeting, Meeting.id == ActionItem.meeting_id)
        given = self._count(query.where(*self._held()))
        done = self._count(query.where(*self._held(), ActionItem.done_on.is_not(None), ActionItem.done_on <= self.on))
        return Fraction(done, given) if given else None

    def issues(self) -> tuple[int, int]:
        query = (
            select(func.count())
            .select_from(Issue)
            .where(
                Issue.branch_id == self._branch,
                Issue.deleted_at_utc.is_(None),
                Issue.event_on.between(self.first, self.on),
            )
        )
        closed = query.where(Issue.closed_on.is_not(None), Issue.closed_on <= self.on)
        return self._count(query), self._count(closed)

    def members(self) -> int:
        return len(self.roster.on(self.on))

    def admitted(self) -> int:
        there = self.roster.on(self.on)
        return sum(m.admitted_on is not None and self.first <= m.admitted_on <= self.on for m in there)

    def dues_fen(self) -> int:
        kept = DuesPayment.branch_id == self._branch, DuesPayment.deleted_at_utc.is_(None)
        return self._count(select(func.sum(DuesPayment.amount_fen)).where(*kept, DuesPayment.year == self.year))

    def volunteering(self) -> float:
        query = select(VolunteerActivity).where(
            VolunteerActivity.branch_id == self._branch,
            VolunteerActivity.deleted_at_utc.is_(None),
            VolunteerActivity.event_on.between(self.first, self.on),
        )
        return sum(line.hours or 0 for activity in self._session.scalars(query) for line in activity.hours)

    def _held(self) -> tuple[Any, ...]:
        return (
            Meeting.branch_id == self._branch,
            Meeting.deleted_at_utc.is_(None),
            Meeting.state.in_(_COUNTED),
            Meeting.held_on.between(self.first, self.on),
        )

    def _count(self, query: Any) -> int:
        return int(self._session.scalar(query) or 0)


def _compared(before: _Year, now: _Year) -> Iterator[FigureRow]:
    for kind in MeetingKind:
        yield _number("组织生活", f"{kind.label}（次）", before.meetings(kind), now.meetings(kind))
    yield _share("组织生活", "平均到会率", before.attendance(), now.attendance())
    yield _share("组织生活", "会后任务完成率", before.tasks(), now.tasks())
    yield _number(ROSTER, "党员（名）", before.members(), now.members())
    yield _number(ROSTER, "当年入党（名）", before.admitted(), now.admitted())
    yield _number("党费", "当年党费（元）", before.dues_fen() / _FEN, now.dues_fen() / _FEN)
    hours = before.volunteering(), now.volunteering()
    yield _number("服务群众", "志愿服务（小时）", *hours)
    heads = before.members(), now.members()
    a_head = [round(sum_of / head, 1) if head else 0 for sum_of, head in zip(hours, heads, strict=True)]
    yield _number("服务群众", "人均志愿服务（小时）", *a_head)
    (raised_before, closed_before), (raised, closed) = before.issues(), now.issues()
    yield _number("问题整改", "提出问题（个）", raised_before, raised)
    yield _number("问题整改", "销号（个）", closed_before, closed)


def _scores(store: "Store", year: int, on: date) -> Iterator[FigureRow]:
    """Yield the branch's own rate of judged points, whole and by dimension; a year without records has none."""
    service = StandardService(store)
    now, before = service.score(on, year), service.score(date(year - 1, 12, 31), year - 1)
    known = any(used.kind == "meeting" for item in before.items for used in item.used)
    last = {part.id: part.score for part in before.dimensions} if known else {}
    yield _points("自评得分（已评定部分）", before.total if known else None, now.total)
    for part in now.dimensions:
        yield _points(part.dimension.name, last.get(part.id), part.score)


def _registers(store: "Store", year: int) -> Iterator[FigureRow]:
    """Yield how many rows each register of events has, where either year has any."""
    service = RegisterService(store)
    kinds = [register.kind for register in REGISTERS.values() if register.date_field == "event_on"]
    before, now = service.counts(kinds, year - 1), service.counts(kinds, year)
    for kind in kinds:
        if before[kind] or now[kind]:
            yield _number("登记（条）", REGISTERS[kind].title, before[kind], now[kind])


def _number(area: str, name: str, before: float, now: float) -> FigureRow:
    change = round(now - before, 2)
    return FigureRow(area, name, digits(before), digits(now), f"{'+' if change > 0 else ''}{digits(change)}")


def _share(area: str, name: str, before: Fraction | None, now: Fraction | None) -> FigureRow:
    shown = [percent(share) if share is not None else "—" for share in (before, now)]
    return FigureRow(area, name, *shown)


def _points(name: str, before: int | None, now: int) -> FigureRow:
    """Return points, kept in hundredths."""
    change = "" if before is None else f"{'+' if now > before else ''}{digits((now - before) / 100)}"
    return FigureRow(
        "标准化自评（分）", name, "—" if before is None else digits(before / 100), digits(now / 100), change
    )

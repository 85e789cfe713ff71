"""The plan of a year line by line (三会一课计划表): what goes on paper and into a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.plans import DutyState
from desktop.services.year_plan.rows import ACTIVITY, ISSUE, MEETING, Duty, Event, YearPlan
from desktop.services.year_plan.templates import templates

OTHER, PUT_RIGHT, ABOVE = "其他活动", "整改", "总部安排"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One line of the plan; `on` is None where only the period is known."""

    on: date | None
    month: int
    kind: str
    group: str
    topic: str
    started_at: str
    place: str
    chair: str
    scope: str
    who: str
    result: str
    item: str = ""

    @property
    def when(self) -> str:
        """The day and hour as people write it."""
        if self.on is None:
            return "日期待定"
        return f"{self.on.month}月{self.on.day}日 {self.started_at}".rstrip()


def plan_lines(plan: YearPlan, groups: Mapping[str, str]) -> tuple[PlanLine, ...]:
    """Return what is planned and was held in a year, and what still has no day, by day.

    `groups`: names of the party groups by id.
    """
    found = [_event(event, groups) for event in plan.events if _of_year(event, plan.year)]
    found += [_undated(duty, plan.year, groups) for duty in plan.undated if duty.meets]
    return tuple(sorted(found, key=lambda line: (line.month, line.on is None, line.on or date.min, line.kind)))


def _of_year(event: Event, year: int) -> bool:
    if event.source not in (MEETING, ACTIVITY, ISSUE) and not event.above:
        return False
    return event.on.year == year or any(duty.for_year == year for duty in event.duties)


def _event(event: Event, groups: Mapping[str, str]) -> PlanLine:
    kind = MeetingKind(event.kind) if event.source == MEETING else None
    group = groups.get(event.group_id or "", "")
    held = event.state is DutyState.HELD
    done = "销号" if event.source == ISSUE else "已开" if kind is not None else "已办"
    return PlanLine(
        on=event.on,
        month=event.on.month if not any(duty.for_year not in (None, event.on.year) for duty in event.duties) else 12,
        kind=kind.label if kind is not None else _own_kind(event),
        group=group,
        topic=event.topic if kind is not None else event.name.removeprefix(f"{PUT_RIGHT}："),
        started_at=event.started_at,
        place=event.place,
        chair=event.chair,
        scope=_scope(kind, group),
        who=event.who,
        result=f"{event.on.month}月{event.on.day}日{done}" if held else event.state.label,
        item="、".join(dict.fromkeys(duty.item_id for duty in event.duties)),
    )


def _own_kind(event: Event) -> str:
    return ABOVE if event.above else PUT_RIGHT if event.source == ISSUE else OTHER


def _undated(duty: Duty, year: int, groups: Mapping[str, str]) -> PlanLine:
    kind = MeetingKind(duty.kind) if duty.kind else None
    group = groups.get(duty.group_id or "", "")
    return PlanLine(
        on=None,
        month=duty.last.month if duty.last.year == year else 12,
        kind=kind.label if kind is not None else duty.what,
        group=group,
        topic=duty.what if duty.tag or duty.post else "",
        started_at="",
        place="",
        chair="",
        scope=_scope(kind, group),
        who=duty.who,
        result=f"{duty.last.month}月{duty.last.day}日前",
        item=duty.item_id,
    )


def _scope(kind: MeetingKind | None, group: str) -> str:
    if kind is None:
        return ""
    return f"{group}党员" if group else templates().kinds[kind].attendees


def by_month(lines: Sequence[PlanLine]) -> Mapping[int, list[PlanLine]]:
    """Return the lines of each month that has some."""
    found: dict[int, list[PlanLine]] = {}
    for line in lines:
        found.setdefault(line.month, []).append(line)
    return found

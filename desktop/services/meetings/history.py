"""What the history of a meeting tells of its attendance, votes and tasks: they have none of their own."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from desktop.models.meetings import ActionItem, Attendance, Vote
from desktop.models.vocabulary.meetings import AttendanceState

if TYPE_CHECKING:
    from desktop.services.meetings.keeping import Parts

Told = Mapping[str, list[str]]
ABSENCES, DOUBLE_LIFE, VOTES, ACTIONS, MAKE_UPS = "absences", "double_life", "votes", "actions", "make_ups"
PARTS: Mapping[str, str] = {
    ABSENCES: "请假和缺席",
    DOUBLE_LIFE: "双重组织生活",
    VOTES: "表决",
    ACTIONS: "会后任务",
    MAKE_UPS: "补课",
    **{name: str(ActionItem.__table__.c[name].info["label"]) for name in ("done_on", "result")},
}
"""What the parts are called where the history of a meeting is told. People stand in them by their ids."""


def told(parts: "Parts") -> dict[str, list[str]]:
    """Return what belongs to a meeting in a few words each, in order."""
    away = [row for row in parts.attendance if row.state is not AttendanceState.PRESENT]
    return {
        ABSENCES: [_words(row.member_id, row.state.label, row.reason) for row in away],
        DOUBLE_LIFE: [row.member_id for row in parts.attendance if row.double_life],
        VOTES: [_vote(row) for row in parts.votes],
        ACTIONS: [_action(row) for row in parts.actions],
        MAKE_UPS: made_ups(away),
    }


def made_ups(rows: Sequence[Attendance]) -> list[str]:
    """Return who made up for a meeting, when and how."""
    return [
        _words(row.member_id, row.make_up_on.isoformat(), row.make_up_way and row.make_up_way.label, row.make_up_by)
        for row in rows
        if row.make_up_on is not None
    ]


def difference(before: Told, after: Told) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the parts that changed, as they were and as they are."""
    changed = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name, []) for name in changed}, {name: after[name] for name in changed}


def _vote(row: Vote) -> str:
    counts = (("应到", row.due), ("实到", row.present), ("赞成", row.yes), ("反对", row.no), ("弃权", row.abstain))
    passed = None if row.declared_passed is None else "通过" if row.declared_passed else "没有通过"
    return _words(row.subject or "表决", *(f"{name}{count}" for name, count in counts if count is not None), passed)


def _action(row: ActionItem) -> str:
    due = f"{row.due_on}前" if row.due_on else None
    return _words(row.what, row.owner_id or row.owner_name, due, f"{row.done_on}办结" if row.done_on else None)


def _words(*parts: str | None) -> str:
    return "，".join(part for part in parts if part)

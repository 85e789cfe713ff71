"""A meeting as the cells of its row in a workbook."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.meetings import cells
from desktop.services.meetings.absences import NamedAbsence, write_absences
from desktop.services.meetings.cells import NamedAction
from desktop.services.meetings.others import NamedMakeUp, write_make_ups, write_observers
from desktop.services.meetings.rows import ActionDraft, MeetingDraft
from desktop.services.meetings.speeches import write_speeches
from desktop.services.meetings.votes import VoteKinds
from desktop.services.members.roster import Roster

GUEST = re.compile(r"^(.+?)[（(]((?:上级|外单位|非本支部|列席|特邀|邀请).*)[）)]$")
"""The name of somebody who is no member of the branch, as a cell marks it: 王明（上级党委）."""


def _as_guest(name: str, here: Collection[str]) -> str:
    """Return a name that reads back: who was not on the roster of that day is marked as a guest."""
    return name if not name or name in here or GUEST.match(name) else f"{name}（非本支部）"


def _owners(action: ActionDraft, roster: Roster, on: date) -> list[str]:
    return list(cells.split_owners(action.owner_name or roster.label(action.owner_id or "", on)))


def meeting_cells(
    draft: MeetingDraft,
    roster: Roster,
    kinds: VoteKinds,
    tags: Mapping[str, str],
    joint: MeetingKind | None = None,
) -> dict[str, Any]:
    """Return a meeting as the cells of its row, so that they read back as the same meeting.

    `joint` is the kind of the meeting it was held together with.
    """
    on = draft.held_on

    here = {roster.label(member.id, on) for member in roster.on(on)}

    def person(member_id: str | None, name: str) -> str | None:
        return _as_guest(name or roster.label(member_id or "", on), here) or None

    order = {member_id: at for at, member_id in enumerate(roster.members)}
    absences = [
        NamedAbsence(roster.label(absence.member_id, on), absence.reason, absence.make_up_on)
        for absence in sorted(draft.absences, key=lambda absence: order.get(absence.member_id, -1))
    ]
    actions = [
        NamedAction(
            action.what,
            tuple(_as_guest(name, here) for name in _owners(action, roster, on)),
            action.due_on,
            action.done_on,
            action.result,
        )
        for action in draft.actions
    ]
    span = draft.started_at + (f"—{draft.ended_at}" if draft.ended_at else "")
    return {
        "kind": draft.kind,
        "held_on": on,
        "span": span or None,
        "place": draft.place or None,
        "chair": person(draft.chair_id, draft.chair_name),
        "recorder": person(draft.recorder_id, draft.recorder_name),
        "speakers": tuple(_as_guest(roster.label(speaker_id, on), here) for speaker_id in draft.speaker_ids) or None,
        "group": roster.group_name(draft.group_id) or None,
        "absences": write_absences(absences) or None,
        "topic": draft.topic or None,
        "agenda": cells.write_agenda(draft.agenda, tags) or None,
        "speeches": write_speeches(draft.speeches) or None,
        "resolution": draft.resolution or None,
        "votes": cells.write_votes(draft.votes) or None,
        "vote_kinds": tuple(kinds[vote.kind].name if vote.kind in kinds else vote.kind for vote in draft.votes) or None,
        "actions": cells.write_actions(actions) or None,
        "for_year": draft.for_year,
        "tags": tuple(tags.get(tag, tag) for tag in draft.tags or ()) or None,
        "plan": draft.plan or None,
        "follow_up": draft.follow_up or None,
        "number": draft.number,
        "planned": (draft.planned_on, draft.planned_at) if draft.planned_on else None,
        "observers": write_observers(draft.observers) or None,
        "leave_by": draft.leave_by or None,
        "double_life": tuple(roster.label(member_id, on) for member_id in draft.double_life) or None,
        "make_ups": _make_ups(draft, roster) or None,
        "summary": draft.summary or None,
        "rated": None if draft.asked is None else (draft.satisfied or 0, draft.asked),
        "joint": joint,
    }


def _make_ups(draft: MeetingDraft, roster: Roster) -> str:
    """Return who made up for the meeting where more than the day is known of it."""
    return write_make_ups(
        [
            NamedMakeUp(
                name=roster.label(away.member_id, draft.held_on),
                on=away.make_up_on,
                way=away.make_up_way,
                content=away.make_up_content,
                by=away.make_up_by,
            )
            for away in draft.absences
            if away.make_up_on is not None and (away.make_up_way or away.make_up_content or away.make_up_by)
        ]
    )

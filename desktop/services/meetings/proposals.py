"""What a new meeting is proposed to begin with: place, chair and recorder as last time, agenda and tasks still open.

Everything here is what the records or the templates say; who types the meeting sees it and may change it.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.meetings import AgendaItem, Meeting
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.services.meetings.reading import action_rows
from desktop.services.meetings.rows import ActionRow, MeetingDraft
from desktop.services.meetings.rules import MeetingRules
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.year_plan.agendas import AgendaTemplates

if TYPE_CHECKING:
    from desktop.services.store import Store

COUNTED = tuple(state for state in MeetingState if state.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the last meeting of a kind and the posts of a day propose for the next one."""

    last_on: date | None = None
    place: str = ""
    started_at: str = ""
    chair_id: str | None = None
    recorder_id: str | None = None
    agenda: tuple[AgendaItem, ...] = ()
    open_actions: tuple[ActionRow, ...] = ()

    @property
    def tasks(self) -> str:
        """The tasks of the last meeting that are still open, as lines; "" where none is."""
        if not self.open_actions or self.last_on is None:
            return ""
        lines = [
            f"{number}. {task.what}（{'，'.join(filter(None, (task.owner, _by(task.due_on))))}）".replace("（）", "")
            for number, task in enumerate(self.open_actions, start=1)
        ]
        return "\n".join((f"上次会议（{self.last_on.isoformat()}）还没有办结：", *lines))


def propose(store: "Store", kind: MeetingKind, on: date, group_id: str | None = None) -> Proposal:
    """Return what is proposed for a meeting of `kind` on a day: by the last one before it, else by the posts."""
    pack = MeetingRules(store).pack(on)
    agenda = tuple(
        AgendaItem(title, tag=next(iter(pack.proposed_tags(title)), "")) for title in AgendaTemplates(store).of(kind)
    )
    with store.reading() as session:
        last = _last(session, store.branch_id, kind, on, group_id)
        roster = roster_of(store, session)
        actions = () if last is None else _open_actions(store, session, last)
        proposal = Proposal(agenda=agenda, open_actions=actions)
        if last is not None:
            proposal = replace(
                proposal,
                last_on=last.held_on,
                place=last.place or "",
                started_at=last.started_at or "",
                chair_id=_still(roster, last.chair_id, on),
                recorder_id=_still(roster, last.recorder_id, on),
            )
        chair = proposal.chair_id or _by_post(roster, kind, on, group_id)
    return replace(proposal, chair_id=chair)


def begun(draft: MeetingDraft, proposal: Proposal, *, prepared: bool) -> MeetingDraft:
    """Return a new meeting with what is proposed where nothing is said yet.

    `prepared`: begun from the plan, with the agenda of its kind and the tasks that are still open.
    """
    chair = None if draft.chair_name else proposal.chair_id
    recorder = None if draft.recorder_name else proposal.recorder_id
    made = replace(
        draft,
        place=draft.place or proposal.place,
        chair_id=draft.chair_id or chair,
        recorder_id=draft.recorder_id or recorder,
    )
    if not prepared:
        return made
    return replace(
        made,
        started_at=draft.started_at or proposal.started_at,
        agenda=draft.agenda or proposal.agenda,
        plan=draft.plan or proposal.tasks,
    )


def _last(session: Session, branch_id: str, kind: MeetingKind, on: date, group_id: str | None) -> Meeting | None:
    return session.scalar(
        select(Meeting)
        .where(
            Meeting.branch_id == branch_id,
            Meeting.deleted_at_utc.is_(None),
            Meeting.kind == kind,
            Meeting.held_on <= on,
            func.coalesce(Meeting.group_id, "") == (group_id or ""),
            Meeting.state.in_(COUNTED),
        )
        .order_by(Meeting.held_on.desc(), Meeting.started_at.desc(), Meeting.id.desc())
        .limit(1)
    )


def _open_actions(store: "Store", session: Session, last: Meeting) -> tuple[ActionRow, ...]:
    rows = action_rows(store, session, last.branch_id, True, None)
    return tuple(row for row in rows if row.meeting_id == last.id)


def _still(roster: Roster, member_id: str | None, on: date) -> str | None:
    """Return somebody who is still on the roster on a day."""
    here = {member.id for member in roster.on(on)}
    return member_id if member_id in here else None


def _by_post(roster: Roster, kind: MeetingKind, on: date, group_id: str | None) -> str | None:
    """Return who chairs by post: the leader of the group, else the secretary; None where nobody or several do."""
    of_group = kind is MeetingKind.GROUP_MEETING
    wanted = Post.GROUP_LEADER if of_group else Post.SECRETARY
    holders = {
        held.member_id
        for held in roster.holders(on)
        if held.post is wanted and (not of_group or held.group_id == group_id)
    }
    return holders.pop() if len(holders) == 1 else None


def _by(day: date | None) -> str:
    return f"{day.month}月{day.day}日前" if day else ""

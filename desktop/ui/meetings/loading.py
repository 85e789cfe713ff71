"""What the form of a meeting needs before it can be filled in: the draft, and who could be there on that day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.models.history import SettingName
from desktop.models.meetings import Observer
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.services.branches import BranchService, GroupRow
from desktop.services.meetings import (
    RECORD_KIND,
    ActionRow,
    AgendaItem,
    MeetingDraft,
    MeetingDrafts,
    MeetingRow,
    MeetingRules,
    MeetingService,
    UnfinishedMeeting,
    VoteDraft,
)
from desktop.services.meetings.drafts import differing
from desktop.services.meetings.proposals import begun, propose
from desktop.services.members import Expected, MemberRow, MemberService
from desktop.services.standards.pack import AgendaTag
from desktop.services.standards.party_rules import VoteRule
from desktop.ui.page import RowOf
from desktop.ui.places import asked_period

if TYPE_CHECKING:
    from desktop.ui.page import Desk

DEFAULT_VOTE = {MeetingKind.BRANCH_CONGRESS: "congress_ordinary", MeetingKind.COMMITTEE_MEETING: "committee_decision"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What the form needs before it can be filled in."""

    draft: MeetingDraft
    rev: int | None
    kept: UnfinishedMeeting | None
    groups: tuple[GroupRow, ...]
    attachments: int
    branch: str
    undated: str = ""
    final: bool = False
    coming: bool = False
    """Whether the meeting is still to be held."""
    proposed: tuple[str, ...] = ()
    """Fields of a meeting not yet held that say what is proposed: kept with the minutes like what is typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Who could be there on that day, and the rules of that day."""

    expected: tuple[Expected, ...]
    people: tuple[MemberRow, ...]
    kinds: tuple[VoteRule, ...]
    item_kinds: tuple[AgendaTag, ...]
    leave_words: tuple[str, ...]
    earlier: tuple[ActionRow, ...]
    """Open tasks of earlier meetings of this kind."""
    that_day: tuple[MeetingRow, ...]
    """What else was held on that day: a lecture inside a congress is recorded by itself."""


def this_meeting(meeting: MeetingDraft | MeetingRow) -> RowOf:
    """Return what whoever writes this meeting has to be allowed."""
    return RowOf(RECORD_KIND, kind=meeting.kind, group_id=meeting.group_id)


def kinds_offered(desk: "Desk") -> list[MeetingKind]:
    """Return the kinds of meetings that whoever works here may write."""
    return [kind for kind in MeetingKind if desk.allows(RowOf(RECORD_KIND, kind=kind))]


def read_form(desk: "Desk", kind: MeetingKind, known: str, prefill: Mapping[str, Any]) -> Loaded:
    """Read what the form starts with: unfinished input first, else the meeting `known`, else a new draft."""
    service = desk.service(MeetingService)
    groups = tuple(desk.service(BranchService).groups())
    branch = desk.store.setting(SettingName.NAME)
    kept = MeetingDrafts(desk.store).find(kind, known)
    if known:
        detail = service.detail(known)
        draft, rev, attached = detail.draft, detail.row.rev, detail.row.attachments
        proposed: tuple[str, ...] = ()
        looks = not desk.allows(this_meeting(draft))
        if detail.row.state.final or looks:
            kept = None
        coming = detail.row.state in (MeetingState.PLANNED, MeetingState.NOTIFIED)
        if coming and not looks:
            draft = _begun(desk, draft, prepared=True)
            proposed = differing(detail.draft, draft)
        draft = kept.over(draft) if kept is not None else draft
        return Loaded(
            draft=draft,
            rev=rev,
            kept=kept,
            groups=groups,
            attachments=attached,
            branch=branch,
            final=detail.row.state.final,
            coming=coming,
            proposed=proposed,
        )
    if kept is not None:  # never written over by a new one
        draft, undated = kept.draft, kept.undated
    else:
        today = desk.store.today
        draft, undated = _studying(desk, new_draft(kind, today, prefill), prefill), asked_period(prefill, today)
        draft = _begun(desk, draft, prepared="start" in prefill)
    return Loaded(draft=draft, rev=None, kept=kept, groups=groups, attachments=0, branch=branch, undated=undated)


def read_around(desk: "Desk", kind: MeetingKind, day: date, group_id: str | None, meeting_id: str = "") -> Around:
    """Read who could be there on `day`, and the rules of that day."""
    service, rules = desk.service(MeetingService), MeetingRules(desk.store)
    return Around(
        expected=tuple(service.expected(kind, day, group_id)),
        people=tuple(desk.service(MemberService).roster(day)),
        kinds=rules.vote_kinds(day),
        item_kinds=rules.item_kinds(day),
        leave_words=rules.leave_words(day),
        earlier=tuple(service.open_before(MeetingDraft(kind, day, group_id=group_id), meeting_id)),
        that_day=tuple(meeting for meeting in service.meetings(since=day, until=day) if meeting.state.counts),
    )


def _begun(desk: "Desk", draft: MeetingDraft, *, prepared: bool) -> MeetingDraft:
    """Return a meeting not yet held with what the last one of its kind and the posts propose."""
    proposal = propose(desk.store, draft.kind, draft.held_on, draft.group_id)
    return begun(draft, proposal, prepared=prepared)


def _studying(desk: "Desk", draft: MeetingDraft, prefill: Mapping[str, Any]) -> MeetingDraft:
    """Return a meeting with what has to be studied as its first item, where a gap says so."""
    if not prefill.get("study"):
        return draft
    kinds = MeetingRules(desk.store).item_kinds(draft.held_on)
    tag = next((kind.id for kind in kinds if kind.study), "")
    return replace(draft, agenda=(AgendaItem(str(prefill["study"]), tag=tag), *draft.agenda))


def new_draft(kind: MeetingKind, today: date, prefill: Mapping[str, Any]) -> MeetingDraft:
    """Return an empty meeting with what a gap of the standard already knows about it."""
    year = prefill.get("for_year")
    return MeetingDraft(
        kind,
        _asked_day(today, prefill),
        group_id=prefill.get("group_id") or prefill.get("group") or None,
        for_year=int(year) if year else None,
        topic=str(prefill.get("topic", "")),
        agenda=tuple(AgendaItem(str(title)) for title in prefill.get("agenda") or ()),
        votes=tuple(VoteDraft(str(vote["kind"]), str(vote["subject"])) for vote in prefill.get("votes") or ()),
        observers=tuple(Observer(**observer) for observer in prefill.get("observers") or ()),
    )


def _asked_day(today: date, prefill: Mapping[str, Any]) -> date:
    for name in ("held_on", "to", "from"):
        words = prefill.get(name)
        if isinstance(words, str) and words:
            return min(date.fromisoformat(words), today)
    return today

"""Unfinished meetings: the drafts of the form of each kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from desktop.models.lines import read_line
from desktop.models.meetings import AgendaItem, Observer, Speech
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.drafts import DraftRow, DraftService
from desktop.services.meetings.rows import Absence, ActionDraft, MeetingDraft, TaskReport, VoteDraft

if TYPE_CHECKING:
    from desktop.services.store import Store

FORM = "meeting"
CHANGED, REV, UNDATED = "changed", "rev", "undated"
_LINES: dict[str, type] = {
    "agenda": AgendaItem,
    "speeches": Speech,
    "absences": Absence,
    "votes": VoteDraft,
    "actions": ActionDraft,
    "observers": Observer,
    "reports": TaskReport,
}


@dataclass(frozen=True, slots=True)
class UnfinishedMeeting:
    """A meeting not yet written down to its end; `meeting_id` is empty for a new one.

    `changed` names what was typed over revision `rev` of a meeting already kept. `undated`: the period a gap speaks
    of, in words, while nobody has said the day; the draft's own day is then only the last of that period.
    """

    meeting_id: str
    draft: MeetingDraft
    saved_at: datetime
    changed: tuple[str, ...] = ()
    rev: int | None = None
    undated: str = ""

    def over(self, record: MeetingDraft) -> MeetingDraft:
        """Return the kept `record` with what was typed: what was not touched stays as it is there now."""
        return typed_over(record, self.draft, self.changed) if self.rev is not None else self.draft


class MeetingDrafts:
    """The unfinished meetings of this store: one new one of each kind, and one for each meeting being changed."""

    def __init__(self, store: "Store") -> None:
        self._drafts = DraftService(store)

    def save(
        self,
        draft: MeetingDraft,
        meeting_id: str = "",
        changed: Iterable[str] = (),
        rev: int | None = None,
        undated: str = "",
    ) -> datetime:
        """Keep unfinished input of a new meeting of this kind or of the meeting `meeting_id`; return when.

        Raises:
            StorageFailure: the disk or database refuses.
        """
        values = {field.name: getattr(draft, field.name) for field in fields(draft)}
        values |= {CHANGED: list(changed), REV: rev, UNDATED: undated}
        return self._drafts.save(_form(draft.kind), meeting_id, values)

    def find(self, kind: MeetingKind, meeting_id: str = "") -> UnfinishedMeeting | None:
        """Return unfinished input, None if there is none."""
        row = self._drafts.find(_form(kind), meeting_id)
        return None if row is None else _unfinished(row)

    def all(self) -> list[UnfinishedMeeting]:
        """Return all unfinished meetings, newest first."""
        return [_unfinished(row) for row in self._drafts.all(FORM)]

    def drop(self, kind: MeetingKind, meeting_id: str = "") -> None:
        """Forget unfinished input.

        Raises:
            StorageFailure: the disk or database refuses.
        """
        self._drafts.drop(_form(kind), meeting_id)


def _form(kind: MeetingKind) -> str:
    return f"{FORM}:{kind.value}"


def _unfinished(row: DraftRow) -> UnfinishedMeeting:
    changed = tuple(row.values.get(CHANGED) or ())
    undated = str(row.values.get(UNDATED) or "")
    return UnfinishedMeeting(row.record_id, _draft(row.values), row.saved_at, changed, row.values.get(REV), undated)


def typed_over(record: MeetingDraft, typed: MeetingDraft, changed: Iterable[str]) -> MeetingDraft:
    """Return `record` with the fields `changed` as they were typed."""
    return replace(record, **{name: getattr(typed, name) for name in changed})


def proposed_over(record: MeetingDraft, typed: MeetingDraft, proposed: Iterable[str]) -> MeetingDraft:
    """Return `record` with the fields `proposed` as they are shown, where it says nothing itself."""
    return typed_over(record, typed, (name for name in proposed if not getattr(record, name)))


def differing(before: MeetingDraft, after: MeetingDraft) -> tuple[str, ...]:
    """Return the fields in which two drafts of a meeting differ."""
    names = (field.name for field in fields(MeetingDraft))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _draft(values: Mapping[str, Any]) -> MeetingDraft:
    names = {field.name for field in fields(MeetingDraft)}
    typed: dict[str, Any] = {name: value for name, value in values.items() if name in names}
    for name, item in _LINES.items():
        typed[name] = tuple(read_line(item, line) for line in typed.get(name) or ())
    typed["kind"] = MeetingKind(typed["kind"])
    typed["held_on"] = date.fromisoformat(typed["held_on"])
    typed["planned_on"] = date.fromisoformat(typed["planned_on"]) if typed.get("planned_on") else None
    for name in ("speaker_ids", "double_life"):
        typed[name] = tuple(typed.get(name) or ())
    typed["tags"] = None if typed.get("tags") is None else tuple(typed["tags"])
    return MeetingDraft(**typed)

"""The agenda each kind of meeting begins with: the branch's own, else the one that comes with the program."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.errors import Input, InvalidInput
from desktop.services.quoting import quoted
from desktop.services.year_plan.templates import templates

if TYPE_CHECKING:
    from desktop.services.store import Store

MOST_ITEMS, LONGEST = 20, 100


class AgendaTemplates:
    """The agenda templates of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def all(self) -> dict[MeetingKind, tuple[str, ...]]:
        """Return the agenda of every kind."""
        return {kind: known.agenda for kind, known in templates().kinds.items()} | self.own()

    def of(self, kind: MeetingKind) -> tuple[str, ...]:
        """Return the agenda of one kind."""
        return self.own().get(kind, templates().kinds[kind].agenda)

    def own(self) -> dict[MeetingKind, tuple[str, ...]]:
        """Return the agendas that differ from those of the program; what cannot be read counts as none."""
        try:
            kept = json.loads(self._store.setting(SettingName.AGENDAS) or "{}")
            return {MeetingKind(kind): tuple(str(item) for item in items) for kind, items in kept.items()}
        except (ValueError, AttributeError, TypeError):
            return {}

    def save(self, agendas: Mapping[MeetingKind, Sequence[str]]) -> None:
        """Keep the agendas of some kinds; one that is empty goes back to that of the program.

        Raises:
            InvalidInput: too many items, or too long a one.
            NotAllowed: who works here may not write all meetings.
        """
        own = self.own()
        for kind, lines in agendas.items():
            items = tuple(item for line in lines if (item := line.strip()))
            field = field_of(kind)
            if len(items) > MOST_ITEMS:
                raise InvalidInput(field, f"最多{MOST_ITEMS}项")
            if long := next((item for item in items if len(item) > LONGEST), ""):
                raise InvalidInput(field, f"{quoted(long)}超过{LONGEST}个字")
            own.pop(kind, None)
            if items and items != templates().kinds[kind].agenda:
                own[kind] = items
        kept = {kind.value: list(items) for kind, items in own.items()}
        self._store.set_setting(SettingName.AGENDAS, json.dumps(kept, ensure_ascii=False) if kept else "")


def field_of(kind: MeetingKind) -> Input:
    """Return the field in which the agenda of a kind is typed."""
    return Input(kind.value, kind.label)

"""What was done to the record of a meeting: before and after, in words."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from desktop.models.meetings import Meeting
from desktop.services.history import ChangeRow, HistoryService
from desktop.services.meetings import RECORD_KIND, MeetingService
from desktop.services.meetings.history import PARTS
from desktop.ui.history import put_into_words

if TYPE_CHECKING:
    from desktop.ui.page import Desk

_UNTOLD = ("venue_id",)
LABELS: Mapping[str, str] = {
    column.name: str(column.info["label"])
    for column in Meeting.__table__.columns
    if column.info.get("label") and column.name not in _UNTOLD
} | dict(PARTS)
"""What the columns of a meeting are called where its history is told."""


def meeting_history(desk: "Desk", meeting_id: str) -> list[ChangeRow]:
    """Return what was done to a meeting, newest first: people, groups, kinds and states by their names."""
    if not meeting_id:
        return []
    changes = desk.service(HistoryService).of(RECORD_KIND, meeting_id, LABELS)
    names = desk.service(MeetingService).names()

    def people(value: str) -> str:
        return "、".join(names.get(key, key) for key in value.split("；"))

    def lines(value: str) -> str:
        return "；".join("，".join(names.get(part, part) for part in line.split("，")) for line in value.split("；"))

    words: dict[str, Callable[[str], str]] = {
        "党小组": people,
        "主持人": people,
        "记录人": people,
        "主讲人": people,
        "合并召开的会议": lambda _value: "有",
        **dict.fromkeys(PARTS.values(), lines),
    }
    return put_into_words(changes, words)

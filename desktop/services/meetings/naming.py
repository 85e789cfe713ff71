"""What a meeting is called: in lists, in the history, on paper."""

from datetime import date

from desktop.models.vocabulary.meetings import MeetingKind


def name_of(kind: MeetingKind, group: str = "") -> str:
    """Return the kind of meeting, of a party group with its name: 支部党员大会, 第一党小组会."""
    if kind is not MeetingKind.GROUP_MEETING or not group:
        return kind.label
    return f"{group}会" if group.endswith("党小组") else f"{group}党小组会"


def title(kind: MeetingKind, held_on: date, group: str = "") -> str:
    """Return what a meeting is called in lists and history: 3月25日支部党员大会."""
    return f"{held_on.month}月{held_on.day}日{name_of(kind, group)}"


def minutes_title(kind: MeetingKind, group: str, topic: str) -> str:
    """Return what the minutes of a meeting are called among other papers: 支部党员大会记录：传达学习上级文件."""
    head = f"{name_of(kind, group)}记录"
    return f"{head}：{topic}" if topic else head

"""The notice of a planned meeting (会议通知): what it says, and as text for a message group."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.services.meetings.naming import name_of
from desktop.services.meetings.proposals import begun, propose
from desktop.services.meetings.service import MeetingService
from desktop.services.workdays import WEEKDAYS
from desktop.services.year_plan.templates import templates

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice, part by part in the order of the form; what is empty is left out."""

    meeting_id: str
    name: str
    when: str
    place: str
    attendees: str
    observers: str
    agenda: str
    materials: str
    leave: str
    publisher: str
    day: date
    told_by: date
    """The last day on which it should go out."""
    people: tuple[str, ...] = ()
    """Who is expected, for the list of who received it."""

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Return label and words of every part that says something."""
        every = (
            ("会议名称", self.name),
            ("时间", self.when),
            ("地点", self.place),
            ("参加人员", self.attendees),
            ("列席", self.observers),
            ("议题", self.agenda),
            ("需准备的材料", self.materials),
            ("请假办法", self.leave),
        )
        return tuple(part for part in every if part[1].strip())

    @property
    def text(self) -> str:
        """The notice as plain lines, to be pasted into a message group."""
        lines = ["【会议通知】"]
        for label, words in self.parts:
            more = words.strip().splitlines()
            lines.append(f"{label}：{more[0]}" if len(more) == 1 else f"{label}：")
            lines += [] if len(more) == 1 else more
        lines += ["收到请回复。", f"{self.publisher}　{self.day.year}年{self.day.month}月{self.day.day}日"]
        return "\n".join(lines)


def notice_of(store: "Store", meeting_id: str) -> Notice:
    """Return what the notice of a planned meeting says: of the meeting itself, the rest as the templates have it.

    Raises:
        NotFound: there is no such meeting.
    """
    service = MeetingService(store)
    detail = service.detail(meeting_id)
    known, written = templates().kinds[detail.row.kind], detail.draft
    on = written.held_on
    draft = begun(written, propose(store, written.kind, on, written.group_id), prepared=True)
    titles = [item.title for item in draft.agenda if item.title.strip()] or list(known.agenda)
    if draft.topic.strip():
        titles = [draft.topic.strip(), *(title for title in titles if title != draft.topic.strip())]
    agenda = titles[0] if len(titles) == 1 else "\n".join(f"{n}. {title}" for n, title in enumerate(titles, start=1))
    branch = store.setting(SettingName.NAME)
    people = service.expected(draft.kind, on, draft.group_id)
    group = detail.row.group
    return Notice(
        meeting_id=meeting_id,
        name=name_of(draft.kind, group),
        when=f"{on.year}年{on.month}月{on.day}日（周{WEEKDAYS[on.weekday()]}）{draft.started_at}",
        place=draft.place,
        attendees=f"{group}全体党员" if group else known.attendees,
        observers="、".join(f"{each.name}" for each in draft.observers),
        agenda=agenda,
        materials="、".join(known.materials),
        leave=templates().leave,
        publisher=branch,
        day=store.today,
        told_by=on - timedelta(days=known.notice_days),
        people=tuple(person.name for person in people),
    )

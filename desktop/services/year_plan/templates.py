"""What the program knows of each kind of meeting before it is held: short name, agenda, papers, usual day (data)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.paths import resource
from desktop.services.toml_tables import Table, read_toml

FILE = "standards/year_plan.toml"
FIRST, LAST = "first", "last"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The usual day of a kind: in the first or last month of its period, on this day of the month."""

    month: str
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTemplate:
    """One kind of meeting: how it is called in little room, who comes, what it usually treats."""

    kind: MeetingKind
    short: str
    attendees: str
    notice_days: int
    agenda: tuple[str, ...]
    materials: tuple[str, ...]
    suggest: Suggestion | None


@dataclass(frozen=True, slots=True)
class Templates:
    """All kinds, and what holds for every notice."""

    kinds: Mapping[MeetingKind, KindTemplate]
    leave: str
    remind_days: int
    any_kind: MeetingKind


@cache
def templates() -> Templates:
    """Return the templates that come with the program.

    Raises:
        PackInvalid: the file breaks its schema; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    for name in ("schema", "version", "basis", "confidence"):
        root.text(name)
    kinds = {}
    for table in root.tables("kinds", "会议", least=1):
        kind = MeetingKind(table.choice("id", list(MeetingKind), "会议类型"))
        kinds[kind] = KindTemplate(
            kind=kind,
            short=table.text("short"),
            attendees=table.text("attendees"),
            notice_days=table.integer("notice_days"),
            agenda=table.texts("agenda"),
            materials=table.texts("materials"),
            suggest=_suggestion(table.table("suggest")) if table.has("suggest") else None,
        )
        table.done()
    any_kind = MeetingKind(root.choice("any_kind", list(MeetingKind), "会议类型"))
    out = Templates(kinds, root.text("leave"), root.integer("remind_days", least=1), any_kind)
    root.done()
    return out


def _suggestion(table: Table) -> Suggestion:
    made = Suggestion(table.choice("month", (FIRST, LAST), "月份"), table.integer("day", least=1))
    table.done()
    return made

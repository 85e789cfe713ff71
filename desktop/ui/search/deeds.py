"""Pages to go to and things to begin, found by their names like records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desktop.ui.page import RowOf
from desktop.ui.pages import Area
from desktop.ui.places import PLACES, page_of_record

if TYPE_CHECKING:
    from desktop.ui.page import Desk

MOST = 3


@dataclass(frozen=True, slots=True)
class Deed:
    """A page, or something to begin on it."""

    title: str
    detail: str
    area: str
    tab: str
    where: dict[str, Any] = field(default_factory=dict)

    def do(self, desk: "Desk") -> None:
        """Go there, and begin it."""
        desk.open(self.area, self.tab, **self.where)


def deeds(desk: "Desk", areas: Sequence[Area]) -> list[Deed]:
    """Return every page, and every record that who works here may begin."""
    return [deed for deed in (*_pages(areas), *_beginnings(desk)) if desk.has(deed.area, deed.tab)]


def matching(found: Sequence[Deed], words: str) -> list[Deed]:
    """Return those whose name holds every one of `words`, pages first."""
    typed = words.casefold().split()
    return [deed for deed in found if typed and all(word in deed.title.casefold() for word in typed)]


def _pages(areas: Sequence[Area]) -> Iterator[Deed]:
    for area in areas:
        if len(area.tabs) > 1:
            yield Deed(area.title, "页面", area.key, "")
        for tab in area.tabs:
            yield Deed(tab.title, f"页面，在“{area.title}”里", area.key, tab.key)


def _beginnings(desk: "Desk") -> Iterator[Deed]:
    from desktop.models.registers import ABOVE, REGISTERS
    from desktop.models.vocabulary.meetings import MeetingKind

    if desk.may_write("members"):
        yield Deed("登记新党员", "开始填写", *PLACES["members"], {"kind": "new", "new": True})
    if desk.may_write("meetings"):
        words = "核对一年的记录，列出对不上的地方"
        yield Deed("记录自查", words, "standards", "inspection", {"kind": "self_check"})
    if desk.may_write("elections"):
        yield Deed("换届选举", "步骤、候选人、计票、材料", *PLACES["posts"], {"kind": "election"})
        yield Deed("补选", "支委有空缺，补选委员、书记", *PLACES["posts"], {"kind": "by_election", "new": True})
    if desk.may_write("duty_list"):
        yield Deed("年度结转", "去年没办完的接着，今年的照去年开头", *PLACES["year_turn"], {"kind": "year_turn"})
    for kind in MeetingKind:
        if desk.allows(RowOf("meetings", kind=kind)):
            yield Deed(f"记一次{kind.label}", "开始填写", *PLACES["meetings"], {"kind": kind.value, "new": True})
    for register in (ABOVE if desk.store.is_headquarters else REGISTERS).values():
        if desk.may_write(register.kind):
            place = page_of_record(register.kind)
            yield Deed(f"登记{register.title}", "开始填写", *place, {"kind": register.kind, "new": True})

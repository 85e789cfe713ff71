"""What each sheet of a workbook seems to be, and whether it is what is being taken in."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.services.intake.heads import Head
from desktop.services.intake.vocabulary import folded
from desktop.services.intake.wording import SheetKind, Wording
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import plain

STRONG = 3
"""So many known fields, a key among them, outweigh a weak word in a title."""


@dataclass(frozen=True, slots=True)
class Seeming:
    """What a sheet seems to be."""

    seems: str
    own: bool
    """It is what is being taken in."""
    why: str
    quiet: bool = False
    """It holds no records: left out without a word."""


def seeming(title: str, lines: Sequence[str], head: Head | None, sheet: Sheet, wording: Wording) -> Seeming:
    """Return what a sheet is, by its title, the `lines` above its heading, and the heading itself."""
    for text in (*lines, title):
        bare = plain(text).replace(" ", "")
        if any(word in bare for word in wording.own):
            continue
        for kind in wording.others:
            word = next((word for word in kind.titles if word in bare), None)
            if word is not None and not (kind.weak and _is_strong(head, sheet)):
                return Seeming(kind.seems, False, f"标题里有{quoted(word)}", kind.quiet)
    if head is None:
        return Seeming("没有表头的表", False, f"没有找到{sheet.title}的表头")
    if (told := _by_headings(head, wording)) is not None:
        return Seeming(told[0].seems, False, f"有{quoted(told[1])}一列，没有{sheet.title}该有的日期")
    return Seeming(sheet.title, True, f"表头里有{len(head.fields)}列认识")


def _is_strong(head: Head | None, sheet: Sheet) -> bool:
    return head is not None and len(head.fields) >= STRONG and bool(head.fields & set(sheet.keys))


def _by_headings(head: Head, wording: Wording) -> tuple[SheetKind, str] | None:
    titles = {folded("".join(levels[-1:])): levels[-1] for levels in head.columns.values() if levels}
    for kind in wording.others:
        if head.fields & set(kind.unless):
            continue
        for heading in kind.headings:
            if folded(heading) in titles:
                return kind, titles[folded(heading)]
    return None

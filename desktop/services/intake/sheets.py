"""What each sheet of a workbook seems to be, and whether it is what is being taken in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from desktop.services.intake.heads import Head
from desktop.services.intake.vocabulary import folded
from desktop.services.intake.wording import SheetKind, Wording
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import plain

MOST = 0.5
"""A column that tells a sheet of people who left is filled in so many of its rows."""
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
    gives: Mapping[str, str] = field(default_factory=dict)
    """What it says of all its rows, where a person wants them all the same: field → words."""


def seeming(
    title: str,
    lines: Sequence[str],
    head: Head | None,
    sheet: Sheet,
    wording: Wording,
    filled: Callable[[int], float] = lambda _column: 1,
) -> Seeming:
    """Return what a sheet is, by its title, the `lines` above its heading, and the heading itself.

    `filled` is the share of the rows below that have something in a column: a roster has a column of who left, too.
    """
    for text in (*lines, title):
        bare = plain(text).replace(" ", "")
        if any(word in bare for word in wording.own):
            continue
        for kind in wording.others:
            word = next((word for word in kind.titles if word in bare), None)
            if word is not None and not (kind.weak and _is_strong(head, sheet)):
                return Seeming(kind.seems, False, f"标题里有{quoted(word)}", kind.quiet, kind.gives)
    if head is None:
        return Seeming("没有表头的表", False, f"没有找到{sheet.title}的表头")
    sparse = MOST if _is_strong(head, sheet) else 0
    if (told := _by_headings(head, wording, lambda column: filled(column) >= sparse)) is not None:
        why = f"有{quoted(told[1])}一列，没有{sheet.title}该有的日期"
        return Seeming(told[0].seems, False, why, gives=told[0].gives)
    return Seeming(sheet.title, True, f"表头里有{len(head.fields)}列认识")


def _is_strong(head: Head | None, sheet: Sheet) -> bool:
    return head is not None and len(head.fields) >= STRONG and bool(head.fields & set(sheet.keys))


def _by_headings(head: Head, wording: Wording, counts: Callable[[int], bool]) -> tuple[SheetKind, str] | None:
    titles = {
        folded("".join(levels[-1:])): levels[-1] for column, levels in head.columns.items() if levels and counts(column)
    }
    for kind in wording.others:
        if head.fields & set(kind.unless):
            continue
        for heading in kind.headings:
            if folded(heading) in titles:
                return kind, titles[folded(heading)]
    return None

"""What was refused, to be put right on the spot: a value once for every cell that holds it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from desktop.services.spreadsheets.results import Rejected
from desktop.ui.intake.cells import hide_numbers
from desktop.ui.widgets import appear, button, col, link, row, text
from desktop.ui.widgets.fields import Choice, edit, read, sentence

NAMED = 4
"""So many row numbers are told of rows with one fault."""


def alike(rejected: Sequence[Rejected]) -> list[tuple[Rejected, ...]]:
    """Return what was refused, cells of one field that hold the same and are refused for the same together."""
    found: dict[object, list[Rejected]] = {}
    for place, refused in enumerate(rejected):
        together = refused.name and refused.value.strip()
        key = (refused.name, refused.value, refused.reason) if together else place
        found.setdefault(key, []).append(refused)
    return [tuple(several) for several in found.values()]


class RefusedCard(QFrame):
    """One value that was refused. `corrected` tells (the rows, the words).

    An ID number stands masked, faint, in an empty line: another is typed over it without seeing the old one. `named`:
    the file has several sheets, so the place names its own.
    """

    corrected = Signal(object, str)

    def __init__(
        self,
        rows: Sequence[Rejected],
        reveal: Callable[[Callable[[], object]], object] | None,
        choices: Sequence[str] = (),
        *,
        named: bool = False,
    ) -> None:
        super().__init__()
        self.setObjectName("clear")
        self.rows, self._reveal = tuple(rows), reveal
        self.refused = refused = self.rows[0]
        hidden = hide_numbers(refused.value)
        self._masked = hidden != refused.value
        whose = _whose(refused) if len(self.rows) == 1 else ""
        what = text(f"{whose}{refused.field}", "strong", wrap=True)
        self.place = text(_places(self.rows, named), "small", wrap=named)
        head = col(what, self.place, gap=2) if named else row((what, 1), self.place, gap=8)
        self.field = edit(f"第 {refused.row} 行的{refused.field}", "" if self._masked else hidden)
        if self._masked:
            self.field.setPlaceholderText(hidden)
            self.field.setToolTip("直接填正确的号码；要看原来的，点“显示”")
        self.field.setProperty("invalid", True)
        several = len(self.rows) > 1
        self.verb = button(f"改这 {len(self.rows)} 处" if several else "按改后的再查", self._correct, "small")
        self.first_link = link(f"只改第 {refused.row} 行", lambda: self._correct(self.rows[:1]))
        appear(self.first_link, several)
        self._let(False)
        self.field.textEdited.connect(lambda words: self._let(not self._masked or bool(words.strip())))
        self.field.returnPressed.connect(self._correct)
        self.choice = Choice("改成", [(None, "改成"), *((word, word) for word in choices)], width=124)
        self.choice.currentIndexChanged.connect(lambda _index: self._take(self.choice.value()))
        appear(self.choice, bool(choices))
        self.show_link = link("显示", self._look)
        self.show_link.setAccessibleName(f"显示第 {refused.row} 行的号码")
        appear(self.show_link, self._masked and reveal is not None)
        line = row((self.field, 1), self.choice, self.show_link, self.verb, gap=8) if refused.name else None
        fault = text(sentence(refused.reason), "small", "bad", wrap=True)
        foot = row((fault, 1), self.first_link, gap=8) if several and refused.name else fault
        self.setLayout(col(head, line, foot, gap=4, pad=(0, 4, 0, 4)))

    def _let(self, on: bool) -> None:
        self.verb.setEnabled(on)
        self.first_link.setEnabled(on)

    def _take(self, word: object) -> None:
        if isinstance(word, str):
            self.field.setText(word)
            self._let(True)

    def _look(self) -> None:
        if self._reveal is not None:
            self._reveal(self._show_whole)

    def _show_whole(self) -> None:
        self._masked = False
        self.field.setText(self.refused.value)
        appear(self.show_link, False)
        self.field.setFocus()

    def _correct(self, rows: Sequence[Rejected] | None = None) -> None:
        if self.verb.isEnabled():
            self.corrected.emit(self.rows if rows is None else tuple(rows), read(self.field))


def _places(rows: Sequence[Rejected], named: bool) -> str:
    if named:
        told = "、".join(f"{refused.sheet} 第 {refused.row} 行" for refused in rows[:NAMED])
        return told + (f"等 {len(rows)} 处" if len(rows) > NAMED else "")
    if len(rows) == 1:
        return f"第 {rows[0].row} 行"
    numbers = "、".join(str(refused.row) for refused in rows[:NAMED])
    return f"第 {numbers} 行" + (f"等 {len(rows)} 处" if len(rows) > NAMED else "")


def _whose(refused: Rejected) -> str:
    """Return whose row it is, where the file says so."""
    for title, value in zip(refused.source.titles, refused.source.values, strict=False):
        if "姓名" in title.replace(" ", "") and value:
            return f"{value}："
    return ""

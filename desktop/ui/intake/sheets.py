"""The sheets of the file: which are taken, what each seems to be; and what is to be remembered of the file."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.services.intake.looks import SheetLook
from desktop.ui.intake.hand import InHand
from desktop.ui.widgets import Chip, Elided, RowButton, box, col, row, rule, scroll, text
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.layout import add, clear

ENCODING_NAMES = {"utf-8": "UTF-8", "gb18030": "GB18030（中文）", "utf-16": "UTF-16"}


def seeming(look: SheetLook) -> tuple[str, str]:
    """Return what a sheet seems to be, as the words and the tone of its chip."""
    if look.taken:
        return look.seems, "good"
    return f"{'隐藏的表' if look.hidden else look.seems or '没有认出来'}，不导", "none"


class SheetList(QWidget):
    """Every sheet with its tick. `ticked` tells (title, on), `chosen` the title of the sheet to look at."""

    ticked = Signal(str, bool)
    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._lines = col(gap=0)
        self.ticks: dict[str, QCheckBox] = {}
        self.names: dict[str, RowButton] = {}
        self.setLayout(col(scroll(box(self._lines)), gap=0))

    def show_sheets(self, hand: InHand) -> None:
        """Show every sheet of the file, with the one in view marked."""
        held = next((title for title, tick in self.ticks.items() if tick.hasFocus()), "")
        clear(self._lines)
        self.ticks, self.names = {}, {}
        for number, look in enumerate(hand.looks):
            if number:
                add(self._lines, rule())
            add(self._lines, self._line(look, hand))
        add(self._lines, ...)
        if held in self.ticks:
            self.ticks[held].setFocus()

    def _line(self, look: SheetLook, hand: InHand) -> QWidget:
        tick = QCheckBox()
        tick.setAccessibleName(f"导入“{look.title}”")
        tick.setChecked(look.taken)
        tick.toggled.connect(lambda on, title=look.title: self.ticked.emit(title, on))
        words, tone = seeming(look)
        current = look.title == hand.sheet
        count = text(hand.size_of(look), "small")
        shown = col(
            row((Elided(look.title, "strong" if current else "body"), 1), count, gap=6),
            row(Chip(_short(words), tone), ..., gap=0),
            text(look.program, "small", wrap=True) if look.program else None,
            gap=3,
            pad=(4, 6, 4, 8),
        )
        told = "，".join(filter(None, (words, look.program)))
        name = RowButton(f"看“{look.title}”，{told}", shown, lambda: self.chosen.emit(look.title))
        name.setToolTip(look.why)
        name.setCheckable(True)
        name.setChecked(current)
        self.ticks[look.title], self.names[look.title] = tick, name
        beside = col(5, tick, ..., gap=0)
        return box(row(beside, (name, 1), gap=2))


class SheetBar(QWidget):
    """The same in one line, where there is no room for the list: which sheet is shown, and whether it is taken."""

    ticked = Signal(str, bool)
    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.pick = Choice("工作表", width=230)
        self.tick = QCheckBox("导入这张表")
        self.tick.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pick.currentIndexChanged.connect(lambda _index: self.chosen.emit(str(self.pick.value() or "")))
        self.tick.clicked.connect(lambda on: self.ticked.emit(str(self.pick.value() or ""), on))
        self.setLayout(row(self.pick, self.tick, gap=10))

    def show_sheets(self, hand: InHand) -> None:
        """Show every sheet of the file, with the one in view chosen."""
        self.pick.blockSignals(True)
        self.pick.set_options([(look.title, _in_one_line(look, hand)) for look in hand.looks], hand.sheet)
        self.pick.blockSignals(False)
        self.tick.setChecked(any(look.taken for look in hand.looks if look.title == hand.sheet))


def _in_one_line(look: SheetLook, hand: InHand) -> str:
    words, _tone = seeming(look)
    return f"{look.title}　{hand.size_of(look)}　{words}"


def _short(words: str, most: int = 9) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"

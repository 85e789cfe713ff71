"""Many questions of one kind as one list with ticks: for each line, or for all at once."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.services.intake.looks import Option, Question
from desktop.ui.cells import Tick, Two
from desktop.ui.intake.cells import hide_numbers
from desktop.ui.table_model import Column, DataTable
from desktop.ui.widgets import EmptyState, box, button, col, fixed, row, text

FEWEST = 4
"""So many questions make a list."""
LINE, HEAD, MOST_LINES = 40, 36, 5
TICK_WIDTH = 60


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """One question of the list, and what is ticked for it; "" where nothing is."""

    question: Question
    ticked: str


def fits(alike: Sequence[Question], most_options: int) -> bool:
    """Return whether questions make a list: many, few answers, and nothing to compare side by side."""
    return (
        len(alike) >= FEWEST
        and 0 < len(alike[0].options) <= most_options
        and all(len(line) <= 2 for question in alike for line in question.facts)
    )


def _who(line: AlikeLine) -> str:
    return hide_numbers(line.question.words.partition("：")[0])


def _under(line: AlikeLine) -> str:
    facts = "，".join(part[-1] for part in line.question.facts)
    return hide_numbers(f"第 {line.question.row} 行，{facts or line.question.words.partition('：')[2]}")


class AlikeList(QWidget):
    """The list. `answered` tells the value of each question by its key. `ticked` outlives a list that is built anew."""

    answered = Signal(object)

    def __init__(self, alike: Sequence[Question], unit: str, ticked: MutableMapping[str, str]) -> None:
        super().__init__()
        self._alike, self._unit, self._ticked = tuple(alike), unit, ticked
        self._options: tuple[Option, ...] = alike[0].options
        columns: list[Column[AlikeLine]] = [
            Column("谁", _who, cell=lambda line: Two(_who(line), _under(line))),
            *(self._column(option) for option in self._options),
        ]
        self.table = DataTable(
            columns, alike[0].kind.label, EmptyState("circle-check", "没有要定的。"), height=LINE, look="bare"
        )
        self.table.view.clicked.connect(self._clicked)
        self.table.view.installEventFilter(self)
        self.everyone: list[QPushButton] = [
            button(f"都{option.label}", partial(self._tick_all, option.value), "small") for option in self._options
        ]
        self.settle_button = button("", self._settle, "small")
        self._count = text("", "small")
        words = text(
            f"{alike[0].kind.label}？{len(alike)} {unit}，逐个打勾（按 1–{len(self._options)} 也行），或先都选上再改：",
            "sub",
            wrap=True,
        )
        high = HEAD + min(len(alike), MOST_LINES) * LINE + 2
        foot = row(self._count, ..., self.settle_button, gap=8)
        self.setLayout(
            col(words, row(*self.everyone, ..., gap=8), fixed(box(col(self.table, gap=0)), height=high), foot, gap=8)
        )
        self._show()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Answer the line in view by a digit."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        at = event.key() - Qt.Key.Key_1
        if 0 <= at < len(self._options):
            self._tick_current(self._options[at].value)
            return True
        return False

    def _column(self, option: Option) -> Column[AlikeLine]:
        return Column(
            option.short or option.label,
            lambda line: line.ticked == option.value,
            cell=lambda line: Tick(line.ticked == option.value, option.label),
            width=TICK_WIDTH,
        )

    def _lines(self) -> list[AlikeLine]:
        return [AlikeLine(question, self._ticked.get(question.key, "")) for question in self._alike]

    def _show(self) -> None:
        self.table.set_rows(self._lines(), same=lambda line: line.question.key)
        count = len(self.chosen())
        self._count.setText(f"已选 {count} {self._unit}" if count else "还没有选")
        self.settle_button.setText(f"就这样定 {count} {self._unit}" if count else "就这样定")
        self.settle_button.setEnabled(bool(count))

    def chosen(self) -> Mapping[str, str]:
        """Return what is ticked, by the key of its question."""
        return {question.key: self._ticked[question.key] for question in self._alike if question.key in self._ticked}

    def _clicked(self, index: QModelIndex) -> None:
        at = index.column() - 1
        line = self.table.current()
        if at < 0 or line is None:
            return
        value = self._options[at].value
        if line.ticked == value:
            self._ticked.pop(line.question.key, None)
        else:
            self._ticked[line.question.key] = value
        self._show()

    def _tick_current(self, value: str) -> None:
        if self.table.current() is None:
            self.table.view.selectRow(0)
        line = self.table.current()
        if line is None:
            return
        self._ticked[line.question.key] = value
        self._show()
        self.table.step(1)

    def _tick_all(self, value: str) -> None:
        self._ticked.update({question.key: value for question in self._alike})
        self._show()

    def _settle(self) -> None:
        chosen = dict(self.chosen())
        if chosen:
            for key in chosen:
                self._ticked.pop(key, None)
            self.answered.emit(chosen)

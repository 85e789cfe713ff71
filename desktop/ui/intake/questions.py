"""What only a person can say, asked beside the result: facts that tell the answers apart, and verbs as answers."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from types import MappingProxyType
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QLayout, QPushButton, QWidget

from desktop.services.intake.looks import Option, Question
from desktop.services.spreadsheets.results import Rejected
from desktop.ui.intake.alike import AlikeList, fits
from desktop.ui.intake.cells import hide_numbers
from desktop.ui.intake.refusals import RefusedCard, alike
from desktop.ui.widgets import Chip, Item, box, button, clear, col, link, row, rule, scroll, text
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.keys import Keys
from desktop.ui.widgets.layout import add, appear

MOST_VERBS = 3
MOST_SHOWN = 40
"""So many questions are asked at once; answered ones make room for the rest."""


def answer_parts(question: Question, answer: Callable[[str], object]) -> list[QWidget]:
    """Return the answers to `question`: buttons, or a drop-down where there are many."""
    if len(question.options) <= MOST_VERBS:
        return [button(option.label, partial(answer, option.value), "small") for option in question.options]
    options: Sequence[tuple[str | None, str]] = [
        (None, "请选择"),
        *((part.value, part.label) for part in question.options),
    ]
    choice = Choice(question.words, options, width=190)
    choice.currentIndexChanged.connect(lambda _index: answer(choice.value()) if choice.value() is not None else None)
    return [choice]


def facts_table(facts: Sequence[tuple[str, ...]]) -> QLayout:
    """Return the facts of a question as a small table; a first line without a name heads the columns."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(3)
    for line, cells in enumerate(facts):
        heads = not cells[0]
        for column, words in enumerate(cells):
            role = "small" if heads else "sub" if column == 0 and len(cells) > 1 else "body"
            part = text(hide_numbers(words), role, wrap=len(words) > 12)
            grid.addWidget(part, line, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 0 if column == 0 and len(cells) > 1 else 1)
    return grid


class QuestionCard(QFrame):
    """One question. The digits answer it while it has the focus. `answered` tells the value."""

    takes: ClassVar[Keys] = (("1 2 3", "选第几个回答"),)

    answered = Signal(str)

    def __init__(self, question: Question, *, named: bool = False) -> None:
        super().__init__()
        self.setObjectName("clear")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(question.words)
        self.question = question
        place = _where(question)
        where = text(f"{question.sheet} {place}" if named and question.row else place, "small", wrap=named)
        parts = answer_parts(question, self.answered.emit)
        self.verbs = [part for part in parts if isinstance(part, QPushButton)]
        for number, verb in enumerate(self.verbs, start=1):
            verb.setToolTip(f"按 {number} 也行")
        facts = facts_table(question.facts) if question.facts else None
        words = text(hide_numbers(question.words), "strong", wrap=True)
        head = col(words, where, gap=2) if named else row((words, 1), where, gap=8)
        self.setLayout(col(head, facts, row(..., *parts, gap=8), gap=6, pad=(0, 4, 0, 4)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        if 1 <= number <= len(self.verbs):
            self.verbs[number - 1].click()
        else:
            super().keyPressEvent(event)


class AskColumn(QWidget):
    """Everything that waits for a person: questions, and what was refused."""

    answered = Signal(object, str)
    answered_all = Signal(object, str)
    answered_each = Signal(object)
    corrected = Signal(object, str)
    rejects_asked = Signal()
    all_answered = Signal()
    """The last of them was just answered: the cursor goes on elsewhere."""

    def __init__(self, unit: str, reveal: Callable[[Callable[[], object]], object] | None) -> None:
        super().__init__()
        self._unit, self._reveal = unit, reveal
        self.cards: list[QuestionCard] = []
        self.lists: list[AlikeList] = []
        self.refused: list[RefusedCard] = []
        self._ticked: dict[str, str] = {}
        self.everyone: list[QPushButton] = []
        self._named = False
        self._stands: list[tuple[QWidget, QWidget]] = []
        """All that is asked, from top to bottom, each with what takes the cursor."""
        self._answered_at: int | None = None
        """Which of all stood in the place of the one just answered, until the others are shown anew."""
        for signal in (self.answered, self.answered_all, self.answered_each, self.corrected):
            signal.connect(self._note_place)
        self._body = col(gap=8, pad=(16, 12, 12, 12))
        self.setLayout(col(box(col(scroll(self._body), gap=0), "card"), gap=0))

    def show_open(
        self,
        questions: Sequence[Question],
        rejected: Sequence[Rejected],
        choices: Mapping[str, Sequence[str]] = MappingProxyType({}),
        *,
        named: bool = False,
    ) -> None:
        """Ask `questions`, and show what was refused; `choices` are the words that a field knows.

        `named`: the file has several sheets, so every place names its own. After an answer the cursor goes to the
        next question.
        """
        self._named = named
        clear(self._body)
        self.cards, self.lists, self.refused, self.everyone, self._stands = [], [], [], [], []
        if questions:
            add(self._body, row(text("待你定", "h2"), Chip(f"{_rows(questions)} {self._unit}", "part"), ..., gap=8))
            self._ask(questions)
        if rejected:
            save = link("导出退回表", self.rejects_asked.emit)
            add(self._body, row(text("退回", "h2"), Chip(f"{len(rejected)} 行", "bad"), ..., save, gap=8))
            together = alike(rejected)
            for rows in together[:MOST_SHOWN]:
                self._show_refused(rows, choices.get(rows[0].name, ()))
            self._rest(len(together), "导出退回表，改好再导入")
        if not questions and not rejected:
            add(self._body, text("没有要你定的。", "sub"))
        add(self._body, ...)
        self._go_on()

    def _note_place(self, *_answer: object) -> None:
        held = QApplication.focusWidget()
        within = (at for at, (part, _) in enumerate(self._stands) if part is held or (held and part.isAncestorOf(held)))
        self._answered_at = next(within, 0)

    def _go_on(self) -> None:
        """Put the cursor on what now stands where the one just answered stood."""
        at, self._answered_at = self._answered_at, None
        if at is None or not self.isVisible():
            return
        if not self._stands:
            self.all_answered.emit()
            return
        part, stand = self._stands[min(at, len(self._stands) - 1)]
        appear(part, True)
        stand.setFocus()

    def stand_on_first(self) -> None:
        """Put the cursor on what is asked first."""
        first = next(iter((*(part.table.view for part in self.lists), *self.cards)), None)
        if first is not None:
            first.setFocus()

    def _ask(self, questions: Sequence[Question]) -> None:
        shown, single = 0, 0
        ordered = sorted(questions, key=lambda question: (question.kind, question.options))
        for (_kind, options), group in groupby(ordered, key=lambda question: (question.kind, question.options)):
            same = list(group)
            if fits(same, MOST_VERBS):
                self._list(same)
                continue
            single += len(same)
            if len(same) > 1 and len(options) <= MOST_VERBS:
                add(self._body, self._together(same, options))
            for question in same[: max(MOST_SHOWN - shown, 0)]:
                card = QuestionCard(question, named=self._named)
                card.answered.connect(lambda value, question=question: self.answered.emit(question, value))
                self.cards.append(card)
                self._stands.append((card, card))
                add(self._body, card)
                add(self._body, rule())
                shown += 1
        self._rest(single, "答完这些再列")

    def _list(self, same: Sequence[Question]) -> None:
        part = AlikeList(same, self._unit, self._ticked)
        part.answered.connect(self.answered_each)
        self.lists.append(part)
        self._stands.append((part, part.table.view))
        add(self._body, box(col(part, pad=10), "soft"))

    def _together(self, same: Sequence[Question], options: Sequence[Option]) -> Item:
        verbs = [
            button(f"都{option.label}", partial(self.answered_all.emit, same, option.value), "small")
            for option in options
        ]
        self.everyone += verbs
        words = text(f"{same[0].kind.label}？这样的有 {len(same)} {self._unit}，可以一起答：", "sub", wrap=True)
        return box(col(words, row(..., *verbs, gap=8), gap=6, pad=10), "soft")

    def _show_refused(self, rows: Sequence[Rejected], choices: Sequence[str]) -> None:
        card = RefusedCard(rows, self._reveal, choices, named=self._named)
        card.corrected.connect(self.corrected)
        self.refused.append(card)
        if card.refused.name:
            self._stands.append((card, card.field))
        add(self._body, card)

    def _rest(self, total: int, what: str) -> None:
        if total > MOST_SHOWN:
            add(self._body, text(f"还有 {total - MOST_SHOWN} 条，{what}。", "sub", wrap=True))


def _where(question: Question) -> str:
    if not question.row:
        return question.sheet
    return f"第 {question.row} 行" + (f"等 {question.times} 处" if question.times > 1 else "")


def _rows(questions: Sequence[Question]) -> int:
    """Return how many rows are asked about: of one there may be two questions."""
    return len({(question.sheet, question.row or question.key) for question in questions})

"""What only a person can say, asked beside the result: facts that tell the answers apart, and verbs as answers."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLayout, QPushButton, QWidget

from desktop.services.intake.looks import Option, Question
from desktop.services.spreadsheets.results import Rejected
from desktop.ui.intake.cells import hide_numbers
from desktop.ui.widgets import Chip, Item, appear, box, button, clear, col, link, row, rule, scroll, text
from desktop.ui.widgets.fields import Choice, edit, sentence
from desktop.ui.widgets.layout import add

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

    answered = Signal(str)

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.setObjectName("clear")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(question.words)
        self.question = question
        where = text(f"第 {question.row} 行" if question.row else question.sheet, "small")
        parts = answer_parts(question, self.answered.emit)
        self.verbs = [part for part in parts if isinstance(part, QPushButton)]
        for number, verb in enumerate(self.verbs, start=1):
            verb.setToolTip(f"按 {number} 也行")
        facts = facts_table(question.facts) if question.facts else None
        head = row((text(hide_numbers(question.words), "strong", wrap=True), 1), where, gap=8)
        self.setLayout(col(head, facts, row(..., *parts, gap=8), gap=6, pad=(0, 4, 0, 4)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        if 1 <= number <= len(self.verbs):
            self.verbs[number - 1].click()
        else:
            super().keyPressEvent(event)


class RefusedCard(QFrame):
    """One row that was refused, to be put right on the spot. `corrected` tells the words, `looked` that they are asked.

    An ID number stands masked until the cursor comes into the line.
    """

    corrected = Signal(str)

    def __init__(self, refused: Rejected, reveal: Callable[[Callable[[], object]], object] | None) -> None:
        super().__init__()
        self.setObjectName("clear")
        self.refused, self._reveal = refused, reveal
        hidden = hide_numbers(refused.value)
        self._masked = hidden != refused.value
        head = row(
            (text(f"{_whose(refused)}{refused.field}", "strong", wrap=True), 1), text(f"第 {refused.row} 行", "small")
        )
        self.field = edit(f"第 {refused.row} 行的{refused.field}", hidden)
        self.field.setProperty("invalid", True)
        self.verb = button("按改后的再查", self._correct, "small")
        self.verb.setEnabled(False)
        self.field.textEdited.connect(lambda _words: self.verb.setEnabled(True))
        self.field.returnPressed.connect(self._correct)
        self.show_link = link("显示", self._look)
        self.show_link.setAccessibleName(f"显示第 {refused.row} 行的号码")
        appear(self.show_link, self._masked and reveal is not None)
        self.field.setReadOnly(self._masked)
        line = row((self.field, 1), self.show_link, self.verb, gap=8) if refused.name else None
        self.setLayout(
            col(head, line, text(sentence(refused.reason), "small", "bad", wrap=True), gap=4, pad=(0, 4, 0, 4))
        )

    def _look(self) -> None:
        if self._reveal is not None:
            self._reveal(self._show_whole)

    def _show_whole(self) -> None:
        self._masked = False
        self.field.setReadOnly(False)
        self.field.setText(self.refused.value)
        appear(self.show_link, False)
        self.field.setFocus()

    def _correct(self) -> None:
        if self.verb.isEnabled():
            self.corrected.emit(self.field.text().strip())


class AskColumn(QWidget):
    """Everything that waits for a person: questions, and what was refused."""

    answered = Signal(object, str)
    answered_all = Signal(object, str)
    corrected = Signal(object, str)
    rejects_asked = Signal()

    def __init__(self, unit: str, reveal: Callable[[Callable[[], object]], object] | None) -> None:
        super().__init__()
        self._unit, self._reveal = unit, reveal
        self.cards: list[QuestionCard] = []
        self.refused: list[RefusedCard] = []
        self.everyone: list[QPushButton] = []
        self._body = col(gap=8, pad=(16, 12, 12, 12))
        self.setLayout(col(box(col(scroll(self._body), gap=0), "card"), gap=0))

    def show_open(self, questions: Sequence[Question], rejected: Sequence[Rejected]) -> None:
        """Ask `questions`, and show what was refused."""
        clear(self._body)
        self.cards, self.refused, self.everyone = [], [], []
        if questions:
            add(self._body, row(text("待你定", "h2"), Chip(f"{_rows(questions)} {self._unit}", "part"), ..., gap=8))
            self._ask(questions)
        if rejected:
            save = link("导出退回表", self.rejects_asked.emit)
            add(self._body, row(text("退回", "h2"), Chip(f"{len(rejected)} 行", "bad"), ..., save, gap=8))
            for refused in rejected[:MOST_SHOWN]:
                self._show_refused(refused)
            self._rest(len(rejected), "导出退回表，改好再导入")
        if not questions and not rejected:
            add(self._body, text("没有要你定的。", "sub"))
        add(self._body, ...)

    def _ask(self, questions: Sequence[Question]) -> None:
        shown = 0
        ordered = sorted(questions, key=lambda question: (question.kind, question.options))
        for (_kind, options), group in groupby(ordered, key=lambda question: (question.kind, question.options)):
            alike = list(group)
            if len(alike) > 1 and len(options) <= MOST_VERBS:
                add(self._body, self._together(alike, options))
            for question in alike[: max(MOST_SHOWN - shown, 0)]:
                card = QuestionCard(question)
                card.answered.connect(lambda value, question=question: self.answered.emit(question, value))
                self.cards.append(card)
                add(self._body, card)
                add(self._body, rule())
                shown += 1
        self._rest(len(questions), "答完这些再列")

    def _together(self, alike: Sequence[Question], options: Sequence[Option]) -> Item:
        verbs = [
            button(f"都{option.label}", partial(self.answered_all.emit, alike, option.value), "small")
            for option in options
        ]
        self.everyone += verbs
        words = text(f"{alike[0].kind.label}？这样的有 {len(alike)} {self._unit}，可以一起答：", "sub", wrap=True)
        return box(col(words, row(..., *verbs, gap=8), gap=6, pad=10), "soft")

    def _show_refused(self, refused: Rejected) -> None:
        card = RefusedCard(refused, self._reveal)
        card.corrected.connect(lambda words: self.corrected.emit(refused, words))
        self.refused.append(card)
        add(self._body, card)

    def _rest(self, total: int, what: str) -> None:
        if total > MOST_SHOWN:
            add(self._body, text(f"还有 {total - MOST_SHOWN} 条，{what}。", "sub", wrap=True))


def _rows(questions: Sequence[Question]) -> int:
    """Return how many rows are asked about: of one there may be two questions."""
    return len({(question.sheet, question.row or question.key) for question in questions})


def _whose(refused: Rejected) -> str:
    """Return whose row it is, where the file says so."""
    for title, value in zip(refused.source.titles, refused.source.values, strict=False):
        if "姓名" in title.replace(" ", "") and value:
            return f"{value}："
    return ""

"""The second step: the sheet as it is, and over each column what the program takes it for."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QLayout, QPushButton, QWidget

from desktop.services.intake.answers import NOT_TAKEN
from desktop.services.intake.looks import ColumnLook, Question, QuestionKind
from desktop.services.spreadsheets.workbook import Format
from desktop.ui import theme
from desktop.ui.intake.cells import has_numbers
from desktop.ui.intake.chooser import FieldOption
from desktop.ui.intake.grid import SheetGrid
from desktop.ui.intake.hand import InHand, left_words, waits
from desktop.ui.intake.labels import WIDTH as LABELS_WIDTH
from desktop.ui.intake.labels import LabelList
from desktop.ui.intake.questions import MOST_VERBS, answer_parts
from desktop.ui.intake.sheets import ENCODING_NAMES, SheetBar, SheetList
from desktop.ui.widgets import (
    Elided,
    EmptyState,
    Glyph,
    Segments,
    appear,
    box,
    button,
    clear,
    col,
    fixed,
    link,
    row,
    rule,
    set_text,
    text,
)
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.keys import shortcut
from desktop.ui.widgets.progress import ProgressStrip

LIST_WIDTH, LIST_FROM = 204, 1060
NAMED = 4
"""So many of the columns beyond the edge are named; the rest is told under the pointer."""
ALL, OPEN = "all", "open"
FIGURES = (("accepted", "新增", "good"), ("updated", "更新", ""), ("unchanged", "不变", ""))


class HeldBanner(QFrame):
    """The question that stops the import, with its answers at one click. `answered` tells (question, value)."""

    answered = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bad")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title, self._words = text("", "strong", "bad", wrap=True), text("", "small", wrap=True)
        self._verbs = row(gap=8)
        self.verbs: list[QWidget] = []
        mark = Glyph("alert-circle", theme.RED, 20)
        lines = col(self._title, self._words, gap=2)
        self.setLayout(row(mark, (lines, 1), box(self._verbs), gap=12, pad=(14, 9, 12, 9)))

    def show_question(self, question: Question, total: int, column: ColumnLook | None) -> None:
        """Ask `question`, the first of `total`, about `column`."""
        place = f"1 / {total}　" if total > 1 else ""
        self._title.setText(f"{place}{question.words}，导入停在这里")
        facts = "，".join(part for line in question.facts for part in line if part)
        steps = (
            "在右边答，或在列上面选。"
            if question.options
            else "在下面的列上面选出来；行号上点右键，可以改哪一行是表头。"
        )
        set_text(self._words, f"{facts + '。' if facts else ''}{steps}")
        clear(self._verbs)
        self.verbs = self._answers(question, column)
        for verb in self.verbs:
            self._verbs.addWidget(verb)
        self.setAccessibleName(self._title.text())

    def _answers(self, question: Question, column: ColumnLook | None) -> list[QWidget]:
        """Return the answers: where the cells say plainly what they are, that and 不导入 at one click each."""

        def answer(value: str) -> None:
            self.answered.emit(question, value)

        plain = [option for option in question.options if column is not None and option.label == column.content.label]
        if question.kind is not QuestionKind.COLUMN or len(question.options) <= MOST_VERBS:
            return answer_parts(question, answer)
        leave = button("不导入这一列", lambda: answer(NOT_TAKEN), "small")
        if plain:
            return [leave, button(f"是{plain[0].label}", lambda: answer(plain[0].value), "small")]
        others = replace(question, options=tuple(option for option in question.options if option.value != NOT_TAKEN))
        return [leave, *answer_parts(others, answer)]


class MappingView(QWidget):
    """Sheets at the left, grid, counts. What is answered here goes to the page by signals."""

    answered = Signal(object, str)
    decided = Signal(object, object)
    row_changed = Signal(int, object)
    sheet_ticked = Signal(str, bool)
    sheet_chosen = Signal(str)
    encoding_chosen = Signal(str)
    export_asked = Signal()
    reveal_asked = Signal()
    left_out_asked = Signal()

    def __init__(self, unit: str, reveal: QPushButton) -> None:
        super().__init__()
        self._unit, self._whole, self._numbers = unit, False, False
        self._hand: InHand | None = None
        self._options: tuple[FieldOption, ...] = ()
        self.list, self.bar = SheetList(), SheetBar()
        self.grid, self.banner, self.labels = SheetGrid(), HeldBanner(), LabelList()
        self.scope = Segments(((ALL, "全部列"), (OPEN, "待定列")), name="全部列或待定的列")
        self.remember = QCheckBox("记住这次的对应")
        self.remember.setChecked(True)
        self.remember.setToolTip("下次表头相同的表，不用再对")
        self.export_link = link("导出给其他支部用", self.export_asked.emit)
        self.reveal_link = reveal
        self.encoding = Choice("文字编码", ENCODING_NAMES.items(), width=170)
        self.encoding.currentIndexChanged.connect(lambda _index: self.encoding_chosen.emit(str(self.encoding.value())))
        self._file, self._format = Elided("", "sub"), text("", "small", wrap=True)
        self._title, self._note = text("", "h2"), text("前 30 行，按原样显示", "sub")
        self._beyond = text("", "small")
        self._empty = EmptyState("inbox", "", "")
        self._side = self._left()
        self._line = box(row(self.bar, ..., gap=10))
        right = col(self._line, self.banner, (self._sheet(), 1), self._foot(), gap=12)
        self.setLayout(row(self._side, (right, 1), gap=12))
        self._wire()

    def show_file(self, hand: InHand, options: tuple[FieldOption, ...]) -> None:
        """Show the file in hand as it was understood last."""
        self._hand, self._options = hand, options
        self.list.show_sheets(hand)
        self.bar.show_sheets(hand)
        self._file.set_words(hand.name)
        book = hand.book
        if book is not None:
            set_text(self._format, f"{book.format.label}，整本已读入")
            appear(self.encoding, book.format is Format.TEXT)
            self.encoding.blockSignals(True)
            self.encoding.set_value(book.encoding or "utf-8")
            self.encoding.blockSignals(False)
        self._ask()
        self._draw()
        self._count()

    def hide_counts(self) -> None:
        """Say that the counts are being made anew."""
        self._total.setText("正在重新数…")

    def show_whole(self) -> None:
        """Show ID numbers whole: whoever looks has asked for it, and it was written down."""
        self._whole = True
        self._draw()

    def question(self) -> Question | None:
        """Return the question that stops the import, the first of them."""
        return next(iter(self._hand.held), None) if self._hand is not None else None

    def stand_on_held(self) -> None:
        """Go to the next column that somebody has to decide on (F8)."""
        look = self._hand.look() if self._hand is not None else None
        waiting = [part for part in look.columns if part.held] if look is not None else []
        heads = self.grid.heads
        at = next((section for section, chooser in heads.choosers.items() if chooser.hasFocus()), -1)
        places = [
            self.grid.grid.columns.index(part.spots[0]) for part in waiting if part.spots[0] in self.grid.grid.columns
        ]
        if places:
            heads.stand_on(next((place for place in places if place > at), places[0]))
        elif self._labels_box.isVisible() and self.labels.stand_on_open():
            return
        elif (question := self.question()) is not None and self._hand is not None:
            if question.sheet and question.sheet != self._hand.sheet:
                self.sheet_chosen.emit(question.sheet)
            elif self.banner.verbs:
                self.banner.verbs[0].setFocus()

    def stand_on_column(self, look: ColumnLook) -> None:
        """Put the cursor on the chooser of a column."""
        self.scope.choose(ALL)
        self._draw()
        if look.spots:
            self.grid.stand_on(look)
        else:
            self.labels.stand_on(look.heading)

    def hasHeightForWidth(self) -> bool:
        """Ask the page for no more height than there must be: the lists scroll, each in itself."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the list of sheets is a drop-down above the grid."""
        super().resizeEvent(event)
        self._fit()

    # ---- parts ----
    def _left(self) -> QWidget:
        parts = col(
            text("工作表", "h2"),
            text("只勾了像要导的，可以改", "small", wrap=True),
            (self.list, 1),
            rule(),
            self._slot_file(),
            gap=6,
            pad=(14, 12, 10, 12),
        )
        return fixed(box(parts, "card"), LIST_WIDTH)

    def _slot_file(self) -> QWidget:
        self._file_box = col(gap=4)
        for part in (self._file, self._format, self.encoding, self.remember, self.export_link):
            self._file_box.addWidget(part)
        self._file_holder = box(self._file_box)
        return self._file_holder

    def _sheet(self) -> QWidget:
        self._head_line = row(self._title, self._note, ..., self.scope, gap=8, pad=(14, 0, 14, 0))
        self._head = box(self._head_line)
        foot = row(self._beyond, ..., self.reveal_link, gap=8, pad=(14, 0, 14, 0))
        self._labels_box = fixed(box(col((self.labels, 1), pad=(1, 10, 1, 1)), "card"), LABELS_WIDTH)
        self._grid_box = box(col(self._head, (self.grid, 1), foot, gap=6, pad=(1, 10, 1, 8)), "card")
        self._empty_box = box(col(self._empty), "card")
        appear(self._empty_box, False)
        appear(self._labels_box, False)
        return box(row((self._grid_box, 1), (self._empty_box, 1), self._labels_box, gap=12))

    def _foot(self) -> QWidget:
        self._total = text("", "sub")
        self._numbers_row = row(gap=14)
        self._left_words = Elided("", "sub")
        self._left_words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.left_link = link("看清单", self.left_out_asked.emit)
        self.strip = ProgressStrip()
        parts = (
            text("按现在的对应", "strong"),
            self._total,
            box(self._numbers_row),
            (self._left_words, 1),
            self.left_link,
        )
        self._counts = box(row(*parts, gap=12))
        self.strip.shown.connect(lambda on: appear(self._counts, not on))
        return fixed(box(col(self._counts, self.strip, gap=0, pad=(16, 4, 16, 4)), "card"), height=48)

    def _wire(self) -> None:
        self.banner.answered.connect(self.answered)
        self.grid.decided.connect(self.decided)
        self.labels.decided.connect(self.decided)
        self.grid.row_changed.connect(self.row_changed)
        for part in (self.list, self.bar):
            part.ticked.connect(self.sheet_ticked)
            part.chosen.connect(self.sheet_chosen)
        self.scope.changed.connect(lambda _key: self._draw())
        self.grid.horizontalScrollBar().valueChanged.connect(lambda _value: self._tell_beyond())
        shortcut(self, "F8", "到下一处没有定的列", self.stand_on_held)

    # ---- showing ----
    def _ask(self) -> None:
        held = self._hand.held if self._hand is not None else ()
        appear(self.banner, bool(held))
        if held and self._hand is not None:
            self.banner.show_question(held[0], len(held), self._hand.column_of(held[0]))

    def _draw(self) -> None:
        hand = self._hand
        if hand is None:
            return
        cells, look = hand.cells(), hand.look()
        nothing = cells is None or not cells.rows
        columns = look.columns if look is not None else ()
        waiting = [part for part in columns if waits(part)]
        self._title.setText(hand.sheet)
        self.scope.name(ALL, f"全部 {len(columns)} 列")
        self.scope.name(OPEN, f"待定 {len(waiting)} 列")
        appear(self.scope, bool(columns))
        only_open = self.scope.current() == OPEN and bool(waiting)
        if not only_open:
            self.scope.choose(ALL)
        labels = look.labels if look is not None and not nothing else ()
        appear(self._labels_box, bool(labels))
        self.labels.show_labels(labels, self._options, whole=self._whole)
        appear(self._grid_box, not nothing)
        appear(self._empty_box, nothing)
        if nothing or cells is None:
            self._empty.say(f"“{hand.sheet}”是空的" if hand.sheet else "文件里没有内容", "换一张表，或换一个文件。")
            return
        self.grid.show_sheet(cells, look, self._options, hand.unit, whole=self._whole, only_open=only_open)
        appear(self.reveal_link, has_numbers(cells) and not self._whole)
        self._tell_beyond()

    def _tell_beyond(self) -> None:
        look = self._hand.look() if self._hand is not None else None
        self._beyond.setToolTip("")
        if look is not None and look.labels:
            self._beyond.setText("标签是什么在右边选")
            return
        beyond = self.grid.beyond()
        if not beyond:
            self._beyond.setText("在行号上点右键，可以改这一行是什么")
            return
        labels = {option.field: option.label for option in self._options}
        names = list(dict.fromkeys(labels.get(part.field, "") if part.field else part.heading for part in beyond))
        more = "…" if len(names) > NAMED else ""
        self._beyond.setText(f"右边还有 {len(beyond)} 列：{'、'.join(names[:NAMED])}{more}")
        self._beyond.setToolTip("、".join(names) if more else "")

    def _count(self) -> None:
        hand = self._hand
        if hand is None or hand.result is None:
            return
        result = hand.result
        clear(self._numbers_row)
        self._total.setText(f"{result.read} {self._unit}")
        figures = [(getattr(result, key), name, tone) for key, name, tone in FIGURES]
        figures += [(result.waiting, "待确认", "part"), (len(result.rejected), "退回", "bad")]
        for number, name, tone in figures:
            count = text(str(number), "code", tone if number else "")
            self._numbers_row.addLayout(row(count, text(name, "sub"), gap=5))
        left = [f"{words.split('：')[0]}" for _part, words in left_words(result)]
        words = f"没导入：{'、'.join(left)}" if left else ""
        written = next((look.program for look in hand.looks if look.taken and look.program), "")
        self._left_words.set_words("；".join(filter(None, (written, result.remembered, words))))
        appear(self.left_link, bool(left))

    def _fit(self) -> None:
        slim = self.width() < LIST_FROM
        appear(self._side, not slim)
        appear(self._line, slim)
        appear(self._head, not slim)
        one_line = self._line.layout()
        if one_line is None:
            return
        for part in (self.encoding, self.remember, self.export_link):
            _move(part, self._line if slim else self._file_holder, one_line if slim else self._file_box)
        _move(self.scope, self._line if slim else self._head, one_line if slim else self._head_line)


def _move(part: QWidget, home: QWidget, layout: QLayout) -> None:
    """Give a part another home, shown or hidden as it was."""
    if part.parentWidget() is not home:
        hidden = part.isHidden()
        layout.addWidget(part)
        appear(part, not hidden)

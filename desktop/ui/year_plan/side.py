"""Beside the calendar: what has no day yet, with its limit, and what wants doing, each with its verb."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import ClassVar

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QWidget

from desktop.services.year_plan.rows import Duty, Reminder, YearPlan
from desktop.ui import theme
from desktop.ui.widgets import Chip, Elided, box, button, clear, col, fixed, link, row, rule, scroll, text
from desktop.ui.widgets.keys import Keys
from desktop.ui.year_plan import chips

MOST_REMINDERS = 12
VERB_WIDTH = 72


class Grip(QWidget):
    """Six dots: this may be carried."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(10, 24))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.FAINT))
        for line in range(3):
            for column in range(2):
                painter.drawEllipse(QPointF(2.5 + column * 5, 6 + line * 6), 1.5, 1.5)


class DutyRow(QFrame):
    """A duty without a day: carried to one, or given one by Enter."""

    takes: ClassVar[Keys] = (
        ("↑ ↓", "上一件、下一件"),
        ("Enter", "填日期"),
    )

    opened = Signal(object)
    stepped = Signal(int)

    def __init__(self, duty: Duty, today: date, may: bool) -> None:
        super().__init__()
        self.duty, self._may = duty, may
        self._pressed: QPointF | None = None
        self.setObjectName("soft")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        under = "，".join(filter(None, (duty.lacking, duty.who))) or f"{duty.item_id} {duty.item}"
        near = (duty.last - today).days <= 31
        limit = text(limit_words(duty, today), "sub", "part" if near else "")
        words = col(Elided(duty.title), Elided(under, "small"), gap=0)
        grip: QWidget | None = Grip() if may else None
        self.setLayout(row(grip, (words, 1), limit, gap=8, pad=(8, 5, 10, 5)))
        self.setAccessibleName(f"{duty.title}，{limit_words(duty, today)}，还没有日期")
        self.setToolTip(f"{duty.item_id} {duty.item}\n拖到某一天，或按 Enter 填日期" if may else duty.item)
        if may:
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or not self._may:
            return
        if (event.position() - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            chips.drag(self, self.duty.key, self.duty.what)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._pressed = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.opened.emit(self.duty)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.duty)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


def limit_words(duty: Duty, today: date) -> str:
    """Return by when: 12-31 前, with the year where it is another."""
    year = "" if duty.last.year == today.year else f"{duty.last.year}-"
    return f"{year}{duty.last.month}-{duty.last.day} 前"


class Side(QFrame):
    """The right column of the year plan."""

    dated = Signal(object)
    done = Signal(object)

    def __init__(self, settings: Callable[[], object], generate: Callable[[], object] | None, may: bool) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._may = may
        self.rows: list[DutyRow] = []
        self._count = Chip("", "wait")
        self._settings = link("安排设置", settings)
        self._undated, self._reminders = col(gap=6, pad=(0, 0, 6, 0)), col(gap=0, pad=(0, 0, 6, 0))
        head = row(
            text("还没排日子", "h2"), self._count, ..., link("按标准生成", generate) if generate else None, gap=8
        )
        how = text("拖到某一天，或选中后按 Enter 填日期", "small", "sub") if may else None
        near = row(text("提醒", "h2"), ..., self._settings if may else None)
        parts = (head, how, (self._column(self._undated), 5), near, (self._column(self._reminders), 4))
        self.setLayout(col(*parts, gap=8, pad=(14, 12, 8, 10)))

    def _column(self, lines: QBoxLayout) -> QWidget:
        return scroll(box(col(lines, ..., gap=0)))

    def show_plan(self, plan: YearPlan, month: int) -> None:
        """Show what has no day up to the end of a month, and what wants doing."""
        kept = next((each.duty.key for each in self.rows if each.hasFocus()), "")
        near, later = shown_undated(plan, month)
        self._count.show_state(f"{len(plan.undated)} 件" if plan.undated else "", "wait")
        clear(self._undated)
        self.rows = []
        for duty in near:
            line = DutyRow(duty, plan.today, self._may)
            line.opened.connect(self.dated.emit)
            line.stepped.connect(lambda step, line=line: self._step(line, step))
            self.rows.append(line)
            self._undated.addWidget(line)
        if not near:
            words = "这个月和以前的都排好了。" if later else "都有日子了。"
            self._undated.addWidget(text(words, "sub"))
        if later:
            self._undated.addWidget(
                text(f"以后各月还有 {len(later)} 件，换到那个月就列出来。", "small", "sub", wrap=True)
            )
        self._show_reminders(plan.reminders)
        for each in self.rows:
            if each.duty.key == kept:
                each.setFocus()

    def _show_reminders(self, reminders: Sequence[Reminder]) -> None:
        clear(self._reminders)
        if not reminders:
            self._reminders.addWidget(text("这几天没有要办的。", "sub"))
        for number, each in enumerate(reminders[:MOST_REMINDERS]):
            if number:
                self._reminders.addWidget(rule())
            self._reminders.addWidget(self._reminder(each))
        rest = len(reminders) - MOST_REMINDERS
        if rest > 0:
            self._reminders.addWidget(text(f"还有 {rest} 件，在“列表”里。", "small", "sub"))

    def _reminder(self, each: Reminder) -> QWidget:
        due = text(each.due, "small", "bad" if each.days < 0 else "part")
        under = row(due, (Elided("，".join(filter(None, (each.why, each.who))), "small"), 1), gap=6)
        parts: list[QWidget] = []
        if self._may:
            verb = button(each.verb, lambda: self.done.emit(each), "small")
            verb.setAccessibleName(f"{each.verb}：{each.what}")
            parts.append(fixed(verb, VERB_WIDTH))
        return box(row((col(Elided(each.what), under, gap=0), 1), *parts, pad=(0, 6, 0, 6)))

    def _step(self, line: DutyRow, step: int) -> None:
        at = self.rows.index(line) + step
        if 0 <= at < len(self.rows):
            self.rows[at].setFocus()


def shown_undated(plan: YearPlan, month: int) -> tuple[list[Duty], list[Duty]]:
    """Return what has no day and has begun by the end of a month, and what only begins later."""
    end = date(plan.year + month // 12, month % 12 + 1, 1)
    near = [duty for duty in plan.undated if duty.first < end]
    return near, [duty for duty in plan.undated if duty.first >= end]

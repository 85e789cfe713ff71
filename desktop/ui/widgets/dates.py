"""Dates as people type them: 2026-3-5, 20260305, 2026.3.5, 2026年3月5日; and the field that takes them."""

import re
from collections.abc import Callable
from datetime import date
from typing import ClassVar

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QVBoxLayout, QWidget

from desktop.services.clock import now
from desktop.ui import theme
from desktop.ui.widgets.keys import Keys

_PARTED = re.compile(r"(\d{4})\s*[-./年 ]\s*(\d{1,2})\s*[-./月 ]\s*(\d{1,2})\s*[日号]?")
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WIDE = str.maketrans("０１２３４５６７８９－．／　", "0123456789-./ ")


def parse_date(words: str) -> date | None:
    """Return the date `words` mean, or None if they mean none for certain."""
    plain = words.translate(_WIDE).strip()
    match = _PARTED.fullmatch(plain) or _SOLID.fullmatch(plain)
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


class DateEdit(QLineEdit):
    """A date field: typed in any usual spelling, written back as 2026-03-05, or picked from a calendar (↓ or icon)."""

    takes: ClassVar[Keys] = (("↓", "日期栏里打开日历"),)

    date_changed = Signal()

    def __init__(
        self, name: str, value: date | None = None, *, required: bool = False, today: Callable[[], date] | None = None
    ) -> None:
        super().__init__()
        self._required, self._today = required, today or (lambda: now().date())
        self._popup: QFrame | None = None
        self._last = value
        self.setAccessibleName(name)
        self.setPlaceholderText("年-月-日")
        self.setMinimumWidth(128)
        action = QAction(theme.icon("calendar-event", theme.SUB), "打开日历", self)
        action.triggered.connect(self.open_calendar)
        self.addAction(action, QLineEdit.ActionPosition.TrailingPosition)
        self.editingFinished.connect(self._settle)
        self.set_value(value)

    def value(self) -> date | None:
        """Return the date, or None where the field is empty or cannot be read (`fault` says which)."""
        return parse_date(self.text())

    def fault(self) -> str:
        """Return why the text is no date, or ""."""
        words = self.text().strip()
        if not words:
            return "请填写日期。" if self._required else ""
        return "" if parse_date(words) else "看不懂这个日期，请写成 2026-3-5 的样子。"

    def set_value(self, value: date | None) -> None:
        """Show `value`."""
        self.setText(value.isoformat() if value else "")
        self.setCursorPosition(0)
        self._last = value
        self.mark(False)

    def mark(self, wrong: bool) -> None:
        """Give the field its red border, or take it away."""
        if bool(self.property("invalid")) != wrong:
            self.setProperty("invalid", wrong)
            self.style().unpolish(self)
            self.style().polish(self)

    def open_calendar(self) -> None:
        """Let the user pick a day."""
        if self.isReadOnly():
            return
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setObjectName("card")
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget(popup)
        calendar.setAccessibleName("日历")
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        shown = self.value() or self._today()
        calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        calendar.clicked.connect(lambda day: self._picked(popup, day))
        calendar.activated.connect(lambda day: self._picked(popup, day))
        inner = QVBoxLayout(popup)
        inner.setContentsMargins(4, 4, 4, 4)
        inner.addWidget(calendar)
        popup.adjustSize()
        popup.move(_beside(self, popup))
        popup.show()
        calendar.setFocus()
        self._popup = popup

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the calendar with the arrow down."""
        if event.key() == Qt.Key.Key_Down:
            self.open_calendar()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Write the date out in full when the field is left."""
        self._settle()
        super().focusOutEvent(event)

    def _picked(self, popup: QWidget, day: QDate) -> None:
        popup.close()
        self.setText(date(day.year(), day.month(), day.day()).isoformat())
        self._settle()
        self.setFocus()

    def _settle(self) -> None:
        found = parse_date(self.text())
        if found:
            self.setText(found.isoformat())
        self.mark(bool(self.text().strip()) and found is None)
        if found != self._last:
            self._last = found
            self.date_changed.emit()


def _beside(field: QWidget, popup: QWidget) -> QPoint:
    below = field.mapToGlobal(QPoint(0, field.height() + 2))
    room = field.screen().availableGeometry()
    if below.y() + popup.height() > room.bottom():
        below = field.mapToGlobal(QPoint(0, -popup.height() - 2))
    return QPoint(max(room.left(), min(below.x(), room.right() - popup.width())), max(room.top(), below.y()))

"""The twelve months in one line: each in words and with a bar; a click shows the month."""

from typing import ClassVar

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.services.year_plan.rows import Month, YearPlan
from desktop.ui import theme
from desktop.ui.widgets.keys import Keys

MONTHS, GAP, HEIGHT = 12, 6, 52


def tone_of(month: Month) -> str:
    """Return the tone of a month's words."""
    return "bad" if month.late else "wait" if month.open else "good" if month.held else "sub"


class YearStrip(QWidget):
    """Left and right choose a month, as a click does."""

    takes: ClassVar[Keys] = (("← →", "上月、下月"),)

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.months: tuple[Month, ...] = tuple(Month(number) for number in range(1, MONTHS + 1))
        self.current = 1

    def show_plan(self, plan: YearPlan, current: int) -> None:
        """Show how the months of a year stand."""
        self.months = tuple(plan.month(number) for number in range(1, MONTHS + 1))
        self.choose(current)

    def choose(self, month: int) -> None:
        """Mark a month without telling anyone."""
        self.current = month
        self.setAccessibleName("各月：" + "，".join(f"{one.number} 月{one.words}" for one in self.months))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(MONTHS * 70, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(MONTHS * 46, HEIGHT)

    def _area(self, index: int) -> QRectF:
        wide = (self.width() - GAP * (MONTHS - 1)) / MONTHS
        return QRectF(index * (wide + GAP), 0, wide, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, month in enumerate(self.months):
            self._draw(painter, self._area(index), month)
        painter.end()

    def _draw(self, painter: QPainter, area: QRectF, month: Month) -> None:
        here = month.number == self.current
        painter.setPen(QPen(QColor(theme.RED if here else theme.LINE), 2 if here and self.hasFocus() else 1))
        painter.setBrush(QColor(theme.RED_SOFT if here else theme.CARD))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        inner = area.adjusted(7, 3, -7, 0)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(QColor(theme.RED if here else theme.INK))
        painter.drawText(QRectF(inner.left(), inner.top(), inner.width(), 20), left, f"{month.number} 月")
        painter.setFont(theme.font(12))
        painter.setPen(theme.tone_color(tone_of(month)))
        painter.drawText(QRectF(inner.left(), inner.top() + 19, inner.width(), 18), left, month.words)
        whole = month.held + month.open + month.late
        bar = QRectF(inner.left(), area.bottom() - 9, inner.width(), 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.TRACK))
        painter.drawRoundedRect(bar, 2, 2)
        x = bar.left()
        for count, colour in ((month.held, theme.GREEN_BAR), (month.late, theme.RED), (month.open, theme.SLATE_BAR)):
            if whole and count:
                wide = bar.width() * count / whole
                painter.setBrush(QColor(colour))
                painter.drawRoundedRect(QRectF(x, bar.top(), wide, 4), 2, 2)
                x += wide

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for index in range(MONTHS):
            if self._area(index).contains(event.position()):
                self._take(index + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and 1 <= self.current + step <= MONTHS:
            self._take(self.current + step)
        elif not step:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            for index, month in enumerate(self.months):
                if self._area(index).contains(event.pos().toPointF()):
                    words = f"{month.number} 月：已办 {month.held} 件，待办 {month.open} 件，缺 {month.late} 件"
                    QToolTip.showText(event.globalPos(), words, self)
                    return True
        return super().event(event)

    def _take(self, month: int) -> None:
        self.choose(month)
        self.chosen.emit(month)

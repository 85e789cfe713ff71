"""A month as a calendar: what stands on each day; things are carried from day to day, refused days are hatched."""

from calendar import monthrange
from datetime import date, timedelta
from typing import ClassVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QToolTip

from desktop.services.workdays import WEEKDAYS
from desktop.services.year_plan.rows import YearPlan
from desktop.ui import theme
from desktop.ui.widgets.keys import Keys
from desktop.ui.year_plan import chips
from desktop.ui.year_plan.chips import CHIP, Stand, stands_on

DAYS, HEAD, NUMBER, LEAST = 7, 26, 22, 66
GAP = 2
STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -DAYS,
    Qt.Key.Key_Down: DAYS,
}


class MonthGrid(QAbstractScrollArea):
    """Arrows move, Space goes through what stands on the day, Enter opens, Alt+arrows carry it, Insert adds."""

    takes: ClassVar[Keys] = (
        ("← → ↑ ↓", "前后一天、一周"),
        ("Alt+方向键", "把选中的安排挪一天、一周"),
        ("空格", "同一天的下一项"),
        ("Enter", "打开；空着的日子加一次活动"),
        ("Insert", "加一次活动"),
        ("PgUp PgDn", "上月、下月"),
    )

    opened = Signal(object)
    asked = Signal(object, QPoint)
    added = Signal(object)
    dropped = Signal(str, object)
    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.plan: YearPlan | None = None
        self.year, self.month = 2000, 1
        self.day = date(2000, 1, 1)
        self.place = 0
        self.carrying = ""
        self.over: date | None = None
        self._pressed: tuple[QPointF, Stand | None] | None = None
        self.verticalScrollBar().setSingleStep(LEAST)

    # content

    def show_month(self, plan: YearPlan, month: int, day: date | None = None) -> None:
        """Show a month of the year; the cursor stands on `day`, today, or the first."""
        turned = self.plan is None or (self.year, self.month) != (plan.year, month)
        self.plan, self.year, self.month = plan, plan.year, month
        first = date(plan.year, month, 1)
        last = first.replace(day=monthrange(plan.year, month)[1])
        if day is not None:
            self.day = day
        elif turned or not first <= self.day <= last:
            self.day, self.place = (plan.today if first <= plan.today <= last else first), 0
        self.first = first - timedelta(days=first.weekday())
        self.weeks = ((last - self.first).days // DAYS) + 1
        self._fit()
        if turned or day is not None:
            self._show_day()
        self._tell()
        self.viewport().update()

    def stands(self, day: date | None = None) -> list[Stand]:
        """Return what stands on a day (the one of the cursor)."""
        return stands_on(self.plan, day or self.day) if self.plan is not None else []

    def current(self) -> Stand | None:
        """Return what the cursor stands on."""
        found = self.stands()
        return found[self.place] if 0 <= self.place < len(found) else None

    def stand_on(self, key: str) -> None:
        """Put the cursor on what is called `key`."""
        if self.plan is None:
            return
        for number in range(self.weeks * DAYS):
            day = self.first + timedelta(days=number)
            keys = [stand.key for stand in self.stands(day)]
            if key in keys:
                self.day, self.place = day, keys.index(key)
                self._tell()
                self.viewport().update()
                return

    # geometry

    def _height(self) -> float:
        return max(LEAST, (self.viewport().height() - HEAD) / max(self.weeks, 1))

    def _room(self) -> int:
        """Return how many chips a day has room for."""
        return max(1, int((self._height() - NUMBER - 2) // (CHIP + GAP)))

    def _cell(self, day: date) -> QRectF:
        number = (day - self.first).days
        wide, high = self.viewport().width() / DAYS, self._height()
        top = HEAD + (number // DAYS) * high - self.verticalScrollBar().value()
        return QRectF((number % DAYS) * wide, top, wide, high)

    def _chip(self, day: date, place: int) -> QRectF:
        cell = self._cell(day)
        return QRectF(cell.left() + 5, cell.top() + NUMBER + place * (CHIP + GAP), cell.width() - 10, CHIP)

    def day_at(self, point: QPointF) -> date | None:
        """Return the day under a point of the viewport."""
        if self.plan is None or point.y() < HEAD:
            return None
        column = int(point.x() // (self.viewport().width() / DAYS))
        line = int((point.y() - HEAD + self.verticalScrollBar().value()) // self._height())
        return self.first + timedelta(days=line * DAYS + column) if 0 <= column < DAYS and line < self.weeks else None

    def at(self, point: QPointF) -> tuple[date | None, Stand | None]:
        """Return the day and what stands there under a point."""
        day = self.day_at(point)
        if day is None:
            return None, None
        found = self.stands(day)
        for place, stand in enumerate(found[: self._shown(found)]):
            if self._chip(day, place).contains(point):
                return day, stand
        return day, None

    def _shown(self, found: list[Stand]) -> int:
        """Return how many chips are drawn: all, or one fewer and how many more there are."""
        room = self._room()
        return len(found) if len(found) <= room else max(0, room - 1)

    def _fit(self) -> None:
        if self.plan is None:
            return
        rest = HEAD + self.weeks * self._height() - self.viewport().height()
        self.verticalScrollBar().setRange(0, max(0, round(rest)))
        self.verticalScrollBar().setPageStep(self.viewport().height())

    def sizeHint(self) -> QSize:
        return QSize(560, HEAD + 6 * LEAST)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, HEAD + 2 * LEAST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        if self.plan is not None:
            self._show_day()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def _show_day(self) -> None:
        bar, cell = self.verticalScrollBar(), self._cell(self.day)
        if cell.top() < HEAD:
            bar.setValue(bar.value() + int(cell.top() - HEAD))
        elif cell.bottom() > self.viewport().height():
            bar.setValue(bar.value() + int(cell.bottom() - self.viewport().height()) + 1)

    def _tell(self) -> None:
        self.setAccessibleName(f"{self.year} 年 {self.month} 月")
        found = self.stands()
        words = "，".join(stand.words for stand in found) or "没有安排"
        chosen = self.current()
        self.setAccessibleDescription(
            f"{self.day.month} 月 {self.day.day} 日，{words}" + (f"，选中{chosen.words}" if chosen else "")
        )

    # drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.plan is None:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(QRectF(0, HEAD, self.viewport().width(), self.viewport().height() - HEAD))
        for number in range(self.weeks * DAYS):
            self._draw_day(painter, self.plan, self.first + timedelta(days=number))
        painter.restore()
        wide = self.viewport().width() / DAYS
        painter.fillRect(QRectF(0, 0, self.viewport().width(), HEAD), QColor(theme.CARD))
        painter.setFont(theme.font(12))
        painter.setPen(QColor(theme.SUB))
        for column, name in enumerate(WEEKDAYS):
            area = QRectF(column * wide, 0, wide, HEAD - 2)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, f"周{name}")
        painter.end()

    def _draw_day(self, painter: QPainter, plan: YearPlan, day: date) -> None:
        cell, mark = self._cell(day), plan.marks.get(day, "")
        off = mark == "休" or (day.weekday() >= DAYS - 2 and mark != "班")
        outside = day.month != self.month
        painter.setPen(QPen(QColor(theme.HAIR), 1))
        painter.setBrush(QColor(theme.SOFT if off or outside else theme.CARD))
        painter.drawRect(cell)
        if day == self.day and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.SLATE_BAR), 1))
            painter.drawRect(cell.adjusted(1.5, 1.5, -1.5, -1.5))
        if self.carrying and chips.refused(plan, self.carrying, day):
            painter.fillRect(cell, QBrush(QColor(theme.LINE), Qt.BrushStyle.BDiagPattern))
        self._draw_number(painter, cell, day, outside, mark, plan.today)
        found = self.stands(day)
        shown = self._shown(found)
        for place, stand in enumerate(found[:shown]):
            chosen = day == self.day and place == self.place and self.hasFocus()
            chips.paint(painter, self._chip(day, place), stand.words, stand.tone, chosen=chosen)
        if shown < len(found):
            painter.setFont(theme.font(12))
            painter.setPen(QColor(theme.SUB))
            words = f"还有 {len(found) - shown} 件" if shown else f"{len(found)} 件"
            painter.drawText(self._chip(day, shown).adjusted(4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
        if self.carrying and day == self.over:
            self._draw_target(painter, plan, cell, day)

    def _draw_number(self, painter: QPainter, cell: QRectF, day: date, outside: bool, mark: str, today: date) -> None:
        place = QRectF(cell.left() + 6, cell.top() + 2, cell.width() - 8, NUMBER - 4)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        words = f"{day.month}-{day.day}" if outside else str(day.day)
        painter.setFont(theme.font(12, bold=not outside))
        if day == today:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.RED))
            painter.drawEllipse(QRectF(place.left() - 3, place.top(), 22, 18))
            painter.setPen(QColor(theme.CARD))
            painter.drawText(QRectF(place.left() - 3, place.top(), 22, 18), Qt.AlignmentFlag.AlignCenter, words)
            painter.setPen(QColor(theme.RED))
            painter.drawText(place.adjusted(23, 0, 0, 0), left, "今天")
        else:
            painter.setPen(QColor(theme.SUB if outside or day.weekday() >= DAYS - 2 else theme.INK))
            painter.drawText(place, left, words)
        if mark:
            painter.setFont(theme.font(12))
            painter.setPen(QColor(theme.GREEN if mark == "休" else theme.AMBER))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, mark)

    def _draw_target(self, painter: QPainter, plan: YearPlan, cell: QRectF, day: date) -> None:
        """Draw the day a thing is held over: dashed with the day in words, or why it may not lie there."""
        why = chips.refused(plan, self.carrying, day)
        painter.setPen(QPen(QColor(theme.SLATE if why else theme.RED), 2, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(theme.CARD if why else theme.RED_SOFT))
        painter.drawRoundedRect(cell.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
        painter.setFont(theme.font(12, bold=not why))
        painter.setPen(QColor(theme.SUB if why else theme.RED))
        words = why or f"{day.month}-{day.day} 放到周{WEEKDAYS[day.weekday()]}"
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.drawText(cell.adjusted(7, 4, -4, -2), flags, words)

    # by hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day, stand = self.at(event.position())
        if day is None:
            return
        self.day = day
        keys = [each.key for each in self.stands(day)]
        self.place = keys.index(stand.key) if stand is not None else 0
        self._pressed = (event.position(), stand) if event.button() == Qt.MouseButton.LeftButton else None
        self._tell()
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        start, stand = self._pressed
        far = (event.position() - start).manhattanLength() >= QApplication.startDragDistance()
        if far and stand is not None and stand.event is not None:
            self._pressed = None
            if stand.event.movable:
                chips.drag(self, stand.key, stand.event.name)
                self.end_carrying()
            else:
                self.dropped.emit(stand.key, stand.event.on)  # which says why it stays

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and pressed[1] is not None:
            self.opened.emit(pressed[1])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        day, stand = self.at(event.position())
        self._pressed = None
        if day is not None and stand is None:
            self.added.emit(day)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        stand = self.current()
        if stand is not None:
            self.asked.emit(stand, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, stand = Qt.Key(event.key()), self.current()
        step = STEPS.get(key, 0)
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if stand is not None and stand.event is not None:
                self.dropped.emit(stand.key, stand.event.on + timedelta(days=step))
        elif step:
            self._go(self.day + timedelta(days=step))
        elif key == Qt.Key.Key_Space:
            self.place = (self.place + 1) % max(1, len(self.stands()))
            self._tell()
            self.viewport().update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if stand is not None:
                self.opened.emit(stand)
            else:
                self.added.emit(self.day)
        elif key == Qt.Key.Key_Insert:
            self.added.emit(self.day)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.moved.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        else:
            super().keyPressEvent(event)

    def _go(self, day: date) -> None:
        if day.month != self.month:
            self.moved.emit(1 if day > self.day else -1)
            if self.plan is not None and (day.year, day.month) == (self.year, self.month):
                self.show_month(self.plan, self.month, day)
            return
        self.day, self.place = day, 0
        self._show_day()
        self._tell()
        self.viewport().update()

    # carried to a day

    def carry(self, key: str) -> None:
        """Hatch the days on which what is being carried may not lie."""
        self.carrying = key
        self.viewport().update()

    def end_carrying(self) -> None:
        """Show all days plainly again."""
        self.carrying, self.over = "", None
        self.viewport().update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        key = chips.key_of(event.mimeData())
        if key:
            self.carry(key)
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        day = self.day_at(event.position())
        self.over = day
        self.viewport().update()
        if self.plan is not None and day is not None and not chips.refused(self.plan, self.carrying, day):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self.end_carrying()

    def dropEvent(self, event: QDropEvent) -> None:
        key, day = chips.key_of(event.mimeData()), self.day_at(event.position())
        self.end_carrying()
        if key and day is not None:
            event.acceptProposedAction()
            self.dropped.emit(key, day)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            day, stand = self.at(event.pos().toPointF())
            words = stand.told() if stand is not None else ""
            if not words and day is not None and len(found := self.stands(day)) > self._shown(found):
                words = "\n".join(each.words for each in found)
            QToolTip.showText(event.globalPos(), words, self.viewport())
            return True
        return super().viewportEvent(event)

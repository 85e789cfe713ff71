"""The ledger as a grid: a member a line, a month a cell, quarters that are paid so as one wide cell, sums below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea

from desktop.services.dues.ledger import Ledger, QuarterSum
from desktop.services.dues.reckoning import QUARTER_MONTHS, Cell, CellState, LedgerRow
from desktop.services.dues.words import grouped, percent, yuan
from desktop.ui import theme
from desktop.ui.widgets.cut import CutWords
from desktop.ui.widgets.keys import Keys

ROW, HEAD, FOOT_LINE = 33, 32, 28
FOOT = 2 * FOOT_LINE + 6
NAME, CLASS, BASE, RATE, MONTHLY, CELL, PAID = 70, 62, 78, 44, 64, 36, 80
LEAD = (("类别", CLASS, "l"), ("基数", BASE, "r"), ("比例", RATE, "r"), ("月交", MONTHLY, "r"))
GIVE_WAY = ("类别", "比例")
"""Columns that are left out one after the other before the grid scrolls sideways."""
MONTHS = 12
EDGE = 12
LOOK = {
    CellState.PAID: ("✓", "good"),
    CellState.MADE_GOOD: ("补", "part"),
    CellState.OWED: ("欠", "solid"),
    CellState.OPEN: ("待", "run"),
    CellState.AHEAD: ("", "ahead"),
    CellState.NONE: ("—", ""),
    CellState.EXEMPT: ("免", "wait"),
    CellState.UNKNOWN: ("？", "part"),
    CellState.UNRECORDED: ("无", "wait"),
}
"""What stands in a cell, and its tone."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under a point: a row, a month of it, or the quarter of a foot."""

    row: int = -1
    month: int = 0
    base: bool = False
    quarter: int = 0


class LedgerGrid(QAbstractScrollArea):
    """Arrows move, Shift+arrows or the mouse choose several months, Enter opens, Space pays, Ctrl+C copies."""

    takes: ClassVar[Keys] = (
        ("← → ↑ ↓", "移动；按住 Shift 选几个月"),
        ("PgUp PgDn", "上十人、下十人"),
        ("空格", "按今天收这一格"),
        ("Enter", "打开这一格"),
        ("Ctrl+C", "复制选中的格"),
    )

    opened = Signal(object, int, int)
    paid = Signal(object, int)
    base_opened = Signal(object)
    quarter_opened = Signal(int)
    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setAccessibleName("党费台账")
        self.cut = CutWords(self.viewport())
        self.ledger: Ledger | None = None
        self.rows: tuple[LedgerRow, ...] = ()
        self.current, self.month, self.anchor = 0, 1, 1
        self._now = 1
        self._left_out = 0
        self._pressed = False
        self.verticalScrollBar().setSingleStep(ROW)
        self.horizontalScrollBar().setSingleStep(CELL)
        self.viewport().setMouseTracking(False)

    # content

    def show_rows(self, ledger: Ledger, rows: Sequence[LedgerRow], now: int) -> None:
        """Show some rows of a ledger; `now` is the month that runs."""
        first = self.ledger is None
        kept = self.rows[self.current].member_id if 0 <= self.current < len(self.rows) else ""
        self.ledger, self.rows, self._now = ledger, tuple(rows), now
        ids = [row.member_id for row in rows]
        self.current = ids.index(kept) if kept in ids else 0
        if first:
            self.month = self.anchor = max(1, min(MONTHS, now))
        self._fit()
        if first:
            self._show_month()
        self._tell()
        self.viewport().update()

    def row(self) -> LedgerRow | None:
        """Return the row the cursor is in."""
        return self.rows[self.current] if 0 <= self.current < len(self.rows) else None

    def chosen(self) -> tuple[int, int]:
        """Return the first and the last month chosen."""
        return min(self.anchor, self.month), max(self.anchor, self.month)

    def stand_on(self, member_id: str, month: int) -> None:
        """Put the cursor on a month of a member."""
        ids = [row.member_id for row in self.rows]
        if member_id in ids:
            self.current = ids.index(member_id)
        self.month = self.anchor = max(1, min(MONTHS, month))
        self._show_current()

    def copied(self) -> str:
        """Return what is chosen as Excel takes it: the months of all rows in view if one column, else of one row."""
        first, last = self.chosen()
        rows = self.rows if first == last else [row for row in (self.row(),) if row is not None]
        return "\n".join(
            "\t".join([row.name, *(yuan(cell.paid_fen) for cell in row.cells[first - 1 : last])]) for row in rows
        )

    # geometry

    @property
    def _lead(self) -> int:
        return sum(self._wide(title, wide) for title, wide, _align in LEAD)

    def _wide(self, title: str, wide: int) -> int:
        """Return how wide a column between name and months is, 0 where it gives way."""
        return 0 if title in GIVE_WAY[: self._left_out] else wide

    def _whole(self) -> int:
        return EDGE + NAME + self._lead + MONTHS * CELL + PAID + EDGE

    def _x(self, month: int) -> int:
        """Return where a month begins, scrolled."""
        return EDGE + NAME + self._lead + (month - 1) * CELL - self.horizontalScrollBar().value()

    def _y(self, line: int) -> int:
        return HEAD + line * ROW - self.verticalScrollBar().value()

    def _fit(self) -> None:
        view = self.viewport().size()
        self._left_out = 0
        while self._left_out < len(GIVE_WAY) and self._whole() > view.width():
            self._left_out += 1
        rest = max(0, len(self.rows) * ROW - (view.height() - HEAD - FOOT))
        self.verticalScrollBar().setRange(0, rest)
        self.verticalScrollBar().setPageStep(max(ROW, view.height() - HEAD - FOOT))
        self.horizontalScrollBar().setRange(0, max(0, self._whole() - view.width()))
        self.horizontalScrollBar().setPageStep(view.width())

    def sizeHint(self) -> QSize:
        lead = sum(wide for _title, wide, _align in LEAD)
        return QSize(self._whole() - self._lead + lead, HEAD + FOOT + 8 * ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, HEAD + FOOT + 2 * ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._show_month()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def _show_month(self) -> None:
        """Scroll sideways until the quarter of the month is seen."""
        bar = self.horizontalScrollBar()
        last = -(-self.month // QUARTER_MONTHS) * QUARTER_MONTHS
        right = EDGE + NAME + self._lead + last * CELL
        left = self._lead + (last - QUARTER_MONTHS) * CELL
        if right - bar.value() > self.viewport().width():
            bar.setValue(right - self.viewport().width() + EDGE)
        elif left < bar.value():
            bar.setValue(max(0, left))

    def _show_current(self) -> None:
        bar, room = self.verticalScrollBar(), self.viewport().height() - HEAD - FOOT
        top = self.current * ROW
        if top < bar.value():
            bar.setValue(top)
        elif top + ROW > bar.value() + room:
            bar.setValue(top + ROW - room)
        self._show_month()
        self._tell()
        self.viewport().update()

    def _tell(self) -> None:
        row = self.row()
        if row is not None:
            cell = row.cells[self.month - 1]
            self.setAccessibleDescription(f"{row.name}，{self.month}月，{cell.state.label}，{yuan(cell.paid_fen)}元")
        self.moved.emit()

    # drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.ledger is None:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = self.viewport().size()
        bottom = size.height() - FOOT
        painter.save()
        painter.setClipRect(QRectF(0, HEAD, size.width(), max(0, bottom - HEAD)))
        for line in range(len(self.rows)):
            y = self._y(line)
            if y + ROW > HEAD and y < bottom:
                self._draw_row(painter, line, y, size.width())
        painter.restore()
        self._draw_head(painter, size.width())
        self._draw_foot(painter, bottom, size.width())
        painter.end()

    def _words(
        self, painter: QPainter, area: QRectF, words: str, tone: str = "", *, align: str = "l", px: int = 13,
        bold: bool = False,
    ) -> None:  # fmt: skip
        flags = {"l": Qt.AlignmentFlag.AlignLeft, "r": Qt.AlignmentFlag.AlignRight, "c": Qt.AlignmentFlag.AlignHCenter}
        painter.setFont(theme.font(px, bold=bold))
        painter.setPen(theme.tone_color(tone))
        self.cut.draw(painter, area, words, Qt.AlignmentFlag.AlignVCenter | flags[align])

    def _draw_head(self, painter: QPainter, width: int) -> None:
        painter.save()
        painter.setClipRect(QRectF(EDGE + NAME, 0, width, HEAD))
        x = EDGE + NAME - self.horizontalScrollBar().value()
        for title, wide, align in LEAD:
            if self._wide(title, wide):
                self._words(painter, QRectF(x, 0, wide - 8, HEAD), title, "sub", align=align)
                x += wide
        for month in range(1, MONTHS + 1):
            area = QRectF(self._x(month), 0, CELL, HEAD)
            running = month == self._now
            self._words(painter, area, f"{month}月", "" if running else "sub", align="c", px=12, bold=running)
        self._words(painter, QRectF(self._x(MONTHS + 1), 0, PAID - 8, HEAD), "已交", "sub", align="r")
        painter.restore()
        self._words(painter, QRectF(EDGE, 0, NAME, HEAD), "姓名", "sub")
        painter.setPen(QColor(theme.LINE))
        painter.drawLine(QPointF(0, HEAD - 0.5), QPointF(width, HEAD - 0.5))

    def _draw_row(self, painter: QPainter, line: int, y: int, width: int) -> None:
        row, chosen = self.rows[line], line == self.current
        area = QRectF(0, y, width, ROW)
        if chosen:
            painter.fillRect(area, QColor(theme.RED_SOFT))
            painter.fillRect(QRectF(0, y, 3, ROW), QColor(theme.RED))
        painter.setPen(QColor(theme.HAIR))
        painter.drawLine(QPointF(0, y + ROW - 0.5), QPointF(width, y + ROW - 0.5))
        painter.save()
        top = max(y, HEAD)
        below = min(y + ROW, self.viewport().height() - FOOT)
        painter.setClipRect(QRectF(EDGE + NAME, top, width, below - top))
        x = EDGE + NAME - self.horizontalScrollBar().value()
        monthly = "未核定" if row.monthly_fen is None else yuan(row.monthly_fen)
        base = grouped(row.base_fen) or "—"
        told = (
            row.dues_class.label[:4],
            f"{base}*" if row.provisional and row.base_fen is not None else base,
            percent(row.rate_ppm) or "—",
            monthly,
        )
        for (title, wide, align), words in zip(LEAD, told, strict=True):
            if self._wide(title, wide):
                bold = title == "月交"
                self._words(painter, QRectF(x, y, wide - 8, ROW), words, "" if bold else "sub", align=align, bold=bold)
                x += wide
        self._draw_cells(painter, row, y, chosen)
        self._words(painter, QRectF(self._x(MONTHS + 1), y, PAID - 8, ROW), grouped(row.paid_fen), align="r")
        painter.restore()
        self._words(painter, QRectF(EDGE, y, NAME - 6, ROW), row.name, px=14)

    def _draw_cells(self, painter: QPainter, row: LedgerRow, y: int, chosen: bool) -> None:
        month = 1
        while month <= MONTHS:
            cell = row.cells[month - 1]
            wide = 1
            if cell.quarterly and (month - 1) % QUARTER_MONTHS == 0:
                quarter = row.cells[month - 1 : month - 1 + QUARTER_MONTHS]
                if all(each.quarterly and each.due_fen for each in quarter) and len({e.state for e in quarter}) == 1:
                    wide = QUARTER_MONTHS
            area = QRectF(self._x(month) + 3, y + 6, wide * CELL - 6, ROW - 12)
            self._draw_cell(painter, area, cell, month + wide - 1 if wide > 1 else 0)
            month += wide
        if chosen and self.hasFocus():
            first, last = self.chosen()
            painter.setPen(QColor(theme.INK))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            frame = QRectF(self._x(first) + 1.5, y + 4.5, (last - first + 1) * CELL - 3, ROW - 9)
            painter.drawRoundedRect(frame, 5, 5)

    def _draw_cell(self, painter: QPainter, area: QRectF, cell: Cell, quarter_ends: int) -> None:
        mark, tone = LOOK[cell.state]
        if quarter_ends:
            waits = cell.state in (CellState.OPEN, CellState.AHEAD)
            mark = f"按季，{quarter_ends}月交" if waits else f"按季{mark}"
        if not tone:
            self._words(painter, area, mark, "sub", align="c", px=12)
            return
        text, fill, border = theme.TONES.get(tone, (theme.SUB, theme.LANE, theme.LANE))
        painter.setPen(QColor(border))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(theme.font(12, bold=tone == "solid"))
        painter.setPen(QColor(text))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, mark)

    def _draw_foot(self, painter: QPainter, top: int, width: int) -> None:
        ledger = self.ledger
        if ledger is None:
            return
        painter.fillRect(QRectF(0, top, width, FOOT), QColor(theme.CARD))
        painter.setPen(QColor(theme.LINE))
        painter.drawLine(QPointF(0, top + 0.5), QPointF(width, top + 0.5))
        first = QRectF(EDGE, top + 4, NAME + self._lead, FOOT_LINE)
        painter.save()
        painter.setClipRect(QRectF(EDGE + NAME, top, width, FOOT))
        for sums in ledger.months:
            area = QRectF(self._x(sums.month), top + 4, CELL, FOOT_LINE)
            words = f"{sums.settled}/{sums.payers}" if sums.payers and sums.month <= self._now else "—"
            tone = "bad" if sums.owing else "sub"
            self._words(painter, area, words, tone, align="c", px=12)
        for quarter in ledger.quarters:
            self._draw_quarter(painter, quarter, top + 4 + FOOT_LINE)
        paid = QRectF(self._x(MONTHS + 1), top + 4 + FOOT_LINE, PAID - 8, FOOT_LINE)
        self._words(painter, paid, grouped(ledger.paid_fen), align="r", bold=True)
        painter.restore()
        lead = EDGE + NAME + self._lead - self.horizontalScrollBar().value()
        shown = QRectF(first.left(), first.top(), max(NAME, min(first.width(), lead - EDGE - 6)), FOOT_LINE)
        painter.fillRect(QRectF(0, top + 1, EDGE + NAME, FOOT - 1), QColor(theme.CARD))
        wide = shown.width() > NAME + 60
        self._words(painter, shown, "交齐人数 / 应交" if wide else "交齐 / 应交", bold=True)
        self._words(painter, shown.translated(0, FOOT_LINE), "各季实收，元" if wide else "各季实收", "sub")

    def _draw_quarter(self, painter: QPainter, quarter: QuarterSum, y: int) -> None:
        x = self._x((quarter.quarter - 1) * QUARTER_MONTHS + 1)
        area = QRectF(x + 2, y, QUARTER_MONTHS * CELL - 4, FOOT_LINE)
        if quarter.quarter > 1:
            painter.setPen(QColor(theme.LINE))
            painter.drawLine(QPointF(x - 0.5, y - FOOT_LINE), QPointF(x - 0.5, y + FOOT_LINE))
        words, tone = quarter_state(quarter)
        if not quarter.paid_fen:
            return
        painter.setFont(theme.font(12, bold=True))
        amount = grouped(quarter.paid_fen)
        used = painter.fontMetrics().horizontalAdvance(amount) + 5
        self._words(painter, area, amount, px=12, bold=True)
        self._words(painter, area.adjusted(used, 0, 0, 0), words, tone, px=12)

    # mouse and keys

    def _hit(self, at: QPointF) -> Hit:
        bottom = self.viewport().height() - FOOT
        month = int((at.x() - self._x(1)) // CELL) + 1 if at.x() >= max(self._x(1), EDGE + NAME) else 0
        month = month if 1 <= month <= MONTHS else 0
        if at.y() >= bottom:
            return Hit(quarter=-(-month // QUARTER_MONTHS) if month else 0)
        line = int((at.y() - HEAD + self.verticalScrollBar().value()) // ROW) if at.y() >= HEAD else -1
        return Hit(line if line < len(self.rows) else -1, month, not month and EDGE + NAME <= at.x() < self._x(1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        hit = self._hit(event.position())
        if hit.quarter:
            self.quarter_opened.emit(hit.quarter)
        elif hit.row >= 0:
            self.current = hit.row
            if hit.month:
                self.month = self.anchor = hit.month
                self._pressed = True
            self._show_current()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hit = self._hit(event.position())
        if self._pressed and hit.month:
            self.month = hit.month
            self._show_current()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        hit, row = self._hit(event.position()), self.row()
        if row is not None and self._pressed:
            self._pressed = False
            self.opened.emit(row, *self.chosen())
        elif row is not None and hit.base and hit.row == self.current:
            self.base_opened.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, choose, open, pay, copy."""
        key, row = event.key(), self.row()
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        lines = {
            Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10,
        }  # fmt: skip
        if key in steps:
            self.month = max(1, min(MONTHS, self.month + steps[Qt.Key(key)]))
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.anchor = self.month
            self._show_current()
        elif key in lines:
            self.current = max(0, min(len(self.rows) - 1, self.current + lines[Qt.Key(key)]))
            self.anchor = self.month
            self._show_current()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.opened.emit(row, *self.chosen())
        elif key == Qt.Key.Key_Space and row is not None:
            self.paid.emit(row, self.month)
        elif key == Qt.Key.Key_C and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            QGuiApplication.clipboard().setText(self.copied())
        else:
            super().keyPressEvent(event)


def quarter_state(quarter: QuarterSum) -> tuple[str, str]:
    """Return in a word what became of the money of a quarter, and its tone."""
    if quarter.paid_fen and not quarter.to_remit_fen and quarter.remitted_fen:
        return "已上缴", "good"
    return ("待上缴", "part") if quarter.over else ("收缴中", "wait")

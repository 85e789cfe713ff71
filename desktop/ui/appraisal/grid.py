"""Ballots and grades as a grid: a member a line, sums, their distribution, and the grade people choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea

from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.appraisal.rows import Line
from desktop.ui import theme
from desktop.ui.widgets.cards import paint_meter
from desktop.ui.widgets.cut import CutWords
from desktop.ui.widgets.keys import Keys

ROW, HEAD, EDGE = 31, 32, 14
NAME, VOTE, GRADE, NOTE, BAR = 92, 66, 118, 118, 150
BAR_FROM, NOTE_FROM = 640, 520
"""From which width on the distribution and the note have room."""
TONES = ("good", "wait", "part", "bad")
"""Of the grades in a distribution of ballots."""
KEYS = {
    Qt.Key.Key_1: AppraisalGrade.EXCELLENT,
    Qt.Key.Key_2: AppraisalGrade.QUALIFIED,
    Qt.Key.Key_3: AppraisalGrade.BASICALLY_QUALIFIED,
    Qt.Key.Key_4: AppraisalGrade.UNQUALIFIED,
    Qt.Key.Key_0: None,
    Qt.Key.Key_Delete: None,
    Qt.Key.Key_Backspace: None,
}
OPEN = "待定"


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with what is said beside it."""

    line: Line
    note: str = ""
    tone: str = "sub"


class GradeGrid(QAbstractScrollArea):
    """Arrows move, 1–4 choose the grade of the row, 0 leaves it open, Enter opens it, a click on the grade offers."""

    takes: ClassVar[Keys] = (
        ("↑ ↓", "上一人、下一人"),
        ("PgUp PgDn", "上十人、下十人"),
        ("1 2 3 4", "定为优秀、合格、基本合格、不合格"),
        ("0 Delete", "回到待定"),
        ("Enter", "打开这一人"),
    )

    chosen = Signal(object, object)
    offered = Signal(object, QPointF)
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("民主测评和等次")
        self.cut = CutWords(self.viewport())
        self.rows: tuple[Shown, ...] = ()
        self.valid: int | None = None
        self.settled = False
        self.current = 0
        self.verticalScrollBar().setSingleStep(ROW)

    def show_rows(self, rows: Sequence[Shown], valid: int | None, *, settled: bool) -> None:
        """Show lines; `settled`: the grades are set and no key changes them."""
        kept = self.rows[self.current].line.member_id if 0 <= self.current < len(self.rows) else ""
        self.rows, self.valid, self.settled = tuple(rows), valid, settled
        ids = [row.line.member_id for row in rows]
        self.current = ids.index(kept) if kept in ids else 0
        self._fit()
        self._tell()
        self.viewport().update()

    def line(self) -> Line | None:
        """Return the line the cursor is in."""
        return self.rows[self.current].line if 0 <= self.current < len(self.rows) else None

    def stand_on(self, member_id: str) -> None:
        """Put the cursor on a member."""
        ids = [row.line.member_id for row in self.rows]
        if member_id in ids:
            self._move_to(ids.index(member_id))

    # geometry

    def _y(self, line: int) -> int:
        return HEAD + line * ROW - self.verticalScrollBar().value()

    def _columns(self) -> tuple[float, float, float, float, float]:
        """Return where votes, bar, grade and note begin, and how wide the bar is."""
        wide = self.viewport().width()
        note = NOTE if wide >= NOTE_FROM else 0
        bar = BAR if wide >= BAR_FROM else 0
        spare = max(0, wide - 2 * EDGE - NAME - 4 * VOTE - bar - GRADE - note)
        votes = EDGE + NAME + min(spare * 0.35, 60)
        at = votes + 4 * VOTE + 14
        grade = at + (bar + min(spare * 0.3, 60) if bar else 0)
        return votes, at, grade, grade + GRADE, (bar + min(spare * 0.3, 60) - 22) if bar else 0

    def _fit(self) -> None:
        room = self.viewport().height() - HEAD
        self.verticalScrollBar().setRange(0, max(0, len(self.rows) * ROW - room))
        self.verticalScrollBar().setPageStep(max(ROW, room))

    def sizeHint(self) -> QSize:
        return QSize(700, HEAD + 8 * ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(EDGE * 2 + NAME + 4 * VOTE + GRADE, HEAD + 2 * ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    # drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = self.viewport().size()
        painter.save()
        painter.setClipRect(QRectF(0, HEAD, size.width(), max(0, size.height() - HEAD)))
        for number in range(len(self.rows)):
            y = self._y(number)
            if y + ROW > HEAD and y < size.height():
                self._draw_row(painter, number, y, size.width())
        painter.restore()
        votes, bar, grade, _note, wide = self._columns()
        self._words(painter, QRectF(EDGE, 0, NAME, HEAD), "姓名", "sub")
        for number, each in enumerate(AppraisalGrade):
            self._words(painter, QRectF(votes + number * VOTE, 0, VOTE, HEAD), each.label, "sub", right=True)
        if wide:
            self._words(painter, QRectF(bar + 8, 0, wide, HEAD), "票的分布", "sub")
        self._words(painter, QRectF(grade, 0, GRADE, HEAD), "支委会定为", "sub")
        painter.setPen(QColor(theme.LINE))
        painter.drawLine(QPointF(0, HEAD - 0.5), QPointF(size.width(), HEAD - 0.5))
        painter.end()

    def _words(
        self, painter: QPainter, area: QRectF, words: str, tone: str = "", *, right: bool = False, bold: bool = False,
        px: int = 13,
    ) -> None:  # fmt: skip
        painter.setFont(theme.font(px, bold=bold))
        painter.setPen(theme.tone_color(tone))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self.cut.draw(painter, area, words, Qt.AlignmentFlag.AlignVCenter | side)

    def _draw_row(self, painter: QPainter, number: int, y: int, width: int) -> None:
        row, here = self.rows[number], number == self.current
        line = row.line
        if here:
            painter.fillRect(QRectF(0, y, width, ROW), QColor(theme.RED_SOFT))
            painter.fillRect(QRectF(0, y, 3, ROW), QColor(theme.RED))
        painter.setPen(QColor(theme.HAIR))
        painter.drawLine(QPointF(0, y + ROW - 0.5), QPointF(width, y + ROW - 0.5))
        votes, bar, grade, note, wide = self._columns()
        self._words(painter, QRectF(EDGE, y, votes - EDGE, ROW), line.name, px=14)
        wrong = line.difference(self.valid)
        for place, vote in enumerate(line.votes):
            area = QRectF(votes + place * VOTE, y, VOTE, ROW)
            tone = "bad" if wrong else "" if vote else "sub"
            self._words(
                painter, area, "—" if vote is None else str(vote), tone, right=True, bold=place == 0 and bool(vote)
            )
        if wide and line.counted:
            area = QRectF(bar + 8, y + ROW / 2 - 2.5, wide, 5)
            parts = [(float(vote or 0), tone) for vote, tone in zip(line.votes, TONES, strict=True)]
            paint_meter(painter, area, float(sum(vote or 0 for vote in line.votes)), parts)
        self._draw_grade(painter, QRectF(grade, y + 3, GRADE - 14, ROW - 7), line, row.tone == "bad")
        if note + 20 < width:
            words, tone = (f"合计差 {wrong:+d} 票", "bad") if wrong else (row.note, row.tone)
            self._words(painter, QRectF(note, y, width - note - 4, ROW), words, tone, px=12)

    def _draw_grade(self, painter: QPainter, area: QRectF, line: Line, over: bool) -> None:
        label = line.grade.label if line.grade is not None else OPEN
        if self.settled:
            self._words(painter, area, label, "" if line.grade else "sub", bold=True)
            return
        painter.setPen(QColor(theme.RED if over else theme.EDGE))
        painter.setBrush(QColor(theme.CARD))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        inner = area.adjusted(9, 0, -22, 0)
        self._words(painter, inner, label, "" if line.grade else "sub", bold=line.grade is not None)
        mark = theme.pixmap("chevron-down", theme.SUB, 14, self.devicePixelRatioF())
        painter.drawPixmap(int(area.right() - 20), int(area.center().y() - 7), mark)

    # mouse and keys

    def _move_to(self, number: int) -> None:
        if not self.rows:
            return
        self.current = max(0, min(len(self.rows) - 1, number))
        bar, room, top = self.verticalScrollBar(), self.viewport().height() - HEAD, self.current * ROW
        if top < bar.value():
            bar.setValue(top)
        elif top + ROW > bar.value() + room:
            bar.setValue(top + ROW - room)
        self._tell()
        self.viewport().update()

    def _tell(self) -> None:
        line = self.line()
        if line is not None:
            said = "，".join(
                f"{grade.label}{vote if vote is not None else '没有登记'}"
                for grade, vote in zip(AppraisalGrade, line.votes, strict=True)
            )
            label = line.grade.label if line.grade else OPEN
            self.setAccessibleDescription(f"{line.name}，{said}，定为{label}，{self.rows[self.current].note}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        number = int((at.y() - HEAD + self.verticalScrollBar().value()) // ROW) if at.y() >= HEAD else -1
        if not 0 <= number < len(self.rows):
            return
        self._move_to(number)
        _votes, _bar, grade, note, _wide = self._columns()
        if grade <= at.x() < note and not self.settled:
            self.offered.emit(self.rows[number].line, QPointF(grade, self._y(number) + ROW - 3))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        line = self.line()
        if line is not None and event.position().y() >= HEAD:
            self.opened.emit(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, choose a grade, open."""
        key, line = Qt.Key(event.key()), self.line()
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
        if key in by:
            self._move_to(self.current + by[key])
        elif key in KEYS and line is not None and not self.settled:
            self.chosen.emit(line, KEYS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and line is not None:
            self.opened.emit(line)
        else:
            super().keyPressEvent(event)

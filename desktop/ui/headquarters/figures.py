"""The drawings of the statistics: groups by dimension as a heat table, and how many branches each class has."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen

from desktop.ui import theme
from desktop.ui.race.explain import BAR_TONES
from desktop.ui.widgets.charts import Chart
from desktop.ui.widgets.keys import Keys

LABEL, HEAD, ROW, GAP = 112.0, 26.0, 34.0, 3.0
BAR_ROW, BAR = 26.0, 18.0
MOST = 0.3
"""Of the width for names, at most."""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One group: its name, the rate of each column, None where there is none, and the mean over all of them."""

    key: str
    name: str
    values: tuple[float | None, ...]
    mean: str = ""


def _room(chart: Chart, names: Iterable[str]) -> float:
    """Return the width for the names beside a drawing: that of the longest, unless it takes too much."""
    metrics = QFontMetricsF(theme.font(12))
    longest = max((metrics.horizontalAdvance(name) for name in names), default=0.0)
    return max(LABEL, min(longest + 10, chart.width() * MOST))


class Heat(Chart):
    """Rates by group and dimension, coloured by what they mean. Arrows move, Enter or a click opens what is behind.

    The column after the last dimension is the mean of all of them.
    """

    takes: ClassVar[Keys] = (
        ("← → ↑ ↓", "移动"),
        ("Enter", "看是哪些支部、哪条记录"),
    )

    chosen = Signal(str, int)

    def __init__(self, name: str, tone: Callable[[float], str]) -> None:
        super().__init__(name)
        self._tone = tone
        self._name, self._heads, self._mean = name, tuple[str, ...](), ""
        self._rows, self._at = tuple[HeatRow, ...](), (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(480, int(HEAD + ROW * max(1, len(self._rows))))

    def show_rows(self, heads: Sequence[str], rows: Sequence[HeatRow], mean: str = "") -> None:
        """Show the groups, each with a value under every head, and its mean in the last column, headed `mean`."""
        self._heads, self._rows, self._at = tuple(heads), tuple(rows), (0, 0)
        self._mean = mean
        said = [
            f"{each.name} "
            + "、".join(f"{head} {_words(v)}" for head, v in zip(heads, each.values, strict=True))
            + (f"、{mean} {each.mean}" if mean else "")
            for each in rows
        ]
        self.setAccessibleName(f"{self._name}：{'；'.join(said)}")
        self.setMinimumHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw heads, names and cells."""
        center = Qt.AlignmentFlag.AlignCenter
        painter.setPen(QColor(theme.SUB))
        for number, head in enumerate((*self._heads, self._mean)):
            self.cut.draw(painter, self._place(-1, number), head, center)
        for line, each in enumerate(self._rows):
            painter.setPen(QColor(theme.INK))
            name = self._place(line, 0)
            name.setLeft(area.left())
            name.setRight(self._place(line, 0).left() - 6)
            self.cut.draw(painter, name, each.name)
            for number, value in enumerate(each.values):
                self._cell(painter, self._place(line, number), value, at=self._at == (line, number))
            if self._mean:
                self._whole(painter, line, each.mean)

    def _cell(self, painter: QPainter, place: QRectF, value: float | None, *, at: bool) -> None:
        ink, fill = (theme.SUB, theme.TRACK) if value is None else theme.TONES[self._tone(value)][:2]
        framed = at and self.hasFocus()
        painter.setPen(QPen(QColor(theme.RED), 2) if framed else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 4, 4)
        painter.setPen(QColor(ink))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, _words(value))

    def _whole(self, painter: QPainter, line: int, words: str) -> None:
        number = len(self._heads)
        place = self._place(line, number)
        if self._at == (line, number) and self.hasFocus():
            painter.setPen(QPen(QColor(theme.RED), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 4, 4)
        painter.setPen(QColor(theme.INK))
        painter.setFont(theme.font(12, bold=True))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
        painter.setFont(theme.font(12))

    @property
    def _columns(self) -> int:
        return len(self._heads) + bool(self._mean)

    def _place(self, line: int, number: int) -> QRectF:
        label = _room(self, (each.name for each in self._rows))
        width = (self.width() - label) / max(1, self._columns)
        if line < 0:
            return QRectF(label + width * number, 0, width, HEAD)
        return QRectF(label + width * number + GAP / 2, HEAD + ROW * line + GAP / 2, width - GAP, ROW - GAP)

    def _choose(self) -> None:
        line, number = self._at
        if line < len(self._rows) and number < self._columns:
            self.chosen.emit(self._rows[line].key, number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for line in range(len(self._rows)):
            for number in range(self._columns):
                if self._place(line, number).contains(event.position()):
                    self._at = (line, number)
                    self.update()
                    self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line, number = self._at
        moved = {
            Qt.Key.Key_Left: (line, number - 1),
            Qt.Key.Key_Right: (line, number + 1),
            Qt.Key.Key_Up: (line - 1, number),
            Qt.Key.Key_Down: (line + 1, number),
        }.get(Qt.Key(event.key()))
        if moved is not None and 0 <= moved[0] < len(self._rows) and 0 <= moved[1] < self._columns:
            self._at = moved
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def _words(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}"


class ClassBars(Chart):
    """How many branches of each group are in each class, as parts of one bar a group."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._name = name
        self._groups = tuple[tuple[str, Sequence[tuple[str, str, int]]], ...]()

    def sizeHint(self) -> QSize:
        return QSize(240, int(BAR_ROW * max(1, len(self._groups))))

    def show_groups(self, groups: Sequence[tuple[str, Sequence[tuple[str, str, int]]]]) -> None:
        """Show each group by name with the id, name and number of every class that occurs."""
        self._groups = tuple(groups)
        said = [f"{name} " + "、".join(f"{label} {count}" for _, label, count in parts) for name, parts in groups]
        self.setAccessibleName(f"{self._name}：{'；'.join(said) or '还没有计分'}")
        self.setMinimumHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the names and the bars; the longest fills the width."""
        most = max((sum(count for *_, count in parts) for _, parts in self._groups), default=0)
        label = _room(self, (name for name, _ in self._groups))
        for line, (name, parts) in enumerate(self._groups):
            y = area.top() + BAR_ROW * line
            painter.setPen(QColor(theme.INK))
            self.cut.draw(painter, QRectF(area.left(), y, label - 8, BAR_ROW), name)
            x = area.left() + label
            for class_id, _label, count in parts:
                width = (area.width() - label) * count / most
                place = QRectF(QPointF(x, y + (BAR_ROW - BAR) / 2), QPointF(x + width - 2, y + (BAR_ROW + BAR) / 2))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.BARS[BAR_TONES[class_id]]))
                painter.drawRoundedRect(place, 3, 3)
                painter.setPen(QColor(theme.CARD if BAR_TONES[class_id] == "solid" else theme.INK))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(count))
                x += width

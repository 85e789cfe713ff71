"""Charts drawn by hand: ring, radar, horizontal bars, trend. Each says its figures to a screen reader."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.services.numbers import points
from desktop.ui import theme
from desktop.ui.widgets.cut import CutWords


class Chart(QWidget):
    """A drawing that fills its widget."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.cut = CutWords(self)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(270, 200)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(12))
        self.draw(painter, QRectF(self.rect()))
        painter.end()

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw into `area`.

        Raises:
            NotImplementedError: every chart draws in its own way.
        """
        raise NotImplementedError


class Ring(Chart):
    """Parts of a whole as a ring, with one number in its middle."""

    def __init__(self, name: str = "得分环图", thickness: int = 13) -> None:
        super().__init__(name)
        self._name, self._thickness = name, thickness
        self._full, self._parts, self._big, self._small = 1.0, (), "—", ""
        self.setMinimumSize(120, 120)

    _parts: tuple[tuple[float, str, str], ...]

    def show_parts(self, full: float, parts: Sequence[tuple[float, str, str]], big: str, small: str) -> None:
        """Show `parts` as (value, colour, name) of `full`, with `big` over `small` inside."""
        self._full, self._parts, self._big, self._small = full, tuple(parts), big, small
        said = "、".join(f"{name} {points(value)}" for value, _color, name in parts)
        self.setAccessibleName(f"{self._name}：{big} {small}；满分 {points(full)}，{said}")
        self.update()

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the parts on their track, the number in the middle."""
        side = min(area.width(), area.height()) - self._thickness - 2
        body = QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side)
        flat = Qt.PenCapStyle.FlatCap
        painter.setPen(QPen(QColor(theme.TRACK), self._thickness, Qt.PenStyle.SolidLine, flat))
        painter.drawArc(body, 0, 360 * 16)
        at = 90 * 16
        for value, color, _name in self._parts:
            span = -round(360 * 16 * value / self._full) if self._full else 0
            painter.setPen(QPen(QColor(theme.now(color)), self._thickness, Qt.PenStyle.SolidLine, flat))
            painter.drawArc(body, at, span)
            at += span
        painter.setFont(theme.font(28, bold=True))
        painter.setPen(QColor(theme.INK))
        painter.drawText(body.adjusted(0, -8, 0, -8), Qt.AlignmentFlag.AlignCenter, self._big)
        painter.setFont(theme.font(12))
        painter.setPen(QColor(theme.SUB))
        painter.drawText(body.adjusted(0, 36, 0, 36), Qt.AlignmentFlag.AlignCenter, self._small)


def _written(value: float | None) -> str:
    return "待评" if value is None else str(round(value))


class Radar(Chart):
    """Axes round a centre. The last series is the subject, the others are dashed references. A label opens its list."""

    chosen = Signal(int)

    def __init__(self, name: str = "雷达图") -> None:
        super().__init__(name)
        self._name = name
        self._labels: tuple[str, ...] = ()
        self._series: tuple[tuple[str, tuple[float | None, ...]], ...] = ()
        self._full = 100.0
        self._spots: list[QRectF] = []
        self.setMinimumSize(270, 190)
        self.setMouseTracking(True)

    def show_series(
        self,
        labels: Sequence[str],
        series: Sequence[tuple[str, str, Sequence[float | None]]],
        full: float = 100.0,
        *,
        with_values: bool = False,
    ) -> None:
        """Show `series` as (colour, name, values) along `labels`, None where there is no value yet; `with_values` puts
        those of the subject behind the labels."""
        self._full = full
        self._series = tuple((color, tuple(values)) for color, _name, values in series)
        subject = series[-1][2] if series and with_values else [None] * len(labels)
        own = [f" {_written(value)}" if with_values else "" for value in subject]
        self._labels = tuple(f"{label}{value}" for label, value in zip(labels, own, strict=True))
        said = [
            f"{name} " + "、".join(f"{label} {_written(value)}" for label, value in zip(labels, values, strict=True))
            for _color, name, values in reversed(series)
        ]
        self.setAccessibleName(f"{self._name}：{'；'.join(said)}")
        self.update()

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the web, the shape, and the names around it."""
        count = len(self._labels)
        if not count:
            return
        metrics, centre = painter.fontMetrics(), area.center()
        widest = max(metrics.horizontalAdvance(label) for label in self._labels)
        radius = max(30.0, min(area.width() / 2 - widest - 10, area.height() / 2 - metrics.height() - 8))
        angles = [math.radians(-90 + 360 * index / count) for index in range(count)]

        def point(index: int, share: float) -> QPointF:
            reach = radius * max(0.0, min(share, 1.0))
            return QPointF(centre.x() + reach * math.cos(angles[index]), centre.y() + reach * math.sin(angles[index]))

        painter.setPen(QPen(QColor(theme.LINE), 1))
        for share in (0.25, 0.5, 0.75, 1):
            painter.drawPolygon(QPolygonF([point(index, share) for index in range(count)]))
        for index in range(count):
            painter.drawLine(centre, point(index, 1))
        for number, (color, values) in enumerate(self._series):
            subject = number == len(self._series) - 1
            fill = QColor(theme.now(color))
            fill.setAlpha(34 if subject else 0)
            style = Qt.PenStyle.SolidLine if subject else Qt.PenStyle.DashLine
            painter.setPen(QPen(QColor(theme.now(color)), 2 if subject else 1.5, style))
            painter.setBrush(fill)
            painter.drawPolygon(
                QPolygonF([point(index, (value or 0) / self._full) for index, value in enumerate(values)])
            )
            if subject:
                painter.setBrush(QColor(theme.now(color)))
                painter.setPen(Qt.PenStyle.NoPen)
                for index, value in enumerate(values):
                    painter.drawEllipse(point(index, (value or 0) / self._full), 2.6, 2.6)
        painter.setPen(QColor(theme.INK))
        self._spots = []
        for index, label in enumerate(self._labels):
            tip, width = point(index, 1), metrics.horizontalAdvance(label)
            across, down = math.cos(angles[index]), math.sin(angles[index])
            x = tip.x() + 7 * across - (width if across < -0.2 else width / 2 if across < 0.2 else 0)
            rise = metrics.ascent() if down > 0.5 else -metrics.descent() if down < -0.5 else metrics.ascent() / 2 - 1
            y = tip.y() + 9 * down + rise
            painter.drawText(QPointF(x, y), label)
            self._spots.append(QRectF(x - 3, y - metrics.ascent() - 2, width + 6, metrics.height() + 4))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = any(spot.contains(event.position()) for spot in self._spots)
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for index, spot in enumerate(self._spots):
            if spot.contains(event.position()):
                self.chosen.emit(index)

"""The steps of a longer work: what is done, where it stands, what is still to come."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui import theme

HEIGHT, DOT, LINE, GAP = 32, 22, 30, 6


class Steps(QWidget):
    """Numbered steps in a line. Without room for all names it shows the name of the step it is at only."""

    def __init__(self, names: Sequence[str], name: str = "步骤") -> None:
        super().__init__()
        self._names, self._name = tuple(names), name
        self.at = 0
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.go_to(0)

    def go_to(self, step: int) -> None:
        """Stand at `step`, counted from 0; the number of steps itself says that all are done."""
        self.at = step
        done = step >= len(self._names)
        where = "已完成" if done else f"第 {step + 1} 步“{self._names[step]}”，共 {len(self._names)} 步"
        self.setAccessibleName(f"{self._name}：{where}")
        self.setToolTip(where)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._whole(), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(bold=True))
        longest = max(metrics.horizontalAdvance(name) for name in self._names)
        return QSize(len(self._names) * (DOT + GAP) + longest + GAP, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = self.width() >= self._whole()
        left = 0.0
        for number, name in enumerate(self._names):
            self._dot(painter, QRectF(left + 0.5, (HEIGHT - DOT) / 2, DOT, DOT), number)
            left += DOT + GAP
            if whole or number == min(self.at, len(self._names) - 1):
                painter.setFont(theme.font(bold=number == self.at))
                painter.setPen(QColor(theme.INK if number == self.at else theme.SUB))
                width = painter.fontMetrics().horizontalAdvance(name)
                painter.drawText(QRectF(left, 0, width + 2, HEIGHT), Qt.AlignmentFlag.AlignVCenter, name)
                left += width + GAP
            if whole and number < len(self._names) - 1:
                painter.setPen(QPen(QColor(theme.GREEN_BAR if number < self.at else theme.LINE), 2))
                painter.drawLine(int(left + GAP), HEIGHT // 2, int(left + GAP + LINE), HEIGHT // 2)
                left += LINE + 3 * GAP

    def _dot(self, painter: QPainter, area: QRectF, number: int) -> None:
        done, here = number < self.at, number == self.at
        fill, edge = (theme.GREEN_BAR,) * 2 if done else (theme.RED,) * 2 if here else (theme.CARD, theme.EDGE)
        painter.setPen(QPen(QColor(edge), 1.5))
        painter.setBrush(QColor(fill))
        painter.drawEllipse(area)
        if done:
            mark = theme.pixmap("check", theme.CARD, 14, self.devicePixelRatioF())
            painter.drawPixmap(int(area.left() + 4), int(area.top() + 4), mark)
            return
        painter.setPen(QColor(theme.CARD if here else theme.SUB))
        painter.setFont(theme.font(12, bold=here))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(number + 1))

    def _whole(self) -> int:
        metrics = QFontMetrics(theme.font(bold=True))
        names = sum(metrics.horizontalAdvance(name) + DOT + 2 * GAP for name in self._names)
        return names + (len(self._names) - 1) * (LINE + 3 * GAP) + GAP

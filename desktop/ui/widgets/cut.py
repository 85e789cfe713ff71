"""Words that are painted, cut where the room is short: they tell themselves whole under the pointer."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

MIDDLE_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class CutWords(QObject):
    """What was cut at the last painting of `widget` (of a list its viewport), and where."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._cut: list[tuple[QRectF, str]] = []
        widget.installEventFilter(self)

    def draw(self, painter: QPainter, area: QRectF, words: str, flags: Qt.AlignmentFlag = MIDDLE_LEFT) -> float:
        """Draw one line with the painter's font and pen, cut where it does not fit; return the width it took."""
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, flags, shown)
        if shown != words:
            self._cut.append((QRectF(area), words))
        return float(metrics.horizontalAdvance(shown))

    def at(self, x: float, y: float) -> str:
        """Return the words that are cut at a place, whole; nothing where none are."""
        return next((words for area, words in self._cut if area.contains(x, y)), "")

    def whole(self) -> list[str]:
        """Return all words that are cut, whole."""
        return [words for _area, words in self._cut]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Forget at each painting; tell under the pointer."""
        if event.type() == QEvent.Type.Paint:
            self._cut.clear()
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self.at(event.pos().x(), event.pos().y())
            if words:
                QToolTip.showText(event.globalPos(), words, self._widget)
                return True
        return super().eventFilter(watched, event)

"""The pages of a document under each other, as many as there are: only those in view are drawn."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollArea, QWidget

from desktop.ui import theme
from desktop.ui.focus import keys_lead
from desktop.ui.printing.job import Size
from desktop.ui.widgets.keys import Keys
from desktop.ui.widgets.paper import StillBar

WHOLE, WIDTH = 0.0, -1.0
"""Zoom that follows the view: a page whole, or as wide as the view."""
STEPS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
GAP, KEPT, FRAME = 14, 6, 2
"""Pixels between pages; pages beside the one in view whose pictures are kept; pixels of a frame."""
PX_PER_POINT = 96 / 72


class _Sheets(QWidget):
    """Paper under paper; a page without a picture is white."""

    def __init__(self, view: "PageView") -> None:
        super().__init__()
        self._view = view

    def paintEvent(self, event: QPaintEvent) -> None:
        view, painter = self._view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number in view.in_view(event.rect()):
            place = view.place(number)
            painter.fillRect(place, Qt.GlobalColor.white)
            drawn = view.pictures.get(number)
            if drawn is not None:
                painter.drawPixmap(place, drawn[1], QRectF(drawn[1].rect()))
            led_here = number == view.current and keys_lead() and view.hasFocus()
            painter.setPen(QPen(QColor(theme.RED), FRAME) if led_here else QPen(QColor(theme.EDGE)))
            painter.drawRect(place)


class PageView(QScrollArea):
    """Shows pages; `wanted` asks for the picture of one at a scale, `moved` tells which page is in view."""

    takes: ClassVar[Keys] = (("PgUp PgDn", "上一页、下一页"), ("Home End", "第一页、最后一页"))
    wanted = Signal(int, float)
    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("预览")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setAutoFillBackground(False)
        self.pictures: dict[int, tuple[float, QPixmap]] = {}
        self.zoom, self.current = WHOLE, 0
        self._sizes: Sequence[Size] = ()
        self._tops: list[float] = []
        self._asked = False
        self._sheets = _Sheets(self)
        self.setWidget(self._sheets)
        self.setVerticalScrollBar(StillBar())
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._look())

    def set_pages(self, sizes: Sequence[Size]) -> None:
        """Show pages of these sizes, from the first."""
        self._sizes = sizes
        self.pictures.clear()
        self._lay_out()

    def set_zoom(self, zoom: float) -> None:
        """Show the pages larger or smaller, and the page in view still in view."""
        at = self.current
        self.zoom = zoom
        self._lay_out()
        self.go(at)

    def step_zoom(self, up: bool) -> float:
        """Return the next step of zoom from what is shown now."""
        now = self.scale()
        larger, smaller = [step for step in STEPS if step > now + 0.01], [step for step in STEPS if step < now - 0.01]
        return (larger[:1] or STEPS[-1:])[0] if up else (smaller[-1:] or STEPS[:1])[0]

    def scale(self) -> float:
        """Return how large pages are shown; 1 is their size on paper."""
        if self.zoom > 0 or not self._sizes:
            return self.zoom or 1.0
        wide, high = (max(size[side] for size in self._sizes) * PX_PER_POINT for side in (0, 1))
        room = self.viewport().size() - QSize(2 * GAP, 2 * GAP)
        across = room.width() / wide
        return max(0.1, across if self.zoom == WIDTH else min(across, room.height() / high))

    def place(self, number: int) -> QRectF:
        """Return where a page lies among the others."""
        width, height = (side * PX_PER_POINT * self.scale() for side in self._sizes[number])
        return QRectF((self._sheets.width() - width) / 2, self._tops[number], width, height)

    def in_view(self, rect: QRect) -> list[int]:
        """Return the pages that `rect` touches."""
        return [number for number in range(len(self._sizes)) if self.place(number).intersects(QRectF(rect))]

    def go(self, number: int) -> None:
        """Bring a page to the top of the view."""
        if self._sizes:
            number = min(max(number, 0), len(self._sizes) - 1)
            self.verticalScrollBar().setValue(round(self._tops[number] - GAP))
            self._look()

    def put(self, number: int, scale: float, picture: QImage) -> None:
        """Take the picture of a page; the next one is asked for."""
        self._asked = False
        self.pictures[number] = (scale, QPixmap.fromImage(picture))
        for far in [kept for kept in self.pictures if abs(kept - self.current) > KEPT]:
            del self.pictures[far]
        self._sheets.update()
        self._look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_zoom(self.zoom)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.step_zoom(event.angleDelta().y() > 0))
        else:
            super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Frame the page in view: keys turn it."""
        super().focusInEvent(event)
        self._sheets.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame away."""
        super().focusOutEvent(event)
        self._sheets.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go by pages: PgUp and PgDn, Home and End."""
        goals = {
            Qt.Key.Key_PageDown: self.current + 1,
            Qt.Key.Key_PageUp: self.current - 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._sizes) - 1,
        }
        if event.key() in goals:
            self.go(goals[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        scale, top, widest = self.scale() * PX_PER_POINT, float(GAP), 0.0
        self._tops = []
        for width, height in self._sizes:
            self._tops.append(top)
            top += height * scale + GAP
            widest = max(widest, width * scale)
        self._sheets.resize(max(round(widest) + 2 * GAP, self.viewport().width()), round(top))
        self._sheets.update()
        self._look()

    def _look(self) -> None:
        """Note which page is in view, and ask for the next picture that is missing."""
        if not self._sizes:
            return
        shown = QRect(0, self.verticalScrollBar().value(), self._sheets.width(), self.viewport().height())
        pages = self.in_view(shown) or [0]
        middle = QPointF(shown.center())
        current = next((page for page in pages if self.place(page).bottom() >= middle.y()), pages[-1])
        if current != self.current:
            self.current = current
            self._sheets.update()
            self.moved.emit(current)
        scale = round(self.scale() * PX_PER_POINT * self.devicePixelRatioF(), 3)
        missing = [page for page in pages if self.pictures.get(page, (0.0,))[0] != scale]
        if missing and not self._asked:
            self._asked = True
            self.wanted.emit(missing[0], scale)

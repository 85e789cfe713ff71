"""A PDF on screen: pages as paper, drawn by PDFium on a worker, which loads it only when there is a page to draw."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QScrollBar

from desktop.services.pdfium import open_pdf
from desktop.ui.widgets.layout import appear, box, clear, col

MOST_PAGES = 12
_EDGES, _LEAST = 16, 80  # pixels: beside a page, and the narrowest worth drawing


@dataclass(frozen=True, slots=True)
class Drawn:
    """The first pages of a PDF as pictures of one width."""

    pages: tuple[QImage, ...]
    width_px: int


def draw_pages(pdf: bytes, width_px: int, most: int = MOST_PAGES, margin: float = 0.0) -> Drawn:
    """Return the first pages of `pdf` as pictures `width_px` wide, each side less by a share of the width (`margin`).

    Touches no widget: call it on a worker.
    """
    pages: list[QImage] = []
    with open_pdf(pdf) as document:
        if document is None:
            return Drawn((), width_px)
        for number in range(min(len(document), most)):
            page = document[number]
            edge = page.get_width() * margin
            scale = width_px / (page.get_width() - 2 * edge)
            bitmap = page.render(scale=scale, crop=(edge,) * 4, rev_byteorder=True, prefer_bgrx=True)
            picture = QImage(
                bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888
            )
            pages.append(picture.copy())
            page.close()
    return Drawn(tuple(pages), width_px)


class StillBar(QScrollBar):
    """A bar that is always there, and shows no handle while there is nothing to scroll; its room stays.

    It is made here, not by the area: Python may lose sight of a part that Qt made while it still stands there.
    """

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.rangeChanged.connect(self._look)
        self._look(self.minimum(), self.maximum())

    def _look(self, lowest: int, highest: int) -> None:
        still = highest <= lowest
        if self.property("still") != still:
            self.setProperty("still", still)
            self.style().unpolish(self)
            self.style().polish(self)


class PaperPreview(QScrollArea):
    """The pages of a document under each other, as wide as the view. `widened` asks for them in another width."""

    widened = Signal()

    def __init__(self, name: str = "预览") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there: one that comes and goes would change the width, and with it the height, without end.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setAutoFillBackground(False)
        self.drawn: Drawn | None = None
        keeps = self.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # without a page it is empty room, not a bar that scrolls nothing
        self.setSizePolicy(keeps)
        self.setVerticalScrollBar(StillBar())
        self._sheets = col(gap=12, pad=(6, 4, 6, 12))
        self.setWidget(box(self._sheets))

    def width_px(self) -> int:
        """Return how many pixels of the screen a page is wide."""
        return round(max(self.viewport().width() - _EDGES, _LEAST) * self.devicePixelRatioF())

    def show_pages(self, drawn: Drawn) -> None:
        """Show pages, keeping the place the reader is at."""
        self.drawn = drawn
        appear(self, bool(drawn.pages))
        at = self.verticalScrollBar().value()
        self._place()
        self.verticalScrollBar().setValue(at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.drawn is not None and self.drawn.width_px != self.width_px():
            self._place()  # what there is, stretched, until the pages come in this width
            self.widened.emit()

    def _place(self) -> None:
        clear(self._sheets)
        ratio, width_px = self.devicePixelRatioF(), self.width_px()
        for number, picture in enumerate(self.drawn.pages if self.drawn is not None else (), start=1):
            pixmap = QPixmap.fromImage(picture)
            if picture.width() != width_px:
                pixmap = pixmap.scaledToWidth(width_px)
            pixmap.setDevicePixelRatio(ratio)
            page = QLabel()
            page.setPixmap(pixmap)
            page.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            page.setObjectName("paper")
            page.setFixedHeight(round(pixmap.height() / ratio) + 2)
            page.setAccessibleName(f"第 {number} 页")
            self._sheets.addWidget(page)
        self._sheets.addStretch(1)

"""A PDF on screen: pages as paper, drawn by pypdfium2, which is loaded only when there is a page to draw."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea

from desktop.ui.widgets.layout import box, col

MOST_PAGES = 12


def draw_pages(pdf: bytes, width_px: int, most: int = MOST_PAGES) -> list[QImage]:
    """Return the first pages of `pdf` as pictures `width_px` wide. Touches no widget, so it may run on a worker."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        out = []
        for number in range(min(len(document), most)):
            page = document[number]
            bitmap = page.render(scale=width_px / page.get_width(), rev_byteorder=True, prefer_bgrx=True)
            picture = QImage(
                bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888
            )
            out.append(picture.copy())
            page.close()
        return out
    finally:
        document.close()


class PaperPreview(QScrollArea):
    """The pages of a document under each other, as wide as the view."""

    def __init__(self, name: str = "预览") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there: one that comes and goes would change the width, and with it the height, without end.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setAutoFillBackground(False)
        self._pdf = b""
        self._drawn_for = 0
        self._sheets = col(gap=12, pad=(6, 4, 6, 12))
        self.setWidget(box(self._sheets))

    def show_pdf(self, pdf: bytes) -> None:
        """Show `pdf`, keeping the place the reader is at."""
        self._pdf, self._drawn_for = pdf, 0
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def _empty(self) -> None:
        while self._sheets.count():
            widget = self._sheets.takeAt(0).widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()

    def _draw(self) -> None:
        width = self.viewport().width() - 16
        if not self._pdf or width < 80 or width == self._drawn_for:
            return
        self._drawn_for = width
        at, ratio = self.verticalScrollBar().value(), self.devicePixelRatioF()
        pictures = draw_pages(self._pdf, round(width * ratio))
        self._empty()
        for picture in pictures:
            picture.setDevicePixelRatio(ratio)
            page = QLabel()
            page.setPixmap(QPixmap.fromImage(picture))
            page.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            page.setObjectName("paper")
            page.setFixedHeight(round(picture.height() / ratio) + 2)
            page.setAccessibleName(f"第 {len(self._sheets.children()) + 1} 页")
            self._sheets.addWidget(page)
        self._sheets.addStretch(1)
        self.verticalScrollBar().setValue(at)

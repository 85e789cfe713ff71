"""手册: the user's manual as it lies in the resources, one page with its chapters."""

from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from desktop.paths import resource
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import box, col
from desktop.ui.widgets.fields import Choice

MANUAL = "manual/手册.md"
PICTURE_WIDTH = 760
COLUMN_WIDTH = 860
CHAPTER = 2


class ManualView(QTextBrowser):
    """Shows Markdown; pictures are brought to the width of the column."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("手册")
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMaximumWidth(COLUMN_WIDTH)
        path = resource(MANUAL)
        self.document().setBaseUrl(QUrl.fromLocalFile(str(path)))
        self.setStyleSheet("border: none;")
        self.setMarkdown(path.read_text("utf-8"))
        self._space_out()

    def _space_out(self) -> None:
        block = self.document().begin()
        while block.isValid():
            space = QTextBlockFormat()
            space.setTopMargin(18 if block.blockFormat().headingLevel() else 0)
            space.setBottomMargin(3 if block.textList() is not None else 8)
            QTextCursor(block).mergeBlockFormat(space)
            block = block.next()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Return a picture of the manual at the width of the column, anything else as Qt reads it."""
        url = self.document().baseUrl().resolved(QUrl(name))
        if kind != QTextDocument.ResourceType.ImageResource.value or not url.isLocalFile():
            return super().loadResource(kind, name)
        ratio = self.devicePixelRatioF()
        picture = QImage(url.toLocalFile())
        width = round(min(PICTURE_WIDTH, self.maximumWidth() - 40) * ratio)
        picture = picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        picture.setDevicePixelRatio(ratio)
        return picture

    def chapters(self) -> list[tuple[int, str]]:
        """Return (position, heading) of every chapter."""
        chapters, block = [], self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() == CHAPTER:
                chapters.append((block.position(), block.text()))
            block = block.next()
        return chapters

    def show_chapter(self, position: int) -> None:
        """Bring the chapter at `position` to the top."""
        cursor = self.textCursor()
        cursor.setPosition(position)
        area = self.document().documentLayout().blockBoundingRect(cursor.block())
        self.verticalScrollBar().setValue(round(area.top()))


class ManualPage(Page):
    """The manual over the page that opened it."""

    title = "使用手册"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.view = ManualView()
        self.contents = Choice("章节", self.view.chapters(), width=180)
        self.contents.currentIndexChanged.connect(lambda _at: self.view.show_chapter(self.contents.value()))
        self.setLayout(col((box(col((self.view, 1), pad=(24, 12, 8, 12)), "card"), 1), pad=(24, 14, 24, 16)))

    def bar_actions(self) -> tuple[QWidget, ...]:
        """The chapters."""
        return (self.contents,)

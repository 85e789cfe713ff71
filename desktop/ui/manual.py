"""手册: the user's manual, opened (F1) at what it says of the page in view; searched, and printed whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QColor,
    QImage,
    QImageReader,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QTextBrowser, QTextEdit, QWidget

from desktop.paths import resource
from desktop.services import manual
from desktop.services.manual import MANUAL, Chapter, Topic
from desktop.ui import theme
from desktop.ui.output import print_paper
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import appear, box, button, col, fixed, row, text
from desktop.ui.widgets.dialogs import stand_over
from desktop.ui.widgets.fields import edit

if TYPE_CHECKING:
    from desktop.services.archive.writing import Sink

PICTURE_WIDTH = 760
PICTURE_MARGIN = 48  # beside a picture: the margins of the page, and the step of a list it may stand in
PICTURE_LEAST = 240
COLUMN_WIDTH = 860
CONTENTS_WIDTH = 232
DIALOG_SIZE = (980, 640)
KEY = Qt.ItemDataRole.UserRole


class ManualView(QTextBrowser):
    """Shows a chapter; pictures are brought to the width of the column."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("手册")
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMaximumWidth(COLUMN_WIDTH)
        self.document().setBaseUrl(QUrl.fromLocalFile(str(resource(MANUAL))))
        self.setStyleSheet("border: none;")
        self._chapter: Chapter | None = None
        self._topic: Topic | None = None
        self._words: Sequence[str] = ()
        self._waiting: list[QUrl] = []
        self._pictured_px = 0
        self._painter = QTimer(self)  # a chapter of many pictures would keep the window waiting
        self._painter.setInterval(0)
        self._painter.timeout.connect(self._read_one)
        self._bringer = QTimer(self)  # where a topic stands is known, and can be gone to, once all is laid out
        self._bringer.setInterval(0)
        self._bringer.setSingleShot(True)
        self._bringer.timeout.connect(self._bring_up)
        self.verticalScrollBar().rangeChanged.connect(lambda: self._bringer.start())

    def show_topic(self, topic: Topic, words: Sequence[str] = ()) -> None:
        """Bring a topic to the top, and mark `words` all over its chapter."""
        chapter = next(chapter for chapter in manual.chapters() if topic in chapter.topics)
        if chapter is not self._chapter:
            self._chapter = chapter
            self._set_out()
        self._topic, self._words = topic, words
        self._mark_words()
        self._bringer.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Bring the pictures to the new width of the column, once it keeps it."""
        super().resizeEvent(event)
        self._bringer.start()

    def _set_out(self) -> None:
        assert self._chapter is not None
        self._waiting.clear()
        self._pictured_px = self._width_px()
        self.setMarkdown(self._chapter.source)
        self._space_out()

    def changeEvent(self, event: QEvent) -> None:
        """Mark words in the colours of the look that is worn now."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._topic is not None:
            self._mark_words()

    def _mark_words(self) -> None:
        self.setExtraSelections([self._mark(cursor) for word in self._words for cursor in self._found(word)])

    def _bring_up(self) -> None:
        if self._topic is not None:
            if self._width_px() != self._pictured_px:
                self._set_out()
                self._mark_words()
            area = self.document().documentLayout().blockBoundingRect(self._block_of(self._topic))
            self.verticalScrollBar().setValue(round(area.top()))

    def _block_of(self, topic: Topic) -> QTextBlock:
        block = self.document().begin()
        while topic.title and block.isValid() and not block.text().startswith(f"{topic.title}。"):
            block = block.next()
        return block if block.isValid() else self.document().begin()

    def _found(self, word: str) -> list[QTextCursor]:
        found, at = [], self.document().find(word, 0)
        while not at.isNull():
            found.append(at)
            at = self.document().find(word, at)
        return found

    def _mark(self, cursor: QTextCursor) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.cursor = cursor  # type: ignore[attr-defined]
        mark.format.setBackground(QColor(theme.AMBER_SOFT))  # type: ignore[attr-defined]
        return mark

    def _space_out(self) -> None:
        block = self.document().begin()
        while block.isValid():
            space = QTextBlockFormat()
            space.setTopMargin(18 if block.blockFormat().headingLevel() else 0)
            space.setBottomMargin(3 if block.textList() is not None else 8)
            QTextCursor(block).mergeBlockFormat(space)
            block = block.next()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Return the place of a picture, as wide as the column, to be filled in its turn; all else as Qt reads it."""
        url = self.document().baseUrl().resolved(QUrl(name))
        if kind != QTextDocument.ResourceType.ImageResource.value or not url.isLocalFile():
            return super().loadResource(kind, name)
        size = QImageReader(url.toLocalFile()).size()
        width = self._width_px()
        place = QImage(width, round(width * size.height() / max(size.width(), 1)), QImage.Format.Format_RGB32)
        place.setDevicePixelRatio(self.devicePixelRatioF())
        place.fill(QColor(theme.PAGE))
        self._waiting.append(QUrl(name))
        self._painter.start()
        return place

    @property
    def reading(self) -> bool:
        """Whether some pictures are still to come."""
        return bool(self._waiting)

    def _width_px(self) -> int:
        room = self.viewport().width() - PICTURE_MARGIN
        return round(max(PICTURE_LEAST, min(PICTURE_WIDTH, room)) * self.devicePixelRatioF())

    def _read_one(self) -> None:
        """Put the next picture into its place."""
        if not self._waiting:
            self._painter.stop()
            return
        name = self._waiting.pop(0)
        picture = QImage(self.document().baseUrl().resolved(name).toLocalFile())
        picture = picture.scaledToWidth(self._width_px(), Qt.TransformationMode.SmoothTransformation)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        self.document().addResource(QTextDocument.ResourceType.ImageResource.value, name, picture)
        self.viewport().update()


class ManualPane(QWidget):
    """The search and the contents at the left, the text at the right."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.words: QLineEdit = edit("在手册里查找", hint="查找")
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(lambda _words: self._search())
        self.words.returnPressed.connect(self.next)
        self.list = QListWidget()
        self.list.setObjectName("nav")
        self.list.setAccessibleName("手册目录")
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(lambda item, _former: self._show(item))
        self._none = text("没有找到。换个词试试。", "sub", wrap=True)
        self.view = ManualView()
        contents = fixed(box(col(self.words, self._none, (self.list, 1), gap=8, pad=(12, 12, 12, 8)), "card"))
        contents.setFixedWidth(CONTENTS_WIDTH)
        self.setLayout(row(contents, (box(col((self.view, 1), pad=(24, 12, 8, 12)), "card"), 1), gap=12))
        self._topics: dict[str, Topic] = {topic.key: topic for part in manual.chapters() for topic in part.topics}
        self._fill(list(self._topics.values()), found=False)
        self.stand_at(key)

    def stand_at(self, key: str) -> None:
        """Show the topic `key`, as the contents name it."""
        for number in range(self.list.count()):
            if self.list.item(number).data(KEY) == key:
                self.list.setCurrentRow(number)
                self.list.scrollToItem(self.list.item(number), QListWidget.ScrollHint.PositionAtCenter)

    def next(self) -> None:
        """Go to the next topic of the list, from the last to the first."""
        if self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + 1) % self.list.count())

    def shown(self) -> str:
        """Return the key of the topic in view."""
        item = self.list.currentItem()
        return "" if item is None else str(item.data(KEY))

    def _search(self) -> None:
        words, key = self.words.text().strip(), self.shown()
        if words:
            self._fill(manual.find(words), found=True)
            self.list.setCurrentRow(0)
        else:
            self._fill(list(self._topics.values()), found=False)
            self.stand_at(key)

    def _fill(self, topics: Sequence[Topic], *, found: bool) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for topic in topics:
            under = bool(topic.title)
            words = topic.key.replace("/", " › ") if found else f"　{topic.title}" if under else topic.chapter
            item = QListWidgetItem(words)
            item.setData(KEY, topic.key)
            item.setToolTip(topic.key.replace("/", " › "))
            item.setSizeHint(QSize(0, 32))
            font = item.font()
            font.setBold(not under and not found)
            item.setFont(font)
            self.list.addItem(item)
        self.list.blockSignals(False)
        appear(self._none, not topics)

    def _show(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.view.show_topic(self._topics[str(item.data(KEY))], self.words.text().split())


class ManualPage(Page):
    """The manual over the page that opened it, at what it says of that page."""

    title = "使用手册"

    def __init__(self, desk: Desk, key: str = manual.FIRST) -> None:
        super().__init__(desk)
        self.pane = ManualPane(key)
        self.view = self.pane.view
        self.print_button = button("打印整本", self.print, icon="printer")
        self.setLayout(col((self.pane, 1), pad=(24, 14, 24, 16)))

    def bar_actions(self) -> tuple[QWidget, ...]:
        """The manual on paper."""
        return (self.print_button,)

    def focus_filter(self) -> None:
        """Put the cursor into the search of the manual."""
        self.pane.words.setFocus()
        self.pane.words.selectAll()

    def print(self) -> None:
        """Show the whole manual on paper, with contents, to be printed or saved."""
        today = self.desk.store.today

        def write(to: "Sink") -> object:
            from desktop.services.archive.manual import write_manual  # reportlab: where a paper is made

            return write_manual(to, today)

        print_paper(self, "支部工作台使用手册", write, ours=False)


class ManualDialog(QDialog):
    """The manual over a form or before anything is open; Esc closes it."""

    def __init__(self, parent: QWidget, key: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("使用手册")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.pane = ManualPane(key)
        close = button("关闭", self.reject)
        self.setLayout(col((self.pane, 1), row(..., close), gap=12, pad=16))
        room = self.screen().availableGeometry()
        self.resize(min(DIALOG_SIZE[0], room.width() - 40), min(DIALOG_SIZE[1], room.height() - 80))
        stand_over(self, parent)

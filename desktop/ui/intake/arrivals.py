"""A file dropped on a page, or a block pasted into it, begins its import."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QPushButton

from desktop.services.spreadsheets.workbook import SUFFIXES
from desktop.ui.page import Page
from desktop.ui.widgets.buttons import PushButton
from desktop.ui.widgets.keys import shortcut

DOCUMENTS = (".docx", ".docm", ".dotx", ".doc", ".wps", ".rtf")
"""How documents are called; those that cannot be read say what to do."""


def is_block(words: str) -> bool:
    """Return whether copied words are a block of a sheet: several cells, not a word or a sentence."""
    return "\t" in words or len([line for line in words.splitlines() if line.strip()]) > 1


def is_table(path: Path) -> bool:
    """Return whether a file is called like a table."""
    return path.suffix.lower() in SUFFIXES


def is_record(path: Path) -> bool:
    """Return whether a file is called like a table or a document, or is a folder, in which documents may lie."""
    return is_table(path) or path.suffix.lower() in DOCUMENTS or path.is_dir()


def dropped_file(data: QMimeData) -> Path | None:
    """Return the one file that is dragged along, None if it is not one file."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())


def copied() -> Path | str | None:
    """Return the table that was copied: a file, or a block of cells."""
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    if data is None:  # nothing was ever copied
        return None
    path = dropped_file(data)
    if path is not None:
        return path if is_table(path) else None
    return data.text() if is_block(data.text()) else None


class Drops(QObject):
    """Takes a file that is dropped on `page` and `wanted`; `aim` hears when one is held over it, and when no more."""

    def __init__(
        self,
        page: Page,
        wanted: Callable[[Path], bool],
        begin: Callable[[Path], object],
        aim: Callable[[bool], object] = bool,
    ) -> None:
        super().__init__(page)
        self._wanted, self._begin, self._aim = wanted, begin, aim
        page.setAcceptDrops(True)
        page.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See what is dragged over the page."""
        if event.type() == QEvent.Type.DragLeave:
            self._aim(False)
        if not isinstance(event, QDropEvent):  # a drag that comes is one too
            return False
        path = dropped_file(event.mimeData())
        if path is None or not self._wanted(path):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        entering = isinstance(event, QDragEnterEvent)
        self._aim(entering)
        if event.type() == QEvent.Type.Drop:
            self._begin(path)
        return True


class Arrivals(QObject):
    """Lets a list take tables; `begin` gets the file, or the words. Where `verb` is withheld nothing is taken."""

    def __init__(
        self,
        page: Page,
        verb: QPushButton | None,
        begin: Callable[[Path | str], object],
        wanted: Callable[[Path], bool] = is_table,
    ) -> None:
        super().__init__(page)
        self._verb, self._begin = verb, begin
        Drops(page, lambda path: wanted(path) and self._welcome(), begin)
        shortcut(page, QKeySequence.StandardKey.Paste, "导入复制的表格或文件", self.paste)

    def paste(self) -> None:
        """Begin the import of the file or block that was copied; other words are nobody's here."""
        source = copied()
        if source is not None and self._welcome():
            self._begin(source)

    def _welcome(self) -> bool:
        return isinstance(self._verb, PushButton) and not self._verb.withheld

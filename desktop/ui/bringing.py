"""Files and pictures brought by hand: dropped on a part of a page, or pasted."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QMimeData, QObject, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QWidget


def local_files(data: QMimeData | None) -> list[Path]:
    """Return the files of this computer that are dragged along or copied."""
    urls = data.urls() if data is not None else []
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return [path for path in paths if path.is_file()]


def copied_files() -> list[Path]:
    """Return the files that were copied."""
    return local_files(QGuiApplication.clipboard().mimeData())


def copied_picture() -> bytes | None:
    """Return the picture that was copied (a screenshot, out of a chat), as PNG; None where none was."""
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    if data is None or not data.hasImage():
        return None
    image: QImage = QGuiApplication.clipboard().image()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if image.isNull() or not QImageWriter(buffer, QByteArray(b"PNG")).write(image):
        return None
    return bytes(buffer.data().data())


class FileDrops(QObject):
    """Takes files dropped on `part` while they are `welcome`."""

    def __init__(self, part: QWidget, welcome: Callable[[], bool], begin: Callable[[list[Path]], object]) -> None:
        super().__init__(part)
        self._welcome, self._begin = welcome, begin
        part.setAcceptDrops(True)
        part.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See what is dragged over the part."""
        if not isinstance(event, QDropEvent):  # a drag that comes is one too
            return False
        paths = local_files(event.mimeData())
        if not paths or not self._welcome():
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self._begin(paths)
        return True

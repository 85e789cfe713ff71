"""Where an exception becomes words on the screen, and the questions that need a file."""

import logging
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.services.errors import AppError, Cancelled
from desktop.ui import theme
from desktop.ui.widgets.dialogs import Dialog, inform

log = logging.getLogger(__name__)
LAST_FOLDER = "last_folder"


def show_error(parent: QWidget, error: Exception) -> Dialog | None:
    """Say what happened, what is kept and what to do next. `Cancelled` is silent; a defect goes to the log."""
    if isinstance(error, Cancelled):
        return None
    from desktop.messages import present

    if not isinstance(error, AppError):
        log.error("a defect reached the window", exc_info=error)
    message = present(error)
    return inform(parent.window(), message.title, message.kept, message.next, code=message.code, bad=True)


def last_folder() -> Path:
    """Return the folder a file was last chosen from or written to, as long as it is there, else the documents."""
    kept = str(theme.settings().value(LAST_FOLDER, ""))
    return Path(kept) if kept and Path(kept).is_dir() else documents()


def _remember(folder: Path) -> None:
    theme.settings().setValue(LAST_FOLDER, str(folder))


def documents() -> Path:
    """Return the user's folder of documents."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


def ask_open(parent: QWidget, title: str, kinds: str) -> Path | None:
    """Let the user choose a file to read; `kinds` like "Excel 工作簿 (*.xlsx)"."""
    chosen, _kind = QFileDialog.getOpenFileName(parent, title, str(last_folder()), kinds)
    return _chosen(chosen)


def ask_save(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Let the user choose where to write a file called `name`."""
    chosen, _kind = QFileDialog.getSaveFileName(parent, title, str(last_folder() / name), kinds)
    return _chosen(chosen)


def ask_folder(parent: QWidget, title: str, start: Path | None = None) -> Path | None:
    """Let the user choose a folder; `start` is where this kind of file has a place of its own."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(start or last_folder()))
    if chosen and start is None:
        _remember(Path(chosen))
    return Path(chosen) if chosen else None


def ask_open_many(parent: QWidget, title: str, kinds: str) -> list[Path]:
    """Let the user choose files to read."""
    chosen, _kind = QFileDialog.getOpenFileNames(parent, title, str(last_folder()), kinds)
    if chosen:
        _remember(Path(chosen[0]).parent)
    return [Path(name) for name in chosen]


def _chosen(name: str) -> Path | None:
    if not name:
        return None
    _remember(Path(name).parent)
    return Path(name)

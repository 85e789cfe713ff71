"""Where an exception becomes words on the screen, and the questions that need a file."""

import logging
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.services.errors import AppError, Cancelled
from desktop.ui.widgets.dialogs import Dialog, inform

log = logging.getLogger(__name__)


def show_error(parent: QWidget, error: Exception) -> Dialog | None:
    """Say what happened, what is kept and what to do next. `Cancelled` is silent; a defect goes to the log."""
    if isinstance(error, Cancelled):
        return None
    from desktop.messages import present

    if not isinstance(error, AppError):
        log.error("a defect reached the window", exc_info=error)
    message = present(error)
    return inform(parent.window(), message.title, message.kept, message.next, code=message.code, bad=True)


def documents() -> Path:
    """Return the user's folder of documents."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


def ask_open(parent: QWidget, title: str, kinds: str) -> Path | None:
    """Let the user choose a file to read; `kinds` like "Excel 工作簿 (*.xlsx)"."""
    chosen, _kind = QFileDialog.getOpenFileName(parent, title, str(documents()), kinds)
    return Path(chosen) if chosen else None


def ask_save(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Let the user choose where to write a file called `name`."""
    chosen, _kind = QFileDialog.getSaveFileName(parent, title, str(documents() / name), kinds)
    return Path(chosen) if chosen else None


def ask_folder(parent: QWidget, title: str, start: Path | None = None) -> Path | None:
    """Let the user choose a folder."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(start or documents()))
    return Path(chosen) if chosen else None


def ask_open_many(parent: QWidget, title: str, kinds: str) -> list[Path]:
    """Let the user choose files to read."""
    chosen, _kind = QFileDialog.getOpenFileNames(parent, title, str(documents()), kinds)
    return [Path(name) for name in chosen]

"""Where an exception becomes words on the screen, and the questions that need a file."""

import logging
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.services.errors import AppError, Cancelled, InvalidInput
from desktop.services.quoting import portable
from desktop.ui import theme
from desktop.ui.widgets.dialogs import Dialog, inform, stand_over

log = logging.getLogger(__name__)
READ_FOLDER, WRITTEN_FOLDER = "last_folder", "last_folder_written"
"""Where a file was last read from, and where one was last written to: seldom the same place."""
FileMode = QFileDialog.FileMode


def show_error(parent: QWidget, error: Exception) -> Dialog | None:
    """Say what happened, what is kept and what to do next. `Cancelled` is silent."""
    if isinstance(error, Cancelled):
        return None
    from desktop.messages import present

    message = present(error)
    if isinstance(error, AppError) and not isinstance(error, InvalidInput):  # a slip of the keys tells a helper nothing
        log.warning("refused: %s", message.code)  # nothing of what was typed
    return inform(parent.window(), message.title, message.kept, message.next, code=message.code, bad=True)


def last_folder(name: str = READ_FOLDER) -> Path:
    """Return the folder remembered as `name`, as long as it is there, else the documents."""
    kept = kept_folder(name)
    return kept if kept is not None and kept.is_dir() else documents()


def kept_folder(name: str) -> Path | None:
    """Return the folder remembered as `name`, whether it can be reached or not."""
    kept = str(theme.settings().value(name, ""))
    return Path(kept) if kept else None


def keep_folder(name: str, folder: Path) -> None:
    """Remember `folder` as `name`, for every page and after a restart."""
    theme.settings().setValue(name, str(folder))


def documents() -> Path:
    """Return the user's folder of documents; where there is none, as on a new desk, the home of the user."""
    found = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return found if found.is_dir() else Path.home()


def ask_open(parent: QWidget, title: str, kinds: str) -> Path | None:
    """Let the user choose a file to read; `kinds` like "Excel 工作簿 (*.xlsx)"."""
    return next(iter(_remembered(_ask(parent, title, FileMode.ExistingFile, last_folder(), kinds))), None)


def ask_save(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Let the user choose where to write a file called `name`, as far as a file can carry its words."""
    start = last_folder(WRITTEN_FOLDER) / portable(name)
    chosen = _ask(parent, title, FileMode.AnyFile, start, kinds)
    return next(iter(_remembered(chosen, WRITTEN_FOLDER)), None)


def ask_folder(parent: QWidget, title: str, start: Path | None = None, *, to_write: bool = False) -> Path | None:
    """Let the user choose a folder to read, or `to_write`; `start` is where this kind of file has its own place."""
    name = WRITTEN_FOLDER if to_write else READ_FOLDER
    chosen = next(iter(_ask(parent, title, FileMode.Directory, start or last_folder(name))), None)
    if chosen is not None and start is None:
        keep_folder(name, chosen)
    return chosen


def ask_open_many(parent: QWidget, title: str, kinds: str) -> list[Path]:
    """Let the user choose files to read."""
    return _remembered(_ask(parent, title, FileMode.ExistingFiles, last_folder(), kinds))


def _ask(parent: QWidget, title: str, mode: QFileDialog.FileMode, start: Path, kinds: str = "") -> list[Path]:
    """Ask with the dialog of the desktop; where Qt draws it, it stands over the window like any other."""
    is_new = mode == FileMode.AnyFile
    dialog = QFileDialog(parent, title, str(start.parent if is_new else start), kinds)
    dialog.setFileMode(mode)
    if is_new:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(start.name)
    if mode == FileMode.Directory:
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    stand_over(dialog, parent)
    try:
        return [Path(name) for name in dialog.selectedFiles()] if dialog.exec() else []
    finally:
        dialog.deleteLater()


def _remembered(chosen: list[Path], name: str = READ_FOLDER) -> list[Path]:
    if chosen:
        keep_folder(name, chosen[0].parent)
    return chosen

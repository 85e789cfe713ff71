"""The window's start: the one place that puts paths, log, input method, look and window together.

Nothing heavy is imported here: the database, PDF and Excel libraries come with the pages that need them.
"""

import contextlib
import gc
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from desktop.crashes import CrashLog
from desktop.dumps import write_none
from desktop.paths import OWN_FILES, default_store, updates_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from desktop.ui.reception import Reception


WRAPPED = b"PK\x03\x04"
"""How packages, key files and backups begin: each is a ZIP."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks of the window."""

    store: Path
    files: tuple[Path, ...] = ()
    diagnose_input: bool = False


def main(arguments: Sequence[str]) -> int:
    """Open the window and return the exit status when it is closed."""
    gc.disable()  # nothing of the start is to be collected; a timer of the window does it from then on (ui/tasks.py)
    options = _understood(arguments) if arguments else Options(default_store())

    from desktop.ui import input_method, running, theme

    if options.diagnose_input:
        print(input_method.diagnose())
        return 0
    place = running.address(options.store)
    waiting = running.take_place(place)
    if not waiting and _hand_over(place, options.files):
        return 0
    choice = input_method.prepare()
    theme.apply_text_scale()

    app = application()
    app.setApplicationName("branch-desk")
    app.setApplicationDisplayName("支部工作台")
    app.setDesktopFileName("branch-desk")
    reception = None if waiting else _reception(place)
    if reception is not None and not reception.open(options.files):
        return 0
    from desktop.ui import system_look

    theme.wear(system_look.wanted())
    theme.apply(app)
    from desktop.ui.window import MainWindow

    bridge = input_method.install(app, choice)
    crashes = CrashLog()
    try:
        window = MainWindow(options.store)
        window.store_opened.connect(crashes.watch)
        window.store_closed.connect(crashes.end)
        sys.excepthook = _Hook(window)
        if reception is not None:
            reception.called.connect(window.called)

        def seen() -> None:
            nonlocal reception
            write_none()  # nothing to hide has been typed yet
            app.setWindowIcon(theme.program_icon())
            window.tasks.run(window, lambda _progress: theme.rare_files(), theme.know_rare_names)
            system_look.Following(app).listen()
            if reception is None:
                reception = _reception(place)
                reception.called.connect(window.called)
                reception.serve(waiting)

        window.painted.connect(seen)
        window.place_on_screen()
        window.show()
        window.take(options.files)
        if updates_folder().is_dir():
            from desktop.services.updates.starting import tidied

            window.tasks.run(window, lambda _progress: tidied(), lambda _none: None)
        status: int = app.exec()
    except BaseException as error:
        crashes.note(error)
        crashes.leave()
        raise
    if reception is not None:
        reception.close()
    crashes.end()
    if window.exchange is not None:
        from desktop.services.updates.starting import give_way

        give_way(window.exchange)
    del bridge
    return status


def _hand_over(place: str, files: Sequence[Path]) -> bool:
    from desktop.ui.reception import hand_over  # a library of Qt of its own: not on the way of a plain start

    return hand_over(place, files)


def _reception(place: str) -> "Reception":
    from desktop.ui.reception import Reception

    return Reception(place)


def application() -> "QApplication":
    """Return the application, at a text size that fits the screen: the system's scaling may have been raised since."""
    from PySide6.QtWidgets import QApplication

    from desktop.ui import theme

    words = [*sys.argv[:1], *theme.STYLE]
    app = QApplication(words)
    if theme.fall_back(app.primaryScreen().availableSize()):
        app.shutdown()
        app = QApplication(words)
    return app


def _understood(arguments: Sequence[str]) -> Options:
    from desktop.cli.chinese import ChineseParser  # not on the way of a plain start

    parser = ChineseParser(prog="branch-desk", description="支部工作台。不带命令，打开窗口。")
    parser.add_argument("files", nargs="*", type=_own_file, metavar="文件", help="双击打开的数据包、登记文件或备份文件")
    parser.add_argument("--store", type=Path, default=default_store(), help="数据文件夹")
    parser.add_argument("--diagnose-input", action="store_true", help="说明中文输入法的接法")
    options = parser.parse_args(arguments)
    return Options(options.store, tuple(options.files), options.diagnose_input)


def _own_file(text: str) -> Path:
    """Read the name of a file that the desktop opens with the program: none that is of another kind, or not there.

    Who stands at a terminal is told there that a file is none of ours by what is in it; who clicked on one, in the
    window, which nothing else would reach.
    """
    path = Path(text)
    wrong = ""
    if not text.lower().endswith(OWN_FILES):
        wrong = "不是数据包、登记文件或备份文件"
    elif path.is_dir():
        wrong = "是文件夹，不是文件"
    elif not path.exists():
        wrong = "不存在，请核对文件名，或者插好U盘"
    elif sys.stderr is not None and sys.stderr.isatty() and path.is_file() and not _is_wrapped(path):
        wrong = "的内容不是数据包、登记文件或备份文件，可能已损坏，或者是改了名字的别的文件"
    if wrong:
        import argparse  # not on the way of a plain start

        from desktop.services.quoting import quoted

        raise argparse.ArgumentTypeError(f"{quoted(text)}{wrong}")
    return path


def _is_wrapped(path: Path) -> bool:
    """Tell whether a file begins as everything of ours does; one that cannot be read is told of where it is opened."""
    try:
        with path.open("rb") as file:
            return file.read(len(WRAPPED)) == WRAPPED
    except OSError:
        return True


class _Hook:
    """What a defect in a slot becomes: a line in the log and a message, never a traceback on a console."""

    def __init__(self, window: "QWidget") -> None:
        self._window = window

    def __call__(self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        from desktop.ui.dialogs import show_error

        if isinstance(error, Exception):
            with contextlib.suppress(RuntimeError):  # the window is gone already
                show_error(self._window, error)

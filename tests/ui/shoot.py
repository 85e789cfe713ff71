"""Pictures of pages, to lay beside the design: python -m tests.ui.shoot meetings/list OUT.png [--scale 1.25]."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.ui.xvfb import display

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


SETTLE_MS = 2500


def under_xvfb(arguments: list[str], scale: str) -> int:
    """Run this program again on a private X display of 1366×768."""
    with display() as env:
        command = [sys.executable, "-m", "tests.ui.shoot", *arguments]
        return subprocess.run(command, env={**os.environ, **env, "QT_SCALE_FACTOR": scale}, check=False).returncode


def scene(name: str) -> "QWidget":
    """Return the window that shows what `name` asks for: setup, gallery/list, or a page of the sample branch."""
    from desktop.models.history import SettingName
    from desktop.ui.main_window import Shell
    from desktop.ui.pages import pages_for
    from desktop.ui.window import MainWindow
    from tests.stores import new_store
    from tests.ui.desks import sample_store
    from tests.ui.test_gallery import AREAS

    area, _, tab = name.partition("/")
    folder = Path(tempfile.mkdtemp())
    if area == "setup":
        return MainWindow(folder / "store")
    if area == "gallery":
        shell = Shell(new_store(folder / "store"), "云河县站党支部", AREAS, 2026)
    else:
        store = sample_store(folder / "store")
        shell = Shell(store, store.setting(SettingName.NAME), pages_for(store.kind.value), store.today.year)
    shell.set_backup_words("上次备份：2026-11-22")
    shell.desk.open(area, tab)
    return shell


def main() -> int:
    """Show one page and save its picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("page")
    parser.add_argument("out")
    parser.add_argument("--scale", default="1")
    options = parser.parse_args()
    if "DISPLAY" not in os.environ:
        return under_xvfb(sys.argv[1:], options.scale)

    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from desktop.ui import theme
    from tests.ui.lint import faults

    app = QApplication([*sys.argv[:1], *theme.STYLE])
    theme.apply(app)
    window = scene(options.page)
    window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    ratio = float(options.scale)
    window.resize(round(1366 / ratio), round(768 / ratio) - 72)
    window.move(0, 0)
    window.show()

    def save() -> None:
        for words in faults(window):
            print(words)
        window.grab().save(options.out, "PNG")
        app.quit()

    QTimer.singleShot(SETTLE_MS, save)
    return app.exec()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("XDG_CONFIG_HOME", str(Path(home)))
        sys.exit(main())

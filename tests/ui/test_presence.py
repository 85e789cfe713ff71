"""Signs of life: every way a person acts counts, and looking for them harms nothing that is just being destroyed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.ui.presence import Presence
from tests.ui.desks import keep

ROOT = Path(__file__).parents[2]
HOUR = 3600


@pytest.fixture
def field(qtbot: QtBot) -> QLineEdit:
    """Return the field in focus of a window, where nobody is typing yet."""
    line = QLineEdit()
    keep(qtbot, line)
    line.show()
    qtbot.waitExposed(line)
    line.activateWindow()
    line.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusObject() is line)
    return line


@pytest.fixture
def presence(field: QLineEdit) -> Presence:
    """Return a look-out that began an hour ago."""
    looking = Presence(field)
    looking.begin()
    looking.last_sign -= HOUR
    return looking


def word_of_an_input_method(field: QLineEdit) -> None:
    event = QInputMethodEvent()
    event.setCommitString("党员")
    QApplication.sendEvent(field, event)


@pytest.mark.parametrize("way", ["key", "click", "move", "word"])
def test_every_way_to_act_is_a_sign_of_life(field: QLineEdit, presence: Presence, way: str) -> None:
    assert presence.idle_seconds() > HOUR / 2
    if way == "key":
        QTest.keyClick(field.windowHandle(), Qt.Key.Key_A)
    elif way == "click":
        QTest.mouseClick(field.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    elif way == "move":
        QTest.mouseMove(field.windowHandle(), QPoint(7, 5))
    else:
        word_of_an_input_method(field)
    assert presence.idle_seconds() < HOUR / 2


def test_a_key_in_a_dialog_counts(qtbot: QtBot, field: QLineEdit, presence: Presence) -> None:
    dialog = QDialog(field)
    dialog.open()
    qtbot.waitUntil(lambda: QApplication.focusWindow() is dialog.windowHandle())
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_A)
    assert presence.idle_seconds() < HOUR / 2
    dialog.close()


def test_nothing_counts_after_the_end(field: QLineEdit, presence: Presence) -> None:
    presence.end()
    QTest.keyClick(field.windowHandle(), Qt.Key.Key_A)
    word_of_an_input_method(field)
    assert presence.idle_seconds() > HOUR / 2


def test_nobody_filters_the_events_of_the_application() -> None:
    """What Python is just destroying would be handed back to it, and the program would end."""
    filters = re.compile(r"(\bapp\w*|instance\(\)\)?|\bqApp)\.installEventFilter|\.installEventFilter if ")
    files = (ROOT / "desktop").rglob("*.py")
    assert [file.name for file in files if filters.search(file.read_text("utf-8"))] == []


DROPPED = """
import sys
from PySide6.QtWidgets import QApplication, QLabel, QWidget
app = QApplication(["x"])
from desktop.ui.presence import Presence
from desktop.ui.widgets import box, col, row, text
window = QWidget()
window.show()
Presence(window).begin()
for _time in range(20):
    row((col(text("a"), text("b")), 1), text("c"))
    box(row(col(text("a"))))
    app.processEvents()
print("alive")
"""


def test_a_layout_that_nobody_placed_dies_alone() -> None:
    command = [sys.executable, "-X", "faulthandler", "-c", DROPPED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")

"""Rows and columns: a list that is filled again keeps the focus at its place and itself where it stood."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

import desktop.ui
from desktop.ui.widgets import clear, col, scroll
from desktop.ui.widgets.layout import Turning, box


def test_a_list_filled_again_keeps_the_focus_at_its_place_and_does_not_scroll(qtbot: QtBot) -> None:
    lines, other = QVBoxLayout(), QPushButton("别处")
    area = scroll(box(lines))
    page = box(col(other, area))
    qtbot.addWidget(page)
    page.resize(200, 160)

    def fill(count: int) -> None:
        clear(lines)
        for number in range(count):
            lines.addWidget(QPushButton(str(number)))

    fill(40)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    lines.itemAt(2).widget().setFocus()
    qtbot.waitUntil(lambda: page.focusWidget() is lines.itemAt(2).widget())
    fill(40)
    qtbot.waitUntil(lambda: page.focusWidget() is lines.itemAt(2).widget())
    assert area.verticalScrollBar().value() == 0
    fill(2)
    qtbot.waitUntil(lambda: page.focusWidget() is lines.itemAt(1).widget())
    clear(lines)
    other.setFocus()
    QApplication.processEvents()
    assert page.focusWidget() is other


def test_the_focus_comes_to_what_was_filled_in_before_the_layout_has_shown_it(qtbot: QtBot) -> None:
    lines, other, heard = QVBoxLayout(), QPushButton("别处"), list[bool]()
    page = box(col(other, lines))
    qtbot.addWidget(page)
    lines.addWidget(QPushButton("这一步"))
    page.show()
    qtbot.waitExposed(page)
    lines.itemAt(0).widget().setFocus()
    following, unwanted = QPushButton("下一步"), QPushButton("用不上")
    unwanted.hide()

    def fill() -> None:
        for part in (unwanted, following):
            lines.addWidget(part)
        heard.append(following.isVisible())

    QTimer.singleShot(0, page, fill)  # comes just before what gives the focus: nothing shows the button in between
    clear(lines, to=lambda: following)
    qtbot.waitUntil(lambda: page.focusWidget() is not None)
    assert heard == [False]
    assert page.focusWidget() is following
    assert unwanted.isHidden()


def test_a_button_that_empties_its_own_list_lives_until_its_click_is_over(qtbot: QtBot) -> None:
    lines = QVBoxLayout()
    page = box(col(lines))
    qtbot.addWidget(page)
    seen: list[bool] = []

    def fill() -> None:
        button = QPushButton("再来一次")
        button.clicked.connect(empty)
        lines.addWidget(button)

    def empty() -> None:
        clicked = lines.itemAt(0).widget()
        clear(lines)
        seen.append(isValid(clicked) and clicked.parentWidget() is page)

    fill()
    page.show()
    button = lines.itemAt(0).widget()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (seen, lines.count(), button.isVisible()) == ([True], 0, False)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not isValid(button)


def test_views_that_turn_are_made_where_they_stand() -> None:
    """Qt shows the first view that comes into a stack at once: where the stack stands in no window yet, as its own."""
    folder = Path(desktop.ui.__file__).parent
    loose = {path.name for path in folder.rglob("*.py") if "QStackedLayout()" in path.read_text("utf-8")}
    assert loose == {"table_model.py", "words.py"}  # these lay the stack out before anything is in it


def test_the_first_view_of_several_is_no_window_of_its_own(qtbot: QtBot) -> None:
    turning = Turning()
    qtbot.addWidget(turning)
    first = QWidget()
    turning.addWidget(first)
    assert not first.isWindow()
    assert not first.isVisible()

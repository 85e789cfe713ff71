"""Rows and columns: a list that is filled again keeps the focus at its place and itself where it stood."""

from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from desktop.ui.widgets import clear, col, scroll
from desktop.ui.widgets.layout import box


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

"""A table walked through by keys: what has the focus is seen, and the first key marks the row it came to."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.focus import note_lead
from desktop.ui.table_model import Column, DataTable
from desktop.ui.widgets import col
from desktop.ui.widgets.fields import edit
from tests.ui.desks import keep

NAMES = ["甲", "乙", "丙"]


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[DataTable[str]]:
    holder, made = QWidget(), DataTable[str]((Column("名称", lambda name: name),), "名单")
    keep(qtbot, holder)
    holder.setLayout(col(edit("筛选"), made))
    holder.resize(400, 300)
    holder.show()
    made.set_rows(NAMES)
    qtbot.waitExposed(holder)
    holder.activateWindow()
    field = holder.layout().itemAt(0).widget()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    yield made
    note_lead(by_keys=False)


def come_by_tab(qtbot: QtBot, table: DataTable[str]) -> None:
    note_lead(by_keys=True)
    QTest.keyClick(table.window().focusWidget(), Qt.Key.Key_Tab)
    qtbot.waitUntil(table.view.hasFocus)


def test_the_first_arrow_marks_the_row_that_keys_came_to_and_the_next_the_one_below(
    qtbot: QtBot, table: DataTable[str]
) -> None:
    come_by_tab(qtbot, table)
    assert table.current() is None
    marked = []
    for _press in range(2):
        QTest.keyClick(table.view, Qt.Key.Key_Down)
        marked.append(table.current())
    assert marked == ["甲", "乙"]


def test_enter_opens_the_row_that_keys_came_to(qtbot: QtBot, table: DataTable[str]) -> None:
    opened: list[str] = []
    table.opened.connect(opened.append)
    come_by_tab(qtbot, table)
    QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert opened == ["甲"]


def test_a_table_that_has_the_focus_by_keys_looks_so_and_by_the_pointer_does_not(
    qtbot: QtBot, table: DataTable[str]
) -> None:
    without = table.view.viewport().grab().toImage()
    come_by_tab(qtbot, table)
    framed = table.view.viewport().grab().toImage()
    assert framed != without
    note_lead(by_keys=False)
    assert table.view.viewport().grab().toImage() == without

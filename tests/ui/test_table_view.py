"""A table walked through by keys: what has the focus is seen, and the first key marks the row it came to."""

from collections.abc import Iterator
from math import floor

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui import theme
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


def test_a_click_on_a_heading_orders_the_rows_though_what_held_the_head_is_gone(table: DataTable[str]) -> None:
    """Python's hold on a part that Qt made can go with another table whose part stood at the same place."""
    table.set_rows(["乙", "甲"])
    shiboken6.invalidate(table.view.horizontalHeader())
    head = table.view.horizontalHeader()
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 15))
    assert list(table.model.rows()) == sorted(["乙", "甲"])
    assert head.isSortIndicatorShown()


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


def test_space_leaves_the_one_row_marked_that_is_told_of_beside_the_list(qtbot: QtBot, table: DataTable[str]) -> None:
    come_by_tab(qtbot, table)
    QTest.keyClick(table.view, Qt.Key.Key_Down)
    for with_key in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
        QTest.keyClick(table.view, Qt.Key.Key_Space, with_key)
        assert table.current() == "甲"


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


def test_a_selected_row_has_its_red_edge_where_the_first_column_was_put_away(qtbot: QtBot) -> None:
    made: DataTable[str] = DataTable(
        (Column("编号", lambda _name: "01", width=80, fold=500), Column("名称", lambda name: name)), "收起首列"
    )
    keep(qtbot, made)
    made.resize(400, 300)
    made.show()
    made.set_rows(NAMES)
    made.view.selectRow(1)
    assert made.view.isColumnHidden(0)
    middle = made.view.visualRect(made.model.index(1, 1)).center()
    seen = made.view.viewport().grab().toImage()
    assert seen.pixelColor(1, middle.y()) == QColor(theme.RED)


def drawn(table: DataTable[str], ratio: float) -> QImage:
    """Return the rows as a screen of `ratio` shows them."""
    port = table.view.viewport()
    image = QImage(round(port.width() * ratio), round(port.height() * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(theme.CARD))
    painter = QPainter(image)
    port.render(painter, QPoint())
    painter.end()
    return image


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0])
def test_the_lines_of_a_row_run_through_all_its_cells_on_any_screen(qtbot: QtBot, ratio: float) -> None:
    columns = (
        Column[str]("甲", lambda name: "", width=71),
        Column[str]("乙", lambda name: "", width=83),
        Column[str]("丙", lambda name: "", width=93),
        Column[str]("丁", lambda name: ""),
    )
    table = DataTable[str](columns, "名单", height=39)
    keep(qtbot, table)
    table.resize(401, 300)
    table.show()
    table.set_rows(NAMES)
    qtbot.waitExposed(table)
    image = drawn(table, ratio)
    width = image.width() - round(4 * ratio)
    lines = [y for y in range(image.height()) if image.pixelColor(width // 2, y) == QColor(theme.HAIR)]
    assert len(lines) == len(NAMES) * floor(ratio + 0.5)
    assert {image.pixelColor(x, y).name() for y in lines for x in range(2, width)} == {QColor(theme.HAIR).name()}


@pytest.mark.parametrize("ratio", [1.25, 1.5])
def test_the_frame_of_the_row_that_has_the_keys_has_no_gaps(qtbot: QtBot, table: DataTable[str], ratio: float) -> None:
    come_by_tab(qtbot, table)
    image, red = drawn(table, ratio), QColor(theme.RED)
    middle = image.width() // 2
    rows = [y for y in range(image.height()) if image.pixelColor(middle, y) == red]
    assert rows
    assert all(image.pixelColor(x, y) == red for y in rows for x in range(image.width()))
    for x in (0, image.width() - 1):
        assert all(image.pixelColor(x, y) == red for y in range(rows[0], rows[-1] + 1))

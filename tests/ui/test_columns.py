"""The columns of a list are chosen in its head and kept; several rows are copied, exported and printed."""

from dataclasses import dataclass
from typing import cast

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop.ui.table_model import Column, DataTable


@dataclass(frozen=True)
class Fruit:
    name: str
    colour: str
    weight: int


ROWS = [Fruit("苹果", "红", 3), Fruit("梨", "黄\n绿", 2), Fruit("枣", "红", 1)]


def table(qtbot: QtBot, name: str = "水果") -> DataTable[Fruit]:
    columns: tuple[Column[Fruit], ...] = (
        Column("名称", lambda r: r.name),
        Column("颜色", lambda r: r.colour, width=80, fold=500),
        Column("重量", lambda r: r.weight, text=str, width=60, align="r"),
    )
    made: DataTable[Fruit] = DataTable(columns, name)
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    made.set_rows(ROWS)
    return made


def shown(made: DataTable[Fruit]) -> list[str]:
    return [c.title for at, c in enumerate(made.model.columns) if not made.view.isColumnHidden(at)]


def test_a_column_put_away_stays_away_and_out_of_what_is_printed(qtbot: QtBot) -> None:
    first = table(qtbot)
    first.choice.show("名称", False)
    assert shown(first) == ["颜色", "重量"]
    assert first.view.horizontalHeader().stretchLastSection()
    assert first.sheet().heads == ("颜色", "重量")
    again = table(qtbot)
    assert shown(again) == ["颜色", "重量"]
    assert shown(table(qtbot, "别的水果")) == ["名称", "颜色", "重量"]
    again.resize(400, 300)
    assert shown(again) == ["重量"]
    again.choice.menu().actions()[-1].trigger()
    again.resize(600, 300)
    assert shown(again) == ["名称", "颜色", "重量"]
    assert again.choice.hidden == frozenset()


def test_columns_give_way_one_after_the_other_before_a_name_is_cut(qtbot: QtBot) -> None:
    columns: tuple[Column[Fruit], ...] = (
        Column("名称", lambda r: r.name, least=210),
        Column("颜色", lambda r: r.colour, width=100, fold=300),
        Column("重量", lambda r: r.weight, text=str, width=100, fold=200),
        Column("状态", lambda r: r.colour, width=100),
    )
    made: DataTable[Fruit] = DataTable(columns, "让位")
    qtbot.addWidget(made)
    made.show()
    made.set_rows(ROWS)
    for width, titles in (
        (540, ["名称", "颜色", "重量", "状态"]),
        (500, ["名称", "重量", "状态"]),
        (400, ["名称", "状态"]),
        (250, ["名称", "状态"]),
    ):
        made.resize(width, 300)
        assert shown(made) == titles
        if width >= 400:
            qtbot.waitUntil(lambda: made.view.columnWidth(0) >= 210)


def test_the_last_column_cannot_be_put_away(qtbot: QtBot) -> None:
    made = table(qtbot, "剩一列")
    for title in ("名称", "颜色", "重量"):
        made.choice.show(title, False)
    assert shown(made) == ["重量"]
    ticks = {action.text(): action.isEnabled() for action in made.choice.menu().actions() if action.isCheckable()}
    assert ticks == {"名称": True, "颜色": True, "重量": False}


def test_several_rows_are_chosen_copied_and_alone_exported(qtbot: QtBot) -> None:
    made = table(qtbot, "多选")
    made.view.selectRow(2)
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    made.view.selectionModel().select(made.model.index(1, 0), flags)
    assert [row.name for row in made.chosen()] == ["梨", "枣"]
    assert made.current() == ROWS[2]
    assert (made.sheet().title, len(made.sheet().rows)) == ("多选（选中2条）", 2)
    QTest.keyClick(made.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "名称\t颜色\t重量\n梨\t黄 绿\t2\n枣\t红\t1"
    made.clear_selection()
    assert len(made.sheet().rows) == 3


def test_the_button_never_covers_the_last_title_that_is_shown(qtbot: QtBot) -> None:
    titles = ("全年学时达标率", "核定得分率", "自评得分率", "积分中位数")
    columns: list[Column[Fruit]] = [Column("名称", lambda r: r.name)]
    columns += [Column(title, lambda r: r.colour, width=120, fold=500 + 100 * at) for at, title in enumerate(titles)]
    made: DataTable[Fruit] = DataTable(columns, "长列名")
    qtbot.addWidget(made)
    made.show()
    made.set_rows(ROWS)
    head, button = made.view.horizontalHeader(), made.choice.button
    assert button is not None
    for width in (1000, 760, 660, 560, 1000):
        made.resize(width, 300)
        last = max(at for at in range(len(columns)) if not head.isSectionHidden(at))
        end = head.sectionPosition(last) + 10 + head.fontMetrics().horizontalAdvance(columns[last].title)
        assert end <= button.x()
        assert all(head.sectionSize(at) == 120 for at in range(1, last))


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)")
def test_keys_sort_a_list_and_choose_its_columns_and_stay_on_their_row(qtbot: QtBot) -> None:
    made = table(qtbot, "按键的水果")
    view = made.view
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    made.select(lambda row: row.name == "梨")
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    menu = cast(QMenu, QApplication.activePopupWidget())
    assert [action.text() for action in menu.actions()] == ["排序", "选列"]
    menu.close()

    def offered(number: int) -> tuple[QMenu, list[QAction]]:
        whole = made.choice.keys_menu()
        return whole, cast(list[QMenu], whole.findChildren(QMenu))[number].actions()

    for sorts, names in ((1, ["枣", "梨", "苹果"]), (2, ["苹果", "梨", "枣"])):
        _menu, sorting = offered(0)
        assert [action.text() for action in sorting][:2] == ["名称", "颜色"]
        weight = next(action for action in sorting if action.text().startswith("重量"))
        assert weight.isChecked() == (sorts == 2)
        weight.trigger()
        assert [row.name for row in made.model.rows()] == names
        chosen = made.current()
        assert chosen is not None
        assert chosen.name == "梨"
        assert view.currentIndex().row() == 1
    _menu, sorting = offered(0)
    sorting[-1].trigger()
    assert [row.name for row in made.model.rows()] == [row.name for row in ROWS]
    _menu, columns = offered(1)
    next(action for action in columns if action.text() == "颜色").trigger()
    assert shown(made) == ["名称", "重量"]


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)")
def test_the_menu_key_opens_what_the_head_of_a_list_offers(qtbot: QtBot) -> None:
    made = table(qtbot, "菜单键的水果")
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(made.view.viewport(), asked)
    menu = cast(QMenu, QApplication.activePopupWidget())
    assert menu.actions()[1].text() == "选列"
    menu.close()


def test_rows_that_come_to_a_list_in_focus_have_the_keys_on_the_first(qtbot: QtBot) -> None:
    made = table(qtbot, "后来的水果")
    made.set_rows([])
    made.wait()  # they are on their way
    made.view.setFocus()
    qtbot.waitUntil(made.view.hasFocus)
    made.set_rows(ROWS)
    assert made.view.currentIndex().row() == 0
    assert made.current() is None  # where keys stand, nothing is chosen yet


def test_the_last_title_takes_no_room_that_a_name_needs(qtbot: QtBot) -> None:
    columns: list[Column[Fruit]] = [Column("名称", lambda r: r.name, least=210)]
    columns += [Column(f"赛马总分变化{at}", lambda r: r.colour, width=90) for at in range(4)]
    made: DataTable[Fruit] = DataTable(columns, "窄表")
    qtbot.addWidget(made)
    made.show()
    made.set_rows(ROWS)
    made.resize(210 + 4 * 90 + 20, 300)
    assert made.view.columnWidth(0) >= 210
    assert made.view.columnWidth(4) == 90

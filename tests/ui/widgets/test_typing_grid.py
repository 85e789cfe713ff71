"""Lines typed and pasted into a grid: by place, by name, by heading; what cannot be read, drafts, filling down."""

from datetime import date

import pytest
from PySide6.QtCore import QItemSelectionModel
from pytestqt.qtbot import QtBot

from desktop.services.appraisal.sheet import RESULTS
from desktop.ui.widgets.typing_grid import TypedLine, TypingGrid, block

NAMES = ("张三", "李四", "王五")


@pytest.fixture
def grid(qtbot: QtBot) -> TypingGrid:
    made = TypingGrid([RESULTS.column(name) for name in ("review_on", "self_grade", "review", "written")], "自评")
    qtbot.addWidget(made)
    made.show_lines([TypedLine(name, name, {"review": "旧"}, 3, ("written",)) for name in NAMES])
    return made


def stand(grid: TypingGrid, row: int, column: int) -> None:
    grid.setCurrentIndex(grid.cells.index(row, column))


def test_a_block_of_excel_keeps_cells_of_several_lines() -> None:
    assert block('张三\t"第一行\n第二行"\n\t\n') == [["张三", "第一行\n第二行"]]


def test_a_block_goes_in_from_the_cursor_on(grid: TypingGrid) -> None:
    stand(grid, 1, 1)
    grid.paste("2027.1.8\t优秀\n2027年1月9日\t合格党员\n20270110\t合格")
    values = grid.values()
    assert values["李四"]["review_on"] == date(2027, 1, 8)
    assert values["王五"]["self_grade"].label == "合格"
    assert set(values) == {"李四", "王五"}


def test_rows_with_names_go_to_whom_they_are_of(grid: TypingGrid) -> None:
    stand(grid, 0, 1)
    heard: list[str] = []
    grid.said.connect(heard.append)
    grid.paste("姓名\t个人小结\t职务\n王五\t很忙\t书记\n赵六\t不在\t\n张三\t不忙\t委员")
    assert {key: row["review"] for key, row in grid.values().items()} == {"王五": "很忙", "张三": "不忙"}
    assert heard == ["粘贴了 2 格；没有收：没有“职务”这一栏；名单里没有赵六"]


def test_what_cannot_be_read_stays_as_typed_and_is_said(grid: TypingGrid) -> None:
    grid.cells.setData(grid.cells.index(2, 1), "元旦前后")
    assert grid.fault().startswith("王五的自评交来日期：")
    assert grid.currentIndex().row() == 2
    assert grid.cells.words[2][0] == "元旦前后"


def test_nothing_is_typed_into_a_cell_that_is_not_somebodys(grid: TypingGrid) -> None:
    assert not grid.cells.setData(grid.cells.index(0, 4), "书面发言")
    assert grid.values() == {}


def test_a_cell_fills_the_empty_ones_below_and_one_step_takes_it_back(grid: TypingGrid) -> None:
    grid.cells.setData(grid.cells.index(0, 1), "2027-01-08")
    grid.cells.setData(grid.cells.index(1, 1), "2027-01-07")
    stand(grid, 0, 1)
    grid.selectionModel().select(grid.cells.index(0, 1), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    grid.fill_down()
    assert [row[0] for row in grid.cells.words] == ["2027-01-08", "2027-01-07", "2027-01-08"]
    grid.take_back()
    assert [row[0] for row in grid.cells.words] == ["2027-01-08", "2027-01-07", ""]


def test_a_draft_holds_what_was_changed_with_the_revision_it_was_typed_over(grid: TypingGrid) -> None:
    grid.cells.setData(grid.cells.index(1, 3), "")
    kept = grid.typed()
    assert kept == {"李四": {"rev": 3, "words": {"review": ""}}}
    grid.show_lines([TypedLine(name, name, {"review": "新"}, 4) for name in NAMES])
    grid.type_again(kept)
    assert grid.values() == {"李四": {"review": None}}
    assert grid.cells.revs == {"张三": 4, "李四": 3, "王五": 4}

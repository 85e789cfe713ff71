"""Columns of a list stand as declared; where a name would be cut, they give it what they can spare."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.ui.table_model import Column, DataTable, Tag, Two, Txt
from desktop.ui.widths import EDGES, MEASURED, Shown, sizes

LONG = "财务管理与内部审计监督（规范办）联合党支部"


@dataclass(frozen=True)
class Line:
    name: str
    stage: str = "查原因"
    state: str = "按期"


def table(qtbot: QtBot, rows: list[Line], width: int = 640) -> DataTable[Line]:
    columns: tuple[Column[Line], ...] = (
        Column("支部", lambda r: r.name, width=196),
        Column("环节", lambda r: r.stage),
        Column("进度", lambda r: r.state, cell=lambda r: Tag(r.state), width=124),
    )
    made: DataTable[Line] = DataTable(columns, "支部提升计划")
    qtbot.addWidget(made)
    made.resize(width, 300)
    made.show()
    made.set_rows(rows)
    return made


def needed(words: str) -> int:
    return Txt(words).widths()[0] + EDGES


def test_a_name_stands_whole_where_other_columns_have_room_to_spare(qtbot: QtBot) -> None:
    made = table(qtbot, [Line("离退休党支部"), Line(LONG)])
    assert made.view.columnWidth(0) == needed(LONG)
    assert made.view.columnWidth(1) >= 150
    assert made.view.columnWidth(2) == 124  # the column that takes what is left gives first
    made.set_rows([Line("离退休党支部")])
    assert made.view.columnWidth(0) == 196


def test_a_narrow_list_gives_a_name_what_its_chips_do_not_fill(qtbot: QtBot) -> None:
    made = table(qtbot, [Line(LONG)], width=needed(LONG) + 150 + 80 + 14)
    assert made.view.columnWidth(0) == needed(LONG)
    assert made.view.columnWidth(2) < 124
    assert made.view.columnWidth(2) >= Tag("按期").widths()[0] + EDGES


def test_a_chip_that_is_not_there_yet_keeps_no_room_from_a_name(qtbot: QtBot) -> None:
    """Of a drawn record nothing is found yet: its column stood empty beside the name that was cut for it."""
    width = needed(LONG) + 150 + 80 + 14
    waiting = [replace(Line(LONG), state=""), Line(LONG)]
    assert table(qtbot, waiting, width).view.columnWidth(0) == needed(LONG)


def test_most_names_stand_whole_where_the_longest_cannot(qtbot: QtBot) -> None:
    shorter = LONG[:16]
    made = table(qtbot, [Line(LONG), Line(shorter)], width=needed(shorter) + 150 + 124 + 16)
    assert made.view.columnWidth(0) == needed(shorter)


def test_no_column_gives_what_its_own_words_need() -> None:
    full = Shown(100, 0, 60, [100], [100])
    assert sizes([full, Shown(0, 150, 60, [400], [400]), full], 500) == [100, 300, 100]
    small = Shown(100, 0, 60, [70], [70])
    assert sizes([full, Shown(0, 150, 60, [320], [320]), small], 500) == [100, 320, 80]


def test_a_line_under_a_name_takes_only_what_names_leave() -> None:
    name, under = Shown(200, 0, 60, [200], [300]), Shown(0, 150, 60, [180], [180])
    assert sizes([name, under], 500) == [300, 200]
    assert sizes([name, Shown(0, 150, 60, [290], [290])], 500) == [200, 300]
    assert Two("名称", "更长更长更长的一行").widths()[1] > Two("名称", "短").widths()[0]


def test_what_stands_in_rows_that_were_not_measured_is_not_cut(qtbot: QtBot) -> None:
    made = table(qtbot, [Line("支部")] * MEASURED + [Line(LONG, state="按期")], width=420)
    assert made.view.columnWidth(0) == 196
    assert made.view.columnWidth(2) == 124


def test_a_column_that_was_dragged_stays_as_wide(qtbot: QtBot) -> None:
    made = table(qtbot, [Line(LONG)])
    head = made.view.horizontalHeader()
    edge = QPoint(head.sectionPosition(0) + head.sectionSize(0) - 1, head.height() // 2)
    area = head.viewport()
    QTest.mouseMove(area, edge)
    QTest.mousePress(area, Qt.MouseButton.LeftButton, pos=edge)
    QTest.mouseMove(area, edge - QPoint(60, 0))
    QTest.mouseRelease(area, Qt.MouseButton.LeftButton, pos=edge - QPoint(60, 0))
    dragged = made.view.columnWidth(0)
    assert dragged < needed(LONG)
    made.resize(700, 300)
    made.set_rows([Line(LONG), Line("离退休党支部")])
    assert made.view.columnWidth(0) == dragged

"""The sheet as it stands: true row numbers, what each row is, and no ID number in the open."""

from desktop.services.intake.looks import RowRole
from desktop.services.spreadsheets.workbook import SheetCells
from desktop.ui.intake.cells import grid_columns, grid_lines, has_numbers, hide_numbers, letter, merges_in
from tests.ui.intake.samples import cells, look


def test_the_lines_keep_their_numbers_and_say_what_they_are() -> None:
    lines = grid_lines(SheetCells("表", {3: {1: "姓名"}, 17: {1: "李建国"}}), None, "人")
    assert [line.number for line in lines] == [3, 17]
    assert [line.role for line in grid_lines(cells(), look(), "人")][:6] == [
        RowRole.TITLE,
        RowRole.TITLE,
        RowRole.HEADING,
        RowRole.HEADING,
        RowRole.GROUP,
        RowRole.RECORD,
    ]


def test_id_numbers_are_masked_in_whatever_column_they_stand() -> None:
    assert hide_numbers("身份证412723196808150815，电话13900000012") == "身份证4127************15，电话13900000012"
    masked = grid_lines(cells(), look(), "人")[5].cells[4]
    assert masked == "4127************15"
    assert grid_lines(cells(), look(), "人", whole=True)[5].cells[4] == "412723196808150815"
    assert has_numbers(cells())
    assert not has_numbers(SheetCells("表", {1: {1: "李建国", 2: 13900000012}}))


def test_a_separating_row_says_whom_its_words_are_for() -> None:
    line = grid_lines(cells(), look(), "人")[4]
    assert line.note == "不算一人，给下面 37 人填“第一党小组”"


def test_a_cell_says_how_it_is_read_where_it_is_written_otherwise() -> None:
    line = grid_lines(cells(), look(), "人")[8]
    assert (line.cells[7], line.shown[7]) == ("39630", "2008-07-01")


def test_merged_cells_and_lone_titles_stand_across_their_columns() -> None:
    lines = grid_lines(cells(), look(), "人")
    spans = merges_in(cells(), lines, grid_columns(lines, look()))
    assert (0, 0, 1, 9) in spans
    assert (2, 6, 1, 2) in spans
    assert (2, 0, 2, 1) in spans
    assert (1, 0, 1, 8) in spans  # “填报单位” runs on to the date at the right


def test_columns_are_named_as_excel_names_them() -> None:
    assert [letter(column) for column in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]

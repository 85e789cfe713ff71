"""The sheet of a spot check goes out as a workbook and comes back with what was found."""

from pathlib import Path

import openpyxl

from desktop.models.sampling import CheckLine
from desktop.models.vocabulary.sampling import CheckState, SampleCheck, SampleVerdict
from desktop.services.attachments import AttachmentService
from desktop.services.sampling.book import SampleBook
from desktop.services.sampling.service import SamplingService
from desktop.services.search.service import Found, SearchService
from desktop.services.store import Store
from tests.services.sampling.conftest import PERIOD


def searched(store: Store, words: str) -> Found:
    service = SearchService(store)
    service.refresh()
    return service.find(words)


def fill(path: Path, lines: dict[int, dict[str, str]]) -> None:
    """Type into the lines of a sheet, by position."""
    excel = openpyxl.load_workbook(path)
    page = excel.worksheets[0]
    head = next(row for row in page.iter_rows() if any(cell.value == "抽中的记录" for cell in row))
    columns = {str(cell.value): cell.column for cell in head}
    for row in page.iter_rows(min_row=head[0].row + 1):
        typed = lines.get(int(str(row[columns["序号"] - 1].value or 0)), {})
        for title, words in typed.items():
            page.cell(row[0].row, columns[title]).value = words
    excel.save(path)


def test_a_filled_sheet_is_kept_blank_lines_are_passed_over_and_it_comes_back_unchanged(
    headquarters: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    sampling.draw(PERIOD, 7)
    book, path = SampleBook(headquarters), tmp_path / "核查表.xlsx"
    book.export(path)
    flawed = {"签到原件": "×：三人签名笔迹相同", "依据": "签名相同", "认定": "有瑕疵", "核查人": "周敏"}
    fill(path, {1: {"认定": "属实", "记录原件": "√手写2页"}, 2: flawed})
    result = book.import_file(path)
    (sheet,) = sampling.sheets(PERIOD)
    assert (result.rejected, result.updated, result.blank) == ([], 2, len(sheet.records) - 2)
    first, second = sheet.records[:2]
    assert (first.verdict, first.checks) == (
        SampleVerdict.TRUE,
        (CheckLine(SampleCheck.ORIGINAL, CheckState.FINE, "手写2页"),),
    )
    assert (second.verdict, second.ground, sheet.checked_by) == (SampleVerdict.INCOMPLETE, "签名相同", "周敏")
    book.export(path)
    again = book.import_file(path)
    assert (again.rejected, again.changes, again.unchanged) == ([], [], 2)


def test_a_line_of_another_record_or_without_its_ground_is_refused(
    headquarters: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    sampling.draw(PERIOD, 7)
    book, path = SampleBook(headquarters), tmp_path / "核查表.xlsx"
    book.export(path)
    fill(path, {1: {"认定": "属实", "佐证编号": "2026-D1-01-999"}, 2: {"认定": "不实", "依据": "没有开会"}})
    result = book.import_file(path)
    assert [refused.field for refused in result.rejected] == ["佐证编号", "支部说明"]
    assert all(row.verdict is None for row in sampling.sheets(PERIOD)[0].records)


def test_a_line_whose_signature_cannot_be_is_refused_whole(
    headquarters: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    sampling.draw(PERIOD, 7)
    book, path = SampleBook(headquarters), tmp_path / "核查表.xlsx"
    book.export(path)
    fill(
        path,
        {1: {"认定": "属实", "核查方式": "到现场"}, 2: {"认定": "属实", "核查人": "周敏", "核查日期": "2020-01-01"}},
    )
    result = book.import_file(path)
    assert [refused.field for refused in result.rejected] == ["核查人", "核查日期"]
    (sheet,) = sampling.sheets(PERIOD)
    assert (result.updated, sheet.way, sheet.judged) == (0, "", 0)


def test_a_sheet_is_signed_by_one_hand(headquarters: Store, sampling: SamplingService, tmp_path: Path) -> None:
    sampling.draw(PERIOD, 7)
    book, path = SampleBook(headquarters), tmp_path / "核查表.xlsx"
    book.export(path)
    fill(path, {1: {"核查人": "周敏"}, 2: {"核查人": "周敏", "认定": "属实"}, 3: {"核查人": "韩冰", "认定": "属实"}})
    result = book.import_file(path)
    (sheet,) = sampling.sheets(PERIOD)
    assert (sheet.checked_by, sheet.judged, result.updated, result.blank) == ("周敏", 1, 1, len(sheet.records) - 2)
    assert [(refused.row, refused.field) for refused in result.rejected] == [(5, "核查人")]


def test_lines_that_only_say_who_looked_are_counted_as_blank_and_named_by_nobody(
    headquarters: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    sampling.draw(PERIOD, 7)
    book, path = SampleBook(headquarters), tmp_path / "核查表.xlsx"
    book.export(path)
    (sheet,) = sampling.sheets(PERIOD)
    every = range(1, len(sheet.records) + 1)
    fill(path, {at: {"核查人": "周敏"} | ({"认定": "属实"} if at == 2 else {}) for at in every})
    result = book.import_file(path, dry_run=True)
    assert (result.updated, result.blank, result.same) == (1, len(sheet.records) - 1, [])
    assert {change.row for change in result.changes} == {4}
    fill(path, {2: {"认定": ""}})
    result = book.import_file(path)
    assert (result.updated, result.blank, result.same) == (1, len(sheet.records) - 1, [])
    (told,) = result.changes
    assert (told.record[-3:], told.field, told.after) == ("核查表", "核查人", "周敏")
    assert sampling.sheets(PERIOD)[0].checked_by == "周敏"


def test_two_records_that_are_missing_in_one_file_are_replaced_by_two(
    headquarters: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    sampling.draw(PERIOD, 7)
    book, path = SampleBook(headquarters), tmp_path / "核查表.xlsx"
    book.export(path)
    (before,) = sampling.sheets(PERIOD)
    gone = {"认定": "原件不在", "依据": "没有找到"}
    fill(path, {1: gone, 2: gone})
    book.import_file(path)
    (sheet,) = sampling.sheets(PERIOD)
    spare = sheet.records[len(before.records) :]
    assert [row.stands_for for row in spare] == [row.id for row in sheet.records[:2]]
    assert len({row.record_id for row in sheet.records}) == len(before.records) + 2


def test_a_drawn_record_is_found_by_what_was_seen_and_keeps_the_photos_of_the_spot(
    headquarters: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    sampling.draw(PERIOD, 7)
    book, path = SampleBook(headquarters), tmp_path / "核查表.xlsx"
    book.export(path)
    fill(path, {1: {"认定": "属实", "照片原图": "√拍于七月十五日"}})
    book.import_file(path)
    (sheet,) = sampling.sheets(PERIOD)
    hits = [hit for hit in searched(headquarters, "拍于七月十五日").hits if hit.target[0] == "sampled_record"]
    assert [hit.target[1] for hit in hits] == [sheet.records[0].id]
    photo = tmp_path / "现场.txt"
    photo.write_text("现场", encoding="utf-8")
    AttachmentService(headquarters).attach("sampled_records", sheet.records[0].id, photo)
    assert [row.name for row in AttachmentService(headquarters).list("sampled_records", sheet.records[0].id)] == [
        "现场.txt"
    ]

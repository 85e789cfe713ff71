"""Headquarters' ratings in Excel: good rows are kept, bad ones told, a second import changes nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from desktop.models.sync import Partner
from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.services.errors import Cancelled, InvalidInput
from desktop.services.standards.rating_book import RatingBook
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.standards.samples import PACK
from tests.stores import new_store

UID = "01900000-0000-7000-8000-000000000001"
HEAD = ("支部", "条目", "质量标准", "评定", "依据")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "headquarters", StoreKind.HEADQUARTERS) as opened:
        with opened.unit_of_work("登记支部") as session:
            session.add(
                Partner(org=UID, code="ZK01", name="沈丘县局第一党支部", state=PartnerState.ACTIVE, install=UID)
            )
        yield opened


def workbook(path: Path, *rows: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("2026年质量评定",))
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_levels_and_surveys_are_taken_as_people_write_them(store: Store, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "评定.xlsx",
        ("ZK01", "D1-01", None, 3, "看名册"),
        ("沈丘县局第一党支部", "d4-01", 2, "18/20", "当场测评"),
        ("zk01", "D4-01", "第1条", "３级 落实有效", "抽查记录"),
        ("ZK01", "D4-02", PACK.item("D4-02").quality[0].text, "0", "没有落实"),
        ("ZK01", "D2-06", "1", "17／20", "测评"),
    )
    result = RatingBook(store).import_file(file)
    assert [r.reason for r in result.rejected] == []
    assert (result.read, result.accepted) == (5, 5)
    ratings = RatingService(store).ratings(2026, UID)
    assert ratings[("D1-01", 0)].level_hundredths == 300
    assert (ratings[("D4-01", 1)].satisfied, ratings[("D4-01", 1)].asked) == (18, 20)
    assert ratings[("D4-01", 0)].text == "3级 落实有效"
    assert ratings[("D4-02", 0)].level_hundredths == 0
    assert ratings[("D2-06", 0)].ground == "测评"
    again = RatingBook(store).import_file(file)
    assert (again.accepted, again.updated, again.unchanged) == (0, 0, 5)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("ZK99", "D1-01", 1, 3, "x"), "没有登记的支部，填代码或全称"),
        (("ZK01", "D9-01", 1, 3, "x"), "标准里没有“D9-01”"),
        (("ZK01", "D4-01", None, 3, "x"), "D4-01有2条质量标准，要写第几条"),
        (("ZK01", "D4-01", 3, 3, "x"), "D4-01只有2条质量标准"),
        (("ZK01", "D1-01", 1, 5, "x"), "应在0至4级之间"),
        (("ZK01", "D1-01", 1, "不错", "x"), "应为0至4级的数字"),
        (("ZK01", "D4-01", 2, 3, "x"), "这一条是测评，应填满意人数和测评人数"),
        (("ZK01", "D4-01", 2, "21/20", "x"), "应在0和测评人数之间"),
        (("ZK01", "D2-03", 2, 3, "x"), "这一条由程序计算，不用评定"),
        (("ZK01", "D1-01", 1, 3, None), "没有依据"),
        (("ZK01", "D1-01", 1, None, "x"), "应为0至4级"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_good_rows_stay(
    store: Store, tmp_path: Path, row: tuple[Any, ...], reason: str
) -> None:
    file = workbook(tmp_path / "评定.xlsx", row, ("ZK01", "D1-02", 1, 2, "看批复"))
    result = RatingBook(store).import_file(file)
    assert [r.reason for r in result.rejected] == [reason]
    assert result.accepted == 1
    assert list(RatingService(store).ratings(2026, UID)) == [("D1-02", 0)]


def test_the_same_criterion_twice_in_a_file_is_refused(store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", ("ZK01", "D1-01", 1, 3, "甲"), ("ZK01", "D1-01", 1, 2, "乙"))
    assert [r.reason for r in RatingBook(store).import_file(file).rejected] == ["与第3行重复"]


def test_a_dry_run_and_a_cancelled_import_keep_nothing(store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", ("ZK01", "D1-01", 1, 3, "甲"), ("ZK01", "D1-02", 1, 2, "乙"))
    dry = RatingBook(store).import_file(file, dry_run=True)
    assert (dry.accepted, dry.changes[0].after) == (2, "3级 落实有效（甲）")

    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        RatingBook(store).import_file(file, progress=stop)
    assert not RatingService(store).ratings(2026, UID)


def test_a_changed_value_is_shown_before_and_after(store: Store, tmp_path: Path) -> None:
    RatingBook(store).import_file(workbook(tmp_path / "a.xlsx", ("ZK01", "D1-01", 1, 3, "甲")))
    result = RatingBook(store).import_file(workbook(tmp_path / "b.xlsx", ("ZK01", "D1-01", 1, 4, "甲")))
    assert result.updated == 1
    assert (result.changes[0].before, result.changes[0].after) == ("3级 落实有效（甲）", "4级 示范可推广（甲）")


def test_what_is_written_out_comes_in_unchanged(store: Store, tmp_path: Path) -> None:
    service = RatingBook(store)
    service.import_file(
        workbook(tmp_path / "a.xlsx", ("ZK01", "D1-01", 1, 3.5, "甲"), ("ZK01", "D4-04", 1, "9/10", "乙"))
    )
    assert service.export(tmp_path / "out.xlsx") == 2
    again = service.import_file(tmp_path / "out.xlsx")
    assert (again.read, again.unchanged) == (2, 2)
    service.template(tmp_path / "prepared.xlsx")
    prepared = service.import_file(tmp_path / "prepared.xlsx")
    assert (prepared.unchanged, prepared.blank, prepared.rejected) == (2, prepared.read - 2, [])


def test_a_file_of_something_else_is_refused_whole(store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", ("张三", "男"), head=("姓名", "性别"))
    with pytest.raises(InvalidInput):
        RatingBook(store).import_file(file)


def filled(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a sheet below its example, by its headings."""
    lines = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
    return [dict(zip(map(str, lines[0]), line, strict=True)) for line in lines[2:] if any(line)]


def test_the_sheet_to_fill_in_names_every_branch_and_criterion_and_what_is_judged(store: Store, tmp_path: Path) -> None:
    service, pack = RatingService(store), StandardService(store).pack(store.today, store.today.year)
    service.rate("D1-01", 0, level=3, ground="看名册", year=2026, branch_id=UID)
    RatingBook(store).template(tmp_path / "表.xlsx")
    lines = filled(tmp_path / "表.xlsx")
    judged = [part for item in pack.items for part in item.quality if part.how != "metric"]
    assert len(lines) == len(judged)
    assert {line["支部"] for line in lines} == {"ZK01"}
    first = next(line for line in lines if line["条目"] == "D1-01")
    assert (first["评定"], first["依据"]) == ("3", "看名册")
    assert sum(line["评定"] is not None for line in lines) == 1


def test_a_prepared_sheet_comes_back_with_only_what_was_filled_in(store: Store, tmp_path: Path) -> None:
    service, file = RatingService(store), tmp_path / "表.xlsx"
    service.rate("D1-01", 0, level=3, ground="看名册", year=2026, branch_id=UID)
    RatingBook(store).template(file)
    untouched = RatingBook(store).import_file(file, dry_run=True)
    assert (untouched.accepted, untouched.updated, untouched.unchanged, untouched.rejected) == (0, 0, 1, [])
    assert untouched.blank == untouched.read - 1
    assert [warning.reason for warning in untouched.warnings] == []
    book = load_workbook(file)
    page = book.worksheets[0]
    heads = {str(cell.value): cell.column for cell in page[1]}
    for number in range(2, page.max_row + 1):
        if page.cell(number, heads["条目"]).value == "D1-01" and page.cell(number, heads["评定"]).value:
            page.cell(number, heads["评定"]).value = page.cell(number, heads["依据"]).value = None
        if page.cell(number, heads["条目"]).value == "D4-02" and number:
            page.cell(number, heads["评定"]).value, page.cell(number, heads["依据"]).value = "2", "看记录"
    book.save(file)
    result = RatingBook(store).import_file(file)
    taken = sum(part.how != "metric" for part in PACK.item("D4-02").quality)
    assert (result.accepted, result.rejected) == (taken, [])
    assert [warning.reason for warning in result.warnings] == ["这一行没有填，原来的评定保留"]
    assert service.ratings(2026, UID)[("D1-01", 0)].ground == "看名册"

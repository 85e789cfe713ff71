"""Workbooks in and out by declaration: messy files understood or refused, exports that import again, no formulas."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.services.errors import InvalidInput, StorageFailure
from desktop.services.intake import files
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.codes import code_name, code_parser
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.identity import parse_id_number
from desktop.services.spreadsheets.names import clean_name
from desktop.services.spreadsheets.numbers import parse_integer, parse_money
from desktop.services.spreadsheets.results import Rejected
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn, yuan

PEOPLE = Sheet(
    kind="members",
    title="人员表",
    columns=(
        SheetColumn("name", "姓名", clean_name, required=True, help="与证件一致", example="张三"),
        SheetColumn("gender", "性别", code_parser("gender"), code_name("gender"), choices=("男", "女")),
        SheetColumn("id_no", "身份证号", lambda cell, title: parse_id_number(cell, title).number),
        SheetColumn("born_on", "出生日期", parse_date, looks="date"),
        SheetColumn("age", "年龄", parse_integer, looks="integer"),
        SheetColumn("base_fen", "基数", parse_money, yuan, looks="money"),
        SheetColumn("note", "备注", looks="long", width=30),
    ),
    keys=("name", "id_no"),
    note="一人一行。",
)


def workbook(path: Path, rows: Sequence[Sequence[Any]], **sheets: Sequence[Sequence[Any]]) -> Path:
    """Write rows, and further sheets by name, as a user's program would; return the path."""
    book = openpyxl.Workbook()
    for title, content in {"名单": rows, **sheets}.items():
        page = book.active if title == "名单" else book.create_sheet(title)
        page.title = title
        for row in content:
            page.append(list(row))
    book.save(path)
    return path


def test_a_plain_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["姓名", "年龄"], ["张三", 30], ["李四", None]])
    found = files.read(path, PEOPLE)
    assert [(row.number, row.values) for row in found.rows] == [
        (2, {"name": "张三", "age": 30}),
        (3, {"name": "李四"}),
    ]
    assert found.rows[1].given == {"name", "age"}
    assert (found.rejected, found.warnings) == ((), ())


def test_merged_titles_synonyms_hints_unknown_columns_and_feet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    page.title = "名单"
    page.append(["某支部人员表"])
    page.merge_cells("A1:F1")
    page.append(["填报日期：2026年"])
    page.append([])
    page.append(["序号", "党员\n姓名*", "身份证号码（18位）", " 出生年月 ", "年 龄：", "血型"])
    page.append([1, "张　三", "'41272319730805763x", "1973.08.05", "53 ", "A"])
    page.append([None, None, None, None, None, None])
    page.append([2, None, None, None, None, None])
    page.append(["序号", "党员姓名", "身份证号码", "出生年月", "年龄", "血型"])
    page.append([3, "李四", None, "19800101", 46.0, None])
    page.append(["合计", None, None, None, 99])
    page.append(["填表人：王五"])
    page.row_dimensions[9].hidden = True
    book.save(path)
    found = files.read(path, PEOPLE)
    assert [row.values for row in found.rows] == [
        {"name": "张三", "id_no": "41272319730805763X", "born_on": date(1973, 8, 5), "age": 53},
        {"name": "李四", "born_on": date(1980, 1, 1), "age": 46},
    ]
    assert found.rejected == ()
    assert [(one.field, one.reason) for one in found.result().warnings] == [
        ("血型", "未导入：不认识的列"),
        ("行", "这一行在表里被隐藏、筛掉或划掉了，仍按记录读取"),
        ("行", "“合计”是合计，不是记录，未导入"),
        ("行", "“填表人：王五”是表尾的落款，不是记录，未导入"),
    ]


def test_a_bad_cell_refuses_its_row_with_place_value_and_reason(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [["姓名", "出生日期", "年龄"], ["张三", "3/5/2026", "三十"], [None, "2026-3-5", 30], ["李四", "2026-3-5", 30]],
    )
    found = files.read(path, PEOPLE)
    assert [row.values["name"] for row in found.rows] == ["李四"]
    assert found.result().rejected == [
        Rejected(
            sheet="名单",
            row=2,
            field="出生日期",
            value="3/5/2026",
            reason="日、月顺序不确定，请写成年-月-日；“年龄”：不是数字",
        ),
        Rejected(sheet="名单", row=3, field="姓名", value="", reason="没有姓名"),
    ]
    assert found.result().read == 3


def test_several_sheets_are_read_and_others_named(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [["姓名", "年龄"], ["张三", 30]],
        第二组=[["标题"], ["姓名", "性别"], ["李四", "女"]],
        代码=[["民族"], ["汉族"]],
    )
    book = openpyxl.load_workbook(path)
    book.create_sheet("旧名单").append(["姓名", "年龄"])
    book["旧名单"].append(["王五", 60])
    book["旧名单"].sheet_state = "hidden"
    book.save(path)
    found = files.read(path, PEOPLE)
    assert [(row.sheet, row.values["name"]) for row in found.rows] == [("名单", "张三"), ("第二组", "李四")]
    assert [(left.sheet, left.why) for left in found.left_out] == [
        ("代码", "没有找到人员表的表头"),
        ("旧名单", "隐藏的工作表"),
    ]


def test_cells_merged_downwards_count_for_every_row(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", [["姓名", "性别", "备注"], ["张三", "男", "一组"], ["李四", "男"], ["王五", "女"]]
    )
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("C2:C4")
    book.save(path)
    assert [row.get("note") for row in files.read(path, PEOPLE).rows] == ["一组"] * 3


def test_a_header_of_two_rows(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [["姓名", "基本情况", None, "备注"], [None, "性别", "年龄", None], ["张三", "男", 30, "好"]],
    )
    book = openpyxl.load_workbook(path)
    for merged in ("A1:A2", "B1:C1", "D1:D2"):
        book.active.merge_cells(merged)
    book.save(path)
    assert [row.values for row in files.read(path, PEOPLE).rows] == [
        {"name": "张三", "gender": "1", "age": 30, "note": "好"}
    ]


def test_formulas_count_by_their_saved_result(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["姓名", "年龄", "备注"], ["张三", "=20+10", '=IF(1,"","")']])
    found = files.read(path, PEOPLE)
    assert "公式的结果没有保存" in found.rejected[0].reason
    content = edited(
        path,
        {
            b"<f>20+10</f><v></v>": b"<f>20+10</f><v>30</v>",
            b'<c r="C2"><f>': b'<c r="C2" t="str"><f>',
        },
    )
    path.write_bytes(content)
    assert [row.values for row in files.read(path, PEOPLE).rows] == [{"name": "张三", "age": 30}]


def edited(path: Path, changes: dict[bytes, bytes]) -> bytes:
    """Return a workbook with bytes of its first sheet replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                for before, after in changes.items():
                    assert before in data
                    data = data.replace(before, after)
            target.writestr(name, data)
    return out.getvalue()


def test_error_values_of_excel_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["姓名", "年龄"], ["张三", "#N/A"]])
    assert files.read(path, PEOPLE).rejected[0].reason == "单元格是Excel错误值#N/A"


def test_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.epoch = datetime.combine(date(1904, 1, 1), time())
    book.active.append(["姓名", "出生日期"])
    book.active.append(["张三", datetime.combine(date(1980, 1, 1), time())])
    book.active.append(["李四", 27759])
    book.save(path)
    assert [row.values["born_on"] for row in files.read(path, PEOPLE).rows] == [
        date(1980, 1, 1),
        date(1980, 1, 1),
    ]


def refusal(path: Path) -> tuple[str, str]:
    """Return field and reason with which the file is refused."""
    with pytest.raises(InvalidInput) as refused:
        files.read(path, PEOPLE).result()
    return refused.value.label, refused.value.reason


def test_a_million_formatted_rows_do_not_matter(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["姓名", "年龄"], ["张三", 30]])
    book = openpyxl.load_workbook(path)
    book.active["A1048576"].number_format = "@"
    book.save(path)
    assert len(files.read(path, PEOPLE).rows) == 1


def test_no_header_and_a_missing_column(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["甲", "乙"], [1, 2]])
    assert refusal(path) == ("表头", "没有找到人员表的表头行（姓名）")
    path = workbook(tmp_path / "b.xlsx", [["性别", "年龄"], ["男", 2]])
    assert refusal(path) == ("表头", "工作表“名单”缺少列：姓名")


PERSON = {
    "name": "张三",
    "gender": "1",
    "id_no": "41272319730805763X",
    "born_on": date(1973, 8, 5),
    "age": 53,
    "base_fen": 415050,
    "note": '=HYPERLINK("http://x")\n第二行',
}


def test_what_is_written_imports_again(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    rows = [
        PERSON,
        {"name": "李四", "note": "@SUM(1)"},
        {"name": "王五", "note": "-1+1"},
        {"name": "赵六", "note": "+86"},
    ]
    assert tables.write(path, PEOPLE, rows, title="某支部人员表", on=date(2026, 11, 22)) == 4
    found = files.read(path, PEOPLE)
    assert [row.values for row in found.rows] == rows
    assert found.warnings == ()


def test_an_export_is_formatted_and_holds_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    tables.write(path, PEOPLE, [PERSON], title="某支部人员表", on=date(2026, 11, 22))
    page = openpyxl.load_workbook(path).active
    assert page["A1"].value == "某支部人员表（2026年11月22日）"
    assert page.freeze_panes == "A3"
    assert page.print_title_rows == "$2:$2"
    assert page.page_setup.orientation == "landscape"
    assert page["C3"].number_format == "@"
    assert page["D3"].number_format == "yyyy-mm-dd"
    assert page["F3"].value == pytest.approx(4150.5)
    assert (page["G3"].data_type, page["G3"].quotePrefix) == ("s", True)
    with zipfile.ZipFile(path) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_a_rare_column_is_left_out_where_nobody_has_it(tmp_path: Path) -> None:
    rare = Sheet("people", "人员表", (PEOPLE.column("name"), SheetColumn("degree", "学位", if_used=True)))
    for rows, titles in (([{"name": "张三"}], ["姓名"]), ([{"name": "张三", "degree": "学士"}], ["姓名", "学位"])):
        tables.write(tmp_path / "out.xlsx", rare, rows)
        assert [cell.value for cell in openpyxl.load_workbook(tmp_path / "out.xlsx").active[2]] == titles


def test_a_failed_write_leaves_the_older_file_whole(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    with pytest.raises(StorageFailure):
        tables.write(folder / "out.xlsx", PEOPLE, [PERSON])
    assert list(tmp_path.iterdir()) == []


def test_the_template_can_be_filled_and_imported(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    tables.template(path, PEOPLE)
    assert files.read(path, PEOPLE).rows == ()
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    assert page["A1"].comment.text == "必填。\n与证件一致\n例：张三"
    assert page["C5"].number_format == "@"
    assert page.data_validations.dataValidation[0].formula1 == '"男,女"'
    assert book["填写说明"]["A4"].value == "姓名"
    for spot, value in enumerate(["张三", "男", "41272319730805763X", date(1973, 8, 5), 53, 4150.5], start=1):
        page.cell(2, spot).value = value
    book.save(path)
    found = files.read(path, PEOPLE)
    assert [row.values["name"] for row in found.rows] == ["张三"]
    assert found.warnings == ()


def test_long_lists_stand_on_a_hidden_sheet_and_short_ones_in_the_rule(tmp_path: Path) -> None:
    long = tuple(f"第{number}种情况" for number in range(1, 80))
    wide = Sheet(
        "list",
        "情况表",
        (
            SheetColumn("short", "甲", choices=("是", "否")),
            SheetColumn("long", "乙", choices=long),
            SheetColumn("again", "丙", choices=long),
            SheetColumn("comma", "丁", choices=("一,二", "三")),
        ),
    )
    tables.template(tmp_path / "a.xlsx", wide)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    rules = [rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation]
    assert rules == ['"是,否"', "list_1", "list_1", "list_2"]
    assert [(page.title, page.sheet_state) for page in book.worksheets] == [
        ("情况表", "visible"),
        ("填写说明", "visible"),
        ("选项", "hidden"),
    ]
    assert book.defined_names["list_1"].attr_text == "'选项'!$A$1:$A$79"
    assert [cell.value for cell in book["选项"]["B"][:2]] == ["一,二", "三"]
    assert all(len(rule) <= 255 for rule in rules)


def test_refused_rows_can_be_corrected_and_imported(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["姓名", "身份证号", "出生日期", "血型"],
            ["张三", 412723198411204639, "1984-11-20", "=A"],
            ["李四", "412723198411204639", "11/10/1984", "B"],
        ],
    )
    refused = files.read(path, PEOPLE).rejected
    assert tables.write_rejects(tmp_path / "r.xlsx", refused) == 2
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    page = book.active
    assert [cell.value for cell in page[1]] == [
        "姓名",
        "身份证号",
        "出生日期",
        "血型",
        *("退回：工作表", "退回：行", "退回：列", "退回：原值", "退回：原因"),
    ]
    assert [cell.value for cell in page[3]] == [
        "李四",
        "412723198411204639",
        "11/10/1984",
        "B",
        "名单",
        3,
        "出生日期",
        "11/10/1984",
        "日、月顺序不确定，请写成年-月-日",
    ]
    assert page["C3"].comment.text == "日、月顺序不确定，请写成年-月-日"
    page["B2"] = "412723198411204639"
    page["C3"] = "1984-11-20"
    book.save(tmp_path / "r.xlsx")
    again = files.read(tmp_path / "r.xlsx", PEOPLE)
    assert [row.values["name"] for row in again.rows] == ["张三", "李四"]
    assert again.rejected == ()

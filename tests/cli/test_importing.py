"""The verb `import`: what the window asks, options say."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from tests.sheets import workbook
from tests.stores import PASSWORD, clock_at, new_store

CLOCK = clock_at("2026-11-22 09:00")
Run = Callable[..., tuple[int, Any, str]]
ID, OTHER = "411602198001100118", "411602198102110139"
HEAD = ["姓名", "身份证号", "家属", "入党时间"]
ROWS = [["赵一鸣", ID, OTHER, "2005-07-01"], ["钱二宁", OTHER, ID, "2006-07-01"]]


@pytest.fixture
def take(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Import with options into a new branch; return status, JSON object and what went to stderr."""
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    new_store(tmp_path / "支部").close()

    def call(*arguments: object) -> tuple[int, Any, str]:
        status = main(["import", str(tmp_path / "支部"), *map(str, arguments), "--json"], CLOCK)
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err

    return call


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A list with a column of ID numbers whose heading says nothing."""
    return workbook(tmp_path / "名册.xlsx", [HEAD, *ROWS], "在册")


@pytest.fixture
def undated(tmp_path: Path) -> Path:
    """A list of people without dates."""
    return workbook(tmp_path / "名单.xlsx", [["姓名", "性别"], ["赵一鸣", "男"], ["钱二宁", "男"]], "名单")


def test_a_held_question_refuses_the_import_and_names_the_option(take: Run, held: Path) -> None:
    status, said, err = take("members", held)
    assert (status, said["error"]["code"]) == (REFUSED, "E-INPUT")
    assert "--map 家属=字段" in err
    status, said, err = take("members", held, "--dry-run")
    assert (status, "--map 家属=字段" in err) == (REFUSED, True)
    assert [question["holds"] for question in said["questions"]] == [True]
    assert {column["heading"]: column["held"] for column in said["columns"]}["家属"]


def test_a_column_is_mapped_or_passed_over_as_the_option_says(take: Run, held: Path) -> None:
    status, said, _err = take("members", held, "--map", "家属=")
    assert (status, said["accepted"], said["complete"], bool(said["run"])) == (DONE, 2, True, True)
    columns = {column["heading"]: column["field"] for column in said["columns"]}
    assert columns == {"姓名": "name", "身份证号": "id_no", "家属": None, "入党时间": "admitted_on"}
    status, said, _err = take("members", held)
    assert (status, said["unchanged"], said["remembered"]) == (DONE, 2, "按11月22日记住的对应")


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--map", "家属"), "要写成“列名=字段”"),
        (("--map", "家属=邻居"), "没有“邻居”这个字段，可写：姓名、性别"),
        (("--answer", "x"), "要写成“问题=回答”"),
        (("--sheet", "别的"), "没有工作表“别的”，有：在册"),
    ],
)
def test_an_option_that_says_nothing_is_refused(take: Run, held: Path, option: tuple[str, str], words: str) -> None:
    status, _said, err = take("members", held, *option)
    assert status == REFUSED
    assert words in err


def test_who_is_full_or_probationary_is_answered_one_by_one_or_for_all(take: Run, undated: Path) -> None:
    status, said, err = take("members", undated)
    assert (status, said["accepted"], said["waiting"]) == (REFUSED, 0, 2)
    assert "2行等着回答" in err
    first = said["questions"][0]
    assert [option["value"] for option in first["options"]] == ["full_member", "probationary_member", "skip"]
    status, said, _err = take("members", undated, "--answer", f"{first['key']}=probationary_member")
    assert (status, said["accepted"], said["waiting"]) == (REFUSED, 1, 1)
    status, said, _err = take("members", undated, "--assume-full")
    assert (status, said["accepted"], said["unchanged"], said["questions"]) == (DONE, 1, 1, [])


def test_only_the_sheets_named_are_taken(take: Run, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for title, row in (("一组", ROWS[0]), ("二组", ROWS[1])):
        page = book.create_sheet(title)
        page.append(["姓名", "身份证号", "入党时间"])
        page.append([row[0], row[1], row[3]])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "两组.xlsx")
    _status, said, _err = take("members", tmp_path / "两组.xlsx", "--sheet", "二组")
    assert said["accepted"] == 1
    assert {sheet["title"]: sheet["taken"] for sheet in said["sheets"]} == {"一组": False, "二组": True}


def test_an_import_is_taken_back(take: Run, undated: Path) -> None:
    _status, said, _err = take("members", undated, "--assume-full")
    assert said["accepted"] == 2
    status, undone, _err = take("members", "--undo")
    assert (status, undone["undone"], undone["file"]) == (DONE, said["run"], "名单.xlsx")
    status, _said, err = take("--undo")
    assert status == REFUSED
    assert "可以撤销的导入" in err


def test_a_list_is_compared_and_what_it_leaves_open_is_answered_by_the_same_options(
    take: Run, held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take("members", held, "--map", "家属=")
    there = workbook(
        tmp_path / "全国.xlsx", [["姓名", "身份证号", "家属", "入党日期"], ["赵一鸣", ID, OTHER, "2005-08-01"]]
    )

    def compare(*options: str) -> tuple[int, dict[str, Any], str]:
        status = main(["compare", str(tmp_path / "支部"), "members", str(there), "--json", *options], CLOCK)
        out, err = capsys.readouterr()
        return status, json.loads(out), err

    status, said, err = compare()
    assert (status, said["differences"], "比对前请加上 --map 家属=字段" in err) == (REFUSED, [], True)
    status, said, _err = compare("--map", "家属=")
    found = [(one["kind"], one["name"], one["field"], one["here"], one["there"]) for one in said["differences"]]
    assert (status, said["there"], said["here"], said["same"], found) == (
        DONE,
        1,
        2,
        0,
        [
            ("differs", "赵一鸣", "入党时间", "2005-07-01", "2005-08-01"),
            ("here", "钱二宁", "", "正式党员，2006-07-01入党", ""),
        ],
    )
    assert said["differences"][0]["id_no"] == "4116************18"
    assert main(["compare", str(tmp_path / "支部"), "members", str(there), "--map", "家属="], CLOCK) == DONE
    assert "不一致 赵一鸣 4116************18 入党时间：2005-07-01 → 2005-08-01" in capsys.readouterr()[0]

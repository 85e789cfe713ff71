"""What is read of a checklist: columns by their headings, sections, scores once, nothing lost."""

from pathlib import Path
from typing import Any

import pytest

from desktop.services.errors import InvalidInput
from desktop.services.inspections.reading import BroughtList, ListHead, as_points, head_words, heads_of, read_lists
from tests.services.inspections.brought import document, workbook
from tests.sheets import workbook as plain_workbook


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> BroughtList:
    (found,) = read_lists(workbook(tmp_path_factory.mktemp("list") / "检查表.xlsx"))
    return found


def test_columns_are_told_by_their_headings_and_others_kept(brought: BroughtList) -> None:
    assert brought.heading == "2026年党建工作考核评分表"
    assert [(head.title, head.field) for head in brought.heads] == [
        ("考核项目", "section"),
        ("考核内容与标准", "title"),
        ("分值", "points"),
        ("评分说明（扣分）", "scoring"),
        ("考评方式", "method"),
        ("自查分", "self_points"),
        ("考核分", "checked_points"),
        ("对应条款", ""),
        ("备注", "note"),
    ]


def test_rows_are_points_a_merged_section_holds_for_each_and_the_sum_is_none(brought: BroughtList) -> None:
    assert [(point.cells["section"], point.cells["title"]) for point in brought.points] == [
        ("组织建设", "按期换届，班子配备齐全"),
        ("组织建设", "委员分工明确"),
        ("组织生活", "三会一课次数和记录"),
    ]
    assert brought.full == 25
    assert brought.points[0].others == (("对应条款", "条例第十二条"),)
    assert brought.points[2].others == (("自查分", "酌情"),)
    assert [left.reason for left in brought.left_out] == ["合计行，导出时重新算"]


def test_a_sum_whose_word_stands_below_the_numbers_is_no_point(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["序号", "检查内容", "分值", "自查分"],
        [1, "按期换届", 10, 9],
        [2, "分工明确", 5, 4],
        ["合计", None, 15, 13],
    ]
    (brought,) = read_lists(plain_workbook(tmp_path / "检查表.xlsx", rows))
    assert [point.cells["title"] for point in brought.points] == ["按期换届", "分工明确"]
    assert [left.reason for left in brought.left_out] == ["合计行，导出时重新算"]


def test_a_table_in_word_is_read_too_and_its_titles_become_sections(tmp_path: Path) -> None:
    (brought,) = read_lists(document(tmp_path / "检查表.docx"))
    assert [(p.cells["section"], p.cells["title"], p.score("checked_points")) for p in brought.points] == [
        ("一、组织设置（20分）", "支部名称规范", None),
        ("一、组织设置（20分）", "党小组设置合理", 8),
        ("二、党员管理（10分）", "名册准确", None),
    ]


def test_what_has_no_columns_of_a_checklist_is_refused(tmp_path: Path) -> None:
    path = plain_workbook(tmp_path / "别的.xlsx", [["姓名", "电话"], ["王芳", "138"]])
    with pytest.raises(InvalidInput, match="没有认出检查表"):
        read_lists(path)


@pytest.mark.parametrize(
    ("text", "points"), [("10", 10), ("5分", 5), ("2.5", 2.5), ("", None), ("酌情", None), ("-3", None)]
)
def test_points_are_numbers_that_are_not_below_none(text: str, points: float | None) -> None:
    assert as_points(text) == points


def test_the_columns_of_a_list_are_kept_as_one_text() -> None:
    heads = (ListHead("内容|标准", "title"), ListHead("条款"), ListHead("甲|乙"))
    assert heads_of(head_words(heads)) == heads

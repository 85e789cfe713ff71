"""The profile on one page: facts from their registers, what is blank is named, the chart fits any number of groups."""

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.services.archive.blocks import Document, Tree
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.pdf import write_pdf
from desktop.services.archive.tree import MOST, rows_of
from desktop.services.branches import BranchService
from tests.services.archive.checker import check, text_of
from tests.services.election.hall import hall
from tests.stores import new_store


def test_the_profile_says_what_is_kept_and_names_what_is_blank(tmp_path: Path) -> None:
    path = tmp_path / "基本情况.pdf"
    with new_store(tmp_path / "data") as store:
        hall(store)
        BranchService(store).save_group("第一党小组", "市场部")
        written = DocumentService(store).profile(path)
    check(path)
    text = "".join(text_of(path).split())
    assert written.pages == 1
    for words in (
        "支部党员大会（13名党员）",
        "支部委员会（3名）",
        "组织委员",
        "王秀英",
        "第一党小组（市场部）",
        "第3届（2024—2027）",
        "正式党员12名",
        "成立时间",
        "还没有填的",
        "本人签字",
    ):
        assert words in text, words


@pytest.mark.parametrize("count", [0, 1, 6, 7, 13])
def test_groups_stand_in_rows_of_at_most_six(count: int) -> None:
    cells = [(f"第{number}组", "") for number in range(count)]
    rows = rows_of(cells)
    assert [cell for row in rows for cell in row] == cells
    assert all(len(row) <= MOST for row in rows)


def test_a_chart_without_a_committee_or_groups_is_drawn(tmp_path: Path) -> None:
    from datetime import date

    document = Document(
        title="图", author="支部", subject="图", day=date(2026, 1, 1), blocks=(Tree(("支部党员大会",)),)
    )
    for number, tree in enumerate((Tree(("支部党员大会",)), Tree(("甲",), (("书记", "李"),), (("一组", "张"),) * 8))):
        path = tmp_path / f"{number}.pdf"
        write_pdf(replace(document, blocks=(tree,)), path)
        assert "支部党员大会" in text_of(path) or "书记" in text_of(path)

"""A draft and what it changes as tables for a meeting."""

import re
from decimal import Decimal

import pytest

from desktop.models.vocabulary.stores import StandardKind
from desktop.paths import resource
from desktop.services.standards.editing.draft import StandardDraft
from desktop.services.standards.editing.papers import ITEM_HEADS, differences_table, edition_table


def drafted(kind: StandardKind, name: str) -> StandardDraft:
    text = resource(f"standards/{name}.toml").read_text("utf-8")
    return StandardDraft(kind, text, text)


def test_a_standard_is_printed_item_by_item_without_those_out_of_use() -> None:
    draft = drafted(StandardKind.BRANCH_STANDARD, "branch_standard")
    draft.end(("dimensions", 0, "items", 1))
    heads, rows = edition_table(draft)
    assert heads == ITEM_HEADS
    assert rows[0] == ("D1", "组织体系设置", "", "", "8", "", "", "")
    assert rows[1][:2] == ("D1-01", "依规设置党支部")
    assert rows[1][3:] == (
        "每年",
        "1＋0.5",
        "支部书记",
        "上级批复；名册",
        "党员人数，正式党员至少 3，总数一般不超过 50",
    )
    assert "D1-02" not in [row[0] for row in rows]


def test_other_files_are_printed_part_by_part() -> None:
    heads, rows = edition_table(drafted(StandardKind.HORSE_RACE, "horse_race"))
    assert heads == ("编号", "名称", "内容")
    assert rows[0][:2] == ("H1", "标准化建设得分")
    assert "权重 30；来源 程序计算；公式 标准化得分率" in rows[0][2]
    middle = next(row for row in rows if row[0] == "middle")
    assert "制定提升规划并按季检查；到先进支部观摩1次（按什么记录计数 参加现场观摩）；" in middle[2]


def test_the_differences_are_printed_with_both_values() -> None:
    draft = drafted(StandardKind.BRANCH_STANDARD, "branch_standard")
    draft.put(("dimensions", 0, "items", 0, "trace_weight"), Decimal("1.20"))
    assert differences_table(draft)[1] == (("改", "D1-01", "依规设置党支部", "痕迹分 1→1.2"),)


@pytest.mark.parametrize("kind", StandardKind)
def test_no_word_of_the_program_is_printed(kind: StandardKind) -> None:
    """What a meeting reads is Chinese; only codes of parts (D1-01) and of papers (GB/T 2260) are letters."""
    _heads, rows = edition_table(drafted(kind, kind.value.replace("-", "_")))
    assert rows
    assert [cell for row in rows for cell in row[1:] if re.search(r"[a-z][a-z_]{2,}", cell)] == []

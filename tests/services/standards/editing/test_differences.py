"""Two editions are compared item by item, in words and numbers."""

import tomllib
from decimal import Decimal

from desktop.models.vocabulary.stores import Differs, StandardKind
from desktop.paths import resource
from desktop.services.standards.editing.differences import Difference, differences

FILES = {
    StandardKind.BRANCH_STANDARD: "branch_standard",
    StandardKind.HORSE_RACE: "horse_race",
    StandardKind.MEMBER_POINTS: "member_points",
}


RATED = '不是传达式议题", how = "rating", by = "superior" },'


def changed(kind: StandardKind, *slips: tuple[str, str]) -> tuple[Difference, ...]:
    old = new = resource(f"standards/{FILES[kind]}.toml").read_text("utf-8")
    for before, after in slips:
        assert before in new
        new = new.replace(before, after, 1)
    return differences(kind, tomllib.loads(old, parse_float=Decimal), tomllib.loads(new, parse_float=Decimal))


def test_the_same_file_has_no_difference() -> None:
    assert changed(StandardKind.BRANCH_STANDARD) == ()


def test_what_changed_is_told_by_item_with_both_values() -> None:
    head, late, first, sixth = changed(
        StandardKind.BRANCH_STANDARD,
        ("trace_weight = 1.0", "trace_weight = 1.20"),
        ("min_full = 3", "min_full = 4"),
        ('evidence = ["approval", "roster"]', 'evidence = ["approval"]'),
        ("min = 90", "min = 91"),
        ("late_entry_days = 15", "late_entry_days = 20"),
        ('how = "site"', 'how = "rating"'),
    )
    assert (head.item, head.words) == ("", "计分办法：过几天算补录 15→20")
    assert (late.item, late.title, late.words) == ("excellent", "优秀", "至少 90→91")
    assert (first.differs, first.item, first.path) == (Differs.CHANGED, "D1-01", ("dimensions", 0, "items", 0))
    assert first.words == "痕迹分 1→1.2；佐证材料 上级批复；名册→上级批复；怎么查痕迹：正式党员至少 3→4"
    assert (sixth.item, sixth.words) == ("D1-06", "质量标准第1条：怎么评 现场核查→评级（0至4级）")


def test_new_ended_and_gone_items_are_told_apart() -> None:
    new, ended, gone = changed(
        StandardKind.BRANCH_STANDARD,
        ('id = "D2-02"', 'id = "D2-92"'),
        ('basis = "PXGH"', 'enabled = false\nbasis = "PXGH"'),
    )
    assert (new.differs, new.item, new.title) == (Differs.NEW, "D2-92", "四级五岗责任清单落实")
    assert "痕迹分 1；质量分 1；责任岗位 支部书记" in new.words
    assert (ended.differs, ended.item, ended.words) == (Differs.ENDED, "D2-05", "在用 是→否")
    assert (gone.differs, gone.item) == (Differs.GONE, "D2-02")


def test_a_criterion_more_is_told_whole() -> None:
    (item,) = changed(
        StandardKind.BRANCH_STANDARD,
        (RATED, f'{RATED}\n{{ text = "记录完整", how = "site", by = "superior" }},'),
    )
    assert item.changes[0].words == "质量标准第2条：内容 任务按期完成率→记录完整"
    assert item.changes[-1].field == "质量标准第3条"
    assert item.changes[-1].after.startswith("任务按期完成率，怎么评 程序计算")


def test_the_race_and_the_points_are_compared_too() -> None:
    formula, weight = changed(
        StandardKind.HORSE_RACE, ("quarters = 0.60", "quarters = 0.70"), ("weight = 12", "weight = 13")
    )
    assert formula.words == "年度分怎么算：四个季度占 0.6→0.7"
    assert (weight.item, weight.words) == ("H3-1", "权重 12→13")
    (rule,) = changed(StandardKind.MEMBER_POINTS, ("full_points = 14", "full_points = 13"))
    assert (rule.item, rule.words) == ("B1-01", "满分 14→13")

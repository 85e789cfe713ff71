"""The race scheme as a file: read, and refused with item and field."""

import pytest

from desktop.models.vocabulary.following import Counted
from desktop.services.errors import PackInvalid
from desktop.services.race.scheme import read_scheme
from tests.services.race.entries import FILE, SCHEME


def test_the_scheme_of_the_program_reads() -> None:
    assert SCHEME.scheme_id == "horse-race-default"
    assert sum(i.weight for i in SCHEME.indicators) == 100
    assert [s.within_days for s in SCHEME.template("middle").steps] == [20, 120, 150, 180]
    assert SCHEME.race_class("lagging").name == "落后党支部"
    assert SCHEME.part("H3-2")[0].id == "H3"


@pytest.mark.parametrize(
    ("old", "new", "item", "field", "reason"),
    [
        (f'version = "{SCHEME.version}"', "", "方案", "version", "缺少这个字段"),
        ('schema = "horse-race/1"', 'schema = "horse-race/2"', "方案", "schema",
         "格式“horse-race/2”不存在，可填：horse-race/1"),
        ("weight = 30", "weight = 31", "indicators", "weight", "各指标权重之和应为100"),
        ("weight = 30", 'weight = "30"', "H1", "weight", "应为数字"),
        ("weight = 12\nfull = 1.00", "weight = 11\nfull = 1.00", "H3", "sub_items", "各分项权重之和不等于本指标权重"),
        ("full = 100\nzero = 50", "full = 50\nzero = 50", "H1", "full", "满分值不能等于零分值"),
        ('id = "H2"', 'id = "H1"', "H1", "id", "编号“H1”重复"),
        ("min_samples = 10", "min_sample = 10", "H4", "min_sample", "不认识这个字段"),
        ("points = -5", "points = 5", "P-04", "points", "扣分应为负数"),
        ('max_class = "middle"', 'max_class = "good"', "V-01", "max_class",
         "类别“good”不存在，可填：lagging、middle、advanced"),
        ('tie_break = ["H3"', 'tie_break = ["H9"', "classification", "tie_break", "没有指标“H9”"),
        ('  { id = "mixed",', '  { id = "mix",', "grouping", "groups", "缺少综合类分组 mixed"),
        ("within_days = 60", "within_days = 10", "lagging", "steps", "各步天数应递增，末步等于计划总天数"),
        ("year_end = 0.40", "year_end = 0.30", "final_formula", "quarters", "季度与年终的比例之和应为1"),
        ("advanced_min_score = 85", "advanced_min_score = 60", "classification", "lagging_bottom_below",
         "分数线应从低到高：落后线、后段线、先进线"),
        ("total = 100", "total = 1e400000000", "方案", "total", "数字超出范围"),
    ],
)  # fmt: skip
def test_a_broken_scheme_is_refused_with_item_and_field(old: str, new: str, item: str, field: str, reason: str) -> None:
    assert old in FILE
    with pytest.raises(PackInvalid) as caught:
        read_scheme(FILE.replace(old, new, 1), "horse_race.toml")
    error = caught.value
    assert (error.file, error.item, error.field, error.reason) == ("horse_race.toml", item, field, reason)


def test_what_is_asked_of_a_class_is_a_text_that_records_may_count_for() -> None:
    asked = {each.text: each.counts for each in SCHEME.race_class("middle").actions}
    assert asked["到先进支部观摩1次"] is Counted.DEMONSTRATION_ATTENDED
    assert asked["制定提升规划并按季检查"] is None
    former = FILE.replace('{ text = "到先进支部观摩1次", counts = "demonstration_attended" }', '"到先进支部观摩1次"')
    assert former != FILE
    texts = [each.text for each in read_scheme(former, "horse_race.toml").race_class("middle").actions]
    assert texts == list(asked), "an edition of before is read as it was"


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ('counts = "visited"', 'counts = "seen"', "counts", "计数方式“seen”不存在，可填：demonstration_attended、"),
        ('counts = "visited"', 'count = "visited"', "count", "不认识这个字段"),
        ('text = "上级派员联系指导"', 'text = ""', "text", "不能为空"),
        ('text = "上级派员联系指导", ', "", "text", "缺少这个字段"),
        ('"上级约谈书记"', '""', "text", "不能为空"),
        ('"上级约谈书记"', "1", "actions", "应为文字，或一组字段"),
        ('"上级约谈书记"', '["上级约谈书记"]', "actions", "应为文字，或一组字段"),
    ],
)
def test_what_an_entry_may_not_say_is_refused_where_it_stands(old: str, new: str, field: str, reason: str) -> None:
    assert old in FILE
    with pytest.raises(PackInvalid) as caught:
        read_scheme(FILE.replace(old, new, 1), "horse_race.toml")
    assert (caught.value.item, caught.value.field) == ("lagging", field)
    assert caught.value.reason.startswith(reason)
    assert caught.value.path[:3] == ("classes", 2, "actions")


def test_a_file_that_is_no_toml_is_refused() -> None:
    with pytest.raises(PackInvalid, match="不是有效的 TOML"):
        read_scheme("= 1")


def test_a_class_asks_nothing_twice_in_a_scheme_that_is_not_kept_yet() -> None:
    twice = FILE.replace('"上级约谈书记"', '"上级约谈书记", "上级约谈 书记"', 1)
    with pytest.raises(PackInvalid) as caught:
        read_scheme(twice, "horse_race.toml", strict=True)
    assert (caught.value.item, caught.value.field) == ("lagging", "text")
    assert caught.value.reason == "“上级约谈 书记”前面已经有了"
    kept = read_scheme(twice, "horse_race.toml").race_class("lagging").actions
    assert len(kept) == len(SCHEME.race_class("lagging").actions) + 1, "what was handed out before is read as it is"

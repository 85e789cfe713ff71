"""A standard is checked whole before anything uses it; what is wrong is named by file, item and field."""

import tomllib
from fractions import Fraction

import pytest

from desktop.paths import resource
from desktop.services.errors import PackInvalid
from desktop.services.standards.pack_reader import parse_pack
from tests.services.standards.samples import PACK

TEXT = resource("standards/branch_standard.toml").read_text("utf-8")
WRITTEN = tomllib.loads(TEXT)


def test_the_default_standard_is_read_whole() -> None:
    assert [d.id for d in PACK.dimensions] == [d["id"] for d in WRITTEN["dimensions"]]
    assert [i.id for d in PACK.dimensions for i in d.items] == [
        i["id"] for d in WRITTEN["dimensions"] for i in d["items"]
    ]
    assert PACK.version == WRITTEN["version"]
    assert PACK.effective_from == WRITTEN["effective_from"]


def test_every_point_of_the_default_standard_belongs_to_an_item() -> None:
    assert sum(i.trace_weight + i.quality_weight for i in PACK.items) == PACK.total == WRITTEN["total"] * 100


def test_grades_stand_best_first() -> None:
    lines = [grade.min for grade in PACK.grades]
    assert lines == sorted(lines, reverse=True)
    assert lines[-1] == 0


def test_numbers_are_exact() -> None:
    pack = parse_pack(
        TEXT.replace("trace_weight = 1.0", "trace_weight = 0.9", 1).replace(
            "quality_weight = 0.5", "quality_weight = 0.6", 1
        )
    )
    item = pack.dimensions[0].items[0]
    assert (item.trace_weight, item.quality_weight) == (90, 60)
    assert all(isinstance(g.min, Fraction) for g in pack.grades)


@pytest.mark.parametrize(
    ("find", "replace", "item", "field", "reason"),
    [
        ('title = "依规设置党支部"', 'titel = "依规设置党支部"', "D1-01", "title", "缺少这个字段"),
        ('title = "依规设置党支部"', 'title = "依规设置党支部"\ncolour = "red"', "D1-01", "colour", "不认识这个字段"),
        ("trace_weight = 1.0", 'trace_weight = "一"', "D1-01", "trace_weight", "应为数字"),
        ("trace_weight = 1.0", "trace_weight = 1.005", "D1-01", "trace_weight", "最多两位小数"),
        ("trace_weight = 1.0", "trace_weight = 2.0", "D1", "weight", "条目分值合计9，与维度分值8不等"),
        ("total = 100", "total = 101", "", "total", "各维度分值合计100，与总分101不等"),
        ('id = "D1-02"', 'id = "D1-01"', "D1-01", "id", "编号“D1-01”重复"),
        ('id = "D2-01"', 'id = "D1-01"', "D1-01", "id", "编号“D1-01”重复"),
        ('kind = "member_limits"', 'kind = "member_limit"', "D1-01 rule", "kind", "规则“member_limit”不存在"),
        ("min_full = 3,", "min_full = 3, max_full = 9,", "D1-01 rule", "max_full", "不认识这个字段"),
        ("min_full = 3, ", "", "D1-01 rule", "min_full", "缺少这个字段"),
        ("min_full = 3", "min_full = true", "D1-01 rule", "min_full", "应为整数"),
        ('record = "duty_check"', 'record = "duty_chek"', "D2-02 rule", "record", "记录种类“duty_chek”不存在"),
        ('tag = "signage"', 'tag = "sign"', "D6-02 rule", "tag", "记录标签“sign”不存在"),
        ('agenda_tag = "work_analysis"', 'agenda_tag = "x"', "D2-03 rule", "agenda_tag", "议题标签“x”不存在"),
        ('each = "signed_post"', 'each = "post"', "D2-02 rule", "each", "对象“post”不存在"),
        ('post = "superior"', 'post = "boss"', "D2-01", "post", "岗位“boss”不存在"),
        ('applies_if = "has_groups"', 'applies_if = "rich"', "D1-03", "applies_if", "条件“rich”不存在"),
        ('gate = "overdue_without_approval"', 'gate = "x"', "D1-04", "gate", "限定条件“x”不存在"),
        ('metric = "meeting_task_done_ratio"', 'metric = "x"', "D2-03 质量标准第2项", "metric", "指标“x”不存在"),
        ('how = "rating", by = "superior"', 'how = "rating", by = "members"', None, "by", "评定人“members”不存在"),
        ('evidence = ["approval", "roster"]', 'evidence = ["x"]', "D1-01", "evidence", "佐证“x”不存在"),
        ('basis = "ZBTL-4,5"', 'basis = "XYZ-4"', "D1-01", "basis", "依据“XYZ-4”不存在"),
        ('meeting = "theme_day"', 'meeting = "party"', "D4-05 rule", "meeting", "会议种类“party”不存在"),
        ('entity = "lean_project", min = 1, state = "closed"', 'entity = "lean_project", min = 1, state = "won"',
         "D5-04 rule", "state", "状态“won”不存在"),
        ('schema = "branch-standard/1"', 'schema = "branch-standard/2"', "", "schema", "格式“branch-standard/2”不存在"),
        ('max_grade = "weak"', 'max_grade = "awful"', "fabrication", "max_grade", "等次“awful”不存在"),
        ("effective_from = 2026-01-01", 'effective_from = "2026"', "", "effective_from", "应为日期"),
        ("extra_evidence_bonus = false", "extra_evidence_bonus = true", "scoring", "extra_evidence_bonus",
         "多交材料不加分，应为 false"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_item_and_field(find: str, replace: str, item: str | None, field: str, reason: str) -> None:
    assert find in TEXT
    broken = TEXT.replace(find, replace, 1)
    with pytest.raises(PackInvalid) as caught:
        parse_pack(broken, "改过的标准.toml")
    error = caught.value
    assert (error.file, error.field, error.reason.partition("，可填")[0]) == ("改过的标准.toml", field, reason)
    assert item is None or error.item == item


def test_a_switched_off_item_keeps_its_id_and_its_points_must_go_elsewhere() -> None:
    off = TEXT.replace('id = "D1-05"\n', 'id = "D1-05"\nenabled = false\n', 1)
    with pytest.raises(PackInvalid, match="合计7"):
        parse_pack(off)
    moved = off.replace("trace_weight = 1.0\nquality_weight = 0.5", "trace_weight = 2.0\nquality_weight = 0.5", 1)
    pack = parse_pack(moved)
    assert "D1-05" not in {i.id for i in pack.items}
    assert not pack.item("D1-05").enabled

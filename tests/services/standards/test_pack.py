"""A standards file is checked whole before anything uses it; what is wrong is named by file, item and field."""

import re
from datetime import date
from fractions import Fraction

import pytest

from desktop.paths import resource
from desktop.services.errors import PackInvalid
from desktop.services.standards.pack import RULE_PARAMETERS, load_pack, parse_pack, parse_party_rules
from desktop.services.standards.rules import RULES
from tests.services.standards.samples import LAW, PACK

TEXT = resource("standards/branch_standard.toml").read_text("utf-8")
LAW_TEXT = resource("standards/party_rules.toml").read_text("utf-8")


def test_the_default_standard_has_eight_dimensions_64_items_and_100_points() -> None:
    assert [d.id for d in PACK.dimensions] == [f"D{n}" for n in range(1, 9)]
    assert len(PACK.items) == 64
    assert sum(d.weight for d in PACK.dimensions) == PACK.total == 10000
    assert sum(i.trace_weight for i in PACK.items) == 4275
    assert sum(i.quality_weight for i in PACK.items) == 5725


def test_an_edition_says_since_when_it_holds() -> None:
    assert (PACK.pack_id, PACK.version, PACK.effective_from) == (
        "county-branch-default",
        "2026.1",
        date(2026, 1, 1),
    )


def test_every_rule_kind_has_a_function_and_declared_parameters() -> None:
    assert set(RULES) == set(RULE_PARAMETERS)


def test_numbers_are_exact() -> None:
    assert PACK.item("D2-03").quality[1].full == Fraction(95, 100)
    assert PACK.item("D6-06").trace_weight == 25


def test_a_topic_proposes_agenda_tags() -> None:
    assert PACK.proposed_tags("专题研判党建与业务融合") == ("work_analysis",)
    assert PACK.proposed_tags("学习文件") == ()


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
    assert (error.file, error.field, error.reason) == ("改过的标准.toml", field, reason)
    assert item is None or error.item == item


def test_what_is_no_toml_is_refused_in_chinese() -> None:
    with pytest.raises(PackInvalid, match="TOML"):
        parse_pack("id = ")
    with pytest.raises(PackInvalid, match="UTF-8"):
        parse_pack("标准".encode("gb18030"))


def test_a_switched_off_item_keeps_its_id_and_its_points_must_go_elsewhere() -> None:
    off = TEXT.replace('id = "D1-05"\n', 'id = "D1-05"\nenabled = false\n', 1)
    with pytest.raises(PackInvalid, match="合计7"):
        parse_pack(off)
    moved = off.replace("trace_weight = 1.0\nquality_weight = 0.5", "trace_weight = 2.0\nquality_weight = 0.5", 1)
    pack = parse_pack(moved)
    assert "D1-05" not in {i.id for i in pack.items}
    assert not pack.item("D1-05").enabled


def test_the_party_rules_give_the_votes_exactly() -> None:
    election = LAW.votes["election"]
    assert election.election
    assert not election.quorum.holds(7, 10, 7)
    assert election.quorum.holds(8, 10, 8)
    assert LAW.closes("org_life_meeting") == "03-31"
    assert LAW.closes("theme_day") == ""
    assert len(LAW.development_steps) == 25


@pytest.mark.parametrize(
    ("find", "replace", "reason"),
    [
        ('quorum = { of = "due", num = 1', 'quorum = { of = "all", num = 1', "基数“all”不存在"),
        ("term_years = 3", 'term_years = "3"', "应为整数"),
        ('closes = "03-31"', 'closes = "31.3."', "应为“月-日”"),
        ('id = "congress_ordinary"', 'id = "congress"', "缺少表决种类“congress_ordinary”"),
        ('"02-16"', '"02-31"', "“02-31”不是日期"),
    ],
)
def test_party_rules_with_a_fault_are_refused(find: str, replace: str, reason: str) -> None:
    assert find in LAW_TEXT
    with pytest.raises(PackInvalid, match=re.escape(reason)):
        parse_party_rules(LAW_TEXT.replace(find, replace, 1))


def test_a_pack_is_read_from_its_file() -> None:
    assert load_pack(resource("standards/branch_standard.toml")) == PACK

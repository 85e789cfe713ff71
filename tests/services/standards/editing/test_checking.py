"""A faulty standards file is told all of its faults at once, each with its line and item, in Chinese."""

import pytest

from desktop.paths import resource
from desktop.services.standards.editing.checking import problems_of
from desktop.services.standards.editions import BUILT_IN

STANDARD, RACE, POINTS, RULES = (
    resource(f"standards/{name}.toml").read_text("utf-8")
    for name in ("branch_standard", "horse_race", "member_points", "party_rules")
)


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def broken(text: str, *slips: tuple[str, str]) -> str:
    for old, new in slips:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_the_program_brings_has_no_problem(name: str) -> None:
    assert problems_of(resource(f"standards/{name}.toml").read_bytes(), f"{name}.toml") == ()


def test_all_faults_are_told_at_once_each_with_its_place() -> None:
    text = broken(
        STANDARD,
        ("trace_weight = 1.0", "trace_weight = 1.005"),
        ("min_full = 3,", "min_ful = 3,"),
        ('post = "org_commissioner"', 'post = "org"'),
        ('how = "site"', 'how = "sight"'),
        ("zero = 0.6", "zero = 0.95"),
        ("late_entry_days = 15", 'late_entry_days = "十五"'),
    )
    found = problems_of(text, "试.toml")
    assert [(problem.item, problem.what) for problem in found] == [
        ("计分办法", "“过几天算补录”（late_entry_days）应为整数"),
        ("D1-01", "“痕迹分”（trace_weight）最多两位小数"),
        ("D1-01", "“正式党员至少”（min_full）缺少这个字段"),
        ("D1-01", "“min_ful”不认识这个字段"),
        ("D1-03", "“责任岗位”（post）岗位“org”不存在"),
        (
            "D1-06",
            "“怎么评”（how）评定方式“sight”不存在，"
            "可填：评级（0至4级）（rating）、满意度测评（survey）、程序计算（metric）、现场核查（site）",
        ),
        ("D2-04", "“得零分的值”（zero）应小于得满分的值（full）"),
    ]
    assert [problem.line for problem in found][1:4] == [line_of(text, "1.005"), *[line_of(text, "min_ful")] * 2]
    assert found[1].words == f"第{line_of(text, '1.005')}行，D1-01：“痕迹分”（trace_weight）最多两位小数。"


def test_a_fault_of_one_line_of_a_list_has_its_place() -> None:
    text = broken(RACE, ('counts = "visited"', 'counts = "seen"'), ('"制定提升规划并按季检查"', '""'))
    blank, unknown = problems_of(text, "试.toml")
    assert (blank.item, blank.what, blank.line) == ("middle", "“内容”（text）不能为空", line_of(text, '"找出与先进线'))
    assert (unknown.item, unknown.line) == ("lagging", line_of(text, '"seen"'))
    assert unknown.what == (
        "“按什么记录计数”（counts）计数方式“seen”不存在，可填：参加现场观摩（demonstration_attended）、"
        "承办现场观摩（demonstration_hosted）、承办经验座谈（seminar_hosted）、结对帮带别的支部（helping）、"
        "上级派员联系（visited）"
    )


def test_a_sum_is_weighed_only_where_every_part_of_it_is_sound() -> None:
    (off,) = problems_of(broken(STANDARD, ("weight = 14", "weight = 15")), "试.toml")
    assert (off.item, off.what) == ("D2", "“分值”（weight）条目分值合计14，与维度分值15不等")
    (part,) = problems_of(broken(STANDARD, ("trace_weight = 1.0", 'trace_weight = "1"')), "试.toml")
    assert part.item == "D1-01"


def test_an_id_that_stands_twice_is_told_where_it_stands_again() -> None:
    text = broken(STANDARD, ('id = "D2-02"', 'id = "D1-01"'))
    (again,) = problems_of(text, "试.toml")
    assert again.line == text.splitlines().index('id = "D1-01"', line_of(text, 'name = "支部班子队伍建设"')) + 1


def test_what_the_program_would_ignore_is_a_problem_too() -> None:
    (found,) = problems_of(broken(STANDARD, ("late_entry_factor = 1.0", "late_entry_factor = 0.8")), "试.toml")
    assert "不扣分" in found.what
    assert found.line == line_of(STANDARD, "late_entry_factor = 1.0")


def test_a_rule_of_points_that_stands_twice_in_two_categories_is_told_where_it_stands_again() -> None:
    (again,) = problems_of(broken(POINTS, ('id = "C1-02"', 'id = "B1-01"')), "试.toml")
    assert (again.line, again.item) == (line_of(POINTS, 'id = "C1-02"'), "B1-01")


def test_points_are_published_by_quarter_and_no_other_period_is_said_in_vain() -> None:
    (found,) = problems_of(broken(POINTS, ('publish_per = "quarter"', 'publish_per = "month"')), "试.toml")
    assert found.line == line_of(POINTS, "publish_per")


def test_a_title_pasted_with_a_line_end_is_refused() -> None:
    (found,) = problems_of(broken(STANDARD, ('title = "支部', 'title = "支部\\n')), "试.toml")
    assert "一行文字" in found.what


def test_a_name_of_thousands_of_characters_is_refused_with_its_line() -> None:
    text = broken(RACE, ('name = "党员积分水平"', f'name = "{"长" * 5000}"'))
    (found,) = problems_of(text, "试.toml")
    assert (found.line, found.item) == (line_of(text, "长长"), "H2")
    assert "最多" in found.what


def test_the_other_files_are_told_all_their_faults_too() -> None:
    race = problems_of(broken(RACE, ("points = -2", "points = 2"), ("full = 95", "full = 60")), "试.toml")
    assert [(problem.item, problem.what) for problem in race] == [
        ("H2", "“得满分的值”（full）满分值不能等于零分值"),
        ("P-01", "“分值”（points）扣分应为负数"),
    ]
    (weights,) = problems_of(broken(RACE, ("weight = 30", "weight = 31")), "试.toml")
    assert weights.words == f"第{line_of(RACE, '[[indicators]]')}行，指标：“权重”（weight）各指标权重之和应为100。"
    points = problems_of(
        broken(POINTS, ("\ncap = 20", "\ncap = -1"), ('kind = "per_event"', 'kind = "often"')), "试.toml"
    )
    assert [(problem.item, problem.what.partition("，")[0]) for problem in points] == [
        ("B1", "“上限”（cap）不能小于0"),
        ("B1-02", "“怎么计分”（kind）计分方式“often”不存在"),
    ]
    rules = problems_of(broken(RULES, ("num = 1", "num = 0"), ("farmer_range = [", "farmer_range = [9, ")), "试.toml")
    assert [problem.item for problem in rules] == ["congress_ordinary", "党费"]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (STANDARD.replace("weight = 14", "weight =", 1), line_of(STANDARD, "weight = 14"), "不是有效的 TOML"),
        (STANDARD.replace('schema = "branch', 'schema = "twig', 1), 4, "不是程序认识的标准文件"),
        ("甲".encode("gbk"), 0, "不是 UTF-8 文字"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(text: str | bytes, line: int, what: str) -> None:
    (found,) = problems_of(text, "试.toml")
    assert found.line == line
    assert what in found.words


@pytest.mark.parametrize("unseen", ["\\u0000", "\\u001b", "\\u200b", "\\u202e", "\\ufeff", "\\n", "\\t"])
def test_a_name_with_what_nobody_sees_is_refused_with_its_line_and_item(unseen: str) -> None:
    text = broken(POINTS, ('name = "按月足额交纳党费"', f'name = "按月足额{unseen}交纳党费"'))
    (found,) = problems_of(text, "试.toml")
    what = "“名称”（name）只能是一行文字，不能有换行和看不见的字符"
    assert (found.line, found.item, found.what) == (line_of(text, "按月足额"), "B4-01", what)


def test_any_text_with_what_nobody_sees_is_refused_but_may_have_lines() -> None:
    plain = 'unit = "次"'
    assert problems_of(broken(POINTS, (plain, 'unit = "次\\n数"')), "试.toml") == ()
    (found,) = problems_of(broken(POINTS, (plain, 'unit = "次\\u0000"')), "试.toml")
    assert found.what.endswith("不能有看不见的字符")
    (listed,) = problems_of(broken(POINTS, ('"公差"', '"公\\u200b差"')), "试.toml")
    assert listed.what.endswith("不能有看不见的字符")
    assert listed.line == line_of(POINTS, '"公差"')


def test_a_word_to_choose_with_what_nobody_sees_is_refused() -> None:
    (found,) = problems_of(broken(POINTS, ('map = { "优秀" =', 'map = { "优秀\\u200b" =')), "试.toml")
    assert found.what.endswith("不能有看不见的字符")


def test_a_value_of_thousands_of_letters_is_told_shortly() -> None:
    long = "长" * 5000
    for text in (
        broken(STANDARD, ('post = "org_commissioner"', f'post = "{long}"')),
        broken(POINTS, ('id = "B1-02"', f'id = "{long}"'), ('kind = "per_event"', f'kind = "{long}"')),
        broken(RACE, ('tie_break = ["H3"', f'tie_break = ["{long}"')),
        broken(RACE, ('title = "党支部', f'{long} = 1\ntitle = "党支部')),
    ):
        for problem in problems_of(text, "试.toml"):
            assert len(problem.words) < 300


def test_an_entry_that_is_no_text_and_one_that_stands_twice_are_told_with_item_field_and_line() -> None:
    text = broken(RACE, ('"上级约谈书记"', "3"), ('"制定提升规划并按季检查"', '"找出与先进线差距最大的3个指标"'))
    twice, number = problems_of(text, "试.toml")
    assert (twice.item, twice.what) == ("middle", "“内容”（text）“找出与先进线差距最大的3个指标”前面已经有了")
    assert twice.line == line_of(text, '"找出与先进线')
    assert (number.item, number.what) == ("lagging", "“要做的事”（actions）应为文字，或一组字段")
    assert number.line == line_of(text, "actions = [3,")

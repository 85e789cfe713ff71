"""Every part of every standards file has a form, and every kind of rule the fields it declares."""

from decimal import Decimal

import pytest

from desktop.models.vocabulary.stores import StandardKind
from desktop.paths import resource
from desktop.services.errors import InvalidInput
from desktop.services.standards.editing.declared import POINT_RULES, Holds
from desktop.services.standards.editing.draft import Node, StandardDraft
from desktop.services.standards.editing.forms import (
    FieldForm,
    add_criterion,
    add_entry,
    drop_entry,
    form_of,
    set_field,
    shown,
    typed,
)
from desktop.services.standards.rule_reader import RULE_PARAMETERS

FIRST = ("dimensions", 0, "items", 0)
FILES = {
    StandardKind.BRANCH_STANDARD: "branch_standard",
    StandardKind.HORSE_RACE: "horse_race",
    StandardKind.MEMBER_POINTS: "member_points",
    StandardKind.PARTY_RULES: "party_rules",
}


def new(kind: StandardKind = StandardKind.BRANCH_STANDARD) -> StandardDraft:
    text = resource(f"standards/{FILES[kind]}.toml").read_text("utf-8")
    return StandardDraft(kind, text, text)


def field(draft: StandardDraft, path: tuple[str | int, ...], name: str, group: int = 0) -> FieldForm:
    return next(each for each in form_of(draft, path)[group].fields if each.name == name)


def every(nodes: tuple[Node, ...]) -> list[Node]:
    return [each for node in nodes for each in (node, *every(node.below))]


@pytest.mark.parametrize("kind", FILES)
def test_what_is_typed_again_as_it_stands_changes_nothing(kind: StandardKind) -> None:
    draft = new(kind)
    for node in every(draft.outline()):
        for group in form_of(draft, node.path):
            for each in group.fields:
                if each.holds in (Holds.CHOICE, Holds.YES_NO, Holds.CHOICES):
                    codes = each.value if isinstance(each.value, list) else [each.value]
                    if each.holds is not Holds.YES_NO and each.value is not None:
                        assert set(codes) <= set(each.choices), each.path
                    set_field(draft, each, each.value)
                else:
                    set_field(draft, each, typed(each, shown(each)))
    assert draft.differences() == ()


@pytest.mark.parametrize("rule", RULE_PARAMETERS)
def test_a_rule_of_any_kind_asks_for_what_it_declares_and_begins_sound(rule: str) -> None:
    draft = new()
    set_field(draft, field(draft, FIRST, "kind", 1), rule)
    groups = [group for group in form_of(draft, FIRST) if group.path == (*FIRST, "rule")]
    asked = [each.name for each in groups[0].fields]
    assert asked == ["kind", *(name for name, (what, _) in RULE_PARAMETERS[rule].items() if what != "rules")]
    assert groups[0].help
    assert draft.problems() == ()


def test_another_kind_of_rule_keeps_what_both_ask_for() -> None:
    draft = new()
    path = ("dimensions", 3, "items", 0)
    set_field(draft, field(draft, path, "kind", 1), "record_count")
    rule = draft.at((*path, "rule"))
    assert isinstance(rule, dict)
    assert (rule["kind"], rule["per"], rule["min"]) == ("record_count", "quarter", 1)
    assert "meeting" not in rule


def test_a_field_says_what_it_held_before() -> None:
    draft = new()
    set_field(draft, field(draft, FIRST, "trace_weight"), typed(field(draft, FIRST, "trace_weight"), "1.20"))
    changed = field(draft, FIRST, "trace_weight")
    assert (changed.label, changed.value, changed.before) == ("痕迹分", Decimal("1.20"), "1")
    assert field(draft, FIRST, "quality_weight").before == ""


@pytest.mark.parametrize(
    ("name", "words", "reason"), [("trace_weight", "一分", "应为数字"), ("trace_weight", "NaN", "应为数字")]
)
def test_what_is_no_such_value_is_refused_at_its_field(name: str, words: str, reason: str) -> None:
    draft = new()
    with pytest.raises(InvalidInput, match=reason) as caught:
        typed(field(draft, FIRST, name), words)
    assert caught.value.name == name


def test_an_item_is_ended_and_taken_up_again_by_its_form() -> None:
    draft = new()
    assert field(draft, FIRST, "enabled").value is True
    set_field(draft, field(draft, FIRST, "enabled"), False)
    assert field(draft, FIRST, "enabled").before == "是"
    set_field(draft, field(draft, FIRST, "enabled"), True)
    assert draft.differences() == ()


def test_criteria_come_go_and_change_their_way_of_judging() -> None:
    draft = new()
    add_criterion(draft, FIRST)
    assert [group.title for group in form_of(draft, FIRST)][-2:] == ["质量标准 1", "质量标准 2"]
    set_field(draft, field(draft, FIRST, "how", 3), "metric")
    assert [each.name for each in form_of(draft, FIRST)[3].fields] == ["text", "how", "by", "metric", "full", "zero"]
    set_field(draft, field(draft, FIRST, "text", 3), "任务完成率")
    assert draft.problems() == ()
    drop_entry(draft, (*FIRST, "quality", 1))
    assert draft.differences() == ()


@pytest.mark.parametrize("kind", POINT_RULES)
def test_a_rule_of_points_asks_for_what_its_way_of_counting_needs(kind: str) -> None:
    draft = new(StandardKind.MEMBER_POINTS)
    path = ("categories", 0, "rules", 1)
    set_field(draft, field(draft, path, "kind"), kind)
    asked = {each.name for each in form_of(draft, path)[0].fields}
    assert asked == {"name", "kind", *POINT_RULES[kind]}
    assert draft.problems() == ()


def test_what_is_asked_of_a_class_is_written_line_by_line_each_with_what_counts_it() -> None:
    draft = new(StandardKind.HORSE_RACE)
    path = ("classes", 1)
    groups = form_of(draft, path)
    assert [(group.title, group.may_go) for group in groups[1:]] == [(f"要做的事 {n}", True) for n in range(1, 5)]
    assert "actions" not in [each.name for each in groups[0].fields]
    told, typed_here = field(draft, path, "counts", 3), field(draft, path, "counts", 2)
    assert (told.value, told.choices[str(told.value)]) == ("demonstration_attended", "参加现场观摩")
    assert (typed_here.value, typed_here.choices[""]) == (None, "支部自己填")
    set_field(draft, told, None)
    assert draft.at((*path, "actions", 2)) == "到先进支部观摩1次"  # a bare text again
    assert field(draft, path, "counts", 3).before == "参加现场观摩"
    set_field(draft, field(draft, path, "text", 3), "到先进支部观摩2次")
    assert draft.at((*path, "actions", 2)) == "到先进支部观摩2次"
    assert field(draft, path, "text", 3).before == "到先进支部观摩1次"
    set_field(draft, typed_here, "visited")
    assert draft.at((*path, "actions", 1)) == {"text": "制定提升规划并按季检查", "counts": "visited"}
    assert draft.problems() == ()
    assert draft.differences()[0].words == (
        "要做的事第2条：按什么记录计数 没有→上级派员联系；"
        "要做的事第3条：内容 到先进支部观摩1次→到先进支部观摩2次；要做的事第3条：按什么记录计数 参加现场观摩→没有"
    )
    assert StandardDraft(draft.kind, draft.text, draft.text).tree == draft.tree, "as a file it reads as it was"


def test_lines_of_a_class_come_and_go() -> None:
    draft = new(StandardKind.HORSE_RACE)
    path = ("classes", 1, "actions")
    add_entry(draft, path)
    (empty,) = draft.problems()
    assert (empty.item, empty.what, empty.path) == ("middle", "“内容”（text）不能为空", (*path, 4, "text"))
    set_field(draft, field(draft, path[:2], "text", 5), "认领1个课题")
    assert draft.problems() == ()
    assert draft.differences()[0].words == "要做的事第5条 没有→认领1个课题"
    drop_entry(draft, (*path, 4))
    assert draft.differences() == ()
    for _ in range(4):
        drop_entry(draft, (*path, 0))
    assert [problem.what for problem in draft.problems()] == ["“要做的事”（actions）不能为空"]
    add_entry(draft, path)
    assert [group.title for group in form_of(draft, path[:2])][1:] == ["要做的事 1"]

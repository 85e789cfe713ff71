"""A draft is changed step by step, and says what differs, what does not add up and what is wrong."""

from decimal import Decimal

import pytest

from desktop.models.vocabulary.stores import Differs, StandardKind
from desktop.paths import resource
from desktop.services.standards.editing.draft import Node, StandardDraft

TEXT = resource("standards/branch_standard.toml").read_text("utf-8")
FIRST = ("dimensions", 0, "items", 0)


@pytest.fixture
def draft() -> StandardDraft:
    return StandardDraft(StandardKind.BRANCH_STANDARD, TEXT, TEXT)


def found(draft: StandardDraft, key: str) -> Node:
    def look(nodes: tuple[Node, ...]) -> Node | None:
        return next((hit for node in nodes for hit in (node if node.key == key else look(node.below),) if hit), None)

    node = look(draft.outline())
    assert node is not None
    return node


def test_a_draft_begins_without_a_difference_or_a_fault(draft: StandardDraft) -> None:
    assert (draft.differences(), draft.problems(), draft.can_step_back) == ((), (), False)
    assert all(part.have == part.want for part in draft.sums())
    outline = draft.outline()
    assert [node.key for node in outline[:8]] == [f"D{number}" for number in range(1, 9)]
    assert (outline[0].title, outline[0].weight, outline[0].below[0].weight) == ("组织体系设置", "8", "1.5")
    assert "等次" in [node.title for node in outline]


def test_a_change_shows_everywhere_and_is_taken_back(draft: StandardDraft) -> None:
    draft.put((*FIRST, "trace_weight"), Decimal("1.20"))
    assert draft.differences()[0].words == "痕迹分 1→1.2"
    assert found(draft, "D1-01").differs is Differs.CHANGED
    assert [part.words for part in draft.sums() if part.have != part.want] == ["8.2 / 8，组织体系设置多 0.2"]
    (problem,) = draft.problems()
    assert (problem.item, problem.path) == ("D1", ("dimensions", 0, "weight"))
    assert draft.before((*FIRST, "trace_weight")) == 1
    assert draft.step_back()
    assert (draft.differences(), draft.step_back()) == ((), False)


def test_a_value_put_again_is_no_step(draft: StandardDraft) -> None:
    draft.put((*FIRST, "title"), "依规设置党支部")
    assert not draft.can_step_back


def test_a_new_item_takes_the_next_number_and_waits_for_its_points(draft: StandardDraft) -> None:
    path = draft.add(FIRST)
    assert path == ("dimensions", 0, "items", 1)
    new = draft.at(path)
    assert isinstance(new, dict)
    assert (new["id"], new["title"], new["trace_weight"]) == ("D1-07", "", 0)
    assert {problem.item for problem in draft.problems()} == {"D1-07"}
    assert found(draft, "D1-07").differs is Differs.NEW
    assert draft.before((*path, "title")) is None
    draft.end(path)
    assert draft.differences() == ()


def test_an_item_in_force_is_ended_and_keeps_its_number(draft: StandardDraft) -> None:
    draft.end(FIRST)
    assert found(draft, "D1-01").ended
    assert draft.differences()[0].differs is Differs.ENDED
    assert draft.add(FIRST) == ("dimensions", 0, "items", 1)
    draft.restore(FIRST)
    assert not found(draft, "D1-01").ended


def test_places_behind_a_new_item_still_know_what_they_were(draft: StandardDraft) -> None:
    draft.add(FIRST)
    draft.put(("dimensions", 0, "items", 2, "title"), "支委会")
    assert draft.before(("dimensions", 0, "items", 2, "title")) == "依规设置支部委员会"


@pytest.mark.parametrize(
    ("kind", "name", "path", "off"),
    [
        (StandardKind.HORSE_RACE, "horse_race", ("indicators", 0, "weight"), "102 / 100，合计多 2"),
        (StandardKind.MEMBER_POINTS, "member_points", ("categories", 0, "cap"), "72 / 60，基础积分多 12"),
    ],
)
def test_the_weights_of_the_race_and_the_points_are_summed_too(
    kind: StandardKind, name: str, path: tuple[str | int, ...], off: str
) -> None:
    text = resource(f"standards/{name}.toml").read_text("utf-8")
    draft = StandardDraft(kind, text, text)
    assert all(part.have == part.want for part in draft.sums())
    draft.put(path, 32)
    assert [part.words for part in draft.sums() if part.have != part.want] == [off]

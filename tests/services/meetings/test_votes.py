"""Votes by the rule tables, with the worked cases of the regulations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import InvalidInput
from desktop.services.meetings.votes import judge, propose_vote_kind, vote_kind, vote_kinds

# kind, due, present, yes -> quorate, passed. The first twelve are the worked cases of the field's reference.
CASES = [
    ("admit_probationary", 9, 5, 5, True, True),
    ("admit_probationary", 9, 5, 4, True, False),
    ("admit_probationary", 9, 4, 4, False, False),
    ("admit_probationary", 10, 5, 5, False, False),
    ("congress_ordinary", 10, 5, 5, True, False),
    ("congress_ordinary", 10, 6, 6, True, True),
    ("congress_ordinary", 10, 4, 4, False, False),
    ("election", 10, 7, 7, False, False),
    ("election", 10, 8, 8, True, True),
    ("election", 10, 9, 5, True, True),
    ("election", 10, 8, 4, True, False),
    ("election", 10, 8, 5, True, True),
    ("confirm_full", 10, 5, 5, False, False),
    ("confirm_full", 10, 6, 6, True, True),
    ("confirm_full", 10, 6, 5, True, False),
    ("committee_decision", 5, 3, 3, True, True),
    ("committee_decision", 4, 2, 2, True, False),
    ("committee_decision", 5, 2, 2, False, False),
    ("secretary_election", 5, 4, 3, True, True),
    ("secretary_election", 5, 3, 3, False, False),
]


@pytest.mark.parametrize(("kind", "due", "present", "yes", "quorate", "passed"), CASES)
def test_quorum_and_majority(kind: str, due: int, present: int, yes: int, quorate: bool, passed: bool) -> None:
    verdict = judge(kind, due, present, yes, 0, present - yes)
    assert (verdict.complete, verdict.consistent) == (True, True)
    assert (verdict.quorate, verdict.passed) == (quorate, passed)
    assert verdict.basis == vote_kind(kind).basis


# kind, due, present, yes, opinions, in favour -> quorate, passed.
WRITTEN = [
    ("admit_probationary", 9, 5, 4, 1, 1, True, True),
    ("admit_probationary", 9, 5, 4, 1, 0, True, False),
    ("admit_probationary", 9, 4, 4, 3, 3, False, False),
    ("admit_probationary", 10, 6, 4, 2, 2, True, True),
    ("confirm_full", 10, 6, 5, 1, 1, True, True),
    ("confirm_full", 10, 5, 5, 5, 5, False, False),
    ("congress_ordinary", 10, 6, 5, 1, 1, True, False),
    ("election", 10, 8, 4, 1, 1, True, False),
]


@pytest.mark.parametrize(("kind", "due", "present", "yes", "written", "in_favour", "quorate", "passed"), WRITTEN)
def test_opinions_handed_in_beforehand_count_in_favour_and_never_as_present(
    kind: str, due: int, present: int, yes: int, written: int, in_favour: int, quorate: bool, passed: bool
) -> None:
    verdict = judge(kind, due, present, yes, present - yes, 0, written=written, written_yes=in_favour)
    assert (verdict.complete, verdict.consistent) == (True, True)
    assert (verdict.quorate, verdict.passed) == (quorate, passed)


def test_the_explanation_adds_up_what_was_handed_in_beforehand() -> None:
    assert judge("admit_probationary", 10, 6, 5, 1, 0, written=2, written_yes=1).explanation == (
        "应到会有表决权10人，实到6人，须应到会人数的过半数，即至少6人：有效。"
        "赞成5人，加会前书面赞成1人共6人，须应到会人数的过半数，即至少6人：通过。"
    )
    ordinary = judge("congress_ordinary", 10, 6, 5, 1, 0, written=1, written_yes=1)
    assert ordinary.explanation.endswith("这类表决没有书面意见计票的规定，1份书面意见没有计入。")


@pytest.mark.parametrize(
    ("written", "in_favour", "words"),
    [
        (5, 4, "数字前后矛盾：书面意见5份多于没有到会的4人。"),
        (None, 5, "数字前后矛盾：书面意见5份多于没有到会的4人。"),
        (1, 2, "数字前后矛盾：书面赞成2份多于书面意见1份。"),
        (-1, None, "数字前后矛盾：人数不能为负。"),
        (2, None, "缺少书面赞成人数，无法判断。"),
    ],
)
def test_opinions_that_cannot_be_are_named(written: int | None, in_favour: int | None, words: str) -> None:
    verdict = judge("admit_probationary", 10, 6, 5, 1, 0, written=written, written_yes=in_favour)
    assert verdict.explanation == words


def test_missing_numbers_are_named_and_nothing_is_judged() -> None:
    verdict = judge("admit_probationary", 9, None, 5, 0, None)
    assert not verdict.complete
    assert verdict.quorate is None
    assert verdict.passed is None
    assert verdict.explanation == "缺少实到、弃权人数，无法判断。"


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((9, 10, 5, 0, 0), "实到10人多于应到9人"),
        ((9, 8, 7, 1, 1), "赞成、反对、弃权共9票，多于实到8人"),
        ((9, 8, -1, 1, 1), "人数不能为负"),
        ((0, 0, 0, 0, 0), "应到会人数为零"),
        ((9, 8, 9, None, None), "赞成、反对、弃权共9票，多于实到8人"),
    ],
)
def test_numbers_that_contradict_each_other(numbers: tuple[int, int, int, int | None, int | None], words: str) -> None:
    verdict = judge("congress_ordinary", *numbers)
    assert not verdict.consistent
    assert verdict.explanation == f"数字前后矛盾：{words}。"


def test_the_explanation_says_what_was_needed() -> None:
    assert judge("admit_probationary", 29, 27, 26, 0, 1).explanation == (
        "应到会有表决权29人，实到27人，须应到会人数的过半数，即至少15人：有效。"
        "赞成26人，须应到会人数的过半数，即至少15人：通过。"
    )
    assert "五分之四（不少于），即至少8人：未达到法定人数" in judge("election", 10, 7, 7).explanation


def test_every_kind_of_the_rules_can_be_judged() -> None:
    assert list(vote_kinds()) == [
        "congress_ordinary",
        "admit_probationary",
        "confirm_full",
        "election",
        "secretary_election",
        "committee_decision",
    ]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidInput):
        judge("show_of_feet", 1, 1, 1, 0, 0)


@given(st.sampled_from(sorted(vote_kinds())), st.integers(1, 200), st.integers(0, 200), st.integers(0, 200))
def test_the_least_number_named_is_exactly_the_border(kind: str, due: int, present: int, yes: int) -> None:
    rule = vote_kind(kind)
    assert rule.quorum.holds(rule.quorum.least(due, due), due, due)
    assert not rule.quorum.holds(rule.quorum.least(due, due) - 1, due, due)
    verdict = judge(kind, due, present, yes, 0, 0)
    if verdict.passed:
        assert verdict.quorate
        assert not judge(kind, due, present, 0, 0, 0).passed


@pytest.mark.parametrize(
    ("text", "in_committee", "kind"),
    [
        ("讨论接收李晓燕同志为预备党员", False, "admit_probationary"),
        ("讨论预备党员张文博转正", False, "confirm_full"),
        ("讨论延长王伟预备期", False, "confirm_full"),
        ("选举新一届支部委员会", False, "election"),
        ("审议年度计划", False, "congress_ordinary"),
        ("取消原定的参观安排", False, "congress_ordinary"),
        ("选举书记、副书记", True, "secretary_election"),
        ("研究本月主题党日方案", True, "committee_decision"),
    ],
)
def test_the_kind_proposed_from_words(text: str, in_committee: bool, kind: str) -> None:
    assert propose_vote_kind(text, in_committee)[0] == kind

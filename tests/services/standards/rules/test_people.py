"""Rules about members, groups, posts, terms, talks, admission and appraisal."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from desktop.services.development.case import CaseFact
from desktop.services.standards.facts import (
    AppraisalFact,
    PostFact,
    TalkFact,
    TermFact,
)
from desktop.services.standards.verdict import NOT_APPLICABLE, PENDING, RUNNING
from tests.services.standards.samples import branch, item_verdict, meeting, member

F = Fraction


def talks(*pairs: tuple[int, int]) -> tuple[TalkFact, ...]:
    return tuple(TalkFact(f"t{a}-{b}", date(2026, 5, 1), f"m{a}", f"m{b}") for a, b in pairs)


def test_talks_cover_pairs_members_and_each_other() -> None:
    every = [(a, b) for a in range(1, 5) for b in range(a + 1, 5)]
    facts = branch(talks=talks(*every, *((1, n) for n in range(5, 10))))
    assert item_verdict("D4-08", facts, date(2026, 8, 1)).ratio == 1
    part = branch(talks=talks(*every[:3], *((1, n) for n in range(5, 10))))
    assert item_verdict("D4-08", part, date(2026, 8, 1)).state == RUNNING
    assert item_verdict("D4-08", part, date(2026, 12, 31)).ratio == (F(3, 6) + 1 + 1) / 3


def test_only_heart_talks_count_and_not_with_oneself() -> None:
    facts = branch(
        talks=(TalkFact("x", date(2026, 5, 1), "m1", "m1"), TalkFact("y", date(2026, 5, 1), "m1", "m2", "reminder"))
    )
    assert item_verdict("D4-08", facts, date(2026, 12, 31)).ratio == 0


def test_a_kind_of_pair_without_subjects_is_left_out() -> None:
    facts = branch(members=(member(1), member(2), member(3)), posts=(PostFact("p1", "m1", "secretary"),))
    facts = replace(facts, talks=talks((1, 2), (1, 3)))
    assert item_verdict("D4-08", facts, date(2026, 12, 31)).ratio == 1


@pytest.mark.parametrize(("count", "ratio", "warned"), [(2, 0, False), (3, 1, False), (50, 1, False), (51, 1, True)])
def test_member_limits_warn_about_what_is_usual(count: int, ratio: int, warned: bool) -> None:
    verdict = item_verdict("D1-01", branch(members=tuple(member(n) for n in range(1, count + 1))), date(2026, 5, 1))
    assert verdict.ratio == ratio
    assert any("只提醒" in note for note in verdict.notes) == warned


def test_probationary_members_are_no_full_members() -> None:
    members = (member(1), member(2), member(3, category="probationary_member", full_on=None))
    assert item_verdict("D1-01", branch(members=members), date(2026, 5, 1)).ratio == 0


@pytest.mark.parametrize(
    ("full", "posts", "ratio"),
    [
        (7, ["secretary", "org_commissioner", "publicity_commissioner"], 1),
        (7, ["secretary", "org_commissioner"], 0),
        (9, ["secretary", *(f"x{n}_commissioner" for n in range(6))], 1),
        (9, ["secretary", *(f"x{n}_commissioner" for n in range(7))], 0),
        (6, ["secretary"], 1),
        (6, ["secretary", "deputy_secretary"], 1),
        (6, ["deputy_secretary"], 0),
        (6, ["secretary", "deputy_secretary", "deputy_secretary"], 0),
    ],
)
def test_committee_size_follows_the_full_members(full: int, posts: list[str], ratio: int) -> None:
    facts = branch(
        members=tuple(member(n) for n in range(1, full + 1)),
        posts=tuple(PostFact(f"p{n}", f"m{n}", post) for n, post in enumerate(posts, start=1)),
    )
    assert item_verdict("D1-02", facts, date(2026, 5, 1)).ratio == ratio


def test_every_member_in_one_group_and_every_group_with_a_leader_of_its_own() -> None:
    facts = branch()
    assert item_verdict("D1-03", facts, date(2026, 5, 1)).ratio == 1
    loose = replace(facts, members=(*facts.members[:8], replace(facts.members[8], group_id=None)))
    assert item_verdict("D1-03", loose, date(2026, 5, 1)).ratio == 0
    stranger = replace(facts, groups=(replace(facts.groups[0], leader_id="m9"), facts.groups[1]))
    assert item_verdict("D1-03", stranger, date(2026, 5, 1)).missing[0].what == "第一党小组没有本组的组长"


@pytest.mark.parametrize(
    ("term", "on", "ratio", "gate"),
    [
        (TermFact("t", date(2025, 3, 1), date(2028, 3, 1)), date(2026, 5, 1), 1, False),
        (TermFact("t", date(2025, 3, 1)), date(2028, 2, 29), 1, False),
        (TermFact("t", date(2025, 3, 1)), date(2028, 3, 1), 0, True),
        (
            TermFact("t", date(2023, 3, 1), date(2026, 3, 1), None, date(2026, 9, 1), "批5号"),
            date(2026, 5, 1),
            1,
            False,
        ),
        (
            TermFact("t", date(2023, 3, 1), date(2026, 3, 1), None, date(2026, 9, 1), "批5号"),
            date(2026, 10, 1),
            0,
            False,
        ),
        (
            TermFact("t", date(2023, 3, 1), date(2026, 3, 1), None, date(2027, 9, 1), "批5号"),
            date(2026, 5, 1),
            0,
            False,
        ),
    ],
)
def test_a_term_is_valid_until_it_expires_or_as_long_as_approved(
    term: TermFact, on: date, ratio: int, gate: bool
) -> None:
    verdict = item_verdict("D1-04", branch(terms=(term,)), on)
    assert verdict.ratio == ratio
    assert verdict.gate is gate


def test_no_term_on_file_is_pending_and_the_end_is_announced() -> None:
    assert item_verdict("D1-04", branch(terms=()), date(2026, 5, 1)).state == PENDING
    soon = item_verdict("D1-04", branch(terms=(TermFact("t", date(2023, 8, 1), date(2026, 8, 1)),)), date(2026, 5, 1))
    assert "启动换届" in soon.upcoming[0].what


@pytest.mark.parametrize(("on", "ratio"), [(date(2026, 6, 29), 1), (date(2026, 6, 30), 0)])
def test_a_post_may_stand_empty_for_ninety_days(on: date, ratio: int) -> None:
    facts = branch()
    posts = (*facts.posts[:3], replace(facts.posts[3], until=date(2026, 3, 31)))
    assert item_verdict("D1-05", replace(facts, posts=posts), on).ratio == ratio


def test_a_post_given_up_with_the_last_committee_is_no_vacancy() -> None:
    facts = branch()
    posts = (*facts.posts, PostFact("old", "m9", "youth_commissioner", None, date(2025, 2, 20)))
    assert item_verdict("D1-05", replace(facts, posts=posts), date(2026, 5, 1)).ratio == 1


@pytest.mark.parametrize(("full_on", "expected"), [(date(2025, 5, 1), 1), (date(2025, 5, 2), 0), (None, PENDING)])
def test_the_secretary_has_a_year_of_party_standing(full_on: date | None, expected: Any) -> None:
    facts = branch()
    members = (replace(facts.members[0], full_on=full_on), *facts.members[1:])
    verdict = item_verdict("D2-01", replace(facts, members=members), date(2026, 5, 1))
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


def test_no_posts_on_file_is_pending() -> None:
    for item in ("D1-02", "D1-05", "D2-01", "D2-05", "D2-06"):
        assert item_verdict(item, branch(posts=()), date(2026, 5, 1)).state == PENDING


def test_the_roster_is_the_share_of_filled_fields_and_full_on_only_of_full_members() -> None:
    facts = branch(members=(member(1), member(2)))
    holes = replace(facts.members[1], filled=facts.members[1].filled - {"phone", "education"})
    verdict = item_verdict("D1-06", replace(facts, members=(facts.members[0], holes)), date(2026, 5, 1))
    assert verdict.ratio == F(18, 20)
    probationary = replace(holes, category="probationary_member", full_on=None, filled=holes.filled - {"full_on"})
    verdict = item_verdict("D1-06", replace(facts, members=(facts.members[0], probationary)), date(2026, 5, 1))
    assert verdict.ratio == F(17, 19)


@pytest.mark.parametrize("item", ["D1-01", "D1-02", "D1-06", "D3-02", "D3-04"])
def test_an_empty_roster_cannot_be_judged(item: str) -> None:
    verdict = item_verdict(item, branch(members=(), posts=()), date(2026, 5, 1))
    assert verdict.state == PENDING


GOOD_CASE = {
    1: date(2024, 1, 5),
    2: date(2024, 2, 1),
    3: date(2024, 3, 1),
    4: date(2024, 3, 5),
    5: date(2024, 3, 10),
    6: date(2024, 9, 10),
    7: date(2025, 3, 1),
    8: date(2025, 3, 10),
}


def case(steps: dict[int, date], **changes: Any) -> CaseFact:
    return CaseFact(id="c", name="丁一", steps=steps, **changes)


@pytest.mark.parametrize(
    ("changes", "breach", "mend"),
    [
        ({}, "", ""),
        ({7: date(2025, 2, 28)}, "培养考察不满12个月", "fact"),
        ({5: None}, "缺少“指定培养联系人”", "enter"),
        ({4: date(2024, 2, 20)}, "“报上级党委备案”早于“推荐和确定入党积极分子”", "fact"),
    ],
)
def test_a_case_in_order_and_its_breaches(changes: dict[int, date | None], breach: str, mend: str) -> None:
    steps = {no: on for no, on in {**GOOD_CASE, **changes}.items() if on is not None}
    verdict = item_verdict("D3-05", branch(cases=(case(steps),)), date(2025, 4, 1))
    assert verdict.ratio == (0 if breach else 1)
    if breach:
        assert (verdict.missing[0].what, verdict.missing[0].mend) == (f"丁一：{breach}", mend)
        assert verdict.missing[0].where.page == "development"


def test_what_is_only_worth_a_word_costs_nothing() -> None:
    late = case({**GOOD_CASE, 2: date(2024, 2, 6)})
    verdict = item_verdict("D3-05", branch(cases=(late,)), date(2025, 4, 1))
    assert verdict.ratio == 1
    assert "丁一收到申请书到谈话超过1个月（只提醒，不扣分）。" in verdict.notes


def test_no_case_is_nothing_to_judge_and_an_unknown_edition_waits() -> None:
    assert item_verdict("D3-05", branch(), date(2026, 5, 1)).state == NOT_APPLICABLE
    old = case(GOOD_CASE, ruleset="development_1990")
    assert item_verdict("D3-05", branch(cases=(old,)), date(2025, 4, 1)).state == PENDING


@pytest.mark.parametrize(
    ("appraisal", "on", "expected"),
    [
        (None, date(2026, 12, 31), RUNNING),
        (None, date(2027, 3, 31), 0),
        (AppraisalFact("a", 2026, date(2027, 1, 20), 9, 3), date(2027, 2, 1), 1),
        (AppraisalFact("a", 2026, date(2027, 1, 20), 9, 4), date(2027, 4, 1), 0),
        (AppraisalFact("a", 2026, date(2027, 1, 20), 9, 3, 1), date(2027, 4, 1), 0),
        (AppraisalFact("a", 2025, date(2026, 1, 20), 9, 3), date(2027, 4, 1), 0),
    ],
)
def test_the_appraisal_is_done_and_at_most_a_third_excellent(
    appraisal: AppraisalFact | None, on: date, expected: Any
) -> None:
    verdict = item_verdict("D4-07", branch(appraisals=(appraisal,) if appraisal else ()), on, 2026)
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


def test_an_appraisal_meeting_without_grades_waits() -> None:
    held = meeting("democratic_appraisal", date(2027, 1, 20), for_year=2026)
    assert item_verdict("D4-07", branch(meetings=(held,)), date(2027, 4, 1), 2026).state == PENDING

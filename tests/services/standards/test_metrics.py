"""Figures for quality criteria and the conditions of items (domain reference 3.2, 3.3)."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from desktop.services.standards.facts import Facts, PlanFact, PostFact, RecordFact, SubjectFact, Target
from desktop.services.standards.meeting_facts import TaskFact
from desktop.services.standards.metrics import METRICS, Figure, applies, progress, surveyed
from desktop.services.standards.periods import Span
from desktop.services.standards.rules import evaluate
from desktop.services.standards.vocabulary import METRICS as DECLARED
from tests.services.standards.samples import PACK, branch, meeting, member, record

ON = date(2026, 9, 30)
SPAN = Span(2026, ON, date(2009, 1, 1))
F = Fraction


def figure(name: str, facts: Facts) -> Fraction | None:
    return METRICS[name](facts, SPAN).ratio


def task(due: date, done: date | None, source: str = "") -> TaskFact:
    return TaskFact(f"{due}-{done}", "事", due, done, source)


def test_every_declared_metric_is_computed_and_none_is_zero_without_a_denominator() -> None:
    assert set(METRICS) == set(DECLARED)
    for name in METRICS:
        assert figure(name, branch()) is None


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Target(10, 20, 15), F(1, 2)),
        (Target(10, 20, 5), F(0)),
        (Target(10, 20, 30), F(1)),
        (Target(20, 10, 15), F(1, 2)),
        (Target(None, 20, 5), F(1, 4)),
        (Target(0.1, 0.3, 0.2), F(1, 2)),
        (Target(10, 10, 10), None),
        (Target(10, None, 10), None),
        (Target(10, 20, None), None),
    ],
)
def test_progress_is_exact_and_clipped(target: Target, expected: Fraction | None) -> None:
    assert progress(target) == expected


def test_targets_of_brands_and_of_projects_active_this_year() -> None:
    targets = (Target(0, 10, 5), Target(0, 10, 10), Target(0, 10, None))
    brand = record("brand", date(2026, 1, 1), states=(("building", date(2026, 1, 1)),), targets=targets)
    assert figure("brand_target_ratio", branch(records=(brand,))) == F(3, 4)
    retired = replace(brand, states=(("building", date(2025, 1, 1)), ("retired", date(2025, 6, 1))))
    assert figure("brand_target_ratio", branch(records=(retired,))) is None

    def project(*states: tuple[str, date]) -> RecordFact:
        return record("party_plus_project", states[0][1], states=states, targets=targets[:1])

    running = project(("active", date(2025, 3, 1)))
    over = project(("active", date(2025, 3, 1)), ("closed", date(2025, 9, 1)))
    assert figure("party_plus_target_ratio", branch(records=(running,))) == F(1, 2)
    assert figure("party_plus_target_ratio", branch(records=(over,))) is None


def test_actions_of_a_plan_count_once_due_even_without_a_figure() -> None:
    actions = (
        Target(0, 10, 10, date(2026, 9, 1)),
        Target(0, 10, None, date(2026, 9, 1)),
        Target(0, 10, 0, date(2026, 12, 1)),
    )
    facts = branch(plans=(PlanFact("p", "lagging", date(2026, 7, 1), actions=actions),))
    assert figure("pdca_target_ratio", facts) == F(1, 2)


def test_a_measure_that_a_later_plan_goes_on_with_counts_once() -> None:
    left = Target(0, 10, 5, date(2026, 3, 1), "a")
    again = Target(5, 10, 10, date(2026, 9, 1), "b", "a")
    facts = branch(
        plans=tuple(PlanFact(each.id, "lagging", date(2026, 1, 5), actions=(each,)) for each in (left, again))
    )
    assert figure("pdca_target_ratio", facts) == 1
    later = replace(again, due=date(2026, 12, 1))
    facts = branch(
        plans=tuple(PlanFact(each.id, "lagging", date(2026, 1, 5), actions=(each,)) for each in (left, later))
    )
    assert figure("pdca_target_ratio", facts) == F(1, 2), "not due again yet: what was not reached in time stays told"


def test_shares_of_records() -> None:
    pledges = tuple(
        replace(record("commitment", date(2026, 2, n), "m1"), outcome=kept)
        for n, kept in ((1, True), (2, False), (3, None), (4, True))
    )
    assert figure("commitment_kept_ratio", branch(records=pledges)) == F(2, 3)
    ideas = tuple(
        record("improvement_idea", date(2026, 2, n), "m1", states=((state, date(2026, 3, 1)),))
        for n, state in ((1, "implemented"), (2, "effect_confirmed"), (3, "declined"), (4, "adopted"))
    )
    assert figure("idea_implemented_ratio", branch(records=ideas)) == F(1, 2)


@pytest.mark.parametrize(
    ("metric", "facts"),
    [
        ("issue_closed_ratio", {"issues": ("org_life",)}),
        ("opinion_reply_ratio", {"opinions": ("opinion",)}),
    ],
)
def test_done_in_time_of_what_is_due(metric: str, facts: dict[str, Any]) -> None:
    ((field, (source,)),) = facts.items()
    tasks = (
        task(date(2026, 3, 1), date(2026, 3, 1), source),
        task(date(2026, 3, 1), date(2026, 3, 2), source),
        task(date(2026, 3, 1), None, source),
        task(date(2026, 12, 1), None, source),
        task(date(2025, 12, 1), date(2025, 11, 1), source),
    )
    assert figure(metric, branch(**{field: tasks})) == F(1, 3)


def test_tasks_of_committee_meetings_and_follow_ups_of_theme_days() -> None:
    committee = meeting("committee_meeting", date(2026, 3, 1), tasks=(task(date(2026, 4, 1), date(2026, 3, 20)),))
    congress = meeting("branch_congress", date(2026, 3, 2), tasks=(task(date(2026, 4, 1), None),))
    assert figure("meeting_task_done_ratio", branch(meetings=(committee, congress))) == 1
    days = (
        meeting("theme_day", date(2026, 3, 1), followed_up=True),
        meeting("theme_day", date(2026, 4, 1), tasks=(task(date(2026, 4, 1), None),)),
        meeting("theme_day", date(2026, 5, 1)),
    )
    assert figure("theme_day_followup_ratio", branch(meetings=days)) == F(2, 3)


def test_uses_of_a_venue_match_what_was_held_there() -> None:
    held = meeting("theme_day", date(2026, 3, 1), venue_id="v")
    matched = record("venue_use", date(2026, 3, 1), venue_id="v")
    alone = record("venue_use", date(2026, 3, 2), venue_id="v")
    assert figure("venue_use_match_ratio", branch(meetings=(held,), records=(matched, alone))) == F(1, 2)


@pytest.mark.parametrize(
    ("full", "posts", "expected"),
    [
        (7, (), True),
        (6, (), False),
        (6, (PostFact("p", "m1", "org_commissioner"),), True),
        (6, (PostFact("p", "m1", "org_commissioner", None, date(2026, 3, 1)),), False),
        (6, (PostFact("p", "m1", "secretary"), PostFact("q", "m2", "deputy_secretary")), False),
    ],
)
def test_a_committee_is_due_from_seven_or_in_office(full: int, posts: tuple[PostFact, ...], expected: bool) -> None:
    facts = branch(members=tuple(member(n) for n in range(1, full + 1)), posts=posts)
    assert applies("has_committee", facts, SPAN) is expected


def test_one_group_is_the_branch_itself() -> None:
    facts = branch()
    assert applies("has_groups", facts, SPAN) is True
    assert applies("has_groups", replace(facts, groups=facts.groups[:1]), SPAN) is False


def test_a_condition_that_cannot_be_known_is_neither_true_nor_false() -> None:
    assert applies("has_committee", branch(members=()), SPAN) is None
    assert applies("has_activists", branch(subjects={}), SPAN) is None
    assert applies("has_activists", branch(subjects={"activist": ()}), SPAN) is False
    activist = (SubjectFact("a", "丁一", date(2025, 1, 1)),)
    assert applies("has_activists", branch(subjects={"activist": activist}), SPAN) is True


ASKED = PACK.item("D7-03")
"""An item with a survey, whose records say how many were asked."""


def deed(day: int, satisfied: int | None, asked: int | None) -> RecordFact:
    on = date(2026, 5, day)
    return record("practical_deed", on, states=(("done", on),), satisfied=satisfied, asked=asked)


def judged_by_people(*deeds: RecordFact) -> Figure | None:
    facts = branch(records=deeds)
    return surveyed(facts, ASKED, evaluate(ASKED.rule, facts, SPAN))


def test_what_people_said_of_the_records_that_count_is_added_up() -> None:
    last_year = record("practical_deed", date(2025, 3, 1), states=(("done", date(2025, 3, 1)),), satisfied=0, asked=50)
    figure = judged_by_people(deed(3, 9, 10), deed(4, 14, 15), deed(5, None, None), last_year)
    assert figure is not None
    assert figure.ratio == F(23, 25)
    assert figure.text == "23/25满意（92%），2条“我为基层办实事”合计"
    assert [used.id for used in figure.used] == [deed(3, 9, 10).id, deed(4, 14, 15).id]


def test_half_a_survey_is_named_and_not_counted() -> None:
    figure = judged_by_people(deed(3, 9, 10), deed(4, None, 15))
    assert figure is not None
    assert figure.ratio == F(9, 10)
    assert "另有1条只填了一个数，没有算" in figure.text


def test_where_nobody_was_asked_people_judge_the_criterion() -> None:
    assert judged_by_people() is None
    assert judged_by_people(deed(3, None, None), deed(4, 0, 0)) is None


def test_of_several_surveys_none_is_guessed() -> None:
    facts = branch(records=(deed(3, 9, 10),))
    survey = next(criterion for criterion in ASKED.quality if criterion.how == "survey")
    two = replace(ASKED, quality=(survey, survey))
    assert surveyed(facts, two, evaluate(two.rule, facts, SPAN)) is None


def test_what_those_who_were_there_said_of_the_lectures_that_count_is_added_up() -> None:
    lecture = PACK.item("D4-04")
    held = [
        meeting("party_lecture", date(2026, 2, 10), satisfied=20, asked=22),
        meeting("party_lecture", date(2026, 5, 10), satisfied=18, asked=18),
        meeting("party_lecture", date(2026, 8, 10)),
        meeting("theme_day", date(2026, 8, 11), satisfied=0, asked=20),
    ]
    facts = branch(meetings=tuple(held))
    figure = surveyed(facts, lecture, evaluate(lecture.rule, facts, SPAN))
    assert figure is not None
    assert figure.ratio == F(38, 40)
    assert {used.id for used in figure.used} == {each.id for each in held[:2]}

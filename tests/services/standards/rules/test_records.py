"""Rules that count records and look at the states of projects."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from desktop.services.spells import Stay
from desktop.services.standards.facts import (
    Flag,
    PostFact,
    RecordFact,
    SubjectFact,
    Target,
)
from desktop.services.standards.verdict import NOT_APPLICABLE, PENDING, RUNNING
from tests.services.standards.samples import branch, item_verdict, meeting, record, states

F = Fraction


def test_records_count_by_the_day_they_happened() -> None:
    facts = branch(
        records=(record("supervision_review", date(2026, 2, 1)), record("supervision_review", date(2026, 9, 1)))
    )
    verdict = item_verdict("D2-08", facts, date(2026, 9, 30))
    assert (verdict.ratio, states(verdict)) == (F(2, 3), "mmma")
    assert len(verdict.used) == 2


def test_a_kind_the_program_does_not_keep_is_pending_never_zero() -> None:
    verdict = item_verdict("D2-08", branch(kept=frozenset()), date(2026, 12, 31))
    assert (verdict.state, verdict.ratio) == (PENDING, None)


def test_two_pledges_of_each_member_at_work_are_asked() -> None:
    facts = branch(records=tuple(record("commitment", date(2026, 2, d), f"m{n}") for n in range(1, 9) for d in (1, 2)))
    verdict = item_verdict("D7-01", facts, date(2026, 12, 31))
    assert verdict.ratio == F(8, 9)
    assert verdict.missing[0].what == "陈九2026年缺“承诺事项”2次"
    retired = tuple(replace(m, flags=(Flag("retired"),)) if m.id == "m9" else m for m in facts.members)
    assert item_verdict("D7-01", replace(facts, members=retired), date(2026, 12, 31)).ratio == 1


@pytest.mark.parametrize("flag", ["retired", "mobile", "suspended", "long_illness"])
def test_nothing_is_demanded_of_members_away_from_work(flag: str) -> None:
    facts = branch()
    members = (*facts.members[:8], replace(facts.members[8], flags=(Flag(flag, date(2026, 3, 1)),)))
    verdict = item_verdict("D3-03", replace(facts, members=members), date(2026, 6, 30))
    assert verdict.cells[0].asked == 8


def test_a_member_who_joined_inside_the_period_is_not_asked_for_it() -> None:
    facts = branch()
    members = (*facts.members[:8], replace(facts.members[8], stays=(Stay(date(2026, 2, 1)),)))
    verdict = item_verdict("D3-03", replace(facts, members=members), date(2026, 12, 31))
    assert [cell.asked for cell in verdict.cells] == [8, 9]


def test_the_tag_of_a_record_decides() -> None:
    plain, signs = (
        record("venue_check", date(2026, 3, 1)),
        record("venue_check", date(2026, 4, 1), tags=frozenset({"signage"})),
    )
    assert item_verdict("D6-02", branch(records=(plain,)), date(2026, 12, 31)).ratio == 0
    assert item_verdict("D6-02", branch(records=(signs,)), date(2026, 12, 31)).ratio == 1


def test_the_secretary_is_a_post_that_may_change_hands() -> None:
    facts = branch(records=(record("duty_report", date(2026, 11, 1), "m2"),))
    posts = (
        PostFact("p1", "m1", "secretary", None, date(2026, 6, 30)),
        PostFact("p9", "m2", "secretary", date(2026, 7, 1)),
    )
    assert item_verdict("D2-04", replace(facts, posts=posts), date(2026, 12, 31)).ratio == 1
    early = replace(facts, posts=posts, records=(record("duty_report", date(2026, 3, 1), "m2"),))
    assert item_verdict("D2-04", early, date(2026, 12, 31)).ratio == 0


@pytest.mark.parametrize(("item", "expected"), [("D3-06", NOT_APPLICABLE), ("D2-02", 0), ("D7-05", 0), ("D7-07", 0)])
def test_without_subjects_there_is_nothing_to_judge_but_lists_must_be_made(item: str, expected: Any) -> None:
    verdict = item_verdict(item, branch(), date(2026, 6, 30))
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected
    if expected == 0:
        assert verdict.missing[0].verb == "建名单"


def test_lists_not_kept_are_pending() -> None:
    assert item_verdict("D7-07", branch(subjects={}), date(2026, 6, 30)).state == PENDING


def test_each_signed_list_is_checked_every_half_year() -> None:
    lists = tuple(SubjectFact(f"d{n}", f"清单{n}", date(2026, 1, 1), date(2026, 12, 31)) for n in (1, 2))
    facts = branch(records=(record("duty_check", date(2026, 6, 20), "d1"),))
    facts = replace(facts, subjects={**facts.subjects, "signed_post": lists})
    verdict = item_verdict("D2-02", facts, date(2026, 7, 1))
    assert (verdict.ratio, [m.what for m in verdict.missing]) == (F(1, 2), ["清单2上半年缺“责任清单对账”"])


def test_a_pair_made_inside_the_half_year_waits_for_the_next() -> None:
    pair = SubjectFact("pair", "甲带乙", date(2026, 2, 1))
    facts = branch()
    facts = replace(facts, subjects={**facts.subjects, "mentoring_pair": (pair,)})
    assert item_verdict("D7-07", facts, date(2026, 8, 1)).state == RUNNING
    assert item_verdict("D7-07", facts, date(2026, 12, 31)).ratio == 0


def test_meetings_in_a_venue_are_uses_by_themselves() -> None:
    held = tuple(meeting("theme_day", date(2026, 1, d), venue_id="v1") for d in (5, 6))
    facts = branch(meetings=held)
    assert item_verdict("D6-05", facts, date(2026, 1, 31)).ratio == 1
    same_day = branch(meetings=held[:1], records=(record("venue_use", date(2026, 1, 5), venue_id="v1"),))
    assert item_verdict("D6-05", same_day, date(2026, 1, 31)).ratio == 0


def test_points_are_published_every_quarter() -> None:
    facts = branch(records=(record("points_publication", date(2026, 3, 30)),))
    assert item_verdict("D3-08", facts, date(2026, 6, 30)).ratio == F(1, 2)
    assert item_verdict("D3-08", branch(kept=frozenset()), date(2026, 6, 30)).state == PENDING


def project(kind: str, *stages: tuple[str, date]) -> RecordFact:
    figures = (Target(9, 5, 4.5),)
    return RecordFact(id="r", kind=kind, event_on=stages[0][1], title="项目", states=stages, targets=figures)


@pytest.mark.parametrize(
    ("item", "entity", "on", "expected"),
    [
        ("D5-02", project("party_plus_project", ("active", date(2026, 2, 1))), date(2026, 9, 30), 1),
        (
            "D5-02",
            project("party_plus_project", ("active", date(2025, 2, 1)), ("closed", date(2026, 4, 1))),
            date(2026, 9, 30),
            F(2, 3),
        ),
        ("D5-02", project("party_plus_project", ("approved", date(2026, 2, 1))), date(2026, 9, 30), 0),
        ("D5-04", project("lean_project", ("running", date(2026, 2, 1))), date(2026, 9, 30), RUNNING),
        ("D5-04", project("lean_project", ("running", date(2026, 2, 1))), date(2026, 12, 31), 0),
        (
            "D5-04",
            project("lean_project", ("running", date(2026, 2, 1)), ("promoted", date(2026, 8, 1))),
            date(2026, 9, 30),
            1,
        ),
        (
            "D5-04",
            project("lean_project", ("closed", date(2025, 12, 1)), ("promoted", date(2026, 8, 1))),
            date(2026, 12, 31),
            0,
        ),
    ],
)
def test_projects_were_in_the_state_or_reached_the_end(item: str, entity: RecordFact, on: date, expected: Any) -> None:
    verdict = item_verdict(item, branch(records=(entity,)), on)
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


@pytest.mark.parametrize("targets", [(), (Target(9, 5, None),)])
def test_a_project_that_ended_without_figures_is_named_and_not_counted(targets: tuple[Target, ...]) -> None:
    ended = replace(project("lean_project", ("closed", date(2026, 8, 1))), targets=targets)
    verdict = item_verdict("D5-04", branch(records=(ended,)), date(2026, 12, 31))
    assert verdict.ratio == 0
    assert "“项目”已结题，没有填目标和实际，不计。" in verdict.notes

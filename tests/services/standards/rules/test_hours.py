"""Rules about hours of training and service, and about dues."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from desktop.services.spells import Stay
from desktop.services.standards.facts import (
    DuesFact,
    Flag,
    HoursFact,
    PostFact,
)
from desktop.services.standards.verdict import PENDING, RUNNING
from tests.services.standards.samples import branch, item_verdict, judge, meeting, member, present

F = Fraction


def hours(member_id: str, on: date, count: int, central: bool = True) -> HoursFact:
    return HoursFact(f"h-{member_id}-{on}", member_id, on, count * 60, central)


def test_hours_are_asked_by_full_months_of_the_year_so_far() -> None:
    facts = branch(members=(member(1),), training=(hours("m1", date(2026, 2, 1), 8),))
    assert item_verdict("D3-02", facts, date(2026, 1, 30)).state == RUNNING
    assert item_verdict("D3-02", facts, date(2026, 3, 31)).ratio == 1
    assert item_verdict("D3-02", facts, date(2026, 6, 15)).ratio == F(8) / (F(32) * 5 / 12)
    assert item_verdict("D3-02", facts, date(2026, 12, 31)).ratio == F(1, 4)


def test_attended_study_meetings_are_hours_too_by_their_length_if_noted() -> None:
    lecture = meeting("party_lecture", date(2026, 1, 5), attendance=present("m1"), minutes=90)
    day = meeting("theme_day", date(2026, 1, 6), attendance=present("m1"))
    congress = meeting("branch_congress", date(2026, 1, 7), attendance=present("m1"))
    facts = branch(members=(member(1),), meetings=(lecture, day, congress))
    assert item_verdict("D3-02", facts, date(2026, 12, 31)).ratio == F(5, 2) / 32


def test_a_member_is_asked_for_the_months_on_the_roster() -> None:
    facts = branch(
        members=(member(1, stays=(Stay(date(2026, 6, 10)),)),), training=(hours("m1", date(2026, 8, 1), 16),)
    )
    assert item_verdict("D3-02", facts, date(2026, 12, 31)).ratio == 1


def test_without_a_central_course_a_finished_year_is_halved() -> None:
    course = tuple(hours(f"m{n}", date(2026, 5, 1), 56, central=n > 1) for n in range(1, 5))
    facts = branch(training=course)
    assert item_verdict("D2-05", facts, date(2026, 11, 30)).ratio == 1
    verdict = item_verdict("D2-05", facts, date(2026, 12, 31))
    assert verdict.ratio == (F(3) + F(1, 2)) / 4
    assert verdict.missing[0].what == "陈一没有参加1次集中培训"


def test_below_the_committee_threshold_secretary_and_deputy_are_the_committee() -> None:
    facts = branch(members=tuple(member(n) for n in range(1, 6)), posts=(PostFact("p1", "m1", "secretary"),))
    facts = replace(facts, training=(hours("m1", date(2026, 5, 1), 56),))
    assert item_verdict("D2-05", facts, date(2026, 12, 31)).ratio == 1


def test_hours_by_meetings_alone_cannot_be_judged() -> None:
    lecture = meeting("party_lecture", date(2026, 1, 5), attendance=present("m1"))
    facts = branch(kept=frozenset(), meetings=(lecture,))
    assert item_verdict("D3-02", facts, date(2026, 12, 31)).state == PENDING


@pytest.mark.parametrize(("each", "ratio"), [(8, F(1)), (4, F(1, 2)), (20, F(1))])
def test_volunteer_hours_are_an_average(each: int, ratio: Fraction) -> None:
    work = tuple(hours(f"m{n}", date(2026, 5, 1), each) for n in range(1, 10))
    verdict = judge(
        "volunteer_hours", branch(volunteering=work), date(2026, 12, 31), who="members", min_avg=8, per="year"
    )
    assert verdict.ratio == ratio


def test_hours_of_one_may_stand_for_another() -> None:
    work = (hours("m1", date(2026, 5, 1), 16),)
    facts = branch(members=(member(1), member(2)), volunteering=work)
    assert judge("volunteer_hours", facts, date(2026, 12, 31), who="members", min_avg=8, per="year").ratio == 1


def paid(member_id: str, month: int, on: date | None, fen: int = 1500, **more: Any) -> DuesFact:
    return DuesFact(
        id=f"{member_id}-{month}",
        member_id=member_id,
        month=date(2026, month, 1),
        due_fen=1500,
        paid_fen=fen if on else 0,
        paid_on=on,
        **more,
    )


@pytest.mark.parametrize(
    ("entry", "on", "expected"),
    [
        (paid("m1", 1, date(2026, 1, 20)), date(2026, 1, 31), 1),
        (paid("m1", 1, None), date(2026, 1, 31), 0),
        (paid("m1", 1, date(2026, 1, 20), 1000), date(2026, 1, 31), 0),
        (paid("m1", 1, date(2026, 7, 31)), date(2026, 7, 31), F(1, 7)),
        (paid("m1", 1, date(2026, 8, 1)), date(2026, 8, 31), 0),
        (paid("m1", 1, None, quarterly=True), date(2026, 2, 15), RUNNING),
        (paid("m1", 1, date(2026, 3, 31), quarterly=True), date(2026, 1, 31), RUNNING),
        (DuesFact(id="x", member_id="m1", month=date(2026, 1, 1), due_fen=0), date(2026, 1, 31), RUNNING),
    ],
)
def test_dues_of_a_member_month(entry: DuesFact, on: date, expected: Any) -> None:
    verdict = item_verdict("D3-04", branch(members=(member(1),), dues=(entry,)), on)
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


def test_retired_members_pay_too() -> None:
    facts = branch(members=(member(1), member(2, flags=(Flag("retired"),))), dues=(paid("m1", 1, date(2026, 1, 3)),))
    verdict = item_verdict("D3-04", facts, date(2026, 1, 31))
    assert (verdict.ratio, verdict.missing[0].what) == (F(1, 2), "1月陈二未交党费")

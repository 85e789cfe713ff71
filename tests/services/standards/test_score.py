"""A score as values: what is missing, who mends it, what it would bring, and how it is printed."""

from datetime import date
from fractions import Fraction

import pytest

from desktop.services.standards.score import half_up
from desktop.services.standards.scoring import ready
from tests.services.standards.samples import LAW, ON, PACK, branch, meeting, present, scored

F = Fraction


@pytest.mark.parametrize(
    ("value", "expected"), [(F(5, 2), 3), (F(7, 2), 4), (F(249, 100), 2), (F(0), 0), (F(111111, 1000), 111)]
)
def test_halves_round_up(value: Fraction, expected: int) -> None:
    assert half_up(value) == expected


def test_who_answers_and_what_a_gap_would_bring() -> None:
    held = tuple(meeting("committee_meeting", date(2026, m, 10)) for m in range(1, 12) if m != 6)
    result = scored(branch(meetings=held))
    item = result.item("D4-02")
    (gap,) = item.gaps
    assert gap.what == "6月缺支部委员会会议"
    assert gap.who.text == "陈一（支部书记）"
    assert gap.gain == item.trace_max - (item.trace_points or 0)
    assert (gap.where.page, gap.where.kind) == ("meetings", "committee_meeting")
    assert gap.mendable


def test_what_cannot_be_mended_brings_nothing() -> None:
    absent = present("m1", absent=tuple(f"m{n}" for n in range(2, 10)))
    result = scored(branch(meetings=(meeting("theme_day", date(2026, 2, 8), attendance=absent),)))
    (gap,) = [g for g in result.item("D4-09").gaps if g.by == date(2026, 3, 31)]
    assert (gap.mendable, gap.gain) == (False, 0)
    assert result.gaps[-1].mendable is False


def test_not_due_yet_is_no_gap() -> None:
    result = scored(branch(), on=date(2026, 2, 15))
    assert "D4-06" not in {gap.item_id for gap in result.gaps}
    assert "D4-06" in {gap.item_id for gap in result.upcoming}
    item = result.item("D4-06")
    assert (item.gaps, item.upcoming[0].by) == ((), date(2027, 3, 31))


def test_ready_for_inspection_says_what_can_still_be_mended() -> None:
    held = tuple(meeting("committee_meeting", date(2026, m, 10)) for m in range(1, 11) if m != 6)
    found = ready(PACK, LAW, branch(meetings=held), {}, ON, date(2026, 12, 10))
    assert found.days == 18
    assert found.after > found.then.total
    jobs = dict(found.by_person)
    chairs = next(jobs[person] for person in jobs if person.id == "m1")
    d402 = next(job for job in chairs if job.item_id == "D4-02")
    assert d402.what == "6月缺支部委员会会议，另有1处"  # November will have passed by then
    item = found.then.item("D4-02")
    assert d402.gain == item.trace_max - (item.trace_points or 0)
    assert 0 < found.mendable_jobs <= len(found.jobs)


def test_what_the_lines_of_work_bring_adds_up_to_the_total_after_mending() -> None:
    held = tuple(meeting(kind, date(2026, m, 10)) for m in (1, 2, 5, 9) for kind in ("committee_meeting", "theme_day"))
    for on in (ON, date(2026, 12, 10), date(2026, 7, 1)):
        found = ready(PACK, LAW, branch(meetings=held), {}, min(ON, on), on)
        assert len(found.jobs) > 9
        assert found.then.total + sum(job.gain for job in found.jobs) == found.after
        assert sum(gap.gain for gap in found.gaps) == sum(job.gain for job in found.jobs)
        assert sum(len(jobs) for _, jobs in found.by_person) == len(found.jobs)
        for item in found.then.items:
            gains = sum(gap.gain for gap in item.gaps)
            assert (item.trace_points or 0) + gains <= item.trace_max

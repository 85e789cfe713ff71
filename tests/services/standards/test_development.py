"""Admission cases after the congress: probation, its extension and end, the oath, days counted without holidays."""

from dataclasses import replace
from datetime import date

import pytest

from desktop.services.standards.development import breaches, remarks
from desktop.services.standards.facts import CaseFact
from tests.services.standards.samples import LAW

RULES = LAW.development["development_2026"]
CONGRESS, APPROVE, OATH, CONFIRM = 15, 17, 20, 23
CASE = CaseFact("c", "丁一", {CONGRESS: date(2025, 3, 10), APPROVE: date(2025, 4, 1), OATH: date(2025, 4, 20)})


def open_ones(case: CaseFact, on: date) -> list[str]:
    found = breaches(case, RULES, LAW.development_steps, dict(LAW.calendars), on)
    return [breach for breach in found if breach.startswith("预备期")]


def voted(on: date) -> CaseFact:
    return replace(CASE, steps={**CASE.steps, CONFIRM: on})


@pytest.mark.parametrize(
    ("case", "on", "expected"),
    [
        (CASE, date(2026, 3, 10), []),
        (CASE, date(2026, 3, 11), ["预备期2026-03-10已满，没有讨论转正"]),
        (voted(date(2026, 3, 10)), date(2026, 5, 1), []),
        (voted(date(2026, 3, 9)), date(2026, 5, 1), ["预备期不满12个月"]),
        (replace(CASE, probation_extended_to=date(2026, 9, 10)), date(2026, 9, 10), []),
        (
            replace(CASE, probation_extended_to=date(2026, 7, 10)),
            date(2026, 6, 1),
            ["预备期延长至2026-07-10，应延长6至12个月"],
        ),
        (
            replace(voted(date(2026, 8, 1)), probation_extended_to=date(2026, 9, 10)),
            date(2026, 10, 1),
            ["预备期延长至2026-09-10，没有期满就讨论转正"],
        ),
    ],
)
def test_probation_ends_with_a_vote_when_it_is_over(case: CaseFact, on: date, expected: list[str]) -> None:
    assert open_ones(case, on) == expected


def test_a_late_oath_is_told_and_no_breach() -> None:
    late = replace(CASE, steps={**CASE.steps, OATH: date(2025, 10, 1)})
    assert not list(remarks(CASE, RULES, LAW.calendars, date(2025, 12, 1)))
    (told,) = remarks(late, RULES, LAW.calendars, date(2025, 12, 1))
    assert told == "丁一入党宣誓在批准后一般不超过1个月（只提醒，不扣分）。"
    assert open_ones(late, date(2025, 12, 1)) == []


def test_days_counted_without_holidays_are_provisional_even_where_they_suffice() -> None:
    case = CaseFact("c", "丁一", {8: date(2027, 6, 7)}, publicity_ended_on=date(2027, 6, 30))
    (told,) = remarks(case, RULES, LAW.calendars, date(2027, 7, 1))
    assert "暂算" in told

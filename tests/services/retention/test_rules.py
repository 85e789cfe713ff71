"""The periods as the program's own file says them."""

from datetime import date

import pytest

from desktop.services.retention.rules import RuleKind, load_rules, years_after


def test_every_kind_has_a_rule_that_says_why_and_what_clearing_does() -> None:
    rules = load_rules()
    assert {rule.kind for rule in rules} == set(RuleKind)
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.why and rule.effect for rule in rules)
    assert all(rule.days or rule.years or rule.kind is RuleKind.ARCHIVED for rule in rules)


@pytest.mark.parametrize(
    ("day", "years", "after"),
    [
        (date(2023, 5, 1), 3, date(2026, 5, 1)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2024, 2, 29), 3, date(2027, 3, 1)),
    ],
)
def test_years_end_on_the_same_day(day: date, years: int, after: date) -> None:
    assert years_after(day, years) == after

"""Dates of a member that cannot be: refused with the rule."""

from datetime import date

import pytest

from desktop.models.vocabulary.branches import DatePrecision
from desktop.services.members.rules import MemberFacts, faults

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("on", "precision", "fits"),
    [
        (date(1921, 6, 30), DatePrecision.DAY, False),
        (date(1921, 7, 1), DatePrecision.DAY, True),
        (date(1921, 1, 1), DatePrecision.YEAR, True),
        (date(1921, 6, 1), DatePrecision.MONTH, False),
    ],
)
def test_nobody_joined_before_the_party_was_founded(on: date, precision: DatePrecision, fits: bool) -> None:
    joined = faults(MemberFacts(admitted_on=on, admitted_precision=precision), TODAY)
    confirmed = faults(MemberFacts(full_on=on, full_precision=precision), TODAY)
    assert ([name for name, _ in joined], [name for name, _ in confirmed]) == (
        ([], []) if fits else (["admitted_on"], ["full_on"])
    )

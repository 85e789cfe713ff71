"""Several rules for one item, and what is asked when nobody is there."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from desktop.services.spells import Stay
from desktop.services.standards.facts import (
    Flag,
    TransferFact,
)
from desktop.services.standards.verdict import NOT_APPLICABLE, PENDING, RUNNING
from tests.services.standards.samples import branch, item_verdict, member, record

F = Fraction


def test_all_of_is_the_mean_of_what_there_is_to_judge() -> None:
    contact = (record("mobile_contact", date(2026, 2, 1), "m9"),)
    facts = branch()
    mobile = replace(facts, members=(*facts.members[:8], replace(facts.members[8], flags=(Flag("mobile"),))))
    closed = TransferFact("x", date(2026, 1, 1), date(2026, 1, 20), 30)
    assert item_verdict("D3-07", facts, date(2026, 3, 31)).state == NOT_APPLICABLE
    assert item_verdict("D3-07", replace(mobile, records=contact), date(2026, 3, 31)).ratio == 1
    assert item_verdict("D3-07", replace(mobile, transfers=(closed,)), date(2026, 3, 31)).ratio == F(1, 2)
    unkept = replace(mobile, kept=frozenset({"mobile_contact"}), records=contact)
    assert item_verdict("D3-07", unkept, date(2026, 3, 31)).state == PENDING


@pytest.mark.parametrize("item", ["D7-01", "D3-02", "D3-03"])
def test_with_nobody_at_work_nothing_is_demanded(item: str) -> None:
    facts = branch(members=(member(1, flags=(Flag("retired"),)), member(2, flags=(Flag("retired"),))))
    assert item_verdict(item, facts, date(2026, 12, 31)).state == NOT_APPLICABLE


def test_a_member_who_just_came_is_waited_for() -> None:
    facts = branch(members=(member(1, stays=(Stay(date(2026, 11, 20)),)),))
    for item in ("D3-02", "D3-03"):
        assert item_verdict(item, facts, date(2026, 11, 30)).state == RUNNING

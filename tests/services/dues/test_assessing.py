"""The yearly assessment: reckoned, decided, carried over, changed within a year."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desktop.models.dues import PayPart
from desktop.models.vocabulary.dues import DuesClass, DuesRelief
from desktop.services.dues.assessing import unassessed
from desktop.services.dues.keeping import AssessmentDraft
from desktop.services.errors import InvalidInput, Stale
from tests.services.dues.conftest import Dues

RELIEF: dict[str, Any] = {
    "relief": DuesRelief.REDUCED, "monthly_fen": 20_00, "decided_on": date(2026, 3, 5), "approved_by": "县局党委",
    "reason": "长期患病，本年",
}  # fmt: skip


def draft(dues: Dues, name: str = "秦海波", **changes: Any) -> AssessmentDraft:
    whole = AssessmentDraft(member_id=dues.ids[name], year=2026, base_fen=842_000, assessed_on=date(2026, 1, 12))
    return replace(whole, **changes)


def test_an_assessment_keeps_base_rate_and_amount_and_the_roster_follows(dues: Dues) -> None:
    dues.assessments.save(draft(dues, base_fen=1_026_000))
    row = dues.row("秦海波")
    assert (row.base_fen, row.rate_ppm, row.monthly_fen, row.provisional) == (1_026_000, 20_000, 205_20, False)
    assert dues.members.member(dues.ids["秦海波"]).dues_base_fen == 1_026_000


def test_the_base_is_what_the_parts_of_the_pay_leave(dues: Dues) -> None:
    pay = (PayPart("岗位工资", 500_000), PayPart("绩效工资", 450_000), PayPart("住房公积金", 110_000, True))
    dues.assessments.save(draft(dues, pay=pay, base_fen=None))
    (row,) = [each for each in dues.assessments.rows(2026) if each.name == "秦海波"]
    assert (row.base_fen, row.pay, row.monthly_fen) == (840_000, pay, 126_00)


def test_the_assessment_of_a_year_that_is_over_leaves_the_roster(dues: Dues) -> None:
    dues.assessments.save(draft(dues, year=2025, base_fen=500_000))
    assert dues.members.member(dues.ids["秦海波"]).dues_base_fen == 842_000


def test_what_is_not_assessed_is_proposed_from_the_roster_and_carried_over(dues: Dues) -> None:
    dues.assessments.save(draft(dues))
    proposed = {row.name: row.source for row in dues.assessments.rows(2026) if not row.id}
    assert set(proposed.values()) == {"名册"}
    assert "秦海波" not in proposed
    assert dues.assessments.carry_over(2026) == 4
    assert all(row.id for row in dues.assessments.rows(2026))
    with pytest.raises(InvalidInput, match="没有可以带过来"):
        dues.assessments.carry_over(2026)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"base_fen": None}, "base_fen"),
        ({"base_fen": 0}, "base_fen"),
        ({"year": 2028}, "from_month"),
        ({"from_month": 13}, "from_month"),
        ({"assessed_on": date(2026, 11, 27)}, "assessed_on"),
        ({**RELIEF, "decided_on": None}, "decided_on"),
        ({**RELIEF, "approved_by": ""}, "approved_by"),
        ({**RELIEF, "reason": ""}, "reason"),
        ({**RELIEF, "monthly_fen": None}, "monthly_fen"),
        ({**RELIEF, "monthly_fen": 126_30}, "monthly_fen"),
        ({"dues_class": DuesClass.FARMER, "monthly_fen": 1_01}, "monthly_fen"),
        ({"pay": (PayPart("住房公积金", 1, True),)}, "base_fen"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(dues: Dues, changes: dict[str, Any], name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        dues.assessments.save(draft(dues, **changes))
    assert refused.value.name == name
    assert dues.assessments.carry_over(2026) == 5


@pytest.mark.parametrize(
    ("changes", "monthly"),
    [
        (RELIEF, 20_00),
        ({**RELIEF, "relief": DuesRelief.EXEMPT}, 0),
        ({"dues_class": DuesClass.FARMER, "monthly_fen": 1_00}, 1_00),
        ({"dues_class": DuesClass.STUDENT}, 20),
    ],
)
def test_what_was_decided_or_is_fixed(dues: Dues, changes: dict[str, Any], monthly: int) -> None:
    dues.assessments.save(draft(dues, **changes))
    assert dues.row("秦海波").monthly_fen == monthly


def test_a_month_is_assessed_once_and_a_later_one_goes_on_from_there(dues: Dues) -> None:
    first = dues.assessments.save(draft(dues))
    with pytest.raises(InvalidInput, match="已经核定过"):
        dues.assessments.save(draft(dues))
    dues.assessments.save(draft(dues, from_month=7, dues_class=DuesClass.RETIRED, base_fen=420_000))
    assert [cell.due_fen for cell in dues.row("秦海波").cells] == [126_30] * 6 + [21_00] * 6
    dues.assessments.save(draft(dues, base_fen=900_000), first, rev=1)
    with pytest.raises(Stale):
        dues.assessments.save(draft(dues), first, rev=1)


def test_an_assessment_goes_into_the_recycle_bin_and_back(dues: Dues) -> None:
    kept = dues.assessments.save(draft(dues))
    dues.assessments.remove(kept)
    assert dues.row("秦海波").provisional
    dues.assessments.restore(kept)
    assert not dues.row("秦海波").provisional


def test_a_base_of_nothing_is_not_carried_over_and_hinders_nobody_else(dues: Dues) -> None:
    dues.members.update(dues.ids["秦海波"], {"dues_base_fen": "0"})
    assert dues.assessments.carry_over(2026) == 4
    assert unassessed(dues.assessments.rows(2026)) == ["秦海波"]

"""What rows that come in a package may not say either, and pay as it is typed."""

from datetime import date
from typing import Any

import pytest

from desktop.models.base import Travel
from desktop.models.dues import DuesAssessment, DuesPayment, PayPart
from desktop.models.vocabulary.dues import DuesClass, DuesRelief
from desktop.services.dues.assessing import parse_pay, typed_pay
from desktop.services.dues.keeping import refuse_assessment, refuse_payment
from desktop.services.errors import InvalidInput
from desktop.services.sync.sense import travelling

TODAY = date(2026, 11, 26)
ASSESSED: dict[str, Any] = {
    "dues_class": DuesClass.WORKING, "base_fen": 842_000, "monthly_fen": 126_30, "assessed_on": date(2026, 1, 12),
    "relief": None, "decided_on": None, "approved_by": None, "reason": None,
}  # fmt: skip
PAID: dict[str, Any] = {"from_month": 1, "to_month": 3, "amount_fen": 1, "paid_on": TODAY}
EXEMPT = {"relief": DuesRelief.EXEMPT, "monthly_fen": 0, "decided_on": TODAY, "approved_by": "党委", "reason": "患病"}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, ""),
        (EXEMPT, ""),
        ({"base_fen": None}, "base_fen"),
        ({"dues_class": DuesClass.STUDENT, "base_fen": None}, ""),
        ({"assessed_on": date(2026, 11, 27)}, "assessed_on"),
        ({**EXEMPT, "monthly_fen": 1}, "monthly_fen"),
        ({**EXEMPT, "decided_on": None}, "decided_on"),
        ({**EXEMPT, "decided_on": date(2026, 11, 27)}, "decided_on"),
        ({**EXEMPT, "approved_by": None}, "approved_by"),
        ({**EXEMPT, "reason": None}, "reason"),
    ],
)
def test_an_assessment_that_nobody_could_have_typed(changes: dict[str, Any], name: str) -> None:
    assert refused(refuse_assessment, {**ASSESSED, **changes}) == name


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, ""),
        ({"paid_on": None}, ""),
        ({"to_month": 0}, "to_month"),
        ({"amount_fen": 0}, "amount_fen"),
        ({"paid_on": date(2026, 11, 27)}, "paid_on"),
    ],
)
def test_a_payment_that_nobody_could_have_typed(changes: dict[str, Any], name: str) -> None:
    assert refused(refuse_payment, {**PAID, **changes}) == name


def refused(rule: Any, values: dict[str, Any]) -> str:
    try:
        rule(values, TODAY)
    except InvalidInput as error:
        return error.name
    return ""


def test_rows_of_a_package_are_held_to_the_same() -> None:
    tables = travelling(Travel.UP)
    assert tables[DuesAssessment.__tablename__].rule is refuse_assessment
    assert tables[DuesPayment.__tablename__].rule is refuse_payment


def test_pay_is_typed_a_part_a_line_and_deductions_are_known() -> None:
    parts = parse_pay("岗位工资 5000\n住房公积金：600.50\n减房租 1,200元\n", ("住房公积金",))
    assert parts == (
        PayPart("岗位工资", 500_000), PayPart("住房公积金", 60_050, True), PayPart("房租", 120_000, True),
    )  # fmt: skip
    assert parse_pay(typed_pay(parts), ()) == parts
    with pytest.raises(InvalidInput, match="一行一项"):
        parse_pay("很多", ())

"""Collecting: one payment, a month of all, a quarter, making good, and what is refused."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.dues import DuesKind, DuesMeans
from desktop.services.branches import BranchService
from desktop.services.dues.collecting import waiting
from desktop.services.dues.keeping import PaymentDraft
from desktop.services.dues.reckoning import CellState
from desktop.services.errors import InvalidInput, NotFound, Stale
from desktop.services.history import HistoryService
from desktop.services.members import LifeService
from desktop.services.registers.service import RegisterService
from tests.services.dues.conftest import Dues


def draft(dues: Dues, name: str = "秦海波", **changes: Any) -> PaymentDraft:
    whole = PaymentDraft(
        member_id=dues.ids[name], year=2026, from_month=11, to_month=11, amount_fen=126_30, paid_on=date(2026, 11, 5),
        means=DuesMeans.CASH,
    )  # fmt: skip
    return replace(whole, **changes)


def test_a_payment_settles_its_month_and_says_so_in_the_history(dues: Dues) -> None:
    made = dues.payments.pay(draft(dues, receipt_no="0213"))
    assert dues.row("秦海波").cells[10].state is CellState.PAID
    (line,) = HistoryService(dues.store).of("dues_payments", made, {"amount_fen": "金额"})
    assert line.sentence == "收“秦海波”2026年11月党费126.30元"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, DuesKind.MONTHLY),
        ({"from_month": 9, "to_month": 10, "amount_fen": 252_60}, DuesKind.MADE_GOOD),
        ({"kind": DuesKind.VOLUNTARY}, DuesKind.VOLUNTARY),
        ({"paid_on": None}, DuesKind.MONTHLY),
    ],
)
def test_the_day_says_whether_it_is_made_good(dues: Dues, changes: dict[str, Any], kind: DuesKind) -> None:
    dues.payments.pay(draft(dues, **changes))
    (row,) = dues.payments.payments(2026)
    assert row.kind is kind


@pytest.mark.parametrize(
    ("name", "changes", "field", "reason"),
    [
        ("张文博", {"from_month": 3}, "from_month", "张文博2026年3月不在本支部交纳党费"),
        ("秦海波", {"from_month": 12}, "to_month", "早于起始月份"),
        ("秦海波", {"to_month": 13}, "to_month", "须在1至12之间"),
        ("秦海波", {"amount_fen": 0}, "amount_fen", "应大于0"),
        ("秦海波", {"paid_on": date(2026, 11, 27)}, "paid_on", "在今天之后"),
        ("秦海波", {"paid_on": date(1950, 11, 5)}, "paid_on", "比2026年11月早一年以上"),
        ("秦海波", {"year": 2031, "paid_on": date(2026, 11, 26)}, "from_month", "不能提前一年以上交"),
        ("秦海波", {"year": 2031, "paid_on": None}, "from_month", "不能提前一年以上交"),
        ("秦海波", {"kind": DuesKind.VOLUNTARY, "amount_fen": 1000_00}, "amount_fen", "大额党费"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    dues: Dues, name: str, changes: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(InvalidInput, match=reason) as refused:
        dues.payments.pay(draft(dues, name, **changes))
    assert (refused.value.name, dues.payments.payments(2026)) == (field, [])


def test_nobody_pays_for_a_month_before_there_was_a_branch(dues: Dues) -> None:
    BranchService(dues.store).change_profile({"founded_on": date(2012, 5, 20)})
    old = draft(dues, "卫建军", year=2012, paid_on=None)
    with pytest.raises(InvalidInput, match="支部2012-05-20才成立，2012年多半是写错了"):
        dues.payments.pay(replace(old, from_month=4, to_month=4))
    assert dues.payments.pay(replace(old, from_month=5, to_month=5))


def test_nobody_pays_before_the_month_of_admission_and_january_may_be_paid_in_december(dues: Dues) -> None:
    new = dues.members.register({"name": "许静", "dues_base_fen": "4000", "admitted_on": "2026-09-10"})
    paid = replace(draft(dues), member_id=new)
    with pytest.raises(InvalidInput, match="在许静入党（2026-09-10）之前"):
        dues.payments.pay(replace(paid, paid_on=date(2026, 8, 31)))
    dues.payments.pay(replace(paid, paid_on=date(2026, 9, 1)))
    assert dues.payments.pay(draft(dues, year=2027, from_month=1, to_month=1))


def test_a_month_of_all_is_collected_in_one_step_and_taken_back_in_one(dues: Dues) -> None:
    dues.payments.pay(draft(dues))
    people = [row.member_id for row in dues.ledger().open(11)]
    made = dues.payments.collect(2026, 11, people, date(2026, 11, 26), DuesMeans.CASH, collected_by="李建国")
    assert len(made) == 4
    assert not dues.ledger().open(11)
    dues.payments.remove(made)
    assert len(dues.ledger().open(11)) == 4
    dues.payments.restore(made)
    assert not dues.ledger().open(11)


def test_of_several_one_that_owes_nothing_lets_none_be_kept(dues: Dues) -> None:
    dues.payments.pay(draft(dues))
    with pytest.raises(InvalidInput, match="秦海波11月没有要交的"):
        dues.payments.collect(2026, 11, list(dues.ids.values()), date(2026, 11, 26), DuesMeans.CASH)
    assert len(dues.payments.payments(2026)) == 1


def test_who_pays_by_quarter_is_asked_at_its_end_or_in_the_last_month_here(dues: Dues) -> None:
    leaving, staying = dues.ids["秦海波"], dues.ids["杨燕"]
    for who in (leaving, staying):
        RegisterService(dues.store).save(
            "dues_consent", {"event_on": "2026-01-05", "member_id": who, "from_on": "2026-01-01", "title": "按季"}
        )
    life = LifeService(dues.store)
    life.transition(leaving, MemberStatus.TRANSFER_PENDING, date(2026, 8, 1))
    life.transition(leaving, MemberStatus.TRANSFERRED_OUT, date(2026, 8, 20))
    asked = {month: {row.name for row in waiting(dues.ledger(), month)} & {"秦海波", "杨燕"} for month in (7, 8, 9)}
    assert asked == {7: set(), 8: {"秦海波"}, 9: {"秦海波", "杨燕"}}
    dues.payments.collect(2026, 9, [leaving], date(2026, 9, 3), DuesMeans.CASH)
    (paid,) = dues.payments.payments(2026, leaving)
    assert (paid.from_month, paid.to_month, paid.amount_fen) == (7, 8, 2 * 126_30)


def test_with_consent_a_quarter_is_paid_at_once(dues: Dues) -> None:
    RegisterService(dues.store).save(
        "dues_consent",
        {"event_on": "2026-01-15", "title": "同意按季交", "member_id": "卫建军", "from_on": "2026-01-01"},
    )
    assert dues.row("卫建军").cells[11].state is CellState.OPEN
    dues.payments.collect(2026, 11, [dues.ids["卫建军"]], date(2026, 11, 26), DuesMeans.CASH)
    (row,) = dues.payments.payments(2026)
    assert (row.months, row.amount_fen, row.kind) == ("10—12月", 159_60, DuesKind.QUARTERLY)
    assert {cell.state for cell in dues.row("卫建军").cells[9:]} == {CellState.PAID}


def test_a_changed_payment_holds_against_the_revision_that_was_read(dues: Dues) -> None:
    made = dues.payments.pay(draft(dues))
    dues.payments.pay(draft(dues, amount_fen=130_00), made, rev=1)
    with pytest.raises(Stale):
        dues.payments.pay(draft(dues), made, rev=1)
    assert [row.amount_fen for row in dues.payments.payments(2026, dues.ids["秦海波"], 11)] == [130_00]
    dues.payments.remove([made])
    with pytest.raises(NotFound):
        dues.payments.pay(draft(dues), made)


def test_somebody_named_twice_pays_once(dues: Dues) -> None:
    who = dues.ids["秦海波"]
    assert len(dues.payments.collect(2026, 11, [who, who], date(2026, 11, 26), DuesMeans.CASH)) == 1
    cell = dues.row("秦海波").cells[10]
    assert (cell.due_fen, cell.paid_fen) == (126_30, 126_30)

"""The ledger of a branch: everybody's year at once, summed, with what was remitted and published."""

from datetime import date

import pytest

from desktop.models.vocabulary.dues import DuesMeans, DuesRounding
from desktop.models.vocabulary.transfers import TransferDirection
from desktop.services.dues.keeping import PaymentDraft
from desktop.services.dues.ledger import LedgerService
from desktop.services.errors import InvalidInput
from desktop.services.members.transferring import TransferService
from desktop.services.registers.service import RegisterService
from tests.services.dues.conftest import Dues


def test_before_anything_is_assessed_the_roster_says_what_is_due(dues: Dues) -> None:
    ledger = dues.ledger()
    assert not ledger.begun
    assert [(row.name, row.monthly_fen) for row in sorted(ledger.rows, key=lambda row: row.member_id)] == [
        ("秦海波", 126_30), ("何晓梅", 15_00), ("杨燕", 30_00), ("卫建军", 53_20), ("张文博", 49_80),
    ]  # fmt: skip
    assert len(ledger.provisional) == 5
    assert ledger.due_fen == 12 * (126_30 + 15_00 + 30_00 + 53_20) + 8 * 49_80


def test_sums_by_month_and_quarter_and_what_is_still_to_remit(dues: Dues) -> None:
    dues.assessments.carry_over(2026, date(2026, 1, 12))
    old = [dues.ids[name] for name in ("秦海波", "何晓梅", "杨燕", "卫建军")]
    for month in (1, 2):
        dues.payments.collect(2026, month, old, date(2026, month, 10), DuesMeans.CASH)
    dues.payments.collect(2026, 3, old[1:], date(2026, 3, 10), DuesMeans.CASH)
    RegisterService(dues.store).save(
        "dues_remittance",
        {"event_on": "2026-04-15", "title": "一季度党费上缴", "year": "2026", "quarter": "1", "amount_fen": "500",
         "receipt_no": "0213"},
    )  # fmt: skip
    ledger = dues.ledger()
    march, quarter = ledger.months[2], ledger.quarters[0]
    assert (march.payers, march.settled, march.owing) == (4, 3, True)
    assert quarter.paid_fen == 3 * (15_00 + 30_00 + 53_20) + 2 * 126_30
    assert (quarter.remitted, quarter.to_remit_fen) == (((date(2026, 4, 15), "0213"),), quarter.paid_fen - 500_00)
    assert (ledger.assessed, ledger.assessed_on, ledger.provisional) == (5, date(2026, 1, 12), ())
    assert [row.name for row in ledger.open(3)] == ["秦海波"]
    assert ledger.paid_fen == quarter.paid_fen


def test_who_owes_longest_stands_first_and_the_rest_as_in_the_roster(dues: Dues) -> None:
    dues.assessments.carry_over(2026)
    for month in range(1, 11):
        owing = {"杨燕"} if month > 5 else set()
        people = [row.member_id for row in dues.ledger().open(month) if row.name not in owing]
        dues.payments.collect(2026, month, people, date(2026, 11, 2), DuesMeans.TRANSFER)
    ledger = dues.ledger()
    assert [row.name for row in ledger.rows] == ["杨燕", "秦海波", "何晓梅", "卫建军", "张文博"]
    assert [(row.name, row.alarm and row.alarm.name) for row in ledger.alarmed] == [("杨燕", "上报")]


def test_up_to_which_month_a_member_has_paid_is_what_a_transfer_out_proposes(dues: Dues) -> None:
    who, transfers = dues.ids["秦海波"], TransferService(dues.store)
    assert dues.ledgers.paid_until(who) is None
    dues.assessments.carry_over(2026)
    assert dues.ledgers.paid_until(who) is None  # nothing was paid
    for month in (1, 2, 4):
        dues.payments.collect(2026, month, [who], date(2026, 11, 2), DuesMeans.CASH)
    assert dues.ledgers.paid_until(who) == date(2026, 2, 1)
    assert transfers.known(who, TransferDirection.OUT)["paid_until"] == date(2026, 2, 1)
    assert "paid_until" not in transfers.known(who, TransferDirection.IN)
    dues.payments.pay(PaymentDraft(member_id=who, year=2025, from_month=1, to_month=3, amount_fen=3 * 126_30,
                                   paid_on=date(2025, 3, 10)))  # fmt: skip
    assert dues.ledgers.paid_until(who) == date(2025, 3, 1)  # months of last year come first


def test_months_that_the_branch_before_collected_are_not_due_here(dues: Dues) -> None:
    assert dues.row("张文博").due_fen == 8 * 49_80
    letter = {
        "name": "张文博", "member_id": dues.ids["张文博"], "direction": TransferDirection.IN, "issued_on": "2026-04-20",
        "paid_until": "2026-06",
    }  # fmt: skip
    record = RegisterService(dues.store).save("transfer", letter)
    assert dues.row("张文博").due_fen == 8 * 49_80, "nobody received anything yet"
    RegisterService(dues.store).save("transfer", {"receipt_on": "2026-05-01"}, record)
    assert dues.row("张文博").due_fen == 6 * 49_80
    RegisterService(dues.store).save("transfer", {"paid_until": "2026-02"}, record)
    assert dues.row("张文博").due_fen == 8 * 49_80, "what was left unpaid before is not collected here"


def test_a_ledger_of_an_earlier_day_knows_nothing_later(dues: Dues) -> None:
    dues.payments.collect(2026, 1, [dues.ids["杨燕"]], date(2026, 3, 3), DuesMeans.CASH)
    before = LedgerService(dues.store).ledger(2026, date(2026, 3, 2))
    after = LedgerService(dues.store).ledger(2026, date(2026, 3, 3))
    assert (before.paid_fen, after.paid_fen) == (0, 30_00)


def test_amounts_are_rounded_as_the_branch_chose_and_what_is_assessed_stays(dues: Dues) -> None:
    dues.members.update(dues.ids["秦海波"], {"dues_base_fen": "6975"})
    assert dues.row("秦海波").monthly_fen == 104_63
    dues.assessments.carry_over(2026)
    dues.ledgers.set_rounding(DuesRounding.JIAO)
    dues.members.update(dues.ids["杨燕"], {"dues_base_fen": "6975"})
    assert dues.row("秦海波").monthly_fen == 104_63
    assert dues.row("杨燕", 2027).monthly_fen == 104_60


@pytest.mark.parametrize(
    ("words", "share"), [("60%", 600_000), ("60", 600_000), ("0.6", 600_000), ("33.3333％", 333_333), ("", None)]
)
def test_what_is_handed_up_is_the_share_that_was_set_and_all_where_none_was(
    dues: Dues, words: str, share: int | None
) -> None:
    dues.payments.collect(2026, 1, [dues.ids["秦海波"]], date(2026, 1, 10), DuesMeans.CASH)
    assert dues.ledgers.set_share(words) == share
    quarter = dues.ledger().quarters[0]
    assert dues.ledger().share == share
    expected = {600_000: 75_78, 333_333: 42_10, None: 126_30}[share]
    assert (quarter.paid_fen, quarter.share_fen, quarter.to_remit_fen) == (126_30, expected, expected)


@pytest.mark.parametrize("words", ["六成", "0", "101%", "-5", "nan"])
def test_what_is_no_share_is_refused(dues: Dues, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        dues.ledgers.set_share(words)
    assert refused.value.name == "share"
    assert dues.ledger().share is None

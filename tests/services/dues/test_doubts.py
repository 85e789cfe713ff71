"""What stands out in a ledger is said, and nothing is refused for it."""

from datetime import date

import pytest

from desktop.services.dues.doubts import doubts
from desktop.services.dues.keeping import PaymentDraft
from tests.services.dues.conftest import Dues

TWICE = "何晓梅有的月份交了应交的2倍以上，多半是登记了两次或金额写错"


@pytest.mark.parametrize(("amounts", "is_told"), [((15_00,), False), ((29_99,), False), ((15_00, 15_00), True)])
def test_a_month_paid_twice_is_told(dues: Dues, amounts: tuple[int, ...], is_told: bool) -> None:
    for fen in amounts:
        dues.payments.pay(
            PaymentDraft(
                member_id=dues.ids["何晓梅"],
                year=2026,
                from_month=11,
                to_month=11,
                amount_fen=fen,
                paid_on=date(2026, 11, 2),
            )
        )
    assert (TWICE in doubts(dues.ledger(), dues.payments.payments(2026))) is is_told

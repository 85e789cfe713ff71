"""Months that were collected before the program came: written down for all at once, as a ledger on paper has them.

What was due is taken as paid, and no day of payment is made up: what is on record is who compared the paper, when, and
by which ledger.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.dues import MONTHS, DuesPayment
from desktop.services.dues.collecting import PEOPLE, PaymentKeeper
from desktop.services.dues.keeping import CHECKED_ON, GROUND, TO_MONTH, PaymentDraft
from desktop.services.dues.ledger import LedgerService
from desktop.services.dues.reckoning import LedgerRow
from desktop.services.dues.words import months_words, yuan
from desktop.services.errors import InvalidInput
from desktop.services.standards.periods import month_end

if TYPE_CHECKING:
    from desktop.services.store import Store


def months_on_paper(row: LedgerRow, to_month: int) -> dict[int, int]:
    """Return the months up to `to_month` of which nothing is on record, with what is due of each in fen."""
    return {cell.month: cell.due_fen for cell in row.cells[:to_month] if cell.due_fen and not cell.payments}


class PaperService:
    """Takes over what a ledger on paper says was paid."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def take_over(
        self, year: int, to_month: int, member_ids: Sequence[str], checked_on: date | None, ground: str
    ) -> list[str]:
        """Record the months of a year up to `to_month` as paid in full on paper, of each who is named; return the ids.

        A month of which something is on record stays as it is.

        Raises:
            InvalidInput: the last month is not over, no day or ledger is named, or nothing is open of those named.
        """
        store = self._store
        store.rights.require_table(DuesPayment.__tablename__)
        if not 1 <= to_month <= MONTHS or month_end(date(year, to_month, 1)) >= store.today:
            raise InvalidInput(TO_MONTH, "还没有过完，过完的月份才能按纸质台账记")
        if checked_on is None:
            raise InvalidInput(CHECKED_ON, "不能为空")
        if checked_on > store.today:
            raise InvalidInput(CHECKED_ON, "在今天之后")
        if checked_on <= month_end(date(year, to_month, 1)):
            raise InvalidInput(CHECKED_ON, f"{year}年{to_month}月那时还没有过完")
        if not ground.strip():
            raise InvalidInput(GROUND, "写明是哪一本台账")
        if not member_ids:
            raise InvalidInput(PEOPLE, "没有选人")
        wanted = set(member_ids)
        rows = [row for row in LedgerService(store).ledger(year).rows if row.member_id in wanted]
        found = [(row, months) for row in rows if (months := months_on_paper(row, to_month))]
        if not found:
            raise InvalidInput(PEOPLE, "选的人这些月份没有要补记的")
        spoken = months_words(sorted({(year, month) for _row, months in found for month in months}), year)
        total = yuan(sum(sum(months.values()) for _row, months in found))
        note = f"{checked_on.isoformat()}核对纸质台账：{ground.strip()}"
        sentence = f"{year}年{spoken}党费按纸质台账记为已交，{len(found)}人，{total}元：{ground.strip()}"
        with store.unit_of_work(sentence) as session:
            keeper = PaymentKeeper(session, store.branch_id, store.today, year)
            return [
                keeper.keep(
                    PaymentDraft(
                        member_id=row.member_id,
                        year=year,
                        from_month=month,
                        to_month=month,
                        amount_fen=due,
                        paid_on=None,
                        note=note,
                    ),
                    None,
                ).id
                for row, months in found
                for month, due in months.items()
            ]

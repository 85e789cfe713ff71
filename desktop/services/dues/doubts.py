"""What an inspection would ask about a ledger: nothing is refused for it, it is said."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from desktop.models.vocabulary.dues import DuesKind
from desktop.services.dues.collecting import PaymentRow
from desktop.services.dues.ledger import Ledger
from desktop.services.dues.reckoning import QUARTER_MONTHS, deadline
from desktop.services.dues.words import grouped

MOST_NAMES = 3
TWICE = 2
"""How many times what is due is no longer a sum rounded up, but one written down again."""


def doubts(ledger: Ledger, payments: Sequence[PaymentRow]) -> list[str]:
    """Return in words what stands out: paid long before or after, a year at once, a month twice, sums that disagree."""
    names = {row.member_id: row.name for row in ledger.rows}
    found: list[str] = []
    at_once = [each for each in payments if each.to_month - each.from_month + 1 > QUARTER_MONTHS]
    early = [
        each
        for each in payments
        if each.paid_on is not None
        and each.paid_on < date(each.year, each.from_month, 1)
        and each.kind is not DuesKind.VOLUNTARY
    ]
    late = [
        each
        for each in payments
        if each.paid_on is not None
        and ledger.rules.late_days
        and (each.paid_on - deadline(each.year, each.from_month, each.kind is DuesKind.QUARTERLY)).days
        > ledger.rules.late_days
    ]
    for rows, words in (
        (at_once, "一次交了三个月以上"),
        (early, "月份没到就交了"),
        (late, f"过了{ledger.rules.late_days}天才交"),
    ):
        if rows:
            found.append(f"{_people(rows, names)}{words}")
    twice = [row for row in ledger.rows if any(0 < TWICE * cell.due_fen <= cell.settled_fen for cell in row.cells)]
    if twice:
        found.append(f"{_named(row.name for row in twice)}有的月份交了应交的{TWICE}倍以上，多半是登记了两次或金额写错")
    undated = sum(each.paid_on is None for each in payments)
    if undated:
        found.append(f"{undated}笔没有记交纳日期")
    found += _quarters(ledger)
    return found


def _quarters(ledger: Ledger) -> Iterator[str]:
    for quarter in ledger.quarters:
        if quarter.remitted_fen > quarter.paid_fen:
            yield (
                f"{quarter.quarter}季度上缴{grouped(quarter.remitted_fen)}元，比收到的{grouped(quarter.paid_fen)}元多"
            )
        elif quarter.over and quarter.to_remit_fen:
            yield f"{quarter.quarter}季度还有{grouped(quarter.to_remit_fen)}元没有上缴"


def _people(rows: Iterable[PaymentRow], names: dict[str, str]) -> str:
    return _named(names.get(row.member_id, "") for row in rows)


def _named(names: Iterable[str]) -> str:
    who = list(dict.fromkeys(names))
    more = f"等{len(who)}人" if len(who) > MOST_NAMES else ""
    return "、".join(filter(None, who[:MOST_NAMES])) + more

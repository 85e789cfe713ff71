"""What dues ask to be done now: a month that is not collected, members in arrears, a quarter not handed up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desktop.services.dues.ledger import Ledger, LedgerService
from desktop.services.dues.reckoning import QUARTER_MONTHS, LedgerRow, Month
from desktop.services.dues.words import grouped, months_words
from desktop.services.standards.periods import add_months, month_end

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DuesTask:
    """One thing to do about dues, by when, and on which month of the ledger it is done."""

    what: str
    by: date
    rule: str
    verb: str
    month: date
    member_id: str = ""


def dues_tasks(store: "Store") -> list[DuesTask]:
    """Return what is to be done in the year that runs, soonest first; nothing where no ledger is kept.

    What is left of the year before is asked on: its arrears, and what of its last quarter falls due in this year.
    """
    service, year = LedgerService(store), store.today.year
    now, before = service.ledger(year), service.ledger(year - 1)
    last = now if now.begun else before  # a ledger tells the arrears of the year before too
    found = [*_unrecorded(last), *(_arrears(last, year) if last.begun else ()), *(_month(now) if now.begun else ())]
    found += [task for task in _quarters(before) if before.begun and task.by.year == year]
    found += _quarters(now) if now.begun else ()
    return sorted(found, key=lambda task: (task.by, task.what))


def _unrecorded(ledger: Ledger) -> Iterator[DuesTask]:
    """Ask once for the months before the branch began to record here, of which nobody is on record."""
    months = [(ledger.year, month) for month in ledger.unrecorded]
    if months and ledger.begun:
        people = sum(bool(row.unrecorded) for row in ledger.rows)
        yield DuesTask(
            what=_no_record(months, ledger.on.year, people),
            by=month_end(ledger.on),
            rule="党费",
            verb="去补记",
            month=date(*months[-1], 1),
        )


def _no_record(months: Sequence[Month], year: int, people: int) -> str:
    what = f"{months_words(months, year)}党费没有一笔交纳记录（{people}人）"
    return f"{what}：纸质台账上交了的一次记为已交，没收的查清原因"


def _arrears(ledger: Ledger, year: int) -> Iterator[DuesTask]:
    """Say who is in arrears. Months in which nobody at all is on record as having paid are those of a ledger that was
    not kept here, and no arrears of each: they are asked for once.
    """
    blank = {(ledger.year, month.month) for month in ledger.months if month.payers > 1 and not month.paid_fen}
    unkept: list[tuple[LedgerRow, date]] = []
    for row in ledger.alarmed:
        limit = row.quits_on(ledger.rules)
        if row.alarm is None or limit is None:
            continue
        if blank.issuperset(row.owed):
            unkept.append((row, limit))
            continue
        words = f"{row.name}欠交{months_words(row.owed, year)}党费，{row.alarm.name}：{row.alarm.words.rstrip('。')}"
        month = date(*row.owed[-1], 1)
        yield DuesTask(
            what=words, by=limit - timedelta(days=1), rule="党费", verb="补收", month=month, member_id=row.member_id
        )
    if unkept:
        months = sorted({month for row, _limit in unkept for month in row.owed})
        yield DuesTask(
            what=_no_record(months, year, len(unkept)),
            by=min(limit for _row, limit in unkept) - timedelta(days=1),
            rule="党费",
            verb="去补记",
            month=date(*months[-1], 1),
        )


def _month(ledger: Ledger) -> Iterator[DuesTask]:
    """Say the month that runs, as long as somebody has not paid it."""
    month = ledger.on.month
    waiting = ledger.open(month)
    if waiting:
        first = ledger.on.replace(day=1)
        yield DuesTask(
            what=f"{month}月党费还有{len(waiting)}人没有交", by=month_end(first), rule="党费", verb="收缴", month=first
        )


def _quarters(ledger: Ledger) -> Iterator[DuesTask]:
    for quarter in ledger.quarters:
        if quarter.over and quarter.to_remit_fen:
            last = date(ledger.year, quarter.quarter * QUARTER_MONTHS, 1)
            yield DuesTask(
                what=f"{_named(ledger, quarter.quarter)}党费还有{grouped(quarter.to_remit_fen)}元没有登记上缴",
                by=month_end(add_months(last, 1)),
                rule="党费",
                verb="登记上缴",
                month=last,
            )


def _named(ledger: Ledger, quarter: int) -> str:
    return f"{quarter}季度" if ledger.year == ledger.on.year else f"{ledger.year}年{quarter}季度"

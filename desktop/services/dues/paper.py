"""Months that were collected before the program came: written down for all at once, as a ledger on paper has them.

What was due is taken as paid, and no day of payment is made up: what is on record is who compared the paper, when, and
by which ledger. What was written down so by one ledger on one day is seen, and taken back, as one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.dues import MONTHS, DuesPayment
from desktop.models.support import DuesPublicity
from desktop.services.clock import utc_text
from desktop.services.dues.collecting import PEOPLE, PaymentKeeper, PaymentRow, PaymentService
from desktop.services.dues.keeping import BACK_REASON, CHECKED_ON, ENTRY, GROUND, TO_MONTH, PaymentDraft
from desktop.services.dues.ledger import LedgerService
from desktop.services.dues.reckoning import LedgerRow
from desktop.services.dues.words import months_words, yuan
from desktop.services.errors import Conflict, InvalidInput
from desktop.services.members.lookup import name_of
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.text import refuse_damaged
from desktop.services.standards.periods import month_end

if TYPE_CHECKING:
    from desktop.services.store import Store


def months_on_paper(row: LedgerRow, to_month: int) -> dict[int, int]:
    """Return the months up to `to_month` of which nothing is on record, with what is due of each in fen."""
    return {cell.month: cell.due_fen for cell in row.cells[:to_month] if cell.due_fen and not cell.payments}


_NOTE = re.compile(r"(\d{4}-\d\d-\d\d)核对纸质台账：(.+)", re.DOTALL)


def _note(checked_on: date, ground: str) -> str:
    """Return the note of each payment that is on record by a ledger on paper."""
    return f"{checked_on.isoformat()}核对纸质台账：{ground}"


def _read_note(note: str) -> tuple[date, str] | None:
    """Return the day and the ledger that a note names; None for one in other words, or of a day that never was."""
    told = _NOTE.fullmatch(note)
    try:
        return (date.fromisoformat(told[1]), told[2]) if told else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperEntry:
    """What was taken over from one ledger on paper that was compared on one day."""

    year: int
    checked_on: date
    ground: str
    payments: tuple[PaymentRow, ...]

    @property
    def key(self) -> str:
        """What tells it from the others of its year."""
        return _note(self.checked_on, self.ground)

    @property
    def member_ids(self) -> tuple[str, ...]:
        """Whose months they are."""
        return tuple(dict.fromkeys(each.member_id for each in self.payments))

    @property
    def amount_fen(self) -> int:
        """What they come to."""
        return sum(each.amount_fen for each in self.payments)

    @property
    def months(self) -> str:
        """The months in words: 1—10月."""
        months = {month for each in self.payments for month in range(each.from_month, each.to_month + 1)}
        return months_words([(self.year, month) for month in sorted(months)], self.year)


def paper_entries(payments: Iterable[PaymentRow]) -> list[PaperEntry]:
    """Return what of some payments of a year was taken over from paper, the oldest first.

    One that somebody gave a day of payment since is a payment like any other.
    """
    found: defaultdict[tuple[int, date, str], list[PaymentRow]] = defaultdict(list)
    for each in payments:
        if each.paid_on is None and (told := _read_note(each.note)):
            found[each.year, *told].append(each)
    return [
        PaperEntry(year=year, checked_on=on, ground=ground, payments=tuple(rows))
        for (year, on, ground), rows in sorted(found.items())
    ]


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
        ground = ground.strip()
        if not ground:
            raise InvalidInput(GROUND, "写明是哪一本台账")
        refuse_damaged(ground, GROUND)
        if not member_ids:
            raise InvalidInput(PEOPLE, "没有选人")
        wanted = set(member_ids)
        rows = [row for row in LedgerService(store).ledger(year).rows if row.member_id in wanted]
        found = [(row, months) for row in rows if (months := months_on_paper(row, to_month))]
        if not found:
            raise InvalidInput(PEOPLE, "选的人这些月份没有要补记的")
        spoken = months_words(sorted({(year, month) for _row, months in found for month in months}), year)
        total = yuan(sum(sum(months.values()) for _row, months in found))
        note = _note(checked_on, ground)
        sentence = f"{year}年{spoken}党费按纸质台账记为已交，{len(found)}人，{total}元：{ground}"
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

    def entries(self, year: int) -> list[PaperEntry]:
        """Return what was taken over from paper for a year, the oldest first."""
        return paper_entries(PaymentService(self._store).payments(year))

    def kept_because(self, entry: PaperEntry) -> str:
        """Say why an entry cannot be taken back as one, "" where it can."""
        with self._store.reading() as session:
            return self._kept_because(session, entry)

    def take_back(self, entry: PaperEntry, reason: str) -> list[str]:
        """Put what was taken over from one ledger on paper into the recycle bin, as one; return the ids.

        Raises:
            InvalidInput: no reason is given, its year is closed, or something else is on record of one of its months.
            Conflict: it is no longer as it was read.
        """
        store = self._store
        store.rights.require_table(DuesPayment.__tablename__)
        reason = reason.strip()
        if not reason:
            raise InvalidInput(BACK_REASON, "写明为什么撤掉，留在修改记录里")
        refuse_damaged(reason, BACK_REASON)
        now = next((each for each in self.entries(entry.year) if each.key == entry.key), None)
        if now != entry:
            raise Conflict(what="补录", reason="这一笔补录刚被改过，请重新打开再看", name=ENTRY.name)
        told = f"{len(entry.member_ids)}人，{yuan(entry.amount_fen)}元（{entry.ground}）"
        sentence = f"撤掉按纸质台账补录的{entry.year}年{entry.months}党费，{told}：{reason}"
        ids = [each.id for each in entry.payments]
        with store.unit_of_work(sentence) as session:
            if why := self._kept_because(session, entry):
                raise InvalidInput(ENTRY, why)
            at = utc_text(store.clock())
            for record in session.scalars(select(DuesPayment).where(DuesPayment.id.in_(ids))):
                record.deleted_at_utc = at
        return ids

    def _kept_because(self, session: Session, entry: PaperEntry) -> str:
        store = self._store
        if entry.year < store.today.year - 1:
            return f"{entry.year}年的党费台账早已用完，不再整本撤掉；确有错的，在那一格逐笔改"
        published = session.scalars(
            select(DuesPublicity).where(
                DuesPublicity.branch_id == store.branch_id,
                DuesPublicity.deleted_at_utc.is_(None),
                DuesPublicity.event_on >= entry.checked_on,
            )
        )
        for each in published:
            if str(entry.year) in (each.period or "") or each.event_on.year == entry.year:
                return f"{each.event_on.isoformat()}公布的党费收缴里有这些月份，撤掉就和公布的对不上；确有错的，逐笔改"
        own = {each.id for each in entry.payments}
        for other in PaymentService(store).payments(entry.year):
            if other.id in own or not any(
                mine.member_id == other.member_id
                and mine.from_month <= other.to_month
                and other.from_month <= mine.to_month
                for mine in entry.payments
            ):
                continue
            name = name_of(store, other.member_id)
            day = f"{other.paid_on.isoformat()}，" if other.paid_on else ""
            return f"{quoted(name)}{other.months}另外还交过一笔（{day}{yuan(other.amount_fen)}元），先核对那一笔"
        return ""

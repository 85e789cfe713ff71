"""Collecting dues: one member, a month of all, what is made good; money never moves here, it is written down."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import new_id
from desktop.models.dues import MONTHS, DuesPayment
from desktop.models.vocabulary.dues import DuesKind, DuesMeans
from desktop.services.clock import utc_text
from desktop.services.dues.keeping import AMOUNT, FROM_MONTH, MEMBER, PAID_ON, TO_MONTH, PaymentDraft, refuse_payment
from desktop.services.dues.ledger import Ledger, LedgerService, founded_on, load_year
from desktop.services.dues.reckoning import QUARTER_MONTHS, LedgerRow, Payer, deadline
from desktop.services.dues.words import fen_of, months_words, yuan
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.members.lookup import find_member
from desktop.services.quoting import quoted
from desktop.services.revisions import check_revision
from desktop.services.standards.dues_rules import DuesRules
from desktop.services.standards.editions import law_on
from desktop.services.standards.periods import add_months

if TYPE_CHECKING:
    from desktop.services.store import Store

PEOPLE = Input("people", "交党费的人")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """A payment as it is kept."""

    id: str
    member_id: str
    year: int
    from_month: int
    to_month: int
    amount_fen: int
    paid_on: date | None
    means: DuesMeans | None
    kind: DuesKind
    receipt_no: str
    collected_by: str
    note: str
    rev: int

    def draft(self) -> PaymentDraft:
        """Return it as it is typed."""
        return PaymentDraft(
            member_id=self.member_id,
            year=self.year,
            from_month=self.from_month,
            to_month=self.to_month,
            amount_fen=self.amount_fen,
            paid_on=self.paid_on,
            means=self.means,
            kind=self.kind,
            receipt_no=self.receipt_no,
            collected_by=self.collected_by,
            note=self.note,
        )

    @property
    def months(self) -> str:
        """The months in words: 6月, 7—9月."""
        return months_words([(self.year, month) for month in range(self.from_month, self.to_month + 1)], self.year)


class PaymentService:
    """The payments of this branch's members."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def payments(
        self, year: int, member_id: str | None = None, month: int | None = None, *, deleted: bool = False
    ) -> list[PaymentRow]:
        """Return the payments for a year, oldest first: of one member, of one month, or from the recycle bin."""
        query = select(DuesPayment).where(DuesPayment.branch_id == self._store.branch_id, DuesPayment.year == year)
        bin_ = DuesPayment.deleted_at_utc
        query = query.where(bin_.is_not(None) if deleted else bin_.is_(None))
        if member_id is not None:
            query = query.where(DuesPayment.member_id == member_id)
        if month is not None:
            query = query.where(DuesPayment.from_month <= month, DuesPayment.to_month >= month)
        with self._store.reading() as session:
            rows = session.scalars(query.order_by(DuesPayment.paid_on, DuesPayment.id)).all()
            return [_row(record) for record in rows]

    def payment(self, payment_id: str) -> PaymentRow:
        """Return one payment.

        Raises:
            NotFound: it is gone.
        """
        with self._store.reading() as session:
            return _row(_find(session, payment_id))

    def pay(self, draft: PaymentDraft, payment_id: str | None = None, rev: int | None = None) -> str:
        """Keep a payment, new or changed; return its id.

        Raises:
            InvalidInput: a value breaks a rule; it names the field.
            Conflict: changed since revision `rev` was read.
            NotFound: no such member or payment.
        """
        self._store.rights.require_table(DuesPayment.__tablename__)
        with self._store.reading() as session:
            name = find_member(self._store, session, draft.member_id).name
        months = months_words(
            [(draft.year, month) for month in range(draft.from_month, draft.to_month + 1)], draft.year
        )
        sentence = f"{'改' if payment_id else '收'}{quoted(name)}{draft.year}年{months}党费{yuan(draft.amount_fen)}元"
        with self._store.unit_of_work(sentence) as session:
            record = None
            if payment_id is not None:
                record = _find(session, payment_id)
                check_revision(record, rev, "党费交纳")
            return PaymentKeeper(session, self._store.branch_id, self._store.today, draft.year).keep(draft, record).id

    def collect(
        self,
        year: int,
        month: int,
        member_ids: Sequence[str],
        paid_on: date,
        means: DuesMeans | None,
        *,
        collected_by: str = "",
    ) -> list[str]:
        """Collect a month of several members with one day and one way: of each what is still open; return the ids.

        Who pays by quarter pays the quarter of that month.

        Raises:
            InvalidInput: nobody was named, or nothing is open of one of them.
        """
        self._store.rights.require_table(DuesPayment.__tablename__)
        if not member_ids:
            raise InvalidInput(PEOPLE, "没有选人")
        ledger = LedgerService(self._store).ledger(year, max(paid_on, self._store.today))
        rows = {row.member_id: row for row in ledger.rows}
        made = []
        with self._store.unit_of_work(f"收{year}年{month}月党费，{len(member_ids)}人") as session:
            keeper = PaymentKeeper(session, self._store.branch_id, self._store.today, year)
            for member_id in dict.fromkeys(member_ids):  # named twice is asked once
                if member_id not in rows:
                    raise NotFound(what="党员")
                row = rows[member_id]
                first, last, open_fen = open_of(row, month)
                if not open_fen:
                    raise InvalidInput(PEOPLE, f"{row.name}{month}月没有要交的")
                made.append(
                    keeper.keep(
                        PaymentDraft(
                            member_id=member_id,
                            year=year,
                            from_month=first,
                            to_month=last,
                            amount_fen=open_fen,
                            paid_on=paid_on,
                            means=means,
                            collected_by=collected_by,
                        ),
                        None,
                    ).id
                )
        return made

    def remove(self, payment_ids: Sequence[str]) -> None:
        """Put payments written down by mistake into the recycle bin, together.

        Raises:
            NotFound: one is gone.
        """
        self._store.rights.require_any(DuesPayment.__tablename__)
        with self._store.unit_of_work(f"删除党费交纳{len(payment_ids)}笔") as session:
            for payment_id in payment_ids:
                _find(session, payment_id).deleted_at_utc = utc_text(self._store.clock())

    def restore(self, payment_ids: Sequence[str]) -> None:
        """Take payments out of the recycle bin.

        Raises:
            NotFound: one is not there.
        """
        self._store.rights.require_any(DuesPayment.__tablename__)
        with self._store.unit_of_work(f"恢复党费交纳{len(payment_ids)}笔") as session:
            for payment_id in payment_ids:
                _find(session, payment_id, deleted=True).deleted_at_utc = None


def open_of(row: LedgerRow, month: int) -> tuple[int, int, int]:
    """Return the months that a payment for `month` is for, and what is still open of them: a quarter where paid so."""
    if not row.cells[month - 1].quarterly:
        return month, month, row.cells[month - 1].owed_fen
    first = (month - 1) // QUARTER_MONTHS * QUARTER_MONTHS + 1
    cells = [cell for cell in row.cells[first - 1 : first - 1 + QUARTER_MONTHS] if cell.owed_fen]
    if not cells:
        return month, month, 0
    return cells[0].month, cells[-1].month, sum(cell.owed_fen for cell in cells)


def waiting(ledger: Ledger, month: int) -> tuple[LedgerRow, ...]:
    """Return who is collected from in a month: who pays by the month, and by quarter once no later month of it is open.

    Whoever leaves within a quarter pays it in the last month here.
    """
    found = list(ledger.open(month))
    for row in ledger.rows:
        _first, last, open_fen = open_of(row, month)
        if row.cells[month - 1].quarterly and open_fen and last <= month:
            found.append(row)
    return tuple(found)


class PaymentKeeper:
    """Writes payments of one year in one transaction, typed or imported."""

    def __init__(self, session: Session, branch_id: str, today: date, year: int) -> None:
        self._session, self._branch_id, self._today = session, branch_id, today
        self._law = law_on(session, today, year).dues
        loaded = load_year(session, branch_id, year)
        self._payers = {payer.id: payer for payer in loaded.payers}
        self._consents = loaded.consents
        self._founded = founded_on(session, branch_id)

    def values(self, draft: PaymentDraft) -> dict[str, object]:
        """Return a draft as it is stored, its kind settled.

        Raises:
            InvalidInput: a value breaks a rule.
        """
        payer = self._payers.get(draft.member_id)
        if payer is None:
            raise InvalidInput(MEMBER, "不在名册上")
        for field, month in ((FROM_MONTH, draft.from_month), (TO_MONTH, draft.to_month)):
            if not 1 <= month <= MONTHS:
                raise InvalidInput(field, f"须在1至{MONTHS}之间")
        self._refuse_before_branch(draft)
        for field, month in ((FROM_MONTH, draft.from_month), (TO_MONTH, draft.to_month)):
            if not payer.pays(date(draft.year, month, 1)):
                raise InvalidInput(field, f"{payer.name}{draft.year}年{month}月不在本支部交纳党费")
        values: dict[str, object] = {**asdict(draft), "kind": draft.kind or self._kind(draft)}
        refuse_payment(values, self._today)
        self._refuse_far(draft, payer)
        _refuse_large(draft, self._law)
        for name in ("receipt_no", "collected_by", "note"):
            values[name] = str(values[name]).strip() or None
        return values

    def keep(self, draft: PaymentDraft, record: DuesPayment | None) -> DuesPayment:
        """Write a draft into `record`, or into a new row if it is None; return the row.

        Raises:
            InvalidInput: a value breaks a rule.
        """
        values = self.values(draft)
        if record is None:
            record = DuesPayment(id=new_id(), branch_id=self._branch_id, **values)
            self._session.add(record)
            return record
        for name, value in values.items():
            setattr(record, name, value)
        return record

    def _refuse_before_branch(self, draft: PaymentDraft) -> None:
        """Refuse months before there was a branch."""
        if self._founded is not None and date(draft.year, draft.from_month, 1) < self._founded.replace(day=1):
            raise InvalidInput(FROM_MONTH, f"支部{self._founded.isoformat()}才成立，{draft.year}年多半是写错了")

    def _refuse_far(self, draft: PaymentDraft, payer: Payer) -> None:
        """Refuse months over a year after they were paid, and days before admission.

        A month that has not come may be paid: the ledger says so (`doubts`); at most the months of a year at once.
        """
        paid_on, first = draft.paid_on, date(draft.year, draft.from_month, 1)
        if first > add_months(paid_on or self._today, MONTHS):
            if paid_on is None or paid_on == self._today:
                raise InvalidInput(FROM_MONTH, "是一年以后的月份，不能提前一年以上交")
            raise InvalidInput(PAID_ON, f"比{draft.year}年{draft.from_month}月早一年以上")
        admitted = payer.admitted_on
        if paid_on is not None and admitted is not None and paid_on < admitted.replace(day=1):
            raise InvalidInput(PAID_ON, f"在{payer.name}入党（{admitted.isoformat()}）之前")

    def _kind(self, draft: PaymentDraft) -> DuesKind:
        first = date(draft.year, draft.from_month, 1)
        quarterly = any(each.member_id == draft.member_id and each.holds(first) for each in self._consents)
        if draft.paid_on is not None and draft.paid_on > deadline(draft.year, draft.from_month, quarterly):
            return DuesKind.MADE_GOOD
        return DuesKind.QUARTERLY if quarterly and draft.to_month > draft.from_month else DuesKind.MONTHLY


def _refuse_large(draft: PaymentDraft, law: DuesRules) -> None:
    """Refuse a gift in the monthly ledger that has a record of its own."""
    if draft.kind is DuesKind.VOLUNTARY and draft.amount_fen >= fen_of(law.large):
        raise InvalidInput(AMOUNT, f"一次自愿多交{law.large}元以上是大额党费，请在“大额党费”里登记，全部上缴")


def _find(session: Session, payment_id: str, *, deleted: bool = False) -> DuesPayment:
    record = session.get(DuesPayment, payment_id)
    if record is None or (record.deleted_at_utc is not None) != deleted:
        raise NotFound(what="党费交纳")
    return record


def _row(record: DuesPayment) -> PaymentRow:
    return PaymentRow(
        id=record.id,
        member_id=record.member_id,
        year=record.year,
        from_month=record.from_month,
        to_month=record.to_month,
        amount_fen=record.amount_fen,
        paid_on=record.paid_on,
        means=record.means,
        kind=record.kind,
        receipt_no=record.receipt_no or "",
        collected_by=record.collected_by or "",
        note=record.note or "",
        rev=record.rev,
    )

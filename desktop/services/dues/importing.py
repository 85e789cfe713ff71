"""Rows of ledgers and assessments on their way in: whose they are, what is kept already, what is new."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.dues import MONTHS, DuesAssessment, DuesPayment, PayPart
from desktop.models.members import Member
from desktop.models.vocabulary.dues import DuesClass, DuesKind
from desktop.services.dues.assessing import AssessmentKeeper
from desktop.services.dues.collecting import PaymentKeeper
from desktop.services.dues.keeping import AssessmentDraft, PaymentDraft
from desktop.services.dues.ledger import load_year, rounding_of
from desktop.services.dues.reckoning import LedgerRow, reckon
from desktop.services.dues.sheet import BASE, CUT, DUE, MONTHLY, NAME, OWED, PAID, PAID_ON, PAY, SPAN, Span, bare_name
from desktop.services.dues.words import yuan
from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster, ends_with
from desktop.services.quoting import quoted
from desktop.services.spells import came_in
from desktop.services.spreadsheets.identity import IdNumber
from desktop.services.spreadsheets.results import ImportResult, Warned
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.standards.editions import law_on

if TYPE_CHECKING:
    from desktop.services.store import Store


class _Import(Taking, ABC):
    """What both imports share: whom a row means, and of which year it is."""

    def __init__(self, session: Session, store: "Store", result: ImportResult, answers: Answers) -> None:
        super().__init__(result, answers)
        self._session, self._store = session, store
        self._roster: Roster = roster_of(store, session)
        self._undated: set[str] = set()
        self._assessing: dict[int, AssessmentKeeper] = {}

    def take(self, row: Row) -> None:
        """Take one row whole, or refuse it."""
        try:
            self._take(row, self._member(row), self._year(row))
        except InvalidInput as error:
            self.result.rejected.append(row.refuse(error))

    @abstractmethod
    def _take(self, row: Row, member: Member, year: int) -> None:
        """Keep what the row says of a member and a year, or refuse it."""

    def _member(self, row: Row) -> Member:
        """Return whom the row means: by number, else by name with the last digits where two are called so."""
        identity = row.get("id_no")
        if isinstance(identity, IdNumber):
            for member in self._roster.members.values():
                if member.id_no == identity.number:
                    return member
        text = str(row.get(NAME.name))
        wanted, digits = bare_name(text), "".join(mark for mark in text if mark.isalnum() and mark.isascii())
        found = [member for member in self._roster.members.values() if member.name.replace(" ", "") == wanted]
        if digits and len(found) > 1:
            found = [member for member in found if ends_with(member, digits)]
        if len(found) == 1:
            return found[0]
        if found:
            raise InvalidInput(NAME, f"名册上有{len(found)}个{quoted(wanted)}，请在姓名后用括号注明身份证号后四位")
        raise InvalidInput(NAME, f"名册上没有{quoted(wanted)}，请先登记或导入名册")

    def _year(self, row: Row) -> int:
        said = row.get("year")
        span = row.get(SPAN.name)
        if not isinstance(said, int) and isinstance(span, Span):
            said = span.year
        if isinstance(said, int):
            return said
        year = self._store.today.year
        if row.sheet not in self._undated:
            self._undated.add(row.sheet)
            self.result.warnings.append(Warned(row.sheet, 0, "年度", f"表里没有写年度，按{year}年登记"))
        return year

    def _first_month(self, member: Member, year: int) -> int:
        """Return from which month of a year a member who came from elsewhere is assessed."""
        since = came_in(self._roster.stays(member), year)
        return 1 if since is None or since == member.admitted_on else since.month

    def _keeper(self, year: int) -> AssessmentKeeper:
        if year not in self._assessing:
            self._assessing[year] = AssessmentKeeper(self._session, self._store.branch_id, self._store.today, year)
        return self._assessing[year]

    def _class(self, row: Row, member: Member, year: int) -> DuesClass:
        given = row.get("dues_class")
        if given is not None:
            return DuesClass(given) if given in set(DuesClass) else DuesClass.labelled(str(given))
        return next(
            (payer.dues_class for payer in load_year(self._session, self._store.branch_id, year).payers
             if payer.id == member.id),
            DuesClass.WORKING,
        )  # fmt: skip


class LedgerImport(_Import):
    """One import of a ledger."""

    def __init__(self, session: Session, store: "Store", result: ImportResult, answers: Answers) -> None:
        super().__init__(session, store, result, answers)
        self._rows: dict[int, dict[str, LedgerRow]] = {}
        self._paying: dict[int, PaymentKeeper] = {}
        self._lines: dict[int, dict[str, list[DuesPayment]]] = {}
        self._without_day: set[str] = set()

    def _take(self, row: Row, member: Member, year: int) -> None:
        before = len(self.result.changes)
        known = bool(self._kept(year, member.id)) or bool(self._keeper(year).kept.get(member.id))
        added: dict[str, str] = {}
        drafts = self._payments(row, member, year)
        values = [(draft, record, self._payer(year).values(draft)) for draft, record in drafts]  # all, or none
        if self._assess(row, member, year):
            added[BASE.label] = row.shown(BASE.name)
        for draft, record, _ in values:
            label = f"{year}年{draft.from_month}月" + (
                f"—{draft.to_month}月" if draft.to_month > draft.from_month else ""
            )
            if record is not None:
                dated = draft.paid_on if draft.paid_on != record.paid_on else None
                self.changed(
                    row,
                    member.name,
                    label,
                    yuan(record.amount_fen),
                    f"{dated.isoformat()}交{yuan(draft.amount_fen)}" if dated else yuan(draft.amount_fen),
                    name=PAID_ON.name if dated else f"m{draft.from_month}",
                )
            else:
                added[label] = yuan(draft.amount_fen)
            kept = self._payer(year).keep(draft, record)
            if record is None:
                self._kept(year, member.id).append(kept)
        if row.get("note") and not known and not drafts and not added:
            self.result.warnings.append(row.warn("note", "备注没有登记，请写在党费页面"))
        if added and not known:
            self.result.accepted += 1
            self.added(row, member.name, added)
        elif added or len(self.result.changes) > before:
            self.result.updated += 1
            for label, words in added.items():
                self.changed(row, member.name, label, "", words)
        else:
            self.result.unchanged += 1
            self.kept(row, member.name)

    def _assess(self, row: Row, member: Member, year: int) -> bool:
        """Keep the base of the ledger where nothing of the year is assessed; tell where it differs."""
        base = row.get(BASE.name)
        own = self._keeper(year).kept.get(member.id)
        if own:
            if base is not None and base not in {each.base_fen for each in own}:
                words = f"已核定的基数是{yuan(own[-1].base_fen)}，没有改动；要改请在核定表里改"
                self.result.warnings.append(row.warn(BASE.name, words))
            return False
        dues_class = self._class(row, member, year)
        if dues_class.by_base and base is None:
            return False
        draft = AssessmentDraft(
            member_id=member.id, year=year, dues_class=dues_class, base_fen=base, monthly_fen=row.get(MONTHLY.name)
        )
        draft = replace(draft, from_month=self._first_month(member, year))
        kept = self._keeper(year).keep(draft, None)
        stated = row.get(MONTHLY.name)
        if stated is not None and stated != kept.monthly_fen:
            words = f"按基数和规定的比例是{yuan(kept.monthly_fen)}，以规定为准；确是少交的请在核定里写明批准"
            self.result.warnings.append(row.warn(MONTHLY.name, words))
        return True

    # payments

    def _payments(self, row: Row, member: Member, year: int) -> list[tuple[PaymentDraft, DuesPayment | None]]:
        found = list(self._of_line(row, member, year))
        paid = self._ledger(year).get(member.id)
        for month in range(1, MONTHS + 1):
            cell = row.get(f"m{month}")
            if cell is None or cell == OWED or cell == 0:
                continue
            have = self._paid_of(paid, year, member.id, month)
            amount = self._due(row, paid, month) if cell == DUE else cell
            if cell == DUE and have:
                continue
            if not isinstance(amount, int) or amount == have:
                continue
            draft = PaymentDraft(
                member_id=member.id, year=year, from_month=month, to_month=month, amount_fen=amount, paid_on=None
            )
            if not have:
                self._tell_undated(row)
                found.append((draft, None))
                continue
            own = [each for each in self._kept(year, member.id) if each.from_month <= month <= each.to_month]
            if len(own) == 1 and own[0].from_month == own[0].to_month:
                if not self.untaken(row, f"m{month}"):
                    found.append((_with_all_of(own[0], amount), own[0]))
            else:
                self.result.warnings.append(
                    row.warn(f"m{month}", f"已登记{yuan(have)}元，分几笔或几个月一起交的，没有改动")
                )
        return found

    def _of_line(self, row: Row, member: Member, year: int) -> list[tuple[PaymentDraft, DuesPayment | None]]:
        """Return the payment of a ledger with a payment a line."""
        span, amount = row.get(SPAN.name), row.get(PAID.name)
        if not isinstance(span, Span) or not amount:
            if amount and span is None and not any(row.get(f"m{month}") for month in range(1, MONTHS + 1)):
                raise InvalidInput(SPAN, "没有写是哪几个月的")
            return []
        draft = PaymentDraft(
            member_id=member.id,
            year=year,
            from_month=span.first,
            to_month=span.last,
            amount_fen=amount,
            paid_on=row.get("paid_on"),
            means=row.get("means"),
            kind=row.get("kind"),
            receipt_no=row.get("receipt_no") or "",
            collected_by=row.get("collected_by") or "",
            note=row.get("note") or "",
        )
        if draft.paid_on is None:
            self._tell_undated(row)
        same = (draft.from_month, draft.to_month, draft.amount_fen, draft.paid_on)
        for kept in self._kept(year, member.id):
            if (kept.from_month, kept.to_month, kept.amount_fen, kept.paid_on) == same:
                return []
        return self._upon_undated(row, draft)

    def _upon_undated(self, row: Row, draft: PaymentDraft) -> list[tuple[PaymentDraft, DuesPayment | None]]:
        """Lay a payment upon what was settled without a day before this import (按纸质台账), so that none counts twice.

        It gives its day to the one payment of the same months and amount; of others it is said that they stay.
        """
        paid = self._ledger(draft.year).get(draft.member_id)
        cells = paid.cells[draft.from_month - 1 : draft.to_month] if paid is not None else ()
        before = {each for cell in cells for each in cell.payments}
        own = [each for each in self._kept(draft.year, draft.member_id) if each.id in before and each.paid_on is None]
        if not own or draft.kind is DuesKind.VOLUNTARY or any(cell.owed_fen for cell in cells):
            return [(draft, None)]
        same = (draft.from_month, draft.to_month, draft.amount_fen)
        for kept in own:
            if draft.paid_on is not None and (kept.from_month, kept.to_month, kept.amount_fen) == same:
                dated = replace(draft, note=draft.note or kept.note or "")
                return [] if self.untaken(row, PAID_ON.name) else [(dated, kept)]
        words = f"这些月份已登记{yuan(sum(each.amount_fen for each in own))}元，没有记哪天交的，没有改动"
        self.result.warnings.append(row.warn(SPAN.name, words))
        return []

    def _due(self, row: Row, paid: LedgerRow | None, month: int) -> int:
        """Return what a mark stands for: what was due.

        Raises:
            InvalidInput: nobody knows how much.
        """
        stated = row.get(MONTHLY.name)
        amount = stated if stated else paid.cells[month - 1].due_fen if paid is not None else 0
        if not amount and row.get(BASE.name) is not None:
            law = law_on(self._session, self._store.today, self._store.today.year).dues
            step = Decimal(rounding_of(self._session).value)
            monthly = law.monthly(
                paid.dues_class if paid else DuesClass.WORKING, Decimal(row.get(BASE.name)) / 100, step
            )
            amount = 0 if monthly is None else int(monthly * 100)
        if not amount:
            raise InvalidInput(MONTHLY, "写着已交，但没有应交金额，也没有基数")
        return int(amount)

    def _tell_undated(self, row: Row) -> None:
        if row.sheet not in self._without_day:
            self._without_day.add(row.sheet)
            self.result.warnings.append(Warned(row.sheet, 0, "交纳日期", "台账没有记哪天交的，登记时空着，算按时"))

    # what is kept

    def _payer(self, year: int) -> PaymentKeeper:
        if year not in self._paying:
            self._paying[year] = PaymentKeeper(self._session, self._store.branch_id, self._store.today, year)
        return self._paying[year]

    def _ledger(self, year: int) -> Mapping[str, LedgerRow]:
        if year not in self._rows:
            law = law_on(self._session, self._store.today, year).dues
            rows = reckon(load_year(self._session, self._store.branch_id, year), law)
            self._rows[year] = {row.member_id: row for row in rows}
        return self._rows[year]

    def _kept(self, year: int, member_id: str) -> list[DuesPayment]:
        if year not in self._lines:
            self._lines[year] = {}
            for record in self._session.scalars(
                select(DuesPayment).where(
                    DuesPayment.branch_id == self._store.branch_id,
                    DuesPayment.year == year,
                    DuesPayment.deleted_at_utc.is_(None),
                )
            ):
                self._lines[year].setdefault(record.member_id, []).append(record)
        return self._lines[year].setdefault(member_id, [])

    def _paid_of(self, paid: LedgerRow | None, year: int, member_id: str, month: int) -> int:
        """Return what is paid of a month, by this import too."""
        before = paid.cells[month - 1].paid_fen if paid is not None else 0
        known = set() if paid is None else set(paid.cells[month - 1].payments)
        new = [each for each in self._kept(year, member_id) if each.id not in known]
        return before + sum(
            each.amount_fen // (each.to_month - each.from_month + 1)
            for each in new
            if each.from_month <= month <= each.to_month
        )


def _with_all_of(record: DuesPayment, amount: int) -> PaymentDraft:
    return PaymentDraft(
        member_id=record.member_id,
        year=record.year,
        from_month=record.from_month,
        to_month=record.to_month,
        amount_fen=amount,
        paid_on=record.paid_on,
        means=record.means,
        kind=record.kind,
        receipt_no=record.receipt_no or "",
        collected_by=record.collected_by or "",
        note=record.note or "",
    )


class AssessmentImport(_Import):
    """One import of an assessment."""

    def __init__(self, session: Session, store: "Store", result: ImportResult, answers: Answers, sheet: Sheet) -> None:
        super().__init__(session, store, result, answers)
        self._parts = [column for column in sheet.columns if column.name.rstrip("0123456789") in (PAY, CUT)]

    def _take(self, row: Row, member: Member, year: int) -> None:
        keeper = self._keeper(year)
        month = row.get("from_month") or self._first_month(member, year)
        record = next((each for each in keeper.kept.get(member.id, ()) if each.from_month == month), None)
        pay = tuple(
            PayPart(column.label, row.get(column.name), column.name.startswith(CUT))
            for column in self._parts
            if row.get(column.name)
        )
        base, given = row.get(BASE.name), record.base_fen if record is not None else None
        draft = AssessmentDraft(
            member_id=member.id,
            year=year,
            from_month=month,
            dues_class=self._class(row, member, year),
            pay=pay,
            base_fen=base if base is not None else given,
            monthly_fen=row.get(MONTHLY.name),
            assessed_on=row.get("assessed_on") or (record.assessed_on if record is not None else None),
            note=row.get("note") or (record.note or "" if record is not None else ""),
        )
        if pay and base is not None and draft.base != base:
            raise InvalidInput(BASE, f"各项加减是{yuan(draft.base)}，表里的基数是{yuan(base)}")
        if record is not None and record.relief is not None:
            self.result.warnings.append(row.warn(NAME.name, f"{record.relief.label}经过批准，没有改动"))
            self.result.unchanged += 1
            self.kept(row, member.name)
            return
        before = _told(record)
        keeper.values(draft)
        kept = keeper.keep(draft, record)
        stated = row.get(MONTHLY.name)
        if stated is not None and stated != kept.monthly_fen:
            words = f"按基数和规定的比例是{yuan(kept.monthly_fen)}，以规定为准"
            self.result.warnings.append(row.warn(MONTHLY.name, words))
        after = _told(kept)
        if record is None:
            self.result.accepted += 1
            self.added(row, member.name, after)
            return
        differing = [label for label in after if before.get(label) != after[label]]
        if not differing:
            self.result.unchanged += 1
            self.kept(row, member.name)
            return
        self.result.updated += 1
        for label in differing:
            self.changed(row, member.name, label, before.get(label, ""), after[label])


def _told(record: DuesAssessment | None) -> dict[str, str]:
    """Return an assessment as people read it, label by label."""
    if record is None:
        return {}
    told = {
        "类别": record.dues_class.label,
        "基数": yuan(record.base_fen),
        "月交": yuan(record.monthly_fen),
        "核定日期": record.assessed_on.isoformat() if isinstance(record.assessed_on, date) else "",
        "备注": record.note or "",
    }
    return {label: words for label, words in told.items() if words}

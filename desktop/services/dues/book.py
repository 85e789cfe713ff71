"""The workbooks of dues: ledgers as they are kept, and the yearly assessment, in and out."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.dues import MONTHS, DuesAssessment, DuesPayment
from desktop.models.vocabulary.access import Act
from desktop.services.dues.importing import AssessmentImport, LedgerImport
from desktop.services.dues.ledger import LedgerService
from desktop.services.dues.sheet import CUT, LEDGER, LEDGER_GRID, PAY, assessment_sheet
from desktop.services.intake.answers import Answers
from desktop.services.intake.known import Known
from desktop.services.intake.taking import TakingBook
from desktop.services.members.lookup import roster_of
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet


class _DuesBook(TakingBook):
    """What both share: who is on the roster."""

    def known(self) -> Known:
        """Return the names of members."""
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            return Known(names=frozenset(member.name for member in roster.members.values()))

    def _years(self, model: type[DuesAssessment | DuesPayment]) -> list[int]:
        query = select(model.year).where(model.branch_id == self._store.branch_id, model.deleted_at_utc.is_(None))
        with self._store.reading() as session:
            return sorted(set(session.scalars(query.distinct())))


class LedgerBook(_DuesBook):
    """Ledgers of dues (党费收缴台账): months as columns, or a payment a line."""

    name = "dues"
    title = LEDGER.title
    tables = (DuesPayment.__tablename__,)

    def sheet(self) -> Sheet:
        """Return every column either layout may have."""
        return LEDGER

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> LedgerImport:
        """Begin to hold rows against the ledger: a month that is paid just so is left, one not yet paid is added."""
        return LedgerImport(session, self._store, result, answers)

    def export(self, path: Path, year: int | None = None) -> int:
        """Write the ledger of a year, or of all, as a workbook that imports again unchanged; return how many rows.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        return self._write(path, LEDGER_GRID, self.rows(year))

    def rows(self, year: int | None = None) -> Rows:
        """Return the ledger of a year, or of all."""
        years = [year] if year is not None else sorted({*self._years(DuesPayment), *self._years(DuesAssessment)})
        return [line for each in years for line in self._lines(each)]

    def template(self, path: Path) -> None:
        """Write the grid of the year to fill in, for who may export with the names and bases of the roster."""
        ledger = LedgerService(self._store).ledger()
        rows: list[dict[str, object]] = [
            {
                "name": row.name,
                "year": ledger.year,
                "dues_class": row.dues_class,
                "base_fen": row.base_fen,
                "rate_ppm": row.rate_ppm,
                "monthly_fen": row.monthly_fen,
            }
            for row in (ledger.rows if self._store.rights.may(Act.EXPORT) else ())
        ]
        tables.template(path, LEDGER_GRID, rows)

    def _lines(self, year: int) -> Iterator[dict[str, object]]:
        ledger = LedgerService(self._store).ledger(year)
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
        for row in sorted(ledger.rows, key=lambda each: each.member_id):
            label = roster.label(row.member_id, min(self._store.today, date(year, 12, 31)))
            line: dict[str, object] = {
                "name": label or row.name,
                "year": year,
                "dues_class": row.dues_class,
                "base_fen": None if row.provisional else row.base_fen,
                "rate_ppm": None if row.provisional else row.rate_ppm,
                "monthly_fen": row.monthly_fen,
                "due_sum": row.due_fen,
                "paid_sum": row.paid_fen,
                "note": row.relief.label if row.relief else None,
            }
            line |= {f"m{month}": row.cells[month - 1].paid_fen or None for month in range(1, MONTHS + 1)}
            yield line


class AssessmentBook(_DuesBook):
    """The yearly assessment (党费核定表)."""

    name = "dues_assessment"
    title = "党费核定表"
    tables = (DuesAssessment.__tablename__,)

    def sheet(self) -> Sheet:
        """Return the columns, the parts of pay as the rules of today name them."""
        return assessment_sheet(LedgerService(self._store).rules(self._store.today.year))

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> AssessmentImport:
        """Begin to hold rows against the assessments, known by member, year and first month."""
        return AssessmentImport(session, self._store, result, answers, self.sheet())

    def export(self, path: Path, year: int | None = None) -> int:
        """Write the assessments of a year, or of all, as a workbook that imports again unchanged; return how many.

        Reduced and exempt ones stand in the note: what was decided about them is typed, not imported.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        return self._write(path, self.sheet(), self.rows(year))

    def rows(self, year: int | None = None) -> Rows:
        """Return the assessments of a year, or of all."""
        rules = LedgerService(self._store).rules(self._store.today.year)
        places = {name: f"{PAY}{place}" for place, name in enumerate(rules.pay_items)}
        places |= {name: f"{CUT}{place}" for place, name in enumerate(rules.deductions)}
        query = select(DuesAssessment).where(
            DuesAssessment.branch_id == self._store.branch_id, DuesAssessment.deleted_at_utc.is_(None)
        )
        if year is not None:
            query = query.where(DuesAssessment.year == year)
        order = (DuesAssessment.year, DuesAssessment.member_id, DuesAssessment.from_month)
        rows: Rows = []
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            for record in session.scalars(query.order_by(*order)):
                on = min(self._store.today, date(record.year, 12, 31))
                line: dict[str, object] = {
                    "name": roster.label(record.member_id, on),
                    "year": record.year,
                    "from_month": record.from_month,
                    "dues_class": record.dues_class,
                    "base_fen": record.base_fen,
                    "rate_ppm": record.rate_ppm,
                    "monthly_fen": record.monthly_fen,
                    "assessed_on": record.assessed_on,
                    "note": record.note,
                }
                line |= {places[part.name]: part.fen for part in record.pay if part.name in places}
                rows.append(line | {"id": record.id})
        return rows

    def template(self, path: Path) -> None:
        """Write the empty sheet to fill in."""
        tables.template(path, self.sheet())

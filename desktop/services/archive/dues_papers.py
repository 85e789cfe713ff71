"""Single papers about dues as files: the register to sign, the assessment, slip, notice, receipt and reminder."""

from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.services.archive import dues
from desktop.services.archive.blocks import Document, Written
from desktop.services.archive.writing import Sink, write_paper
from desktop.services.branches import BranchService
from desktop.services.dues.assessing import AssessmentService
from desktop.services.dues.collecting import PaymentService
from desktop.services.dues.keeping import BASE
from desktop.services.dues.ledger import Ledger, LedgerService
from desktop.services.dues.reckoning import LedgerRow
from desktop.services.dues.using import funds
from desktop.services.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from desktop.services.store import Store

_NAMED = 4


class DuesPapers:
    """Writes the papers about dues, on the terms of `DocumentService`. `branch_id`: at headquarters, whose."""

    def __init__(self, store: "Store", branch_id: str | None = None, *, substitute: bool = False) -> None:
        self._store, self._branch_id, self._substitute = store, branch_id, substitute

    def register(self, year: int, path: Sink) -> Written:
        """Write the register of dues of a year, to be signed.

        Raises:
            InvalidInput: somebody is not assessed yet, where others are; it names who.
            NotAllowed: who works here does not export.
        """
        self._store.rights.require(Act.EXPORT)
        ledger = self._ledger(year)
        lacking = [row.name for row in ledger.provisional] if ledger.begun else []
        if lacking:
            more = f"等{len(lacking)}人" if len(lacking) > _NAMED else ""
            raise InvalidInput(BASE, f"{'、'.join(lacking[:_NAMED])}{more}还没有核定{year}年党费，先核定再打印")
        return self._write(dues.ledger_document(ledger, self._name()), path)

    def assessment(self, year: int, path: Sink) -> Written:
        """Write the yearly assessment of dues."""
        self._store.rights.require(Act.EXPORT)
        rows = AssessmentService(self._store).rows(year, self._branch_id)
        rules = LedgerService(self._store).rules(year)
        name = self._name()
        return self._write(dues.assessment_document(rows, rules, name, year, self._store.today), path)

    def remittance(self, year: int, quarter: int, path: Sink) -> Written:
        """Write the slip for what is handed up for a quarter."""
        self._store.rights.require(Act.EXPORT)
        ledger = self._ledger(year)
        return self._write(dues.remittance_document(ledger, ledger.quarters[quarter - 1], self._name()), path)

    def notice(self, year: int, path: Sink) -> Written:
        """Write the notice of what was collected, handed up and spent in a year."""
        self._store.rights.require(Act.EXPORT)
        ledger = self._ledger(year)
        spent = funds(self._store, year, ledger.on, self._owner)
        return self._write(dues.notice_document(ledger, self._name(), spent), path)

    def receipt(self, year: int, member_id: str, path: Sink) -> Written:
        """Write what a member is given for the payments of a year.

        Raises:
            NotFound: there is no such payer, or nothing was paid.
        """
        self._store.rights.require(Act.EXPORT)
        ledger = self._ledger(year)
        payments = PaymentService(self._store).payments(year, member_id)
        if not payments:
            raise NotFound(what=f"{year}年的党费交纳")
        return self._write(dues.receipt_document(_payer(ledger, member_id), payments, ledger, self._name()), path)

    def reminder(self, year: int, member_id: str, path: Sink) -> Written:
        """Write what a member in arrears is given; NotFound if there is none."""
        self._store.rights.require(Act.EXPORT)
        ledger = self._ledger(year)
        return self._write(dues.reminder_document(_payer(ledger, member_id), ledger, self._name()), path)

    # inside

    def _write(self, document: Document, path: Sink) -> Written:
        return write_paper(self._store, document, path, substitute=self._substitute)

    def _ledger(self, year: int) -> Ledger:
        return LedgerService(self._store).ledger(year, self._store.today, self._branch_id)

    @property
    def _owner(self) -> str:
        return self._branch_id or self._store.branch_id

    def _name(self) -> str:
        return BranchService(self._store).profile(self._owner).name


def _payer(ledger: Ledger, member_id: str) -> LedgerRow:
    row = next((row for row in ledger.rows if row.member_id == member_id), None)
    if row is None:
        raise NotFound(what="党员")
    return row

"""What was posted about dues (党费收缴使用公布), bound with the sheet that hung on the wall."""

from datetime import date
from typing import TYPE_CHECKING

from desktop.models.support import DuesPublicity
from desktop.services.archive.blocks import Note, Title
from desktop.services.archive.dues import notice_document
from desktop.services.archive.organisation import Sheet
from desktop.services.branches import BranchService
from desktop.services.dues.ledger import LedgerService
from desktop.services.dues.using import funds
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.standards.verdict import Used

if TYPE_CHECKING:
    from desktop.services.store import Store

PUBLICITY = DuesPublicity.__tablename__
_AS_KEPT = "本表按现在的台账算到公布那天；附有张贴原件的，以原件为准。"


def publicity_sheets(store: "Store", branch_id: str, year: int, on: date) -> dict[str, Sheet]:
    """Return the publications of a year until the day, by id, each with who paid what as of its day.

    Where no ledger of the year is kept, the row of the register is all there is.
    """
    service = RegisterService(store)
    register, branch = service.register(PUBLICITY), BranchService(store).profile(branch_id).name
    found = {}
    for row in service.rows(PUBLICITY, year, branch_id=branch_id):
        if row.on is None or row.on > on:
            continue
        ledger = LedgerService(store).ledger(_year_of(row, row.on), row.on, branch_id)
        if not ledger.begun:
            continue
        paper = notice_document(ledger, branch, funds(store, ledger.year, ledger.on, branch_id))
        blocks = (*(block for block in paper.blocks if not isinstance(block, Title)), Note(_AS_KEPT))
        pairs = tuple((field.label, row.texts[field.name]) for field in register.fields)
        title = f"{register.title}：{row.heading}"
        found[row.id] = Sheet(Used(PUBLICITY, row.id, row.on, row.heading), title, pairs, False, blocks)
    return found


def _year_of(row: RegisterRow, on: date) -> int:
    """Return the year a publication is about, as its period begins (2026年…), else that of its day."""
    said = str(row.values.get("period") or "")[:4]
    return int(said) if len(said) == 4 and said.isdecimal() else on.year

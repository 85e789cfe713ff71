"""A record that a score rests on, as the paper it is bound as, made in memory for whoever judges it."""

import io
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.meetings import Vote
from desktop.models.registers import REGISTERS
from desktop.services.archive.blocks import TURN, Block, Document, Title
from desktop.services.archive.case_files import case_blocks, load_case_files
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.organisation import load_sheets, sheet_blocks
from desktop.services.archive.pdf import render
from desktop.services.archive.plans import plan_document
from desktop.services.archive.published import publication_sheets
from desktop.services.archive.registers import record_document
from desktop.services.archive.roster import roster_document
from desktop.services.branches import BranchService
from desktop.services.improvement.service import ImprovementService
from desktop.services.members import MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.standards.evidence import ADMISSION, MEETING, MEMBER, ORGANISATION, PLAN
from desktop.services.standards.kinds import PUBLICATION
from desktop.services.standards.verdict import Used

if TYPE_CHECKING:
    from desktop.services.store import Store

ROSTER, VOTE = "roster", "vote"
"""What rules name beside records that are papers of their own: the whole roster, and a vote of a meeting."""


class EvidencePapers:
    """The papers of single records of a branch; `store` is its own, or what headquarters reads of it."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def paper(self, used: Used, year: int, on: date) -> bytes | None:
        """Return a record of `year`, as known on a day, as a PDF; None where it is only a line of a list, or withheld.

        Raises:
            NotFound: it is not there any more.
        """
        document = None if used.withheld else self._document(used, year, on)
        if document is None:
            return None
        out = io.BytesIO()
        render(document, out, substitute=True)
        return out.getvalue()

    def _document(self, used: Used, year: int, on: date) -> Document | None:
        owner = self._store.branch_id
        branch = BranchService(self._store).profile(owner).name
        if used.kind == MEETING:
            return DocumentService(self._store).minutes_of(used.id)
        if used.kind == VOTE:
            with self._store.reading() as session:
                return DocumentService(self._store).minutes_of(session.get_one(Vote, used.id).meeting_id)
        if used.kind == ROSTER:
            return roster_document(MemberService(self._store).roster(on, branch_id=owner), branch, on)
        if used.kind == PLAN:
            return plan_document(ImprovementService(self._store).plan(used.id), branch)
        if used.kind in REGISTERS:
            registers = RegisterService(self._store)
            register, row = registers.register(used.kind), registers.row(used.kind, used.id)
            return None if row.restricted or register.stays else record_document(register, row, branch, on)
        if used.kind == ADMISSION:
            file = load_case_files(self._store, owner, year, on).get(used.id)
            return None if file is None else _alone(branch, file.title, case_blocks(file, lambda _id: None), on)
        if used.kind not in (PUBLICATION, MEMBER, *ORGANISATION):
            return None
        with self._store.reading() as session:
            if used.kind == PUBLICATION:
                sheet = publication_sheets(session, owner, year, on).get(used.id)
            else:
                sheet = load_sheets(session, owner, year, on, {used.id}).get(used.id)
        return None if sheet is None else _alone(branch, sheet.title, sheet_blocks(sheet), on)


def _alone(branch: str, title: str, blocks: Sequence[Block], on: date) -> Document:
    return Document(
        title=title,
        author=branch,
        subject=title,
        day=on,
        blocks=(Title(f"{branch}{TURN}{title}"), *blocks),
        running_foot=branch,
    )

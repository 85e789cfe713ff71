"""The workbook of admissions: lists of applicants and activists or the whole course in, out again unchanged."""

from pathlib import Path

from sqlalchemy.orm import Session

from desktop.models.development import DevelopmentCase
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.development import CaseState, HelperRole
from desktop.services.development.importer import CaseImport
from desktop.services.development.law import development_law
from desktop.services.development.loading import Kept, load_cases
from desktop.services.development.sheet import PERSONAL, SHEET
from desktop.services.development.windows import LIST, TRAINING
from desktop.services.intake.answers import Answers
from desktop.services.intake.known import Known
from desktop.services.intake.taking import TakingBook
from desktop.services.members.lookup import roster_of
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.identity import masked
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet
from desktop.services.standards.editions import law_on


class DevelopmentBook(TakingBook):
    """The admissions of this branch in and out of Excel."""

    name = SHEET.kind
    title = SHEET.title
    tables = (DevelopmentCase.__tablename__,)

    def sheet(self) -> Sheet:
        """Return the declared columns."""
        return SHEET

    def known(self) -> Known:
        """Return the names of members and of people on file."""
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            names = {member.name for member in roster.members.values()}
            names |= {kept.person.name for kept in load_cases(session, self._store.branch_id)}
            return Known(names=frozenset(names))

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> CaseImport:
        """Begin to hold rows against the cases, known by ID number, else by name and what does not contradict."""
        law = development_law(law_on(session, self._store.today, self._store.today.year))
        return CaseImport(session, self._store, law, result, answers)

    def export(self, path: Path) -> int:
        """Write all cases as a workbook that imports again unchanged, ID numbers masked where the roles say so.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        return self._write(path, SHEET, self.rows())

    def rows(self, year: int | None = None) -> Rows:
        """Return all cases; ID numbers as in `export`."""
        whole = self._store.rights.may(Act.IDENTITY)
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            names = {member.id: member.name for member in roster.members.values()}
            cases = load_cases(session, self._store.branch_id)
            return [_cells(kept, names, whole=whole) | {"id": kept.case.id} for kept in cases]

    def template(self, path: Path) -> None:
        """Write the empty sheet to fill in."""
        tables.template(path, SHEET)


def _cells(kept: Kept, names: dict[str, str], *, whole: bool) -> dict[str, object]:
    """Return the line of a case."""
    person, case = kept.person, kept.case
    cells: dict[str, object] = {"name": person.name}
    cells |= {column.name: getattr(person, column.name) for column in PERSONAL if column.name != "id_no"}
    cells["id_no"] = case.id_no if whole else masked(case.id_no or "")
    for no, step in kept.steps.items():
        cells[f"s{no}"] = step.done_on
    listing, training = kept.steps.get(LIST), kept.steps.get(TRAINING)
    if listing is not None:
        cells |= {
            "consent_on": listing.consent_on,
            "publicity_from": listing.from_on,
            "publicity_to": listing.to_on,
        }
    if training is not None:
        cells |= {"days": training.days, "hours": training.hours}
    for name, role in (("contacts", HelperRole.CONTACT), ("introducers", HelperRole.INTRODUCER)):
        people = [
            names.get(helper.member_id or "", helper.name or "")
            for helper in kept.helpers
            if helper.role is role and helper.to_on is None
        ]
        cells[name] = tuple(people) or None
    if case.state is not CaseState.OPEN:
        cells |= {"state": case.state, "state_reason": case.state_reason}
    return cells | {"extended_to": case.extended_to, "note": case.note}

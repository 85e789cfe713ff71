"""The workbooks of a round: its preparation, and the results of members, in and out."""

from pathlib import Path

from sqlalchemy.orm import Session

from desktop.models.appraisal import Appraisal, AppraisalResult
from desktop.models.vocabulary.access import Act
from desktop.services.appraisal.importing import ResultImport, RoundImport
from desktop.services.appraisal.keeping import VOTES
from desktop.services.appraisal.rows import Line, Round
from desktop.services.appraisal.service import AppraisalService
from desktop.services.appraisal.sheet import RESULTS, ROUNDS
from desktop.services.intake.answers import Answers
from desktop.services.intake.known import Known
from desktop.services.intake.taking import TakingBook
from desktop.services.members.lookup import roster_of
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet


class _RoundsBook(TakingBook):
    """What both share: the years that have a round."""

    def _rounds(self, year: int | None) -> list[Round]:
        service = AppraisalService(self._store)
        years = sorted(service.years()) if year is None else [year]
        return [found for each in years if (found := service.round(each)).begun]


class RoundBook(_RoundsBook):
    """The preparation of each year (组织生活会准备)."""

    name = ROUNDS.kind
    title = ROUNDS.title
    tables = (Appraisal.__tablename__,)

    def sheet(self) -> Sheet:
        """Return the declared columns."""
        return ROUNDS

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> RoundImport:
        """Begin to hold rows against the rounds, known by their year."""
        return RoundImport(session, self._store, result, answers)

    def export(self, path: Path, year: int | None = None) -> int:
        """Write a year, or all, as a workbook that imports again unchanged; return how many.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        return self._write(path, ROUNDS, self.rows(year))

    def rows(self, year: int | None = None) -> Rows:
        """Return the preparation of a year, or of all."""
        names = [column.name for column in ROUNDS.columns if column.name != "for_year"]
        return [
            {"for_year": found.for_year, **{name: getattr(found.facts, name) for name in names}}
            for found in self._rounds(year)
        ]

    def template(self, path: Path) -> None:
        """Write the empty sheet to fill in."""
        tables.template(path, ROUNDS)


class ResultBook(_RoundsBook):
    """What became of each member (民主评议结果): sums of ballots, grade, feedback."""

    name = RESULTS.kind
    title = RESULTS.title
    tables = (AppraisalResult.__tablename__,)

    def sheet(self) -> Sheet:
        """Return the declared columns."""
        return RESULTS

    def known(self) -> Known:
        """Return the names of members."""
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            return Known(names=frozenset(member.name for member in roster.members.values()))

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> ResultImport:
        """Begin to hold rows against the lines, known by year and member."""
        return ResultImport(session, self._store, result, answers)

    def export(self, path: Path, year: int | None = None) -> int:
        """Write the results of a year, or of all, as a workbook that imports again unchanged; return how many rows.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        return self._write(path, RESULTS, self.rows(year))

    def rows(self, year: int | None = None) -> Rows:
        """Return the results of a year, or of all."""
        lines = ((found, line) for found in self._rounds(year) for line in found.lines if line.id)
        return [_cells(found, line) | {"id": line.id} for found, line in lines]

    def template(self, path: Path) -> None:
        """Write the sheet of the year to fill in, for who may export with the names of the roster."""
        service = AppraisalService(self._store)
        found = service.round(service.year_in_work())
        rows: list[dict[str, object]] = [
            {"for_year": found.for_year, "name": line.name, "full": line.full}
            for line in (found.lines if self._store.rights.may(Act.EXPORT) else ())
        ]
        tables.template(path, RESULTS, rows)


def _cells(found: Round, line: Line) -> dict[str, object]:
    cells: dict[str, object] = {column.name: getattr(line, column.name, None) for column in RESULTS.columns}
    votes = dict(zip(VOTES, line.votes, strict=True))
    decided = {"decided_on": found.facts.decided_on if line.grade is not None else None}
    return cells | votes | decided | {"for_year": found.for_year, "name": line.name, "full": line.full}

"""Rows of a round on their way in: of which year, about whom, what is kept already, what is new."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from desktop.models.appraisal import Appraisal, AppraisalResult
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.appraisal.keeping import VOTES, refuse_line, refuse_round
from desktop.services.appraisal.loading import find_round, load_round, year_in_work
from desktop.services.appraisal.rows import Line, Round
from desktop.services.appraisal.service import line_of, new_round, write
from desktop.services.appraisal.sheet import GRADE, NAME, RESULTS, ROUNDS, STANDING
from desktop.services.errors import InvalidInput, Named
from desktop.services.intake.answers import Answers
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking
from desktop.services.members.lookup import roster_of
from desktop.services.spreadsheets.results import ImportResult, Warned
from desktop.services.spreadsheets.sheets import Sheet, as_cell

if TYPE_CHECKING:
    from desktop.services.store import Store

_LINE = tuple(
    column.name
    for column in RESULTS.columns
    if column.name in AppraisalResult.__table__.c and column.name != "for_year"
)
_ROUND = tuple(column.name for column in ROUNDS.columns if column.name != "for_year")
_SETTLED = (*VOTES, GRADE.name, "excused")
"""What does not change once the grades are set."""


class _Import(Taking):
    """What both imports share: the year, and how a row is held against what is kept."""

    def __init__(self, session: Session, store: "Store", result: ImportResult, answers: Answers) -> None:
        super().__init__(result, answers)
        self._session, self._store = session, store
        self._in_work = year_in_work(store, session)
        self._undated: set[str] = set()

    def _year(self, row: Row) -> int:
        said = row.get("for_year")
        if isinstance(said, int):
            return said
        if row.sheet not in self._undated:
            self._undated.add(row.sheet)
            self.result.warnings.append(Warned(row.sheet, 0, "年度", f"表里没有写年度，按{self._in_work}年度登记"))
        return self._in_work

    def _hold(
        self, row: Row, sheet: Sheet, record: Appraisal | AppraisalResult, name: str, values: Mapping[str, Any], *,
        new: bool,
    ) -> None:  # fmt: skip
        """Write what is new or differs, and say so field by field."""
        labels: dict[str, Named] = {column.name: column for column in sheet.columns}
        differing = {
            field: value
            for field, value in values.items()
            if value != getattr(record, field) and (new or not self.untaken(row, field))
        }
        if not differing and not new:
            self.result.unchanged += 1
            self.kept(row, name)
            return
        told = {labels[field].label: _told(value) for field, value in differing.items()}
        if new:
            self.result.accepted += 1
            self.added(row, name, told)
        else:
            self.result.updated += 1
            for field, value in differing.items():
                before = _told(getattr(record, field))
                self.changed(row, name, labels[field].label, before, _told(value), name=field)
        write(record, differing)


def _told(value: object) -> str:
    shown = as_cell(value)
    return "" if shown is None else shown.isoformat() if isinstance(shown, date) else str(shown)


class RoundImport(_Import):
    """One import of the preparation of years."""

    def take(self, row: Row) -> None:
        """Take one row whole, or refuse it."""
        try:
            year = self._year(row)
            values = {name: row.get(name) for name in _ROUND if row.get(name) is not None}
            record = find_round(self._session, self._store.branch_id, year)
            whole = ({name: getattr(record, name) for name in (*_ROUND, "decided_on")} if record else {}) | values
            refuse_round(whole, self._store.today)
            if record is not None and record.decided_on is not None:
                values.pop("quota_base", None)
            made = record is None
            if record is None:
                record = new_round(self._session, self._store, year)
            self._hold(row, ROUNDS, record, f"{year}年度组织生活会", values, new=made)
        except InvalidInput as error:
            self.result.rejected.append(row.refuse(error))


class ResultImport(_Import):
    """One import of results; the grades of a year are set with it where a day is written and nothing speaks against."""

    def __init__(self, session: Session, store: "Store", result: ImportResult, answers: Answers) -> None:
        super().__init__(session, store, result, answers)
        self._roster = roster_of(store, session)
        self._rounds: dict[int, Round] = {}
        self._decided: dict[int, date] = {}
        self._sheet = ""

    def take(self, row: Row) -> None:
        """Take one row whole, or refuse it."""
        try:
            self._take(row, self._year(row))
        except InvalidInput as error:
            self.result.rejected.append(row.refuse(error))

    def finish(self) -> None:
        """Set the grades of the years whose rows say on which day."""
        self._session.flush()
        for year, on in self._decided.items():
            found = load_round(self._store, self._session, year)
            record = find_round(self._session, self._store.branch_id, year)
            if record is None or record.decided_on is not None:
                continue
            why = found.why_not_decided.replace(" ", "")
            excellent = found.count(AppraisalGrade.EXCELLENT)
            if found.quota.over(excellent):
                why = f"优秀{excellent}名，最多{found.quota.most}名"
            if not why and found.facts.ballots_on is not None and on < found.facts.ballots_on:
                why = "评定日期早于测评日期"
            if why:
                words = f"{year}年度{why}，等次没有定下，请在民主评议里改好再定"
                self.result.warnings.append(Warned(self._sheet, 0, "评定日期", words))
            else:
                record.decided_on = on

    def _take(self, row: Row, year: int) -> None:
        found = self._round(year)
        member = self._roster.find(str(row.get(NAME.name)), found.day, NAME)
        line = found.line(member.id) or Line(member_id=member.id, name=member.name, full=True)
        self._look_at_standing(row, line)
        values = {name: row.get(name) for name in _LINE if row.get(name) is not None}
        if GRADE.name in values and not line.full and not found.rules.rate_probationary:
            raise InvalidInput(GRADE, f"{line.name}是预备党员，参加评议、不评定等次")
        on = row.get("decided_on")
        if on is not None and on > self._store.today:
            raise InvalidInput(RESULTS.column("decided_on"), "在今天之后")
        if found.decided:
            self._leave_settled(row, line, values)
        whole = {name: getattr(line, name, None) for name in ("excused", "fed_back_on", "signed_on", "grade")} | values
        refuse_line(whole, self._store.today)
        if find_round(self._session, self._store.branch_id, year) is None:
            new_round(self._session, self._store, year)
        record = line_of(self._session, self._store, year, member.id)
        self._hold(row, RESULTS, record, line.name, values, new=not line.id)
        self._sums(row, found, line, values)
        if on is not None:
            self._sheet, self._decided[year] = row.sheet, on
        if line.id == "":
            self._session.flush()

    def _round(self, year: int) -> Round:
        if year not in self._rounds:
            self._rounds[year] = load_round(self._store, self._session, year, lines=True)
        return self._rounds[year]

    def _look_at_standing(self, row: Row, line: Line) -> None:
        said = row.get(STANDING.name)
        if said is not None and said is not line.full:
            words = f"名册上是{line.standing}，没有改动"
            self.result.warnings.append(row.warn(STANDING.name, words))

    def _leave_settled(self, row: Row, line: Line, values: dict[str, Any]) -> None:
        """Leave what was set for good, and say where the sheet has something else."""
        kept = {**dict(zip(VOTES, line.votes, strict=True)), GRADE.name: line.grade, "excused": line.excused}
        for name in _SETTLED:
            if name in values and values.pop(name) != kept[name]:
                self.result.warnings.append(row.warn(name, "等次已经定下，没有改动；要改请在民主评议里重新议定"))

    def _sums(self, row: Row, found: Round, line: Line, values: Mapping[str, Any]) -> None:
        """Say where the sums of a row differ from the valid ballots; they are kept as they are."""
        sums = [values.get(name) for name in VOTES]
        if found.facts.valid is None or all(each is None for each in sums):
            return
        wrong = sum(each or 0 for each in sums) - found.facts.valid
        if wrong:
            self.result.warnings.append(row.warn(VOTES[0], f"{line.name}的票数合计差{wrong:+d}票，照表登记"))

"""The list of branches in Excel (支部名单): to which race group and to which county (党总支) each belongs."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from desktop.models.sync import Partner
from desktop.models.vocabulary.access import Act
from desktop.services.branch_overview import branches_of
from desktop.services.errors import InvalidInput, Named
from desktop.services.headquarters import COUNTY, put_branch
from desktop.services.intake.answers import Answers
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking, TakingBook
from desktop.services.race.editions import scheme_in_force
from desktop.services.race.scheme import RaceGroup
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.branch_columns import BRANCH, branch_column, find_branch
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet, SheetColumn
from desktop.services.spreadsheets.text import parse_name, parse_text, plain
from desktop.services.spreadsheets.words import folded
from desktop.services.sync.partners import GROUP, NAME

if TYPE_CHECKING:
    from desktop.services.store import Store


def sheet_of(branches: Sequence[Partner], groups: Sequence[RaceGroup]) -> Sheet:
    """Return the declared columns, with the branches and groups to choose from."""
    names = {group.id: group.name for group in groups}

    def group_of(cell: object, field: Named) -> str:
        said = folded(cell)
        for group in groups:
            short = group.name.partition("（")[0]
            if said in (folded(group.id), folded(group.name), folded(short)):
                return group.id
        raise InvalidInput(field, f"应为以下之一：{'、'.join(names.values())}")

    return Sheet(
        kind="branches",
        title=BranchBook.title,
        keys=(BRANCH.name, NAME.name),
        note="一行一个支部；没有填的格子不改。支部要先邀请，名称在总览里改。",
        columns=(
            replace(branch_column(branches), required=False, width=12, help="支部的代码；没有这一列的按名称找"),
            SheetColumn(NAME.name, NAME.label, parse_text, help="全称；写了代码的只用来看", width=32),
            SheetColumn(
                GROUP.name,
                GROUP.label,
                group_of,
                lambda group: names.get(group, group),
                choices=tuple(names.values()),
                width=28,
            ),
            SheetColumn(COUNTY.name, COUNTY.label, parse_name, help="支部上面的县级局党总支，没有就空着", width=28),
        ),
    )


class BranchBook(TakingBook):
    """Groups and counties of branches in and out of Excel, at headquarters (import kind `branches`)."""

    name = "branches"
    title = "支部名单"
    tables = (Partner.__tablename__,)

    def sheet(self) -> Sheet:
        """Return the declared columns."""
        with self._store.reading() as session:
            return sheet_of(branches_of(session), scheme_in_force(session, self._store.today).groups)

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> "_BranchImport":
        """Begin to hold lines against the branches that are known."""
        return _BranchImport(session, self._store, result, answers)

    def export(self, path: Path) -> int:
        """Write every branch as the sheet that imports again; return how many.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        return self._write(path, self.sheet(), self.rows())

    def rows(self, year: int | None = None) -> Rows:
        """Return every branch, whatever the year."""
        with self._store.reading() as session:
            return [
                {
                    "id": branch.id,
                    "branch": branch.code,
                    NAME.name: branch.name,
                    GROUP.name: branch.group_kind,
                    COUNTY.name: branch.county,
                }
                for branch in branches_of(session)
            ]

    def template(self, path: Path) -> None:
        """Write the sheet to fill in: every branch with what is known of it."""
        tables.template(path, self.sheet(), self.rows())


class _BranchImport(Taking):
    """One import of the list."""

    def __init__(self, session: Session, store: "Store", result: ImportResult, answers: Answers) -> None:
        super().__init__(result, answers)
        self._session, self._today = session, store.today
        self._branches = branches_of(session)
        self._groups = {group.id: group.name for group in scheme_in_force(session, store.today).groups}

    def take(self, row: Row) -> None:
        """Change what a line says otherwise of its branch, or refuse it whole."""
        self.take_whole(self._session, row, self._take)

    def _take(self, row: Row) -> None:
        said = row.get(BRANCH.name) or row.get(NAME.name)
        if said is None:
            raise InvalidInput(BRANCH, "填代码或全称")
        branch = find_branch(said, self._branches)
        self.once(row, branch.org, BRANCH)
        before = (branch.group_kind, branch.county)
        group, county = row.get(GROUP.name), row.get(COUNTY.name)
        after = (str(group or before[0]), plain(county).strip() if county is not None else before[1])
        if after == before:
            self.result.unchanged += 1
            self.kept(row, branch.name)
            return
        put_branch(self._session, branch.org, branch.name, *after, today=self._today)
        was, now = (self._groups.get(each, each) for each in (before[0], after[0]))
        if was != now:
            self.changed(row, branch.name, GROUP.label, was, now, name=GROUP.name)
        if before[1] != after[1]:
            self.changed(row, branch.name, COUNTY.label, before[1], after[1], name=COUNTY.name)
        self._session.flush()
        self.result.updated += 1

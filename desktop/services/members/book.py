"""The workbook of the roster (党员名册): in, out again unchanged, and the empty sheet."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from desktop.models.history import SettingName
from desktop.models.members import Member
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.stores import Use
from desktop.services.intake.answers import Answers
from desktop.services.intake.known import Known
from desktop.services.intake.programs import layouts
from desktop.services.intake.taking import TakingBook
from desktop.services.leaving import leaving
from desktop.services.members.importer import RosterImport
from desktop.services.members.law import member_law
from desktop.services.members.layouts import Line, filled, find_layout, layout_sheet
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.members.sheet import ID_NO, KEPT_AS_TYPED, roster_sheet
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.dates import PartialDate, Precision
from desktop.services.spreadsheets.identity import masked
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet


class RosterBook(TakingBook):
    """The roster of this branch in and out of Excel."""

    name = "members"
    title = "党员名册"
    tables = (Member.__tablename__,)

    def sheet(self) -> Sheet:
        """Return the declared columns of the roster."""
        return roster_sheet(self._store.today)

    def known(self) -> Known:
        """Return the names of members and groups."""
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            names = frozenset(member.name for member in roster.members.values())
            return Known(names=names, groups=tuple(group.name for group in roster.groups.values()))

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> RosterImport:
        """Begin to hold rows against the roster.

        A member is recognised by the ID number, else by name and what does not contradict; what leaves it open is
        asked.
        """
        today = self._store.today
        taker = RosterImport(session, self._store.branch_id, today, member_law(session, today), result, answers)
        taker.expect(result.read)
        return taker

    def layouts(self) -> Mapping[str, str]:
        """Return the orders of other programs in which it can be written: id → label."""
        return layouts(self.name)

    def export(self, path: Path, on: date | None = None, layout: str = "") -> int:
        """Write the roster as of `on` as a workbook that imports again unchanged; return how many members.

        `layout` is the order of another program (`layouts`). It holds whole ID numbers for whoever may look at them,
        else masked ones.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: there is no such order.
        """
        self._store.rights.require(Act.EXPORT)
        day = on or self._store.today
        program = find_layout(layout) if layout else None
        branch = self._store.setting(SettingName.NAME)
        rows = self._rows(day)
        sheet = layout_sheet(program) if program is not None else roster_sheet()
        with leaving(self._store, path):
            count = tables.write(path, sheet, rows, title=f"{branch}{self.title}", on=day)
        told = f"，{program.label}" if program is not None else ""
        self._store.audit(Use.EXPORT, f"{self.title}，{count}行{told}")
        return count

    def rows(self, year: int | None = None) -> Rows:
        """Return the members on the roster at the end of a year, or today; ID numbers as in `export`."""
        today = self._store.today
        return self._rows(today if year is None else min(today, date(year, 12, 31)))

    def _rows(self, day: date) -> Rows:
        branch = self._store.setting(SettingName.NAME)
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            rows = [
                _cells(roster, member, day)
                | filled(Line(roster=roster, member=member, number=number, branch=branch, on=day))
                | {"id": member.id}
                for number, member in enumerate(roster.on(day), start=1)
            ]
        if not self._store.rights.may(Act.IDENTITY):
            for cells in rows:
                cells[ID_NO.name] = masked(str(cells[ID_NO.name] or ""))
        return rows

    def template(self, path: Path) -> None:
        """Write the empty roster to fill in."""
        tables.template(path, roster_sheet())


def _cells(roster: Roster, member: Member, on: date) -> dict[str, object]:
    """Return one line of the exported roster."""
    cells: dict[str, object] = {column.name: getattr(member, column.name) for column in KEPT_AS_TYPED}
    for name, day, precision in (
        ("born_on", member.born_on, member.born_precision),
        ("admitted_on", member.admitted_on, member.admitted_precision),
        ("full_on", member.full_on, member.full_precision),
    ):
        if day is not None:
            cells[name] = PartialDate(day, Precision(precision.value))
    cells["name"] = member.name
    cells["category"] = roster.category(member, on).label
    cells["group"] = roster.group_name(member.group_id) or None
    cells["posts"] = roster.posts_of(member.id, on) or None
    status = roster.status(member, on)
    if status not in (MemberStatus.FULL_MEMBER, MemberStatus.PROBATIONARY):
        cells["standing"] = status.label
    return cells

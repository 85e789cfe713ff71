"""The workbook of the meetings of this branch: in, out again unchanged, and the empty sheet."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.meetings import Meeting
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import AttendanceState
from desktop.services.intake.answers import Answers
from desktop.services.intake.known import Known
from desktop.services.intake.taking import TakingBook
from desktop.services.meetings import keeping
from desktop.services.meetings.as_cells import meeting_cells
from desktop.services.meetings.importer import MeetingImport
from desktop.services.meetings.keeping import Parts
from desktop.services.meetings.reading import held_in
from desktop.services.meetings.rules import MeetingRules
from desktop.services.meetings.sheet import MEETINGS
from desktop.services.members.lookup import roster_of
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet


class MeetingBook(TakingBook):
    """The meetings of this branch in and out of Excel."""

    name = "meetings"
    title = "会议记录"
    tables = (Meeting.__tablename__,)

    def sheet(self) -> Sheet:
        """Return the declared columns of a meeting."""
        return MEETINGS

    def known(self) -> Known:
        """Return the names of members and groups."""
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            names = frozenset(member.name for member in roster.members.values())
            return Known(names=names, groups=tuple(group.name for group in roster.groups.values()))

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> MeetingImport:
        """Begin to hold rows against the meetings, known by kind, date, time and group; confirmed ones never change."""
        return MeetingImport(session, self._store, result, answers)

    def export(self, path: Path) -> int:
        """Write all meetings as a workbook that imports again unchanged; return how many.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        return self._write(path, MEETINGS, self.rows())

    def rows(self, year: int | None = None) -> Rows:
        """Return the meetings held in a year, as the desk shows them, or all, oldest first; none only planned."""
        branch_id, rules = self._store.branch_id, MeetingRules(self._store)
        query = select(Meeting).where(Meeting.branch_id == branch_id, Meeting.deleted_at_utc.is_(None))
        if year is not None:
            query = query.where(held_in(year))
        with self._store.reading() as session:
            every, roster = keeping.load_parts(session, None, branch_id), roster_of(self._store, session)
            joined = query.where(Meeting.id.in_(select(Meeting.joint_with_id)))
            kinds_of = {meeting.id: meeting.kind for meeting in session.scalars(joined)}
            rows: Rows = []
            for meeting in session.scalars(query.order_by(Meeting.held_on, Meeting.started_at, Meeting.id)):
                if not meeting.state.counts:
                    continue
                parts, on = every.get(meeting.id, Parts()), meeting.held_on
                draft = keeping.as_draft(meeting, parts)
                joint = kinds_of.get(meeting.joint_with_id or "")
                cells = meeting_cells(draft, roster, rules.kinds(on), rules.agenda_tags(on), joint)
                cells["due"] = len(parts.attendance)
                cells["present"] = sum(person.state is AttendanceState.PRESENT for person in parts.attendance)
                rows.append(cells | {"id": meeting.id})
        return rows

    def template(self, path: Path) -> None:
        """Write the empty sheet of meetings to fill in."""
        tables.template(path, MEETINGS)

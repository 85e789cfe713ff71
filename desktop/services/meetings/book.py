"""The workbook of the meetings of this branch: in, out again unchanged, and the empty sheet."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.history import SettingName
from desktop.models.meetings import Meeting
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import AttendanceState
from desktop.models.vocabulary.stores import Use
from desktop.services.intake import files
from desktop.services.intake.answers import Answers
from desktop.services.leaving import leaving
from desktop.services.meetings import keeping
from desktop.services.meetings.importer import MeetingImport, meeting_cells
from desktop.services.meetings.keeping import Parts
from desktop.services.meetings.rules import MeetingRules
from desktop.services.meetings.sheet import MEETINGS
from desktop.services.members.lookup import roster_of
from desktop.services.progress import Progress, silent
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Sheet

if TYPE_CHECKING:
    from desktop.services.spreadsheets.workbook import Workbook
    from desktop.services.store import Store


class MeetingBook:
    """The meetings of this branch in and out of Excel."""

    name = "meetings"
    title = "会议记录"

    def __init__(self, store: "Store") -> None:
        self._store = store

    def import_file(
        self,
        source: "Path | Workbook",
        *,
        answers: Answers | None = None,
        dry_run: bool = False,
        progress: Progress = silent,
    ) -> ImportResult:
        """Take a workbook of meetings: new ones are recorded, present ones updated where they differ.

        A meeting is recognised by kind, date, time and group. Good rows are kept together, refused ones reported.
        A confirmed meeting is never changed.

        Raises:
            InvalidInput: the file cannot be read as meetings.
            Cancelled: nothing is kept.
        """
        sheet_rows = files.read(source, self.sheet(), answers)
        result = sheet_rows.result(dry_run)
        with self._store.unit_of_work("从 Excel 导入会议记录") as session:
            work = MeetingImport(session, self._store, result)
            with session.no_autoflush:
                for done, row in enumerate(sheet_rows.rows, start=1):
                    work.take(row)
                    progress(done, len(sheet_rows.rows))
            if dry_run:
                session.rollback()
        result.rejected.sort(key=lambda refused: (refused.sheet, refused.row))
        return result

    def sheet(self) -> Sheet:
        """Return what people fill in."""
        return MEETINGS

    def export(self, path: Path) -> int:
        """Write all meetings as a workbook that imports again unchanged; return how many.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        branch_id, rules = self._store.branch_id, MeetingRules(self._store)
        query = select(Meeting).where(Meeting.branch_id == branch_id, Meeting.deleted_at_utc.is_(None))
        with self._store.reading() as session:
            every, roster = keeping.load_parts(session, None, branch_id), roster_of(self._store, session)
            rows = []
            for meeting in session.scalars(query.order_by(Meeting.held_on, Meeting.started_at, Meeting.id)):
                if not meeting.state.counts:
                    continue
                parts, on = every.get(meeting.id, Parts()), meeting.held_on
                draft = keeping.as_draft(meeting, parts)
                cells = meeting_cells(draft, roster, rules.kinds(on), rules.agenda_tags(on))
                cells["due"] = len(parts.attendance)
                cells["present"] = sum(person.state is AttendanceState.PRESENT for person in parts.attendance)
                rows.append(cells)
        title = f"{self._store.setting(SettingName.NAME)}{self.title}"
        with leaving(self._store, path):
            count = tables.write(path, MEETINGS, rows, title=title, on=self._store.today)
        self._store.audit(Use.EXPORT, f"{self.title}，{count}行")
        return count

    def template(self, path: Path) -> None:
        """Write the empty sheet of meetings to fill in."""
        tables.template(path, MEETINGS)

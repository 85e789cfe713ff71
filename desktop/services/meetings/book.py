"""The workbook of the meetings of this branch."""

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.vocabulary import Use
from desktop.services.meetings.service import MeetingService
from desktop.services.progress import Progress, silent
from desktop.services.spreadsheets.results import ImportResult

if TYPE_CHECKING:
    from desktop.services.store import Store


class MeetingBook:
    """Meetings in and out of Excel."""

    name = "meetings"
    title = "会议记录"

    def __init__(self, store: "Store") -> None:
        self._store, self._meetings = store, MeetingService(store)

    def import_file(self, path: Path, *, dry_run: bool = False, progress: Progress = silent) -> ImportResult:
        """Take a workbook of meetings: new ones are recorded, present ones updated where they differ."""
        return self._meetings.import_file(path, dry_run=dry_run, progress=progress)

    def export(self, path: Path) -> int:
        """Write all meetings as a workbook that imports again unchanged; return how many."""
        count = self._meetings.export(path)
        self._store.audit(Use.EXPORT, self.title)
        return count

    def template(self, path: Path) -> None:
        """Write the empty sheet to fill in."""
        self._meetings.template(path)

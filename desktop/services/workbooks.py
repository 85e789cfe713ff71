"""Every kind of Excel workbook that goes in or out, by its name: the one table of the command line and the window."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.models.vocabulary import StoreKind
from desktop.services.errors import NotFound
from desktop.services.progress import Progress, silent
from desktop.services.spreadsheets.tables import ImportResult

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class WorkbookKind:
    """One kind of workbook: its name on the command line, its 中文 title, and the store it belongs to."""

    name: str
    title: str
    store: StoreKind


class Workbooks:
    """Import, export and template of every kind, for one store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def kinds(self) -> tuple[WorkbookKind, ...]:
        """Return the kinds that belong to this store, in an order in which they can be imported."""
        if self._store.is_headquarters:
            return (
                WorkbookKind("ratings", "质量评定", StoreKind.HEADQUARTERS),
                WorkbookKind("race_inputs", "赛马数据", StoreKind.HEADQUARTERS),
            )
        own = (
            WorkbookKind("members", "党员名册", StoreKind.BRANCH),
            WorkbookKind("meetings", "会议记录", StoreKind.BRANCH),
        )
        from desktop.services.registers import RegisterService

        registers = RegisterService(self._store).by_dependence()
        return own + tuple(WorkbookKind(one.kind, one.title, StoreKind.BRANCH) for one in registers)

    def import_file(
        self,
        kind: str,
        path: Path,
        *,
        dry_run: bool = False,
        progress: Progress = silent,
    ) -> ImportResult:
        """Take a workbook of `kind`; good rows are kept, bad ones reported."""
        self._check(kind)
        result: ImportResult = self._service(kind, "import")(path, dry_run=dry_run, progress=progress)
        return result

    def export(self, kind: str, path: Path) -> int:
        """Write everything of `kind` as a workbook that imports again; return how many rows."""
        self._check(kind)
        return int(self._service(kind, "export")(path))

    def template(self, kind: str, path: Path) -> None:
        """Write the empty sheet of `kind`."""
        self._check(kind)
        self._service(kind, "template")(path)

    def _check(self, kind: str) -> None:
        if kind not in {one.name for one in self.kinds()}:
            raise NotFound(what="这种数据目录里的表格种类", name=kind)

    def _service(self, kind: str, verb: str) -> Callable[..., Any]:
        """Return what does `verb` (import, export, template) for `kind`."""
        verbs: dict[str, Callable[..., Any]]
        if kind == "members":
            from desktop.services.members import MemberService

            members = MemberService(self._store)
            verbs = {"import": members.import_roster, "export": members.export, "template": members.template}
            return verbs[verb]
        if kind == "meetings":
            from desktop.services.meetings import MeetingService

            meetings = MeetingService(self._store)
            verbs = {"import": meetings.import_file, "export": meetings.export, "template": meetings.template}
            return verbs[verb]
        if kind == "ratings":
            from desktop.services.standards.ratings import RatingService

            ratings = RatingService(self._store)
            verbs = {"import": ratings.import_file, "export": ratings.export, "template": ratings.template}
            return verbs[verb]
        if kind == "race_inputs":
            from desktop.services.race.inputs import RaceInputImporter

            race = RaceInputImporter(self._store)
            verbs = {"import": race.import_file, "export": race.export, "template": race.template}
            return verbs[verb]
        from functools import partial

        from desktop.services.registers import RegisterService

        registers = RegisterService(self._store)
        verbs = {"import": registers.import_file, "export": registers.export, "template": registers.template}
        return partial(verbs[verb], kind)

"""Every kind of Excel workbook that goes in or out: what one is, and which ones a store has."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from desktop.services import registers
from desktop.services.appraisal.book import ResultBook, RoundBook
from desktop.services.branch_book import BranchBook
from desktop.services.branch_list import BranchList
from desktop.services.development.book import DevelopmentBook
from desktop.services.dues.book import AssessmentBook, LedgerBook
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.improvement.learned import EVENT, learned_column
from desktop.services.intake.answers import Answers
from desktop.services.intake.taking import Looked
from desktop.services.meetings.book import MeetingBook
from desktop.services.members import RosterBook
from desktop.services.members.layouts import LAYOUT
from desktop.services.points.workbook import ClaimBook
from desktop.services.progress import Progress, silent
from desktop.services.race.sheet import RaceInputImporter
from desktop.services.sampling.book import SampleBook
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet
from desktop.services.standards.rating_book import RatingBook, SelfRatingBook
from desktop.services.transferring.listing import OrderList
from desktop.services.year_plan.book import PlanBook

if TYPE_CHECKING:
    from desktop.services.spreadsheets.workbook import Workbook
    from desktop.services.store import Store


L = TypeVar("L", bound="Listed")
BESIDE: Mapping[str, registers.Beside] = {EVENT: learned_column}
"""What others say of the rows of a register, by its kind."""


class Book(Protocol):
    """One kind of workbook of one store, for the command line and the window alike."""

    @property
    def name(self) -> str:
        """What the command line calls it; for a register its kind."""

    @property
    def title(self) -> str:
        """What people call it."""

    def sheet(self) -> Sheet:
        """Return the declared columns."""

    def look(self, source: "Path | Workbook", answers: Answers | None = None) -> Looked:
        """Return how a file is understood, changing nothing."""

    def import_file(
        self,
        source: "Path | Workbook",
        *,
        answers: Answers | None = None,
        dry_run: bool = False,
        remember: bool = True,
        progress: Progress = silent,
    ) -> ImportResult:
        """Take a workbook; good rows are kept, bad ones reported, a dry run keeps nothing."""

    def export(self, path: Path) -> int:
        """Write everything as a workbook that imports again; return how many rows. The use is noted (使用记录)."""

    def rows(self, year: int | None = None) -> Rows:
        """Return what there is (of a year) by the names of the columns, with the `id` where a line is one record."""

    def template(self, path: Path) -> None:
        """Write the empty sheet to fill in."""


class Exported(NamedTuple):
    """What an export wrote: how many rows, and how many it left out because they are restricted (内部掌握)."""

    rows: int
    withheld: int = 0


def export(store: "Store", name: str, path: Path, layout: str = "") -> Exported:
    """Write everything of a kind, the roster also in the order of another program; say what was left out.

    Raises:
        NotFound: this store has no workbook of that name.
        NotAllowed: the roles of who works here do not reach so far.
        InvalidInput: the kind is not written in such an order.
    """
    sent = next((each for each in registers.sent_books(store, BESIDE) if each.name == name), None)
    found = book(store, name) if sent is None else sent
    if not layout:
        rows = found.export(path)
        return Exported(rows, found.withheld() if isinstance(found, registers.RegisterBook) else 0)
    if not isinstance(found, RosterBook):
        raise InvalidInput(LAYOUT, f"只有{RosterBook.title}可以选")
    return Exported(found.export(path, layout=layout))


class Listed(Protocol):
    """One kind of lines that can be looked at by its columns, as a workbook or otherwise."""

    @property
    def name(self) -> str:
        """What the command line calls it."""

    @property
    def title(self) -> str:
        """What people call it."""

    def sheet(self) -> Sheet:
        """Return the declared columns."""

    def rows(self, year: int | None = None) -> Rows:
        """Return what there is (of a year) by the names of the columns, with the `id` where a line is one record."""


def lists(store: "Store") -> tuple[Listed, ...]:
    """Return all that can be listed here: every workbook, and what nobody types."""
    above = (BranchList(store),) if store.is_headquarters else ()
    return (*books(store), *above, OrderList(store), *registers.sent_books(store, BESIDE))


def books(store: "Store") -> tuple[Book, ...]:
    """Return the workbooks of this store, in an order in which they can be imported."""
    if store.is_headquarters:
        return (
            BranchBook(store),
            RatingBook(store),
            RaceInputImporter(store),
            SampleBook(store),
            *registers.books(store, BESIDE),
        )
    return (
        RosterBook(store),
        MeetingBook(store),
        PlanBook(store),
        DevelopmentBook(store),
        *registers.books(store, BESIDE),
        AssessmentBook(store),
        LedgerBook(store),
        SelfRatingBook(store),
        RoundBook(store),
        ResultBook(store),
        ClaimBook(store),
    )


def book(store: "Store", name: str) -> Book:
    """Return the workbook called `name`.

    Raises:
        NotFound: this store has none of that name.
    """
    return _called(books(store), name)


def listed(store: "Store", name: str) -> Listed:
    """Return what can be listed by `name`.

    Raises:
        NotFound: this store has nothing of that name.
    """
    return _called(lists(store), name)


def lines(store: "Store", name: str, year: int | None = None) -> tuple[Sheet, Rows]:
    """Return the columns of what can be listed by `name` as an export has them, and its lines of a year, or all.

    Raises:
        NotFound: this store has nothing of that name.
        NotAllowed: the roles of who works here do not reach so far.
    """
    found = listed(store, name)
    return found.lines(year) if isinstance(found, registers.RegisterBook) else (found.sheet(), found.rows(year))


def _called(candidates: Iterable[L], name: str) -> L:
    for candidate in candidates:
        if candidate.name == name:
            return candidate
    raise NotFound(what="这种数据文件夹里的表格种类", name=name)

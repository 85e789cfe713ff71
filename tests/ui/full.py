"""The fullest stores there are for window tests: the sample branch with every workbook, and its headquarters."""

import functools
import shutil
import tempfile
from pathlib import Path

from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.improvement.from_race import take_result
from desktop.services.opening import create_store, open_store
from desktop.services.race.closing import ClosingService
from desktop.services.race.service import RaceService
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.workbooks import book, books
from tests.stores import CHEAP, LOGIN, NAMES, PASSWORD, clock_at

AT, ENROLLED = "2026-10-12 09:00", "2026-01-05 09:00"
PERIOD = "2026Q3"
CODE, SAMPLE = "ZK04", "huaiyang"
FILES = {"members": "roster"}


def make(folder: Path, kind: StoreKind) -> Store:
    """Return a new store with a uid of its own."""
    return create_store(folder, kind, NAMES[kind], LOGIN, PASSWORD, cost=CHEAP, clock=clock_at(AT)).store


def enrol(headquarters: Store, branch: Store, files: Path, code: str = CODE) -> None:
    """Make both known to each other, since the beginning of the year: every quarter of it is owed."""
    files.mkdir(parents=True, exist_ok=True)
    headquarters.clock = branch.clock = clock_at(ENROLLED)
    invitation = EnrolmentService(headquarters).invite(code, NAMES[StoreKind.BRANCH], "mixed", files)
    registration = EnrolmentService(branch).accept_invitation(invitation.path).confirm(files)
    EnrolmentService(headquarters).accept_registration(registration.path).confirm()
    headquarters.clock = branch.clock = clock_at(AT)


def fill(branch: Store) -> None:
    """Import every sample workbook of one branch."""
    samples = resource(f"samples/{SAMPLE}")
    for workbook in books(branch):
        path = samples / f"{FILES.get(workbook.name, workbook.name)}.xlsx"
        if path.is_file():
            workbook.import_file(path)


@functools.cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="branch-desk-full-"))
    headquarters, branch = (
        make(folder / "headquarters", StoreKind.HEADQUARTERS),
        make(folder / "branch", StoreKind.BRANCH),
    )
    with headquarters, branch:
        fill(branch)
        enrol(headquarters, branch, folder / "files")
        packed = Sender(branch).pack(folder / "files", PERIOD)
        Receiver(headquarters).receive([packed.file])
        for kind in ("ratings", "race_inputs"):
            book(headquarters, kind).import_file(resource(f"samples/headquarters/{kind}.xlsx"))
        race = RaceService(headquarters)
        ClosingService(headquarters).close(PERIOD)
        race.score(PERIOD)
        race.publish(PERIOD)
        for answer in Sender(headquarters).answer(None, folder / "files"):
            Receiver(branch).receive([answer.file])
        take_result(branch)
    return folder


def template(kind: StoreKind) -> Path:
    """Return the full store of this kind, closed: not to be opened, but copied."""
    return _made() / kind.value


def full_store(folder: Path, kind: StoreKind = StoreKind.BRANCH) -> Store:
    """Return an open copy of the full store of this kind."""
    shutil.copytree(template(kind), folder)
    return open_store(folder, PASSWORD, LOGIN, clock=clock_at(AT))

"""One packing or receiving at a time in a store, and an orderly end for one that a crash interrupted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.attachments import StoredFile
from desktop.models.sync import SyncPackage
from desktop.services.errors import PackageRefused, StorageFailure
from desktop.services.files import FilePort
from desktop.services.progress import Progress
from desktop.services.sync.boxes import Boxes

if TYPE_CHECKING:
    from desktop.services.store import Store


WHOLE = 1000
"""What a progress that tells thousandths is told for one package."""


@contextmanager
def alone(store: "Store") -> Iterator[None]:
    """Let one packing or receiving run at a time in `store`.

    Raises:
        PackageRefused: E-BUSY; another one runs.
    """
    if not store.exchanging.acquire(blocking=False):
        raise PackageRefused("E-BUSY")
    try:
        yield
    finally:
        store.exchanging.release()


def recover(store: "Store", port: FilePort | None = None) -> None:
    """Finish or drop what an interrupted packing or receiving left behind.

    Raises:
        PackageRefused: E-BUSY; packages are being written or read now.
    """
    boxes = Boxes(store.folder, port or FilePort())
    with alone(store):
        finish_packing(store, boxes)
        finish_receiving(store, boxes)


def finish_packing(store: "Store", boxes: Boxes) -> None:
    """Give packages that were noted before a crash their names, and delete the others."""
    if boxes.parts():
        with store.reading() as session:
            names = {row.package_hash: row.file_name for row in session.scalars(select(SyncPackage))}
        boxes.finish_outbox(names)


def finish_receiving(store: "Store", boxes: Boxes) -> None:
    """Delete copies that were not looked at, and keep of the attachments those that the database knows.

    Raises:
        StorageFailure: the disk still refuses: what the database knows is in doubt.
    """
    boxes.clear_inbox()
    if store.in_doubt and not store.settled():
        raise StorageFailure("E-DISK", file=store.folder.name, in_doubt=True)
    staged = store.att.staged()
    if staged:
        with store.reading() as session:
            named = set(session.scalars(select(StoredFile.id).where(StoredFile.id.in_(staged))))
        store.att.settle(named)


def steps(progress: Progress, count: int) -> Iterator[Progress]:
    """Give a progress for each of `count` steps; together they tell thousandths."""
    for index in range(max(count, 1)):

        def tell(done: int, total: int, index: int = index) -> None:
            progress(index * WHOLE + done * WHOLE // max(total, 1), max(count, 1) * WHOLE)

        yield tell

"""The archive in a process of its own: the window stays quick, and reportlab's fonts stay out of it."""

import contextlib
import multiprocessing
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.rights import Rights
from desktop.services.archive.workshop import sweep
from desktop.services.errors import AppError, Cancelled
from desktop.services.looking import Look
from desktop.services.progress import Progress, silent
from desktop.services.sync.branch_store import BranchStore, Shown

if TYPE_CHECKING:
    from desktop.services.archive.rows import Archive
    from desktop.services.store import Store

_LOOK_SECONDS = 0.1  # between two looks at whether to stop
_PATIENCE_SECONDS = 10.0  # for the child to tidy up before it is ended


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """Everything the child needs. It travels through a pipe: the key is in no argument and no environment."""

    folder: Path
    look: Look | None
    key: bytes
    kind: StoreKind
    org: str
    actor: str
    rights: Rights
    shown: Shown | None
    moment: datetime
    year: int
    to: Path
    on: date | None
    branch_id: str | None
    substitute: bool


class ChildFailed(RuntimeError):
    """The child met a defect; the message is its traceback."""


def build_in_child(
    store: "Store",
    year: int,
    to: Path,
    on: date | None = None,
    progress: Progress = silent,
    *,
    branch_id: str | None = None,
    substitute: bool = False,
) -> "Archive":
    """Build an archive like `build_volumes`, in a child process that reads the same store.

    `progress` is called again and again, also while nothing new is done, and stops the child by raising.

    Raises:
        What `build_volumes` raises.
        ChildFailed: a defect, or the child was killed.
    """
    scratch, lender = store.scratch, store.lender
    job = _Job(
        folder=lender.folder,
        look=None if lender.look is None else lender.look.lent(),
        key=lender.key,
        kind=lender.kind,
        org=lender.org,
        actor=lender.actor,
        rights=lender.rights,
        shown=store.shown if isinstance(store, BranchStore) else None,
        moment=store.clock(),
        year=year,
        to=to,
        on=on,
        branch_id=branch_id,
        substitute=substitute,
    )
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), name="archive", daemon=True)
    process.start()
    theirs.close()
    done, total = 0, 1
    try:
        with _answering():
            ours.send(job)
        while True:
            with _answering():
                answered = ours.poll(_LOOK_SECONDS)
                if not answered and not process.is_alive():
                    answered = ours.poll()  # what it said last
                    if not answered:
                        raise EOFError  # it ended before it took its end of the pipe, which Windows then keeps open
            if not answered:
                progress(done, total)
                continue
            with _answering():
                word, value = ours.recv()
            if word == "progress":
                done, total = value
                progress(done, total)
            elif word == "done":
                archive: Archive = value
                return archive
            elif word == "refused":
                raise _revived(*value)
            else:
                raise ChildFailed(value)
    finally:
        _end(process, ours)
        sweep(scratch)


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """Say of a child that is gone just that, however its pipe tells it."""
    try:
        yield
    except (EOFError, ConnectionError) as error:
        raise ChildFailed("the archive process ended without an answer") from error


def _end(process: Any, ours: Connection) -> None:
    """Ask the child to stop, wait for it, and end it if it does not listen."""
    with contextlib.suppress(OSError):  # it is gone already
        ours.send("stop")
    process.join(_PATIENCE_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
    ours.close()
    process.close()


def _revived(kind: type[AppError], arguments: tuple[Any, ...], values: dict[str, Any]) -> AppError:
    """Return a refusal of the child as the same error here: their constructors take names, which pickle does not."""
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(values)
    return error


def _work(connection: Connection) -> None:
    """The child: take the job, build, answer."""
    try:
        job: _Job = connection.recv()
        connection.send(("done", _build(job, connection)))
    except AppError as error:
        _answer(connection, "refused", (type(error), error.args, error.__dict__))
    except Exception:  # noqa: BLE001 - the parent reports it as the defect it is
        _answer(connection, "defect", traceback.format_exc())
    finally:
        connection.close()


def _answer(connection: Connection, word: str, value: Any) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more
        connection.send((word, value))


def _build(job: _Job, connection: Connection) -> "Archive":
    from desktop.services.archive.volumes import build_volumes
    from desktop.services.security.lock import StoreLock
    from desktop.services.security.vault import Vault
    from desktop.services.store import Store

    class Borrowed(StoreLock):
        """The lock of a store that the parent holds for us."""

        def __init__(self) -> None:
            self.was_unclean = self._held = False

    def told(done: int, total: int) -> None:
        if connection.poll():
            raise Cancelled
        connection.send(("progress", (done, total)))

    vault, moment = Vault.open(job.folder), job.moment
    with Store(job.folder, job.key, vault, Borrowed(), job.actor, lambda: moment, look=job.look) as store:
        store.kind, store.org, store.rights = job.kind, job.org, job.rights
        read = store if job.shown is None else BranchStore(store, job.shown)
        return build_volumes(read, job.year, job.to, job.on, told, branch_id=job.branch_id, substitute=job.substitute)

"""Several files attached at once: a bad file is named with its reason, and does not lose the others."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.services.attachments.service import AttachmentRow, AttachmentService, size_of
from desktop.services.errors import AppError, Cancelled, InvalidInput
from desktop.services.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not attached, and why."""

    path: Path
    error: AppError


def refused_at_once(paths: Sequence[Path]) -> tuple[Refused, ...]:
    """Return which files cannot be attached whatever is in them: gone, empty, too large. Reads none of them."""
    found = list[Refused]()
    for path in paths:
        try:
            size_of(path)
        except InvalidInput as error:
            found.append(Refused(path, error))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Attached:
    """What became of the files: attached, refused, or left because the user stopped before them."""

    rows: tuple[AttachmentRow, ...]
    refused: tuple[Refused, ...] = ()
    left: tuple[Path, ...] = ()


def attach_several(
    service: AttachmentService,
    record_kind: str,
    record_id: str,
    paths: Sequence[Path],
    *,
    evidence_kind: str | None = None,
    confirmed: bool = False,
    progress: Progress = silent,
) -> Attached:
    """Attach the files at `paths` to a record, each an action of its own; `progress` is told bytes done and all.

    A `Cancelled` of `progress` ends it where it is: what is attached stays, the rest is `left`.

    Raises:
        StorageFailure: nobody knows whether the last file counts; nothing is tried after it.
    """
    sizes = [_size(path) for path in paths]
    rows: list[AttachmentRow] = []
    refused: list[Refused] = []
    for number, path in enumerate(paths):

        def told(done: int, _total: int, before: int = sum(sizes[:number])) -> None:
            progress(before + done, sum(sizes))

        try:
            rows.append(
                service.attach(
                    record_kind, record_id, path, evidence_kind=evidence_kind, confirmed=confirmed, progress=told
                )
            )
        except Cancelled:
            return Attached(tuple(rows), tuple(refused), tuple(paths[number:]))
        except AppError as error:
            if error.facts.get("in_doubt"):
                raise
            refused.append(Refused(path, error))
    return Attached(tuple(rows), tuple(refused))


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):  # `attach` says what is wrong with it
        return path.stat().st_size
    return 0

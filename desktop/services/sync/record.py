"""The record of receipts (收包记录): every package that came in, and every file that was not taken, with the reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from desktop.models.sync import ReceivedPackage, RefusedFile
from desktop.services.clock import utc_text
from desktop.services.errors import AppError, PackageRefused
from desktop.services.sync import streams
from desktop.services.sync.boxes import Boxes
from desktop.services.sync.protocol import Decision
from desktop.services.sync.results import ReceivedRow, Result

if TYPE_CHECKING:
    from desktop.services.store import Store

AGAIN = {"E-SCHEMA-NEWER", Decision.FORK.value}
"""Packages refused for these reasons are kept: a newer program or an operator may take them after all."""

KEPT = 300
"""So many files that were not taken are remembered, the newest."""

_PLAIN = (str, int, list, type(None))


@dataclass(slots=True)
class Learned:
    """What is known of a file so far; a refusal says it too.

    `sender`, `sender_name` and `seq` are proven, what it `claims` is not. `noted`: the protocol remembers it, with its
    reason.
    """

    sha256: str = ""
    sender: str = ""
    sender_name: str = ""
    seq: int | None = None
    package_hash: str = ""
    claims: str = ""
    noted: bool = False

    def refused(self, file: Path, error: AppError) -> Result:
        """Return what became of a file that was not taken."""
        return Result(
            file=file,
            code=error.code,
            sender=self.sender,
            sender_name=self.sender_name,
            seq=self.seq,
            package_hash=self.package_hash,
            facts={name: value for name, value in error.facts.items() if name not in ("file", "code")},
        )

    def look(self, file: Path, error: PackageRefused, came_as: Path | None = None) -> PackageRefused:
        """Read who a file that is not proven claims to be from, as far as it can be read at all; return its refusal,
        with what it is if it is a file of ours that goes elsewhere.
        """
        from desktop.services.sync.package_reader import peek  # brings cryptography, which lists do without
        from desktop.services.sync.told_kind import as_given

        try:
            header, _ = peek(file)
        except (PackageRefused, OSError):
            return as_given(error, file, came_as)
        self.claims = f"{header.sender.called}（未核实）"
        return as_given(error, file, came_as)


def facts_of(error: PackageRefused) -> dict[str, object]:
    """Return the facts of a refusal as they can be kept; the name of the file stands beside them."""
    facts = {name: value for name, value in error.facts.items() if name not in ("file", "code")}
    return {name: value if isinstance(value, _PLAIN) else str(value) for name, value in facts.items()}


def note_refused(store: "Store", file: Path, learned: Learned, error: PackageRefused) -> None:
    """Remember a file that was not taken, unless the protocol does; the same once more takes the place of before."""
    if learned.noted:
        return
    same = [RefusedFile.sha256 == learned.sha256, RefusedFile.code == error.code]
    if not learned.sha256:  # too large to be read through: only its name says which file it was
        same.append(RefusedFile.file_name == file.name[:200])
    with store.unit_of_work("退回数据包") as session:
        session.execute(delete(RefusedFile).where(*same))
        session.add(
            RefusedFile(
                file_name=file.name[:200],
                sha256=learned.sha256,
                sender=(learned.sender or learned.claims)[:120],
                seq=learned.seq,
                package_hash=learned.package_hash or None,
                code=error.code,
                facts=facts_of(error),
                refused_at_utc=utc_text(store.clock()),
            )
        )
        session.flush()
        newest = select(RefusedFile.id).order_by(RefusedFile.id.desc()).limit(KEPT)
        session.execute(delete(RefusedFile).where(RefusedFile.id.not_in(newest)))


def history(session: Session, boxes: Boxes) -> list[ReceivedRow]:
    """Return what came in and what was not taken, newest first."""
    names = streams.partner_names(session)
    rows = [*_packages(session, boxes, names), *_files(session, streams.partner_codes(session))]
    return sorted(rows, key=lambda row: row.received_at_utc, reverse=True)


def _packages(session: Session, boxes: Boxes, names: Mapping[str, str]) -> Iterator[ReceivedRow]:
    for package in session.scalars(select(ReceivedPackage).order_by(streams.NEWEST_FIRST)):
        yield ReceivedRow(
            id=package.id,
            package_hash=package.package_hash,
            sender=names.get(package.sender, ""),
            seq=package.seq,
            period=package.period,
            code=package.code,
            accepted=package.accepted,
            held=package.code in AGAIN and boxes.holds(package.package_hash),
            received_at_utc=package.received_at_utc,
            counts=package.counts,
            file_name=package.file_name,
            facts=package.facts or {},
        )


def _files(session: Session, names: Mapping[str, str]) -> Iterator[ReceivedRow]:
    for file in session.scalars(select(RefusedFile).order_by(RefusedFile.id.desc())):
        yield ReceivedRow(
            id=file.id,
            package_hash=file.package_hash or "",
            sender=names.get(file.sender, file.sender),
            seq=file.seq,
            period=None,
            code=file.code,
            accepted=False,
            held=False,
            received_at_utc=file.refused_at_utc,
            counts={},
            file_name=file.file_name,
            facts=file.facts,
        )

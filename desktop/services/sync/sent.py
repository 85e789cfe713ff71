"""The packages of ours and what became of them: which were handed over, and which wait for a receipt."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.sync import SyncPackage
from desktop.models.vocabulary.stores import PackageState
from desktop.services.clock import local
from desktop.services.files import FilePort
from desktop.services.reminders import reminders
from desktop.services.sync import streams
from desktop.services.sync.boxes import Boxes
from desktop.services.sync.package_format import Kind
from desktop.services.sync.results import SentRow

if TYPE_CHECKING:
    from desktop.services.store import Store

BY_MOMENT = SyncPackage.built_at_utc.desc(), SyncPackage.seq.desc(), SyncPackage.id.desc()
"""The newest first, by the moment people read beside a package; an id tells when the machine thought it was."""


def sent_packages(store: "Store") -> list[SentRow]:
    """Return the packages of ours, newest first."""
    boxes = Boxes(store.folder, FilePort())
    with store.reading() as session:
        names = streams.partner_names(session)
        packages = session.scalars(select(SyncPackage).order_by(*BY_MOMENT))
        return [_row(package, names.get(package.partner, ""), boxes) for package in packages]


def unanswered(store: "Store") -> SentRow | None:
    """Return the newest package that was handed over long ago and has no receipt yet, if there is one."""
    found = (row for row in sent_packages(store) if row.state is PackageState.COPIED and row.copied_at_utc)
    waiting = next(found, None)
    if waiting is None or waiting.copied_at_utc is None:
        return None
    days = (store.clock() - local(waiting.copied_at_utc, store.clock)).days
    return waiting if days >= reminders().receipt_days else None


def unreceived(store: "Store", days: int = 0) -> list[SentRow]:
    """Headquarters: return the newest feedback of each branch that waits for a receipt since `days` or longer."""
    waiting: dict[str, list[SyncPackage]] = {}
    of_state = SyncPackage.kind == Kind.FEEDBACK.value, SyncPackage.state == PackageState.COPIED
    boxes, now, clock = Boxes(store.folder, FilePort()), store.clock(), store.clock
    with store.reading() as session:
        names = streams.partner_names(session)
        for package in session.scalars(select(SyncPackage).where(*of_state).order_by(SyncPackage.seq)):
            waiting.setdefault(package.partner, []).append(package)
        return [
            _row(packages[-1], names.get(partner, ""), boxes)
            for partner, packages in waiting.items()
            if (now - local(packages[0].copied_at_utc or packages[0].built_at_utc, clock)).days >= days
        ]


def _row(package: SyncPackage, partner: str, boxes: Boxes) -> SentRow:
    file = boxes.outbox / package.file_name
    return SentRow(
        package_hash=package.package_hash,
        partner=partner,
        seq=package.seq,
        kind=package.kind,
        period=package.period,
        state=package.state,
        code=package.answer_code,
        built_at_utc=package.built_at_utc,
        copied_at_utc=package.copied_at_utc,
        copied_to=package.copied_to,
        answered_at_utc=package.answered_at_utc,
        attachments=len(package.blobs),
        size_bytes=package.size_bytes,
        file=file,
        here=file.is_file(),
    )

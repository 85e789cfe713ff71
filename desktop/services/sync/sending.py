"""Packages out: a branch reports its whole state, headquarters answers, or hands a branch back what it has lost.

All are one mechanism: pack the rows one owns, with a receipt for what came in; note it; copy it and read it back.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop import __version__
from desktop.models import schema
from desktop.models.attachments import Attachment
from desktop.models.base import Travel
from desktop.models.branches import Branch
from desktop.models.history import SettingName
from desktop.models.sync import SyncPackage
from desktop.models.vocabulary.stores import PackageState, Use
from desktop.services import volumes
from desktop.services.attachments import called
from desktop.services.clock import local, utc_text
from desktop.services.errors import Input, InvalidInput, NotFound, PackageRefused, StorageFailure
from desktop.services.files import FilePort
from desktop.services.progress import Progress, silent
from desktop.services.security.keys import Identity
from desktop.services.sync import package_header, package_names, protocol, rows, streams, usb
from desktop.services.sync.boxes import Boxes
from desktop.services.sync.contents import contents_of
from desktop.services.sync.installation import identity_of, own_party, own_settings
from desktop.services.sync.package_format import Kind
from desktop.services.sync.package_header import Addressee, Header, Party, Stream
from desktop.services.sync.receipts import receipt_for, setting, wanted_of_us
from desktop.services.sync.results import Packed, SentRow
from desktop.services.sync.sense import sound
from desktop.services.sync.stale import stale_local
from desktop.services.sync.streams import Peer
from desktop.services.sync.turns import alone, finish_packing, steps

if TYPE_CHECKING:
    from pyrage.x25519 import Recipient

    from desktop.services.files import Readable
    from desktop.services.store import Store
    from desktop.services.sync.package_writer import Blob

PERIOD = Input("period", "申报期")
REMIND_DAYS = 30
"""After so many days without a receipt the branch is reminded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """What is to be sent to whom: the rows of `org` that travel `way`. `code`: the branch's, for names of files."""

    peer: Peer
    kind: Kind
    way: Travel
    org: str
    code: str
    period: str | None = None


class _Target:
    """A folder, often on a stick, that packages are copied to: looked at and swept once, at the first of them."""

    def __init__(self, folder: Path, port: FilePort) -> None:
        self.folder, self._port = folder, port

    @cached_property
    def _volume(self) -> volumes.Volume | None:
        usb.sweep(self.folder, self._port)
        return volumes.holding(self.folder, volumes.sticks())

    @property
    def label(self) -> str:
        """What people call it."""
        return (self._volume.label if self._volume is not None else str(self.folder))[:80]

    def copy(self, file: Path, progress: Progress) -> usb.Copied:
        """Copy a package and read it back.

        Raises:
            StorageFailure: E-USB-…, E-DISK-…; the package stays in the outbox, and the fact `packed` says so.
        """
        try:
            return usb.copy_verified(file, self.folder, progress, self._port, self._volume)
        except StorageFailure as error:
            error.facts["packed"] = True
            raise


class Sender:
    """Packages out of one store, for a branch and for headquarters alike."""

    def __init__(self, store: "Store", port: FilePort | None = None) -> None:
        self._store = store
        self._port = port or FilePort()
        self._boxes = Boxes(store.folder, self._port)

    def pack(self, to_dir: Path | None, period: str | None = None, progress: Progress = silent) -> Packed:
        """Branch: write a report package and copy it to `to_dir`, read back; without `to_dir` it stays in the outbox.

        `period` (2026Q3, 2026) is what the branch declares complete. `progress` is told thousandths of each step.

        Raises:
            PackageRefused: E-NOT-ENROLLED; E-STALE-LOCAL, until the secretary has chosen; E-PKG-CONTENT.
            InvalidInput: `period` is none.
            StorageFailure: the disk or stick refuses; a package already built stays in the outbox.
            Cancelled: `progress` was asked to stop.
        """
        store = self._store
        self._only(headquarters=False)
        if period is not None and not protocol.PERIOD.fullmatch(period):
            raise InvalidInput(PERIOD, "写成年份或年份加季度，如2026Q3")
        with store.reading() as session:
            peer = streams.headquarters_of(session)
            code = own_settings(session)["code"]
        if peer is None:
            raise PackageRefused("E-NOT-ENROLLED")
        if (stale := stale_local(store)) is not None:
            raise PackageRefused("E-STALE-LOCAL", seq=stale.seq, known=stale.known)
        errand = _Errand(peer=peer, kind=Kind.REPORT, way=Travel.UP, org=store.org, code=code, period=period)
        return self._send_all([errand], to_dir, progress)[0]

    def answer(
        self, branch_codes: Sequence[str] | None, to_dir: Path | None, progress: Progress = silent
    ) -> list[Packed]:
        """Headquarters: write a feedback package for each branch named, or for all, and copy them to `to_dir`.

        It carries what headquarters keeps about that branch (published race results, verified ratings, findings,
        remarks), the standards, and the receipt for what came in.

        Raises:
            NotFound: no such active branch.
            PackageRefused: E-WRONG-KIND at a branch.
            StorageFailure: the disk or stick refuses; packages already built stay in the outbox.
            Cancelled: `progress` was asked to stop.
        """
        self._only(headquarters=True)
        with self._store.reading() as session:
            peers = streams.active_branches(session, branch_codes)
        unknown = set(branch_codes or ()) - {peer.code for peer in peers}
        if unknown:
            raise NotFound(what="已登记的支部", name="、".join(sorted(unknown)))
        errands = [
            _Errand(peer=peer, kind=Kind.FEEDBACK, way=Travel.DOWN, org=peer.org, code=peer.code) for peer in peers
        ]
        return self._send_all(errands, to_dir, progress)

    def hand_back(self, code: str, to_dir: Path | None, progress: Progress = silent) -> Packed:
        """Headquarters: write its copy of a branch's own rows and attachments, for a branch that has lost them.

        Raises:
            NotFound: no such active branch, or nothing came from it yet.
            PackageRefused: E-WRONG-KIND at a branch.
            StorageFailure, Cancelled: as `answer`.
        """
        self._only(headquarters=True)
        with self._store.reading() as session:
            peer = next(iter(streams.active_branches(session, [code])), None)
            if peer is None or session.get(Branch, peer.org) is None:
                raise NotFound(what="该支部上报过的数据", name=code)
        errand = _Errand(peer=peer, kind=Kind.HANDOVER, way=Travel.UP, org=peer.org, code=code)
        return self._send_all([errand], to_dir, progress)[0]

    def copy(self, package_hash: str, to_dir: Path, progress: Progress = silent) -> Path:
        """Copy a package from the outbox once more; return where it lies.

        Raises:
            NotFound: no such package, or its file is gone.
            StorageFailure, Cancelled: as `pack`.
        """
        with self._store.reading() as session:
            package = session.scalar(select(SyncPackage).where(SyncPackage.package_hash == package_hash))
        if package is None or not (self._boxes.outbox / package.file_name).is_file():
            raise NotFound(what="数据包", name=package.file_name if package else package_hash[:8])
        file = self._boxes.outbox / package.file_name
        return self._copy(package_hash, file, _Target(to_dir, self._port), progress).path

    def sent(self) -> list[SentRow]:
        """Return the packages of ours, newest first."""
        with self._store.reading() as session:
            names = streams.partner_names(session)
            packages = session.scalars(select(SyncPackage).order_by(SyncPackage.id.desc()))
            return [self._row(package, names.get(package.partner, "")) for package in packages]

    def unanswered(self) -> SentRow | None:
        """Return the newest package that was handed over long ago and has no receipt yet, if there is one."""
        waiting = next((row for row in self.sent() if row.state is PackageState.COPIED and row.copied_at_utc), None)
        if waiting is None or waiting.copied_at_utc is None:
            return None
        clock = self._store.clock
        return waiting if (clock() - local(waiting.copied_at_utc, clock)).days >= REMIND_DAYS else None

    # inside

    def _only(self, headquarters: bool) -> None:
        if self._store.is_headquarters is not headquarters:
            raise PackageRefused("E-WRONG-KIND")

    def _send_all(self, errands: Sequence[_Errand], to_dir: Path | None, progress: Progress) -> list[Packed]:
        """Build the packages of each errand and copy them; what need not be copied any more leaves the outbox."""
        step = steps(progress, len(errands))
        with alone(self._store):
            finish_packing(self._store, self._boxes)
            target = _Target(to_dir, self._port) if to_dir is not None else None
            identity = identity_of(self._store)
            return [self._send(errand, identity, target, next(step)) for errand in errands]

    def _send(self, errand: _Errand, identity: Identity, target: _Target | None, progress: Progress) -> Packed:
        """Build the packages of one hand-over and copy them."""
        from desktop.services.sync.package_writer import split_blobs  # brings cryptography, which lists do without

        store, org = self._store, errand.peer.org
        with store.reading() as session:
            blobs = self._blobs(session, errand) if errand.way is Travel.UP else []
        parts = split_blobs(blobs)
        step = steps(progress, 2 * len(parts))
        built = [self._build(errand, part, identity, next(step)) for part in parts]
        with store.unit_of_work("更新报送状态") as session:
            streams.supersede(session, org, {packed.package_hash for packed in built})
        self._sweep(org)
        done = []
        for packed in built:
            copying = next(step)
            if target is not None:
                copied = self._copy(packed.package_hash, packed.file, target, copying)
                packed = replace(packed, file=copied.path, sha256=copied.sha256)
            done.append(packed)
        numbers = "、".join(str(packed.seq) for packed in done)
        store.audit(Use.PACK, f"{errand.kind.word} {errand.code} 第 {numbers} 号")
        first, *more = done
        return replace(first, more=tuple(more))

    def _build(self, errand: _Errand, blobs: Sequence["Blob"], identity: Identity, progress: Progress) -> Packed:
        """Write one package into the outbox. A crash leaves a whole package that is noted, or nothing."""
        from desktop.services.sync.package_writer import write_package  # brings cryptography

        store, peer = self._store, errand.peer
        part = self._boxes.new_part()
        with store.reading() as session:
            sent = [streams.as_sent(package) for package in streams.sent_to(session, peer.org)]
            receipt, wanted = receipt_for(store, session, peer.org, identity)
            past = max(store.sentinel.last(peer.org), int(setting(session, SettingName.PAST) or 0))
            stream = Stream(protocol.next_seq(sent, past), protocol.next_after(sent))
            header = self._header(errand, stream, own_party(own_settings(session), identity))
            extras: dict[str, object] = {"receipt": receipt, "want_blobs": wanted}
            if errand.period is not None:
                extras["period"] = errand.period
            written = write_package(
                part,
                header,
                extras,
                sound(errand.way, rows.outgoing(session, errand.way, errand.org), store.today),
                blobs,
                [_recipient(recipient) for recipient in peer.recipients],
                identity.signing_key,
                progress,
                self._port,
            )
        name = package_names.file_name(header, written.header, errand.code)
        package = SyncPackage(
            partner=peer.org,
            seq=stream.seq,
            package_hash=written.package_hash,
            kind=errand.kind.value,
            period=errand.period,
            header=json.loads(written.header),
            counts=dict(written.counts),
            blobs=[blob.sha256 for blob in blobs],
            size_bytes=written.file_size,
            file_name=name,
            state=PackageState.PREPARED,
            built_at_utc=utc_text(store.clock()),
        )
        with store.unit_of_work(f"生成{errand.kind.word}包第{stream.seq}号") as session:
            session.add(package)
        file = self._boxes.name_part(part, name)
        store.sentinel.advance(peer.org, stream.seq)
        return Packed(
            file=file,
            code=errand.code,
            seq=stream.seq,
            package_hash=written.package_hash,
            counts=written.counts,
            attachments=len(blobs),
            size_bytes=written.file_size,
        )

    def _header(self, errand: _Errand, stream: Stream, sender: Party) -> Header:
        peer = errand.peer
        return Header(
            kind=errand.kind,
            pkg_id=str(uuid.uuid4()),
            created=self._store.clock().isoformat(timespec="seconds"),
            sender=sender,
            to=tuple(Addressee(package_header.recipient_id(recipient), peer.org) for recipient in peer.recipients),
            app=__version__,
            revision=schema.HEAD,
            stream=stream,
        )

    def _copy(self, package_hash: str, file: Path, target: _Target, progress: Progress) -> usb.Copied:
        copied = target.copy(file, progress)
        with self._store.unit_of_work("记录写入U盘") as session:
            package = session.scalars(select(SyncPackage).where(SyncPackage.package_hash == package_hash)).one()
            package.state = protocol.copied(streams.as_sent(package)).state
            package.copied_at_utc = utc_text(self._store.clock())
            package.copied_to = target.label
        return copied

    def _blobs(self, session: Session, errand: _Errand) -> list["Blob"]:
        """Return the attachments that headquarters does not have yet and this store does; handing back, all."""
        from desktop.services.sync.package_writer import Blob  # brings cryptography

        sizes = dict(rows.attachments_of(session, errand.org))
        due = list(sizes)
        if errand.kind is Kind.REPORT:
            sent = [(package.state, package.blobs) for package in streams.sent_to(session, errand.peer.org)]
            due = protocol.to_send(sizes, sent, wanted_of_us(session))
        contents = contents_of(session, self._store.att, errand.org, sent=self._store.is_headquarters)
        query = select(Attachment.sha256, Attachment.name).where(Attachment.branch_id == errand.org)
        names = dict(session.execute(query).all())

        @contextmanager
        def opened(name: str, file_id: str) -> Iterator["Readable"]:
            with called(name), self._store.att.open(file_id) as content:
                yield content

        blobs = []
        for sha256 in due:
            if (file_id := contents.get(sha256)) is not None:
                blobs.append(Blob(sha256, sizes[sha256], partial(opened, names[sha256], file_id)))
        return blobs

    def _sweep(self, org: str) -> None:
        """Delete the files of packages to `org` that need not be copied any more; what they were stays noted."""
        over = select(SyncPackage.file_name).where(
            SyncPackage.partner == org,
            SyncPackage.state.in_([PackageState.ACKED, PackageState.SUPERSEDED]),
        )
        with self._store.reading() as session:
            names = session.scalars(over).all()
        self._boxes.sweep_outbox(names)

    def _row(self, package: SyncPackage, partner: str) -> SentRow:
        file = self._boxes.outbox / package.file_name
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


def _recipient(text: str) -> "Recipient":
    from pyrage import x25519  # a library of its own, needed only when something is encrypted

    return x25519.Recipient.from_str(text)

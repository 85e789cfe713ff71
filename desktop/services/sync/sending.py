"""Packages out: a branch reports its whole state, headquarters answers, or hands a branch back what it has lost.

All are one mechanism: pack the rows one owns, with a receipt for what came in; note it; copy it and read it back.
"""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
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
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PackageState, Use
from desktop.services.attachments import called
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput, NotFound, PackageRefused, StorageFailure
from desktop.services.files import FilePort
from desktop.services.progress import Progress, silent
from desktop.services.race.editions import begun_span
from desktop.services.security.keys import Identity
from desktop.services.sync import package_header, package_names, protocol, rows, streams, usb
from desktop.services.sync.boxes import Boxes
from desktop.services.sync.contents import contents_of
from desktop.services.sync.delivery import Delivery
from desktop.services.sync.digest import digest
from desktop.services.sync.editions_told import EDITIONS, editions_told
from desktop.services.sync.installation import identity_for, identity_of, own_party, own_settings
from desktop.services.sync.media import note_on_stick
from desktop.services.sync.moving import require_not_left
from desktop.services.sync.package_format import Kind
from desktop.services.sync.package_header import Addressee, Header, Party, Stream
from desktop.services.sync.receipts import receipt_for, setting, wanted_of_us
from desktop.services.sync.results import Packed
from desktop.services.sync.rotation import announcement
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """What is to be sent to whom: the rows of `org` that travel `way`. `code`: the branch's, for names of files."""

    peer: Peer
    kind: Kind
    way: Travel
    org: str
    code: str
    period: str | None = None


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A package in the outbox, the folder it is to be copied to, and the code of the branch it is about."""

    package_hash: str
    file: Path
    folder: Path
    code: str


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
            NotAllowed: the roles of who works here do not reach so far.
            PackageRefused: E-NOT-ENROLLED; E-MOVED; E-STALE-LOCAL, until the secretary has chosen; E-PKG-CONTENT.
            InvalidInput: `period` is none, or has not begun.
            StorageFailure: the disk or stick refuses; a package already built stays in the outbox.
            Cancelled: `progress` was asked to stop.
        """
        self._store.rights.require(Act.EXCHANGE)
        store = self._store
        self._only(headquarters=False)
        if period is not None and not protocol.PERIOD.fullmatch(period):
            raise InvalidInput(PERIOD, "写成年份或年份加季度，如2026Q3")
        if period is not None:
            begun_span(period, store.today, PERIOD)
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
        self, branch_codes: Sequence[str] | None, to: Path | Mapping[str, Path] | None, progress: Progress = silent
    ) -> list[Packed]:
        """Headquarters: write a feedback package for each branch named, or for all, and copy them to `to`.

        That is one folder, or for each code one of its own; all are made before the first package is written to one.
        What is said to be written was read there at the end of the whole run. A package carries what headquarters
        keeps about that branch (published race results, verified ratings, findings, remarks), the standards, and the
        receipt for what came in. One made before that was never written is used again while it says the same.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: no such active branch.
            PackageRefused: E-WRONG-KIND at a branch; E-MOVED, to a new PC.
            StorageFailure: the disk or stick refuses, or what was written is not there at the end; the facts `written`,
                `total` and `absent` say which packages are there. All stay in the outbox and are written next time.
            Cancelled: `progress` was asked to stop.
        """
        self._store.rights.require(Act.EXCHANGE)
        self._only(headquarters=True)
        with self._store.reading() as session:
            peers = streams.active_branches(session, branch_codes)
        unknown = set(branch_codes or ()) - {peer.code for peer in peers}
        if unknown:
            raise NotFound(what="已登记的支部", name="、".join(sorted(unknown)))
        return self._send_all([_answer_to(peer) for peer in peers], to, progress)

    def due(self) -> set[str]:
        """Headquarters: return the codes of the branches for which there is something new, or not written yet."""
        with self._store.reading() as session:
            peers = streams.active_branches(session)
            if not peers:
                return set()
            identity_of(self._store)
            due = ((peer, identity_for(session, peer.own_key)) for peer in peers)
            return {peer.code for peer, identity in due if self._is_due(session, peer, identity)}

    def hand_back(self, code: str, to_dir: Path | None, progress: Progress = silent) -> Packed:
        """Headquarters: write its copy of a branch's own rows and attachments, for a branch that has lost them.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: no such active branch, or nothing came from it yet.
            PackageRefused: as `answer`.
            StorageFailure, Cancelled: as `answer`.
        """
        self._store.rights.require(Act.EXCHANGE)
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
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: no such package, or its file is gone.
            StorageFailure, Cancelled: as `pack`.
        """
        self._store.rights.require(Act.EXCHANGE)
        with self._store.reading() as session:
            package = session.scalar(select(SyncPackage).where(SyncPackage.package_hash == package_hash))
        if package is None or not (self._boxes.outbox / package.file_name).is_file():
            raise NotFound(what="数据包", name=package.file_name if package else package_hash[:8])
        file = self._boxes.outbox / package.file_name
        return self._deliver([_Parcel(package_hash, file, to_dir, "")], progress)[0].path

    # inside

    def _only(self, headquarters: bool) -> None:
        if self._store.is_headquarters is not headquarters:
            raise PackageRefused("E-WRONG-KIND")
        require_not_left(self._store)

    def _send_all(
        self, errands: Sequence[_Errand], to: Path | Mapping[str, Path] | None, progress: Progress
    ) -> list[Packed]:
        """Build the packages of each errand, then copy them; what need not be copied any more leaves the outbox."""
        build, copy = steps(progress, 2)
        step = steps(build, len(errands))
        with alone(self._store):
            finish_packing(self._store, self._boxes)
            identity_of(self._store)
            made = [self._made(errand, self._identity(errand.peer), next(step)) for errand in errands]
            if to is None:
                return [_together(packages) for packages in made]
            out = [
                _Parcel(packed.package_hash, packed.file, to if isinstance(to, Path) else to[packed.code], packed.code)
                for packages in made
                for packed in packages
            ]
            copies = iter(self._deliver(out, copy))
            return [_together([_copied(packed, next(copies)) for packed in packages]) for packages in made]

    def _identity(self, peer: Peer) -> Identity:
        with self._store.reading() as session:
            return identity_for(session, peer.own_key)

    def _made(self, errand: _Errand, identity: Identity, progress: Progress) -> list[Packed]:
        """Return the packages of one hand-over: those of a former try that never left, if they say the same still."""
        from desktop.services.sync.package_writer import split_blobs  # brings cryptography, which lists do without

        store, org = self._store, errand.peer.org
        with store.reading() as session:
            blobs = self._blobs(session, errand) if errand.way is Travel.UP else []
            parts = split_blobs(blobs)
            waiting = self._waiting(session, errand, parts, identity)
        if waiting:
            return [self._packed(errand, package) for package in waiting]
        step = steps(progress, len(parts))
        built = [self._build(errand, part, identity, next(step)) for part in parts]
        with store.unit_of_work("更新报送状态", Act.EXCHANGE) as session:
            streams.supersede(session, org, {packed.package_hash for packed in built})
        self._sweep(org)
        numbers = "、".join(str(packed.seq) for packed in built)
        store.audit(Use.PACK, f"{errand.kind.word} {errand.code} 第 {numbers} 号")
        return built

    def _waiting(
        self, session: Session, errand: _Errand, parts: Sequence[Sequence["Blob"]], identity: Identity
    ) -> list[SyncPackage]:
        """Return the newest packages of `errand` if one was never copied and they would be made just so again."""
        packages = sorted(streams.sent_to(session, errand.peer.org), key=lambda package: package.seq)[-len(parts) :]
        states = {package.state for package in packages}
        if PackageState.PREPARED not in states or not states <= {PackageState.PREPARED, PackageState.COPIED}:
            return []
        extras = self._extras(session, errand, identity)
        echo = self._header(errand, Stream(1), own_party(own_settings(session), identity)).echo()
        for package, part in zip(packages, parts, strict=False):
            same = all(package.header.get(name) == echo[name] for name in ("from", "to", "kind", "schema"))
            if not same or not (self._boxes.outbox / package.file_name).is_file():
                return []
            if package.content != self._digest(session, errand, extras, part):
                return []
        return packages if len(packages) == len(parts) else []

    def _is_due(self, session: Session, peer: Peer, identity: Identity) -> bool:
        errand = _answer_to(peer)
        packages = [package for package in streams.sent_to(session, peer.org) if package.kind == errand.kind.value]
        last = max(packages, key=lambda package: package.seq, default=None)
        if last is None or last.state not in (PackageState.COPIED, PackageState.ACKED) or last.content is None:
            return True
        return last.content != self._digest(session, errand, self._extras(session, errand, identity), ())

    def _extras(self, session: Session, errand: _Errand, identity: Identity) -> dict[str, object]:
        """Return what a package says besides its rows."""
        receipt, wanted = receipt_for(self._store, session, errand.peer.org, identity)
        extras: dict[str, object] = {"receipt": receipt, "want_blobs": wanted}
        if errand.period is not None:
            extras["period"] = errand.period
        if errand.kind is Kind.REPORT:
            extras[EDITIONS] = editions_told(session)
        if (announced := announcement(session, identity)) is not None:
            extras["next_key"] = announced
        return extras

    def _digest(self, session: Session, errand: _Errand, extras: Mapping[str, object], blobs: Sequence["Blob"]) -> str:
        records = rows.outgoing(session, errand.way, errand.org)
        return digest(errand.kind.value, extras, [blob.sha256 for blob in blobs], records)

    def _packed(self, errand: _Errand, package: SyncPackage) -> Packed:
        return Packed(
            file=self._boxes.outbox / package.file_name,
            code=errand.code,
            seq=package.seq,
            package_hash=package.package_hash,
            counts=package.counts,
            attachments=len(package.blobs),
            size_bytes=package.size_bytes,
        )

    def _build(self, errand: _Errand, blobs: Sequence["Blob"], identity: Identity, progress: Progress) -> Packed:
        """Write one package into the outbox. A crash leaves a whole package that is noted, or nothing."""
        from desktop.services.sync.package_writer import write_package  # brings cryptography

        store, peer = self._store, errand.peer
        part = self._boxes.new_part()
        with store.reading(whole=True) as session:
            sent = [streams.as_sent(package) for package in streams.sent_to(session, peer.org)]
            past = max(store.sentinel.last(peer.org), int(setting(session, SettingName.PAST) or 0))
            stream = Stream(protocol.next_seq(sent, past), protocol.next_after(sent))
            header = self._header(errand, stream, own_party(own_settings(session), identity))
            extras = self._extras(session, errand, identity)
            content = self._digest(session, errand, extras, blobs)
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
            content=content,
            size_bytes=written.file_size,
            file_name=name,
            state=PackageState.PREPARED,
            built_at_utc=utc_text(store.clock()),
        )
        with store.unit_of_work(f"生成{errand.kind.word}包第{stream.seq}号", Act.EXCHANGE) as session:
            session.add(package)
        self._boxes.name_part(part, name)
        store.sentinel.advance(peer.org, stream.seq)
        return self._packed(errand, package)

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

    def _deliver(self, out: Sequence[_Parcel], progress: Progress) -> list[usb.Copied]:
        """Copy packages out. What is read there at the end of the whole run counts as copied.

        Raises:
            StorageFailure: as `answer`; the fact `packed` says that the packages are here.
            Cancelled: `progress` was asked to stop.
        """
        there: dict[str, usb.Copied] = {}
        try:
            delivery = Delivery([(parcel.file, parcel.folder) for parcel in out], self._port)
            try:
                delivery.require_room()
                step = steps(progress, len(out))
                copies = {parcel.package_hash: delivery.copy(parcel.file, parcel.folder, next(step)) for parcel in out}
            finally:
                there = self._note_copied(delivery, out)
            if len(there) < len(out):
                gone = next(copied for package_hash, copied in copies.items() if package_hash not in there)
                raise StorageFailure("E-COPY-GONE", file=gone.path.name)
        except StorageFailure as error:
            absent = [parcel.code for parcel in out if parcel.package_hash not in there]
            error.facts |= {"packed": True, "written": len(there), "total": len(out), "absent": absent}
            raise
        return [there[parcel.package_hash] for parcel in out]

    def _note_copied(self, delivery: Delivery, out: Sequence[_Parcel]) -> dict[str, usb.Copied]:
        """Read what was written once more; note what is there as copied and return it by the hash of its package."""
        found = {copied.path: copied for copied in delivery.there()}
        there = {
            parcel.package_hash: (parcel, found[path])
            for parcel in out
            if (path := parcel.folder / parcel.file.name) in found
        }
        if there:
            with self._store.unit_of_work("记录写入U盘", Act.EXCHANGE) as session:
                packages = session.scalars(select(SyncPackage).where(SyncPackage.package_hash.in_(there)))
                for package in packages.all():
                    package.state = protocol.copied(streams.as_sent(package)).state
                    package.copied_at_utc = utc_text(self._store.clock())
                    package.copied_to = delivery.label(there[package.package_hash][0].folder)
        note_on_stick(self._store, Use.TO_STICK, (copied.path for _parcel, copied in there.values()))
        return {package_hash: copied for package_hash, (_, copied) in there.items()}

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


def _answer_to(peer: Peer) -> _Errand:
    return _Errand(peer=peer, kind=Kind.FEEDBACK, way=Travel.DOWN, org=peer.org, code=peer.code)


def _copied(packed: Packed, copy: usb.Copied) -> Packed:
    return replace(packed, file=copy.path, sha256=copy.sha256)


def _together(packages: Sequence[Packed]) -> Packed:
    first, *more = packages
    return replace(first, more=tuple(more))


def _recipient(text: str) -> "Recipient":
    from pyrage import x25519  # a library of its own, needed only when something is encrypted

    return x25519.Recipient.from_str(text)

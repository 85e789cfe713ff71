"""The exchange of packages: a branch reports its whole state, headquarters takes it in and answers.

Both directions are one mechanism: pack the rows one owns, with a receipt for what came in; take the other's rows in
one transaction, or not at all. Every file that comes in ends in a result with a code of the catalogue.
"""

import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.orm import Session

from desktop import __version__
from desktop.models import schema
from desktop.models.attachments import Attachment, StoredFile
from desktop.models.base import Travel
from desktop.models.branches import Branch
from desktop.models.history import Setting, SettingName
from desktop.models.sync import Partner, ReceivedPackage, SyncPackage
from desktop.models.vocabulary import PackageState, PartnerState, Use
from desktop.services.attachments import Stored, called, keep_stored
from desktop.services.clock import utc_text
from desktop.services.errors import AppError, Cancelled, InvalidInput, NotFound, PackageRefused, StorageFailure
from desktop.services.files import FilePort, Medium, PortWriter, copy_stream, storage_faults
from desktop.services.progress import Progress, silent
from desktop.services.security.keys import Identity, PublicKeys, recipient_bytes
from desktop.services.store import put_setting
from desktop.services.sync import package_format as fmt
from desktop.services.sync import protocol, rows, usb
from desktop.services.sync.enrolment import (
    EnrolmentService,
    own_identities,
    own_party,
    own_recipients,
    own_settings,
)
from desktop.services.sync.package_format import Addressee, Header, Kind, Stream
from desktop.services.sync.protocol import Decision, Receipt, Received, Sent

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from desktop.services.files import Readable
    from desktop.services.store import Store
    from desktop.services.sync.package_reader import Body, Package
    from desktop.services.sync.package_writer import Blob

OUTBOX, INBOX, QUARANTINE = "outbox", "inbox", "quarantine"
OK = Decision.ACCEPT.value
REMIND_DAYS = 30
"""After so many days without a receipt the branch is reminded."""

_PART = ".part"
_PERIOD = re.compile(r"20\d{2}(Q[1-4])?")
_HASH = re.compile(r"[0-9a-f]{64}")
_KEPT_AT_BRANCH = 50
_MAX_WANTED = 5000
_MAX_REFUSED = 50
_LOCKS: "WeakKeyDictionary[Store, Lock]" = WeakKeyDictionary()
_AGAIN = {"E-SCHEMA-NEWER", "E-FORK"}
"""Packages refused for these reasons are kept: a newer program or an operator may take them after all."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A package written. `file` is the copy where it was asked for, else the one in the outbox.

    `sha256` is that of the copied file, empty without a copy. `more`: further packages with the attachments that
    one could not hold.
    """

    file: Path
    code: str
    seq: int
    package_hash: str
    sha256: str
    counts: Mapping[str, int]
    attachments: int
    size_bytes: int
    more: tuple["Packed", ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the object the command line prints."""
        return {
            "file": str(self.file),
            "code": self.code,
            "seq": self.seq,
            "sha256": self.sha256,
            "counts": dict(self.counts),
            "attachments": self.attachments,
            "files": [str(one.file) for one in (self, *self.more)],
        }


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file: `code` is OK or one of the catalogue, `facts` fill its message."""

    file: Path
    code: str
    sender: str = ""
    seq: int | None = None
    package_hash: str = ""
    attachments: int = 0
    changes: rows.Changes = field(default_factory=rows.Changes)
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def added(self) -> int:
        """Rows that are new."""
        return sum(self.changes.added.values())

    @property
    def changed(self) -> int:
        """Rows that say something else than before."""
        return sum(self.changes.changed.values())

    @property
    def removed(self) -> int:
        """Rows that are gone."""
        return sum(self.changes.removed.values())

    @property
    def message(self) -> str:
        """The words for it."""
        if self.code == OK:
            told = f"“{self.file.name}”已导入：新增{self.added}条，修改{self.changed}条，删除{self.removed}条"
            return told + (f"，附件{self.attachments}个。" if self.attachments else "。")
        from desktop.messages import present

        return str(present(PackageRefused(self.code, **{"file": self.file.name, **self.facts})))

    def as_json(self) -> dict[str, Any]:
        """Return the object the command line prints."""
        return {
            "file": str(self.file),
            "code": self.code,
            "sender": self.sender,
            "seq": self.seq,
            "message": self.message,
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "tables": {
                "added": self.changes.added,
                "changed": self.changes.changed,
                "removed": self.changes.removed,
            },
        }


@dataclass(frozen=True, slots=True)
class SentRow:
    """A package of ours and what became of it. `here`: its file is still in the outbox and can be copied again."""

    package_hash: str
    partner: str
    seq: int
    kind: str
    period: str | None
    state: PackageState
    code: str | None
    built_at_utc: str
    copied_at_utc: str | None
    copied_to: str | None
    answered_at_utc: str | None
    attachments: int
    size_bytes: int
    file: Path
    here: bool


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """A package that came in. `held`: it waits in quarantine for an operator's word or a newer program."""

    package_hash: str
    sender: str
    seq: int
    period: str | None
    code: str
    accepted: bool
    held: bool
    received_at_utc: str
    counts: Mapping[str, int]
    file_name: str


@dataclass(frozen=True, slots=True)
class BranchOverview:
    """Where one branch stands with its reports, for headquarters. `period`: the last it declared complete."""

    org: str
    code: str
    name: str
    group: str
    state: PartnerState
    last_seq: int | None
    last_at_utc: str | None
    period: str | None
    held: int
    wanted: int


@dataclass(frozen=True, slots=True)
class StaleLocal:
    """Headquarters has had a newer package from this branch than this store knows: `seq` there, `known` here."""

    seq: int
    known: int


@dataclass(frozen=True, slots=True)
class _Peer:
    """The other side of one stream, as far as packing and reading need to know."""

    org: str
    code: str
    name: str
    state: PartnerState
    recipients: tuple[str, ...]


class ExchangeService:
    """Packages out and in, for a branch and for headquarters alike."""

    def __init__(self, store: "Store", port: FilePort | None = None) -> None:
        self._store = store
        self._port = port or FilePort()

    # out

    def pack(self, to_dir: Path | None, period: str | None = None, progress: Progress = silent) -> Packed:
        """Branch: write a report package and copy it to `to_dir`, read back; without `to_dir` it stays in the outbox.

        `period` (2026Q3, 2026) is what the branch declares complete. `progress` is told thousandths of each step.

        Raises:
            PackageRefused: E-NOT-ENROLLED; E-STALE-LOCAL, until the secretary has chosen; E-PKG-CONTENT.
            InvalidInput: `period` is none.
            StorageFailure: the disk or stick refuses; a package already built stays in the outbox.
            Cancelled: `progress` was asked to stop.
        """
        self._as(headquarters=False)
        if period is not None and not _PERIOD.fullmatch(period):
            raise InvalidInput("申报期", "写成年份或年份加季度，如2026Q3")
        with self._store.reading() as session:
            peer = _headquarters(session)
            own_code = own_settings(session)["code"]
        if peer is None:
            raise PackageRefused("E-NOT-ENROLLED")
        if (stale := self.stale_local()) is not None:
            raise PackageRefused("E-STALE-LOCAL", seq=stale.seq, known=stale.known)
        extras = {} if period is None else {"period": period}
        with self._alone():
            self._recover_outbox()
            return self._send(peer, Kind.REPORT, Travel.UP, self._store.org, extras, own_code, to_dir, progress)

    def answer(
        self, branch_codes: Sequence[str] | None, to_dir: Path | None, progress: Progress = silent
    ) -> list[Packed]:
        """Headquarters: write a feedback package for each branch named, or for all, and copy them to `to_dir`.

        It carries what headquarters keeps about that branch (published race results, verified ratings, findings,
        remarks), the standards, and the receipt for what came in.

        Raises:
            NotFound: no such active branch.
            StorageFailure: the disk or stick refuses; packages already built stay in the outbox.
            Cancelled: `progress` was asked to stop.
        """
        self._as(headquarters=True)
        with self._store.reading() as session:
            peers = [_peer(row) for row in session.scalars(select(Partner).where(Partner.state == PartnerState.ACTIVE))]
        peers.sort(key=lambda one: one.code)
        if branch_codes is not None:
            unknown = set(branch_codes) - {one.code for one in peers}
            if unknown:
                raise NotFound(what="已登记的支部", name="、".join(sorted(unknown)))
            peers = [one for one in peers if one.code in branch_codes]
        step = _steps(progress, len(peers))
        with self._alone():
            self._recover_outbox()
            return [
                self._send(peer, Kind.FEEDBACK, Travel.DOWN, peer.org, {}, peer.code, to_dir, next(step))
                for peer in peers
            ]

    def hand_back(self, code: str, to_dir: Path | None, progress: Progress = silent) -> Packed:
        """Headquarters: write its copy of a branch's own rows and attachments, for a branch that has lost them.

        Raises:
            NotFound: no such active branch, or nothing came from it yet.
            StorageFailure, Cancelled: as `answer`.
        """
        self._as(headquarters=True)
        with self._store.reading() as session:
            row = session.scalars(
                select(Partner).where(Partner.state == PartnerState.ACTIVE, Partner.code == code)
            ).first()
            if row is None or session.get(Branch, row.org) is None:
                raise NotFound(what="该支部上报过的数据", name=code)
            peer = _peer(row)
        with self._alone():
            self._recover_outbox()
            return self._send(peer, Kind.HANDOVER, Travel.UP, peer.org, {}, code, to_dir, progress)

    def copy(self, package_hash: str, to_dir: Path, progress: Progress = silent) -> Path:
        """Copy a package from the outbox once more; return where it lies.

        Raises:
            NotFound: no such package, or its file is gone.
            StorageFailure, Cancelled: as `pack`.
        """
        with self._store.reading() as session:
            found = session.scalar(select(SyncPackage).where(SyncPackage.package_hash == package_hash))
        if found is None or not (self._folder(OUTBOX) / found.file_name).is_file():
            raise NotFound(what="数据包", name=found.file_name if found else package_hash[:8])
        return self._copy(found.package_hash, found.file_name, to_dir, progress).path

    def sent(self) -> list[SentRow]:
        """Return the packages of ours, newest first."""
        with self._store.reading() as session:
            names = {row.org: row.name for row in session.scalars(select(Partner).order_by(Partner.id))}
            found = session.scalars(select(SyncPackage).order_by(SyncPackage.id.desc()))
            return [_sent_row(row, names.get(row.partner, ""), self._folder(OUTBOX)) for row in found]

    def unanswered(self) -> SentRow | None:
        """Return the newest package that was handed over long ago and has no receipt yet, if there is one."""
        waiting = [row for row in self.sent() if row.state is PackageState.COPIED and row.copied_at_utc]
        if not waiting:
            return None
        from datetime import datetime

        copied = datetime.fromisoformat(waiting[0].copied_at_utc or "")
        return waiting[0] if (self._store.clock() - copied).days >= REMIND_DAYS else None

    # in

    def receive(self, files: Iterable[Path], progress: Progress = silent) -> list[Result]:
        """Take in packages, each for itself: a bad one changes nothing and does not stop the others.

        `progress` is told thousandths of each file.

        Raises:
            Cancelled: `progress` was asked to stop; what was taken before stays.
        """
        files = list(files)
        with self._alone():
            self._recover_outbox()
            self._recover_inbox()
            kept = self._kept_for_newer_program()
            step = _steps(progress, len(files) + len(kept))
            results = [self._result(file, next(step)) for file in files]
            return results + [self._result(file, next(step), again=True) for file in kept]

    def accept_fork(self, package_hash: str, progress: Progress = silent) -> Result:
        """Take the quarantined package as the new truth, after a backup of what is here (以该包为准).

        Raises:
            NotFound: no such package waits.
        """
        path = self._held_fork(package_hash)
        from desktop.services.backup import BackupService

        with self._alone():
            BackupService(self._store).backup("接受分叉数据前")
            return self._result(path, progress, again=True, forced=True)

    def take_back(self, files: Iterable[Path], progress: Progress = silent) -> list[Result]:
        """Branch: put headquarters' copy in the place of the local rows (取回总部数据), after a backup of them.

        Texts that never left this PC (restricted talks, the recycle bin) are not in that copy.

        Raises:
            Cancelled: `progress` was asked to stop.
        """
        self._as(headquarters=False)
        files = list(files)
        from desktop.services.backup import BackupService

        with self._alone():
            self._recover_inbox()
            BackupService(self._store).backup("取回总部数据前")
            step = _steps(progress, len(files))
            return [self._result(file, next(step), forced=True, kind=Kind.HANDOVER) for file in files]

    def preview_fork(self, package_hash: str, progress: Progress = silent) -> rows.Changes:
        """Say what `accept_fork` would change: added is only there, removed only here. Nothing is kept of it.

        Raises:
            NotFound: no such package waits.
            PackageRefused: its content does not fit.
        """
        from desktop.services.sync import package_reader

        path = self._held_fork(package_hash)
        package = package_reader.inspect(path, self._my_keys(), self._find_sender)
        with self._store.reading() as session:
            partner = _partner_of(session, package.header)
            identities = [one.age_identity for one in own_identities(session)]
        body = package_reader.open_body(package, identities, lambda *_: None, progress)
        with self._store.sessions() as session:  # closed without a commit
            return self._replace(session, package, partner, body)

    def discard_fork(self, package_hash: str) -> None:
        """Keep what is here and drop the quarantined package; its sender learns of it with the next answer.

        Raises:
            NotFound: no such package waits.
        """
        path = self._held_fork(package_hash)
        with storage_faults(path, self._port):
            self._port.remove(path)
        self._store.audit(Use.DISCARD_FORK, package_hash[:8])

    def received(self) -> list[ReceivedRow]:
        """Return the packages that came in, newest first."""
        with self._store.reading() as session:
            names = {row.org: row.name for row in session.scalars(select(Partner).order_by(Partner.id))}
            found = session.scalars(select(ReceivedPackage).order_by(_NEWEST))
            return [self._received_row(row, names.get(row.sender, "")) for row in found]

    def overview(self) -> list[BranchOverview]:
        """Headquarters: return where each branch stands, by code."""
        with self._store.reading() as session:
            partners = session.scalars(
                select(Partner).where(Partner.state != PartnerState.REVOKED).order_by(Partner.code)
            ).all()
            return [self._branch_overview(session, one) for one in partners]

    # this store is older than what the other side has had from it

    def stale_local(self) -> StaleLocal | None:
        """Branch: say whether exports are blocked because this store went back behind a package already sent."""
        with self._store.reading() as session:
            peer = _headquarters(session)
            if peer is None:
                return None
            known = max((one.seq for one in _sent(session, peer.org)), default=0)
            noted = _setting(session, SettingName.STALE)
        if noted:
            return StaleLocal(int(json.loads(noted)["seq"]), known)
        if self._store.sentinel.is_newer(peer.org, known):
            return StaleLocal(self._store.sentinel.last(peer.org), known)
        return None

    def declare_local_valid(self) -> None:
        """Branch: go on with the data of this PC (以本机数据为准); headquarters will be asked to confirm."""
        stale = self.stale_local()
        if stale is None:
            return
        with self._store.reading() as session:
            peer = _headquarters(session)
        assert peer is not None
        with self._store.unit_of_work("声明以本机数据为准") as session:
            noted = _setting(session, SettingName.STALE)
            if noted:
                put_setting(session, SettingName.DECLARED, json.loads(noted)["hash"])
                put_setting(session, SettingName.STALE, "")
        self._store.sentinel.declare(peer.org, stale.known)

    # after a crash

    def recover(self) -> None:
        """Finish or drop what an interrupted packing or receiving left behind.

        Raises:
            PackageRefused: E-BUSY; packages are being written or read now.
        """
        with self._alone():
            self._recover_outbox()
            self._recover_inbox()

    def _recover_outbox(self) -> None:
        """Give a package its name if it was noted before the crash; delete it if it was not."""
        with self._store.reading() as session:
            named = {row.package_hash: row.file_name for row in session.scalars(select(SyncPackage))}
        for path in sorted(self._folder(OUTBOX).glob("*" + _PART)):
            name = named.get(_hash_of(path))
            with storage_faults(path, self._port):
                if name is not None:
                    self._port.replace(path, path.with_name(name))
                else:
                    self._port.remove(path)

    def _recover_inbox(self) -> None:
        with self._store.reading() as session:
            stored = set(session.scalars(select(StoredFile.id)))
        for path in sorted(self._folder(INBOX).glob("*" + _PART)):
            with storage_faults(path, self._port):
                self._port.remove(path)
        self._store.att.settle(stored)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one packing or receiving run at a time in this store."""
        lock = _LOCKS.setdefault(self._store, Lock())
        if not lock.acquire(blocking=False):
            raise PackageRefused("E-BUSY")
        try:
            yield
        finally:
            lock.release()

    # inside: out

    def _send(
        self,
        peer: _Peer,
        kind: Kind,
        way: Travel,
        org: str,
        extras: Mapping[str, Any],
        code: str,
        to_dir: Path | None,
        progress: Progress,
    ) -> Packed:
        """Build the packages of one hand-over and copy them."""
        from desktop.services.sync.package_writer import split_blobs

        identity = EnrolmentService(self._store).identity()
        with self._store.reading() as session:
            blobs = self._blobs(session, peer, org, kind) if way is Travel.UP else []
        parts = split_blobs(blobs)
        step = _steps(progress, 2 * len(parts))
        built = [self._build(peer, kind, way, org, extras, code, part, identity, next(step)) for part in parts]
        with self._store.unit_of_work("更新报送状态") as session:
            _supersede(session, peer.org, {one.package_hash for one in built})
        self._sweep_outbox()
        done = []
        for one in built:
            copying = next(step)
            if to_dir is None:
                done.append(one)
            else:
                copied = self._copy(one.package_hash, one.file.name, to_dir, copying)
                done.append(replace(one, file=copied.path, sha256=copied.sha256))
        self._store.audit(Use.PACK, f"{kind.value} {code} {','.join(str(one.seq) for one in done)}")
        first, *more = done
        return replace(first, more=tuple(more))

    def _build(
        self,
        peer: _Peer,
        kind: Kind,
        way: Travel,
        org: str,
        extras: Mapping[str, Any],
        code: str,
        blobs: Sequence["Blob"],
        identity: Identity,
        progress: Progress,
    ) -> Packed:
        """Write one package into the outbox. A crash leaves a whole package that is noted, or nothing."""
        from desktop.services.sync.package_writer import write_package

        store, outbox = self._store, self._folder(OUTBOX)
        temporary = outbox / f"{uuid.uuid4()}{_PART}"
        with storage_faults(outbox, self._port):
            self._port.make_folder(outbox)
        with store.reading() as session:
            sent = _sent(session, peer.org)
            receipt, wanted = self._receipt(session, peer, identity)
            header = Header(
                kind=kind,
                pkg_id=str(uuid.uuid4()),
                created=store.clock().isoformat(timespec="seconds"),
                sender=own_party(own_settings(session), identity),
                to=tuple(Addressee(fmt.recipient_id(one), peer.org) for one in peer.recipients),
                app=__version__,
                revision=schema.HEAD,
                stream=Stream(protocol.next_seq(sent), protocol.next_after(sent)),
            )
            written = write_package(
                temporary,
                header,
                {**extras, "receipt": receipt, "want_blobs": wanted},
                rows.outgoing(session, way, org),
                blobs,
                [_recipient(one) for one in peer.recipients],
                identity.signing_key,
                progress,
                self._port,
            )
        assert header.stream is not None
        name = fmt.file_name(header, written.header, code)
        package = SyncPackage(
            partner=peer.org,
            seq=header.stream.seq,
            package_hash=written.package_hash,
            kind=kind.value,
            period=extras.get("period"),
            header=json.loads(written.header),
            counts=dict(written.counts),
            blobs=[one.sha256 for one in blobs],
            size_bytes=written.file_size,
            file_name=name,
            state=PackageState.PREPARED,
            built_at_utc=utc_text(store.clock()),
        )
        with store.unit_of_work(f"生成{kind.word}包第{header.stream.seq}号") as session:
            session.add(package)
        with storage_faults(outbox / name, self._port):
            self._port.replace(temporary, outbox / name)
            self._port.fsync_dir(outbox)
        store.sentinel.advance(peer.org, header.stream.seq)
        return Packed(
            outbox / name,
            code,
            header.stream.seq,
            written.package_hash,
            "",
            written.counts,
            len(blobs),
            written.file_size,
        )

    def _copy(self, package_hash: str, name: str, to_dir: Path, progress: Progress) -> usb.Copied:
        volume = usb.holding(to_dir, usb.volumes())
        usb.sweep(to_dir, self._port)
        try:
            copied = usb.copy_verified(self._folder(OUTBOX) / name, to_dir, progress, self._port, volume)
        except StorageFailure as error:
            error.facts["packed"] = True
            raise
        with self._store.unit_of_work("记录写入U盘") as session:
            row = session.scalars(select(SyncPackage).where(SyncPackage.package_hash == package_hash)).one()
            row.state = protocol.copied(_as_sent(row)).state
            row.copied_at_utc = utc_text(self._store.clock())
            row.copied_to = (volume.label if volume is not None else str(to_dir))[:80]
        return copied

    def _blobs(self, session: Session, peer: _Peer, org: str, kind: Kind) -> list["Blob"]:
        """Return the attachments that headquarters does not have yet and this store does; handing back, all."""
        from desktop.services.sync.package_writer import Blob

        have = dict(rows.attachments_of(session, org))
        due = list(have)
        if kind is Kind.REPORT:
            packages = session.scalars(select(SyncPackage).where(SyncPackage.partner == peer.org)).all()
            wanted = json.loads(_setting(session, SettingName.WANTED) or "[]")
            due = protocol.to_send(have, [(one.state, one.blobs) for one in packages], wanted)
        located = self._located(session, due)
        named = select(Attachment.sha256, Attachment.name).where(Attachment.branch_id == org)
        names = dict(session.execute(named).all())

        @contextmanager
        def opened(sha256: str) -> Iterator["Readable"]:
            with called(names[sha256]), self._store.att.open(located[sha256]) as content:
                yield content

        return [Blob(sha256, have[sha256], partial(opened, sha256)) for sha256 in due if sha256 in located]

    def _receipt(self, session: Session, peer: _Peer, identity: Identity) -> tuple[dict[str, Any], list[str]]:
        """Return what we say of the other side's packages, and which attachments of its rows we lack."""
        partner = session.scalars(
            select(Partner)
            .where(Partner.org == peer.org, Partner.state != PartnerState.REVOKED)
            .order_by(Partner.id.desc())
        ).first()
        install = partner.install if partner is not None else None
        state, last = _received(session, peer.org, install)
        refused = {
            row.package_hash: row.code
            for row in _packages_of(session, peer.org, install)
            if not row.accepted and row.code.startswith("E-") and row.package_hash not in state.accepted
        }
        receipt: dict[str, Any] = {
            "counts": dict(last.counts) if last is not None else {},
            "last_hash": state.last_hash,
            "last_seq": state.last_seq,
            "recipients": own_recipients(session, identity),
            "refused": dict(list(refused.items())[:_MAX_REFUSED]),
        }
        wanted = self._wanted(session, peer.org)[:_MAX_WANTED] if self._store.is_headquarters else []
        return receipt, wanted

    def _sweep_outbox(self) -> None:
        """Delete the files of packages that need not be copied any more; what they were stays noted."""
        with self._store.reading() as session:
            over = session.scalars(
                select(SyncPackage.file_name).where(
                    SyncPackage.state.in_([PackageState.ACKED, PackageState.SUPERSEDED]), SyncPackage.file_name != ""
                )
            ).all()
        for name in over:
            path = self._folder(OUTBOX) / name
            with storage_faults(path, self._port):
                self._port.remove(path)

    # inside: in

    def _result(
        self, file: Path, progress: Progress, again: bool = False, forced: bool = False, kind: Kind | None = None
    ) -> Result:
        """Take one file in; `again`: from quarantine, `forced`: whatever line it descends from, `kind`: instead of
        what usually comes in here."""
        kind = kind or (Kind.REPORT if self._store.is_headquarters else Kind.FEEDBACK)
        noted: dict[str, Any] = {}
        try:
            return self._take(file, progress, again, forced, kind, noted)
        except Cancelled:
            raise
        except AppError as error:
            facts = {name: value for name, value in error.facts.items() if name not in ("file", "code")}
            result = Result(file, error.code, facts=facts, **noted)
            self._store.audit(Use.RECEIVE, f"{error.code} {noted.get('package_hash', '')[:8]}")
            return result

    def _take(
        self, file: Path, progress: Progress, again: bool, forced: bool, kind: Kind, noted: dict[str, Any]
    ) -> Result:
        """Go the one way of a package: copy, wrapper, sender, decision, body, rows, commit."""
        from desktop.services.sync import package_reader

        step = _steps(progress, 2)
        private = self._brought_in(file, next(step))
        try:
            package = package_reader.inspect(private, self._my_keys(), self._find_sender)
            with self._store.reading() as session:
                partner = _partner_of(session, package.header)
                state, last = _received(session, partner.org, partner.install)
            sender = partner.code if self._store.is_headquarters else partner.name
            stream = package.header.stream
            assert stream is not None
            noted.update(sender=sender, seq=stream.seq, package_hash=package.package_hash)
            if package.header.kind is not kind:
                raise PackageRefused("E-WRONG-KIND")
            decision = protocol.decide(state, package.package_hash, stream.after)
            if forced and decision is Decision.FORK:
                decision = Decision.ACCEPT
            day = last.received_at_utc[:10] if last is not None else ""
            if decision is Decision.REPEATED:
                raise PackageRefused(decision.value, date=_day_of(self._store, package.package_hash) or day)
            try:
                if decision is Decision.FORK:
                    raise PackageRefused(decision.value, date=day)
                if not schema.known(package.header.revision):
                    raise PackageRefused("E-SCHEMA-NEWER", app=package.header.app)
                result = self._merge(package, partner, decision, file, day, next(step))
            except PackageRefused as error:
                self._note_refused(package, partner, error.code, file)
                raise
            try:
                self._archive(package, again)
            except StorageFailure as error:  # the rows are in: a copy for the records that cannot be kept is no refusal
                self._store.audit(Use.RECEIVE, f"{error.code} archive {package.package_hash[:8]}")
            return result
        finally:
            with storage_faults(private, self._port):
                self._port.remove(private)

    def _merge(
        self, package: "Package", partner: Partner, decision: Decision, file: Path, day: str, progress: Progress
    ) -> Result:
        """Open the body and put its rows in place of the former ones; or, of a late package, its attachments."""
        from desktop.services.sync import package_reader

        store, staged = self._store, dict[str, Stored]()
        with store.reading() as session:
            identities = [one.age_identity for one in own_identities(session)]
            lacking = self._lacking(session)

        def take(sha256: str, size: int, source: "Readable") -> None:
            if lacking(sha256) and sha256 not in staged:
                staged[sha256] = store.att.stage(source)

        kept: set[str] = set()
        try:
            body = package_reader.open_body(package, identities, take, progress)
            word = f"接收{partner.name}的{package.header.kind.word}包第{_seq(package)}号"
            with store.unit_of_work(word) as session:
                changes = rows.Changes()
                if decision is Decision.ACCEPT:
                    changes = self._replace(session, package, partner, body)
                wanted = set(self._wanted(session, self._target(package, partner)[1]))
                for sha256, stored in staged.items():
                    if sha256 in wanted:
                        keep_stored(session, stored)
                        kept.add(sha256)
                code = OK
                if decision is Decision.ACCEPT:
                    if package.header.kind is Kind.HANDOVER:
                        self._continue_line(session, partner, body)
                    else:
                        code = self._apply_receipt(session, partner, body)
                    _forget_refusals(session, package.package_hash)
                if decision is Decision.ACCEPT or not _is_noted(session, package.package_hash):
                    session.add(self._row(package, partner, decision.value, file, body, sorted(wanted - kept)))
        except BaseException:
            for stored in staged.values():
                store.att.drop(stored.file_id)
            raise
        for sha256, stored in staged.items():
            (store.att.keep if sha256 in kept else store.att.drop)(stored.file_id)
        said = partner.code if store.is_headquarters else partner.name
        facts = {"date": day} if decision is Decision.STALE else {}
        code = decision.value if decision is Decision.STALE else code
        store.audit(Use.RECEIVE, f"{code} {package.package_hash[:8]}")
        return Result(file, code, said, _seq(package), package.package_hash, len(kept), changes, facts)

    def _replace(self, session: Session, package: "Package", partner: Partner, body: "Body") -> rows.Changes:
        way, org = self._target(package, partner)
        incoming: Iterable[rows.Incoming] = ((one.line, one.table, one.row) for one in body.records())
        if package.header.revision != schema.HEAD:
            incoming = rows.through_migrations(incoming, package.header.revision, way, self._folder(INBOX))
        return rows.replace_rows(session, way, org, incoming)

    def _target(self, package: "Package", partner: Partner) -> tuple[Travel, str]:
        """Return which rows here a package stands for."""
        if self._store.is_headquarters:
            return Travel.UP, partner.org
        return (Travel.UP if package.header.kind is Kind.HANDOVER else Travel.DOWN), self._store.org

    def _continue_line(self, session: Session, partner: Partner, body: "Body") -> None:
        """Make the next report descend from the one headquarters' copy came from."""
        receipt, _ = _read_receipt(body.manifest.extras)
        put_setting(session, SettingName.STALE, "")
        known = _sent(session, partner.org)
        if receipt.last_hash is None or receipt.last_hash in {one.package_hash for one in known}:
            return
        at = utc_text(self._store.clock())
        session.add(
            SyncPackage(
                partner=partner.org,
                seq=max(protocol.next_seq(known), receipt.last_seq),
                package_hash=receipt.last_hash,
                kind=Kind.REPORT.value,
                header={},
                counts=dict(body.manifest.counts),
                blobs=[one.sha256 for one in body.manifest.members[1:]],
                size_bytes=0,
                file_name="",
                state=PackageState.ACKED,
                built_at_utc=at,
                answered_at_utc=at,
            )
        )

    def _apply_receipt(self, session: Session, partner: Partner, body: "Body") -> str:
        """Note what the other side says of our packages; return E-STALE-LOCAL if it knows more of us than we do."""
        receipt, recipients = _read_receipt(body.manifest.extras)
        here = session.get_one(Partner, partner.id)
        if not self._store.is_headquarters:
            if here.state == PartnerState.INVITED:
                here.state, here.enrolled_at_utc = PartnerState.ACTIVE, utc_text(self._store.clock())
            here.age_recipients = recipients or here.age_recipients
            put_setting(session, SettingName.WANTED, json.dumps(receipt.want_blobs))
        packages = session.scalars(select(SyncPackage).where(SyncPackage.partner == partner.org)).all()
        try:
            answered = protocol.answered([_as_sent(row) for row in packages], receipt)
        except PackageRefused as error:
            if self._store.is_headquarters or receipt.last_hash == _setting(session, SettingName.DECLARED):
                return OK
            noted = {"hash": receipt.last_hash, "seq": receipt.last_seq}
            put_setting(session, SettingName.STALE, json.dumps(noted))
            return error.code
        if not self._store.is_headquarters:
            put_setting(session, SettingName.STALE, "")
        for row, now in zip(packages, answered, strict=True):
            if row.state is not now.state:
                row.state, row.answer_code = now.state, now.code
                row.answered_at_utc = utc_text(self._store.clock())
        return OK

    def _brought_in(self, file: Path, progress: Progress) -> Path:
        """Copy `file` into the inbox before anything of it is looked at."""
        inbox = self._folder(INBOX)
        private = inbox / f"{uuid.uuid4()}{_PART}"
        on_stick = usb.holding(file, usb.volumes()) is not None
        with storage_faults(file, self._port, Medium.STICK if on_stick else Medium.DISK):
            size = file.stat().st_size
            source = self._port.open_read(file)
        if size > fmt.MAX_FILE_BYTES:
            source.close()
            raise PackageRefused("E-PKG-FORMAT")
        done = 0

        def told(count: int) -> None:
            nonlocal done
            done += count
            progress(done, size)

        with source, storage_faults(file, self._port, Medium.STICK if on_stick else Medium.DISK, size):
            self._port.make_folder(inbox)
            try:
                with self._port.open_excl(private) as copy:
                    copy_stream(source, PortWriter(copy, self._port), told)
            except BaseException:
                self._port.remove(private)
                raise
        return private

    def _find_sender(self, header: Header) -> "Ed25519PublicKey":
        with self._store.reading() as session:
            partner = _partner_of(session, header)
        assert partner.sign_pub is not None
        return PublicKeys(partner.sign_pub, partner.age_recipients[0]).verifying_key

    def _my_keys(self) -> set[str]:
        EnrolmentService(self._store).identity()
        with self._store.reading() as session:
            return {fmt.recipient_id(one.public.age_recipient) for one in own_identities(session)}

    def _note_refused(self, package: "Package", partner: Partner, code: str, file: Path) -> None:
        """Remember a refused package of a known sender for the receipt; keep its file if it may count later."""
        with self._store.unit_of_work("退回数据包") as session:
            _forget_refusals(session, package.package_hash)
            session.add(self._row(package, partner, code, file, None, []))
        if code in _AGAIN:
            target = self._quarantined(package.package_hash)
            with storage_faults(target, self._port):
                self._port.make_folder(target.parent)
                self._port.replace(package.path, target)

    def _row(
        self,
        package: "Package",
        partner: Partner,
        code: str,
        file: Path,
        body: "Body | None",
        wanted: list[str],
    ) -> ReceivedPackage:
        stream = package.header.stream
        assert stream is not None
        return ReceivedPackage(
            sender=partner.org,
            seq=stream.seq,
            package_hash=package.package_hash,
            kind=package.header.kind.value,
            period=_read_period(body),
            header=json.loads(package.header_bytes),
            after=list(stream.after),
            accepted=code == OK,
            code=code,
            received_at_utc=utc_text(self._store.clock()),
            counts=dict(body.manifest.counts) if body is not None else {},
            want_blobs=wanted,
            file_name=file.name[:200],
        )

    def _archive(self, package: "Package", again: bool) -> None:
        """Keep the file of an accepted package; at a branch the last fifty are enough."""
        inbox = self._folder(INBOX)
        name = fmt.file_name(package.header, package.header_bytes)
        with storage_faults(inbox, self._port):
            if not (inbox / name).exists():
                self._port.replace(package.path, inbox / name)
            if again:
                self._port.remove(self._quarantined(package.package_hash))
            if not self._store.is_headquarters:
                kept = sorted(inbox.glob("*.dzp"), key=lambda one: one.stat().st_mtime_ns, reverse=True)
                for old in kept[_KEPT_AT_BRANCH:]:
                    self._port.remove(old)

    def _kept_for_newer_program(self) -> list[Path]:
        """Return packages that came too early for the program then, and that this one can read."""
        with self._store.reading() as session:
            found = session.scalars(select(ReceivedPackage).where(ReceivedPackage.code == "E-SCHEMA-NEWER")).all()
        readable = [row.package_hash for row in found if schema.known(row.header["schema"]["revision"])]
        paths = [self._quarantined(one) for one in readable]
        return [path for path in paths if path.is_file()]

    # inside: small questions

    def _as(self, headquarters: bool) -> None:
        if self._store.is_headquarters is not headquarters:
            raise PackageRefused("E-WRONG-KIND")

    def _folder(self, name: str) -> Path:
        return self._store.folder / name

    def _quarantined(self, package_hash: str) -> Path:
        return self._folder(QUARANTINE) / f"{package_hash}.dzp"

    def _held_fork(self, package_hash: str) -> Path:
        path = self._quarantined(package_hash)
        if not _HASH.fullmatch(package_hash) or not path.is_file():
            raise NotFound(what="隔离的数据包", name=package_hash[:8])
        return path

    def _located(self, session: Session, sums: Sequence[str]) -> dict[str, str]:
        """Return the file id of each content that lies in this store."""
        found = _contents(session)
        return {one: found[one] for one in sums if one in found and self._store.att.has(found[one])}

    def _lacking(self, session: Session) -> Callable[[str], bool]:
        found = _contents(session)
        return lambda sha256: sha256 not in found or not self._store.att.has(found[sha256])

    def _wanted(self, session: Session, org: str) -> list[str]:
        """Return the contents that rows of `org` name and this store lacks."""
        lacking = self._lacking(session)
        sums = session.scalars(select(Attachment.sha256).where(Attachment.branch_id == org).order_by(Attachment.id))
        return [one for one in dict.fromkeys(sums) if lacking(one)]

    def _branch_overview(self, session: Session, partner: Partner) -> BranchOverview:
        _, last = _received(session, partner.org, partner.install)
        packages = _packages_of(session, partner.org, partner.install)
        declared = [row.period for row in packages if row.accepted and row.period]
        held = sum(row.code == "E-FORK" and self._quarantined(row.package_hash).is_file() for row in packages)
        return BranchOverview(
            partner.org,
            partner.code,
            partner.name,
            partner.group_kind,
            partner.state,
            last.seq if last is not None else None,
            last.received_at_utc if last is not None else None,
            declared[0] if declared else None,
            held,
            len(self._wanted(session, partner.org)),
        )

    def _received_row(self, row: ReceivedPackage, sender: str) -> ReceivedRow:
        held = row.code in _AGAIN and self._quarantined(row.package_hash).is_file()
        return ReceivedRow(
            row.package_hash,
            sender,
            row.seq,
            row.period,
            row.code,
            row.accepted,
            held,
            row.received_at_utc,
            row.counts,
            row.file_name,
        )


_NEWEST: ColumnElement[Any] = literal_column("received_packages.rowid").desc()
"""Order of arrival, latest first: two packages may come within one second."""


def _headquarters(session: Session) -> _Peer | None:
    row = session.scalars(
        select(Partner).where(Partner.state != PartnerState.REVOKED).order_by(Partner.id.desc())
    ).first()
    return _peer(row) if row is not None else None


def _peer(row: Partner) -> _Peer:
    return _Peer(row.org, row.code, row.name, row.state, tuple(row.age_recipients))


def _partner_of(session: Session, header: Header) -> Partner:
    """Return the partner a header speaks of: organisation, installation and key must all be the known ones.

    Raises:
        PackageRefused: E-INSTALL, another PC of a branch we know; E-PKG-SENDER.
    """
    known = session.scalars(
        select(Partner).where(Partner.org == header.sender.org, Partner.state != PartnerState.REVOKED)
    ).all()
    for row in known:
        if row.install == header.sender.install and row.sign_pub is not None and row.age_recipients:
            if PublicKeys(row.sign_pub, row.age_recipients[0]).key_id != header.sender.key:
                break
            return row
    if any(row.state == PartnerState.ACTIVE and row.install != header.sender.install for row in known):
        raise PackageRefused("E-INSTALL", sender=known[0].name)
    raise PackageRefused("E-PKG-SENDER", sender=header.sender.code)


def _packages_of(session: Session, org: str, install: str | None) -> list[ReceivedPackage]:
    """Return what came from one installation, newest first."""
    found = session.scalars(select(ReceivedPackage).where(ReceivedPackage.sender == org).order_by(_NEWEST))
    return [row for row in found if row.header["from"]["install"] == install]


def _received(session: Session, org: str, install: str | None) -> tuple[Received, ReceivedPackage | None]:
    """Return the memory of one sender for the protocol, and the package in force."""
    accepted = [row for row in _packages_of(session, org, install) if row.accepted]
    if not accepted:
        return Received(), None
    last = accepted[0]
    hashes = frozenset(row.package_hash for row in accepted)
    return Received(last.package_hash, last.seq, tuple(last.after), hashes), last


def _sent(session: Session, org: str) -> list[Sent]:
    return [_as_sent(row) for row in session.scalars(select(SyncPackage).where(SyncPackage.partner == org))]


def _as_sent(row: SyncPackage) -> Sent:
    return Sent(row.package_hash, row.seq, row.state, row.answer_code)


def _supersede(session: Session, org: str, newest: set[str]) -> None:
    former = select(SyncPackage).where(SyncPackage.partner == org, SyncPackage.package_hash.not_in(newest))
    packages = session.scalars(former).all()
    for row, now in zip(packages, protocol.superseded(map(_as_sent, packages)), strict=True):
        row.state = now.state


def _forget_refusals(session: Session, package_hash: str) -> None:
    """Drop what was noted of a package before, now that more is known of it."""
    found = select(ReceivedPackage).where(
        ReceivedPackage.package_hash == package_hash, ReceivedPackage.accepted.is_(False)
    )
    for row in session.scalars(found).all():
        session.delete(row)
    session.flush()


def _is_noted(session: Session, package_hash: str) -> bool:
    return session.scalar(select(ReceivedPackage.id).where(ReceivedPackage.package_hash == package_hash)) is not None


def _contents(session: Session) -> dict[str, str]:
    """Return the file id of each content this store has noted."""
    return {row.sha256: row.id for row in session.execute(select(StoredFile.sha256, StoredFile.id))}


def _setting(session: Session, name: SettingName) -> str:
    return session.scalar(select(Setting.value).where(Setting.name == name)) or ""


def _day_of(store: "Store", package_hash: str) -> str:
    with store.reading() as session:
        found = session.scalar(
            select(ReceivedPackage.received_at_utc).where(
                ReceivedPackage.package_hash == package_hash, ReceivedPackage.accepted.is_(True)
            )
        )
    return (found or "")[:10]


def _seq(package: "Package") -> int:
    return package.header.stream.seq if package.header.stream is not None else 0


def _hash_of(path: Path) -> str:
    from desktop.services.sync.package_reader import peek

    try:
        return fmt.package_hash(peek(path)[1])
    except (PackageRefused, OSError):
        return ""


def _recipient(text: str) -> Any:
    from pyrage import x25519

    return x25519.Recipient.from_str(text)


def _sent_row(row: SyncPackage, partner: str, outbox: Path) -> SentRow:
    file = outbox / row.file_name
    return SentRow(
        row.package_hash,
        partner,
        row.seq,
        row.kind,
        row.period,
        row.state,
        row.answer_code,
        row.built_at_utc,
        row.copied_at_utc,
        row.copied_to,
        row.answered_at_utc,
        len(row.blobs),
        row.size_bytes,
        file,
        file.is_file(),
    )


def _read_receipt(extras: Mapping[str, Any]) -> tuple[Receipt, list[str]]:
    """Read the receipt of a manifest, and where its writer wants packages encrypted to.

    Raises:
        PackageRefused: E-PKG-FORMAT.
    """
    said = extras.get("receipt", {})
    try:
        last, seq = said.get("last_hash"), said.get("last_seq", 0)
        refused = {str(key): str(code)[:20] for key, code in said.get("refused", {}).items()}
        wanted = tuple(str(one) for one in extras.get("want_blobs", ()))
        recipients = [str(one) for one in said.get("recipients", ())]
        fits = (last is None or _HASH.fullmatch(last)) and type(seq) is int
        if not fits or not all(map(_HASH.fullmatch, (*refused, *wanted))):
            raise ValueError("receipt")
    except (AttributeError, TypeError, ValueError) as error:
        raise PackageRefused("E-PKG-FORMAT") from error
    for one in recipients:
        recipient_bytes(one)
    return Receipt(last, seq, refused, wanted), recipients


def _read_period(body: "Body | None") -> str | None:
    said = body.manifest.extras.get("period") if body is not None else None
    return said if isinstance(said, str) and _PERIOD.fullmatch(said) else None


def _steps(progress: Progress, count: int) -> Iterator[Progress]:
    """Give a progress for each of `count` steps; together they tell thousandths."""
    for index in range(max(count, 1)):

        def told(done: int, total: int, index: int = index) -> None:
            progress(index * 1000 + done * 1000 // max(total, 1), max(count, 1) * 1000)

        yield told

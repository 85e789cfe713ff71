"""Packages in: each is proven, decided upon by the protocol, and put in place of its sender's rows, or refused whole.

Every file that comes in ends in a result with a code of the catalogue.
"""

from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.messages import present
from desktop.models import schema
from desktop.models.base import Travel
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.attachments import Stored, keep_stored
from desktop.services.backup import BackupService
from desktop.services.clock import day_of
from desktop.services.errors import AppError, Cancelled, PackageRefused, StorageFailure
from desktop.services.files import FilePort
from desktop.services.progress import Progress, silent
from desktop.services.standards.kept_figures import reckon_received
from desktop.services.statistics.kept_counts import count_received
from desktop.services.sync import package_names, protocol, rows, streams
from desktop.services.sync.arrival import Arrival, Terms, noted
from desktop.services.sync.arrived import arrived, standing
from desktop.services.sync.boxes import Boxes
from desktop.services.sync.contents import lacks, missing_contents, note_sent
from desktop.services.sync.installation import own_identities
from desktop.services.sync.media import note_on_stick
from desktop.services.sync.package_format import Kind
from desktop.services.sync.protocol import OK, Decision
from desktop.services.sync.proving import proven_package
from desktop.services.sync.receipts import apply_receipt, continue_line, read_receipt
from desktop.services.sync.record import AGAIN, Learned, facts_of, history, note_refused
from desktop.services.sync.results import ReceivedRow, Result, TakeBack
from desktop.services.sync.rotation import follow_keys, hear_keys
from desktop.services.sync.streams import Standing
from desktop.services.sync.turns import alone, finish_packing, finish_receiving, steps
from desktop.services.transferring.settling import settle_orders

if TYPE_CHECKING:
    from desktop.services.files import Readable
    from desktop.services.store import Store
    from desktop.services.sync.package_reader import Body, Package


class Receiver:
    """Packages into one store, for a branch and for headquarters alike."""

    def __init__(self, store: "Store", port: FilePort | None = None) -> None:
        self._store = store
        self._boxes = Boxes(store.folder, port or FilePort())

    def receive(self, files: Iterable[Path], progress: Progress = silent) -> list[Result]:
        """Take in packages, each for itself: a bad one changes nothing and does not stop the others.

        `progress` is told thousandths of each file.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            PackageRefused: E-BUSY.
            Cancelled: `progress` was asked to stop; what was taken before stays.
        """
        self._store.rights.require(Act.EXCHANGE)
        files, terms = list(files), Terms(self._usual_kind)
        note_on_stick(self._store, Use.FROM_STICK, files)
        with alone(self._store):
            finish_packing(self._store, self._boxes)
            finish_receiving(self._store, self._boxes)
            kept = self._kept_for_newer_program()
            step = steps(progress, len(files) + len(kept))
            results = [self._result(file, terms, next(step)) for file in files]
            again = Terms(self._usual_kind, again=True)
            results += [self._result(file, again, next(step)) for file in kept]
            follow_keys(self._store)
            if self._store.is_headquarters:
                taken = [result.package_hash for result in results if result.code == OK]
                reckon_received(self._store, taken)
                count_received(self._store, taken)
            return results

    def take_back(self, files: Iterable[Path], progress: Progress = silent) -> list[Result]:
        """Branch: put headquarters' copy in the place of the local rows (取回总部数据), after a backup of them.

        Texts that never left this PC (restricted talks, the recycle bin) are not in that copy.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            PackageRefused: E-WRONG-KIND at headquarters; E-BUSY.
            Cancelled: `progress` was asked to stop.
        """
        self._store.rights.require(Act.EXCHANGE)
        if self._store.is_headquarters:
            raise PackageRefused("E-WRONG-KIND")
        files, terms = list(files), Terms(Kind.HANDOVER, forced=True)
        note_on_stick(self._store, Use.FROM_STICK, files)
        with alone(self._store):
            finish_receiving(self._store, self._boxes)
            self._back_up("取回总部数据前")
            step = steps(progress, len(files))
            return [self._result(file, terms, next(step)) for file in files]

    def preview_take_back(self, files: Iterable[Path], progress: Progress = silent) -> TakeBack:
        """Say what `take_back` of these files would change here; nothing is kept. Of several the newest counts.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            PackageRefused: a file is no copy of headquarters for this branch, or one that would not be taken.
            Cancelled: `progress` was asked to stop.
        """
        self._store.rights.require(Act.EXCHANGE)
        if self._store.is_headquarters:
            raise PackageRefused("E-WRONG-KIND")
        files = list(files)
        step = steps(progress, len(files))
        return [copy for _, copy in sorted((self._preview(file, next(step)) for file in files), key=itemgetter(0))][-1]

    def received(self) -> list[ReceivedRow]:
        """Return the packages that came in and the files that were not taken, newest first."""
        with self._store.reading() as session:
            return history(session, self._boxes)

    # two lines of data

    def preview_fork(self, package_hash: str, progress: Progress = silent) -> rows.Changes:
        """Say what `accept_fork` would change: added is only there, removed only here. Nothing is kept of it.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: no such package waits.
            PackageRefused: its content does not fit.
        """
        self._store.rights.require(Act.EXCHANGE)
        from desktop.services.sync import package_reader  # brings cryptography

        path = self._boxes.held(package_hash)
        package = proven_package(self._store, path)
        with self._store.reading() as session:
            partner = streams.partner_of(session, package.header).partner
            identities = [identity.age_identity for identity in own_identities(session)]
        body = package_reader.open_body(package, identities, lambda *_: None, progress)
        with self._store.sessions() as session:  # closed without a commit
            return self._replace(session, package, partner, body)

    def accept_fork(self, package_hash: str, progress: Progress = silent) -> Result:
        """Take the quarantined package as the new truth, after a backup of what is here (以该包为准).

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: no such package waits.
            PackageRefused: E-BUSY.
        """
        self._store.rights.require(Act.EXCHANGE)
        path = self._boxes.held(package_hash)
        with alone(self._store):
            self._back_up("接受分叉数据前")
            terms = Terms(self._usual_kind, again=True, forced=True, came_as=self._came_as(package_hash))
            return self._result(path, terms, progress)

    def discard_fork(self, package_hash: str) -> None:
        """Keep what is here and drop the quarantined package; its sender learns of it with the next answer.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: no such package waits.
        """
        self._store.rights.require(Act.EXCHANGE)
        self._boxes.held(package_hash)
        name = self._came_as(package_hash)
        self._boxes.release(package_hash)
        self._store.audit(Use.DISCARD_FORK, name)

    # inside

    def _came_as(self, package_hash: str) -> str:
        """Return the name of the file a package came in: in quarantine it lies under its hash."""
        of = ReceivedPackage.package_hash == package_hash
        with self._store.reading() as session:
            return session.scalars(select(ReceivedPackage.file_name).where(of)).first() or ""

    @property
    def _usual_kind(self) -> Kind:
        return Kind.REPORT if self._store.is_headquarters else Kind.FEEDBACK

    def _back_up(self, reason: str) -> None:
        BackupService(self._store).backup(reason)

    def _result(self, file: Path, terms: Terms, progress: Progress) -> Result:
        """Take one file in; whatever is wrong with it becomes its result."""
        learned = Learned()
        try:
            return self._take(file, terms, learned, progress)
        except Cancelled:
            raise
        except AppError as error:
            result = learned.refused(file, error)
            self._tell(result, f"没有收下，{result.reason}")
            if isinstance(error, PackageRefused):
                note_refused(self._store, file, learned, error)
            return result

    def _tell(self, result: Result, words: str, use: Use = Use.RECEIVE) -> None:
        """Leave in the trail of uses which package of whom came in, and what is to be said of it."""
        number = f"{result.sender} 第 {result.seq} 号" if result.seq is not None else ""
        self._store.audit(use, "：".join(part for part in (number, words) if part))

    def _take(self, file: Path, terms: Terms, learned: Learned, progress: Progress) -> Result:
        """Go the one way of a package: copy, wrapper, sender, decision, body, rows, commit."""
        step = steps(progress, 2)
        private, learned.sha256 = self._boxes.bring_in(file, next(step))
        try:
            try:
                arrival = self._proven(private, file.with_name(terms.came_as) if terms.came_as else file)
            except PackageRefused as error:
                raise learned.look(private, error, file) from error
            package = arrival.package
            learned.sender, learned.seq = arrival.sender, arrival.seq
            learned.sender_name = arrival.partner.name
            learned.package_hash = package.package_hash
            if package.header.kind is not terms.kind:
                raise PackageRefused("E-WRONG-KIND", given=package.header.kind.word)
            decision = protocol.decide(arrival.memory, package.package_hash, arrival.after)
            if terms.forced and decision is Decision.FORK:
                decision = Decision.ACCEPT
            if decision is Decision.REPEATED:
                self._check_body(package, next(step))  # a damaged copy of it is no repetition
                raise PackageRefused(decision.value, date=self._day_taken(package.package_hash) or arrival.day)
            try:
                if arrival.standing is Standing.FORMER and decision is not Decision.STALE:
                    raise PackageRefused("E-KEY-OLD", sender=arrival.sender)
                if decision is Decision.FORK:
                    raise PackageRefused(decision.value, date=arrival.day)
                if not schema.known(package.header.revision):
                    raise PackageRefused("E-SCHEMA-NEWER", app=package.header.app)
                result = self._merge(arrival, decision, next(step))
            except PackageRefused as error:
                self._note_refused(arrival, error)
                learned.noted = True
                raise
            self._archive(arrival, terms.again)
            return result
        finally:
            self._boxes.drop(private)

    def _check_body(self, package: "Package", progress: Progress) -> None:
        from desktop.services.sync import package_reader  # brings cryptography, which lists do without

        package_reader.check_body(package, progress)

    def _preview(self, file: Path, progress: Progress) -> tuple[int, TakeBack]:
        """Return the number of headquarters' copy `file` in its line, and what it would change here."""
        from desktop.services.sync import package_reader  # brings cryptography

        step = steps(progress, 2)
        private, _sha256 = self._boxes.bring_in(file, next(step))
        try:
            try:
                arrival = self._proven(private, file)
            except PackageRefused as error:
                raise Learned().look(private, error, file) from error
            package = arrival.package
            decision = protocol.decide(arrival.memory, package.package_hash, arrival.after)
            if package.header.kind is not Kind.HANDOVER:
                raise PackageRefused("E-WRONG-KIND", file=file.name, given=package.header.kind.word)
            if decision in (Decision.REPEATED, Decision.STALE):
                raise PackageRefused(decision.value, file=file.name, date=arrival.day)
            if arrival.standing is Standing.FORMER:
                raise PackageRefused("E-KEY-OLD", file=file.name, sender=arrival.sender)
            if not schema.known(package.header.revision):
                raise PackageRefused("E-SCHEMA-NEWER", file=file.name, app=package.header.app)
            with self._store.reading() as session:
                identities = [identity.age_identity for identity in own_identities(session)]
            body = package_reader.open_body(package, identities, lambda *_: None, next(step))
            with self._store.sessions() as session:  # closed without a commit
                changes = self._replace(session, package, arrival.partner, body)
            receipt, _ = read_receipt(body.manifest.extras)
            made_on = package.header.made_on
            return arrival.seq, TakeBack(
                seq=receipt.last_seq, taken_on=receipt.last_on, made_on=made_on, changes=changes
            )
        finally:
            self._boxes.drop(private)

    def _proven(self, private: Path, file: Path) -> Arrival:
        """Find out who sent a package, and what is in force of that sender.

        Raises:
            PackageRefused: E-PKG-…, E-INSTALL.
        """
        package = proven_package(self._store, private)
        stream = package.header.stream
        if stream is None:
            raise PackageRefused("E-PKG-FORMAT")
        with self._store.reading() as session:
            known = streams.partner_of(session, package.header)
            partner = known.partner
            memory, last = streams.memory_of(streams.received_from(session, partner.org, partner.install))
        return Arrival(
            file=file,
            package=package,
            partner=partner,
            standing=known.standing,
            sender=partner.code if self._store.is_headquarters else partner.name,
            seq=stream.seq,
            after=stream.after,
            memory=memory,
            day=self._day(last.received_at_utc) if last is not None else "",
        )

    def _merge(self, arrival: Arrival, decision: Decision, progress: Progress) -> Result:
        """Open the body and put its rows in place of the former ones; or, of a late package, its attachments."""
        from desktop.services.sync import package_reader  # brings cryptography

        store, package, partner = self._store, arrival.package, arrival.partner
        staged: dict[str, Stored] = {}
        came: list[str] = []
        kept: set[str] = set()
        changes, code, told = rows.Changes(), decision.value, ""
        before = {} if store.is_headquarters else standing(store)
        with store.reading() as session:
            identities = [identity.age_identity for identity in own_identities(session)]

        def take(sha256: str, size: int, source: "Readable") -> None:
            came.append(sha256)
            with store.reading() as session:
                wanted = sha256 not in staged and lacks(session, store.att, sha256)
            if wanted:
                staged[sha256] = store.att.stage(source)

        try:
            body = package_reader.open_body(package, identities, take, progress)
            sentence = f"接收{partner.name}的{package.header.kind.word}包第{arrival.seq}号"
            with store.unit_of_work(sentence, Act.EXCHANGE) as session:
                if decision is Decision.ACCEPT:
                    changes = self._replace(session, package, partner, body)
                    if store.is_headquarters:
                        settle_orders(session, partner.org, store.today)
                org = self._target(package, partner)[1]
                wanted = set(missing_contents(session, store.att, org, sent=store.is_headquarters))
                if store.is_headquarters:
                    note_sent(session, org, (sha256 for sha256 in came if sha256 in wanted))
                for sha256, stored in staged.items():
                    if sha256 in wanted:
                        keep_stored(session, stored)
                        kept.add(sha256)
                if decision is Decision.ACCEPT:
                    if package.header.kind is Kind.HANDOVER:
                        continue_line(store, session, partner, body)
                    else:
                        code, told = apply_receipt(store, session, partner, body)
                    told += hear_keys(session, partner.id, arrival.standing, body.manifest.extras)
                    streams.forget_refusals(session, package.package_hash)
                if decision is Decision.ACCEPT or not streams.is_noted(session, package.package_hash):
                    late: dict[str, object] | None = {"date": arrival.day} if decision is Decision.STALE else None
                    session.add(
                        noted(arrival, self._store.clock(), decision.value, body, sorted(wanted - set(came)), late)
                    )
        except BaseException:
            for stored in staged.values() if not store.in_doubt else ():  # else the rows may count after all
                store.att.drop(stored.file_id)
            raise
        for sha256, stored in staged.items():
            (store.att.keep if sha256 in kept else store.att.drop)(stored.file_id)
        result = Result(
            file=arrival.file,
            code=code,
            sender=arrival.sender,
            sender_name=partner.name,
            seq=arrival.seq,
            package_hash=package.package_hash,
            attachments=len(kept),
            changes=changes,
            facts={"date": arrival.day} if decision is Decision.STALE else {},
            told=told,
            arrived=() if store.is_headquarters else arrived(before, standing(store)),
        )
        self._tell(result, result.reason, Use.TAKE_BACK if package.header.kind is Kind.HANDOVER else Use.RECEIVE)
        return result

    def _replace(self, session: Session, package: "Package", partner: Partner, body: "Body") -> rows.Changes:
        way, org = self._target(package, partner)
        incoming: Iterable[rows.Incoming] = ((record.line, record.table, record.row) for record in body.records())
        if package.header.revision != schema.HEAD:
            incoming = rows.through_migrations(incoming, package.header.revision, way, self._boxes.inbox)
        return rows.replace_rows(session, way, org, incoming, max(self._store.today, package.header.made_on))

    def _target(self, package: "Package", partner: Partner) -> tuple[Travel, str]:
        """Return which rows here a package stands for."""
        if self._store.is_headquarters:
            return Travel.UP, partner.org
        return (Travel.UP if package.header.kind is Kind.HANDOVER else Travel.DOWN), self._store.org

    def _note_refused(self, arrival: Arrival, error: PackageRefused) -> None:
        """Remember a refused package of a known sender for the receipt; keep its file if it may count later."""
        package = arrival.package
        with self._store.unit_of_work("退回数据包", Act.EXCHANGE) as session:
            streams.forget_refusals(session, package.package_hash)
            session.add(noted(arrival, self._store.clock(), error.code, None, [], facts_of(error)))
        if error.code in AGAIN:
            self._boxes.hold(package.path, package.package_hash)

    def _archive(self, arrival: Arrival, again: bool) -> None:
        """Keep the file of an accepted package; at a branch the last fifty are enough."""
        package = arrival.package
        name = package_names.file_name(package.header, package.header_bytes)
        try:
            self._boxes.keep(package.path, name, limited=not self._store.is_headquarters)
            if again:
                self._boxes.release(package.package_hash)
            with self._store.reading() as session:
                overtaken = streams.overtaken(session, arrival.partner.org, arrival.after)
            for package_hash in overtaken:
                self._boxes.release(package_hash)
        except StorageFailure as error:  # the rows are in: a copy for the records that cannot be kept is no refusal
            why = present(error).title.rstrip("。")
            self._store.audit(Use.RECEIVE, f"{arrival.sender} 第 {arrival.seq} 号：已收下，没有存档（{why}）")

    def _kept_for_newer_program(self) -> list[Path]:
        """Return packages that came too early for the program then, and that this one can read."""
        with self._store.reading() as session:
            found = session.scalars(select(ReceivedPackage).where(ReceivedPackage.code == "E-SCHEMA-NEWER")).all()
        readable = [row.package_hash for row in found if schema.known(row.header["schema"]["revision"])]
        return [self._boxes.held(package_hash) for package_hash in readable if self._boxes.holds(package_hash)]

    def _day(self, at_utc: str) -> str:
        return day_of(at_utc, self._store.clock).isoformat()

    def _day_taken(self, package_hash: str) -> str:
        """Return the day a package was accepted on, empty if it never was."""
        accepted = select(ReceivedPackage.received_at_utc).where(
            ReceivedPackage.package_hash == package_hash, ReceivedPackage.accepted.is_(True)
        )
        with self._store.reading() as session:
            at_utc = session.scalar(accepted)
        return self._day(at_utc) if at_utc else ""

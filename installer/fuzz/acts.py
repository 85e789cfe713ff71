"""The acts that kills and failing disks fall into, each with what must be true afterwards.

An act says a word for each thing it was told is done. `settled` looks, in a store opened again, whether all of that
is there, and whether what was not acknowledged is wholly there or wholly not.
"""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import openpyxl
from sqlalchemy import select

from desktop.models.meetings import Meeting
from desktop.models.members import Member
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services import demo
from desktop.services.archive.service import ArchiveService
from desktop.services.archive.verifying import verify
from desktop.services.attachments import AttachmentService
from desktop.services.backup import BackupService, examine, restore
from desktop.services.errors import VaultError
from desktop.services.meetings import MeetingService
from desktop.services.meetings.rows import MeetingDraft
from desktop.services.opening import create_store, open_store
from desktop.services.security.passwords import Cost
from desktop.services.store import Store
from desktop.services.sync.package_reader import peek
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.sent import sent_packages
from desktop.services.sync.turns import recover
from desktop.services.workbooks import book
from installer.fuzz import samples

Say = Callable[[str], None]
CHEAP = Cost(19 * 1024, 1, 1)
NEW_PASSWORD = "秋水-长天-88"
YEAR = 2026


class Act(ABC):
    """Something a user does, in a folder of its own: `store` and `stick`, and whatever `prepared` puts beside."""

    name = ""
    store_name = samples.BRANCH
    most = 3
    """How often it is done in a row, if nothing comes between."""

    def prepared(self, shared: Path, work: Path) -> None:
        """Lay out the folder."""
        samples.copied(shared, self.store_name, work / "store")
        (work / "stick").mkdir()

    def opened(self, work: Path) -> Store:
        """Open the store, as before the act and after its end."""
        return samples.opened(work / "store")

    def begun(self, work: Path, say: Say) -> None:
        """Do the act, again and again, saying what is done."""
        with self.opened(work) as store:
            say("ready")
            for number in range(self.most):
                say(self.done(store, work, number))

    @abstractmethod
    def done(self, store: Store, work: Path, number: int) -> str:
        """Do it once; return a word for what came of it."""

    @abstractmethod
    def settled(self, store: Store, work: Path, said: list[str]) -> None:
        """Raise AssertionError if something said is missing, or something half done is there."""


class Import(Act):
    """Take the roster of another branch."""

    name = "import"
    most = 1

    def done(self, store: Store, work: Path, number: int) -> str:
        result = book(store, "members").import_file(resource("samples") / "taikang" / "roster.xlsx")
        return str(result.accepted)

    def settled(self, store: Store, work: Path, said: list[str]) -> None:
        sheet = openpyxl.load_workbook(resource("samples") / "taikang" / "roster.xlsx").worksheets[0]
        listed = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell}
        with store.reading() as session:
            here = sum(name in listed for name in session.scalars(select(Member.name)))
        _all_or_none(here, said)


def _all_or_none(here: int, said: list[str]) -> None:
    assert here > 5 if said else here == 0 or here > 5, f"{here} rows, said {said}"


class Confirm(Act):
    """Record meetings and confirm them."""

    name = "confirm"
    most = 12

    def done(self, store: Store, work: Path, number: int) -> str:
        with store.reading() as session:
            people = list(session.scalars(select(Member.id).where(Member.left_on.is_(None)).order_by(Member.id)))
        draft = MeetingDraft(
            kind=MeetingKind.BRANCH_CONGRESS,
            held_on=date(YEAR, 9, 1) + timedelta(days=number),
            chair_id=people[0],
            recorder_id=people[1],
            topic=f"第{number + 1}次",
        )
        service = MeetingService(store)
        meeting_id = service.record(draft)
        service.confirm(meeting_id)
        return meeting_id

    def settled(self, store: Store, work: Path, said: list[str]) -> None:
        with store.reading() as session:
            states = dict(session.execute(select(Meeting.id, Meeting.state).where(Meeting.topic.like("第%次"))).all())
        for meeting_id in said:
            assert states.get(meeting_id) is MeetingState.CONFIRMED, "a confirmed meeting is lost"
        for meeting_id in states:
            assert MeetingService(store).detail(meeting_id).attendance, "a meeting without its roster"


class Pack(Act):
    """Pack a report and copy it to the stick."""

    name = "pack"
    shared: Path

    def prepared(self, shared: Path, work: Path) -> None:
        super().prepared(shared, work)
        self.shared = shared

    def done(self, store: Store, work: Path, number: int) -> str:
        return Sender(store).pack(work / "stick").package_hash

    def settled(self, store: Store, work: Path, said: list[str]) -> None:
        recover(store)
        assert not list((store.folder / "outbox").glob("*.part")), "a part is left in the outbox"
        assert set(said) <= {row.package_hash for row in sent_packages(store)}, "a package is forgotten"
        whole = {file.name: peek(file)[1] for file in (work / "stick").glob("*.dzp")}
        assert len(whole) >= len(said), "a package is not on the stick"
        last = Sender(store).pack(work / "stick")
        with samples.opened(samples.copied(self.shared, samples.HEADQUARTERS, work / "hq")) as headquarters:
            (result,) = Receiver(headquarters).receive([last.file])
        assert result.code == "OK", result.code


class Receive(Act):
    """Take reports in at headquarters."""

    name = "receive"
    store_name = samples.HEADQUARTERS

    def prepared(self, shared: Path, work: Path) -> None:
        super().prepared(shared, work)
        for file in (shared / "reports").iterdir():
            shutil.copy(file, work / "stick")

    def done(self, store: Store, work: Path, number: int) -> str:
        file = sorted((work / "stick").glob("*.dzp"))[number]
        (result,) = Receiver(store).receive([file])
        if result.code not in ("OK", "I-DUP", "I-STALE"):
            raise Refused(result.code)
        return result.package_hash

    def settled(self, store: Store, work: Path, said: list[str]) -> None:
        recover(store)
        assert not list(store.folder.glob("inbox/*.part")), "a part is left in the inbox"
        received = {row.package_hash for row in Receiver(store).received() if row.accepted}
        assert set(said) <= received, "a package taken in is forgotten"
        with store.reading() as session:
            here = len([name for name in session.scalars(select(Member.name)) if name.startswith("补录")])
        assert here in range(self.most + 1), f"{here} of the new members"
        assert here >= len(set(said)), "rows of a package are missing"
        for file in sorted((work / "stick").glob("*.dzp")):
            assert Receiver(store).receive([file])[0].code in ("OK", "I-DUP", "I-STALE")


class Answer(Act):
    """Answer every branch."""

    name = "answer"
    store_name = samples.HEADQUARTERS
    most = 1

    def done(self, store: Store, work: Path, number: int) -> str:
        return " ".join(packed.package_hash for packed in Sender(store).answer(None, work / "stick"))

    def settled(self, store: Store, work: Path, said: list[str]) -> None:
        recover(store)
        noted = {row.package_hash for row in sent_packages(store)}
        assert {digest for words in said for digest in words.split()} <= noted, "a package is forgotten"
        for file in (work / "stick").glob("*.dzp"):
            peek(file)


class Backup(Act):
    """Back up inside the store, and to a file."""

    name = "backup"

    def done(self, store: Store, work: Path, number: int) -> str:
        if number % 2:
            return BackupService(store).to_file(work / "stick" / f"{number}.dzbak").name
        return BackupService(store).backup().path.name

    def settled(self, store: Store, work: Path, said: list[str]) -> None:
        names = {row.path.name for row in BackupService(store).list()} | {p.name for p in (work / "stick").iterdir()}
        assert set(said) <= names, "a backup is gone"
        for file in (work / "stick").glob("*.dzbak"):
            examine(file)


class Restore(Act):
    """Bring back a backup in the place of the store."""

    name = "restore"
    most = 1

    def prepared(self, shared: Path, work: Path) -> None:
        super().prepared(shared, work)
        shutil.copy(shared / "old.dzbak", work / "stick")

    def begun(self, work: Path, say: Say) -> None:
        say("ready")
        restore(work / "stick" / "old.dzbak", work / "store", demo.PASSWORD)
        say("done")

    def done(self, store: Store, work: Path, number: int) -> str:
        raise NotImplementedError

    def settled(self, store: Store, work: Path, said: list[str]) -> None:
        with store.reading() as session:
            newest = "补录三" in set(session.scalars(select(Member.name)))
        former = list(work.glob("store.old-*"))
        if said:
            assert not newest, "the backup did not come back"
            assert former, "the former data are gone"
        elif not newest:
            assert former, "the former data are gone"
        assert len(list(work.glob("store*/main.db"))) >= 1 + len(former)


class Password(Act):
    """Change the password, to and fro."""

    name = "password"
    most = 6

    def done(self, store: Store, work: Path, number: int) -> str:
        new = demo.PASSWORD if number % 2 else NEW_PASSWORD
        store.vault.change_password(store.key, demo.LOGIN, new, CHEAP)
        return new

    def opened(self, work: Path) -> Store:
        try:
            return super().opened(work)
        except VaultError:
            return open_store(work / "store", NEW_PASSWORD, demo.LOGIN, clock=samples.clock())

    def settled(self, store: Store, work: Path, said: list[str]) -> None:
        store.close()
        allowed = {demo.PASSWORD, NEW_PASSWORD} if len(said) < self.most else {said[-1]}
        fits = set()
        for password in (demo.PASSWORD, NEW_PASSWORD):
            try:
                open_store(work / "store", password, demo.LOGIN, clock=samples.clock()).close()
                fits.add(password)
            except VaultError:
                continue
        assert len(fits) == 1, f"{len(fits)} passwords open it"
        assert fits <= allowed, "an older password opens it"


class Archive(Act):
    """Build the archive of the year on the stick."""

    name = "archive"
    most = 1

    def done(self, store: Store, work: Path, number: int) -> str:
        return ArchiveService(store).build(YEAR, work / "stick" / "档案").dir.name

    def settled(self, store: Store, work: Path, said: list[str]) -> None:
        archive = work / "stick" / "档案"
        assert archive.is_dir() or not said, "the archive is gone"
        if archive.is_dir():
            assert not verify(archive).problems, "the archive is not whole"
        left = [path.name for path in (work / "stick").iterdir() if path != archive]
        assert not left, f"left on the stick: {left}"
        assert not (store.folder / "archive.part").exists(), "left in the store"


class Attach(Act):
    """Attach files to the branch."""

    name = "attach"
    most = 8

    def prepared(self, shared: Path, work: Path) -> None:
        super().prepared(shared, work)
        for number in range(self.most):
            (work / f"{number}.bin").write_bytes(f"第{number}份".encode() * 20_000)

    def done(self, store: Store, work: Path, number: int) -> str:
        return AttachmentService(store).attach("branches", store.branch_id, work / f"{number}.bin").id

    def settled(self, store: Store, work: Path, said: list[str]) -> None:
        service = AttachmentService(store)
        rows = service.list("branches", store.branch_id)
        assert set(said) <= {row.id for row in rows}, "an attachment is lost"
        for row in rows:
            assert len(service.read(row.id)) == row.size_bytes


class Init(Act):
    """Found stores."""

    name = "init"
    most = 2

    def begun(self, work: Path, say: Say) -> None:
        say("ready")
        for number in range(self.most):
            made = create_store(
                work / f"new{number}", StoreKind.BRANCH, "新支部", demo.LOGIN, demo.PASSWORD, cost=CHEAP
            )
            made.store.close()
            say(str(number))

    def done(self, store: Store, work: Path, number: int) -> str:
        raise NotImplementedError

    def settled(self, store: Store, work: Path, said: list[str]) -> None:
        for number in range(self.most):
            folder = work / f"new{number}"
            if str(number) in said or (folder.exists() and any(folder.iterdir())):
                open_store(folder, demo.PASSWORD, demo.LOGIN).close()
            else:
                create_store(folder, StoreKind.BRANCH, "新支部", demo.LOGIN, demo.PASSWORD, cost=CHEAP).store.close()


def drawn(dice: Random) -> Act:
    """Return any act; an archive, which takes as long as ten others, seldom."""
    kinds: tuple[type[Act], ...] = (*(ACTS * 3), Archive)
    return dice.choice(kinds)()


class Refused(Exception):
    """An act that refuses by a result; the text is the code."""


ACTS: tuple[type[Act], ...] = (
    Import, Confirm, Pack, Receive, Answer, Backup, Restore, Password, Attach, Init,
)  # fmt: skip


def found(shared: Path) -> None:
    """Make the demonstration, reports that headquarters has not had, and a backup of before them."""
    samples.found(shared)
    (shared / "reports").mkdir()
    with samples.opened(shared / "demo" / "数据" / samples.BRANCH) as store:
        BackupService(store).to_file(shared / "old.dzbak")
        for number in "一二三":
            with store.unit_of_work("补录") as session:
                first = session.scalars(select(Member)).first()
                assert first is not None
                session.add(
                    Member(
                        branch_id=store.branch_id, name=f"补录{number}", category=first.category, status=first.status
                    )
                )
            Sender(store).pack(shared / "reports")

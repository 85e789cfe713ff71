"""A store whose disk takes nothing more: looked at, searched, exported, backed up elsewhere, and never written."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.history import AuditEntry, SettingName
from desktop.models.members import Member
from desktop.models.schema import HEAD, revision_of
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.service import ArchiveService
from desktop.services.archive.verifying import verify
from desktop.services.attachments import AttachmentService
from desktop.services.attachments.viewing import ViewingService
from desktop.services.backup import BackupService, restore
from desktop.services.drafts import DraftService
from desktop.services.errors import OnlyLooked, StoreBusy, VaultError
from desktop.services.integrity import begin_day, check
from desktop.services.looking import begin_look
from desktop.services.members.service import MemberService
from desktop.services.opening import open_store
from desktop.services.security.lock import NAME as LOCK
from desktop.services.store import Store
from desktop.services.workbooks import book
from tests.kept import VERSIONS
from tests.services.disks import fill, make_read_only, needs_mount, small_disk
from tests.services.members.people import GAO, LI
from tests.stores import LOGIN, PASSWORD, clock_at, new_store, recovery_code

pytestmark = needs_mount
AT = clock_at("2026-11-22 09:00")


@dataclass
class Disk:
    """A store on a disk of its own that takes nothing more, and how it is mended."""

    folder: Path
    why: str
    mend: Callable[[], object]

    def open(self) -> Store:
        return open_store(self.folder, PASSWORD, LOGIN, clock=AT)


def peopled(folder: Path) -> None:
    """Make a store with two members and a paper."""
    with new_store(folder) as store:
        person = MemberService(store).register(GAO)
        MemberService(store).register(LI)
        paper = folder.parent.parent / "证明.txt"
        paper.write_text("证明内容", encoding="utf-8")
        AttachmentService(store).attach("members", person, paper)


@pytest.fixture(params=["full", "read only"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk") as place:
        peopled(place / "data")
        if request.param == "full":
            filler = fill(place)
            yield Disk(place / "data", "E-DISK-FULL", filler.unlink)
        else:
            make_read_only(place)
            yield Disk(place / "data", "E-DISK-RO", lambda: os.system(f"mount -o remount,rw {place}"))


def contents(folder: Path) -> dict[str, str]:
    """Return every file of a store but what the database keeps beside itself, with its sum."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_it_is_looked_at_and_goes_elsewhere_whole(disk: Disk, tmp_path: Path) -> None:
    before = contents(disk.folder)
    with disk.open() as store:
        assert store.look is not None
        assert store.look.why == disk.why
        assert begin_day(store) == []
        assert [row.name for row in MemberService(store).roster(date(2026, 11, 22))] == [GAO["name"], LI["name"]]
        assert book(store, "members").export(tmp_path / "名册.xlsx") == 2
        assert DocumentService(store).roster(tmp_path / "名册.pdf").pages == 1
        archives = ArchiveService(store)
        (archives.build_apart if disk.why == "E-DISK-FULL" else archives.build)(2026, tmp_path / "档案")
        backup = BackupService(store).to_file(tmp_path)
        with store.reading() as session:
            person = session.scalars(select(Member.id).where(Member.name == GAO["name"])).one()
        (paper,) = AttachmentService(store).list("members", person)
        assert ViewingService(store).copy(paper.id).read_text("utf-8") == "证明内容"
        scratch = store.scratch
        assert check(store) == []
    assert not scratch.exists()
    assert contents(disk.folder) == before
    assert not verify(tmp_path / "档案").problems
    restore(backup, tmp_path / "恢复", PASSWORD)
    with open_store(tmp_path / "恢复", PASSWORD, LOGIN, clock=AT) as store:
        assert len(MemberService(store).roster(date(2026, 11, 22))) == 2
        assert check(store) == []


WRITES: dict[str, Callable[[Store], object]] = {
    "a member": lambda store: MemberService(store).register(GAO | {"name": "第三人"}),
    "a draft": lambda store: DraftService(store).save("member", "", {"name": "第三人"}),
    "a setting": lambda store: store.set_setting(SettingName.IDLE_MINUTES, "5"),
    "a copy here": lambda store: BackupService(store).backup(),
    "a backup file here": lambda store: BackupService(store).to_file(),
    "the own password": lambda store: UserService(store).change_own_password(PASSWORD, "春风-细雨-77"),
    "another user": lambda store: UserService(store).add("二", "春风-细雨-77", ["secretary"]),
    "a new code": lambda store: UserService(store).offer_recovery_code(),
    "an ID number": lambda store: MemberService(store).id_number(MemberService(store).roster(store.today)[0].id),
}


def test_every_write_is_refused_before_it_begins_and_nothing_that_writes_is_allowed(disk: Disk) -> None:
    before = contents(disk.folder)
    with disk.open() as store:
        for name, write in WRITES.items():
            with pytest.raises(OnlyLooked) as caught:
                write(store)
            assert caught.value.facts["why"] == disk.why, name
        assert store.rights.looks_only
        assert {act for act in Act if store.rights.may(act)} == {Act.EXPORT, Act.RESTRICTED, Act.BACKUP}
    assert contents(disk.folder) == before


def test_mended_it_is_opened_as_ever(disk: Disk) -> None:
    disk.open().close()
    disk.mend()
    with disk.open() as store:
        assert store.look is None
        MemberService(store).register(GAO | {"name": "第三人", "id_no": None})
        with store.reading() as session:
            uses = session.scalars(select(AuditEntry.action)).all()
    assert uses.count("log-in") == 3  # it was made, filled, and mended; who looked left no line


def test_a_wrong_password_opens_nothing_and_two_do_not_look_at_once(disk: Disk) -> None:
    with pytest.raises(VaultError):
        open_store(disk.folder, "another password", LOGIN, clock=AT)
    with disk.open(), pytest.raises(StoreBusy):
        disk.open()
    with open_store(disk.folder, recovery_code=recovery_code(), clock=AT) as store:
        assert store.look is not None


def test_work_that_a_crash_left_in_the_log_is_seen(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        MemberService(store).register(GAO)
        with small_disk(tmp_path / "disk") as place:
            crashed = shutil.copytree(store.folder, place / "data")
            assert (crashed / "main.db-wal").stat().st_size
            (crashed / LOCK).write_bytes(b"{}")
            make_read_only(place)
            with open_store(crashed, PASSWORD, LOGIN, clock=AT) as looked:
                assert looked.look is not None
                assert [row.name for row in MemberService(looked).roster(date(2026, 11, 22))] == [GAO["name"]]
                BackupService(looked).to_file(tmp_path)


def test_data_of_an_older_program_are_looked_at_in_a_copy(tmp_path: Path) -> None:
    (kept,) = VERSIONS.values()
    with small_disk(tmp_path / "disk", 64) as place:
        (place / "data").mkdir()
        kept.unpack(StoreKind.BRANCH, place / "data")
        (place / "data" / LOCK).touch()
        make_read_only(place)
        password, login = kept.about["password"], kept.about["login"]
        with open_store(place / "data", password, login, clock=kept.clock) as store:
            assert store.look is not None
            with store.engine.connect() as connection:
                assert revision_of(connection) == HEAD
            assert store.rights.may(Act.BACKUP)
            assert MemberService(store).roster(store.today)


def test_what_a_killed_program_made_for_looking_is_swept_when_a_store_is_next_opened(tmp_path: Path) -> None:
    new_store(tmp_path / "data").close()
    look = begin_look(tmp_path / "data", "E-DISK-FULL")
    assert look.lock is not None
    (look.scratch / "leftover").write_bytes(b"left")
    open_store(tmp_path / "data", PASSWORD, LOGIN, clock=AT).close()
    assert look.scratch.exists()  # its program lives
    look.lock.release()
    open_store(tmp_path / "data", PASSWORD, LOGIN, clock=AT).close()
    assert not look.scratch.exists()

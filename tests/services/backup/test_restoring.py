"""The backup file and the way back: whole or refused, and the data in place untouched until all is known to be good."""

import errno
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.models.history import SettingName
from desktop.services.attachments import AttachmentService
from desktop.services.backup import BackupService, examine, restore, try_restore
from desktop.services.canonical import canonical
from desktop.services.errors import (
    AppError,
    Cancelled,
    Conflict,
    InvalidInput,
    NotFound,
    StorageFailure,
    StoreBusy,
    VaultError,
)
from desktop.services.files import FilePort, Medium
from desktop.services.opening import open_store
from desktop.services.security import sshsig
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from tests.records import a_meeting
from tests.services.backup.recognised import PLAIN
from tests.services.killing import Confirm, killed, needs_kill
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store, recovery_code


def snapshot(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def is_whole(folder: Path) -> bool:
    """Whether the store in `folder` opens and holds what the fixture put there."""
    with open_store(folder, PASSWORD, LOGIN) as opened:
        (row,) = AttachmentService(opened).list("meetings", "m1")
        return opened.setting(SettingName.NAME) == "向日葵" and AttachmentService(opened).read(row.id) == PLAIN


# -- the file


def test_a_folder_as_target_gets_a_file_named_by_code_and_time(store: Store, tmp_path: Path) -> None:
    store.set_setting(SettingName.CODE, "ZK03")
    (tmp_path / "u").mkdir()
    assert BackupService(store).to_file(tmp_path / "u").name == "ZK03_备份_20261122-090000.dzbak"
    assert BackupService(store).to_file().parent == store.folder / "backup"
    with pytest.raises(NotFound):
        BackupService(store).to_file(tmp_path / "gone" / "a.dzbak")


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "E-DISK-FULL"), (errno.EROFS, "E-USB-RO"), (errno.EIO, "E-USB-GONE")]
)
def test_a_stick_that_fails_leaves_no_file(store: Store, tmp_path: Path, number: int, code: str) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()

    class Failing(FilePort):
        """Fails in the middle of the first long write on the stick."""

        def write(self, file: IO[bytes], data: bytes) -> None:
            written = os.fstat(file.fileno())
            if len(data) > 10_000 and any(os.path.samestat(written, each.stat()) for each in stick.iterdir()):
                raise OSError(number, "injected")
            super().write(file, data)

    with pytest.raises(StorageFailure) as caught:
        BackupService(store, Failing()).to_file(stick / "a.dzbak", medium=Medium.STICK)
    assert caught.value.code == code
    assert list(stick.iterdir()) == []
    copy = BackupService(store).last_verified()
    assert copy is not None  # the copy in the store is good all the same, and claims nothing of the file
    assert copy.reason == "写备份文件前"
    assert BackupService(store).last_outside() is None


def test_what_reads_back_differently_is_no_backup(store: Store, tmp_path: Path) -> None:
    class Worn(FilePort):
        """A stick that loses a bit after the writing."""

        def forget_cached(self, path: Path) -> None:
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 1
            path.write_bytes(data)

    with pytest.raises(StorageFailure) as caught:
        BackupService(store, Worn()).to_file(tmp_path / "a.dzbak", medium=Medium.STICK)
    assert caught.value.code == "E-USB-VERIFY"
    assert not (tmp_path / "a.dzbak").exists()


def test_a_cancelled_backup_file_leaves_nothing(store: Store, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done > total // 3:
            raise Cancelled

    (tmp_path / "u").mkdir()
    with pytest.raises(Cancelled):
        BackupService(store).to_file(tmp_path / "u" / "a.dzbak", stop)
    assert list((tmp_path / "u").iterdir()) == []


# -- restoring


def test_a_lost_store_comes_back_from_the_file(store: Store, file: Path, tmp_path: Path) -> None:
    store.close()
    shutil.rmtree(tmp_path / "data")
    done = restore(file, tmp_path / "data", PASSWORD)
    assert done.former is None
    assert done.made_at_utc == "2026-11-22T01:00:00Z"
    assert is_whole(tmp_path / "data")


def test_the_recovery_code_restores_too(file: Path, tmp_path: Path) -> None:
    restore(file, tmp_path / "new", recovery_code=recovery_code())
    assert is_whole(tmp_path / "new")


def test_former_data_are_put_aside_untouched(store: Store, file: Path, tmp_path: Path) -> None:
    store.set_setting(SettingName.NAME, "later")
    store.sentinel.advance("hq", 7)
    store.close()
    before = snapshot(tmp_path / "data")
    done = restore(file, tmp_path / "data", PASSWORD, clock=clock_at("2026-11-23 10:00"))
    assert done.former == tmp_path / "data.old-20261123-100000"
    assert snapshot(done.former) == before
    assert is_whole(tmp_path / "data")
    with open_store(tmp_path / "data", PASSWORD, LOGIN) as again:
        assert again.sentinel.is_newer("hq", 6)  # the restored data know that they have gone back
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["data", "data.old-20261123-100000"]


def test_an_empty_folder_takes_a_restored_store(file: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert restore(file, tmp_path / "new", PASSWORD).former is None
    assert is_whole(tmp_path / "new")


def refused(file: Path, to: Path, password: str = PASSWORD, recovery_code: str = "") -> AppError:
    """Restore in vain; check that nothing in the neighbourhood has changed."""
    before = snapshot(to.parent)
    with pytest.raises(AppError) as caught:
        restore(file, to, password, recovery_code)
    assert snapshot(to.parent) == before
    assert not list(to.parent.glob("*.restoring"))
    return caught.value


def test_a_wrong_password_changes_nothing(store: Store, file: Path, tmp_path: Path) -> None:
    store.close()
    error = refused(file, tmp_path / "data", password="not this one")
    assert error.code == "E-LOGIN"
    assert refused(file, tmp_path / "data", recovery_code="-".join(["000011"] * 8)).code == "E-KEY-WRONG-VAULT"
    assert isinstance(error, VaultError)


def test_a_store_in_use_is_not_replaced(store: Store, file: Path, tmp_path: Path) -> None:
    assert isinstance(refused(file, tmp_path / "data"), StoreBusy)
    assert store.setting(SettingName.NAME) == "向日葵"


def test_a_folder_with_other_things_is_not_touched(file: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "photo.jpg").write_bytes(b"x")
    assert isinstance(refused(file, tmp_path / "other"), Conflict)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert isinstance(refused(tmp_path / "gone.dzbak", tmp_path / "new"), NotFound)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.9, 0.97, 0.985, 0.995, 0.9999])
def test_a_cut_file_is_refused(file: Path, tmp_path: Path, share: float) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])
    assert refused(file, tmp_path / "new").code == "E-DB-DAMAGED"


def test_rubbish_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"PK\x03\x04", b"x" * 5000, b"PK\x05\x06" + bytes(18)):
        (tmp_path / "a.dzbak").write_bytes(content)
        assert refused(tmp_path / "a.dzbak", tmp_path / "new").code == "E-DB-DAMAGED"


def rebuilt(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Write the archive again, its ZIP right, with changed members."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def signed_by(key: Ed25519PrivateKey, members: dict[str, bytes]) -> None:
    """Make sums and signature of `members` right again, signed by `key`."""
    manifest = json.loads(members.pop("manifest.json"))
    members.pop("manifest.json.sig")
    manifest["signer"] = sshsig.public_bytes(key.public_key()).hex()
    manifest["members"] = [
        {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in members.items()
    ]
    members["manifest.json"] = canonical(manifest)
    members["manifest.json.sig"] = sshsig.sign(key, members["manifest.json"], "dzb-backup-v1")


def test_changes_under_a_valid_wrapper_are_refused(file: Path, tmp_path: Path) -> None:
    good = file.read_bytes()

    def drop(name_part: str) -> Callable[[dict[str, bytes]], None]:
        def change(members: dict[str, bytes]) -> None:
            del members[next(name for name in members if name_part in name)]

        return change

    def swap(members: dict[str, bytes]) -> None:
        attachment = next(name for name in members if name.startswith("att/"))
        members[attachment] = members[attachment][:-1] + b"x"

    def add(members: dict[str, bytes]) -> None:
        extra = {"att/00/00000000-0000-4000-8000-000000000000.age": b"x"}
        rest = {name: members.pop(name) for name in ("manifest.json", "manifest.json.sig")}
        members |= extra | rest

    def forge_date(members: dict[str, bytes]) -> None:
        members["manifest.json"] = members["manifest.json"].replace(b"2026-11-22", b"2027-11-22")

    for change in (drop("att/"), drop("vault"), drop("main.db"), drop(".sig"), swap, add, forge_date):
        rebuilt(file, change)
        assert refused(file, tmp_path / "new").code == "E-DB-DAMAGED"
        file.write_bytes(good)


def test_a_stranger_cannot_sign_a_backup_again(file: Path, tmp_path: Path) -> None:
    stranger = Ed25519PrivateKey.generate()
    rebuilt(file, lambda members: signed_by(stranger, members))
    examine(file)  # sums and signature fit each other
    assert refused(file, tmp_path / "new").code == "E-DB-DAMAGED"


def test_names_that_lead_out_of_the_folder_are_refused_however_signed(store: Store, file: Path, tmp_path: Path) -> None:
    key = EnrolmentService(store).identity().signing_key
    for name in ("../evil", "/evil", "att/../../evil", "att/aa/evil.age", "app.lock"):

        def change(members: dict[str, bytes], name: str = name) -> None:
            rest = {each: members.pop(each) for each in ("manifest.json", "manifest.json.sig")}
            members[name] = b"evil"
            members |= rest
            signed_by(key, members)

        good = file.read_bytes()
        rebuilt(file, change)
        assert refused(file, tmp_path / "new").code == "E-DB-DAMAGED"
        file.write_bytes(good)


def test_a_cancelled_restore_leaves_all_as_it_was(store: Store, file: Path, tmp_path: Path) -> None:
    store.close()

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise Cancelled

    before = snapshot(tmp_path)
    with pytest.raises(Cancelled):
        restore(file, tmp_path / "data", PASSWORD, progress=stop)
    assert snapshot(tmp_path) == before


def test_a_full_disk_leaves_all_as_it_was(store: Store, file: Path, tmp_path: Path) -> None:
    class Full(FilePort):
        def write(self, file: object, data: bytes) -> None:
            raise OSError(errno.ENOSPC, "full")

    store.close()
    before = snapshot(tmp_path)
    with pytest.raises(StorageFailure) as caught:
        restore(file, tmp_path / "data", PASSWORD, port=Full())
    assert caught.value.code == "E-DISK-FULL"
    assert snapshot(tmp_path) == before


@needs_kill
@pytest.mark.parametrize("milliseconds", range(0, 60, 6))
def test_a_restore_killed_at_any_moment_leaves_the_old_or_the_new(
    store: Store, file: Path, tmp_path: Path, milliseconds: int
) -> None:
    store.close()

    def work(confirm: Confirm) -> None:
        confirm("go")
        restore(file, tmp_path / "data", PASSWORD)
        confirm("done")

    words = killed(work, milliseconds / 1000)
    aside = sorted(tmp_path.glob("data.old-*"))
    if "done" in words or (tmp_path / "data").exists():
        assert is_whole(tmp_path / "data")
    else:  # between the two renames: nothing is lost, the old data lie beside
        assert is_whole(aside[0])
    restore(file, tmp_path / "data", PASSWORD)  # what was left half done is not in the way
    assert is_whole(tmp_path / "data")
    assert not list(tmp_path.glob("*.restoring"))


@needs_kill
def test_a_restore_cut_off_between_the_two_renames_is_finished_at_the_next_start(
    store: Store, file: Path, tmp_path: Path
) -> None:
    store.close()
    real, calls = os.rename, [0]

    def cut_off(source: Path, target: Path) -> None:
        calls[0] += 1
        if calls[0] == 2:
            os._exit(9)
        real(source, target)

    child = os.fork()
    if child == 0:
        os.rename = cut_off  # type: ignore[assignment]
        restore(file, tmp_path / "data", PASSWORD)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert not (tmp_path / "data").exists()
    assert is_whole(tmp_path / "data")


def test_trying_a_restore_proves_the_file_and_touches_nothing(store: Store, file: Path, tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    told: list[tuple[int, int]] = []
    assert try_restore(file, PASSWORD, progress=lambda done, total: told.append((done, total))).attachments == 1
    assert told
    assert snapshot(tmp_path) == before
    with pytest.raises(VaultError):
        try_restore(file, "not this one")
    with pytest.raises(NotFound):
        try_restore(tmp_path / "gone", PASSWORD)


# -- from a copy inside the store


def test_a_damaged_database_comes_back_from_the_last_copy_with_all_attachments(store: Store, tmp_path: Path) -> None:
    copy = BackupService(store).backup().path
    store.close()
    (tmp_path / "data" / "main.db").write_bytes(b"rubbish" * 1000)
    for leftover in ("main.db-wal", "main.db-shm"):
        (tmp_path / "data" / leftover).unlink(missing_ok=True)
    with pytest.raises(StorageFailure) as caught:
        open_store(tmp_path / "data", PASSWORD, LOGIN)
    assert (caught.value.code, caught.value.facts["date"]) == ("E-DB-DAMAGED", "2026-11-22")
    done = restore(copy, tmp_path / "data", PASSWORD)
    assert is_whole(tmp_path / "data")
    assert done.former is not None
    assert (done.former / "main.db").read_bytes() == b"rubbish" * 1000
    with open_store(tmp_path / "data", PASSWORD, LOGIN) as again:
        assert BackupService(again).last_verified() is not None


def test_who_changed_the_password_meanwhile_keeps_the_new_one(store: Store, tmp_path: Path) -> None:
    copy = BackupService(store).backup().path
    store.vault.change_password(store.key, LOGIN, "秋水-长天-88", CHEAP)
    store.close()
    restore(copy, tmp_path / "data", "秋水-长天-88")
    open_store(tmp_path / "data", "秋水-长天-88", LOGIN).close()


def test_lost_key_slots_come_back_with_the_copy(store: Store, tmp_path: Path) -> None:
    copy = BackupService(store).backup().path
    store.close()
    for name in ("vault.json", "vault.json.bak"):
        (tmp_path / "data" / name).unlink()
    restore(copy, tmp_path / "data", PASSWORD)
    assert is_whole(tmp_path / "data")


@pytest.mark.parametrize("part", [".db", ".json", ".vault.json"])
def test_a_broken_copy_is_refused(store: Store, tmp_path: Path, part: str) -> None:
    copy = BackupService(store).backup().path
    store.close()
    broken = copy.with_suffix(part)
    data = bytearray(broken.read_bytes())
    data[len(data) // 2] ^= 0xFF
    broken.write_bytes(data)
    assert refused(copy, tmp_path / "data").code in {"E-DB-DAMAGED", "E-LOGIN"}
    assert is_whole(tmp_path / "data")


# -- memory


def test_much_data_passes_through_little_memory(store: Store, tmp_path: Path) -> None:
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(80 << 20)
    service = AttachmentService(store)
    service.attach("meetings", a_meeting(store), big)
    BackupService(store).to_file(tmp_path / "warm.dzbak")
    resource = pytest.importorskip("resource", reason="Windows counts memory otherwise")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    archive = BackupService(store).to_file(tmp_path / "a.dzbak")
    restore(archive, tmp_path / "new", PASSWORD)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024
    with open_store(tmp_path / "new", PASSWORD, LOGIN) as again:
        assert again.setting(SettingName.NAME) == "向日葵"
    assert archive.stat().st_size > 80 << 20


def test_a_backup_makes_no_store_where_none_may_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with new_store(tmp_path / "store") as store:
        BackupService(store).to_file(tmp_path / "备份.dzbak")
    monkeypatch.setenv("OneDrive", str(tmp_path / "OneDrive"))
    to = tmp_path / "OneDrive" / "数据"
    with pytest.raises(InvalidInput, match="OneDrive"):
        restore(tmp_path / "备份.dzbak", to, PASSWORD)
    assert not to.parent.exists()
    monkeypatch.delenv("OneDrive")
    restore(tmp_path / "备份.dzbak", to, PASSWORD)
    monkeypatch.setenv("OneDrive", str(tmp_path / "OneDrive"))
    assert restore(tmp_path / "备份.dzbak", to, PASSWORD).former is not None, "what lies there already can be mended"

"""What a killed program leaves beside a store goes at the next start, and never while somebody works in it."""

import errno
import os
import sys
from datetime import datetime
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.backup import BackupService, restore
from desktop.services.clock import now
from desktop.services.errors import AppError, StoreBusy
from desktop.services.opening import create_store, open_store
from desktop.services.security import making as module
from desktop.services.security.lock import NAME as LOCK
from desktop.services.security.lock import StoreLock, require_free
from desktop.services.security.making import abandoned, making, new_beside, restored_beside
from tests.services.killing import Confirm, killed, needs_kill
from tests.stores import CHEAP, LOGIN, PASSWORD, new_store


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@needs_kill
def test_a_killed_start_is_swept_by_the_next_of_its_name(tmp_path: Path) -> None:
    def work(confirm: Confirm) -> None:
        with making(new_beside(tmp_path / "支部")) as _placing:
            (tmp_path / "支部.new-里").mkdir()  # of somebody else: no such name is ours
            confirm("go")
            os.read(os.pipe()[0], 1)

    killed(work, 0)
    assert len(names(tmp_path)) == 2
    create_store(tmp_path / "总部", StoreKind.HEADQUARTERS, "总部", LOGIN, PASSWORD, cost=CHEAP).store.close()
    assert len(names(tmp_path)) == 3  # another store is not asked about this one
    create_store(tmp_path / "支部", StoreKind.BRANCH, "支部", LOGIN, PASSWORD, cost=CHEAP).store.close()
    assert names(tmp_path) == ["总部", "支部", "支部.new-里"]


@pytest.mark.parametrize("ending", [".restoring", ".new-0123abcd"])
def test_what_is_in_use_stays_and_what_was_left_goes_at_the_next_opening(tmp_path: Path, ending: str) -> None:
    new_store(tmp_path / "支部").close()
    building = tmp_path / f"支部{ending}"
    building.mkdir()
    (building / "main.db").write_bytes(b"half")
    with StoreLock(building):
        open_store(tmp_path / "支部", PASSWORD).close()
        assert (building / "main.db").read_bytes() == b"half"
    open_store(tmp_path / "支部", PASSWORD).close()
    assert names(tmp_path) == ["支部"]


def test_two_restores_to_one_place_do_not_meet(tmp_path: Path) -> None:
    with new_store(tmp_path / "支部") as store:
        file = BackupService(store).to_file(tmp_path / "备份.dzbak")
    with making(restored_beside(tmp_path / "支部")):
        with pytest.raises(StoreBusy):
            restore(file, tmp_path / "支部", PASSWORD)
        assert (tmp_path / "支部.restoring").is_dir()


def test_half_written_files_of_a_store_go_when_it_is_opened(tmp_path: Path) -> None:
    new_store(tmp_path / "支部").close()
    for name in ("vault.json.part", "vault.json.bak.part", "sentinel.json.part"):
        (tmp_path / "支部" / name).write_bytes(b"half")
    open_store(tmp_path / "支部", PASSWORD).close()
    assert not list((tmp_path / "支部").glob("*.part"))


def test_a_folder_whose_maker_was_killed_before_it_locked_it_is_in_nobody_s_way(tmp_path: Path) -> None:
    building = restored_beside(tmp_path / "data")
    building.mkdir()
    with making(building):
        (building / "main.db").write_bytes(b"x")
    (building / "att").mkdir(parents=True)
    with making(building):
        assert [path.name for path in building.iterdir()] == ["app.lock"]


def test_a_folder_whose_maker_takes_its_lock_while_it_is_asked_about_is_not_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    building = tmp_path / "data.new-12345678"
    building.mkdir()
    (building / LOCK).touch()  # made, and not yet held: the moment between the two
    held: list[StoreLock] = []

    def asked(folder: Path) -> None:
        require_free(folder)
        held.append(StoreLock(folder))

    monkeypatch.setattr(module, "require_free", asked)
    assert not abandoned(building)
    held[0].release()
    (building / "main.db").write_bytes(b"x")
    assert abandoned(building)
    held[1].release()


@pytest.mark.parametrize("asked", [1, 2, 5, 8, 11])
def test_a_store_that_could_not_be_made_leaves_nothing_open_behind(tmp_path: Path, asked: int) -> None:
    """An open file keeps its room on the full disk, so that another try fails too; on Windows it keeps the folder."""
    asks = 0

    def refusing() -> datetime:
        nonlocal asks
        asks += 1
        if asks == asked:
            raise OSError(errno.ENOSPC, "full")
        return now()

    with pytest.raises((OSError, AppError)) as _held:
        create_store(tmp_path / "支部", StoreKind.BRANCH, "支部", LOGIN, PASSWORD, cost=CHEAP, clock=refusing)
    assert names(tmp_path) == []
    if sys.platform == "linux":
        opened = [os.readlink(each) for each in Path("/proc/self/fd").iterdir() if os.path.lexists(each)]
        assert [file for file in opened if str(tmp_path) in file] == []


def test_what_an_interrupted_restore_left_stays_when_its_folder_cannot_be_locked(tmp_path: Path) -> None:
    building = restored_beside(tmp_path / "支部")
    building.mkdir()
    (building / "main.db").write_bytes(b"all there is")

    def refusing() -> datetime:
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises((OSError, AppError)), making(building, refusing):
        raise AssertionError("it was not locked")
    assert (building / "main.db").read_bytes() == b"all there is"

"""Where an archive is made: a killed program leaves nothing of it outside the folder of the store."""

import os
import shutil
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from desktop.services.archive import workshop as making
from desktop.services.archive.rows import Archive
from desktop.services.archive.service import ArchiveService
from desktop.services.archive.workshop import beside, deliver, make_room, sweep, workshop
from desktop.services.errors import StorageFailure
from desktop.services.files import Readable, Writable, copy_stream
from desktop.services.opening import open_store
from desktop.services.store import Store
from tests.services.archive.branch import branch_at_work
from tests.services.archive.conftest import ON
from tests.stores import LOGIN, PASSWORD

KILLED_AT_THE_THIRD_VOLUME = """
    import os, sys
    from datetime import date
    from pathlib import Path
    from desktop.services.archive.service import ArchiveService
    from desktop.services.opening import open_store

    def kill(done, total):
        if done == 3:
            os._exit(9)

    store = open_store(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
    ArchiveService(store).build(2026, Path(sys.argv[4]), date.fromisoformat(sys.argv[5]), kill)
"""


def test_a_killed_archive_leaves_nothing_outside_the_store_and_there_only_until_it_is_opened(tmp_path: Path) -> None:
    branch_at_work(tmp_path / "branch", months=1).close()
    folder, outside = tmp_path / "branch" / "store", tmp_path / "U盘"
    outside.mkdir()
    arguments = [str(folder), PASSWORD, LOGIN, str(outside / "档案"), ON.isoformat()]
    code = textwrap.dedent(KILLED_AT_THE_THIRD_VOLUME)
    ended = subprocess.run([sys.executable, "-c", code, *arguments], check=False)
    assert ended.returncode == 9
    assert list(outside.iterdir()) == []
    assert list(folder.rglob("*.pdf"))
    open_store(folder, PASSWORD, LOGIN).close()
    assert list(folder.rglob("*.pdf")) == []


def test_an_archive_has_the_rights_of_any_file_of_the_user(branch: Store, tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("no such rights")
    before = os.umask(0o022)
    try:
        built = ArchiveService(branch).build(2026, tmp_path / "档案", ON)
    finally:
        os.umask(before)
    rights = {stat.S_IMODE(path.stat().st_mode) for path in built.dir.iterdir()}
    assert (rights, stat.S_IMODE(built.dir.stat().st_mode)) == ({0o644}, 0o755)


def store_and_stick(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Return the folder of a store and one that is as if on a disk of its own."""
    store, stick = folder / "store", folder / "U盘"
    store.mkdir()
    stick.mkdir()

    def other_disk(source: Path, target: Path) -> None:
        if source.parent == store and target.parent == stick:
            raise OSError(18, "Invalid cross-device link")
        Path(source).rename(target)

    monkeypatch.setattr(os, "replace", other_disk)
    return store, stick


def test_nobody_else_reads_an_archive_that_is_on_its_way_to_another_disk(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform == "win32":
        pytest.skip("no such rights")
    store, stick = store_and_stick(tmp_path, monkeypatch)
    rights: set[int] = set()

    def looked_at(source: Readable, target: Writable) -> None:
        rights.add(stat.S_IMODE((stick / ".档案.part").stat().st_mode))
        copy_stream(source, target)

    monkeypatch.setattr(making, "copy_stream", looked_at)
    with workshop(store) as folder:
        shutil.copytree(archive.dir, folder, dirs_exist_ok=True)
        ordinary = stat.S_IMODE(folder.stat().st_mode)
        deliver(store, folder, stick / "档案")
    assert rights == {0o700}
    assert stat.S_IMODE((stick / "档案").stat().st_mode) == ordinary


def test_what_was_cut_short_on_its_way_to_another_disk_is_swept(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the program were killed half-way to the stick."""
    store, stick = store_and_stick(tmp_path, monkeypatch)

    def killed(_making: Path, half: Path) -> None:
        half.mkdir()
        (half / "00.pdf").write_bytes(b"%PDF-")
        raise SystemExit

    with workshop(store) as folder:
        shutil.copytree(archive.dir, folder, dirs_exist_ok=True)
        deliver(store, folder, stick / "整份")
    assert {path.name for path in (stick / "整份").iterdir()} == {path.name for path in archive.dir.iterdir()}
    half = store / "半份"
    half.mkdir()
    monkeypatch.setattr(making, "_copy", killed)
    with pytest.raises(SystemExit):
        deliver(store, half, stick / "半份")
    half.rmdir()
    sweep(store)
    assert [path.name for path in stick.iterdir()] == ["整份"]
    assert list(store.iterdir()) == []


def test_what_another_disk_lost_is_found_missing_and_what_lay_there_before_comes_back(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, stick = tmp_path / "store", tmp_path / "U盘"
    store.mkdir()
    (stick / "档案").mkdir(parents=True)
    (stick / "档案" / "旧.pdf").write_bytes(b"%PDF-")

    def losing(source: Path, target: Path) -> None:
        if source.parent == store and target.parent == stick:
            raise OSError(18, "Invalid cross-device link")
        Path(source).rename(target)
        if target == stick / "档案":
            for cover in target.glob("00-*.pdf"):
                cover.write_bytes(b"half")

    monkeypatch.setattr(os, "replace", losing)
    with workshop(store) as folder:
        shutil.copytree(archive.dir, folder, dirs_exist_ok=True)
        with pytest.raises(StorageFailure, match="E-COPY-GONE"):
            deliver(store, folder, stick / "档案")
    assert [path.name for path in (stick / "档案").iterdir()] == ["旧.pdf"]


def test_a_folder_that_vanished_while_an_archive_was_made_is_not_made_anew(tmp_path: Path) -> None:
    store, stick = tmp_path / "store", tmp_path / "U盘"
    store.mkdir()
    make_room(stick / "档案")
    with workshop(store) as folder:
        (folder / "00.pdf").write_bytes(b"%PDF-")
        stick.rmdir()
        with pytest.raises(StorageFailure, match="E-DISK"):
            deliver(store, folder, stick / "档案")
    assert not stick.exists()


def _written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "00.pdf").write_text(text)
    return folder


def _refusing(monkeypatch: pytest.MonkeyPatch, target: Path, error: BaseException) -> None:
    """Let nothing get the name `target` the first time."""
    real, waiting = os.replace, [error]

    def replace(source: Path, to: Path) -> None:
        if Path(to) == target and waiting:
            raise waiting.pop()
        real(source, to)

    monkeypatch.setattr(os, "replace", replace)


def test_the_former_archive_is_back_when_the_disk_refuses_the_new_one_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, stick = tmp_path / "store", tmp_path / "U盘"
    store.mkdir()
    _written(stick / "档案", "去年")
    new = _written(store / "new", "今年")
    _refusing(monkeypatch, stick / "档案", OSError(5, "Input/output error"))
    with pytest.raises(StorageFailure):
        deliver(store, new, stick / "档案")
    assert [path.name for path in stick.iterdir()] == ["档案"]
    assert (stick / "档案" / "00.pdf").read_text() == "去年"


def test_the_former_archive_is_back_after_a_kill_between_two_names_on_the_same_disk(tmp_path: Path) -> None:
    store, stick = tmp_path / "store", tmp_path / "U盘"
    store.mkdir()
    _written(stick / "档案", "去年")
    make_room(stick / "档案")
    deliver(store, _written(store / "new", "今年"), stick / "档案")
    assert (stick / "档案" / "00.pdf").read_text() == "今年"
    assert making._on_their_way(store) == [stick / "档案"], "noted until it is known to have arrived"
    (stick / "档案").rename(stick / ".档案.old")
    _written(stick / ".档案.part", "明年")
    sweep(store)
    assert [path.name for path in stick.iterdir()] == ["档案"]
    assert (stick / "档案" / "00.pdf").read_text() == "今年"
    assert list(store.iterdir()) == []


def test_what_lies_on_a_stick_that_is_out_is_remembered_whatever_is_made_meanwhile(tmp_path: Path) -> None:
    store, stick, disk = tmp_path / "store", tmp_path / "U盘", tmp_path / "disk"
    store.mkdir()
    make_room(stick / "档案")
    deliver(store, _written(store / "new", "今年"), stick / "档案")
    (stick / "档案").rename(stick / ".档案.part")
    stick.rename(tmp_path / "away")
    sweep(store)
    make_room(disk / "档案")
    deliver(store, _written(store / "new", "今年"), disk / "档案")
    sweep(store)
    (tmp_path / "away").rename(stick)
    sweep(store)
    assert list(stick.iterdir()) == []
    assert list(store.iterdir()) == []


def test_a_former_archive_put_aside_stays_and_comes_back_when_the_disk_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, stick = tmp_path / "store", tmp_path / "U盘"
    store.mkdir()
    _written(stick / "档案", "去年")
    aside = beside(stick / "档案")
    deliver(store, _written(store / "new", "今年"), stick / "档案", aside)
    sweep(store)
    assert {path.name: (path / "00.pdf").read_text() for path in stick.iterdir()} == {
        "档案": "今年",
        "档案（原来的）": "去年",
    }
    _refusing(monkeypatch, stick / "档案", OSError(5, "Input/output error"))
    with pytest.raises(StorageFailure):
        deliver(store, _written(store / "newer", "明年"), stick / "档案", beside(stick / "档案"))
    assert sorted(path.name for path in stick.iterdir()) == ["档案", "档案（原来的）"]
    assert (stick / "档案" / "00.pdf").read_text() == "今年"

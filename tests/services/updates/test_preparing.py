"""An update is made ready whole, or refused in words with nothing left of it and nothing changed."""

import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.services.access.rights import Rights
from desktop.services.backup import copies_in
from desktop.services.errors import AppError, Cancelled, NotAllowed, StoreBusy
from desktop.services.security.lock import StoreLock
from desktop.services.updates.manifest import MANIFEST, Form, Manifest, read_manifest, written_manifest
from desktop.services.updates.offers import FOLDER
from desktop.services.updates.preparing import prepare
from desktop.services.updates.program import NAME, Program
from desktop.services.updates.state import Phase, place_of, read_state, sweep
from tests.services.updates.programs import NEW, OLD, TRUSTED, make_release, sign_release
from tests.stores import new_store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs of these tests are scripts")
STARTS, DOES_NOT = "#!/bin/sh\nexit 0\n", "#!/bin/sh\nexit 127\n"


@pytest.fixture
def used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "家"))
    folder = tmp_path / "程序" / "支部工作台"
    (folder / "_internal").mkdir(parents=True)
    (folder / NAME).write_text(STARTS, "utf-8")
    return Program(folder, Form.FOLDER, OLD)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return carried(tmp_path / "盘", STARTS)


def carried(stick: Path, script: str) -> Path:
    """Return a stick with a release whose program is `script`."""
    fresh = stick.with_name(f"{stick.name}上的")
    fresh.mkdir()
    (fresh / NAME).write_text(script, "utf-8")
    (fresh / NAME).chmod(0o755)
    make_release(stick, fresh, NEW)
    return stick


def left(used: Program) -> list[str]:
    """What lies beside the program and in the place of its update."""
    place = place_of(used.folder)
    inside = sorted(path.name for path in place.iterdir() if path.suffix != ".lock") if place.is_dir() else []
    return [*sorted(path.name for path in used.folder.parent.iterdir()), *inside]


def test_all_is_ready_before_anything_is_exchanged(tmp_path: Path, used: Program, stick: Path) -> None:
    with new_store(tmp_path / "数据") as store:
        state = prepare(store, stick, used, keys=TRUSTED)
        assert state == read_state(place_of(used.folder))
        assert (state.phase, state.old, state.new, state.store) == (Phase.READY, OLD, NEW, str(store.folder))
        assert [row.stamp for row in copies_in(store.folder)] == [state.backup]
    assert (used.folder / NAME).read_text("utf-8") == STARTS
    assert left(used) == ["支部工作台", "支部工作台.former", "支部工作台.new", "update.json"]
    sweep(place_of(used.folder))
    assert left(used) == ["支部工作台"]


def change_file(stick: Path) -> None:
    (archive,) = (stick / FOLDER).glob("*.tar.xz")
    with archive.open("r+b") as file:
        file.seek(600)
        file.write(b"X")


def take_file_away(stick: Path) -> None:
    for archive in (stick / FOLDER).glob("*.tar.xz"):
        archive.unlink()


def no_archive(stick: Path) -> None:
    for archive in (stick / FOLDER).glob("*.tar.xz"):
        archive.write_bytes(b"not packed")
    sign_release(stick / FOLDER)


def under_a_password(stick: Path) -> None:
    for archive in (stick / FOLDER).glob("*.tar.xz"):
        with zipfile.ZipFile(archive, "w") as packed:
            packed.writestr("branch-desk/branch-desk", b"")
        whole = bytearray(archive.read_bytes())
        whole[6] |= 1
        whole[whole.index(b"PK\x01\x02") + 8] |= 1
        archive.write_bytes(whole)
    sign_release(stick / FOLDER)


def too_large(stick: Path) -> None:
    file = stick / FOLDER / MANIFEST
    manifest = read_manifest(file.read_bytes())
    assert manifest is not None
    (only,) = manifest.files
    file.write_bytes(written_manifest(Manifest(NEW, manifest.news, (replace(only, unpacked_bytes=1 << 60),))))
    sign_release(stick / FOLDER)


def fails_to_start(stick: Path) -> None:
    shutil.rmtree(stick)
    shutil.rmtree(stick.with_name(f"{stick.name}上的"))
    carried(stick, DOES_NOT)


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file changed after it was signed": (change_file, "E-UPD-SIGN"),
    "a file that is gone": (take_file_away, "E-UPD-SIGN"),
    "what is no archive, though signed": (no_archive, "E-UPD-UNFIT"),
    "what is packed under a password": (under_a_password, "E-UPD-UNFIT"),
    "a program that does not start here": (fails_to_start, "E-UPD-UNFIT"),
    "more than the disk has room for": (too_large, "E-DISK-FULL"),
    "no release": (shutil.rmtree, "E-NOT-FOUND"),
}


@pytest.mark.parametrize(("change", "code"), FAULTS.values(), ids=FAULTS)
def test_what_does_not_hold_leaves_nothing(
    tmp_path: Path, used: Program, stick: Path, change: Callable[[Path], object], code: str
) -> None:
    change(stick)
    with new_store(tmp_path / "数据") as store:
        with pytest.raises(AppError) as caught:
            prepare(store, stick, used, keys=TRUSTED)
        assert caught.value.code == code
        assert copies_in(store.folder) == []
    assert left(used) == ["支部工作台"]


def test_a_stick_pulled_in_the_middle_is_told_and_leaves_nothing(tmp_path: Path, used: Program, stick: Path) -> None:
    for archive in (stick / FOLDER).glob("*.tar.xz"):
        os.truncate(archive, 8 << 20)  # so that it is read in several pieces
    sign_release(stick / FOLDER)

    def pulled(done: int, _total: int) -> None:
        if done:
            shutil.rmtree(stick, ignore_errors=True)
            raise OSError(5, "Input/output error")

    with new_store(tmp_path / "数据") as store, pytest.raises(AppError) as caught:
        prepare(store, stick, used, pulled, keys=TRUSTED)
    assert caught.value.code == "E-UPD-GONE"
    assert left(used) == ["支部工作台"]


@pytest.mark.parametrize("after", [0.0, 0.667], ids=["copying", "unpacking"])
def test_it_can_be_stopped(tmp_path: Path, used: Program, stick: Path, after: float) -> None:
    def stopped(done: int, total: int) -> None:
        if done >= after * total:
            raise Cancelled

    with new_store(tmp_path / "数据") as store, pytest.raises(Cancelled):
        prepare(store, stick, used, stopped, keys=TRUSTED)
    assert left(used) == ["支部工作台"]


def test_two_updates_of_one_program_do_not_meet(tmp_path: Path, used: Program, stick: Path) -> None:
    place = place_of(used.folder)
    place.mkdir(parents=True)
    with new_store(tmp_path / "数据") as store, StoreLock(place), pytest.raises(StoreBusy):
        prepare(store, stick, used, keys=TRUSTED)


def test_a_program_from_a_clone_and_a_user_without_the_right_are_refused(
    tmp_path: Path, used: Program, stick: Path
) -> None:
    with new_store(tmp_path / "数据") as store:
        with pytest.raises(AppError) as caught:
            prepare(store, stick, None, keys=TRUSTED)
        assert caught.value.code == "E-UPD-CLONE"
        store.rights = Rights()
        with pytest.raises(NotAllowed):
            prepare(store, tmp_path / "没有", used, keys=TRUSTED)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path, used: Program, stick: Path) -> None:
    used.folder.parent.chmod(0o500)
    try:
        with new_store(tmp_path / "数据") as store, pytest.raises(AppError) as caught:
            prepare(store, stick, used, keys=TRUSTED)
        assert caught.value.code == "E-UPD-PLACE"
    finally:
        used.folder.parent.chmod(0o700)

"""The file port, and what a power cut can leave of an atomic write."""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import StorageFailure
from desktop.services.files import (
    FilePort,
    HashingReader,
    Medium,
    TooLong,
    copy_stream,
    partial,
    replacing,
    sha256_of,
    storage_faults,
    write_atomically,
)
from tests.services.disk import CrashPort


@given(old=st.one_of(st.none(), st.binary(max_size=40)), new=st.binary(max_size=40))
def test_a_power_cut_at_any_step_leaves_the_old_content_or_the_new(old: bytes | None, new: bytes) -> None:
    path = Path("/store/vault.json")
    port = CrashPort({path: old} if old is not None else {})
    write_atomically(path, new, port)
    outcomes = [disk.get(path) for disk in port.after_power_cut()]
    assert set(outcomes) <= {old, new}
    assert outcomes[0] == old
    assert outcomes[-1] == new


def test_the_replay_notices_a_write_that_is_not_forced_to_the_disk() -> None:
    class Hasty(CrashPort):
        def fsync(self, file: object) -> bool:
            return True

    path = Path("/store/vault.json")
    port = Hasty({path: b"old"})
    write_atomically(path, b"new", port)
    assert b"" in [disk.get(path) for disk in port.after_power_cut()]


def test_an_unfinished_file_of_a_crash_does_not_stand_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    partial(path).write_bytes(b"half")
    write_atomically(path, b"whole", FilePort())
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failing_writer_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")

    def interrupted() -> None:
        with replacing(path, FilePort()) as writer:
            writer.write(b"new")
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_new_files_and_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    port = FilePort()
    folder = tmp_path / "a" / "b"
    port.make_folder(folder)
    write_atomically(folder / "c", b"", port)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "c").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("number", "medium", "code"),
    [
        (errno.ENOSPC, Medium.DISK, "E-DISK-FULL"),
        (errno.EFBIG, Medium.STICK, "E-DISK-FULL"),
        (errno.EDQUOT, Medium.DISK, "E-DISK-FULL"),
        (errno.EROFS, Medium.STICK, "E-USB-RO"),
        (errno.EIO, Medium.STICK, "E-USB-GONE"),
        (errno.ENOTCONN, Medium.STICK, "E-USB-GONE"),
        (errno.ENOENT, Medium.STICK, "E-USB-GONE"),
        (errno.EROFS, Medium.DISK, "E-DISK-RO"),
        (errno.EACCES, Medium.DISK, "E-DISK-RO"),
        (errno.EIO, Medium.DISK, "E-DISK"),
    ],
)
def test_a_fault_of_the_disk_has_a_code_of_the_catalogue(
    tmp_path: Path, number: int, medium: Medium, code: str
) -> None:
    with pytest.raises(StorageFailure) as caught, storage_faults(tmp_path / "f", FilePort(), medium, need=7):
        raise OSError(number, os.strerror(number))
    assert caught.value.code == code
    assert caught.value.facts["file"] == "f"


@pytest.mark.parametrize(
    ("number", "windows", "medium", "code"),
    [
        (errno.EINVAL, 39, Medium.DISK, "E-DISK-FULL"),
        (errno.ENOSPC, 112, Medium.STICK, "E-DISK-FULL"),
        (errno.EACCES, 19, Medium.STICK, "E-USB-RO"),
        (errno.EACCES, 19, Medium.DISK, "E-DISK-RO"),
        (errno.EACCES, 21, Medium.STICK, "E-USB-GONE"),
        (errno.EINVAL, 433, Medium.STICK, "E-USB-GONE"),
        (errno.EINVAL, 1167, Medium.STICK, "E-USB-GONE"),
        (errno.EINVAL, 1117, Medium.DISK, "E-DISK"),
        (errno.EACCES, 32, Medium.DISK, "E-DISK-HELD"),
        (errno.EACCES, 33, Medium.STICK, "E-USB-LOCKED"),
    ],
)
def test_a_fault_as_windows_numbers_it_has_the_same_code(
    tmp_path: Path, number: int, windows: int, medium: Medium, code: str
) -> None:
    error = OSError(number, "what Windows says")
    error.winerror = windows  # type: ignore[attr-defined]
    with pytest.raises(StorageFailure) as caught, storage_faults(tmp_path / "f", FilePort(), medium, need=7):
        raise error
    assert caught.value.code == code


@pytest.mark.skipif(not Path("Z:/disks").is_dir(), reason="needs the disks of the Windows lab")
@pytest.mark.parametrize(
    ("disk", "medium", "code"),
    [
        ("full", Medium.DISK, "E-DISK-FULL"),
        ("protected", Medium.DISK, "E-DISK-RO"),
    ],
)
def test_a_disk_that_windows_refuses_is_told_by_what_ails_it(disk: str, medium: Medium, code: str) -> None:
    def fill() -> None:
        with replacing(Path(f"Z:/disks/{disk}/文件"), FilePort(), medium=medium) as writer:
            for _ in range(2):  # all that is free, then more
                writer.write(bytes(1 << 16))

    with pytest.raises(StorageFailure) as caught:
        fill()
    assert caught.value.code == code


@pytest.mark.skipif(not Path("Z:/disks").is_dir(), reason="needs the disks of the Windows lab")
def test_a_disk_that_can_only_be_read_is_known_before_anything_is_written(tmp_path: Path) -> None:
    assert FilePort().read_only(Path("Z:/disks/protected"))
    assert not FilePort().read_only(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere an open file may be replaced")
def test_a_file_that_another_program_has_open_is_named(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(b"1")
    port = FilePort(replace_waits_ms=(1,))
    with path.open("rb"), pytest.raises(StorageFailure, match="E-DISK-HELD"):
        write_atomically(path, b"2", port)
    assert path.read_bytes() == b"1"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_says_how_much_was_needed_and_is_free(tmp_path: Path) -> None:
    class Full(FilePort):
        def write(self, file: object, data: bytes) -> None:
            with open("/dev/full", "wb", buffering=0) as device:
                device.write(data)

        def free_space(self, folder: Path) -> int:
            return 5

    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(StorageFailure) as caught:
        write_atomically(path, b"twelve bytes", Full())
    assert (caught.value.code, caught.value.facts["need"], caught.value.facts["free"]) == ("E-DISK-FULL", 12, 5)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_held_by_a_virus_scanner_is_tried_again_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace
    refusals = [3, 99]
    waited: list[float] = []

    def held(source: Path, target: Path) -> None:
        refusals[0] -= 1
        if refusals[0] >= 0:
            raise PermissionError(errno.EACCES, "held")
        real(source, target)

    monkeypatch.setattr(os, "replace", held)
    port = FilePort(replace_waits_ms=(50, 100, 200, 400, 800, 1600), wait=waited.append)
    path = tmp_path / "a"
    write_atomically(path, b"1", port)
    assert path.read_bytes() == b"1"
    assert waited == [0.05, 0.1, 0.2]

    refusals[0] = refusals[1]
    with pytest.raises(StorageFailure) as caught:
        write_atomically(path, b"2", port)
    assert caught.value.code == "E-DISK-HELD"
    with pytest.raises(StorageFailure, match="E-USB-LOCKED"), replacing(path, port, medium=Medium.STICK):
        pass
    assert path.read_bytes() == b"1"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="wine lets such a name be, and Windows numbers it otherwise")
def test_a_name_that_is_too_long_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(StorageFailure, match="E-DISK-LONG"):
        write_atomically(tmp_path / ("长" * 300), b"1", FilePort())


@pytest.mark.parametrize(("parts", "code"), [(30, "E-DISK-LONG"), (1, "E-USB-GONE")])
def test_a_path_longer_than_windows_takes_is_no_stick_that_is_gone(parts: int, code: str, tmp_path: Path) -> None:
    error = FileNotFoundError(errno.ENOENT, "what Windows says")
    error.winerror = 3  # type: ignore[attr-defined]
    deep = tmp_path.joinpath(*(f"第{number}层文件夹的名字" for number in range(parts)))
    with pytest.raises(StorageFailure, match=code), storage_faults(deep / "a", FilePort(), Medium.STICK):
        raise error


def test_a_folder_in_the_place_of_a_file_is_no_virus_scanner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(source: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "as Windows says it of a folder")

    monkeypatch.setattr(os, "replace", refused)
    path = tmp_path / "a"
    path.mkdir()
    with pytest.raises(StorageFailure, match="E-DISK-FOLDER"):
        write_atomically(path, b"1", FilePort(replace_waits_ms=(50,), wait=lambda _seconds: pytest.fail("waited")))


def test_reading_a_small_file_refuses_a_large_one(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 11)
    assert FilePort().read(path, 11) == b"x" * 11
    with pytest.raises(OSError, match="large"):
        FilePort().read(path, 10)


def test_streams_are_hashed_told_and_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    told: list[int] = []
    expected = ("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3)
    with path.open("rb") as file:
        assert sha256_of(file, told.append) == expected
    assert sum(told) == 3
    with path.open("rb") as file, (tmp_path / "b").open("wb") as target:
        assert copy_stream(file, target) == expected
    assert (tmp_path / "b").read_bytes() == b"abc"
    with path.open("rb") as file, pytest.raises(TooLong):
        HashingReader(file, limit=2).read()


def faulty(step: str, number: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise OSError(number, step)

    return fail


@pytest.mark.parametrize("step", ["open_excl", "write", "fsync", "replace"])
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EROFS])
def test_a_fault_at_any_step_leaves_the_old_content_and_no_litter(tmp_path: Path, step: str, number: int) -> None:
    port = FilePort()
    setattr(port, step, faulty(step, number))
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(StorageFailure):
        write_atomically(path, b"new", port)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]

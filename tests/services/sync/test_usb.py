"""Sticks: found, known again, written with read-back, and every fault by its name with nothing left behind."""

import errno
import os
from pathlib import Path
from typing import IO, Any

import pytest

from desktop.services.errors import Cancelled, StorageFailure
from desktop.services.files import FilePort, Held, set_aside
from desktop.services.sync import usb
from desktop.services.volumes import Volume

NAME = "ZK03_上报_000012_20260301_1a2b3c4d.dzp"
DATA = os.urandom(3_000_000)


def volume(root: Path, file_system: str, read_only: bool = False) -> Volume:
    return Volume(
        root=root,
        label="党建U盘",
        device="/dev/sdb1",
        file_system=file_system,
        read_only=read_only,
        free_bytes=1 << 30,
        total_bytes=1 << 30,
    )


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(DATA)
    return path


@pytest.fixture
def stick(tmp_path: Path) -> Volume:
    root = tmp_path / "stick"
    root.mkdir()
    return volume(root, "exfat")


def left(stick: Volume) -> list[str]:
    return sorted(path.name for path in stick.root.rglob("*") if path.is_file())


def test_a_copy_is_written_read_back_and_reported(package: Path, stick: Volume) -> None:
    told: list[tuple[int, int]] = []
    folder = usb.exchange_folder(stick.root, "ZK03", usb.UP_FOLDER)
    copied = usb.copy_verified(package, folder, lambda done, total: told.append((done, total)), volume=stick)
    assert copied.path == stick.root / "党建数据交换" / "ZK03" / "上报" / NAME
    assert copied.path.read_bytes() == DATA
    assert copied.size_bytes == len(DATA)
    assert copied.forced
    assert told[-1] == (2 * len(DATA), 2 * len(DATA))
    assert told == sorted(told)
    assert usb.waiting(stick.root, usb.UP_FOLDER) == [copied.path]


def test_the_same_package_may_be_copied_again(package: Path, stick: Volume) -> None:
    for _ in range(2):
        usb.copy_verified(package, stick.root, volume=stick)
    assert left(stick) == [NAME]


class Failing(FilePort):
    """A port that fails at one of its steps."""

    def __init__(self, step: str, number: int, at: int = 1) -> None:
        super().__init__()
        self.step, self.number, self.at = step, number, at

    def _maybe(self, step: str) -> None:
        if step == self.step:
            self.at -= 1
            if self.at == 0:
                raise OSError(self.number, os.strerror(self.number))

    def write(self, file: IO[bytes], data: bytes) -> None:
        self._maybe("write")
        super().write(file, data)

    def fsync(self, file: IO[bytes]) -> bool:
        self._maybe("fsync")
        return super().fsync(file)

    def replace(self, source: Path, target: Path) -> None:
        self._maybe("replace")
        super().replace(source, target)

    def open_excl(self, path: Path) -> Any:
        self._maybe("open")
        return super().open_excl(path)


@pytest.mark.parametrize("step", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EIO, "E-USB-GONE"),
        (errno.ENOTCONN, "E-USB-GONE"),
        (errno.ENOENT, "E-USB-GONE"),
        (errno.EROFS, "E-USB-RO"),
        (errno.ENOSPC, "E-DISK-FULL"),
        (errno.EFBIG, "E-DISK-FULL"),
    ],
)
def test_a_fault_has_its_code_and_leaves_nothing(
    package: Path, stick: Volume, step: str, number: int, code: str
) -> None:
    with pytest.raises(StorageFailure) as raised:
        usb.copy_verified(package, stick.root, port=Failing(step, number), volume=stick)
    assert raised.value.code == code
    assert left(stick) == []
    assert package.read_bytes() == DATA


def test_a_file_held_by_a_virus_scanner_is_tried_again_and_then_named(package: Path, stick: Volume) -> None:
    class HeldFile(FilePort):
        def replace(self, source: Path, target: Path) -> None:
            raise Held(errno.EACCES, "held", str(target))

    with pytest.raises(StorageFailure, match="E-USB-LOCKED"):
        usb.copy_verified(package, stick.root, port=HeldFile(), volume=stick)
    assert left(stick) == []


def test_a_stick_that_returns_other_bytes_is_found_out(package: Path, stick: Volume) -> None:
    class Lying(FilePort):
        def write(self, file: IO[bytes], data: bytes) -> None:
            super().write(file, data[:-1] + bytes([data[-1] ^ 1]))

    with pytest.raises(StorageFailure) as raised:
        usb.copy_verified(package, stick.root, port=Lying(), volume=stick)
    assert raised.value.code == "E-USB-VERIFY"
    assert left(stick) == []


def test_a_cancelled_copy_leaves_nothing(package: Path, stick: Volume) -> None:
    for limit in (1_000_000, 4_000_000):

        def stop(done: int, total: int, limit: int = limit) -> None:
            if done > limit:
                raise Cancelled

        with pytest.raises(Cancelled):
            usb.copy_verified(package, stick.root, stop, volume=stick)
        assert left(stick) == []


def test_a_full_a_protected_and_a_fat_stick_are_asked_first(package: Path, stick: Volume) -> None:
    class Small(FilePort):
        def free_space(self, folder: Path) -> int:
            return 2_000_000

    with pytest.raises(StorageFailure) as raised:
        usb.copy_verified(package, stick.root, port=Small(), volume=stick)
    assert raised.value.code == "E-DISK-FULL"
    assert raised.value.facts["free"] == 2_000_000

    class Protected(Small):
        def read_only(self, folder: Path) -> bool:
            return True

    with pytest.raises(StorageFailure, match="E-USB-RO"):
        usb.copy_verified(package, stick.root, port=Protected(), volume=stick)
    protected = volume(stick.root, "exfat", read_only=True)
    with pytest.raises(StorageFailure, match="E-USB-RO"):
        usb.copy_verified(package, stick.root, volume=protected)
    huge = package.with_name("huge")
    with huge.open("wb") as file:
        file.truncate(4 << 30)
    fat = volume(stick.root, "vfat")
    with pytest.raises(StorageFailure, match="E-DISK-FULL"):
        usb.copy_verified(huge, stick.root, volume=fat)
    assert left(stick) == []


def test_a_package_set_aside_by_a_cut_is_back_and_that_of_another_branch_stays(stick: Volume) -> None:
    ours, others = stick.root / NAME, stick.root / NAME.replace("ZK03", "ZK04")
    for path in (ours, others):
        set_aside(path).write_bytes(b"former")
    usb.sweep(stick.root, {"ZK03_上报"})
    assert (ours.read_bytes(), set_aside(ours).exists()) == (b"former", False)
    assert (others.exists(), set_aside(others).exists()) == (False, True)


def test_only_our_leftovers_are_swept(stick: Volume) -> None:
    ours = stick.root / (NAME + ".part")
    others = [
        stick.root / name
        for name in ("download.part", NAME, "x_12345678.dzp.part", f"{NAME.replace('ZK03', 'ZK04')}.part")
    ]
    for path in [ours, *others]:
        path.write_bytes(b"x")
    assert usb.sweep(stick.root, {"ZK03_上报"}) == [ours]
    assert all(path.exists() for path in others)
    assert usb.sweep(stick.root / "missing", {"ZK03_上报"}) == []

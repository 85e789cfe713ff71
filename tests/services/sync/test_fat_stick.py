"""Copies to a stick that is FAT and may be pulled at any call: refused in words, nothing half there, then again."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.services.sync.fat import on_fat

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("gcc") is None, reason="needs gcc and a library put before the C library"
)
COPIED = """
import ctypes, errno, hashlib, json, sys
from pathlib import Path
from desktop.messages import present
from desktop.services import volumes
from desktop.services.errors import AppError
from desktop.services.files import PARTIAL
from desktop.services.sync import usb

root, library, source = Path(sys.argv[1]), ctypes.CDLL(sys.argv[2]), Path(sys.argv[3])
stick = volumes.Volume(root=root, label="党建U盘", device="/dev/none", file_system="vfat", read_only=False,
                       free_bytes=1 << 40, total_bytes=1 << 40)
volumes.sticks = lambda: [stick]
whole = hashlib.sha256(source.read_bytes()).hexdigest()

def sum_of(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()

def copy(folder, file=source):
    try:
        return usb.copy_verified(file, folder).sha256
    except AppError as error:
        words = present(error)
        assert words.title and words.kept and "Errno" not in f"{words}", words
        return error.code

def calls(folder):
    library.fat_arm(0, ctypes.c_long(-1), 1)
    before = copy(folder)
    return before, library.fat_seen()
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    file = tmp_path / "ZK01_20260302_1a2b3c4d.dzp"
    file.write_bytes(bytes(range(256)) * 40)
    return file


def test_the_same_package_may_come_again_where_a_rename_takes_nothings_place(tmp_path: Path, package: Path) -> None:
    script = f"""{COPIED}
print(json.dumps([copy(root), copy(root), [each.name for each in root.iterdir()], sum_of(root / source.name) == whole]))
"""
    first, second, there, same = json.loads(on_fat(tmp_path, 1 << 30, script, str(package)))
    assert len(first) == 64
    assert second == first
    assert (there, same) == ([package.name], True)


def test_folders_that_differ_in_letters_only_are_one(tmp_path: Path, package: Path) -> None:
    script = f"""{COPIED}
codes = [copy(usb.exchange_folder(root, code, usb.UP_FOLDER)) for code in ("ZK01", "zk01")]
print(json.dumps([codes[0] == codes[1] == whole, len(list((root / usb.EXCHANGE_FOLDER).iterdir()))]))
"""
    assert json.loads(on_fat(tmp_path, 1 << 30, script, str(package))) == [True, 1]


def test_a_file_past_the_largest_is_refused_as_too_large_and_nothing_is_left(tmp_path: Path, package: Path) -> None:
    script = f"""{COPIED}
print(json.dumps([copy(root), [each.name for each in root.iterdir()]]))
"""
    assert json.loads(on_fat(tmp_path, 4096, script, str(package))) == ["E-DISK-FULL", []]


@pytest.mark.parametrize(
    ("error", "codes"),
    [
        ("EIO", {"E-USB-GONE"}),
        ("ENODEV", {"E-USB-GONE"}),
        ("EROFS", {"E-USB-RO"}),
        ("ENOSPC", {"E-DISK-FULL"}),
    ],
)
@pytest.mark.parametrize("once", [True, False], ids=["once", "for good"])
def test_a_fault_at_any_call_is_told_and_the_copy_succeeds_when_it_is_over(
    tmp_path: Path, package: Path, error: str, codes: set[str], once: bool
) -> None:
    script = f"""{COPIED}
folder = usb.exchange_folder(root, "ZK01", usb.UP_FOLDER)
_, made = calls(folder)
(folder / source.name).unlink()
said, again = set(), set()
for number in range(1, made + 1):
    library.fat_arm(errno.{error}, ctypes.c_long(number), {int(once)})
    answer = copy(folder)
    library.fat_arm(0, ctypes.c_long(-1), 1)
    said.add(answer)
    target = folder / source.name
    assert not target.exists() or sum_of(target) == whole, f"half a package at call {{number}}"
    again.add(copy(folder))
    assert [each.name for each in folder.iterdir()] == [source.name], f"something is left at call {{number}}"
    target.unlink()
print(json.dumps([made, sorted(said), again == {{whole}}]))
"""
    made, said, again = json.loads(on_fat(tmp_path, 1 << 30, script, str(package)))
    assert made > 8
    assert {each for each in said if len(each) != 64} == codes, (
        "what was refused, by its code; the rest was copied whole"
    )
    assert again

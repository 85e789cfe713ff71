"""Sticks are found by where they are mounted and what they hang on."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.services import volumes
from desktop.services.volumes import Volume


def sysfs(tmp_path: Path) -> Callable[[str, str, str], None]:
    block = tmp_path / "block"
    block.mkdir()

    def add(name: str, bus: str, removable: str) -> None:
        disk = tmp_path / "devices" / bus / "block" / name.rstrip("0123456789")
        (disk / name).mkdir(parents=True)
        (disk / "removable").write_text(removable + "\n")
        (block / name).symlink_to(disk / name)

    return add


@pytest.mark.skipif(sys.platform == "win32", reason="as Linux names disks")
def test_sticks_are_found_by_place_and_device(tmp_path: Path) -> None:
    add = sysfs(tmp_path)
    add("sda1", "pci0000:00/ata1", "0")
    add("sdb1", "pci0000:00/usb1/1-2", "0")
    add("sdc1", "pci0000:00/mmc", "1")
    media = tmp_path / "media"
    for name in ("党 建", "card"):
        (media / name).mkdir(parents=True)
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw,relatime 0 0\n"
        f"/dev/sda1 {media}/disk ext4 rw 0 0\n"
        f"/dev/sdb1 {media}/党\\040建 vfat rw,nosuid 0 0\n"
        f"/dev/sdc1 {media}/card exfat ro 0 0\n"
        f"/dev/sdc1 {media}/pulled exfat rw 0 0\n"
        "/dev/sdb1 /elsewhere vfat rw 0 0\n"
        f"/dev/sdz1 {media}/unknown vfat rw 0 0\n"
        "proc /proc proc rw 0 0\n",
        "utf-8",
    )
    found = list(volumes.linux_sticks(mounts, tmp_path / "block", (f"{media}/",)))
    assert [(volume.label, volume.file_system, volume.read_only) for volume in found] == [
        ("党 建", "vfat", False),
        ("card", "exfat", True),
    ]
    assert list(volumes.linux_sticks(tmp_path / "missing")) == []


def test_the_volume_of_a_path_is_the_deepest_one(tmp_path: Path) -> None:
    stick = Volume(
        root=tmp_path / "stick",
        label="党建U盘",
        device="/dev/sdb1",
        file_system="exfat",
        read_only=False,
        free_bytes=1 << 30,
        total_bytes=1 << 30,
    )
    outer = Volume(root=tmp_path, label="", device="", file_system="ext4", read_only=False, free_bytes=1, total_bytes=1)
    assert volumes.holding(stick.root / "a" / "b", [outer, stick]) is stick
    assert volumes.holding(tmp_path.parent, [outer, stick]) is None


def test_asking_for_the_sticks_of_this_machine_never_fails() -> None:
    assert isinstance(volumes.sticks(), list)


@pytest.mark.skipif(sys.platform == "win32", reason="as Linux names disks")
def test_a_stick_bears_the_name_its_owner_gave_it_wherever_it_is_mounted(tmp_path: Path) -> None:
    add = sysfs(tmp_path)
    add("sdb1", "pci0000:00/usb1/1-2", "0")
    device, labels, place = tmp_path / "sdb1", tmp_path / "by-label", tmp_path / "media" / "党建U盘1"
    device.touch()
    place.mkdir(parents=True)
    labels.mkdir()
    (labels / "党建\\x20U盘\\x2f2026").symlink_to(device)
    mounts = tmp_path / "mounts"
    mounts.write_text(f"{device} {place} exfat rw 0 0\n", "utf-8")
    where = (mounts, tmp_path / "block", (f"{tmp_path / 'media'}/",))
    assert [volume.label for volume in volumes.linux_sticks(*where, labels)] == ["党建 U盘/2026"]
    assert [volume.label for volume in volumes.linux_sticks(*where, tmp_path / "none")] == ["党建U盘1"]

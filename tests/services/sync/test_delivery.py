"""Runs of packages to folders: what is said to be written is there, what vanished is not made anew."""

import shutil
from pathlib import Path

import pytest

from desktop.services.errors import StorageFailure
from desktop.services.files import FilePort
from desktop.services.progress import silent
from desktop.services.sync import usb
from desktop.services.sync.delivery import Delivery


@pytest.fixture
def package(tmp_path: Path) -> Path:
    file = tmp_path / "ZK03_反馈_000001_20260302_abcdef01.dzp"
    file.write_bytes(b"x" * 100_000)
    return file


def test_folders_are_made_once_and_one_that_vanishes_stays_gone(package: Path, tmp_path: Path) -> None:
    target = tmp_path / "U盘" / "反馈"
    delivery = Delivery([(package, target)], FilePort())
    copied = delivery.copy(package, target, silent)
    assert delivery.there() == [copied]
    shutil.rmtree(target)
    with pytest.raises(StorageFailure) as caught:
        delivery.copy(package, target, silent)
    assert (caught.value.code, caught.value.facts["missing"]) == ("E-DISK", "反馈")
    assert not target.exists()
    assert delivery.there() == [], "what was written went with it"


def test_a_file_changed_or_gone_after_it_was_read_back_is_not_there(package: Path, tmp_path: Path) -> None:
    target = tmp_path / "反馈"
    delivery = Delivery([(package, target)], FilePort())
    whole = delivery.copy(package, target, silent)
    second = package.with_name("ZK04_反馈_000001_20260302_abcdef02.dzp")
    shutil.copy(package, second)
    delivery.copy(second, target, silent).path.write_bytes(b"y" * 100_000)
    assert delivery.there() == [whole]


def test_all_that_is_to_be_written_must_fit_before_the_first_is(package: Path, tmp_path: Path) -> None:
    class Small(FilePort):
        def free_space(self, folder: Path) -> int:
            return 600_000

    out = (package, tmp_path / "反馈")
    Delivery([out] * 4, Small()).require_room()
    with pytest.raises(StorageFailure) as caught:
        Delivery([out] * 5, Small()).require_room()
    assert caught.value.code == "E-DISK-FULL"
    assert (caught.value.facts["need"], caught.value.facts["free"]) == (5 * 131_072, 600_000)


def test_two_that_write_into_the_same_folder_at_once_leave_each_other_alone(package: Path, tmp_path: Path) -> None:
    target, second = tmp_path / "反馈", package.with_name("ZK04_反馈_000001_20260302_abcdef02.dzp")
    shutil.copy(package, second)

    class Meanwhile(FilePort):
        def replace(self, source: Path, target: Path) -> None:
            if target.name == package.name:
                other.append(Delivery([(second, target.parent)], FilePort()).copy(second, target.parent, silent))
            super().replace(source, target)

    other: list[usb.Copied] = []
    delivery = Delivery([(package, target)], Meanwhile())
    delivery.copy(package, target, silent)
    assert sorted(path.name for path in target.iterdir()) == [package.name, second.name]

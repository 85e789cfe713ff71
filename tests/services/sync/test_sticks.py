"""What lies on a stick under names like ours and is none: refused in words, and nothing waits for it or follows it."""

import os
import sys
from pathlib import Path

import pytest

from desktop.messages import present
from desktop.services.errors import AppError, StorageFailure
from desktop.services.history import HistoryService
from desktop.services.sync import usb
from desktop.services.sync.assistance import AssistanceService
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.volumes import measured
from tests.services.sync.pairs import Pair
from tests.services.sync.parties import dump

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="such names and files cannot be made there")


def test_a_name_that_is_no_text_is_refused_and_kept_in_letters(pair: Pair) -> None:
    name = os.fsdecode("上报\u202e".encode() + b"\xff\x1b\n.dzp")
    (pair.stick / name).write_bytes(b"no package")
    before = dump(pair.headquarters)
    (result,) = Receiver(pair.headquarters).receive([pair.stick / name])
    assert result.code == "E-PKG-FORMAT"
    assert dump(pair.headquarters) == before
    assert [row.file_name for row in Receiver(pair.headquarters).received()] == ["上报.dzp"]
    assert HistoryService(pair.headquarters).uses()[0].sentence == (
        "导入数据包 没有收下，“上报\N{REPLACEMENT CHARACTER}.dzp”不是有效的数据包，或已被改动"
    )


def test_the_same_file_that_is_too_large_is_kept_once(pair: Pair) -> None:
    name = os.fsdecode("太大".encode() + b"\xff.dzp")
    with (pair.stick / name).open("wb") as file:
        file.truncate(4 << 40)
    for _ in range(2):
        assert pair.take(pair.stick / name) == ["E-PKG-FORMAT"]
    assert len(Receiver(pair.headquarters).received()) == 1


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "loop"])
def test_what_is_no_ordinary_file_is_refused_at_once_on_every_road(pair: Pair, tmp_path: Path, kind: str) -> None:
    path = pair.stick / ("x.dzk" if kind == "device" else "x.dzp")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(path)
    code = "E-DISK-FOLDER" if kind == "folder" else "E-DISK-SPECIAL"
    assert pair.take(path) == [code]
    for road in (
        EnrolmentService(pair.headquarters).accept_registration,
        EnrolmentService(pair.branch).accept_invitation,
        AssistanceService(pair.headquarters).accept_request,
    ):
        with pytest.raises(AppError) as refused:
            road(path)
        assert refused.value.code == code
        assert present(refused.value).title
    assert EnrolmentService(pair.headquarters).registrations(usb.key_files(pair.stick)) == []
    assert list((pair.headquarters.folder / "inbox").glob("*.part")) == []


def test_a_package_is_not_written_through_a_link_of_its_name(pair: Pair, tmp_path: Path) -> None:
    mine, source = tmp_path / "mine", pair.report()
    mine.write_bytes(b"mine")
    folder = tmp_path / "other"
    folder.mkdir()
    for name in (source.name, f"{source.name}.part"):
        (folder / name).symlink_to(mine)
    copied = usb.copy_verified(source, folder)
    assert copied.path.read_bytes() == source.read_bytes()
    assert not copied.path.is_symlink()
    assert mine.read_bytes() == b"mine"


def test_a_folder_of_the_stick_that_leads_elsewhere_is_not_written_into(pair: Pair, tmp_path: Path) -> None:
    elsewhere, stick = tmp_path / "elsewhere", tmp_path / "U"
    elsewhere.mkdir()
    stick.mkdir()
    (stick / usb.EXCHANGE_FOLDER).symlink_to(elsewhere)
    volume = measured(stick, "/dev/sdz1", "ext4", read_only=False)
    with pytest.raises(StorageFailure) as refused:
        usb.copy_verified(pair.report(), usb.exchange_folder(stick, "ZK03", usb.DOWN_FOLDER), volume=volume)
    assert refused.value.code == "E-USB-ELSEWHERE"
    assert list(elsewhere.iterdir()) == []


def test_a_package_is_not_written_where_a_folder_has_its_name(pair: Pair, tmp_path: Path) -> None:
    source = pair.report()
    (tmp_path / "other" / source.name).mkdir(parents=True)
    with pytest.raises(StorageFailure) as refused:
        usb.copy_verified(source, tmp_path / "other")
    assert refused.value.code == "E-DISK-FOLDER"
    assert [path.name for path in (tmp_path / "other").iterdir()] == [source.name]

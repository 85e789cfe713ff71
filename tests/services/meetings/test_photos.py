"""Photos and scans of a folder, each proposed for the meeting of its day, attached when somebody says so."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from desktop.services.attachments import AttachmentService
from desktop.services.errors import Cancelled, InvalidInput
from desktop.services.intake.record import ImportRecord
from desktop.services.integrity import check
from desktop.services.meetings.photos import Photo, PhotoService, Put, Sorted
from desktop.services.meetings.service import MeetingService
from desktop.services.store import Store
from tests.sheets import content
from tests.ui.desks import sample_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with sample_store(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def alone(store: Store) -> tuple[str, date]:
    """A meeting that is the only one of its day, without files."""
    rows = MeetingService(store).meetings()
    days = [row.held_on for row in rows]
    row = next(row for row in rows if days.count(row.held_on) == 1 and not row.attachments)
    return row.id, row.held_on


def picture(path: Path, taken: str = "", shade: int = 0) -> Path:
    """A small photo, with the moment a camera would write."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", (8, 8), (shade, 0, 0))
    exif = image.getexif()
    if taken:
        exif.get_ifd(0x8769)[36867] = taken
    image.save(path, exif=exif)
    return path


def only(found: Sorted) -> Photo:
    (photo,) = found.photos
    return photo


def chosen(found: Sorted) -> list[Put]:
    return [
        Put(photo=photo, meeting_id=photo.meeting_id) for photo in found.photos if photo.certain and photo.meeting_id
    ]


def files(store: Store, meeting_id: str) -> list[tuple[str, str | None]]:
    return [(row.name, row.evidence_kind) for row in AttachmentService(store).list("meetings", meeting_id)]


def test_the_camera_the_file_and_the_folder_say_the_day(store: Store, alone: tuple[str, date], tmp_path: Path) -> None:
    meeting, day = alone
    compact, words = f"{day:%Y%m%d}", f"{day.month}月{day.day}日"
    names = {
        "a/DSC0001.jpg": "拍摄日期",
        f"b/IMG_{compact}_143000.jpg": "文件名里",
        f"c/微信图片_{compact}143000.jpg": "文件名里",
        f"{day} 党日/1.jpg": "文件夹名里",
        f"{day.year}年/{words}支部党员大会/2.jpg": "文件夹名里",
        f"d/{words}签到表.jpg": "文件名里",
    }
    for shade, name in enumerate(names):
        taken = f"{day:%Y:%m:%d} 14:30:00" if name.startswith("a/") else ""
        picture(tmp_path / "照片" / name, taken, shade * 20)
    found = PhotoService(store).look(tmp_path / "照片")
    assert {photo.name: (photo.day, photo.meeting_id) for photo in found.photos} == dict.fromkeys(names, (day, meeting))
    assert all(photo.why.startswith(names[photo.name]) for photo in found.photos)
    assert [photo.evidence_kind for photo in found.photos if "签到" in photo.name] == ["sign_in"]
    beyond = [photo for photo in found.photos if not photo.certain]
    assert (len(beyond), all("最多附3张照片" in photo.why for photo in beyond)) == (2, True)


def test_nothing_is_attached_by_looking_and_all_of_it_is_taken_back_in_one_go(
    store: Store, alone: tuple[str, date], tmp_path: Path
) -> None:
    meeting, day = alone
    for number in (1, 2):
        picture(tmp_path / "照片" / f"{day}_{number}.jpg", shade=number * 50)
    (tmp_path / "照片" / "说明.txt").write_text("x", "utf-8")
    before = {name: rows for name, rows in content(store).items() if name not in ("changes", "stored_files")}
    found = PhotoService(store).look(tmp_path / "照片")
    assert (files(store, meeting), found.others, len(chosen(found))) == ([], 1, 2)
    done = PhotoService(store).put("照片", chosen(found))
    assert (done.attached, done.refused) == (2, [])
    assert files(store, meeting) == [(f"{day}_1.jpg", "photo"), (f"{day}_2.jpg", "photo")]
    run = ImportRecord(store).runs()[0]
    assert (run.id, run.title, run.file, run.new) == (done.run, "照片和扫描件", "照片", 2)
    again = PhotoService(store).look(tmp_path / "照片")
    assert [photo.fault for photo in again.photos] == ["已经附在这次会议里"] * 2
    ImportRecord(store).undo(done.run)
    assert {name: rows for name, rows in content(store).items() if name in before} == before
    assert check(store) == []


def test_a_day_of_several_meetings_is_asked_unless_the_name_says_which(store: Store, tmp_path: Path) -> None:
    rows = MeetingService(store).meetings()
    days = [row.held_on for row in rows]
    first, second = next(
        (row, other)
        for row in rows
        for other in rows
        if row.held_on == other.held_on and row.kind != other.kind and days.count(row.held_on) == 2
    )
    picture(tmp_path / "照片" / f"{first.held_on}.jpg")
    picture(tmp_path / "照片" / f"{first.held_on}{first.kind.label}.jpg", shade=90)
    asked, named = PhotoService(store).look(tmp_path / "照片").photos
    assert (asked.meeting_id, asked.certain, "这天有2次会议" in asked.why) == (None, False, True)
    assert (named.meeting_id, named.certain) == (first.id, True)
    assert second.id != first.id


def test_a_photo_without_a_day_or_of_a_day_without_meeting_says_so(store: Store, tmp_path: Path) -> None:
    picture(tmp_path / "照片" / "大家.jpg")
    picture(tmp_path / "照片" / "1999-01-01.jpg", shade=40)
    there, empty = sorted(PhotoService(store).look(tmp_path / "照片").photos, key=lambda photo: photo.name)
    assert (there.meeting_id, there.why) == (None, "文件名里有1999-01-01，这天没有会议记录")
    assert (empty.meeting_id, "没有找到日期" in empty.why) == (None, True)


def test_days_that_contradict_each_other_are_not_certain(store: Store, tmp_path: Path) -> None:
    rows = MeetingService(store).meetings()
    days = [row.held_on for row in rows]
    first, second = [row for row in rows if days.count(row.held_on) == 1][:2]
    picture(tmp_path / "照片" / f"{second.held_on}.jpg", f"{first.held_on:%Y:%m:%d} 10:00:00")
    photo = only(PhotoService(store).look(tmp_path / "照片"))
    assert (photo.meeting_id, photo.certain, "又像是" in photo.why) == (first.id, False, True)


def test_the_same_picture_twice_is_named_and_damaged_ones_keep_their_names_day(
    store: Store, alone: tuple[str, date], tmp_path: Path
) -> None:
    _, day = alone
    picture(tmp_path / "照片" / f"{day}.jpg")
    picture(tmp_path / "照片" / f"{day}_复件.jpg")
    broken = tmp_path / "照片" / f"{day}_坏.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe1\x00\x40Exif\x00\x00MM\x00*" + b"\xff" * 60)
    (tmp_path / "照片" / "空.jpg").write_bytes(b"")
    photos = {photo.name: photo for photo in PhotoService(store).look(tmp_path / "照片").photos}
    assert photos[f"{day}_复件.jpg"].fault == f"和“{day}.jpg”是同一个文件"
    assert photos[f"{day}_坏.jpg"].day == day
    assert photos["空.jpg"].fault == "文件是空的"


def test_of_copies_the_one_named_by_the_day_of_a_meeting_is_proposed(
    store: Store, alone: tuple[str, date], tmp_path: Path
) -> None:
    meeting, day = alone
    for name in ("0风景", f"{day}会", "合影"):
        picture(tmp_path / "照片" / f"{name}.jpg")
    photos = {photo.path.stem: photo for photo in PhotoService(store).look(tmp_path / "照片").photos}
    assert (photos[f"{day}会"].meeting_id, photos[f"{day}会"].certain) == (meeting, True)
    assert {photos[name].fault for name in ("0风景", "合影")} == {f"和“{day}会.jpg”是同一个文件"}


def test_what_is_refused_is_named_and_does_not_lose_the_others(
    store: Store, alone: tuple[str, date], tmp_path: Path
) -> None:
    meeting, day = alone
    for number in range(5):
        picture(tmp_path / "照片" / f"{day}_{number}.jpg", shade=number * 30)
    found = PhotoService(store).look(tmp_path / "照片")
    (tmp_path / "照片" / f"{day}_0.jpg").write_bytes(b"changed")
    done = PhotoService(store).put("照片", [Put(photo=photo, meeting_id=meeting) for photo in found.photos])
    assert (done.attached, len(done.refused)) == (3, 2)
    assert [("又改动过" in reason, "最多附3张" in reason) for _, reason in done.refused] == [
        (True, False),
        (False, True),
    ]


def test_looking_and_attaching_can_be_cancelled(store: Store, alone: tuple[str, date], tmp_path: Path) -> None:
    meeting, day = alone
    picture(tmp_path / "照片" / f"{day}.jpg")

    def stop(_done: int, _all: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        PhotoService(store).look(tmp_path / "照片", stop)
    found = PhotoService(store).look(tmp_path / "照片")
    with pytest.raises(Cancelled):
        PhotoService(store).put("照片", chosen(found), stop)
    assert (files(store, meeting), store.att.staged()) == ([], [])


def test_a_folder_without_photos_is_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    with pytest.raises(InvalidInput, match="没有照片"):
        PhotoService(store).look(tmp_path / "空")
    with pytest.raises(InvalidInput, match="找不到"):
        PhotoService(store).look(tmp_path / "没有")
    with pytest.raises(InvalidInput, match="没有选"):
        PhotoService(store).put("空", [])

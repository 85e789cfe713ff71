"""Photos are kept as small as the standard wants them, and never larger than they came."""

import io
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.attachments import AttachmentService
from desktop.services.attachments.shrinking import shrunk
from desktop.services.errors import InvalidInput
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.store import Store
from tests.services.meetings.people import people

TAKEN_AT, ORIENTATION = 36867, 0x0112


def photo(folder: Path, size: tuple[int, int], name: str = "会场.jpg", turned: int = 1) -> Path:
    picture = Image.effect_noise(size, 60).convert("RGB")
    exif = picture.getexif()
    exif[ORIENTATION] = turned
    exif.get_ifd(0x8769)[TAKEN_AT] = "2026:03:05 09:00:00"
    path = folder / name
    picture.save(path, quality=95, exif=exif)
    return path


def test_a_large_photo_becomes_a_small_one_upright_with_the_day_it_was_taken(tmp_path: Path) -> None:
    path = photo(tmp_path, (1600, 900), turned=6)
    made = shrunk(path, path.name, 800)
    assert made is not None
    assert made[0] == "会场.jpg"
    assert len(made[1]) < path.stat().st_size
    small = Image.open(io.BytesIO(made[1]))
    assert (small.size, small.getexif()[ORIENTATION]) == ((450, 800), 1)
    assert small.getexif().get_ifd(0x8769)[TAKEN_AT] == "2026:03:05 09:00:00"
    assert shrunk(path, path.name, 800) == made


def test_what_is_small_unreadable_or_would_grow_stays_as_it_is(tmp_path: Path) -> None:
    assert shrunk(photo(tmp_path, (600, 400)), "会场.jpg", 800) is None
    assert shrunk(b"no picture", "会场.jpg", 800) is None
    half = photo(tmp_path, (1600, 900)).read_bytes()[:3000]
    assert shrunk(half, "会场.jpg", 800) is None
    plain = io.BytesIO()
    Image.new("RGB", (3000, 20), "white").save(plain, "PNG", optimize=True)
    made = shrunk(plain.getvalue(), "线.png", 2900)
    assert made is None or len(made[1]) < len(plain.getvalue())


def test_a_transparent_picture_stands_on_white_paper(tmp_path: Path) -> None:
    noisy = Image.effect_noise((1200, 900), 90).convert("RGBA")
    noisy.putpixel((0, 0), (0, 0, 0, 0))
    noisy.paste((0, 0, 0, 0), (0, 0, 300, 300))
    noisy.save(tmp_path / "截图.png")
    made = shrunk(tmp_path / "截图.png", "截图.png", 600)
    assert made is not None
    assert made[0] == "截图.jpg"
    corner = Image.open(io.BytesIO(made[1])).getpixel((20, 20))
    assert isinstance(corner, tuple)
    assert min(corner) > 240


def test_photos_of_a_meeting_are_scaled_scans_are_not_and_pasted_ones_count(tmp_path: Path, store: Store) -> None:
    people(store)
    service = AttachmentService(store)
    meeting = MeetingService(store).record(MeetingDraft(MeetingKind.THEME_DAY, date(2026, 4, 1), topic="走访"))
    path = photo(tmp_path, (2600, 400))
    scan = service.attach("meetings", meeting, path, evidence_kind="sign_in")
    assert scan.size_bytes == path.stat().st_size
    first = service.attach("meetings", meeting, path)
    assert Image.open(io.BytesIO(service.read(first.id))).size[0] == 2400
    assert service.attach("meetings", meeting, path).id == first.id
    for number in range(2):
        data = photo(tmp_path, (300, 200 + number)).read_bytes()
        service.attach_picture("meetings", meeting, data, f"粘贴{number}.jpg")
    with pytest.raises(InvalidInput, match="最多附3张照片"):
        service.attach_picture("meetings", meeting, photo(tmp_path, (310, 200)).read_bytes(), "多.jpg")

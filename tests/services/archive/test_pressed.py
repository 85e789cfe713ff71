"""A pressed face gives what the face itself gives, at every place."""

import random
import shutil
from pathlib import Path

import pytest

from desktop.paths import resource
from desktop.services.archive.fonts import TrueType
from desktop.services.archive.pressed import Pressed, press, whole
from desktop.services.errors import StorageFailure

FACE = "hei"


@pytest.fixture
def face(tmp_path: Path) -> Path:
    """A copy of one of the faces."""
    return Path(shutil.copy(resource(f"fonts/{FACE}.ttf"), tmp_path))


def test_every_place_reads_as_before(face: Path) -> None:
    data = face.read_bytes()
    pressed = Pressed(press(face))
    chosen = random.Random(1)
    places = sorted(chosen.sample(range(len(data)), 200))
    assert pressed[0 : len(data)] == data
    assert all(pressed[start : start + 40_000] == data[start : start + 40_000] for start in places)
    assert pressed[len(data) - 3 : len(data) + 9] == data[-3:]
    assert pressed[9:9] == b""


def test_a_face_that_is_pressed_has_the_same_glyphs(face: Path) -> None:
    plain = TrueType(resource(f"fonts/{FACE}.ttf"))
    size = face.stat().st_size
    copy = press(face)
    pressed = TrueType(face)
    used = {plain.glyphs[ord(letter)] for letter in "支部党员大会（一）"}
    assert not face.exists()
    assert copy.stat().st_size < 0.7 * size
    assert pressed.glyphs == plain.glyphs
    assert pressed.subset(used) == plain.subset(used)


@pytest.mark.parametrize("in_places", [True, False])
def test_a_damaged_face_is_refused_and_never_copied(face: Path, tmp_path: Path, in_places: bool) -> None:
    copy = press(face, in_places=in_places)
    data = bytearray(copy.read_bytes())
    data[len(data) // 2] ^= 0x40
    copy.write_bytes(data)
    with pytest.raises(ValueError, match="damaged"):
        whole(face, tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_face_of_which_only_the_beginning_is_there_is_refused(face: Path, tmp_path: Path) -> None:
    copy = press(face)
    copy.write_bytes(copy.read_bytes()[:40])
    with pytest.raises(ValueError, match="cut off"):
        whole(face, tmp_path / "kept")


def test_a_face_that_is_only_read_as_a_whole_takes_less_room(face: Path, tmp_path: Path) -> None:
    data, other = face.read_bytes(), Path(shutil.copy(face, tmp_path / "other.ttf"))
    once = press(other, in_places=False)
    assert once.stat().st_size < press(face).stat().st_size
    assert b"".join(Pressed(once).blocks()) == data


def test_what_is_not_pressed_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "face.pressed"
    other.write_bytes(resource(f"fonts/{FACE}.ttf").read_bytes()[:100])
    with pytest.raises(ValueError, match=r"face\.pressed"):
        Pressed(other)


def test_a_pressed_face_is_copied_whole_once_and_a_plain_one_is_taken_as_it_is(face: Path, tmp_path: Path) -> None:
    data, kept = face.read_bytes(), tmp_path / "kept"
    assert whole(face, kept) == face
    press(face)
    copy = whole(face, kept)
    assert copy.read_bytes() == data
    assert [file.name for file in kept.iterdir()] == [copy.name], "nothing half-written stays"
    made = copy.stat().st_mtime_ns
    assert whole(face, kept) == copy
    assert copy.stat().st_mtime_ns == made


def test_a_face_that_finds_no_room_leaves_nothing_behind(face: Path, tmp_path: Path) -> None:
    press(face)
    taken = tmp_path / "kept"
    taken.write_bytes(b"no folder")
    with pytest.raises(StorageFailure):
        whole(face, taken)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{FACE}.pressed", "kept"]

"""The folders packages pass through: files only, whole or called `….part`."""

import hashlib
import os
from pathlib import Path

import pytest

from desktop.services.errors import Cancelled, NotFound, PackageRefused, StorageFailure
from desktop.services.files import FilePort
from desktop.services.sync import package_format as fmt
from desktop.services.sync.boxes import Boxes
from tests.services.sync.packages import World

HASH = "ab" * 32


@pytest.fixture
def boxes(tmp_path: Path) -> Boxes:
    return Boxes(tmp_path / "store", FilePort())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_after_a_crash_a_noted_package_gets_its_name_and_the_others_go(boxes: Boxes, world: World) -> None:
    noted, other = boxes.new_part(), boxes.new_part()
    written = world.write(noted)
    world.write(other, header=world.header(pkg_id="8d9ad7c8-3f62-4d16-9d0a-0c5b6f4a1e12"))
    (boxes.outbox / "half.part").write_bytes(b"half")
    boxes.finish_outbox({written.package_hash: "ZK03_上报.dzp"})
    assert names(boxes.outbox) == ["ZK03_上报.dzp"]


def test_sweeping_takes_what_is_named_and_nothing_else(boxes: Boxes) -> None:
    boxes.new_part()
    for name in ("a.dzp", "b.dzp", "c.part"):
        (boxes.outbox / name).write_bytes(b"x")
    boxes.sweep_outbox(["a.dzp", "gone.dzp", ""])
    assert names(boxes.outbox) == ["b.dzp", "c.part"]


def test_what_comes_in_is_copied_before_it_is_looked_at(boxes: Boxes, tmp_path: Path) -> None:
    file = tmp_path / "report.dzp"
    file.write_bytes(b"x" * 3_000_000)
    told: list[tuple[int, int]] = []
    private, sha256 = boxes.bring_in(file, lambda done, total: told.append((done, total)))
    assert sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert private.read_bytes() == file.read_bytes()
    assert private.suffix == ".part"
    assert told[-1] == (3_000_000, 3_000_000)
    boxes.clear_inbox()
    assert names(boxes.inbox) == []
    assert file.exists()


def test_a_copy_that_is_cancelled_or_too_large_leaves_nothing(
    boxes: Boxes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.dzp"
    file.write_bytes(b"x" * 3_000_000)

    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        boxes.bring_in(file, stop)
    monkeypatch.setattr(fmt, "MAX_FILE_BYTES", 1000)
    with pytest.raises(PackageRefused, match="E-PKG-FORMAT"):
        boxes.bring_in(file, lambda *_: None)
    with pytest.raises(StorageFailure):
        boxes.bring_in(tmp_path / "missing.dzp", lambda *_: None)
    assert names(boxes.inbox) == []


def test_a_branch_keeps_the_last_fifty_and_headquarters_all(boxes: Boxes, tmp_path: Path) -> None:
    file = tmp_path / "report.dzp"
    file.write_bytes(b"x")
    for number in range(60):
        boxes.keep(boxes.bring_in(file, lambda *_: None)[0], f"{number:02}.dzp", limited=False)
        os.utime(boxes.inbox / f"{number:02}.dzp", (number, number))
    assert len(names(boxes.inbox)) == 60
    boxes.keep(boxes.bring_in(file, lambda *_: None)[0], "60.dzp", limited=True)
    assert names(boxes.inbox) == [f"{number:02}.dzp" for number in range(11, 61)]


def test_of_packages_of_one_moment_the_later_by_name_stay(boxes: Boxes, tmp_path: Path) -> None:
    file = tmp_path / "report.dzp"
    file.write_bytes(b"x")
    for number in reversed(range(60)):
        boxes.keep(boxes.bring_in(file, lambda *_: None)[0], f"{number:02}.dzp", limited=False)
        os.utime(boxes.inbox / f"{number:02}.dzp", (7, 7))
    boxes.keep(boxes.bring_in(file, lambda *_: None)[0], "60.dzp", limited=True)
    assert names(boxes.inbox) == [f"{number:02}.dzp" for number in range(11, 61)]


def test_quarantine_holds_until_it_is_released(boxes: Boxes, tmp_path: Path) -> None:
    file = tmp_path / "fork.dzp"
    file.write_bytes(b"fork")
    boxes.hold(boxes.bring_in(file, lambda *_: None)[0], HASH)
    assert boxes.held(HASH).read_bytes() == b"fork"
    boxes.release(HASH)
    assert not boxes.holds(HASH)
    boxes.release(HASH)
    for wrong in (HASH, "../../main", "", "AB" * 32):
        with pytest.raises(NotFound):
            boxes.held(wrong)

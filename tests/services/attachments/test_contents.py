"""The contents of attachments: encrypted, checked when read, and never left half."""

import errno
import hashlib
import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from pyrage import x25519

from desktop.services.attachments import AttachmentStore
from desktop.services.errors import InvalidInput, StorageFailure
from desktop.services.files import FilePort, Readable
from tests.services.attachments.files import CONTENT, files_in


@pytest.fixture
def contents(tmp_path: Path) -> AttachmentStore:
    return AttachmentStore(tmp_path, x25519.Identity.generate())


def test_a_content_comes_back_as_it_was_and_lies_encrypted(contents: AttachmentStore) -> None:
    stored = contents.add(io.BytesIO(CONTENT))
    assert (stored.sha256, stored.size_bytes) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    assert contents.read(stored.file_id) == CONTENT
    contents.verify(stored.file_id, stored.sha256)
    lying = contents.path(stored.file_id)
    assert lying.parent.name == stored.file_id[:2]
    assert "向日葵".encode() not in lying.read_bytes()
    assert list(contents.ids()) == [stored.file_id]
    assert len(files_in(contents.folder)) == 1


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 3 << 20])
def test_every_size_comes_back(contents: AttachmentStore, size: int) -> None:
    content = os.urandom(size)
    assert contents.read(contents.add(io.BytesIO(content)).file_id) == content


def test_a_content_is_read_in_pieces_and_may_be_left_half_read(contents: AttachmentStore) -> None:
    file_id = contents.add(io.BytesIO(CONTENT)).file_id
    with contents.open(file_id) as stream:
        assert stream.read(10) == CONTENT[:10]
    with contents.open(file_id) as stream:
        pieces = iter(lambda: stream.read(1000), b"")
        assert b"".join(pieces) == CONTENT


def test_another_store_cannot_read_it(contents: AttachmentStore, tmp_path: Path) -> None:
    file_id = contents.add(io.BytesIO(CONTENT)).file_id
    stranger = AttachmentStore(tmp_path, x25519.Identity.generate())
    with pytest.raises(StorageFailure) as caught:
        stranger.read(file_id)
    assert caught.value.code == "E-ATT-DAMAGED"


@pytest.mark.parametrize("change", ["flip", "cut", "empty", "append", "other"])
def test_a_damaged_content_is_found_when_read(contents: AttachmentStore, change: str) -> None:
    stored = contents.add(io.BytesIO(CONTENT))
    path = contents.path(stored.file_id)
    data = bytearray(path.read_bytes())
    if change == "flip":
        data[len(data) // 2] ^= 1
    elif change == "other":
        data = bytearray(contents.path(contents.add(io.BytesIO(b"another")).file_id).read_bytes())
    changed: dict[str, bytes] = {"cut": bytes(data[:-100]), "empty": b"", "append": bytes(data + b"x")}
    path.write_bytes(changed.get(change, bytes(data)))
    with pytest.raises(StorageFailure) as caught:
        contents.verify(stored.file_id, stored.sha256)
    assert caught.value.code == "E-ATT-DAMAGED"


def test_a_lost_content_is_named(contents: AttachmentStore) -> None:
    stored = contents.add(io.BytesIO(b"x"))
    contents.delete(stored.file_id)
    with pytest.raises(StorageFailure) as caught:
        contents.read(stored.file_id)
    assert caught.value.code == "E-ATT-MISSING"
    assert not contents.has(stored.file_id)


@pytest.mark.parametrize("name", ["../../main.db", "x", "", "A" * 36])
def test_only_ids_name_files(contents: AttachmentStore, name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        contents.path(name)


def test_too_large_a_content_is_refused_and_leaves_nothing(contents: AttachmentStore) -> None:
    with pytest.raises(InvalidInput):
        contents.add(io.BytesIO(CONTENT), limit=1 << 10)
    assert files_in(contents.folder) == []


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    class Full(FilePort):
        def write(self, file: object, data: bytes) -> None:
            raise OSError(errno.ENOSPC, "full")

    contents = AttachmentStore(tmp_path, x25519.Identity.generate(), Full())
    with pytest.raises(StorageFailure) as caught:
        contents.add(io.BytesIO(CONTENT))
    assert caught.value.code == "E-DISK-FULL"
    assert files_in(contents.folder) == []


def test_a_source_that_fails_while_being_read_is_not_our_disk(contents: AttachmentStore) -> None:
    class Pulled(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, "pulled")

    with pytest.raises(InvalidInput):
        contents.add(Pulled())
    assert files_in(contents.folder) == []


def test_staged_contents_are_settled_after_a_crash(contents: AttachmentStore) -> None:
    known, unknown = contents.stage(io.BytesIO(b"known")), contents.stage(io.BytesIO(b"unknown"))
    assert list(contents.ids()) == []
    contents.settle({known.file_id})
    assert list(contents.ids()) == [known.file_id]
    assert contents.read(known.file_id) == b"known"
    assert not contents.has(unknown.file_id)
    assert len(files_in(contents.folder)) == 1


class Zeros:
    """A long file that is nowhere."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int = -1, /) -> bytes:
        piece = bytes(min(size, self._left))
        self._left -= len(piece)
        return piece


def test_a_long_content_passes_through_little_memory(contents: AttachmentStore) -> None:
    source: Readable = Zeros(1 << 20)
    contents.add(source)
    resource = pytest.importorskip("resource", reason="Windows counts memory otherwise")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    stored = contents.add(Zeros(180 << 20))
    contents.verify(stored.file_id, stored.sha256)
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 40 * 1024


@pytest.mark.skipif(shutil.which("age") is None, reason="needs the age command")
def test_the_age_command_opens_a_content(tmp_path: Path) -> None:
    identity = x25519.Identity.generate()
    contents = AttachmentStore(tmp_path, identity)
    stored = contents.add(io.BytesIO(CONTENT))
    (tmp_path / "key.txt").write_text(f"{identity}\n")
    opened = subprocess.run(
        ["age", "-d", "-i", str(tmp_path / "key.txt"), str(contents.path(stored.file_id))],
        capture_output=True,
        check=True,
    )
    assert opened.stdout == CONTENT


def test_what_the_reader_of_a_content_does_is_not_told_as_a_fault_of_the_disk(contents: AttachmentStore) -> None:
    file_id = contents.add(io.BytesIO(CONTENT)).file_id
    with pytest.raises(OSError, match="cannot identify"), contents.open(file_id) as stream:
        Image.open(io.BytesIO(stream.read(10)))

"""Attached files: encrypted, stored once, checked when read, and never left half."""

import errno
import hashlib
import io
import os
import resource
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from pyrage import x25519
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import func, select

from desktop.models.attachments import StoredFile
from desktop.models.history import Change
from desktop.services.attachments import (
    AttachmentRow,
    AttachmentService,
    AttachmentStore,
    MarkedSecret,
    keep_stored,
    secrecy_mark,
)
from desktop.services.errors import Cancelled, InvalidInput, NotFound, StorageFailure
from desktop.services.files import FilePort, Readable
from desktop.services.store import Store
from tests.stores import LOGIN, PASSWORD, new_store

CONTENT = "会议签到表：向日葵".encode() * 20_000


@pytest.fixture
def contents(tmp_path: Path) -> AttachmentStore:
    return AttachmentStore(tmp_path, x25519.Identity.generate())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path / "data")


def a_file(folder: Path, name: str = "签到表.txt", content: bytes = CONTENT) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# -- the contents


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


def test_a_content_that_could_not_be_renamed_is_read_all_the_same(store: Store, tmp_path: Path) -> None:
    class Stuck(FilePort):
        def replace(self, source: Path, target: Path) -> None:
            raise OSError(errno.EIO, "injected")

    store.att._port = Stuck()
    row = attach(store, a_file(tmp_path))
    store.att._port = FilePort()
    assert [path.endswith(".part") for path in files_in(store.folder / "att")] == [True]
    assert AttachmentService(store).read(row.id) == CONTENT
    assert [path.endswith(".age") for path in files_in(store.folder / "att")] == [True]


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


# -- the service


def attach(store: Store, path: Path, record_id: str = "m1") -> AttachmentRow:
    return AttachmentService(store).attach("meetings", record_id, path)


def test_a_file_is_attached_listed_read_and_taken_away(store: Store, tmp_path: Path) -> None:
    service = AttachmentService(store)
    row = attach(store, a_file(tmp_path))
    assert (row.name, row.media_type, row.size_bytes, row.here) == ("签到表.txt", "text/plain", len(CONTENT), True)
    assert row.added_by == LOGIN
    assert list(service.list("meetings", "m1")) == [row]
    assert service.list("meetings", "m2") == []
    assert service.read(row.id) == CONTENT
    service.remove(row.id)
    assert service.list("meetings", "m1") == []
    with pytest.raises(NotFound):
        service.read(row.id)
    with store.reading() as session:
        sentences = set(session.scalars(select(Change.sentence)))
    assert {"添加附件“签到表.txt”", "删除附件“签到表.txt”"} <= sentences


def test_the_same_content_is_stored_once(store: Store, tmp_path: Path) -> None:
    first = attach(store, a_file(tmp_path))
    second = attach(store, a_file(tmp_path, "副本.txt"), "m2")
    again = attach(store, a_file(tmp_path))
    assert first.sha256 == second.sha256
    assert first.id == again.id
    assert len(list(store.att.ids())) == 1
    with store.reading() as session:
        assert session.scalar(select(func.count(StoredFile.id))) == 1


def test_a_lost_content_is_missing_until_it_is_attached_again(store: Store, tmp_path: Path) -> None:
    service = AttachmentService(store)
    row = attach(store, a_file(tmp_path))
    store.att.delete(next(store.att.ids()))
    assert [each.id for each in service.missing()] == [row.id]
    with pytest.raises(StorageFailure) as caught:
        service.read(row.id)
    assert caught.value.code == "E-ATT-MISSING"
    attach(store, a_file(tmp_path), "m2")
    assert service.missing() == []
    assert service.read(row.id) == CONTENT


def test_saving_writes_the_plain_file_whole(store: Store, tmp_path: Path) -> None:
    row = attach(store, a_file(tmp_path))
    told: list[tuple[int, int]] = []
    target = tmp_path / "另存.txt"
    AttachmentService(store).save(row.id, target, lambda done, total: told.append((done, total)))
    assert target.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_a_cancelled_save_or_attach_leaves_nothing(store: Store, tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    service = AttachmentService(store)
    row = attach(store, a_file(tmp_path))
    with pytest.raises(Cancelled):
        service.save(row.id, tmp_path / "另存.txt", stop)
    with pytest.raises(Cancelled):
        service.attach("meetings", "m1", a_file(tmp_path, "b.txt", b"b"), progress=stop)
    assert not (tmp_path / "另存.txt").exists()
    assert len(service.list("meetings", "m1")) == 1
    assert len(list(store.att.ids())) == 1


@pytest.mark.parametrize("content", [b"", None])
def test_empty_and_absent_files_are_refused(store: Store, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInput):
        attach(store, path)
    assert files_in(store.folder / "att") == []


def test_a_file_over_the_limit_is_refused_before_it_is_read(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate((200 << 20) + 1)
    with pytest.raises(InvalidInput):
        attach(store, path)


def test_a_long_name_is_shortened_and_keeps_its_ending(store: Store, tmp_path: Path) -> None:
    row = attach(store, a_file(tmp_path, "长" * 80 + ".docx"))
    assert row.name.endswith(".docx")
    assert row.media_type == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_a_failed_transaction_leaves_no_content(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="parameter"):
        AttachmentService(store).attach("meetings", object(), a_file(tmp_path))  # type: ignore[arg-type]
    assert files_in(store.folder / "att") == []


def test_a_crash_between_commit_and_rename_is_settled_at_the_next_start(store: Store) -> None:
    staged = store.att.stage(io.BytesIO(CONTENT))
    with store.unit_of_work("收包") as session:
        keep_stored(session, staged)
    litter = store.att.stage(io.BytesIO(b"litter"))
    store.engine.dispose()
    folder = store.folder
    store._lock._held = False  # the program ends without closing the store
    os.close(store._lock._handle)
    with Store.open(folder, PASSWORD, LOGIN) as again:
        assert again.was_unclean
        assert again.att.read(staged.file_id) == CONTENT
        assert not again.att.has(litter.file_id)
        assert len(files_in(folder / "att")) == 1


# -- secrecy marks


def pdf(text: str) -> bytes:
    """A PDF whose first page shows `text` in a standard CID font."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(100, 700, text)
    canvas.save()
    return buffer.getvalue()


def zipped(member: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, text)
    return buffer.getvalue()


MARK = "机密★3年"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("【秘密】通知.txt", b"x"),
        ("绝密★通知.txt", b"x"),
        ("机密-通知.txt", b"x"),
        ("a.txt", MARK.encode()),
        ("a.txt", MARK.encode("gb18030")),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600) + MARK.encode("utf-16-le")),
        ("a.docx", zipped("word/document.xml", "<w:t>机密</w:t><w:t>★3年</w:t>")),
        ("a.docx", zipped("word/header1.xml", f"<w:t>{MARK}</w:t>")),
        ("a.xlsx", zipped("xl/sharedStrings.xml", f"<t>{MARK}</t>")),
        ("a.ofd", zipped("Doc_0/Pages/Page_0/Content.xml", f"<ofd:TextCode>{MARK}</ofd:TextCode>")),
        ("a.pdf", pdf(MARK)),
    ],
)
def test_a_marked_file_is_refused_until_the_user_confirms(
    store: Store, tmp_path: Path, name: str, content: bytes
) -> None:
    path = a_file(tmp_path, name, content)
    with pytest.raises(MarkedSecret) as caught:
        attach(store, path)
    assert caught.value.facts["mark"]
    assert files_in(store.folder / "att") == []
    assert AttachmentService(store).attach("meetings", "m1", path, confirmed=True).name == name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("秘密投票办法.txt", "选举采用无记名秘密投票。★重要".encode()),
        ("保密承诺书.pdf", pdf("保密承诺书")),
        ("broken.pdf", b"%PDF-1.7\nrubbish"),
        ("broken.docx", b"PK\x03\x04rubbish"),
        ("photo.jpg", bytes(range(256)) * 100),
    ],
)
def test_ordinary_files_pass(tmp_path: Path, name: str, content: bytes) -> None:
    assert secrecy_mark(name, a_file(tmp_path, name, content)) is None

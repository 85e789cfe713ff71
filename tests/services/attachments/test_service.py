"""Attached files: stored once, listed with their record, and never left half."""

import errno
import io
import os
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desktop.models.attachments import StoredFile
from desktop.models.history import Change
from desktop.services.attachments import AttachmentService, keep_stored
from desktop.services.errors import Cancelled, InvalidInput, NotFound, StorageFailure
from desktop.services.files import FilePort
from desktop.services.meetings import MeetingService
from desktop.services.opening import open_store
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.records import a_meeting
from tests.services.attachments.files import CONTENT, a_file, attach, files_in
from tests.stores import LOGIN, PASSWORD, new_store


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


@pytest.mark.parametrize(
    ("kind", "record_id"),
    [("meetings", "没有"), ("members", "m1"), ("meeting", "m1"), ("settings", "m1"), ("talk", ""), ("没有", "m1")],
)
def test_a_file_belongs_to_a_record_that_is_there(store: Store, tmp_path: Path, kind: str, record_id: str) -> None:
    a_meeting(store, "m1")
    with pytest.raises(NotFound):
        AttachmentService(store).attach(kind, record_id, a_file(tmp_path))
    assert files_in(store.folder / "att") == []


def test_a_record_in_the_recycle_bin_takes_no_file(store: Store, tmp_path: Path) -> None:
    attach(store, a_file(tmp_path))
    MeetingService(store).remove("m1")
    with pytest.raises(NotFound):
        AttachmentService(store).attach("meetings", "m1", a_file(tmp_path, "b.txt", b"b"))


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
    with open_store(folder, PASSWORD, LOGIN) as again:
        assert again.was_unclean
        assert again.att.read(staged.file_id) == CONTENT
        assert not again.att.has(litter.file_id)
        assert len(files_in(folder / "att")) == 1


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


def test_a_file_attached_before_breakfast_is_listed_on_the_day_of_the_clock_on_the_wall(tmp_path: Path) -> None:
    with new_store(tmp_path / "early", at="2026-11-23 06:00") as early:
        assert attach(early, a_file(tmp_path)).added_on == date(2026, 11, 23)


def test_a_record_takes_as_many_photos_as_the_standard_wants(store: Store, tmp_path: Path) -> None:
    service = AttachmentService(store)
    most = StandardService(store).pack().scoring.max_photos_per_record
    for number in range(most):
        attach(store, a_file(tmp_path, f"{number}.jpg", b"photo %d" % number))
    attach(store, a_file(tmp_path, "0.jpg", b"photo 0"))  # the same once more is no further photo
    one_more = a_file(tmp_path, "全景.HEIC", b"one more")
    with pytest.raises(InvalidInput, match=f"一条记录最多附{most}张照片"):
        attach(store, one_more)
    with pytest.raises(InvalidInput, match="照片"):
        service.attach("meetings", "m1", one_more, evidence_kind="photo")
    assert len(service.list("meetings", "m1")) == most
    assert len(list(store.att.ids())) == most
    service.attach("meetings", "m1", one_more, evidence_kind="sign_in")  # a paper that was scanned
    attach(store, a_file(tmp_path, "记录.pdf", b"no picture"))
    attach(store, one_more, "m2")
    service.remove(service.list("meetings", "m1")[0].id)
    attach(store, a_file(tmp_path, "换一张.png", b"another"))

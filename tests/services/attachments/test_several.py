"""Several files at once: each is attached or refused for itself."""

from pathlib import Path

from desktop.services.attachments import AttachmentService, MarkedSecret, attach_several
from desktop.services.errors import Cancelled, InvalidInput
from desktop.services.store import Store
from tests.records import a_meeting
from tests.services.attachments.files import a_file


def names(store: Store) -> list[str]:
    return [row.name for row in AttachmentService(store).list("meetings", "m1")]


def test_a_bad_file_does_not_lose_the_others(store: Store, tmp_path: Path) -> None:
    empty, marked = a_file(tmp_path, "空白.txt"), a_file(tmp_path, "秘密★5年.txt")
    empty.write_bytes(b"")
    files = [a_file(tmp_path, "一.txt"), empty, marked, tmp_path / "没有.txt", a_file(tmp_path, "二.txt")]
    done = attach_several(AttachmentService(store), "meetings", a_meeting(store), files)
    assert [row.name for row in done.rows] == names(store) == ["一.txt", "二.txt"]
    assert [(each.path, type(each.error)) for each in done.refused] == [
        (empty, InvalidInput),
        (marked, MarkedSecret),
        (tmp_path / "没有.txt", InvalidInput),
    ]


def test_progress_counts_the_bytes_of_all_and_a_stop_keeps_what_is_attached(store: Store, tmp_path: Path) -> None:
    files = [a_file(tmp_path, name) for name in ("一.txt", "二.txt", "三.txt")]
    size, told = files[0].stat().st_size, list[tuple[int, int]]()

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done > size:
            raise Cancelled

    done = attach_several(AttachmentService(store), "meetings", a_meeting(store), files, progress=stop)
    assert told[-1][1] == 3 * size < 3 * told[-1][0]
    assert [row.name for row in done.rows] == names(store) == ["一.txt"]
    assert done.left == (files[1], files[2])

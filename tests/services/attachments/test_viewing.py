"""Opening an attachment: warned of where it can run, and no plain copy stays behind."""

import io
import stat
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import update

from desktop.models.attachments import Attachment
from desktop.services.attachments import AttachmentService, NotLookedAt
from desktop.services.attachments.leftovers import FOLDER
from desktop.services.attachments.viewing import ViewingService, load_kinds
from desktop.services.errors import Cancelled
from desktop.services.opening import open_store
from desktop.services.store import Store
from tests.records import a_meeting
from tests.services.attachments.files import CONTENT, a_file, attach, files_in
from tests.services.pdf_bombs import laughs
from tests.stores import PASSWORD

OLD_OFFICE = b"\xd0\xcf\x11\xe0" + bytes(2 << 20)


def office(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("工资表.exe", b"MZ"),
        ("通知.pdf.EXE", b"MZ"),
        ("通知.js", b"x"),
        ("通知.desktop", b"x"),
        ("通知.lnk", b"x"),
        ("名册.xlsm", b"x"),
        ("网页.html", b"x"),
        ("名册.doc", OLD_OFFICE + "_VBA_PROJECT".encode("utf-16-le")),
        ("名册.docx", office("word/document.xml", "word/vbaProject.bin")),
    ],
)
def test_what_can_run_is_warned_of(store: Store, tmp_path: Path, name: str, content: bytes) -> None:
    row = attach(store, a_file(tmp_path, name, content))
    assert ViewingService(store).warning(row.id).startswith(f"“{name}”")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("签到表.jpg", b"x"),
        ("批复.pdf", b"x"),
        ("签到表", b"x"),
        ("名册.doc", OLD_OFFICE),
        ("名册.docx", office("word/document.xml")),
        ("名册.wps", b"x"),
    ],
)
def test_what_only_shows_itself_is_not(store: Store, tmp_path: Path, name: str, content: bytes) -> None:
    assert ViewingService(store).warning(attach(store, a_file(tmp_path, name, content)).id) == ""


def test_no_kind_is_asked_for_macros_that_is_warned_of_anyway() -> None:
    kinds = load_kinds()
    assert not kinds.with_macros & kinds.words.keys()
    assert all(ending == ending.lower().strip(". ") for ending in (*kinds.words, *kinds.with_macros))


def test_the_plain_copy_is_nobody_elses_and_goes_with_the_store(store: Store, tmp_path: Path) -> None:
    row = attach(store, a_file(tmp_path))
    copy = ViewingService(store).copy(row.id)
    assert (copy.name, copy.read_bytes()) == (row.name, CONTENT)
    assert copy.is_relative_to(store.folder / FOLDER)
    if sys.platform != "win32":
        rights = [stat.S_IMODE(path.stat().st_mode) for path in (copy, copy.parent, copy.parent.parent)]
        assert rights == [0o400, 0o700, 0o700]
    again = ViewingService(store).copy(row.id)
    assert again != copy
    store.close()
    assert not (store.folder / FOLDER).exists()


def test_a_name_longer_than_a_disk_of_linux_takes_is_shortened_for_the_copy(store: Store, tmp_path: Path) -> None:
    row = attach(store, a_file(tmp_path))
    with store.sessions.begin() as session:
        session.execute(update(Attachment).values(name="长" * 150 + ".pdf"))
    copy = ViewingService(store).copy(row.id)
    assert (copy.name, copy.read_bytes()) == ("长" * 66 + ".pdf", CONTENT)


def test_what_a_killed_program_left_open_goes_at_the_next_start(store: Store, tmp_path: Path) -> None:
    row = attach(store, a_file(tmp_path))
    store.close()
    left = store.folder / FOLDER / "12345678" / row.name
    left.parent.mkdir(parents=True)
    left.write_bytes(CONTENT)
    open_store(store.folder, PASSWORD).close()
    assert not left.exists()


def test_a_copy_that_is_cancelled_leaves_nothing(store: Store, tmp_path: Path) -> None:
    row = attach(store, a_file(tmp_path))

    def stop(_done: int, _all: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        ViewingService(store).copy(row.id, stop)
    assert files_in(store.folder / FOLDER) == []


def test_a_pdf_that_cannot_be_looked_at_is_asked_about(store: Store, tmp_path: Path) -> None:
    path = a_file(tmp_path, "通知.pdf", laughs(12))
    service = AttachmentService(store)
    with pytest.raises(NotLookedAt):
        service.attach("meetings", a_meeting(store), path)
    assert service.attach("meetings", a_meeting(store), path, confirmed=True).name == "通知.pdf"

"""Nothing of the people in a store can be read without its key, wherever the program writes."""

import logging
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from desktop.logs import log_to
from desktop.models.history import Draft
from desktop.models.members import Member
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.attachments import AttachmentService
from desktop.services.backup import BackupService
from desktop.services.integrity import check
from desktop.services.opening import open_store
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.workbooks import book
from tests.services.words import files_with
from tests.stores import LOGIN, PASSWORD, new_store

SAMPLE = "huaiyang"


@pytest.fixture(autouse=True)
def _no_log_left_behind() -> Iterator[None]:
    """Let go of the log in a folder that is about to be deleted."""
    yield
    log = logging.getLogger("desktop")
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()


def people(store: Store) -> list[str]:
    """Return names, ID numbers and telephone numbers of the roster."""
    with store.reading() as session:
        rows = list(session.scalars(select(Member)))
    words = [str(value) for row in rows for value in (row.name, row.id_no, getattr(row, "phone", None)) if value]
    assert len(words) > 20
    return words


def topics() -> list[str]:
    """Return the longer texts of the sample meetings."""
    book = openpyxl.load_workbook(resource("samples") / SAMPLE / "meetings.xlsx", read_only=True)
    texts = [str(cell) for line in book.worksheets[0].iter_rows(min_row=2, values_only=True) for cell in line if cell]
    book.close()
    long = [text for text in texts if 8 <= len(text) <= 40 and not text.isascii()]
    assert long
    return long


def test_no_word_of_the_records_is_readable_in_any_file_the_program_writes(tmp_path: Path) -> None:
    stick, folders = tmp_path / "stick", [tmp_path / "branch", tmp_path / "headquarters"]
    stick.mkdir()
    branch, headquarters = new_store(folders[0]), new_store(folders[1], StoreKind.HEADQUARTERS)
    log_to(branch.folder / "logs")
    for kind, name in (("members", "roster"), ("meetings", "meetings")):
        book(branch, kind).import_file(resource("samples") / SAMPLE / f"{name}.xlsx")
    words = [*people(branch), *topics(), "向日葵计划", PASSWORD]

    (tmp_path / "a.txt").write_text("向日葵计划" * 1000, encoding="utf-8")
    attached = AttachmentService(branch).attach("branches", branch.branch_id, tmp_path / "a.txt")
    AttachmentService(branch).read(attached.id)
    with branch.unit_of_work("草稿") as session:
        session.add(
            Draft(form="meeting:theme_day", saved_at_utc="2026-11-22T01:00:00Z", values={"topic": "向日葵计划"})
        )
    invitation = EnrolmentService(headquarters).invite("HY01", "淮阳党支部", "mixed", stick)
    registration = EnrolmentService(branch).accept_invitation(invitation.path).confirm(stick)
    EnrolmentService(headquarters).accept_registration(registration.path).confirm()
    package = Sender(branch).pack(stick, "2026Q3").file
    (result,) = Receiver(headquarters).receive([package])
    assert result.code == "OK"
    Receiver(branch).receive([each.file for each in Sender(headquarters).answer(None, stick)])
    BackupService(branch).to_file(stick)
    try:
        raise ValueError("向日葵计划")
    except ValueError:
        logging.getLogger("desktop.test").exception("a defect")
    assert check(branch) == []

    # While both stores are open, with their journals lying about, and after they were closed.
    assert files_with(words, stick, *folders) == []
    branch.close()
    headquarters.close()
    assert files_with(words, stick, *folders) == []
    assert (folders[0] / "logs" / "branch-desk.log").read_text(encoding="utf-8")
    with open_store(folders[1], PASSWORD, LOGIN) as again:  # and it is all there for who has the key
        assert set(people(again)) <= set(words)


def test_the_search_finds_what_is_readable(tmp_path: Path) -> None:
    for number, encoding in enumerate(("utf-8", "utf-16-le", "gb18030")):
        (tmp_path / f"{number}.bin").write_bytes(b"\0" * 100 + "向日葵计划".encode(encoding) + b"\0" * 100)
    (tmp_path / "3.json").write_text('"\\u5411\\u65e5\\u8475\\u8ba1\\u5212"', encoding="ascii")
    (tmp_path / "向日葵计划.txt").write_bytes(b"")
    assert len(files_with(["向日葵计划", "不在这里的话"], tmp_path)) == 5

"""Whoever judges a branch reads the records behind an item as papers, with the files that came with them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.attachments import AttachmentService
from desktop.services.errors import Unreckonable
from desktop.services.judging import Judging, JudgingService
from desktop.services.pdfium import open_pdf
from desktop.services.standards.evidence import MEETING, is_bound
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.sampling.conftest import PERIOD
from tests.ui.full import full_store


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[Store]:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        yield store


def of_branch(store: Store) -> Judging:
    (branch,) = EnrolmentService(store).partners()
    return JudgingService(store).judging(branch.org, 2026, PERIOD)


def words(pdf: bytes) -> str:
    with open_pdf(pdf) as document:
        assert document is not None
        return "".join(page.get_textpage().get_text_range() for page in document)


def test_what_is_a_paper_in_the_archive_is_one_beside_the_form(headquarters: Store) -> None:
    judging, service = of_branch(headquarters), JudgingService(headquarters)
    found = service.evidence(judging)
    kinds = {row.used.kind: row.used for rows in found.values() for row in rows if not row.used.withheld}
    assert {kind for kind, used in kinds.items() if is_bound(used)} > {MEETING, "activist_review"}
    for used in kinds.values():
        paper = service.paper(judging, used)
        assert paper is not None or not is_bound(used), used
    meeting = kinds[MEETING]
    assert meeting.title in words(service.paper(judging, meeting) or b"")
    assert judging.number(meeting).startswith("2026-D")


def test_files_come_with_their_record(headquarters: Store, tmp_path: Path) -> None:
    (tmp_path / "签到表.txt").write_text("三人", encoding="utf-8")
    meeting = next(row.used.id for rows in JudgingService(headquarters).evidence(of_branch(headquarters)).values()
                   for row in rows if row.used.kind == MEETING)  # fmt: skip
    with full_store(tmp_path / "branch") as branch:
        AttachmentService(branch).attach("meetings", meeting, tmp_path / "签到表.txt")
        Receiver(headquarters).receive([Sender(branch).pack(tmp_path, PERIOD).file])
    judging, service = of_branch(headquarters), JudgingService(headquarters)
    rows = [row for found in service.evidence(judging).values() for row in found if row.used.id == meeting]
    assert rows
    assert {tuple(file.name for file in row.files) for row in rows} == {("签到表.txt",)}
    assert all(file.here for row in rows for file in row.files)


def test_data_that_cannot_be_reckoned_with_are_said_to_be_of_the_branch(
    headquarters: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object, **__: object) -> None:
        raise ValueError("a row nobody thought of")

    monkeypatch.setattr("desktop.services.standards.scoring.score", damaged)
    with pytest.raises(Unreckonable):
        of_branch(headquarters)

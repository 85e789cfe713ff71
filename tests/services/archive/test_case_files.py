"""An admission in the archive of a year: what the branch keeps is bound in order, the personal file is only listed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.archive.binding import Binding, Piece, bind
from desktop.services.archive.filing import filing_rules
from desktop.services.archive.rows import Unbound
from desktop.services.archive.service import ArchiveService
from desktop.services.attachments import AttachmentService
from desktop.services.development.service import DevelopmentService
from desktop.services.members import MemberService
from desktop.services.standards.evidence import ADMISSION
from desktop.services.store import Store
from tests.services.archive.branch import add_meeting
from tests.services.archive.checker import text_of
from tests.services.meetings.people import people
from tests.stores import new_store

YEAR, ON = 2026, date(2026, 10, 12)
STEPS = ((2, "2025-03-20"), (3, "2025-06-16"), (7, "2026-07-01"), (14, "2026-08-20"), (15, "2026-09-04"))
PAPERS = (
    (15, "票决汇总", "2026-09-04"),
    (8, "公示", "2026-07-07"),
    (14, "入党志愿书", "2026-08-20"),
    (10, "政审函", "2026-07-20"),
    (2, "谈话记录", "2025-03-20"),
    (6, "思想汇报", "2026-03-31"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at="2026-10-12 09:00") as opened:
        people(opened)
        yield opened


def kept(store: Store, tmp_path: Path) -> str:
    """Return a case with a congress on file, and papers that each have a file."""
    service, files = DevelopmentService(store), AttachmentService(store)
    case_id = service.begin({"name": "丁思琪", "applied_on": "2025-03-11"})
    congress = add_meeting(store, MemberService(store).roster(ON), MeetingKind.BRANCH_CONGRESS, date(2026, 9, 4))
    for no, on in STEPS:
        service.record_step(case_id, no, {"done_on": on} | ({"meeting_id": congress} if no == 15 else {}))
    for no, name, on in PAPERS:
        paper = service.save_paper(case_id, no, {"name": name, "dated_on": on})
        scan = tmp_path / f"{name}.txt"
        scan.write_text(name, "utf-8")
        files.attach("development_papers", paper, scan)
    return case_id


def piece_of(binding: Binding) -> Piece:
    (piece,) = (piece for piece in binding.pieces.values() if piece.used.kind == ADMISSION)
    return piece


def test_papers_of_the_branch_are_bound_in_the_order_of_the_steps_and_the_personal_file_is_not(
    store: Store, tmp_path: Path
) -> None:
    case_id = kept(store, tmp_path)
    binding = bind(store, YEAR, ON)
    piece = piece_of(binding)
    assert (piece.used.id, piece.title, piece.numbered.item_id) == (case_id, "发展党员：丁思琪", "D3-05")
    assert [file.own_name for file in piece.files] == ["公示：公示.txt", "票决汇总：票决汇总.txt"]
    apart = [left for left in binding.left_out if left.why is Unbound.PERSONAL_FILE]
    assert {paper.id for paper in binding.admissions[case_id].filed} == {left.id for left in apart}
    assert [paper.name for paper in binding.admissions[case_id].filed] == ["思想汇报", "政审函", "入党志愿书"]


def test_a_paper_of_an_earlier_year_is_bound_in_the_archive_of_that_year(store: Store, tmp_path: Path) -> None:
    case_id = kept(store, tmp_path)
    assert [file.own_name for file in piece_of(bind(store, 2025, ON)).files] == ["谈话记录：谈话记录.txt"]
    (other,) = bind(store, YEAR, ON).admissions[case_id].others
    assert (other[0].name, other[1]) == ("谈话记录", 2025)
    assert not [piece for piece in bind(store, 2024, ON).pieces.values() if piece.used.kind == ADMISSION]


def test_the_volume_names_every_paper_where_it_is_and_what_is_lacking(store: Store, tmp_path: Path) -> None:
    kept(store, tmp_path)
    built = ArchiveService(store).build(YEAR, tmp_path / "档案", ON)
    (volume,) = (built.dir / each.file for each in built.volumes if "D3" in each.file)
    text = text_of(volume)
    for words in (
        "发展党员：丁思琪",
        "支部保存的材料",
        "大会记录和表决",
        "附后1件",
        "见2025年度档案",
        "只列目录，不装入本卷",
    ):
        assert words in text
    assert "第15步接收预备党员大会记录" in text
    assert "思想汇报：" not in text
    catalogue = text_of(next(built.dir / each.file for each in built.volumes if "归档文件目录" in each.file))
    assert "发展党员：丁思琪" in catalogue


def test_what_the_branch_keeps_of_an_admission_is_kept_thirty_years() -> None:
    assert filing_rules().years(filing_rules().period(ADMISSION)) == 30

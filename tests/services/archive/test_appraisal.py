"""Papers of the yearly organisational life meeting and appraisal: what they say, what they leave to be written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.appraisal.papers import Paper, words
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.service import ArchiveService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from tests.services.appraisal.rounds import FRESH, NAMES, YEAR, branch, decided, graded, ids
from tests.services.archive.checker import text_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with branch(tmp_path / "store") as made:
        yield made


def printed(store: Store, paper: Paper, folder: Path, member_id: str = "") -> str:
    path = folder / f"{paper.value}.pdf"
    DocumentService(store).appraisal(YEAR, paper, path, member_id)
    return text_of(path).replace("\n", "").replace(" ", "")


def test_ballots_name_who_is_rated_and_carry_no_number(store: Store, tmp_path: Path) -> None:
    graded(store)
    for paper in (Paper.BALLOT, Paper.ASPECTS):
        told = printed(store, paper, tmp_path)
        assert all(name in told for name in NAMES)
        assert FRESH not in told
        assert "不签名" in told
    assert all(aspect in printed(store, Paper.ASPECTS, tmp_path) for aspect in words().aspects)
    assert "较好" in printed(store, Paper.BRANCH_BALLOT, tmp_path)


def test_the_tally_says_sums_grades_and_the_arithmetic_of_the_third(store: Store, tmp_path: Path) -> None:
    decided(store)
    told = printed(store, Paper.TALLY, tmp_path)
    assert "优秀3名，合格6名" in told
    assert "3×3=9≤10" in told
    assert FRESH in told
    assert "参加评议，不评等次" in told


def test_what_says_grades_waits_until_they_are_set(store: Store, tmp_path: Path) -> None:
    graded(store)
    for paper in Paper:
        if paper.needs_grades:
            with pytest.raises(InvalidInput, match="还没有定下"):
                printed(store, paper, tmp_path)
    assert "合格等次" not in printed(store, Paper.REGISTRATION, tmp_path)


def test_registration_and_feedback_are_of_one_member_or_of_all(store: Store, tmp_path: Path) -> None:
    service, who = decided(store), ids(store)
    service.note(YEAR, who["陈晓东"], {"faults": "走访客户记录不全", "praise": "带头讲党课"})
    one = printed(store, Paper.FEEDBACK, tmp_path, who["陈晓东"])
    assert "走访客户记录不全" in one
    assert "褚东升" not in one
    every = printed(store, Paper.REGISTRATION, tmp_path)
    assert all(name in every for name in NAMES)
    assert "共18页" in every  # two pages each
    with pytest.raises(NotFound):
        printed(store, Paper.REGISTRATION, tmp_path, who[FRESH])


def test_criticisms_opinions_and_problems_stand_in_their_lists(store: Store, tmp_path: Path) -> None:
    decided(store)
    who, registers = ids(store), RegisterService(store)
    told = {"event_on": "2027-01-08", "for_year": YEAR}
    criticism = registers.save(
        "criticism",
        {**told, "title": "发言泛泛", "receiver_id": who["陈晓东"], "giver_id": who["李建国"], "reply": "接受批评"},
    )
    registers.save(
        "sought_opinion", {**told, "title": "书刊更新慢", "giver": "staff", "times": 3, "concerned": "committee"}
    )
    registers.save(
        "issue",
        {**told, "title": "党课不联系实际", "source": "org_life", "due_on": "2027-02-01", "criticism_id": criticism,
         "concerned": "person"},
    )  # fmt: skip
    whole = printed(store, Paper.SET, tmp_path)
    for words_ in (
        "发言泛泛",
        "接受批评",
        "书刊更新慢",
        "党课不联系实际",
        "批评：发言泛泛",
        "个人（1条）",
        "班子（0条）",
    ):
        assert words_ in whole
    assert "反馈单" not in whole


def test_letters_hold_facts_and_leave_the_rest_to_people(store: Store, tmp_path: Path) -> None:
    decided(store)
    report = printed(store, Paper.REPORT, tmp_path)
    assert "评定优秀3名、合格6名、基本合格0名、不合格0名" in report
    assert "四、对支部工作的测评" not in report  # nobody typed how the branch was rated
    assert "＿＿" in report
    assert "陈晓东、褚东升、秦海波" in printed(store, Paper.PUBLICITY, tmp_path)
    assert "党员总数的三分之一" in printed(store, Paper.PLAN, tmp_path)


def test_the_archive_of_the_year_binds_the_round(store: Store, tmp_path: Path) -> None:
    decided(store)
    archive = ArchiveService(store).build(YEAR, tmp_path / "档案")
    (volume,) = [volume for volume in archive.volumes if "民主评议" in volume.file]
    told = text_of(archive.dir / volume.file).replace("\n", "")
    assert "民主评议党员汇总表" in told
    catalogue = next(volume for volume in archive.volumes if "归档文件目录" in volume.file)
    assert "组织生活会和民主评议" in text_of(archive.dir / catalogue.file).replace("\n", "")


def test_a_paper_is_called_so_that_its_file_tells_what_it_is_of() -> None:
    assert Paper.SET.named(YEAR) == f"{YEAR}年度民主评议全套"
    assert Paper.TALLY.named(YEAR) == f"{YEAR}年度民主评议汇总表"
    assert Paper.FEEDBACK.named(YEAR, "李四") == f"李四{YEAR}年度民主评议反馈单"

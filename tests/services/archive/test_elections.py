"""The papers of an election: every one is written, with the facts and without words that are for people to say."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from desktop.models.vocabulary.elections import BallotLayout, CandidateOrder, Seat
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.elections import Around, election_document
from desktop.services.archive.pdf import write_pdf
from desktop.services.election.papers import papers, set_of
from desktop.services.election.service import ElectionService
from desktop.services.errors import NotFound
from desktop.services.store import Store
from tests.services.archive.checker import text_of
from tests.services.election.hall import hall, prepared, vote
from tests.stores import new_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with new_store(tmp_path_factory.mktemp("papers") / "data") as opened:
        hall(opened)
        yield opened


@pytest.fixture(scope="module")
def election(store: Store) -> str:
    service = ElectionService(store)
    made = prepared(store, service)
    service.begin_round(made)
    vote(service, made, {"李建国": 8, "王秀英": 8, "周立军": 7, "陈晓东": 3}, present=10, void=1)
    return made


def printed(store: Store, election: str, paper: str, folder: Path) -> str:
    path = folder / f"{paper or '全套'}.pdf"
    DocumentService(store).election(election, paper, path)
    return "".join(text_of(path).split())


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ("request", "委员3名，其中书记1名；委员候选人4名，差额1名"),
        ("shift_request", "关于延期（提前）换届选举的请示"),
        ("approval", "支字10号"),
        ("plan", "向上级请示（2026-10-20前）"),
        ("nomination", "推荐票"),
        ("nomination_sum", "提名正式党员数"),
        ("candidates", "2010-07"),
        ("candidates_request", "李建国、王秀英、周立军、陈晓东"),
        ("publicity", "下列同志拟作为第四届支部委员会委员候选人"),
        ("method", "超过实到会有选举权人数半数的，才能当选"),
        ("ballot", "4名中选3名"),
        ("ballot_secretary", "书记选票"),
        ("tally", "计票单"),
        ("count_report", "当选：李建国、王秀英、周立军"),
        ("elected", "结果还没有定下"),
        ("result_report", "发出选票10张，收回10张，有效9张，无效1张"),
        ("members", "成员表"),
        ("division", "关于第四届支部委员会委员分工的通知"),
        ("handover", "移交人"),
        ("script", "最多选3名"),
        ("first_script", "书记候选人李建国"),
    ],
)
def test_each_paper_says_the_facts(store: Store, election: str, tmp_path: Path, paper: str, words: str) -> None:
    assert words in printed(store, election, paper, tmp_path)


def test_every_paper_of_the_file_is_tried_and_the_set_holds_them_all(
    store: Store, election: str, tmp_path: Path
) -> None:
    whole = printed(store, election, "", tmp_path)
    bound = set_of(ElectionService(store).election(election))
    assert {paper.id for paper in papers().values()} - {paper.id for paper in bound} == {"shift_request"}
    for paper in bound:
        assert paper.heading.partition("{")[0][:4] in whole, paper.id
    with pikepdf.open(tmp_path / "全套.pdf") as document:
        assert len(document.pages) >= len(bound)


def test_an_election_put_off_has_its_request_in_the_set(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as opened:
        hall(opened)
        service = ElectionService(opened)
        made = prepared(opened, service)
        service.shift(made, {"shifted_to": "2027-03-10", "shift_reason": "机构调整"})
        letter = printed(opened, made, "shift_request", tmp_path)
        assert "关于延期换届选举的请示" in letter
        assert "因机构调整，拟延期到2027年3月10日以前完成换届选举" in letter
        assert "拟延期到" in printed(opened, made, "", tmp_path)


def test_what_is_made_public_of_candidates_says_months_and_no_numbers(
    store: Store, election: str, tmp_path: Path
) -> None:
    words = printed(store, election, "publicity", tmp_path)
    assert all(name in words for name in ("李建国", "陈晓东", "2010-07", "请署真实姓名"))
    assert "身份证" not in words


def test_a_ballot_has_both_layouts_and_no_number(store: Store, election: str, tmp_path: Path) -> None:
    service = ElectionService(store)
    rows = printed(store, election, "ballot", tmp_path)
    service.change(election, {"layout": "lines"})
    lines = printed(store, election, "ballot", tmp_path)
    service.change(election, {"layout": "rows"})
    for words in (rows, lines):
        assert "另选" in words
        assert all(name in words for name in ("李建国", "陈晓东"))
        assert "编号" not in words
    assert rows != lines


def test_a_ballot_is_printed_on_half_a_sheet_if_wanted_and_no_other_paper(
    store: Store, election: str, tmp_path: Path
) -> None:
    widths = {}
    for paper in ("ballot", "ballot_secretary", "request"):
        path = tmp_path / f"{paper}.pdf"
        DocumentService(store).election(election, paper, path, small=True)
        with pikepdf.open(path) as document:
            assert len(document.pages) == 1
            widths[paper] = round(float(document.pages[0].mediabox[2]))
    assert widths == {"ballot": 420, "ballot_secretary": 420, "request": 595}


@pytest.mark.parametrize("layout", list(BallotLayout))
def test_a_ballot_of_many_names_stays_one_page(
    store: Store, election: str, tmp_path: Path, layout: BallotLayout
) -> None:
    row = ElectionService(store).election(election)
    one = row.standing(Seat.COMMITTEE)[0]
    many = tuple(replace(one, id=str(number), name=f"欧阳建{number}") for number in range(21))
    row = replace(row, candidates=many, rounds=(), seats=17, layout=layout)
    around = Around(branch="机关委员会", members=30, full=30, people={}, today=date(2026, 11, 26))
    path = tmp_path / "选票.pdf"
    write_pdf(election_document(row, "ballot", around), path)
    with pikepdf.open(path) as document:
        assert len(document.pages) == 1
    words = "".join(text_of(path).split())
    assert all("".join(each.name) in words or layout is BallotLayout.ROWS for each in many)
    assert words.count("另选人") >= 2


def test_papers_say_by_what_the_candidates_are_in_order_only_where_it_was_chosen(
    store: Store, election: str, tmp_path: Path
) -> None:
    service, said = ElectionService(store), "按姓氏笔画为序"
    assert not any(said in printed(store, election, paper, tmp_path) for paper in ("ballot", "method", "script"))
    service.say_order(election, CandidateOrder.STROKES)
    assert all(said in printed(store, election, paper, tmp_path) for paper in ("ballot", "method", "script"))
    ids = [each.id for each in service.election(election).standing(Seat.COMMITTEE)]
    service.order_candidates(election, ids)  # put anew: what was said of the former order falls away
    assert not any(said in printed(store, election, paper, tmp_path) for paper in ("ballot", "method"))


def test_a_paper_that_is_none_is_refused(store: Store, election: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        DocumentService(store).election(election, "无", tmp_path / "无.pdf")
    assert ElectionService(store).election(election).standing(Seat.SECRETARY)

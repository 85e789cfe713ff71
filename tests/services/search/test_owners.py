"""Whatever files can hang on is known to search: a file is found there, and says where it lies."""

from datetime import date
from pathlib import Path

import pytest

from desktop.models.appeals import Appeal
from desktop.models.base import Base, kind_of
from desktop.models.branches import Branch, PartyGroup, PostAssignment, Term
from desktop.models.development import CasePaper, DevelopmentCase
from desktop.models.elections import Election
from desktop.models.improvement import PdcaPlan
from desktop.models.meetings import Meeting
from desktop.models.members import Member
from desktop.models.people import Person
from desktop.models.points import PointsClaim, PointsPublication
from desktop.models.race import RaceAppeal
from desktop.models.registers import every_register
from desktop.models.sampling import SampledRecord, SampleSheet
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.race import RaceClass
from desktop.models.vocabulary.sampling import SampleReason
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.attachments import AttachmentService
from desktop.services.attachments.records import attachable
from desktop.services.search import SearchService
from desktop.services.search.owners import OWNERS
from desktop.services.search.service import Hit
from desktop.services.store import Store
from desktop.ui.pages import BRANCH_PAGES, HEADQUARTERS_PAGES
from desktop.ui.places import RECORDS_ABOVE, page_of_record
from tests.stores import new_store

DAY = date(2026, 9, 8)


def made(store: Store) -> dict[type[Base], tuple[Base, str]]:
    """Keep one record of every kind that files hang on, each with words by which a reader knows it."""
    own = {"branch_id": store.branch_id}
    with store.unit_of_work("试验") as session:
        branch = session.get(Branch, store.branch_id)
        if branch is None:
            branch = Branch(id=store.branch_id, code="ZB", name="机关科室", **own)
        member = Member(name="赵秀英", category="full_member", status="full_member", **own)
        person = Person(name="司空见", **own)
        group = PartyGroup(name="东岗党小组", **own)
        sheet = SampleSheet(period="2026Q3", seed="1", drawn_on=DAY, population=9, **own)
        session.add_all((branch, member, person, group, sheet))
        session.flush()
        case = DevelopmentCase(person_id=person.id, **own)
        drawn = SampledRecord(
            sheet_id=sheet.id,
            position=1,
            of_kind="meeting",
            of_id="x",
            of_day=DAY,
            title="九月党员大会",
            item_id="D4-01",
            number="2026-D4-01-1",
            reason=SampleReason.RANDOM,
            **own,
        )
        session.add_all((case, drawn))
        session.flush()
        term = Term(term_no=6, elected_on=DAY, expires_on=date(2029, 9, 8), **own)
        plan = PdcaPlan(
            title="三季度整改计划", race_class=RaceClass.LAGGING, source_period="2026Q3", opened_on=DAY, **own
        )
        claim = PointsClaim(member_id=member.id, rule="B1", event_on=DAY, title="防汛值守", handed_in_on=DAY, **own)
        rows = (
            (
                Meeting(kind=MeetingKind.BRANCH_CONGRESS, held_on=DAY, for_year=2026, topic="学习条例", **own),
                "2026-09-08",
            ),
            (branch, branch.name),
            (group, "东岗党小组"),
            (term, "第6届"),
            (PostAssignment(member_id=member.id, post=Post.SECRETARY, **own), "赵秀英任支部书记"),
            (member, "赵秀英"),
            (plan, "三季度整改计划"),
            (case, "司空见"),
            (CasePaper(case_id=case.id, step_no=1, name="入党申请书", **own), "司空见"),
            (Election(term_no=7, **own), "第7届"),
            (claim, "防汛值守"),
            (PointsPublication(year=2026, quarter=3, posted_on=DAY, ends_on=DAY, **own), "2026年第三季度"),
            (Appeal(period="2026Q3", ground="漏计", raised_by="赵秀英", raised_on=DAY, **own), "2026年三季度赛马结果"),
            (drawn, "九月党员大会"),
            (
                RaceAppeal(period="2026Q3", raised_by="赵秀英", received_on=DAY, due_on=DAY, ground="漏计", **own),
                "2026年三季度赛马结果",
            ),
        )
        session.add_all([row for row, _words in rows])
    return {type(row): (row, words) for row, words in rows}


def hit_of_file(store: Store, row: Base, folder: Path) -> Hit:
    """Attach a file to the record and find it."""
    scan = folder / f"扫描{row.__tablename__}.txt"
    scan.write_text("扫描件", "utf-8")
    AttachmentService(store).attach(row.__tablename__, row.id, scan)
    return found(store, scan.stem)


def found(store: Store, words: str) -> Hit:
    service = SearchService(store)
    service.refresh()
    (hit,) = service.find(words).hits
    return hit


def test_search_knows_all_that_files_hang_on() -> None:
    registers = {register.kind for register in every_register()}
    assert {model.__tablename__ for model in OWNERS} == set(attachable()) - registers


@pytest.mark.parametrize("kind", StoreKind)
def test_a_file_is_found_says_what_it_hangs_on_and_leads_there(kind: StoreKind, tmp_path: Path) -> None:
    areas = HEADQUARTERS_PAGES if kind is StoreKind.HEADQUARTERS else BRANCH_PAGES
    tabs = {(area.key, tab.key) for area in areas for tab in area.tabs}
    with new_store(tmp_path / "store", kind) as store:
        rows = made(store)
        assert set(rows) == set(OWNERS)
        for row, words in rows.values():
            hit = hit_of_file(store, row, tmp_path)
            assert hit.detail.startswith("在 ")
            assert words in hit.detail
            if not store.is_headquarters and not isinstance(row, RaceAppeal):  # a case of headquarters alone
                assert page_of_record(hit.target[0]) in tabs
            elif store.is_headquarters and hit.target[0] in RECORDS_ABOVE:
                assert page_of_record(hit.target[0], above=True) in tabs


def test_a_file_of_a_paper_opens_the_case_and_one_of_an_appeal_the_drawn_record(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        rows = made(store)
        paper, case, drawn = (rows[model][0] for model in (CasePaper, DevelopmentCase, SampledRecord))
        assert hit_of_file(store, paper, tmp_path).target == (kind_of(DevelopmentCase), case.id)
        with store.unit_of_work("申诉") as session:
            appeal = Appeal(
                branch_id=store.branch_id, sampled_id=drawn.id, ground="有原件", raised_by="赵秀英", raised_on=DAY
            )
            session.add(appeal)
        hit = hit_of_file(store, appeal, tmp_path)
        assert hit.target == (kind_of(SampledRecord), drawn.id)
        assert "对抽查“九月党员大会”的申诉" in hit.detail


def test_a_file_says_what_its_record_and_its_person_are_called_today(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        rows = made(store)
        group, paper, case = (rows[model][0] for model in (PartyGroup, CasePaper, DevelopmentCase))
        assert isinstance(case, DevelopmentCase)
        hit_of_file(store, group, tmp_path)
        hit_of_file(store, paper, tmp_path)
        with store.unit_of_work("改名") as session:
            session.get_one(PartyGroup, group.id).name = "西岗党小组"
            session.get_one(Person, case.person_id).name = "司马光"
        assert found(store, "扫描party_groups").detail == "在 西岗党小组 里"
        assert found(store, "扫描development_papers").detail == "在 司马光的发展党员档案“入党申请书” 里"

"""Papers of an admission: facts filled in, opinions left to people, official prints never imitated."""

from datetime import date
from pathlib import Path

import pytest

from desktop.services.archive.admissions import admission_document
from desktop.services.archive.blocks import Document, Fields, Paragraph, Table, Title
from desktop.services.archive.documents import DocumentService
from desktop.services.development.papers import BLANK, facts_of, papers
from desktop.services.development.service import DevelopmentService
from desktop.services.errors import NotFound
from desktop.services.store import Store
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = new_store(tmp_path / "store")
    service = DevelopmentService(store)
    case_id = service.begin(
        {
            "name": "马晓宇",
            "gender": "男",
            "born_on": "1997-11-02",
            "applied_on": "2024-03-11",
            "id_no": "412723198411204639",
        }
    )
    for no, on in ((2, "2024-04-02"), (3, "2025-06-16"), (7, "2026-06-24")):
        service.record_step(case_id, no, {"done_on": on})
    posted = {"consent_on": "2026-07-06", "from_on": "2026-07-07", "to_on": "2026-07-15", "done_on": "2026-07-16"}
    service.record_step(case_id, 8, posted)
    service.save_paper(case_id, 1, {"name": "入党申请书", "place": "党员档案"})
    service.save_inquiry(case_id, {"relation": "父亲", "name": "马父", "addressed_to": "中共某村支部委员会"})
    service.save_inquiry(case_id, {"relation": "母亲", "waived": True})
    return store


def made(store: Store, what: str) -> Document:
    service = DevelopmentService(store)
    case, law = service.cases()[0], service.law()
    facts = facts_of(store, case, law, "中共云河县站支部")
    return admission_document(
        papers()[what], case, facts, law.development_stages, "中共云河县站支部", date(2026, 11, 22)
    )


def words(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks if isinstance(block, Paragraph | Title))


def test_every_paper_is_written(store: Store, tmp_path: Path) -> None:
    with store:
        documents = DocumentService(store, substitute=True)
        case_id = DevelopmentService(store).cases()[0].id
        for what in papers():
            written = documents.admission(case_id, what, tmp_path / f"{what}.pdf")
            assert written.pages >= 1
        with pytest.raises(NotFound):
            documents.admission(case_id, "unknown", tmp_path / "x.pdf")


def test_the_notice_has_what_it_must_and_nothing_private(store: Store) -> None:
    with store:
        notice = words(made(store, "publicity"))
    for told in ("马晓宇", "2026年7月7日至2026年7月15日", "5个工作日", "2024年3月11日申请入党", "1997年11月出生"):
        assert told in notice
    assert "4127" not in notice
    assert "培养联系人" not in notice  # nobody is named, so the line falls away
    assert BLANK in notice  # telephone and place are written in by hand


def test_a_letter_is_made_for_each_inquiry_that_is_sent(store: Store) -> None:
    with store:
        letter = words(made(store, "letter"))
    assert letter.count("请对父亲马父同志的下列情况予以证明") == 1
    assert "家庭主要成员和重要社会关系" in letter
    assert "母亲" not in letter


def test_the_list_says_what_is_there_and_what_lacks(store: Store) -> None:
    with store:
        (table,) = (block for block in made(store, "list").blocks if isinstance(block, Table))
    states = {(row[2], row[-1]) for row in table.rows if isinstance(row, tuple)}
    assert ("入党申请书", "有，进党员档案") in states
    assert ("谈话记录", "缺") in states


def test_official_prints_are_only_copied_from(store: Store) -> None:
    with store:
        sheet = made(store, "application_sheet")
    (fields,) = (block for block in sheet.blocks if isinstance(block, Fields))
    assert dict(fields.pairs)["居民身份证号码"] == "412723198411204639"
    assert dict(fields.pairs)["审批日期"] == ""
    assert "抄填单" in words(sheet)
    assert not any(paper.title in ("入党志愿书", "入党积极分子培养考察登记表") for paper in papers().values())

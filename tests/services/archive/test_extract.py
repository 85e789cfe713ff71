"""Everything kept about a member, on paper: nothing forgotten, nothing of others, restricted only to the entitled."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.base import Base
from desktop.models.branches import PostAssignment
from desktop.models.history import AuditEntry
from desktop.models.members import Member
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import ConditionKind, Post
from desktop.models.vocabulary.stores import Use
from desktop.services.access.rights import ALL_RIGHTS, Rights
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.extract import OWN_ROWS
from desktop.services.attachments import AttachmentService
from desktop.services.errors import NotAllowed, NotFound
from desktop.services.members import ConditionService, MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from tests.services.archive.branch import SECRET_WORDS, branch_at_work
from tests.services.archive.checker import check, text_of


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("extract")
    store = branch_at_work(folder, months=1)
    person = of_talk(store)
    MemberService(store).update(person, {"phone": "13800001111"})
    MemberService(store).update(person, {"phone": "13900002222"})
    ConditionService(store).save(person, ConditionKind.LONG_ILLNESS, date(2026, 3, 1), reason="住院治疗")
    with store.unit_of_work("任职") as session:
        session.add(PostAssignment(branch_id=store.branch_id, member_id=person, post=Post.ORG_COMMISSIONER))
    paper = folder / "申请书.txt"
    paper.write_text("入党申请书", "utf-8")
    AttachmentService(store).attach("members", person, paper)
    other = next(row for row in MemberService(store).roster() if row.id != person)
    hours = [{"member_id": person, "hours": 3.5}, {"member_id": other.id, "hours": 7.25}]
    typed = "\n".join(f"{name_of(store, each['member_id'])}|{each['hours']}" for each in hours)
    RegisterService(store).save(
        "volunteer_activity", {"event_on": "2026-1-12", "title": "打扫卫生的志愿活动", "hours": typed}
    )
    return store


def of_talk(store: Store) -> str:
    """Return whom the restricted talk was with."""
    (row,) = (row for row in RegisterService(store).rows("talk") if row.restricted)
    return str(row.values["talkee_id"])


def name_of(store: Store, member_id: object) -> str:
    return MemberService(store).member(str(member_id)).name


def extract(store: Store, folder: Path) -> str:
    path = folder / "extract.pdf"
    DocumentService(store, substitute=True).extract(of_person(store), path)
    check(path)
    return text_of(path)


def of_person(store: Store) -> str:
    with store.reading(whole=True) as session:
        return session.scalars(select(Member.id).where(Member.phone == "13900002222")).one()


def number_of(store: Store) -> str:
    with store.reading() as session:
        return session.get_one(Member, of_person(store)).id_no or ""


def test_every_table_that_points_to_a_member_is_in_the_extract() -> None:
    pointing = {
        table.name
        for table in Base.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "members"
    }
    assert pointing <= {model.__tablename__ for model, _column, _title in OWN_ROWS}


def test_the_extract_holds_what_is_kept(store: Store, tmp_path: Path) -> None:
    text = extract(store, tmp_path)
    for words in (
        number_of(store),
        "13900002222",
        "联系电话：13800001111→13900002222",
        "住院治疗",
        "组织委员",
        "申请书.txt",
        "打扫卫生的志愿活动",
        "3.5",
        "2026年1月4日支部委员会",
        SECRET_WORDS,
        "收集目的",
    ):
        assert words in text


def test_it_holds_nothing_of_others_where_a_row_names_several(store: Store, tmp_path: Path) -> None:
    assert "7.25" not in extract(store, tmp_path)


def test_that_it_was_written_is_remembered_and_stands_in_the_next(store: Store, tmp_path: Path) -> None:
    extract(store, tmp_path)
    with store.reading() as session:
        uses = session.scalars(select(AuditEntry.detail).where(AuditEntry.action == Use.EXTRACT)).all()
    assert name_of(store, of_person(store)) in uses
    assert Use.EXTRACT.label in extract(store, tmp_path)


def test_who_may_not_see_them_gets_neither_the_number_nor_restricted_talks(store: Store, tmp_path: Path) -> None:
    number = number_of(store)
    store.rights = Rights(frozenset({Act.EXPORT}))
    try:
        text = extract(store, tmp_path)
    finally:
        store.rights = ALL_RIGHTS
    assert number not in text
    assert f"{number[:4]}****" in text
    assert SECRET_WORDS not in text
    assert "没有查看的权限" in text


def test_who_may_not_export_gets_no_extract(store: Store, tmp_path: Path) -> None:
    store.rights = Rights()
    try:
        with pytest.raises(NotAllowed):
            DocumentService(store).extract(of_person(store), tmp_path / "a.pdf")
    finally:
        store.rights = ALL_RIGHTS
    with pytest.raises(NotFound):
        DocumentService(store).extract("nobody", tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()

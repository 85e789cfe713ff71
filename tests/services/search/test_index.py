"""The index holds what the records hold, whatever road a change came by."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from desktop.models.attachments import Attachment
from desktop.models.duties import Talk
from desktop.models.members import Member
from desktop.models.vocabulary.meetings import MeetingKind, TalkKind
from desktop.models.vocabulary.search import HitKind
from desktop.services.errors import Cancelled
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.registers import RegisterService
from desktop.services.retention import RetentionService
from desktop.services.search import SearchService, index
from desktop.services.search.index import ENTRIES, INDEX
from desktop.services.search.words import letters
from desktop.services.store import Store
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    with new_store(tmp_path / "data") as opened:
        yield opened


def add(store: Store, *rows: object) -> None:
    with store.unit_of_work("试验") as session:
        session.add_all(rows)


def member(store: Store, name: str) -> Member:
    return Member(branch_id=store.branch_id, name=name, category="full_member", status="full_member")


def found(store: Store, words: str) -> set[str]:
    service = SearchService(store)
    service.refresh()
    return {hit.title for hit in service.find(words, most=None).hits}


def deed(store: Store, title: str) -> str:
    return RegisterService(store).save("practical_deed", {"title": title})


def test_a_change_is_found_at_once_and_the_former_words_no_more(store: Store) -> None:
    made = deed(store, "修好饮水机")
    assert found(store, "饮水") == {"修好饮水机"}
    RegisterService(store).save("practical_deed", {"title": "修好打印机"}, made)
    assert found(store, "饮水") == set()
    assert found(store, "印") == {"修好打印机"}


def test_what_lies_in_the_recycle_bin_is_not_found_until_it_comes_back(store: Store) -> None:
    registers = RegisterService(store)
    made = deed(store, "修好饮水机")
    assert found(store, "饮水")
    registers.remove("practical_deed", made)
    assert not found(store, "饮水")
    registers.restore("practical_deed", made)
    assert found(store, "饮水")


def test_a_change_by_a_bare_statement_of_another_road_is_seen_too(store: Store) -> None:
    made = deed(store, "修好饮水机")
    assert found(store, "饮水")
    with store.sessions.begin() as session:
        session.execute(text("UPDATE practical_deed SET title = '换了灯', rev = rev + 1 WHERE id = :id"), {"id": made})
    assert found(store, "灯") == {"换了灯"}


def test_a_new_name_of_a_person_is_found_wherever_the_person_stands(store: Store) -> None:
    person = member(store, "张伟民")
    add(store, person)
    add(store, Talk(branch_id=store.branch_id, event_on=date(2026, 3, 1), title="谈心", talkee_id=person.id))
    assert found(store, "张伟民") == {"张伟民", "谈心"}
    with store.unit_of_work("改名") as session:
        session.get_one(Member, person.id).name = "张卫民"
    assert found(store, "张伟民") == set()
    assert found(store, "卫民") == {"张卫民", "谈心"}


def test_people_who_are_no_members_are_people_and_no_number_to_reach_them_is_found(store: Store) -> None:
    made = {"name": "牛小萌", "phone": "13812345678", "unit": "客服部"}
    RegisterService(store).save("person", made)
    service = SearchService(store)
    service.refresh()
    (hit,) = service.find("nxm").hits
    assert (hit.kind, hit.title) == (HitKind.PERSON, "牛小萌")
    assert service.find("客服").total == 1
    assert service.find("1381234").total == 0


def test_a_file_of_a_talk_is_as_restricted_as_the_talk_has_become(store: Store) -> None:
    talk = Talk(branch_id=store.branch_id, event_on=date(2026, 3, 1), title="谈心", talkee_id="x")
    add(store, talk)
    file = Attachment(
        branch_id=store.branch_id, record_kind="talk", record_id=talk.id, name="谈话记录.pdf", sha256="0" * 64,
        size_bytes=1,
    )  # fmt: skip
    add(store, file)
    assert found(store, "谈话") >= {"谈话记录.pdf"}
    with store.unit_of_work("改类别") as session:
        session.get_one(Talk, talk.id).kind = next(kind for kind in TalkKind if kind in Talk.__restricted__[1])  # type: ignore[index]
    full = store.rights
    assert found(store, "谈话") >= {"谈话记录.pdf"}
    store.rights = type(full)(frozenset(), full.writes)
    assert found(store, "谈话") == set()
    assert found(store, "谈心") == set()


def test_a_meeting_is_found_by_all_that_was_said_and_its_task_by_whom_it_was_given(store: Store) -> None:
    person = member(store, "李明")
    add(store, person)
    meetings = MeetingService(store)
    draft = MeetingDraft(kind=MeetingKind.BRANCH_CONGRESS, held_on=date(2026, 4, 9), topic="学习", place="三楼会议室")
    made = meetings.record(draft)
    assert found(store, "三楼") == {"支部党员大会：学习"}
    meetings.remove(made)
    assert found(store, "三楼") == set()


def test_an_index_of_another_shape_is_made_anew(store: Store) -> None:
    deed(store, "修好饮水机")
    found(store, "水")
    with store.upkeep() as session:
        for name in (INDEX, ENTRIES.name):
            session.execute(text(f"ALTER TABLE {name} RENAME TO {name[:-1]}0"))
    assert found(store, "水") == {"修好饮水机"}
    with store.reading() as session:
        names = set(session.scalars(text("SELECT name FROM sqlite_master WHERE name LIKE 'search%0%'")))
    assert names == set()


def test_what_was_indexed_before_it_was_ended_stays(store: Store) -> None:
    add(store, *(member(store, f"党员{number}") for number in range(250)))

    def stop_later(done: int, _total: int) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        SearchService(store).refresh(stop_later)
    with store.reading() as session:
        assert len(session.scalars(select(ENTRIES.c.number)).all()) == 200
    assert len(found(store, "党员")) == 250


def test_what_is_cleared_for_good_leaves_the_index_too(tmp_path: Path) -> None:
    with new_store(tmp_path / "data", at="2027-12-01 09:00") as store:
        registers = RegisterService(store)
        made = deed(store, "修好饮水机")
        assert found(store, "饮水")
        registers.remove("practical_deed", made)
        with store.upkeep() as session:
            session.execute(text("UPDATE practical_deed SET deleted_at_utc = '2026-01-01T00:00:00Z'"))
        retention = RetentionService(store)
        assert retention.clear([each.key for each in retention.proposals()], "年度清理") == 1
        with store.reading() as session:
            assert session.scalars(select(ENTRIES.c.title)).all() == []
            pages = session.scalars(text(f"SELECT hex(block) FROM {INDEX}_data")).all()
        assert not any(letters("饮").encode().hex().upper() in page for page in pages)


def test_records_that_would_have_the_same_number_are_all_found(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_serial", lambda _record_id: 7)
    add(store, *(member(store, f"同号{number}") for number in range(6)))
    assert len(found(store, "同号")) == 6
    add(store, member(store, "同号又一"))
    assert len(found(store, "同号")) == 7


WORDS = st.text(st.sampled_from("党员大会支部王一A1（）、 "), min_size=1, max_size=8)


@settings(max_examples=25)
@given(st.lists(WORDS, min_size=1, max_size=6, unique=True), WORDS)
def test_exactly_those_records_are_found_that_hold_the_words(
    tmp_path_factory: pytest.TempPathFactory, titles: list[str], words: str
) -> None:
    def plain(text_: str) -> str:
        return "".join(letter for letter in text_.casefold() if letter.isalnum())

    with new_store(tmp_path_factory.mktemp("recall") / "data") as store:
        add(store, *(member(store, title) for title in titles))
        service = SearchService(store)
        service.refresh()
        terms = [plain(term) for term in words.split() if plain(term)]
        wanted = {title for title in titles if terms and all(term in plain(title) for term in terms)}
        got = service.find(words, most=None)
        names = {hit.title for hit in got.hits}
        assert wanted <= names
        assert got.understood or names == wanted
        assert got.counts.get(HitKind.PERSON, 0) == len(got.hits)

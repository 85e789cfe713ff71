"""One action is kept whole or not at all, with its history, and whoever listens hears which tables changed."""

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Column, String, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from desktop.models.base import ID_LENGTH, Base, longest_of
from desktop.models.branches import Branch, PartyGroup
from desktop.models.history import Change, Draft, Setting, SettingName
from desktop.models.meetings import Attendance, Meeting
from desktop.models.members import Member
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind
from desktop.services.errors import Conflict, InvalidInput, StorageFailure
from desktop.services.files import FilePort
from desktop.services.quoting import DAMAGED
from desktop.services.store import Store
from desktop.services.unit_of_work import action_of, media_fault
from tests.stores import new_store

HELD_ON = date(2026, 11, 3)
PEOPLE, GROUPS = Member.__tablename__, PartyGroup.__tablename__


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:
        yield opened


@pytest.fixture(scope="module")
def store_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for tests that leave nothing in it."""
    with new_store(tmp_path_factory.mktemp("unit") / "data") as opened:
        yield opened


@pytest.fixture
def heard(store: Store) -> list[frozenset[str]]:
    tables: list[frozenset[str]] = []
    store.on_change.append(tables.append)
    return tables


def member(store: Store, name: str = "张三") -> Member:
    return Member(
        branch_id=store.branch_id,
        name=name,
        category=MemberCategory.FULL_MEMBER,
        status=MemberStatus.FULL_MEMBER,
    )


def a_meeting(store: Store) -> Meeting:
    return Meeting(branch_id=store.branch_id, kind=MeetingKind.BRANCH_CONGRESS, held_on=HELD_ON, for_year=2026)


def changes(store: Store) -> list[Change]:
    with store.reading() as session:
        return list(session.scalars(select(Change).where(Change.record_kind == PEOPLE).order_by(Change.id)))


def test_the_tables_of_a_committed_action_are_told(store: Store, heard: list[frozenset[str]]) -> None:
    with store.unit_of_work("登记") as session:
        session.add_all([member(store), PartyGroup(branch_id=store.branch_id, name="一组")])
        session.flush()
        assert heard == []  # not before it is kept
    assert heard == [frozenset({PEOPLE, GROUPS})]


def test_rows_without_a_history_of_their_own_are_told_too(store: Store, heard: list[frozenset[str]]) -> None:
    with store.unit_of_work("登记") as session:
        meeting, person = a_meeting(store), member(store)
        session.add_all([meeting, person])
        session.flush()
        seat = Attendance(
            branch_id=store.branch_id,
            meeting_id=meeting.id,
            member_id=person.id,
            state=AttendanceState.LEAVE,
            has_vote=True,
        )
        session.add(seat)
    with store.unit_of_work("登记补课") as session:
        session.get_one(Attendance, seat.id).state = AttendanceState.PRESENT
    assert heard[-1] == {Attendance.__tablename__}


def test_rows_made_and_changed_at_once_stand_in_the_history_in_the_order_they_were_made(store: Store) -> None:
    names = [f"第{number}人" for number in range(60)]
    with store.unit_of_work("登记") as session:
        session.add_all([member(store, name) for name in names])
    with store.unit_of_work("改名") as session:
        people = list(session.scalars(select(Member).where(Member.name.in_(names)).order_by(Member.id)))
        for person in reversed(people):
            person.name += "甲"
    made = [person.id for person in people]
    assert [person.name for person in people] == [f"{name}甲" for name in names]
    assert [change.record_id for change in changes(store)] == [*made, *made]


def test_a_change_of_many_rows_in_one_statement_is_told(store: Store, heard: list[frozenset[str]]) -> None:
    with store.unit_of_work("改名") as session:
        session.execute(update(Member).values(name="李四"))
    with store.unit_of_work("清空") as session:
        session.execute(delete(PartyGroup.__table__))  # type: ignore[arg-type]
    assert heard == [{PEOPLE}, {GROUPS}]


def test_a_trial_that_takes_itself_back_is_not_told(store: Store, heard: list[frozenset[str]]) -> None:
    with store.unit_of_work("试导入") as session:
        session.add(member(store))
        session.flush()
        session.rollback()
    assert heard == []


def test_what_was_rolled_back_is_not_told(store: Store, heard: list[frozenset[str]]) -> None:
    def half_an_action() -> None:
        with store.unit_of_work("登记") as session:
            session.add(member(store))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_an_action()
    assert heard == []
    assert changes(store) == []


def test_reading_drafts_and_settings_disturb_no_page(store: Store, heard: list[frozenset[str]]) -> None:
    with store.unit_of_work("草稿") as session:
        session.add_all([Draft(form="a", saved_at_utc="", values={}), Setting(name=SettingName.SETTLED, value="x")])
    with store.unit_of_work("看") as session:
        session.scalar(select(Member))
    with store.unit_of_work("照旧") as session:
        session.add(member(store))
    with store.unit_of_work("照旧") as session:
        person = session.scalars(select(Member)).one()
        person.name = str(person.name)
    assert heard == [{PEOPLE}]


def test_a_new_record_a_changed_and_a_deleted_one_are_written_down(store: Store) -> None:
    with store.unit_of_work("登记党员“张三”") as session:
        session.add(person := member(store))
    with store.unit_of_work("修改党员“张三”") as session:
        session.get_one(Member, person.id).name = "张叁"
    with store.unit_of_work("删除党员“张叁”") as session:
        session.delete(session.get_one(Member, person.id))
    new, changed, gone = changes(store)
    assert (new.before, new.sentence, new.actor) == (None, "登记党员“张三”", "书记")
    assert (changed.before, changed.after) == ({"name": "张三"}, {"name": "张叁"})
    assert gone.after is None
    assert (gone.before or {})["name"] == "张叁"
    assert len({change.action_id for change in changes(store)}) == 3


def test_a_changed_record_counts_its_revisions_and_says_who_and_when(store: Store) -> None:
    with store.unit_of_work("登记") as session:
        session.add(person := member(store))
    with store.unit_of_work("修改") as session:
        changed = session.get_one(Member, person.id)
        changed.name = "李四"
    assert (changed.rev, changed.created_by, changed.updated_by) == (2, "书记", "书记")
    assert changed.updated_at_utc == "2026-11-22T01:00:00Z"


def test_an_action_may_find_its_sentence_on_the_way(store: Store) -> None:
    with store.unit_of_work("登记") as session:
        action_of(session).sentence = "登记党员“张三”"
        session.add(member(store))
    assert [change.sentence for change in changes(store)] == ["登记党员“张三”"]


def test_two_members_with_one_id_number_conflict_and_neither_is_kept(store: Store) -> None:
    def both() -> None:
        with store.unit_of_work("登记党员") as session:
            for name in ("甲某", "乙某"):
                session.add(person := member(store, name))
                person.id_no = "11010519491231002X"

    with pytest.raises(Conflict):
        both()
    assert changes(store) == []


def test_a_full_disk_is_named_and_keeps_nothing(store: Store, heard: list[frozenset[str]]) -> None:
    def more_than_fits() -> None:
        with store.unit_of_work("登记") as session:
            connection = session.connection()
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            session.add_all([member(store, "张" * 50) for _ in range(2000)])

    with pytest.raises(StorageFailure) as caught:
        more_than_fits()
    assert caught.value.code == "E-DISK-FULL"
    with store.reading() as session:
        assert session.scalar(select(func.count(Member.id))) == 0
    assert heard == []


@pytest.mark.parametrize(
    ("free", "read_only", "code"),
    [(10 << 20, False, "E-DISK"), (16 << 10, False, "E-DISK-FULL"), (10 << 20, True, "E-DISK-RO")],
)
def test_a_fault_the_database_does_not_explain_is_explained_by_its_disk(
    tmp_path: Path, free: int, read_only: bool, code: str
) -> None:
    class Disk(FilePort):
        def free_space(self, folder: Path) -> int:
            return free

        def read_only(self, folder: Path) -> bool:
            return read_only

    assert media_fault("disk I/O error", tmp_path / "main.db", Disk()) == code
    assert media_fault("database disk image is malformed", tmp_path / "main.db", Disk()) == "E-DB-DAMAGED"


def texts_people_write() -> list[tuple[type[Base], str, int]]:
    """Every column of text that has a 中文 name: model, attribute, length."""
    return [
        (mapper.class_, attribute.key, longest_of(column))
        for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)
        for attribute in mapper.column_attrs
        for column in attribute.columns
        if isinstance(column, Column)
        and type(column.type) is String
        and column.info.get("label")
        and column.type.length not in (None, ID_LENGTH)
    ]


@pytest.mark.parametrize(("model", "name", "longest"), texts_people_write())
def test_a_text_that_its_column_cannot_keep_is_refused_at_its_field(
    store_of_module: Store, model: type[Base], name: str, longest: int
) -> None:
    def keep(text: str) -> None:
        with store_of_module.unit_of_work(
            "收包", Act.EXCHANGE
        ) as session:  # what comes from above is written by no hand
            session.add(model(**{name: text}))

    with pytest.raises(InvalidInput) as refused:
        keep("字" * (longest + 1))
    assert (refused.value.name, refused.value.reason) == (name, f"超过{longest}字")
    for damaged in ("字\ud800", "\0"):
        with pytest.raises(InvalidInput) as refused:
            keep(damaged)
        assert (refused.value.name, refused.value.reason) == (name, DAMAGED)
    with contextlib.suppress(IntegrityError):  # this length is taken: now other columns may be missing
        keep("字" * longest)


@pytest.mark.parametrize("damaged", ["\ud800", "太康县\0局"])
def test_a_list_with_a_text_that_no_package_can_carry_is_refused_at_its_field(store: Store, damaged: str) -> None:
    with pytest.raises(InvalidInput) as refused, store.unit_of_work("修改支部概况") as session:
        session.get_one(Branch, store.branch_id).covered_units = ["鹿邑县局", damaged]
    assert (refused.value.name, refused.value.reason) == ("covered_units", DAMAGED)


def test_a_text_that_was_too_long_before_stands_in_nobody_s_way(store: Store) -> None:
    with store.sessions.begin() as session:  # not by an action: as an older program or another hand left it
        session.add(person := member(store, "张" * 70))
    with store.unit_of_work("修改党员") as session:
        session.get_one(Member, person.id).phone = "13800000000"
    with pytest.raises(InvalidInput, match="超过60字"), store.unit_of_work("修改党员") as session:
        session.get_one(Member, person.id).name = "李" * 61

"""The recycle bin: everything deleted is listed with who, when and why, and comes back whole."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.access.rights import Rights
from desktop.services.errors import InvalidInput, NotAllowed, NotFound
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.members import MemberService
from desktop.services.members.records import MemberRecords
from desktop.services.recycling import RecycleBin
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from tests.services.members.people import GAO, LI
from tests.sheets import content
from tests.stores import LOGIN, new_store

NOTICE = {"event_on": date(2026, 3, 8), "title": "公开栏更新", "content": "公示"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        yield opened


def test_deleted_records_of_every_kind_are_listed_and_come_back(store: Store) -> None:
    members, meetings, registers = MemberService(store), MeetingService(store), RegisterService(store)
    draft = MeetingDraft(kind=MeetingKind.THEME_DAY, held_on=date(2026, 3, 5), topic="重温入党誓词")
    members.register(GAO)
    meeting, member = meetings.record(draft), members.register(LI)
    notice = registers.save("notice_board_update", NOTICE)
    before = content(store)
    assert RecycleBin(store).rows() == []
    board = registers.register("notice_board_update").title
    registers.remove("notice_board_update", notice)
    meetings.remove(meeting)
    MemberRecords(store).remove(member, "录入了两遍")
    rows = {row.table: row for row in RecycleBin(store).rows()}
    assert {table: (row.what, row.reason, row.by, row.why_not) for table, row in rows.items()} == {
        "members": ("党员“李晓燕”", "录入了两遍", LOGIN, ""),
        "meetings": ("会议记录“重温入党誓词” 2026-03-05", "", LOGIN, ""),
        "notice_board_update": (f"{board}“公开栏更新” 2026-03-08", "", LOGIN, ""),
    }
    assert rows["members"].at == store.clock().replace(tzinfo=rows["members"].at.tzinfo)
    for table, row in rows.items():
        RecycleBin(store).restore(table, row.id)
    assert RecycleBin(store).rows() == []
    after = content(store)
    for table in ("members", "meetings", "notice_board_update"):
        assert len(after[table]) == len(before[table])
    assert (len(members.roster()), len(meetings.meetings()), len(registers.rows("notice_board_update"))) == (2, 1, 1)


def test_the_last_reason_counts_where_a_record_was_deleted_twice(store: Store) -> None:
    member, records = MemberService(store).register(GAO), MemberRecords(store)
    records.remove(member, "先删错了")
    RecycleBin(store).restore("members", member)
    records.remove(member, "不是本支部的人")
    assert [row.reason for row in RecycleBin(store).rows()] == ["不是本支部的人"]


def test_what_went_into_another_record_is_told_and_does_not_come_back_alone(store: Store) -> None:
    members = MemberService(store)
    keep, other = members.register(LI), members.register({"name": "李晓燕", "admitted_on": "2026-03-27"})
    MemberRecords(store).merge(keep, other)
    (row,) = RecycleBin(store).rows()
    assert (row.id, row.reason, bool(row.why_not)) == (other, "合并“李晓燕”的两条记录", True)
    with pytest.raises(InvalidInput):
        RecycleBin(store).restore(row.table, row.id)


def test_who_may_not_write_such_records_takes_none_out(store: Store) -> None:
    member = MemberService(store).register(GAO)
    MemberRecords(store).remove(member, "录入了两遍")
    store.rights = Rights()
    assert [row.id for row in RecycleBin(store).rows()] == [member]
    with pytest.raises(NotAllowed):
        RecycleBin(store).restore("members", member)


def test_what_does_not_lie_there_is_not_found(store: Store) -> None:
    member = MemberService(store).register(GAO)
    with pytest.raises(NotFound):
        RecycleBin(store).restore("members", member)

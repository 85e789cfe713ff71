"""Several records in one action: those refused stay as they are and are named, the others are done and come back."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.history import Change
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.services.errors import InvalidInput, StorageFailure
from desktop.services.history import HistoryService
from desktop.services.meetings import MeetingService
from desktop.services.meetings.rows import MeetingDraft
from desktop.services.members import MemberService
from desktop.services.recycling import RecycleBin
from desktop.services.registers import RegisterService
from desktop.services.several import each_of
from desktop.services.store import Store
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at="2026-11-23 09:00") as made:
        for name in ("陈晓东", "秦海波", "李建国"):
            MemberService(made).register({"name": name, "admitted_on": "2010-06-01", "full_on": "2011-06-01"})
        yield made


def venues(store: Store, *names: str) -> list[tuple[str, str]]:
    registers = RegisterService(store)
    return [(registers.save("venue", {"title": name, "state": "in_use"}), name) for name in names]


def test_records_are_deleted_and_come_back_in_one_action_each(store: Store) -> None:
    registers, kept = RegisterService(store), venues(store, "活动室", "宣传栏", "阅览角")
    outcome = each_of(store, "删除选中的阵地", kept[:2], lambda key: registers.remove("venue", key))
    assert outcome.done == tuple(key for key, _name in kept[:2])
    assert [row.heading for row in registers.rows("venue")] == ["阅览角"]
    with store.reading() as session:
        changes = session.scalars(select(Change).where(Change.sentence == "删除选中的阵地")).all()
    assert len(changes) == 2
    assert len({change.action_id for change in changes}) == 1
    assert [row.sentence for row in HistoryService(store).trail()].count("删除选中的阵地") == 1
    each_of(store, "撤销删除选中的阵地", kept[:2], lambda key: registers.restore("venue", key))
    assert len(registers.rows("venue")) == 3


def test_who_is_refused_is_named_and_keeps_what_stood_there(store: Store) -> None:
    registers, kept = RegisterService(store), venues(store, "活动室", "宣传栏", "阅览角")

    def halfway(key: str) -> None:
        registers.save("venue", {"title": "改了名"}, key)
        if key == kept[1][0]:
            raise InvalidInput(registers.register("venue").field("title"), "还有记录用到")

    outcome = each_of(store, "改名", [*kept, ("没有", "没有的")], halfway)
    assert [(each.name, each.reason) for each in outcome.refused] == [
        ("宣传栏", "还有记录用到"),
        ("没有的", "已经不在了"),
    ]
    assert sorted(row.heading for row in registers.rows("venue")) == ["宣传栏", "改了名", "改了名"]


def test_a_refused_disk_leaves_everything_as_it_was(store: Store) -> None:
    registers, kept = RegisterService(store), venues(store, "活动室", "宣传栏")

    def full(key: str) -> None:
        registers.remove("venue", key)
        if key == kept[1][0]:
            raise StorageFailure("E-DISK-FULL")

    with pytest.raises(StorageFailure):
        each_of(store, "删除", kept, full)
    assert len(registers.rows("venue")) == 2
    registers.remove("venue", kept[0][0])  # what follows is an action of its own again
    assert len(registers.rows("venue")) == 1


def test_of_two_that_are_the_same_one_comes_out_of_the_bin(store: Store) -> None:
    meetings, found = MeetingService(store), RecycleBin(store)
    held = MeetingDraft(MeetingKind.BRANCH_CONGRESS, date(2026, 3, 5), "09:00", topic="3月党员大会")
    for _twice in range(2):
        meetings.remove(meetings.record(held))
    lying = {row.id: row for row in found.rows()}
    outcome = each_of(
        store, "恢复", [(key, row.what) for key, row in lying.items()], lambda key: found.take_out(lying[key])
    )
    assert (len(outcome.done), len(outcome.refused)) == (1, 1)
    assert outcome.refused[0].reason
    assert len(meetings.meetings(2026)) == 1


def test_meetings_are_confirmed_together_but_for_those_without_a_recorder(store: Store) -> None:
    meetings = MeetingService(store)
    whole = MeetingDraft(
        MeetingKind.BRANCH_CONGRESS,
        date(2026, 3, 5),
        "09:00",
        topic="大会",
        chair_name="陈晓东",
        recorder_name="秦海波",
    )
    ids = [
        meetings.record(whole),
        meetings.record(MeetingDraft(MeetingKind.BRANCH_CONGRESS, date(2026, 6, 5), "09:00", topic="又一次")),
    ]
    outcome = each_of(store, "确认", list(zip(ids, ("3月", "6月"), strict=True)), meetings.confirm)
    assert [each.name for each in outcome.refused] == ["6月"]
    assert [row.state for row in sorted(meetings.meetings(2026), key=lambda row: row.held_on)] == [
        MeetingState.CONFIRMED,
        MeetingState.MINUTED,
    ]

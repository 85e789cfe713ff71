"""What the first page says: what is to be done, how soon, and where the branch stands."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from desktop.models.base import new_id
from desktop.models.meetings import ActionItem, Meeting
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.backup import BackupService
from desktop.services.home import read_home
from desktop.services.reminders import Bucket
from desktop.services.store import Store
from desktop.services.works import Work
from tests.stores import new_store

TODAY = date(2026, 11, 22)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:
        yield opened


def ask(store: Store, what: str, *due: date | None) -> None:
    """Write down a meeting for each day that asks somebody to do `what` by it."""
    with store.unit_of_work("记录会议") as session:
        for day in due:
            meeting = Meeting(
                id=new_id(),
                branch_id=store.branch_id,
                kind=MeetingKind.COMMITTEE_MEETING,
                held_on=date(2026, 11, 2),
                for_year=2026,
            )
            task = ActionItem(
                branch_id=store.branch_id, meeting_id=meeting.id, position=0, what=what, owner_name="王芳", due_on=day
            )
            session.add_all([meeting, task])


def tasks(store: Store) -> list[Work]:
    return [work for work in read_home(store, 2026, TODAY).works if work.verb == "看会议"]


@pytest.mark.parametrize(
    ("days", "bucket", "words"),
    [
        (-1, Bucket.LATE, "逾期 1 天"),
        (0, Bucket.WEEK, "今天"),
        (7, Bucket.WEEK, "还有 7 天"),
        (8, Bucket.MONTH, "11 月 30 日前"),
        (30, Bucket.MONTH, "12 月 22 日前"),
    ],
)
def test_a_task_of_a_meeting_stands_where_its_day_puts_it(store: Store, days: int, bucket: Bucket, words: str) -> None:
    ask(store, "修订学习计划", TODAY + timedelta(days=days))
    (work,) = tasks(store)
    assert (work.bucket, work.due(TODAY), work.who) == (bucket, words, "王芳")


def test_what_is_due_later_than_a_month_is_not_yet_shown(store: Store) -> None:
    ask(store, "修订学习计划", TODAY + timedelta(days=31))
    assert tasks(store) == []


def test_a_task_for_which_no_day_was_named_is_shown_without_one(store: Store) -> None:
    ask(store, "修订学习计划", None)
    (work,) = tasks(store)
    assert (work.bucket, work.by, work.due(TODAY)) == (Bucket.MONTH, None, "没写期限")


def test_the_same_task_of_several_meetings_is_one_line_with_its_earliest_day(store: Store) -> None:
    ask(store, "收齐思想汇报", TODAY + timedelta(days=3), TODAY + timedelta(days=5))
    (work,) = tasks(store)
    assert work.what == "收齐思想汇报，共 2 件"
    assert work.by == TODAY + timedelta(days=3)


def test_the_most_urgent_comes_first_and_every_work_is_in_one_bucket(store: Store) -> None:
    ask(store, "甲", TODAY + timedelta(days=9))
    ask(store, "乙", TODAY - timedelta(days=400))
    home = read_home(store, 2026, TODAY)
    timed = [work for work in home.works if not work.first]
    assert timed[0].what == "乙"
    days = [work.by for work in timed if work.by is not None]
    assert days == sorted(days)
    assert sum(len(home.bucket(bucket)) for bucket in Bucket) == len(home.works)


def test_a_branch_without_records_has_no_last_year_and_no_backup_to_show(store: Store) -> None:
    home = read_home(store, 2026, TODAY)
    assert [home.last_year, home.backup, home.sent, home.race, home.plan] == [None] * 5
    BackupService(store).backup()
    backup = read_home(store, 2026, TODAY).backup
    assert backup is not None
    assert backup.made_on == TODAY


def test_what_nothing_can_be_judged_without_comes_first_once_and_is_the_secretarys(store: Store) -> None:
    ask(store, "乙", TODAY - timedelta(days=400))
    works = read_home(store, 2026, TODAY).works
    begun = [work.first for work in works]
    assert begun == sorted(begun, reverse=True)
    assert works[0].first
    gaps = [(work.what, work.where) for work in works if work.item_id and work.bucket is Bucket.LATE]
    assert [gap for gap in gaps if gaps.count(gap) > 1] == []
    assert "上级党组织" not in {work.who for work in works}

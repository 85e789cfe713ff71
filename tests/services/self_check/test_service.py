"""The self-check: each contradiction is found and leads to its record; records that agree have none."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.models.attachments import Attachment
from desktop.models.base import new_id
from desktop.models.branches import PostAssignment
from desktop.models.dues import DuesPayment
from desktop.models.meetings import ActionItem, Attendance, Meeting, Speech, Vote
from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus, Post
from desktop.models.vocabulary.dues import DuesKind
from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind, MeetingState
from desktop.models.vocabulary.self_check import Severity
from desktop.services.errors import Cancelled
from desktop.services.registers import RegisterService
from desktop.services.self_check.checks import CHECKS
from desktop.services.self_check.service import Finding, SelfCheckService
from desktop.services.store import Store
from tests.sheets import content
from tests.stores import new_store

WORKDAY = date(2026, 3, 4)  # a Wednesday
SATURDAY = date(2026, 3, 7)
LI, WANG, ZHAO = "李红", "王芳", "赵明"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:  # 2026-11-22
        with opened.unit_of_work("准备名册") as session:
            for name, joined, left in (
                (LI, None, None),
                (WANG, date(2026, 5, 1), None),
                (ZHAO, None, date(2026, 2, 1)),
            ):
                born = Member(id=name, branch_id=opened.branch_id, name=name, admitted_on=date(2010, 7, 1))
                born.category, born.status = MemberCategory.FULL_MEMBER, MemberStatus.FULL_MEMBER
                born.full_on, born.joined_on, born.left_on = date(2011, 7, 1), joined, left
                session.add(born)
        yield opened


class Books:
    """Writes meetings straight into a store: the form would refuse some, files and packages brought them anyhow."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def meeting(
        self, on: date = WORKDAY, present: tuple[str, ...] = (LI,), away: tuple[str, ...] = (), **more: Any
    ) -> str:
        """Write a congress; return its id."""
        known: dict[str, Any] = {"kind": MeetingKind.BRANCH_CONGRESS, "chair_id": LI, "recorder_name": "外请"}
        meeting = Meeting(id=new_id(), branch_id=self.store.branch_id, held_on=on, for_year=on.year, **(known | more))
        states = {**dict.fromkeys(present, AttendanceState.PRESENT), **dict.fromkeys(away, AttendanceState.LEAVE)}
        with self.store.unit_of_work("记录会议") as session:
            session.add(meeting)
            for who, state in states.items():
                session.add(self._of(Attendance, meeting.id, member_id=who, state=state, has_vote=True))
            return meeting.id

    def add(self, model: type[Any], meeting_id: str, **values: Any) -> None:
        """Write a part of a meeting."""
        with self.store.unit_of_work("记录会议") as session:
            session.add(self._of(model, meeting_id, **values))

    def keep(self, row: Any) -> None:
        """Write any row of this branch."""
        row.branch_id = self.store.branch_id
        with self.store.unit_of_work("登记") as session:
            session.add(row)

    def _of(self, model: type[Any], meeting_id: str, **values: Any) -> Any:
        return model(branch_id=self.store.branch_id, meeting_id=meeting_id, **values)

    def found(self, check: str) -> list[Finding]:
        """Return what one check finds in 2026."""
        (wanted,) = (each for each in CHECKS if each.id == check)
        return list(SelfCheckService(self.store).run(2026, checks=(wanted,)).findings)


@pytest.fixture
def books(store: Store) -> Books:
    return Books(store)


def test_a_branch_whose_records_agree_has_nothing_to_mend_and_nothing_is_written(store: Store, books: Books) -> None:
    books.meeting(started_at="15:00")
    before, told = content(store), list[tuple[int, int]]()
    result = SelfCheckService(store).run(2026, lambda done, total: told.append((done, total)))
    assert (result.findings, result.words) == ((), "记录之间没有发现矛盾")
    assert told[-1] == (len(CHECKS), len(CHECKS))
    assert content(store) == before


def test_it_can_be_called_off(store: Store) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        SelfCheckService(store).run(2026, stop)


@pytest.mark.parametrize(
    ("second", "count"),
    [
        ({"started_at": "15:00"}, 1),
        ({"started_at": "15:30"}, 1),
        ({"started_at": "14:30", "ended_at": "15:10"}, 1),
        ({"started_at": "16:00"}, 0),
        ({}, 0),
        ({"started_at": "15:00", "present": (WANG,)}, 0),
    ],
)
def test_nobody_is_at_two_meetings_at_one_time(books: Books, second: dict[str, Any], count: int) -> None:
    first = books.meeting(started_at="15:00", ended_at="16:00", present=(LI,))
    other = books.meeting(kind=MeetingKind.PARTY_LECTURE, **second)
    found = books.found("two_places")
    assert len(found) == count
    for finding in found:
        assert finding.what.startswith("李红同时在3月4日")
        assert finding.where.prefill["id"] in (first, other)


def test_meetings_held_together_are_one_time(books: Books) -> None:
    first = books.meeting(started_at="15:00")
    books.meeting(kind=MeetingKind.PARTY_LECTURE, started_at="15:00", joint_with_id=first)
    assert books.found("two_places") == []


@pytest.mark.parametrize(
    ("vote", "check", "words"),
    [
        ({"due": 1, "present": 2, "yes": 1, "no": 0, "abstain": 0}, "votes_numbers", "实到2人多于应到1人"),
        (
            {"due": 4, "present": 4, "yes": 1, "no": 3, "abstain": 0, "declared_passed": True},
            "votes_numbers",
            "写的是通过",
        ),
        ({"due": 5, "present": 1, "yes": 1}, "votes_roster", "写应到会有表决权5人，当天名册上是1人"),
        ({"due": 1, "present": 2, "yes": 1}, "votes_roster", "写实到2人，出席里有表决权的是1人"),
    ],
)  # fmt: skip
def test_votes_agree_with_themselves_the_roster_and_the_attendance(
    books: Books, vote: dict[str, Any], check: str, words: str
) -> None:
    books.add(Vote, books.meeting(), position=0, kind="congress_ordinary", subject="年度计划", **vote)
    (finding,) = books.found(check)
    assert words in finding.what


def test_who_led_wrote_spoke_or_lectured_was_there(books: Books) -> None:
    books.meeting(present=(), away=(LI,), recorder_id=LI, speeches=(Speech("", "同意", LI),))
    assert [finding.what for finding in books.found("chair_absent")] == [
        "3月4日支部党员大会的主持人李红记的是请假",
        "3月4日支部党员大会的记录人李红记的是请假",
    ]
    assert [finding.what for finding in books.found("speaker_absent")] == [
        "3月4日支部党员大会上李红有发言，出席记的是请假"
    ]


def test_who_is_noted_as_present_was_on_the_roster(books: Books) -> None:
    books.meeting(present=(LI, WANG, ZHAO))
    assert sorted(finding.what for finding in books.found("not_on_roster")) == [
        "3月4日支部党员大会的出席里有王芳，2026-05-01才列入名册",
        "3月4日支部党员大会的出席里有赵明，2026-02-01已经离开支部",
    ]


def test_a_confirmed_meeting_says_who_led_and_who_was_there(books: Books) -> None:
    books.meeting(present=(), chair_id=None, state=MeetingState.CONFIRMED)
    (finding,) = books.found("not_recorded")
    assert finding.what == "3月4日支部党员大会已经确认，没有写主持人、出席"


def test_minutes_that_say_nearly_the_same_are_doubted_once_for_each_pair(books: Books) -> None:
    text = "会议传达学习上级文件精神，结合本支部实际研究了下一步工作安排，要求各党小组按期落实并及时反馈情况。" * 3
    books.meeting(resolution=text)
    books.meeting(on=date(2026, 4, 1), resolution=text.replace("下一步", "下步"))
    books.meeting(
        on=date(2026, 5, 6),
        resolution="讨论接收预备党员，逐一发言后无记名投票，赞成票过半。" * 5,
    )
    (finding,) = books.found("alike")
    assert finding.what.startswith("4月1日支部党员大会的记录和3月4日支部党员大会的有")


def test_days_off_are_noted_and_tasks_before_their_meeting_doubted(books: Books) -> None:
    meeting = books.meeting(on=SATURDAY)
    books.add(ActionItem, meeting, position=0, what="交总结", due_on=WORKDAY)
    (note,) = books.found("day_off")
    assert (note.severity, note.what) == (Severity.NOTE, "3月7日支部党员大会在星期六")
    (doubt,) = books.found("tasks")
    assert "期限2026-03-04早于会议" in doubt.what


def photo(name: str, record_id: str, digest: str) -> Attachment:
    kept = Attachment(record_kind="meetings", record_id=record_id, name=name, media_type="image/jpeg")
    kept.sha256, kept.size_bytes = digest * 64, 1
    return kept


def test_photos_are_of_their_day_and_of_one_meeting(books: Books) -> None:
    first, second = books.meeting(), books.meeting(on=date(2026, 4, 1))
    books.keep(photo("IMG_20260301_150000.jpg", first, "a"))
    books.keep(photo("IMG_20260304_150000.jpg", first, "b"))
    books.keep(photo("合影.jpg", second, "b"))
    (early,) = books.found("photo_early")
    assert "名字里的日期是2026-03-01" in early.what
    (twice,) = books.found("photo_twice")
    assert "3月4日支部党员大会、4月1日支部党员大会" in twice.what


def test_registers_posts_and_dues_know_the_roster(store: Store, books: Books) -> None:
    talk = {"title": "谈心", "event_on": "2026-03-04", "talker_id": LI, "talkee_id": WANG, "kind": "谈心谈话"}
    kept = RegisterService(store).save("talk", talk)
    (named,) = books.found("register_people")
    assert (named.where.kind, named.where.prefill) == ("talk", {"id": kept})
    books.keep(PostAssignment(post=Post.SECRETARY, member_id=ZHAO, from_on=date(2025, 1, 1)))
    books.keep(PostAssignment(post=Post.SECRETARY, member_id=LI, from_on=date(2026, 1, 1)))
    books.keep(PostAssignment(post=Post.ORG_COMMISSIONER, member_id=WANG, from_on=date(2026, 4, 1)))
    assert [finding.what for finding in books.found("post_left")] == ["赵明2026-02-01离开支部，支部书记的职务没有免去"]
    assert [finding.what for finding in books.found("post_early")] == [
        "王芳2026-04-01任组织委员，早于入党或转入的2026-05-01"
    ]
    assert [finding.what for finding in books.found("two_holders")] == ["赵明、李红同时任支部书记"]
    paid = {"year": 2026, "amount_fen": 100, "kind": DuesKind.MONTHLY}
    books.keep(DuesPayment(member_id=ZHAO, from_month=1, to_month=3, **paid))
    books.keep(DuesPayment(member_id=LI, from_month=1, to_month=12, **paid))
    assert [finding.what for finding in books.found("dues_left")] == [
        "收了赵明2月的党费，2026-02-01已经离开支部",
        "收了赵明3月的党费，2026-02-01已经离开支部",
    ]


def test_a_day_has_so_many_hours_for_all_activities_together(store: Store, books: Books) -> None:
    for title in ("清扫", "送药"):
        RegisterService(store).save(
            "volunteer_activity", {"title": title, "event_on": "2026-03-04", "hours": f"{LI}|13"}
        )
    (finding,) = books.found("hours")
    assert finding.what == "李红2026-03-04的志愿服务合计26小时"


def test_every_check_says_how_it_is_mended_and_has_a_name_of_its_own() -> None:
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert all(check.title and check.mend and check.verb for check in CHECKS)

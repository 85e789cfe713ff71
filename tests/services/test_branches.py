"""Posts and groups: who held what on which day."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.branches import PartyGroup
from desktop.models.members import Member
from desktop.models.vocabulary.branches import GroupState, MemberCategory, MemberStatus, Post
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.branches import BranchService
from desktop.services.errors import Conflict, InvalidInput
from desktop.services.history import HistoryService
from desktop.services.meetings import MeetingService
from desktop.services.meetings.rows import MeetingDraft
from desktop.services.members import MemberService
from desktop.services.store import Store
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def branches(store: Store) -> BranchService:
    return BranchService(store)


def member(store: Store, name: str, group_id: str | None = None) -> str:
    with store.unit_of_work(f"登记党员{name}") as session:
        row = Member(
            branch_id=store.branch_id,
            name=name,
            group_id=group_id,
            category=MemberCategory.FULL_MEMBER,
            status=MemberStatus.FULL_MEMBER,
        )
        session.add(row)
        session.flush()
        return row.id


def test_the_profile_can_be_completed(branches: BranchService) -> None:
    branches.change_profile({"founded_on": date(2015, 7, 1), "covered_units": ["营销部", "专卖所"]})
    profile = branches.profile()
    assert (profile.founded_on, profile.covered_units) == (date(2015, 7, 1), ("营销部", "专卖所"))


@pytest.mark.parametrize("values", [{"name": " "}, {"code": "ZK09"}, {"founded_on": date(2030, 1, 1)}])
def test_a_profile_that_breaks_a_rule_is_refused(branches: BranchService, values: dict[str, object]) -> None:
    before = branches.profile()
    with pytest.raises(InvalidInput):
        branches.change_profile(values)
    assert branches.profile() == before


def test_a_new_secretary_ends_the_old_one_the_day_before(store: Store, branches: BranchService) -> None:
    old, new = member(store, "李建国"), member(store, "王秀英")
    branches.assign(Post.SECRETARY, old, None)
    branches.assign(Post.SECRETARY, new, date(2026, 6, 1))
    assert [(row.member, row.to_on) for row in branches.posts()] == [("王秀英", None)]
    ended = next(row for row in branches.posts(history=True) if row.member == "李建国")
    assert ended.to_on == date(2026, 5, 31)
    assert "任职：王秀英 支部书记，接替李建国" in [row.sentence for row in HistoryService(store).trail()]


def test_nobody_takes_the_same_post_twice(store: Store, branches: BranchService) -> None:
    someone = member(store, "李建国")
    branches.assign(Post.SECRETARY, someone, None)
    with pytest.raises(InvalidInput):
        branches.assign(Post.SECRETARY, someone, date(2026, 6, 1))


def test_a_post_ends_on_its_last_day_and_not_before_it_began(store: Store, branches: BranchService) -> None:
    assignment = branches.assign(Post.ORG_COMMISSIONER, member(store, "王秀英"), date(2026, 3, 1))
    with pytest.raises(InvalidInput):
        branches.end_post(assignment, date(2026, 2, 1))
    branches.end_post(assignment, date(2026, 9, 30), end_approval_no=" 机党〔2026〕9号 ")
    assert branches.posts() == []
    (held,) = branches.posts(history=True)
    assert (held.approval_no, held.end_approval_no) == ("", "机党〔2026〕9号")
    told = [row.sentence for row in HistoryService(store).trail()]
    assert {"任职：王秀英 组织委员", "免职：王秀英 组织委员，任至 2026-09-30"} <= set(told)


def test_each_group_has_its_own_leader(store: Store, branches: BranchService) -> None:
    first, second = branches.save_group("第一党小组"), branches.save_group("第二党小组")
    branches.assign(Post.GROUP_LEADER, member(store, "赵文博", first), None, group_id=first)
    branches.assign(Post.GROUP_LEADER, member(store, "孙海燕", second), None, group_id=second)
    assert [(row.name, row.leader, row.size) for row in branches.groups()] == [
        ("第一党小组", "赵文博", 1),
        ("第二党小组", "孙海燕", 1),
    ]


def test_groups_stand_in_the_order_of_their_numbers(branches: BranchService) -> None:
    names = ["第一党小组", "第二党小组", "第三党小组", "第四党小组", "第十党小组", "第十一党小组"]
    for name in reversed(names):
        branches.save_group(name)
    assert [row.name for row in branches.groups()] == names


def test_a_group_leader_needs_a_group(store: Store, branches: BranchService) -> None:
    someone = member(store, "赵文博")
    with pytest.raises(InvalidInput):
        branches.assign(Post.GROUP_LEADER, someone, None)


def test_two_groups_of_one_name_conflict(branches: BranchService) -> None:
    branches.save_group("第一党小组")
    with pytest.raises(Conflict):
        branches.save_group("第一党小组")


def test_a_group_of_the_name_of_a_dissolved_one_says_that_it_can_be_restored(branches: BranchService) -> None:
    group = branches.save_group("第一党小组")
    branches.dissolve_group(group, date(2026, 11, 22))
    with pytest.raises(Conflict) as refused:
        branches.save_group("第一党小组")
    assert (refused.value.facts["name"], refused.value.facts["reason"]) == (
        "name",
        "这个名称的党小组已撤销，可以在党小组里恢复它",
    )


def test_a_group_with_members_is_dissolved_only_where_somebody_says_where_they_go(
    store: Store, branches: BranchService
) -> None:
    group = branches.save_group("第一党小组")
    member(store, "赵文博", group)
    with pytest.raises(InvalidInput) as refused:
        branches.dissolve_group(group, date(2026, 11, 22))
    assert (refused.value.name, refused.value.reason) == (
        "to_group_id",
        "还有1名党员编在这个小组，选改编到哪个小组",
    )
    assert [row.state for row in branches.groups()] == [GroupState.ACTIVE]


@pytest.mark.parametrize("on", [date(2026, 11, 21), date(2026, 11, 23)])
def test_a_group_ends_on_no_day_before_it_began_or_to_come(branches: BranchService, on: date) -> None:
    group = branches.save_group("第一党小组")  # on 22 November
    with pytest.raises(InvalidInput) as refused:
        branches.dissolve_group(group, on)
    assert refused.value.name == "dissolved_on"


def test_a_dissolved_group_ends_the_post_of_its_leader_and_both_come_back(
    store: Store, branches: BranchService
) -> None:
    group = branches.save_group("第一党小组")
    leader = member(store, "赵文博")
    branches.assign(Post.GROUP_LEADER, leader, None, group_id=group)
    branches.dissolve_group(group, date(2026, 11, 22))
    assert [(row.state, row.dissolved_on) for row in branches.groups()] == [(GroupState.DISSOLVED, date(2026, 11, 22))]
    assert [row.to_on for row in branches.posts(history=True)] == [date(2026, 11, 22)]
    branches.restore_group(group)
    assert [(row.state, row.leader) for row in branches.groups()] == [(GroupState.ACTIVE, "赵文博")]
    assert [row.to_on for row in branches.posts()] == [None]


def test_a_dissolved_group_is_not_dissolved_again_and_gets_its_members_back(
    store: Store, branches: BranchService
) -> None:
    first, second = branches.save_group("第一党小组"), branches.save_group("第二党小组")
    zhao = member(store, "赵文博", first)
    branches.dissolve_group(first, date(2026, 11, 22), second)
    with pytest.raises(InvalidInput, match="已在2026-11-22撤销"):
        branches.dissolve_group(first, date(2026, 11, 22), second)
    branches.restore_group(first)
    with store.reading() as session:
        assert session.get_one(Member, zhao).group_id == first


def test_a_group_does_not_end_before_a_meeting_it_held(store: Store, branches: BranchService) -> None:
    first, second = branches.save_group("第一党小组"), branches.save_group("第二党小组")
    with store.unit_of_work("设立以来") as session:
        session.get_one(PartyGroup, first).from_on = None
    member(store, "赵文博", first)
    MeetingService(store).record(
        MeetingDraft(MeetingKind.GROUP_MEETING, date(2026, 9, 1), group_id=first, topic="学习")
    )
    with pytest.raises(InvalidInput, match="这个小组2026-09-01还开过会"):
        branches.dissolve_group(first, date(2026, 8, 31), second)
    branches.dissolve_group(first, date(2026, 9, 1), second)


def test_a_successor_does_not_begin_before_the_predecessor(store: Store, branches: BranchService) -> None:
    old, new = member(store, "李建国"), member(store, "王秀英")
    branches.assign(Post.SECRETARY, old, date(2026, 10, 1))
    for day in (date(2026, 1, 1), date(2026, 10, 1)):
        with pytest.raises(InvalidInput, match="不晚于前任李建国的任职日期（2026-10-01）"):
            branches.assign(Post.SECRETARY, new, day)
    assert [(row.member, row.from_on, row.to_on) for row in branches.posts(history=True)] == [
        ("李建国", date(2026, 10, 1), None)
    ]


def test_who_cannot_be_elected_does_not_sit_on_the_committee(store: Store, branches: BranchService) -> None:
    new = member(store, "李晓燕")
    with store.unit_of_work("预备党员") as session:
        session.get_one(Member, new).category = MemberCategory.PROBATIONARY_MEMBER
    with pytest.raises(InvalidInput, match="没有被选举权"):
        branches.assign(Post.ORG_COMMISSIONER, new, date(2026, 10, 1))
    assert branches.posts() == []


def test_who_follows_somebody_in_a_post_begins_on_a_day(store: Store, branches: BranchService) -> None:
    first, second = member(store, "王秀英"), member(store, "李建国")
    branches.assign(Post.ORG_COMMISSIONER, first, None)
    with pytest.raises(InvalidInput, match="有前任王秀英，要写从哪天起"):
        branches.assign(Post.ORG_COMMISSIONER, second, None)
    branches.end_post(branches.posts()[0].id, store.today)
    with pytest.raises(InvalidInput, match="有前任王秀英"):
        branches.assign(Post.ORG_COMMISSIONER, second, None)
    branches.assign(Post.ORG_COMMISSIONER, second, store.today)


def test_members_of_a_dissolved_group_go_to_another_and_a_meeting_of_the_past_keeps_its_list(
    store: Store, branches: BranchService
) -> None:
    first, second = branches.save_group("第一党小组"), branches.save_group("第二党小组")
    zhao, sun = member(store, "赵文博", first), member(store, "孙海燕", second)
    today = date(2026, 11, 22)
    branches.dissolve_group(first, today, second)
    meetings = MeetingService(store)

    def expected(group: str, on: date) -> list[str]:
        return [each.member_id for each in meetings.expected(MeetingKind.GROUP_MEETING, on, group)]

    assert (expected(first, today), expected(second, today)) == ([zhao], [sun])
    tomorrow = date(2026, 11, 23)
    assert (expected(first, tomorrow), sorted(expected(second, tomorrow))) == ([], sorted([zhao, sun]))
    assert "撤销党小组“第一党小组”，1名党员编入“第二党小组”" in [row.sentence for row in HistoryService(store).trail()]
    branches.restore_group(first)
    assert (expected(first, tomorrow), expected(second, tomorrow)) == ([zhao], [sun])


def test_who_changed_the_group_is_asked_for_in_the_group_of_that_day(store: Store, branches: BranchService) -> None:
    first, second = branches.save_group("第一党小组"), branches.save_group("第二党小组")
    zhao = member(store, "赵文博", first)
    MemberService(store).place_in_group([zhao], second)
    before, kind = date(2026, 11, 21), MeetingKind.GROUP_MEETING
    meetings = MeetingService(store)
    assert [each.member_id for each in meetings.expected(kind, before, first)] == [zhao]
    assert [each.member_id for each in meetings.expected(kind, store.today, first)] == []
    assert [each.member_id for each in meetings.expected(kind, store.today, second)] == [zhao]

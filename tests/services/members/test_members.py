"""The roster: as of any day, through the life of a member, and what is refused."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.models.vocabulary import ConditionKind, MeetingKind, MemberCategory, MemberStatus, Post
from desktop.services.branches import BranchService
from desktop.services.errors import Conflict, InvalidInput, NotFound
from desktop.services.members import MemberService
from desktop.services.members.law import add_months
from desktop.services.store import Store
from tests.sheets import content
from tests.stores import new_store

GAO = {
    "name": "高红卫",
    "id_no": "412723198411204639",
    "ethnic": "汉族",
    "education": "大专",
    "admitted_on": "2014-10-07",
    "full_on": "2015-10-07",
    "dues_base_fen": "10450",
}
LI = {"name": "李晓燕", "id_no": "412723199104030434", "admitted_on": "2026.3.27"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def members(store: Store) -> MemberService:
    return MemberService(store)


def test_registering_takes_birth_and_gender_from_the_number(members: MemberService) -> None:
    row = members.member(members.register(GAO))
    assert (row.name, row.gender_text, row.born_on) == ("高红卫", "男", date(1984, 11, 20))
    assert (row.ethnic_text, row.education_text, row.dues_base_fen) == ("汉族", "大学专科", 1_045_000)
    assert (row.category, row.status, row.has_vote) == (MemberCategory.FULL_MEMBER, MemberStatus.FULL_MEMBER, True)
    assert row.id_no_masked == "4127************39"


def test_without_a_confirmation_date_a_recent_member_is_probationary(members: MemberService) -> None:
    row = members.member(members.register(LI))
    assert (row.category, row.status, row.has_vote) == (
        MemberCategory.PROBATIONARY_MEMBER,
        MemberStatus.PROBATIONARY,
        False,
    )
    assert row.probation_ends_on == date(2027, 3, 27)


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"name": ""}, "name", "没有姓名"),
        ({"name": "高3"}, "name", "姓名中有数字“3”"),
        ({"id_no": "412723198411204638"}, "id_no", "校验码不符（GB 11643），请按证件核对"),
        ({"admitted_on": "2014-13-07"}, "admitted_on", "没有这一天"),
        ({"full_on": "2014-10-06"}, "full_on", "转正时间早于入党时间"),
        ({"admitted_on": "1980-01-01"}, "admitted_on", "入党时间早于出生日期"),
        ({"full_on": "2027-01-01"}, "full_on", "转正时间在今天之后"),
        ({"category": "预备党员"}, "category", "有转正时间，不能是预备党员"),
        ({"phone": "123"}, "phone", "不是手机号（11位）或带区号的固定电话"),
    ],
)
def test_what_is_refused_and_stores_nothing(
    store: Store, members: MemberService, change: dict[str, Any], field: str, reason: str
) -> None:
    before = content(store)
    with pytest.raises(InvalidInput) as refused:
        members.register({**GAO, **change})
    assert (refused.value.facts["name"], refused.value.reason) == (field, reason)
    assert content(store) == before


def test_a_number_is_on_the_roster_once(store: Store, members: MemberService) -> None:
    members.register(GAO)
    before = content(store)
    with pytest.raises(Conflict) as refused:
        members.register({**LI, "id_no": GAO["id_no"]})
    assert refused.value.facts["reason"] == "这个身份证号是名册上“高红卫”的"
    assert content(store) == before


def test_what_is_only_worth_a_look(members: MemberService) -> None:
    odd = {**GAO, "gender": "女", "born_on": "1984-11-21", "admitted_on": "2002-01-01", "full_on": "2006-01-01"}
    assert members.warnings(odd) == [
        ("born_on", "出生日期与身份证号不一致（证号为1984-11-20）"),
        ("gender", "性别与身份证号不一致（证号为男）"),
        ("admitted_on", "入党时不满18周岁"),
        ("full_on", "转正时间距入党时间超过24个月"),
    ]
    assert members.member(members.register(odd)).gender_text == "女"


def test_updating_keeps_what_is_not_given_and_refuses_a_stale_form(store: Store, members: MemberService) -> None:
    member_id = members.register(GAO)
    members.update(member_id, {"phone": "13759233275", "ethnic": ""}, rev=1)
    row = members.member(member_id)
    assert (row.phone, row.ethnic_text, row.education_text, row.rev) == ("13759233275", "", "大学专科", 2)
    before = content(store)
    with pytest.raises(Conflict):
        members.update(member_id, {"phone": "13800000000"}, rev=1)
    with pytest.raises(InvalidInput, match="变动"):
        members.update(member_id, {"category": "预备党员"})
    with pytest.raises(NotFound):
        members.update("nobody", {"phone": ""})
    assert content(store) == before


def test_the_roster_of_a_day(members: MemberService) -> None:
    members.register(GAO)
    members.register(LI)
    assert [row.name for row in members.roster(date(2026, 3, 26))] == ["高红卫"]
    assert [row.name for row in members.roster(date(2026, 3, 27))] == ["高红卫", "李晓燕"]
    assert [row.name for row in members.roster(date(2015, 1, 1))] == ["高红卫"]
    assert members.roster(date(2015, 1, 1))[0].category is MemberCategory.PROBATIONARY_MEMBER
    assert [row.name for row in members.roster(text="晓")] == ["李晓燕"]
    assert [row.name for row in members.roster(category=MemberCategory.FULL_MEMBER)] == ["高红卫"]


def test_confirmation_gives_the_vote_from_its_day(members: MemberService) -> None:
    member_id = members.register({**LI, "admitted_on": "2025-03-27"})
    with pytest.raises(InvalidInput, match="预备期不满12个月"):
        members.transition(member_id, MemberStatus.FULL_MEMBER, date(2026, 3, 26))
    members.transition(member_id, MemberStatus.FULL_MEMBER, date(2026, 3, 27), document_no="周烟党〔2026〕8号")
    assert members.member(member_id).full_on == date(2026, 3, 27)
    assert [one.to_status for one in members.history(member_id)] == [MemberStatus.FULL_MEMBER]
    for day, vote in ((date(2026, 3, 26), False), (date(2026, 3, 27), True)):
        assert [one.has_vote for one in members.expected(MeetingKind.BRANCH_CONGRESS, day)] == [vote]


def test_probation_is_extended_once_within_the_limits(members: MemberService) -> None:
    member_id = members.register({**LI, "admitted_on": "2025-03-27"})
    with pytest.raises(InvalidInput, match="须在原届满日之后6至12个月之内"):
        members.extend_probation(member_id, date(2026, 8, 27))
    members.extend_probation(member_id, date(2026, 9, 27), document_no="周烟党〔2026〕8号")
    assert members.member(member_id).probation_ends_on == date(2026, 9, 27)
    with pytest.raises(InvalidInput, match="只能延长一次"):
        members.extend_probation(member_id, date(2027, 3, 27))


def test_leaving_the_roster_ends_posts_and_keeps_the_past(store: Store, members: MemberService) -> None:
    member_id = members.register(GAO)
    members.register(LI)
    BranchService(store).assign(Post.SECRETARY, member_id, None)
    members.transition(member_id, MemberStatus.TRANSFER_PENDING, date(2026, 5, 1), document_no="周烟转〔2026〕3号")
    assert len(members.roster(date(2026, 5, 10))) == 2  # the old branch answers until the receipt
    members.transition(member_id, MemberStatus.TRANSFERRED_OUT, date(2026, 5, 20))
    assert [row.name for row in members.roster(date(2026, 5, 20))] == ["李晓燕"]
    assert [row.name for row in members.roster(date(2026, 5, 19))] == ["高红卫", "李晓燕"]
    assert members.roster(date(2026, 5, 10))[0].status is MemberStatus.TRANSFER_PENDING
    assert [row.name for row in members.roster(former=True)] == ["高红卫"]
    assert members.expected(MeetingKind.COMMITTEE_MEETING, date(2026, 5, 20)) == []
    assert [one.name for one in members.expected(MeetingKind.COMMITTEE_MEETING, date(2026, 5, 19))] == ["高红卫"]
    members.transition(member_id, MemberStatus.FULL_MEMBER, date(2026, 9, 1))
    assert [row.name for row in members.roster()] == ["高红卫", "李晓燕"]


@pytest.mark.parametrize(
    ("to", "on", "reason"),
    [
        (MemberStatus.PROBATIONARY, date(2026, 5, 1), "“在册”之后不能是“预备期”"),
        (MemberStatus.SUSPENDED, date(2026, 5, 1), "“停止党籍”须填批准文件的文号"),
        (MemberStatus.DECEASED, date(2026, 12, 1), "在今天之后"),
        (MemberStatus.DECEASED, date(2014, 1, 1), "早于入党时间"),
    ],
)
def test_steps_that_cannot_be(store: Store, members: MemberService, to: MemberStatus, on: date, reason: str) -> None:
    member_id = members.register(GAO)
    before = content(store)
    with pytest.raises(InvalidInput) as refused:
        members.transition(member_id, to, on)
    assert refused.value.reason == reason
    assert content(store) == before


def test_who_is_expected_depends_on_kind_and_circumstances(store: Store, members: MemberService) -> None:
    gao = members.register(GAO)
    li = members.register(LI)
    group_id = BranchService(store).save_group("第一党小组")
    members.place_in_group([gao], group_id)
    day = date(2026, 6, 1)
    members.set_condition(gao, ConditionKind.RETIRED, date(2026, 5, 1))

    def names(kind: MeetingKind, on: date = day) -> list[str]:
        return [one.name for one in members.expected(kind, on, group_id)]

    assert names(MeetingKind.BRANCH_CONGRESS) == ["高红卫", "李晓燕"]  # retired members keep their vote
    assert names(MeetingKind.THEME_DAY) == ["李晓燕"]
    assert names(MeetingKind.THEME_DAY, date(2026, 4, 30)) == ["高红卫", "李晓燕"]
    assert names(MeetingKind.GROUP_MEETING, date(2026, 4, 30)) == ["高红卫"]
    members.set_condition(gao, ConditionKind.DUE_EXCLUDED, None, reason="年老体弱卧床不起")
    assert names(MeetingKind.BRANCH_CONGRESS) == ["李晓燕"]
    members.set_condition(li, ConditionKind.PROBATION_DISCIPLINE, None, date(2026, 6, 30))
    assert not any(one.has_vote for one in members.expected(MeetingKind.BRANCH_CONGRESS, day))


def test_circumstances_may_not_overlap(members: MemberService) -> None:
    member_id = members.register(GAO)
    first = members.set_condition(member_id, ConditionKind.MOBILE, date(2026, 1, 1), date(2026, 6, 30), place="郑州")
    with pytest.raises(InvalidInput, match="时间重叠"):
        members.set_condition(member_id, ConditionKind.MOBILE, date(2026, 6, 30))
    with pytest.raises(InvalidInput, match="早于起始日期"):
        members.set_condition(member_id, ConditionKind.MOBILE, date(2026, 8, 1), date(2026, 7, 1))
    members.set_condition(member_id, ConditionKind.MOBILE, date(2026, 1, 1), date(2026, 6, 1), condition_id=first)
    assert [(one.to_on, one.place) for one in members.conditions(member_id)] == [(date(2026, 6, 1), "")]
    members.remove_condition(first)
    assert members.conditions(member_id) == []


def test_looking_at_a_whole_number_is_remembered(store: Store, members: MemberService) -> None:
    from sqlalchemy import select

    from desktop.models.history import AuditEntry

    member_id = members.register(GAO)
    assert members.id_number(member_id) == GAO["id_no"]
    with store.reading() as session:
        assert ("查看身份证号", "高红卫") in [(one.action, one.detail) for one in session.scalars(select(AuditEntry))]


def test_two_secretaries_and_a_leader_of_another_group_are_pointed_out(store: Store, members: MemberService) -> None:
    branches = BranchService(store)
    gao = members.register(GAO)
    group_id = branches.save_group("第一党小组")
    branches.assign(Post.GROUP_LEADER, gao, None, group_id=group_id)
    assert members.doubts() == ["“高红卫”是第一党小组组长，但不编在这个小组"]
    members.place_in_group([gao], group_id)
    assert members.doubts() == []


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 27), 12, date(2027, 3, 27)),
    ],
)
def test_months_are_clamped_to_their_end(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later

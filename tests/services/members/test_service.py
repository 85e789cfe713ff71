"""Registering and changing a member, and what is refused."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from desktop.models.history import AuditEntry
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.stores import Use
from desktop.services.errors import Conflict, InvalidInput, NotFound
from desktop.services.members import MemberService
from desktop.services.store import Store
from tests.services.members.people import GAO, LI
from tests.sheets import content


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
        ({"unit": "所" * 61}, "unit", "超过60字"),
        ({"phone": "123"}, "phone", "不是手机号（11位）或带区号的固定电话"),
    ],
)
def test_what_is_refused_and_stores_nothing(
    store: Store, members: MemberService, change: dict[str, Any], field: str, reason: str
) -> None:
    before = content(store)
    with pytest.raises(InvalidInput) as refused:
        members.register({**GAO, **change})
    assert (refused.value.name, refused.value.reason) == (field, reason)
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


def test_looking_at_a_whole_number_is_remembered(store: Store, members: MemberService) -> None:
    member_id = members.register(GAO)
    assert members.id_number(member_id) == GAO["id_no"]
    with store.reading() as session:
        assert (Use.SHOW_ID, "高红卫") in [(row.action, row.detail) for row in session.scalars(select(AuditEntry))]


def test_a_member_is_found_by_name_and_namesakes_by_their_last_digits(members: MemberService) -> None:
    first = members.register(GAO)
    assert members.find("高红卫") == members.find(first) == first
    second = members.register({**LI, "name": GAO["name"]})
    with pytest.raises(InvalidInput, match="有2个"):
        members.find("高红卫")
    assert members.find(f"高红卫（{LI['id_no'][-4:]}）") == members.find(f"高红卫({LI['id_no'][-4:]})") == second
    with pytest.raises(NotFound):
        members.find("无此人")


def test_a_birth_known_by_its_month_stays_a_month(members: MemberService) -> None:
    row = members.member(members.register({"name": "赵一鸣", "born_on": "1980.01", "admitted_on": "2005-07"}))
    assert (row.born_on, row.born_text, row.admitted_text) == (date(1980, 1, 1), "1980年1月", "2005年7月")
    members.update(row.id, {"born_on": "1980-01-10"})
    assert members.member(row.id).born_text == "1980-01-10"


def test_a_number_is_held_against_the_month_of_birth(members: MemberService) -> None:
    typed = {"name": "赵一鸣", "id_no": "411602198001100118", "full_on": "2006-07-01"}
    assert members.warnings({**typed, "born_on": "1980年1月"}) == []
    assert members.warnings({**typed, "born_on": "1979年12月"}) == [
        ("born_on", "出生日期与身份证号不一致（证号为1980-01-10）")
    ]

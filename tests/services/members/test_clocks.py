"""Clocks of transfers, of members who are away and of lost contact: what is said when, by which clause, led where."""

from datetime import date

import pytest

from desktop.models.vocabulary.branches import ConditionKind, MemberStatus
from desktop.services.home import read_home
from desktop.services.members import ConditionService, LifeService, MemberService
from desktop.services.members.deadlines import Deadline, deadlines
from desktop.services.registers import RegisterService
from desktop.services.reminders import Bucket
from desktop.services.store import Store
from tests.services.members.people import GAO, LI

LETTER = {"name": "高红卫", "direction": "转出", "issued_on": "2026-11-02", "valid_days": "60"}


def _clock(store: Store, rule: str) -> Deadline | None:
    found = [deadline for deadline in deadlines(store) if deadline.rule == rule]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("changed", "by", "said"),
    [
        ({}, date(2026, 12, 2), "等回执；介绍信到2027-01-01有效"),
        ({"issued_on": "2026-10-02"}, date(2026, 11, 2), "满1个月还没有回执，向接收党组织催收；介绍信到2026-12-01有效"),
        ({"issued_on": "2026-09-01"}, date(2026, 10, 31), "介绍信2026-10-31已过有效期，催收回执，或者重新开具"),
        ({"issued_on": "2026-06-01"}, date(2026, 8, 30), "超过90天还没有回执，同对方党组织核实，办结或者撤回"),
        ({"direction": "转入"}, date(2026, 12, 2), "转入，接收以后寄回回执"),
    ],
)
def test_a_letter_is_watched_until_its_receipt(
    store: Store, members: MemberService, changed: dict[str, str], by: date, said: str
) -> None:
    gone = members.register(GAO)
    record = RegisterService(store).save("transfer", {**LETTER, **changed})
    clock = _clock(store, "组织关系转接")
    assert clock is not None
    assert (clock.by, clock.member_id, dict(clock.where.prefill)) == (by, gone, {"id": record})
    assert said in clock.what
    assert clock.basis == "《中国共产党党员教育管理工作条例》第25条"


def test_a_receipt_asks_for_the_step_on_the_roster_and_then_for_nothing(
    store: Store, members: MemberService, life: LifeService
) -> None:
    gone = members.register(GAO)
    RegisterService(store).save("transfer", {**LETTER, "receipt_on": "2026-11-10"})
    clock = _clock(store, "组织关系转接")
    assert clock is not None
    assert clock.what == "高红卫的回执2026-11-10已经收到，名册上还是“在册”，办理转出"
    life.transition(gone, MemberStatus.TRANSFER_PENDING, date(2026, 11, 2))
    life.transition(gone, MemberStatus.TRANSFERRED_OUT, date(2026, 11, 10))
    assert _clock(store, "组织关系转接") is None


def test_somebody_who_moved_in_belongs_on_the_roster(store: Store, members: MemberService) -> None:
    moved = {**LETTER, "direction": "转入", "receipt_on": "2026-11-10"}
    RegisterService(store).save("transfer", moved)
    clock = _clock(store, "组织关系转接")
    assert clock is not None
    assert "名册上还没有这个人" in clock.what
    members.register(GAO)
    assert _clock(store, "组织关系转接") is None


@pytest.mark.parametrize(
    ("kind", "contact", "by"),
    [
        (ConditionKind.MOBILE, None, date(2026, 4, 10)),
        (ConditionKind.MOBILE, "2026-08-20", date(2026, 11, 20)),
        (ConditionKind.ABROAD, "2026-08-20", date(2027, 2, 20)),
    ],
)
def test_whoever_is_away_is_kept_in_touch_with_by_the_period_of_the_rules(
    store: Store,
    members: MemberService,
    conditions: ConditionService,
    kind: ConditionKind,
    contact: str | None,
    by: date,
) -> None:
    away = members.register(GAO)
    conditions.save(away, kind, date(2026, 1, 10), place="郑州")
    if contact is not None:
        said = {"event_on": contact, "title": "电话联系", "member_id": away}
        RegisterService(store).save("mobile_contact", said)
    clock = _clock(store, "联系流动党员")
    assert clock is not None
    assert (clock.by, clock.where.kind, dict(clock.where.prefill)) == (by, "mobile_contact", {"subject": away})


def test_home_says_a_late_contact_once(store: Store, members: MemberService, conditions: ConditionService) -> None:
    conditions.save(members.register(GAO), ConditionKind.MOBILE, date(2025, 1, 10), place="郑州")
    late = read_home(store, 2026, store.today).bucket(Bucket.LATE)
    assert len([work for work in late if work.where is not None and work.where.kind == "mobile_contact"]) == 1


def test_half_a_year_away_asks_for_a_transfer(
    store: Store, members: MemberService, conditions: ConditionService
) -> None:
    away = members.register(GAO)
    conditions.save(away, ConditionKind.DUE_EXCLUDED, date(2026, 6, 1), reason="下派半年以上，应转未转")
    clock = _clock(store, "组织关系转接")
    assert clock is not None
    assert (clock.by, clock.where.kind) == (date(2026, 12, 1), "transfer")
    conditions.save(away, ConditionKind.MOBILE, date(2026, 6, 1))
    assert _clock(store, "组织关系转接") is None


def test_lost_contact_of_a_probationary_member_and_being_found_again(
    store: Store, members: MemberService, conditions: ConditionService
) -> None:
    lost, found = members.register(LI), members.register(GAO)
    conditions.save(lost, ConditionKind.LOST_CONTACT, date(2026, 5, 31))
    conditions.save(found, ConditionKind.LOST_CONTACT, date(2026, 7, 1), date(2026, 11, 5))
    said = {deadline.member_id: deadline.what for deadline in deadlines(store) if deadline.rule == "失去联系"}
    assert "取消预备党员资格" in said[lost]
    assert said[found] == "高红卫2026-11-05取得联系：客观原因的补交党费，本人原因的批评教育或限期改正"

"""A member moves between two branches by real packages: A reports, headquarters orders, B receives, A closes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from desktop.models.base import Travel
from desktop.models.history import Change
from desktop.models.members import Member
from desktop.models.transfers import PERSONAL, KnownBranch, Transfer, TransferOrder
from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.transfers import HereState, OrderState, TransferState
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.members import MemberService
from desktop.services.members.deadlines import deadlines
from desktop.services.members.transferring import TransferService
from desktop.services.registers import RegisterService
from desktop.services.standards.loader import transfers_out
from desktop.services.store import Store
from desktop.services.sync.branch_store import branch_store
from desktop.services.sync.rows import outgoing
from desktop.services.transferring.here import OrdersHereService
from desktop.services.transferring.todo import order_works
from desktop.services.transferring.unfinished import unfinished_transfers
from tests.services.members.people import GAO
from tests.services.race.typed import refused
from tests.services.transferring.company import NAMES, TODAY, Company
from tests.stores import clock_at

FULL, PENDING, OUT = MemberStatus.FULL_MEMBER, MemberStatus.TRANSFER_PENDING, MemberStatus.TRANSFERRED_OUT


def told(store: Store, org: str) -> str:
    """All that goes down to a branch, as text."""
    with store.reading() as session:
        return repr(list(outgoing(session, Travel.DOWN, org)))


def test_a_member_moves_from_one_branch_to_another_with_a_receipt_on_both_ends(company: Company) -> None:
    record = company.leave()
    company.up()
    assert company.here("ZK01").unordered() == [f"高红卫（{TODAY}，转往第二党支部）"]
    assert (company.move.state, company.move.code, company.move.target) == (
        OrderState.REPORTED, "ZK01", company.branches["ZK02"].branch_id,
    )  # fmt: skip
    assert company.move.id_no == "4127************39"
    order = company.orders.issue(record, company.move.target, " 已电话联系 ")
    company.down()

    assert company.here("ZK01").unordered() == []
    assert company.states() == (HereState.WAITING, HereState.TO_RECEIVE)
    assert company.here("ZK03").orders() == []
    arrival = company.here("ZK02").arrival(order)
    assert arrival.typed == {
        "name": "高红卫", "category": "正式党员", "admitted_on": "2014-10-07", "full_on": "2015-10-07",
        "ethnic": arrival.typed["ethnic"], "education": arrival.typed["education"],
    }  # fmt: skip
    assert (arrival.order.other, arrival.order.note, arrival.known_id) == ("第一党支部", "已电话联系", "")
    assert company.status("ZK02") == [], "nothing is written until the branch says so"
    (work,) = order_works(company.branches["ZK02"])
    assert (work.what, work.verb, work.by) == (
        "接收第一党支部转来的高红卫，寄回回执", "接收", TODAY + timedelta(days=30),
    )  # fmt: skip

    member = company.here("ZK02").receive(order, {"dues_base_fen": "3000"})
    assert order_works(company.branches["ZK02"]) == []
    with company.branches["ZK02"].reading() as session:
        row = session.get(Member, member)
        assert row is not None
        assert (row.name, row.id_no, row.joined_on, row.full_on) == ("高红卫", GAO["id_no"], TODAY, date(2015, 10, 7))
        assert row.origin_id is not None
        kept = session.scalars(select(Transfer)).one()
        assert (kept.receipt_on, kept.order_id, kept.member_id, kept.from_org) == (TODAY, order, member, "第一党支部")
        assert kept.paid_until == date(2026, 2, 1), "what the branch before collected tells from when this one does"

    company.up("ZK02")
    assert company.move.state is OrderState.RECEIVED
    assert unfinished_transfers(company.headquarters) == [], "a transfer under way is no doubled member"
    company.down()
    assert company.states() == (HereState.TO_CLOSE, HereState.RECEIVED)
    (work,) = order_works(company.branches["ZK01"])
    assert work.verb == "登记回执"
    company.here("ZK01").close(order)
    assert company.status("ZK01") == [OUT]
    closed = RegisterService(company.branches["ZK01"]).row("transfer", record)
    assert (closed.values["receipt_on"], closed.standing) == (TODAY, TransferState.CLOSED)
    company.up()
    assert company.states() == (HereState.CLOSED, HereState.RECEIVED)
    assert unfinished_transfers(company.headquarters) == []
    assert not company.move.asks


def test_only_the_two_branches_are_told_of_the_person_and_nobody_any_more_once_it_is_over(company: Company) -> None:
    order = company.order()
    orgs = {code: store.branch_id for code, store in company.branches.items()}
    for code in ("ZK01", "ZK02"):
        assert GAO["id_no"] in told(company.headquarters, orgs[code])
    assert "高红卫" not in told(company.headquarters, orgs["ZK03"])
    third = company.branches["ZK03"]
    with third.reading() as session:
        assert session.scalar(select(func.count()).select_from(TransferOrder)) == 0
    with branch_store(company.headquarters, "ZK02") as read:
        assert [row.name for row in OrdersHereService(read).orders()] == ["高红卫"]
    with branch_store(company.headquarters, "ZK03") as read:
        assert OrdersHereService(read).orders() == []

    company.here("ZK02").receive(order)
    company.up("ZK02")
    for org in orgs.values():
        assert GAO["id_no"] not in told(company.headquarters, org)
    with company.headquarters.reading() as session:
        row = session.get(TransferOrder, order)
        assert row is not None
        assert {getattr(row, name) for name in PERSONAL} == {None}


def test_branches_are_told_which_others_there_are(company: Company) -> None:
    assert company.here("ZK01").known_branches() == []
    company.up()
    company.down()
    assert company.here("ZK01").known_branches() == [NAMES["ZK02"], NAMES["ZK03"]]
    with company.headquarters.reading() as session:
        assert session.scalar(select(func.count()).select_from(KnownBranch)) == 0


def test_a_branch_that_refuses_says_why_and_the_member_stays(company: Company) -> None:
    order = company.order()
    second, first = company.here("ZK02"), company.here("ZK01")
    assert refused(second.refuse, order, " ") == ("原因", "不能为空")
    row = second.refuse(order, "介绍信抬头写错")
    assert company.states()[1] is HereState.REFUSED
    with pytest.raises(InvalidInput, match="没有接收，不能接收"):
        second.receive(order)
    company.up("ZK02")
    assert (company.move.state, company.move.refusal, company.move.issues) == (
        OrderState.REFUSED, "介绍信抬头写错", True,
    )  # fmt: skip
    company.down()
    assert company.states()[0] is HereState.TO_TAKE_BACK
    assert [work.what for work in order_works(company.branches["ZK01"])] == ["第二党支部没有接收高红卫：介绍信抬头写错"]

    RegisterService(company.branches["ZK02"]).remove("transfer", row)  # it thinks better of it
    company.up("ZK02")
    company.down()
    assert company.states() == (HereState.WAITING, HereState.TO_RECEIVE)
    assert company.here("ZK02").arrival(order).has_number
    second.refuse(order, "岗位不在本支部")
    company.up("ZK02")
    company.down()
    first.take_back(order)
    assert company.status("ZK01") == [FULL]
    (move,) = RegisterService(company.branches["ZK01"]).rows("transfer")
    assert (move.texts["return_reason"], move.standing) == ("岗位不在本支部", TransferState.RETURNED)
    assert company.states()[0] is HereState.TAKEN_BACK
    with company.branches["ZK01"].reading() as session:
        assert transfers_out(session, company.branches["ZK01"].branch_id) == (), "what came to nothing was no transfer"
    assert [each.what for each in deadlines(company.branches["ZK01"]) if each.rule == "组织关系转接"] == []


def test_a_member_who_comes_back_before_anybody_received_lets_headquarters_withdraw(company: Company) -> None:
    order = company.order()
    assert refused(company.here("ZK01").take_back, order) == ("原因", "不能为空")
    company.here("ZK01").take_back(order, "本人不走了")
    assert company.status("ZK01") == [FULL]
    company.up()
    assert (company.move.state, company.move.asks) == (OrderState.RECALLED, True)
    assert refused(company.orders.withdraw, order, "") == ("撤回的原因", "不能为空")
    company.orders.withdraw(order, "本人不走了")
    assert GAO["id_no"] not in told(company.headquarters, company.branches["ZK02"].branch_id)
    company.down()
    assert company.states() == (HereState.TAKEN_BACK, HereState.WITHDRAWN)
    with pytest.raises(InvalidInput, match="已撤回，不能接收"):
        company.here("ZK02").receive(order)
    assert not company.move.issues, "the record is closed at the branch"


def test_an_order_withdrawn_while_the_member_was_received_already_is_said_and_can_hold(company: Company) -> None:
    order = company.order()
    company.here("ZK02").receive(order)
    company.orders.withdraw(order, "发错了支部")
    company.up("ZK02")
    assert (company.move.state, company.move.asks) == (OrderState.CROSSED, True)
    company.down()
    assert company.states() == (HereState.WITHDRAWN, HereState.RECEIVED)
    assert [person.name for person in unfinished_transfers(company.headquarters)] == ["高红卫"]
    company.orders.hold(order)
    assert company.move.state is OrderState.RECEIVED
    with pytest.raises(InvalidInput, match="没有撤回后又接收"):
        company.orders.hold(order)
    company.down()
    company.here("ZK01").close(order)
    assert company.status("ZK01") == [OUT]


def test_nobody_is_ordered_or_received_twice(company: Company) -> None:
    order = company.order()
    third = company.branches["ZK03"].branch_id
    with pytest.raises(InvalidInput, match="等接收，不能再下发一份"):
        company.orders.issue(company.move.record_id, third)
    company.here("ZK02").receive(order)
    with pytest.raises(InvalidInput, match="已接收，不能接收"):
        company.here("ZK02").receive(order)
    company.up("ZK02")
    company.up("ZK02")
    with pytest.raises(InvalidInput, match="已接收，不能再下发一份"):
        company.orders.issue(company.move.record_id, third)
    company.down()
    company.here("ZK01").close(order)
    with pytest.raises(InvalidInput, match="已办结，没有要登记的回执"):
        company.here("ZK01").close(order)
    with pytest.raises(InvalidInput, match="已办结，不能收回"):
        company.here("ZK01").take_back(order, "又不走了")
    company.up()
    with pytest.raises(InvalidInput, match="已经办结"):
        company.orders.issue(company.move.record_id, third)


def test_who_is_on_the_roster_by_the_same_number_is_no_new_member(company: Company) -> None:
    second = company.branches["ZK02"]
    there = MemberService(second).register({**GAO, "name": "高红卫"})
    order = company.order()
    arrival = company.here("ZK02").arrival(order)
    assert (arrival.known_id, arrival.known) == (there, "在册")
    assert unfinished_transfers(company.headquarters) == [], "an order moves them"
    assert company.here("ZK02").receive(order) == there
    assert company.status("ZK02") == [FULL]
    with second.reading() as session:
        assert session.scalars(select(Transfer.member_id)).all() == [there]


def test_a_receipt_that_is_not_noted_for_a_month_is_told_of_and_so_is_who_stays_although_received(
    company: Company,
) -> None:
    order = company.order()
    company.here("ZK02").receive(order)
    company.up("ZK02")
    assert unfinished_transfers(company.headquarters) == []
    today, company.headquarters.clock = company.headquarters.clock, clock_at("2026-04-02 09:00")
    assert [person.name for person in unfinished_transfers(company.headquarters)] == ["高红卫"]
    company.headquarters.clock = today
    company.here("ZK01").take_back(order, "不知道已经接收")
    company.up("ZK01")
    assert [person.name for person in unfinished_transfers(company.headquarters)] == ["高红卫"]


def test_who_went_from_a_branch_before_is_back_there(company: Company) -> None:
    order = company.order()
    company.here("ZK02").receive(order)
    company.up("ZK02")
    company.down()
    company.here("ZK01").close(order)
    second = company.branches["ZK02"]
    (member,) = MemberService(second).roster()
    values = {"name": "高红卫", "member_id": member.id, "direction": "转出", "issued_on": TODAY, "to_org": "ZK01"}
    record = TransferService(second).save(values, on_roster=True)
    company.up()
    home = next(row for row in company.orders.moves() if row.record_id == record)
    assert home.target == company.branches["ZK01"].branch_id
    back = company.orders.issue(record, home.target)
    company.down()
    company.here("ZK01").receive(back)
    assert company.status("ZK01") == [FULL]
    company.up("ZK01")
    company.down()
    company.here("ZK02").close(back)
    assert company.status("ZK02") == [OUT]


def test_a_letter_that_ran_out_is_said_and_holds_again_once_it_is_made_anew(company: Company) -> None:
    order = company.order(issued_on=TODAY - timedelta(days=40))
    assert company.states() == (HereState.WAITING, HereState.RUN_OUT)
    assert company.move.asks
    first = RegisterService(company.branches["ZK01"])
    first.save("transfer", {"valid_days": 90}, company.move.record_id)
    company.up("ZK01")
    assert company.move.state is OrderState.UNDER_WAY
    company.down()
    assert company.here("ZK02").arrival(order).order.valid_until == TODAY + timedelta(days=50)


def test_what_cannot_be_ordered_is_refused_with_what_is_missing(company: Company) -> None:
    record = company.leave()
    first, orders = RegisterService(company.branches["ZK01"]), company.orders
    second = company.branches["ZK02"].branch_id
    with pytest.raises(NotFound):
        orders.issue(record, second)
    company.up()
    assert refused(orders.issue, record, "nobody") == ("转入支部", "没有登记的支部")
    assert refused(orders.issue, record, company.branches["ZK01"].branch_id) == ("转入支部", "和转出支部是同一个")
    first.save("transfer", {"member_id": None, "to_org": "河南省烟草公司"}, record)
    company.up()
    assert company.move.state is OrderState.OUTSIDE
    assert refused(orders.issue, record, second)[1] == "转出记录没有选名册上的党员，请转出的支部补上"
    with pytest.raises(InvalidInput, match="由市公司办理"):
        type(orders)(company.branches["ZK01"]).issue(record, second)
    with pytest.raises(NotFound):
        orders.withdraw("nothing", "写错")
    with pytest.raises(NotFound):
        company.here("ZK02").arrival("nothing")


def test_the_history_of_an_order_never_holds_what_it_says_of_the_person(company: Company) -> None:
    record = company.leave()
    company.up()
    order = company.orders.issue(record, company.move.target)
    with company.headquarters.unit_of_work("older program") as session:
        first = session.scalars(select(Change).where(Change.record_id == order)).one()
        assert first.after is not None
        assert first.after["name"] == "高红卫"
        assert not first.after.keys() & set(PERSONAL)
        first.after = {**first.after, "id_no": GAO["id_no"]}
    company.orders.withdraw(order, "不转了")
    with company.headquarters.reading() as session:
        for line in session.scalars(select(Change).where(Change.record_id == order)):
            assert str(GAO["id_no"]) not in repr((line.before, line.after))

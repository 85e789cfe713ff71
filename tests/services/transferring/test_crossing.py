"""Two members change places in one round of packages: each order is its own, and neither end mistakes the other's."""

from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.transfers import HereState, OrderState, TransferDirection
from desktop.services.members import MemberService
from desktop.services.members.transferring import TransferService
from desktop.services.transferring.todo import order_works
from desktop.services.transferring.unfinished import unfinished_transfers
from tests.services.members.people import GAO, LI
from tests.services.transferring.company import NAMES, TODAY, Company

LIN = LI | {"admitted_on": "2010-05-01", "full_on": "2011-05-01"}
FULL, OUT = MemberStatus.FULL_MEMBER, MemberStatus.TRANSFERRED_OUT


def test_two_members_change_places_in_one_round(company: Company) -> None:
    second = company.branches["ZK02"]
    other = MemberService(second).register({**LIN, "joined_on": "2020-01-01"})
    first_record = company.leave()
    leaving = {
        "name": LIN["name"], "member_id": other, "direction": TransferDirection.OUT, "issued_on": TODAY,
        "to_org": NAMES["ZK01"], "letter_no": "2026-9", "valid_days": 30,
    }  # fmt: skip
    second_record = TransferService(second).save(leaving, on_roster=True)
    company.up()
    assert {(move.name, move.state) for move in company.orders.moves()} == {
        (GAO["name"], OrderState.REPORTED), (LIN["name"], OrderState.REPORTED),
    }  # fmt: skip
    there = company.orders.issue(first_record, second.branch_id)
    back = company.orders.issue(second_record, company.branches["ZK01"].branch_id)
    company.down()
    for code, comes in (("ZK01", LIN), ("ZK02", GAO)):
        seen = {order.name: order.state for order in company.here(code).orders()}
        goes = GAO if comes is LIN else LIN
        assert seen == {comes["name"]: HereState.TO_RECEIVE, goes["name"]: HereState.WAITING}
    company.here("ZK02").receive(there)
    company.here("ZK01").receive(back)
    company.up()
    assert {move.state for move in company.orders.moves()} == {OrderState.RECEIVED}
    assert unfinished_transfers(company.headquarters) == []
    company.down()
    company.here("ZK01").close(there)
    company.here("ZK02").close(back)
    for code, came, went in (("ZK01", LIN, GAO), ("ZK02", GAO, LIN)):
        assert (company.status(code, came["name"]), company.status(code, went["name"])) == ([FULL], [OUT])
        assert order_works(company.branches[code]) == []
    company.up()
    company.down()
    assert {move.state for move in company.orders.moves()} == {OrderState.RECEIVED}

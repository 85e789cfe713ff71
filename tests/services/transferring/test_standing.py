"""What changes a member's standing goes along with a move: an extended probation, a punishment without the vote."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desktop.models.history import Change
from desktop.models.members import Member, MemberCondition
from desktop.models.transfers import PERSONAL, Transfer, TransferOrder
from desktop.models.vocabulary.branches import ConditionKind, MemberCategory, MemberStatus
from desktop.models.vocabulary.transfers import TransferDirection
from desktop.services.errors import InvalidInput
from desktop.services.members import MemberService
from desktop.services.members.conditions import ConditionService
from desktop.services.members.life import LifeService
from desktop.services.members.roster import Roster
from desktop.services.members.transferring import TransferService
from tests.services.members.people import GAO, LI
from tests.services.transferring.company import NAMES, TODAY, Company
from tests.stores import clock_at

ADMITTED = TODAY - timedelta(days=300)


def probationary(company: Company) -> str:
    """Enter a probationary member at the first branch, whose probation is extended; return the id."""
    first = company.branches["ZK01"]
    member = MemberService(first).register({**LI, "admitted_on": str(ADMITTED), "joined_on": str(ADMITTED)})
    life = LifeService(first)
    between = life.extension_range(member)
    assert between is not None
    life.extend_probation(member, between[0])
    return member


def order_of(company: Company, member: str, name: str, code: str = "ZK01", to: str = "ZK02") -> str:
    """Let a member be ordered from one branch to another; return the order's id."""
    values: dict[str, Any] = {
        "name": name, "member_id": member, "direction": TransferDirection.OUT, "to_org": NAMES[to],
        "issued_on": company.branches[code].today, "letter_no": "2026-8", "valid_days": 30,
    }  # fmt: skip
    record = TransferService(company.branches[code]).save(values, on_roster=True)
    company.up()
    order = company.orders.issue(record, company.branches[to].branch_id)
    company.down()
    return order


def at(company: Company, code: str, member: str) -> Member:
    """The member as the roster of a branch has it."""
    with company.branches[code].reading() as session:
        row = session.get(Member, member)
        assert row is not None
        return row


def test_an_extended_probation_goes_along_and_is_not_extended_again(company: Company) -> None:
    member = probationary(company)
    ends = at(company, "ZK01", member).probation_ends_on
    order = order_of(company, member, LI["name"])
    words = f"预备期延长至{ends}"
    (move,) = company.orders.moves()
    assert move.standing == words
    assert company.at("ZK01").standing == company.at("ZK02").standing == words

    second = company.branches["ZK02"]
    here = company.here("ZK02").receive(order)
    row = at(company, "ZK02", here)
    assert (row.status, row.probation_ends_on, row.extended_once) == (MemberStatus.PROBATIONARY, ends, True)
    with pytest.raises(InvalidInput, match="只能延长一次"):
        LifeService(second).extend_probation(here, ends)  # type: ignore[arg-type]
    with second.reading() as session:
        receipt = session.scalars(select(Transfer)).one()
        assert (receipt.receipt_on, receipt.note) == (TODAY, words)

    company.up("ZK02")
    with company.headquarters.reading() as session:
        kept = session.get(TransferOrder, order)
        assert kept is not None
        assert {getattr(kept, name) for name in PERSONAL} == {None}
        for line in session.scalars(select(Change).where(Change.record_id == order)):
            assert not (line.before or {}).keys() & set(PERSONAL)
            assert not (line.after or {}).keys() & set(PERSONAL)


def test_a_first_probation_is_reckoned_where_the_member_comes(company: Company) -> None:
    first = company.branches["ZK01"]
    member = MemberService(first).register({**LI, "admitted_on": str(ADMITTED), "joined_on": str(ADMITTED)})
    order = order_of(company, member, LI["name"])
    assert company.at("ZK02").standing == ""
    row = at(company, "ZK02", company.here("ZK02").receive(order))
    assert (row.probation_ends_on, row.extended_once) == (at(company, "ZK01", member).probation_ends_on, False)


@pytest.mark.parametrize("until", [None, TODAY + timedelta(days=400)])
def test_who_is_on_probation_within_the_party_has_no_vote_at_the_other_branch_either(
    company: Company, until: date | None
) -> None:
    first, second = company.branches["ZK01"], company.branches["ZK02"]
    (member,) = (row.id for row in MemberService(first).roster() if row.name == GAO["name"])
    since = TODAY - timedelta(days=30)
    ConditionService(first).save(member, ConditionKind.PROBATION_DISCIPLINE, since, until, reason="内部掌握")
    order = order_of(company, member, GAO["name"])
    assert company.at("ZK02").standing == f"留党察看（{since}起{f'，至{until}' if until else ''}）"

    here = company.here("ZK02").receive(order)
    with second.reading() as session:
        (kept,) = session.scalars(select(MemberCondition)).all()
        assert (kept.member_id, kept.kind, kept.from_on, kept.to_on, kept.reason) == (
            here, ConditionKind.PROBATION_DISCIPLINE, since, until, "由第一党支部转来",
        )  # fmt: skip
        roster = Roster.load(session, second.branch_id)
        assert [row.kind for row in roster.conditions(here, TODAY)] == [ConditionKind.PROBATION_DISCIPLINE]


def test_sex_and_birth_are_told_where_no_number_says_them(company: Company) -> None:
    first = company.branches["ZK01"]
    typed = {name: value for name, value in GAO.items() if name != "id_no"}
    member = MemberService(first).register(
        {**typed, "name": "王建国", "gender": "男", "born_on": "1984-11", "joined_on": "2020-01-01"}
    )
    order = order_of(company, member, "王建国")
    assert company.here("ZK02").arrival(order).typed["born_on"] == "1984年11月"
    row = at(company, "ZK02", company.here("ZK02").receive(order))
    was = at(company, "ZK01", member)
    assert (row.gender, row.born_on, row.born_precision) == (was.gender, was.born_on, was.born_precision)


def test_who_comes_back_is_what_the_person_became_meanwhile(company: Company) -> None:
    first = company.branches["ZK01"]
    member = MemberService(first).register({**LI, "admitted_on": str(ADMITTED), "joined_on": str(ADMITTED)})
    order = order_of(company, member, LI["name"])
    there = company.here("ZK02").receive(order)
    company.up()
    company.down()
    company.here("ZK01").close(order)
    for store in (company.headquarters, *company.branches.values()):
        store.clock = clock_at(f"{TODAY + timedelta(days=80)} 09:00")
    full = ADMITTED + timedelta(days=366)
    LifeService(company.branches["ZK02"]).transition(there, MemberStatus.FULL_MEMBER, full, document_no="批复1号")
    company.up()
    company.down()
    back = order_of(company, there, LI["name"], "ZK02", "ZK01")
    assert company.here("ZK01").receive(back) == member
    row = at(company, "ZK01", member)
    assert (row.status, row.category, row.full_on) == (
        MemberStatus.FULL_MEMBER, MemberCategory.FULL_MEMBER, full,
    )  # fmt: skip

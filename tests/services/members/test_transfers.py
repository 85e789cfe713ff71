"""Moves of membership: what the ledger says and what only the steps of a member say, and what the score makes of it."""

from datetime import date

import pytest

from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.members import LifeService, MemberService
from desktop.services.members.deadlines import deadlines
from desktop.services.members.transfers import Move, moves_of, paid_doubt
from desktop.services.registers import RegisterService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.members.people import GAO

OUT = {"name": "高红卫", "direction": "转出", "issued_on": "2026-06-01", "valid_days": "30"}


def _moves(store: Store) -> list[Move]:
    with store.reading() as session:
        return moves_of(session, store.branch_id)


def test_a_state_without_a_letter_on_record_is_a_move_too(
    store: Store, members: MemberService, life: LifeService
) -> None:
    gone = members.register(GAO)
    life.transition(gone, MemberStatus.TRANSFER_PENDING, date(2026, 6, 1))
    (move,) = _moves(store)
    assert (move.record_id, move.member_id, move.issued_on, move.closed_on) == ("", gone, date(2026, 6, 1), None)
    RegisterService(store).save("transfer", OUT)
    (move,) = _moves(store)
    assert move.record_id
    assert (move.member_id, move.runs_out(90)) == (gone, date(2026, 7, 1))
    life.transition(gone, MemberStatus.TRANSFERRED_OUT, date(2026, 6, 20))
    assert [move.closed_on for move in _moves(store)] == [date(2026, 6, 20)]


def test_a_move_that_was_called_off_is_none(store: Store, members: MemberService, life: LifeService) -> None:
    gone = members.register(GAO)
    life.transition(gone, MemberStatus.TRANSFER_PENDING, date(2026, 6, 1))
    life.transition(gone, MemberStatus.FULL_MEMBER, date(2026, 6, 20))
    assert _moves(store) == []
    life.transition(gone, MemberStatus.TRANSFER_PENDING, date(2026, 9, 1))
    assert [move.issued_on for move in _moves(store)] == [date(2026, 9, 1)]


def test_the_score_judges_transfers_and_leads_to_their_form(
    store: Store, members: MemberService, life: LifeService
) -> None:
    gone = members.register(GAO)
    life.transition(gone, MemberStatus.TRANSFER_PENDING, date(2026, 6, 1))

    def item() -> tuple[str, dict[str, str]]:
        score = StandardService(store).score(store.today)
        found = next(item for item in score.items if item.item.id == "D3-07")
        return found.status, dict(found.gaps[0].where.prefill) if found.gaps else {}

    known = {"name": "高红卫", "direction": "out", "issued_on": "2026-06-01", "member_id": gone}
    assert item() == ("open", known)
    record = RegisterService(store).save("transfer", {**OUT, "receipt_on": "2026-06-25"})
    assert item() == ("met", {})
    RegisterService(store).save("transfer", {"receipt_on": "2026-07-02"}, record)
    assert item() == ("open", {"id": record})


@pytest.mark.parametrize(
    ("paid", "behind"),
    [(None, 0), (date(2026, 6, 1), 0), (date(2026, 5, 1), 0), (date(2026, 4, 1), 2), (date(2025, 12, 1), 6)],
)
def test_dues_that_end_long_before_the_letter_are_doubted(paid: date | None, behind: int) -> None:
    words = paid_doubt(paid, date(2026, 6, 20), 1)
    assert (f"早{behind}个月" in words) is bool(behind)
    assert bool(words) is bool(behind)


def test_dues_behind_are_to_do_with_the_letter_that_says_it(store: Store, members: MemberService) -> None:
    gone = members.register(GAO)
    kept = RegisterService(store).save(
        "transfer", {**OUT, "issued_on": "2026-11-02", "member_id": gone, "paid_until": "2026年6月"}
    )
    (told,) = (each for each in deadlines(store) if "党费" in each.what)
    assert told.what.startswith("高红卫2026-11-02转出，党费只交到2026年6月，比转接的月份早5个月")
    assert told.where.prefill == {"id": kept}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"issued_on": "2026-11-02"}, "高红卫2026-11-02内部转接，等接收支部回执"),
        ({"issued_on": "2026-10-02"}, "高红卫2026-10-02内部转接满1个月还没有登记接收，同接收支部核实，办结或者撤回"),
        ({"issued_on": "2026-11-02", "valid_days": "10"}, "介绍信2026-11-12已过有效期，同接收支部核实"),
        ({"issued_on": "2026-10-02", "receipt_on": "2026-10-20"}, ""),
    ],
)
def test_a_move_within_the_committee_has_its_clock_and_is_no_matter_of_the_score(
    store: Store, members: MemberService, typed: dict[str, str], told: str
) -> None:
    members.register(GAO)
    RegisterService(store).save("transfer", {"name": "高红卫", "direction": "内部", **typed})
    words = "；".join(each.what for each in deadlines(store) if each.rule == "组织关系转接")
    assert told in words
    assert bool(words) is bool(told)
    assert _moves(store) == []

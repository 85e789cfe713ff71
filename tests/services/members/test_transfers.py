"""Moves of membership: what the ledger says and what only the steps of a member say, and what the score makes of it."""

from datetime import date

from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.members import LifeService, MemberService
from desktop.services.members.transfers import Move, moves_of
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

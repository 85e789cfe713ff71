"""A transfer and the roster: the roster follows when it is said so, in the same action, and never by itself."""

from datetime import date

import pytest

from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.transfers import TransferDirection
from desktop.services.branches import BranchService
from desktop.services.errors import InvalidInput
from desktop.services.members import LifeService, MemberService
from desktop.services.members.transferring import TransferService
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from tests.services.members.people import GAO

OUT = {"name": "高红卫", "direction": "转出", "issued_on": "2026-11-02", "to_org": "郑州党支部", "letter_no": "7号"}
IN = {"name": "王小雨", "direction": "转入", "issued_on": "2026-11-02", "category": "正式党员", "phone": "13800000001"}


def test_a_letter_and_its_receipt_are_the_steps_of_the_member(
    store: Store, members: MemberService, life: LifeService
) -> None:
    transfers, gone = TransferService(store), members.register(GAO)
    record = transfers.save({**OUT, "member_id": gone})
    assert members.member(gone).status is MemberStatus.FULL_MEMBER
    transfers.save({}, record, on_roster=True)
    assert members.member(gone).status is MemberStatus.TRANSFER_PENDING
    transfers.save({"receipt_on": "2026-11-20"}, record, on_roster=True)
    steps = [(step.to_status, step.on, step.document_no, step.note) for step in life.history(gone)]
    assert steps == [
        (MemberStatus.TRANSFER_PENDING, date(2026, 11, 2), "7号", "转往郑州党支部"),
        (MemberStatus.TRANSFERRED_OUT, date(2026, 11, 20), "7号", "转往郑州党支部"),
    ]


def test_whoever_moved_in_is_entered_and_whoever_came_back_belongs_again(store: Store, members: MemberService) -> None:
    transfers = TransferService(store)
    record = transfers.save({**IN, "receipt_on": "2026-11-10"}, on_roster=True)
    came = members.find("王小雨")
    assert RegisterService(store).row("transfer", record).values["member_id"] == came
    assert members.member(came).joined_on == date(2026, 11, 10)
    transfers.save({**OUT, "name": "王小雨", "issued_on": "2026-11-12", "receipt_on": "2026-11-13", "member_id": came},
                   on_roster=True)  # fmt: skip
    assert members.member(came).status is MemberStatus.TRANSFERRED_OUT
    transfers.save({**IN, "issued_on": "2026-11-14", "receipt_on": "2026-11-15", "member_id": came}, on_roster=True)
    assert members.member(came).status is MemberStatus.FULL_MEMBER


@pytest.mark.parametrize(
    ("typed", "field"), [(OUT, "member_id"), (IN, "receipt_on"), ({**OUT, "direction": "内部"}, "direction")]
)
def test_where_the_roster_cannot_follow_nothing_is_kept(store: Store, typed: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        TransferService(store).save(typed, on_roster=True)
    assert refused.value.name == field
    assert RegisterService(store).rows("transfer", 2026) == []


def test_what_the_roster_knows_of_whoever_moves_is_not_asked_again(store: Store, members: MemberService) -> None:
    transfers, who = TransferService(store), members.register({**GAO, "phone": "13800000002"})
    full = {"name": "高红卫", "category": MemberCategory.FULL_MEMBER, "phone": "13800000002"}
    own = BranchService(store).profile().name
    assert transfers.known(who, None) == full
    assert transfers.known(who, TransferDirection.OUT) == {**full, "from_org": own}
    assert transfers.known(who, TransferDirection.IN) == {**full, "to_org": own}


def test_the_roster_is_never_said_to_follow_where_nothing_of_it_changes(store: Store, members: MemberService) -> None:
    transfers, here = TransferService(store), members.register(GAO)
    back = {**IN, "name": "高红卫", "issued_on": "2026-11-14", "receipt_on": "2026-11-15", "member_id": here}
    with pytest.raises(InvalidInput, match="没有转出过") as refused:
        transfers.save(back, on_roster=True)
    assert refused.value.name == "direction"
    record = transfers.save({**OUT, "member_id": here}, on_roster=True)
    with pytest.raises(InvalidInput, match="转出未回执"):
        transfers.save(back, on_roster=True)
    transfers.save({"receipt_on": "2026-11-13"}, record, on_roster=True)
    with pytest.raises(InvalidInput, match="已转出"):
        transfers.save({**OUT, "issued_on": "2026-11-14", "member_id": here}, on_roster=True)
    returned = transfers.save(back, on_roster=True)
    transfers.save({"letter_no": "9号"}, returned, on_roster=True)
    assert members.member(here).status is MemberStatus.FULL_MEMBER
    assert len(RegisterService(store).rows("transfer", 2026)) == 2

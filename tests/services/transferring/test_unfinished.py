"""One ID number on two rosters at headquarters: who it is, where, and what is missing."""

from pathlib import Path

from desktop.models.members import Member
from desktop.models.sync import Partner
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.services.store import Store
from desktop.services.transferring.unfinished import unfinished_transfers
from tests.stores import new_store

WANG, LI = "41272719850101002X", "412727198501010038"
FULL, PENDING, OUT = MemberStatus.FULL_MEMBER, MemberStatus.TRANSFER_PENDING, MemberStatus.TRANSFERRED_OUT
Person = tuple[str, str | None, MemberStatus]


def put(store: Store, **branches: tuple[Person, ...]) -> None:
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        for code, people in branches.items():
            org = code.ljust(36, "0")
            session.add(Partner(org=org, code=code, name=f"{code}党支部", state=PartnerState.ACTIVE, install=org))
            for name, number, status in people:
                category = MemberCategory.FULL_MEMBER
                session.add(Member(branch_id=org, name=name, id_no=number, status=status, category=category))


def test_a_person_on_two_rosters_is_a_transfer_not_completed(tmp_path: Path) -> None:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        put(
            store,
            ZK01=(("王芳", WANG, PENDING), ("李四", LI, FULL), ("无证", None, FULL), ("赵六", "", FULL)),
            ZK02=(("王芳", WANG.lower(), FULL), ("无证", None, FULL), ("赵六", "", FULL)),
            ZK03=(("李思", LI, FULL), ("王芳", WANG, OUT)),
        )
        found = unfinished_transfers(store)
    assert [(each.name, [place.code for place in each.places]) for each in found] == [
        ("李四、李思", ["ZK01", "ZK03"]),
        ("王芳", ["ZK01", "ZK02"]),
    ]
    assert [each.words for each in found] == [
        "没有登记转出：请核对是转接没有办完，还是证号录错",
        "ZK01 转出未回执：请它登记回执日期",
    ]
    assert all("****" in each.id_no for each in found)


def test_a_transfer_that_is_completed_is_none(tmp_path: Path) -> None:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        put(store, ZK01=(("王芳", WANG, OUT),), ZK02=(("王芳", WANG, FULL),))
        assert unfinished_transfers(store) == []

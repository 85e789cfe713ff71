"""Invitation and registration: both sides end up with the same facts, and every wrong file changes nothing."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.branches import Branch
from desktop.models.history import SettingName
from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.services.errors import Conflict, InvalidInput, NotFound, PackageRefused, StorageFailure
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from tests.services.sync.parties import dump, enrol, make, reopened


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[Store]:
    with make(tmp_path / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as store:
        yield store


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Store]:
    with make(tmp_path / "branch", name="草稿名") as store:
        yield store


def refusal(store: Store, action: object) -> str:
    """The code an action is refused with; it must change nothing."""
    assert callable(action)
    before = dump(store)
    with pytest.raises((PackageRefused, InvalidInput, Conflict, StorageFailure)) as raised:
        action()
    assert dump(store) == before
    return str(raised.value.code)


def test_both_sides_know_each_other_in_the_end(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    with branch.unit_of_work("登记党员") as session:
        session.add(
            Member(
                branch_id=branch.branch_id,
                name="王芳",
                category=MemberCategory.FULL_MEMBER,
                status=MemberStatus.FULL_MEMBER,
            )
        )
    old = branch.branch_id
    hq, own = EnrolmentService(headquarters), EnrolmentService(branch)
    invitation = hq.invite("ＺＫ０３", "第三党支部", "leaf", tmp_path)
    assert invitation.path.name.startswith("ZK03_邀请_20260301_")
    assert invitation.expires_on.isoformat() == "2026-03-31"

    pending = own.accept_invitation(invitation.path)
    assert (pending.headquarters, pending.code, pending.name) == ("市公司党建科", "ZK03", "第三党支部")
    assert pending.fingerprint == invitation.fingerprint == hq.fingerprint()
    assert own.partners() == [], "nothing is kept before the confirmation"
    registration = pending.confirm(tmp_path)
    assert registration.path.name.startswith("ZK03_登记_20260301_")

    asked = hq.accept_registration(registration.path)
    assert asked.fingerprint == registration.fingerprint == own.fingerprint()
    assert not asked.replaces
    row = asked.confirm()
    assert (row.code, row.name, row.group, row.state) == ("ZK03", "第三党支部", "leaf", PartnerState.ACTIVE)

    assert branch.branch_id == row.org != old
    assert branch.setting(SettingName.NAME) == "第三党支部"
    with branch.reading() as session:
        profile = session.scalars(select(Branch)).one()
        assert (profile.id, profile.branch_id, profile.code, profile.group_kind) == (row.org, row.org, "ZK03", "leaf")
        assert session.scalars(select(Member.branch_id)).all() == [row.org]
    known = own.headquarters()
    assert known is not None
    assert (known.org, known.fingerprint) == (headquarters.org, hq.fingerprint())


def test_the_new_uid_is_there_after_opening_again(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    enrol(headquarters, branch, "ZK03", "第三党支部", tmp_path / "files")
    org = branch.branch_id
    with reopened(branch) as again:
        assert again.branch_id == org


def test_the_token_is_used_once(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    hq = EnrolmentService(headquarters)
    invitation = hq.invite("ZK03", "第三党支部", "mixed", tmp_path / "a.dzk")
    registration = EnrolmentService(branch).accept_invitation(invitation.path).confirm(tmp_path / "b.dzk")
    hq.accept_registration(registration.path).confirm()
    assert refusal(headquarters, lambda: hq.accept_registration(registration.path)) == "I-DUP"
    with make(tmp_path / "thief") as thief:
        stolen = EnrolmentService(thief).accept_invitation(invitation.path).confirm(tmp_path / "c.dzk")
    assert refusal(headquarters, lambda: hq.accept_registration(stolen.path)) == "E-TOKEN"


def test_the_same_invitation_taken_in_twice_writes_the_same_registration(
    headquarters: Store, branch: Store, tmp_path: Path
) -> None:
    invitation = EnrolmentService(headquarters).invite("ZK03", "第三党支部", "mixed", tmp_path / "a.dzk")
    own = EnrolmentService(branch)
    first = own.accept_invitation(invitation.path).confirm(tmp_path / "b.dzk")
    second = own.accept_invitation(invitation.path).confirm(tmp_path / "c.dzk")
    assert first.fingerprint == second.fingerprint
    EnrolmentService(headquarters).accept_registration(second.path).confirm()
    assert refusal(headquarters, lambda: EnrolmentService(headquarters).accept_registration(first.path)) == "I-DUP"


def test_an_expired_invitation_is_refused_on_both_sides(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    invitation = EnrolmentService(headquarters).invite("ZK03", "第三党支部", "mixed", tmp_path / "a.dzk")
    registration = EnrolmentService(branch).accept_invitation(invitation.path).confirm(tmp_path / "b.dzk")
    with reopened(headquarters, "2026-04-01 08:00") as later:
        hq = EnrolmentService(later)
        assert refusal(later, lambda: hq.accept_registration(registration.path)) == "E-TOKEN"
    with make(tmp_path / "late", at="2026-04-01 08:00") as late:
        assert refusal(late, lambda: EnrolmentService(late).accept_invitation(invitation.path)) == "E-TOKEN"


def test_a_new_pc_takes_the_place_of_the_lost_one(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    enrol(headquarters, branch, "ZK03", "第三党支部", tmp_path / "files")
    hq = EnrolmentService(headquarters)
    invitation = hq.invite("ZK03", "第三党支部", "mixed", tmp_path / "again.dzk")
    with make(tmp_path / "new pc") as fresh:
        registration = EnrolmentService(fresh).accept_invitation(invitation.path).confirm(tmp_path / "new.dzk")
        pending = hq.accept_registration(registration.path)
        assert pending.replaces
        pending.confirm()
        assert fresh.branch_id == branch.branch_id
    assert [(one.state, one.fingerprint) for one in hq.partners()] == [
        (PartnerState.ACTIVE, registration.fingerprint),
        (PartnerState.REVOKED, EnrolmentService(branch).fingerprint()),
    ]


def test_a_revoked_branch_is_no_partner_any_more(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    enrol(headquarters, branch, "ZK03", "第三党支部", tmp_path / "files")
    hq = EnrolmentService(headquarters)
    hq.revoke(branch.branch_id)
    assert [one.state for one in hq.partners()] == [PartnerState.REVOKED]


def test_a_registration_taken_before_eight_in_the_morning_counts_from_that_day(
    headquarters: Store, branch: Store, tmp_path: Path
) -> None:
    invitation = EnrolmentService(headquarters).invite("ZK03", "第三党支部", "mixed", tmp_path / "a.dzk")
    registration = EnrolmentService(branch).accept_invitation(invitation.path).confirm(tmp_path / "b.dzk")
    with reopened(headquarters, "2026-03-02 06:00") as early:
        hq = EnrolmentService(early)
        hq.accept_registration(registration.path).confirm()
        with pytest.raises(PackageRefused, match="I-DUP") as refused:
            hq.accept_registration(registration.path)
    assert refused.value.facts["date"] == "2026-03-02"


def test_standard_tools_learn_the_key_of_a_branch(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    enrol(headquarters, branch, "ZK03", "第三党支部", tmp_path)
    line = EnrolmentService(headquarters).allowed_signer(branch.branch_id)
    assert line.startswith('ZK03 namespaces="dzb-sync-v1" ssh-ed25519 AAAA')
    EnrolmentService(headquarters).revoke(branch.branch_id)
    with pytest.raises(NotFound):
        EnrolmentService(headquarters).allowed_signer(branch.branch_id)


def test_the_escrow_key_travels_with_the_invitation(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    hq = EnrolmentService(headquarters)
    public = hq.save_escrow(tmp_path / "escrow.txt")
    assert public in (tmp_path / "escrow.txt").read_text("ascii")
    hq.invite("ZK03", "第三党支部", "mixed", tmp_path / "a.dzk")
    with zipfile.ZipFile(tmp_path / "a.dzk") as archive:
        said = json.loads(archive.read("header.json"))["data"]
    assert said["headquarters"]["recipients"][1] == public


def test_what_does_not_fit_is_refused_and_changes_nothing(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    hq, own = EnrolmentService(headquarters), EnrolmentService(branch)
    hq.fingerprint()
    to = tmp_path / "x.dzk"
    assert refusal(headquarters, lambda: hq.invite("ZK 03", "名", "mixed", to)) == "E-INPUT"
    assert refusal(headquarters, lambda: hq.invite("ZK03", " ", "mixed", to)) == "E-INPUT"
    assert refusal(headquarters, lambda: hq.invite("ZK03", "名", "nobody", to)) == "E-INPUT"
    assert refusal(branch, lambda: own.invite("ZK03", "名", "mixed", to)) == "E-WRONG-KIND"
    invitation = hq.invite("ZK03", "第三党支部", "mixed", tmp_path / "a.dzk")
    assert refusal(headquarters, lambda: hq.accept_invitation(invitation.path)) == "E-WRONG-KIND"
    assert refusal(headquarters, lambda: hq.accept_registration(invitation.path)) == "E-PKG-FORMAT"
    (tmp_path / "text").write_text("hello")
    assert refusal(branch, lambda: own.accept_invitation(tmp_path / "text")) == "E-PKG-FORMAT"
    assert refusal(branch, lambda: own.accept_invitation(tmp_path / "missing")) == "E-DISK"
    assert not to.exists()


def test_every_flipped_byte_of_an_invitation_is_refused(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    path = EnrolmentService(headquarters).invite("ZK03", "第三党支部", "mixed", tmp_path / "a.dzk").path
    data = path.read_bytes()
    before = dump(branch)
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1
        path.write_bytes(changed)
        with pytest.raises(PackageRefused):
            EnrolmentService(branch).accept_invitation(path)
    assert dump(branch) == before


def test_a_registration_for_another_headquarters_is_refused(headquarters: Store, branch: Store, tmp_path: Path) -> None:
    invitation = EnrolmentService(headquarters).invite("ZK03", "第三党支部", "mixed", tmp_path / "a.dzk")
    registration = EnrolmentService(branch).accept_invitation(invitation.path).confirm(tmp_path / "b.dzk")
    with make(tmp_path / "other", StoreKind.HEADQUARTERS, "另一单位") as other:
        service = EnrolmentService(other)
        service.fingerprint()
        assert refusal(other, lambda: service.accept_registration(registration.path)) == "E-PKG-TO"


def test_a_registration_that_cannot_be_written_changes_nothing(
    headquarters: Store, branch: Store, tmp_path: Path
) -> None:
    invitation = EnrolmentService(headquarters).invite("ZK03", "第三党支部", "mixed", tmp_path / "a.dzk")
    pending = EnrolmentService(branch).accept_invitation(invitation.path)
    (tmp_path / "file").write_text("in the way")
    org = branch.branch_id
    assert refusal(branch, lambda: pending.confirm(tmp_path / "file" / "b.dzk")).startswith("E-DISK")
    assert branch.branch_id == org

"""Other keys, as planned: announced, taken up, the former ones good for nothing new, and what restores make of it."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.sync import OwnKey, Partner, SyncPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PackageState, PartnerState
from desktop.services.backup import BackupService, restore
from desktop.services.data_key import change_data_key
from desktop.services.errors import Conflict
from desktop.services.handing_over import HandoverService
from desktop.services.opening import open_store
from desktop.services.security.key_witness import NAME
from desktop.services.security.keys import Identity
from desktop.services.store import Store
from desktop.services.sync import installation
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.package_reader import peek
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.rotation import KeyService
from desktop.services.sync.sending import Sender
from desktop.services.sync.sent import sent_packages
from desktop.services.sync.stale import declare_local_valid
from tests.services.sync.pairs import Pair, add_member, copy_of, names
from tests.services.sync.parties import enrol, make
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at

CLOCK = clock_at("2026-03-02 09:00")


def signed_by(file: Path) -> str:
    return peek(file)[0].sender.key


def key_ids(store: Store) -> list[str]:
    """The keys of a store, newest first."""
    with store.reading() as session:
        rows = session.scalars(select(OwnKey).where(OwnKey.purpose == installation.IDENTITY).order_by(OwnKey.id.desc()))
        return [Identity.from_bytes(row.secret or b"").public.key_id for row in rows]


def reopen(store: Store) -> Store:
    store.close()
    return open_store(store.folder, PASSWORD, LOGIN, clock=CLOCK)


def around(pair: Pair) -> None:
    """One exchange each way."""
    assert pair.take(pair.report()) == ["OK"]
    assert pair.hear(pair.answer()) == ["OK"]


def raw_restore(store: Store, copy: Path) -> Store:
    """Put a raw copy in the place of a store's database and packages; the witnesses beside stay."""
    store.close()
    for part in ("main.db", "main.db-wal", "main.db-shm"):
        (store.folder / part).unlink(missing_ok=True)
    shutil.copyfile(copy / "main.db", store.folder / "main.db")
    if (copy / "main.db-wal").exists():
        shutil.copyfile(copy / "main.db-wal", store.folder / "main.db-wal")
    return open_store(store.folder, PASSWORD, LOGIN, clock=CLOCK)


def waiting(store: Store) -> tuple[str, ...]:
    state = KeyService(store).state()
    assert state is not None
    return state.waiting


@pytest.mark.parametrize("who", ["branch", "headquarters"])
def test_new_keys_are_announced_confirmed_and_taken_up(pair: Pair, who: str) -> None:
    around(pair)
    store = pair.branch if who == "branch" else pair.headquarters
    (former,) = key_ids(store)
    fingerprint = KeyService(store).rotate()
    newest, _ = key_ids(store)
    assert waiting(store)

    seen = []
    for _ in range(3):
        add_member(pair.branch, "新来的人")
        up = pair.report()
        assert pair.take(up) == ["OK"]
        down = pair.answer()
        assert pair.hear(down) == ["OK"]
        seen.append(signed_by(up if who == "branch" else down))
    assert seen[0] == former
    assert seen[-1] == newest
    assert waiting(store) == ()
    state = KeyService(store).state()
    assert state is not None
    assert (state.fingerprint, state.former, state.known) == (fingerprint, "", True)
    other = pair.headquarters if who == "branch" else pair.branch
    with other.reading() as session:
        (partner,) = session.scalars(select(Partner)).all()
        assert (partner.next_sign_pub, len(partner.former_keys)) == (None, 1)
    assert [row.fingerprint for row in EnrolmentService(other).partners()] == [fingerprint]
    assert names(pair.headquarters) == names(pair.branch)


def test_packages_on_the_way_are_still_opened(pair: Pair) -> None:
    """Made before the change, encrypted to the former key: what comes late comes late, no more."""
    around(pair)
    late = pair.answer()
    KeyService(pair.branch).rotate()
    around(pair)
    around(pair)
    around(pair)
    assert waiting(pair.branch) == ()
    assert pair.hear(late) in (["I-STALE"], ["I-DUP"])


def test_a_key_made_after_the_clock_was_set_back_is_the_newest(pair: Pair) -> None:
    with pair.branch.unit_of_work("钟表快了时生成的钥匙") as session:
        former = session.scalars(select(OwnKey).where(OwnKey.purpose == installation.IDENTITY)).one()
        former.id = "ffff" + former.id[4:]
    fingerprint = KeyService(pair.branch).rotate()
    state = KeyService(pair.branch).state()
    assert state is not None
    assert (state.fingerprint, len(state.waiting)) == (fingerprint, 1), "it waits to be confirmed, as any other"


def test_a_handover_says_that_its_change_waits_for_an_earlier_one(pair: Pair) -> None:
    KeyService(pair.branch).rotate()
    pair.branch.clock = clock_at("2026-11-28 09:00")
    HandoverService(pair.branch).begin()
    handover = HandoverService(pair.branch).state()
    assert handover is not None
    step = next(step for step in handover.steps if step.key == "keys")
    assert step.waits
    assert not step.done
    assert step.words.startswith("上一次更换还没有完成：")


def test_a_change_that_was_cut_short_before_the_trail_knew_it_counts_for_a_handover(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    HandoverService(pair.branch).begin()

    def killed(*_words: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pair.branch, "audit", killed)
        with pytest.raises(KeyboardInterrupt):
            KeyService(pair.branch).rotate()
    handover = HandoverService(pair.branch).state()
    assert handover is not None
    assert next(step for step in handover.steps if step.key == "keys").done


def test_a_second_change_waits_for_the_first(pair: Pair) -> None:
    KeyService(pair.branch).rotate()
    with pytest.raises(Conflict):
        KeyService(pair.branch).rotate()
    around(pair)
    around(pair)
    around(pair)
    KeyService(pair.branch).rotate()


def test_a_lost_announcement_goes_with_the_next_package(pair: Pair) -> None:
    KeyService(pair.branch).rotate()
    for _ in range(3):
        add_member(pair.branch, "新来的人")
        pair.report()
    around(pair)
    around(pair)
    assert waiting(pair.branch) == ()


def test_who_stole_the_former_key_signs_nothing_new_with_it(pair: Pair, tmp_path: Path) -> None:
    around(pair)
    stolen = copy_of(pair.branch, tmp_path / "stolen")
    KeyService(pair.branch).rotate()
    for _ in range(3):
        add_member(pair.branch, "新来的人")
        around(pair)
    before = names(pair.headquarters)
    (stolen / NAME).unlink(missing_ok=True)
    with open_store(stolen, PASSWORD, LOGIN, clock=CLOCK) as thief:
        KeyService(thief).rotate()
        forged = Sender(thief).pack(tmp_path).file
        newer = pair.answer()
        assert Receiver(thief).receive([newer])[0].code in ("OK", "E-FORK", "E-KEY-UNKNOWN", "E-PKG-TO", "E-KEY-LOST")
    assert pair.take(forged) == ["E-KEY-OLD"]
    assert names(pair.headquarters) == before
    with pair.headquarters.reading() as session:
        (partner,) = session.scalars(select(Partner)).all()
        assert partner.next_sign_pub is None
    around(pair)


def test_a_former_key_does_not_even_pass_by_a_descent_that_fits(pair: Pair, tmp_path: Path) -> None:
    """Its package says to follow the one in force: with the former key that is no use."""
    around(pair)
    stolen = copy_of(pair.branch, tmp_path / "stolen")
    KeyService(pair.branch).rotate()
    for _ in range(3):
        around(pair)
    line = sent_packages(pair.branch)
    (stolen / NAME).unlink(missing_ok=True)
    with open_store(stolen, PASSWORD, LOGIN, clock=CLOCK) as thief:
        with thief.unit_of_work("伪造", Act.EXCHANGE) as session:
            session.add(
                SyncPackage(
                    partner=pair.headquarters.org,
                    seq=line[0].seq,
                    package_hash=line[0].package_hash,
                    kind="report",
                    header={},
                    size_bytes=0,
                    file_name="",
                    state=PackageState.ACKED,
                    built_at_utc="2026-03-02T01:00:00Z",
                )
            )
        forged = Sender(thief).pack(tmp_path).file
    assert pair.take(forged) == ["E-KEY-OLD"]
    around(pair)


def test_while_a_change_is_under_way_nobody_announces_another(pair: Pair, tmp_path: Path) -> None:
    around(pair)
    stolen = copy_of(pair.branch, tmp_path / "stolen")
    fingerprint = KeyService(pair.branch).rotate()
    assert pair.take(pair.report()) == ["OK"]
    with pair.headquarters.reading() as session:
        (noted,) = session.scalars(select(Partner.next_sign_pub)).all()
    with open_store(stolen, PASSWORD, LOGIN, clock=CLOCK) as thief:
        KeyService(thief).rotate()
        Sender(thief).pack(tmp_path)
        forged = Sender(thief).pack(tmp_path).file
    (result,) = Receiver(pair.headquarters).receive([forged])
    if result.code == "E-FORK":
        result = Receiver(pair.headquarters).accept_fork(result.package_hash)
    assert "没有采用" in result.told
    with pair.headquarters.reading() as session:
        assert session.scalars(select(Partner.next_sign_pub)).all() == [noted]
    state = KeyService(pair.branch).state()
    assert state is not None
    assert state.fingerprint == fingerprint


# restores


@pytest.mark.parametrize("who", ["branch", "headquarters"])
def test_a_restored_store_keeps_the_keys_made_since(pair: Pair, tmp_path: Path, who: str) -> None:
    around(pair)
    store = pair.branch if who == "branch" else pair.headquarters
    copy = copy_of(store, tmp_path / "copy")
    KeyService(store).rotate()
    for _ in range(3):
        add_member(pair.branch, "新来的人")
        around(pair)
    newest = key_ids(store)[0]
    back = raw_restore(store, copy)
    setattr(pair, who, back)
    assert key_ids(back)[0] == newest
    with back.reading() as session:
        (partner,) = session.scalars(select(Partner)).all()
        assert partner.own_key == newest, "the other side does not take the former one any more"
    settle(pair)
    back.close()


def settle(pair: Pair) -> None:
    """One honest exchange after one side went back: what waits is decided, and both agree."""
    declare_local_valid(pair.branch)
    packed = Sender(pair.branch).pack(pair.stick)
    (result,) = Receiver(pair.headquarters).receive([packed.file])
    if result.code == "E-FORK":
        result = Receiver(pair.headquarters).accept_fork(packed.package_hash)
    assert result.code == "OK"
    assert pair.hear(pair.answer())[0] in ("OK", "I-BEHIND")
    assert names(pair.headquarters) == names(pair.branch)


def test_a_backup_of_before_the_change_restored_by_the_program_signs_as_now(pair: Pair, tmp_path: Path) -> None:
    around(pair)
    file = BackupService(pair.branch).to_file(tmp_path)
    KeyService(pair.branch).rotate()
    for _ in range(3):
        around(pair)
    newest, folder = key_ids(pair.branch)[0], pair.branch.folder
    pair.branch.close()
    restore(file, folder, PASSWORD, clock=CLOCK)
    pair.branch = open_store(folder, PASSWORD, LOGIN, clock=CLOCK)
    assert signed_by(pair_report(pair)) == newest
    pair.branch.close()


def pair_report(pair: Pair) -> Path:
    declare_local_valid(pair.branch)
    return pair.report()


def test_headquarters_that_forgot_the_new_key_of_a_branch_learns_it_again(pair: Pair, tmp_path: Path) -> None:
    around(pair)
    copy = copy_of(pair.headquarters, tmp_path / "copy")
    KeyService(pair.branch).rotate()
    for _ in range(3):
        add_member(pair.branch, "新来的人")
        around(pair)
    pair.headquarters = raw_restore(pair.headquarters, copy)
    assert pair.take(pair.report()) == ["E-KEY-UNKNOWN"]
    assert pair.hear(pair.answer())[0] in ("OK", "I-BEHIND", "E-FORK")
    forks = [row for row in Receiver(pair.branch).received() if row.forked]
    if forks:
        Receiver(pair.branch).accept_fork(forks[0].package_hash)
    settle(pair)
    settle(pair)
    assert waiting(pair.branch) == ()
    pair.headquarters.close()


def test_a_branch_that_lost_its_new_key_is_invited_anew(pair: Pair, tmp_path: Path) -> None:
    around(pair)
    copy = copy_of(pair.branch, tmp_path / "copy")
    KeyService(pair.branch).rotate()
    for _ in range(3):
        around(pair)
    (pair.branch.folder / NAME).unlink()
    pair.branch = raw_restore(pair.branch, copy)
    assert pair.take(pair_report(pair)) == ["E-KEY-OLD"]
    enrol(pair.headquarters, pair.branch, "ZK03", "第三党支部", tmp_path / "again", "leaf")
    around(pair)
    pair.branch.close()


def test_headquarters_that_lost_its_new_key_says_so_and_invites_anew(pair: Pair, tmp_path: Path) -> None:
    around(pair)
    copy = copy_of(pair.headquarters, tmp_path / "copy")
    KeyService(pair.headquarters).rotate()
    for _ in range(3):
        around(pair)
    (pair.headquarters.folder / NAME).unlink()
    pair.headquarters = raw_restore(pair.headquarters, copy)
    assert pair.take(pair.report()) == ["E-KEY-LOST"]
    assert pair.hear(pair.answer()) == ["E-KEY-OLD"]
    enrol(pair.headquarters, pair.branch, "ZK03", "第三党支部", tmp_path / "again", "leaf")
    around(pair)
    pair.headquarters.close()


def test_a_stopped_branch_stays_stopped_after_a_restore(pair: Pair, tmp_path: Path) -> None:
    around(pair)
    copy = copy_of(pair.headquarters, tmp_path / "copy")
    EnrolmentService(pair.headquarters).revoke(pair.branch.org)
    pair.headquarters = raw_restore(pair.headquarters, copy)
    assert [row.state for row in EnrolmentService(pair.headquarters).partners()] == [PartnerState.REVOKED]
    assert pair.take(pair.report()) == ["E-PKG-SENDER"]
    pair.headquarters.close()


def test_another_data_key_keeps_the_witness(pair: Pair) -> None:
    KeyService(pair.branch).rotate()
    held = pair.branch.key_witness.read()
    change_data_key(pair.branch, {LOGIN: PASSWORD}, cost=CHEAP)
    assert pair.branch.key_witness.read() == held
    assert len(held.identities) == 2


def test_the_witness_says_nothing_to_who_cannot_open_the_store(pair: Pair) -> None:
    KeyService(pair.branch).rotate()
    told = (pair.branch.folder / NAME).read_bytes()
    for secret in pair.branch.key_witness.read().identities:
        assert secret.encode() not in told
    assert b"AGE-SECRET" not in told


def test_an_invitation_of_before_the_change_still_leads_in(pair: Pair, tmp_path: Path) -> None:
    invitation = EnrolmentService(pair.headquarters).invite("ZK09", "第九党支部", "mixed", tmp_path / "a.dzk")
    KeyService(pair.headquarters).rotate()
    with make(tmp_path / "ninth") as ninth:
        registration = EnrolmentService(ninth).accept_invitation(invitation.path).confirm(tmp_path / "b.dzk")
        EnrolmentService(pair.headquarters).accept_registration(registration.path).confirm()
        other = Pair(pair.headquarters, ninth, pair.stick)
        for _ in range(3):
            packed = Sender(ninth).pack(pair.stick).file
            assert other.take(packed) == ["OK"]
            answer = Sender(pair.headquarters).answer(["ZK09"], pair.stick)[0].file
            assert other.hear(answer) == ["OK"]
    assert waiting(pair.headquarters) == ("第三党支部",)

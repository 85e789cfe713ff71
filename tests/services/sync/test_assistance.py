"""The help of headquarters: consent, one answer to one request, and every other file refused with words."""

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.messages import present
from desktop.models.history import AuditEntry, SettingName
from desktop.models.vocabulary.stores import StoreKind, Use
from desktop.services.access.rights import Rights
from desktop.services.data_key import change_data_key
from desktop.services.errors import AppError, NotAllowed, PackageRefused, VaultError
from desktop.services.files import FilePort
from desktop.services.opening import open_store
from desktop.services.security import pending
from desktop.services.security.agefile import Recipient, encrypt
from desktop.services.security.slots import HeadquartersSlot
from desktop.services.security.vault import NAME, Vault
from desktop.services.store import Store
from desktop.services.sync import key_files
from desktop.services.sync.assistance import AssistanceService
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.package_format import Kind
from desktop.services.sync.package_header import Header, Party
from desktop.services.unlocking import ask_headquarters, may_be_helped, unlock, waiting, withdraw
from tests.services.sync.pairs import Pair
from tests.services.sync.parties import dump, enrol, make
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at

NEW = "秋水-长天-88"
AT, LATER = clock_at("2026-03-02 10:00"), clock_at("2026-03-30 10:00")


class Locked:
    """A branch whose password and recovery code are lost, and its headquarters."""

    def __init__(self, pair: Pair) -> None:
        self.headquarters, self.files = pair.headquarters, pair.stick
        AssistanceService(pair.branch).allow()
        self.org = pair.branch.org
        pair.branch.close()
        self.folder = pair.branch.folder

    def ask(self, password: str = NEW) -> Path:
        return ask_headquarters(self.folder, LOGIN, password, self.files, clock=AT, cost=CHEAP).path

    def answer(self, request: Path) -> Path:
        return AssistanceService(self.headquarters).accept_request(request).confirm(self.files).path

    def unlock(self, answer: Path, password: str = NEW, clock: Callable[[], object] = AT) -> Store:
        return unlock(self.folder, answer, password, clock=clock, cost=CHEAP)  # type: ignore[arg-type]


@pytest.fixture
def locked(pair: Pair) -> Locked:
    return Locked(pair)


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(AppError) as raised:
        action()
    words = present(raised.value)
    assert words.title
    assert words.kept
    return raised.value.code


def uses(store: Store) -> list[str]:
    with store.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.in_([Use.UNLOCK, Use.GRANT_UNLOCK])))
        return [entry.detail for entry in entries]


def test_a_branch_that_lost_everything_comes_back_with_a_new_password(locked: Locked) -> None:
    asked = ask_headquarters(locked.folder, LOGIN, NEW, locked.files, clock=AT, cost=CHEAP)
    shown = waiting(locked.folder, AT)
    assert shown is not None
    assert (shown.login, shown.fingerprint, shown.ends_on.isoformat()) == (LOGIN, asked.fingerprint, "2026-03-16")

    read = AssistanceService(locked.headquarters).accept_request(asked.path)
    assert (read.code, read.name, read.fingerprint) == ("ZK03", "第三党支部", asked.fingerprint)
    answer = read.confirm(locked.files)

    with locked.unlock(answer.path) as store:
        assert uses(store) == [f"{LOGIN}，核对的数字 {asked.fingerprint}"]
        assert store.setting(SettingName.CODE_DUE), "a new recovery code is to be written down"
        assert store.vault.helped is not None
    assert uses(locked.headquarters) == [f"第三党支部（ZK03），核对的数字 {asked.fingerprint}"]
    with open_store(locked.folder, NEW, LOGIN, clock=AT) as store:
        assert len(uses(store)) == 1
    assert refusal(lambda: open_store(locked.folder, PASSWORD, LOGIN, clock=AT)) == "E-LOGIN"


def test_a_request_tells_nobody_who_it_is_from(locked: Locked) -> None:
    told = locked.ask().read_bytes()
    for word in (LOGIN, "第三党支部", "ZK03", locked.org, "市公司"):
        assert word.encode() not in told


def test_an_answer_is_used_once(locked: Locked) -> None:
    answer = locked.answer(locked.ask())
    locked.unlock(answer).close()
    assert refusal(lambda: locked.unlock(answer)) == "E-UNLOCK-NONE"
    locked.ask()
    assert refusal(lambda: locked.unlock(answer)) == "E-UNLOCK-OTHER", "an old answer does not fit a new request"


def test_a_request_is_answered_once(locked: Locked) -> None:
    request = locked.ask()
    first, second = (AssistanceService(locked.headquarters).accept_request(request) for _ in range(2))
    first.confirm(locked.files)
    assert refusal(lambda: second.confirm(locked.files)) == "E-UNLOCK-USED"
    assert refusal(lambda: locked.answer(request)) == "E-UNLOCK-USED"


def test_who_does_not_know_the_password_of_the_request_gets_nowhere(locked: Locked) -> None:
    answer = locked.answer(locked.ask())
    with pytest.raises(VaultError) as raised:
        locked.unlock(answer, "不是-这个-99")
    assert raised.value.code == "E-LOGIN"
    assert "wait" in raised.value.facts
    locked.unlock(answer).close()


def test_a_withdrawn_or_replaced_request_opens_nothing(locked: Locked) -> None:
    answer = locked.answer(locked.ask())
    withdraw(locked.folder)
    assert waiting(locked.folder) is None
    assert refusal(lambda: locked.unlock(answer)) == "E-UNLOCK-NONE"


@pytest.mark.parametrize("opened_between", ["used", "withdrawn", "replaced"])
def test_a_request_put_back_into_the_folder_opens_nothing(locked: Locked, opened_between: str) -> None:
    answer, file = locked.answer(locked.ask()), locked.folder / pending.NAME
    kept = file.read_bytes()
    if opened_between == "used":
        locked.unlock(answer).close()
    elif opened_between == "withdrawn":
        withdraw(locked.folder)
        open_store(locked.folder, PASSWORD, LOGIN, clock=AT).close()
    else:
        locked.unlock(locked.answer(locked.ask())).close()
    slots = (locked.folder / NAME).read_bytes()
    file.write_bytes(kept)
    assert refusal(lambda: locked.unlock(answer)) == "E-UNLOCK-NONE"
    assert (locked.folder / NAME).read_bytes() == slots


@pytest.mark.parametrize("slots_too", [False, True])
def test_after_help_ended_a_request_put_back_opens_nothing(locked: Locked, slots_too: bool) -> None:
    answer, file = locked.answer(locked.ask()), locked.folder / pending.NAME
    kept, slots = file.read_bytes(), (locked.folder / NAME).read_bytes()
    file.unlink()
    with open_store(locked.folder, PASSWORD, LOGIN, clock=AT) as store:
        AssistanceService(store).decline()
    file.write_bytes(kept)
    if slots_too:
        (locked.folder / NAME).write_bytes(slots)
    assert refusal(lambda: locked.unlock(answer)) == ("E-UNLOCK-NONE" if slots_too else "E-NO-HELP")


def test_a_request_of_before_help_ended_stays_dropped_when_help_is_allowed_again(locked: Locked) -> None:
    answer, file = locked.answer(locked.ask()), locked.folder / pending.NAME
    kept = file.read_bytes()
    with open_store(locked.folder, PASSWORD, LOGIN, clock=AT) as store:
        AssistanceService(store).decline()
        AssistanceService(store).allow()
    file.write_bytes(kept)
    assert refusal(lambda: locked.unlock(answer)) == "E-UNLOCK-NONE"


def test_what_is_too_old_is_refused_on_both_sides(locked: Locked) -> None:
    request = locked.ask()
    answer = locked.answer(request)
    assert refusal(lambda: locked.unlock(answer, clock=LATER)) == "E-UNLOCK-OLD"
    again = locked.ask()
    locked.headquarters.clock = LATER
    assert refusal(lambda: locked.answer(again)) == "E-UNLOCK-OLD"


def test_every_flipped_byte_of_either_file_is_refused(locked: Locked, tmp_path: Path) -> None:
    request = locked.ask()
    answer = locked.answer(request)
    before = (locked.folder / NAME).read_bytes()
    fake = tmp_path / "fake.dzk"
    service = AssistanceService(locked.headquarters)
    for file, use in ((request, service.accept_request), (answer, locked.unlock)):
        data = file.read_bytes()
        for at in range(0, len(data), 7):
            changed = bytearray(data)
            changed[at] ^= 1
            fake.write_bytes(changed)
            with pytest.raises(PackageRefused):
                use(fake)
    assert (locked.folder / NAME).read_bytes() == before
    assert (locked.folder / pending.NAME).exists()


def test_an_answer_of_another_headquarters_is_refused(locked: Locked, tmp_path: Path) -> None:
    """Somebody who got hold of the data key would still have to be headquarters."""
    request = locked.ask()
    answer = locked.answer(request)
    asked = key_files.UnlockAsked.read(request)
    with make(tmp_path / "other", StoreKind.HEADQUARTERS, "另一单位") as other:
        assert refusal(lambda: AssistanceService(other).accept_request(request)) == "E-PKG-TO"
        EnrolmentService(other).fingerprint()
        read = key_files._read(answer, Kind.UNLOCK_RESPONSE)
        identity = EnrolmentService(other).identity()
        data = {**read.data, "sign_pub": identity.public.sign_pub.hex(), "recipient": identity.public.age_recipient}
        header = Header(
            kind=read.header.kind,
            pkg_id=read.header.pkg_id,
            created=read.header.created,
            sender=Party("x", "x", "x", identity.public.key_id),
            to=read.header.to,
            app=read.header.app,
            revision=read.header.revision,
            data=data,
        )
        forged = key_files.write_key_file(tmp_path / "forged.dzk", header, identity, "x", FilePort())
    assert asked.request == read.data["request"]
    assert refusal(lambda: locked.unlock(forged)) == "E-PKG-SIG"


def test_a_stranger_with_a_copy_of_the_slots_shows_other_digits(locked: Locked, tmp_path: Path) -> None:
    asked = ask_headquarters(locked.folder, LOGIN, NEW, locked.files, clock=AT, cost=CHEAP)
    stolen = tmp_path / "stolen"
    stolen.mkdir()
    shutil.copy(locked.folder / NAME, stolen)
    theirs = ask_headquarters(stolen, LOGIN, NEW, tmp_path, clock=AT, cost=CHEAP)
    read = AssistanceService(locked.headquarters).accept_request(theirs.path)
    assert read.code == "ZK03"
    assert read.fingerprint != asked.fingerprint
    assert refusal(lambda: locked.unlock(read.confirm(tmp_path).path)) == "E-UNLOCK-OTHER"


def test_a_stopped_branch_is_not_helped(locked: Locked) -> None:
    request = locked.ask()
    EnrolmentService(locked.headquarters).revoke(locked.org)
    assert refusal(lambda: locked.answer(request)) == "E-PKG-SENDER"


def test_headquarters_opens_nothing_else_for_who_asks(locked: Locked, tmp_path: Path) -> None:
    """A body of a report in the place of the slot: what comes out is no key, and nothing of it is given."""
    vault = Vault.open(locked.folder)
    slot = vault.helped
    assert slot is not None
    identity = EnrolmentService(locked.headquarters).identity()
    out = io.BytesIO()
    encrypt(io.BytesIO(b'{"members": "..."}'), out, [Recipient.from_str(identity.public.age_recipient)])
    other = HeadquartersSlot(slot.id, slot.hq_key, out.getvalue())
    kept = vault._file.keys
    slots = tuple(other if each is slot else each for each in kept.slots)
    vault._put(replace(vault._file, keys=replace(kept, slots=slots)))
    assert refusal(lambda: locked.answer(locked.ask())) == "E-PKG-FORMAT"


def test_a_crash_after_the_password_was_set_is_noted_at_the_next_opening(
    locked: Locked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> Store:
        raise KeyboardInterrupt

    answer = locked.answer(locked.ask())
    with monkeypatch.context() as patch:
        patch.setattr("desktop.services.unlocking.open_store", crash)
        with pytest.raises(KeyboardInterrupt):
            locked.unlock(answer)
    with open_store(locked.folder, NEW, LOGIN, clock=AT) as store:
        assert len(uses(store)) == 1
    assert not (locked.folder / pending.NAME).exists()


# consent


def test_without_consent_there_is_no_slot_and_no_request(pair: Pair) -> None:
    service = AssistanceService(pair.branch)
    state = service.state()
    assert (state.headquarters, state.allowed, state.asked) == ("市公司党建科", False, False)
    assert not may_be_helped(pair.branch.folder)
    assert refusal(lambda: ask_headquarters(pair.branch.folder, LOGIN, NEW, pair.stick, cost=CHEAP)) == "E-NO-HELP"


def test_consent_is_asked_with_the_invitation_and_can_be_taken_back(tmp_path: Path) -> None:
    with (
        make(tmp_path / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as headquarters,
        make(tmp_path / "branch") as branch,
    ):
        invitation = EnrolmentService(headquarters).invite("ZK03", "第三党支部", "mixed", tmp_path / "a.dzk")
        EnrolmentService(branch).accept_invitation(invitation.path).confirm(tmp_path / "b.dzk", help_allowed=True)
        assert AssistanceService(branch).state().allowed
        assert AssistanceService(branch).decline()
        state = AssistanceService(branch).state()
        assert (state.allowed, state.asked) == (False, True)
        assert not may_be_helped(branch.folder)
        assert not AssistanceService(branch).decline()
        with make(tmp_path / "alone") as alone:
            assert refusal(lambda: AssistanceService(alone).allow()) == "E-NOT-ENROLLED"
        assert refusal(lambda: AssistanceService(headquarters).allow()) == "E-WRONG-KIND"


def test_another_headquarters_is_asked_for_anew(tmp_path: Path) -> None:
    with (
        make(tmp_path / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as headquarters,
        make(tmp_path / "other", StoreKind.HEADQUARTERS, "另一单位") as other,
        make(tmp_path / "branch") as branch,
    ):
        enrol(headquarters, branch, "ZK03", "第三党支部", tmp_path / "files")
        AssistanceService(branch).allow()
        enrol(other, branch, "XC01", "第三党支部", tmp_path / "more")
        state = AssistanceService(branch).state()
        assert (state.allowed, state.asked) == (False, False)


def test_the_slot_follows_the_keys_of_headquarters(pair: Pair) -> None:
    AssistanceService(pair.branch).allow()
    former = pair.branch.vault.helped
    EnrolmentService(pair.headquarters).save_escrow(pair.stick / "escrow.txt")
    pair.report()
    assert pair.hear(pair.answer()) == ["OK"]
    renewed = pair.branch.vault.helped
    assert former is not None
    assert renewed is not None
    assert former.hq_key != renewed.hq_key
    locked = Locked(pair)
    locked.unlock(locked.answer(locked.ask())).close()


def test_another_data_key_keeps_the_help_and_voids_the_requests(pair: Pair) -> None:
    AssistanceService(pair.branch).allow()
    folder = pair.branch.folder
    request = ask_headquarters(folder, LOGIN, NEW, pair.stick, clock=AT, cost=CHEAP).path
    change_data_key(pair.branch, {LOGIN: PASSWORD}, cost=CHEAP)
    locked = Locked(pair)
    old = locked.answer(request)
    assert refusal(lambda: locked.unlock(old)) == "E-KEY-WRONG-VAULT"
    locked.unlock(locked.answer(locked.ask())).close()


def test_who_may_not_manage_users_neither_allows_nor_declines(pair: Pair) -> None:
    pair.branch.rights = Rights()
    before = dump(pair.branch)
    for action in (AssistanceService(pair.branch).allow, AssistanceService(pair.branch).decline):
        with pytest.raises(NotAllowed):
            action()
    assert dump(pair.branch) == before


def test_nothing_of_a_refused_file_is_kept_at_headquarters(locked: Locked) -> None:
    request = locked.ask()
    request.write_bytes(request.read_bytes()[:-1])
    before = dump(locked.headquarters)
    with pytest.raises(PackageRefused):
        locked.answer(request)
    assert dump(locked.headquarters) == before

"""A store that went back behind what it has sent: noticed, and decided upon."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from desktop.models.vocabulary.stores import PackageState
from desktop.services.backup import BackupService
from desktop.services.backup.restoring import restore
from desktop.services.clock import now
from desktop.services.errors import PackageRefused
from desktop.services.opening import open_store
from desktop.services.store import Store
from desktop.services.sync import sending
from desktop.services.sync.receipts import receipt_for
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.sent import sent_packages
from desktop.services.sync.stale import Behind, behind, behind_words, declare_local_valid, stale_local
from tests.services.sync.pairs import Pair, add_member, copy_of, names
from tests.services.sync.parties import reopened
from tests.stores import LOGIN, PASSWORD, clock_at


def test_a_restored_copy_notices_that_it_is_old(pair: Pair, tmp_path: Path) -> None:
    pair.take(pair.report())
    old = copy_of(pair.branch, tmp_path / "old")
    pair.take(pair.report())
    feedback = pair.answer()
    with open_store(old, PASSWORD, LOGIN, clock=clock_at("2026-03-03 09:00")) as restored:
        sender, receiver = Sender(restored), Receiver(restored)
        assert [one.code for one in receiver.receive([feedback])] == ["I-BEHIND"]
        stale = stale_local(restored)
        assert stale is not None
        assert (stale.seq, stale.known) == (2, 1)
        with pytest.raises(PackageRefused, match="E-STALE-LOCAL"):
            sender.pack(pair.stick)
        declare_local_valid(restored)
        assert stale_local(restored) is None
        again = sender.pack(pair.stick)
        assert pair.take(again.file) == ["E-FORK"]
        receiver.receive([pair.answer()])
        assert stale_local(restored) is None, "headquarters has not decided yet, the secretary has"
        Receiver(pair.headquarters).accept_fork(again.package_hash)
        assert [one.code for one in receiver.receive([pair.answer()])] == ["OK"]
        assert sent_packages(restored)[0].state is PackageState.ACKED


def test_a_raw_restore_is_noticed_by_the_witness_beside_the_database(pair: Pair, tmp_path: Path) -> None:
    pair.report()
    old = copy_of(pair.branch, tmp_path / "copy")
    pair.report()
    pair.branch.close()
    for path in pair.branch.folder.glob("main.db*"):
        path.unlink()
    for path in old.glob("main.db*"):
        shutil.copy(path, pair.branch.folder)
    with reopened(pair.branch) as restored:
        sender = Sender(restored)
        with pytest.raises(PackageRefused, match="E-STALE-LOCAL"):
            sender.pack(pair.stick)
        declare_local_valid(restored)
        assert sender.pack(pair.stick).seq == 3, "number 2 was given out already"


def restored(store: Store, file: Path, at: str, witness: bool = True) -> Store:
    """Put a store back to a backup; without `witness` it is another PC, which knows nothing of what went on here."""
    store.close()
    if not witness:
        shutil.rmtree(store.folder)
    restore(file, store.folder, PASSWORD, clock=clock_at(at))
    return open_store(store.folder, PASSWORD, LOGIN, clock=clock_at(at))


@pytest.fixture
def story(pair: Pair, tmp_path: Path) -> Path:
    """Headquarters made a backup after answer no. 1; the branch has taken answers no. 2 to 5 since. The backup file."""
    pair.take(pair.report())
    pair.hear(pair.answer())
    file = BackupService(pair.headquarters).to_file(tmp_path)
    for _ in range(4):
        pair.hear(pair.answer())
    return file


@pytest.mark.parametrize("witness", [True, False])
def test_a_restored_headquarters_learns_from_a_branch_how_far_it_was_and_goes_on_from_there(
    pair: Pair, story: Path, witness: bool
) -> None:
    pair.headquarters = restored(pair.headquarters, story, "2026-03-03 09:00", witness)
    with pair.headquarters:
        (unsure,) = behind(pair.headquarters)
        assert (unsure.code, unsure.seq, unsure.known, unsure.sure) == ("ZK03", 5 if witness else 0, 1, False)

        add_member(pair.branch, "赵敏")
        (result,) = Receiver(pair.headquarters).receive([pair.report()])
        assert result.code == "OK"
        assert "ZK03已收过第5号反馈包，本机没有那一个（本机到第1号）" in result.message
        (sure,) = behind(pair.headquarters)
        assert (sure.seq, sure.known, sure.sure) == (5, 1, True)

        (packed,) = Sender(pair.headquarters).answer(None, pair.stick)
        assert packed.seq == 6
        assert behind(pair.headquarters) == []
        (heard,) = Receiver(pair.branch).receive([packed.file])
        assert heard.code == "OK"
        assert "这个包的编号接在第5号之后" in heard.message

        pair.take(pair.report())
        (later,) = Receiver(pair.branch).receive([pair.answer()])
        assert later.code == "OK"
        assert "恢复过" not in later.message, "it was told once"
        assert names(pair.headquarters) == names(pair.branch)


def test_an_answer_sent_before_a_branch_was_heard_does_not_leave_it_stuck(pair: Pair, story: Path) -> None:
    pair.headquarters = restored(pair.headquarters, story, "2026-03-03 09:00", witness=False)
    with pair.headquarters:
        assert pair.hear(pair.answer()) == ["E-FORK"]
        pair.take(pair.report())
        assert pair.hear(pair.answer()) == ["OK"]
        assert not any(row.held for row in Receiver(pair.branch).received()), "nobody has to decide about it any more"
        pair.take(pair.report())
        states = {row.seq: row.state for row in sent_packages(pair.headquarters)}
        assert states == {
            1: PackageState.ACKED,
            2: PackageState.REJECTED,
            5: PackageState.ACKED,
            6: PackageState.ACKED,
        }


def test_the_number_a_branch_has_is_told_though_later_ones_were_given_out_anew(pair: Pair, story: Path) -> None:
    pair.headquarters = restored(pair.headquarters, story, "2026-03-03 09:00", witness=False)
    with pair.headquarters:
        for number in range(2, 8):
            (packed,) = Sender(pair.headquarters).answer(None, pair.stick)
            assert (packed.seq, pair.hear(packed.file)) == (number, ["E-FORK"])
        (result,) = Receiver(pair.headquarters).receive([pair.report()])
        assert "ZK03已收过第5号反馈包，本机没有那一个（本机到第7号）" in result.message
        (sure,) = behind(pair.headquarters)
        assert (sure.seq, sure.known, sure.sure) == (5, 7, True)
        assert "ZK03收过的第5号不是本机现在的第5号：" in behind_words([sure], now)
        (packed,) = Sender(pair.headquarters).answer(None, pair.stick)
        assert packed.seq == 9, "past all that were given out, and past the place of the one that is not known"
        (heard,) = Receiver(pair.branch).receive([packed.file])
        assert heard.code == "OK"
        assert "这个包的编号接在第5号之后" in heard.message
        pair.take(pair.report())
        assert pair.hear(pair.answer()) == ["OK"]
        assert behind(pair.headquarters) == []


def test_a_headquarters_on_the_same_pc_gives_no_number_out_twice_even_before_it_heard_anybody(
    pair: Pair, story: Path
) -> None:
    pair.headquarters = restored(pair.headquarters, story, "2026-03-03 09:00")
    with pair.headquarters:
        assert [packed.seq for packed in Sender(pair.headquarters).answer(None, pair.stick)] == [6]


def test_a_restored_branch_says_that_its_numbers_may_lag_until_it_heard_of_headquarters(
    pair: Pair, tmp_path: Path
) -> None:
    pair.take(pair.report())
    pair.hear(pair.answer())
    file = BackupService(pair.branch).to_file(tmp_path)
    pair.take(pair.report(), pair.report())
    answer = pair.answer()
    pair.branch = restored(pair.branch, file, "2026-03-03 09:00", witness=False)
    with pair.branch:
        (unsure,) = behind(pair.branch)
        assert (unsure.seq, unsure.known, unsure.sure) == (0, 1, False)
        assert pair.hear(answer) == ["I-BEHIND"]
        stale = stale_local(pair.branch)
        assert stale is not None
        assert (stale.seq, stale.known) == (3, 1)
        assert behind(pair.branch) == []
        declare_local_valid(pair.branch)
        packed = Sender(pair.branch).pack(pair.stick)
        assert packed.seq == 4, "past what headquarters has"
        assert pair.take(packed.file) == ["E-FORK"]


@pytest.mark.parametrize("number", [1 << 70, (1 << 63) - 1, (1 << 53) - 1, -1])
def test_headquarters_goes_on_after_no_number_that_nobody_can_have_reached(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    pair.take(pair.report())
    pair.hear(pair.answer())

    def lie(*args: Any) -> tuple[dict[str, object], list[str]]:
        receipt, wanted = receipt_for(*args)
        return receipt | {"last_hash": "ab" * 32, "last_seq": number}, wanted

    with monkeypatch.context() as lying:
        lying.setattr(sending, "receipt_for", lie)
        assert pair.take(pair.report()) == ["E-PKG-FORMAT"]
    assert pair.take(pair.report()) == ["OK"]
    assert pair.hear(pair.answer()) == ["OK"]


def test_a_number_given_twice_is_not_told_as_one_that_is_known_here(pair: Pair, tmp_path: Path) -> None:
    file = BackupService(pair.headquarters).to_file(tmp_path)
    pair.take(pair.report())
    assert pair.hear(pair.answer()) == ["OK"]
    pair.headquarters = restored(pair.headquarters, file, "2026-03-03 09:00", witness=False)
    with pair.headquarters:
        assert pair.hear(pair.answer()) == ["E-FORK"]
        (result,) = Receiver(pair.headquarters).receive([pair.report()])
        assert "ZK03已收过第1号反馈包，本机没有那一个（本机到第1号）" in result.message
        assert pair.hear(pair.answer()) == ["OK"], "both go on"


def test_who_has_taken_later_answers_is_said_with_both_numbers() -> None:
    sure = Behind(code="ZK01", name="一", seq=5, known=1, sure=True, since_utc="")
    assert "ZK01已收过第5号、本机只到第1号" in behind_words([sure], now)
    unsure = Behind(code="ZK02", name="二", seq=0, known=1, sure=False, since_utc="2026-11-26T01:00:00Z")
    assert "还没有收过ZK02的报送包" in behind_words([unsure], now)

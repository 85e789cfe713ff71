"""A store that went back behind what it has sent: noticed, and decided upon."""

import shutil
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import PackageState
from desktop.services.errors import PackageRefused
from desktop.services.opening import open_store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.stale import declare_local_valid, stale_local
from tests.services.sync.pairs import Pair, copy_of
from tests.services.sync.parties import reopened


def test_a_restored_copy_notices_that_it_is_old(pair: Pair, tmp_path: Path) -> None:
    from tests.stores import LOGIN, PASSWORD, clock_at

    pair.take(pair.report())
    old = copy_of(pair.branch, tmp_path / "old")
    pair.take(pair.report())
    feedback = pair.answer()
    with open_store(old, PASSWORD, LOGIN, clock=clock_at("2026-03-03 09:00")) as restored:
        sender, receiver = Sender(restored), Receiver(restored)
        assert [one.code for one in receiver.receive([feedback])] == ["E-STALE-LOCAL"]
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
        assert sender.sent()[0].state is PackageState.ACKED


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
        assert sender.pack(pair.stick).seq == 2

"""One packing or receiving at a time, and what a crash leaves."""

import pytest

from desktop.services.errors import PackageRefused
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.turns import recover
from tests.services.sync.pairs import Pair


def test_a_crash_between_note_and_name_is_finished_at_the_next_start(pair: Pair) -> None:
    sender = Sender(pair.branch)
    packed = sender.pack(None)
    outbox = pair.branch.folder / "outbox"
    packed.file.rename(outbox / "4711.part")
    (outbox / "4712.part").write_bytes(b"half")
    (pair.branch.folder / "inbox" / "4713.part").write_bytes(b"half")
    recover(pair.branch)
    assert [path.name for path in outbox.iterdir()] == [packed.file.name]
    assert not list((pair.branch.folder / "inbox").iterdir())


def test_only_one_packing_or_receiving_runs_at_a_time(pair: Pair) -> None:
    sender = Sender(pair.branch)

    def again(done: int, total: int) -> None:
        with pytest.raises(PackageRefused, match="E-BUSY"):
            Receiver(pair.branch).receive([])

    sender.pack(None, progress=again)

"""One program at a time, and the memory of an unclean end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.services.errors import StorageFailure, StoreBusy
from desktop.services.security.lock import NAME, Holder, StoreLock

HOLD = """
import sys
from pathlib import Path
from desktop.services.security.lock import StoreLock
lock = StoreLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
lock.release()
"""


def holder_process(folder: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def finish(child: subprocess.Popen[str]) -> None:
    child.communicate()


def test_a_second_program_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    child = holder_process(tmp_path)
    try:
        with pytest.raises(StoreBusy) as caught:
            StoreLock(tmp_path)
        holder = caught.value.facts["holder"]
        assert isinstance(holder, Holder)
        assert holder.pid == child.pid
        assert str(child.pid) in str(holder)
    finally:
        finish(child)


def test_the_same_program_does_not_open_a_store_twice(tmp_path: Path) -> None:
    with StoreLock(tmp_path) as lock:
        with pytest.raises(StoreBusy) as caught:
            StoreLock(tmp_path)
        assert caught.value.facts["holder"] == lock.holder
        with pytest.raises(StoreBusy):  # a failed try must not have loosened it
            StoreLock(tmp_path)


def test_after_a_proper_end_nothing_is_remembered(tmp_path: Path) -> None:
    finish(holder_process(tmp_path))
    lock = StoreLock(tmp_path)
    assert not lock.was_unclean
    lock.release()
    lock.release()
    assert (tmp_path / NAME).read_bytes() == b""


def test_a_killed_program_leaves_the_lock_free_and_a_trace(tmp_path: Path) -> None:
    child = holder_process(tmp_path)
    child.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    child.communicate()
    with StoreLock(tmp_path) as lock:
        assert lock.was_unclean
    with StoreLock(tmp_path) as lock:
        assert not lock.was_unclean


def test_an_unreadable_text_still_means_busy(tmp_path: Path) -> None:
    with StoreLock(tmp_path):
        (tmp_path / NAME).write_bytes(b"\xff{")
        with pytest.raises(StoreBusy) as caught:
            StoreLock(tmp_path)
    assert caught.value.facts["holder"] is None


def test_a_folder_that_is_not_there_is_a_storage_failure(tmp_path: Path) -> None:
    with pytest.raises(StorageFailure):
        StoreLock(tmp_path / "gone")


@pytest.mark.skipif(os.name == "nt", reason="counts open files through /proc")
def test_a_refused_opener_leaves_no_file_open(tmp_path: Path) -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    with StoreLock(tmp_path):
        before = open_files()
        with pytest.raises(StoreBusy):
            StoreLock(tmp_path)
        assert open_files() == before

"""Power cuts: work is done in a child process that is killed at some moment; what it had confirmed is returned."""

import os
import signal
import time
from collections.abc import Callable

import pytest

needs_kill = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

Confirm = Callable[[str], None]


def killed(work: Callable[[Confirm], None], after_seconds: float) -> list[str]:
    """Run `work(confirm)` in a fork of this process; kill it so long after its first word; return all its words."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            work(lambda word: _tell(writer, word))
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as words:
        first = words.readline().strip()
        time.sleep(after_seconds)  # not waiting for anything: this is the random moment
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert first, "the work failed before its first word"
        return [first, *words.read().split()]


def _tell(pipe: int, word: str) -> None:
    os.write(pipe, f"{word}\n".encode())

"""How often the password of a store was mistyped, and how long the next try waits, in the window or elsewhere.

The count lies beside the vault until somebody gets in, so that a new page or a new process does not begin anew.
"""

import contextlib
import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from desktop.services.canonical import canonical
from desktop.services.clock import Clock, local, now, utc_text
from desktop.services.errors import StorageFailure
from desktop.services.files import FilePort, write_atomically
from desktop.services.security.passwords import delay_seconds

NAME = "attempts.json"
_MAX_BYTES = 4096
_MOST = 10_000


class Attempts:
    """The failed log-ins of the store in `folder`. What cannot be read or written counts as none: it is a courtesy."""

    def __init__(self, folder: Path, clock: Clock = now, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock, self._monotonic = folder / NAME, clock, monotonic
        self.failures, last = self._read()
        delay = delay_seconds(self.failures)
        passed = 0.0 if last is None else (clock() - last).total_seconds()
        left = min(max(delay - passed, 0.0), delay)  # a clock set back makes nobody wait longer than that
        self._not_before = monotonic() + left

    def failed(self) -> None:
        """Note a wrong password."""
        self.failures = min(self.failures + 1, _MOST)
        self._not_before = self._monotonic() + delay_seconds(self.failures)
        with contextlib.suppress(StorageFailure):
            value = {"failures": self.failures, "last_utc": utc_text(self._clock())}
            write_atomically(self._path, canonical(value), FilePort())

    def succeeded(self) -> None:
        """Forget the failures: somebody got in."""
        FilePort().remove_quietly(self._path)
        self.failures, self._not_before = 0, 0.0

    def remaining_seconds(self) -> float:
        """Return how long to wait from now."""
        return max(0.0, self._not_before - self._monotonic())

    def _read(self) -> tuple[int, datetime | None]:
        try:
            value = json.loads(FilePort().read(self._path, _MAX_BYTES))
            return min(max(int(value["failures"]), 0), _MOST), local(value["last_utc"], self._clock)
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return 0, None

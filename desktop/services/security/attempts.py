"""How often the password of a store was mistyped, and how long the next try waits, in the window or elsewhere.

The count lies beside the vault until somebody gets in, so that a new page or a new process does not begin anew.
"""

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop.services.canonical import canonical
from desktop.services.clock import Clock, local, now, utc_text
from desktop.services.errors import StorageFailure
from desktop.services.files import FilePort, write_atomically
from desktop.services.security.passwords import delay_seconds

NAME = "attempts.json"
_MAX_BYTES = 64 * 1024
_MOST = 10_000
_MOST_NAMES = 64
_LONGEST_NAME = 50


@dataclass(frozen=True, slots=True)
class Wrong:
    """Wrong passwords given under one log-in name, and when the last was; "" where no name was said."""

    login: str
    times: int
    last: datetime


class Attempts:
    """The failed log-ins of the store in `folder`. What cannot be read or written counts as none: it is a courtesy."""

    def __init__(self, folder: Path, clock: Clock = now, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock, self._monotonic = folder / NAME, clock, monotonic
        self.failures, last, self.wrong = self._read()
        delay = delay_seconds(self.failures)
        passed = 0.0 if last is None else (clock() - last).total_seconds()
        left = min(max(delay - passed, 0.0), delay)  # a clock set back makes nobody wait longer than that
        self._not_before = monotonic() + left

    def failed(self, login: str = "") -> None:
        """Note a wrong password under `login`: a name of the vault, which lies beside this file, or "".

        What else was typed for a name is not kept: it may have been the password.
        """
        self.failures = min(self.failures + 1, _MOST)
        before = next((wrong.times for wrong in self.wrong if wrong.login == login), 0)
        others = [wrong for wrong in self.wrong if wrong.login != login]
        self.wrong = (*others, Wrong(login, min(before + 1, _MOST), self._clock()))[-_MOST_NAMES:]
        self._not_before = self._monotonic() + delay_seconds(self.failures)
        with contextlib.suppress(StorageFailure):
            wrong = [{"last_utc": utc_text(w.last), "login": w.login, "times": w.times} for w in self.wrong]
            value = {"failures": self.failures, "last_utc": utc_text(self._clock()), "wrong": wrong}
            write_atomically(self._path, canonical(value), FilePort())

    def succeeded(self) -> None:
        """Forget the failures: somebody got in."""
        FilePort().remove_quietly(self._path)
        self.failures, self.wrong, self._not_before = 0, (), 0.0

    def remaining_seconds(self) -> float:
        """Return how long to wait from now."""
        return max(0.0, self._not_before - self._monotonic())

    @property
    def words(self) -> str:
        """Whose passwords were wrong, how often and when last, as the trail tells it; "" without any."""
        if not self.failures:
            return ""
        told = [
            f"{wrong.login or '没有写登录名'} {wrong.times}次，最近 {wrong.last:%Y-%m-%d %H:%M}" for wrong in self.wrong
        ]
        return f"此前密码输错{self.failures}次" + (f"（{'；'.join(told)}）" if told else "")

    def _read(self) -> tuple[int, datetime | None, tuple[Wrong, ...]]:
        try:
            value = json.loads(FilePort().read(self._path, _MAX_BYTES))
            failures, last = min(max(int(value["failures"]), 0), _MOST), local(value["last_utc"], self._clock)
            return failures, last, tuple(self._wrong(line) for line in value.get("wrong", ())[:_MOST_NAMES])
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError, AttributeError):
            return 0, None, ()

    def _wrong(self, line: dict[str, object]) -> Wrong:
        times = min(max(int(str(line["times"])), 1), _MOST)
        return Wrong(str(line["login"])[:_LONGEST_NAME], times, local(str(line["last_utc"]), self._clock))

"""SIGKILL at any moment of an act: what was acknowledged is there, the check is clean, nothing readable lies about."""

import contextlib
import os
import select
import shutil
import signal
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random

from desktop.services.integrity import check
from installer.fuzz import acts, samples
from installer.fuzz.acts import Act, Say, drawn
from installer.fuzz.run import SURVIVED, Kind
from tests.services.words import files_with

_AT_ONCE_S = 60


class Kills(Kind):
    """Acts of the demonstration, each in a fork that is killed."""

    patience_s = 300

    @classmethod
    def found(cls, shared: Path) -> dict[str, str]:
        acts.found(shared)
        return {}

    def __init__(self, shared: Path, own: Path) -> None:
        super().__init__(shared, own)
        self._words = samples.words(samples.copied(shared, samples.BRANCH, own / "words"))[:40]
        self._lasts: dict[str, float] = {}
        """How long an act takes when nothing comes between."""

    def case(self, dice: Random) -> str:
        act = drawn(dice)
        self.what = act.name
        if act.name not in self._lasts:
            self._lasts[act.name] = self._lived(act, self._fresh(act), None)[1]
        after = dice.uniform(0, self._lasts[act.name] * 1.05)
        work = self._fresh(act)
        said, lived = self._lived(act, work, after)
        self._lasts[act.name] = max(self._lasts[act.name] * 0.98, lived if lived < after else 0)
        self.what += f", killed {after:.3f} s after it began, said {said}"
        self._settled(act, work, said)
        return SURVIVED

    def _fresh(self, act: Act) -> Path:
        work = self.own / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        act.prepared(self.shared, work)
        return work

    def _settled(self, act: Act, work: Path, said: list[str]) -> None:
        with act.opened(work) as store:
            if act.name == "archive":
                act.settled(store, work, said)
                shutil.rmtree(work / "stick" / "档案", ignore_errors=True)
            problems = check(store)
            assert not problems, f"the check: {problems}"
            readable = files_with(self._words, work)
            assert not readable, f"readable: {readable[:3]}"
            if act.name != "archive":
                act.settled(store, work, said)

    def _lived(self, act: Act, work: Path, after: float | None) -> tuple[list[str], float]:
        """Let a fork do the act until it is killed, or ends; return what it said is done, and how long it lived."""
        child, pipe = forked(lambda say: act.begun(work, say))
        heard, begun = Heard(pipe), time.monotonic()
        try:
            if heard.until(b"\n", _AT_ONCE_S) and after is not None:
                begun = time.monotonic()
                heard.until(None, after)
            elif after is None:
                begun = time.monotonic()
                heard.until(None, _AT_ONCE_S * 4)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
        lived = time.monotonic() - begun
        heard.until(None, 5)
        words = heard.words()
        assert words[:1] == ["ready"], f"it did not begin: {words}"
        assert not any(word.startswith("Traceback") for word in words), "\n".join(words)
        return words[1:], lived


class Heard:
    """What comes through a pipe."""

    def __init__(self, pipe: int) -> None:
        self._pipe, self._text = pipe, b""
        self._open = True

    def until(self, mark: bytes | None, seconds: float) -> bool:
        """Listen until `mark` was heard (None: until the other side is silent for ever), for so long at most."""
        end = time.monotonic() + seconds
        while self._open and (mark is None or mark not in self._text):
            if not select.select([self._pipe], [], [], max(end - time.monotonic(), 0))[0]:
                return False
            data = os.read(self._pipe, 1 << 16)
            self._text += data
            if not data:
                self._open = False
                os.close(self._pipe)
        return True

    def words(self) -> list[str]:
        """Return the whole words heard, without one cut short."""
        return self._text.decode("utf-8", "replace").split("\0\n")[:-1]


def forked(work: Callable[[Say], None]) -> tuple[int, int]:
    """Run `work` in a fork with a process group of its own; return its id and the pipe of its words."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return child, reader
    try:
        os.setsid()
        os.close(reader)
        work(lambda word: _tell(writer, word))
    except BaseException:  # noqa: BLE001 - told to who listens, whatever it is
        _tell(writer, "Traceback " + traceback.format_exc())
    finally:
        os._exit(0)


def _tell(pipe: int, word: str) -> None:
    os.write(pipe, f"{word}\0\n".encode())

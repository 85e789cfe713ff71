"""What a program that was locked still has in its memory: counted from outside, by the window itself at work.

A process of its own opens a window on a copy of the demonstration, types the password, walks through pages and locks.
While it waits, its memory is read through /proc and searched for what nobody should find there. Keys, passwords and
the recovery code must be gone; names and numbers of people are counted and told: CPython and Qt give texts back when
they like, and promise nothing about what they held.
"""

import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

from desktop.services import demo
from desktop.services.security.vault import Vault
from installer.fuzz import samples
from installer.fuzz.acts import CHEAP
from installer.fuzz.run import SURVIVED, Kind

MASK = 0x2A
PAGES = 4
"""How many pages a case walks through beside the roster."""
_MAP = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+ *(.*)")
_CHUNK = 8 << 20
_NAMES = 12


class Memory(Kind):
    """A window that is locked, searched for what it knew."""

    patience_s = 900

    @classmethod
    def found(cls, shared: Path) -> dict[str, str]:
        samples.found(shared)
        return {"QT_QPA_PLATFORM": "offscreen"}

    def case(self, dice: Random) -> str:
        store = samples.copied(self.shared, samples.BRANCH, self.own / "store")
        people = [word for word in samples.words(store) if len(word.encode()) >= len("三字名".encode())]
        numbers = [word for word in people if word.isascii()]
        names = [word for word in people if not word.isascii()]
        password, code = renewed(store)
        words = {
            "the password": needles([password]),
            "the data key": key_needles(store, password),
            "the recovery code": needles([code, code.replace(" ", ""), code.replace("-", "")]),
            "ID and telephone numbers": needles(dice.sample(numbers, min(len(numbers), _NAMES))),
            "names": needles(dice.sample(names, min(len(names), _NAMES))),
        }
        worker = subprocess.Popen(
            [sys.executable, "-m", "installer.fuzz.memory_window", str(store), str(dice.random()), masked(password)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            counts = [self._at(worker, word, words) for word in ("open", "locked")]
        finally:
            worker.kill()
            worker.wait()
        self.what = table(counts[0], counts[1])
        print(f"case {self.number}\n{self.what}", flush=True)
        left = {what: counts[1][what] for what in ("the password", "the data key", "the recovery code")}
        assert not any(left.values()), f"left after locking: {left}"
        return SURVIVED

    def _at(self, worker: "subprocess.Popen[str]", word: str, words: dict[str, list[bytes]]) -> dict[str, int]:
        assert worker.stdout is not None
        assert worker.stdin is not None
        line = worker.stdout.readline().strip()
        assert line == word, f"the window said {line!r}, not {word!r}"
        counts = counted(worker.pid, words)
        worker.stdin.write("on\n")
        worker.stdin.flush()
        return counts


def renewed(store: Path) -> tuple[str, str]:
    """Give a copy of the demonstration a password of its own and a recovery code; return both."""
    password = f"Zhu-{secrets.token_hex(6)}-Qing"
    with samples.opened(store) as opened:
        opened.vault.change_password(opened.key, demo.LOGIN, password, CHEAP)
        offer = opened.vault.offer_recovery_code(opened.key)
        opened.vault.take_recovery_code(opened.key, offer)
        return password, offer.code


def masked(word: str) -> str:
    """Return a word as it may be told to a process in whose memory it is to be looked for."""
    return " ".join(str(ord(letter) ^ MASK) for letter in word)


def needles(words: list[str]) -> list[bytes]:
    """Return what to look for: the words as Python, Qt and the database hold them."""
    return [word.encode(how) for word in dict.fromkeys(words) for how in ("utf-8", "utf-16-le")]


def key_needles(store: Path, password: str) -> list[bytes]:
    """Return the data key of a store as bytes and as the digits that are told to the database."""
    key = Vault.open(store).unlock_password(demo.LOGIN, password)
    return [key, *needles([key.hex(), key.hex().upper()])]


def counted(pid: int, words: dict[str, list[bytes]]) -> dict[str, int]:
    """Return how often each of `words` lies in the memory of the process `pid`."""
    longest = max(len(needle) for found in words.values() for needle in found)
    counts = dict.fromkeys(words, 0)
    for piece in pieces(pid, longest):
        for what, found in words.items():
            counts[what] += sum(piece.count(needle) for needle in found)
    return counts


def pieces(pid: int, overlap: int) -> Iterator[bytes]:
    """Give the readable memory of a process, each piece beginning with the last bytes of the one before."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            found = _MAP.match(line)
            if found is None or found[3].startswith("[v") or found[3].startswith("/dev/"):
                continue
            start, end = int(found[1], 16), int(found[2], 16)
            rest = b""
            for at in range(start, end, _CHUNK):
                with suppress(OSError, OverflowError, ValueError):
                    memory.seek(at)
                    piece = memory.read(min(_CHUNK, end - at))
                    yield rest + piece
                    rest = piece[-(overlap - 1) :]


def table(before: dict[str, int], after: dict[str, int]) -> str:
    """Return the counts as lines: while open, and locked."""
    lines = [f"  {'found':28}{'open':>8}{'locked':>8}"]
    lines += [f"  {what:28}{before[what]:>8}{after[what]:>8}" for what in before]
    return "\n".join(lines)

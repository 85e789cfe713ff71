"""Counted trials of one kind: numbered cases, each drawn from the seed and its number, in processes of their own.

A case that hangs, dies or eats memory is a failure like any other: its process is ended and another takes its place.
"""

import contextlib
import importlib
import json
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

KINDS = ("packages", "standards", "workbooks", "histories", "stick", "kills", "faults", "memory")
ACCEPTED = "accepted"
SURVIVED = "survived"
REFUSED = "refused "
"""Before a code."""
FAILED = "failed"
_TOLD_EVERY_S = 30
_NOTHING_LEFT = 0
_BEGUN = "begun"
"""What a process says once it has made what its cases work on. Until then no case has begun, however slow the machine
is to start one."""
_START_S = 300
"""How long a process may take until it says so."""


class Kind(ABC):
    """One kind of trial, made anew in each process. `what` says in words what the case at hand has done so far."""

    patience_s = 60
    """How long a case may take."""
    memory_bytes = 0
    """How much address space the process may have; 0: any."""

    def __init__(self, shared: Path, own: Path) -> None:
        """`shared` is what `found` filled, for reading; `own` is an empty folder."""
        self.shared, self.own, self.what = shared, own, ""
        self.seed = self.number = 0

    @classmethod
    def found(cls, shared: Path) -> dict[str, str]:
        """Make what all cases start from; return what is to stand in the environment of the processes."""
        return {}

    @abstractmethod
    def case(self, dice: random.Random) -> str:
        """Try one case; return how it ended: ACCEPTED, SURVIVED, or REFUSED with a code. What it raises is a defect."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that did not end as it should."""

    number: int
    words: str


@dataclass
class _Worker:
    process: multiprocessing.process.BaseProcess
    pipe: "Connection[tuple[int, int], tuple[str, str]]"
    shared: Path
    own: Path
    number: int = _NOTHING_LEFT
    since: float = 0.0
    begun: bool = False


class Run:
    """`count` cases of one kind from number `first` on, in so many processes at a time."""

    def __init__(
        self, kind: str, seed: int, *, first: int = 1, count: int = 100, processes: int = 1, stores: Path | None = None
    ) -> None:
        self._kind, self._seed, self._processes, self._stores = kind, seed, processes, stores
        self._numbers = iter(range(first, first + count))
        self._last = first + count - 1
        self._context = multiprocessing.get_context("spawn")
        self.tally: Counter[str] = Counter()
        self.failures: list[Failure] = []

    def go(self) -> bool:
        """Try everything, tell failures at once and the figures at the end; return whether nothing failed."""
        with _folder() as folder:
            made = kind_called(self._kind)
            shared, environment = self._shared(folder)
            begun = told = time.monotonic()
            with _surroundings(environment):
                workers = [self._worker(shared, folder / f"{number}") for number in range(self._processes)]
                try:
                    for worker in workers:
                        self._next(worker)
                    while any(worker.number for worker in workers):
                        self._listen(workers, made.patience_s)
                        if time.monotonic() - told > _TOLD_EVERY_S:
                            told = time.monotonic()
                            print(f"… {self.words()}", file=sys.stderr, flush=True)
                finally:
                    for worker in workers:
                        worker.process.kill()
                        worker.process.join()
        seconds = time.monotonic() - begun
        print(f"{self.words()}; {seconds:.0f} s", flush=True)
        return not self.failures

    def words(self) -> str:
        """Return the figures in one line."""
        refused = {end.removeprefix(REFUSED): n for end, n in self.tally.items() if end.startswith(REFUSED)}
        parts = [f"{self.tally.total()} tried"]
        parts += [f"{self.tally[end]} {end}" for end in (SURVIVED, ACCEPTED) if self.tally[end]]
        if refused:
            codes = ", ".join(f"{code} {count}" for code, count in sorted(refused.items()))
            parts.append(f"{sum(refused.values())} refused ({codes})")
        parts.append(f"{self.tally[FAILED]} failed")
        return f"{self._kind}, seed {self._seed}, up to case {self._last}: {', '.join(parts)}"

    # inside

    def _shared(self, folder: Path) -> tuple[Path, dict[str, str]]:
        """Return where the stores lie that cases start from, made now or by a run before, and the surroundings."""
        shared = self._stores or folder / "shared"
        made = shared / "made.json"
        if not made.exists():
            shared.mkdir(parents=True, exist_ok=True)
            made.write_text(json.dumps(kind_called(self._kind).found(shared)))
        environment: dict[str, str] = json.loads(made.read_text())
        return shared, environment

    def _worker(self, shared: Path, own: Path) -> _Worker:
        mine, theirs = self._context.Pipe()
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        process = self._context.Process(target=_work, args=(self._kind, shared, own, self._seed, theirs))
        process.start()
        theirs.close()
        return _Worker(process, mine, shared, own)

    def _next(self, worker: _Worker) -> None:
        worker.number = next(self._numbers, _NOTHING_LEFT)
        worker.since = time.monotonic()
        with contextlib.suppress(BrokenPipeError):  # heard of in _listen
            worker.pipe.send((worker.number, 0))

    def _listen(self, workers: list[_Worker], patience_s: float) -> None:
        """Take what processes have to say, and replace those that say nothing any more."""
        busy = {worker.pipe: worker for worker in workers if worker.number}
        ready = wait(list(busy), timeout=1)
        for worker in busy.values():
            if worker.pipe in ready:
                try:
                    end, words = worker.pipe.recv()
                except EOFError:
                    worker.process.join()
                    self._lost(workers, worker, f"the process died ({worker.process.exitcode})")
                    continue
                if end == _BEGUN:
                    worker.begun, worker.since = True, time.monotonic()
                    continue
                self._note(worker.number, end, words)
                worker.begun = end != FAILED  # after a defect everything is made anew
                self._next(worker)
                continue
            what, most_s = ("end", patience_s) if worker.begun else ("beginning", _START_S)
            if time.monotonic() - worker.since > most_s:
                self._lost(workers, worker, f"no {what} after {most_s} s")

    def _lost(self, workers: list[_Worker], worker: _Worker, words: str) -> None:
        worker.process.kill()
        worker.process.join()
        self._note(worker.number, FAILED, words)
        workers.remove(worker)
        workers.append(self._worker(worker.shared, worker.own))
        self._next(workers[-1])

    def _note(self, number: int, end: str, words: str) -> None:
        self.tally[end] += 1
        if end == FAILED:
            self.failures.append(Failure(number, words))
            again = f"dev.py fuzz {self._kind} --seed {self._seed} --first {number} --count 1"
            print(f"FAILED case {number} ({again}):\n{words}", flush=True)


def kind_called(name: str) -> type[Kind]:
    """Return a kind by its name on the command line, which is that of its module, or by module and class (a.b:C)."""
    module, _, cls = name.partition(":")
    made = getattr(importlib.import_module(module if cls else f"installer.fuzz.{name}"), cls or name.capitalize())
    if not (isinstance(made, type) and issubclass(made, Kind)):
        raise TypeError(name)
    return made


def _work(name: str, shared: Path, own: Path, seed: int, pipe: "Connection[tuple[str, str], tuple[int, int]]") -> None:
    """Try the cases that are asked for, one after the other: the whole life of a process."""
    made = kind_called(name)
    if sys.platform != "win32" and made.memory_bytes:
        import resource  # only where there is such

        resource.setrlimit(resource.RLIMIT_AS, (made.memory_bytes, made.memory_bytes))
    kind = None
    while (number := pipe.recv()[0]) != _NOTHING_LEFT:
        try:
            if kind is None:
                kind = made(shared, own)
                pipe.send((_BEGUN, ""))
            kind.what, kind.seed, kind.number = "", seed, number
            pipe.send((kind.case(random.Random(f"{seed}:{number}")), ""))
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            pipe.send((FAILED, f"{kind.what if kind else ''}\n{traceback.format_exc(limit=-12)}"))
            kind = None  # nobody knows what state it is in
            shutil.rmtree(own, ignore_errors=True)
            own.mkdir()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Yield a folder in memory, if the machine has such."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="branch-desk-fuzz-", dir=memory if memory.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _surroundings(changes: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)

"""Starts of the window on a private X display, looked at from outside: how long until it paints, and its memory.

The moment is that at which a point in the middle of the screen changes its colour.
"""

import ctypes
import os
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path

from installer.waiting import until
from tests.ui import xvfb

WIDTH, HEIGHT = 1366, 768
PATIENCE_S = 60
LOOK_S = 0.001
RATIOS = {"ratio": "ms", "ratio of work": "worked"}
STILL_S = 0.4
ALL_PLANES, Z_PIXMAP = ctypes.c_ulong(-1), 2


@dataclass(frozen=True, slots=True)
class Start:
    """One start: milliseconds to the first painted window, those of them that the processor worked for it, and memory
    in MiB once the program has come to rest.
    """

    ms: float
    worked: float
    pss: float
    rss: float


class Display:
    """A private X display, and an eye on the point in its middle."""

    def __init__(self, name: str) -> None:
        self.name = name
        library = ctypes.CDLL(find_library("X11"))
        for function in (library.XOpenDisplay, library.XGetImage):
            function.restype = ctypes.c_void_p
        library.XDefaultRootWindow.restype = library.XGetPixel.restype = ctypes.c_ulong
        self._library = library
        self._display = ctypes.c_void_p(library.XOpenDisplay(self.name.encode()))
        self._root = ctypes.c_ulong(library.XDefaultRootWindow(self._display))

    def colour(self) -> int:
        """Return the colour in the middle of the screen; 0 where no window has painted."""
        middle = (WIDTH // 2, HEIGHT // 2, 1, 1)
        image = self._library.XGetImage(self._display, self._root, *middle, ALL_PLANES, Z_PIXMAP)
        handle = ctypes.c_void_p(image)
        colour = int(self._library.XGetPixel(handle, 0, 0))
        self._library.XDestroyImage(handle)
        return colour

    def cleared(self) -> None:
        """Wait until no window is there any more."""
        until(lambda: self.colour() == 0, PATIENCE_S, "the former window stays", pause=LOOK_S)

    def painted(self) -> None:
        """Wait until a window has painted."""
        until(lambda: self.colour() != 0, PATIENCE_S, "no window paints", pause=LOOK_S)

    def close(self) -> None:
        self._library.XCloseDisplay(self._display)


@contextmanager
def display() -> Iterator[Display]:
    with xvfb.display(f"{WIDTH}x{HEIGHT}") as given:
        shown = Display(given["DISPLAY"])
        try:
            yield shown
        finally:
            shown.close()


def processor_ticks(process: int) -> int:
    """Return the processor time used so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def worked_ms(process: int) -> float:
    """Return the milliseconds that all threads together have worked so far; other programs add little to that."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e6


def at_rest(process: int) -> None:
    """Wait until the program has done nothing for a while."""
    ticks, since = -1, time.monotonic()

    def still() -> bool:
        nonlocal ticks, since
        now = processor_ticks(process)
        if now != ticks:
            ticks, since = now, time.monotonic()
        return time.monotonic() - since > STILL_S

    until(still, PATIENCE_S, "the program does not come to rest", pause=LOOK_S)


def memory(process: int) -> dict[str, float]:
    """Return what the kernel says of a process' memory, in MiB by name."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    return {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}


def start(shown: Display, command: Sequence[str | Path], home: Path) -> Start:
    """Start `command`, measure, and end it."""
    environment = os.environ | {
        "DISPLAY": shown.name,
        "QT_QPA_PLATFORM": "xcb",
        "XDG_DATA_HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "PYTHONPYCACHEPREFIX": str(home / "compiled"),  # kept from start to start, as for any user
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    shown.cleared()
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        shown.painted()
        ms, worked = (time.perf_counter() - begun) * 1000, worked_ms(process.pid)
        at_rest(process.pid)
        found = memory(process.pid)
    finally:
        process.terminate()
        process.wait()
    return Start(ms, worked, found["Pss"], found["Rss"])


def summary(starts: list[Start], bound: list[Start]) -> dict[str, float]:
    """Return the medians of `starts` and how often they hold those of `bound`: in time, and in work."""

    def median(values: Iterator[float]) -> float:
        return round(statistics.median(values), 1)

    figures = {name: median(getattr(one, name) for one in starts) for name in ("ms", "worked", "pss", "rss")}
    ratios = {name: round(figures[of] / median(getattr(one, of) for one in bound), 2) for name, of in RATIOS.items()}
    return {**figures, **ratios}

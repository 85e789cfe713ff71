"""The screen on which a program of the lab opens its windows: what is there, what it looks like, keys for it."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from installer.dev import ROOT, quietly
from installer.waiting import until

TITLE = "支部工作台"
PICTURES = ROOT / "build" / "setup" / "pictures"
PATIENCE_SECONDS = 120
SIZE = "1600x1000"
"""Larger than the window wants to be: wine does not paint one that fills the screen, whoever opens it."""
COLOURS = 200
"""So many a window has that shows words and icons."""


def window(title: str) -> str:
    """A window on the screen with `title`; "" where there is none."""
    search = ["xdotool", "search", "--onlyvisible", "--name", title]
    return subprocess.run(search, capture_output=True, encoding="ascii", check=False).stdout.partition("\n")[0]


def painted(seen: str) -> bool:
    """Whether the window `seen` shows something, by the colours in it: its frame and icon are the window manager's."""
    found = _told(seen, "%k")
    return found.isdigit() and int(found) > COLOURS


def still(seen: str, seconds: float = 3) -> bool:
    """Whether the window `seen` shows the same after some seconds."""
    before = _told(seen, "%#")
    time.sleep(seconds)
    return before == _told(seen, "%#")


def _told(seen: str, what: str) -> str:
    """What ImageMagick says of what a window shows: %k how many colours, %# its sum."""
    asked = ["import", "-window", seen, "-format", what, "info:-"]
    return subprocess.run(asked, capture_output=True, encoding="ascii", check=False).stdout


def picture(name: str) -> None:
    """Keep what the screen shows."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    quietly(["import", "-window", "root", PICTURES / f"{name}.png"])


def close(title: str) -> None:
    """Close the window with `title` by its keys, and wait until it is gone.

    Raises:
        TimeoutError: it stays.
    """
    subprocess.run(["xdotool", "windowactivate", "--sync", window(title), "key", "alt+F4"], check=False)
    until(lambda: not window(title), PATIENCE_SECONDS, "the window does not close")


def type_into(seen: str, words: str) -> None:
    """Type `words` into the window `seen` where the cursor is, once it shows something, and press Enter."""
    until(lambda: painted(seen), PATIENCE_SECONDS, "the window stays empty")
    subprocess.run(["xdotool", "windowactivate", "--sync", seen], check=False)
    subprocess.run(["xdotool", "type", "--delay", "100", words], check=False)
    subprocess.run(["xdotool", "key", "Return"], check=False)


@contextmanager
def a_screen() -> Iterator[None]:
    """A screen of its own with a window manager, or the one that DISPLAY names."""
    if os.environ.get("DISPLAY"):
        yield
        return
    from tests.ui import xvfb

    with xvfb.display(SIZE) as shown:
        os.environ["DISPLAY"] = shown["DISPLAY"]
        manager = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            manager.terminate()
            manager.wait()
            del os.environ["DISPLAY"]

"""One window for each user, screen and store: where it answers, and taking that place before there is a window.

Who answers there is `ui/reception.py`. That takes its time to import, and whoever finds the place free needs it only
once the first window is painted: until then callers wait.
"""

import os
import stat
import sys
from pathlib import Path

from PySide6.QtCore import QCryptographicHash, QDir

LONGEST = 100  # what every Unix takes as the path of a socket
WAITING_CALLERS = 50


def address(store: Path) -> str:
    """Return where the window on `store` answers to this user on this screen; "" where there is no safe place."""
    environment = [os.environ.get(name, "") for name in ("DISPLAY", "WAYLAND_DISPLAY", "USERDOMAIN", "USERNAME")]
    words = "\n".join((os.fsdecode(store.absolute()), *environment))
    told = words.encode("utf-8", "surrogateescape")
    digest = QCryptographicHash.hash(told, QCryptographicHash.Algorithm.Sha256)  # hashlib takes 4 ms to import
    name = f"branch-desk-{bytes(digest.data()).hex()[:16]}"
    if sys.platform == "win32":
        return name
    folder = _own_folder()
    place = "" if folder is None else str(folder / f"{name}.sock")
    return place if len(os.fsencode(place)) <= LONGEST else ""


def _own_folder() -> Path | None:
    """Return a folder that only this user can write into: that of the session, else one of our own."""
    session = os.environ.get("XDG_RUNTIME_DIR", "")
    if session and os.access(session, os.W_OK):
        return Path(session)
    if sys.platform == "win32":
        return None
    folder = Path(QDir.tempPath()) / f"branch-desk-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
    return folder if ours else None


def take_place(place: str) -> int:
    """Return a socket on which callers wait from now on; 0 where the place is not free or cannot be taken so."""
    if sys.platform == "win32" or not place:
        return 0
    import _socket  # `socket` itself takes 2 ms more to import

    waiting = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        waiting.bind(place)
        waiting.listen(WAITING_CALLERS)
    except OSError:  # somebody answers there, or a program that was killed has left it
        waiting.close()
        return 0
    return waiting.detach()

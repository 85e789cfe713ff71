"""The plain copies of attachments that were opened to be looked at: where they lie, and that they go."""

import contextlib
import shutil
import stat
import sys
from pathlib import Path

FOLDER = "opened"
"""The folder, in that of a store, of the plain copies that are being looked at."""


def sweep_opened(store_folder: Path, place: Path | None = None) -> None:
    """Take the plain copies of a store away (or what lies in `place`); one still held open goes at the next start."""
    left = place or store_folder / FOLDER
    if sys.platform == "win32":  # where what cannot be written to cannot be removed either
        for path in left.rglob("*"):
            with contextlib.suppress(OSError):
                path.chmod(stat.S_IWRITE)
    shutil.rmtree(left, ignore_errors=True)

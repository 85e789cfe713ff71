"""`dev.py bundle`: the program as a folder without Python, built from installer/branch-desk.spec, then tried."""

import shutil
import sys
import time
from pathlib import Path

from installer.bundles import proof
from installer.bundles.contents import NAME
from installer.dev import ROOT, WINDOWS, call, quietly, say, surroundings

SPEC = ROOT / "installer" / f"{NAME}.spec"


def main(_arguments: list[str]) -> int:
    """Build dist/branch-desk and prove it."""
    started = time.monotonic()
    folder = built(ROOT / "dist", ROOT / "build" / "bundle")
    say(f"{folder}: {size(folder) >> 20} MiB in {time.monotonic() - started:.0f} s")
    return proof.tried(program(folder))


def built(to: Path, work: Path) -> Path:
    """Build the folder of the program below `to`, with the Python that runs this.

    Raises:
        SystemExit: PyInstaller failed; it has said why.
    """
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    status = call([*command, "--distpath", to, "--workpath", work, SPEC], surroundings(), ROOT)
    if status:
        raise SystemExit(status)
    slim(to / NAME)
    return to / NAME


def slim(folder: Path) -> None:
    """Take the words for a debugger out of compiled modules; Qt and the libraries in wheels stay as they came."""
    strip = shutil.which("strip")
    if WINDOWS or strip is None:
        return
    for file in sorted((folder / "_internal").rglob("*.so*")):
        first = file.relative_to(folder / "_internal").parts[0]
        if not file.is_symlink() and first not in ("PySide6", "shiboken6") and not first.endswith(".libs"):
            quietly([strip, "--strip-unneeded", file])


def program(folder: Path) -> Path:
    """The program that a person starts, in the folder of a bundle."""
    return folder / (f"{NAME}.exe" if WINDOWS else NAME)


def size(folder: Path) -> int:
    """How many bytes the files below `folder` hold."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())

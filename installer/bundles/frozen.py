"""`dev.py bundle`: the program as a folder without Python, built from installer/branch-desk.spec, then tried."""

import argparse
import shutil
import sys
import time
from pathlib import Path

from desktop.services.archive.fonts import FACES
from desktop.services.archive.pressed import press
from installer.bundles import icu, proof
from installer.bundles.contents import NAME, size
from installer.dev import ROOT, WINDOWS, call, quietly, say, surroundings

WORDY = ("libqpdf", "libicui18n", "libicuuc")
"""Libraries in wheels of which a fifth is words for a debugger."""
SPEC = ROOT / "installer" / f"{NAME}.spec"


def main(arguments: list[str]) -> int:
    """Build dist/branch-desk and prove it."""
    parser = argparse.ArgumentParser(prog="dev.py bundle", description=__doc__)
    parser.add_argument("--unproved", action="store_true", help="build only")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    folder = built(ROOT / "dist", ROOT / "build" / "bundle")
    say(f"{folder}: {size(folder) / 1e6:.0f} MB in {time.monotonic() - started:.0f} s")
    return 0 if options.unproved else proof.prove(program(folder))


def built(to: Path, work: Path) -> Path:
    """Build the folder of the program below `to`, with the Python that runs this.

    Raises:
        SystemExit: PyInstaller failed; it has said why.
    """
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    lines_only = surroundings(PYTHONNODEBUGRANGES="1")  # in which column a fault stands takes a megabyte to know
    status = call([*command, "--distpath", to, "--workpath", work, SPEC], lines_only, ROOT)
    if status:
        raise SystemExit(status)
    press_faces(to / NAME)
    slim(to / NAME)
    return to / NAME


def press_faces(folder: Path) -> None:
    """Press the faces that papers are set in, read in places, and those of the window, which most desks never need."""
    fonts = folder / "_internal" / "resources" / "fonts"
    for file in sorted(fonts.glob("*.ttf")):
        press(file, in_places=file.stem in FACES)


def slim(folder: Path) -> None:
    """Take the words for a debugger out of compiled modules, and languages that nobody reads here out of Qt's tables.

    Qt and most libraries in wheels stay as they came: they have few such words, and `WORDY` have many. The tables come
    last: what is written of them has no sections, and those are all that `strip` reads.
    """
    strip = "" if WINDOWS else shutil.which("strip") or ""
    for file in sorted((folder / "_internal").rglob("*.so*")) if strip else ():
        first = file.relative_to(folder / "_internal").parts[0]
        as_it_came = first in ("PySide6", "shiboken6") or first.endswith(".libs")
        if not file.is_symlink() and (not as_it_came or file.name.startswith(WORDY)):
            quietly([strip, "--strip-unneeded", file])
    for file in (folder / "_internal").rglob("libicudata.so.*"):
        if not file.is_symlink():
            icu.lean(file)


def program(folder: Path) -> Path:
    """The program that a person starts, in the folder of a bundle."""
    return folder / (f"{NAME}.exe" if WINDOWS else NAME)

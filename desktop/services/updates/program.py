"""The program that runs here: where it lies, in which form, and how another copy of it is started."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop import __version__
from desktop.services.files import real
from desktop.services.updates.manifest import Form

NAME = "branch-desk"
WINDOWS = sys.platform == "win32"
INSTALLED = Path("/var/lib/dpkg/info", f"{NAME}.list")
UNINSTALLER = "uninstall.exe"
_AFRESH = "PYINSTALLER_RESET_ENVIRONMENT"
"""Tells a packed program that it is no part of the one that starts it."""


@dataclass(frozen=True, slots=True)
class Program:
    """A packed program: the folder it lies in, in which form it got there, and its version."""

    folder: Path
    form: Form
    version: str


def running() -> Program | None:
    """Return the program that runs; None where it runs from a clone, which is not updated this way."""
    if not getattr(sys, "frozen", False):
        return None
    folder = real(Path(sys.executable)).parent
    return Program(folder, _form(folder), __version__)


def window_of(folder: Path) -> Path:
    """Return what a person starts in the folder of a program."""
    return folder / (f"{NAME}.exe" if WINDOWS else NAME)


def command_of(folder: Path) -> Path:
    """Return what answers on a command line in the folder of a program."""
    return folder / (f"{NAME}-cli.exe" if WINDOWS else NAME)


def running_from(folder: Path, processes: Path = Path("/proc")) -> list[int]:
    """Return the other processes of the program in `folder`; none where the system does not list them by files.

    Windows does not, and needs it not: there the folder of a program that runs cannot be exchanged.
    """
    found, window = [], os.fsencode(window_of(folder))
    for entry in processes.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")[:2]
            if (os.readlink(entry / "exe") == str(window_of(folder)) or window in words) and _is_other(entry.name):
                found.append(int(entry.name))
    return found


def _is_other(process: str) -> bool:
    return int(process) != os.getpid()


def started(
    program: Path, arguments: Sequence[str], more: Mapping[str, str] | None = None, *, told: bool = False
) -> "subprocess.Popen[bytes]":
    """Start a program of its own that outlives this one; `told` of the end of this one by the end of its input.

    Raises:
        OSError: the system starts none.
    """
    return subprocess.Popen(
        [str(program), *arguments],
        env={**os.environ, _AFRESH: "1", **(more or {})},
        stdin=subprocess.PIPE if told else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=program.parent.parent,  # in the folder itself, Windows would not let it be exchanged
        start_new_session=True,
        creationflags=_NO_CONSOLE if WINDOWS else 0,
    )


_NO_CONSOLE = 0x08000000


def _form(folder: Path) -> Form:
    if WINDOWS:
        return Form.SETUP if (folder / UNINSTALLER).is_file() else Form.FOLDER
    try:
        listed = os.fsencode(window_of(folder)) in INSTALLED.read_bytes().splitlines()
    except OSError:
        listed = False
    return Form.DEB if listed else Form.FOLDER

"""The program that runs here: where it lies, in which form, and how another copy of it is started."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
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


def running_from(folder: Path) -> list[int]:
    """Return the other processes of the program in `folder`; none where the system does not say which they are."""
    programs = {os.path.normcase(window_of(folder)), os.path.normcase(command_of(folder))}
    running = ((process, os.path.normcase(program)) for process, program in _processes(programs))
    return [process for process, program in running if program in programs and process != os.getpid()]


def _processes(programs: Collection[str]) -> Iterator[tuple[int, str]]:
    """Give the processes of this computer, each with the file it runs; a script is told by its first words."""
    if sys.platform == "win32":
        from desktop.services.updates.processes_windows import processes

        yield from processes()
        return
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = map(os.fsdecode, (entry / "cmdline").read_bytes().split(b"\0")[:2])
            script = next((word for word in words if word in programs), "")
            yield int(entry.name), script or os.readlink(entry / "exe")


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

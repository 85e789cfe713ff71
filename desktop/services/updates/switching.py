"""Exchanges the program, starts the new one, and puts the old one back if the new one does not open the data.

This runs in the copy of the old program that is kept aside, so that nothing runs in the folder that is exchanged. It
waits for the end of the program that started it, which is the end of what it can read from it.
"""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from desktop.services.errors import AppError, StorageFailure, StoreBusy
from desktop.services.files import FilePort
from desktop.services.security.lock import StoreLock, require_free
from desktop.services.updates.giving_back import give_back
from desktop.services.updates.manifest import Form
from desktop.services.updates.preparing import shared_or_copied
from desktop.services.updates.program import NAME, running_from, started, window_of
from desktop.services.updates.state import BETWEEN, STOPPED, WATCHED, Phase, State, moved_on, read_state

LOOK_S = 0.2
_PATIENCE_S = 30
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
_MOST_LINES, _LONGEST_WORD = 2, 160
_RUNNING = 3  # what a silent set-up ends with while the program runs
BACK = ".back"  # the old program on its way back to its place
NOT_AGREED = (126, 127)  # how pkexec ends where nobody gave the password

STILL_OPEN = "程序还有别的窗口开着"
CRASHED = "新版本启动时意外退出（{code}）"
NOT_OPENED = "新版本打不开数据"
NOT_PLACED = "程序的文件夹没有换成（{reason}）"
NOT_INSTALLED = "安装没有成功（{code}）"
NOT_ALLOWED = "安装要由电脑的管理员同意"


def finish(place: Path, arguments: Sequence[str] = ()) -> int:
    """Do what is left of the update in `place`, and watch the new program until it is known whether it works."""
    _wait_for_starter()
    try:
        lock = StoreLock(place)
    except (StoreBusy, StorageFailure):
        return 1
    with lock:
        state = read_state(place)
        if state is None:
            return 1
        _wait_for_store(Path(state.store))
        if state.phase is Phase.READY:
            state = _exchanged(place, state)
        if state.phase is Phase.SWITCHING:  # the power went off while the folders changed places
            state = moved_on(place, state, Phase.FALLEN, why=_taken_back(state, STOPPED))
        if state.phase is Phase.TRYING:
            return _watched(place, state, arguments or ("--store", state.store))
    _start_old(state)
    return 1


# exchanging


def _exchanged(place: Path, state: State) -> State:
    """Put the new program in the place of the old one; return how far it came."""
    program, new = Path(state.program), Path(state.payload)
    if state.form != Form.DEB and not _is_closed(program):
        return moved_on(place, state, Phase.FALLEN, why=STILL_OPEN)
    if state.form != Form.FOLDER:
        return _installed(place, state)
    moved_on(place, state, Phase.SWITCHING)
    if sys.platform != "win32":
        os.sync()  # what was unpacked is on the disk before it counts
    try:
        exchange(program, new)
    except OSError as error:
        return moved_on(place, state, Phase.FALLEN, why=NOT_PLACED.format(reason=error.strerror or error.errno))
    shutil.rmtree(new, ignore_errors=True)  # it is the old one now, and a copy of it is kept
    return moved_on(place, state, Phase.TRYING)


def exchange(one: Path, other: Path) -> None:
    """Let two folders take each other's place; at once, where the system can.

    Raises:
        OSError: what the system says; both are where they were, unless the power went off in between.
    """
    if _at_once(one, other):
        return
    port, between = FilePort(), one.with_name(one.name + BETWEEN)
    shutil.rmtree(between, ignore_errors=True)
    port.replace(one, between)
    try:
        port.replace(other, one)
    except OSError:
        port.replace(between, one)
        raise
    port.replace(between, other)


def _at_once(one: Path, other: Path) -> bool:
    if sys.platform != "linux":
        return False
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    return bool(call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), ctypes.c_uint(_EXCHANGE)) == 0)


def _installed(place: Path, state: State) -> State:
    """Run the set-up or the package; where nobody with the right agrees, nothing has changed."""
    payload = Path(state.payload)
    command = setup_command(payload, Path(state.program)) if state.form == Form.SETUP else deb_command(payload)
    by_hand = "" if state.form == Form.SETUP else f"sudo dpkg -i {payload}"
    if command is None:
        return moved_on(place, state, Phase.REFUSED, why=NOT_ALLOWED, command=by_hand)
    moved_on(place, state, Phase.SWITCHING)
    try:
        code, said = _run(command)
    except OSError as error:
        return moved_on(place, state, Phase.REFUSED, why=NOT_INSTALLED.format(code=error.strerror), command=by_hand)
    if code == 0 or (state.form == Form.DEB and _unpacked() == state.new):
        return moved_on(place, state, Phase.TRYING)
    if state.form == Form.SETUP and code == _RUNNING:  # it has changed nothing
        return moved_on(place, state, Phase.FALLEN, why=STILL_OPEN)
    refused = state.form == Form.DEB and code in NOT_AGREED
    why = NOT_ALLOWED if refused else NOT_INSTALLED.format(code=said or code)
    if state.form == Form.SETUP:  # it may have taken away a part of the old program
        return moved_on(place, state, Phase.FALLEN, why=_taken_back(state, why))
    return moved_on(place, state, Phase.REFUSED, why=why, command=by_hand)


def deb_command(package: Path) -> list[str] | None:
    """Return what installs a package; None where nobody can be asked for the right to it."""
    if sys.platform == "win32":
        return None
    install = [shutil.which("dpkg") or "/usr/bin/dpkg", "-i", str(package)]
    if os.geteuid() == 0:
        return install
    asking = shutil.which("pkexec")
    return [asking, *install] if asking else None


def setup_command(setup: Path, folder: Path) -> str:
    """Return what runs a set-up silently into `folder`, which it reads to the end of the line, unquoted."""
    return f'"{setup}" /S /D={folder}'


def _unpacked() -> str:
    """Return the version whose files lie there by what dpkg knows; "" where it does not say.

    A package is laid out before dpkg sees that the system lacks something it asks for: then it fails, and is there.
    """
    asking = shutil.which("dpkg-query")
    if asking is None:
        return ""
    asked = [asking, "-W", "-f", "${Version}", NAME]
    return subprocess.run(asked, capture_output=True, text=True, errors="replace", check=False).stdout.strip()


def _run(command: "str | list[str]") -> tuple[int, str]:
    """Run a set-up; one that finds the program still running is tried again for a while. How it ended, and its word."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if done.returncode != _RUNNING or time.monotonic() > until:
            lines = [line.strip() for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
            return done.returncode, " ".join(lines[:_MOST_LINES])[:_LONGEST_WORD]
        time.sleep(1)


# watching


def _watched(place: Path, state: State, arguments: Sequence[str]) -> int:
    """Start the new program and wait until it has opened the data, or has ended."""
    try:
        program = started(window_of(Path(state.program)), arguments, {WATCHED: "1"})
    except OSError as error:
        return _fallen_back(place, state, CRASHED.format(code=error.strerror or error.errno))
    while True:
        code = program.poll()
        now = read_state(place) or state
        if now.phase is not Phase.TRYING:
            return 0
        if code is not None:
            break
        time.sleep(LOOK_S)
    if now.failed:
        return _fallen_back(place, now, NOT_OPENED)
    if code:
        return _fallen_back(place, now, CRASHED.format(code=code))
    return 0  # closed before anybody logged in: the next start is watched again


def _fallen_back(place: Path, state: State, why: str) -> int:
    """Put the old program back, and the data if the new one has changed their form; start it, and it says so."""
    with contextlib.suppress(AppError, OSError):
        give_back(Path(state.store), state.backup)
    if state.form != Form.DEB:
        why = _taken_back(state, why)
    state = moved_on(place, state, Phase.FALLEN, why=why, command="")
    _start_old(state)
    return 1


def _taken_back(state: State, why: str) -> str:
    """Put the old program back; return why the update came to nothing, with what else did."""
    try:
        _put_back(state)
    except OSError as error:
        return f"{why}；{NOT_PLACED.format(reason=error.strerror or error.errno)}"
    return why


def _put_back(state: State) -> None:
    """Let a copy of what is kept aside take the place of the new program.

    Raises:
        OSError: the disk refuses; what is kept aside stays.
    """
    program, former = Path(state.program), Path(state.former)
    back = program.with_name(program.name + BACK)
    shutil.rmtree(back, ignore_errors=True)
    shutil.copytree(former, back, symlinks=True, copy_function=shared_or_copied)
    if program.exists():
        exchange(program, back)
        shutil.rmtree(back, ignore_errors=True)
    else:
        FilePort().replace(back, program)
        shutil.rmtree(program.with_name(program.name + BETWEEN), ignore_errors=True)
    if state.form == Form.SETUP:
        _registered(state.old)


def _registered(version: str) -> None:
    """Let Windows list the version that lies there again, so that a later set-up may take its place."""
    if sys.platform == "win32":
        import winreg

        listed = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\BranchDesk"
        with (
            contextlib.suppress(OSError),
            winreg.OpenKey(winreg.HKEY_CURRENT_USER, listed, 0, winreg.KEY_SET_VALUE) as key,
        ):
            winreg.SetValueEx(key, "DisplayVersion", 0, winreg.REG_SZ, version)


def _start_old(state: State) -> None:
    """Start the old program: from its place, or from where it is kept where its place is an administrator's."""
    gone = state.form == Form.DEB and state.phase is Phase.FALLEN
    with contextlib.suppress(OSError):
        started(window_of(Path(state.former if gone else state.program)), ["--store", state.store])


def _wait_for_starter() -> None:
    """Wait until the program that started this has ended: then nothing more can be read from it."""
    with contextlib.suppress(OSError, ValueError):
        while os.read(0, 1024):
            pass


def _is_closed(program: Path) -> bool:
    """Wait a while until nothing runs any more in the folder that is to be exchanged; whether that is so."""
    until = time.monotonic() + _PATIENCE_S
    while running_from(program):
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_S)
    return True


def _wait_for_store(store: Path) -> None:
    """Wait a while for the data to be closed."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        try:
            require_free(store)
        except (StoreBusy, OSError):
            time.sleep(LOOK_S)
        else:
            return

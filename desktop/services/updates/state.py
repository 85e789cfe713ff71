"""How far an update of the program is: one small file for each folder that a program lies in.

It is read at every start of a packed program, so nothing heavy is imported here.
"""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path

from desktop.paths import updates_folder
from desktop.services.files import FilePort, real, write_atomically

NAME = "update.json"
FINISH = "--finish-update"
"""What the copy kept aside is started with; then comes the folder of the update, then what the new program gets."""
WATCHED = "BRANCH_DESK_UPDATE"
"""Set for a program that is watched until it has opened the data."""
FORMER, BETWEEN = ".former", ".between"
"""Endings of what lies beside the folder of the program: the copy of the old one, and the old one for a moment while
the new one takes its place."""
STOPPED = "更换到一半时中断了"
_MOST_BYTES = 1 << 16


class Phase(StrEnum):
    """How far it is: ready, being exchanged, waiting for the new program to open the data; and how it ended."""

    READY = "ready"
    SWITCHING = "switching"
    TRYING = "trying"
    OPENED = "opened"
    FALLEN = "fallen"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """An update of the program in `program`, folders and files as texts.

    `former`: a copy of the old program. `payload`: the file to install, or the new program unpacked. `store`: what the
    new one has to open; `backup`: the copy made of it before. `failed`: the new one could not open it. `why`: what
    people are told of an end that was no success; `command`: what an administrator types; `portable`: the file on the
    stick that needs none.
    """

    phase: Phase
    old: str
    new: str
    program: str
    form: str
    payload: str
    former: str
    store: str
    backup: str
    failed: bool = False
    why: str = ""
    command: str = ""
    portable: str = ""


def place_of(program: Path) -> Path:
    """Return the folder where an update of the program that lies in `program` is made ready."""
    return updates_folder() / hashlib.sha256(os.fsencode(program)).hexdigest()[:16]


def cut_off(copy: Path) -> Path | None:
    """Return the folder of an update that was cut off while no program was in its place, by a `copy` beside that."""
    for ending in (FORMER, BETWEEN):
        program = copy.with_name(copy.name.removesuffix(ending))
        if program != copy and not program.exists():
            state = read_state(place_of(program))
            return place_of(program) if state is not None and state.phase is Phase.SWITCHING else None
    return None


def read_state(place: Path) -> State | None:
    """Return how far the update is; None where there is none."""
    try:
        with (place / NAME).open("rb") as file:
            value = json.loads(file.read(_MOST_BYTES))
        names = {each.name for each in fields(State)}
        known = {name: each for name, each in value.items() if name in names}
        return State(**{**known, "phase": Phase(known["phase"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_state(place: Path, state: State) -> State:
    """Remember how far the update is.

    Raises:
        StorageFailure: the disk refuses.
    """
    # a folder may be called by bytes that are no text: such names stand in it escaped
    write_atomically(place / NAME, json.dumps(asdict(state)).encode("ascii"), FilePort())
    return state


def moved_on(place: Path, state: State, phase: Phase, *, why: str = "", command: str = "") -> State:
    """Remember that the update has come to `phase`."""
    return write_state(place, replace(state, phase=phase, why=why, command=command))


def note_opened(place: Path, store: Path) -> bool:
    """Remember that the new program has opened the data it was made ready for; whether that was still to be seen."""
    state = _tried_on(place, store)
    if state is None:
        return False
    moved_on(place, state, Phase.OPENED)
    return True


def note_failed(place: Path, store: Path) -> None:
    """Remember that the new program could not open the data it was made ready for."""
    state = _tried_on(place, store)
    if state is not None:
        write_state(place, replace(state, failed=True))


def _tried_on(place: Path, store: Path) -> State | None:
    state = read_state(place)
    awaited = state is not None and state.phase is Phase.TRYING and real(Path(state.store)) == real(store)
    return state if awaited else None


def sweep(place: Path) -> None:
    """Take away what an update needed: the old program kept aside, what was copied, and last what tells of it."""
    state = read_state(place)
    if state is not None:
        for each in (state.former, state.payload):
            if each and Path(each) != Path(state.program):
                _remove(Path(each))
        if Path(state.program).exists():  # else it is all there is
            _remove(Path(state.program + BETWEEN))
    shutil.rmtree(place, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        FilePort().remove_quietly(path)

"""What a packed program does first: whether an update of it is under way, and who is to start now."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from desktop import __version__
from desktop.services.errors import AppError
from desktop.services.security.lock import require_free
from desktop.services.updates.manifest import Form
from desktop.services.updates.program import command_of, running, started, window_of
from desktop.services.updates.state import (
    FINISH,
    STOPPED,
    WATCHED,
    Phase,
    State,
    cut_off,
    moved_on,
    note_failed,
    note_opened,
    place_of,
    read_state,
    sweep,
)

NOT_BEGUN = "没有开始更换（{reason}）"
_UNSOUND = ("E-DB-DAMAGED", "E-DB-PLAIN", "E-DB-NEWER")


def at_start(arguments: Sequence[str], *, window: bool) -> int | None:
    """Do what an update asks for before anything else; the exit status where this program is not the one to go on.

    `window`: the window is asked for, not a verb.
    """
    if arguments[:1] == [FINISH]:
        from desktop.services.updates import switching  # brings much: not on the way of a plain start

        return switching.finish(Path(arguments[1]), arguments[2:])
    watched = os.environ.pop(WATCHED, "")
    program = running()
    if program is None:
        return None
    halfway = cut_off(program.folder)
    if halfway is not None:  # this is a copy beside the place that nothing lies in
        with contextlib.suppress(OSError):
            begin(halfway, arguments)
            return 0
    place = place_of(program.folder)
    state = read_state(place)
    if state is None:
        return None
    try:
        require_free(place)
    except (AppError, OSError):  # somebody is at it: the copy of the old program watches this one
        return None
    state = _cut_off(place, state, program.version)
    if state.phase is Phase.TRYING and window and not watched and program.version == state.new:
        try:
            begin(place, arguments)
        except OSError:
            return None
        return 0
    if state.form == Form.DEB and state.phase is Phase.FALLEN and program.version == state.new:
        return _former(state, arguments)  # verbs too: they would change the form of the data again
    return None


def begin(place: Path, arguments: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
    """Let the copy kept aside take over; this program is to end now.

    Raises:
        OSError: it does not start; nothing has changed.
    """
    state = read_state(place)
    if state is None:
        raise FileNotFoundError(place)
    return started(command_of(Path(state.former)), [FINISH, str(place), *arguments], told=True)


def give_way(place: Path) -> None:
    """Let the copy kept aside take over, now that the window is closed; if it does not start, the next start tells."""
    try:
        begin(place)
    except OSError as error:
        state = read_state(place)
        if state is not None:
            moved_on(place, state, Phase.FALLEN, why=NOT_BEGUN.format(reason=error.strerror or error.errno))


def current() -> tuple[Path, State] | None:
    """Return the place of the update of the program that runs and how far it is; None where there is none."""
    program = running()
    if program is None:
        return None
    place = place_of(program.folder)
    state = read_state(place)
    return None if state is None else (place, state)


def tidied() -> None:
    """Take away what an update needed, once the new program has opened the data and was started again since."""
    found = current()
    if found is None:
        return
    place, state = found
    if state.phase in (Phase.OPENED, Phase.READY) or _is_past(state):
        sweep(place)


def opened(store: Path) -> str:
    """Remember that this program has opened the data; the version, if it is the new one and that was awaited."""
    found = current()
    if found is not None and note_opened(found[0], store):
        return found[1].new
    return ""


@contextlib.contextmanager
def judging_opening(store: Path) -> Iterator[None]:
    """Remember of a new program that it could not open the data, for a reason that is not the user's."""
    try:
        yield
    except Exception as error:
        found = current()
        if found is not None and speaks_against_program(error):
            note_failed(found[0], store)
        raise


def speaks_against_program(error: BaseException) -> bool:
    """Tell whether an error in opening the data may come from the program: a defect, or data it finds unsound."""
    return not isinstance(error, AppError) or getattr(error, "code", "") in _UNSOUND


def outcome() -> State | None:
    """Return an update that came to nothing, to be told to whoever starts the program, and to who works in the copy."""
    found = current()
    state = _kept_aside() if found is None else found[1]
    if state is None or state.phase not in (Phase.FALLEN, Phase.REFUSED) or _is_past(state):
        return None
    return state


def told() -> None:
    """Forget an update that came to nothing, now that it was said, unless an administrator may still install it."""
    found = current()
    if found is not None and found[1].phase is Phase.FALLEN and found[1].old == __version__:
        sweep(found[0])


def _kept_aside() -> State | None:
    """Return the update whose former program runs here, since the one that was installed does not work."""
    program = running()
    state = None if program is None else read_state(program.folder.parent)
    return state if program is not None and state is not None and Path(state.former) == program.folder else None


def _is_past(state: State) -> bool:
    """Tell whether an update came to nothing whose program has been replaced since, by hand."""
    failed = state.phase in (Phase.FALLEN, Phase.REFUSED)
    return failed and __version__ != state.old and not (state.phase is Phase.FALLEN and __version__ == state.new)


def _cut_off(place: Path, state: State, version: str) -> State:
    """Say where an exchange stands that nobody is at any more: the power went off."""
    if state.phase is not Phase.SWITCHING:
        return state
    if version == state.new:
        return moved_on(place, state, Phase.TRYING)
    return moved_on(place, state, Phase.FALLEN, why=STOPPED)


def _former(state: State, arguments: Sequence[str]) -> int:
    """Start the old program from where it is kept, since the new one in its place does not work."""
    status = subprocess.run([str(window_of(Path(state.former))), *arguments], check=False).returncode
    return status if sys.platform == "win32" else max(status, 0)

"""A new program takes the place of the old one, or the old one comes back: real programs, releases and stores."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models import schema
from desktop.models.database import connect_to_copy
from desktop.paths import DATABASE
from desktop.services.backup import copies_in
from desktop.services.opening import open_store
from desktop.services.updates.manifest import Form
from desktop.services.updates.offers import UpdateRefused
from desktop.services.updates.preparing import prepare
from desktop.services.updates.program import NAME, Program
from desktop.services.updates.starting import begin
from desktop.services.updates.state import BETWEEN, FORMER, Phase, State, moved_on, place_of, read_state, write_state
from desktop.services.updates.switching import exchange
from tests.services.updates.programs import (
    NEW,
    OLD,
    TRUSTED,
    break_opening,
    break_window,
    make_program,
    make_release,
    shared_resources,
)
from tests.stores import LOGIN, PASSWORD, used_today

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs of these tests are scripts")
PATIENCE_S = 120


class Desk:
    """A computer with a program in a folder, a store, and a stick."""

    def __init__(self, root: Path) -> None:
        self.stick, self.store = root / "盘", root / "数据"
        self.shared = shared_resources(root / "共有")
        self.program = make_program(root / "程序" / "支部 工作台", OLD, self.shared)
        self.fresh = make_program(root / "新", NEW, self.shared)
        self.place = place_of(self.program)
        used_today(self.store).close()

    @property
    def used(self) -> Program:
        """The program as it knows itself."""
        return Program(self.program, Form.FOLDER, OLD)

    def release(self) -> None:
        """Put the new program on the stick."""
        make_release(self.stick, self.fresh, NEW)

    def prepared(self) -> State:
        """Make the update ready."""
        with open_store(self.store, PASSWORD, LOGIN) as store:
            return prepare(store, self.stick, self.used, keys=TRUSTED)

    def begin(self) -> "subprocess.Popen[bytes]":
        """Let the copy kept aside go on, as if this process had ended."""
        watching = begin(self.place)
        assert watching.stdin is not None
        watching.stdin.close()
        return watching

    def phase(self) -> Phase | None:
        """How far it is."""
        state = read_state(self.place)
        return state.phase if state is not None else None

    def types(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Type a verb to the program in its place."""
        command = [str(self.program / NAME), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)

    def version(self) -> str:
        """What the program in its place calls itself."""
        return f"{(self.program / '_internal/desktop/__init__.py').read_text('utf-8').split(chr(34))[-2]}"

    def windows(self) -> list[int]:
        """The processes of windows that the program in its place has opened."""
        return [
            process
            for process, words in self.processes()
            if os.fsencode(self.program / NAME) in words and b"--store" in words
        ]

    def processes(self) -> list[tuple[int, list[bytes]]]:
        """The processes of programs of this test, each with its words."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = entry.read_bytes().split(b"\0")
                if any(word.startswith(os.fsencode(self.program)) for word in words):
                    found.append((int(entry.parent.name), words))
        return found

    def end_all(self) -> None:
        """End whatever still runs of it."""
        while left := self.processes():
            for process, _words in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.05)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "家" / "share"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "家" / "config"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    made = Desk(tmp_path)
    yield made
    made.end_all()


def until(condition: Callable[[], object]) -> None:
    """Wait until it is so."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def close_window(desk: Desk) -> None:
    """End the window as one that crashes does."""
    (process,) = desk.windows()
    os.kill(process, signal.SIGKILL)


def test_the_new_program_takes_the_place_of_the_old_which_stays_until_the_data_were_opened(desk: Desk) -> None:
    desk.release()
    told = json.loads(desk.types("updates", str(desk.stick), "--json").stdout)
    assert (told["version"], told["own"], told["standing"], told["signer"]) == (NEW, OLD, "newer", *TRUSTED)
    assert [news["version"] for news in told["news"]] == [NEW], "what is new since the program in use"
    done = desk.types("update", str(desk.store), str(desk.stick), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["backup"] == copies_in(desk.store)[0].stamp
    former = desk.program.with_name(f"{desk.program.name}.former")
    until(lambda: desk.phase() is Phase.TRYING)
    assert desk.version() == NEW
    until(desk.windows)
    assert former.is_dir()
    done = desk.types("check", str(desk.store))
    assert done.returncode == 0, done.stderr
    assert desk.phase() is Phase.OPENED
    until(lambda: len(desk.processes()) == 1)  # who watched has gone
    beside = {path.name for path in desk.program.parent.iterdir()}
    assert beside == {desk.program.name, former.name}, "the old program goes at the next start of the new one"
    desk.end_all()
    second = subprocess.Popen([desk.program / NAME, "--store", desk.store], stderr=subprocess.DEVNULL)
    until(lambda: [path.name for path in desk.program.parent.iterdir()] == [desk.program.name])
    until(lambda: not desk.place.exists())
    desk.end_all()
    second.wait()


def test_a_start_that_nobody_watches_is_watched_and_closing_the_window_is_no_failure(desk: Desk) -> None:
    desk.release()
    desk.prepared()
    watching = desk.begin()
    until(lambda: desk.phase() is Phase.TRYING and desk.windows())
    watching.kill()  # as when the power goes off
    watching.wait()
    desk.end_all()
    assert (desk.phase(), desk.version()) == (Phase.TRYING, NEW)
    assert desk.types("--store", str(desk.store)).returncode == 0, "hands over to who watches"
    until(desk.windows)
    assert len(desk.processes()) == 2
    close_window(desk)
    until(lambda: desk.phase() is Phase.FALLEN)
    assert desk.version() == OLD


def test_an_exchange_that_was_cut_off_before_it_began_is_told_and_changes_nothing(desk: Desk) -> None:
    desk.release()
    moved_on(desk.place, desk.prepared(), Phase.SWITCHING)
    done = desk.types("check", str(desk.store))
    assert done.returncode == 0, done.stderr
    assert (desk.phase(), desk.version()) == (Phase.FALLEN, OLD)


@pytest.mark.parametrize("ending", [FORMER, BETWEEN])
def test_a_cut_while_no_program_was_in_its_place_is_mended_by_whichever_copy_is_started(
    desk: Desk, ending: str
) -> None:
    desk.release()
    moved_on(desk.place, desk.prepared(), Phase.SWITCHING)
    beside = desk.program.with_name(desk.program.name + BETWEEN)
    desk.program.rename(beside)
    assert read_state(desk.place) is not None
    copy = desk.program.with_name(desk.program.name + ending)
    assert subprocess.run([copy / NAME, "--store", desk.store], check=False, timeout=PATIENCE_S).returncode == 0
    until(lambda: desk.phase() is Phase.FALLEN and desk.windows())
    assert desk.version() == OLD
    assert not beside.exists()


def test_a_program_with_another_window_open_is_not_exchanged(desk: Desk, tmp_path: Path) -> None:
    desk.release()
    used_today(tmp_path / "别的数据").close()
    other = subprocess.Popen([desk.program / NAME, "--store", tmp_path / "别的数据"], stderr=subprocess.DEVNULL)
    until(desk.windows)
    with pytest.raises(UpdateRefused, match="E-UPD-OPEN"):
        desk.prepared()
    desk.end_all()
    other.wait()
    assert desk.prepared().phase is Phase.READY


def test_a_package_that_the_system_does_not_take_changes_nothing_and_is_told_with_its_command(desk: Desk) -> None:
    desk.release()
    state = desk.prepared()
    package = desk.place / "branch-desk_0.2.1_all.deb"
    package.write_bytes(b"no package")
    write_state(desk.place, replace(state, form=Form.DEB.value, payload=str(package)))
    assert desk.begin().wait(PATIENCE_S) == 1
    told = read_state(desk.place)
    assert told is not None
    assert (told.phase, told.command) == (Phase.REFUSED, f"sudo dpkg -i {package}")
    assert told.why
    assert desk.version() == OLD
    until(desk.windows)


def test_a_new_program_that_crashes_at_its_start_gives_way_to_the_old_one(desk: Desk) -> None:
    break_window(desk.fresh)
    desk.release()
    state = desk.prepared()
    before = (desk.store / DATABASE).read_bytes()
    assert desk.begin().wait(PATIENCE_S) == 1
    assert (desk.phase(), desk.version()) == (Phase.FALLEN, OLD)
    told = read_state(desk.place)
    assert told is not None
    assert "意外退出" in told.why
    assert (desk.store / DATABASE).read_bytes() == before, "it had not come to the data"
    until(desk.windows)
    assert Path(state.former).is_dir()


def test_data_whose_form_a_failing_program_has_changed_are_given_back_as_they_were(desk: Desk) -> None:
    break_opening(desk.fresh)
    desk.release()
    desk.prepared()
    with open_store(desk.store, PASSWORD, LOGIN) as store:
        key = bytes(bytearray(store.key))  # its own is written over when it is closed
    watching = desk.begin()
    until(lambda: desk.phase() is Phase.TRYING and desk.windows())
    assert desk.types("check", str(desk.store)).returncode == 1
    assert revision(desk, key) == "9000"
    assert desk.phase() is Phase.TRYING
    close_window(desk)
    assert watching.wait(PATIENCE_S) == 1
    assert (desk.phase(), desk.version()) == (Phase.FALLEN, OLD)
    assert revision(desk, key) == schema.HEAD
    assert desk.types("check", str(desk.store)).returncode == 0


def test_where_an_installed_program_has_failed_its_verbs_are_answered_by_the_copy_of_the_old_one(desk: Desk) -> None:
    break_opening(desk.fresh)
    desk.release()
    state = desk.prepared()
    exchange(desk.program, Path(state.payload))  # as a package does it, which only an administrator can take back
    write_state(desk.place, replace(state, form=Form.DEB.value, phase=Phase.FALLEN))
    with open_store(desk.store, PASSWORD, LOGIN) as store:
        key = bytes(bytearray(store.key))
    done = desk.types("check", str(desk.store))
    assert done.returncode == 0, done.stderr
    assert revision(desk, key) == schema.HEAD, "the failing program would have changed their form again"


def revision(desk: Desk, key: bytes) -> str | None:
    """Return the form of the data as they lie there."""
    connection = connect_to_copy(desk.store / DATABASE, key)
    try:
        return schema.revision_of(connection)
    finally:
        connection.close()

"""Upgrading where no network is, proved in a Windows of its own, for the program as a set-up and as a folder.

    a later version by a signed release on a stick: told, not made ready while another window of the program is open,
    then made ready and exchanged; the window opens by itself, and the old program stays until somebody has logged in
    there; the next start takes it away
    a version after it that changes the form of the data and then fails: the program before it comes back with the data

The versions are the frozen program but for a module or two (versions.py), signed by a key of the proof. What a person
does in the window is done by its keys. Pictures go to build/setup/pictures.
"""

import json
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.services.demo import PASSWORD
from desktop.services.releases import NAMESPACE
from desktop.services.security.sshsig import openssh_public_key
from desktop.services.updates.manifest import Form
from desktop.services.updates.offers import FOLDER, Standing
from desktop.services.updates.state import Phase, State, read_state
from installer.bundles import release
from installer.bundles.contents import NAME, version
from installer.bundles.verdict import expect, verdict
from installer.bundles.windows.lab import FOR_UPGRADE, Lab, the_lab
from installer.bundles.windows.packing import QUICK, compile_setup, press_folder, setup_name
from installer.bundles.windows.proof import Answer
from installer.bundles.windows.screen import (
    PATIENCE_SECONDS,
    TITLE,
    a_screen,
    close,
    painted,
    picture,
    still,
    type_into,
    window,
)
from installer.bundles.windows.versions import make_version, put
from installer.dev import ROOT, say
from installer.waiting import until
from tests.services.updates.programs import BROKEN_SWEEP, LATER, LATER_FORM

WORK = ROOT / "build" / "setup" / "versions"
STICK, STORE, OTHER = "盘", "数据", "别的数据"
LOGGED_IN = {"BRANCH_DESK_PASSWORD": PASSWORD}
LOCAL = Path("users", "root", "AppData", "Local")
PORTABLE = Path("我的 程序")
"""Where a user unpacks a program, on his disk C:."""


def later(steps: int) -> str:
    """The number of a version after this one."""
    *first, last = version().split(".")
    return ".".join((*first, str(int(last) + steps)))


OWN, NEW, BROKEN = version(), later(1), later(2)


def proved(payload: Path) -> int:
    """Run all steps with the frozen program in `payload`; 0, or 1 at the first that does not hold."""
    lab = the_lab(FOR_UPGRADE)
    shutil.rmtree(lab.drive.parent, ignore_errors=True)
    releases = made(payload)
    with a_screen():
        return verdict(lambda: lives(lab, releases))


def made(payload: Path) -> dict[str, Path]:
    """Make this version and the two after it, each as a release that the others trust; the folder of each."""
    key = Ed25519PrivateKey.generate()
    keys = f'release namespaces="{NAMESPACE}" {openssh_public_key(key.public_key())}\n'
    releases = {}
    for number in (OWN, NEW, BROKEN):
        changed = {}
        folder = WORK / number / NAME
        if number == BROKEN:
            leaving = (ROOT / "desktop" / "services" / "leaving.py").read_text("utf-8")
            changed = {"desktop.services.leaving": leaving + BROKEN_SWEEP}
        make_version(payload, folder, number, keys, changed)
        if number == BROKEN:
            put(folder / "_internal" / "desktop" / LATER, LATER_FORM.encode("utf-8"))
        releases[number] = to = WORK / number / FOLDER
        shutil.rmtree(to, ignore_errors=True)
        compile_setup(folder, to / setup_name(number), number, QUICK)
        press_folder(folder, to, number, zipfile.ZIP_STORED)
        release.signed(to, key)
    say(f"three versions, each as set-up and as folder: {', '.join(releases)}")
    return releases


def lives(lab: Lab, releases: dict[str, Path]) -> None:
    """All steps, for each form that a program has on Windows."""
    setup = releases[OWN] / setup_name(OWN)
    status = lab.call(lab.seen(setup), "/S")
    expect(status == 0, f"the set-up ended with {status}")
    Desk(lab, releases, Form.SETUP, lab.drive / LOCAL / "Programs" / "BranchDesk").run()
    (portable,) = releases[OWN].glob("*.zip")
    with zipfile.ZipFile(portable) as packed:
        packed.extractall(lab.drive / PORTABLE)
    Desk(lab, releases, Form.FOLDER, lab.drive / PORTABLE / f"{NAME}-{OWN}").run()


@dataclass
class Desk:
    """A computer with the program in `folder`, a store and a stick."""

    lab: Lab
    releases: dict[str, Path]
    form: Form
    folder: Path

    def run(self) -> None:
        """The update that is good, and the one that is not."""
        self.say("init", f"C:\\{STORE}-{self.form}", "--as", "branch", "--name", "甲支部", "--code", "ZK90")
        try:
            self.good()
            self.bad()
        finally:
            self.lab.call("C:\\windows\\system32\\wineboot.exe", "--kill")

    @property
    def store(self) -> str:
        """The store, as Windows names it."""
        return f"C:\\{STORE}-{self.form}"

    def good(self) -> None:
        """The later version takes the place of this one."""
        self.plug(NEW)
        self.tells(NEW, OWN)
        self.crowded()
        state = self.updated()
        expect(Path(self.here(state.former)).is_dir(), "the old program is not kept aside")
        seen = self.window()
        type_into(seen, PASSWORD)
        until(lambda: self.phase() is Phase.OPENED, PATIENCE_SECONDS, "nobody was let in by the new program")
        until(lambda: still(seen), PATIENCE_SECONDS, "the window does not come to rest")
        picture(f"updated-{self.form}")
        close(TITLE)
        opened = self.lab.start(self.inside(self.folder / f"{NAME}.exe"), "--store", self.store)
        try:
            self.window()
            until(lambda: not Path(self.here(state.former)).exists(), PATIENCE_SECONDS, "the old program stays")
            until(lambda: self.phase() is None, PATIENCE_SECONDS, "what the update needed stays")
            close(TITLE)
        finally:
            opened.kill()
        self.tells(NEW, NEW)
        say(f"proved: {self.form}, {OWN} → {NEW} by a release on a stick")

    def crowded(self) -> None:
        """While a window of other data is open, nothing is made ready."""
        other = self.lab.start(self.inside(self.folder / f"{NAME}.exe"), "--store", f"C:\\{OTHER}")
        try:
            self.window()
            program = self.inside(self.folder / f"{NAME}-cli.exe")
            status, _ = self.lab.output(program, "update", self.store, f"C:\\{STICK}", more=LOGGED_IN)
            expect(status != 0 and self.phase() is None, "an update is made ready under an open window")
            close(TITLE)
        finally:
            other.kill()

    def bad(self) -> None:
        """The version after it changes the form of the data and fails: program and data are as before."""
        self.plug(BROKEN)
        state = self.updated()
        status, _ = self.lab.output(self.inside(self.folder / f"{NAME}-cli.exe"), "check", self.store, more=LOGGED_IN)
        expect(status != 0, "the broken program opens the data")
        expect(self.phase() is Phase.TRYING, "the broken program is not watched")
        close(TITLE)
        until(lambda: self.phase() is Phase.FALLEN, PATIENCE_SECONDS, "the old program does not come back")
        picture_of = self.window()
        until(lambda: painted(picture_of), PATIENCE_SECONDS, "the window of the old program stays empty")
        picture(f"fallen-back-{self.form}")
        close(TITLE)
        self.say("check", self.store)
        self.tells(BROKEN, NEW)
        expect(state.old == NEW, "the update began from another version")
        say(f"proved: {self.form}, {BROKEN} fails after it changed the data; {NEW} is back, and the data as they were")

    def updated(self) -> State:
        """Update by the command line from what the stick has, until the window of the new program is there."""
        self.say("update", self.store, f"C:\\{STICK}")
        until(lambda: self.phase() is Phase.TRYING, PATIENCE_SECONDS, f"not exchanged: {self.state()}")
        self.window()
        state = self.state()
        expect(state is not None, "nothing tells of the update")
        assert state is not None
        return state

    def plug(self, number: str) -> None:
        """Put the release of a version on the stick, and no other."""
        stick = self.lab.drive / STICK
        shutil.rmtree(stick, ignore_errors=True)
        shutil.copytree(self.releases[number], stick / FOLDER)

    def state(self) -> State | None:
        """How far the update of this program is; None where there is none."""
        places = (self.lab.drive / LOCAL / NAME / "updates").glob("*")
        states = filter(None, map(read_state, places))
        return next((each for each in states if each.program == self.inside(self.folder)), None)

    def phase(self) -> Phase | None:
        """How far it is, in a word."""
        state = self.state()
        return None if state is None else state.phase

    def window(self) -> str:
        """The window of the program, once it is there."""
        return until(lambda: window(TITLE), PATIENCE_SECONDS, "no window opens")

    def tells(self, number: str, own: str) -> None:
        """Let the program say what lies on the stick, and which version it is itself.

        Raises:
            Unproved: it is not this.
        """
        told = self.say("updates", f"C:\\{STICK}")
        expect((told["version"], told["own"]) == (number, own), f"the program tells {told}")
        wanted = Standing.SAME if number == own else Standing.NEWER
        expect(told["standing"] == wanted, f"the release is called {told['standing']}")

    def say(self, *arguments: str) -> Answer:
        """What the command line of the program says.

        Raises:
            Unproved: it refused.
        """
        program = self.inside(self.folder / f"{NAME}-cli.exe")
        status, printed = self.lab.output(program, *arguments, "--json", more=LOGGED_IN)
        expect(status == 0, f"{arguments[0]} ended with {status}: {printed}")
        answer: Answer = json.loads(printed)
        return answer

    def inside(self, path: Path) -> str:
        """What Windows calls a place on its disk C:."""
        return self.lab.inside(path)

    def here(self, place: str) -> Path:
        """What Windows calls so, as this machine sees it."""
        return self.lab.drive.joinpath(*place.split("\\")[1:])

"""An installed program updates itself from a stick: refused, agreed to, and taken back; as a user of a bare Debian.

The stick is a folder, the release signed by a key of the proof, which the program that is installed trusts. Who asks
for the right is pkexec of Debian, by its own daemons. No desktop is there whose window could ask for a password: nobody
answers, which is a refusal, or a rule of the system says yes in the place of an administrator.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.services.demo import PASSWORD
from desktop.services.releases import KEYS, NAMESPACE
from desktop.services.security.sshsig import openssh_public_key
from desktop.services.updates.offers import FOLDER
from desktop.services.updates.state import NAME as STATE
from desktop.services.updates.state import Phase
from desktop.services.updates.switching import NOT_ALLOWED
from installer.bundles import debian
from installer.bundles.clean_machine import HOME, NUMBER, Machine
from installer.bundles.contents import NAME, version
from installer.bundles.release import signed
from installer.bundles.renumbered import renumbered
from installer.bundles.verdict import expect, verdict
from installer.dev import quietly, say
from installer.waiting import until

Pack = Callable[..., Path]
"""Makes a package of a folder: `deb.packed`."""

STICK, STORE = "/media/stick", f"{HOME}/支部"
PATIENCE_S = 300
ASKING = ("policykit-1", "dbus")
RULE = "[trial]\nIdentity=unix-user:secretary\nAction=org.freedesktop.policykit.exec\nResultAny=yes\n"
BROKEN = 'def main(arguments):\n    raise RuntimeError("broken")\n'
QUICK = ("-Zgzip", "-z1")


def seen(look: Callable[[], object]) -> None:
    """Wait until it is so."""
    until(look, PATIENCE_S, "what was awaited of the update did not come")


def prove(lab: Path, folder: Path, pack: Pack) -> int:
    """Prove it with packages of the bundle in `folder`; 0 if it holds."""
    desk = Desk(lab, folder, pack)
    try:
        return verdict(desk.steps)
    finally:
        desk.end_all()


class Desk:
    """A bare system with the program installed, its user, and a stick."""

    def __init__(self, lab: Path, folder: Path, pack: Pack) -> None:
        self.machine, self.work, self._folder, self._pack = Machine(lab), lab / "by-stick", folder, pack
        self._key = Ed25519PrivateKey.generate()
        self.stick = self.machine.root / STICK.lstrip("/") / FOLDER
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()

    def steps(self) -> None:
        """Refused, agreed to, taken back."""
        root = self.machine.root
        self.machine.install(self._made(version()))
        self.machine.root_does("apt-get", "-q", "install", "-y", "--no-install-recommends", *ASKING)
        with (root / "etc" / "passwd").open("a") as known:
            known.write(f"secretary:x:{NUMBER}:{NUMBER}::{HOME}:/bin/sh\n")
        self.machine.verb("init", STORE, "--as", "branch", "--name", "甲支部")
        with self._bus():
            self._refused(f"{version()}.1")
            rules = root / "etc/polkit-1/localauthority/50-local.d"
            rules.mkdir(parents=True, exist_ok=True)
            (rules / "trial.pkla").write_text(RULE)
            self._agreed(f"{version()}.1")
            self._taken_back(f"{version()}.2")

    def end_all(self) -> None:
        """End what runs in the bare system."""
        for process in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _refused(self, number: str) -> None:
        self._release(number)
        state = self._updated(Phase.REFUSED)
        expect(state["why"] == NOT_ALLOWED, f"who was refused is told: {state['why']}")
        expect(f"{NAME}_{number}_" in state["command"], f"what an administrator types: {state['command']}")
        expect(number in state["portable"], f"the form that needs none: {state['portable']}")
        expect(self._installed() == version(), "something was installed though nobody agreed")
        self.machine.verb("check", STORE)
        say(f"refused: “{state['why']}”, “{state['command']}”, {state['portable']}; nothing has changed")

    def _agreed(self, number: str) -> None:
        self._updated(Phase.TRYING)
        expect(self._installed() == number, "the new package is not installed")
        seen(lambda: self._windows(f"/opt/{NAME}"))
        self.machine.verb("check", STORE)
        expect(self._state()["phase"] == Phase.OPENED, "the new program has opened the data, and nobody noted it")
        self.end_windows()
        process = subprocess.Popen(self._command(NAME, "--store", STORE))
        seen(lambda: self._state() is None)
        self.end_windows()
        process.wait()
        say(f"agreed to: {number} is installed, has opened the data, and the copy of the old program is gone")

    def _taken_back(self, number: str) -> None:
        self._release(number, {"desktop.app": BROKEN})
        state = self._updated(Phase.FALLEN)
        expect("意外退出" in state["why"], f"a new program that crashes is told: {state['why']}")
        seen(lambda: self._windows("former"))
        self.end_windows()
        process = subprocess.Popen(self._command(NAME, "--store", STORE))
        seen(lambda: self._windows("former"))
        self.machine.verb("check", STORE)
        self.end_windows()
        process.wait()
        expect(self._installed() == number, "the package that fails was taken away")
        say(f"taken back: {number} ends at its start (“{state['why']}”), from the menu too the old one opens the data")

    def end_windows(self) -> None:
        """End the windows of the program."""
        for process in self._processes(NAME):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        seen(lambda: not self._processes(NAME))

    def _made(self, number: str, changed: Mapping[str, str] | None = None) -> Path:
        """Make the package of a version that trusts the key of the proof."""
        made = renumbered(self._folder, self.work / number, number, changed)
        keys = made / "_internal" / "resources" / KEYS
        line = f'release namespaces="{NAMESPACE}" {openssh_public_key(self._key.public_key())}\n'
        keys.unlink()  # its bytes are shared
        keys.write_text(line, "utf-8")
        return self._pack(made, self.work, number, *QUICK)

    def _release(self, number: str, changed: Mapping[str, str] | None = None) -> None:
        """Let a signed release of a version lie on the stick."""
        shutil.rmtree(self.stick, ignore_errors=True)
        self.stick.mkdir(parents=True)
        shutil.move(self._made(number, changed), self.stick)
        portable = self.stick / f"{NAME}-{number}-linux-{os.uname().machine}.tar.xz"
        quietly(["tar", "-I", "xz -0 -T0", "-cf", portable, "-C", self.work, number])
        signed(self.stick, self._key)

    def _updated(self, ends: Phase) -> Any:
        """Type the verb, as its user; what is remembered of the update once it `ends` so."""
        done = subprocess.run(self._command(NAME, "update", STORE, STICK, "--json"), capture_output=True, check=False)
        expect(done.returncode == 0, f"update ended with {done.returncode}: {done.stderr.decode('utf-8', 'replace')}")
        ended = {Phase.REFUSED, Phase.TRYING, Phase.FALLEN}
        seen(lambda: self._state() and self._state()["phase"] in ended)
        if ends is not Phase.TRYING:
            seen(lambda: self._state()["phase"] != Phase.TRYING)
        state = self._state()
        expect(state["phase"] == ends, f"the update is {state['phase']}: {state['why']}")
        if ends is Phase.REFUSED:
            seen(lambda: self._windows(f"/opt/{NAME}"))
            self.end_windows()
        return state

    def _state(self) -> Any:
        with contextlib.suppress(OSError):
            for file in self.machine.home(".local").rglob(STATE):
                return json.loads(file.read_bytes())
        return None

    def _installed(self) -> str:
        asked = self.machine.command("dpkg-query", "-W", "-f", "${Version}", NAME)
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout

    def _command(self, *command: str) -> list[str]:
        return self.machine.command(*command, QT_QPA_PLATFORM="offscreen", BRANCH_DESK_PASSWORD=PASSWORD)

    def _windows(self, place: str) -> list[int]:
        """The processes that run from a place in the bare system."""
        return self._processes(f"{place}/{NAME}")

    def _processes(self, ending: str = "") -> list[int]:
        """The processes of the bare system whose program ends so."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(entry / "root") == str(self.machine.root) and os.readlink(entry / "exe").endswith(
                    ending
                ):
                    found.append(int(entry.name))
        return found

    @contextlib.contextmanager
    def _bus(self) -> Iterator[None]:
        """Let the bus of the system run, which starts what decides on rights."""
        (self.machine.root / "run" / "dbus").mkdir(parents=True, exist_ok=True)
        bus = self.machine.command("dbus-daemon", "--system", "--nofork", "--nopidfile", user=debian.ROOT_USER)
        process = subprocess.Popen(bus)
        try:
            seen((self.machine.root / "run/dbus/system_bus_socket").exists)
            yield
        finally:
            process.terminate()
            process.wait()

"""What the set-up program for Windows does, proved in a Windows of its own: installed, used, replaced, removed.

    a silent set-up of an older version, then of this one over it; while the program runs it refuses and changes nothing
    the demonstration with its archives, by the command line, where text is in code page 936
    the window, opened from the start menu, and seen on a screen
    packages in both directions between a store here and one there
    removal, which leaves the data

Each step says what it proved. Pictures of the window go to build/setup/pictures.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.paths import OWN_FILES
from installer.bundles.contents import NAME, version
from installer.bundles.proof import small
from installer.bundles.verdict import expect, verdict
from installer.bundles.windows.lab import FOR_PROOF, Lab, the_lab
from installer.bundles.windows.screen import PATIENCE_SECONDS, TITLE, a_screen, close, painted, picture, window
from installer.dev import interpreter, say, surroundings
from installer.waiting import until

Answer = dict[str, Any]
"""An object in JSON, as the command line prints it."""

SYSTEM = "C:\\windows\\system32"
LISTED = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\BranchDesk"
RUNNING, NEWER = 3, 4
"""How the set-up program ends when the program is open, and when a newer one is there: see setup.nsi."""

OLDER = "0.1.0"
"""What the older version calls itself."""

LOCAL = Path("users", "root", "AppData", "Local")
MENU = Path("users", "root", "AppData", "Roaming", "Microsoft", "Windows", "Start Menu", "Programs")


def proved(setup: Path, older: Path) -> int:
    """Run all steps; 0, or 1 at the first that does not hold."""
    lab = the_lab(FOR_PROOF)
    shutil.rmtree(lab.drive.parent, ignore_errors=True)
    with a_screen():
        return verdict(Proof(lab, setup, older).run)


class Proof:
    """One walk through the life of an installed program."""

    def __init__(self, lab: Lab, setup: Path, older: Path) -> None:
        self.lab, self.setup, self.older = lab, setup, older
        self.folder = lab.drive / LOCAL / "Programs" / "BranchDesk"
        self.data = lab.drive / LOCAL / NAME / "data"
        self.cli = f"{lab.inside(self.folder)}\\{NAME}-cli.exe"

    def run(self) -> None:
        """All steps, in the order of a life."""
        self.first_set_up()
        self.demonstration()
        self.window_and_upgrade()
        self.packages()
        self.removal()

    def first_set_up(self) -> None:
        """The older version, silently."""
        expect(self.install(self.older) == 0, "the older version is not set up")
        (self.folder / "_internal" / "left over").write_text("of an older version", "utf-8")
        expect(self.listed("DisplayVersion") == OLDER, "the older version is not listed")
        expect((self.lab.drive / MENU / f"{TITLE}.lnk").exists(), "there is no entry in the start menu")
        for ending in OWN_FILES:
            kind = self.registry(f"HKCU\\Software\\Classes\\{ending}")
            command = self.registry(f"HKCU\\Software\\Classes\\{kind}\\shell\\open\\command")
            expect(f"{NAME}.exe" in command, f"{ending} does not open the program")
        say("proved: a silent set-up, start menu and kinds of files")

    def demonstration(self) -> None:
        """The whole loop, with archives, and one of them verified."""
        began = time.monotonic()
        status, printed = self.lab.output(self.cli, "demo", "C:\\样例", "--json")
        expect(status == 0, f"the demonstration ended with {status}")
        branches = json.loads(printed)["branches"]
        archives = [branch["archive"] for branch in branches]
        expect(bool(archives), "the demonstration made no archive")
        status, _ = self.lab.output(self.cli, "verify", archives[0], "--json")
        expect(status == 0, f"an archive does not verify: {status}")
        say(f"proved: the demonstration, {len(archives)} archives, in {time.monotonic() - began:.0f} s; one verified")

    def window_and_upgrade(self) -> None:
        """The window from the start menu; the new version is not set up under it, and is when it is closed."""
        entry = f"{self.lab.inside(self.lab.drive / MENU)}\\{TITLE}.lnk"
        running = self.lab.start(f"{SYSTEM}\\start.exe", "/wait", entry)
        try:
            seen = until(lambda: window(TITLE), PATIENCE_SECONDS, "no window opened from the start menu")
            until(lambda: painted(seen), PATIENCE_SECONDS, "the window stays empty")
            picture("window")
            expect(self.install(self.setup) == RUNNING, "the set-up does not notice the open window")
            expect((self.folder / "_internal" / "left over").exists(), "the set-up changed something under the window")
            close(TITLE)
        finally:
            running.kill()
        say("proved: the window, opened from the start menu; no set-up under it")
        until(lambda: self.install(self.setup) == 0, PATIENCE_SECONDS, "the new version is not set up")
        expect(self.listed("DisplayVersion") == version(), "the new version is not listed")
        expect(not (self.folder / "_internal" / "left over").exists(), "files of the older version are left")
        expect(self.install(self.older) == NEWER, "an older version takes the place of a newer one")
        say("proved: the new version over the older, and no way back")
        small(self.folder, "nt")

    def packages(self) -> None:
        """A report from a branch there to headquarters here, feedback back; then with the sides changed."""
        with tempfile.TemporaryDirectory() as folder:
            shown = clone("demo", str(Path(folder, "样例")), "--json")
            code = shown["branches"][0]["code"]
            os.environ["BRANCH_DESK_PASSWORD"] = shown["password"]
            here = Side(clone, folder, Path(folder), "/")
            there = Side(self.speak, "C:\\往来", self.lab.drive / "往来", "\\")
            for branch, headquarters in ((there, here), (here, there)):
                for side in (branch, headquarters):
                    shutil.rmtree(side.seen / "数据", ignore_errors=True)
                    shutil.copytree(Path(folder, "样例", "数据"), side.seen / "数据")
                    (side.seen / "U盘").mkdir(exist_ok=True)
                one_round(code, branch, headquarters)
        say("proved: packages in both directions, with headquarters on either side")

    def removal(self) -> None:
        """The program goes, the data stay."""
        self.data.mkdir(parents=True, exist_ok=True)
        (self.data / "留着").write_text("数据", "utf-8")
        status = self.lab.call(f"{self.lab.inside(self.folder)}\\uninstall.exe", "/S")
        expect(status == 0, f"the removal ended with {status}")
        until(lambda: not self.folder.exists(), PATIENCE_SECONDS, "something of the program is left")
        expect((self.data / "留着").exists(), "the data went with the program")
        expect((self.lab.drive / "样例").exists(), "what a user made went with the program")
        expect(not (self.lab.drive / MENU / f"{TITLE}.lnk").exists(), "its entry stays in the start menu")
        expect(self.listed("DisplayVersion") == "", "it is still listed")
        expect(self.registry("HKCU\\Software\\Classes\\.dzp") == "", "its kinds of files are left")
        say("proved: removal leaves nothing but the data")

    def install(self, setup: Path) -> int:
        """Run a set-up program silently; how it ends."""
        return self.lab.call(self.lab.seen(setup), "/S")

    def listed(self, name: str) -> str:
        """A value of what Windows lists of the program; "" where there is none."""
        return self.registry(LISTED, name)

    def registry(self, key: str, name: str = "") -> str:
        """A value in the registry; "" where there is none."""
        asked = ("/v", name) if name else ("/ve",)
        status, printed = self.lab.output(f"{SYSTEM}\\reg.exe", "query", key, *asked)
        return "" if status else printed.strip().splitlines()[-1].split("REG_SZ")[-1].strip()

    def speak(self, *arguments: str) -> Answer:
        """What the installed command line answers.

        Raises:
            Unproved: it refused.
        """
        status, printed = self.lab.output(self.cli, *arguments)
        expect(status == 0, f"{' '.join(arguments)} ended with {status}: {printed}")
        answer: Answer = json.loads(printed)
        return answer


@dataclass(frozen=True)
class Side:
    """A program and its folder: as it calls it, and as it is seen from here."""

    speak: Callable[..., Answer]
    called: str
    seen: Path
    separator: str

    def at(self, *parts: str) -> str:
        """A place in its folder, in its own words."""
        return self.separator.join((self.called, *parts))

    def carry(self, file: str, to: "Side") -> str:
        """Bring a file from its stick to that of the other; what the other calls it."""
        name = file.rpartition(self.separator)[2]
        shutil.copy(self.seen / "U盘" / name, to.seen / "U盘" / name)
        return to.at("U盘", name)


def one_round(code: str, branch: Side, headquarters: Side) -> None:
    """A report of the branch `code`, and the feedback on it.

    Raises:
        Unproved: one side does not take what the other wrote.
    """
    store, above = branch.at("数据", code), headquarters.at("数据", "总部")
    sent = branch.speak("pack", store, "--to", branch.at("U盘"), "--json")["file"]
    got = headquarters.speak("receive", above, branch.carry(sent, headquarters), "--json")
    expect(got["results"][0]["code"] == "OK", f"headquarters does not take the report: {got}")
    answer = headquarters.speak("answer", above, "--branch", code, "--to", headquarters.at("U盘"), "--json")
    got = branch.speak("receive", store, headquarters.carry(answer["files"][0]["file"], branch), "--json")
    expect(got["results"][0]["code"] == "OK", f"the branch does not take the feedback: {got}")


def clone(*arguments: str) -> Answer:
    """What the command line of the clone answers, on this machine.

    Raises:
        Unproved: it refused.
    """
    command = [str(interpreter()), "-m", "desktop", *arguments]
    done = subprocess.run(command, env=surroundings(), stdout=subprocess.PIPE, check=False)
    expect(done.returncode == 0, f"{' '.join(arguments)} ended here with {done.returncode}")
    answer: Answer = json.loads(done.stdout)
    return answer

"""Whether a frozen program does what it should, as if this machine had neither the clone nor Python.

Each check tells what it saw in a line, or ends the proof with what went wrong. What only Linux can be asked (a private
display, memory, the surroundings of programs it starts) is left out elsewhere, and said to be.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from desktop.services.demo import PASSWORD
from installer.bundles.contents import size
from installer.bundles.verdict import Unproved, expect, verdict
from installer.dev import WINDOWS, say

SLOWEST = 1.3
"""How many times as much as from the clone the processor may work for a warm start: what other programs take from the
machine meanwhile is no matter of ours."""
LARGEST_MB = {"nt": 160, "posix": 190}
"""So many millions of bytes may the folder hold, by the kind of system: 29 are fonts, so that every character of a name
is printed; on Linux 7 more are the window's own face, 10 are what Qt tells languages by, and 15 what Windows has."""
LARGEST_PSS_MIB = 110
"""So much memory may the program take that has shown its first window and nothing else."""
ROUNDS = 5
WINDOW_SECONDS = 15


def prove(program: Path) -> int:
    """Make all checks of a bundle whose program is `program`; 0 if it holds."""
    with tempfile.TemporaryDirectory() as folder:
        return verdict(Trial(program, Path(folder)).run)


def small(folder: Path, system: str = os.name) -> None:
    """The folder of a program is not larger than it has to be.

    Raises:
        Unproved: it is.
    """
    mb = size(folder) / 1e6
    expect(mb <= LARGEST_MB[system], f"the folder holds {mb:.0f} MB, more than {LARGEST_MB[system]}")
    say(f"size: {mb:.0f} MB")


def started(figures: Mapping[str, Mapping[str, float]]) -> None:
    """A frozen start works not much more than one from the clone; tell both, and their memory.

    Raises:
        Unproved: it does.
    """
    frozen, clone = figures["frozen"], figures["clone"]
    say(f"window: {frozen['ms']:.0f} ms, {frozen['ratio']:.2f} of {clone['ms']:.0f} ms from the clone")
    say(f"worked: {frozen['worked']:.0f} ms, {frozen['ratio of work']:.2f} of {clone['worked']:.0f} ms from the clone")
    say(f"memory: PSS {frozen['pss']:.0f} MiB, from the clone {clone['pss']:.0f} MiB")
    expect(frozen["pss"] <= LARGEST_PSS_MIB, f"the first window takes {frozen['pss']:.0f} MiB of memory")
    ratio = frozen["ratio of work"]
    expect(ratio <= SLOWEST, f"the start works {ratio:.2f} times as much as from the clone")


class Trial:
    """Uses `program` in `folder`, which is also its home."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        self.own |= {"QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(folder / "home"), "LOCALAPPDATA": str(folder)}

    def run(self) -> None:
        """All checks."""
        small(self.program.parent)
        branches = self.demonstration()
        self.archive(branches)
        self.package()
        self.children()
        self.window()

    def demonstration(self) -> list[Any]:
        """The whole loop on sample data; its branches."""
        branches: list[Any] = self._verb("demo", self.folder / "demo")["branches"]
        volumes = [list(Path(branch["archive"]).glob("*.pdf")) for branch in branches]
        expect(bool(branches) and all(volumes), "the demonstration made no archive")
        say(f"demonstration: {len(branches)} branches, {sum(map(len, volumes))} volumes")
        return branches

    def archive(self, branches: Sequence[Any]) -> None:
        """An archive is what its manifest says, and each of its papers satisfies the validator."""
        from pikepdf import pdfa

        folder = Path(branches[0]["archive"])
        expect(self._verb("verify", folder)["ok"], "the archive is not what its manifest says")
        papers = sorted(folder.glob("*.pdf"))
        for paper in papers:
            flavour = "3b" if b"pdfaid:part>3" in paper.read_bytes() else "2b"
            found = list(pdfa.validate_written(paper, flavour).findings)
            if found:
                raise Unproved(f"{paper.name}: {found[0].message}")
        say(f"archive: signature and {len(papers)} papers hold, all are PDF/A")

    def package(self) -> None:
        """A new branch and a new headquarters meet, and a report goes there."""
        stores = {"branch": self.folder / "甲支部", "headquarters": self.folder / "市公司"}
        stick = self.folder / "U盘"
        stick.mkdir()
        for kind, store in stores.items():
            self._verb(
                "init", store, "--as", kind, "--name", store.name, "--code", "ZK90" if kind == "branch" else "HQ"
            )
        invited = self._verb("invite", stores["headquarters"], "--code", "ZK90", "--name", "甲支部", "--to", stick)
        enrolled = self._verb("enrol", stores["branch"], invited["file"], "--to", stick, "--yes")
        self._verb("enrol", stores["headquarters"], enrolled["file"], "--yes")
        packed = self._verb("pack", stores["branch"], "--period", "2026Q3", "--to", stick)
        (result,) = self._verb("receive", stores["headquarters"], packed["file"])["results"]
        say(f"package: number {result['seq']} of {result['sender']} received: {result['message']}")

    def children(self) -> None:
        """A program of the system that ours starts finds the libraries of the system, not ours."""
        if WINDOWS:
            say("surroundings of other programs: not looked at on Windows")
            return
        tools = self.folder / "tools"
        tools.mkdir()
        seen = self.folder / "seen"
        (tools / "fcitx5").write_text(f'#!/bin/sh\nenv > "{seen}"\necho 5\n', "utf-8")
        (tools / "fcitx5").chmod(0o755)
        subprocess.run(
            [self.program, "--diagnose-input"],
            env=self.own | {"PATH": f"{tools}:{self.own['PATH']}"},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        ours = [line for line in seen.read_text("utf-8").splitlines() if str(self.program.parent) in line]
        expect(not ours, f"a program that ours started was given {ours}")
        say("programs that ours starts are given nothing of ours")

    def window(self) -> None:
        """The window opens on an empty home, not much later than from the clone; its memory."""
        if WINDOWS or shutil.which("Xvfb") is None:
            process = subprocess.Popen([self.program], cwd=self.folder, env=self.own)
            try:
                raise Unproved(f"the window ended with {process.wait(timeout=WINDOW_SECONDS)}")
            except subprocess.TimeoutExpired:
                process.terminate()
                process.wait()
            say("window: it stays open; how soon it is there was not looked at (no Xvfb)")
            return
        from tests.benchmarks.starting import Start, display, start, summary

        commands = {"frozen": [str(self.program)], "clone": [sys.executable, "-m", "desktop"]}
        starts: dict[str, list[Start]] = {name: [] for name in commands}
        with display() as shown:
            for number in range(ROUNDS + 1):
                for name, command in commands.items():
                    found = start(shown, command, self.folder / name)
                    if number:  # the first fills the page cache
                        starts[name].append(found)
        started({name: summary(found, starts["clone"]) for name, found in starts.items()})

    def _verb(self, *arguments: str | Path) -> Any:
        """What a verb of the program says as JSON.

        Raises:
            Unproved: it refused.
        """
        command = [self.program, *arguments, "--json"]
        environment = self.own | {"BRANCH_DESK_PASSWORD": PASSWORD}
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, check=False)
        if done.returncode:
            raise Unproved(f"{arguments[0]} ended with {done.returncode}: {done.stderr.decode('utf-8', 'replace')}")
        return json.loads(done.stdout)

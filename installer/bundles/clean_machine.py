"""The package on a bare Debian without Python, as a user of it: install, work, upgrade, purge.

The bare system is made once below the lab and copied for each proof. The display is ours (Xvfb), the network its own.
"""

import hashlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from installer.bundles.builder import SUITE, entering
from installer.bundles.contents import NAME
from installer.dev import call, quietly, say

USER, HOME = "1000:1000", "/home/ming"
PASSWORD = "gongzuotai-2026"


class Machine:
    """A bare system in the folder `root`."""

    def __init__(self, lab: Path) -> None:
        self.root = lab / "clean"
        base = lab / "bare"
        if not (base / "etc" / "debian_version").exists():
            quietly(["debootstrap", "--variant=minbase", SUITE, base])
            quietly(["chroot", base, "apt-get", "-q", "update"])
            for cached in (base / "var" / "cache" / "apt" / "archives").glob("*.deb"):
                cached.unlink()
        shutil.rmtree(self.root, ignore_errors=True)
        quietly(["cp", "-a", base, self.root])
        shutil.copy("/etc/resolv.conf", self.root / "etc" / "resolv.conf")
        home = self.root / HOME.lstrip("/")
        home.mkdir(parents=True)
        os.chown(home, 1000, 1000)
        for number in ("null", "urandom", "random", "zero"):
            if not (self.root / "dev" / number).exists():
                raise SystemExit(f"{self.root}/dev/{number} is missing")

    def home(self, *parts: str) -> Path:
        """A place in the home of the user, as this machine sees it."""
        return self.root.joinpath(HOME.lstrip("/"), *parts)

    def command(self, *command: str, user: str = USER, **more: str) -> list[str]:
        """What runs `command` inside, by `user`, with nothing of this machine's surroundings."""
        words = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": HOME, "LC_ALL": "C.UTF-8"} | more
        settings = [f"{name}={word}" for name, word in words.items()]
        return [*entering(self.root, user), "env", "-i", "-C", "/", *settings, *command]

    def root_does(self, *command: str) -> None:
        """Run a step as root.

        Raises:
            SystemExit: it failed.
        """
        quietly(self.command(*command, user="0:0", DEBIAN_FRONTEND="noninteractive"))

    def verb(self, *arguments: str) -> Any:
        """What a verb of the installed program says, as JSON.

        Raises:
            SystemExit: it refused.
        """
        done = subprocess.run(
            self.command(NAME, *arguments, "--json", BRANCH_DESK_PASSWORD=PASSWORD),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"NOT proved: {arguments[0]} ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def install(self, package: Path) -> None:
        """Install a package file, without what it only recommends."""
        shutil.copy(package, self.root / "tmp" / package.name)
        self.root_does("apt-get", "-q", "install", "-y", "--no-install-recommends", f"/tmp/{package.name}")


def prove(lab: Path, former: Path, package: Path) -> int:
    """Prove `package`, over `former`; 0 if it holds, else the proof ends the program with what did not."""
    machine = Machine(lab)
    if call(machine.command("sh", "-c", "! command -v python3")):
        raise SystemExit("the bare system has a Python")
    machine.install(former)
    machine.root_does(
        "apt-get", "-q", "install", "-y", "--no-install-recommends", "shared-mime-info", "desktop-file-utils"
    )
    say("installed on a bare system without Python")

    branches = machine.verb("demo", f"{HOME}/示范")["branches"]
    _must(len(branches) > 1 and all(machine.verb("verify", branch["archive"])["ok"] for branch in branches), "archives")
    machine.verb("init", f"{HOME}/支部", "--as", "branch", "--name", "甲支部")
    say(f"demonstration: {len(branches)} branches, their archives hold")
    window(machine, lab / "window.png")

    data = _sums(machine.home())
    machine.install(package)
    _must(_sums(machine.home()) == data, "an upgrade of the package left the data as they were")
    machine.verb("check", f"{HOME}/支部")
    say(f"upgraded: {len(data)} files of the user are as they were, and open")

    listed = (machine.root / "usr/share/mime/globs2").read_text("utf-8")
    _must(all(f":*.{ending}\n" in listed for ending in ("dzp", "dzk", "dzbak")), "kinds of files")
    cache = (machine.root / "usr/share/applications/mimeinfo.cache").read_text("utf-8")
    _must(f"application/x-{NAME}-package={NAME}.desktop" in cache, "files open with the program")
    _must((machine.root / f"usr/share/man/man1/{NAME}.1.gz").is_file(), "manual page")
    say("menu entry, kinds of files, manual page are there")

    data = _sums(machine.home())
    machine.root_does("apt-get", "-q", "purge", "-y", NAME)
    _must(_sums(machine.home()) == data, "a purge left the data as they were")
    left = [path for top in ("opt", "usr", "etc", "var/lib") for path in (machine.root / top).rglob(f"*{NAME}*")]
    _must(not left, f"nothing of the program is left: {left}")
    say("purged: the data of the user are as they were, nothing else is left")
    shutil.rmtree(machine.root)
    say("proved")
    return 0


def window(machine: Machine, picture: Path) -> None:
    """Open the window on the data of the demonstration on a private display, by a package as if double-clicked."""
    from tests.benchmarks.starting import at_rest, display, memory, until

    package = next(machine.home("示范").rglob("*.dzp"))
    inside = "/" + package.relative_to(machine.root).as_posix()
    with display() as shown:
        begun = time.monotonic()
        process = subprocess.Popen(machine.command(NAME, inside, DISPLAY=shown.name))
        try:
            until(lambda: shown.colour() != 0)
            ms = (time.monotonic() - begun) * 1000
            at_rest(process.pid)
            pss = memory(process.pid)["Pss"]
            if shutil.which("import"):
                call(["import", "-display", shown.name, "-window", "root", picture])
        finally:
            process.terminate()
            process.wait()
    say(f"window: painted after {ms:.0f} ms, PSS {pss:.0f} MiB; {picture}")


def _sums(folder: Path) -> dict[str, str]:
    """The sums of all files below `folder`, but for what a program notes of its windows."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and ".config" not in file.parts
    }


def _must(held: bool, what: str) -> None:
    if not held:
        raise SystemExit(f"NOT proved: {what}")

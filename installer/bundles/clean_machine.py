"""The package on a bare Debian without Python, as a user of it: install, work, upgrade, purge. Then the portable form.

The bare system is made once below the lab and copied for each proof. The display is ours (Xvfb), the network its own.
"""

import hashlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path, PurePosixPath
from typing import Any

from desktop.paths import OWN_FILES
from desktop.services.demo import PASSWORD
from installer.bundles import debian
from installer.bundles.builder import SUITE
from installer.bundles.contents import NAME
from installer.bundles.verdict import expect, verdict
from installer.dev import call, quietly, say

NUMBER, HOME = 1000, str(PurePosixPath("/", "home", "secretary"))
"""The user of the bare system, by number, and the home there."""
STARTS = 3
OF_A_DESKTOP = ("shared-mime-info", "desktop-file-utils", "xz-utils")
"""What every desktop has, and a bare system has not: it finds programs for files, and unpacks."""


class Machine:
    """A bare system in the folder `root`."""

    def __init__(self, lab: Path) -> None:
        self.root = lab / "clean"
        base = lab / "bare"
        debian.make(base, SUITE)
        if not any((base / "var" / "lib" / "apt" / "lists").glob("*_Packages*")):
            quietly([*debian.entering(base, debian.SURROUNDINGS), "apt-get", "-q", "update"])
            for cached in (base / "var" / "cache" / "apt" / "archives").glob("*.deb"):
                cached.unlink()
        shutil.rmtree(self.root, ignore_errors=True)
        quietly(["cp", "-a", base, self.root])
        home = self.root / HOME.lstrip("/")
        home.mkdir(parents=True)
        os.chown(home, NUMBER, NUMBER)
        for number in ("null", "urandom", "random", "zero"):
            if not (self.root / "dev" / number).exists():
                raise SystemExit(f"{self.root}/dev/{number} is missing")

    def home(self, *parts: str) -> Path:
        """A place in the home of the user, as this machine sees it."""
        return self.root.joinpath(HOME.lstrip("/"), *parts)

    def command(self, *command: str, user: str = f"{NUMBER}:{NUMBER}", **more: str) -> list[str]:
        """What runs `command` inside, by `user`, with nothing of this machine's surroundings."""
        return [*debian.entering(self.root, debian.SURROUNDINGS | {"HOME": HOME} | more, user=user), *command]

    def root_does(self, *command: str) -> None:
        """Run a step as root.

        Raises:
            SystemExit: it failed.
        """
        quietly(self.command(*command, user=debian.ROOT_USER, DEBIAN_FRONTEND="noninteractive"))

    def verb(self, *arguments: str, program: str = NAME) -> Any:
        """What a verb of the program says, as JSON; by default of that which is installed.

        Raises:
            Unproved: it refused.
        """
        done = subprocess.run(
            self.command(program, *arguments, "--json", BRANCH_DESK_PASSWORD=PASSWORD),
            capture_output=True,
            text=True,
            check=False,
        )
        expect(done.returncode == 0, f"{arguments[0]} ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def install(self, package: Path) -> None:
        """Install a package file, without what it only recommends."""
        shutil.copy(package, self.root / "tmp" / package.name)
        self.root_does("apt-get", "-q", "install", "-y", "--no-install-recommends", f"/tmp/{package.name}")


def prove(lab: Path, former: Path, package: Path, portable: Path) -> int:
    """Prove `package`, over `former`, and `portable`; 0 if they hold."""
    machine = Machine(lab)

    def steps() -> None:
        expect(call(machine.command("sh", "-c", "! command -v python3")) == 0, "the bare system has a Python")
        installed(machine, former, package, lab)
        from_a_folder(machine, portable, lab)
        shutil.rmtree(machine.root)

    return verdict(steps)


def installed(machine: Machine, former: Path, package: Path, pictures: Path) -> None:
    """Install, work, upgrade, purge."""
    machine.install(former)
    machine.root_does("apt-get", "-q", "install", "-y", "--no-install-recommends", *OF_A_DESKTOP)
    say("installed on a bare system without Python")

    demonstration(machine, "示范")
    machine.verb("init", f"{HOME}/支部", "--as", "branch", "--name", "甲支部")
    window(machine, pictures / "installed.png", "示范")

    data = _sums(machine.home())
    machine.install(package)
    expect(_sums(machine.home()) == data, "an upgrade of the package changed the data")
    machine.verb("check", f"{HOME}/支部")
    say(f"upgraded: {len(data)} files of the user are as they were, and open")

    listed = (machine.root / "usr/share/mime/globs2").read_text("utf-8")
    expect(all(f":*{ending}\n" in listed for ending in OWN_FILES), "a kind of files is not known to the desktop")
    cache = (machine.root / "usr/share/applications/mimeinfo.cache").read_text("utf-8")
    expect(f"application/x-{NAME}-package={NAME}.desktop" in cache, "files do not open with the program")
    expect((machine.root / f"usr/share/man/man1/{NAME}.1.gz").is_file(), "there is no manual page")
    say("menu entry, kinds of files, manual page are there")

    data = _sums(machine.home())
    machine.root_does("apt-get", "-q", "purge", "-y", NAME)
    expect(_sums(machine.home()) == data, "a purge changed the data")
    left = [path for top in ("opt", "usr", "etc", "var/lib") for path in (machine.root / top).rglob(f"*{NAME}*")]
    expect(not left, f"something of the program is left: {left}")
    say("purged: the data of the user are as they were, nothing else is left")


def from_a_folder(machine: Machine, portable: Path, pictures: Path) -> None:
    """Unpack the portable form where a user does, in a folder with Chinese and a space in its name; work with it."""
    place = f"{HOME}/我的 程序"
    shutil.copy(portable, machine.root / "tmp" / portable.name)
    quietly(machine.command("mkdir", place))
    quietly(machine.command("tar", "-xf", f"/tmp/{portable.name}", "-C", place))
    (folder,) = machine.home("我的 程序").iterdir()
    program = f"{place}/{folder.name}/{NAME}"
    unpacked = _sums(folder)
    machine.verb("check", f"{HOME}/支部", program=program)
    demonstration(machine, "随身", program)
    window(machine, pictures / "portable.png", "随身", program)
    expect(_sums(folder) == unpacked, "the portable program writes beside itself")
    say(f"portable: runs from {place}, opens what the package had made, and writes nothing beside itself")


def demonstration(machine: Machine, folder: str, program: str = NAME) -> None:
    """The whole loop on sample data, in a folder of the home."""
    branches = machine.verb("demo", f"{HOME}/{folder}", program=program)["branches"]
    held = [machine.verb("verify", branch["archive"], program=program)["ok"] for branch in branches]
    expect(len(branches) > 1 and all(held), "the demonstration made no archives, or they do not hold")
    say(f"demonstration: {len(branches)} branches, their archives hold")


def window(machine: Machine, picture: Path, folder: str, program: str = NAME) -> None:
    """Open a package of the demonstration in `folder` as by a double click, on our display; how soon it is there."""
    from tests.benchmarks.starting import at_rest, display, memory

    package = next(machine.home(folder).rglob("*上报*.dzp"))
    inside = "/" + package.relative_to(machine.root).as_posix()
    command = [program, "--store", f"{HOME}/{folder}/数据/总部", inside]
    times = []
    with display() as shown:
        for _ in range(STARTS):
            shown.cleared()
            begun = time.monotonic()
            process = subprocess.Popen(machine.command(*command, DISPLAY=shown.name))
            try:
                shown.painted()
                times.append((time.monotonic() - begun) * 1000)
                painted = memory(process.pid)["Pss"]
                at_rest(process.pid)
                pss = memory(process.pid)["Pss"]
                if shutil.which("import"):
                    call(["import", "-display", shown.name, "-window", "root", picture])
            finally:
                process.terminate()
                process.wait()
    say(f"window: painted after {times[0]:.0f} ms, then {min(times[1:]):.0f} ms; {picture}")
    say(f"memory: PSS {painted:.0f} MiB painted, {pss:.0f} MiB once all is imported that opens the data")


def _sums(folder: Path) -> dict[str, str]:
    """The sums of all files below `folder`, but for what a program notes of its windows."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and ".config" not in file.parts
    }

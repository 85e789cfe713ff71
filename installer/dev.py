#!/usr/bin/env python3
"""Run, test and check the program from a clone, on a machine that has Python 3.11 and nothing else.

    python3 installer/dev.py run [verb …]     the window, or the command line with a verb
    python3 installer/dev.py test [options]   the tests (options go to pytest); first --windows: in the lab
    python3 installer/dev.py check            format, lint, types, tests
    python3 installer/dev.py bench            the benchmarks
    python3 installer/dev.py fuzz [minutes]   the properties of the tests, by ever new examples
    python3 installer/dev.py fuzz KIND …      counted trials of one kind: packages, workbooks, kills, memory, …
    python3 installer/dev.py prove [NAME]     proofs by programs of others (a11y, input, print), skipped where none are
    python3 installer/dev.py bundle           the program as a folder without Python (dist/branch-desk), built and tried
    python3 installer/dev.py setup-exe        the program for Windows and its set-up program, from the lab, proved
    python3 installer/dev.py lab [program …]  a Windows Python with our wheels, by wine: made, and something run in it
    python3 installer/dev.py wheels [--to D]  whether all wheels exist for every supported machine; or bring them into D
    python3 installer/dev.py third-party      write THIRD_PARTY.md anew
    python3 installer/dev.py audit FILE …     the locked versions against security advisories (OSV files)
    python3 installer/dev.py deb [LAB]        the program for Linux as package and folder, built on an old Debian (root)
    python3 installer/dev.py release --key F  sums and signature of all files of dist/release, by the key in F
    python3 installer/dev.py system NAMES     install these Debian packages as root (--window: and what a window loads)
    python3 installer/dev.py lock             write requirements.txt and requirements-dev.txt anew
    python3 installer/dev.py migration WORDS  write the next revision of the database, from the models
    python3 installer/dev.py samples          write the sample workbooks anew
    python3 installer/dev.py screenshots [N]  take the pictures of the manual anew (a quarter of an hour, Xvfb)
    python3 installer/dev.py keep-version     keep data of this version as a test of every later one

On Windows: py -3.11 installer\\dev.py run. Standard library only; under another Python 3 it looks for 3.11 or says that
it is needed. What is missing is installed first: Python packages into .venv, by the hashes of the locked files; on
Debian, as root, also system libraries (else the one line to type is shown). All of that is told on the error channel,
so that `run VERB --json` prints JSON and nothing else; the exit status is that of the program.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = (3, 11)
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input")
APT_PAUSE_SECONDS = 2
PIP_TOOLS = "pip-tools==7.6.2"

OFFSCREEN_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
"""What Qt loads even without a screen, by the Debian package that has it."""

WINDOW_LIBRARIES = {
    **OFFSCREEN_LIBRARIES,
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-shm.so.0": "libxcb-shm0",
}

OWN_FILES = (".dzp", ".dzk", ".dzbak")
"""Files that are opened with the window, as `desktop.paths` says, which cannot be imported yet."""


def say(text: str) -> None:
    """One line for whoever waits, on the error channel."""
    print(text, file=sys.stderr, flush=True)


def call(command: Sequence[str | Path], environment: Mapping[str, str] | None = None, cwd: Path | None = None) -> int:
    """Run `command` in the foreground; its exit status, 128 + n when signal n ended it."""
    try:
        status = subprocess.run(command, env=environment, cwd=cwd, check=False).returncode
    except KeyboardInterrupt:
        return 130
    return 128 - status if status < 0 else status


def quietly(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
    """Run a step of the installation; show its words and end the program only when it fails."""
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        say(done.stdout)
        raise SystemExit(f"failed ({done.returncode}): {' '.join(map(str, command))}")


# Python and the system


def right_python() -> int | None:
    """None under Python 3.11; else this same call is made again under it, and the result is its exit status."""
    if sys.version_info[:2] == PYTHON:
        return None
    name = f"python{PYTHON[0]}.{PYTHON[1]}"
    found = shutil.which(name)
    if found:
        return call([found, __file__, *sys.argv[1:]])
    launcher = shutil.which("py") if WINDOWS else None
    if launcher and subprocess.run([launcher, "-3.11", "-V"], capture_output=True, check=False).returncode == 0:
        return call([launcher, "-3.11", __file__, *sys.argv[1:]])
    say(
        f"Python 3.11 is needed, this is {sys.version.split()[0]}, and no {name} was found. Please install Python 3.11."
    )
    return 2


def missing_packages(libraries: Mapping[str, str]) -> list[str]:
    """The Debian packages of what this machine lacks: `libraries`, and the module that makes environments."""
    missing = []
    if importlib.util.find_spec("ensurepip") is None:
        missing.append(f"python{PYTHON[0]}.{PYTHON[1]}-venv")
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def has_package(name: str) -> bool:
    """Whether a Debian package is installed."""
    if shutil.which("dpkg-query") is None:
        return False
    asked = ["dpkg-query", "-W", "-f", "${db:Status-Status}", name]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.startswith("installed")


def install_packages(packages: Sequence[str]) -> None:
    """Install Debian packages as root; otherwise end with the line that somebody else may type."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        raise SystemExit("Please install what these Debian packages contain, then try again: " + " ".join(packages))
    if os.geteuid() != 0:
        raise SystemExit(
            "System libraries are missing. Please run this once, then try again:\n  sudo " + " ".join(install)
        )
    say("installing system libraries: " + " ".join(packages))
    apt("update")
    apt(*install[1:])


def apt(*arguments: str, seconds: int = 600) -> None:
    """Run apt-get; while another installation holds one of its locks, wait for it, ten minutes if need be.

    Its own option waits for the lock of the packages, and not for that of the lists, which `update` takes.
    """
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    command = ["apt-get", "-q", "-o", f"DPkg::Lock::Timeout={seconds}", *arguments]
    end = time.monotonic() + seconds
    while True:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return
        if "Could not get lock" not in done.stdout or time.monotonic() > end:
            say(done.stdout)
            raise SystemExit(f"failed ({done.returncode}): {' '.join(command)}")
        time.sleep(APT_PAUSE_SECONDS)


# The environment


def interpreter(folder: Path = ENVIRONMENT) -> Path:
    """The Python of a virtual environment."""
    return folder / ("Scripts/python.exe" if WINDOWS else "bin/python")


def usable(python: Path) -> bool:
    """Whether `python` starts and is a 3.11: the wheels are the same for all of them."""
    try:
        said = subprocess.run([python, "-V"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return False
    return said.startswith(f"Python {PYTHON[0]}.{PYTHON[1]}.")


def digest(lock: Path) -> str:
    """Changes when an installation from `lock` is due."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def installed(lock: Path) -> bool:
    """Whether exactly this `lock` was installed last."""
    mark = ENVIRONMENT / f".{lock.stem}"
    return mark.exists() and mark.read_text() == digest(lock) and interpreter().exists()


def source() -> list[str]:
    """Where pip takes wheels from: a folder of them (`dev.py wheels --to`) and nothing else, or as its settings say."""
    named = os.environ.get("BRANCH_DESK_WHEELS")
    folder = Path(named) if named else ROOT / "wheels"
    if named and not folder.is_dir():
        raise SystemExit(f"BRANCH_DESK_WHEELS names a folder that is not there: {folder}")
    return ["--no-index", "--find-links", str(folder)] if folder.is_dir() else []


def prepare(libraries: Mapping[str, str], *, tools: bool) -> Path:
    """Install what is missing; the interpreter to use. `tools`: also what only tests and checks need."""
    packages = missing_packages(libraries) if sys.platform.startswith("linux") else []
    if packages:
        install_packages(packages)
    runtime, development = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    python = interpreter()
    if installed(development) or (not tools and installed(runtime)):
        return python
    if not usable(python):
        say(f"creating {ENVIRONMENT}")
        venv.EnvBuilder(with_pip=True, clear=True).create(ENVIRONMENT)
    lock = development if tools else runtime
    say(f"installing {lock.name}")
    quietly([python, *PIP, "install", "--quiet", "--require-hashes", "--only-binary", ":all:", *source(), "-r", lock])
    (ENVIRONMENT / f".{lock.stem}").write_text(digest(lock))
    return python


def surroundings(**defaults: str) -> dict[str, str]:
    """The environment of the program: the clone importable, text in UTF-8, `defaults` where nothing else is said."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return defaults | os.environ | {"PYTHONPATH": path, "PYTHONUTF8": "1"}


# The verbs


def opens_window(arguments: Sequence[str]) -> bool:
    """Whether the program shows its window: without a verb. The command line needs no window libraries."""
    first = arguments[0] if arguments else ""
    return not first or (first.startswith("--") and first != "--help") or first.lower().endswith(OWN_FILES)


def run(arguments: list[str]) -> int:
    """Start the window, or the command line with a verb."""
    python = prepare(WINDOW_LIBRARIES if opens_window(arguments) else {}, tools=False)
    return call([python, "-m", "desktop", *arguments], surroundings())


def pytest(*arguments: str) -> int:
    """Run pytest in the clone, without a screen."""
    python = prepare(OFFSCREEN_LIBRARIES, tools=True)
    environment = surroundings(QT_QPA_PLATFORM="offscreen")
    return call([python, "-m", "pytest", *arguments], environment, ROOT)


def test(arguments: list[str]) -> int:
    """Run the tests; all of them on every core, or under Windows Python in the lab."""
    if arguments[:1] == ["--windows"]:
        return bundles("test-windows")(arguments[1:])
    return pytest(*(arguments or ["-n", "auto", "--dist", "worksteal"]))


def fuzz(arguments: list[str]) -> int:
    """Run the properties of the tests with fresh seeds for some minutes, or counted trials of a kind."""
    python = prepare(OFFSCREEN_LIBRARIES, tools=True)
    return call([python, "-m", "installer.fuzz", *arguments], surroundings(QT_QPA_PLATFORM="offscreen"), ROOT)


def prove(arguments: list[str]) -> int:
    """Prove the program against the programs of others, where they are installed."""
    python = prepare(WINDOW_LIBRARIES, tools=True)
    return call([python, "-m", "installer.prove", *arguments], surroundings(QT_QPA_PLATFORM="offscreen"), ROOT)


def bench(arguments: list[str]) -> int:
    """Run the benchmarks, each a ratio to a bound measured beside it."""
    return pytest("-m", "benchmark", "-s", "-o", "python_files=bench_*.py", "tests/benchmarks", *arguments)


def check(arguments: list[str]) -> int:
    """Format (on a build machine: compare), lint, check types and test; all are run, the first failure counts."""
    python = prepare(OFFSCREEN_LIBRARIES, tools=True)
    form = ["ruff", "format", *(["--check"] if os.environ.get("CI") else [])]
    statuses = [call([python, "-m", *tool], cwd=ROOT) for tool in (form, ["ruff", "check"], ["mypy"])]
    statuses.append(test(arguments))
    return next((status for status in statuses if status), 0)


def system(arguments: list[str]) -> int:
    """Install those of the Debian packages that are not there; `--window`: also what a window loads."""
    absent = [name for name in arguments if name != "--window" and not has_package(name)]
    if "--window" in arguments:
        absent += missing_packages(WINDOW_LIBRARIES)
    if absent:
        install_packages(absent)
    return 0


def supply(verb: str) -> Callable[[list[str]], int]:
    """A verb of `installer/supply`: wheels, licences and advisories of the work of others."""

    def work(arguments: list[str]) -> int:
        python = prepare({}, tools=verb != "wheels")
        return call([python, "-m", "installer.supply", verb, *arguments], surroundings(), ROOT)

    return work


def bundles(verb: str) -> Callable[[list[str]], int]:
    """A verb of `installer/bundles`: what is handed out, built and proved, under the Python of the clone."""

    def work(arguments: list[str]) -> int:
        python = prepare(WINDOW_LIBRARIES, tools=True)
        return call([python, "-m", "installer.bundles", verb, *arguments], surroundings(), ROOT)

    return work


def lock(_: list[str]) -> int:
    """Write the locked files from the .in files: exact versions with hashes, and no address of any host."""
    folder = ROOT / "build" / "lock"
    venv.EnvBuilder(with_pip=True, clear=True).create(folder)
    quietly([interpreter(folder), *PIP, "install", "--quiet", PIP_TOOLS])
    options = ["--quiet", "--generate-hashes", "--strip-extras", "--allow-unsafe", "--no-header", "--no-emit-options"]
    options += ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host"]
    for name in ("requirements", "requirements-dev"):
        command = ("-m", "piptools", "compile", *options, "-o", f"{name}.txt", f"{name}.in")
        status = call([interpreter(folder), *command], cwd=ROOT)
        if status:
            return status
    return 0


def migration(arguments: list[str]) -> int:
    """Write the next revision of the database from what the models declare, formatted as all our code is."""
    python = prepare({}, tools=True)
    status = call([python, ROOT / "installer" / "make_migration.py", *arguments], surroundings())
    versions = ROOT / "desktop" / "models" / "migrations" / "versions"
    return status or call([python, "-m", "ruff", "format", "--quiet", versions], cwd=ROOT)


def samples(arguments: list[str]) -> int:
    """Write the sample workbooks."""
    return call([prepare({}, tools=False), ROOT / "installer" / "make_samples.py", *arguments], surroundings())


def screenshots(arguments: list[str]) -> int:
    """Take the pictures of the manual, all or those whose names begin so."""
    python = prepare(WINDOW_LIBRARIES, tools=True)
    return call([python, "-m", "installer.make_screenshots", *arguments], surroundings(), ROOT)


def keep_version(arguments: list[str]) -> int:
    """Keep stores and packages of this version in tests/data."""
    return call([prepare({}, tools=False), ROOT / "installer" / "keep_version.py", *arguments], surroundings())


VERBS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "check": check,
    "fuzz": fuzz,
    "bench": bench,
    "prove": prove,
    "system": system,
    **{verb: bundles(verb) for verb in ("bundle", "deb", "release", "lab", "setup-exe")},
    **{verb: supply(verb) for verb in ("wheels", "third-party", "audit")},
    "lock": lock,
    "migration": migration,
    "samples": samples,
    "screenshots": screenshots,
    "keep-version": keep_version,
}


def main() -> int:
    """Do one verb; what follows it is the verb's own."""
    status = right_python()
    if status is not None:
        return status
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage="dev.py VERB …", add_help=True
    )
    parser.add_argument("verb", choices=VERBS)
    chosen = parser.parse_args(sys.argv[1:2])
    return VERBS[chosen.verb](sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())

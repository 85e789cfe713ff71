"""Wheels for every supported machine: whether they exist, or all of them in a folder for machines without a network.

`dev.py run` and `dev.py test` install from a folder `wheels` in the clone, or from the one BRANCH_DESK_WHEELS names,
and then ask no registry at all.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from installer.dev import PIP
from installer.supply.locks import DEVELOPMENT, ROOT, RUNTIME

Target = tuple[str] | tuple[str, int]
"""One platform tag, or an architecture with its newest glibc minor version."""

TARGETS: dict[str, Target] = {
    "windows": ("win_amd64",),
    "linux": ("x86_64", 28),
    "linux-arm": ("aarch64", 31),
}
"""The machines the program is made for."""

PYTHON = ("--python-version", "3.11", "--implementation", "cp")
COMMON = ("--quiet", "--only-binary", ":all:", "--no-deps", "--require-hashes")


def main(arguments: Sequence[str]) -> int:
    """Check the wheels, or bring them into a folder."""
    parser = argparse.ArgumentParser(prog="dev.py wheels", description=__doc__)
    parser.add_argument("--to", type=Path, metavar="DIR", help="bring them into this folder")
    parser.add_argument("--for", dest="machines", action="append", choices=TARGETS, help="only for these machines")
    parser.add_argument("--run-only", action="store_true", help="without what only tests and checks need")
    options = parser.parse_args(arguments)
    locks = [RUNTIME] if options.run_only else [RUNTIME, DEVELOPMENT]
    failed = 0
    for machine in options.machines or TARGETS:
        for lock in locks:
            status = subprocess.run(list(command(machine, lock, options.to)), check=False).returncode
            print(f"{'all wheels' if status == 0 else 'NOT all wheels'} of {lock} for {machine}", file=sys.stderr)
            failed = failed or status
    if options.to is not None and not failed:
        files = list(options.to.glob("*.whl"))
        size = sum(file.stat().st_size for file in files) >> 20
        print(f"{options.to}: {len(files)} wheels, {size} MiB. On a machine without a network put this folder")
        print("into the clone as `wheels`, or name it by BRANCH_DESK_WHEELS; dev.py run and test then take it.")
    return failed


def command(machine: str, lock: str, to: Path | None) -> Iterator[str]:
    """Give the words of the call of pip: a trial that installs nothing, or the way into the folder `to`."""
    yield from (sys.executable, *PIP)
    if to is None:
        yield from ("install", "--dry-run", "--target", tempfile.gettempdir())
    else:
        yield from ("download", "--dest", str(to))
    yield from (*choosing(TARGETS[machine]), "-r", str(ROOT / lock))


def choosing(target: Target) -> Iterator[str]:
    """Give the options by which pip takes locked wheels of another machine, whatever this one is."""
    yield from (*COMMON, *PYTHON)
    for tag in platforms(target):
        yield from ("--platform", tag)


def platforms(target: Target) -> list[str]:
    """Return the wheel tags that a machine of `TARGETS` accepts."""
    if len(target) == 1:
        return [target[0]]
    architecture, newest = target
    old = ["manylinux1", "manylinux2010", "manylinux2014"]
    tags = [*old, *(f"manylinux_2_{minor}" for minor in range(5, newest + 1))]
    return [f"{tag}_{architecture}" for tag in tags]

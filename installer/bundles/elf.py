"""What programs and libraries for Linux ask of the system they run on, by `readelf`."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Needs:
    """`libraries` that are not in the folder, each with the files that ask for it; the newest C library they name."""

    libraries: dict[str, list[str]]
    glibc: tuple[int, int]


def needs(folder: Path) -> Needs:
    """What all files below `folder` together need from outside of it."""
    there = {file.name for file in folder.rglob("*")}
    asked: dict[str, list[str]] = {}
    newest = (2, 0)
    for file in elf_files(folder):
        done = subprocess.run(["readelf", "-dVW", file], stdout=subprocess.PIPE, text=True, check=True)
        for library in re.findall(r"\(NEEDED\).*\[(.+)\]", done.stdout):
            if library not in there:
                asked.setdefault(library, []).append(file.relative_to(folder).as_posix())
        versions = re.findall(r"Name: GLIBC_(\d+)\.(\d+)", done.stdout)
        newest = max([newest, *((int(major), int(minor)) for major, minor in versions)])
    return Needs(dict(sorted(asked.items())), newest)


def elf_files(folder: Path) -> Iterator[Path]:
    """Every program and library below `folder`, once."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as stream:
                if stream.read(4) == b"\x7fELF":
                    yield file

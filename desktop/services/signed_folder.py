"""A folder against the sums of its files: what is gone, changed or too much, and what is told of it; only read."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Generic, TypeVar

from desktop.models.vocabulary.labels import Labelled
from desktop.services.files import NotOrdinary, open_ordinary, sha256_of
from desktop.services.progress import Progress, silent

F = TypeVar("F", bound=Labelled)


@dataclass(frozen=True, slots=True)
class Problem(Generic[F]):
    """One thing that is wrong with one file of a folder; its fault says what in words."""

    fault: F
    file: str

    @property
    def what(self) -> str:
        """Return the fault as a sentence about the file."""
        return f"“{self.file}”：{self.fault.label}。"


class Difference(Enum):
    """What can be with a file of the list, or with one beside it."""

    MISSING = auto()
    CHANGED = auto()
    FOREIGN = auto()


def differences(
    folder: Path, sums: Mapping[str, str], beside: Collection[str], progress: Progress = silent
) -> Iterator[tuple[Difference, str]]:
    """Compare `folder` with the SHA-256 of its files by name; `beside` are files that no list holds: the list itself.

    Tells (files read, all).

    Raises:
        OSError: a file cannot be read.
        Cancelled: by `progress`.
    """
    for done, (file, sha256) in enumerate(sums.items()):
        progress(done, len(sums))
        path = folder / file
        if not path.is_file():
            yield Difference.MISSING, file
            continue
        with open_ordinary(path) as stream:
            if sha256_of(stream)[0] != sha256:
                yield Difference.CHANGED, file
    progress(len(sums), len(sums))
    ours = {*beside, *sums}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_folder = path.is_dir() and not path.is_symlink()
        if is_folder and not any(path.iterdir()):
            yield Difference.FOREIGN, f"{name}/"
        elif not is_folder and name not in ours:
            yield Difference.FOREIGN, name


def small_file(path: Path, most: int) -> bytes | None:
    """Return what a file of at most `most` bytes holds; None where no such file lies."""
    try:
        with open_ordinary(path) as file:
            data = file.read(most + 1)
    except (FileNotFoundError, IsADirectoryError, NotOrdinary):
        return None
    return data if len(data) <= most else None

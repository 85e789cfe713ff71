"""A file port that remembers every step, and replays each prefix of them as a power cut would leave the disk.

The model is the pessimistic one: bytes written and not forced are lost, a name that was not forced may be the old
one or the new one.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from desktop.services.files import FilePort


@dataclass
class _Content:
    """One file on the disk, whatever it is called."""

    volatile: bytes = b""
    durable: bytes = b""


@dataclass
class _Handle:
    content: _Content

    def __enter__(self) -> "_Handle":
        return self

    def __exit__(self, *_: object) -> None:
        pass


@dataclass
class _Disk:
    names: dict[Path, _Content]
    forced_names: dict[Path, _Content] = field(default_factory=dict)


class CrashPort(FilePort):
    """A disk in memory. `after_power_cut` gives every state it can have been left in, in the order of the steps."""

    def __init__(self, files: dict[Path, bytes]) -> None:
        super().__init__()
        contents = {path: _Content(data, data) for path, data in files.items()}
        self._disk = _Disk(dict(contents), dict(contents))
        self._states: list[dict[Path, bytes]] = []
        self._note()

    def open_excl(self, path: Path) -> BinaryIO:
        if path in self._disk.names:
            raise FileExistsError(path)
        self._disk.names[path] = content = _Content()
        self._note()
        return cast(BinaryIO, _Handle(content))

    def read(self, path: Path, limit: int) -> bytes:
        if path not in self._disk.names:
            raise FileNotFoundError(path)
        return self._disk.names[path].volatile

    def write(self, file: IO[bytes], data: bytes) -> None:
        content = cast(Any, file).content
        content.volatile += bytes(data)
        self._note()

    def fsync(self, file: Any) -> bool:
        file.content.durable = file.content.volatile
        self._note()
        return True

    def replace(self, source: Path, target: Path) -> None:
        self._disk.names[target] = self._disk.names.pop(source)
        self._note()

    def remove(self, path: Path) -> None:
        self._disk.names.pop(path, None)
        self._note()

    def fsync_dir(self, folder: Path) -> None:
        self._disk.forced_names = dict(self._disk.names)
        self._note()

    def after_power_cut(self) -> Iterator[dict[Path, bytes]]:
        """Give the files as they may be found after the power went at each step."""
        yield from self._states

    def _note(self) -> None:
        old, new = self._disk.forced_names, self._disk.names
        changed = sorted(path for path in old.keys() | new.keys() if old.get(path) is not new.get(path))
        for choice in itertools.product((old, new), repeat=len(changed)):
            names = dict(old)
            for path, side in zip(changed, choice, strict=True):
                names.pop(path, None)
                if path in side:
                    names[path] = side[path]
            self._states.append({path: content.durable for path, content in names.items()})

"""In which line of a sound TOML text each table and field stands; the parser of the library does not say."""

import re
from bisect import bisect_right

from desktop.services.toml_tables import Path

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*+")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}|' r"'''(?:[^']|'(?!''))*+'{3,5}|" r'"(?:[^"\\\n]|\\.)*+"|' r"'[^'\n]*+'",
    re.DOTALL,
)
_BARE = re.compile(r"[^,\[\]{}#\n]*+")
_KEY = re.compile(r"""[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([\w-]+))[ \t]*""")


class Places:
    """The lines, from 1, of everything in a text that `tomllib` reads without a complaint."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._starts = [0, *(end.end() for end in re.finditer("\n", text))]
        self._lines: dict[Path, int] = {(): 1}
        self._counts: dict[Path, int] = {}
        self._read()

    def line(self, path: Path) -> int:
        """Return the line of a field or table; of what is not there the line of the table around it."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _read(self) -> None:
        owner: Path = ()
        while True:
            self._skip()
            if self._at >= len(self._text):
                return
            if self._text.startswith("[", self._at):
                owner = self._header()
            else:
                self._field(owner)

    def _header(self) -> Path:
        start, many = self._at, self._text.startswith("[[", self._at)
        self._at += 2 if many else 1
        path: Path = ()
        keys = self._keys()
        for number, key in enumerate(keys, start=1):
            path = (*path, key)
            if number == len(keys) and many:
                self._note(path, start)
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        self._at += 2 if many else 1
        self._note(path, start)
        return path

    def _field(self, owner: Path) -> None:
        start = self._at
        path = owner
        for key in self._keys():
            path = (*path, key)
            self._note(path, start)
        self._at += 1  # the sign of equality
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip()
        if (string := _STRING.match(self._text, self._at)) is not None:
            self._at = string.end()
        elif self._text.startswith("[", self._at):
            self._list(path)
        elif self._text.startswith("{", self._at):
            self._inline(path)
        else:
            bare = _BARE.match(self._text, self._at)
            self._at = max(bare.end() if bare else 0, self._at + 1)

    def _list(self, path: Path) -> None:
        self._at += 1
        number = 0
        while not self._closed("]"):
            self._note((*path, number), self._at)
            self._value((*path, number))
            number += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while not self._closed("}"):
            self._field(path)

    def _closed(self, bracket: str) -> bool:
        """Go to the next member of a list or inline table, or behind its end."""
        self._skip()
        if self._text.startswith(",", self._at):
            self._at += 1
            self._skip()
        if self._at < len(self._text) and not self._text.startswith(bracket, self._at):
            return False
        self._at += 1
        return True

    def _keys(self) -> list[str]:
        found: list[str] = []
        while (key := _KEY.match(self._text, self._at)) is not None:
            found.append(next(part for part in key.groups() if part is not None))
            self._at = key.end()
            if not self._text.startswith(".", self._at):
                break
            self._at += 1
        return found

    def _skip(self) -> None:
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at

    def _note(self, path: Path, at: int) -> None:
        self._lines.setdefault(path, bisect_right(self._starts, at))

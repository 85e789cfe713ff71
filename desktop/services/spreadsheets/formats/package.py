"""A zip that holds a workbook: its parts found whatever the case of their names, unpacked within bounds."""

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any
from xml.parsers import expat

from desktop.services.spreadsheets.budget import DAMAGED, Budget, refuse

_CHUNK = 1 << 16
_LONGEST_TAG = 1 << 20
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How the parts of a workbook may be packed."""
UNREADABLE = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What a damaged zip raises, whatever is done with it."""

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Package:
    """The parts of a workbook in a zip."""

    def __init__(self, archive: zipfile.ZipFile, spent: Budget) -> None:
        """Look at the list of parts; nothing is unpacked yet."""
        self._archive = archive
        self._spent = spent
        self._entries = {entry.filename.replace("\\", "/").lower(): entry for entry in archive.infolist()}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def chunks(self, name: str) -> Generator[bytes, None, None]:
        """Give a part piece by piece.

        Raises:
            InvalidInput: it is damaged, not there, or too large with what was unpacked before.
        """
        entry = self._entries.get(name.lower())
        if entry is None or entry.compress_type not in _PACKED:
            refuse(DAMAGED)
        try:
            with self._archive.open(entry) as part:
                while data := part.read(_CHUNK):
                    self._spent.unpack(len(data))
                    yield data
        except UNREADABLE:
            refuse(DAMAGED)

    def read(self, name: str) -> bytes:
        """Return a part whole.

        Raises:
            InvalidInput: it is damaged, not there, or too large.
        """
        return b"".join(self.chunks(name))

    def count(self, name: str, marks: tuple[bytes, ...]) -> int:
        """Return about how often these marks stand in a part, which is then still to be paid for.

        Raises:
            InvalidInput: it is damaged, not there, or too large.
        """
        before = self._spent.unpacked
        found = sum(data.count(mark) for data in self.chunks(name) for mark in marks)
        self._spent.unpacked = before
        return found

    def parse(self, name: str, start: Start, end: End | None = None, text: Text | None = None) -> None:
        """Tell what stands in a part of XML; names of elements come without prefix.

        Raises:
            InvalidInput: it is damaged, not there, or too large.
        """
        parse_xml(self.chunks(name), self._spent, start, end, text)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Return what a part refers to: id → (kind, part). `name` is empty for the package itself."""
        folder, file = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        found: dict[str, tuple[str, str]] = {}
        if rels not in self:
            return found

        def start(element: str, attributes: dict[str, str]) -> None:
            if element == "Relationship" and attributes.get("TargetMode", "") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                part = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], part)

        self.parse(rels, start)
        return found


def pieces(data: bytes) -> Iterator[bytes]:
    """Give a file in memory piece by piece."""
    return (data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK))


def parse_xml(
    chunks: Iterable[bytes], spent: Budget, start: Start, end: End | None = None, text: Text | None = None
) -> None:
    """Tell what stands in XML that comes piece by piece; names of elements come without prefix.

    Raises:
        InvalidInput: it is damaged, declares entities, or holds a tag of a megabyte.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def no_doctype(*_: Any) -> None:
        refuse(DAMAGED)

    parser.StartDoctypeDeclHandler = no_doctype
    elements = 0

    def begun(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements
        elements += 1
        start(name.rpartition(":")[2], attributes)

    parser.StartElementHandler = begun
    if end is not None:
        ended = end
        parser.EndElementHandler = lambda name: ended(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    fed = 0
    try:
        for data in chunks:
            parser.Parse(data)
            fed += len(data)
            spent.step(elements)
            elements = 0
            if fed - max(parser.CurrentByteIndex, 0) > _LONGEST_TAG:
                refuse(DAMAGED)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError):
        refuse(DAMAGED)

"""The faces a document is set in, and how they get into a PDF.

Reportlab cuts a TrueType face into subsets of 256 characters and writes a wrong copy table above U+FFFF. Here each
face becomes one composite font whose codes are the face's own glyph numbers: fewer objects, fewer operators, and
every character, rare names included, copies as what it is.
"""

import hashlib
import math
import mmap
import struct
import sys
from array import array
from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfdoc, pdfmetrics

from desktop.paths import resource
from desktop.services.archive.blocks import JOINER
from desktop.services.archive.pressed import SUFFIX, Pressed

FACES = ("song", "song_bold", "hei", "kai", "fang", "rare")
"""宋, 标宋, 黑, 楷, 仿宋, and the collection of rare characters that the others lack."""

SONG = ("song", "rare")
TITLE = ("song_bold", "song", "rare")
HEI = ("hei", "song", "rare")
KAI = ("kai", "song", "rare")
FANG = ("fang", "song", "rare")

SUBSTITUTE = "〓"

_COMPONENT_MORE, _COMPONENT_WORDS = 0x20, 0x01
_SCALE, _SCALE_XY, _SCALE_2X2 = 0x08, 0x40, 0x80
_CODES_PER_BLOCK = 100  # the most that one bfchar block may hold


class MissingCharacter(Exception):
    """No face of a chain has this character."""


def _opened(path: Path) -> mmap.mmap | Pressed:
    """What lies in a file, or in the pressed one that a program is handed out with in its place."""
    if (pressed := path.with_suffix(SUFFIX)).exists():
        return Pressed(pressed)
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class TrueType:
    """One TrueType file: which characters it has, how wide they are, and a small copy with only some of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data = _opened(path)
        count = struct.unpack(">H", self._data[4:6])[0]
        self._tables: dict[bytes, tuple[int, int]] = {}
        for index in range(count):
            tag, _, offset, length = struct.unpack(">4sIII", self._data[12 + 16 * index : 28 + 16 * index])
            self._tables[tag] = (offset, length)
        head = self._table(b"head")
        self.units: int = struct.unpack(">H", head[18:20])[0]
        self.bbox = tuple(round(v * 1000 / self.units) for v in struct.unpack(">4h", head[36:44]))
        self._long_loca = struct.unpack(">h", head[50:52])[0] == 1
        hhea = self._table(b"hhea")
        self.ascent, self.descent = (round(v * 1000 / self.units) for v in struct.unpack(">2h", hhea[4:8]))
        self._metrics_count: int = struct.unpack(">H", hhea[34:36])[0]
        self._glyph_count: int = struct.unpack(">H", self._table(b"maxp")[4:6])[0]

    def _table(self, tag: bytes) -> bytes:
        offset, length = self._tables[tag]
        return self._data[offset : offset + length]

    @cached_property
    def postscript_name(self) -> str:
        """Return the face's own PostScript name (name 6), or its file name where it has none."""
        table = self._table(b"name")
        count, strings = struct.unpack(">HH", table[2:6])
        for index in range(count):
            platform, _, _, name, length, offset = struct.unpack(">6H", table[6 + 12 * index : 18 + 12 * index])
            if name == 6:
                raw = table[strings + offset : strings + offset + length]
                text = raw.decode("utf-16-be" if platform in (0, 3) else "latin-1", "ignore")
                return "".join(ch for ch in text if ch.isascii() and (ch.isalnum() or ch in "-_"))
        return self.path.stem

    @cached_property
    def glyphs(self) -> dict[int, int]:
        """Return code point → glyph number, from the widest Unicode table of the face.

        Raises:
            ValueError: the face has none.
        """
        table = self._table(b"cmap")
        found: dict[tuple[int, int], int] = {}
        for index in range(struct.unpack(">H", table[2:4])[0]):
            platform, encoding, offset = struct.unpack(">HHI", table[4 + 8 * index : 12 + 8 * index])
            found[platform, encoding] = offset
        for key in ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3)):
            if key in found:
                part = table[found[key] :]
                return _wide_map(part) if struct.unpack(">H", part[:2])[0] == 12 else _narrow_map(part)
        raise ValueError(f"{self.path.name}: no Unicode character map")

    @cached_property
    def advances(self) -> list[float]:
        """Return the width of each glyph in thousandths of the size."""
        count = self._metrics_count
        pairs = _shorts(self._table(b"hmtx")[: 4 * count])
        widths = [round(advance * 1000 / self.units, 3) for advance in pairs[::2]]
        return widths + [widths[-1]] * (self._glyph_count - count)

    @cached_property
    def _offsets(self) -> list[int]:
        loca = self._table(b"loca")
        if self._long_loca:
            values = array("I", loca)
            if sys.byteorder == "little":
                values.byteswap()
            return values.tolist()
        return [2 * value for value in _shorts(loca)]

    def _outline(self, glyph: int) -> bytes:
        start = self._tables[b"glyf"][0]
        return self._data[start + self._offsets[glyph] : start + self._offsets[glyph + 1]]

    def _with_components(self, glyphs: Iterable[int]) -> set[int]:
        """Return `glyphs` and those that composite ones among them are put together from."""
        wanted = set(glyphs)
        waiting = list(wanted)
        while waiting:
            outline = self._outline(waiting.pop())
            if len(outline) < 10 or struct.unpack(">h", outline[:2])[0] >= 0:
                continue
            at, flags = 10, _COMPONENT_MORE
            while flags & _COMPONENT_MORE:
                flags, component = struct.unpack(">HH", outline[at : at + 4])
                at += 8 if flags & _COMPONENT_WORDS else 6
                at += 2 if flags & _SCALE else 4 if flags & _SCALE_XY else 8 if flags & _SCALE_2X2 else 0
                if component not in wanted:
                    wanted.add(component)
                    waiting.append(component)
        return wanted

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """Return the face with the outlines of `glyphs` only, each under its old number."""
        wanted = sorted(self._with_components(glyphs) | {0})
        count = wanted[-1] + 1
        hmtx = self._table(b"hmtx")
        measures = bytearray(4 * count)
        places = array("I", bytes(4 * (count + 1)))
        outlines: list[bytes] = []
        position = filled = 0
        for glyph in wanted:
            if glyph < self._metrics_count:
                measures[4 * glyph : 4 * glyph + 4] = hmtx[4 * glyph : 4 * glyph + 4]
            else:
                bearing = 4 * self._metrics_count + 2 * (glyph - self._metrics_count)
                last = 4 * self._metrics_count - 4
                measures[4 * glyph : 4 * glyph + 4] = hmtx[last : last + 2] + hmtx[bearing : bearing + 2]
            for index in range(filled, glyph + 1):
                places[index] = position
            outline = self._outline(glyph)
            outline += bytes(-len(outline) % 4)
            outlines.append(outline)
            position += len(outline)
            filled = glyph + 1
        places[count] = position
        if sys.byteorder == "little":
            places.byteswap()
        head = bytearray(self._table(b"head"))
        head[8:12] = bytes(4)  # the checksum of the whole is not checked inside a PDF
        head[50:52] = struct.pack(">h", 1)
        hhea = bytearray(self._table(b"hhea"))
        hhea[34:36] = struct.pack(">H", count)
        maxp = bytearray(self._table(b"maxp"))
        maxp[4:6] = struct.pack(">H", count)
        tables = {
            b"glyf": b"".join(outlines),
            b"head": bytes(head),
            b"hhea": bytes(hhea),
            b"hmtx": bytes(measures),
            b"loca": places.tobytes(),
            b"maxp": bytes(maxp),
        }
        tables |= {tag: self._table(tag) for tag in (b"cvt ", b"fpgm", b"prep") if tag in self._tables}
        return _sfnt(tables)


def _shorts(data: bytes) -> list[int]:
    values = array("H", data)
    if sys.byteorder == "little":
        values.byteswap()
    return values.tolist()


def _wide_map(table: bytes) -> dict[int, int]:
    """Return the characters of a format 12 table."""
    result: dict[int, int] = {}
    for index in range(struct.unpack(">I", table[12:16])[0]):
        first, last, glyph = struct.unpack(">III", table[16 + 12 * index : 28 + 12 * index])
        result.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
    return result


def _narrow_map(table: bytes) -> dict[int, int]:
    """Return the characters of a format 4 table."""
    segments = struct.unpack(">H", table[6:8])[0] // 2
    words = _shorts(table[: struct.unpack(">H", table[2:4])[0] & ~1])
    ends, starts = words[7 : 7 + segments], words[8 + segments : 8 + 2 * segments]
    deltas = words[8 + 2 * segments : 8 + 3 * segments]
    base = 8 + 3 * segments
    result: dict[int, int] = {}
    for index, (first, last, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        shift = words[base + index]
        for code in range(first, min(last, 0xFFFE) + 1):
            if shift == 0:
                glyph = (code + delta) & 0xFFFF
            else:
                glyph = words[base + index + shift // 2 + code - first]
                glyph = (glyph + delta) & 0xFFFF if glyph else 0
            if glyph:
                result[code] = glyph
    return result


def _sfnt(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = int(math.log2(count))
    directory = struct.pack(">IHHHH", 0x10000, count, 16 * 2**power, power, 16 * (count - 2**power))
    body = bytearray()
    for tag in sorted(tables):
        data = tables[tag] + bytes(-len(tables[tag]) % 4)
        words = array("I", data)
        if sys.byteorder == "little":
            words.byteswap()
        place = 12 + 16 * count + len(body)
        directory += tag + struct.pack(">III", sum(words) & 0xFFFFFFFF, place, len(tables[tag]))
        body += data
    return directory + bytes(body)


class FaceFont:
    """A face as reportlab's canvas knows fonts: one composite (Type 0) font object for a whole document.

    Not thread-safe: reportlab keeps fonts in a table of the process, so documents are made one at a time.
    """

    _dynamicFont = 1
    _multiByte = 1
    shapable = False

    def __init__(self, name: str, path: Path) -> None:
        self.fontName = name
        self.file = TrueType(path)
        self.face = self
        self.name = name  # the key under which reportlab remembers a face: must differ from file to file
        self.ascent, self.descent = self.file.ascent, self.file.descent
        self.codes = {chr(code): f"{glyph:04X}" for code, glyph in self.file.glyphs.items()}
        self._printed: WeakKeyDictionary[Any, list[str]] = WeakKeyDictionary()
        self._names: WeakKeyDictionary[Any, str] = WeakKeyDictionary()

    def width(self, character: str) -> float:
        """Return the width of `character` in parts of the size."""
        return self.file.advances[self.file.glyphs[ord(character)]] / 1000

    def stringWidth(self, text: str, size: float, encoding: str = "utf-8") -> float:
        """Return the width of `text` in points (the name is reportlab's)."""
        return size * sum(map(self.width, text))

    def encode(self, text: str, document: Any) -> str:
        """Return the codes of `text` as hexadecimal digits, and remember that `document` needs them.

        Raises:
            KeyError: the face lacks one of the characters.
        """
        codes = "".join(map(self.codes.__getitem__, text))
        self.printed(document).append(text)
        return codes

    def splitString(self, text: str, document: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:
        """Return `text` as one chunk of two-byte codes (the name is reportlab's)."""
        return [(0, bytes.fromhex(self.encode(text, document)))]

    def printed(self, document: Any) -> list[str]:
        """Return the list of all that `document` prints in this face; who prints, adds to it."""
        pieces = self._printed.get(document)
        if pieces is None:
            pieces = self._printed[document] = []
        return pieces

    def getSubsetInternalName(self, subset: int, document: Any) -> str:
        """Return the name of this font in the page resources (the name is reportlab's)."""
        name = self._names.get(document)
        if name is None:
            name = self._names[document] = f"C{len(document.fontMapping) + 1}"
            document.fontMapping[self.fontName] = "/" + name
            document.delayedFonts.append(self)
        return "/" + name

    def addObjects(self, document: Any) -> None:
        """Write the font with the glyphs used in `document` (the name is reportlab's)."""
        used: dict[int, int] = {}
        for character in sorted(set("".join(self.printed(document)))):
            used.setdefault(self.file.glyphs[ord(character)], ord(character))
        data = self.file.subset(used)
        digest = hashlib.sha256(data).digest()
        base = "".join(chr(65 + byte % 26) for byte in digest[:6]) + "+" + self.file.postscript_name
        name, array_of = pdfdoc.PDFName, pdfdoc.PDFArray
        program = _stream(document, data)
        program.dictionary["Length1"] = len(data)
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": name("FontDescriptor"),
                "FontName": name(base),
                "Flags": 4,
                "FontBBox": array_of(self.file.bbox),
                "Ascent": self.ascent,
                "Descent": self.descent,
                "CapHeight": self.ascent,
                "ItalicAngle": 0,
                "StemV": 80,
                "FontFile2": document.Reference(program, "program:" + base),
            }
        )
        system = pdfdoc.PDFDictionary(
            {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
        )
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": name("Font"),
                "Subtype": name("CIDFontType2"),
                "BaseFont": name(base),
                "CIDSystemInfo": system,
                "FontDescriptor": document.Reference(descriptor, "descriptor:" + base),
                "DW": 1000,
                "W": _Plain(self._widths(sorted(used))),
                "CIDToGIDMap": name("Identity"),
            }
        )
        font = pdfdoc.PDFDictionary(
            {
                "Type": name("Font"),
                "Subtype": name("Type0"),
                "BaseFont": name(base),
                "Encoding": name("Identity-H"),
                "DescendantFonts": array_of([document.Reference(descendant, "descendant:" + base)]),
                "ToUnicode": document.Reference(_stream(document, _copy_table(used).encode()), "copy:" + base),
            }
        )
        internal = self._names[document]
        document.idToObject["BasicFonts"].dict[internal] = document.Reference(font, internal)

    def _widths(self, glyphs: list[int]) -> str:
        """Return the W array: a first glyph number and the widths from there on, for each unbroken run."""
        result: list[str] = []
        run: list[str] = []
        for index, glyph in enumerate(glyphs):
            run.append(f"{self.file.advances[glyph]:g}")
            if index + 1 == len(glyphs) or glyphs[index + 1] != glyph + 1:
                result.append(f"{glyph - len(run) + 1} [{' '.join(run)}]")
                run = []
        return f"[{' '.join(result)}]"


class _Plain(pdfdoc.PDFObject):  # type: ignore[misc]
    """A value already spelled out."""

    def __init__(self, text: str) -> None:
        self._text = text

    def format(self, document: Any) -> bytes:
        return self._text.encode("ascii")


def _stream(document: Any, content: bytes) -> Any:
    filters = [pdfdoc.PDFZCompress] if document.compression else None
    return pdfdoc.PDFStream(content=content, filters=filters)


def _copy_table(used: dict[int, int]) -> str:
    """Return the ToUnicode map: what a reader copies for each glyph, UTF-16 so that rare characters survive."""
    entries = [f"<{glyph:04X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for glyph, code in sorted(used.items())]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    for start in range(0, len(entries), _CODES_PER_BLOCK):
        block = entries[start : start + _CODES_PER_BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


@lru_cache(maxsize=len(FACES))
def face(name: str) -> FaceFont:
    """Return the face `name` of `FACES`, read once and registered with reportlab."""
    font = FaceFont(f"BranchDesk-{name}", resource(f"fonts/{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font


class Chain:
    """Faces in order of preference: each character is set in the first one that has it."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self.widths = _Widths(self)

    @cached_property
    def first(self) -> FaceFont:
        """Return the face that sets all but the rare characters."""
        return face(self._names[0])

    def face_of(self, character: str) -> FaceFont | None:
        """Return the face that has `character`, or None."""
        return next((font for font in map(face, self._names) if character in font.codes), None)

    def missing(self, text: str) -> list[str]:
        """Return the characters of `text` that no face has, each once, in order."""
        known = self.widths
        return [ch for ch in dict.fromkeys(text) if ch not in known and ch != JOINER and self.face_of(ch) is None]

    def runs(self, text: str) -> list[tuple[FaceFont, str]]:
        """Return `text` cut into pieces of one face each.

        Raises:
            MissingCharacter: no face has one of them.
        """
        pieces: list[tuple[FaceFont, str]] = []
        for character in text:
            font = self.face_of(character)
            if font is None:
                raise MissingCharacter(character)
            if pieces and pieces[-1][0] is font:
                pieces[-1] = (font, pieces[-1][1] + character)
            else:
                pieces.append((font, character))
        return pieces


class _Widths(dict[str, float]):
    """Width of each character in parts of the size, looked up once."""

    def __init__(self, owner: Chain) -> None:
        super().__init__()
        self._owner = owner

    def __missing__(self, character: str) -> float:
        if character == JOINER:
            return 0.0
        font = self._owner.face_of(character)
        if font is None:
            raise MissingCharacter(character)
        width = self[character] = font.width(character)
        return width


@cache
def chain(names: tuple[str, ...]) -> Chain:
    """Return the chain of `names`, the same object every time."""
    return Chain(names)

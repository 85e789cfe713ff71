"""Workbooks of every kind and format, spoilt in bytes or cells: a dry run refuses by type, soon, changing nothing."""

import io
import re
import sys
import time
import zipfile
from contextlib import suppress
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from random import Random
from typing import Any

import openpyxl

from desktop.services.errors import InvalidInput
from desktop.services.workbooks import Book, books
from installer.fuzz import hostile, samples
from installer.fuzz.run import ACCEPTED, REFUSED, Kind

CPU_SECONDS = 20
READING_CPU_SECONDS = 6
"""For a file of kilobytes: the bounds of reading hold it to two on a quiet machine."""
READING_MEBIBYTES = 250
"""By which the process may grow, over its greatest size before."""
KEPT = Path(__file__).resolve().parents[2] / "tests" / "data" / "workbooks"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot say."""


def _cell_of(year: int) -> datetime:
    """Return the last moment but one of a year's first day, as the library has it: without a zone."""
    return datetime.combine(date(year, 1, 1), clock_time(23, 59, 59, 999999))


_MORE = (
    date(1899, 12, 30),
    date(9999, 12, 31),
    _cell_of(1900),
    clock_time(0, 0),
    clock_time(23, 59, 59),
    timedelta(days=-1),
    timedelta(hours=30),
    45_000,
    45_000.75,
    2_958_466,
    -1,
    0.1 + 0.2,
    "2026年2月30日",
    "２０２６．１．１",
    "26/1/1",
    "1430-1600",
    "下午2:30",
    "=1/0",
    '=HYPERLINK("x")',
    "=A1+",
    "#REF!",
    "是",
    "否",
    "√",
    "王芳、李四;张三",
    "王芳(请假：病)",
    "412727199001011234",
    "41272719900101123X",
    "1e3",
    "１２",
    "一二三",
    "100%",
    "3.5分",
    True,
)
_BOMBS = (
    (rb"</worksheet>", b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'),
    (rb"</worksheet>", b'<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks></worksheet>'),
    (rb"</worksheet>", b"<mergeCells>" + b'<mergeCell ref="A2:A1048576"/>' * 900 + b"</mergeCells></worksheet>"),
    (rb"<sheetData>", b'<sheetData><row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'),
    (rb"<sheetData>", b'<sheetData><row r="1"><c r="ZZZZ1"><v>1</v></c></row>'),
    (rb"<sheetData>", b'<sheetData><row r="0"><c r="A0"><v>1</v></c></row>'),
    (rb"<sheetData>", b"<sheetData>" + b"<row>" + b"<c><v>1</v></c>" * 1_200_000 + b"</row>"),
    (rb"<sheetData>", b"<sheetData>" + b"<row><c><v>1</v></c></row>" * 90_000),
    (rb"<sheetData>", b"<sheetData>" + b"<row>" * 20_000),
    (rb"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet'),
    (rb"<worksheet", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet'),
    (rb"<v>[^<]*</v>", b"<v>" + b"9" * 5000 + b"</v>"),
    (rb"<v>[^<]*</v>", b"<v>1e999</v>"),
    (rb'<c r="[^"]*"', b'<c r="B2" t="s"'),
    (rb't="\w+"', b't="d"'),
    (rb's="\d+"', b's="99999"'),
    (rb"<si>", b"<si><t>" + "长".encode() * 40_000 + b"</t></si><si>"),
    (rb"<sheet ", b'<sheet name="x" sheetId="9" r:id="rId99"/><sheet '),
    (rb'Target="[^"]*"', b'Target="../../../../etc/passwd"'),
)
"""What to put in place of what is found first, or somewhere, in a part of the file."""


_SMALL_BOMBS = (
    (rb"table:number-columns-repeated=\"\d+\"", b'table:number-columns-repeated="99999999"'),
    (rb"<table:table-row", b'<table:table-row table:number-rows-repeated="9999999"'),
    (rb"office:value-type=\"string\"", b'office:value-type="float" office:value="1e999"'),
    (rb"<td", b"<td rowspan=65000 colspan=9999"),
    (rb"<td", b"<table><tr><td>" * 300 + b"<td"),
    (rb"ss:Index=\"\d+\"", b'ss:Index="999999999"'),
    (rb"<Row", b"<Row ss:MergeDown='9'"),
    (rb",", b'"' + b"," * 70_000),
    (rb"\x00\x02\x0e\x00........", b"\x00\x02\x0e\x00" + b"\xff" * 8),
    (rb"\xfc\x00..", b"\xfc\x00\xff\xff"),
    (rb"\x94\x01\x10", b"\x94\x01\xff\xff\xff\x7f"),
)
"""The like for the other formats."""


def _greatest_size() -> int:
    """Return the greatest size in memory that this process had, in MiB; 0 where no system tells."""
    if sys.platform == "win32":
        return 0
    import resource  # only where there is such

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def written(book: Book, path: Path) -> list[bytes]:
    """Return the empty and the full workbook of a kind; of rows that never leave the store only the empty one."""
    contents = []
    for write in (book.template, book.export):
        path.unlink(missing_ok=True)
        with suppress(InvalidInput):
            write(path)
            contents.append(path.read_bytes())
    return contents


class Workbooks(Kind):
    """Dry runs of every kind of workbook there is."""

    patience_s = 120
    memory_bytes = 3 << 30

    @classmethod
    def found(cls, shared: Path) -> dict[str, str]:
        samples.found(shared)
        return {}

    def __init__(self, shared: Path, own: Path) -> None:
        super().__init__(shared, own)
        self._books: list[tuple[Book, list[bytes]]] = []
        self._titles: dict[str, list[str]] = {}
        self._folders: list[Path] = []
        self._rows: dict[str, list[list[Any]]] = {}
        for name in (samples.BRANCH, samples.HEADQUARTERS):
            store = samples.opened(samples.copied(shared, name, own / name))
            self._folders.append(store.folder)
            self._books += [(book, self._contents(book)) for book in books(store)]

    def _contents(self, book: Book) -> list[bytes]:
        """Return the empty and the full workbook of a kind, and learn its titles."""
        contents = written(book, self.own / "made.xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(contents[-1])).worksheets[0]
        self._titles[book.name] = [str(cell) for cell in next(sheet.iter_rows(values_only=True)) if cell]
        return contents

    def case(self, dice: Random) -> str:
        book, contents = dice.choice(self._books[:2] * 3 + self._books[-2:] * 2 + self._books)
        self.what = f"{book.name}: "
        path = self.own / "x.xlsx"
        kind = dice.randrange(16)
        if kind >= 10:
            path = self._foreign(dice)
        elif kind < 2:
            path.write_bytes(hostile.slips(dice, dice.choice(contents)))
            self.what += "slips"
        elif kind < 5:
            self._part(dice, dice.choice(contents), path)
        elif kind == 5:
            self._bomb(dice, dice.choice(contents), path)
        else:
            self._cells(dice, book, path)
        before, begun = self._touched(), time.process_time()
        allowed = READING_CPU_SECONDS if kind >= 10 else CPU_SECONDS
        size = _greatest_size()
        try:
            book.import_file(path, dry_run=True)
        except InvalidInput as error:
            if not (error.label and error.reason):
                raise AssertionError("a refusal without words") from error
            return REFUSED + error.code
        finally:
            spent = time.process_time() - begun
            assert spent < allowed, f"{spent:.1f} s"
            grown = _greatest_size() - size
            assert kind < 10 or grown < READING_MEBIBYTES, f"{grown} MiB"
            assert self._touched() == before, "the dry run wrote"
        return ACCEPTED

    def _touched(self) -> list[tuple[str, int, int]]:
        paths = sorted(path for folder in self._folders for path in folder.glob("main.db*") if path.suffix != ".db-shm")
        return [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in paths]

    def _foreign(self, dice: Random) -> Path:
        """Write a kept workbook of any format, spoilt: bytes, a part, what unfolds, or another name."""
        kept = dice.choice(sorted(path for path in KEPT.iterdir() if path.suffix != ".toml"))
        content = kept.read_bytes()
        path = self.own / f"x{dice.choice((kept.suffix, kept.suffix, '.xlsx', '.csv'))}"
        how = dice.randrange(4)
        self.what += f"{kept.name} as {path.suffix}: "
        if content[:2] == b"PK" and how:
            if how == 1:
                self._part(dice, content, path)
                return path
            with zipfile.ZipFile(io.BytesIO(content)) as source:
                name = dice.choice(source.namelist())
                data = self._unfolded(dice, source.read(name))
            self._rewritten(content, path, {name: data})
            return path
        path.write_bytes(hostile.slips(dice, content, 12) if how < 2 else self._unfolded(dice, content))
        return path

    def _unfolded(self, dice: Random, data: bytes) -> bytes:
        """Put something that unfolds, or that is cut off, in place of what stands there."""
        places = [(new, found) for what, new in _SMALL_BOMBS for found in re.finditer(what, data, re.DOTALL)]
        if not places or not dice.randrange(6):
            self.what += "cut"
            return data[: dice.randrange(len(data) + 1)]
        new, found = dice.choice(places)
        self.what += f"{new[:40]!r}"
        return data[: found.start()] + new + data[found.end() :]

    def _rewritten(self, content: bytes, path: Path, change: "dict[str, bytes]") -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                target.writestr(name, change.get(name, source.read(name)))

    def _part(self, dice: Random, content: bytes, path: Path) -> None:
        """Spoil one part within a sound container."""
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            name = dice.choice([*source.namelist(), *[n for n in source.namelist() if "sheet" in n or "Strings" in n]])
            data = source.read(name)
        if dice.randrange(3):
            data = hostile.slips(dice, data, 8)
        else:  # swap what stands between two marks
            marks = list(re.finditer(rb'"[^"<>]*"|>[^<>]+<', data)) or [*re.finditer(rb"\Z", data)]
            one, other = dice.choice(marks), dice.choice(marks)
            data = data[: one.start()] + other[0] + data[one.end() :]
        self.what += f"part {name}"
        self._rewritten(content, path, {name: data})

    def _bomb(self, dice: Random, content: bytes, path: Path) -> None:
        pattern, new = dice.choice(_BOMBS)
        self.what += f"in place of {pattern!r} {new[:60]!r}"
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            change = {}
            for name in source.namelist():
                data = source.read(name)
                found = list(re.finditer(pattern, data))
                if found:
                    place = dice.choice(found)
                    change[name] = data[: place.start()] + new + data[place.end() :]
        self._rewritten(content, path, change)

    def _cells(self, dice: Random, book: Book, path: Path) -> None:
        """A sound file that people might have typed."""
        made = openpyxl.Workbook()
        sheet: Any = made.active
        titles = list(self._titles[book.name])
        for _ in range(dice.choice((0, 0, 0, 0, 1, 2))):
            kind, at = dice.randrange(5), dice.randrange(len(titles))
            if kind == 0:
                titles[at] = str(dice.choice(hostile.NAMES))
            elif kind == 1:
                titles.append(dice.choice(titles))
            elif kind == 2 and len(titles) > 1:
                titles.pop(at)
            elif kind == 3:
                dice.shuffle(titles)
            else:
                titles += [f"列{number}" for number in range(dice.choice((1, 300)))]
        for _ in range(dice.choice((0, 0, 0, 0, 1, 3))):
            sheet.append([self._cell(dice)])
        sheet.append([_ILLEGAL.sub("", title) for title in titles])
        sound = self._sound(book)
        for _ in range(dice.choice((0, 1, 2, 5, 20))):
            row = list(dice.choice(sound)) if sound and dice.randrange(3) else [None] * len(titles)
            for at in range(len(row)):
                if dice.random() < 0.15 or not sound:
                    row[at] = self._cell(dice)
            sheet.append(row)
        for _ in range(dice.choice((0, 0, 0, 1, 3))):
            top, left = dice.randint(1, 9), dice.randint(1, 9)
            sheet.merge_cells(start_row=top, start_column=left, end_row=top + dice.randint(0, 3), end_column=left + 1)
        if dice.randrange(8) == 0:
            made.epoch = datetime.combine(date(1904, 1, 1), clock_time())
        self.what += "cells"
        made.save(path)

    def _sound(self, book: Book) -> list[list[Any]]:
        """Return the rows of the full workbook, or of the empty one where there is no other."""
        if book.name not in self._rows:
            content = next(contents for one, contents in self._books if one is book)[-1]
            sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
            self._rows[book.name] = [list(row) for row in sheet.iter_rows(min_row=2, max_row=30, values_only=True)]
        return self._rows[book.name]

    def _cell(self, dice: Random) -> Any:
        if dice.randrange(2):
            return dice.choice(_MORE)
        value = hostile.value(dice)
        if isinstance(value, list | dict):
            return None
        if isinstance(value, int) and abs(value) > 2**63:
            return str(value)
        return _ILLEGAL.sub("", value) if isinstance(value, str) else value

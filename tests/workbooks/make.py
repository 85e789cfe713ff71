"""Make tests/data/workbooks: `python -m tests.workbooks.make [NAME …]`; with --expected only what is right to read.

A case stands in layouts.py, habits.py or meetings.py. LibreOffice (soffice) writes .xls, .et, .ods and .fods;
everything else is written here.
"""

import argparse
import csv
import html
import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import openpyxl
from openpyxl.styles import Font

from tests.workbooks import parts
from tests.workbooks.cases import Case, Cell, Page
from tests.workbooks.habits import HABITS
from tests.workbooks.layouts import LAYOUTS
from tests.workbooks.meetings import MEETINGS

CASES = LAYOUTS | HABITS | MEETINGS
FOLDER = Path(__file__).resolve().parents[1] / "data" / "workbooks"
_OFFICE = {"xls": "xls", "et": "xls", "ods": "ods", "fods": "fods"}


def written(value: Cell) -> str:
    """Return a cell as the expectations write it, and as text files hold it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, time):
        return value.isoformat("seconds")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def excel(case: Case) -> bytes:
    """Return the case as .xlsx."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    if case.odd == "1904":
        book.epoch = datetime.combine(date(1904, 1, 1), time())
    for page in case.pages:
        sheet: Any = book.create_sheet(page.title)
        sheet.sheet_state = "hidden" if page.hidden else "visible"
        for number, cells in enumerate(page.rows, 1):
            for column, value in enumerate(cells, 1):
                if value is not None:
                    cell = sheet.cell(number, column, value)
                    if isinstance(value, datetime):
                        cell.number_format = "yyyy/m/d"
                    elif isinstance(value, time):
                        cell.number_format = "h:mm"
                    if number in page.struck_rows:
                        cell.font = Font(strike=True)
            if number in page.hidden_rows:
                sheet.row_dimensions[number].hidden = True
        for merged in page.merges:
            sheet.merge_cells(merged)
    made = io.BytesIO()
    book.save(made)
    return _ODD[case.odd](made.getvalue()) if case.odd in _ODD else made.getvalue()


def _strict(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            for space in (b"spreadsheetml", b"officeDocument"):
                if name.startswith("xl/"):
                    old, new = b"http://schemas.openxmlformats.org/%b/2006", b"http://purl.oclc.org/ooxml/%b"
                    data = data.replace(old % space, new % space)
            target.writestr(name, data)
    return made.getvalue()


_ODD: Mapping[str, Callable[[bytes], bytes]] = {
    "fill": lambda content: parts.changed(content, {"xl/styles.xml": (b"<fill><patternFill/></fill>", b"<fill/>")}),
    "family": lambda content: parts.changed(content, {"xl/styles.xml": (b'<family val="2"/>', b'<family val="34"/>')}),
    "created": lambda content: parts.changed(content, {"docProps/core.xml": (b"T", b"T99:")}),
    "strict": _strict,
}


def with_macros(content: bytes) -> bytes:
    """Return a workbook with a part for macros."""
    with zipfile.ZipFile(made := io.BytesIO(content), "a") as package:
        package.writestr("xl/vbaProject.bin", b"none")
    return made.getvalue()


def binary(case: Case) -> bytes:
    """Return the case as .xlsb."""
    sheets: dict[str, list[bytes]] = {}
    for page in case.pages:
        records = sheets[page.title] = []
        for number, cells in enumerate(page.rows, 1):
            records.append(parts.row12(number, hidden=number in page.hidden_rows))
            for column, value in enumerate(cells, 1):
                style = 2 if number in page.struck_rows else 1 if isinstance(value, date | time) else 0
                records.append(parts.cell12(column, _number(value), style))
        ranges = b"".join(map(_range12, page.merges))
        records.append(parts.record12(0x92) + ranges)
    return parts.xlsb(sheets, hidden=[page.title for page in case.pages if page.hidden])


def _number(value: Cell) -> parts.Cell:
    if isinstance(value, datetime):
        return (value - datetime.fromisoformat("1899-12-30")).total_seconds() / 86400
    if isinstance(value, time):
        return (value.hour * 60 + value.minute) / 1440
    return (value - date(1899, 12, 30)).days if isinstance(value, date) else value


def _range12(text: str) -> bytes:
    left, top, right, bottom = openpyxl.utils.range_boundaries(text)
    return parts.merged12(top, left, bottom, right)[len(parts.record12(0x92)) :]


def delimited(page: Page, mark: str) -> str:
    """Return a sheet as text."""
    made = io.StringIO()
    csv.writer(made, delimiter=mark, lineterminator="\r\n").writerows([map(written, cells) for cells in page.rows])
    return made.getvalue()


def webpage(case: Case, charset: str) -> str:
    """Return the case as a page of tables."""
    tables = []
    for page in case.pages:
        spans, covered = _spans(page)
        rows = []
        for number, cells in enumerate(page.rows, 1):
            row = "".join(
                f"<td{spans.get((number, column), '')}>{html.escape(written(value)).replace(chr(10), '<br>')}</td>"
                for column, value in enumerate(cells, 1)
                if (number, column) not in covered
            )
            rows.append(f"<tr>{row}</tr>")
        tables.append(f"<h3>{html.escape(page.title)}</h3><table border=1>{''.join(rows)}</table>")
    head = f'<head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><style>td {{}}</style></head>'
    return f"<html>{head}<body>{''.join(tables)}</body></html>"


def _spans(page: Page) -> tuple[dict[tuple[int, int], str], set[tuple[int, int]]]:
    spans: dict[tuple[int, int], str] = {}
    covered: set[tuple[int, int]] = set()
    for merged in page.merges:
        left, top, right, bottom = openpyxl.utils.range_boundaries(merged)
        spans[top, left] = f" rowspan={bottom - top + 1} colspan={right - left + 1}"
        covered |= {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        covered.discard((top, left))
    return spans, covered


def mail(page: str) -> bytes:
    """Return a page as browsers save it in a single file."""
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="=_part"\r\n\r\n--=_part\r\n'
    kind = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return f"{head}{kind}{page}\r\n--=_part--\r\n".encode()


def xml2003(case: Case) -> bytes:
    """Return the case as XML of Excel 2003."""
    sheets = []
    for page in case.pages:
        spans, covered = {}, set()
        for merged in page.merges:
            left, top, right, bottom = openpyxl.utils.range_boundaries(merged)
            spans[top, left] = f' ss:MergeAcross="{right - left}" ss:MergeDown="{bottom - top}"'
            covered |= {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
            covered.discard((top, left))
        rows = "".join(
            f'<Row ss:Index="{number}">{"".join(_cells2003(number, cells, spans, covered))}</Row>'
            for number, cells in enumerate(page.rows, 1)
        )
        sheets.append(f"<Worksheet ss:Name={quoteattr(page.title)}><Table>{rows}</Table></Worksheet>")
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{"".join(sheets)}</Workbook>'.encode()


def _cells2003(
    number: int, cells: Iterable[Cell], spans: Mapping[tuple[int, int], str], covered: set[tuple[int, int]]
) -> Iterable[str]:
    for column, value in enumerate(cells, 1):
        if value is not None and (number, column) not in covered:
            kind = "Number" if isinstance(value, int | float) else "DateTime" if isinstance(value, date) else "String"
            text = value.isoformat() if isinstance(value, date) else html.escape(str(value)).replace("\n", "&#10;")
            attributes = f' ss:Index="{column}"{spans.get((number, column), "")}'
            yield f'<Cell{attributes}><Data ss:Type="{kind}">{text}</Data></Cell>'


def content(case: Case, kind: str, sound: bytes) -> bytes:
    """Return the case in a format that needs no other program."""
    if kind == "xlsb":
        return binary(case)
    if kind == "html.xls":
        return webpage(case, "gb2312").encode("gb18030")
    if kind == "mht.xls":
        return mail(webpage(case, "utf-8"))
    if kind == "xml.xls":
        return xml2003(case)
    if kind == "utf16.txt":
        return delimited(case.pages[0], "\t").encode("utf-16")
    if kind.endswith("csv"):
        encoding = {"csv": "utf-8", "bom.csv": "utf-8-sig", "gb18030.csv": "gb18030"}[kind]
        return delimited(case.pages[0], ",").encode(encoding)
    return with_macros(sound) if kind == "xlsm" else sound


def expectation(name: str, case: Case) -> str:
    """Return what is right to read, as TOML."""
    say: Callable[[object], str] = lambda value: json.dumps(value, ensure_ascii=False)  # noqa: E731
    lines = [f"about = {say(case.about)}", f"kind = {say(case.kind)}"]
    lines.append(f"files = {say([f'{name}.{kind}' for kind in case.formats])}")
    if case.records is not None:
        lines.append("records = [")
        lines += [
            "  { " + ", ".join(f"{field} = {say(value)}" for field, value in record.items()) + " },"
            for record in case.records
        ]
        lines.append("]")
    lines += [f"asks = {say(list(case.asks))}", f"leaves = {say(list(case.leaves))}"]
    for page in case.pages:
        lines += ["", "[[sheets]]", f"title = {say(page.title)}", f"hidden = {say(page.hidden)}"]
        lines.append(f"merges = {say(list(page.merges))}")
        lines.append(f"odd = {say(sorted({*page.hidden_rows, *page.struck_rows}))}")
        lines.append("rows = [")
        lines += [f"  {say([written(value) for value in cells])}," for cells in page.rows]
        lines.append("]")
    return "\n".join(lines) + "\n"


def make(names: Iterable[str], only_expected: bool) -> None:
    """Write the files of these cases."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names:
        case = CASES[name]
        (FOLDER / f"{name}.toml").write_text(expectation(name, case), encoding="utf-8", newline="\n")
        if only_expected:
            continue
        sound = excel(case)
        for kind in case.formats:
            path = FOLDER / f"{name}.{kind}"
            if kind in _OFFICE:
                path.write_bytes(_by_office(sound, _OFFICE[kind]))
            else:
                path.write_bytes(content(case, kind, sound))


def _by_office(content: bytes, kind: str) -> bytes:
    program = shutil.which("soffice") or "soffice"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "x.xlsx").write_bytes(content)
        command = [program, "--headless", "--convert-to", kind, "--outdir", folder, str(Path(folder) / "x.xlsx")]
        subprocess.run(command, check=True, capture_output=True)
        return (Path(folder) / f"x.{kind}").read_bytes()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(CASES))
    parser.add_argument("--expected", action="store_true", help="only what is right to read, no file of tables")
    arguments = parser.parse_args()
    make(arguments.names, arguments.expected)

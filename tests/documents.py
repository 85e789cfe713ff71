"""Word documents for tests, made by python-docx from lines and tables, as people lay minutes out."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from docx import Document

Table = Sequence[Sequence[str]]
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(path: Path, *parts: str | Table) -> Path:
    """Write a document of these lines and tables; a short row of a table is merged to its end."""
    made = Document()
    for part in parts:
        if isinstance(part, str):
            for line in part.split("\n"):
                made.add_paragraph(line.strip())
            continue
        width = max(len(row) for row in part)
        table = made.add_table(rows=len(part), cols=width)
        for cells, row in zip(part, table.rows, strict=True):
            if len(cells) < width:
                row.cells[len(cells) - 1].merge(row.cells[width - 1])
            for text, cell in zip(cells, row.cells, strict=False):
                cell.text = text
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(str(path))
    return path


def package(path: Path, body: str, **parts: str) -> Path:
    """Write a document byte by byte: `body` is what stands within w:body, `parts` other parts by their names."""
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return raw(path, {"word/document.xml": xml, **parts})


def raw(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """Write a package of these parts; what every document has is added."""
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
        f'+xml"/><Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        **parts,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    path.write_bytes(buffer.getvalue())
    return path

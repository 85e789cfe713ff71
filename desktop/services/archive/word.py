"""A document of blocks as a Word file (.docx): the same words in the same order as its PDF, for who has to work on it.

The page, sizes and indents are those of the PDF; the faces are the ones every office program has or replaces (仿宋,
黑体, 楷体, 宋体). Where a drawing has no counterpart, its figures stand in a table.
"""

import hashlib
import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.services.archive import blocks as b
from desktop.services.archive.fonts import FANG, HEI, KAI, SONG, TITLE
from desktop.services.archive.styles import MM, dense, style_for
from desktop.services.archive.typesetting import Face
from desktop.services.files import ORDINARY, FilePort, replacing

if TYPE_CHECKING:
    from docx.document import Document as File
    from docx.table import Table as Grid
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as Line

SUFFIX = ".docx"
_FACES = {FANG: "仿宋", HEI: "黑体", KAI: "楷体", SONG: "宋体", TITLE: "方正小标宋简体"}
_LATIN = "Times New Roman"
_SHORT = 17
"""Characters of a value that stands beside another pair of label and value."""


def write_word(document: b.Document, path: Path, *, port: FilePort | None = None) -> b.Written:
    """Write `document` to `path`. The file appears whole or not at all; how many pages it has only Word knows (0).

    Raises:
        StorageFailure: the file could not be written.
    """
    data = as_word(document)
    with replacing(path, port or FilePort(mode=ORDINARY)) as writer:
        writer.write(data)
    return b.Written(0, hashlib.sha256(data).hexdigest())


def as_word(document: b.Document) -> bytes:
    """Return `document` as the content of a Word file."""
    out = io.BytesIO()
    _Writer(document).file.save(out)
    return out.getvalue()


def _plain(text: str) -> str:
    """Return a text without what only the setting of pages reads, and without what no Word file may hold."""
    text = text.replace(b.JOINER, "").replace(b.TURN, "")
    return "".join(mark for mark in text if mark in "\t\n" or (mark >= " " and mark not in "\ufffe\uffff"))


class _Writer:
    """Writes the blocks of one document into a new file."""

    def __init__(self, document: b.Document) -> None:
        from docx import Document  # with lxml it takes a quarter of a second: only whoever writes a document waits
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        self._pt: Callable[[float], Any] = Pt
        self._sides = {
            None: WD_ALIGN_PARAGRAPH.JUSTIFY,
            b.Side.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
            b.Side.CENTER: WD_ALIGN_PARAGRAPH.CENTER,
            b.Side.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
        }
        self.file: File = Document()
        self._document = document
        self._style = style_for(document.look, document.landscape, document.small)
        self._set_up()
        for block in document.blocks:
            self._block(block)

    def _set_up(self) -> None:
        style, section = self._style, self.file.sections[0]
        if self._document.landscape:
            from docx.enum.section import WD_ORIENT

            section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = self._pt(style.width), self._pt(style.height)
        section.left_margin, section.right_margin = self._pt(style.left), self._pt(style.right)
        section.top_margin, section.bottom_margin = self._pt(style.top), self._pt(style.bottom)
        normal: Any = self.file.styles["Normal"]
        self._name_faces(normal.element.get_or_add_rPr(), style.body)
        normal.font.size = self._pt(style.body.size)
        normal.paragraph_format.space_after = self._pt(0)
        about, day = self.file.core_properties, self._document.day
        about.title, about.author, about.subject = map(
            _plain, (self._document.title, self._document.author, self._document.subject)
        )
        about.comments, about.last_modified_by = "", ""
        about.created = about.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)
        if self._document.running_head:
            self._say(section.header.paragraphs[0], _plain(self._document.running_head), style.note)
        self._number_pages(section.footer.paragraphs[0])

    def _number_pages(self, line: "Line") -> None:
        line.alignment = self._sides[b.Side.CENTER]
        if self._document.running_foot:
            self._say(line, f"{_plain(self._document.running_foot)}　", self._style.note)
        for before, words in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES")):
            self._say(line, before, self._style.note)
            run: Any = line.add_run()
            run._r.append(_element("w:fldChar", {"w:fldCharType": "begin"}))
            run._r.append(_element("w:instrText", {}, words))
            run._r.append(_element("w:fldChar", {"w:fldCharType": "end"}))
        self._say(line, " 页", self._style.note)

    # blocks

    def _block(self, block: b.Block, *, keep: bool = False) -> None:
        match block:
            case b.Title():
                self._line(block.text, self._style.title, keep=True)
                if block.below:
                    self._line(block.below, self._style.below, keep=True)
            case b.Heading():
                self._heading(block)
            case b.Paragraph():
                self._paragraph(block, keep=keep)
            case b.Note():
                self._line(block.text, self._style.note, side=block.side, keep=keep)
            case b.Table():
                self._table(block)
            case b.Fields():
                self._fields(block)
            case b.Signatures():
                self._signatures(block)
            case b.Picture():
                self._picture(block)
            case b.Radar():
                rows = zip(block.labels, (f"{value:.0%}" for value in block.values), strict=True)
                self._figures(("项目", block.legend[0] or "比例"), rows)
            case b.Bars():
                self._figures(("项目", "数值"), ((bar.label, bar.text) for bar in block.bars))
            case b.Tree():
                self._figures(("组织", "人员"), ((words, "") for words in block.trunk))
                self._figures(("职务、党小组", "人员"), (*block.posts, *block.groups))
            case b.Cover():
                for words, face in ((block.organisation, self._style.below), (block.title, self._style.title)):
                    self._line(words, face)
                self._line(block.below, self._style.below)
                self._fields(b.Fields(block.pairs, columns=1))
                self._break_page()
            case b.Contents():
                self._contents(block)
            case b.PageBreak():
                self._break_page()
            case b.Space():
                self._line("", self._style.body).paragraph_format.space_after = self._pt(block.height_mm * MM)
            case b.Keep():
                for number, inner in enumerate(block.blocks, start=1):
                    self._block(inner, keep=keep or number < len(block.blocks))

    def _heading(self, block: b.Heading) -> None:
        face = self._style.headings[block.level - 1]
        line = self._line(block.text, face, keep=True)
        if block.listed:
            line._p.get_or_add_pPr().append(_element("w:outlineLvl", {"w:val": str(block.level - 1)}))

    def _paragraph(self, block: b.Paragraph, *, keep: bool) -> None:
        style = self._style
        first, *rest = _plain(block.text).split("\n")
        indent = style.body.indent if block.indent else 0
        line = self._line("", style.body, side=block.side, indent=indent, keep=keep)
        if block.lead:
            self._say(line, _plain(block.lead), style.lead)
        self._say(line, first, style.body)
        for words in rest:
            self._line(words, style.body, side=block.side, indent=indent, keep=keep)

    def _table(self, block: b.Table) -> None:
        style = dense(self._style) if block.dense else self._style
        heads = [column.title for column in block.columns]
        grid = self._grid(len(block.rows) + 1 + (not block.rows), len(heads))
        shares = sum(column.share for column in block.columns)
        self._size(grid, [style.measure * column.share / shares for column in block.columns])
        for cell, head in zip(grid.rows[0].cells, heads, strict=True):
            self._cell(cell, head, style.head_cell, b.Side.CENTER)
        head_row: Any = grid.rows[0]
        head_row._tr.get_or_add_trPr().append(_element("w:tblHeader", {"w:val": "true"}))
        for number, row in enumerate(block.rows, start=1):
            cells = grid.rows[number].cells
            if isinstance(row, b.Band):
                self._cell(cells[0].merge(cells[-1]), row.text, style.head_cell, b.Side.LEFT)
                continue
            for cell, column, value in zip(cells, block.columns, row, strict=True):
                self._cell(cell, value if isinstance(value, str) else "", style.cell, column.side)
        if not block.rows:
            cells = grid.rows[1].cells
            self._cell(cells[0].merge(cells[-1]), block.empty, style.cell, b.Side.CENTER)

    def _fields(self, block: b.Fields) -> None:
        lines: list[list[tuple[str, str]]] = []
        for label, value in block.pairs:
            pair = (label, value)
            long = "\n" in value or len(value) > _SHORT
            beside = lines and len(lines[-1]) < block.columns and not long and len(lines[-1][0][1]) <= _SHORT
            if beside and "\n" not in lines[-1][0][1]:
                lines[-1].append(pair)
            else:
                lines.append([pair])
        columns = 2 * block.columns
        grid = self._grid(len(lines), columns)
        label_width = min(max(len(label) for label, _ in block.pairs) + 1, 8) * self._style.cell.size
        value_width = self._style.measure / block.columns - label_width
        self._size(grid, [value_width if at % 2 else label_width for at in range(columns)])
        for row, line in zip(grid.rows, lines, strict=True):
            cells = row.cells
            for at, (label, value) in enumerate(line):
                self._cell(cells[2 * at], label, self._style.head_cell, b.Side.CENTER)
                last = at + 1 == len(line)
                room = cells[2 * at + 1].merge(cells[-1]) if last and 2 * at + 2 < columns else cells[2 * at + 1]
                self._cell(room, value, self._style.cell, b.Side.LEFT)

    def _signatures(self, block: b.Signatures) -> None:
        face = self._style.body
        for start in range(0, len(block.labels), 2):
            line = self._line("", face, side=b.Side.LEFT)
            line.paragraph_format.space_before = self._pt(face.leading)
            for label in block.labels[start : start + 2]:
                self._say(line, f"{_plain(label)}：＿＿＿＿＿＿　", face)

    def _picture(self, block: b.Picture) -> None:
        if block.image is not None:
            height = block.height_mm * MM
            wide = height * block.image.width / block.image.height
            run = self._line("", self._style.body, side=b.Side.CENTER, keep=True).add_run()
            size = min(wide, self._style.measure)
            run.add_picture(io.BytesIO(block.image.read()), width=self._pt(size))
        else:
            self._line("（这份材料不能在文档中显示）", self._style.note, side=b.Side.CENTER, keep=True)
        if block.caption:
            self._line(block.caption, self._style.note, side=b.Side.CENTER)

    def _figures(self, heads: tuple[str, str], rows: Any) -> None:
        self._table(b.Table((b.Column(heads[0], 2), b.Column(heads[1])), tuple(tuple(row) for row in rows)))

    def _contents(self, block: b.Contents) -> None:
        self._line(block.title, self._style.title, keep=True)
        run: Any = self._line("", self._style.body).add_run()
        run._r.append(_element("w:fldChar", {"w:fldCharType": "begin", "w:dirty": "true"}))
        run._r.append(_element("w:instrText", {}, f'TOC \\o "1-{block.levels}" \\u'))
        run._r.append(_element("w:fldChar", {"w:fldCharType": "end"}))

    # lines, cells and faces

    def _break_page(self) -> None:
        from docx.enum.text import WD_BREAK

        self.file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _line(
        self, words: str, face: Face, *, side: b.Side | None = None, indent: float | None = None, keep: bool = False
    ) -> "Line":
        line = self.file.add_paragraph()
        self._shape(line, face, side, face.indent if indent is None else indent)
        line.paragraph_format.keep_with_next = keep or None
        self._say(line, _plain(words), face)
        return line

    def _shape(self, line: "Line", face: Face, side: b.Side | None, indent: float = 0) -> None:
        from docx.enum.text import WD_LINE_SPACING

        centred = face in (self._style.title, self._style.below)
        line.alignment = self._sides[side or (b.Side.CENTER if centred else None)]
        form = line.paragraph_format
        form.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
        form.line_spacing = self._pt(face.leading)
        if indent:
            form.first_line_indent = self._pt(indent)

    def _say(self, line: "Line", words: str, face: Face) -> None:
        if not words:
            return
        run: Any = line.add_run(words)
        run.font.size = self._pt(face.size)
        self._name_faces(run._r.get_or_add_rPr(), face)

    def _name_faces(self, properties: Any, face: Face) -> None:
        fonts = properties.get_or_add_rFonts()
        east = next((name for names, name in _FACES.items() if names == face.names), "宋体")
        for script, name in (("w:ascii", _LATIN), ("w:hAnsi", _LATIN), ("w:eastAsia", east)):
            fonts.set(_qualified(script), name)

    def _grid(self, rows: int, columns: int) -> "Grid":
        grid: Grid = self.file.add_table(rows, columns, "Table Grid")
        grid.autofit = False
        return grid

    def _size(self, grid: "Grid", widths: Sequence[float]) -> None:
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = self._pt(width)
            for cell in column.cells:
                cell.width = self._pt(width)

    def _cell(self, cell: "_Cell", words: str, face: Face, side: b.Side) -> None:
        lines: Sequence[str] = _plain(words).split("\n")
        for number, words_of in enumerate(lines):
            line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            self._shape(line, face, side)
            self._say(line, words_of, face)


def _qualified(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(name)


def _element(name: str, values: dict[str, str], words: str = "") -> Any:
    from docx.oxml import OxmlElement

    element: Any = OxmlElement(name)
    for key, value in values.items():
        element.set(_qualified(key), value)
    if words:
        element.text = words
    return element

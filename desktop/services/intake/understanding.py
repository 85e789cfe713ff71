"""From a workbook, a declared sheet and a person's answers to rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers, Spot
from desktop.services.intake.asking import held_columns, missing_columns, nothing_found, twice
from desktop.services.intake.columns import Assignment, Column
from desktop.services.intake.document_rows import DocumentReader, Taken
from desktop.services.intake.form_rows import FormReader, said_of_labels
from desktop.services.intake.forms import FormRecord, find_forms
from desktop.services.intake.heads import Cells, Head, blocks, find_head, is_table
from desktop.services.intake.known import Known
from desktop.services.intake.lines import Lines, Reader, block_of, of_any_row, told_of_foot
from desktop.services.intake.looks import ColumnLook, LeftOut, Part, Question, RowRole, SheetLook
from desktop.services.intake.matrices import Marks, Matrix, MatrixReader, RowAttendance, find_matrix, find_people
from desktop.services.intake.programs import program_of
from desktop.services.intake.rows import Row, Understood
from desktop.services.intake.sheets import Seeming, seeming
from desktop.services.intake.values import RowReader, cell_getter, gathered, say_year
from desktop.services.intake.vocabulary import Vocabulary
from desktop.services.intake.wording import Wording, wording
from desktop.services.progress import Progress, silent
from desktop.services.spreadsheets.results import Rejected, Warned
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import is_blank, plain, shown
from desktop.services.spreadsheets.workbook import SheetCells, Workbook

NO_HEAD = Head((), {}, 0, frozenset())
"""Of a sheet without a heading that a person wants all the same: its columns are told by what stands in them."""
TELLS_EACH = 100
"""After so many rows it is told that the reading goes on."""
SHOWN_ROWS = 60
"""So many rows of a sheet are shown with how their days are understood."""


@dataclass(slots=True)
class _Found:
    """What was found so far."""

    rows: list[Row] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    sheets: list[SheetLook] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def understand(book: Workbook, sheet: Sheet, answers: Answers, known: Known, progress: Progress = silent) -> Understood:
    """Return what `book` says as rows of `sheet`.

    A row with one bad cell is refused whole; its reason names all its bad cells. What nothing can be made of, a sheet,
    a column or a row, is told; what must not be passed over in silence is asked.
    """
    work = _Understanding(sheet, answers, known, progress)
    for cells in book.sheets:
        work.take(cells)
    found = work.found
    if not any(look.taken for look in found.sheets):
        found.questions.append(nothing_found(sheet, found.sheets))
    return Understood(
        rows=tuple(found.rows),
        rejected=tuple(found.rejected),
        warnings=tuple(found.warnings),
        sheets=tuple(found.sheets),
        questions=tuple(found.questions),
        left_out=tuple(found.left_out),
    )


class _Understanding:
    def __init__(self, sheet: Sheet, answers: Answers, known: Known, progress: Progress) -> None:
        self._sheet, self._answers, self._known, self._progress = sheet, answers, known, progress
        self._keys = sheet.keys or tuple(column.name for column in sheet.columns if column.required)
        self._wording: Wording = wording(sheet.kind)
        self._vocabulary = Vocabulary(sheet)
        self.found = _Found()

    def take(self, cells: SheetCells) -> None:
        """Understand one sheet, or say why it is left out."""
        if cells.fault:
            self.found.sheets.append(SheetLook(title=cells.title, seems="没有读的文件", taken=False, why=cells.fault))
            left = LeftOut(kind=Part.SHEET, sheet=cells.title, what=cells.title, why=cells.fault, unreadable=True)
            self.found.left_out.append(left)
            return
        if not cells.rows:
            return
        said = {line.row: role for line, role in self._answers.roles.items() if line.sheet == cells.title}
        grid = Cells(cells)
        head = find_head(grid, self._vocabulary, [row for row, role in said.items() if role is RowRole.HEADING])
        if cells.origin is not None and not said and (head is None or not is_table(head, self._vocabulary)):
            reader = DocumentReader(self._sheet, self._vocabulary, self._answers, self._known)
            self._add(reader.read(grid, cells.origin))
            return
        forms, matrix = self._odd_layouts(grid, head, said)
        above = _title_lines(cells, head if matrix is None and not forms else None, matrix, forms)
        read_as = Head((), {}, 0, frozenset(self._keys)) if forms or matrix else head
        filled = partial(_filled, cells, max(read_as.rows, default=0) if read_as is not None else 0)
        look = seeming(cells.title, above, read_as, self._sheet, self._wording, filled)
        wanted = self._answers.sheets.get(cells.title)
        if wanted is None:
            taken, why = look.own and not cells.hidden, "隐藏的工作表" if cells.hidden else look.why
        else:
            taken, why = wanted, "你选的"
        if not taken:
            self._leave(cells, look, why, asked=wanted is False or (wanted is None and look.quiet), head=head)
            return
        if matrix is not None:
            self._take_matrix(grid, matrix, look, above)
        elif forms:
            self._add(
                FormReader(self._sheet, self._vocabulary, self._answers, self._known, self._said_by).read(
                    cells, forms, look
                )
            )
        else:
            self._read(cells, head or NO_HEAD, said, look, why, above)

    def _odd_layouts(
        self, grid: Cells, head: Head | None, said: Mapping[int, RowRole]
    ) -> tuple[list[FormRecord], Matrix | None]:
        """Return the forms or the matrix that a sheet holds instead of a table."""
        if said:
            return [], None
        fields = self._wording.matrix
        if fields is not None and fields.day in self._vocabulary.fields:
            lines = " ".join(_title_lines(grid.sheet, None))
            matrix = find_matrix(grid, fields, f"{lines} {grid.sheet.title}")
            if matrix is not None:
                return [], matrix
        if head is not None and is_table(head, self._vocabulary):
            return [], None
        labels = said_of_labels(self._answers)
        return find_forms(grid, self._vocabulary, self._wording, self._sheet, head, labels), None

    def _add(self, taken: Taken) -> None:
        """Take what a reader of other layouts than tables found."""
        for row in taken.rows:
            self._keep(row)
        self.found.sheets.append(taken.look)
        self.found.questions += taken.questions
        self.found.left_out += taken.left_out

    def _take_matrix(self, grid: Cells, matrix: Matrix, look: Seeming, above: Sequence[str]) -> None:
        cells, fields, found = grid.sheet, self._wording.matrix, self.found
        if fields is None:
            return
        context, told = self._context(cells, above)
        reading = MatrixReader(grid, matrix, fields, self._sheet, self._answers.replies)
        columns = reading.columns()
        for _, letter, row in reading.meetings(context.get(fields.kind, "")):
            title = f"{cells.title}（{letter}列）"
            reader = RowReader(self._sheet, columns, self._answers, title)
            if not reader.is_untaken(matrix.heading[0]):
                self._keep(reader.read(matrix.heading[0], row, {}))
        found.questions += reading.marks.questions.values()
        roles = {number: RowRole.TITLE for number in cells.rows if number < matrix.heading[0]}
        roles |= dict.fromkeys(matrix.heading, RowRole.HEADING) | dict.fromkeys(matrix.people, RowRole.RECORD)
        found.sheets.append(
            SheetLook(
                title=cells.title,
                seems=look.seems,
                taken=True,
                why=f"签到表：{len(matrix.people)}个人名，{len(matrix.meetings)}次会议",
                hidden=cells.hidden,
                roles=roles,
                groups=told,
                records=len(matrix.meetings),
            )
        )

    def _keep(self, taken: Row | Rejected) -> None:
        if isinstance(taken, Row):
            self.found.rows.append(taken)
            self.found.warnings.extend(taken.warn(name, words) for name, words in taken.remarks)
        else:
            self.found.rejected.append(taken)

    def _leave(self, cells: SheetCells, look: Seeming, why: str, asked: bool, head: Head | None) -> None:
        found = self.found
        found.sheets.append(
            SheetLook(
                title=cells.title,
                seems=look.seems,
                taken=False,
                why=why,
                hidden=cells.hidden,
                records=self._records_below(cells, head) if head is not None and head.rows else len(cells.rows),
            )
        )
        found.left_out.append(
            LeftOut(
                kind=Part.SHEET, sheet=cells.title, what=f"{cells.title}（{look.seems}）", why=why, unasked=not asked
            )
        )

    def _records_below(self, cells: SheetCells, head: Head) -> int:
        """Return how many records stand below the heading of a sheet that is left out."""
        columns, reader, numbers = _columns(cells, head), Reader(self._wording, self._known, {}), set[int]()
        for spots in blocks(columns, self._vocabulary, self._keys):
            block = block_of(spots, columns, self._claimed(cells.title, head, spots), self._keys)
            numbers.update(reader.read(cells.rows, max(head.rows), block).records)
        return len(numbers)

    def _read(
        self,
        cells: SheetCells,
        head: Head,
        said: Mapping[int, RowRole],
        look: Seeming,
        why: str,
        above: Sequence[str],
    ) -> None:
        columns, first, after = _columns(cells, head), min(head.rows, default=0), max(head.rows, default=0)
        assignment = Assignment(self._sheet, self._vocabulary, self._wording, self._answers, self._known, cells.title)
        reader = Reader(self._wording, self._known, said)
        context, told = self._context(cells, above)
        context |= {name: text for name, text in look.gives.items() if name in self._vocabulary.fields}
        parts, looks = [], list[ColumnLook]()
        roles: dict[int, RowRole] = {number: RowRole.TITLE for number in cells.rows if number < first}
        roles |= dict.fromkeys(head.rows, RowRole.HEADING)
        roles |= {number: role for number, role in said.items() if number <= after}
        groups: dict[int, str] = dict(told)
        for place, spots in enumerate(blocks(columns, self._vocabulary, self._keys), start=1):
            claimed = self._claimed(cells.title, head, spots)
            block = block_of(spots, columns, claimed, self._keys)
            lines = reader.read(cells.rows, after, block if head.rows else of_any_row(block))
            records = [cells.rows[number] for number in lines.records if number not in lines.away]
            assigned = assignment.assign({spot: columns.get(spot, ()) for spot in spots}, records)
            say_year(assigned, [*above, cells.title])
            if self._wording.matrix is not None:
                find_people(assigned, self._known.names)
            for number, role in lines.roles.items():
                if roles.get(number) is not RowRole.RECORD:
                    roles[number] = role
            groups |= lines.groups
            looks += [self._look(cells, column, lines.records) for column in assigned]
            parts.append((place, assigned, lines))
        count = 0
        for place, assigned, lines in parts:
            title = cells.title if place == 1 else f"{cells.title}（第{place}栏）"
            count += self._rows(cells, title, assigned, lines, context)
        self._ask(cells.title, parts[0][1])
        program = program_of(self._sheet.kind, [one.heading for one in looks])
        self.found.sheets.append(
            SheetLook(
                title=cells.title,
                seems=look.seems,
                taken=True,
                why=why,
                hidden=cells.hidden,
                roles=dict(sorted(roles.items())),
                groups=groups,
                columns=tuple(looks),
                records=count,
                program=program.seems if program is not None else "",
            )
        )

    def _claimed(self, title: str, head: Head, spots: Sequence[int]) -> dict[str, int]:
        """Return where the fields stand that a person named or the headings surely mean."""
        said = {
            spot: self._answers.columns[Spot(title, spot)] for spot in spots if (title, spot) in self._answers.columns
        }
        claimed = {name: spot for spot, name in said.items() if name in self._vocabulary.fields}
        for spot in spots:
            if spot in said:
                continue
            for name in self._vocabulary.known(head.columns.get(spot, ())) or ():
                if name in self._vocabulary.fields:
                    claimed.setdefault(name, spot)
                    break
        return claimed

    def _context(self, cells: SheetCells, above: Sequence[str]) -> tuple[dict[str, str], dict[int, str]]:
        """Return what title lines and the sheet's name say of all rows, and those words as groups of row 0."""
        context = self._said_by((*above, cells.title))
        return context, {0: "、".join(context.values())} if context else {}

    def _said_by(self, titles: Sequence[str]) -> dict[str, str]:
        """Return what titles say of all rows."""
        context: dict[str, str] = {}
        for text in titles:
            for known in self._wording.titles:
                found = known.pattern.search(plain(text).replace(" ", ""))
                if found and known.field in self._vocabulary.fields:
                    context.setdefault(known.field, known.value or found[0])
        return context

    def _rows(
        self,
        cells: SheetCells,
        title: str,
        assigned: Sequence[Column],
        lines: Lines,
        context: Mapping[str, str],
    ) -> int:
        found, fields = self.found, self._wording.matrix
        marks = Marks(title, fields.present if fields is not None else "", self._answers.replies)
        attendance = RowAttendance(assigned, fields, marks, {one.name: one.label for one in self._sheet.columns})
        reader = RowReader(self._sheet, [*assigned, *attendance.columns], self._answers, title)
        held = {column.field for column in assigned}
        of_all = {name: text for name, text in context.items() if name not in held}
        count = 0
        rows = _gathered({number: cells.rows[number] for number in lines.records}, assigned)
        for number in lines.records:
            row = rows.get(number)
            if row is None:  # joined with the row of the same activity above
                continue
            if number in lines.away or reader.is_untaken(number):
                away = lines.away.get(number)
                why = f"在{away}下面" if away else "你选了不导入"
                found.left_out.append(
                    LeftOut(kind=Part.ROW, sheet=title, row=number, what=_words_of(row), why=why, unasked=bool(away))
                )
                continue
            count += 1
            if count % TELLS_EACH == 0:
                self._progress(0, 0)
            if (row := attendance.with_tally(row)) is None:
                continue
            self._keep(reader.read(number, row, {**of_all, **lines.context[number]}))
        found.questions += marks.questions.values()
        for number, role in lines.roles.items():
            if role is RowRole.RECORD and number in cells.odd:
                found.warnings.append(Warned(title, number, "行", "这一行在表里被隐藏、筛掉或划掉了，仍按记录读取"))
            if role is RowRole.EXAMPLE:
                what = _words_of(cells.rows[number])
                found.left_out.append(
                    LeftOut(kind=Part.ROW, sheet=title, row=number, what=what, why="示例行", unasked=False)
                )
            if role is RowRole.FOOT:
                found.warnings.append(Warned(title, number, "行", told_of_foot(cells.rows[number])))
        return count

    def _ask(self, title: str, assigned: Sequence[Column]) -> None:
        found = self.found
        found.questions += twice(self._sheet, title, assigned)
        found.questions += held_columns(self._sheet, title, assigned)
        found.questions += missing_columns(self._sheet, title, assigned)
        for column in assigned:
            if column.field is None and not column.quiet:
                found.left_out.append(
                    LeftOut(
                        kind=Part.COLUMN,
                        sheet=title,
                        column=column.letter,
                        what=column.heading or f"{column.letter}列",
                        why=column.why,
                        unasked=not column.asked,
                    )
                )

    def _look(self, cells: SheetCells, column: Column, numbers: Sequence[int]) -> ColumnLook:
        return ColumnLook(
            sheet=cells.title,
            spots=column.spots,
            letter=column.letter,
            heading=column.heading,
            field=column.field,
            confidence=column.confidence,
            why=column.why,
            content=column.content,
            held=column.held,
            shown=self._shown(cells, column, numbers),
        )

    def _shown(self, cells: SheetCells, column: Column, numbers: Sequence[int]) -> dict[int, str]:
        """Return how the days of a column are understood in the rows a page shows, where they are written otherwise."""
        if column.field is None or self._sheet.column(column.field).looks != "date":
            return {}
        spec, read, found = self._sheet.column(column.field), cell_getter(column), dict[int, str]()
        for number in numbers[:SHOWN_ROWS]:
            cell = read(cells.rows[number])
            if is_blank(cell):
                continue
            try:
                words = shown(spec.format(spec.parse(cell, spec)))
            except InvalidInput as error:
                words = error.reason
            if words != shown(cells.rows[number].get(column.first)):
                found[number] = words
        return found


def _filled(cells: SheetCells, after: int, column: int) -> float:
    """Return the share of the rows below `after` that have something in `column`."""
    rows = [row for number, row in cells.rows.items() if number > after and row]
    return sum(not is_blank(row.get(column)) for row in rows) / len(rows) if rows else 0


def _gathered(
    rows: Mapping[int, Mapping[int, object]], assigned: Sequence[Column]
) -> Mapping[int, Mapping[int, object]]:
    """Return the rows, those of one activity with a line for each person joined."""
    people = next((column for column in assigned if column.each), None)
    if people is None:
        return rows
    others = [column for column in assigned if column.field and column is not people]
    return gathered(rows, people, [spot for column in others for spot in column.spots])


def _title_lines(
    cells: SheetCells, head: Head | None, matrix: Matrix | None = None, forms: Sequence[FormRecord] = ()
) -> list[str]:
    """Return the texts above the heading; of a sheet without one those of its first rows."""
    last = 4
    if matrix is not None:
        last = matrix.heading[0]
    elif forms:
        last = forms[0].row
    elif head is not None:
        last = head.rows[0]
    lines = [row for number, row in cells.rows.items() if number < last][:10]
    return list(chain.from_iterable(map(_texts, lines)))


def _texts(row: Mapping[int, object]) -> list[str]:
    return [shown(value) for value in row.values() if isinstance(value, str)]


def _columns(cells: SheetCells, head: Head) -> dict[int, tuple[str, ...]]:
    """Return every column below the heading with its levels; one without a heading has none."""
    below = {column for number, row in cells.rows.items() if number > max(head.rows, default=0) for column in row}
    return {column: head.columns.get(column, ()) for column in sorted(below | head.columns.keys())}


def _words_of(row: Mapping[int, object]) -> str:
    """Return the first words of a row, to know it by."""
    texts = [plain(value) for value in row.values() if isinstance(value, str) and not is_blank(value)]
    return next((text for text in texts if not text.isdigit()), "")[:20]

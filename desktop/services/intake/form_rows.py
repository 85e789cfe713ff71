"""From record forms to rows: what each label was taken for, which text no label claims, what a person says of both."""

from collections.abc import Callable, Mapping, Sequence

from desktop.services.intake.answers import Answers
from desktop.services.intake.contents import content_of
from desktop.services.intake.document_rows import Taken
from desktop.services.intake.forms import FormRecord, bare_label, form_columns
from desktop.services.intake.known import Known
from desktop.services.intake.looks import ColumnLook, Confidence, LeftOut, Part, RowRole, SheetLook
from desktop.services.intake.sheets import Seeming
from desktop.services.intake.values import RowReader, say_year
from desktop.services.intake.vocabulary import Vocabulary
from desktop.services.intake.wording import wording
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import plain, shown
from desktop.services.spreadsheets.workbook import SheetCells

Context = Callable[[Sequence[str]], Mapping[str, str]]
"""What titles say of all rows: field → text."""
LOOSE = "没有标签说它是什么"
TOLD = 40
"""Letters of a text that is told to have been left out."""


def said_of_labels(answers: Answers) -> dict[str, str]:
    """Return what a person said of labels: of a heading and of a label the same is said."""
    return {bare_label(label): name for label, name in answers.headings.items()}


class FormReader:
    """Reads the forms of a sheet as rows of a declared sheet."""

    def __init__(self, sheet: Sheet, vocabulary: Vocabulary, answers: Answers, known: Known, context: Context) -> None:
        self._sheet, self._vocabulary, self._answers, self._known = sheet, vocabulary, answers, known
        self._context, self._wording = context, wording(sheet.kind)
        self._said = said_of_labels(answers)

    def read(self, cells: SheetCells, forms: Sequence[FormRecord], look: Seeming) -> Taken:
        """Return a row for each form, and everything of the sheet that none of them holds."""
        roles, before = dict[int, RowRole](), 0
        taken = Taken(
            look=SheetLook(
                title=cells.title,
                seems=look.seems,
                taken=True,
                why="标签和内容并排，一页记一条",
                hidden=cells.hidden,
                roles=roles,
                labels=self._labels(cells.title, forms),
                records=len(forms),
            )
        )
        for form in forms:
            above = [text for number, row in cells.rows.items() if before < number < form.row for text in _texts(row)]
            roles |= {number: RowRole.TITLE for number in cells.rows if before < number < form.row}
            roles |= {number: RowRole.RECORD for number in cells.rows if form.row <= number <= form.last}
            before = form.last
            self._read(taken, cells.title, form, above)
        roles |= {number: RowRole.FOOT for number in cells.rows if number > before}
        return taken

    def _read(self, taken: Taken, title: str, form: FormRecord, above: Sequence[str]) -> None:
        columns, row = form_columns(form, self._wording)
        say_year(columns, [*above, title])
        reader = RowReader(self._sheet, columns, self._answers, title)
        if reader.is_untaken(form.row):
            return
        given = {name for column in columns for name in (column.field, *column.also)}
        context = {name: text for name, text in self._context([*above, title]).items() if name not in given}
        taken.rows.append(reader.read(form.row, row, context))
        for label, text in form.others.items():
            if text:
                why, unasked = self._why(label, form), label not in self._said
                taken.left_out.append(
                    LeftOut(kind=Part.COLUMN, sheet=title, row=form.row, what=label, why=why, unasked=unasked)
                )
        for number, text in form.loose:
            what = text if len(text) <= TOLD else f"{text[: TOLD - 1]}…"
            taken.left_out.append(LeftOut(kind=Part.TEXT, sheet=title, row=number, what=what, why=LOOSE))

    def _labels(self, title: str, forms: Sequence[FormRecord]) -> tuple[ColumnLook, ...]:
        """Return what each label was taken for, in the order of the first form that has it."""
        found: dict[str, tuple[str | None, str, list[object]]] = {}
        for form in forms:
            for name, (label, value) in form.values.items():
                found.setdefault(label, (name, "", []))[2].append(value)
            for label, text in form.others.items():
                found.setdefault(label, (None, self._why(label, form), []))[2].append(text)
        return tuple(self._look(title, label, *of) for label, of in found.items())

    def _look(self, title: str, label: str, field: str | None, why: str, values: Sequence[object]) -> ColumnLook:
        said = label in self._said
        confidence = Confidence.SURE if field is not None else Confidence.PASSED
        known = self._vocabulary.knows(label)
        if field is None and not said and not known:
            confidence = Confidence.OPEN
        return ColumnLook(
            sheet=title,
            spots=(),
            letter="",
            heading=label,
            field=field,
            confidence=confidence,
            why=why or ("你选的" if said else "标签的写法认识"),
            content=content_of(values, self._known),
            shown={0: plain(shown(values[0]))} if values else {},
        )

    def _why(self, label: str, form: FormRecord) -> str:
        """Return why a label is kept nowhere."""
        if label in self._said:
            return "你选了不导入"
        meant = [name for name in self._vocabulary.known((label,)) or () if name in form.values]
        if meant:
            return f"“{form.values[meant[0]][0]}”已是{self._sheet.column(meant[0]).label}"
        if self._vocabulary.knows(label):
            return f"认识，但{self._sheet.title}里没有这一项"
        return "不认识的标签"


def _texts(row: Mapping[int, object]) -> list[str]:
    return [shown(value) for value in row.values() if isinstance(value, str)]

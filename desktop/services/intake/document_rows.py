"""From a document to rows of meetings: what its labels and titles say, what is asked, and why it is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from desktop.services.intake.answers import Answers
from desktop.services.intake.forms import form_columns
from desktop.services.intake.heads import Cells, Head
from desktop.services.intake.known import Known
from desktop.services.intake.looks import LeftOut, Option, Part, Question, QuestionKind, RowRole, SheetLook
from desktop.services.intake.minute_lines import BODY
from desktop.services.intake.minutes import Found, find_minutes, whole_of
from desktop.services.intake.rows import Row
from desktop.services.intake.sheets import seeming
from desktop.services.intake.values import RowReader, say_year
from desktop.services.intake.vocabulary import Vocabulary
from desktop.services.intake.wording import wording
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.named_days import days_in
from desktop.services.spreadsheets.results import Rejected
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import shown
from desktop.services.spreadsheets.workbook import Origin

WORDLESS = "没有标签"
FIRST_LINES, MOST_DAYS = 3, 3
"""Where the day of a meeting may stand in a sentence, and how many days a person is asked to choose from."""


@dataclass(slots=True, kw_only=True)
class Taken:
    """What a document brings."""

    look: SheetLook
    rows: list[Row | Rejected] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


class DocumentReader:
    """Reads documents as rows of a declared sheet."""

    def __init__(self, sheet: Sheet, vocabulary: Vocabulary, answers: Answers, known: Known) -> None:
        self._sheet, self._vocabulary, self._answers, self._known = sheet, vocabulary, answers, known
        self._labels = {column.name: column.label for column in sheet.columns}

    def read(self, grid: Cells, origin: Origin) -> Taken:
        """Return the meetings that a document records, or why it is left out."""
        cells = grid.sheet
        wanted = self._answers.sheets.get(cells.title)
        records = find_minutes(grid, origin, self._vocabulary, self._known)
        labelled = bool(records)
        if not labelled and wanted:
            records = whole_of(grid, origin, self._vocabulary, self._known)
        if not records:
            why = "没有找到“时间：”“地点：”“主持人：”这样的标签；是会议记录的，勾上就整篇按一次会议读"
            return self._left(grid, WORDLESS, why if cells.rows else "里面没有文字")
        words = wording(self._sheet.kind)
        keys = Head((), {}, 0, frozenset(self._sheet.keys))
        look = seeming(cells.title, records[0].titles, keys, self._sheet, words)
        if wanted is False or (wanted is None and not look.own):
            return self._left(grid, look.seems, "你选的" if wanted is False else look.why)
        many = f"{len(records)}次会议" if len(records) > 1 else "一次会议"
        roles = dict.fromkeys(cells.rows, RowRole.TITLE)
        taken = Taken(
            look=SheetLook(
                title=cells.title,
                seems=look.seems,
                taken=True,
                why=f"按标签读出{many}" if labelled else "你选的，没有标签，整篇按一次会议读",
                roles=roles,
                records=len(records),
            )
        )
        for record in records:
            roles |= {number: RowRole.RECORD for number in cells.rows if record.form.row <= number <= record.form.last}
            self._read(taken, record, cells.title, origin)
        return taken

    def _read(self, taken: Taken, record: Found, title: str, origin: Origin) -> None:
        form = record.form
        form.values = {name: (self._labels[name], value) for name, (_, value) in form.values.items()}
        columns, cells = form_columns(form, wording(self._sheet.kind))
        say_year(columns, [*record.titles, *origin.names])
        reader = RowReader(self._sheet, columns, self._answers, title)
        if reader.is_untaken(form.row):
            why = "你选了不导入"
            what = shown(form.values.get("topic", ("", title))[1])[:20]
            taken.left_out.append(LeftOut(kind=Part.ROW, sheet=title, row=form.row, what=what, why=why, unasked=False))
            return
        if "held_on" not in form.values:
            record.context["held_on"] = self._day_elsewhere(taken, title, record, origin)
        given: Mapping[str, str] = {name: text for name, text in record.context.items() if text}
        row = reader.read(form.row, cells, given)
        taken.rows.append(replace(row, minutes=record.minutes) if isinstance(row, Row) else row)

    def _left(self, grid: Cells, seems: str, why: str) -> Taken:
        title = grid.sheet.title
        asked = self._answers.sheets.get(title) is False
        return Taken(
            look=SheetLook(title=title, seems=seems, taken=False, why=why, records=len(grid.sheet.rows)),
            left_out=[LeftOut(kind=Part.SHEET, sheet=title, what=title, why=why, unasked=not asked)],
        )

    def _day_elsewhere(self, taken: Taken, title: str, record: Found, origin: Origin) -> str:
        """Return the day that the first lines or the file's name say, where a person says that it was the meeting's."""
        first = " ".join([*record.titles, *record.lines.get(BODY, ())[:FIRST_LINES]])
        days = {day.isoformat(): "正文" for day in days_in(first)}
        for name in origin.names:
            days = {**{day.isoformat(): "文件名" for day in days_in(name)}, **days}
        if not days or len(days) > MOST_DAYS:
            return ""
        key = f"{QuestionKind.DATE.value}:{title}:{record.form.row}"
        reply = self._answers.replies.get(key)
        if reply is None:
            told = "、".join(f"{where}里有{day}" for day, where in sorted(days.items()))
            taken.questions.append(
                Question(
                    key=key,
                    kind=QuestionKind.DATE,
                    sheet=title,
                    row=record.form.row,
                    field="held_on",
                    words=f"{quoted(title)}没写会议时间，{told}：会是哪天开的？",
                    options=(*(Option(day, f"{day}") for day in sorted(days)), Option("none", "都不是")),
                    cli=f"--answer {key}={'|'.join(sorted(days))}",
                )
            )
        return reply if reply in days else ""

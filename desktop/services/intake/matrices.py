"""Attendance kept as a list of names with a column for each meeting: each column is a meeting."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from desktop.services.intake.columns import Column, letter
from desktop.services.intake.heads import Cells
from desktop.services.intake.looks import Confidence, Content, Option, Question, QuestionKind
from desktop.services.intake.vocabulary import folded
from desktop.services.intake.wording import MatrixFields, words
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import plain, shown

FEWEST = 2
"""Columns of meetings that make a matrix."""
_DAY = re.compile(r"(?:(?P<y>\d{4})\s*[-./年]\s*)?(?P<m>\d{1,2})\s*[-./月]\s*(?P<d>\d{1,2})\s*[日号]?")
_YEAR = re.compile(r"((?:19|20)\d{2})")
COME, AWAY, NONE = "come", "away", "none"
_OPTIONS = (Option(COME, "出席"), Option(AWAY, "缺席"), Option(NONE, "不用参加"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Where the names stand, and the columns of meetings."""

    heading: tuple[int, ...]
    names: int
    meetings: Mapping[int, tuple[object, str]]
    """Column → its day as written, and the other words above it."""
    people: tuple[int, ...]
    """Rows of people."""


def find_matrix(cells: Cells, fields: MatrixFields, above: str) -> Matrix | None:
    """Return the matrix of a sheet: a heading of names, with days right of it; `above` may say their year."""
    for place, row in enumerate(cells.top):
        names = next((column for column in cells.columns([row]) if folded(cells.text(row, column)) in fields.names), 0)
        if not names:
            continue
        rows = [row, *(below for below in cells.top[place + 1 : place + 3] if not _is_person(cells, below, names))]
        year = _YEAR.search(above)
        meetings = {
            column: found
            for column in cells.columns(rows)
            if column > names and (found := _meeting(cells, rows, column, year[1] if year else "")) is not None
        }
        if len(meetings) < FEWEST:
            continue
        people = tuple(
            number
            for number in cells.sheet.rows
            if number > rows[-1] and _is_person(cells, number, names) and _marks(cells, number, meetings)
        )
        return Matrix(heading=tuple(rows), names=names, meetings=meetings, people=people) if people else None
    return None


def _is_person(cells: Cells, row: int, names: int) -> bool:
    value = cells.sheet.rows.get(row, {}).get(names)
    return (
        isinstance(value, str)
        and bool(plain(value))
        and not cells.is_from_above(row, names)
        and not (words().sum.fullmatch(plain(value).replace(" ", "")) or words().foot.match(plain(value)))
    )


def _marks(cells: Cells, row: int, meetings: Mapping[int, object]) -> bool:
    return any(column in cells.sheet.rows[row] for column in meetings)


def _meeting(cells: Cells, rows: Sequence[int], column: int, year: str) -> tuple[object, str] | None:
    day: object = None
    said: list[str] = []
    for row in rows:
        value = cells.sheet.rows.get(row, {}).get(column)
        if isinstance(value, date):
            day = value.replace(hour=0, minute=0, second=0) if isinstance(value, datetime) else value
            continue
        text = cells.text(row, column)
        found = _DAY.search(plain(text)) if day is None else None
        if found is not None:
            known = found["y"] or year
            day = f"{known}年{found['m']}月{found['d']}日" if known else found[0]
            text = plain(text).replace(found[0], " ")
        said.append(text)
    return None if day is None else (day, " ".join(" ".join(said).split()))


class Marks:
    """What the marks of a sheet say of who came; those nobody knows are asked about once."""

    def __init__(self, title: str, label: str, replies: Mapping[str, str]) -> None:
        self._title, self._label, self._replies = title, label, replies
        self.questions: dict[str, Question] = {}

    def tally(self, people: Iterable[tuple[str, object]]) -> tuple[int, list[str]] | None:
        """Return how many came, and who did not with the reason; None as long as a mark is not clear."""
        came, away, clear = 0, list[str](), True
        for written, cell in people:
            name, how = plain(written).replace(" ", ""), self._how(plain(shown(cell)).replace(" ", ""))
            if how == COME:
                came += 1
            elif how == AWAY:
                away.append(name)
            elif how and how != NONE:
                away.append(f"{name}（{how}）")
            clear = clear and bool(how)
        return (came, away) if clear else None

    def _how(self, mark: str) -> str:
        """Return what a mark says: come, away, none, or the reason of who asked for leave; "" until it is answered."""
        known = mark.lower()
        for marks, how in ((words().present, COME), (words().absent, AWAY), (words().none, NONE)):
            if known in marks:
                return how
        if re.search(r"[\u4e00-\u9fff]", mark):
            return re.sub(r"^请?假?[(（:：]?(.+?)[)）]?$", r"\1", mark) if mark not in ("请假", "假") else "请假"
        key = f"mark/{self._title}/{mark}"
        if key in self._replies:
            return self._replies[key]
        self.questions[key] = Question(
            key=key,
            kind=QuestionKind.WORD,
            sheet=self._title,
            row=0,
            field=self._label,
            words=f"签到表里的“{mark}”是什么意思" if mark else "签到表里的空格是什么意思",
            options=_OPTIONS,
            holds=True,
            cli=f"--answer {key}={COME}",
        )
        return ""


class MatrixReader:
    """Turns the columns of a matrix into meetings."""

    def __init__(self, cells: Cells, matrix: Matrix, fields: MatrixFields, sheet: Sheet, replies: Mapping[str, str]):
        self._cells, self._matrix, self._fields = cells, matrix, fields
        self._labels = {column.name: column.label for column in sheet.columns}
        self.marks = Marks(cells.sheet.title, self._labels[fields.present], replies)

    def columns(self) -> list[Column]:
        """Return the columns of the meetings read here, as if the sheet had a row for each."""
        names = (self._fields.kind, self._fields.day, self._fields.due, self._fields.present, self._fields.absences)
        return [
            Column(
                spots=(place,),
                levels=(self._labels[name],),
                content=Content.TEXT,
                field=name,
                confidence=Confidence.LIKELY,
                why="从签到的行列得出",
            )
            for place, name in enumerate(names, start=1)
        ]

    def meetings(self, kind: str) -> Iterator[tuple[int, str, dict[int, object]]]:
        """Return (column, its letter, cells by `columns`); `kind` is what the title says where a column does not."""
        for column, (day, said) in self._matrix.meetings.items():
            rows = (self._cells.sheet.rows[row] for row in self._matrix.people)
            tally = self.marks.tally((shown(row[self._matrix.names]), row.get(column)) for row in rows)
            if tally is not None:
                came, away = tally
                meeting = {1: said or kind, 2: day, 3: came + len(away), 4: came, 5: "；".join(away)}
                yield column, letter(column), {spot: value for spot, value in meeting.items() if value != ""}


FEWEST_PEOPLE = 3
FIRST_SPOT = 10_000
"""Beyond the columns of any sheet: where what is reckoned of a row stands."""


def find_people(columns: Sequence[Column], names: frozenset[str]) -> None:
    """Mark the columns that bear names of the roster: a row for each meeting, a column for each person."""
    crowd = [
        column
        for column in columns
        if column.field is None and not column.asked and plain(column.heading).replace(" ", "") in names
    ]
    if len(crowd) >= FEWEST_PEOPLE:
        for column in crowd:
            column.person, column.quiet, column.held = plain(column.heading).replace(" ", ""), True, False
            column.confidence, column.why = Confidence.SURE, "名册里的人，读作签到"


class RowAttendance:
    """Reckons who came from the columns of people in each row of meetings."""

    def __init__(
        self, columns: Sequence[Column], fields: MatrixFields | None, marks: Marks, labels: Mapping[str, str]
    ) -> None:
        self.people = [column for column in columns if column.person]
        self.marks, held = marks, {column.field for column in columns}
        names = (fields.due, fields.present, fields.absences) if fields is not None and self.people else ()
        self.columns = [
            Column(spots=(FIRST_SPOT + place,), levels=(labels[name],), content=Content.TEXT, field=name)
            for place, name in enumerate(names)
            if name not in held
        ]

    def with_tally(self, cells: Mapping[int, object]) -> Mapping[int, object] | None:
        """Return the cells of a row with what is reckoned of it; None as long as a mark is not clear."""
        if not self.columns:
            return cells
        tally = self.marks.tally((column.person, cells.get(column.first)) for column in self.people)
        if tally is None:
            return None
        came, away = tally
        reckoned = {0: came + len(away), 1: came, 2: "；".join(away)}
        return {**cells, **{FIRST_SPOT + place: value for place, value in reckoned.items() if value != ""}}

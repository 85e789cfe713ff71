"""What a kept workbook is, and the invented persons in it. The cases stand in layouts, habits and meetings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from desktop.services.spreadsheets.identity import check_mark

Cell = str | int | float | bool | date | datetime | time | None
Rows = tuple[tuple[Cell, ...], ...]
Record = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A sheet as its rows."""

    rows: Rows
    title: str = "党员名册"
    merges: tuple[str, ...] = ()
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    struck_rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A workbook in one or several formats, what is imported from it, and what is right."""

    about: str
    pages: tuple[Page, ...]
    formats: tuple[str, ...] = ("xlsx",)
    kind: str = "members"
    records: tuple[Record, ...] | None = None
    """Field → value of every record that is understood without an answer; None where nothing is said yet."""
    asks: tuple[str, ...] = ()
    """Kinds of the questions that are asked about columns and sheets."""
    leaves: tuple[str, ...] = ()
    """Titles of the sheets that are left out and named, or of which something is."""
    odd: str = ""
    """What the maker does to the file besides: fill, family, created, strict, 1904, formulas."""


def id_number(born: str, serial: int) -> str:
    """Return an ID number of nobody: of a county that there is, with the right check character."""
    seventeen = f"411624{born.replace('-', '')}{serial:03}"
    return seventeen + check_mark(seventeen)


@dataclass(frozen=True, slots=True)
class Person:
    """Nobody."""

    name: str
    gender: str
    born: str
    admitted: str
    full: str
    serial: int = 0
    id_no: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "id_no", id_number(self.born, self.serial))

    @property
    def record(self) -> Record:
        """What a row with the usual five columns says."""
        return {"name": self.name, "id_no": self.id_no, "admitted_on": self.admitted, "full_on": self.full}


PEOPLE = (
    Person("冯晓岚", "女", "1979-03-14", "2003-07-01", "2004-07-01", 20),
    Person("陈建舟", "男", "1984-11-02", "2008-06-20", "2009-06-20", 31),
    Person("褚文海", "男", "1990-05-27", "2014-07-01", "2015-07-01", 43),
    Person("卫雪芹", "女", "1968-08-09", "1995-10-12", "1996-10-12", 54),
    Person("蒋立民", "男", "1957-01-30", "1985-07-01", "1986-07-01", 67),
    Person("沈春燕", "女", "1995-12-21", "2019-11-08", "2020-11-08", 78),
)
FENG, CHEN, CHU, WEI, JIANG, SHEN = PEOPLE
HEADS = ("姓名", "性别", "身份证号", "入党时间", "转正时间")


def row(person: Person) -> tuple[Cell, ...]:
    """Return the usual five cells of a person."""
    return (person.name, person.gender, person.id_no, person.admitted, person.full)


def roster(*people: Person, heads: tuple[str, ...] = HEADS) -> Rows:
    """Return a plain roster."""
    return (heads, *map(row, people))


def records(*people: Person) -> tuple[Record, ...]:
    """Return what a plain roster says."""
    return tuple(person.record for person in people)


def day(text: str) -> datetime:
    """Return a day as a cell of Excel."""
    return datetime.fromisoformat(text)


def early(text: str, seconds: int = 43) -> datetime:
    """Return a day as a web system writes it: too early."""
    return day(text) - timedelta(seconds=seconds)


ALL = (
    *("xlsx", "xlsm", "xls", "et", "zip.et", "xlsb", "ods", "fods", "csv", "bom.csv", "gb18030.csv", "utf16.txt"),
    *("html.xls", "mht.xls", "xml.xls"),
)
OFFICE = ("xlsx", "xls", "ods")
EXCEL = ("xlsx", "xls")
MEETING_HEADS = (
    "会议类型",
    "会议日期",
    "开始时间",
    "会议地点",
    "主持人",
    "记录人",
    "应到人数",
    "实到人数",
    "缺席人员",
    "议题",
)

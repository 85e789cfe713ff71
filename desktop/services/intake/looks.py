"""How a file was understood, for the page that shows it: sheets, columns and rows, what is asked, what is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import NamedTuple

from desktop.models.vocabulary.labels import Labelled


class RowRole(Labelled):
    """What a row of a sheet is there for."""

    TITLE = "title", "标题"
    HEADING = "heading", "表头"
    GROUP = "group", "分组"
    """It only separates: its words are a value of the rows below."""
    RECORD = "record", "记录"
    FOOT = "foot", "表尾"
    REPEATED = "repeated", "重复表头"
    EXAMPLE = "example", "示例"
    """It shows how a sheet is filled in."""


class Confidence(Labelled):
    """How sure the program is of the field it gave to a column."""

    SURE = "sure", "确定"
    LIKELY = "likely", "很可能"
    OPEN = "open", "待你定"
    PASSED = "passed", "不导入"


class Content(Labelled):
    """What the cells of a column plainly are, whatever stands above them."""

    ID_NUMBER = "id_number", "身份证号"
    DATE = "date", "日期"
    NAME = "name", "姓名"
    PHONE = "phone", "电话号码"
    SERIAL = "serial", "序号"
    NUMBER = "number", "数字"
    CHOICE = "choice", "几种固定的词"
    TEXT = "text", "文字"
    EMPTY = "empty", "空"


class Part(Labelled):
    """What of a file was left out."""

    SHEET = "sheet", "工作表"
    COLUMN = "column", "列"
    ROW = "row", "行"
    TEXT = "text", "文字"
    """Of a form: words that no label claims."""


class QuestionKind(Labelled):
    """What a person is asked."""

    COLUMN = "column", "这一列是什么"
    TWICE = "twice", "同一项选了两列"
    MISSING = "missing", "缺少一列"
    SHEET = "sheet", "要不要导入这张表"
    CATEGORY = "category", "正式还是预备"
    SAME = "same", "是不是同一个人"
    STANDING = "standing", "还是不是在册党员"
    WORD = "word", "这个词是什么意思"
    DATE = "date", "是哪一天"
    MEETING = "meeting", "是不是同一次会议"
    ATTENDANCE = "attendance", "谁到会了"


class Option(NamedTuple):
    """One answer to choose: its value for `Answers.replies`, its words, and those over a narrow column of ticks."""

    value: str
    label: str
    short: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLook:
    """One column, or several that make one value (年, 月, 日), and what it was taken for; or a label of a form."""

    sheet: str
    spots: tuple[int, ...]
    """Column numbers from 1; none of a label, which stands beside its value anywhere."""
    letter: str
    """The column as Excel names it: B, or AA."""
    heading: str
    """What stands above it; the levels of a heading of several rows with “ › ” between."""
    field: str | None
    confidence: Confidence
    why: str
    """A short phrase: what the field was told from."""
    content: Content = Content.TEXT
    held: bool = False
    """The import waits until a person says what this column is."""
    shown: Mapping[int, str] = dataclass_field(default_factory=dict)
    """Row → how a cell is understood, where that is not how it is written; of a label under 0 what stands beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLook:
    """One sheet of the file: what it seems to be, and how it is read."""

    title: str
    seems: str
    """What it seems to be: 党员名册, 转出名单, 填写说明."""
    taken: bool
    why: str
    """A short phrase: what tells so, or why it is left out."""
    hidden: bool = False
    roles: Mapping[int, RowRole] = dataclass_field(default_factory=dict)
    groups: Mapping[int, str] = dataclass_field(default_factory=dict)
    """Separating row → the words it gives to the rows below."""
    columns: tuple[ColumnLook, ...] = ()
    labels: tuple[ColumnLook, ...] = ()
    """The labels of forms."""
    records: int = 0
    """How many records it holds; left out, how many stand below its heading, or without one how many rows it has."""
    program: str = ""
    """In words: which other program wrote it, where its headings tell (像全国党员管理信息系统的导出)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something only a person can say."""

    key: str
    """Names it for `Answers.replies`; the same again when the same file is read again."""
    kind: QuestionKind
    sheet: str
    row: int
    """0 for a question about a whole sheet or column."""
    field: str
    words: str
    facts: tuple[tuple[str, ...], ...] = ()
    """What tells the answers apart, as rows of a small table."""
    options: tuple[Option, ...] = ()
    holds: bool = False
    """Nothing is imported until it is answered; otherwise only this row waits."""
    cli: str = ""
    """The option of the command line that answers it."""
    times: int = 1
    """How many cells or rows one answer settles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A sheet, a column or a row that was not taken."""

    kind: Part
    sheet: str
    row: int = 0
    column: str = ""
    """The letter of the column."""
    what: str
    why: str
    unasked: bool = True
    """The program left it out by itself; a person who said so is not told again."""
    unreadable: bool = False
    """There is nothing to take: a person can only bring the file anew."""

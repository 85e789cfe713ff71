"""A document as data: one flow of building blocks per kind of document. Writers turn the flow into pages.

Nothing here knows of PDF. Lengths are millimetres where a name says so; widths of columns are shares of the line.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from desktop.services.files import Readable

JOINER = "\u2060"
"""Holds two characters on one line (a name), and is not printed."""

Opener = Callable[[], AbstractContextManager[Readable]]
"""Opens a content that is read from front to back, once."""

TURN = "\u200b"
"""In a title: where a second line may best begin, if one is needed."""


class Look(Enum):
    """How large and how airy a document is set."""

    OFFICIAL = "official"  # GB/T 9704: 22 lines of 28 characters
    BOOK = "book"  # the volumes of an archive, lists and reports


class Side(Enum):
    """Where the text of a cell or paragraph stands."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a document, centred; `below` is a smaller line under it. `TURN` marks where to divide it."""

    text: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (黑体), 2 (楷体) or 3; those with `listed` appear in bookmarks and contents.

    `anchor` is a name that `PageOf`, `PagesOf` and links refer to.
    """

    text: str
    level: int = 1
    anchor: str = ""
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, first line indented by two characters. `lead` are its opening words, set in 黑体."""

    text: str
    lead: str = ""
    indent: bool = True
    side: Side | None = None  # None: justified
    record: str = ""  # what record and field the words come from, for a message about them
    field: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Small grey text: an explanation, a source, a clause."""

    text: str
    side: Side = Side.LEFT


@dataclass(frozen=True, slots=True)
class PageOf:
    """In a cell: the page on which `anchor` stands."""

    anchor: str


@dataclass(frozen=True, slots=True)
class PagesOf:
    """In a cell: how many pages there are from `anchor` to the next anchor that begins a record, or the end."""

    anchor: str


Cell = str | PageOf | PagesOf


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its share of the width, where its text stands."""

    title: str
    share: float = 1.0
    side: Side = Side.LEFT


@dataclass(frozen=True, slots=True)
class Band:
    """A row of a table that spans all columns and names the rows under it."""

    text: str


Row = tuple[Cell, ...] | Band


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head that is repeated on every page. `record` names in messages what a row is.

    `dense` sets many columns in smaller type.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    record: str = ""
    empty: str = "（无）"
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """Label and value pairs as a form with thin lines; short pairs stand side by side."""

    pairs: tuple[tuple[str, str], ...]
    columns: int = 2
    record: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A picture ready to print: a JPEG of three colours, its SHA-256 and its size in pixels.

    `read` gives its bytes when its page is written; they need not be in memory before.
    """

    read: Callable[[], bytes]
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its caption; None stands for one that cannot be shown, which is then said in its place."""

    image: Jpeg | None
    caption: str = ""
    height_mm: float = 110.0
    record: str = ""


@dataclass(frozen=True, slots=True)
class Corner:
    """A picture in the upper right corner of what follows; it takes no room of its own, so a title fits beside it."""

    image: Jpeg
    height_mm: float = 22.0


@dataclass(frozen=True, slots=True)
class Radar:
    """Shares 0..1 on spokes; `reference` is drawn dashed behind them."""

    labels: tuple[str, ...]
    values: tuple[float, ...]
    reference: tuple[float, ...] = ()
    legend: tuple[str, str] = ("", "")
    height_mm: float = 90.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: got, waiting to be judged and the full length, in the same unit; `text` stands at its end."""

    label: str
    value: float
    waiting: float
    full: float
    text: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, one under another."""

    bars: tuple[Bar, ...]
    legend: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Tree:
    """The chart of a branch: bodies under one another, then posts in a frame, then groups; (name, words below)."""

    trunk: tuple[str, ...]
    posts: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """A whole first page: the body that answers for it, the title, and what identifies the volume."""

    organisation: str
    title: str
    below: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The headings down to `levels`, with their pages, linked."""

    levels: int = 2
    title: str = "目　录"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a page."""


@dataclass(frozen=True, slots=True)
class Space:
    """Empty height."""

    height_mm: float


@dataclass(frozen=True, slots=True)
class Keep:
    """Blocks that stay on one page if one page can hold them.

    `signs`: they sign what stands above, so that its last lines or rows come along to their page, as to `Signatures`.
    """

    blocks: "tuple[Block, ...]"
    signs: bool = False


Block = (
    Title
    | Heading
    | Paragraph
    | Note
    | Table
    | Fields
    | Signatures
    | Picture
    | Corner
    | Radar
    | Bars
    | Tree
    | Cover
    | Contents
    | PageBreak
    | Space
    | Keep
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole document. `day` is the only date it knows: building it twice gives the same bytes."""

    title: str
    author: str
    subject: str
    day: date
    blocks: tuple[Block, ...]
    running_head: str = ""
    running_foot: str = ""
    look: Look = Look.BOOK
    landscape: bool = False
    small: bool = False
    """On half a sheet (A5), for what is handed out by the dozen."""
    bookmarks: bool = True
    bound: bool = False
    """A book printed on both sides: its head names the chapter, its number stands on the outer edge of the page."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file bound into the document. `name` must differ from the other attachments' names."""

    name: str
    mime: str
    description: str
    day: date
    open: Opener
    relationship: str = "Source"  # Source, Data, Supplement or Alternative


@dataclass(frozen=True, slots=True)
class Substituted:
    """A character no face has, printed as 〓: which, in what record and field."""

    character: str
    record: str
    field: str


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a document: its pages, the SHA-256 of the file, on which pages its anchors stand."""

    pages: int
    sha256: str
    anchors: dict[str, int] = field(default_factory=dict)
    spans: dict[str, int] = field(default_factory=dict)
    substituted: tuple[Substituted, ...] = ()

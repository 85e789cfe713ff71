"""The year of one member as values: they cross layers and threads."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.labels import Labelled
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.dues.reckoning import CellState, LedgerRow
from desktop.services.members import MemberRow
from desktop.services.points.reckoning import MemberPoints
from desktop.services.standards.verdict import Where


class Presence(Labelled):
    """Where a member was in a month, at the meetings of one kind; of several meetings the gravest."""

    ABSENT = "absent", "缺席"
    LEAVE = "excused", "请假"
    MADE_UP = "made_up", "补课"
    PENDING = "pending", "待开"
    PRESENT = "present", "到会"
    NONE = "none", "没有这个会"
    AHEAD = "ahead", "未到"


class PledgeState(Labelled):
    """How far a pledge is."""

    RUNNING = "running", "践行中"
    UNRATED = "unrated", "待评"
    KEPT = "kept", "已践诺"
    PARTLY = "partly", "部分兑现"
    BROKEN = "broken", "未兑现"


class TaskState(Labelled):
    """How far a task is."""

    OPEN = "open", "在办"
    LATE = "late", "逾期"
    DONE = "done", "已完成"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """One meeting at which the member was expected."""

    meeting_id: str
    kind: MeetingKind
    on: date
    state: Presence
    reason: str = ""
    made_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One month of one kind of meeting."""

    month: int
    state: Presence
    meetings: tuple[Attended, ...] = ()


@dataclass(frozen=True, slots=True)
class KindYear:
    """One kind of meeting over the year: twelve months, and how often the member came of how often expected.

    Who made up later did not come; a meeting that is only planned is not expected yet.
    """

    kind: MeetingKind
    cells: tuple[MonthCell, ...]

    @property
    def came(self) -> int:
        """How many meetings the member was at."""
        return sum(each.state is Presence.PRESENT for cell in self.cells for each in cell.meetings)

    @property
    def expected(self) -> int:
        """How many meetings the member was expected at, of those held."""
        return sum(each.state is not Presence.PENDING for cell in self.cells for each in cell.meetings)


@dataclass(frozen=True, slots=True)
class Course:
    """A training the member took part in."""

    id: str
    title: str
    on: date
    hours: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Hours of the year as the score counts them, against what is asked of the member's post."""

    target: int | None
    """Hours of a whole year; None where none are asked of the member."""
    on_committee: bool
    why_none: str = ""
    so_far: Fraction = Fraction(0)
    """What is asked by now: full months on the roster, as the score asks it."""
    meetings: Fraction = Fraction(0)
    courses: Fraction = Fraction(0)
    own: Fraction = Fraction(0)
    sessions: int = 0
    sessions_asked: int = 0
    latest: Course | None = None

    @property
    def hours(self) -> Fraction:
        """All hours of the year."""
        return self.meetings + self.courses + self.own

    @property
    def lacking(self) -> Fraction:
        """How many hours the year still asks for."""
        return Fraction(0) if self.target is None else max(Fraction(0), self.target - self.hours)

    @property
    def reached(self) -> bool:
        """Whether hours and central courses of the year are there."""
        return self.target is not None and not self.lacking and self.sessions >= self.sessions_asked


@dataclass(frozen=True, slots=True)
class DuesStrip:
    """The months of dues as the ledger has them; `row` is None where the ledger does not know the member."""

    begun: bool
    row: LedgerRow | None

    @property
    def due(self) -> int:
        """How many months had to be paid by now."""
        if self.row is None:
            return 0
        waiting = (CellState.AHEAD, CellState.NONE, CellState.EXEMPT, CellState.UNKNOWN, CellState.UNRECORDED)
        return sum(cell.state not in waiting for cell in self.row.cells)

    @property
    def paid(self) -> int:
        """How many of them are paid."""
        return 0 if self.row is None else sum(cell.state.settled for cell in self.row.cells)


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A talk that the member led or had."""

    id: str
    on: date | None
    who: str
    kind: str
    about: str
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """A pledge of the member."""

    id: str
    title: str
    on: date | None
    due_on: date | None
    state: PledgeState


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """Something a meeting asked of the member."""

    id: str
    what: str
    meeting_id: str
    meeting: str
    due_on: date | None
    done_on: date | None
    state: TaskState


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post held in the year."""

    post: Post
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True, slots=True)
class HonourLine:
    """An honour of the member, or the member set up as an example; `kind` is the register it stands in."""

    id: str
    on: date | None
    title: str
    level: str
    kind: str
    given: str = ""
    """By whom, under which number of document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryPoints:
    """The points of a category so far. `ahead`: there is nothing to judge yet (未到期), which is no zero."""

    id: str
    name: str
    got: Decimal
    cap: Decimal
    ahead: bool

    @property
    def words(self) -> str:
        """Return the points, or that they are not due."""
        return "未到期" if self.ahead else str(self.got)


@dataclass(frozen=True, slots=True)
class PointsOfYear:
    """The points of the member: the sums as the ledger has them, and each category against the most it gives."""

    sums: MemberPoints
    categories: tuple[CategoryPoints, ...]

    @property
    def lines(self) -> int:
        """How many lines the ledger has of the member, those that wait for a decision among them."""
        return len(self.sums.entries) + len(self.sums.questions)


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file attached to the member."""

    id: str
    name: str
    on: date


@dataclass(frozen=True, slots=True)
class Lack:
    """What the member lacks this year, and the step that mends it."""

    what: str
    verb: str
    where: Where


@dataclass(frozen=True, slots=True)
class Left:
    """Since when, how and by which document the member is gone."""

    on: date | None
    how: str
    document_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberYear:
    """One member in one year, as of a day: today, or 31 December of a year that is over."""

    member: MemberRow
    year: int
    on: date
    since: date | None
    """First day on the roster, where it lies in the year."""
    left: Left | None
    kinds: tuple[KindYear, ...]
    learning: Learning
    dues: DuesStrip
    talks: tuple[TalkLine, ...]
    pledges: tuple[PledgeLine, ...]
    tasks: tuple[TaskLine, ...]
    posts: tuple[PostLine, ...]
    honours: tuple[HonourLine, ...]
    points: PointsOfYear | None
    """None where the year has not begun, the member is not on the roster, or no rules of points are kept."""
    files: tuple[FileLine, ...]
    lacks: tuple[Lack, ...]

    @property
    def came(self) -> int:
        """How many meetings the member was at."""
        return sum(kind.came for kind in self.kinds)

    @property
    def expected(self) -> int:
        """How many meetings the member was expected at."""
        return sum(kind.expected for kind in self.kinds)

    @property
    def since_words(self) -> str:
        """Say from which month on the year counts, where it is not the whole: 从 7 月起算."""
        return f"从 {self.since.month} 月起算" if self.since is not None else ""

    @property
    def verdict(self) -> str:
        """Say in one line how the year stands."""
        if self.left is not None:
            parts = [f"{self.left.on}" if self.left.on else "", self.left.how, self.left.document_no]
            return "已不在册：" + "，".join(filter(None, parts))
        if self.on < date(self.year, 1, 1):
            return f"{self.year} 年还没有开始"
        year = "今年" if self.on < date(self.year, 12, 31) else f"{self.year} 年"
        return f"{year}还差 {len(self.lacks)} 件" if self.lacks else f"{year}没有差的"

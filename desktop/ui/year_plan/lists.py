"""The year as three months side by side, and as one list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtWidgets import QFrame, QWidget

from desktop.models.vocabulary.plans import DutyState
from desktop.services.standards.periods import month_end
from desktop.services.workdays import WEEKDAYS
from desktop.services.year_plan.rows import Duty, Event, YearPlan
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import Chip, Elided, EmptyState, RowButton, box, clear, col, fixed, row, scroll, text
from desktop.ui.year_plan.chips import STATE_TONES, Stand, stands_on

QUARTER = 3
DAY_WIDTH = 70


class QuarterView(QWidget):
    """Three months, each a column of its days with something on them."""

    def __init__(self, opened: Callable[[Stand], object]) -> None:
        super().__init__()
        self._opened = opened
        self._columns = row(gap=12)
        self.setLayout(self._columns)

    def show_quarter(self, plan: YearPlan, month: int) -> None:
        """Show the quarter of a month."""
        clear(self._columns)
        first = (month - 1) // QUARTER * QUARTER + 1
        for number in range(first, first + QUARTER):
            self._columns.addWidget(self._month(plan, number), 1)

    def _month(self, plan: YearPlan, number: int) -> QFrame:
        stands = col(gap=2, pad=(4, 2, 6, 6))
        day, last = date(plan.year, number, 1), month_end(date(plan.year, number, 1))
        count = 0
        while day <= last:
            for stand in stands_on(plan, day):
                stands.addWidget(self._line(day, stand))
                count += 1
            day += timedelta(days=1)
        if not count:
            stands.addWidget(text("这个月还没有安排。", "sub"))
        stands.addStretch(1)
        head = row(text(f"{number} 月", "h2"), text(plan.month(number).words, "sub"), ..., gap=8, pad=(10, 6, 8, 0))
        return box(col(head, (scroll(box(stands)), 1), gap=4), "soft")

    def _line(self, day: date, stand: Stand) -> QWidget:
        words = fixed(text(f"{day.day} 日 周{WEEKDAYS[day.weekday()]}", "small"), DAY_WIDTH)
        name = stand.event.name if stand.event is not None else stand.duty.what if stand.duty is not None else ""
        state = stand.event.state if stand.event is not None else DutyState.MISSING
        mark = Chip(state.label, STATE_TONES[state] if stand.tone != "wait" else "wait")
        line = RowButton(
            f"{day.month} 月 {day.day} 日{name}，{state.label}",
            row(words, (Elided(name), 1), mark, gap=6, pad=(4, 3, 4, 3)),
            lambda: self._opened(stand),
        )
        line.setToolTip(stand.told())
        return line


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a duty, or something of the branch's own."""

    duty: Duty | None
    event: Event | None

    @property
    def key(self) -> str:
        """What tells it from others."""
        return self.duty.key if self.duty is not None else self.event.id if self.event is not None else ""

    @property
    def on(self) -> date | None:
        """Its day, if it has one."""
        if self.event is not None:
            return self.event.on
        return (self.duty.held or self.duty.planned) if self.duty is not None else None

    @property
    def what(self) -> str:
        """What it is."""
        return self.duty.title if self.duty is not None else self.event.name if self.event is not None else ""

    @property
    def state(self) -> DutyState:
        """Where it stands."""
        if self.duty is not None:
            return self.duty.state
        return self.event.state if self.event is not None else DutyState.UNDATED

    @property
    def words(self) -> str:
        """Where it stands, in words."""
        return self.duty.state_words if self.duty is not None else self.state.label

    @property
    def who(self) -> str:
        """Who answers for it."""
        return (self.duty.who if self.duty is not None else "") or (self.event.who if self.event is not None else "")

    @property
    def stand(self) -> Stand | None:
        """What a click opens."""
        if self.event is not None:
            return Stand(self.event)
        return Stand(duty=self.duty) if self.duty is not None and self.duty.state is DutyState.MISSING else None


def lines(plan: YearPlan) -> list[Line]:
    """Return every duty of a year and what the branch planned of its own, by day and limit."""
    by_id = {event.id: event for event in plan.events}
    found = [
        Line(duty, next((by_id[each] for each in (*duty.event_ids, *duty.record_ids) if each in by_id), None))
        for duty in plan.duties
    ]
    found += [Line(None, event) for event in plan.events if not event.duties and event.on.year == plan.year]
    return sorted(found, key=lambda line: (line.on or (line.duty.last if line.duty else date.max), line.what))


def _limit(line: Line) -> str:
    if line.duty is None:
        return ""
    return f"{line.duty.first.isoformat()} 至 {line.duty.last.isoformat()}"


def _item(line: Line) -> str:
    return f"{line.duty.item_id} {line.duty.item}" if line.duty is not None else ""


def _what(line: Line) -> Two:
    return Two(line.what, line.duty.lacking if line.duty is not None else "")


def _state(line: Line) -> Tag:
    return Tag(line.words, STATE_TONES[line.state])


COLUMNS: tuple[Column[Line], ...] = (
    Column("日期", lambda line: line.on, width=104, tone="sub"),
    Column("事项", lambda line: line.what, cell=_what),
    Column("对应条目", _item, width=170, tone="sub", fold=760),
    Column("期限", _limit, width=196, tone="sub", fold=640),
    Column("责任人", lambda line: line.who, width=86, tone="sub", fold=560),
    Column("状态", lambda line: line.words, cell=_state, width=84),
)


def list_table() -> DataTable[Line]:
    """Return the list of a year."""
    empty = EmptyState("calendar-event", "这一年还没有安排。", "按标准生成，或加一次活动。")
    return DataTable(COLUMNS, "全年安排", empty, height=44)

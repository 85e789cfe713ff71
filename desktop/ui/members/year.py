"""本年一页: one member in one year, in cards; every number and cell leads to what it was counted from."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QPushButton, QSizePolicy, QWidget

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.dues.reckoning import CellState
from desktop.services.dues.words import yuan
from desktop.services.member_year.rows import (
    CategoryPoints,
    KindYear,
    MemberYear,
    MonthCell,
    PledgeState,
    Presence,
    TaskState,
)
from desktop.services.numbers import percent
from desktop.services.standards.verdict import Used, Where, amount
from desktop.ui import theme
from desktop.ui.members.cell_grid import CHECK, CellGrid, MarkRow, MonthMark
from desktop.ui.members.portrait import portrait_label
from desktop.ui.page import Desk
from desktop.ui.places import PLACES, can_open_record, open_record, open_where, verb_at
from desktop.ui.widgets import (
    Chip,
    Elided,
    Glyph,
    Item,
    Meter,
    RowButton,
    banner,
    box,
    card,
    clear,
    col,
    figure,
    link,
    row,
    text,
)

BESIDE_FROM = 980
"""Width from which the cards stand beside one another as drawn; below, two columns."""
LINES = 3
CATEGORY_WIDTH, GOT_WIDTH = 92, 46
PHOTO = (54, 72)
SIGNS = {
    Presence.PRESENT: (CHECK, "good"),
    Presence.LEAVE: ("假", "part"),
    Presence.MADE_UP: ("补", "part"),
    Presence.ABSENT: ("缺", "solid"),
    Presence.PENDING: ("待", "run"),
    Presence.NONE: ("—", "nothing"),
    Presence.AHEAD: ("", "none"),
}
DUES_SIGNS = {
    CellState.PAID: (CHECK, "good"),
    CellState.MADE_GOOD: ("补", "part"),
    CellState.OWED: ("欠", "solid"),
    CellState.OPEN: ("待", "run"),
    CellState.EXEMPT: ("免", "wait"),
    CellState.NONE: ("—", "nothing"),
    CellState.UNKNOWN: ("？", "wait"),
    CellState.UNRECORDED: ("无", "wait"),
    CellState.AHEAD: ("", "none"),
}
PLEDGE_TONES = {
    PledgeState.RUNNING: "run",
    PledgeState.UNRATED: "wait",
    PledgeState.KEPT: "good",
    PledgeState.PARTLY: "part",
    PledgeState.BROKEN: "bad",
}
SHORT = {MeetingKind.COMMITTEE_MEETING: "支委会", MeetingKind.DEMOCRATIC_APPRAISAL: "民主评议"}


class YearPanel(QWidget):
    """The cards of a year; `talk` begins a talk with the member."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.year: MemberYear | None = None
        self._cards: list[QWidget] = []
        self._beside: bool | None = None
        self.attendance = CellGrid("参加组织生活")
        self._top = col(gap=12)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.setLayout(col(self._top, self._grid, ..., gap=12, pad=(24, 14, 24, 16)))

    def show_year(self, year: MemberYear, portrait: bytes | None = None) -> None:
        """Show a year, with the portrait where there is one."""
        self.year = year
        clear(self._top)
        clear(self._grid)
        self._top.addWidget(self._verdict(year, portrait))
        self._cards = [
            self._attendance_card(year),
            self._dues_card(year),
            self._points(year),
            self._talks(year),
            self._pledges(year),
            self._tasks(year),
            self._rest(year),
        ]
        self._beside = None
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        beside = self.width() >= BESIDE_FROM
        if beside is self._beside or not self._cards:
            return
        self._beside = beside
        while self._grid.count():
            self._grid.takeAt(0)
        columns = 12
        places = (
            [(0, 0, 1, 7), (0, 7, 1, 5), (1, 0, 2, 3), (1, 3, 1, 3), (1, 6, 1, 3), (1, 9, 1, 3), (2, 3, 1, 9)]
            if beside
            else [(0, 0, 1, 12), (1, 0, 1, 12), (2, 0, 2, 6), (2, 6, 1, 6), (3, 6, 1, 6), (4, 0, 1, 6), (4, 6, 1, 6)]
        )
        for part, (line, column, lines, span) in zip(self._cards, places, strict=True):
            self._grid.addWidget(part, line, column, lines, span)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, 0)

    # ---- the verdict ----
    def _verdict(self, year: MemberYear, portrait: bytes | None) -> QWidget:
        if year.left is not None:
            return banner("wait", "archive", year.verdict, "这一年的记录照旧看得到，不再要求补。")
        good = not year.lacks
        mark = Glyph(
            "circle-check" if good else "alert-triangle", theme.GREEN if good else theme.AMBER, 30
        )  # fmt: skip
        lines: list[Item] = [row(text(year.verdict, "h1"), text(year.since_words, "sub"), ..., gap=10)]
        for lack in year.lacks:
            verb = verb_at(self.desk, lack.where, lack.verb)
            go = self._way(verb, lack.where) if verb else None
            if go is not None:
                go.setAccessibleName(f"{verb}：{lack.what}")
            lines.append(row(text("·", "strong", "part"), text(lack.what), go, ..., gap=6))
        learning, dues = year.learning, year.dues
        share = percent(year.came, year.expected)
        full = year.came == year.expected
        figures: list[Item] = [figure(share, f"出勤 {year.came} / {year.expected}", "good" if full else "part")]
        asked = f"学时 / {learning.target}" if learning.target is not None else "学时"
        tone = "" if learning.target is None else "good" if learning.reached else "part"
        figures.append(figure(amount(learning.hours), asked, tone))
        if dues.begun and dues.row is not None:
            figures.append(
                figure(f"{dues.paid} / {dues.due}", "党费，月", "good" if dues.paid >= dues.due else "part")
            )  # fmt: skip
        if year.points is not None:
            sums = year.points.sums
            so_far = "暂列" if sums.level and year.on < date(year.year, 12, 31) else ""  # ranked at the end of the year
            figures.append(figure(str(sums.total), f"积分，{so_far}{sums.level_name}"))
        middle = [col(..., each, ..., gap=0) for each in figures]
        photo = portrait_label(portrait, year.member.name, *PHOTO) if portrait is not None else None
        return box(row(photo, mark, (col(*lines, gap=3), 1), *middle, gap=22, pad=(20, 12, 22, 12)), "card")

    def _way(self, verb: str, where: Where) -> QPushButton:
        return link(verb, lambda: open_where(self.desk, where))

    # ---- attendance ----
    def _attendance_card(self, year: MemberYear) -> QWidget:
        self.attendance = CellGrid("参加组织生活", "到 / 应到")
        self.attendance.show_rows([_attendance_row(kind, year) for kind in year.kinds])
        self.attendance.picked.connect(lambda meeting_id: self._open("meeting", meeting_id))
        said = row(text("参加组织生活", "h2"), text("— 当月没有这个会　补课不算到会", "small"), gap=10)
        ids = list(
            dict.fromkeys(each.meeting_id for kind in year.kinds for cell in kind.cells for each in cell.meetings)
        )
        place, only = PLACES["meetings"], f"{year.member.name}应参加的会议"
        go = link(f"看 {len(ids)} 次会议", lambda: self.desk.open(*place, only=ids, named=only))
        return card(said, self.attendance, ..., action=go if ids and self.desk.has(*place) else None)

    # ---- dues and learning ----
    def _dues_card(self, year: MemberYear) -> QWidget:
        ledger = Where("dues", "dues_payment")
        dues, learning = year.dues, year.learning
        parts: list[Item] = []
        verb = verb_at(self.desk, ledger, "看台账")
        head = ""
        if not dues.begun:
            parts.append(text(f"还没有 {year.year} 年的党费台账。", "sub"))
        elif dues.row is None:
            parts.append(text("这一年不在本支部交党费。", "sub"))
        else:
            paid = dues.row
            head = "未核定" if paid.monthly_fen is None else f"每月 {yuan(paid.monthly_fen)} 元"
            head += "，暂按名册基数" if paid.provisional else ""
            grid = CellGrid("党费")
            marks = tuple(
                MonthMark(*DUES_SIGNS[cell.state], f"{cell.month} 月 {cell.state.label}，应交 {yuan(cell.due_fen)} 元")
                for cell in paid.cells
            )
            grid.show_rows([MarkRow("", marks)])
            parts.append(grid)
        title = row(text("党费", "h2"), text(head, "small"), gap=10)
        go = link(verb, lambda: open_where(self.desk, ledger)) if verb else None
        parts += self._learning(year)
        if learning.latest is not None:
            last = learning.latest
            words = f"最近：{last.title}，{amount(last.hours)} 学时"
            parts.append(row((Elided(words, "small"), 1), text(f"{last.on:%m-%d}", "small")))
        return card(title, *parts, ..., action=go)

    def _learning(self, year: MemberYear) -> list[Item]:
        learning = year.learning
        if learning.target is None:
            head = row(
                text("学习", "h2"), text(learning.why_none, "small"), ..., text(amount(learning.hours), "strong")
            )
            return [head, text(_sources(year), "small")]
        who = "支委" if learning.on_committee else "党员"
        total = text(f"{amount(learning.hours)} / {learning.target} 学时", "strong")
        head = row(text("学习", "h2"), text(f"{who}每年 {learning.target} 学时", "small"), ..., total, gap=10)
        target, hours = float(learning.target), float(learning.hours)
        bar = Meter(target, (min(hours, target), "good"), mark=float(learning.so_far) or None)
        bar.setAccessibleName(f"学时 {amount(learning.hours)}，要求 {learning.target}")
        mark = f"竖线：到现在应有 {amount(learning.so_far)}" if learning.so_far else "还没有满一个月"
        if year.since_words:
            mark += f"，{year.since_words}"
        return [head, bar, row((Elided(_sources(year), "small"), 1), text(mark, "small"))]

    # ---- points ----
    def _points(self, year: MemberYear) -> QWidget:
        points = year.points
        if points is None:
            return card(text("积分", "h2"), text("这一年不在册，没有积分。", "sub", wrap=True), ...)
        lines: list[Item] = [_category(each) for each in points.categories]
        sums = points.sums
        more: list[Item] = []
        for name, value, tone in (("奖励加分", sums.reward, "good"), ("扣分", sums.deduction, "bad")):
            if value:
                more += [text(name, "sub"), text(f"{value:+}", "strong", tone)]
        lines.append(row(*more, ..., text(sums.exempt or "只作评议参考", "small"), gap=6))
        if sums.questions:
            lines.append(text(f"{len(sums.questions)} 笔等判断有没有正当理由", "small", "part", wrap=True))
        place, member_id = PLACES["points"], year.member.id
        go = link(f"看 {points.lines} 笔", lambda: self.desk.open(*place, record=member_id))
        made = card(text("积分", "h2"), *lines, ..., action=go if self.desk.has(*place) else None, gap=2)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)  # its lines never overlap
        return made

    # ---- lists ----
    def _talks(self, year: MemberYear) -> QWidget:
        lines: list[Item] = [
            self._line(talk.who, f"{_short(talk.on)} {talk.kind}", "talk", talk.id) for talk in year.talks[:LINES]
        ]
        if not lines:
            lines.append(text("这一年还没有谈话记录。", "sub", wrap=True))
        title = f"谈心谈话 {len(year.talks)} 次" if year.talks else "谈心谈话"
        return self._listing(title, lines, len(year.talks), "talk", "登记", {"talkee_id": year.member.id})

    def _pledges(self, year: MemberYear) -> QWidget:
        lines: list[Item] = []
        for pledge in year.pledges[:LINES]:
            below = f"{pledge.due_on} 兑现" if pledge.due_on else _short(pledge.on)
            chip = Chip(pledge.state.label, PLEDGE_TONES[pledge.state])
            lines.append(self._line(pledge.title, below, "commitment", pledge.id, chip))
        if not lines:
            lines.append(text("这一年还没有公开承诺。", "sub", wrap=True))
        title = f"承诺践诺 {len(year.pledges)} 项" if year.pledges else "承诺践诺"
        return self._listing(title, lines, len(year.pledges), "commitment", "登记", {"subject": year.member.id})

    def _tasks(self, year: MemberYear) -> QWidget:
        open_first = sorted(year.tasks, key=lambda task: (task.state is TaskState.DONE, task.due_on or date.max))
        done = [task for task in year.tasks if task.state is TaskState.DONE]
        shown = [task for task in open_first if task.state is not TaskState.DONE][: LINES - 1]
        lines: list[Item] = []
        for task in shown:
            late = task.state is TaskState.LATE
            due = text(f"{_short(task.due_on)}{'逾期' if late else '前'}" if task.due_on else "", "small",
                       "bad" if late else "part")  # fmt: skip
            lines.append(self._line(task.what, task.meeting, "meeting", task.meeting_id, due))
        waiting = len(year.tasks) - len(done) - len(shown)
        if waiting:
            lines.append(text(f"另有 {waiting} 件没完成", "small", "part"))
        if done:
            last = max(done, key=lambda task: task.done_on or date.min)
            below = f"最近 {_short(last.done_on)} {last.what}"
            lines.append(self._line(f"已完成 {len(done)} 件", below, "meeting", last.meeting_id))
        if not lines:
            lines.append(text("这一年没有会后任务。", "sub", wrap=True))
        title = f"任务 {len(year.tasks)} 件" if year.tasks else "任务"
        return self._listing(title, lines, 0, "", "", {})

    def _rest(self, year: MemberYear) -> QWidget:
        """Posts and honours."""
        lines: list[Item] = [
            _two(post.post.label, f"{post.from_on or '记录之前'} 至 {post.to_on or '现在'}")
            for post in year.posts[: LINES - 1]
        ]
        room = max(1, LINES - len(lines))
        lines += [
            self._line(each.title, f"{_short(each.on)} {each.level}", each.kind, each.id)
            for each in year.honours[:room]
        ]
        if not lines:
            lines.append(text("这一年没有任职、荣誉和典型的记录。", "sub", wrap=True))
        return self._listing("职务和荣誉", lines, 0, "honour", "登记", {"subject": year.member.id})

    def _listing(
        self, title: str, lines: list[Item], count: int, kind: str, verb: str, prefill: dict[str, str]
    ) -> QWidget:  # fmt: skip
        if count > LINES:
            lines.append(text(f"另有 {count - LINES} 条", "small"))
        action = None
        if verb and self.year is not None and self.year.left is None and self.desk.may_write(kind):
            where = Where("registers", kind, prefill)
            said = verb_at(self.desk, where, verb)
            if said:
                action = link(said, lambda: open_where(self.desk, where))
                action.setAccessibleName(f"{said}{title.partition(' ')[0]}")
        made = card(title, *lines, ..., action=action, gap=6)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)  # its lines never overlap
        return made

    def _line(self, title: str, below: str, kind: str, record: str, more: QWidget | None = None) -> QWidget:
        layout = row((_two_layout(title, below), 1), more, gap=6)
        if not can_open_record(self.desk, Used(kind, record)):
            return box(layout)
        go: Callable[[], None] = lambda: self._open(kind, record)  # noqa: E731
        return RowButton(f"{title}，{below}", layout, go)

    def _open(self, kind: str, record: str) -> None:
        if can_open_record(self.desk, Used(kind, record)):
            open_record(self.desk, Used(kind, record))


def _category(each: CategoryPoints) -> QWidget:
    """Return a category: its name, a bar, the points of the most it gives; slate where it is not due."""
    name, got = text(each.name), text(each.words, "sub" if each.ahead else "strong")
    name.setFixedWidth(CATEGORY_WIDTH)
    got.setFixedWidth(GOT_WIDTH)
    got.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    cap, value = float(each.cap), float(each.got)
    bar = Meter(cap, (cap, "wait") if each.ahead else (value, "good"))
    most = text(f"/ {each.cap.normalize():f}", "small")
    most.setFixedWidth(28)
    made = box(row(name, (bar, 1), got, most, gap=6))
    made.setAccessibleName(f"{each.name} {each.words}，满分 {each.cap.normalize():f}")
    return made


def _attendance_row(kind: KindYear, year: MemberYear) -> MarkRow:
    name = SHORT.get(kind.kind, kind.kind.label)
    marks = tuple(_attended(cell, year) for cell in kind.cells)
    tone = "sub" if not kind.expected else "" if kind.came == kind.expected else "part"
    return MarkRow(name, marks, f"{kind.came} / {kind.expected}", tone)


def _attended(cell: MonthCell, year: MemberYear) -> MonthMark:
    sign, tone = SIGNS[cell.state]
    if not cell.meetings:
        return MonthMark(sign, tone, f"{cell.month} 月没有这个会" if cell.state is Presence.NONE else "")
    told = []
    for each in cell.meetings:
        made_up = f"，{each.made_up_on:%m-%d} 补课" if each.made_up_on else ""
        reason = f"（{each.reason}）" if each.reason else ""
        told.append(f"{each.on:%m-%d} {each.state.label}{reason}{made_up}")
    first = next(each for each in cell.meetings if each.state is cell.state)
    return MonthMark(sign, tone, "\n".join(told), first.meeting_id)


def _sources(year: MemberYear) -> str:
    learning = year.learning
    parts = (("会议和党课", learning.meetings), ("集中培训", learning.courses), ("自学登记", learning.own))
    return "，".join(f"{name} {amount(hours)}" for name, hours in parts)


def _short(day: date | None) -> str:
    return f"{day:%m-%d}" if day is not None else ""


def _two_layout(title: str, below: str) -> QLayout:
    return col(Elided(title), Elided(below, "small"), gap=0)


def _two(title: str, below: str) -> QWidget:
    return box(col(Elided(title), Elided(below, "small"), gap=0))

"""组织生活 > 全年安排: every kind of meeting by month, what was held and what the year still asks."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.meetings import MeetingRow, MeetingService
from desktop.services.standards.score import Gap, Score
from desktop.services.standards.service import StandardService
from desktop.ui import theme
from desktop.ui.meetings.loading import kinds_offered
from desktop.ui.page import Desk, Page
from desktop.ui.places import open_where, verb_at, way_words
from desktop.ui.standards.common import score_day
from desktop.ui.widgets import Elided, EmptyState, banner, box, button, card, clear, col, fixed, row, rule, scroll, text

MONTHS = 12
NAME_WIDTH = 116
MOST_COMING = 6
SHADES = {
    "lacking": (theme.RED, theme.RED_SOFT),
    "held": (theme.GREEN, theme.GREEN_SOFT),
    "now": (theme.SLATE, theme.CARD),
    "": (theme.FAINT, "#F6F7F8"),
}


class YearPage(Page):
    """A table of kinds and months; a cell opens its meetings, or the form of the one to come."""

    title = "全年安排"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.meetings, self.standards = desk.service(MeetingService), desk.service(StandardService)
        self._may_write = kinds_offered(desk)
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        self._words = text("", "sub", wrap=True)
        self._coming = col(gap=6, pad=(0, 0, 6, 0))
        year = card("全年会议", self._words, self._table, ..., gap=10)
        coming = card("还要开的会", (scroll(self._coming), 1), gap=8)
        self.setLayout(col((scroll(year), 16), (coming, 10), gap=12, pad=(24, 14, 24, 16)))

    def reload(self) -> None:
        on, year = score_day(self.desk), self.desk.year

        def work() -> tuple[list[MeetingRow], Score]:
            return self.meetings.meetings(year), self.standards.score(on, year)

        self.read(work, lambda got: self._show(*got))

    def _show(self, meetings: Sequence[MeetingRow], score: Score) -> None:
        held: dict[tuple[MeetingKind, int], list[MeetingRow]] = defaultdict(list)
        for meeting in meetings:
            if meeting.state.counts:
                held[meeting.kind, meeting.held_on.month].append(meeting)
        self._lacking: dict[tuple[str, int], str] = {}
        for gap in score.gaps:
            prefill = gap.where.prefill
            of_a_kind = gap.where.page == "meetings" and gap.where.kind and not {"tag", "speaker_post"} & prefill.keys()
            if of_a_kind and gap.mendable and prefill.get("to"):
                self._lacking[gap.where.kind, date.fromisoformat(str(prefill["to"])).month] = gap.what
        counted = sum(len(rows) for rows in held.values())
        self._words.setText(
            f"{self.desk.year} 年已记录 {counted} 次会议。格子里是日期，点开看记录"
            + ("；空格点开可以记一次。" if self._may_write else "。")
        )
        clear(self._grid)
        today: date = self.desk.store.today
        for month in range(1, MONTHS + 1):
            head = text(f"{month} 月", "small", "bad" if self._is_now(month, today) else "")
            head.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._grid.addWidget(head, 0, month)
        for line, kind in enumerate(MeetingKind, start=1):
            self._grid.addWidget(fixed(Elided(kind.label), NAME_WIDTH), line, 0)
            for month in range(1, MONTHS + 1):
                self._grid.addWidget(self._cell(kind, month, held.get((kind, month), []), today), line, month)
        for month in range(1, MONTHS + 1):
            self._grid.setColumnStretch(month, 1)
        self._fill_coming(score, today)

    def _is_now(self, month: int, today: date) -> bool:
        return (self.desk.year, month) == (today.year, today.month)

    def _cell(self, kind: MeetingKind, month: int, rows: Sequence[MeetingRow], today: date) -> QPushButton:
        lacking = self._lacking.get((kind.value, month), "") if not rows else ""
        state = "held" if rows else "lacking" if lacking else "now" if self._is_now(month, today) else ""
        ink, fill = SHADES[state]
        days = sorted({row.held_on.day for row in rows})
        words = "、".join(str(day) for day in days) if len(rows) <= 2 else f"{len(rows)} 次"
        cell = QPushButton("缺" if lacking else words)
        cell.setObjectName("cell")
        cell.setCursor(Qt.CursorShape.PointingHandCursor)
        spoken = f"{month} 月{kind.label}：" + ("、".join(f"{day} 日" for day in days) if rows else "没有记录")
        cell.setAccessibleName(f"{spoken}，{lacking}" if lacking else spoken)
        cell.setToolTip(lacking or spoken)
        cell.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        edge = theme.SLATE_BAR if state == "now" else fill
        cell.setStyleSheet(
            f"QPushButton#cell {{ background: {fill}; color: {ink}; border: 1px solid {edge}; padding: 0;"
            f" font-size: 12px; min-height: 26px; }} QPushButton#cell:focus {{ border: 2px solid {theme.RED}; }}"
        )
        cell.clicked.connect(lambda _checked=False: self._open(kind, month, rows))
        return cell

    def _open(self, kind: MeetingKind, month: int, rows: Sequence[MeetingRow]) -> None:
        if rows:
            self.desk.open("meetings", "list", record=rows[0].id, kind=kind.value)
            return
        if kind not in self._may_write:
            self.desk.say(f"{month} 月没有{kind.label}的记录。")
            return
        first = date(self.desk.year, month, 1)
        if first > self.desk.store.today:
            self.desk.say(f"{month} 月还没到。会开过再记。")
            return
        last = date(first.year, month, monthrange(first.year, month)[1])
        month_asked = {"from": first.isoformat(), "to": last.isoformat()}
        self.desk.open("meetings", "list", kind=kind.value, new=True, prefill=month_asked)

    def _fill_coming(self, score: Score, today: date) -> None:
        clear(self._coming)
        gaps = [gap for gap in score.upcoming if gap.where.page == "meetings"]
        late = [gap for gap in score.gaps if gap.where.page == "meetings" and gap.mendable and gap.where.kind]
        if late:
            go = button("看清单", lambda: self.desk.open("standards", "checklist", filter="gaps"), "small")
            self._coming.addWidget(
                banner("bad", "alert-circle", f"过去的月份还缺 {len(late)} 次会", "开过的补录，没开的如实说明。", go)
            )
        if not gaps and not late:
            self._coming.addWidget(EmptyState("circle-check", "这一期要开的会都开了。"))
        for number, gap in enumerate(gaps[:MOST_COMING]):
            if number:
                self._coming.addWidget(rule())
            self._coming.addWidget(self._line(gap, today))
        self._coming.addStretch(1)

    def _line(self, gap: Gap, _today: date) -> QWidget:
        by = text(f"{gap.by.month} 月 {gap.by.day} 日前" if gap.by else "", "sub")
        parts: list[QWidget] = []
        if way := verb_at(self.desk, gap.where, gap.verb):
            verb = button(way, lambda: open_where(self.desk, gap.where), "small")
            verb.setAccessibleName(f"{way}：{gap.what}")
            parts.append(fixed(verb, 72))
        under = "　".join(filter(None, (gap.title, way_words(self.desk, gap.where))))
        return box(row((col(Elided(gap.what), Elided(under, "small"), gap=0), 1), by, *parts, gap=12, pad=(0, 3, 0, 3)))

"""Ballots and grades of a round: the third that may be excellent as it stands, and the grid."""

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.appraisal.rows import Line, Round, StepKey
from desktop.ui import theme
from desktop.ui.appraisal.dialogs import LINES, ROUNDS
from desktop.ui.appraisal.grid import OPEN, GradeGrid, Shown
from desktop.ui.page import Desk
from desktop.ui.widgets import Elided, Glyph, Item, appear, box, clear, col, fixed, link, row, set_text, text
from desktop.ui.widgets.cards import Meter
from desktop.ui.widgets.layout import add

WORDS_FROM = 620
"""From which width on the arithmetic stands beside the bar; below, it is its tooltip."""


class Counted(QWidget):
    """The card of ballots and grades."""

    def __init__(self, desk: Desk, recount: Callable[[], object], reopen: Callable[[], object]) -> None:
        super().__init__()
        self._desk = desk
        self.found: Round | None = None
        self._order: list[str] = []
        self._recent: list[str] = []
        self.grid = GradeGrid()
        self.told, self.faults = text("", "sub"), Elided("", "small", "part")
        self.count_link = desk.offered(ROUNDS, link("改票数", recount))
        self.reopen_link = desk.offered(ROUNDS, link("重新议定", reopen))
        self._quota = row(gap=10, pad=(12, 7, 12, 7))
        self.quota = box(self._quota, "soft")
        self._unrated, self._fair = text("", "small"), text("积分只作参考，程序不由积分推等次", "small")
        head = row(
            text("民主测评和等次", "h2"),
            self.told,
            ...,
            self.reopen_link,
            self.count_link,
            gap=10,
            pad=(14, 10, 14, 0),
        )
        self.setLayout(
            col(
                head,
                box(col(self.quota, self.faults, gap=4, pad=(14, 0, 14, 0))),
                (self.grid, 1),
                row(self._unrated, ..., self._fair, pad=(14, 4, 14, 8)),
                gap=6,
            )
        )

    def forget(self) -> None:
        """Order the members anew when a round is shown next."""
        self._order, self._recent = [], []

    def chose(self, line: Line) -> None:
        """Remember whose grade was chosen last."""
        if line.member_id in self._recent:
            self._recent.remove(line.member_id)
        self._recent.append(line.member_id)

    def show_round(self, found: Round) -> None:
        """Show the ballots and grades of a round; while they are worked on the members keep their places."""
        self.found = found
        facts = found.facts
        wrong = sum(bool(line.difference(facts.valid)) for line in found.rated)
        said = ["还没有登记票数"]
        if facts.valid is not None:
            said = [f"收回 {facts.collected} 张，每人 {facts.valid} 票", f"{wrong} 人合计不符" if wrong else "合计相符"]
        set_text(self.told, "，".join(said), "bad" if wrong else "sub")
        self.count_link.setText("改票数" if facts.valid is not None else "登记票数")
        appear(self.count_link, not found.why_closed(StepKey.BALLOT))
        appear(self.reopen_link, found.decided)
        closed = "" if found.decided else found.why_closed(StepKey.GRADE)
        faults = "；".join(filter(None, (closed, *found.step(StepKey.GRADE).faults)))
        self.faults.set_words(faults)
        appear(self.faults, bool(faults))
        self._show_quota(found)
        if not self._order:
            ranked = sorted(found.rated, key=lambda line: (line.grade is not None, -(line.votes[0] or 0)))
            self._order = [line.member_id for line in ranked]
        places = {member_id: place for place, member_id in enumerate(self._order)}
        lines = sorted(found.rated, key=lambda line: places.get(line.member_id, len(places)))
        over = self.over(found)
        shown = [Shown(line, *_beside(found, line, line.member_id in over)) for line in lines]
        self.grid.show_rows(
            shown, facts.valid, settled=bool(found.why_closed(StepKey.GRADE)) or not self._desk.may_write(LINES)
        )
        names = "、".join(line.name for line in found.unrated)
        set_text(self._unrated, f"预备党员{names}参加测评，不评等次" if names else "")

    def stand_on_trouble(self) -> None:
        """Put the cursor on the first row that keeps the grades from being set."""
        found = self.found
        over = self.over(found) if found is not None else set()
        rows = (shown.line for shown in self.grid.rows)
        first = next((line for line in rows if line.member_id in over or line.grade is None), None)
        if first is not None:
            self.grid.stand_on(first.member_id)
        self.grid.setFocus()

    def over(self, found: Round) -> set[str]:
        """Return who were chosen last of those over the third."""
        excellent = [line for line in found.rated if line.grade is AppraisalGrade.EXCELLENT]
        many = found.quota.over(len(excellent))
        recent = {member_id: place for place, member_id in enumerate(self._recent)}
        ordered = sorted(excellent, key=lambda line: (recent.get(line.member_id, -1), line.changed_at, line.member_id))
        return {line.member_id for line in ordered[len(ordered) - many :]} if many else set()

    def _show_quota(self, found: Round) -> None:
        clear(self._quota)
        count, quota = found.count(AppraisalGrade.EXCELLENT), found.quota
        over, waiting = quota.over(count), found.count(None)
        self.quota.setObjectName("bad" if over else "soft")
        self.quota.style().unpolish(self.quota)
        self.quota.style().polish(self.quota)
        said = text(f"优秀 {count} 名，最多 {quota.most} 名", "strong", "bad" if over else "")
        full = max(1, min(len(found.rated), 2 * quota.most + 2))
        bar = Meter(full, (min(count, full), "bad" if over else "good"), height=8, mark=quota.most)
        items: list[Item] = [
            Glyph("alert-circle" if over else "info-circle", theme.RED if over else theme.SLATE, 20),
            said,
            fixed(bar, 150),
        ]
        if self.width() >= WORDS_FROM:
            items.append((Elided(quota.words(count), "small"), 1))
        else:
            items.append(...)
        items.append(text(f"{OPEN} {waiting} 名" if waiting else "", "small"))
        for item in items:
            add(self._quota, item)
        self.quota.setToolTip(quota.words(count))
        self.quota.setAccessibleName(f"{said.text()}，{quota.words(count)}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the arithmetic where it has room."""
        super().resizeEvent(event)
        appear(self._fair, self.width() >= WORDS_FROM)
        crossed = (event.oldSize().width() >= WORDS_FROM) is not (self.width() >= WORDS_FROM)
        if self.found is not None and crossed:
            self._show_quota(self.found)


def _beside(found: Round, line: Line, over: bool) -> tuple[str, str]:
    if over:
        return "超出名额", "bad"
    if line.grade is None:
        return ("请支委会议定", "wait") if line.counted else ("", "sub")
    if found.rules.steps(line.grade) and not line.reason:
        return "写明理由", "part"
    return "", "sub"

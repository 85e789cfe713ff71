"""党员 > 统计: members counted, counts for the yearly statistics, hours of all; every figure opens its list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QStackedLayout, QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.numbers import percent
from desktop.services.standards.verdict import Used, amount
from desktop.services.statistics.counts import OVERLAPPING, Check, Counts, Figure, Person, StatisticsService
from desktop.services.statistics.learning import HoursList, HoursRow, hours_list
from desktop.services.statistics.yearly import YearCounts, YearlyService
from desktop.ui.members.card import MemberCard
from desktop.ui.output import export_sheet, print_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.places import can_open_record, open_record
from desktop.ui.table_model import Column, DataTable, Tag
from desktop.ui.widgets import EmptyState, Item, RowButton, Segments, box, button, col, row, set_text, text
from desktop.ui.widgets.pane import DetailPane, ListWithPane

NOW, YEARLY, HOURS = "now", "yearly", "hours"
KINDS = ((NOW, "构成"), (YEARLY, "年报底数"), (HOURS, "学时"))
TONES = {"达标": "good", "未达标": "part", "缺集中培训": "part", "不要求": "none"}


@dataclass(frozen=True, slots=True)
class _Line:
    """A figure with its share of all."""

    figure: Figure
    total: int
    of_all: frozenset[str] = frozenset()
    """The groups that are parts of the whole."""
    place: int = 0
    """Where it stands among all: groups in the order people count by, bands from the first to the last."""

    @property
    def share(self) -> str:
        """The share as people read it; none for what is no part of the whole."""
        part = self.total and self.figure.group in self.of_all
        return percent(self.figure.count, self.total) if part else ""


FIGURES: tuple[Column[_Line], ...] = (
    Column("项目", lambda line: line.figure.group, width=150, tone="sub", order=lambda line: line.place),
    Column("分类", lambda line: line.figure.label, order=lambda line: line.place),
    Column("人数", lambda line: line.figure.count, width=90),
    Column("占比", lambda line: line.share, width=90, tone="sub"),
)
HOURS_COLUMNS: tuple[Column[HoursRow], ...] = (
    Column("姓名", lambda r: r.name),
    Column("要求", lambda r: _asked(r), width=110, tone="sub"),
    Column("累计学时", lambda r: r.learning.hours, text=lambda v: amount(v), width=96),
    Column("会议和党课", lambda r: r.learning.meetings, text=lambda v: amount(v), width=104, tone="sub", fold=780),
    Column("集中培训", lambda r: r.learning.courses, text=lambda v: amount(v), width=96, tone="sub", fold=680),
    Column("自学登记", lambda r: r.learning.own, text=lambda v: amount(v), width=96, tone="sub", fold=880),
    Column("培训班", lambda r: r.learning.sessions, width=80, tone="sub", fold=900),
    Column("轮训", lambda r: r.last_course, width=104, tone="sub", fold=960),
    Column("还差", lambda r: r.lacking, text=lambda v: amount(v) if v else "", width=80),
    Column("情况", lambda r: r.state, cell=lambda r: Tag(r.state, TONES[r.state]), width=110),
)


def _asked(line: HoursRow) -> str:
    if line.learning.target is None:
        return "—"
    return f"{line.learning.target}（支委）" if line.learning.on_committee else str(line.learning.target)


class StatisticsPage(Page):
    """Counts of members."""

    title = "统计"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.kind = Segments(KINDS, name="统计什么")
        self.print_button = desk.offered(Act.EXPORT, button("打印", self.print, "", "printer"))
        self.export_button = desk.offered(Act.EXPORT, button("导出", self.export, "", "download"))
        nobody = EmptyState("users", "还没有党员。", "名册里有了党员，这里就有数。")
        self.figures: DataTable[_Line] = DataTable(FIGURES, "党员统计", nobody, height=36)
        self.hours: DataTable[HoursRow] = DataTable(
            HOURS_COLUMNS, "党员学时", EmptyState("users", "还没有党员。", "名册里有了党员，这里就有数。"), height=36
        )
        self.words, self.checks = text("", "sub"), text("", "small", wrap=True)
        lists = QWidget()
        self._lists = QStackedLayout(lists)
        for part in (self.figures, self.hours):
            self._lists.addWidget(part)
        self.pane = DetailPane("名单")
        listing = box(col(row(self.kind, ..., self.words), self.checks, (lists, 1), gap=10))
        self.split = ListWithPane(listing, self.pane, rows=self.figures)
        self.setLayout(col(self.split, pad=(24, 14, 24, 16)))
        self.kind.changed.connect(lambda _key: self._turn())
        self.figures.picked.connect(self._list)
        self.hours.opened.connect(
            lambda line: self._open(line.member_id, [r.member_id for r in self.hours.model.rows()])
        )

    def bar_actions(self) -> Sequence[QWidget]:
        """Out to Excel and to paper."""
        return (self.export_button, self.print_button)

    def reload(self) -> None:
        """Count again: as of today, or as of the last day of a year that is over."""
        store, kind, year = self.desk.store, self.kind.current(), self.desk.year
        on = min(store.today, date(year, 12, 31))
        if kind == HOURS:
            self.read(lambda: hours_list(store, year), self._show_hours)
        elif kind == YEARLY:
            self.read(lambda: YearlyService(store).year(year), self._show_year)
        else:
            self.read(lambda: StatisticsService(store).counts(on), self._show_counts)

    def export(self) -> None:
        """Write the figures shown to Excel."""
        export_sheet(self, self._sheet_table().sheet())

    def print(self) -> None:
        """Write the figures shown as a PDF to print, with what was checked."""
        print_sheet(self, self._sheet_table().sheet(), self.checks.text())

    def _sheet_table(self) -> "DataTable[_Line] | DataTable[HoursRow]":
        return self.hours if self.kind.current() == HOURS else self.figures

    def _turn(self) -> None:
        self.pane.close_pane()
        self.reload()

    def _show_counts(self, counts: Counts) -> None:
        if self.kind.current() != NOW:
            return
        self._fill(counts.figures, counts.total, counts.checks)
        self.words.setText(f"截至 {counts.on}，党员 {counts.total} 人（不含停止党籍的）")

    def _show_year(self, counts: YearCounts) -> None:
        if self.kind.current() != YEARLY:
            return
        total = next((figure.count for figure in counts.figures if figure.label == "实有数"), 0)
        self._fill(counts.figures, total, counts.checks, counts.notes)
        until = "年底数" if counts.final else f"截至 {counts.on}，到 12 月 31 日再定"
        self.words.setText(f"{counts.year} 年党内统计底数，{until}")

    def _show_hours(self, found: HoursList) -> None:
        if self.kind.current() != HOURS:
            return
        self._lists.setCurrentWidget(self.hours)
        self.hours.set_rows(found.rows, same=lambda line: line.member_id)
        told = [f"{figure.group}：{figure.label} {figure.count} 人" for figure in found.figures if figure.count]
        set_text(self.checks, "；".join(told), "")
        self.words.setText(f"{found.year} 年，截至 {found.on}")

    def _fill(self, figures: Sequence[Figure], total: int, checks: Sequence[Check], notes: Sequence[str] = ()) -> None:
        self._lists.setCurrentWidget(self.figures)
        parts = frozenset(check.what.removesuffix("合计") for check in checks) | {*OVERLAPPING}
        self.figures.set_rows(
            [_Line(figure, total, parts, place) for place, figure in enumerate(figures)],
            same=lambda line: (line.figure.group, line.figure.label),
        )
        wrong = [f"{check.what}不对：{check.words}" for check in checks if not check.holds]
        first = [f"{check.what}：{check.words}" for check in checks[:1] if check.holds]
        fine = first + ([f"{len(checks)} 项核对都对得上"] if checks and not wrong else [])
        set_text(self.checks, "；".join((*wrong, *fine, *notes)), "bad" if wrong else "")

    def _list(self, line: _Line) -> None:
        people = line.figure.people
        order = [person.id for person in people if person.kind == "member"]
        self.pane.show_head(line.figure.label, line.figure.group, f"{len(people)} 人", "none")
        lines: list[Item] = [self._person(person, order) for person in people]
        self.pane.show_body(*(lines or [text("没有人。", "sub")]))
        self.pane.show_foot()
        self.split.open_pane()

    def _person(self, person: Person, order: list[str]) -> QWidget:
        used = Used(person.kind, person.id)
        if person.kind != "member" and not can_open_record(self.desk, used):
            return text(person.name)

        def go() -> None:
            if person.kind == "member":
                self._open(person.id, order)
            else:
                open_record(self.desk, used)

        return RowButton(f"打开 {person.name}", row(text(person.name), ...), go)

    def _open(self, member_id: str, order: Sequence[str]) -> None:
        self.desk.push(MemberCard(self.desk, member_id, order))

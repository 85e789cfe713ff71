"""组织生活 > 全年安排: a strip of months, the month, quarter or list; beside it what has no day and what is near."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.plans import DutyState
from desktop.services.branches import BranchService, GroupRow
from desktop.services.errors import InvalidInput
from desktop.services.meetings.fields import HELD_ON
from desktop.services.standards.verdict import Used, Where
from desktop.services.year_plan.agendas import AgendaTemplates
from desktop.services.year_plan.book import PlanBook
from desktop.services.year_plan.notice import notice_of
from desktop.services.year_plan.rows import ACTIVITY, MEETING, NOTIFY, Duty, Event, Reminder, YearPlan
from desktop.services.year_plan.service import Done, YearPlanService
from desktop.ui.dialogs import ask_save
from desktop.ui.intake.arrivals import Arrivals
from desktop.ui.intake.page import IntakePage
from desktop.ui.meetings.form import MeetingForm
from desktop.ui.meetings.loading import kinds_offered
from desktop.ui.output import EXCEL, print_document, print_handbook, save_template, told
from desktop.ui.page import Desk, Page, RowOf
from desktop.ui.places import NO_PAGE, can_open_record, open_record, open_where, place_of
from desktop.ui.widgets import (
    Chip,
    EmptyState,
    Item,
    Segments,
    appear,
    box,
    button,
    col,
    fixed,
    icon_button,
    menu_button,
    row,
    text,
)
from desktop.ui.widgets.buttons import passing_menu
from desktop.ui.widgets.layout import Turning
from desktop.ui.year_plan.agendas import AgendaDialog
from desktop.ui.year_plan.chips import LEGEND, Stand, refused
from desktop.ui.year_plan.dialogs import AddDialog, DayDialog, SettingsDialog, tell
from desktop.ui.year_plan.lists import Line, QuarterView, lines, list_table
from desktop.ui.year_plan.month import MonthGrid
from desktop.ui.year_plan.notice import NoticeDialog
from desktop.ui.year_plan.side import Side
from desktop.ui.year_plan.strip import MONTHS, YearStrip

MONTH, QUARTER, LIST = "month", "quarter", "list"
QUARTER_MONTHS = 3
CALENDAR, SIDE = "calendar", "side"
SIDE_WIDTH, TAB_BELOW, LEGEND_FROM = 296, 1080, 780
WRITES = "meetings"
FILLS = RowOf(WRITES, kind=MeetingKind.BRANCH_CONGRESS)
"""Planning the whole year is for whoever may write meetings of every kind, not of a group alone."""
PLAN = "三会一课计划表"


class YearPlanPage(Page):
    """全年安排."""

    title = "全年安排"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.plans = desk.service(YearPlanService)
        self.plan: YearPlan | None = None
        self.may = desk.may_write(WRITES)
        self.kinds = kinds_offered(desk)
        self._groups: list[GroupRow] = []
        self.year = self._desk_year = desk.year
        self._month = desk.store.today.month if desk.year == desk.store.today.year else 1
        self._wanted: dict[str, Any] = {}
        self.view = Segments(((MONTH, "月"), (QUARTER, "季"), (LIST, "列表")), name="月、季或列表")
        self.part = Segments(((CALENDAR, "安排"), (SIDE, "没排")), name="安排或没排")
        self.more = QMenu(self)
        self.more_button = menu_button("更多", self.more)
        self.print_button = desk.offered(Act.EXPORT, button("打印全年安排", self.print_plan, "", "printer"))
        self.add_button = desk.offered(WRITES, button("加一次活动", self.add, "primary", "plus"))
        self.strip, self.grid = YearStrip(), MonthGrid()
        self.quarter, self.list = QuarterView(self.open_stand), list_table()
        self.side = Side(self.open_settings, self.fill if desk.allows(FILLS) else None, self.may)
        self.empty = EmptyState(
            "calendar-event",
            "这一年还没有安排。",
            "标准要求的会议排到常开的日子，排好以后可以拖动。",
            "按标准生成",
            self.fill,
        )
        desk.offered(FILLS, self.empty)
        self.title_line = text("", "h2")
        self.back_button = icon_button("chevron-left", "上个月", lambda: self.turn(-1))
        self.on_button = icon_button("chevron-right", "下个月", lambda: self.turn(1))
        self.today_button = button("今天", self.go_today, "small")
        self._legend = box(row(*self._key(), gap=6))
        self._arrange()
        self._fill_menu()
        self._connect()
        self.setFocusProxy(self.grid)
        if self.may:
            Arrivals(self, self.more_button, self.open_import)

    def bar_actions(self) -> Sequence[QWidget]:
        """Views, more, print, and the one primary action."""
        return (self.view, self.more_button, self.print_button, self.add_button)

    def _arrange(self) -> None:
        self._stack = Turning()
        for part in (self.grid, self.quarter, self.list, self.empty):
            self._stack.addWidget(part)
        head = row(
            self.back_button,
            self.title_line,
            self.on_button,
            self.today_button,
            ...,
            self._legend,
            gap=8,
            pad=(8, 8, 8, 4),
        )
        strip = box(col(self.strip, pad=(12, 10, 12, 10)), "card")
        card = box(col(head, (self._stack, 1), gap=2, pad=(8, 0, 8, 8)), "card")
        self._left = box(col(strip, (card, 1), gap=12))
        fixed(self.side, SIDE_WIDTH)
        self._part_row = box(row(self.part, ...))
        self._body = row((self._left, 1), self.side, gap=12)
        self.setLayout(col(self._part_row, (self._body, 1), gap=8, pad=(24, 14, 24, 16)))

    def _fill_menu(self) -> None:
        if self.desk.allows(WRITES):
            if self.desk.allows(FILLS):
                self.more.addAction("按标准生成").triggered.connect(lambda _checked=False: self.fill())
                self.more.addAction("照去年安排").triggered.connect(lambda _checked=False: self.copy_last_year())
                self.more.addSeparator()
            self.more.addAction("导入计划表").triggered.connect(lambda _checked=False: self.open_import())
            self.more.addAction("保存计划空表").triggered.connect(
                lambda _checked=False: save_template(self, "year_plan", PLAN)
            )
        if self.desk.allows(Act.EXPORT):
            self.more.addAction("导出计划表").triggered.connect(lambda _checked=False: self.export())
            self.more.addAction("打印工作手册").triggered.connect(lambda _checked=False: print_handbook(self))
        self.more.addSeparator()
        self.more.addAction("其他安排的登记簿").triggered.connect(lambda: self.desk.open("meetings", "activities"))
        if self.desk.allows(WRITES):
            self.more.addAction("安排设置").triggered.connect(lambda _checked=False: self.open_settings())
        if self.desk.allows(FILLS):
            self.more.addAction("议程模板").triggered.connect(lambda _checked=False: self.open_agendas())

    def _connect(self) -> None:
        self.view.changed.connect(lambda _key: self._show())
        self.part.changed.connect(lambda _key: self._settle())
        self.strip.chosen.connect(self.show_month)
        self.grid.opened.connect(self.open_stand)
        self.grid.asked.connect(self.offer)
        self.grid.added.connect(self.add_on)
        self.grid.dropped.connect(self.drop)
        self.grid.moved.connect(self.turn)
        self.list.opened.connect(self._open_line)
        self.side.dated.connect(self.ask_day)
        self.side.done.connect(self.remind)

    def _key(self) -> list[Item]:
        out: list[Item] = []
        for mark, tone, words in LEGEND:
            chip = Chip("")
            chip.show_state(mark or "　", tone)
            chip.setAccessibleName(words)
            out += [chip, text(words, "small"), 6]
        return out

    # reading

    def reload(self) -> None:
        """Read the year in view: the desk's, or one that was turned to from it."""
        if self.desk.year != self._desk_year:
            self.year = self._desk_year = self.desk.year
            self._month = self.desk.store.today.month if self.year == self.desk.store.today.year else 1
        year = self.year

        def work() -> tuple[YearPlan, list[GroupRow]]:
            return self.plans.year(year), self.desk.service(BranchService).groups()

        self.read(work, lambda got: self._got(*got))

    def go(self, where: dict[str, Any]) -> None:
        """Show a month, or one thing that stands in it."""
        self._wanted = dict(where)
        self._take_wanted()

    def _got(self, plan: YearPlan, groups: list[GroupRow]) -> None:
        self.plan, self._groups = plan, groups
        self._show()
        self._take_wanted()

    def _take_wanted(self) -> None:
        wanted, plan = self._wanted, self.plan
        if plan is None or not wanted or plan.year != self.year:
            return  # what is wanted is still to be read
        self._wanted = {}
        if str(wanted.get("month") or "").isdigit():
            self.show_month(int(wanted["month"]))
        record = str(wanted.get("record") or "")
        event = plan.event(record) if record else None
        if event is not None and event.on.year == plan.year:
            self.show_month(event.on.month)
            self.grid.stand_on(event.id)
        elif record:
            self.read(lambda: self.plans.year_of(record), lambda year: self._turn_to(year, wanted))

    def _turn_to(self, year: int | None, wanted: dict[str, Any]) -> None:
        """Show the year in which what is wanted stands."""
        if year is not None and year != self.year:
            self._wanted, self.year = wanted, year
            self.reload()

    def _show(self) -> None:
        plan = self.plan
        if plan is None:
            return
        self.strip.show_plan(plan, self._month)
        self.side.show_plan(plan, self._month)
        count, near = len(plan.undated), len(plan.reminders)
        self.part.name(SIDE, f"没排 {count} · 提醒 {near}")
        self.empty.say(f"{plan.year} 年还没有安排。", "标准要求的会议排到常开的日子，排好以后可以拖动。")
        view = self.view.current()
        if view == LIST:
            self.list.set_rows(lines(plan), same=lambda line: line.key)
            shown: QWidget = self.list
            title = f"{plan.year} 年"
        elif view == QUARTER:
            self.quarter.show_quarter(plan, self._month)
            shown, title = self.quarter, f"{plan.year} 年第 {(self._month + 2) // QUARTER_MONTHS} 季度"
        else:
            self.grid.show_month(plan, self._month)
            shown, title = self.grid, f"{plan.year} 年 {self._month} 月"
        self._stack.setCurrentWidget(self.empty if plan.empty and view != LIST else shown)
        self.title_line.setText(title if plan.calendar_known else f"{title}（没有当年放假安排）")
        for part in (self.back_button, self.on_button, self.today_button):
            appear(part, view != LIST)
        self._settle()

    def show_month(self, month: int) -> None:
        """Show a month of the year in view."""
        self._month = month
        self._show()

    def turn(self, by: int) -> None:
        """Turn to the next or the former month, or quarter; past December to the next year, to plan it."""
        step = QUARTER_MONTHS * by if self.view.current() == QUARTER else by
        month = self._month + step
        if 1 <= month <= MONTHS:
            self.show_month(month)
        elif self.year + by <= self.desk.store.today.year + 1:
            self.year += by
            self._month = 1 if by > 0 else MONTHS
            self.reload()

    def go_today(self) -> None:
        """Show the day that is."""
        today = self.desk.store.today
        self.grid.day, self.grid.place, self._month = today, 0, today.month
        if self.year != today.year:
            self.year = today.year
            self.reload()
        else:
            self._show()
        self.grid.setFocus()

    # opening

    def open_stand(self, stand: Stand) -> None:
        """Open what stands on a day: a record, the form of a meeting, or what is missing."""
        if stand.event is not None:
            self.open_event(stand.event)
        elif stand.duty is not None:
            self.record(stand.duty)

    def open_event(self, event: Event) -> None:
        """Open a record, or start the meeting that is planned."""
        if event.source == ACTIVITY:
            self.desk.open("meetings", "activities", kind=ACTIVITY, record=event.id)
        elif event.source != MEETING:
            used = Used(event.source, event.id, event.on, event.name)
            if can_open_record(self.desk, used):
                open_record(self.desk, used)
        elif event.state is DutyState.HELD:
            self.desk.open("meetings", "list", kind=event.kind, record=event.id)
        else:
            self.desk.push(MeetingForm(self.desk, MeetingKind(event.kind), event.id, prefill={"start": "yes"}))

    def record(self, duty: Duty) -> None:
        """Open the form that records a duty."""
        prefill = {"from": duty.first.isoformat(), "to": duty.last.isoformat()}
        known = {"group_id": duty.group_id, "tag": duty.tag, "speaker_post": duty.post, "for_year": duty.for_year}
        prefill |= {name: str(value) for name, value in known.items() if value}
        if duty.meets:
            if duty.kind:
                prefill["start"] = "yes"
                self.desk.push(MeetingForm(self.desk, MeetingKind(duty.kind), prefill=dict(prefill)))
            else:
                self.desk.open("meetings", "list", kind="", new=True, prefill=prefill)
            return
        where = Where("registers", duty.kind, prefill)
        if not self.desk.has(*place_of(where)):
            self.desk.say(NO_PAGE)
            return
        open_where(self.desk, where)

    def _open_line(self, line: Line) -> None:
        if line.stand is not None:
            self.open_stand(line.stand)
        elif line.duty is not None and line.duty.state is DutyState.UNDATED and self.may:
            self.ask_day(line.duty)

    def offer(self, stand: Stand, at: QPoint) -> None:
        """Offer what may be done with what stands on a day."""
        event = stand.event
        menu = passing_menu(self)
        menu.addAction("打开").triggered.connect(lambda _checked=False: self.open_stand(stand))
        if event is not None and event.movable and self.may:
            menu.addAction("改日子").triggered.connect(lambda _checked=False: self.redate(event))
            if event.source == ACTIVITY:
                menu.addAction("办结").triggered.connect(lambda _checked=False: self.finish(event))
            else:
                menu.addAction("会议通知").triggered.connect(lambda _checked=False: self.open_notice(event))
                if event.state is DutyState.PLANNED:
                    menu.addAction("记为已通知").triggered.connect(lambda _checked=False: self.notify(event))
            menu.addAction("撤掉安排").triggered.connect(lambda _checked=False: self.withdraw(event))
        menu.popup(at)

    # planning

    def drop(self, key: str, day: date) -> None:
        """Put what was carried, or moved by the keys, on a day; say why where it may not lie there."""
        plan = self.plan
        if plan is None or not self.may:
            return
        why = refused(plan, key, day)
        event, duty = plan.event(key), plan.duty(key)
        if why:
            self.desk.say(f"没有改：{why}。")
        elif event is not None:
            self._do(lambda: self.plans.move(event, day), day)
        elif duty is not None:
            self._do(lambda: self.plans.put(duty, day), day)

    def ask_day(self, duty: Duty) -> None:
        """Ask on which day a duty is planned."""
        window = f"{duty.first.isoformat()} 至 {duty.last.isoformat()}"
        DayDialog(self, duty.title, window, None, lambda day: self.plans.put(duty, day), duty.key).open()

    def redate(self, event: Event) -> None:
        """Ask on which day something planned lies from now on."""
        window = "" if event.window is None else f"{event.window[0].isoformat()} 至 {event.window[1].isoformat()}"

        def move(day: date) -> Done:
            if day == event.on:
                raise InvalidInput(HELD_ON, "就是现在的日子")
            return self.plans.move(event, day)

        DayDialog(self, event.name, window, event.on, move, event.id).open()

    def add(self) -> None:
        """Ask for an activity of the branch's own."""
        today = self.desk.store.today
        shown = date(self.year, self._month, 1)
        self.add_on(self.grid.day if self.grid.day >= today else max(today, shown))

    def add_on(self, day: date) -> None:
        """Ask for an activity on a day."""
        if not self.may:
            return
        AddDialog(self, self.kinds, self._groups, day, self.kinds[0] if self.kinds else None).open()

    def open_notice(self, event: Event) -> None:
        """Show the notice of a planned meeting."""
        store = self.desk.store
        self.read(lambda: notice_of(store, event.id), lambda notice: NoticeDialog(self, notice).open())

    def notify(self, event: Event) -> None:
        """Note that those expected were told."""
        self._do(lambda: self.plans.notify(event.id))

    def withdraw(self, event: Event) -> None:
        """Take something out of the plan."""
        self._do(lambda: self.plans.withdraw(event))

    def finish(self, event: Event) -> None:
        """Note that an activity was done today."""
        today = self.desk.store.today
        undo = lambda: self.act(lambda: self.plans.done_on(event.id, None), "已撤销。")  # noqa: E731 - one line
        self.act(lambda: self.plans.done_on(event.id, today), lambda done: done.words, undo=undo)

    def remind(self, reminder: Reminder) -> None:
        """Do what a reminder asks for."""
        event, duty = reminder.event, reminder.duty
        if event is not None and event.source == ACTIVITY and not event.duties:
            self.finish(event)
        elif event is not None and event.source == ACTIVITY:
            self.record(event.duties[0])
        elif event is not None and reminder.verb == NOTIFY:
            self.open_notice(event)
        elif event is not None:
            self.open_event(event)
        elif duty is not None and duty.state is DutyState.UNDATED:
            self.ask_day(duty)
        elif duty is not None:
            self.record(duty)

    def fill(self) -> None:
        """Plan what the standard still asks for."""
        year = self.year
        self._do(lambda: self.plans.fill(year))

    def copy_last_year(self) -> None:
        """Plan the year as the one before."""
        year = self.year
        self._do(lambda: self.plans.copy_last_year(year))

    def open_settings(self) -> None:
        """Ask for the fixed theme day and how far ahead to remind."""

        def work() -> tuple[Any, int]:
            return self.plans.settings.theme_day(), self.plans.settings.remind_days()

        self.read(work, lambda got: SettingsDialog(self, *got).open())

    def open_agendas(self) -> None:
        """Ask with what agenda each kind of meeting begins."""
        agendas = self.desk.service(AgendaTemplates)
        self.read(agendas.all, lambda found: AgendaDialog(self, found).open())

    def print_plan(self) -> None:
        """Write the plan of the year to print."""
        year = self.year
        print_document(self, f"{year}年{PLAN}", lambda papers, path: papers.year_plan(year, path))

    def open_import(self, source: Path | str | None = None) -> None:
        """Begin the import of a plan, of `source` where a file or a block was brought here."""
        self.desk.push(IntakePage(self.desk, "year_plan", PLAN, source=source))

    def export(self) -> None:
        """Write the year as a workbook that imports again."""
        year, store = self.year, self.desk.store
        path = ask_save(self, f"导出{PLAN}", f"{year}年{PLAN}.xlsx", EXCEL)
        if path is not None:
            self.call(lambda _progress: PlanBook(store).export(path, year), lambda _count: told(self, path))

    def _do(self, work: Any, day: date | None = None) -> None:
        def done(made: Done) -> None:
            if day is not None and self.plan is not None and day.year == self.plan.year:
                self._month, self.grid.day = day.month, day
            tell(self, made)

        self.act(work, then=done)

    # room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def _settle(self) -> None:
        """Let the right column be a tab where there is no room for both."""
        narrow = self.width() < TAB_BELOW
        side = narrow and self.part.current() == SIDE
        appear(self._part_row, narrow)
        appear(self.side, side or not narrow)
        appear(self._left, not side)
        if side:
            self.side.setMinimumWidth(0)
            self.side.setMaximumWidth(16777215)
        else:
            self.side.setFixedWidth(SIDE_WIDTH)
        appear(self._legend, self.view.current() == MONTH and self._left.width() >= LEGEND_FROM - (0 if narrow else 60))

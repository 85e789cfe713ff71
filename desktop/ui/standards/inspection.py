"""标准化 > 迎检准备: how the branch stands on the day they come, who mends what, then the archive."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.archive.rows import Archive, ArchiveGap
from desktop.services.archive.service import ArchiveService
from desktop.services.numbers import hundredths
from desktop.services.progress import Progress
from desktop.services.reminders import reminders
from desktop.services.standards.score import Job, Person, Readiness
from desktop.services.standards.service import StandardService
from desktop.services.workdays import WEEKDAYS
from desktop.ui import theme
from desktop.ui.archive_place import ArchivePlace
from desktop.ui.output import export_sheet, open_file
from desktop.ui.page import Desk, Page
from desktop.ui.places import open_where, verb_at, way_words
from desktop.ui.sheets import Sheet
from desktop.ui.standards.checklist import NUMERALS
from desktop.ui.standards.common import full, gain_words
from desktop.ui.standards.self_check import SELF_CHECK, SelfCheckPage
from desktop.ui.widgets import (
    Chip,
    Elided,
    Glyph,
    Item,
    RowButton,
    box,
    button,
    card,
    clear,
    col,
    fixed,
    link,
    row,
    rule,
    set_tone,
    text,
)
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import inform
from desktop.ui.widgets.layout import Standing
from desktop.ui.widgets.progress import ProgressStrip

SIDE, LOW, SLIM = 320, 540, 960
"""Logical pixels: how wide the archive is; below which height of the window the page scrolls and not its lists, and
below which width of the page a name stands over what is to be done."""
PROBLEMS_SHOWN = 10


class InspectionPage(Page):
    """迎检准备."""

    title = "迎检准备"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(StandardService)
        self._ready: Readiness | None = None
        self._slim = False
        self.day = DateEdit("检查日期", _first_day(desk), required=True, today=lambda: desk.store.today)
        self.day.date_changed.connect(self.reload)
        self._weekday = text("", "sub")
        self._mark = Glyph("alert-triangle", theme.AMBER, 30)
        self._verdict, self._words = text("", "h1", wrap=True), text("", "sub", wrap=True)
        self._then, self._after, self._left = text("—", "num"), text("—", "num", "good"), text("—", "num")
        self._people = col(gap=5, pad=(0, 0, 6, 0))
        self._rest = text("", "sub", wrap=True)
        self._volumes = col(gap=4)
        self._lists = (Standing(self._people), Standing(self._volumes))
        self.place = ArchivePlace(lambda: None, makes=desk.may(Act.EXPORT))
        self.strip = ProgressStrip()
        self.make_button = self.desk.offered(Act.EXPORT, button("生成档案", self.make_archive, "primary", "archive"))
        self.make_button.setSizePolicy(self.day.sizePolicy())
        self.check_button = button("预检附件", self.check_files, "small", "shield-check")
        self.export_button = self.desk.offered(Act.EXPORT, button("导出分工表", self.export_gaps, "small", "download"))
        self.self_check_button = button("记录自查", self.check_records, icon="checklist")
        self.setLayout(
            col(self._head(), (row((self._who(), 1), self._archive(), gap=12), 1), gap=12, pad=(24, 14, 24, 16))
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for listed in self._lists:
            listed.stand(self.window().height() < LOW)
        slim = self.width() < SLIM
        if slim is not self._slim:
            self._slim = slim
            if self._ready is not None:
                self._fill_people(self._ready)

    def bar_actions(self) -> Sequence[QWidget]:
        return (self.self_check_button, text("检查日期", "sub"), fixed(self.day, 150), self._weekday)

    def reload(self) -> None:
        on = self.day.value()
        if on is None:
            return
        year = self.desk.year
        self._weekday.setText(f"星期{WEEKDAYS[on.weekday()]}")
        self.read(lambda: self.service.ready(on, year), self._show)

    def go(self, where: dict[str, Any]) -> None:
        """Ask about another day, or list the contradictions where `kind` says so."""
        if where.get("kind") == SELF_CHECK:
            self.check_records()
        if where.get("on"):
            self.day.set_value(where["on"])
            self.reload()

    def make_archive(self) -> None:
        """Build the volumes of the year in view."""
        if not self.place.stands():
            self.desk.say(f"没有生成：存放的位置变了，现在是“{self.place.folder}”。请再点一次。")
            return
        archives, year = self.desk.service(ArchiveService), self.desk.year
        folder = self.place.of_year(year)

        def work(progress: Progress) -> Archive:
            return archives.build_apart(year, folder, progress=progress, substitute=True)

        buttons = (self.make_button,)
        self.call(work, self._made, strip=self.strip, words="正在生成档案", buttons=buttons, long=True)

    def check_files(self) -> None:
        """Look through the attachments as the archive of today would bind them, and say what to see to."""
        archives, year = self.desk.service(ArchiveService), self.desk.year
        self.call(
            lambda progress: archives.preflight(year, progress),
            self._checked,
            strip=self.strip,
            words="正在预检附件",
            buttons=(self.check_button,),
            long=True,
        )

    def check_records(self) -> None:
        """List where records of the year contradict each other."""
        self.desk.push(SelfCheckPage(self.desk))

    def export_gaps(self) -> None:
        """Write who mends what to a workbook."""
        if self._ready is None:
            return
        heads = ("责任人", "条目", "缺什么", "最迟", "补上加分", "说明")
        rows = tuple(
            (
                gap.who.text,
                f"{gap.item_id} {gap.title}",
                gap.what,
                gap.by.isoformat() if gap.by else "",
                gain_words(gap),
                "" if gap.mendable else "已成事实，如实说明",
            )
            for gap in self._ready.gaps
        )
        export_sheet(self, Sheet("迎检补缺分工表", heads, rows, rows))

    def _head(self) -> QWidget:
        def number(label: QWidget, caption: str) -> QWidget:
            return box(col(label, text(caption, "sub"), gap=0))

        numbers = row(number(self._then, "不补"), number(self._after, "补齐后"), number(self._left, "还有"), gap=28)
        words = col(self._verdict, self._words, gap=3)
        return box(row(self._mark, (words, 1), numbers, gap=16, pad=(20, 13, 28, 13)), "card")

    def _who(self) -> QWidget:
        improve = [link("看提升规划", lambda: self.desk.open("improve"))] if self.desk.has("improve") else []
        foot = row((self._rest, 1), *improve)
        return card("谁来补", (self._lists[0], 1), rule(), foot, action=self.export_button)

    def _archive(self) -> QWidget:
        inner = card(
            "迎检档案",
            text("按八个维度成卷，附目录、缺项说明和校验清单。", "sub", wrap=True),
            (self._lists[1], 1),
            rule(),
            text("缺项写进卷末的说明页，不会留空，也不会编造。", "small", wrap=True),
            row(self.check_button, ...),
            self.place,
            self.strip,
            fixed(self.make_button, height=38),
            gap=8,
        )
        return fixed(inner, width=SIDE)

    def _checked(self, gaps: Sequence[ArchiveGap]) -> None:
        if not gaps:
            inform(self, "附件齐全", "附件都在，都打得开；标准要的佐证都附上了。")
            return
        told = [f"{gap.item_id}　{gap.what}" for gap in gaps[:PROBLEMS_SHOWN]]
        more = len(gaps) - len(told)
        rest = f"还有 {more} 处，生成档案后都写在卷末的缺项说明里。" if more else ""
        inform(self, f"附件有 {len(gaps)} 处要看一看", *told, rest, "附件不影响得分；没有的如实说明，不要补造。")

    def _made(self, made: Archive) -> None:
        told = f"已生成 {len(made.volumes)} 卷，共 {made.pages} 页"
        self.desk.say(told, lambda: open_file(made.dir), "打开")
        self.place.tell_aside(made)

    def _show(self, ready: Readiness) -> None:
        self._ready = ready
        short, mendable = len(ready.jobs), ready.mendable_jobs
        fine = not short
        self._mark.show_icon("circle-check" if fine else "alert-triangle", theme.GREEN if fine else theme.AMBER)
        self._verdict.setText("没有缺项，可以迎检" if fine else f"还差 {short} 件，{mendable} 件来得及补")
        facts = short - mendable
        said = [f"{facts} 件已成事实，档案里如实说明"] if facts > 0 else []
        if mendable:
            said.append(
                f"补齐后到那天预计自评已得 {hundredths(ready.after)} 分，不补 {hundredths(ready.then.total)} 分"
            )
        said.append(f"今天自评已得 {hundredths(ready.now.total)} 分（{ready.now.parts_text}）")
        said.append(f"另有 {hundredths(ready.then.pending)} 分到那天仍待评或未到期")
        self._words.setText("；".join(said) + "。")
        self._then.setText(hundredths(ready.then.total))
        self._after.setText(hundredths(ready.after))
        set_tone(self._after, "good" if ready.after > ready.then.total else "")
        self._left.setText(f"{max(ready.days, 0)} 天")
        self._fill_people(ready)
        self._fill_volumes(ready)
        lost = ready.then.max - ready.then.pending - ready.after
        self._rest.setText(
            f"其余 {hundredths(max(lost, 0))} 分是质量评级未满或已成事实，不缺材料，要靠平时改进。" if lost > 0 else ""
        )

    def _fill_people(self, ready: Readiness) -> None:
        clear(self._people)
        for number, (person, jobs) in enumerate(ready.by_person):
            if number:
                self._people.addWidget(rule())
            self._people.addWidget(self._person(person, jobs, ready.on))
        if not ready.gaps:
            self._people.addWidget(text("到这一天没有缺项。", "sub"))
        self._people.addStretch(1)

    def _person(self, person: Person, jobs: Sequence[Job], on: date) -> QWidget:
        name = row((Elided(person.name or person.post, "strong"), 0), Chip(f"{len(jobs)} 件"), ..., gap=8)
        post = text(person.post if person.name else "", "small")
        if self._slim:
            who = box(row(name, post, ..., gap=8, pad=(0, 7, 0, 0)))
        else:
            who = fixed(box(col(name, post, ..., gap=2, pad=(0, 7, 0, 0))), 128)
        lines: list[Item] = []
        for job in jobs:
            if lines:
                lines.append(rule())
            lines.append(self._job(job, on))
        jobs_box = box(col(*lines, gap=3))
        return box(col(who, jobs_box, gap=0)) if self._slim else box(row(who, (jobs_box, 1), gap=8))

    def _job(self, job: Job, on: date) -> QWidget:
        gap, note, tone = job.first, "", ""
        if not job.mendable:
            note, tone = "已成事实，如实说明", "bad"
        elif way := way_words(self.desk, gap.where):
            note = way
        elif gap.by is not None and gap.by < on:
            note = f"期限 {gap.by.isoformat()}，补录会注明"
        gain = fixed(text(gain_words(job), "sub", "good" if job.mendable and job.gain else ""), 52)
        act: QWidget = fixed(text(""), 72)
        if to := verb_at(self.desk, gap.where, gap.verb):
            verb = button(to, lambda: open_where(self.desk, gap.where), "small")
            verb.setAccessibleName(f"{to}：{gap.what}")
            act = fixed(verb, 72)
        words = text(job.what, wrap=True)
        under = col(words, Elided(f"{job.title}　{note}" if note else job.title, "small", tone), gap=0)
        code = link(job.item_id, lambda: self.desk.open("standards", "checklist", item=job.item_id))
        code.setToolTip("在检查清单里看这一条")
        return box(row(fixed(code, 50), (under, 1), gain, act, gap=10, pad=(0, 3, 0, 3)))

    def _to_dimension(self, dimension: str) -> Callable[[], None]:
        return lambda: self.desk.open("standards", "checklist", dimension=dimension)

    def _fill_volumes(self, ready: Readiness) -> None:
        clear(self._volumes)
        dimension_of = {item.id: item.item.dimension for item in ready.then.items}
        missing = Counter(dimension_of[job.item_id] for job in ready.jobs)
        for number, part in enumerate(ready.then.dimensions):
            short = missing.get(part.id, 0)
            state: QWidget = Chip(f"缺 {short} 件", "part") if short else Glyph("check", theme.GREEN, 18)
            points = text(f"{hundredths(part.score)} / {full(part.max)}", "small")
            name = Elided(f"{NUMERALS[number]}  {part.dimension.name}")
            line = row((name, 1), points, fixed(box(row(..., state)), 68), gap=8)
            spoken = f"{part.dimension.name}，{'缺 ' + str(short) + ' 件' if short else '齐全'}"
            self._volumes.addWidget(RowButton(spoken, line, self._to_dimension(part.id)))
        self._volumes.addStretch(1)


def _first_day(desk: Desk) -> date:
    today: date = desk.store.today
    return today + timedelta(days=reminders().inspection_days) if desk.year >= today.year else today

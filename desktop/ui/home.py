"""工作台: what to do now, how ready the branch is, and whether everything is safe and handed in."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from shiboken6 import isValid

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.registers import RegisterArea
from desktop.models.vocabulary.stores import PackageState
from desktop.services.clock import Clock, local, spoken
from desktop.services.errors import OF_A_BRANCH
from desktop.services.home import Home, read_home
from desktop.services.improvement.rows import PlanRow
from desktop.services.numbers import hundredths
from desktop.services.quoting import shortened
from desktop.services.race.editions import period_name
from desktop.services.race.rows import RaceRow
from desktop.services.reminders import Bucket
from desktop.services.standards.score import DimensionScore, Score
from desktop.services.workdays import WEEKDAYS
from desktop.services.works import Work
from desktop.ui import theme
from desktop.ui.intake.page import IntakePage
from desktop.ui.output import print_document
from desktop.ui.page import Desk, Page, RowOf
from desktop.ui.places import REGISTER_PLACES, mends, open_where, verb_at, way_words
from desktop.ui.putting_off import put_off_line, snooze_button
from desktop.ui.standards.common import score_day, short_name
from desktop.ui.widgets import (
    Elided,
    EmptyState,
    Glyph,
    Item,
    RowButton,
    Segments,
    Swatch,
    box,
    button,
    card,
    clear,
    col,
    excerpt,
    fixed,
    link,
    menu_button,
    row,
    rule,
    scroll,
    text,
)
from desktop.ui.widgets.charts import Radar, Ring
from desktop.ui.widgets.layout import UNBOUND, appear
from desktop.ui.year_turn import TURN, YearTurnPage

MEETINGS, REGISTERS_OF_ALL = ("meetings", "list"), ("service", "carriers")
TONES = {Bucket.LATE: "bad", Bucket.WEEK: "part", Bucket.MONTH: "wait"}
HAND_IN = {
    PackageState.PREPARED: ("package", "wait", "已生成，还没有写到U盘"),
    PackageState.COPIED: ("clock", "wait", "已写出，等总部回执"),
    PackageState.ACKED: ("circle-check", "good", "总部已收"),
    PackageState.REJECTED: ("alert-circle", "bad", "被总部退回"),
}
RADAR_FROM = 1080
BY_TIME, BY_PERSON = "time", "person"
OTHERS, BEGUN = "由别的同志办", "正在办的"
LATER = "能写以后再办"
"""What is to be done while the disk takes nothing: it is still one's own."""
BY_BRANCH = "由支部办"
"""What is to be done in the branch that headquarters looks at."""
MOST_AHEAD, MOST_TOLD = 60, 120
"""Characters of what comes next that the first line has room for, and of any work that its row has."""


def judged_share(part: DimensionScore) -> float | None:
    """Return the percentage got of what is judged already, None where nothing is."""
    return part.score / part.judged * 100 if part.judged else None


class HomePage(Page):
    """工作台."""

    title = "工作台"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._home: Home | None = None
        self._own: list[Work] = []
        self._first_way: QWidget | None = None
        self._others: list[Work] = []
        self._hello, self._more = text("", "h1", wrap=True), text("", "sub", wrap=True)
        self.meeting_button = self.desk.offered(
            "meetings", button("记一次会议", lambda: desk.open("meetings", "list", new=True), "primary", "pencil")
        )
        self.activities = self._activities()
        self.activity_button = menu_button("登记活动", self.activities, "", "plus")
        self.view = Segments(((BY_TIME, "按时间"), (BY_PERSON, "按责任人")), name="要办的事怎么排")
        self.view.changed.connect(lambda _key: self._fill_works())
        self._works = col(gap=6, pad=(0, 0, 6, 0))
        self.ring = Ring("标准化得分")
        self.radar = Radar("八个维度")
        self.radar.chosen.connect(self._open_dimension)
        self._keys = col(gap=6)
        self._note = text("", "small", wrap=True)
        self._states = col(gap=9)
        actions: list[Item] = [] if self.activities.isEmpty() else [self.activity_button]
        actions += [self.meeting_button] if desk.has("meetings", "list") else []
        hello = row((col(self._hello, self._more, gap=2), 1), *actions, gap=8)
        right = col((self._readiness(), 1), card("", box(self._states)), gap=12)
        self._right = scroll(right)
        self.week_button = desk.offered(Act.EXPORT, link("打印本周", self._print_week, "printer"))
        head = [self.view, self.week_button]
        body = row((card("要办的事", (scroll(self._works), 1), action=head), 58), (self._right, 48), gap=12)
        self.setLayout(col(hello, (body, 1), gap=14, pad=(24, 14, 24, 18)))

    def subtitle(self) -> str:
        today = self.desk.store.today
        return f"{spoken(today)}  星期{WEEKDAYS[today.weekday()]}"

    def first_place(self, *, over_filters: bool) -> QWidget | None:
        """Stand on the first thing to do, which is known once it was read; where nothing is, on the first part."""
        if self._home is None:
            return None
        first = self._first_way
        return first if first is not None and isValid(first) else super().first_place(over_filters=over_filters)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        slim = self.window().width() < RADAR_FROM
        appear(self._radar_box, not slim)
        self._right.setMinimumWidth(300 if slim else 480)
        self._right.setMaximumWidth(320 if slim else UNBOUND)

    def reload(self) -> None:
        store, year, on = self.desk.store, self.desk.year, score_day(self.desk)
        self.read(lambda: read_home(store, year, on), self._show)

    def go(self, where: dict[str, Any]) -> None:
        """Begin the turn of the year where `where` asks for it."""
        if where.get("kind") == TURN:
            self.desk.push(YearTurnPage(self.desk))

    def _print_week(self) -> None:
        """Write what is late and what is due within seven days as one sheet."""
        home = self._home
        if home is not None:
            print_document(self, "本周要办的事", lambda papers, path: papers.week(home.works, home.put_off, path))

    def _readiness(self) -> QWidget:
        self.ring.setFixedSize(132, 132)
        left = fixed(box(col(row(..., self.ring, ...), self._keys, ..., gap=14, pad=(0, 6, 0, 0))), 150)
        self._radar_box = box(col((self.radar, 1), self._note, gap=0))
        self._note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        gaps = link("看缺什么", lambda: self.desk.open("standards", "checklist", filter="gaps"))
        body = row(left, (self._radar_box, 1), gap=12)
        return card("标准化准备度", (body, 1), action=gaps)

    def _activities(self) -> QMenu:
        """Return the kinds of activity that who works here may write down, and where all registers are."""
        menu, desk = QMenu(self), self.desk

        def offer(words: str, place: tuple[str, str], **where: Any) -> None:
            menu.addAction(words).triggered.connect(lambda _checked=False: desk.open(*place, **where))

        if desk.has(*MEETINGS) and desk.allows(RowOf("meetings", kind=MeetingKind.THEME_DAY)):
            offer(MeetingKind.THEME_DAY.label, MEETINGS, kind=MeetingKind.THEME_DAY.value, new=True)
        kinds = [register for register in REGISTERS.values() if register.activity and desk.allows(register.kind)]
        for register in sorted(kinds, key=lambda each: each.area is not RegisterArea.SERVING):
            place = REGISTER_PLACES[register.area]
            if desk.has(*place):
                offer(register.title, place, kind=register.kind, new=True)
        if kinds and desk.has(*REGISTERS_OF_ALL):
            menu.addSeparator()
            offer("其他登记簿", REGISTERS_OF_ALL)
        return menu

    def _open_dimension(self, number: int) -> None:
        if self._home is not None:
            wanted = self._home.score.dimensions[number].id
            self.desk.open("standards", "checklist", dimension=wanted)

    def _show(self, home: Home) -> None:
        self._home = home
        self._own, self._others = self._shared_out(home.works)
        self._greet(home)
        self._fill_works()
        self._fill_score(home.score, home.last_year)
        self._fill_states(home)

    def _shared_out(self, works: Sequence[Work]) -> tuple[list[Work], list[Work]]:
        """Return what the roles of who works here reach to, and what is for others to do."""
        own = [work for work in works if work.where is None or mends(self.desk, work.where)]
        return own, [work for work in works if work not in own]

    @property
    def _not_mine(self) -> str:
        """Whose all the work is that stands there for others: the branch's, of those here, or one's own later."""
        look = self.desk.store.look
        return OTHERS if look is None else BY_BRANCH if look.why == OF_A_BRANCH else LATER

    def _greet(self, home: Home) -> None:
        """Say what is to be done first, by whom, and what comes."""
        name = f"{home.secretary}书记，" if home.secretary and "书记" in self.desk.store.actor else ""
        late = sum(work.bucket is Bucket.LATE for work in self._own)
        theirs = sum(work.bucket is Bucket.LATE for work in self._others)
        begun = [work for work in self._own if work.guides]
        if begun:
            self._hello.setText(begun[0].what)
        elif not home.score.total and not home.members and not home.works:
            self._hello.setText("先导入党员名册" if self.desk.may_write("members") else "还没有记录")
        elif late:
            self._hello.setText(f"{name}先办这 {late} 件")
        elif theirs and not self._own:
            self._hello.setText(f"支部有 {theirs} 件逾期、待补")
        else:
            self._hello.setText(f"{name}没有{'等您办的' if self._others else ''}逾期的事")
        after = (work for work in self._own if not work.guides and work.bucket is not Bucket.LATE)
        ahead = sorted(after, key=lambda work: not work.lapses)
        coming = "；".join(shortened(work.what.removesuffix("。"), MOST_AHEAD) for work in ahead[:2])
        if not coming and (self._own or not self._others):
            coming = "30 天内没有到期的事"
        lying = f"另有 {late} 件逾期、待补" if begun and late else ""
        theirs_all = f"都{OTHERS}" if self._not_mine == OTHERS else self._not_mine
        rest = f"另有 {len(self._others)} 件由别的同志办" if self._own else f"{theirs_all}，您可以看条目和记录"
        self._more.setText("；".join(filter(None, (lying, coming, rest if self._others else ""))) + "。")

    def _fill_works(self) -> None:
        clear(self._works)
        self._first_way = None
        home = self._home
        if home is None:
            return
        begun = [work for work in self._own if work.guides]
        if begun:
            self._section(BEGUN, "part", begun)
        if not home.works:
            self._works.addWidget(self._nothing())
        elif self.view.current() == BY_PERSON:
            people: dict[str, list[Work]] = {}
            for work in home.works:
                if work in begun:
                    continue
                people.setdefault(work.who or "未定责任人", []).append(work)
            for person, works in sorted(people.items(), key=lambda entry: -len(entry[1])):
                self._section(person, "", works)
        else:
            for bucket, tone in TONES.items():
                works = [work for work in self._own if work.bucket is bucket and work not in begun]
                if works:
                    self._section(bucket.label, tone, works)
            if self._others:
                self._section(self._not_mine, "", self._others)
        if home.put_off:
            head = row(text("暂缓的", "strong"), text(f"{len(home.put_off)} 件", "small"), ..., gap=8, pad=(0, 6, 0, 0))
            self._works.addLayout(head)
            for each in home.put_off:
                self._works.addWidget(rule())
                self._works.addWidget(put_off_line(self, each))
        self._works.addStretch(1)

    def _nothing(self) -> QWidget:
        def start() -> None:
            self.desk.push(IntakePage(self.desk, "members", "党员名册"))

        if self._home is not None and not self._home.members:
            first = EmptyState(
                "users", "还没有记录。", "先导入党员名册，再记会议，这里会列出要办的事。", "导入名册", start
            )
            return self.desk.offered("members", first)
        return EmptyState("circle-check", "没有要办的事。", "到期前 30 天会列在这里。")

    def _section(self, title: str, tone: str, works: Sequence[Work]) -> None:
        head = row(text(title, "strong", tone), text(f"{len(works)} 件", "small"), ..., gap=8, pad=(0, 6, 0, 0))
        self._works.addLayout(head)
        for work in works:
            self._works.addWidget(rule())
            line, way = self._work(work)
            self._works.addWidget(line)
            if self._first_way is None and isinstance(way, QPushButton):
                appear(line, True)  # now, not once it is laid out: keys are to stand here
                self._first_way = way

    def _work(self, work: Work) -> tuple[QWidget, QWidget]:
        tone = {Bucket.LATE: "bad", Bucket.WEEK: "part"}.get(work.bucket, "")
        due = fixed(text(work.due(self.desk.store.today), "sub", tone), 88)
        due.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        way = way_words(self.desk, work.where) if work.where is not None else ""
        source = Elided("　".join(filter(None, (work.who, work.source, way))), "small")
        words = col(excerpt(work.what, most=MOST_TOLD), source, gap=0)
        later = None if work.guides or self.desk.store.rights.looks_only else snooze_button(self, work)
        verb = self._verb(work)
        return box(row((words, 1), due, later, fixed(verb, 84), gap=8, pad=(0, 2, 0, 2))), verb

    def _verb(self, work: Work) -> QWidget:
        where = work.where
        if where is not None and (to := verb_at(self.desk, where, work.verb)):
            verb = button(to, lambda: open_where(self.desk, where), "small")
        elif work.item_id:
            verb = button("看条目", lambda: self.desk.open("standards", "checklist", item=work.item_id), "small")
        else:
            return text("")
        verb.setAccessibleName(f"{verb.text()}：{work.what}")
        verb.setMinimumWidth(84)
        return verb

    def _fill_score(self, score: Score, before: Score | None) -> None:
        lost = max(score.max - score.total - score.pending, 0)
        parts = [
            (score.total / 100, theme.GREEN_BAR, "已得"),
            (score.pending / 100, theme.SLATE_BAR, "未到期、待评"),
        ]
        self.ring.show_parts(score.max / 100 or 1, parts, hundredths(score.total), "自评已得")
        clear(self._keys)
        for name, value, color, shown in (
            ("已得", score.total, theme.GREEN_BAR, "all"),
            ("未到期、待评", score.pending, theme.SLATE_BAR, "all"),
            ("未得", lost, theme.LINE, "gaps"),
        ):
            line = row(
                Swatch(color), text(name, "sub"), ..., text(hundredths(value), "strong"), gap=8, pad=(0, 2, 0, 2)
            )
            self._keys.addWidget(RowButton(f"{name} {hundredths(value)} 分", line, self._to_checklist(shown)))
        labels = [short_name(part.dimension.name) for part in score.dimensions]
        shares = [judged_share(part) for part in score.dimensions]
        series: list[tuple[str, str, list[float | None]]] = [(theme.RED, "自评", shares)]
        same = before is not None and [p.id for p in before.dimensions] == [p.id for p in score.dimensions]
        if before is not None and same:
            series.insert(0, (theme.SLATE_BAR, "去年", [judged_share(part) for part in before.dimensions]))
        self.radar.show_series(labels, series, with_values=True)
        day = "今天" if score.on == self.desk.store.today else spoken(score.on)
        compared = "；虚线：去年" if same else ""
        self._note.setText(f"已得里{score.parts_text}。实线：到{day}的自评得分率（%）{compared}")

    def _to_checklist(self, shown: str) -> Callable[[], None]:
        return lambda: self.desk.open("standards", "checklist", filter=shown)

    def _fill_states(self, home: Home) -> None:
        clear(self._states)
        lines: list[QWidget] = []
        if self.desk.has("archive", "hand_in"):
            lines.append(self._hand_in(home))
        if self.desk.has("archive", "backups"):
            lines.append(self._backup(home))
        if home.race is not None:
            lines.append(self._race(home.race, home.plan))
        for number, line in enumerate(lines):
            if number:
                self._states.addWidget(rule())
            self._states.addWidget(line)

    def _hand_in(self, home: Home) -> QWidget:
        sends = self.desk.may(Act.EXCHANGE)
        go = link("去报送" if sends else "看报送", lambda: self.desk.open("archive", "hand_in"))
        if home.sent is None:
            theirs = (
                "现在只能查看，不能生成报送包。" if self.desk.store.look is not None else "由能收发数据包的同志报送。"
            )
            step = "生成报送包，写到U盘带给总部。" if sends else theirs
            return _state("package", "wait", "还没有报送过", step, go)
        icon, tone, words = HAND_IN.get(home.sent.state, ("package", "wait", home.sent.state.label))
        built = local_words(home.sent.built_at_utc, self.desk.store.clock)
        head = f"{period_name(home.sent.period) if home.sent.period else '最近一次'}报送：{words}"
        return _state(icon, tone, head, f"第 {home.sent.seq} 号，{built} 生成", go)

    def _backup(self, home: Home) -> QWidget:
        go: QWidget | None = None
        if self.desk.has("archive", "backups"):
            backs_up = self.desk.may(Act.BACKUP)
            go = button("备到U盘" if backs_up else "看备份", lambda: self.desk.open("archive", "backups"), "small")
        if home.backup is None:
            return _state("shield-check", "part", "还没有备份", "每天第一次打开时自动备份一次。", go)
        words = local_words(home.backup.made_at_utc, self.desk.store.clock)
        advice = "；另备一份到U盘更稳妥" if self.desk.may(Act.BACKUP) else ""
        size = f"{home.backup.size_bytes / 1_000_000:.1f} MB，只在本机{advice}"
        return _state("shield-check", "good", f"{words} 备份，已验证可恢复", size, go)

    def _race(self, race: RaceRow, plan: PlanRow | None) -> QWidget:
        rank = f"，{race.group_size} 个支部中第 {race.rank}" if race.rank is not None else ""
        words = f"离{race.next_class_name}线差 {race.to_next_line} 分" if race.to_next_line else ""
        if plan is not None:
            words = "，".join(filter(None, (words, f"提升规划第 {plan.day} 天")))
        tone = {"advanced": "good", "middle": "part"}.get(race.class_id, "wait")
        go = link("看怎样提升", lambda: self.desk.open("improve")) if self.desk.has("improve") else None
        return _state(
            "trophy", tone, f"{race.period_name}赛马：{race.class_name}{rank}", words or "看每一分的来由。", go
        )


def _state(icon: str, tone: str, head: str, words: str, tail: QWidget | None) -> QWidget:
    mark = Glyph(icon, theme.TONES[tone][0], 22)
    return box(row(mark, (col(Elided(head, "strong"), Elided(words, "sub"), gap=1), 1), tail, gap=12))


def local_words(at_utc: str, clock: Clock) -> str:
    """Return a stored time in local words: 今天 08:12, else 11 月 11 日 08:12."""
    moment = local(at_utc, clock)
    today = clock().date()
    if moment.date() == today:
        return f"今天 {moment:%H:%M}"
    if moment.date() == today - timedelta(days=1):
        return f"昨天 {moment:%H:%M}"
    return f"{spoken(moment)} {moment:%H:%M}"

"""下发 > 反馈包: answers to the branches, built in one go and written to a stick or a folder."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PackageState, PartnerState
from desktop.services import volumes
from desktop.services.clock import Clock
from desktop.services.deeds import MOST_NAMED
from desktop.services.errors import StorageFailure
from desktop.services.progress import Progress
from desktop.services.sync import usb
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.package_format import Kind
from desktop.services.sync.partners import PartnerRow
from desktop.services.sync.results import Packed, SentRow
from desktop.services.sync.sending import Sender
from desktop.services.sync.sent import sent_packages, unreceived
from desktop.services.sync.stale import Behind, behind, behind_words
from desktop.ui.dialogs import ask_folder, show_error
from desktop.ui.page import Desk, Page
from desktop.ui.sync.closed_stick import ClosedStickLine
from desktop.ui.sync.common import TONES, size_of, when
from desktop.ui.sync.inside import InsidePage
from desktop.ui.sync.leaving import let_go
from desktop.ui.sync.stick_box import StickBox
from desktop.ui.sync.sticks import StickWatch
from desktop.ui.table_model import BRANCH_ROOM, Column, DataTable, Tag, Txt
from desktop.ui.updates.carry import CarryBox
from desktop.ui.widgets import (
    Chip,
    Elided,
    EmptyState,
    appear,
    banner,
    box,
    button,
    card,
    clear,
    col,
    fixed,
    link,
    row,
    rule,
    scroll,
    text,
)
from desktop.ui.widgets.dialogs import Dialog, confirm
from desktop.ui.widgets.fields import Choice, Field, FieldSet, to_choose
from desktop.ui.widgets.layout import add
from desktop.ui.widgets.progress import ProgressStrip
from desktop.ui.widgets.words import set_text

SIDE_WIDTH = 400
ROW, LEAST_ROWS = 38, 2
LEAST_HEIGHT = ROW * (1 + LEAST_ROWS) + 2
"""Of the answers so far, its head and so many lines, before the page scrolls as a whole."""
EVERY, UNRECEIVED = "", "unreceived"
BY_SENDERS = "由能收发数据包的同志生成。"
CONTENTS = (
    "每个包带着：收包回执、赛马结果和申诉决定、核定和抽查、意见、转接通知、经验库、总部安排、在用标准。"
    "只有那个支部能打开。"
)


def columns(clock: Clock) -> tuple[Column[SentRow], ...]:
    """Return the columns of the answers so far, moments by `clock`."""

    def built(row: SentRow) -> Txt:
        return Txt("恢复前" if row.forgotten else when(row.built_at_utc, clock), "sub")

    return (
        Column("支部", lambda row: row.partner, least=BRANCH_ROOM),
        Column("包号", lambda row: row.seq, text=lambda seq: f"第 {seq} 号", width=84, tone="sub", fold=420),
        Column("种类", lambda row: Kind(row.kind).word, width=72, tone="sub", fold=600),
        Column("生成", lambda row: row.built_at_utc, cell=built, width=112, fold=440),
        Column("大小", lambda row: row.size_bytes, text=size_of, width=88, tone="sub", align="r", fold=520),
        Column("状态", lambda row: row.state, cell=lambda row: Tag(row.state.label, TONES[row.state]), width=112),
    )


class HandBackDialog(Dialog):
    """Which branch has lost its data and gets headquarters' copy of them."""

    def __init__(self, page: "SendPage", branches: Sequence[PartnerRow]) -> None:
        choices = to_choose((branch.code, f"{branch.code} {branch.name}") for branch in branches)
        self.fields = FieldSet((("code", Field("支部", Choice("支部", choices), required=True)),))
        super().__init__(
            page,
            "把数据交还支部",
            text("支部的数据丢了、又没有备份，才用这个办法。移交包装着总部最后收到的那一份，只有那个支部能打开。",
                 "sub", wrap=True),
            self.fields,
            text("支部在“归档报送 > 报送”点“取回总部数据”。写好之后不要再收它的旧包。", "small", wrap=True),
            verb="写移交包",
        )  # fmt: skip
        self._page = page

    def submit(self) -> None:
        """Ask where, if no stick is plugged in, and write."""
        code = self.fields.values()["code"]
        if not code:
            self.fields.refuse("code", "请选择支部。")
            return
        folder = self._page.folder_for(code, "移交包写到哪里")
        if folder is not None:
            self.accept()
            self._page.hand_back(code, folder)


class SendPage(Page):
    """反馈包."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.sending, self.enrolment = desk.service(Sender), desk.service(EnrolmentService)
        self.boxes: dict[str, QCheckBox] = {}
        self._on_stick: volumes.Volume | None = None
        """The stick that the folders being written to lie on."""
        self._choices: dict[str, bool] = {}
        """What was ticked or not by hand since the last writing; else those with something new are."""
        self._due: set[str] = set()
        self.lagging: list[Behind] = []
        self.active: list[PartnerRow] = []
        self.all_box = QCheckBox("全部支部")
        self.all_box.setChecked(True)
        self.all_box.clicked.connect(self.tick_all)
        self._branches = col(gap=2)
        side = box(
            col(
                row(
                    text("发给哪些支部" if desk.may(Act.EXCHANGE) else "各支部", "h2"),
                    ...,
                    self.all_box,
                    pad=(0, 0, 8, 0),
                ),
                rule(),
                (scroll(box(self._branches)), 1),
                row(self.desk.offered(Act.EXCHANGE, link("支部的数据丢了？把数据交还支部", self.ask_hand_back)), ...),
                gap=10,
                pad=(16, 14, 8, 10),
            ),
            "card",
        )
        self.send_button = self.desk.offered(Act.EXCHANGE, button("写入U盘", self.send, "primary", "usb"))
        self.folder_button = self.desk.offered(
            Act.EXCHANGE, button("写到文件夹", self.send_to_folder, "small", "folder")
        )
        self.stick = StickBox(self.send_button, self.folder_button)
        self.strip = ProgressStrip()
        self.sends = self.desk.may(Act.EXCHANGE)
        self._lag = col(gap=0)
        self.look_link = self.desk.offered(Act.EXCHANGE, link("先看包里有什么", self.look_inside, "package"))
        appear(self.look_link, self.sends)
        words = text(CONTENTS if self.sends else f"{CONTENTS}{BY_SENDERS}", "sub", wrap=True)
        appear(self.stick, self.sends)
        self.carry = CarryBox(self, lambda: self.volume, self.strip, self._carried)
        appear(self.carry, self.sends)
        self.stick.changed.connect(self.carry.stick_changed)
        first = row((words, 1), self.look_link, gap=12)
        self.closed_line = ClosedStickLine(self)
        parts = (first, box(self._lag), self.closed_line, self.stick, self.carry, self.strip)
        self._now = card("生成反馈包", *parts)
        empty = EmptyState("send", "还没有下发过反馈包。", "生成的每个包和它是否被支部收到，都列在这里。")
        self.table: DataTable[SentRow] = DataTable(
            columns(desk.store.clock), "以往的反馈包", empty, height=ROW, look="bare"
        )
        self.table.opened.connect(lambda sent: desk.push(InsidePage(desk, sent.package_hash)))
        self._unreceived: frozenset[str] = frozenset()
        self.shown = Choice("列出", [(EVERY, "全部"), (UNRECEIVED, "没有回执的")], EVERY, width=150)
        self.shown.currentIndexChanged.connect(lambda _index: self._filter())
        self._waits = Elided("", "sub")
        self.table.setMinimumHeight(LEAST_HEIGHT)
        named = row(text("以往的反馈包", "h2"), (self._waits, 1), gap=12)
        past = card("", row((named, 1), self.shown, gap=12), (self.table, 1))
        right = col(self._now, (past, 1), gap=12)
        self.setLayout(row(fixed(side, SIDE_WIDTH), (right, 1), gap=12, pad=(24, 14, 24, 16)))
        self._watch = StickWatch(self, self._look_for_sticks)
        self._sticks_found([])

    def reload(self) -> None:
        """Read who can be answered, and the answers so far."""
        store = self.desk.store
        self.read(
            lambda: (
                self.enrolment.partners(),
                sent_packages(store),
                self.sending.due(),
                behind(store),
                unreceived(store),
            ),
            lambda read: self._loaded(*read),
        )
        if self.sends:
            self.carry.load()

    def heightForWidth(self, width: int) -> int:
        """Ask for no more than the page cannot do without: both its lists scroll by themselves."""
        return self.layout().totalMinimumHeightForWidth(width)

    def showEvent(self, event: Any) -> None:
        """Look for sticks only while the page is in view."""
        super().showEvent(event)
        fixed(self.layout().itemAt(0).widget(), 300 if self.width() < 900 else SIDE_WIDTH)
        self._watch.start()

    def hideEvent(self, event: Any) -> None:
        """Stop looking for sticks."""
        self._watch.stop()
        super().hideEvent(event)

    @property
    def volume(self) -> volumes.Volume | None:
        """The stick that is written to."""
        return self.stick.volume

    def chosen(self) -> list[str]:
        """Return the codes of the branches that are ticked."""
        return [code for code, part in self.boxes.items() if part.isChecked()]

    def tick_all(self) -> None:
        """Tick everybody or nobody; each box that turns sets the box for all anew, so what it says is read once."""
        on = self.all_box.isChecked()
        for code, part in self.boxes.items():
            self._choices[code] = on
            part.setChecked(on)

    def send(self) -> None:
        """Write the answers to the stick, each into the folder of its branch; without a stick ask for a folder."""
        volume, codes = self.volume, self.chosen()
        if volume is None:
            self.send_to_folder()
            return
        folders = {code: usb.exchange_folder(volume.root, code, usb.DOWN_FOLDER) for code in codes}
        self._on_stick = volume
        self._send(folders)

    def send_to_folder(self) -> None:
        """Ask for a folder and write the answers there."""
        if self._nobody():
            return
        folder = ask_folder(self, "反馈包写到哪里", to_write=True)
        if folder is not None:
            self.write(folder)

    def write(self, folder: Path) -> None:
        """Write the answers of the ticked branches to `folder`."""
        self._on_stick = None
        self._send(dict.fromkeys(self.chosen(), folder))

    def look_inside(self) -> None:
        """Build the answers of the ticked branches without writing them out, and show what is in them."""
        if self._nobody():
            return
        codes = self.chosen()

        def done(made: list[Packed]) -> None:
            if len(made) == 1:
                self.desk.push(InsidePage(self.desk, made[0].package_hash))
            else:
                self.desk.say(f"已生成 {len(made)} 个反馈包，还没有写出。双击列表里的一个，看里面有什么。")

        self.call(
            lambda progress: self.sending.answer(codes, None, progress),
            done,
            strip=self.strip,
            words=f"正在生成 {len(codes)} 个反馈包",
            buttons=(self.send_button, self.folder_button),
        )

    def ask_hand_back(self) -> None:
        """Ask which branch has lost its data."""
        HandBackDialog(self, self.active).open()

    def folder_for(self, code: str, title: str) -> Path | None:
        """Return where packages for the branch `code` go: its folder on the stick, else one the user chooses."""
        if self.volume is not None:
            return usb.exchange_folder(self.volume.root, code, usb.DOWN_FOLDER)
        return ask_folder(self, title, to_write=True)

    def hand_back(self, code: str, folder: Path) -> None:
        """Write headquarters' copy of the data of the branch `code` to `folder`."""

        def done(packed: Packed) -> None:
            count = f"{1 + len(packed.more)} 个移交包" if packed.more else "移交包"
            let_go(self, volume, f"{code}的{count}已写好，回读核对无误。")

        volume = self.volume if self.volume is not None and self.volume.root in folder.parents else None

        def work(progress: Progress) -> Packed:
            if volume is not None:
                usb.require(volume)
            return self.sending.hand_back(code, folder, progress)

        def again() -> None:
            self.hand_back(code, self._folder_now(code, folder, on_stick=volume is not None))

        self.stick.calm()
        self.call(
            work,
            done,
            failed=lambda error: self._not_written(error, again),
            strip=self.strip,
            words="正在生成移交包",
            buttons=(self.send_button, self.folder_button),
        )

    def _carried(self, volume: volumes.Volume, words: str) -> None:
        """Let go of the stick that a new version was put on, unless answers are still to be written to it."""
        let_go(self, None if self.chosen() else volume, words)

    def _nobody(self) -> bool:
        if not self.chosen():
            self.desk.say("请先勾选要下发的支部。")
            return True
        return False

    def _send(self, folders: dict[str, Path]) -> None:
        if self._nobody():
            return
        lagging = [lag for lag in self.lagging if lag.code in folders]
        if not lagging:
            self._write(folders)
            return
        sure = any(lag.sure for lag in lagging)
        confirm(
            self,
            "本机数据比支部收过的旧，照样下发？" if sure else "编号可能落后，照样下发？",
            behind_words(lagging, self.desk.store.clock),
            "照样下发",
            lambda: self._write(folders),
            destructive=True,
        )

    def _answer(self, folders: dict[str, Path], progress: Progress) -> list[Packed]:
        """Write the answers, each into its folder; touches no widget."""
        if self._on_stick is not None:
            usb.require(self._on_stick)
        return self.sending.answer(list(folders), folders, progress)

    def _write(self, folders: dict[str, Path]) -> None:
        def done(made: list[Packed]) -> None:
            self._choices.clear()
            words = f"已写好 {len(made)} 个反馈包，写完后又逐个读过，都在。"
            let_go(self, None if self.carry.waits else self._on_stick, words)

        self.stick.calm()
        self.call(
            partial(self._answer, folders),
            done,
            failed=lambda error: self._not_written(error, partial(self._again, folders)),
            strip=self.strip,
            words=f"正在生成 {len(folders)} 个反馈包",
            buttons=(self.send_button, self.folder_button),
        )

    def _not_written(self, error: Exception, again: Callable[[], object]) -> None:
        """Say it where it can be done again at once; a stick that is gone is looked for anew."""
        if not isinstance(error, StorageFailure):
            show_error(self, error)
            return
        self.stick.refuse(error, again)
        self._look_for_sticks()

    def _again(self, folders: dict[str, Path]) -> None:
        """Write the same answers once more: to the stick that is chosen now, where they were to go to one."""
        on_stick = self._on_stick is not None
        if on_stick and self.volume is not None:
            self._on_stick = self.volume
        self._write({code: self._folder_now(code, to, on_stick=on_stick) for code, to in folders.items()})

    def _folder_now(self, code: str, before: Path, *, on_stick: bool) -> Path:
        """Return where what was to go to `before` goes now: sticks may have been changed meanwhile."""
        if on_stick and self.volume is not None:
            return usb.exchange_folder(self.volume.root, code, usb.DOWN_FOLDER)
        return before

    def _loaded(
        self,
        partners: list[PartnerRow],
        sent: Sequence[SentRow],
        due: set[str],
        lagging: list[Behind],
        waiting: list[SentRow],
    ) -> None:
        self._due, self.lagging = due, lagging
        active = [partner for partner in partners if partner.state is PartnerState.ACTIVE]
        self.active = active
        last: dict[str, SentRow] = {}
        for answer in sent:
            last.setdefault(answer.partner, answer)
        clear(self._branches)
        self.boxes = {}
        for partner in active:
            add(self._branches, self._branch(partner, last.get(partner.name)))
        if not active:
            add(self._branches, text("还没有登记的支部，先到“总览”邀请。", "sub", wrap=True))
        add(self._branches, ...)
        appear(self.all_box, bool(active) and self.sends)
        self.send_button.setEnabled(bool(active))
        self.folder_button.setEnabled(bool(active))
        self._unreceived = frozenset(answer.package_hash for answer in waiting)
        words = "、".join(answer.partner for answer in waiting[:MOST_NAMED]) + ("等" if waiting[MOST_NAMED:] else "")
        said = f"{len(waiting)} 个支部还没有回执：{words}。回执随支部的下一个报送包来。"
        set_text(self._waits, said if waiting else "")
        self.table.set_rows(sent, same=lambda row: row.package_hash)
        self._show_lag()
        self._count()

    def go(self, where: dict[str, Any]) -> None:
        """Show those without a receipt, where that is asked."""
        if where.get("view") == UNRECEIVED:
            self.shown.set_value(UNRECEIVED)

    def _filter(self) -> None:
        only = self.shown.value() == UNRECEIVED
        self.table.model.set_filter((lambda row: row.package_hash in self._unreceived) if only else None)

    def _show_lag(self) -> None:
        clear(self._lag)
        if not self.lagging:
            return
        sure = any(lag.sure for lag in self.lagging)
        title = "支部收过的反馈包比本机记着的新" if sure else "数据从备份恢复过，包号可能落后"
        receive = None if sure else button("去收包", lambda: self.desk.open("receive"), "small")
        words = behind_words(self.lagging, self.desk.store.clock)
        add(self._lag, banner("bad" if sure else "part", "alert-circle", title, words, receive))

    def _branch(self, partner: PartnerRow, last: SentRow | None) -> QWidget:
        tick = QCheckBox(partner.code)
        tick.setAccessibleName(f"{partner.code} {partner.name}")
        due = partner.code in self._due
        tick.setChecked(self._choices.get(partner.code, due))
        tick.clicked.connect(lambda on: self._choices.update({partner.code: on}))
        tick.toggled.connect(lambda _on: self._count())
        self.boxes[partner.code] = tick
        chip, name = news_chip(last, due), text(partner.name, "sub", wrap=True)
        if not self.sends:
            tick.setParent(None)
            return box(row(text(partner.code), (name, 1), chip, gap=8, pad=(0, 2, 8, 2)))
        return box(row(tick, (name, 1), chip, gap=8, pad=(0, 2, 8, 2)))

    def _count(self) -> None:
        count = len(self.chosen())
        self.all_box.setChecked(count == len(self.boxes) and bool(self.boxes))
        self.stick.say_before(f"已选 {count} 个支部。")

    def _look_for_sticks(self) -> None:
        if self.desk.tasks.idle():
            self.read(volumes.sticks, self._sticks_found, failed=lambda _error: None)

    def _sticks_found(self, found: Sequence[volumes.Volume]) -> None:
        self.stick.show_sticks(found)
        self.closed_line.look_at(found)


def news_chip(last: SentRow | None, due: bool) -> Chip:
    """Return how a branch stands: nothing sent yet, something new for it, or what became of the last answer."""
    if last is None:
        return Chip("未下发", "wait")
    if due:
        return Chip("未写出" if last.state is PackageState.PREPARED else "有新内容", "run")
    return Chip(last.state.label, TONES[last.state])

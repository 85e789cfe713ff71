"""归档报送 > 报送: three steps to the receipt, the packages so far, and what headquarters answered."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services import volumes
from desktop.services.clock import Clock, spoken
from desktop.services.errors import StorageFailure
from desktop.services.improvement.feedback import receive_feedback
from desktop.services.progress import Progress
from desktop.services.race.editions import ended_last, period_name, race_span
from desktop.services.reporting_due import unfinished
from desktop.services.sync import usb
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.overview import HandIn, hand_in
from desktop.services.sync.protocol import Decision
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.results import Packed, ReceivedRow, Result, SentRow
from desktop.services.sync.sending import Sender
from desktop.services.sync.stale import declare_local_valid
from desktop.ui.attachments import file_size
from desktop.ui.dialogs import ask_folder, ask_open, ask_open_many, show_error
from desktop.ui.keys import ask_help, end_help
from desktop.ui.page import Desk, Page
from desktop.ui.standards.self_check import SelfCheckLine
from desktop.ui.sync.closed_stick import ClosedStickLine
from desktop.ui.sync.common import PACKAGES, TONES, size_of, when
from desktop.ui.sync.decisions import FingerprintDialog, decide_fork, take_back
from desktop.ui.sync.feedback import show_feedback
from desktop.ui.sync.inside import InsidePage
from desktop.ui.sync.leaving import let_go
from desktop.ui.sync.record import histories
from desktop.ui.sync.stick_box import StickBox
from desktop.ui.sync.sticks import StickWatch
from desktop.ui.table_model import Column, DataTable, Tag, Txt
from desktop.ui.updates.line import UpdateLine
from desktop.ui.widgets import (
    Chip,
    EmptyState,
    Segments,
    banner,
    box,
    button,
    card,
    clear,
    col,
    fixed,
    link,
    row,
    scroll,
    text,
)
from desktop.ui.widgets.dialogs import confirm, inform
from desktop.ui.widgets.layout import Turning, add, appear
from desktop.ui.widgets.periods import Stepper
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from desktop.services.sync.enrolment import PendingInvitation, RegistrationFile

SENT, CAME = "sent", "came"
KEY_FILES = "邀请文件 (*.dzk)"
SIDE_WIDTH = 348
FORKED = "总部可能恢复过备份，这个反馈包和以前收到的不是一条线，已隔离。请先打电话问清；本支部自己的记录不受影响。"


def columns(clock: Clock) -> tuple[Column[SentRow], ...]:
    """Return the columns of the packages handed in, moments by `clock`."""

    def built(row: SentRow) -> Txt:
        return Txt("恢复前" if row.forgotten else when(row.built_at_utc, clock), "sub")

    def receipt(row: SentRow) -> Txt:
        return Txt(when(row.answered_at_utc, clock), "" if row.answered_at_utc else "sub")

    def state(row: SentRow) -> Tag:
        return Tag(row.state.label, TONES[row.state])

    return (
        Column("期次", lambda row: row.period or "", text=lambda p: period_name(p) if p else "未申报"),
        Column("包号", lambda row: row.seq, text=lambda seq: f"第 {seq} 号", width=84, tone="sub", fold=380),
        Column("生成", lambda row: row.built_at_utc, cell=built, width=112, fold=470),
        Column("附件", lambda row: row.attachments, text=lambda n: f"{n} 个", width=68, tone="sub", fold=600),
        Column("大小", lambda row: row.size_bytes, text=size_of, width=88, tone="sub", align="r", fold=620),
        Column("状态", lambda row: row.state, cell=state, width=112),
        Column("总部回执", lambda row: row.answered_at_utc or "", cell=receipt, width=112),
    )


BY_SENDERS = "由能收发数据包的同志生成报送包、写到U盘带给总部。"
NOT_NOW = "现在只能查看，能写以后再生成报送包。"


class HandInPage(Page):
    """报送."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.sending, self.receiving = desk.service(Sender), desk.service(Receiver)
        self.enrolment = desk.service(EnrolmentService)
        self.view: HandIn | None = None
        self.receive_button = self.desk.offered(Act.EXCHANGE, button("导入总部反馈", self.receive, icon="download"))
        self.pack_button = self.desk.offered(Act.EXCHANGE, button("生成报送包", self.pack, "primary", "archive"))
        self.copy_button = self.desk.offered(Act.EXCHANGE, button("写入U盘", self.copy, "primary", "usb"))
        self.other_button = self.desk.offered(Act.EXCHANGE, button("换一个位置", self.copy_elsewhere, "small"))
        self.stick = StickBox(self.copy_button, self.other_button)
        self.strip = ProgressStrip()
        self._head, self._todo = row(gap=8), col(gap=10)
        self._held: QWidget | None = None
        self.stepper = Stepper((("生成报送包", ""), ("写入U盘", ""), ("总部回执", "")))
        self._note = text(
            "只有市公司能打开这个包。写入后记录仍可修改；导入回执之前，状态一直是“未确认”。", "sub", wrap=True
        )
        lost = self.desk.offered(Act.EXCHANGE, link("本机数据丢了？取回总部数据", self.take_back))
        self._foot = box(row((self._note, 1), lost, gap=12))
        self.self_check = SelfCheckLine(self)
        parts = (self._head, self.stepper, box(self._todo), self.strip, self.self_check, self._foot)
        self._now = card("", *parts, gap=10)
        empty = EmptyState("send", "还没有报送过。", "生成的每个包和它的回执都列在这里。")
        self.table: DataTable[SentRow] = DataTable(
            columns(desk.store.clock), "以往的报送", empty, height=38, look="bare"
        )
        nothing = EmptyState("inbox", "还没有收过总部的包。", "收下的、没有收的，都列在这里。")
        self.came: DataTable[ReceivedRow] = DataTable(
            histories(desk.store.clock, reports=False), "收包记录", nothing, height=42, look="bare"
        )
        self.came.opened.connect(self.show_came)
        self.lists = Segments(((SENT, "以往的报送"), (CAME, "收包记录")), name="报送记录")
        self._stack = Turning()
        for table in (self.table, self.came):
            self._stack.addWidget(table)
        self.lists.changed.connect(lambda key: self._stack.setCurrentIndex((SENT, CAME).index(key)))
        self._side = col(gap=8)
        side = fixed(box(col(scroll(box(self._side)), pad=(16, 14, 10, 10)), "card"), SIDE_WIDTH)
        past = card("", row(self.lists, ...), (self._stack, 1))
        self.update_line = UpdateLine(self)
        self.closed_line = ClosedStickLine(self)
        left = col(self.update_line, self.closed_line, self._now, (past, 1), gap=12)
        self.setLayout(row((left, 1), side, gap=12, pad=(24, 14, 24, 16)))
        self._watch = StickWatch(self, self._look_for_sticks)

    def bar_actions(self) -> Sequence[QWidget]:
        """Feedback in; the primary action is in the card."""
        return (self.receive_button,)

    def reload(self) -> None:
        """Read where the branch stands with its reports."""
        store = self.desk.store
        self.read(lambda: hand_in(store), self._show)

    def go(self, where: dict[str, Any]) -> None:
        """Take the feedback, or the invitation, that the system handed to the program."""
        if where.get("files"):
            self.receive(where["files"])
        elif where.get("invitation"):
            self.accept_invitation(where["invitation"])

    def showEvent(self, event: Any) -> None:
        """Look for sticks only while the page is in view."""
        super().showEvent(event)
        self._watch.start()

    def hideEvent(self, event: Any) -> None:
        """Stop looking for sticks."""
        self._watch.stop()
        super().hideEvent(event)

    # actions

    def pack(self) -> None:
        """Build the package of the period; it stays in the outbox until it is copied."""
        if self.view is not None:
            self._pack(self.view.period)

    def pack_earlier(self, period: str) -> None:
        """Build the package of a quarter before the one in view."""
        self._pack(period)

    def _pack(self, period: str) -> None:
        self.call(
            lambda progress: self.sending.pack(None, period, progress),
            self._packed,
            strip=self.strip,
            words="正在生成报送包",
            buttons=(self.pack_button,),
        )

    def copy(self) -> None:
        """Write the package to the stick that is plugged in."""
        if self.volume is None:
            self.copy_elsewhere()
            return
        code = self.view.headquarters.code if self.view and self.view.headquarters else ""
        self._copy_to(usb.exchange_folder(self.volume.root, code, usb.UP_FOLDER))

    @property
    def volume(self) -> volumes.Volume | None:
        """The stick that is written to."""
        return self.stick.volume

    def show_inside(self) -> None:
        """Show what is in the package that waits to be handed in."""
        if self.view is not None and self.view.current is not None:
            self.desk.push(InsidePage(self.desk, self.view.current.package_hash))

    def copy_elsewhere(self) -> None:
        """Write the package to a folder the user chooses."""
        folder = ask_folder(self, "报送包写到哪里", to_write=True)
        if folder is not None:
            self._copy_to(folder)

    def receive(self, files: list[Path] | None = None) -> None:
        """Take in feedback of headquarters."""
        chosen = files or ask_open_many(self, "选择总部的反馈包", PACKAGES)
        if not chosen:
            return

        self.call(
            partial(receive_feedback, self.desk.store, chosen),
            lambda got: self._received(*got),
            strip=self.strip,
            words="正在导入反馈",
            buttons=(self.receive_button,),
        )

    def accept_invitation(self, given: Path | None = None) -> None:
        """Take in the invitation of headquarters; the fingerprint is compared before anything is kept."""
        file = given or ask_open(self, "选择总部给的邀请文件", KEY_FILES)
        if file is not None:
            self.read(
                lambda: self.enrolment.accept_invitation(file),
                lambda invitation: FingerprintDialog(self, invitation, file.parent, self.join).open(),
            )

    def join(self, invitation: "PendingInvitation", to: Path, help_allowed: bool) -> None:
        """Keep the invitation and write the registration to `to`; without consent to help it is asked for later."""
        self.act(lambda: invitation.confirm(to, help_allowed or None), then=self._joined)

    def take_back(self) -> None:
        """Put headquarters' copy of this branch's data in the place of what is here."""
        take_back(self, lambda results: self._received(results, "", "数据已取回"), self.strip)

    def show_came(self, row: ReceivedRow) -> None:
        """Say what is to be known of a package or file that came."""
        words = row.words
        if words is None:
            inform(self, "已收", row.file_name)
        else:
            inform(self, words.title, words.kept, words.next, code=words.code)

    # inside

    def _when(self, at_utc: str | None) -> str:
        return when(at_utc, self.desk.store.clock)

    def _joined(self, written: "RegistrationFile") -> None:
        inform(
            self,
            "已加入，请把登记文件交回总部",
            f"登记文件：{written.path}",
            "总部导入后，会打电话核对本支部的指纹，就是下面这组数字：",
            written.fingerprint,
            "以后在“设置 > 使用人与安全”的“签名钥匙”里也看得到。",
        )

    def _packed(self, packed: Packed) -> None:
        self.desk.say(f"第 {packed.seq} 号报送包已生成，{file_size(packed.size_bytes)}。")

    def _copy_to(self, folder: Path) -> None:
        current = self.view.current if self.view else None
        if current is None:
            return
        volume = self.volume if self.volume is not None and self.volume.root in folder.parents else None

        def work(progress: Progress) -> Path:
            if volume is not None:
                usb.require(volume)
            return self.sending.copy(current.package_hash, folder, progress)

        self.stick.calm()
        self.call(
            work,
            self._copied,
            failed=self._not_copied,
            strip=self.strip,
            words="正在写入并核对",
            buttons=(self.copy_button, self.other_button),
        )

    def _not_copied(self, error: Exception) -> None:
        """Say it where it can be done again at once; a stick that is gone is looked for anew."""
        if self.stick.isVisible() and isinstance(error, StorageFailure):
            self.stick.refuse(error)
            self._look_for_sticks()
        else:
            show_error(self, error)

    def _copied(self, path: Path) -> None:
        volume = self.volume
        on_stick = volume is not None and volume.root in path.parents
        let_go(self, volume if on_stick else None, "写入核对无误。" if on_stick else f"写入核对无误：{path}")

    def _received(self, results: list[Result], words: str, title: str = "反馈已导入") -> None:
        forked = next((result for result in results if result.code == Decision.FORK), None)
        if forked is not None:
            self._decide(forked.package_hash)
            return
        lines = [line for result in results for line in (result.message, *result.arrived)]
        if all(result.code == Decision.REPEATED for result in results):
            title = "没有新内容"
        bad = any(result.code.startswith("E-") for result in results)
        inform(self, "有文件没有导入" if bad else title, *lines, words, bad=bad)

    def _decide(self, package_hash: str) -> None:
        """Headquarters went on from an older copy of its data: the secretary decides after a call."""
        decide_fork(self, package_hash, FORKED, lambda results: self._received(results, ""), self.strip)

    def _look_for_sticks(self) -> None:
        """Ask the system for sticks on the worker; show what changed."""
        if self.desk.tasks.idle():
            self.read(volumes.sticks, self._sticks_found, failed=lambda _error: None)

    def _sticks_found(self, found: list[volumes.Volume]) -> None:
        self.stick.show_sticks(found)
        self.update_line.look_at(found)
        self.closed_line.look_at(found)

    def _show(self, view: HandIn) -> None:
        self.view = view
        self.self_check.load(race_span(view.period).last.year)
        self.table.set_rows(view.sent, same=lambda sent: sent.package_hash)
        self.came.set_rows(view.came, same=lambda came: came.id)
        clear(self._head)
        add(self._head, text(view.period_name, "h2"))
        if view.headquarters is not None:
            late = view.days_left < 0
            words = (
                f"已过封账日 {-view.days_left} 天"
                if late
                else f"{spoken(view.closes_on)}封账，还有 {view.days_left} 天"
            )
            if view.not_owed and view.period == ended_last(self.desk.store.today):
                words, late = f"{view.period_name}不用报，报了一样计入", False
            add(self._head, Chip(words, "bad" if late and view.step < 2 else "none"))
        add(self._head, ...)
        current = view.current
        self.stepper.show_steps(
            (
                (
                    "生成报送包",
                    f"{self._when(current.built_at_utc)}，第 {current.seq} 号" if current else "全部记录和新附件",
                ),
                (
                    "写入U盘",
                    f"{self._when(current.copied_at_utc)}，{current.copied_to or ''}"
                    if view.step >= 2 and current
                    else "写完自动回读核对",
                ),
                ("总部回执", self._when(current.answered_at_utc) if view.step == 3 and current else "带回U盘后导入"),
            ),
            view.step,
        )
        appear(self.stepper, view.headquarters is not None)
        appear(self._foot, view.headquarters is not None and view.stale is None)
        self._show_todo(view)
        show_feedback(self._side, self.desk, view)

    def _show_todo(self, view: HandIn) -> None:
        clear(self._todo, self.pack_button, self.stick, to=self._to_go_on)
        if view.headquarters is None:
            step = "总部会当面给一个邀请文件和一张写有指纹的公函。"
            empty = EmptyState("usb", "还没有与总部建立联系。", step, "导入邀请文件", self.accept_invitation)
            self.desk.offered(Act.EXCHANGE, empty)
            add(self._todo, empty)
            return
        if view.stale is not None:
            words = (
                f"总部已收过第 {view.stale.seq} 号，本机只到第 {view.stale.known} 号。"
                "有较新的备份，先恢复备份；没有，请总部写移交包，取回总部的数据；本机确实是最新的，就以本机为准。"
            )
            back = self.desk.offered(Act.EXCHANGE, button("取回总部数据", self.take_back, "small"))
            choose = self.desk.offered(Act.EXCHANGE, button("以本机数据为准", self._declare, "small"))
            add(self._todo, banner("bad", "alert-circle", "本机数据比总部旧，暂停报送", words))
            add(self._todo, row(..., choose, back))
            return
        if view.behind is not None:
            words = (
                f"{self._when(view.behind.since_utc)} 恢复过备份，不知道总部收到了第几号。"
                "请先导入总部最近的反馈包；没有新的反馈，就先打电话问总部收到第几号。"
            )
            hear = self.desk.offered(Act.EXCHANGE, button("导入总部反馈", self.receive, "small"))
            add(self._todo, banner("part", "alert-circle", "数据从备份恢复过，包号可能落后", words, hear))
        if not (view.help.asked or view.help.allowed) and self.desk.may(Act.USERS):
            allow = button("允许", partial(ask_help, self, view.help.headquarters), "small")
            answers = row(link("不用", partial(end_help, self)), allow, gap=10)
            words = f"可以允许{view.help.headquarters}协助重设：电话核对数字以后才行，随时可以取消。"
            add(self._todo, banner("wait", "key", "密码和恢复码都丢了怎么办？", words, box(answers)))
        for fork in view.forks:
            decide = self.desk.offered(
                Act.EXCHANGE, button("看一看再定", partial(self._decide, fork.package_hash), "small")
            )
            words = f"{self._when(fork.received_at_utc)} 收到的第 {fork.seq} 号和以前的不是一条线，已隔离。"
            add(self._todo, banner("part", "alert-circle", "有一个反馈包等待决定", words, decide))
        if view.unanswered is not None:
            written = self._when(view.unanswered.copied_at_utc)
            words = f"第 {view.unanswered.seq} 号在 {written} 写出，至今没有回执。数据还在本机。"
            add(self._todo, banner("part", "clock", words, "请问总部收到没有；没有收到，就再写一次。"))
        if view.step < 2 and not self.desk.may(Act.EXCHANGE):
            add(self._todo, text(BY_SENDERS if self.desk.store.look is None else NOT_NOW, "sub", wrap=True))
        elif view.step == 0:
            add(
                self._todo,
                row((text("把本支部现在的全部记录装成一个加密签名的包。", "sub", wrap=True), 1), self.pack_button),
            )
        elif view.step == 1:
            add(self._todo, self.stick)
            appear(self.stick, True)
            add(self._todo, row(..., link("这个包里有什么", self.show_inside, "package")))
        else:
            again = self.desk.offered(Act.EXCHANGE, link("再写一次", self.copy, "usb"))
            new = self.desk.offered(Act.EXCHANGE, link("重新生成", self.pack, "refresh"))
            self._held = held = link("这个包里有什么", self.show_inside, "package")
            received = "总部已收，本期报送完成。" if view.complete else "总部已收。"
            words = received if view.step == 3 else "已写入，等待总部回执。把U盘交给总部，反馈带回后导入。"
            add(
                self._todo, row((text(words, "body", "good" if view.step == 3 else "", wrap=True), 1), held, again, new)
            )

        if early := unfinished(view.period, self.desk.store.today):
            add(self._todo, text(f"{early}。", "small", "wait", wrap=True))
        for period in view.earlier if self.desk.may(Act.EXCHANGE) else ():
            name, free = period_name(period), view.not_owed if period == ended_last(self.desk.store.today) else ""
            words = f"{free}；{name}不用报，有记录的也可以报。" if free else f"{name}还没有报。"
            go = link(f"{'' if free else '补'}报{name}", partial(self.pack_earlier, period), "archive")
            add(self._todo, row((text(words, "small", wrap=True), 1), go))

    def _to_go_on(self) -> QWidget | None:
        """Return the button of the step that is due: keys that did the step before stand there next."""
        step = self.view.step if self.view is not None else 0
        return (self.pack_button, self.copy_button)[step] if step < 2 else self._held

    def _declare(self) -> None:
        confirm(
            self,
            "以本机数据为准？",
            "下次报送时总部会请你们确认。本机数据确实是最新的，再这样做。",
            "以本机数据为准",
            lambda: self.act(lambda: declare_local_valid(self.desk.store)),
            destructive=True,
        )

"""收包: packages of the branches taken in, each for itself; what came of every file; what waits for a word."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services import volumes
from desktop.services.sync import usb
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.kinds import KindChanges, by_kind
from desktop.services.sync.protocol import OK
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.results import ReceivedRow, Result
from desktop.services.sync.turns import WHOLE
from desktop.ui.dialogs import ask_folder, ask_open_many
from desktop.ui.headquarters.enrolling import RegistrationDialog
from desktop.ui.headquarters.parts import file_fact
from desktop.ui.output import export_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.sync.closed_stick import ClosedStickLine
from desktop.ui.sync.common import PACKAGES, when
from desktop.ui.sync.decisions import decide_fork
from desktop.ui.sync.record import UNKNOWN, declared, histories, outcome, refusal
from desktop.ui.sync.sticks import StickWatch
from desktop.ui.table_model import Column, DataTable, Two
from desktop.ui.updates.line import UpdateLine
from desktop.ui.widgets import EmptyState, Glyph, Segments, appear, banner, box, button, card, clear, col, row, text
from desktop.ui.widgets.layout import Turning, add
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from desktop.services.sync.enrolment import PendingRegistration

NOW, HISTORY, HELD = "now", "history", "held"
REPORT = "上报"


def _words_of(result: Result) -> str:
    """Return the words for a file without its name, which stands above them."""
    return result.message.removeprefix(f"“{result.file.name}”")


RESULTS: tuple[Column[Result], ...] = (
    Column("文件", lambda result: result.file.name, cell=lambda result: Two(result.file.name, _words_of(result))),
    Column(
        "支部",
        lambda result: result.sender_name,
        cell=lambda result: Two(result.sender_name or UNKNOWN, result.sender),
        width=196,
        fold=640,
    ),
    Column(
        "包号", lambda result: result.seq, text=lambda n: f"第 {n} 号" if n else "—", width=84, tone="sub", fold=520
    ),
    Column("结果", lambda result: outcome(result.code).text, cell=lambda result: outcome(result.code), width=98),
)


def _counted(kind: KindChanges) -> str:
    """Return how many records of a kind came, changed and went."""
    counts = (("新增", kind.added), ("修改", kind.changed), ("删除", kind.removed))
    return "，".join(f"{verb} {count}" for verb, count in counts if count)


class ReceivePage(Page):
    """收包."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.receiving, self.enrolment = desk.service(Receiver), desk.service(EnrolmentService)
        self.results: list[Result] = []
        self.volume: volumes.Volume | None = None
        self._waiting: list[Path] = []
        self.export_button = self.desk.offered(Act.EXPORT, button("导出记录", self.export, icon="download"))
        self.folder_button = self.desk.offered(
            Act.EXCHANGE, button("选择文件夹", self.choose_folder, icon="folder-open")
        )
        self.files_button = self.desk.offered(Act.EXCHANGE, button("选择报送包", self.choose_files, "primary", "inbox"))
        self.stick_button = self.desk.offered(Act.EXCHANGE, button("全部收下", self.take_stick, "small", "usb"))
        self.strip = ProgressStrip()
        self._stick_words = text("", wrap=True)
        stick = row(Glyph("usb", size=20), (self._stick_words, 1), self.stick_button, gap=12, pad=(14, 8, 12, 8))
        self._stick = box(stick, "wait")
        self._registrations = col(gap=6)
        self._key_files: list[Path] = []
        """The key files of the stick, or of the folder looked at last."""
        self._known: list[tuple[Path, PendingRegistration]] = []
        first = "插上带来的U盘，或选择报送包所在的文件夹；一个包有问题，不影响别的包。"
        empty = EmptyState("inbox", "还没有收过报送包。", first, "选择报送包", self.choose_files)
        self.desk.offered(Act.EXCHANGE, empty)
        columns = histories(desk.store.clock, reports=True)
        self.history: DataTable[ReceivedRow] = DataTable(columns, "收包记录", empty, height=42, look="bare")
        nothing = EmptyState("circle-check", "没有等待处理的包。", "分叉的包和新版本程序写的包会留在这里。")
        self.held: DataTable[ReceivedRow] = DataTable(columns, "待处理", nothing, height=42, look="bare")
        fresh = EmptyState("inbox", "这次还没有收包。")
        self.now: DataTable[Result] = DataTable(RESULTS, "本次结果", fresh, height=48, look="bare")
        self.views = Segments(((HISTORY, "收包记录"), (HELD, "待处理"), (NOW, "本次结果")), name="收包")
        self.views.changed.connect(self.show_view)
        for table in (self.history, self.now):
            self.strip.running.connect(table.wait)
        self._summary = text("", "sub", wrap=True)
        self._stack = Turning()
        for table in (self.history, self.held, self.now):
            self._stack.addWidget(table)
        lists = card("", row(self.views, 8, (self._summary, 1), gap=4), self.strip, (self._stack_box(), 1))
        self.pane = DetailPane("数据包")
        self.split = ListWithPane(lists, self.pane)
        self.update_line, self.closed_line = UpdateLine(self), ClosedStickLine(self)
        self.setLayout(
            col(
                self.update_line,
                self.closed_line,
                self._stick,
                box(self._registrations),
                (self.split, 1),
                gap=12,
                pad=(24, 14, 24, 16),
            )
        )
        appear(self._stick, False)
        self.history.picked.connect(self.show_row)
        self.held.picked.connect(self.show_row)
        self.now.picked.connect(self.show_result)
        self.pane.moved.connect(lambda by: self._table().step(by))
        self.pane.closed.connect(lambda: self._table().clear_selection())
        self._watch = StickWatch(self, self._look_for_sticks)

    def bar_actions(self) -> Sequence[QWidget]:
        """The record out, packages in."""
        return (self.export_button, self.folder_button, self.files_button)

    def reload(self) -> None:
        """Read what came in so far, and whether registrations still wait."""
        self.read(self.receiving.received, self._loaded)
        if self._known:
            self._look_at_keys()

    def go(self, where: dict[str, Any]) -> None:
        """Show the list asked for, or take the packages that the system handed to the program."""
        if where.get("files"):
            self.receive(where["files"])
        elif where.get("view") in (NOW, HISTORY, HELD):
            self._choose(where["view"])

    def showEvent(self, event: Any) -> None:
        """Look for sticks only while the page is in view."""
        super().showEvent(event)
        self._watch.start()

    def hideEvent(self, event: Any) -> None:
        """Stop looking for sticks."""
        self._watch.stop()
        super().hideEvent(event)

    # actions

    def export(self) -> None:
        """Write the record to a workbook."""
        export_sheet(self, self.history.model.sheet("收包记录"))

    def choose_files(self) -> None:
        """Ask for packages."""
        files = ask_open_many(self, "选择支部的报送包", PACKAGES)
        if files:
            self.receive(files)

    def choose_folder(self) -> None:
        """Ask for a folder and take every package in it."""
        folder = ask_folder(self, "选择报送包所在的文件夹")
        if folder is not None:
            self.look_through(folder)

    def look_through(self, folder: Path) -> None:
        """Take every package in `folder`, and say which registrations lie there."""
        files = sorted(folder.rglob("*.dzp"))
        self._key_files = sorted(folder.rglob("*.dzk"))
        self._look_at_keys()
        if files:
            self.receive(files)
        elif not self._key_files:
            self.desk.say(f"“{folder.name}”里没有数据包（扩展名 dzp）。")

    def take_stick(self) -> None:
        """Take every package that lies on the stick."""
        if self._waiting:
            self.receive(self._waiting)

    def receive(self, files: Sequence[Path]) -> None:
        """Take in `files`; each ends in a line of its own."""
        chosen = list(files)
        self.call(
            lambda progress: self.receiving.receive(chosen, progress),
            self._received,
            strip=self.strip,
            words=f"正在收 {len(chosen)} 个包",
            each=WHOLE,
            buttons=(self.files_button, self.folder_button, self.stick_button),
        )

    def decide(self, row: ReceivedRow) -> None:
        """Show what a package that forked from what is here would change; the clerk decides after a call."""
        words = (
            f"{row.sender}的数据从旧备份恢复过，或在两台电脑上记过，这个包和总部已有的不是一条线。"
            "先给支部打电话问清楚。不用这个包、而支部的数据确实丢了，就在“下发 > 反馈包”写移交包，把总部的数据交还它。"
        )
        decide_fork(self, row.package_hash, words, self._received, self.strip)

    # inside

    def _received(self, results: list[Result]) -> None:
        self.results = results
        self.now.set_rows(results)
        good = sum(result.code == OK for result in results)
        bad = sum(result.code.startswith("E-") for result in results)
        needless = len(results) - good - bad
        words = (
            [f"收下 {good} 个"]
            + ([f"无需再收 {needless} 个"] if needless else [])
            + ([f"没有收 {bad} 个"] if bad else [])
        )
        self.pane.close_pane()
        self._choose(NOW)
        self._summary.setText("，".join(words) + "。")

    def _loaded(self, rows: list[ReceivedRow]) -> None:
        held = [row for row in rows if row.held]
        self.history.set_rows(rows, same=lambda row: row.id)
        self.held.set_rows(held, same=lambda row: row.id)
        self.views.name(HELD, f"待处理 {len(held)}" if held else "待处理")
        self.views.name(HISTORY, f"收包记录 {len(rows)}" if rows else "收包记录")

    def _look_at_keys(self) -> None:
        """See which of the key files are registrations that wait, and say so with the button to take them in."""
        files = list(self._key_files)
        self.read(lambda: self.enrolment.registrations(files), self._registrations_found, failed=lambda _error: None)

    def _registrations_found(self, waiting: "list[tuple[Path, PendingRegistration]]") -> None:
        self._known = waiting
        clear(self._registrations)
        for file, registration in waiting:
            take = self.desk.offered(
                Act.EXCHANGE, button("导入登记文件", partial(self._register, registration), "small")
            )
            title = f"{registration.code}　{registration.name}的登记文件在这里，还没有导入"
            words = f"{file.name}。先登记，它的报送包才收得下；登记前要打电话核对指纹。"
            add(self._registrations, banner("wait", "file-certificate", title, words, take))

    def _register(self, registration: "PendingRegistration") -> None:
        RegistrationDialog(self, registration).open()

    def _stack_box(self) -> QWidget:
        return self._stack

    def _choose(self, key: str) -> None:
        self.views.choose(key)
        self.show_view(key)

    def show_view(self, key: str) -> None:
        """Show one of the lists."""
        tables: dict[str, DataTable[Any]] = {NOW: self.now, HISTORY: self.history, HELD: self.held}
        self._stack.setCurrentWidget(tables[key])
        self.pane.close_pane()
        if key != NOW:
            self._summary.setText("")

    def _table(self) -> DataTable[Any]:
        shown: Any = self._stack.currentWidget()
        return shown  # type: ignore[no-any-return]

    def show_row(self, row: ReceivedRow) -> None:
        """Look at one package that came in."""
        tag = outcome(row.code, row.held)
        number = f"第 {row.seq} 号" if row.seq else ""
        self.pane.show_head(row.sender or UNKNOWN, code=number, state=tag.text, tone=tag.tone)
        parts: list[Any] = [
            fact("收到", when(row.received_at_utc, self.desk.store.clock)),
            fact("申报期", declared(row)),
            file_fact("文件", row.file_name),
        ]
        if row.counts:
            parts.append(fact("内容", f"{sum(row.counts.values())} 条记录"))
        if row.words is not None:
            parts += [4, refusal(row.words)]
        self.pane.show_body(*parts)
        if row.forked:
            decide = self.desk.offered(Act.EXCHANGE, button("看一看再定", lambda: self.decide(row), "primary"))
            self.pane.show_foot((text("先打电话问清楚。", "small", wrap=True), 1), decide)
        else:
            self.pane.show_foot()
        self.split.open_pane()

    def show_result(self, result: Result) -> None:
        """Look at what became of one file."""
        tag = outcome(result.code)
        number = f"{result.sender}　第 {result.seq} 号" if result.seq else result.sender
        self.pane.show_head(result.sender_name or result.file.name, code=number, state=tag.text, tone=tag.tone)
        parts: list[Any] = [text(result.message, wrap=True), 4, file_fact("文件", result.file)]
        if result.code == OK:
            parts += [
                fact("新增", f"{result.added} 条"),
                fact("修改", f"{result.changed} 条"),
                fact("删除", f"{result.removed} 条"),
                fact("附件", f"{result.attachments} 个"),
            ]
            parts += [text("内容", "strong"), *(fact(kind.title, _counted(kind)) for kind in by_kind(result.changes))]
        self.pane.show_body(*parts)
        self.pane.show_foot()
        self.split.open_pane()

    def _look_for_sticks(self) -> None:
        if not self.desk.tasks.idle():
            return

        def work() -> tuple[list[volumes.Volume], list[Path], list[Path]]:
            found = volumes.sticks()
            if not found:
                return [], [], []
            return found, usb.waiting(found[0].root, REPORT), usb.key_files(found[0].root)

        self.read(work, lambda got: self._sticks_found(*got), failed=lambda _error: None)

    def _sticks_found(self, found: list[volumes.Volume], files: list[Path], keys: list[Path]) -> None:
        volume = next(iter(found), None)
        self.update_line.look_at(found)
        self.closed_line.look_at(found)
        if keys and keys != self._key_files:
            self._key_files = keys
            self._look_at_keys()
        if files != self._waiting:
            self.volume, self._waiting = volume, files
            name = (volume.label or volume.root.name) if volume else ""
            self._stick_words.setText(f"U盘“{name}”里有 {len(files)} 个报送包。")
        appear(self._stick, bool(files))

"""备份 (归档报送, at headquarters 设置): verified copies, one for the stick, and whether everything is sound."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.backup import BackupRow, BackupService, try_restore
from desktop.services.clock import Clock, local
from desktop.services.integrity import Problem, check
from desktop.services.reminders import reminders
from desktop.services.sync.moving import MOVING, Move, MovingService, Place
from desktop.ui.attachments import file_size
from desktop.ui.dialogs import ask_folder, ask_open
from desktop.ui.guided import TO_STICK, MovePage
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable
from desktop.ui.widgets import EmptyState, banner, box, button, card, clear, col, fixed, row, rule, text
from desktop.ui.widgets.buttons import PushButton
from desktop.ui.widgets.dialogs import Dialog, inform
from desktop.ui.widgets.fields import Field, FieldSet, edit
from desktop.ui.widgets.layout import add
from desktop.ui.widgets.progress import ProgressStrip

SIDE_WIDTH = 348
BACKUP_FILES = "备份文件 (*.dzbak)"
MOVED = {
    Place.LEFT: ("已备份到新电脑去", "这台电脑不再生成数据包，请在新电脑上记。"),
    Place.ARRIVED: ("从旧电脑移过来的", "请和旧电脑核对党员、会议、包号。"),
}


def moment(at_utc: str, clock: Clock) -> str:
    """Return when a backup was made, with the year: copies are kept for twelve months."""
    return f"{local(at_utc, clock):%Y-%m-%d %H:%M}"


def columns(clock: Clock) -> tuple[Column[BackupRow], ...]:
    """Return the columns of the backups, moments by `clock`."""
    return (
        Column("时间", lambda backup: backup.made_at_utc, text=lambda at: moment(at, clock), width=150),
        Column("原因", lambda backup: backup.reason),
        Column("大小", lambda backup: backup.size_bytes, text=file_size, width=100, align="r", tone="sub"),
        Column("校验", lambda backup: "已验证可恢复", width=130, tone="sub", fold=480),
    )


class TryRestoreDialog(Dialog):
    """Which password opens the backup that is to be tried."""

    def __init__(self, page: "BackupsPage") -> None:
        self.fields = FieldSet(
            (("password", Field("备份当时的密码", edit("备份当时的密码", secret=True), required=True)),)
        )
        super().__init__(
            page,
            "验证备份",
            text("只读一遍并试开，不改动现在的数据。", "sub", wrap=True),
            self.fields,
            verb="选择备份文件",
        )
        self._page = page

    def submit(self) -> None:
        """Choose the file and try it."""
        password = self.fields.values()["password"]
        file = ask_open(self, "选择备份文件", BACKUP_FILES)
        if file is not None:
            self.accept()
            self._page.try_file(file, password)


class BackupsPage(Page):
    """备份."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.backups = desk.service(BackupService)
        self.strip = ProgressStrip()
        self.file_button = self.desk.offered(
            Act.BACKUP, button("备份到U盘或文件夹", self.to_file, "primary", "device-floppy")
        )
        self.now_button = self.desk.offered(Act.BACKUP, button("现在备份一次", self.now, icon="refresh"))
        self.move_button = self.desk.offered(
            Act.BACKUP, button("换电脑", lambda: desk.push(MovePage(desk)), icon="device-usb")
        )
        self.check_button = button("检查数据", self.check, icon="shield-check")
        self.try_button = button("验证一份备份", lambda: TryRestoreDialog(self).open(), "small")
        empty = EmptyState(
            "device-floppy", "还没有备份。", "每天第一次打开程序会自动备份并验证。", "现在备份一次", self.now
        )
        self.desk.offered(Act.BACKUP, empty.button)
        if desk.store.look is not None:  # a copy beside the data is what its disk does not take
            for part in (self.now_button, empty.button):
                if isinstance(part, PushButton):
                    part.withhold(True)
        self.table: DataTable[BackupRow] = DataTable(columns(desk.store.clock), "备份", empty, height=38, look="bare")
        self._state, self._found = col(gap=8), col(gap=8)
        side = card(
            "数据安全",
            box(self._state),
            rule(),
            box(self._found),
            self.strip,
            ...,
            text(
                "备份文件是加密的，恢复时要用备份当时的密码或恢复码。恢复在登录页进行，原来的数据会改名保留。",
                "small",
                wrap=True,
            ),
            row(self.check_button, self.try_button, ...),
            gap=10,
        )
        listing = card("本机的备份", text("自动保留最近 7 天、4 周、12 个月各一份。", "sub"), (self.table, 1))
        self.setLayout(row((listing, 1), fixed(side, SIDE_WIDTH), gap=12, pad=(24, 14, 24, 16)))

    def bar_actions(self) -> tuple[QWidget, ...]:
        """Back up here, or to a stick."""
        return (self.move_button, self.now_button, self.file_button)

    def reload(self) -> None:
        """Read the list of copies."""
        moving = self.desk.service(MovingService)
        self.read(lambda: (list(self.backups.list()), moving.state()), lambda got: self._show(*got))

    def go(self, where: dict[str, Any]) -> None:
        """Show the steps of a move where `where` asks for them, or stand on the button of the backup for a stick."""
        if where.get("kind") == MOVING:
            self.desk.push(MovePage(self.desk))
        elif where.get("kind") == TO_STICK:
            self.file_button.setFocus()

    def now(self) -> None:
        """Make a copy at once."""
        self.call(
            lambda progress: self.backups.backup(progress=progress),
            lambda _row: self._done("已备份并验证。"),
            strip=self.strip,
            words="正在备份",
            buttons=(self.now_button,),
            long=True,
        )

    def to_file(self) -> None:
        """Write one file with everything where the user says."""
        folder = ask_folder(self, "备份写到哪里", to_write=True)
        if folder is not None:
            self.call(
                lambda progress: self.backups.to_file(folder, progress),
                lambda path: self._done(f"备份已写出并核对：{path}"),
                strip=self.strip,
                words="正在写出备份",
                buttons=(self.file_button,),
                long=True,
            )

    def check(self) -> None:
        """Look through database, attachments, key slots and copies."""
        store = self.desk.store
        self.call(
            lambda progress: check(store, progress),
            self._checked,
            strip=self.strip,
            words="正在检查数据",
            buttons=(self.check_button,),
            long=True,
        )

    def try_file(self, path: Path, password: str) -> None:
        """Open a backup file for a trial."""
        self.call(
            lambda progress: try_restore(path, password, progress=progress),
            lambda found: inform(
                self,
                "这份备份完好，可以恢复",
                path.name,
                f"附件 {found.attachments} 个，{file_size(found.size_bytes)}",
            ),
            strip=self.strip,
            words="正在验证备份",
            buttons=(self.try_button,),
            long=True,
        )

    def _done(self, words: str) -> None:
        self.desk.changed()  # copies are files: the store does not tell of them
        self.desk.say(words)

    def _checked(self, problems: list[Problem]) -> None:
        clear(self._found)
        if not problems:
            add(self._found, banner("good", "circle-check", "检查完毕，没有发现问题"))
        for problem in problems:
            add(self._found, banner("bad", "alert-circle", problem.what, problem.next))

    def _show(self, rows: list[BackupRow], move: Move) -> None:
        self.table.set_rows(rows, same=lambda backup: backup.stamp)
        clear(self._state)
        if move.place is not Place.AT_HOME:
            go = button("看步骤", lambda: self.desk.push(MovePage(self.desk)), "small")
            add(self._state, banner("part", "alert-triangle", *MOVED[move.place], go))
        if not rows:
            add(self._state, banner("part", "alert-triangle", "还没有验证过的备份"))
            return
        today = self.desk.store.today
        days = (today - next((row for row in rows if row.made_on <= today), rows[0]).made_on).days
        words = "今天已备份" if days == 0 else f"{days} 天前备份" if days > 0 else "备份日期晚于今天，电脑时间可能不对"
        tone = "good" if 0 <= days <= reminders().backup_days else "part"
        add(
            self._state,
            banner(tone, "shield-check", f"{words}，已验证可恢复", "建议每周再备一份到U盘，与电脑分开放。"),
        )

"""The two ways back before a store is open: the printed recovery code, and a backup file."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.paths import DATABASE
from desktop.services.clock import local, now
from desktop.services.errors import VaultError
from desktop.services.progress import Progress
from desktop.services.security.vault import LOGIN
from desktop.ui.dialogs import ask_open, show_error
from desktop.ui.new_password import again_field, alike, password_field
from desktop.ui.tasks import Task, TaskRunner, close_again
from desktop.ui.widgets import Elided, appear, button, link, row, text
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.services.backup import BackupRow, Restored
    from desktop.services.store import Store

BACKUPS = "备份文件 (*.dzbak *.db)"
NOBODY = "请选择"


class RecoveryDialog(Dialog):
    """The printed recovery code in place of a forgotten password, and the new password."""

    recovered = Signal(object)
    help_wanted = Signal()

    def __init__(self, parent: QWidget, folder: Path, tasks: TaskRunner, logins: "Sequence[str]") -> None:
        self._folder, self._tasks = folder, tasks
        self.fields = FieldSet(
            (
                (LOGIN.name, login_field(logins, "给谁设新密码。")),
                (
                    "code",
                    Field("恢复码", edit("恢复码", hint="纸上的 8 组数字"), note="可以连着输，也可以带空格。"),
                ),
                ("password", password_field()),
                again_field(),
            )
        )
        words = text("输入最近一次打印或抄下的恢复码，然后给选中的登录名设一个新密码。记录不受影响。", "sub", wrap=True)
        self.help_link = link("恢复码也没有了，请总部协助", self._ask_help)
        lost = row(self.help_link, ...)
        super().__init__(parent, "用恢复码打开", words, self.fields, lost, verb="设新密码并打开")

    def submit(self) -> None:
        """Open the store by the code and give it the new password."""
        values = self.fields.values()
        self.fields.calm()
        if not self.fields.check(required=True):
            return
        if not alike(self.fields):
            return
        login = values[LOGIN.name]

        def work(_progress: Progress) -> "Store":
            from desktop.services.recovery import recover

            return recover(self._folder, login, values["code"], values["password"])

        self.verb.setEnabled(False)
        self._tasks.run(self, work, self._done, self._refused, unclaimed=close_again)

    def _ask_help(self) -> None:
        self.reject()
        self.help_wanted.emit()

    def _done(self, store: "Store") -> None:
        self.accept()
        self.recovered.emit(store)

    def _refused(self, error: Exception) -> None:
        self.verb.setEnabled(True)
        if isinstance(error, VaultError) and error.code == "E-RECOVERY-GROUP":
            self.fields.refuse("code", wrong_group(error))
        elif not self.fields.take(error):
            show_error(self, error)


REPLACED = "先完整读一遍并试开，确认完好才换上。现在的数据不删除，改名留在旁边。"
FIRST = "先完整读一遍并试开，确认完好才用。这台电脑上还没有数据，什么也不会被换掉。"


class RestoreDialog(Dialog):
    """A backup file, and the password or the code that was valid when it was made. Nothing is overwritten."""

    restored = Signal(object)

    def __init__(self, parent: QWidget, folder: Path, tasks: TaskRunner, file: Path | None = None) -> None:
        self._folder, self._tasks = folder, tasks
        self.file: Path | None = None
        self._running: Task | None = None
        self.choose_button = button("选择备份文件", self.choose, icon="folder-open")
        self._name = Elided("", "sub")
        self._name.setObjectName("file")
        self.copies = Choice("本机的备份")
        self.copies.activated.connect(lambda _index: self.take(self.copies.value()))
        self.copies_field = Field("本机的备份", self.copies, note="这份数据自动备的，最近的在前；也可以另选备份文件。")
        self.copies_field.hide()
        self.fields = FieldSet(
            (
                ("password", Field("备份当时的密码", edit("备份当时的密码", secret=True))),
                ("code", Field("或恢复码", edit("恢复码", hint="忘记密码时填，8 组数字"))),
            )
        )
        self.strip = ProgressStrip()
        super().__init__(
            parent,
            "从备份恢复",
            text(REPLACED if (folder / DATABASE).exists() else FIRST, "sub", wrap=True),
            self.copies_field,
            row(self.choose_button, (self._name, 1), gap=10),
            self.fields,
            self.strip,
            verb="恢复",
        )
        self._name.set_words("还没有选择")
        if file is not None:
            self.take(file)
        tasks.run(self, lambda _progress: _copies(folder), self._offer)

    def _offer(self, copies: "Sequence[BackupRow]") -> None:
        """Offer the copies that lie in the folder of the store, the newest chosen."""
        if not copies:
            return
        self.copies.set_options(
            [(copy.path, f"{local(copy.made_at_utc, now):%Y-%m-%d %H:%M}　{copy.reason}") for copy in copies]
        )
        appear(self.copies_field, True)
        if self.file is None:
            self.take(copies[0].path)

    def choose(self) -> None:
        """Ask for the backup file."""
        file = ask_open(self, "选择备份文件", BACKUPS)
        if file is not None:
            self.take(file)

    def take(self, file: Path) -> None:
        """Name the backup file that is to be restored."""
        self.file = file
        among = file in self.copies.values()
        self._name.set_words("用上面选的这一份" if among else file.name)

    def submit(self) -> None:
        """Restore the file into the folder of the store."""
        self.fields.calm()
        values, file, folder = self.fields.values(), self.file, self._folder
        if file is None:
            self.choose()
            return
        if not values["password"] and not values["code"]:
            self.fields.refuse("password", "请输入备份当时的密码，或在下面填恢复码。")
            return

        def work(progress: Progress) -> "Restored":
            from desktop.services.backup import restore

            return restore(file, folder, values["password"], values["code"], progress=progress)

        self.verb.setEnabled(False)
        self._running = self._tasks.run(self, work, self._done, self._refused, self.strip.step)
        self.strip.begin("正在恢复并核对", self._running.cancel)

    def reject(self) -> None:
        """Stop a restore that is under way before closing; the store stays as it was."""
        if self._running is not None:
            self._running.cancel()
        super().reject()

    def _done(self, restored: "Restored") -> None:
        self._running = None
        self.accept()
        self.restored.emit(restored)

    def _refused(self, error: Exception) -> None:
        self._running = None
        self.strip.end()
        self.verb.setEnabled(True)
        if isinstance(error, VaultError) and error.code == "E-RECOVERY-GROUP":
            self.fields.refuse("code", wrong_group(error))
        elif isinstance(error, VaultError) and error.code in ("E-LOGIN", "E-KEY-WRONG-VAULT"):
            by_code = bool(self.fields.values()["code"])
            self.fields.refuse("code" if by_code else "password", "打不开这份备份：要用做备份那时的密码或恢复码。")
        else:
            show_error(self, error)


def _copies(folder: Path) -> "Sequence[BackupRow]":
    from desktop.services.backup import copies_in

    return copies_in(folder)


def login_field(logins: "Sequence[str]", note: str = "") -> Field:
    """Return the field that says whose password is to be set: where several log in, nobody until somebody chooses."""
    people = [(login, login) for login in logins]
    nobody = [] if len(people) == 1 else [(None, NOBODY)]
    return Field(LOGIN.label, Choice(LOGIN.label, [*nobody, *people]), required=True, note=note)


def wrong_group(error: VaultError) -> str:
    """Say which group of a recovery code is mistyped."""
    return f"第 {error.facts.get('group', '')} 组数字有误，请核对纸上的恢复码。"

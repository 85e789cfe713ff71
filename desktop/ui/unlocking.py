"""The help of headquarters at the log-in: the request, the digits for the telephone, and the answer."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.services.errors import VaultError
from desktop.services.progress import Progress
from desktop.services.security.vault import LOGIN
from desktop.ui.dialogs import ask_folder, ask_open, show_error
from desktop.ui.headquarters.parts import file_fact
from desktop.ui.new_password import again_field, alike, password_field
from desktop.ui.recovery import login_field
from desktop.ui.tasks import TaskRunner, close_again
from desktop.ui.widgets import Elided, button, link, row, text
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Field, FieldSet, edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.services.store import Store
    from desktop.services.unlocking import RequestFile, Waiting

ANSWERS = "解锁文件 (*.dzk)"
WAYS = (
    "程序写一个申请文件，交给总部；总部审批人打电话核对数字后答复。文件里没有姓名和记录内容。"
    "现在设的新密码，收到答复时要用，打开以后就是您的密码。"
)
NEXT = "请把申请文件交给总部。总部会打电话来，请逐组报出下面的数字；打电话来的人先报数字的，不要理会："


class AskDialog(Dialog):
    """Who asks, and the password from then on."""

    asked = Signal(object)

    def __init__(self, parent: QWidget, folder: Path, tasks: TaskRunner, logins: "Sequence[str]") -> None:
        self._folder, self._tasks = folder, tasks
        self.fields = FieldSet(
            (
                (LOGIN.name, login_field(logins)),
                ("password", password_field()),
                again_field(),
            )
        )
        super().__init__(
            parent, "请总部协助重设密码", text(WAYS, "sub", wrap=True), self.fields, verb="写申请文件", wide=True
        )

    def submit(self) -> None:
        """Ask where, and write the request."""
        self.fields.calm()
        if not self.fields.check(required=True):
            return
        if not alike(self.fields):
            return
        folder = ask_folder(self, "申请文件写到哪里", to_write=True)
        if folder is not None:
            self.write(folder)

    def write(self, to: Path) -> None:
        """Write the request to `to`."""
        values = self.fields.values()

        def work(_progress: Progress) -> "RequestFile":
            from desktop.services.unlocking import ask_headquarters

            return ask_headquarters(self._folder, values[LOGIN.name], values["password"], to)

        def done(written: "RequestFile") -> None:
            self.asked.emit(written)
            self.accept()

        self.verb.setEnabled(False)
        self._tasks.run(self, work, done, self._refused)

    def _refused(self, error: Exception) -> None:
        self.verb.setEnabled(True)
        if not self.fields.take(error):
            show_error(self, error)


class AskedDialog(Dialog):
    """Where the request lies, and the digits to tell by telephone."""

    def __init__(self, parent: QWidget, written: "RequestFile") -> None:
        super().__init__(
            parent,
            "申请文件已写好",
            file_fact("文件", written.path),
            text(NEXT, "sub", wrap=True),
            text(written.fingerprint, "code", wrap=True),
            text("收到总部的解锁文件后，在登录页点“导入解锁文件”。这组数字在那里还看得到。", "small", wrap=True),
            verb="知道了",
            cancel="",
            wide=True,
        )


class AnswerDialog(Dialog):
    """The answer of headquarters, and the password that was chosen for the request."""

    unlocked = Signal(object)
    again = Signal()
    withdrawn = Signal()

    def __init__(self, parent: QWidget, folder: Path, tasks: TaskRunner, waiting: "Waiting") -> None:
        self._folder, self._tasks = folder, tasks
        self.file: Path | None = None
        self._name = Elided("", "sub")
        self._name.setObjectName("file")
        self.choose_button = button("选择解锁文件", self.choose, icon="folder-open")
        self.fields = FieldSet(
            (("password", Field("申请时设的密码", edit("申请时设的密码", secret=True), required=True)),)
        )
        self.again_link, self.withdraw_link = link("重新申请", self._again), link("撤销申请", self._withdraw)
        told = f"{waiting.asked_at:%Y-%m-%d %H:%M} 为“{waiting.login}”写的申请，{waiting.ends_on} 前有效。"
        super().__init__(
            parent,
            "导入总部的解锁文件",
            text(told, "sub", wrap=True),
            text("总部打电话来核对的数字：", "sub"),
            text(waiting.fingerprint, "code", wrap=True),
            row(self.choose_button, (self._name, 1), gap=10),
            self.fields,
            row(self.again_link, self.withdraw_link, ..., gap=16),
            verb="打开",
            wide=True,
        )
        self._name.set_words("还没有选择")

    def choose(self) -> None:
        """Ask for the answer."""
        file = ask_open(self, "选择总部给的解锁文件", ANSWERS)
        if file is not None:
            self.take(file)

    def take(self, file: Path) -> None:
        """Use `file` as the answer."""
        self.file = file
        self._name.set_words(file.name)

    def submit(self) -> None:
        """Open the store by the answer."""
        self.fields.calm()
        file, password = self.file, self.fields.values()["password"]
        if file is None:
            self.choose()
            return
        if not self.fields.check(required=True):
            return

        def doubt(today: date, last: date) -> None:
            """Take the date as it is: the log-in that follows asks about it."""

        def work(_progress: Progress) -> "Store":
            from desktop.services.unlocking import unlock

            return unlock(self._folder, file, password, clock_doubt=doubt)

        self.verb.setEnabled(False)
        self._tasks.run(self, work, self._done, self._refused, unclaimed=close_again)

    def _done(self, store: "Store") -> None:
        self.accept()
        self.unlocked.emit(store)

    def _refused(self, error: Exception) -> None:
        self.verb.setEnabled(True)
        if isinstance(error, VaultError) and error.code == "E-LOGIN":
            self.fields.refuse("password", "不是申请时设的密码，请检查大小写和输入法。")
        elif not self.fields.take(error):
            show_error(self, error)

    def _again(self) -> None:
        self.reject()
        self.again.emit()

    def _withdraw(self) -> None:
        from desktop.services.unlocking import withdraw

        withdraw(self._folder)
        self.reject()
        self.withdrawn.emit()

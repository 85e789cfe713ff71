"""Log-in and lock: name, password, and what to do when the password is forgotten."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QWidget

from desktop.services.errors import InvalidInput, VaultError
from desktop.services.progress import Progress
from desktop.ui import theme
from desktop.ui.dialogs import ask_folder, show_error
from desktop.ui.tasks import TaskRunner
from desktop.ui.widgets import Glyph, box, button, col, fixed, link, row, set_text, text
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from desktop.services.security.vault import Attempts
    from desktop.services.store import Store

CARD_WIDTH = 400


def brand() -> QWidget:
    """Return the mark and the name of the program, for the pages before a store is open."""
    mark = QLabel()
    mark.setPixmap(theme.pixmap("flag", theme.CARD, 18))
    mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
    mark.setFixedSize(32, 32)
    mark.setStyleSheet(f"background:{theme.RED}; border-radius:7px;")
    return box(row(mark, text("支部工作台", "h1"), ..., gap=10))


class LoginPage(QWidget):
    """Opens the store in `folder`; `opened` brings it."""

    opened = Signal(object)
    other_folder = Signal(object)

    def __init__(self, folder: Path, tasks: TaskRunner, words: str = "") -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._folder, self._tasks = folder, tasks
        self._attempts: Attempts | None = None
        self.login = Choice("登录名")
        self.password = edit("密码", secret=True)
        self._login_field = Field("登录名", self.login)
        self.password_field = Field("密码", self.password)
        self.open_button = button("打开", self.submit, "primary")
        self.open_button.setDefault(True)
        self._wait = text("", "small", wrap=True)
        self.strip = ProgressStrip()
        head = text(words, "sub")
        lines = [brand(), head] if words else [brand()]
        forgot = link("忘记密码", self.open_recovery)
        other = link("打开别的数据目录", self._choose_folder)
        sheet = box(
            col(
                *lines,
                self._login_field,
                self.password_field,
                fixed(self.open_button, height=38),
                self._wait,
                self.strip,
                row(forgot, ..., other),
                gap=14,
                pad=(28, 26, 28, 20),
            ),
            "card",
        )
        self.open_button.setSizePolicy(self.password.sizePolicy())
        set_text(self._wait, "")
        foot = row(
            ...,
            Glyph("shield-check", theme.GREEN, 16),
            text(f"仅存本机，已加密：{_short(folder)}", "small"),
            ...,
            gap=6,
        )
        self.setLayout(col(..., row(..., fixed(sheet, CARD_WIDTH), ...), 12, foot, ..., gap=0, pad=24))
        self.password.returnPressed.connect(self.submit)
        self._clock = QTimer(self)
        self._clock.setInterval(500)
        self._clock.timeout.connect(self._count_down)

    def begin(self) -> None:
        """Read who may log in; the window is on screen meanwhile."""

        def read(_progress: Progress) -> tuple[tuple[str, ...], "Attempts"]:
            from desktop.services.security.vault import Attempts, Vault

            return Vault.open(self._folder).logins, Attempts()

        def show(found: tuple[tuple[str, ...], "Attempts"]) -> None:
            logins, self._attempts = found
            self.login.set_options([(name, name) for name in logins])
            self._login_field.setVisible(len(logins) > 1)
            self.password.setFocus()

        self._tasks.run(self, read, show)

    def submit(self) -> None:
        """Try the password."""
        if not self.open_button.isEnabled():
            return
        self.password_field.refuse("")
        password, login = self.password.text(), self.login.value()
        if not password:
            self.password_field.refuse("请输入密码。")
            self.password.setFocus()
            return

        def work(_progress: Progress) -> "Store":
            from desktop.services.store import Store

            return Store.open(self._folder, password, login)

        self.open_button.setEnabled(False)
        self.strip.begin("正在打开数据")
        self._tasks.run(self, work, self._done, self._refused)

    def open_recovery(self) -> None:
        """Let the recovery code set a new password."""
        dialog = RecoveryDialog(self, self._folder, self._tasks, self.login.value() or "")
        dialog.recovered.connect(self.opened)
        dialog.open()

    def _done(self, store: "Store") -> None:
        self.strip.end()
        self.password.clear()
        self.opened.emit(store)

    def _refused(self, error: Exception) -> None:
        self.strip.end()
        self.open_button.setEnabled(True)
        if isinstance(error, VaultError) and error.code == "E-LOGIN":
            self.password_field.refuse("密码不正确，请检查大小写和输入法。")
            self.password.selectAll()
            self.password.setFocus()
            if self._attempts is not None:
                self._attempts.failed()
                self._count_down()
            return
        show_error(self, error)

    def _count_down(self) -> None:
        left = self._attempts.remaining_seconds() if self._attempts is not None else 0.0
        self.open_button.setEnabled(left <= 0)
        set_text(self._wait, f"输错多次，请等 {int(left) + 1} 秒再试。" if left > 0 else "")
        if left > 0 and not self._clock.isActive():
            self._clock.start()
        elif left <= 0:
            self._clock.stop()

    def _choose_folder(self) -> None:
        chosen = ask_folder(self, "选择数据目录", self._folder.parent)
        if chosen is not None:
            self.other_folder.emit(chosen)


class RecoveryDialog(Dialog):
    """The printed recovery code in place of a forgotten password, and the new password."""

    recovered = Signal(object)

    def __init__(self, parent: QWidget, folder: Path, tasks: TaskRunner, login: str) -> None:
        self._folder, self._tasks, self._login = folder, tasks, login
        self.fields = FieldSet(
            (
                (
                    "code",
                    Field("恢复码", edit("恢复码", hint="打印页上的 8 组数字"), note="可以连着输，也可以带空格。"),
                ),
                ("new", Field("新密码", edit("新密码", secret=True), note="至少 8 个字符。")),
                ("again", Field("再输一次", edit("再输一次", secret=True))),
            )
        )
        words = text("输入建立数据目录时打印的恢复码，然后设一个新密码。记录不受影响。", "sub", wrap=True)
        super().__init__(parent, "用恢复码打开", words, self.fields, verb="设新密码并打开")

    def submit(self) -> None:
        values = self.fields.values()
        self.fields.calm()
        if values["new"] != values["again"]:
            self.fields.refuse("again", "两次输入的密码不一样。")
            return
        login = self._login

        def work(_progress: Progress) -> "Store":
            from desktop.services.security.vault import check_password
            from desktop.services.store import Store

            check_password(values["new"])
            store = Store.open(self._folder, login=login or None, recovery_code=values["code"])
            store.vault.change_password(store.key, login or store.actor, values["new"])
            return store

        self.verb.setEnabled(False)
        self._tasks.run(self, work, self._done, self._refused)

    def _done(self, store: "Store") -> None:
        self.accept()
        self.recovered.emit(store)

    def _refused(self, error: Exception) -> None:
        self.verb.setEnabled(True)
        if isinstance(error, VaultError) and error.code == "E-RECOVERY-GROUP":
            self.fields.refuse("code", f"第 {error.facts.get('group', '')} 组数字有误，请核对打印页。")
        elif isinstance(error, InvalidInput):
            self.fields.refuse("new", f"{error.field}{error.reason}。")
        else:
            show_error(self, error)


def _short(folder: Path) -> str:
    words = str(folder)
    return words if len(words) <= 48 else "…" + words[-46:]

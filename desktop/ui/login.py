"""Log-in and lock: name, password, and what to do when the password is forgotten or the data are lost."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

from desktop.services.errors import ClockDoubtful, StoreBusy, VaultError
from desktop.services.progress import Progress
from desktop.ui import theme
from desktop.ui.ahead import bring_ahead
from desktop.ui.tasks import TaskRunner, close_again
from desktop.ui.widgets import Glyph, banner, box, button, clear, col, fixed, link, row, set_text, text
from desktop.ui.widgets.brand import brand
from desktop.ui.widgets.fields import Choice, Field, edit
from desktop.ui.widgets.layout import add, scroll
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from datetime import date

    from desktop.services.store import Store
    from desktop.services.unlocking import Waiting
    from desktop.services.updates.state import State

CARD_WIDTH = 400


CRASHED = "程序上次意外退出，已保存的记录都在。"
CRASH_FILE = "诊断文件里没有姓名和记录内容，可交给维护人员。"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What is read before anybody logs in; `password` only of sample data, `crash` while nobody has seen it.

    `asked`: a request to headquarters for help waits for its answer. `busy`: another program has the data open. `last`
    worked here last. `update` of the program came to nothing.
    """

    busy: StoreBusy | None
    update: "State | None"
    logins: tuple[str, ...]
    last: str | None
    wait: float
    password: str
    crash: Path | None
    asked: bool


class LoginPage(QWidget):
    """Opens the store in `folder`; `opened` brings it, `password_set` where it was opened by a new password.

    `sample` data tell their password and stand at their own day.
    """

    opened = Signal(object)
    password_set = Signal(object)
    other_folder = Signal(object)
    restored = Signal(object)
    trial_over = Signal()

    def __init__(self, folder: Path, tasks: TaskRunner, words: str = "", *, sample: bool = False) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._folder, self._tasks, self._sample = folder, tasks, sample
        self._not_before = 0.0
        self._logins: tuple[str, ...] = ()
        self._chosen: Choice | None = None
        self._begun = False
        self._trying = False  # until it is refused: who is let in has no use for the button any more
        self._people, self._news, self._request = row(), col(gap=0), col(gap=0)
        self._crash: Path | None = None
        self._unsaid = False  # an update that came to nothing is told here, and then forgotten
        self.clock_dialog: QDialog | None = None
        self.password = edit("密码", secret=True)
        self.password_field = Field("密码", self.password)
        self.open_button = button("打开", self.submit, "primary")
        self.open_button.setDefault(True)
        self._wait = text("", "small", wrap=True)
        self.strip = ProgressStrip()
        self._head = text("", "sub", wrap=True)
        links = [
            link("忘记密码", self.open_recovery),
            link("从备份恢复", lambda: self.open_restore()),
            link("打开别的数据文件夹", self._choose_folder),
        ]
        if sample:
            links = [link("结束试用，回到自己的数据", self.trial_over.emit), links[2]]
        sheet = box(
            col(
                brand(),
                self._head,
                self._news,
                self._request,
                self._people,
                self.password_field,
                fixed(self.open_button, height=38),
                self._wait,
                self.strip,
                row(links[0], ..., *links[1:], gap=14),
                gap=14,
                pad=(28, 26, 28, 20),
            ),
            "card",
        )
        self.open_button.setSizePolicy(self.password.sizePolicy())
        set_text(self._wait, "")
        set_text(self._head, words)
        foot = row(
            ...,
            Glyph("shield-check", theme.GREEN, 16),
            text(f"仅存本机，已加密：{_short(folder)}", "small"),
            ...,
            gap=6,
        )
        middle = col(..., row(..., fixed(sheet, CARD_WIDTH), ...), 12, foot, ..., gap=0, pad=24)
        self.setLayout(col((scroll(middle), 1), gap=0))  # a low window has no room for all there may be to tell
        self.password.returnPressed.connect(self.submit)
        self._after_paint = QTimer(self)
        self._after_paint.setSingleShot(True)
        self._after_paint.setInterval(theme.SCREEN_FIRST_MS)
        self._after_paint.timeout.connect(self._begin)
        self._clock = QTimer(self)
        self._clock.setInterval(500)
        self._clock.timeout.connect(self._count_down)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Read who may log in once the window is on screen."""
        super().paintEvent(event)
        if not self._begun:  # the window is on screen; only now is there time for what takes time to import
            self._begun = True
            self._after_paint.start()

    def _begin(self) -> None:
        self.password.setFocus()
        sample = self._sample

        def read(_progress: Progress) -> _Before:
            from desktop.crashes import last_crash, put_by
            from desktop.services.security.attempts import Attempts
            from desktop.services.security.lock import require_free
            from desktop.services.security.pending import PendingUnlock
            from desktop.services.security.vault import Vault
            from desktop.services.updates.starting import outcome
            from desktop.ui.last_login import last_of

            busy: StoreBusy | None = None
            try:
                with contextlib.suppress(OSError):
                    require_free(self._folder)
            except StoreBusy as error:
                busy = error
            if busy is None:  # the log of a program that runs is its own
                with contextlib.suppress(OSError):
                    put_by(self._folder)
            password = ""
            if sample:
                from desktop.services.trial import PASSWORD

                password = PASSWORD
            vault = Vault.open(self._folder)
            wait, crash = Attempts(self._folder).remaining_seconds(), last_crash(self._folder)
            pending = PendingUnlock.of(self._folder)
            asked = pending is not None and not pending.done
            last = last_of(vault.vault_id, vault.logins)
            return _Before(
                busy=busy,
                update=outcome(),
                logins=vault.logins,
                last=last,
                wait=wait,
                password=password,
                crash=crash,
                asked=asked,
            )

        def show(before: _Before) -> None:
            self._logins, self._crash = before.logins, before.crash
            self._not_before = time.monotonic() + before.wait
            self._count_down()
            if len(self._logins) > 1:
                self._chosen = Choice("登录名", [(name, name) for name in self._logins], before.last)
                add(self._people, Field("登录名", self._chosen))
            if before.password and not self.password.text():
                self.password.setText(before.password)
                set_text(self._head, f"这是样例数据，人名和记录都是虚构的。密码 {before.password}。")
            if before.busy is not None:
                from desktop.messages import present

                message = present(before.busy)
                add(self._news, banner("part", "alert-triangle", message.title, message.next))
            if before.asked:
                self._show_waiting()
            if before.update is not None:
                from desktop.ui.updates.outcome import outcome_banner

                self._unsaid = True
                add(self._news, outcome_banner(before.update))
            if before.crash is not None:
                self.crash_link = link("另存诊断文件", self.save_crash)
                add(self._news, banner("wait", "info-circle", CRASHED, CRASH_FILE, self.crash_link))

        self._tasks.run(self, read, show)
        self._tasks.run(self, bring_ahead, lambda _none: None)

    def say_waiting(self, words: str) -> None:
        """Say that files wait until somebody is in."""
        set_text(self._head, words)

    def login_name(self) -> str | None:
        """Return who logs in: the name chosen, or the only one there is; None before the names are read."""
        if self._chosen is not None:
            return str(self._chosen.value())
        return self._logins[0] if self._logins else None

    def submit(self) -> None:
        """Try the password; a date of this computer that can hardly be right is asked about first."""
        self._try(trust_clock=False)

    def _try(self, *, trust_clock: bool) -> None:
        if not self.open_button.isEnabled():
            return
        self.password_field.refuse("")
        password, login = self.password.text(), self.login_name()
        crashed, unsaid = self._crash is not None, self._unsaid
        if not password:
            self.password_field.refuse("请输入密码。")
            self.password.setFocus()
            return

        def work(_progress: Progress) -> "Store":
            store = self._open(password, login, trust_clock)
            if crashed:
                from desktop.crashes import mark_seen

                mark_seen(self._folder)
            if unsaid:
                from desktop.services.updates.starting import told

                told()
            return store

        self._trying = True
        self.open_button.setEnabled(False)
        self.strip.begin("正在打开数据")
        self._tasks.run(self, work, self._done, self._refused, unclaimed=close_again)

    def _open(self, password: str, login: str | None, trust_clock: bool) -> "Store":
        if self._sample:
            from desktop.services.trial import open_at

            return open_at(self._folder, password, login)
        from desktop.services.opening import open_store
        from desktop.services.updates.starting import judging_opening

        def doubt(today: "date", last: "date") -> None:
            raise ClockDoubtful(today, last)

        with judging_opening(self._folder):
            return open_store(self._folder, password, login, clock_doubt=None if trust_clock else doubt)

    def save_crash(self) -> None:
        """Write the diagnostic file of the last bad end to where the user wants it."""
        from desktop.ui.dialogs import ask_save

        source, path = self._crash, ask_save(self, "诊断文件另存为", "支部工作台诊断.txt", "文本文件 (*.txt)")
        if source is None or path is None:
            return

        def work(_progress: Progress) -> None:
            from desktop.services.files import FilePort, storage_faults

            with storage_faults(path, FilePort()):
                path.write_bytes(source.read_bytes())

        self._tasks.run(self, work, lambda _none: self.crash_link.setText("已另存"))

    def open_recovery(self) -> None:
        """Let the recovery code set a new password for whoever is chosen there."""
        self._with_logins(self._show_recovery)

    def _show_recovery(self, logins: tuple[str, ...]) -> None:
        from desktop.ui.recovery import RecoveryDialog

        dialog = RecoveryDialog(self, self._folder, self._tasks, logins)
        dialog.recovered.connect(self.password_set)
        dialog.help_wanted.connect(self.open_help)
        dialog.open()

    def _with_logins(self, show: Callable[[tuple[str, ...]], None]) -> None:
        """Hand `show` who may log in, read now where the page has not come to it yet."""

        def read(_progress: Progress) -> tuple[str, ...]:
            from desktop.services.security.vault import Vault

            return Vault.open(self._folder).logins

        if self._logins:
            show(self._logins)
        else:
            self._tasks.run(self, read, show)

    def open_help(self) -> None:
        """Ask headquarters for help, or take in its answer where a request waits."""

        def read(_progress: Progress) -> "tuple[bool, Waiting | None]":
            from desktop.services.unlocking import may_be_helped, waiting

            return may_be_helped(self._folder), waiting(self._folder)

        def show(found: "tuple[bool, Waiting | None]") -> None:
            allowed, request = found
            if request is not None:
                self._take_answer(request)
            elif allowed:
                self.ask_help()
            else:
                from desktop.services.errors import PackageRefused
                from desktop.ui.dialogs import show_error

                show_error(self, PackageRefused("E-NO-HELP"))

        self._tasks.run(self, read, show)

    def ask_help(self) -> None:
        """Write a request to headquarters."""
        self._with_logins(self._show_ask)

    def _show_ask(self, logins: tuple[str, ...]) -> None:
        from desktop.ui.unlocking import AskDialog, AskedDialog

        dialog = AskDialog(self, self._folder, self._tasks, logins)
        dialog.asked.connect(lambda written: AskedDialog(self, written).open())
        dialog.asked.connect(lambda _written: self._show_waiting())
        dialog.open()

    def _take_answer(self, request: "Waiting") -> None:
        from desktop.ui.unlocking import AnswerDialog

        dialog = AnswerDialog(self, self._folder, self._tasks, request)
        dialog.unlocked.connect(self.password_set)
        dialog.again.connect(self.ask_help)
        dialog.withdrawn.connect(lambda: clear(self._request))
        dialog.open()

    def _show_waiting(self) -> None:
        """Say that a request waits, with the way to its answer."""
        clear(self._request)
        self.answer_link = link("导入解锁文件", self.open_help)
        words = "总部打电话核对数字以后会给一个解锁文件。"
        add(self._request, banner("wait", "key", "已请总部协助重设密码", words, self.answer_link))

    def open_restore(self, file: Path | None = None) -> None:
        """Let a backup file take the place of the data; `file` is chosen already."""
        from desktop.ui.recovery import RestoreDialog

        dialog = RestoreDialog(self, self._folder, self._tasks, file)
        dialog.restored.connect(self.restored)
        dialog.open()

    def _done(self, store: "Store") -> None:
        self.strip.end()
        self.password.clear()
        self.opened.emit(store)

    def _refused(self, error: Exception) -> None:
        self.strip.end()
        self._trying = False
        self.open_button.setEnabled(True)
        if isinstance(error, VaultError) and error.code == "E-LOGIN":
            self.password_field.refuse("密码不正确，请检查大小写和输入法。")
            self.password.selectAll()
            self.password.setFocus()
            self._not_before = time.monotonic() + error.facts["wait"]
            self._count_down()
            return
        if isinstance(error, ClockDoubtful):
            self._ask_clock(error)
            return
        from desktop.ui.dialogs import show_error

        show_error(self, error)

    def _ask_clock(self, error: ClockDoubtful) -> None:
        from desktop.messages import present
        from desktop.ui.widgets.dialogs import confirm

        message, go_on = present(error), "日期没有错，继续"
        words = f"{message.title}{message.next}"
        trust = partial(self._try, trust_clock=True)
        self.clock_dialog = confirm(self, "先核对日期", words, go_on, trust, destructive=True)  # a wrong date dates all

    def _count_down(self) -> None:
        left = self._not_before - time.monotonic()
        self.open_button.setEnabled(left <= 0 and not self._trying)
        set_text(self._wait, f"输错多次，请等 {int(left) + 1} 秒再试。" if left > 0 else "")
        if left > 0 and not self._clock.isActive():
            self._clock.start()
        elif left <= 0:
            self._clock.stop()

    def _choose_folder(self) -> None:
        from desktop.ui.dialogs import ask_folder

        chosen = ask_folder(self, "选择数据文件夹", self._folder.parent)
        if chosen is not None:
            self.other_folder.emit(chosen)


def _short(folder: Path) -> str:
    words = str(folder)
    return words if len(words) <= 48 else "…" + words[-46:]

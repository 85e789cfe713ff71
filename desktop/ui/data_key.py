"""更换数据钥匙: who gets in from now on, the change itself, the new recovery code, and the copies of the old key."""

from functools import partial

from PySide6.QtWidgets import QWidget

from desktop.models.history import SettingName
from desktop.services.access.users import OLD_PASSWORD, UserService
from desktop.services.data_key import (
    OWN_PASSWORD,
    STEPS_BACK,
    ChangedKey,
    change_data_key,
    forget_old_copies,
    require_own,
)
from desktop.services.errors import AppError, StorageFailure
from desktop.services.progress import Progress
from desktop.services.security.passwords import check_password
from desktop.ui.dialogs import show_error
from desktop.ui.page import Page
from desktop.ui.recovery_sheet import RecoverySheet
from desktop.ui.tasks import Task
from desktop.ui.widgets import button, col, row, text
from desktop.ui.widgets.dialogs import Dialog, confirm
from desktop.ui.widgets.fields import Field, FieldSet, edit
from desktop.ui.widgets.progress import ProgressStrip

WORDS = "全部数据重新加密，同时换出新的恢复码。停用的人、旧恢复码，打不开此后的数据，拿着旧文件也打不开。"
LEFT_OUT = "不填，就不再让其进入"


class DataKeyLine(QWidget):
    """The line of 设置 > 使用人与安全 that begins the change."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.button = button("更换数据钥匙", lambda: DataKeyDialog(page).open(), "small", "lock")
        title = col(
            text("数据钥匙"), text("停用了人，或者恢复码可能被别人看见过，就换一次。", "small", wrap=True), gap=2
        )
        self.setLayout(row((title, 1), self.button))


def offer_new_key(page: Page, why: str) -> Dialog:
    """Ask whether to change the data key now; `why` says what is not safe without it."""
    words = f"{why}更换数据钥匙以后，拿着旧文件的人打不开此后的数据。"
    return confirm(page, "接着更换数据钥匙吗？", words, "更换数据钥匙", lambda: DataKeyDialog(page).open())


class DataKeyDialog(Dialog):
    """The own password, and for everybody else an interim one, or none: then the person gets in no more."""

    def __init__(self, page: Page) -> None:
        store = page.desk.store
        own = edit(OLD_PASSWORD.label, secret=True)
        fields = [(OWN_PASSWORD.name, Field(OWN_PASSWORD.label, own, required=True))]
        self.others = tuple(login for login in store.vault.logins if login != store.actor)
        for login in self.others:
            name = f"“{login}”的临时密码"
            fields.append((login, Field(name, edit(name, secret=True), note=LEFT_OUT)))
        self.fields = FieldSet(fields)
        self.strip = _Strip()
        introduction = text(WORDS, "sub", wrap=True)
        super().__init__(page, "更换数据钥匙", introduction, self.fields, self.strip, verb="更换", wide=True)
        self._page = page
        self._task: Task | None = None

    def submit(self) -> None:
        """Ask once more where somebody is left out, then begin."""
        self.fields.calm()
        if not self.fields.check(required=True):
            return
        values = self.fields.values()
        for login in self.others:
            try:
                if values[login]:
                    check_password(values[login])
            except AppError as error:
                self.fields.refuse(login, str(error.facts["reason"]))
                return
        left_out = [login for login in self.others if not values[login]]
        if left_out:
            words = f"换过以后，{'、'.join(left_out)}不能再打开数据；以前写的记录仍记在各自名下。"
            confirm(self, "不再让其进入？", words, "更换", self.begin, destructive=True)
        else:
            self.begin()

    def begin(self) -> None:
        """Change the key on the worker; nothing else works in the store meanwhile."""
        if not self._page.desk.jobs.idle():
            show_error(self, StorageFailure("E-DB-BUSY"))
            return
        store, values = self._page.desk.store, self.fields.values()
        own = values[OWN_PASSWORD.name]
        passwords = {store.actor: own} | {login: values[login] for login in self.others if values[login]}

        def work(progress: Progress) -> ChangedKey:
            require_own(store, own)
            return change_data_key(store, passwords, progress)

        def done(changed: ChangedKey) -> None:
            self._task = None
            self.accept()
            self._page.desk.changed()
            NewKeyDialog(self._page, changed).open()

        def refused(error: Exception) -> None:
            self._task = None
            if not self.fields.take(error):
                show_error(self, error)

        self._task = self._page.call(
            work, done, failed=refused, strip=self.strip, words="正在重新加密", buttons=(self.verb,)
        )

    def reject(self) -> None:
        """Close; while the change runs, ask it to stop instead: its outcome must be told."""
        if self._task is None:
            super().reject()
        elif self.strip.cancel_button.isEnabled():
            self.strip.cancel_button.click()


class NewKeyDialog(Dialog):
    """The new recovery code, in force already: it goes when two of its groups were typed again."""

    def __init__(self, page: Page, changed: ChangedKey) -> None:
        owner = partial(page.desk.store.setting, SettingName.NAME)
        self.sheet, self._page, self._changed = (
            RecoverySheet(changed.recovery_code, page.desk.jobs, owner),
            page,
            changed,
        )
        words = "数据钥匙已更换，旧恢复码已作废。新的恢复码只显示这一次，请抄好。"
        super().__init__(page, "新的恢复码", text(words, "sub", wrap=True), self.sheet, verb="我已抄好", cancel="")
        self.setFixedWidth(480)

    def submit(self) -> None:
        """Close when it is written down, and see to the copies that the old key opens."""
        if not self.sheet.copied():
            return
        users = self._page.desk.service(UserService)
        self._page.act(users.code_written_down, then=lambda _none: self._written(), buttons=(self.verb,))

    def _written(self) -> None:
        self.accept()
        if self._changed.unfinished is not None:
            show_error(self._page, self._changed.unfinished)
        elif self._changed.old_copies:
            self._offer_to_forget()

    def reject(self) -> None:
        """Stay: Esc must not take away a code that nobody has written down."""
        self.sheet.copied()

    def _offer_to_forget(self) -> None:
        page, copies = self._page, self._changed.old_copies
        words = (
            f"换钥匙以前的 {len(copies)} 份备份，用旧密码、旧恢复码还能打开。删除以后只留刚做的一份；"
            "拷到U盘上的备份文件，请自己销毁。"
        )
        confirm(
            page,
            "删除旧钥匙的备份吗？",
            words,
            "删除旧备份",
            lambda: page.act(lambda: forget_old_copies(page.desk.store, copies), f"已删除 {len(copies)} 份旧备份。"),
            destructive=True,
        )


class _Strip(ProgressStrip):
    """Lets the change be stopped as long as there is a way back."""

    def step(self, done: int, total: int) -> None:
        """Show how far it is."""
        super().step(done, total)
        if done >= STEPS_BACK:
            self.cancel_button.setEnabled(False)

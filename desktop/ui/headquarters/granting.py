"""A branch that lost its password: its digits compared by telephone, and the answer."""

from typing import TYPE_CHECKING

from desktop.ui.dialogs import ask_folder
from desktop.ui.headquarters.parts import file_fact
from desktop.ui.page import Page
from desktop.ui.widgets import text
from desktop.ui.widgets.dialogs import Dialog

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.services.sync.assistance import PendingGrant, UnlockFile

CALL = "请用本单位存着的号码打给支部书记本人，请他报出数字，逐组核对；不要先念给对方听，也不要打申请人给的号码："


class GrantDialog(Dialog):
    """The digits of a request, and the answer once they are alike."""

    def __init__(self, page: Page, grant: "PendingGrant") -> None:
        super().__init__(
            page,
            f"{grant.code}　{grant.name}申请重设密码",
            text(f"申请写于 {grant.asked_on}。签发以后，写申请的人能用当时设的密码打开该支部的数据。", wrap=True),
            text(CALL, "sub", wrap=True),
            text(grant.fingerprint, "code", wrap=True),
            text("有一位不一致、书记说没有申请过，就不要签发。", "small", wrap=True),
            verb="数字一致，签发",
            wide=True,
        )
        self._page, self._grant = page, grant

    def submit(self) -> None:
        """Ask where, and write the answer."""
        folder = ask_folder(self, "解锁文件写到哪里", to_write=True)
        if folder is not None:
            self.write(folder)

    def write(self, folder: "Path") -> None:
        """Write the answer to `folder`."""

        def done(written: "UnlockFile") -> None:
            self.accept()
            GrantedDialog(self._page, written).open()

        self._page.act(lambda: self._grant.confirm(folder), then=done, buttons=(self.verb,))


class GrantedDialog(Dialog):
    """Where the answer lies."""

    def __init__(self, page: Page, written: "UnlockFile") -> None:
        super().__init__(
            page,
            f"给{written.name}的解锁文件已写好",
            file_fact("文件", written.path),
            text("请交给支部，在登录页导入。这份申请只能答复这一次，文件只能用一次。", "sub", wrap=True),
            verb="知道了",
            cancel="",
            wide=True,
        )

"""Keys in 设置 > 使用人与安全: the consent to the help of headquarters, and new signing keys."""

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.services.clock import local
from desktop.services.quoting import named_few
from desktop.services.sync.assistance import AssistanceService, HelpState
from desktop.services.sync.rotation import KeyService, KeyState
from desktop.ui.data_key import offer_new_key
from desktop.ui.page import Page
from desktop.ui.widgets import appear, button, col, row, set_text, text
from desktop.ui.widgets.dialogs import Dialog, confirm

HELP_WORDS = (
    "密码和恢复码都丢了时，本支部写一份申请，总部审批人打电话核对 30 位数字以后答复，才能设新密码。"
    "允许以后，总部的钥匙加上本机的数据文件，能打开本支部的数据；随时可以在“设置 > 使用人与安全”取消。"
)
OLD_COPIES = "以前的备份、拷走的数据，总部的钥匙还能打开。"


def ask_help(page: Page, headquarters: str) -> Dialog:
    """Ask for the consent, with what it means."""
    service = page.desk.service(AssistanceService)
    said = f"已允许{headquarters}协助重设密码。"
    return confirm(page, "允许总部协助重设密码？", HELP_WORDS, "允许", lambda: page.act(service.allow, said))


def end_help(page: Page) -> None:
    """Take the consent back, or say no; what older copies still let in is said, with the way to end that too."""
    service = page.desk.service(AssistanceService)
    page.act(
        service.decline,
        "总部不能协助重设密码；以后要用，在“设置 > 使用人与安全”里允许。",
        then=lambda had: offer_new_key(page, OLD_COPIES) if had else None,
    )


class HelpLine(QWidget):
    """Whether headquarters may help, and the way to change it."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page, self.service = page, page.desk.service(AssistanceService)
        self.words = text("", "small", wrap=True)
        self.allow_button = button("允许", self._allow, "small", "key")
        self.end_button = button("取消", self._end, "small")
        self.end_button.setAccessibleName("取消总部协助重设密码")
        self._headquarters = ""
        title = col(text("总部协助重设密码"), self.words, gap=2)
        self.setLayout(row((title, 1), self.allow_button, self.end_button))
        self._show(HelpState("", allowed=False, asked=False))

    def reload(self) -> None:
        """Read where it stands."""
        self._page.read(self.service.state, self._show)

    def _show(self, state: HelpState) -> None:
        self._headquarters = state.headquarters
        if not state.headquarters:
            words = "密码和恢复码都丢了时用。先要加入总部。"
        elif state.allowed:
            words = f"已允许：密码和恢复码都丢了时，{state.headquarters}可以协助。"
        else:
            words = "没有允许：密码和恢复码都丢了，数据就打不开了。"
        set_text(self.words, words)
        appear(self.allow_button, bool(state.headquarters) and not state.allowed)
        appear(self.end_button, state.allowed)

    def _allow(self) -> None:
        ask_help(self._page, self._headquarters)

    def _end(self) -> None:
        words = "取消以后，密码和恢复码都丢了，就没有人能打开这份数据。"
        confirm(
            self._page,
            "取消总部协助？",
            words,
            "取消总部协助",
            lambda: end_help(self._page),
            destructive=True,
        )


class KeysLine(QWidget):
    """The keys that sign here, who does not know the newest yet, and new ones."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page, self.service = page, page.desk.service(KeyService)
        self.words = text("", "small", wrap=True)
        self.button = button("更换", self.change, "small", "refresh")
        self.button.setAccessibleName("更换签名钥匙")
        self.setLayout(row((col(text("签名钥匙"), self.words, gap=2), 1), self.button))

    def reload(self) -> None:
        """Read the keys."""
        self._page.read(self.service.state, self._show)

    def _show(self, state: KeyState | None) -> None:
        if state is None:
            set_text(self.words, "还没有：第一次邀请或登记时生成。")
        else:
            day = local(state.since_utc, self._page.desk.store.clock).date()
            words = f"{day} 起用，指纹 {state.fingerprint}。"
            if state.waiting:
                words += f"{named_few(state.waiting)}还没有确认，对它仍用旧钥匙（指纹 {state.former}）签名。"
            set_text(self.words, words)
        appear(self.button, state is not None and not state.waiting)

    def change(self) -> None:
        """Ask once, and make new keys."""
        ask_new_keys(self._page, self.button)


def ask_new_keys(page: Page, *buttons: QPushButton) -> None:
    """Ask once whether to make new signing keys, over whatever page is in view; `buttons` rest meanwhile."""
    others = "各支部" if page.desk.store.is_headquarters else "总部"
    lost = "逐个重新邀请支部" if page.desk.store.is_headquarters else "请总部停用登记、重新邀请"
    words = (
        f"新钥匙由旧钥匙签名，随以后的数据包告诉{others}；对方确认以前照旧签名，旧包照样打得开。换好以后自动备份一次。\n"
        f"钥匙可能被别人拿走了的，换没有用：{lost}。"
    )
    said, service = f"新钥匙已生成，随下一个数据包告诉{others}。", page.desk.service(KeyService)
    confirm(page, "更换签名钥匙？", words, "更换", lambda: page.act(service.rotate, said, buttons=buttons))

"""更新程序: what is new, that the signature holds, what will be done; then it is done."""

from pathlib import Path

from PySide6.QtWidgets import QBoxLayout

from desktop.models.vocabulary.access import Act
from desktop.services.updates.manifest import Form, News
from desktop.services.updates.offers import Offer
from desktop.services.updates.preparing import prepare
from desktop.services.updates.program import running
from desktop.services.updates.state import State, place_of
from desktop.ui.attachments import file_size
from desktop.ui.page import Desk, Page
from desktop.ui.updates.outcome import UNPACKED
from desktop.ui.widgets import box, button, card, col, row, scroll, text
from desktop.ui.widgets.dialogs import confirm
from desktop.ui.widgets.pane import fact
from desktop.ui.widgets.progress import ProgressStrip

STEPS = (
    "先备份数据，把新版本拷到本机再核对一遍；然后窗口关上，换好以后自己打开。"
    "旧版本留到新版本打开过一次数据为止：新版本启动不了，自动换回旧的，数据也回到更新以前的样子。"
)
PASSWORD = "这台电脑上的程序是用安装包装的，更换时会问电脑管理员的密码；没有人同意，就什么也不换。"
BY_KEEPERS = "更新要先备份，由有备份权限的同志来做。"
READY = "新版本已拷到本机，核对无误，数据已备份。窗口会关上，正在填的内容会先存成草稿；换好以后自己打开。"


class UpdatePage(Page):
    """Over a page that reads sticks: one release that lies there."""

    title = "更新程序"

    def __init__(self, desk: Desk, offer: Offer) -> None:
        super().__init__(desk)
        self.offer = offer
        self.update_button = desk.offered(Act.BACKUP, button("更新", self.update_program, "primary", "download"))
        self.strip = ProgressStrip()
        file = offer.file
        program = running()
        facts = [
            fact("版本", f"{offer.own} → {offer.version}"),
            fact("签名", f"核对无误，是本程序发行方签发的（{offer.signer}）"),
            fact("安装文件", f"{file.name}，{file_size(file.size_bytes)}" if file is not None else "—"),
        ]
        words = [text(STEPS, "sub", wrap=True)]
        if program is not None and program.form is Form.DEB:
            words.append(text(PASSWORD, "sub", wrap=True))
            if offer.portable:
                words.append(text(UNPACKED.format(portable=offer.portable), "sub", wrap=True))
        if not desk.may(Act.BACKUP):
            words.append(text(BY_KEEPERS, "sub", wrap=True))
        head = card("", *facts, *words, self.strip, row(..., self.update_button), gap=8)
        news = col(*(box(_news(each)) for each in offer.news), ..., gap=14)
        self.setLayout(col(head, (card("新在哪里", (scroll(box(news)), 1)), 1), gap=12, pad=(24, 14, 24, 16)))

    def subtitle(self) -> str:
        """Return where it lies."""
        return str(self.offer.folder)

    def update_program(self) -> None:
        """Make the update ready; nothing is exchanged before it is agreed to."""
        store, folder = self.desk.store, self.offer.folder
        self.call(
            lambda progress: prepare(store, folder, running(), progress),
            self._ready,
            strip=self.strip,
            words="正在拷贝、核对、备份",
            buttons=(self.update_button,),
        )

    def _ready(self, state: State) -> None:
        place = place_of(Path(state.program))
        confirm(self, f"现在换成 {state.new}？", READY, "更换", lambda: self.desk.exchange_requested.emit(place))


def _news(news: News) -> QBoxLayout:
    lines = [text(f"{news.version}", "h2")]
    for title, said in news.parts:
        lines.append(text(title, "strong"))
        lines.append(text("\n".join(f"· {line}" for line in said), wrap=True))
    return col(*lines, gap=6)

"""关于: what the program is made of, with versions and licences, and the text for whoever helps (诊断信息)."""

import platform
from pathlib import Path

from PySide6.QtCore import QLocale, qVersion
from PySide6.QtGui import QFontInfo, QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame

from desktop import __version__
from desktop.paths import licences, resource
from desktop.services.diagnosis import save_diagnosis
from desktop.ui import theme
from desktop.ui.dialogs import ask_save
from desktop.ui.manual import ManualPage
from desktop.ui.output import open_file, told
from desktop.ui.page import Page
from desktop.ui.shortcuts import ShortcutsDialog, keys_in_view
from desktop.ui.widgets import button, card, link, row, rule, text

MADE_OF = (
    "界面用 Qt for Python（LGPL），图标用 Tabler Icons（MIT），字体用思源、霞鹜文楷、Fandol 等开放字体；"
    "其余各件和许可见“作品和许可”。"
)
DIAGNOSIS = (
    "请人帮忙时交给他：一个文本文件，有版本、屏幕、输入法、数据大小和提示编号，没有姓名、内容和路径，可以先打开看。"
)


def of_the_window() -> list[str]:
    """Return what only the window knows: screens, size of text, font, language, input."""
    from desktop.ui.input_method import diagnose  # asks the session bus

    lines = [f"Qt {qVersion()}，界面后端 {QGuiApplication.platformName()}"]
    for screen in QGuiApplication.screens():
        size, room = screen.size(), screen.availableGeometry()
        lines.append(
            f"屏幕 {size.width()}×{size.height()}，可用 {room.width()}×{room.height()}，"
            f"缩放 {round(screen.devicePixelRatio() * 100)}%，每英寸 {screen.logicalDotsPerInch():.0f} 点"
        )
    font = QFontInfo(QApplication.font())
    lines.append(f"颜色 {theme.chosen_look().label}，现在 {theme.worn().label}")
    lines.append(f"文字大小 {theme.text_scale_name()}，现在 {theme.shown_scale_name()}")
    lines.append(f"字体 {font.family()} {font.pixelSize()} px")
    lines.append(f"语言 {QLocale.system().name()}")
    return [*lines, *diagnose().splitlines()]


class AboutCard:
    """Builds the card of the settings, over the page that shows it."""

    def __init__(self, page: Page) -> None:
        self._page, desk = page, page.desk
        self.manual_button = button("打开使用手册", lambda: desk.push(ManualPage(desk)), "small", "book")
        self.keys_button = button("快捷键", self.show_keys, "small")
        self.diagnosis_button = button("保存诊断信息", self.save, "small", "report")
        version = f"版本 {__version__}（Qt {qVersion()}，Python {platform.python_version()}）"
        self.card: QFrame = card(
            "关于",
            row(
                text("支部工作台", "strong"),
                text(version, "sub"),
                ...,
                self.keys_button,
                self.manual_button,
            ),
            text("数据只存在本机并加密；程序不连网络，不收集任何信息。", "sub", wrap=True),
            row(text("数据文件夹", "sub"), (text(str(desk.store.folder), "sub", wrap=True), 1)),
            rule(),
            row((text(DIAGNOSIS, "sub", wrap=True), 1), self.diagnosis_button, gap=16),
            rule(),
            text(MADE_OF, "sub", wrap=True),
            row(
                link("作品和许可", lambda: open_file(licences())),
                link("打开字体许可", lambda: open_file(resource("fonts"))),
                link("打开图标许可", lambda: open_file(resource("icons/LICENSE.txt"))),
                link("打开日志文件夹", lambda: open_file(Path(desk.store.folder) / "logs")),
                ...,
                gap=16,
            ),
        )

    def show_keys(self) -> None:
        """Say what keys do."""
        ShortcutsDialog(self._page, keys_in_view(self._page.window(), self._page)).open()

    def save(self) -> None:
        """Ask where, and write the text."""
        page = self._page
        path = ask_save(page, "诊断信息另存为", "支部工作台诊断信息.txt", "文本文件 (*.txt)")
        if path is None:
            return
        lines = of_the_window()
        page.read(
            lambda: save_diagnosis(page.desk.store, path, lines),
            lambda _none: told(page, path),
            buttons=(self.diagnosis_button,),
        )

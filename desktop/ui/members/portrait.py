"""The portrait of a member: shown, chosen from a file, taken away."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from desktop.services.members.portraits import PortraitService
from desktop.ui.dialogs import ask_open
from desktop.ui.page import Page
from desktop.ui.widgets import appear, button, card, col, link, row, text

PICTURES = "图片 (*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff)"
WIDTH, HEIGHT = 72, 96
KEPT_HERE = "选一张证件照，自动缩小；只留在本机，印在本年一页上，不随数据报送，不装入检查档案。"


def portrait_label(data: bytes, name: str, width: int = WIDTH, height: int = HEIGHT) -> QLabel:
    """Return a portrait to look at, at most so large."""
    shown = QLabel()
    ratio = shown.devicePixelRatioF()
    picture = QPixmap()
    picture.loadFromData(data)
    picture = picture.scaled(
        round(width * ratio),
        round(height * ratio),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    picture.setDevicePixelRatio(ratio)
    shown.setPixmap(picture)
    shown.setFixedSize(picture.deviceIndependentSize().toSize())
    shown.setAccessibleName(f"{name}的照片")
    return shown


class PortraitBox(QWidget):
    """The card with the portrait of the member `member_id`, for whoever may write the roster to change it."""

    def __init__(self, page: Page, member_id: str, name: str) -> None:
        super().__init__()
        self._page, self._member_id, self._name = page, member_id, name
        self._service = page.desk.service(PortraitService)
        self._slot = col(gap=0)
        self.change_button = page.desk.offered("members", button("选照片", self.choose, "small", "photo"))
        self.remove_button = page.desk.offered("members", link("删除照片", self.remove, "trash"))
        words = text(KEPT_HERE if page.desk.may_write("members") else "", "small", wrap=True)
        self._may = page.desk.may_write("members")
        side = col(words, row(self.change_button, self.remove_button, ..., gap=10), ..., gap=8)
        self.setLayout(col(card("照片", row(self._slot, (side, 1), gap=14))))
        self.load()

    def load(self) -> None:
        """Read the portrait and show it."""
        self._page.read(lambda: self._service.portrait(self._member_id), self._show)

    def choose(self) -> None:
        """Ask for a picture and make it the portrait."""
        path = ask_open(self, "选照片", PICTURES)
        if path is not None:
            self._page.act(
                lambda: self._service.put(self._member_id, path), "照片已保存。", then=lambda _none: self.load()
            )

    def remove(self) -> None:
        """Take the portrait away."""
        self._page.act(lambda: self._service.remove(self._member_id), "照片已删除。", then=lambda _none: self.load())

    def _show(self, data: bytes | None) -> None:
        while (item := self._slot.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().deleteLater()
        if data is not None:
            self._slot.addWidget(portrait_label(data, self._name))
        else:
            self._slot.addWidget(text("还没有照片", "sub"))
        self.change_button.setText("换照片" if data is not None else "选照片")
        appear(self.remove_button, self._may and data is not None)

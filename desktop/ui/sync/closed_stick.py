"""The line over pages that read sticks: one is plugged in, and the system has not opened it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop.services import udisks
from desktop.services.udisks import Plugged
from desktop.services.volumes import Volume
from desktop.ui.page import Page
from desktop.ui.widgets import banner, button, clear, col
from desktop.ui.widgets.layout import add

HEAD = "U盘{name}插上了，系统还没有打开"
WORDS = "打开以后才看得到里面的文件，才能写入。"


class ClosedStickLine(QWidget):
    """Offers to open a stick that is plugged in and not mounted; hidden where there is none, or one is open."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self.stick: Plugged | None = None
        self._inside = col(gap=0)
        self.setLayout(self._inside)
        self.open_button = button("打开U盘", self.open, "small")
        self.hide()

    def look_at(self, sticks: Sequence[Volume]) -> None:
        """Ask for sticks that are not open where none of `sticks` is."""
        if sticks:
            self.show_closed([])
        else:
            self._page.read(udisks.closed, self.show_closed, failed=lambda _error: None)

    def show_closed(self, found: Sequence[Plugged]) -> None:
        """Take what was found; nothing is drawn anew where it is the same as before."""
        stick = next(iter(found), None)
        if stick == self.stick:
            return
        self.stick = stick
        clear(self._inside, self.open_button)
        if stick is not None:
            head = HEAD.format(name=f"“{stick.label}”" if stick.label else "")
            add(self._inside, banner("wait", "usb", head, WORDS, self.open_button))
        self.setVisible(stick is not None)

    def open(self) -> None:
        """Have the system open it; then it is found like any other."""
        stick = self.stick
        if stick is not None:
            self._page.call(lambda _progress: udisks.open_stick(stick), lambda _none: None, buttons=(self.open_button,))

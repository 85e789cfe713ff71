"""The tabs of an area: never cut, and closer to one another where the room is short."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QTabBar


class PageTabs(QTabBar):
    """The names of the pages of an area in a line."""

    def __init__(self) -> None:
        super().__init__()
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setAccessibleName("页面标签")
        self._fitted: tuple[int, list[str]] | None = None

    def name_tabs(self, names: Sequence[str]) -> None:
        """Show a tab for each of `names`."""
        if self._names() != list(names):
            while self.count():
                self.removeTab(0)
            for name in names:
                self.addTab(name)

    def fit(self, room: int) -> None:
        """Stand closer where `room` is too little: filters and the main button beside the tabs cannot give way."""
        if self._fitted == (room, self._names()):
            return
        self._fitted, wide = (room, self._names()), 0
        for close in (False, True):
            if self.property("close") is not close:
                self.setProperty("close", close)
                self.style().unpolish(self)
                self.style().polish(self)
                QApplication.sendEvent(self, QEvent(QEvent.Type.StyleChange))  # or it keeps the widths it knows
            wide = self.sizeHint().width() + 4
            if wide <= room:
                break
        self.setMinimumWidth(wide)

    def _names(self) -> list[str]:
        return [self.tabText(number) for number in range(self.count())]

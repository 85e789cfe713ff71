"""The tabs of an area: never cut; closer to one another where the room is short, and turned where it is too little."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QApplication, QTabBar

LEAST, SPARE = 160, 4
"""The least width of the tabs where arrows turn them, two and the arrows; what they want beside their names."""


class PageTabs(QTabBar):
    """The names of the pages of an area in a line."""

    def __init__(self) -> None:
        super().__init__()
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
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
        """Stand closer where `room` is too little: filters and the main button beside the tabs cannot give way.

        Where even that is too wide, arrows turn the tabs: the window must not grow beyond its screen.
        """
        if self._fitted == (room, self._names()):
            return
        self._fitted = (room, self._names())
        for close in (False, True):
            if self.property("close") is not close:
                self.setProperty("close", close)
                self.style().unpolish(self)
                self.style().polish(self)
                QApplication.sendEvent(self, QEvent(QEvent.Type.StyleChange))  # or it keeps the widths it knows
            if self.sizeHint().width() <= room:
                break
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for room for all of them."""
        return super().sizeHint() + QSize(SPARE, 0)

    def minimumSizeHint(self) -> QSize:
        """Do with the room in which they can be turned."""
        whole = self.sizeHint()
        return QSize(min(whole.width(), LEAST), whole.height())

    def _names(self) -> list[str]:
        return [self.tabText(number) for number in range(self.count())]

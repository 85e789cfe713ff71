"""The left side of the window: brand, areas, who works here, where the data are, when they were backed up."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from desktop.ui import theme
from desktop.ui.pages import Area
from desktop.ui.widgets import Elided, Glyph, RowButton, appear, box, col, fixed, row, text

WIDE_SIDE, SLIM_SIDE = 164, 60
ROW, LEAST_ROW = 40, 30


class Areas(QListWidget):
    """The list of areas. In a low window its rows are lower, so that all are in sight and no bar lies over them."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the rows share the height there is."""
        super().resizeEvent(event)
        height = max(LEAST_ROW, min(ROW, self.viewport().height() // max(self.count(), 1)))
        for number in range(self.count()):
            self.item(number).setSizeHint(QSize(0, height))


class Navigation(QWidget):
    """The left side: brand, areas, and at the foot who works here, where the data are, when they were backed up."""

    chosen = Signal(int)
    backup_asked = Signal()

    def __init__(self, areas: Sequence[Area], who: str) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._areas = areas
        mark = fixed(box(row(Glyph("flag", theme.CARD, 16), gap=0, pad=5), "mark"), 26, 26)
        self._word = text("支部工作台", "h2")
        self.list = Areas()
        self.list.setObjectName("nav")
        self.list.setAccessibleName("功能导航")
        self.list.setIconSize(QSize(20, 20))
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # its frame shows where keys go: a click leaves them alone
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for area in areas:
            item = QListWidgetItem(theme.icon(area.icon), area.title)
            item.setSizeHint(QSize(0, ROW))
            item.setToolTip(area.title)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, area.title)
            self.list.addItem(item)
        self.list.currentRowChanged.connect(self.chosen)
        self.list.itemClicked.connect(lambda item: self.chosen.emit(self.list.row(item)))
        self.backup = text("", "small", wrap=True)
        self.backup_button = RowButton("备份", col(self.backup, gap=0), self.backup_asked.emit)
        self.who = Elided(who, "small")
        self._foot = box(
            col(
                row(Glyph("user", theme.GREEN, 16), (self.who, 1), gap=6),
                row(Glyph("shield-check", theme.GREEN, 16), text("仅存本机，已加密", "small"), ..., gap=6),
                self.backup_button,
                gap=4,
                pad=(18, 10, 8, 14),
            )
        )
        brand = fixed(box(row(mark, self._word, ..., gap=10, pad=(16, 0, 8, 0))), height=56)
        self.setLayout(col(brand, (self.list, 1), self._foot, gap=0, pad=(0, 0, 1, 0)))
        self.set_slim(False)

    def set_slim(self, slim: bool) -> None:
        """Show icons only, or icons with their names."""
        self.setFixedWidth(SLIM_SIDE if slim else WIDE_SIDE)
        appear(self._word, not slim)
        appear(self._foot, not slim)
        for number, area in enumerate(self._areas):
            self.list.item(number).setText("" if slim else area.title)

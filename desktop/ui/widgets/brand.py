"""The mark and the name of the program, for the pages before a store is open."""

from PySide6.QtWidgets import QLabel, QWidget

from desktop.ui import theme
from desktop.ui.widgets.layout import box, row
from desktop.ui.widgets.words import text


def brand() -> QWidget:
    """Return the icon of the program and 支部工作台 beside it."""
    mark = QLabel()
    mark.setPixmap(theme.pixmap("branch-desk", size=32))
    return box(row(mark, text("支部工作台", "h1"), ..., gap=10))

"""The mark and the name of the program, for the pages before a store is open."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.ui import theme
from desktop.ui.widgets.layout import box, row
from desktop.ui.widgets.words import text


def brand() -> QWidget:
    """Return the flag in its red field and 支部工作台 beside it."""
    mark = QLabel()
    mark.setPixmap(theme.pixmap("flag", theme.CARD, 18))
    mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
    mark.setFixedSize(32, 32)
    mark.setStyleSheet(f"background:{theme.RED}; border-radius:7px;")
    return box(row(mark, text("支部工作台", "h1"), ..., gap=10))

"""A window with every kind of field that takes words. It says on its output what happens; F9 goes to the next field.

python -m tests.proofs.fields
"""

import sys
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from desktop.ui import input_method, theme
from desktop.ui.widgets import col
from desktop.ui.widgets.fields import edit, memo

KINDS = ("line", "memo", "combobox", "table", "password")


def say(*words: object) -> None:
    """Tell whoever looks on."""
    print(*words, flush=True)


class Ear(QObject):
    """Tells what an input method shows before it is chosen, and whether the field says where that stands."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell of a pre-edit that is not empty."""
        if isinstance(event, QInputMethodEvent) and event.preeditString() and isinstance(watched, QWidget):
            place = watched.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
            held = QRectF(watched.rect()).intersects(
                QRectF(place)
            )  # fields of several lines tell it in parts of pixels
            say("preedit", event.preeditString(), "inside" if held else "outside")
        return super().eventFilter(watched, event)


def main() -> int:
    """Show the fields until the window is closed."""
    choice = input_method.prepare()
    app = QApplication(["branch-desk", *theme.STYLE])
    theme.apply(app)
    bridge = input_method.install(app, choice)
    say("way", choice.module, "bridge" if choice.bridge else "plugin")
    window, ear = QWidget(), Ear()
    combobox, table = QComboBox(), QTableWidget(1, 1)
    combobox.setEditable(True)
    table.setItem(0, 0, QTableWidgetItem(""))
    line, lines, secret = edit("行"), memo("多行"), edit("密码", secret=True)
    parts: tuple[QWidget, ...] = (line, lines, combobox, table, secret)
    words: tuple[Callable[[], str], ...] = (
        line.text,
        lines.toPlainText,
        combobox.currentText,
        lambda: _in_cell(table),
        secret.text,
    )
    app.installEventFilter(ear)
    window.setLayout(col(*parts))
    window.resize(500, 560)
    at = -1

    def go() -> None:
        nonlocal at
        at = (at + 1) % len(parts)
        parts[at].setFocus()
        if parts[at] is table:
            table.setCurrentCell(0, 0)
            table.editItem(table.item(0, 0))
        say("at", KINDS[at])

    def tell() -> None:
        say("holds", KINDS[at], words[at]())

    QShortcut(QKeySequence("F9"), window, go)
    QShortcut(QKeySequence("F8"), window, tell)
    window.show()
    window.activateWindow()
    go()
    status = app.exec()
    del bridge
    return status


def _in_cell(table: QTableWidget) -> str:
    """Return what is typed into the cell so far, or stands in it."""
    editors = cast(list[QLineEdit], table.findChildren(QLineEdit))
    return editors[-1].text() if editors else table.item(0, 0).text()


if __name__ == "__main__":
    sys.exit(main())

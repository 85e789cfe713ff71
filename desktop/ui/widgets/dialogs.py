"""Small decisions: a dialog of at most 480 logical pixels, its buttons named by their verbs."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from desktop.ui import theme
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.layout import Item, col, fixed, row, spread
from desktop.ui.widgets.words import Glyph, text

WIDTH = 460


class Dialog(QDialog):
    """Title, body, and the verb beside 取消. Enter is the verb, Esc cancels. Open with `open()`, never `exec()`."""

    def __init__(
        self, parent: QWidget | None, title: str, *body: Item, verb: str, cancel: str = "取消", wide: bool = False
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(480 if wide else WIDTH)
        self.verb = button(verb, self.submit, "primary")
        self.verb.setDefault(True)
        self.verb.setAutoDefault(True)
        self.cancel: QPushButton | None = button(cancel, self.reject) if cancel else None
        self.body = col(*body, gap=12)
        line = row(..., self.cancel, self.verb, gap=8)
        self.setLayout(col(text(title, "h2", wrap=True), (self.body, 1), line, gap=14, pad=(20, 18, 20, 16)))

    def submit(self) -> None:
        """Do what the verb says; a form overrides it and stays open when its value is refused."""
        self.accept()


def _message(icon: str, color: str, *lines: Item) -> Item:
    return row(col(fixed(Glyph(icon, color, 24), 24, 24), ...), (col(*lines, gap=6), 1), gap=12)


def confirm(parent: QWidget, title: str, words: str, verb: str, then: Callable[[], object]) -> Dialog:
    """Ask once before something that cannot be undone; `verb` names the deed."""
    dialog = Dialog(parent, title, _message("alert-triangle", theme.AMBER, text(words, wrap=True)), verb=verb)
    dialog.accepted.connect(then)
    dialog.open()
    return dialog


def inform(parent: QWidget, title: str, *lines: str, code: str = "", bad: bool = False) -> Dialog:
    """Tell what happened, what is kept, and what to do next."""
    words: list[Item] = [text(line, wrap=True) for line in lines if line]
    if code:
        words.append(text(f"提示编号 {code}", "small"))
    icon, color = ("alert-circle", theme.RED) if bad else ("info-circle", theme.SLATE)
    dialog = Dialog(parent, title, _message(icon, color, *words), verb="知道了", cancel="")
    dialog.open()
    return dialog


__all__ = ["Dialog", "confirm", "inform", "spread"]

"""What tests of pages press and look at."""

from typing import cast

from PySide6.QtWidgets import QPushButton

from desktop.ui.main_window import Shell
from desktop.ui.widgets.dialogs import Dialog


def press(shell: Shell, words: str) -> None:
    """Press the button in view that says `words`."""
    parts = cast(list[QPushButton], shell.findChildren(QPushButton))
    next(one for one in parts if one.text() == words and one.isVisible()).click()


def last(shell: Shell) -> Dialog:
    """Return the dialog that was opened last; one in view before those that are closing."""
    dialogs = cast(list[Dialog], shell.findChildren(Dialog))
    return ([dialog for dialog in dialogs if dialog.isVisible()] or dialogs)[-1]

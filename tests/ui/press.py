"""What tests of pages press and look at."""

from typing import cast

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.ui.main_window import Shell
from desktop.ui.printing.preview import PreviewDialog
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import settle


def press(shell: Shell, words: str) -> None:
    """Press the button in view that says `words`."""
    parts = cast(list[QPushButton], shell.findChildren(QPushButton))
    next(one for one in parts if one.text() == words and one.isVisible()).click()


def last(shell: Shell) -> Dialog:
    """Return the dialog that was opened last; one in view before those that are closing."""
    dialogs = cast(list[Dialog], shell.findChildren(Dialog))
    return ([dialog for dialog in dialogs if dialog.isVisible()] or dialogs)[-1]


def save_paper(qtbot: QtBot, shell: Shell) -> None:
    """Wait for the paper that a print button shows, and save it to the file that `ask_save` names."""
    settle(qtbot, shell)
    dialogs = cast(list[PreviewDialog], shell.findChildren(PreviewDialog))
    dialog = next(each for each in dialogs if each.isVisible())
    assert dialog.save_button is not None
    dialog.save_button.click()
    settle(qtbot, shell)

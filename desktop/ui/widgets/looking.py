"""Forms to look at: what is recorded is read and selected, nothing of it is changed, and the rest is away."""

from typing import TypeVar, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from desktop.ui.widgets.buttons import PushButton
from desktop.ui.widgets.fields import Field

P = TypeVar("P", bound=QObject)
LOOKS = "looks"
SHOWING = ("person", "row", "segment")
"""Kinds of buttons that say something themselves: they stay in view."""


def looking(part: P) -> P:
    """Return `part`, a button or action that only shows something: whoever looks at a form may press it."""
    part.setProperty(LOOKS, True)
    return part


def look_only(part: QWidget) -> None:
    """Let all that is recorded in `part` be read and selected, and nothing of it be changed.

    A field in which nothing is recorded goes out of sight: an empty one looks as if it were to be filled in.
    """
    for field in cast(list[Field], part.findChildren(Field)):
        field.look()
    for each in (part, *cast(list[QWidget], part.findChildren(QWidget))):
        if isinstance(each, QLineEdit | QPlainTextEdit):
            each.setReadOnly(True)
            each.setPlaceholderText("")
            for action in each.actions():  # the calendar of a date
                if not action.property(LOOKS):
                    action.setVisible(False)
        elif isinstance(each, PushButton) and each.objectName() not in SHOWING:
            if not each.property(LOOKS):
                each.withhold(True)
        elif isinstance(each, QComboBox | QAbstractSpinBox | QAbstractButton):
            each.setEnabled(False)

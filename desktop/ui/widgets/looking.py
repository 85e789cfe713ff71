"""Forms to look at: what stands in them is read and selected, and nothing of it is changed."""

from typing import TypeVar, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from desktop.ui.widgets.buttons import PushButton

P = TypeVar("P", bound=QObject)
LOOKS = "looks"
SHOWING = ("person", "row", "segment")
"""Kinds of buttons that say something themselves: they stay in view."""


def looking(part: P) -> P:
    """Return `part`, a button or action that only shows something: whoever looks at a form may press it."""
    part.setProperty(LOOKS, True)
    return part


def look_only(part: QWidget) -> None:
    """Let all that stands in `part` be read and selected, and nothing of it be changed."""
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
        elif isinstance(each, QComboBox | QAbstractSpinBox | QCheckBox | PushButton):
            each.setEnabled(False)

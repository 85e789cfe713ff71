"""What stands in a control as it was typed, readable or not: kept as a draft, and typed again."""

from collections.abc import Callable
from enum import Enum
from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from desktop.ui.widgets.choice import Choice


@runtime_checkable
class Typed(Protocol):
    """A control of several parts that says itself what was typed into it."""

    def typed(self) -> object:
        """Return what was typed, as JSON carries it."""

    def type_again(self, kept: object) -> None:
        """Put back what `typed` returned."""

    def on_typing(self, then: Callable[[], object]) -> None:
        """Call `then` after every change."""


def typed(control: QWidget) -> object:
    """Return what stands in a control, as JSON carries it; None where it is never kept (a password)."""
    if isinstance(control, Typed):
        return control.typed()
    if isinstance(control, Choice):
        return control.currentText() if control.isEditable() else _plain(control.value())
    if isinstance(control, QSpinBox):
        return control.value()
    if isinstance(control, QPlainTextEdit):
        return control.toPlainText()
    if isinstance(control, QLineEdit) and control.echoMode() is QLineEdit.EchoMode.Normal:
        return control.text()
    return None


def type_again(control: QWidget, kept: object) -> None:
    """Put back what `typed` returned; a choice that is offered no more stays as it is."""
    if isinstance(control, Typed):
        control.type_again(kept)
    elif isinstance(control, Choice):
        if control.isEditable():
            control.setCurrentText(str(kept or ""))
        else:
            for value in control.values():
                if _plain(value) == kept:
                    control.set_value(value)
    elif isinstance(control, QSpinBox):
        if isinstance(kept, int):
            control.setValue(kept)
    elif isinstance(kept, str) and isinstance(control, QPlainTextEdit):
        control.setPlainText(kept)
    elif isinstance(kept, str) and isinstance(control, QLineEdit):
        control.setText(kept)


def on_typing(control: QWidget, then: Callable[[], object]) -> None:
    """Call `then` whenever what stands in a control changes."""
    if isinstance(control, Typed):
        control.on_typing(then)
    elif isinstance(control, Choice):
        control.currentTextChanged.connect(lambda _words: then())
    elif isinstance(control, QSpinBox):
        control.valueChanged.connect(lambda _number: then())
    elif isinstance(control, QPlainTextEdit):
        control.textChanged.connect(then)
    elif isinstance(control, QLineEdit):
        control.textChanged.connect(lambda _words: then())


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    say_day = getattr(value, "isoformat", None)  # of a date, whose module the first window does without
    return value if say_day is None else say_day()

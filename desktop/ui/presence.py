"""Whether somebody is there, and by keys or by the pointer: the last key, click, movement or word typed."""

import time
from typing import cast

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from desktop.ui.focus import FocusFilter, note_lead

_SIGNS_OF_LIFE = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.InputMethod,  # goes to the field, past the window
)


class Presence(FocusFilter):
    """Looks for signs of life between `begin` and `end`, while a store is open: before that nothing can be locked."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent, windows=True)
        self.last_sign = time.monotonic()

    def begin(self) -> None:
        """Look, from now on; now somebody is there."""
        self.last_sign = time.monotonic()
        self.follow(cast(QApplication, QApplication.instance()))

    def end(self) -> None:
        """Look no more."""
        self.leave(cast(QApplication, QApplication.instance()))

    def idle_seconds(self) -> float:
        """Return for how long nobody has been there."""
        return time.monotonic() - self.last_sign

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the moment of a sign of life; nothing is held back."""
        if event.type() in _SIGNS_OF_LIFE:
            self.last_sign = time.monotonic()
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress):
            note_lead(by_keys=event.type() == QEvent.Type.KeyPress)
        return super().eventFilter(watched, event)

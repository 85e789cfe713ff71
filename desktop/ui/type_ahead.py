"""Keys typed into a form that still reads its record: held, and typed when it has read it."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from desktop.ui.focus import FocusFilter

HELD = (QEvent.Type.KeyPress, QEvent.Type.InputMethod)


class TypeAhead(FocusFilter):
    """Holds what is typed into `form` from now until `release`: loading would write over it."""

    def __init__(self, form: QWidget) -> None:
        super().__init__(form)
        self._form = form
        self._held: list[tuple[QWidget, QEvent]] = []
        self.follow(self._application())

    def release(self, proposed: Iterable[QLineEdit] = ()) -> None:
        """Type what was held, in order, each where the cursor was; once.

        What was merely `proposed` in a field meanwhile gives way to what was typed there.
        """
        self.leave(self._application())
        held, self._held = self._held, []
        for field in proposed:
            if any(target is field for target, _event in held):
                field.clear()
        before: QWidget | None = None
        for target, event in held:
            if target is not before and isValid(target):
                target.setFocus()
            before = target
            now = self._form.focusWidget()  # a Tab among the keys has moved it
            if now is not None:
                QApplication.sendEvent(now, event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep keys meant for the form."""
        if event.type() in HELD and isinstance(watched, QWidget) and self._form.isAncestorOf(watched):
            self._held.append((watched, event.clone()))
            return True
        return False

    @staticmethod
    def _application() -> QApplication:
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            raise RuntimeError("a form without an application")
        return application

"""What has the focus: seeing its events without seeing those of everything, and keeping it where it was.

A filter on the application is told of every event of every object, also of layouts that Python is just destroying:
such an object handed back to Python ends the program. So what wants to see keys, here, goes with the focus.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

_LED = "led_by_keys"


def keys_lead() -> bool:
    """Return whether a key was the last thing somebody used, not the pointer: then what has the focus is framed."""
    application = QGuiApplication.instance()
    return application is not None and bool(application.property(_LED))


def note_lead(*, by_keys: bool) -> None:
    """Note whether a key or the pointer was used just now."""
    application = QGuiApplication.instance()
    if application is not None and keys_lead() is not by_keys:
        application.setProperty(_LED, by_keys)


@dataclass(frozen=True, slots=True)
class Lent:
    """The focus of a button that is disabled for a while, and who has it meanwhile."""

    button: QWidget
    keeper: QWidget


def lend(keeper: QWidget, buttons: Iterable[QWidget]) -> Lent | None:
    """Let `keeper`, or the dialog above it, have the focus of the one of `buttons` that has it and is to be disabled.

    Qt by itself hands it to the next part, and the next Enter would press that.
    """
    for part in buttons:
        if part.window().focusWidget() is part:  # also while the window gets it back from a dialog of the desktop
            keeper = keeper if keeper.window() is part.window() else part.window()
            keeper.setFocus()
            return Lent(part, keeper)
    return None


def give_back(lent: Lent | None) -> None:
    """Give a button its focus back, unless somebody went elsewhere meanwhile."""
    if lent is None or not isValid(lent.button) or not isValid(lent.keeper):
        return
    if lent.keeper.window().focusWidget() is lent.keeper and lent.button.isVisible():
        lent.button.setFocus()


class FocusFilter(QObject):
    """Base of an event filter that goes with the focus. Override `eventFilter`; switch it on with `follow`.

    It sees the object in focus and, if `windows` is set, every window that had the focus since.
    """

    def __init__(self, parent: QObject, *, windows: bool = False) -> None:
        super().__init__(parent)
        self._windows, self._following = windows, False
        self._target: QObject | None = None

    def follow(self, app: QGuiApplication) -> None:
        """Begin to see events."""
        if self._following:
            return
        self._following = True
        app.focusObjectChanged.connect(self._object_changed)
        self._object_changed(app.focusObject())
        if self._windows:
            app.focusWindowChanged.connect(self._window_changed)
            self._window_changed(app.focusWindow())

    def leave(self, app: QGuiApplication) -> None:
        """See nothing any more."""
        if not self._following:
            return
        self._following = False
        app.focusObjectChanged.disconnect(self._object_changed)
        self._object_changed(None)
        if self._windows:
            app.focusWindowChanged.disconnect(self._window_changed)
            for window in app.topLevelWindows():
                window.removeEventFilter(self)

    def _object_changed(self, target: QObject | None) -> None:
        if self._target is not None and isValid(self._target):
            self._target.removeEventFilter(self)
        self._target = target
        if target is not None:
            target.installEventFilter(self)

    def _window_changed(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

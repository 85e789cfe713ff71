"""Seeing the events of what has the focus, without seeing those of everything.

A filter on the application is told of every event of every object, also of layouts that Python is just destroying:
such an object handed back to Python ends the program. So what wants to see keys, here, goes with the focus.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QWindow
from shiboken6 import isValid


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

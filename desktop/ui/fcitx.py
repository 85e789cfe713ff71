"""A bridge to fcitx 4, which answers no protocol that Qt's wheels speak: keys go to it, words come back, over D-Bus."""

import time
from collections import deque
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from desktop.ui.dbus import PORTAL, TIMEOUT_S
from desktop.ui.focus import FocusFilter

PORTAL_PATH = "/org/freedesktop/portal/inputmethod"
RETRY_MS = 3000
PREEDIT, FORMATTED_PREEDIT, PASSWORD = 1 << 1, 1 << 4, 1 << 3


class FcitxBridge(FocusFilter):
    """Sends the keys of the field in focus to fcitx, and what fcitx answers back into the field.

    fcitx may stop and start again: then keys go to the field as they are, and the bridge tries anew every few seconds.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._bus: Any = None
        self._context: Any = None
        self._queue: deque[Any] = deque()
        self._notifier: QSocketNotifier | None = None
        self._filter: Any = None
        self._capability = -1
        self._retry_at = 0.0
        self._preedit = ""
        self.follow(app)
        app.focusObjectChanged.connect(self._focus)
        self._connect()

    @property
    def connected(self) -> bool:
        """Whether fcitx answers."""
        return self._context is not None

    def close(self) -> None:
        """Leave fcitx."""
        self.leave(self._app)
        self._drop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Send the keys of a text field to fcitx first; what it takes does not reach the field."""
        if (
            event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QWidget)
            and watched is QApplication.focusWidget()
            and _takes_text(watched)
            and self._ready()
        ):
            return self._key(watched, event)
        return super().eventFilter(watched, event)

    def _ready(self) -> bool:
        if self._context is None and time.monotonic() >= self._retry_at:
            self._connect()
        return self._context is not None

    def _connect(self) -> None:
        from jeepney import DBusAddress, MatchRule, message_bus
        from jeepney.io.blocking import open_dbus_connection

        self._retry_at = time.monotonic() + RETRY_MS / 1000
        try:
            self._bus = open_dbus_connection("SESSION")
            portal = DBusAddress(PORTAL_PATH, bus_name=PORTAL, interface="org.fcitx.Fcitx.InputMethod1")
            path, _uuid = self._call(portal, "CreateInputContext", "a(ss)", ([("program", "branch-desk")],))
            self._context = DBusAddress(path, bus_name=PORTAL, interface="org.fcitx.Fcitx.InputContext1")
            rule = MatchRule(type="signal", interface="org.fcitx.Fcitx.InputContext1", path=path)
            self._bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=TIMEOUT_S)
            self._filter = self._bus.filter(rule, bufsize=200)
            self._queue = self._filter.queue
        except (OSError, KeyError, ValueError, TimeoutError, _bus_error()):
            self._drop()
            return
        self._capability = -1
        self._notifier = QSocketNotifier(self._bus.sock.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda *_: self._pump())
        QTimer.singleShot(0, lambda: self._focus(self._app.focusObject()))

    def _drop(self) -> None:
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
        if self._bus is not None:
            self._bus.close()
        self._bus = self._context = self._notifier = self._filter = None
        self._queue = deque()

    def _call(self, address: Any, name: str, signature: str | None, body: tuple[Any, ...]) -> Any:
        from jeepney import new_method_call
        from jeepney.wrappers import unwrap_msg

        return unwrap_msg(
            self._bus.send_and_get_reply(new_method_call(address, name, signature, body), timeout=TIMEOUT_S)
        )

    def _ask(self, name: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Any:
        """Call the context; when fcitx is gone, let go of it and return None."""
        try:
            return self._call(self._context, name, signature, body)
        except (OSError, EOFError, TimeoutError, _bus_error()):
            self._drop()
            self._show_preedit("")
            return None

    def _focus(self, target: QObject | None) -> None:
        if self._context is None:
            return
        self._show_preedit("")
        if isinstance(target, QWidget) and _takes_text(target):
            hidden = isinstance(target, QLineEdit) and target.echoMode() != QLineEdit.EchoMode.Normal
            capability = PREEDIT | FORMATTED_PREEDIT | (PASSWORD if hidden else 0)
            if capability != self._capability and self._ask("SetCapability", "t", (capability,)) is not None:
                self._capability = capability
            if self._context is not None:
                self._ask("FocusIn")
        else:
            self._ask("FocusOut")

    def _key(self, target: QWidget, event: QKeyEvent) -> bool:
        self._place(target)
        if self._context is None:
            return False
        released = event.type() == QEvent.Type.KeyRelease
        keys = (event.nativeVirtualKey(), event.nativeScanCode(), event.nativeModifiers(), released, 0)
        answer = self._ask("ProcessKeyEvent", "uuubu", keys)
        self._pump()
        return bool(answer and answer[0])

    def _place(self, target: QWidget) -> None:
        area = target.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
        corner, ratio = target.mapToGlobal(area.topLeft()), target.devicePixelRatioF()
        places = (corner.x(), corner.y(), area.width(), area.height())
        self._ask("SetCursorRect", "iiii", tuple(round(value * ratio) for value in places))

    def _pump(self) -> None:
        from jeepney import HeaderFields

        while self._bus is not None:
            if not self._queue:
                try:
                    self._bus.recv_messages(timeout=0)
                except TimeoutError:
                    return
                except (OSError, EOFError):
                    self._drop()
                    return
                if not self._queue:
                    return
            message = self._queue.popleft()
            name = message.header.fields.get(HeaderFields.member)
            if name == "CommitString":
                self._commit(str(message.body[0]))
            elif name == "UpdateFormattedPreedit":
                self._show_preedit("".join(part for part, _format in message.body[0]))

    def _commit(self, words: str) -> None:
        target = QApplication.focusWidget()
        self._preedit = ""
        if target is not None and _takes_text(target):
            event = QInputMethodEvent()
            event.setCommitString(words)
            QApplication.sendEvent(target, event)

    def _show_preedit(self, words: str) -> None:
        target = QApplication.focusWidget()
        if target is None or words == self._preedit or not _takes_text(target):
            return
        self._preedit = words
        line = QTextCharFormat()
        line.setFontUnderline(True)
        kind = QInputMethodEvent.AttributeType.TextFormat
        marks = [QInputMethodEvent.Attribute(kind, 0, len(words), line)] if words else []
        QApplication.sendEvent(target, QInputMethodEvent(words, marks))


def _takes_text(widget: QWidget) -> bool:
    return widget.isEnabled() and widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def _bus_error() -> type[Exception]:
    from jeepney.wrappers import DBusErrorResponse

    found: type[Exception] = DBusErrorResponse
    return found

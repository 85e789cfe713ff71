"""Chinese input on Linux desktops. Qt's wheels bring no fcitx plugin, so fcitx is reached by its own D-Bus protocol.

Order: a real ibus session uses Qt's ibus plugin; fcitx 5 answers the ibus protocol too; fcitx 4 gets the bridge below.
"""

import os
import sys
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

PORTAL = "org.freedesktop.portal.Fcitx"
PORTAL_PATH = "/org/freedesktop/portal/inputmethod"
FCITX5 = "org.fcitx.Fcitx5"
IBUS_PORTAL = "org.freedesktop.portal.IBus"
TIMEOUT_S = 1.0
RETRY_MS = 3000
PREEDIT, FORMATTED_PREEDIT, PASSWORD = 1 << 1, 1 << 4, 1 << 3


@dataclass(frozen=True, slots=True)
class Choice:
    """Which way Chinese input takes, and why."""

    module: str
    bridge: bool
    reason: str


def decide(environ: dict[str, str], owned: frozenset[str], platform: str) -> Choice:
    """Choose the way from the session's variables and the names owned on its bus."""
    wanted = environ.get("QT_IM_MODULE", "")
    if platform != "linux":
        return Choice(wanted, False, "系统自带输入法，不用处理。")
    if wanted == "ibus" and not wanted.startswith("fcitx"):
        return Choice("ibus", False, "会话使用 ibus。")
    if FCITX5 in owned:
        return Choice("ibus", False, "fcitx5 兼容 ibus 协议，按 ibus 接入。")
    if PORTAL in owned:
        return Choice("compose", True, "fcitx 4 不兼容 ibus 协议，由程序直接接入。")
    if IBUS_PORTAL in owned or "org.freedesktop.IBus" in owned:
        return Choice("ibus", False, "会话总线上有 ibus。")
    if wanted.startswith("fcitx"):
        return Choice("ibus", False, "会话要求 fcitx 但还没有启动，先按 ibus 接入。")
    return Choice(wanted, False, "没有发现输入法框架，保持原样。")


def owned_names() -> frozenset[str]:
    """Return the well-known names on the session bus that concern input; none where there is no bus."""
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return frozenset()
    try:
        from jeepney import message_bus
        from jeepney.io.blocking import open_dbus_connection

        with open_dbus_connection("SESSION") as bus:
            names = bus.send_and_get_reply(message_bus.ListNames(), timeout=TIMEOUT_S).body[0]
    except (ImportError, OSError, KeyError, ValueError, TimeoutError):
        return frozenset()
    return frozenset(name for name in names if "citx" in name or "IBus" in name)


def prepare() -> Choice:
    """Set QT_IM_MODULE for this process. Call before QApplication."""
    choice = decide(dict(os.environ), owned_names() if sys.platform == "linux" else frozenset(), sys.platform)
    if sys.platform == "linux" and choice.module:
        os.environ["QT_IM_MODULE"] = choice.module
    return choice


def install(app: QApplication, choice: Choice) -> "FcitxBridge | None":
    """Start the bridge if it was chosen. Call after QApplication."""
    return FcitxBridge(app) if choice.bridge else None


class FcitxBridge(QObject):
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
        app.installEventFilter(self)
        app.focusObjectChanged.connect(self._focus)
        self._connect()

    @property
    def connected(self) -> bool:
        """Whether fcitx answers."""
        return self._context is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
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


def diagnose() -> str:
    """Return lines for the help page and for `--diagnose-input`: what was found, and which way input takes."""
    owned = owned_names() if sys.platform == "linux" else frozenset()
    choice = decide(dict(os.environ), owned, sys.platform)
    lines = [
        f"系统：{sys.platform}",
        f"QT_IM_MODULE：{os.environ.get('QT_IM_MODULE', '（未设置）')}",
        f"XMODIFIERS：{os.environ.get('XMODIFIERS', '（未设置）')}",
        f"会话总线：{'有' if os.environ.get('DBUS_SESSION_BUS_ADDRESS') else '没有'}",
        f"总线上的输入法：{'、'.join(sorted(owned)) or '没有'}",
        f"fcitx：{_version('fcitx')}；fcitx5：{_version('fcitx5')}",
        f"接入方式：{'程序直接接入 fcitx' if choice.bridge else choice.module or '保持原样'}",
        f"原因：{choice.reason}",
    ]
    return "\n".join(lines)


def _version(program: str) -> str:
    import shutil
    import subprocess

    path = shutil.which(program)
    if path is None:
        return "没有安装"
    try:
        found = subprocess.run([path, "-v"], capture_output=True, text=True, timeout=2, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return path
    return found.stdout.strip().splitlines()[0] if found.stdout.strip() else path

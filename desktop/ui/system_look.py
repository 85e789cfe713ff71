"""Whether the desktop is dark, and when that changes: as Qt knows, and on Linux as the portal of the session says."""

import os
import sys
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop.ui import theme
from desktop.ui.bus_signals import SESSION, BusSignals
from desktop.ui.colours import Look
from desktop.ui.dbus import TIMEOUT_S

PORTAL, PATH, SETTINGS = (
    "org.freedesktop.portal.Desktop",
    "/org/freedesktop/portal/desktop",
    "org.freedesktop.portal.Settings",
)
DARK = 1
"""What the portal answers where dark is preferred; 2 is light, 0 nothing."""
ASKED = ("org.freedesktop.appearance", "color-scheme")


def wanted() -> Look:
    """Return the look chosen on this computer, and where it follows the system, that of the system."""
    chosen = theme.chosen_look()
    if chosen is not Look.SYSTEM:
        return chosen
    return Look.DARK if is_dark() else Look.LIGHT


def is_dark() -> bool:
    """Return whether the desktop asks for dark windows. Call after QApplication."""
    if qt_knows():
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return sys.platform == "linux" and preference() == DARK


def qt_knows() -> bool:
    """Return whether Qt can tell whether this desktop is dark."""
    return QGuiApplication.styleHints().colorScheme() is not Qt.ColorScheme.Unknown


class Following(QObject):
    """Lets the window wear what the desktop turns to while the program runs, where the user chose to follow it."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        rule = {"interface": SETTINGS, "member": "SettingChanged", "path": PATH}
        self._portal = BusSignals(self, SESSION, self._said, **rule)
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: self._turn(is_dark()))

    @property
    def listens(self) -> bool:
        """Whether the session tells of its look by its portal."""
        return self._portal.listening

    def listen(self) -> None:
        """Hear the portal of the session where Qt does not know; nothing where there is no session."""
        if not qt_knows() and os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            self._portal.listen()

    def _said(self, body: tuple[Any, ...]) -> None:
        place, name, value = body
        if (place, name) == ASKED:
            self._turn(_plain(value) == DARK)

    def _turn(self, dark: bool) -> None:
        if theme.chosen_look() is Look.SYSTEM:
            theme.change(self._app, Look.DARK if dark else Look.LIGHT)


def preference() -> int:
    """Return what the portal says of colours; 0 where it says nothing or there is none."""
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return 0
    try:
        from jeepney import DBusAddress, message_bus, new_method_call
        from jeepney.io.blocking import open_dbus_connection
        from jeepney.wrappers import DBusErrorResponse, unwrap_msg
    except ImportError:
        return 0
    try:
        with open_dbus_connection("SESSION") as bus:
            (owned,) = unwrap_msg(bus.send_and_get_reply(message_bus.NameHasOwner(PORTAL), timeout=TIMEOUT_S))
            if not owned:  # asking would start it, and wait
                return 0
            address = DBusAddress(PATH, bus_name=PORTAL, interface=SETTINGS)
            call = new_method_call(address, "Read", "ss", ASKED)
            (answer,) = unwrap_msg(bus.send_and_get_reply(call, timeout=TIMEOUT_S))
    except (OSError, EOFError, KeyError, ValueError, TimeoutError, DBusErrorResponse):
        return 0
    return _plain(answer)


def _plain(answer: Any) -> int:
    while isinstance(answer, tuple):  # a variant in a variant
        answer = answer[1]
    return answer if isinstance(answer, int) else 0

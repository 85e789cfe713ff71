"""Whether the desktop is dark: what Qt knows, and on Linux what the portal of the session says."""

import os
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desktop.ui.dbus import TIMEOUT_S

PORTAL, PATH, SETTINGS = (
    "org.freedesktop.portal.Desktop",
    "/org/freedesktop/portal/desktop",
    "org.freedesktop.portal.Settings",
)
DARK = 1
"""What the portal answers where dark is preferred; 2 is light, 0 nothing."""


def is_dark() -> bool:
    """Return whether the desktop asks for dark windows. Call after QApplication."""
    scheme = QGuiApplication.styleHints().colorScheme()
    if scheme is not Qt.ColorScheme.Unknown:
        return scheme is Qt.ColorScheme.Dark
    return sys.platform == "linux" and preference() == DARK


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
            call = new_method_call(address, "Read", "ss", ("org.freedesktop.appearance", "color-scheme"))
            (answer,) = unwrap_msg(bus.send_and_get_reply(call, timeout=TIMEOUT_S))
    except (OSError, EOFError, KeyError, ValueError, TimeoutError, DBusErrorResponse):
        return 0
    while isinstance(answer, tuple):  # a variant in a variant
        answer = answer[1]
    return answer if isinstance(answer, int) else 0

"""Whether the desktop is dark or of high contrast, and when that changes.

Dark as Qt knows; on Linux both as the portal of the session says, on Windows contrast as the system's settings say.
"""

import os
import sys
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QGuiApplication
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
DARK = HIGHER = 1
"""What the portal answers where dark, or a higher contrast, is preferred; of colours 2 is light, 0 nothing."""
HALF = 128
ASKED = ("org.freedesktop.appearance", "color-scheme")
CONTRAST = ("org.freedesktop.appearance", "contrast")
SPI_GETHIGHCONTRAST, HCF_HIGHCONTRASTON, COLOR_WINDOW = 0x0042, 0x0001, 5  # names of winuser.h


def wanted() -> Look:
    """Return the look chosen on this computer, and where it follows the system, that of the system."""
    chosen = theme.chosen_look()
    if chosen is not Look.SYSTEM:
        return chosen
    return look_of(dark=is_dark(), contrast=is_of_high_contrast())


def look_of(*, dark: bool, contrast: bool) -> Look:
    """Return the look that a desktop asks for."""
    if contrast:
        return Look.CONTRAST_DARK if dark else Look.CONTRAST
    return Look.DARK if dark else Look.LIGHT


def is_of_high_contrast() -> bool:
    """Return whether the desktop asks for high contrast."""
    return _windows_contrast() or (sys.platform == "linux" and preference(CONTRAST) == HIGHER)


def is_dark() -> bool:
    """Return whether the desktop asks for dark windows. Call after QApplication."""
    if _windows_contrast():  # Qt knows no scheme then: what windows are to be painted on is asked
        return _windows_paints_on_black()
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
        self._dark: bool | None = None
        self._contrast: bool | None = None
        """What the desktop was last known to ask for; nothing where nobody asked it yet."""
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: self.look())
        if sys.platform == "win32":  # Windows tells windows, Qt does not hand it on; who changed it comes back to us
            app.applicationStateChanged.connect(lambda _state: self.look())

    def look(self) -> None:
        """Ask the desktop what it wants now."""
        if theme.chosen_look() is Look.SYSTEM:
            self._dark, self._contrast = is_dark(), is_of_high_contrast()
            self._turn()

    @property
    def listens(self) -> bool:
        """Whether the session tells of its look by its portal."""
        return self._portal.listening

    def listen(self) -> None:
        """Hear the portal of the session; nothing where there is no session."""
        if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            self._portal.listen()

    def _said(self, body: tuple[Any, ...]) -> None:
        place, name, value = body
        if (place, name) == ASKED:
            self._dark = _plain(value) == DARK
            self._turn()
        elif (place, name) == CONTRAST:
            self._contrast = _plain(value) == HIGHER
            self._turn()

    def _turn(self) -> None:
        if theme.chosen_look() is Look.SYSTEM:
            self._dark = is_dark() if self._dark is None else self._dark
            self._contrast = is_of_high_contrast() if self._contrast is None else self._contrast
            theme.change(self._app, look_of(dark=self._dark, contrast=self._contrast))


def _windows_contrast() -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    class HighContrast(ctypes.Structure):
        """What the system's settings fill in (HIGHCONTRASTW)."""

        _fields_ = (("size", ctypes.c_uint), ("flags", ctypes.c_uint), ("scheme", ctypes.c_wchar_p))

    answer = HighContrast(size=ctypes.sizeof(HighContrast))
    ask = ctypes.windll.user32.SystemParametersInfoW
    told = ask(SPI_GETHIGHCONTRAST, answer.size, ctypes.byref(answer), 0)
    return bool(told and answer.flags & HCF_HIGHCONTRASTON)


def _windows_paints_on_black() -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    blue_green_red = ctypes.windll.user32.GetSysColor(COLOR_WINDOW)
    return bool(QColor.fromRgb(*int(blue_green_red).to_bytes(4, "little")[:3]).lightness() < HALF)


def preference(asked: tuple[str, str] = ASKED) -> int:
    """Return what the portal says of colours, or of what is `asked`; 0 where it says nothing or there is none."""
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
            call = new_method_call(address, "Read", "ss", asked)
            (answer,) = unwrap_msg(bus.send_and_get_reply(call, timeout=TIMEOUT_S))
    except (OSError, EOFError, KeyError, ValueError, TimeoutError, DBusErrorResponse):
        return 0
    return _plain(answer)


def _plain(answer: Any) -> int:
    while isinstance(answer, tuple):  # a variant in a variant
        answer = answer[1]
    return answer if isinstance(answer, int) else 0

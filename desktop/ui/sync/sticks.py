"""A stick is noticed when it is plugged in: the system says that what is mounted changed, and only then it is asked.

Linux tells whoever watches the list of mounts, and udisks2 what was plugged in that nothing has opened yet; Windows
sends every window a message. Where neither is to be had the system is asked every two seconds, as before. Free room
changes without a word: a slow tick asks for that.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QWidget

from desktop.services import udisks
from desktop.services.volumes import MOUNTS
from desktop.ui.bus_signals import SYSTEM, BusSignals
from desktop.ui.sync.common import POLL_MS

Bytes: TypeAlias = QByteArray | bytes | bytearray | memoryview

SETTLE_MS = 300
"""A stick that was just mounted is asked once its file system answers."""
SLOW_MS = 15_000
DEVICE_CHANGE = 0x0219


class StickWatch(QObject):
    """Calls `look` when the watch starts and whenever sticks may have come or gone, until it stops."""

    def __init__(self, page: QWidget, look: Callable[[], object], mounts: Path = MOUNTS) -> None:
        super().__init__(page)
        self._look = look
        self._file = -1
        self._notifier: QSocketNotifier | None = None
        self._messages: _DeviceMessages | None = None
        self._mounts = mounts
        plugs = {"interface": udisks.OBJECTS, "path": udisks.PLACE}
        self._plugs = BusSignals(self, SYSTEM, lambda _what: self._settle.start(), **plugs)
        self._tick, self._settle = QTimer(self), QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._tick.timeout.connect(look)
        self._settle.timeout.connect(look)
        self.destroyed.connect(self._let_go)

    @property
    def told(self) -> bool:
        """Whether the system tells of sticks by itself."""
        return self._notifier is not None or self._messages is not None

    def start(self) -> None:
        """Look now, and again when something changes."""
        if not self.told:
            self._listen()
        self._tick.start(SLOW_MS if self.told else POLL_MS)
        self._look()

    def stop(self) -> None:
        """Look no more."""
        self._tick.stop()
        self._settle.stop()
        self._let_go()

    def _listen(self) -> None:
        if sys.platform == "win32":
            application = QCoreApplication.instance()
            if application is not None:
                self._messages = _DeviceMessages(self._settle.start)
                application.installNativeEventFilter(self._messages)
            return
        self._plugs.listen()
        try:
            self._file = os.open(self._mounts, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # not Linux
            return
        self._notifier = QSocketNotifier(self._file, QSocketNotifier.Type.Exception, self)
        self._notifier.activated.connect(lambda *_what: self._settle.start())

    def _let_go(self) -> None:
        self._plugs.leave()
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        application = QCoreApplication.instance()
        if self._messages is not None and application is not None:
            application.removeNativeEventFilter(self._messages)
        self._messages = None


class _DeviceMessages(QAbstractNativeEventFilter):
    """Hears the message Windows sends when a drive comes or goes."""

    def __init__(self, changed: Callable[[], object]) -> None:
        super().__init__()
        self._changed = changed

    def nativeEventFilter(self, _kind: Bytes, message: int) -> tuple[bool, int]:
        """Let every message pass; note that of a changed device."""
        if sys.platform == "win32":
            from ctypes import wintypes

            if wintypes.MSG.from_address(int(message)).message == DEVICE_CHANGE:
                self._changed()
        return False, 0

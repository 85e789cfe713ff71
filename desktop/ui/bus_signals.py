"""What is told on a message bus of a Linux desktop, heard in the window."""

import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier

from desktop.ui.dbus import TIMEOUT_S

SESSION, SYSTEM = "SESSION", "SYSTEM"
TOLD_AT_ONCE = 200
"""Signals that may come together, as of a desktop that turns, or of a stick; by itself the filter keeps one."""


class BusSignals(QObject):
    """Calls `heard` with what each signal brings that fits the rule, from `listen` until `leave` or the bus ends."""

    def __init__(self, parent: QObject, bus: str, heard: Callable[[tuple[Any, ...]], object], **rule: str) -> None:
        super().__init__(parent)
        self._name, self._heard, self._rule = bus, heard, rule
        self._bus: Any = None
        self._signals: Any = None
        self._notifier: QSocketNotifier | None = None
        self.destroyed.connect(self.leave)

    @property
    def listening(self) -> bool:
        """Whether the bus tells."""
        return self._bus is not None

    def listen(self) -> None:
        """Begin to hear; nothing happens where there is no such bus."""
        if sys.platform != "linux" or self.listening:
            return
        try:
            from jeepney import MatchRule, message_bus
            from jeepney.io.blocking import open_dbus_connection
            from jeepney.wrappers import DBusErrorResponse, unwrap_msg
        except ImportError:
            return
        rule = MatchRule(type="signal", **self._rule)
        try:
            self._bus = open_dbus_connection(self._name)
            unwrap_msg(self._bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=TIMEOUT_S))
        except (OSError, EOFError, KeyError, ValueError, TimeoutError, DBusErrorResponse):
            self.leave()
            return
        self._signals = self._bus.filter(rule, bufsize=TOLD_AT_ONCE)
        self._notifier = QSocketNotifier(self._bus.sock.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._pump)

    def leave(self) -> None:
        """Hear no more."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None
        if self._bus is not None:
            self._bus.close()
        self._bus = None

    def _pump(self) -> None:
        """Take what has come: reading it is what the notifier waits for."""
        try:
            while self._bus is not None:
                self._bus.recv_messages(timeout=0)
        except TimeoutError:
            pass
        except (OSError, EOFError):  # the bus ends
            self.leave()
        while self._signals is not None and self._signals.queue:
            self._heard(self._signals.queue.popleft().body)

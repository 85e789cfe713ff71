"""A little fcitx on a private session bus: it turns the key n into 你, and remembers what it was told."""

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection

PORTAL = "org.freedesktop.portal.Fcitx"
CONTEXT = "/org/freedesktop/portal/inputcontext/1"
KEY_N = ord("n")


@contextlib.contextmanager
def session_bus(folder: Path) -> Iterator[str]:
    """Run a private session bus and give its address."""
    socket = folder / "bus"
    command = ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address=unix:path={socket}"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
    finally:
        daemon.terminate()
        daemon.wait()
        if daemon.stdout is not None:
            daemon.stdout.close()


class Fcitx:
    """Answers on the portal's name until `stop`."""

    def __init__(self, address: str) -> None:
        self.capabilities: list[int] = []
        self.focus: list[str] = []
        self._bus = open_dbus_connection(address)
        self._bus.send_and_get_reply(message_bus.RequestName(PORTAL))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leave the bus, as a crashed fcitx does."""
        self._over.set()
        self._thread.join()
        self._bus.close()

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                message = self._bus.receive(timeout=0.05)
            except TimeoutError:
                continue
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def _answer(self, message: Any) -> None:
        name = message.header.fields.get(HeaderFields.member)
        if name == "CreateInputContext":
            self._bus.send(new_method_return(message, "oay", (CONTEXT, b"1")))
        elif name == "SetCapability":
            self.capabilities.append(message.body[0])
            self._bus.send(new_method_return(message))
        elif name in ("FocusIn", "FocusOut", "SetCursorRect"):
            self.focus.append(name)
            self._bus.send(new_method_return(message))
        elif name == "ProcessKeyEvent":
            key, released = message.body[0], message.body[3]
            taken = key == KEY_N
            if taken and not released:
                sender = DBusAddress(CONTEXT, interface="org.fcitx.Fcitx.InputContext1")
                self._bus.send(new_signal(sender, "CommitString", "s", ("你",)))
            self._bus.send(new_method_return(message, "b", (taken,)))
        else:
            self._bus.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))

"""A private session bus, and what answers there on a name as a part of the desktop does."""

import contextlib
import subprocess
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jeepney import MessageType, message_bus
from jeepney.io.blocking import open_dbus_connection


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


class Answering(ABC):
    """Answers on `name` of the bus at `address` until `stop`."""

    def __init__(self, address: str, name: str) -> None:
        self._bus = open_dbus_connection(address)
        self._bus.send_and_get_reply(message_bus.RequestName(name))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leave the bus, as a part that crashed does."""
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

    @abstractmethod
    def _answer(self, message: Any) -> None:
        """Answer a call."""

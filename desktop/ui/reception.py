"""Answering later starts of the program, which raise the window that runs and hand it the files they were given."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_MS = 300
ANSWER_MS = 10_000
"""A window that does not answer for so long hangs: whoever starts the program is then told that the data are in use."""
MOST_BYTES = 1 << 16
TAKEN = b"ok\n"


def hand_over(place: str, files: Sequence[Path] = ()) -> bool:
    """Ask the window that answers at `place` to come forward and take `files`; False where none answers."""
    if not place:
        return False
    socket = QLocalSocket()
    socket.connectToServer(place)
    if not socket.waitForConnected(CONNECT_MS):
        return False
    import json  # not on the way of a plain start

    _let_it_come_forward()
    socket.write(json.dumps([os.fsdecode(path.absolute()) for path in files]).encode() + b"\n")
    while not socket.canReadLine():
        if not socket.waitForReadyRead(ANSWER_MS):
            return False
    return bool(socket.readLine().data() == TAKEN)


def _let_it_come_forward() -> None:
    """On Windows only the program that the user has just started may say who comes to the front."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)


class Reception(QObject):
    """Answers later starts of the program; `called` brings the files they were given, none if they were given none."""

    called = Signal(list)

    def __init__(self, place: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._server = QLocalServer(self)
        self._server.setSocketOptions(_only_this_user())
        self._server.newConnection.connect(self._answer)
        self._claim = 0

    def serve(self, waiting: int) -> None:
        """Answer those who wait on the socket that `running.take_place` gave, and whoever comes after them."""
        self._server.listen(waiting)

    def open(self, files: Sequence[Path] = ()) -> bool:
        """Begin to answer. False where another window came first meanwhile: it has got `files`, and this one may go."""
        if not self._place:
            return True
        if self._server.listen(self._place):
            if sys.platform != "win32" or self._claimed():
                return True
            self._server.close()
        if hand_over(self._place, files):
            return False
        QLocalServer.removeServer(self._place)  # of a program that was killed
        self._server.listen(self._place)
        return True

    def close(self) -> None:
        """Answer no more."""
        self._server.close()
        if sys.platform == "win32":
            _let_go(self._claim)
        self._claim = 0

    def _claimed(self) -> bool:
        """Tell whether no other window answers here: Windows lets several listen at one place, and Qt with it."""
        if sys.platform == "win32":
            self._claim = _claim(self._place)
        return bool(self._claim)

    def _answer(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.disconnected.connect(caller.deleteLater)
            caller.readyRead.connect(lambda caller=caller: self._read(caller))
            self._read(caller)

    def _read(self, caller: QLocalSocket) -> None:
        if caller.bytesAvailable() > MOST_BYTES:
            caller.abort()
        elif caller.canReadLine():
            files = _paths(bytes(caller.readLine().data()))
            caller.write(TAKEN)
            caller.flush()
            if files is not None:
                self.called.emit(files)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _ALREADY_EXISTS = 183

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateMutexW.restype = wintypes.HANDLE
    _kernel.CreateMutexW.argtypes = (wintypes.LPVOID, wintypes.BOOL, wintypes.LPCWSTR)
    _kernel.CloseHandle.argtypes = (wintypes.HANDLE,)

    def _claim(name: str) -> int:
        """Take a name that Windows gives to one process until it ends; 0 where another has it."""
        handle = _kernel.CreateMutexW(None, False, f"Local\\{name}")
        if handle and ctypes.get_last_error() == _ALREADY_EXISTS:
            _let_go(handle)
            return 0
        return int(handle or 0)

    def _let_go(handle: int) -> None:
        if handle:
            _kernel.CloseHandle(handle)


def _only_this_user() -> QLocalServer.SocketOption:
    """Return who may speak to a window: on Unix the folder says it, and with an option Qt would take over the name."""
    options = QLocalServer.SocketOption
    return options.UserAccessOption if sys.platform == "win32" else options.NoOptions


def _paths(line: bytes) -> list[Path] | None:
    import json

    try:
        told = json.loads(line)
    except ValueError:
        return None
    return [Path(each) for each in told if isinstance(each, str)] if isinstance(told, list) else None

"""What `usb` needs of Windows: reads past the cache, and letting a stick go."""

import ctypes
import mmap
import sys
from collections.abc import Iterator
from ctypes import wintypes
from pathlib import Path

from desktop.services.errors import StorageFailure
from desktop.services.files import CHUNK
from desktop.services.volumes import Volume

if sys.platform == "win32":
    _READ, _WRITE, _SHARE, _OPEN_EXISTING = 0x80000000, 0x40000000, 0x3, 3
    _NO_BUFFERING, _SEQUENTIAL = 0x20000000, 0x08000000
    _LOCK, _DISMOUNT, _EJECT = 0x00090018, 0x00090020, 0x002D4808
    _INVALID = ctypes.c_void_p(-1).value

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateFileW.restype = ctypes.c_void_p
    _kernel.CreateFileW.argtypes = [
        wintypes.LPCWSTR,
        wintypes.DWORD,
        wintypes.DWORD,
        ctypes.c_void_p,
        wintypes.DWORD,
        wintypes.DWORD,
        ctypes.c_void_p,
    ]
    _kernel.ReadFile.argtypes = [ctypes.c_void_p, ctypes.c_void_p, wintypes.DWORD, ctypes.c_void_p, ctypes.c_void_p]
    _kernel.CloseHandle.argtypes = [ctypes.c_void_p]
    _kernel.DeviceIoControl.argtypes = [
        ctypes.c_void_p,
        wintypes.DWORD,
        ctypes.c_void_p,
        wintypes.DWORD,
        ctypes.c_void_p,
        wintypes.DWORD,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]

    def unbuffered(path: Path) -> Iterator[bytes]:
        """Read past the system's cache; such reads want whole sectors and an aligned buffer."""
        handle = _kernel.CreateFileW(str(path), _READ, _SHARE, None, _OPEN_EXISTING, _NO_BUFFERING | _SEQUENTIAL, None)
        if handle == _INVALID:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            with mmap.mmap(-1, CHUNK) as memory:
                buffer, count = (ctypes.c_char * CHUNK).from_buffer(memory), wintypes.DWORD()
                try:
                    while True:
                        if not _kernel.ReadFile(handle, buffer, CHUNK, ctypes.byref(count), None):
                            raise ctypes.WinError(ctypes.get_last_error())
                        if not count.value:
                            return
                        yield memory[: count.value]
                finally:
                    del buffer  # the memory cannot be closed while it is pointed to
        finally:
            _kernel.CloseHandle(handle)

    def eject(volume: Volume) -> None:
        """Lock, dismount and eject a drive.

        Raises:
            StorageFailure: E-USB-BUSY; something still uses it.
        """
        handle = _kernel.CreateFileW(f"\\\\.\\{volume.device}", _READ | _WRITE, _SHARE, None, _OPEN_EXISTING, 0, None)
        if handle == _INVALID:
            raise StorageFailure("E-USB-BUSY", file=volume.label)
        try:
            for control in (_LOCK, _DISMOUNT, _EJECT):
                count = wintypes.DWORD()
                if not _kernel.DeviceIoControl(handle, control, None, 0, None, 0, ctypes.byref(count), None):
                    raise StorageFailure("E-USB-BUSY", file=volume.label)
        finally:
            _kernel.CloseHandle(handle)

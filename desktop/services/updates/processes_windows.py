"""Which processes run on Windows, and from which file each: what `/proc` says elsewhere."""

import ctypes
import sys
from collections.abc import Iterator
from ctypes import wintypes

if sys.platform == "win32":
    _MOST, _LONGEST = 1 << 14, 1 << 15
    _LIMITED = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.OpenProcess.restype = wintypes.HANDLE
    _kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
    _kernel.QueryFullProcessImageNameW.argtypes = (
        wintypes.HANDLE,
        wintypes.DWORD,
        wintypes.LPWSTR,
        ctypes.POINTER(wintypes.DWORD),
    )
    _kernel.CloseHandle.argtypes = (wintypes.HANDLE,)

    def processes() -> Iterator[tuple[int, str]]:
        """Give the processes whose file Windows tells this user, each with that file."""
        numbers, filled = (wintypes.DWORD * _MOST)(), wintypes.DWORD()
        if not _kernel.K32EnumProcesses(numbers, ctypes.sizeof(numbers), ctypes.byref(filled)):
            return
        for number in numbers[: filled.value // ctypes.sizeof(wintypes.DWORD)]:
            program = _program(number)
            if program:
                yield number, program

    def _program(number: int) -> str:
        """Return the file that a process runs; "" where it has ended or is of somebody else."""
        handle = _kernel.OpenProcess(_LIMITED, False, number)
        if not handle:
            return ""
        try:
            name, size = ctypes.create_unicode_buffer(_LONGEST), wintypes.DWORD(_LONGEST)
            return name.value if _kernel.QueryFullProcessImageNameW(handle, 0, name, ctypes.byref(size)) else ""
        finally:
            _kernel.CloseHandle(handle)

"""What `volumes` needs of Windows: the drives it calls removable."""

import ctypes
import sys
from collections.abc import Iterator
from ctypes import wintypes
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drive:
    """A removable drive: its root and device as Windows names them, its label, its file system in lower case."""

    root: str
    device: str
    label: str
    file_system: str
    read_only: bool


if sys.platform == "win32":
    _DRIVE_REMOVABLE = 2
    _READ_ONLY_VOLUME = 0x00080000
    _LONGEST = 261

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)

    def drives() -> Iterator[Drive]:
        """Give the drives Windows calls removable."""
        letters = _kernel.GetLogicalDrives()
        for index in range(26):
            root = f"{chr(ord('A') + index)}:\\"
            if letters >> index & 1 and _kernel.GetDriveTypeW(root) == _DRIVE_REMOVABLE:
                drive = _described(root)
                if drive is not None:
                    yield drive

    def _described(root: str) -> Drive | None:
        label, system = ctypes.create_unicode_buffer(_LONGEST), ctypes.create_unicode_buffer(_LONGEST)
        flags, size = wintypes.DWORD(), _LONGEST
        if not _kernel.GetVolumeInformationW(root, label, size, None, None, ctypes.byref(flags), system, size):
            return None  # a card reader without a card
        name = f"{label.value or '可移动磁盘'}（{root[:2]}）"
        return Drive(root, root[:2], name, system.value.lower(), bool(flags.value & _READ_ONLY_VOLUME))

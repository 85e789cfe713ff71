"""Where a store may lie: a local disk, no stick, no network drive, no folder kept alike elsewhere (sync_design §3)."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from desktop.services import volumes
from desktop.services.errors import Input, InvalidInput
from desktop.services.files import real

_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "davfs", "fuse.sshfs", "fuse.davfs2", "9p"}
_WINDOWS_REMOTE = 4
_ONEDRIVE = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")

FOLDER = Input("folder", "数据文件夹")


def require_local(folder: Path, mounts: Path = volumes.MOUNTS, environ: Mapping[str, str] = os.environ) -> None:
    """Refuse a place for a store that may be pulled out or cut off, or changed by others, while it is written.

    Raises:
        InvalidInput: `folder` is on a removable or a network drive, or OneDrive keeps it alike on several computers.
    """
    if volumes.holding(folder, volumes.sticks()) is not None:
        raise InvalidInput(FOLDER, "不能放在U盘或移动硬盘上，请放在本机硬盘")
    if _is_remote(real(folder), mounts):
        raise InvalidInput(FOLDER, "不能放在网络盘上，请放在本机硬盘")
    if any(real(folder).is_relative_to(kept) for kept in _synchronised(environ)):
        raise InvalidInput(FOLDER, "不能放在OneDrive的文件夹里，几台电脑一起同步会写坏")


def _synchronised(environ: Mapping[str, str]) -> list[Path]:
    """Return the folders that OneDrive keeps alike: it says so in the environment of everything the user starts."""
    return [real(Path(environ[name])) for name in _ONEDRIVE if environ.get(name)]


def _is_remote(folder: Path, mounts: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == _WINDOWS_REMOTE)
    around = [mount for mount in volumes.mounted(mounts) if folder.is_relative_to(mount.place)]
    nearest = max(around, key=lambda mount: len(mount.place.parts), default=None)
    return nearest is not None and nearest.file_system in _NETWORK

"""Where a store may lie: a local disk, never a stick or a network drive (sync_design §3)."""

import sys
from pathlib import Path

from desktop.services import volumes
from desktop.services.errors import Input, InvalidInput
from desktop.services.files import real

_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "davfs", "fuse.sshfs", "fuse.davfs2", "9p"}
_WINDOWS_REMOTE = 4

FOLDER = Input("folder", "数据目录")


def require_local(folder: Path, mounts: Path = volumes.MOUNTS) -> None:
    """Refuse a place for a store that may be pulled out or cut off while it is written.

    Raises:
        InvalidInput: `folder` is on a removable or a network drive.
    """
    if volumes.holding(folder, volumes.sticks()) is not None:
        raise InvalidInput(FOLDER, "不能放在U盘或移动硬盘上，请放在本机硬盘")
    if _is_remote(real(folder), mounts):
        raise InvalidInput(FOLDER, "不能放在网络盘上，请放在本机硬盘")


def _is_remote(folder: Path, mounts: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == _WINDOWS_REMOTE)
    around = [mount for mount in volumes.mounted(mounts) if folder.is_relative_to(mount.place)]
    nearest = max(around, key=lambda mount: len(mount.place.parts), default=None)
    return nearest is not None and nearest.file_system in _NETWORK

"""A store lies on a local disk: what may be pulled out or cut off is refused by name."""

import sys
from pathlib import Path

import pytest

from desktop.services.drives import require_local
from desktop.services.errors import InvalidInput

as_linux = pytest.mark.skipif(sys.platform == "win32", reason="as Linux lists what is mounted")


def mounts(tmp_path: Path, kind: str) -> Path:
    file = tmp_path / "mounts"
    place = str(tmp_path / "share").replace(" ", "\\040")
    file.write_text(f"/dev/root / ext4 rw 0 0\nserver:/x {place} {kind} rw 0 0\n")
    return file


@as_linux
@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_network_drive_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        require_local(tmp_path / "share" / "data", mounts(tmp_path, kind))
    assert "网络盘" in caught.value.reason


@as_linux
def test_a_network_drive_is_known_by_any_name(tmp_path: Path) -> None:
    """Linux writes tabs and backslashes in the names of places as numbers, not spaces alone."""
    file = tmp_path / "mounts"
    place = str(tmp_path / "a\\b").replace("\\", "\\134").replace(" ", "\\040")
    file.write_text(f"/dev/root / ext4 rw 0 0\nserver:/x {place} cifs rw 0 0\n")
    with pytest.raises(InvalidInput):
        require_local(tmp_path / "a\\b" / "data", file)


def test_a_local_disk_is_fine_even_beside_a_network_drive(tmp_path: Path) -> None:
    require_local(tmp_path / "data", mounts(tmp_path, "nfs"))
    require_local(tmp_path / "share" / "data", mounts(tmp_path, "ext4"))
    require_local(tmp_path / "data", tmp_path / "no such list")


@pytest.mark.parametrize("name", ["OneDrive", "OneDriveCommercial"])
def test_documents_that_onedrive_keeps_alike_on_several_computers_are_refused(tmp_path: Path, name: str) -> None:
    kept = tmp_path / "OneDrive - 公司"
    (kept / "文档").mkdir(parents=True)
    surroundings = {name: str(kept), "OneDriveConsumer": ""}
    with pytest.raises(InvalidInput) as caught:
        require_local(kept / "文档" / "支部数据", environ=surroundings)
    assert "OneDrive" in caught.value.reason
    require_local(tmp_path / "支部数据", environ=surroundings)
    require_local(kept / "文档" / "支部数据", environ={})

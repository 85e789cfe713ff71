"""Faults of the disk, injected below Python by strace: each becomes a code of the catalogue, nothing is half done."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.services.attachments import AttachmentService
from desktop.services.backup import BackupService, examine
from desktop.services.errors import VaultError
from desktop.services.integrity import check
from desktop.services.opening import open_store
from desktop.services.store import Store
from tests.stores import LOGIN, PASSWORD, new_store

CODES = {"OK", "E-DISK", "E-DISK-FULL", "E-DISK-RO", "E-LOOK-ONLY", "E-DB-DAMAGED", "E-DB-BUSY"}
NEW_PASSWORD = "秋水-长天-88"

WORK = """
import sys
from pathlib import Path
from desktop.services.attachments import AttachmentService
from desktop.services.backup import BackupService
from desktop.services.errors import AppError
from desktop.services.security.passwords import Cost
from desktop.services.opening import open_store
from desktop.services.store import Store

folder, password, login, new_password = Path(sys.argv[1]), *sys.argv[2:]

def attempt(name, work):
    try:
        result = work()
    except AppError as error:
        print(name, error.code, flush=True)
    else:
        print(name, "OK", flush=True)
        return result

store = attempt("open", lambda: open_store(folder, password, login))
if store is not None:
    cost = Cost(19 * 1024, 1, 1)
    attempt("password", lambda: store.vault.change_password(store.key, login, new_password, cost))
    attempt("attach", lambda: AttachmentService(store).attach("branches", store.branch_id, folder.parent / "a.txt"))
    attempt("backup", lambda: BackupService(store).backup())
    attempt("file", lambda: BackupService(store).to_file(folder.parent / "a.dzbak"))
    store.close()
"""


def strace_works() -> bool:
    if sys.platform != "linux" or shutil.which("strace") is None:
        return False
    probe = ["strace", "-f", "-o", "/dev/null", "-e", "inject=fsync:error=EIO:when=1", "true"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not strace_works(), reason="needs strace and the right to trace")
@pytest.mark.parametrize(
    ("call", "fault", "when"),
    [
        ("fsync", "EIO", "1+"),
        ("fsync", "EIO", "2"),
        ("fsync", "EIO", "8"),
        ("fsync", "ENOSPC", "14+"),
        ("rename", "EIO", "1+"),
        ("rename", "EROFS", "3"),
        ("pwrite64", "ENOSPC", "1+"),
        ("pwrite64", "ENOSPC", "12"),
        ("pwrite64", "EIO", "20+"),
        ("pwrite64", "ENOSPC", "200+"),
    ],
)
def test_every_fault_is_told_and_leaves_a_whole_store(tmp_path: Path, call: str, fault: str, when: str) -> None:
    folder, log = tmp_path / "data", tmp_path / "strace.log"
    new_store(folder).close()
    (tmp_path / "a.txt").write_bytes(b"content" * 10_000)
    tracing = ["strace", "-f", "--seccomp-bpf", "-o", str(log), "-e", f"trace={call}"]
    injecting = ["-e", f"inject={call}:error={fault}:when={when}"]
    done = subprocess.run(
        [*tracing, *injecting, sys.executable, "-c", WORK, str(folder), PASSWORD, LOGIN, NEW_PASSWORD],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "INJECTED" in log.read_text()
    assert done.stderr == ""
    outcome = dict(line.split() for line in done.stdout.splitlines())
    assert set(outcome.values()) <= CODES

    with reopened(folder, outcome.get("password", "E-DISK")) as store:
        assert check(store) == []
        attached = AttachmentService(store).list("branches", store.branch_id)
        assert len(attached) >= (outcome.get("attach") == "OK")
        assert len(BackupService(store).list()) >= (outcome.get("backup") == "OK")
    if outcome.get("file") == "OK":
        examine(tmp_path / "a.dzbak")
    else:
        assert not (tmp_path / "a.dzbak").exists()


def reopened(folder: Path, password_change: str) -> Store:
    """Open with the new password if the change was confirmed; a change that failed may have reached the disk or not."""
    if password_change == "OK":
        return open_store(folder, NEW_PASSWORD, LOGIN)
    try:
        return open_store(folder, PASSWORD, LOGIN)
    except VaultError:
        return open_store(folder, NEW_PASSWORD, LOGIN)

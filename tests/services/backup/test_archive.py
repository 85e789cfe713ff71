"""The backup file: whole, closed to others, open to standard tools, and refused once it is not what was written."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from desktop.services.backup import BackupFile, examine
from desktop.services.errors import (
    StorageFailure,
)
from desktop.services.security import sshsig
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from tests.services.backup.recognised import WORDS
from tests.services.words import files_with
from tests.stores import PASSWORD


def test_a_backup_file_holds_everything_and_shows_nothing(store: Store, file: Path, tmp_path: Path) -> None:
    found = examine(file)
    assert found.attachments == 1
    assert found.vault_id == store.vault.vault_id
    assert found.made_at_utc == "2026-11-22T01:00:00Z"
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copyfile(file, alone / "a.dzbak")
    assert files_with([*WORDS, PASSWORD], alone) == []


def test_standard_tools_open_a_backup_file(store: Store, file: Path, tmp_path: Path) -> None:
    tools = ("unzip", "ssh-keygen", "sha256sum")
    if missing := [tool for tool in tools if shutil.which(tool) is None]:
        pytest.skip(f"needs {missing}")
    folder = tmp_path / "unpacked"
    subprocess.run(["unzip", "-q", str(file), "-d", str(folder)], check=True)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    sums = "".join(f"{member['sha256']}  {member['name']}\n" for member in manifest["members"])
    subprocess.run(["sha256sum", "-c", "--quiet"], input=sums, text=True, cwd=folder, check=True)
    key = sshsig.openssh_public_key(EnrolmentService(store).identity().public.verifying_key)
    (tmp_path / "allowed").write_text(f"store {key}\n")
    command = ["ssh-keygen", "-Y", "verify", "-f", str(tmp_path / "allowed"), "-I", "store", "-n", "dzb-backup-v1"]
    with (folder / "manifest.json").open("rb") as signed:
        subprocess.run([*command, "-s", str(folder / "manifest.json.sig")], stdin=signed, check=True)


def test_a_flipped_bit_anywhere_is_refused_or_changes_no_content(file: Path) -> None:
    """What may change are the times and attributes the ZIP wrapper gives its members."""

    def outcome(file: Path) -> BackupFile | str:
        try:
            return examine(file)
        except StorageFailure as error:
            return error.code

    data, good = file.read_bytes(), outcome(file)
    ends = [*range(0, 200, 3), *range(len(data) - 1800, len(data), 7)]
    for at in [*ends, *range(200, len(data), len(data) // 50)]:
        bad = bytearray(data)
        bad[at] ^= 1 << (at % 8)
        file.write_bytes(bad)
        assert outcome(file) in (good, "E-DB-DAMAGED")

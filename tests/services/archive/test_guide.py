"""What lies beside the volumes: whoever has only the usual tools can read it and check the archive by it."""

import shutil
import subprocess

import pytest

from desktop.services.archive.guide import NAMESPACE, README, SIGNERS, SUMS
from desktop.services.archive.manifest import MANIFEST, SIGNATURE
from desktop.services.archive.rows import Archive
from desktop.services.store import Store
from desktop.services.sync.installation import identity_of


def readme(archive: Archive) -> str:
    return (archive.dir / README).read_text("utf-8-sig")


def test_the_readme_names_every_volume_and_who_signed(branch: Store, archive: Archive) -> None:
    text = readme(archive)
    assert all(volume.file in text for volume in archive.volumes)
    assert identity_of(branch).public.fingerprint in text
    assert "附件" in text


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_the_sums_are_those_of_the_volumes_as_sha256sum_reads_them(archive: Archive) -> None:
    checked = subprocess.run(["sha256sum", "-c", SUMS], cwd=archive.dir, capture_output=True, text=True, check=True)
    assert checked.stdout.count(": OK") == len(archive.volumes)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_the_command_in_the_readme_verifies_the_signature(archive: Archive) -> None:
    line = next(line.strip() for line in readme(archive).splitlines() if "ssh-keygen" in line)
    assert f"-f {SIGNERS} " in line
    assert f"-n {NAMESPACE} " in line
    command = line.partition(" <")[0].split()
    text = (archive.dir / MANIFEST).read_bytes()
    good = subprocess.run(command, cwd=archive.dir, input=text, capture_output=True, check=False)
    assert good.returncode == 0
    assert (archive.dir / SIGNATURE).name in command
    assert subprocess.run(command, cwd=archive.dir, input=text + b" ", capture_output=True, check=False).returncode != 0

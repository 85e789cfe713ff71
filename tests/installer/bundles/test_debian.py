"""A command inside a system in a folder: what it is given, and what it leaves."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installer.bundles import debian

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None,
    reason="needs root on Linux: a system in a folder is entered by chroot",
)

HERE = Path("/")
"""This machine stands for the system."""


def test_what_runs_inside_is_given_its_user_its_folder_and_no_other_environment(tmp_path: Path) -> None:
    environment = debian.SURROUNDINGS | {"WORDS": "我的 程序"}
    entered = debian.entering(HERE, environment, user="1000:1000", folder="/usr")
    said = subprocess.check_output([*entered, "sh", "-c", "id -u; pwd; env"], encoding="utf-8").splitlines()
    assert said[:2] == ["1000", "/usr"]
    assert (
        dict(line.split("=", 1) for line in said[2:] if not line.startswith(("PWD=", "_=", "SHLVL=", "OLDPWD=")))
        == environment
    )


def test_what_is_mounted_for_a_command_ends_with_it_and_its_status_is_told(tmp_path: Path) -> None:
    place = tmp_path / "a place"
    place.mkdir()
    mounts = [f"mount -t tmpfs -o size=64k none '{place}'"]
    entered = debian.entering(HERE, debian.SURROUNDINGS, folder=str(place), mounts=mounts)
    assert subprocess.run([*entered, "sh", "-c", "touch seen && exit 3"], check=False).returncode == 3
    assert list(place.iterdir()) == []


def test_what_cannot_be_mounted_stops_the_command(tmp_path: Path) -> None:
    entered = debian.entering(HERE, debian.SURROUNDINGS, mounts=[f"mount --bind '{tmp_path}/gone' '{tmp_path}' 2>&1"])
    done = subprocess.run([*entered, "touch", str(tmp_path / "done")], capture_output=True, check=False)
    assert done.returncode != 0
    assert list(tmp_path.iterdir()) == []

"""A Debian in a folder: made once by debootstrap, entered by chroot in a view of the disks that ends with what runs."""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from installer.dev import install_packages, quietly

SURROUNDINGS = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
"""The least environment of what runs inside."""

PROC = 'mount -t proc proc "$0/proc"'
"""Lets what runs inside see its processes."""

ROOT_USER = "0:0"


def required(tools: Mapping[str, str]) -> None:
    """Install what this machine lacks of `tools`: commands, by the Debian package that has each.

    Raises:
        SystemExit: this is no Linux, nobody is root, or they cannot be installed.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        raise SystemExit("A system in a folder is made and entered by root on Linux: please call this as root there.")
    lacking = sorted({package for command, package in tools.items() if shutil.which(command) is None})
    if lacking:
        install_packages(lacking)


def make(root: Path, suite: str, *, packages: Sequence[str] = (), mirror: str = "") -> None:
    """Make the smallest `suite` in `root`, with `packages`, unless it is there; it knows the names of today's network.

    Raises:
        SystemExit: debootstrap failed; it has said why.
    """
    if not (root / "etc" / "debian_version").exists() or (root / "debootstrap").exists():  # the second while it works
        choice = [f"--include={','.join(packages)}"] if packages else []
        quietly(["debootstrap", "--variant=minbase", *choice, suite, root, *filter(None, [mirror])])
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")


def entering(
    root: Path,
    environment: Mapping[str, str],
    *,
    user: str = ROOT_USER,
    folder: str = "/",
    mounts: Sequence[str] = (PROC,),
) -> list[str]:
    """What a command line begins with that runs inside `root`, in its `folder`, with this environment and no other.

    mounts: lines of a shell, where "$0" is `root`; what they mount is seen by that command alone.
    """
    script = "\n".join(("set -e", *mounts, 'exec chroot "$@"'))
    entered = ["unshare", "--mount", "sh", "-c", script, str(root), f"--userspec={user}", str(root)]
    return [*entered, "env", "-i", "-C", folder, *(f"{name}={word}" for name, word in environment.items())]

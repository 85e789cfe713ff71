"""Wheels for every machine: what pip is asked for, and that a lock made on Linux leaves nothing out elsewhere."""

import importlib.metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from installer.supply.locks import DEVELOPMENT, RUNTIME, pins, plain
from installer.supply.wheels import TARGETS, command, platforms

WINDOWS = {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"}
ARM = {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": "aarch64"}


def test_each_supported_machine_is_asked_for_by_its_own_tags() -> None:
    assert platforms(TARGETS["windows"]) == ["win_amd64"]
    arm = platforms(TARGETS["linux-arm"])
    assert {"manylinux2014_aarch64", "manylinux_2_31_aarch64"} <= set(arm)
    assert "manylinux_2_32_aarch64" not in arm


def test_wheels_are_brought_by_their_hashes_and_nothing_else_is(tmp_path: Path) -> None:
    asked = list(command("windows", RUNTIME, tmp_path))
    assert asked[asked.index("download") + 1 : asked.index("download") + 3] == ["--dest", str(tmp_path)]
    assert {"--require-hashes", "--no-deps", ":all:", "win_amd64"} <= set(asked)
    assert "--dry-run" in list(command("linux", DEVELOPMENT, None))


@pytest.mark.parametrize("machine", [WINDOWS, ARM], ids=["windows", "arm"])
@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT])
def test_what_a_package_asks_for_on_another_machine_is_locked_too(lock: str, machine: dict[str, str]) -> None:
    """`pip install --require-hashes` on that machine would stop at the first that is not."""
    locked = {pin.name for pin in pins(lock)}
    lacking = []
    for name in locked:
        try:
            wishes = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:  # of another machine only
            continue
        for wish in map(Requirement, wishes):
            asked = wish.marker is None or wish.marker.evaluate({**machine, "extra": ""})
            if asked and plain(wish.name) not in locked:
                lacking.append(f"{name} asks for {wish}")
    assert lacking == []

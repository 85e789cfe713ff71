"""The manifest of a package: what it says is what the records hold, within limits."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from desktop.services.errors import PackageRefused
from desktop.services.sync import package_format as fmt
from tests.services.sync.packages import (
    World,
    crafted,
)


def test_records_that_differ_from_the_manifest_are_refused(world: World, tmp_path: Path) -> None:
    good = b'{"d":{"id":"1"},"t":"members"}\n'
    packed = gzip.compress(good, mtime=0)
    wrong: list[dict[str, Any]] = [
        {"counts": {"members": 2}},
        {"counts": {}},
        {"raw_size": 1},
        {"raw_size": 100},
        {"packed": packed[:-1]},
        {"packed": packed + b"x"},
        {"packed": packed + packed},
        {"packed": good},
        {"packed": gzip.compress(good + b"{")},
    ]
    for how in wrong:
        assert world.verdict(crafted(world, tmp_path / "p", good, **how)) == "E-PKG-CONTENT", how
    bomb = gzip.compress(bytes(64 << 20), mtime=0)
    assert (
        world.verdict(crafted(world, tmp_path / "p", b"", packed=bomb, raw_size=fmt.MAX_RECORDS_BYTES))
        == "E-PKG-CONTENT"
    )
    assert world.verdict(crafted(world, tmp_path / "p", good, raw_size=fmt.MAX_RECORDS_BYTES + 1)) == "E-PKG-FORMAT"


def test_more_rows_than_any_branch_has_are_refused(world: World, tmp_path: Path) -> None:
    rows = fmt.MAX_ROWS + 1
    flood = b'{"d":{},"t":"venue"}\n' * rows
    with pytest.raises(PackageRefused, match="E-PKG-CONTENT") as raised:
        world.read(crafted(world, tmp_path / "p", flood, counts={"venue": rows}))
    assert raised.value.facts["line"] == rows

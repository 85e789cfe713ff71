"""The records of a package line by line: what is no record is refused with the number of its line."""

from pathlib import Path

import pytest

from desktop.services.errors import PackageRefused
from tests.services.sync.packages import (
    World,
    crafted,
)


def test_records_out_of_shape_are_refused_with_their_line(world: World, tmp_path: Path) -> None:
    good = b'{"d":{"id":"1"},"t":"members"}\n'
    assert world.verdict(crafted(world, tmp_path / "p", good * 3)) == "OK"
    for bad in (
        b"\n",
        b"{}\n",
        b"[1]\n",
        b'{"d":[],"t":"members"}\n',
        b'{"d":{},"t":1}\n',
        b'{"d":{},"t":"members","x":1}\n',
        b'{"d":{"a":NaN},"t":"members"}\n',
        b'{"d":{"a":1,"a":2},"t":"members"}\n',
        b'{"d":{"a":"\xff"},"t":"members"}\n',
        b'{"d":{"a":' + b"[" * 17 + b"]" * 17 + b'},"t":"members"}\n',
        b'{"d":{"a":' + b"9" * 5000 + b'},"t":"members"}\n',
        b'{"d":{"a":"' + b"x" * (4 << 20) + b'"},"t":"members"}\n',
    ):
        path = crafted(world, tmp_path / "p", good * 2 + bad + good, counts={"members": 4})
        with pytest.raises(PackageRefused) as raised:
            world.read(path)
        assert (raised.value.code, raised.value.facts["line"]) == ("E-PKG-CONTENT", 3), bad[:40]

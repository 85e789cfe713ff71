"""The header of a package: a newer format is told from a broken one."""

import json
from pathlib import Path

from desktop.services.canonical import canonical
from desktop.services.sync import package_format as fmt
from tests.services.sync.packages import (
    World,
    members,
    rebuilt,
)


def test_newer_formats_are_told_from_broken_ones(world: World, package: Path, tmp_path: Path) -> None:
    parts = members(package)
    document = json.loads(parts[fmt.HEADER])
    for changes, code in (
        ({"fmt": 2}, "E-PKG-FMT"),
        ({"suite": 2}, "E-PKG-SUITE"),
        ({"fmt": 2, "kind": "new"}, "E-PKG-FMT"),
        ({"fmt": True}, "E-PKG-FORMAT"),
        ({"kind": "new"}, "E-PKG-FORMAT"),
        ({"kind": "invite"}, "E-PKG-FORMAT"),
        ({"more": 1}, "E-PKG-FORMAT"),
        ({"created": "yesterday"}, "E-PKG-FORMAT"),
        ({"created": "2026-03-01T08:00:00"}, "E-PKG-FORMAT"),
        ({"stream": {"seq": 0, "after": []}}, "E-PKG-FORMAT"),
        ({"stream": {"seq": 1, "after": ["ab" * 16] * 201}}, "E-PKG-FORMAT"),
        ({"to": {}}, "E-PKG-TO"),
        ({"from": None}, "E-PKG-FORMAT"),
        ({"pad": "x" * 65536}, "E-PKG-FORMAT"),
    ):
        header = canonical({**document, **changes})
        if code == "E-PKG-TO":
            header = canonical({**document, "to": []})
        assert world.verdict(rebuilt(tmp_path / "p", {**parts, fmt.HEADER: header})) == code, changes
    spellings = [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"\xff",
        b"[" * 60_000,
        b'{"fmt":1,"suite":1,"kind":' + b"[" * 900 + b"]" * 900 + b"}",
        json.dumps(document).encode(),
        parts[fmt.HEADER] + b"\n",
    ]
    spellings.append(parts[fmt.HEADER].replace(b'"fmt":1', b'"fmt":1,"fmt":1'))
    for header in spellings:
        assert world.verdict(rebuilt(tmp_path / "p", {**parts, fmt.HEADER: header})) == "E-PKG-FORMAT"

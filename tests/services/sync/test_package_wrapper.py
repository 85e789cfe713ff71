"""The wrapper of a package: the one form of zip that is written, and no other is read."""

import random
import shutil
import zipfile
from pathlib import Path

from desktop.services.sync import package_format as fmt
from tests.services.sync.packages import (
    CODES,
    World,
    members,
    rebuilt,
)


def test_bytes_added_are_refused_and_an_unwritten_end_is_a_cut(world: World, package: Path, tmp_path: Path) -> None:
    data = package.read_bytes()
    for changed, code in (
        (data + b"x", "E-PKG-FORMAT"),
        (b"x" + data, "E-PKG-FORMAT"),
        (data + data, "E-PKG-FORMAT"),
        (data[:50_000] + bytes(len(data) - 50_000), "E-PKG-TRUNC"),
        (b"", "E-PKG-TRUNC"),
        (b"MZ" + data, "E-PKG-FORMAT"),
        (random.Random(1).randbytes(5000), "E-PKG-FORMAT"),
    ):
        (tmp_path / "p").write_bytes(changed)
        assert world.verdict(tmp_path / "p") == code


def test_changed_members_in_a_perfect_wrapper_are_refused(world: World, package: Path, tmp_path: Path) -> None:
    parts = members(package)
    source = random.Random(5)
    for name, expected in ((fmt.BODY, {"E-PKG-HASH"}), (fmt.SIGNATURE, {"E-PKG-SIG"}), (fmt.HEADER, CODES)):
        data = parts[name]
        places = range(len(data)) if name != fmt.BODY else source.sample(range(len(data)), 300)
        for at in places:
            changed = bytearray(data)
            changed[at] ^= 1 << source.randrange(8)
            assert world.verdict(rebuilt(tmp_path / "p", {**parts, name: bytes(changed)})) in expected, (name, at)
        for length in [*range(0, len(data), max(1, len(data) // 150))]:
            verdict = world.verdict(rebuilt(tmp_path / "p", {**parts, name: data[:length]}))
            assert verdict in expected | {"E-PKG-FORMAT"}, (name, length)


def test_other_members_or_another_wrapper_are_refused(world: World, package: Path, tmp_path: Path) -> None:
    parts = members(package)
    body, header, signature = parts.items()
    for other in (
        dict([header, signature]),
        dict([body, header]),
        dict([header, body, signature]),
        {**parts, "note.txt": b"x"},
        {"other.age": parts[fmt.BODY], **dict([header, signature])},
    ):
        assert world.verdict(rebuilt(tmp_path / "p", other)) in ("E-PKG-FORMAT", "E-PKG-TRUNC")
    with zipfile.ZipFile(tmp_path / "q", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert world.verdict(tmp_path / "q") == "E-PKG-FORMAT"
    shutil.copy(package, tmp_path / "r")
    with zipfile.ZipFile(tmp_path / "r", "a") as archive:
        archive.comment = b"hello"
    assert world.verdict(tmp_path / "r") == "E-PKG-FORMAT"


def test_the_wrapper_is_what_the_standard_library_writes(package: Path, tmp_path: Path) -> None:
    assert rebuilt(tmp_path / "again", members(package)).read_bytes() == package.read_bytes()
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["body.age", "header.json", "header.json.sig"]

"""Writing packages: what goes in comes out, standard tools open them, and what fails leaves nothing."""

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.services.errors import Cancelled, PackageRefused, StorageFailure
from desktop.services.files import FilePort
from desktop.services.security import sshsig
from desktop.services.sync import package_format as fmt
from desktop.services.sync import package_wrapper, package_writer
from desktop.services.sync.package_writer import Blob
from tests.services.sync.packages import (
    CONTENTS,
    ROWS,
    World,
    blob,
    decrypted,
    members,
)


def test_a_package_comes_back_whole(world: World, package: Path) -> None:
    for identity in (world.hq, world.escrow):
        body, taken, records = world.read(package, identity)
        assert [(one.table, one.row) for one in records] == ROWS
        assert [one.line for one in records] == [1, 2, 3]
        assert list(taken.values()) == CONTENTS
        assert body.manifest.counts == {"members": 2, "meetings": 1}
        assert body.manifest.extras == {"period": "2026Q1", "want_blobs": []}


def test_what_was_written_is_told(world: World, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    written = world.write(tmp_path / "p", progress=lambda done, total: told.append((done, total)))
    assert written.file_size == (tmp_path / "p").stat().st_size
    assert written.header == members(tmp_path / "p")[fmt.HEADER]
    assert written.package_hash == hashlib.sha256(written.header).hexdigest()
    assert written.counts == {"members": 2, "meetings": 1}
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_the_body_is_a_plain_tar_of_regular_files_without_times(world: World, package: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(decrypted(world, package))) as tar:
        found = tar.getmembers()
        assert [one.name for one in found][:2] == ["manifest.json", "records.jsonl.gz"]
        assert all(one.isfile() and one.mtime == 0 and not one.pax_headers for one in found)
        packed = tar.extractfile("records.jsonl.gz")
        assert packed is not None
        lines = gzip.decompress(packed.read()).decode("utf-8").split("\n")
    assert [json.loads(line)["t"] for line in lines[:-1]] == ["members", "members", "meetings"]


def test_an_empty_state_is_a_package_too(world: World, tmp_path: Path) -> None:
    world.write(tmp_path / "p", rows=[], blobs=[], extras={})
    body, taken, records = world.read(tmp_path / "p")
    assert (taken, records, body.manifest.counts) == ({}, [], {})


def test_blobs_are_shared_among_as_many_packages_as_they_need() -> None:
    blobs = [blob(b"x" * 1000 + bytes([n])) for n in range(5)]
    parts = package_writer.split_blobs(blobs, room=2 * package_wrapper.total_size([1001]))
    assert [len(part) for part in parts] == [2, 2, 1]
    assert package_writer.split_blobs([]) == [[]]


def test_a_cancelled_or_failing_write_leaves_no_file(world: World, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled

    lying = replace(blob(CONTENTS[0]), sha256="0" * 64)
    short = replace(blob(CONTENTS[0]), size=70_001)
    long = replace(blob(CONTENTS[0]), size=69_999)
    with pytest.raises(Cancelled):
        world.write(tmp_path / "p", progress=stop)
    for wrong in (lying, short, long):
        with pytest.raises(StorageFailure) as raised:
            world.write(tmp_path / "p", blobs=[wrong])
        assert raised.value.code == "E-ATT-DAMAGED"
    assert list(tmp_path.iterdir()) == []


def test_an_attachment_half_read_is_closed_at_once_when_the_user_cancels(world: World, tmp_path: Path) -> None:
    """Not when the error is forgotten: an open file cannot be deleted on Windows."""
    content = io.BytesIO(CONTENTS[0])

    @contextmanager
    def opener() -> Iterator[io.BytesIO]:
        with content:
            yield content

    def stop(done: int, total: int) -> None:
        if content.tell():
            raise Cancelled

    sent = Blob(hashlib.sha256(CONTENTS[0]).hexdigest(), len(CONTENTS[0]), opener)
    with pytest.raises(Cancelled) as cancelled:
        world.write(tmp_path / "a.dzp", blobs=[sent], progress=stop)
    assert content.closed, cancelled


def test_a_full_disk_is_named_and_leaves_no_file(world: World, tmp_path: Path) -> None:
    class Full(FilePort):
        left = 3

        def write(self, file: Any, data: bytes) -> None:
            self.left -= 1
            if not self.left:
                raise OSError(28, "No space left on device")
            super().write(file, data)

    for left in range(1, 6):
        port = Full()
        port.left = left
        with pytest.raises(StorageFailure) as raised:
            world.write(tmp_path / "p", port=port)
        assert raised.value.code == "E-DISK-FULL"
    assert list(tmp_path.iterdir()) == []


def test_records_beyond_a_limit_are_not_written(world: World, tmp_path: Path) -> None:
    deep: Any = 1
    for _ in range(16):
        deep = [deep]
    for row in ({"text": "长" * (2 << 20)}, {"deep": deep}):
        with pytest.raises(PackageRefused) as raised:
            world.write(tmp_path / "p", rows=[*ROWS, ("members", row)])
        assert (raised.value.code, raised.value.facts["line"]) == ("E-PKG-CONTENT", 4)
    huge = replace(blob(b""), size=fmt.MAX_BLOB_BYTES + 1)
    many = replace(blob(b""), size=fmt.MAX_BLOB_BYTES)
    for blobs in ([huge], [many] * 10):
        with pytest.raises(PackageRefused):
            world.write(tmp_path / "p", blobs=blobs)
    assert list(tmp_path.iterdir()) == []


def needs(*tools: str) -> pytest.MarkDecorator:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {' '.join(missing)}")


@needs("unzip", "ssh-keygen", "sha256sum", "age", "tar", "gunzip")
def test_standard_tools_open_a_package(world: World, package: Path, tmp_path: Path) -> None:
    def run(*command: str, data: bytes = b"") -> bytes:
        return subprocess.run(command, cwd=tmp_path, input=data, capture_output=True, check=True).stdout

    run("unzip", "-q", str(package))
    allowed = f'ZK03 namespaces="dzb-sync-v1" {sshsig.openssh_public_key(world.branch.public_key())}\n'
    (tmp_path / "allowed").write_text(allowed, "ascii")
    (tmp_path / "hq.txt").write_text(f"{world.hq}\n", "ascii")
    header = (tmp_path / "header.json").read_bytes()
    verify = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "ZK03", "-n", "dzb-sync-v1", "-s", "header.json.sig"]
    assert b"Good" in run(*verify, data=header)
    assert run("sha256sum", "body.age").split()[0].decode() == json.loads(header)["body"]["sha256"]
    run("age", "-d", "-i", "hq.txt", "-o", "body.tar", "body.age")
    run("tar", "-xf", "body.tar")
    lines = run("gunzip", "-c", "records.jsonl.gz").decode("utf-8")
    assert [json.loads(line)["d"] for line in lines.split("\n")[:-1]] == [row for _, row in ROWS]
    for content in CONTENTS:
        assert (tmp_path / "blobs" / hashlib.sha256(content).hexdigest()).read_bytes() == content

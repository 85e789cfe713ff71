"""Reading packages and key files: who may open what, and nothing changed is ever taken."""

import io
import json
import random
import shutil
import subprocess
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.services.canonical import canonical
from desktop.services.errors import Cancelled, PackageRefused
from desktop.services.security import sshsig
from desktop.services.security.agefile import Identity
from desktop.services.sync import package_format as fmt
from desktop.services.sync import package_header, package_reader, package_wrapper, package_writer
from desktop.services.sync.package_format import Kind
from desktop.services.sync.package_header import Stream
from tests.services.sync.packages import (
    CODES,
    World,
    decrypted,
    encrypted,
    members,
    rebuilt,
    resigned,
    tar_of,
)


def needs(*tools: str) -> pytest.MarkDecorator:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {' '.join(missing)}")


def test_a_package_for_others_is_refused_before_its_sender_is_asked(world: World, package: Path) -> None:
    with pytest.raises(PackageRefused) as raised:
        package_reader.inspect(package, {"0" * 64}, lambda header: pytest.fail("asked"))
    assert raised.value.code == "E-PKG-TO"
    assert raised.value.facts["orgs"] == ["hq-org", "hq-org"]


def test_an_unknown_sender_is_refused(world: World, tmp_path: Path) -> None:
    stranger = Ed25519PrivateKey.generate()
    world.write(tmp_path / "p", key=stranger, header=world.header(sender=world.party(stranger, "ZK03")))
    assert world.verdict(tmp_path / "p") == "E-PKG-SENDER"


def test_an_old_key_that_is_gone_is_named(world: World, package: Path) -> None:
    mine = package_header.recipient_id(world.hq.to_public())
    opened = package_reader.inspect(package, {mine}, world.find)
    with pytest.raises(PackageRefused) as raised:
        package_reader.open_body(opened, [Identity.generate()], lambda *_: None)
    assert raised.value.code == "E-PKG-KEY"


def test_reading_can_be_cancelled_and_its_sink_may_fail(world: World, package: Path) -> None:
    opened = package_reader.inspect(package, {package_header.recipient_id(world.hq.to_public())}, world.find)

    def stop(*_: object) -> None:
        raise Cancelled

    def full(*_: object) -> None:
        raise OSError(28, "full")

    with pytest.raises(Cancelled):
        package_reader.open_body(opened, [world.hq], lambda *_: None, stop)
    with pytest.raises(OSError, match="full"):
        package_reader.open_body(opened, [world.hq], full)


def test_a_sink_may_leave_an_attachment_unread(world: World, package: Path) -> None:
    opened = package_reader.inspect(package, {package_header.recipient_id(world.hq.to_public())}, world.find)
    body = package_reader.open_body(opened, [world.hq], lambda *_: None)
    assert len(list(body.records())) == 3


def test_no_flipped_bit_is_taken(world: World, package: Path, tmp_path: Path) -> None:
    data = package.read_bytes()
    source = random.Random(3)
    size = len(members(package)[fmt.BODY])
    start = package_wrapper.local_header_size(fmt.BODY)
    outside = [*range(start), *range(start + size, len(data))]
    found: Counter[str] = Counter()
    for at in outside + source.sample(range(start, start + size), 1000):
        changed = bytearray(data)
        changed[at] ^= 1 << source.randrange(8)
        (tmp_path / "changed").write_bytes(changed)
        found[world.verdict(tmp_path / "changed")] += 1
    assert found.keys() <= CODES
    assert found["E-PKG-HASH"] == 1000


def test_no_cut_file_is_taken(world: World, package: Path, tmp_path: Path) -> None:
    data = package.read_bytes()
    lengths = {*range(1200), *range(len(data) - 1200, len(data)), *random.Random(4).sample(range(len(data)), 1000)}
    found: Counter[str] = Counter()
    for length in lengths:
        (tmp_path / "cut").write_bytes(data[:length])
        found[world.verdict(tmp_path / "cut")] += 1
    assert found.keys() <= {"E-PKG-TRUNC", "E-PKG-FORMAT"}
    assert found["E-PKG-TRUNC"] > len(lengths) * 0.9


def test_stolen_and_resigned_packages_are_refused(world: World, package: Path, tmp_path: Path) -> None:
    parts = members(package)
    other = world.party(world.other, "ZK09")
    stolen = resigned(world, tmp_path / "p", parts[fmt.BODY], world.other, sender=other)
    assert world.verdict(stolen) == "E-PKG-FORMAT", "the manifest inside still names its true sender"
    liar = resigned(world, tmp_path / "p", parts[fmt.BODY], world.other)
    assert world.verdict(liar) == "E-PKG-SIG"
    foreign = sshsig.sign(world.branch, parts[fmt.HEADER], sshsig.KEY_FILE_NAMESPACE)
    assert world.verdict(rebuilt(tmp_path / "p", {**parts, fmt.SIGNATURE: foreign})) == "E-PKG-SIG"
    strangers = encrypted(world, b"something else")
    assert world.verdict(rebuilt(tmp_path / "p", {**parts, fmt.BODY: strangers})) == "E-PKG-FORMAT"
    same_size = strangers + bytes(len(parts[fmt.BODY]) - len(strangers))
    assert world.verdict(rebuilt(tmp_path / "p", {**parts, fmt.BODY: same_size})) == "E-PKG-HASH"
    assert world.verdict(resigned(world, tmp_path / "p", strangers)) == "E-PKG-FORMAT"
    replayed = resigned(world, tmp_path / "p", parts[fmt.BODY], stream=Stream(13))
    assert world.verdict(replayed) == "E-PKG-FORMAT"
    assert world.verdict(resigned(world, tmp_path / "p", parts[fmt.BODY])) == "OK"


def test_bodies_out_of_shape_are_refused(world: World, package: Path, tmp_path: Path) -> None:
    plain = decrypted(world, package)
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        files = [(one.name, tar.extractfile(one).read()) for one in tar.getmembers()]  # type: ignore[union-attr]
    manifest, records, first, *rest = files
    changed = (first[0], b"x" + first[1][1:])
    for body, code in (
        (b"", "E-PKG-FORMAT"),
        (bytes(10240), "E-PKG-FORMAT"),
        (plain + bytes(512), "E-PKG-FORMAT"),
        (plain[:-512], "E-PKG-FORMAT"),
        (plain[:3000], "E-PKG-FORMAT"),
        (tar_of(records, manifest, first, *rest), "E-PKG-FORMAT"),
        (tar_of(manifest, records, *rest, first), "E-PKG-FORMAT"),
        (tar_of(manifest, records, first), "E-PKG-FORMAT"),
        (tar_of(*files, ("../../evil", b"x")), "E-PKG-FORMAT"),
        (tar_of(*files, mtime=1), "E-PKG-FORMAT"),
        (tar_of(*files, type=tarfile.SYMTYPE), "E-PKG-FORMAT"),
        (tar_of(manifest, records, changed, *rest), "E-PKG-HASH"),
        (tar_of(*files), "OK"),
    ):
        assert world.verdict(resigned(world, tmp_path / "p", encrypted(world, body))) == code
    document = json.loads(manifest[1])
    wrong: list[dict[str, Any]] = [
        {"members": []},
        {"members": document["members"][::-1]},
        {"members": [*document["members"], document["members"][-1]]},
        {"members": [{**document["members"][0], "name": "x"}]},
        {"members": [{**document["members"][0], "size": 65 << 20}]},
        {"counts": {"members": -1}},
        {"counts": []},
        {"stream": {"after": [], "seq": 12}},
        {"more": 1},
        {"receipt": json.loads("[" * 400 + "]" * 400)},
    ]
    for changes in wrong:
        spoken = (fmt.MANIFEST, canonical({**document, **changes}))
        body = tar_of(spoken, records, first, *rest)
        assert world.verdict(resigned(world, tmp_path / "p", encrypted(world, body))) == "E-PKG-FORMAT", changes


def test_a_key_file_comes_back_and_is_no_package(world: World, package: Path, tmp_path: Path) -> None:
    header = world.header(kind=Kind.INVITE, stream=None, to=(), data={"token": "ab", "branch": {"name": "第三支部"}})
    path = tmp_path / "invite.dzk"
    written = package_writer.write_key_file(path, header, world.branch)
    assert written.file_size == path.stat().st_size
    key_file = package_reader.read_key_file(path, lambda header: world.branch.public_key())
    assert key_file.data == header.data
    with pytest.raises(PackageRefused, match="E-PKG-FORMAT"):
        package_reader.inspect(path, set(), world.find)
    with pytest.raises(PackageRefused, match="E-PKG-FORMAT"):
        _read_as_key_file(world, package)
    data = path.read_bytes()
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1
        path.write_bytes(changed)
        with pytest.raises(PackageRefused):
            _read_as_key_file(world, path)


def _read_as_key_file(world: World, path: Path) -> object:
    return package_reader.read_key_file(path, lambda header: world.branch.public_key())


@needs("age")
def test_a_body_made_by_the_age_command_opens(world: World, package: Path, tmp_path: Path) -> None:
    plain = decrypted(world, package)
    command = ["age", "-r", str(world.hq.to_public()), "-r", str(world.escrow.to_public())]
    body = subprocess.run(command, input=plain, capture_output=True, check=True).stdout
    assert world.verdict(resigned(world, tmp_path / "p", body)) == "OK"

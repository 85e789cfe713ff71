"""age files: streams both ways, the age command line, and every fault by its name."""

import errno
import io
import random
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from desktop.services.errors import Cancelled
from desktop.services.security import agefile
from desktop.services.security.agefile import Damaged, Identity, NoKeyFits

needs_age = pytest.mark.skipif(shutil.which("age") is None, reason="age is not installed")
PLAIN = random.Random(1).randbytes(3_000_001)


@pytest.fixture(scope="module")
def identity() -> Identity:
    return Identity.generate()


def encrypted(plain: bytes, *identities: Identity) -> bytes:
    target = io.BytesIO()
    agefile.encrypt(io.BytesIO(plain), target, [one.to_public() for one in identities])
    return target.getvalue()


def opened(data: bytes, identity: Identity) -> bytes:
    with agefile.decrypting(io.BytesIO(data), [identity]) as plain:
        return plain.read()


class Breaking:
    """A stream that gives or takes some bytes and then fails."""

    def __init__(self, error: Exception, good: int) -> None:
        self.error, self.good = error, good

    def read(self, size: int = -1, /) -> bytes:
        return bytes(self._use(min(size, 1 << 16)))

    def write(self, data: bytes, /) -> int:
        return self._use(len(data))

    def _use(self, size: int) -> int:
        if self.good < size:
            raise self.error
        self.good -= size
        return size


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 3_000_001])
def test_what_went_in_comes_out_for_each_recipient(identity: Identity, size: int) -> None:
    other = Identity.generate()
    data = encrypted(PLAIN[:size], identity, other)
    assert opened(data, identity) == opened(data, other) == PLAIN[:size]


def test_reading_in_pieces_gives_full_pieces(identity: Identity) -> None:
    data = encrypted(PLAIN, identity)
    with agefile.decrypting(io.BytesIO(data), [identity]) as plain:
        pieces = list(iter(lambda: plain.read(1000), b""))
    assert b"".join(pieces) == PLAIN
    assert {len(piece) for piece in pieces[:-1]} == {1000}


def test_leaving_early_ends_the_thread(identity: Identity) -> None:
    data = encrypted(PLAIN * 3, identity)
    before = threading.active_count()
    with agefile.decrypting(io.BytesIO(data), [identity]) as plain:
        assert plain.read(10) == PLAIN[:10]
    assert threading.active_count() == before


def test_a_stranger_is_told_that_no_key_fits(identity: Identity) -> None:
    with pytest.raises(NoKeyFits):
        opened(encrypted(PLAIN, identity), Identity.generate())


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), Cancelled()])
@pytest.mark.parametrize("good", [0, 1_500_000])
def test_errors_of_the_streams_come_out_as_they_were(identity: Identity, error: Exception, good: int) -> None:
    data = encrypted(PLAIN, identity)
    with pytest.raises(type(error)) as raised:
        agefile.encrypt(Breaking(error, good), io.BytesIO(), [identity.to_public()])
    assert raised.value is error
    with pytest.raises(type(error)) as raised:
        agefile.encrypt(io.BytesIO(PLAIN), Breaking(error, good), [identity.to_public()])
    assert raised.value is error
    with pytest.raises(type(error)) as raised:
        agefile.decrypt(io.BytesIO(data), Breaking(error, good), [identity])
    assert raised.value is error


def test_every_cut_and_flipped_bit_is_found(identity: Identity) -> None:
    data = encrypted(PLAIN[:70_000], identity)
    source = random.Random(2)
    for length in [*range(400), *source.sample(range(400, len(data)), 200)]:
        with pytest.raises(Damaged):
            opened(data[:length], identity)
    for at in [*range(300), *source.sample(range(300, len(data)), 200)]:
        changed = bytearray(data)
        changed[at] ^= 1 << source.randrange(8)
        with pytest.raises((Damaged, NoKeyFits)):
            opened(bytes(changed), identity)
    with pytest.raises(Damaged):
        opened(data + b"x", identity)


@needs_age
def test_the_age_command_opens_ours_and_we_open_its(identity: Identity, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{identity}\n", "ascii")
    (tmp_path / "plain").write_bytes(PLAIN)
    (tmp_path / "ours.age").write_bytes(encrypted(PLAIN, identity))
    subprocess.run(["age", "-d", "-i", "key", "-o", "out", "ours.age"], cwd=tmp_path, check=True)
    assert (tmp_path / "out").read_bytes() == PLAIN
    subprocess.run(["age", "-r", str(identity.to_public()), "-o", "its.age", "plain"], cwd=tmp_path, check=True)
    assert opened((tmp_path / "its.age").read_bytes(), identity) == PLAIN


@needs_age
def test_an_armoured_file_is_not_taken(identity: Identity, tmp_path: Path) -> None:
    made = subprocess.run(
        ["age", "-a", "-r", str(identity.to_public())], input=b"text", capture_output=True, check=True, cwd=tmp_path
    )
    with pytest.raises(Damaged):
        opened(made.stdout, identity)

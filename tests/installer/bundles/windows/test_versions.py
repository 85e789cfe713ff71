"""Later versions of a frozen program: other modules in its collection, and the rest as it was."""

import marshal
import struct
import zlib

import pytest

from installer.bundles.windows.versions import with_modules


def collection(**sources: str) -> bytes:
    """What PyInstaller writes of these modules."""
    written, listed = bytearray(17), []
    for name, source in sources.items():
        pressed = zlib.compress(marshal.dumps(compile(source, name, "exec")))
        listed.append((name, (1, len(written), len(pressed))))
        written += pressed
    written[:8] = b"PYZ\0\xa7\r\r\n"
    struct.pack_into("!i", written, 8, len(written))
    return bytes(written) + marshal.dumps(listed)


def said(pack: bytes, name: str) -> object:
    """What a module of a collection says when it is run."""
    (begins,) = struct.unpack_from("!i", pack, 8)
    _, at, size = dict(marshal.loads(pack[begins:]))[name]
    found: dict[str, object] = {}
    exec(marshal.loads(zlib.decompress(pack[at : at + size])), found)
    return found["said"]


def test_a_module_is_another_and_the_rest_stay() -> None:
    changed = with_modules(collection(one="said = 1", two="said = 2", three="said = 3"), {"two": "said = 'other'"})
    assert [said(changed, name) for name in ("one", "two", "three")] == [1, "other", 3]


def test_a_module_that_is_not_there_is_not_added() -> None:
    with pytest.raises(KeyError):
        with_modules(collection(one="said = 1"), {"none": ""})

"""Later versions of a frozen program, for the proof of an update: the same but for what tells them apart.

To freeze each would take a quarter of an hour. What they differ in is a module or two, and whose releases they trust.
"""

import marshal
import shutil
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

from desktop.services.releases import KEYS
from desktop.services.updates.preparing import shared_or_copied
from installer.bundles.shared_modules import MODULES

_TOC_AT = 8
"""Where PyInstaller's collection of modules says at which byte its list of them begins."""


def make_version(payload: Path, folder: Path, number: str, keys: str, changed: Mapping[str, str]) -> Path:
    """Make `folder` the program of `payload` as the version `number`, which trusts releases by the lines `keys`.

    `changed`: what else is other in it: sources, each by the name of its module.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(payload, folder, copy_function=shared_or_copied)
    inside = folder / "_internal"
    own = {"desktop": f'"""A version of a proof."""\n\n__version__ = "{number}"\n', **changed}
    put(inside / MODULES, with_modules((inside / MODULES).read_bytes(), own))
    put(inside / "resources" / KEYS, keys.encode("utf-8"))
    return folder


def put(file: Path, data: bytes) -> None:
    """Write a file of a version anew: its bytes are shared with those of others."""
    file.unlink(missing_ok=True)
    file.write_bytes(data)


def with_modules(collection: bytes, sources: Mapping[str, str]) -> bytes:
    """Return a collection of modules in which those of `sources` are other: new bytes behind the old, and a new list.

    Raises:
        KeyError: it has no module of that name.
    """
    (begins,) = struct.unpack_from("!i", collection, _TOC_AT)
    listed = dict(marshal.loads(collection[begins:]))
    written = bytearray(collection[:begins])
    for name, source in sources.items():
        kind = listed[name][0]
        pressed = zlib.compress(marshal.dumps(compile(source, f"{name.replace('.', '/')}.py", "exec")))
        listed[name] = (kind, len(written), len(pressed))
        written += pressed
    struct.pack_into("!i", written, _TOC_AT, len(written))
    return bytes(written) + marshal.dumps(list(listed.items()))

"""A frozen program once more, under another version or with a module changed: what a proof of updates goes from and to.

Its modules are compiled code in one file, so nothing is built again: those that change are compiled anew from source.
"""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from desktop.services.updates.preparing import shared_or_copied
from installer.bundles.contents import ROOT
from installer.bundles.shared_modules import MODULES

PACKAGE = "desktop"


def renumbered(folder: Path, to: Path, version: str, changed: Mapping[str, str] | None = None) -> Path:
    """Make `to` of the bundle in `folder`, as `version`; `changed`: source by the name of its module."""
    from PyInstaller.archive.readers import ZlibArchiveReader
    from PyInstaller.archive.writers import ZlibArchiveWriter

    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to, symlinks=True, copy_function=shared_or_copied)
    file = to / "_internal" / MODULES
    archive = ZlibArchiveReader(str(file))
    head = (ROOT / PACKAGE / "__init__.py").read_text("utf-8")
    sources = {PACKAGE: re.sub(r'^__version__ = ".*"$', f'__version__ = "{version}"', head, flags=re.MULTILINE)}
    sources |= changed or {}
    code = {name: archive.extract(name) for name in archive.toc}
    for name, source in sources.items():
        code[name] = compile(source, name, "exec", dont_inherit=True)
    entries = [(name, _ending(name, kind), "PYMODULE") for name, (kind, *_place) in archive.toc.items()]
    file.unlink()  # its bytes are shared with those of the other
    ZlibArchiveWriter(str(file), entries, code)
    return to


def _ending(name: str, kind: int) -> str | None:
    """The file a module came from, as the writer tells modules from packages, and from folders without code."""
    return {0: f"{name}.py", 1: f"{name}/__init__.py"}.get(kind)

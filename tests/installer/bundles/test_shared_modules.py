"""Two programs of one folder read their modules from one file."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from PyInstaller import loader
from PyInstaller.archive.writers import ZlibArchiveWriter

from installer.bundles.shared_modules import MODULES, share


def collection(file: Path, *names: str) -> Path:
    """Modules without content, as PyInstaller collects them."""
    contents = [(name, "-", "PYMODULE") for name in names]
    ZlibArchiveWriter(str(file), contents, {name: compile("", name, "exec") for name in names})
    return file


def test_a_program_finds_the_modules_of_its_folder_instead_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    monkeypatch.syspath_prepend(str(next(iter(loader.__path__))))
    reader = import_module("pyimod01_archive").ZlibArchiveReader
    importers: Any = import_module("pyimod02_importers")
    collection(tmp_path / MODULES, "one_for_both", "another")
    importers.pyz_archive = reader(str(collection(tmp_path / "own", "of_its_own")), 0, check_pymagic=True)
    finder = importers.PyiFrozenFinder(str(tmp_path))
    assert finder.find_spec("one_for_both") is None

    share(str(tmp_path))

    assert finder.find_spec("one_for_both") is not None
    assert finder.find_spec("of_its_own") is None
    for name in ("pyimod01_archive", "pyimod02_importers"):
        monkeypatch.delitem(sys.modules, name)

"""A bundle under another version differs in that alone, and the bundle it was made of stays as it was."""

from pathlib import Path
from types import CodeType

import pytest
from PyInstaller.archive.readers import ZlibArchiveReader
from PyInstaller.archive.writers import ZlibArchiveWriter

from installer.bundles.renumbered import renumbered
from installer.bundles.shared_modules import MODULES


def read(folder: Path) -> dict[str, object]:
    """What the modules of a bundle leave behind, by their names."""
    archive = ZlibArchiveReader(str(folder / "_internal" / MODULES))
    left: dict[str, object] = {}
    for name in archive.toc:
        code = archive.extract(name)
        space: dict[str, object] = {}
        if isinstance(code, CodeType):
            exec(code, space)
        left[name] = space.get("__version__", space.get("said", ""))
    return left


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The folder of a program with three modules and a file."""
    (tmp_path / "old" / "_internal").mkdir(parents=True)
    (tmp_path / "old" / "branch-desk").write_text("program", "utf-8")
    sources = {"desktop": '__version__ = "1"', "desktop.app": 'said = "old"', "other": 'said = "other"'}
    code = {name: compile(source, name, "exec") for name, source in sources.items()}
    files = [("desktop", "desktop/__init__.py"), ("desktop.app", "app.py"), ("other", "other.py"), ("bare", None)]
    entries = [(name, file, "PYMODULE") for name, file in files]
    ZlibArchiveWriter(str(tmp_path / "old" / "_internal" / MODULES), entries, code)
    return tmp_path / "old"


def test_the_version_and_what_is_changed_are_new_and_all_else_is_as_it_was(bundle: Path, tmp_path: Path) -> None:
    before = read(bundle)
    made = renumbered(bundle, tmp_path / "new", "9.0.1", {"desktop.app": 'said = "new"'})
    assert read(made) == {"desktop": "9.0.1", "desktop.app": "new", "other": "other", "bare": ""}
    assert (made / "branch-desk").read_text("utf-8") == "program"
    assert read(bundle) == before == {"desktop": "1", "desktop.app": "old", "other": "other", "bare": ""}

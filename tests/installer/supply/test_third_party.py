"""THIRD_PARTY.md says what is locked, installed and built, no more and no less."""

from pathlib import Path

import pytest

from installer.bundles.contents import licences
from installer.supply import third_party
from installer.supply.locks import ROOT, RUNTIME, pins

BUNDLE = ROOT / "dist" / "branch-desk"


def test_the_file_is_what_the_declaration_and_the_locked_versions_make_of_it() -> None:
    assert third_party.faults() == []
    assert third_party.WRITTEN.read_text("utf-8") == third_party.written()


def test_a_package_that_is_not_declared_and_another_licence_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    known = third_party.declared()
    del known["packages"]["lxml"]
    known["packages"]["mako"] = ["GPL-3.0", "with Alembic"]
    monkeypatch.setattr(third_party, "declared", lambda: known)
    assert third_party.faults() == [
        "locked and not declared: lxml",
        "mako calls its licence 'MIT', declared is 'GPL-3.0'",
    ]


def test_every_font_that_ships_is_named() -> None:
    text = third_party.written()
    fonts = [path.name for path in (ROOT / "resources" / "fonts").iterdir() if path.suffix in (".ttf", ".otf")]
    assert fonts
    assert [name for name in fonts if name not in text] == []


def test_the_licence_of_every_package_goes_into_the_bundle() -> None:
    folders = {folder.split("/")[1] for _file, folder in licences() if "/" in folder}
    without = {pin.name for pin in pins(RUNTIME)} - folders
    assert without <= {"et-xmlfile", "typing-extensions"}  # their wheels bring no text of their own


@pytest.mark.skipif(not BUNDLE.is_dir(), reason="no bundle was built here: dev.py bundle")
def test_a_built_folder_holds_nothing_that_is_not_named() -> None:
    assert third_party.undeclared(BUNDLE) == []


def test_a_strange_library_in_a_built_folder_is_found(tmp_path: Path) -> None:
    for name in ("libQt6Core.so.6", "libcups.so.2", "numpy", "lxml", "base_library.zip"):
        path = tmp_path / "_internal" / name
        path.parent.mkdir(exist_ok=True)
        path.mkdir() if "." not in name else path.touch()
    assert third_party.undeclared(tmp_path) == ["libcups.so.2", "numpy"]

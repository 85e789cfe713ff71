"""存到…: one place for archives, known at both pages, after a restart, and given back when its stick is."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui import archive_place
from desktop.ui.archive import ArchivePage
from desktop.ui.archive_place import OWN, ArchivePlace
from desktop.ui.dialogs import documents
from desktop.ui.standards.inspection import InspectionPage
from tests.ui.desks import empty_desk, go, keep


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that every question for one is answered with."""
    folder = tmp_path / "stick"
    folder.mkdir()
    monkeypatch.setattr(archive_place, "ask_folder", lambda *_, **__: folder)
    return folder


def shown(qtbot: QtBot) -> ArchivePlace:
    """Return the place as a page of a program just started shows it."""
    place = ArchivePlace(lambda: None)
    window = QWidget()
    place.setParent(window)
    keep(qtbot, window)
    window.show()
    return place


def test_a_place_chosen_at_one_page_is_known_at_the_other(qtbot: QtBot, tmp_path: Path, stick: Path) -> None:
    with empty_desk(qtbot, tmp_path / "store") as shell:
        archive = cast(ArchivePage, go(qtbot, shell, "archive", "archive"))
        inspection = cast(InspectionPage, go(qtbot, shell, "standards", "inspection"))
        assert archive.place.folder == inspection.place.folder == documents() / OWN
        inspection.place.choose()
        go(qtbot, shell, "archive", "archive")
        assert archive.place.of_year(2026) == inspection.place.of_year(2026) == stick / "2026"


def test_a_chosen_place_outlives_a_restart(qtbot: QtBot, stick: Path) -> None:
    shown(qtbot).choose()
    assert shown(qtbot).folder == stick


def test_a_stick_that_was_pulled_is_told_and_taken_again_when_it_is_back(qtbot: QtBot, stick: Path) -> None:
    shown(qtbot).choose()
    stick.rmdir()
    place = shown(qtbot)
    assert place.folder == documents() / OWN
    assert str(stick) in place._lost.text()
    stick.mkdir()
    place.hide()
    place.show()
    assert place.folder == stick
    assert place._lost.text() == ""


def test_nothing_is_built_elsewhere_unsaid_when_the_stick_goes_while_the_page_is_open(
    qtbot: QtBot, tmp_path: Path, stick: Path
) -> None:
    with empty_desk(qtbot, tmp_path / "store") as shell:
        for area, tab, kind in (
            ("archive", "archive", ArchivePage),
            ("standards", "inspection", InspectionPage),
        ):
            stick.mkdir(exist_ok=True)
            page = cast(ArchivePage | InspectionPage, go(qtbot, shell, area, tab))
            assert isinstance(page, kind)
            page.place.choose()
            stick.rmdir()
            page.make_button.click()
            assert page.make_button.isEnabled(), "nothing was begun"
            assert "没有生成" in shell.undo_bar.words()
            assert str(page.place.folder) in shell.undo_bar.words()

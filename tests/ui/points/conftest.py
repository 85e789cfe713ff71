"""The page of points over a branch with a committee, and what tests do on it."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QComboBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from desktop.services.points.book import LineState
from desktop.ui.form_dialog import FormDialog
from desktop.ui.main_window import Shell
from desktop.ui.points.page import PointsPage
from tests.services.points.conftest import AT, Points
from tests.stores import new_store
from tests.ui.desks import go, put, settle
from tests.ui.press import last

SIZES = [(1366, 696), (1093, 542), (911, 440)]


@pytest.fixture
def points(tmp_path: Path) -> Iterator[Points]:
    with new_store(tmp_path / "store", at=AT) as store:
        yield Points(store)


def page_of(qtbot: QtBot, shell: Shell) -> PointsPage:
    return cast(PointsPage, go(qtbot, shell, "members", "points"))


def form(shell: Shell, kind: type[FormDialog]) -> FormDialog:
    dialog = last(shell)
    assert isinstance(dialog, kind)
    return dialog


def typed(dialog: FormDialog, **words: str) -> None:
    for name, value in words.items():
        control = dialog.field_sets[0].fields[name].control
        if isinstance(control, QPlainTextEdit):
            control.setPlainText(value)
        elif isinstance(control, QComboBox):
            control.setCurrentIndex(next(n for n in range(control.count()) if value in control.itemText(n)))
        else:
            put(control, value)


def stand_on(qtbot: QtBot, shell: Shell, page: PointsPage, claim: str) -> None:
    page.table.select(lambda line: line.key == claim)
    settle(qtbot, shell)


def state(page: PointsPage, claim: str) -> LineState:
    assert page.book is not None
    return next(line.state for line in page.book.lines if line.key == claim)

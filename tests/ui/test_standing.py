"""Where keys stand: a page with nothing to stand on gets them when it is filled, unless somebody left it meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.page import Page
from desktop.ui.standing import Cursor
from tests.ui.desks import empty_desk, keep


@dataclass
class Frame:
    """A window with two pages that have nothing in them, and what stands beside them."""

    window: QWidget
    stack: QStackedWidget
    pages: tuple[Page, Page]
    beside: QLineEdit
    cursor: Cursor

    def fill(self, page: Page) -> QLineEdit:
        """Put something into a page."""
        part = QLineEdit()
        lines = QVBoxLayout(page)
        lines.addWidget(part)
        part.show()
        return part


@pytest.fixture
def frame(qtbot: QtBot, tmp_path: Path) -> Iterator[Frame]:
    """Return the window, shown."""
    with empty_desk(qtbot, tmp_path) as shell:
        window, stack, beside = QWidget(), QStackedWidget(), QLineEdit()
        lines = QVBoxLayout(window)
        lines.addWidget(beside)
        lines.addWidget(stack)
        pages = (Page(shell.desk), Page(shell.desk))
        for page in pages:
            stack.addWidget(page)
        keep(qtbot, window)
        window.show()
        qtbot.waitExposed(window)
        yield Frame(window, stack, pages, beside, Cursor(window, beside))


def test_a_page_is_entered_once_it_is_filled(frame: Frame) -> None:
    frame.cursor.put(None, frame.pages[0], over_filters=True)
    assert frame.window.focusWidget() is frame.beside
    frame.cursor.filled()
    assert frame.window.focusWidget() is frame.beside
    part = frame.fill(frame.pages[0])
    frame.cursor.filled()
    assert frame.window.focusWidget() is part


def test_a_page_that_was_left_before_it_was_filled_takes_no_keys_when_it_is_seen_again(frame: Frame) -> None:
    first, second = frame.pages
    frame.cursor.put(None, first, over_filters=True)
    frame.stack.setCurrentWidget(second)
    frame.cursor.filled()
    frame.stack.setCurrentWidget(first)
    frame.fill(first)
    frame.cursor.filled()
    assert frame.window.focusWidget() is frame.beside

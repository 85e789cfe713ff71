"""台账 over the meetings of the year: three lists, each printed as it is seen."""

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from desktop.ui import output
from desktop.ui.meetings.listing import MeetingsPage
from desktop.ui.meetings.lists import MeetingLists
from tests.ui.desks import go, sample_desk, settle
from tests.ui.lint import faults
from tests.ui.press import save_paper


def test_the_lists_are_opened_and_printed(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "ask_save", lambda *_: tmp_path / "list.pdf")
    with sample_desk(qtbot, tmp_path) as shell:
        cast(MeetingsPage, go(qtbot, shell, "meetings", "list")).lists_button.click()
        settle(qtbot, shell)
        page = cast(MeetingLists, shell.page())
        assert page.missed.model.rowCount() > 0
        shell.tab_bar.setCurrentIndex(1)
        assert page.shown() is page.required
        shell.tab_bar.setCurrentIndex(2)
        settle(qtbot, shell)
        assert page.shown() is page.missed
        assert faults(shell) == []
        page.print_button.click()
        save_paper(qtbot, shell)
        assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF")

"""The year of meetings: kinds against months, and the way from a cell to its meeting."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.meetings import MeetingService
from desktop.ui.meetings.calendar import YearPage
from desktop.ui.meetings.listing import MeetingsPage
from tests.ui.desks import go, sample_desk, settle
from tests.ui.lint import faults


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
def test_the_year_fits_and_a_cell_opens_its_meeting(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        page = cast(YearPage, go(qtbot, shell, "meetings", "year"))
        assert faults(shell) == []
        page._open(
            MeetingKind.THEME_DAY,
            3,
            [one for one in MeetingService(shell.desk.store).meetings(2026) if one.held_on.month == 3],
        )
        settle(qtbot, shell)
        assert cast(MeetingsPage, shell.page()).table.current() is not None


def test_a_past_month_without_the_meeting_it_needs_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(YearPage, go(qtbot, shell, "meetings", "year"))
        assert page._lacking
        cells = cast(list[QPushButton], page.findChildren(QPushButton))
        said = [cell.accessibleName() for cell in cells if cell.text() == "缺"]
        assert 0 < len(said) <= len(page._lacking)
        assert all("没有记录，" in words for words in said)

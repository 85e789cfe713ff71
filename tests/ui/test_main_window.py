"""The frame around the pages: which years can be looked at."""

from datetime import date
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.ui.main_window import Shell
from tests.services.test_years import keep_meeting
from tests.stores import new_store
from tests.ui.desks import TODAY, desk_on, settle


def offered(shell: Shell) -> list[str]:
    return [shell.years.itemText(number) for number in range(shell.years.count())]


def test_a_store_of_ten_years_reaches_each_of_them(qtbot: QtBot, tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", at=TODAY)
    for year in range(2017, 2027):
        keep_meeting(store, date(year, 3, 1))
    with desk_on(qtbot, store) as shell:
        shell.read_years()
        settle(qtbot, shell)
        assert offered(shell) == [f"{year} 年" for year in range(2026, 2016, -1)]
        shell.years.setCurrentIndex(9)
        assert shell.desk.year == 2017


def test_older_records_that_come_later_can_be_reached_and_the_year_in_view_stays(qtbot: QtBot, tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", at=TODAY)
    with desk_on(qtbot, store) as shell:
        shell.years.setCurrentIndex(1)
        keep_meeting(store, date(2013, 3, 1))
        shell.desk.changed()
        settle(qtbot, shell)
        assert offered(shell) == ["2026 年", "2025 年", "2024 年", "2023 年", "2013 年"]
        assert (shell.desk.year, shell.years.value()) == (2025, 2025)

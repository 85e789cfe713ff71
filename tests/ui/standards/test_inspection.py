"""标准化 > 迎检: who mends what before the day, and the archive for it."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.ui import archive_place
from desktop.ui.standards.inspection import InspectionPage
from desktop.ui.widgets import Chip
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import go, put, sample_desk, settle
from tests.ui.lint import faults

SIZES = [(1366, 696), (1093, 542), (911, 440)]


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        go(qtbot, shell, "standards", "inspection")
        assert faults(shell) == []


@pytest.mark.parametrize("size", SIZES)
def test_either_the_page_scrolls_or_its_lists_do(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        page = cast(InspectionPage, go(qtbot, shell, "standards", "inspection"))
        whole = shell._frames[page].verticalScrollBar()
        low = size == SIZES[-1]
        qtbot.waitUntil(lambda: bool(whole.maximum()) is low)
        if low:
            qtbot.waitUntil(lambda: all(not each.verticalScrollBar().maximum() for each in page._lists))


def test_the_inspection_day_is_chosen_and_a_past_one_refused(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(InspectionPage, go(qtbot, shell, "standards", "inspection"))
        assert "还差" in page._verdict.text()
        put(page.day, "2026-12-10")
        page.day.editingFinished.emit()
        settle(qtbot, shell)
        assert page._left.text() == "17 天"
        put(page.day, "2026-1-1")
        page.day.editingFinished.emit()
        settle(qtbot, shell)
        assert page._left.text() == "17 天"


def test_the_archive_is_built_where_the_user_says(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(archive_place, "ask_folder", lambda *_, **__: tmp_path / "out")
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(InspectionPage, go(qtbot, shell, "standards", "inspection"))
        page.place.choose()
        page.make_button.click()
        qtbot.waitUntil(lambda: "已生成" in shell.undo_bar.words())
        assert list((tmp_path / "out" / "2026").rglob("*.pdf"))


def test_the_counts_of_an_inspection_are_those_of_its_rows(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(InspectionPage, go(qtbot, shell, "standards", "inspection"))
        chips: list[list[str]] = [
            chip.words.split() for chip in cast(list[Chip], page.findChildren(Chip)) if chip.words
        ]
        shown = [int(words[1]) for words in chips if words[0] == "缺"]
        people = [int(words[0]) for words in chips if words[0].isdigit()]
        told = int(page._verdict.text().split()[1])
        assert (sum(shown), sum(people)) == (told, told)
        assert page._ready is not None
        gains = sum(job.gain for job in page._ready.jobs)
        assert round((float(page._after.text()) - float(page._then.text())) * 100) == gains


def test_the_preflight_says_which_evidence_nobody_attached(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(InspectionPage, go(qtbot, shell, "standards", "inspection"))
        page.check_button.click()
        qtbot.waitUntil(lambda: shell.findChild(Dialog) is not None)
        dialog = cast(Dialog, shell.findChild(Dialog))
        words = "".join(label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel)))
        assert "没有附上" in words
        assert "签到表" in words
        assert faults(dialog) == []
        dialog.accept()

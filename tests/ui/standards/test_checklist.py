"""标准化 > 得分清单: what is asked, what lies there, and the way to the form that mends it."""

import re
from decimal import Decimal
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.ui import output
from desktop.ui.standards.checklist import ChecklistPage
from tests.ui.desks import go, sample_desk, settle
from tests.ui.lint import faults
from tests.ui.press import save_paper

SIZES = [(1366, 696), (1093, 542), (911, 440)]


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        go(qtbot, shell, "standards", "checklist", item="D4-02")
        assert faults(shell) == []


def test_an_item_shows_its_gap_and_leads_to_the_form(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(ChecklistPage, go(qtbot, shell, "standards", "checklist", item="D4-02"))
        assert page.pane.title.text() == "支部委员会会议"
        page.filter.choose("gaps")
        page.filter.changed.emit("gaps")
        assert all(item.gaps for item in page.table.model.rows())


def test_traces_and_quality_stand_beside_each_other_while_an_item_is_open(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(ChecklistPage, go(qtbot, shell, "standards", "checklist", item="D4-02"))
        assert page.pane.isVisible()
        shown = {c.title for at, c in enumerate(page.table.model.columns) if not page.table.view.isColumnHidden(at)}
        assert {"痕迹", "质量"} <= shown
        assert "…" not in page.table.view.fontMetrics().elidedText(
            "支部委员会会议", Qt.TextElideMode.ElideRight, page.table.view.columnWidth(1) - 20
        )


def test_lists_go_to_excel_and_paper(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(ChecklistPage, go(qtbot, shell, "standards", "checklist"))
        monkeypatch.setattr(output, "ask_save", lambda *_: tmp_path / "list.xlsx")
        page.export_button.click()
        settle(qtbot, shell)
        assert openpyxl.load_workbook(tmp_path / "list.xlsx").active.max_row > 3
        monkeypatch.setattr(output, "ask_save", lambda *_: tmp_path / "gaps.pdf")
        page.print_button.click()
        save_paper(qtbot, shell)
        assert (tmp_path / "gaps.pdf").read_bytes().startswith(b"%PDF")


def test_the_points_of_the_dimensions_are_together_the_total_that_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(ChecklistPage, go(qtbot, shell, "standards", "checklist"))
        rows = [re.search("已得 ([0-9.]+)", row.accessibleName()) for row in page._rows]
        assert sum(Decimal(found[1]) for found in rows if found is not None) == Decimal(page._total.text())
        traced = re.findall("[0-9.]+", page._parts.text())
        assert sum(map(Decimal, traced)) == Decimal(page._total.text())

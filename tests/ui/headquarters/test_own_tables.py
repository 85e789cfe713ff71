"""统计 > 自选表: a table is put together, kept, changed and printed."""

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.statistics import TableRows
from desktop.models.vocabulary.stores import StoreKind
from desktop.ui.headquarters.own_tables import OwnTableDialog, OwnTablesPage
from desktop.ui.widgets.ticks import Ticks
from tests.ui.desks import desk_on, go, put, settle
from tests.ui.full import PERIOD, full_store
from tests.ui.lint import faults


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
def test_a_table_is_chosen_kept_and_shown(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS), size) as shell:
        go(qtbot, shell, "statistics")
        page = OwnTablesPage(shell.desk, PERIOD)
        shell.desk.push(page)
        settle(qtbot, shell)
        assert faults(shell) == []
        page.add_table()
        settle(qtbot, shell)
        dialog = cast(list[OwnTableDialog], shell.findChildren(OwnTableDialog))[-1]
        assert faults(shell) == []
        put(dialog.fields.fields["name"].control, "出勤和人数")
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["measures"].fault().startswith("选1到")
        chosen = cast(Ticks, dialog.fields.fields["measures"].control)
        for name in ("members", "attendance"):
            chosen.boxes[name].setChecked(True)
        dialog.verb.click()
        settle(qtbot, shell)
        table = page.table()
        assert table is not None
        assert (table.name, table.rows, set(table.measures)) == (
            "出勤和人数", TableRows.BRANCHES, {"members", "attendance"},
        )  # fmt: skip
        sheet = page.sheet()
        assert sheet is not None
        assert sheet.title == "2026年三季度出勤和人数"
        assert len(sheet.words) == 1
        assert faults(shell) == []

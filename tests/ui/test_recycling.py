"""设置 > 回收站: what was deleted, and the way back."""

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from desktop.services.access.rights import Rights
from desktop.services.members import MemberService
from desktop.services.members.records import MemberRecords
from desktop.ui.main_window import Shell
from desktop.ui.members.roster import RosterPage
from desktop.ui.recycling import RecyclePage
from tests.ui.desks import go, sample_desk, settle
from tests.ui.lint import faults

SIZES = [(1366, 696), (1093, 542), (911, 440)]


def removed(shell: Shell) -> str:
    """Delete a member of the sample branch that nothing points to; return the name."""
    store = shell.desk.store
    member = MemberService(store).register({"name": "赵一鸣", "admitted_on": "2005-07-01", "full_on": "2006-07-01"})
    MemberRecords(store).remove(member, "不是本支部的人，组织关系在县局机关")
    return "赵一鸣"


@pytest.mark.parametrize("size", SIZES)
def test_the_bin_fits(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        removed(shell)
        go(qtbot, shell, "settings", "bin")
        assert faults(shell) == []


def test_a_member_is_found_there_from_the_roster_and_restored(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        name = removed(shell)
        roster = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        roster.more.actions()[1].trigger()
        settle(qtbot, shell)
        page = cast(RecyclePage, shell.page())
        assert [row.reason for row in page.table.model.rows()] == ["不是本支部的人，组织关系在县局机关"]
        page.table.view.clicked.emit(page.table.model.index(0, page.table.model.columnCount() - 1))
        settle(qtbot, shell)
        settle(qtbot, shell)
        assert page.table.model.everything() == ()
        assert name in {row.name for row in MemberService(shell.desk.store).roster()}


def test_who_may_not_restore_is_not_offered_it(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        removed(shell)
        shell.desk.store.rights = Rights()
        page = cast(RecyclePage, go(qtbot, shell, "settings", "bin"))
        model = page.table.model
        assert model.data(model.index(0, model.columnCount() - 1)) == ""
        page.restore(model.row_at(0))
        settle(qtbot, shell)
        assert len(model.everything()) == 1

"""Only what there is and what one may do is offered."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.services.access.rights import Rights
from desktop.ui.pages import pages_for
from desktop.ui.search.deeds import deeds, matching
from tests.ui.desks import sample_desk


def test_every_deed_leads_somewhere_and_readers_begin_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        areas = pages_for("branch")
        offered = deeds(shell.desk, areas)
        assert all(shell.desk.has(deed.area, deed.tab) for deed in offered)
        assert [deed.title for deed in matching(offered, "志愿 登记")] == ["登记志愿服务活动"]
        assert matching(offered, "") == []
        full, shell.desk.store.rights = shell.desk.store.rights, Rights()
        assert not any(deed.where for deed in deeds(shell.desk, areas))
        shell.desk.store.rights = full

"""设置 > 基本情况 at headquarters: the name changes everywhere at once."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.ui.headquarters.profile import HeadquartersProfilePage
from tests.ui.desks import go, put, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk


def test_headquarters_gets_another_name_and_the_window_says_it(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        heard = list[str]()
        shell.renamed.connect(heard.append)
        page = cast(HeadquartersProfilePage, go(qtbot, shell, "settings", "profile"))
        put(page.name, " ")
        page.save_button.click()
        settle(qtbot, shell)
        assert page.fields.fields["name"].fault()
        put(page.name, "周口烟草党建科")
        page.save_button.click()
        settle(qtbot, shell)
        qtbot.waitUntil(lambda: shell.branch_name.text() == "周口烟草党建科")
        assert heard == ["周口烟草党建科"]
        assert page.service.name() == "周口烟草党建科"
        assert faults(shell) == []

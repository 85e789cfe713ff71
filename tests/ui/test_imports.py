"""From Excel: read first, imported then; what is refused is shown with its reason."""

from pathlib import Path
from typing import cast

import openpyxl
from pytestqt.qtbot import QtBot

from desktop.paths import resource
from desktop.services.members import MemberService
from desktop.ui.imports import ImportPage
from desktop.ui.members.roster import RosterPage
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import empty_desk, go, settle
from tests.ui.lint import faults


def test_a_roster_is_read_first_and_imported_then(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.import_button.click()
        importing = cast(ImportPage, shell.page())
        assert faults(shell) == []
        importing.read_file(resource("samples/shenqiu/roster.xlsx"))
        settle(qtbot, shell)
        assert importing.take_button.text() == "导入 30 条"
        assert MemberService(shell.desk.store).roster() == []
        assert faults(shell) == []
        importing.take_button.click()
        settle(qtbot, shell)
        assert len(MemberService(shell.desk.store).roster()) == 30
        assert shell.page() is page


def test_refused_rows_are_shown_with_their_reason(qtbot: QtBot, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "身份证号", "入党时间"])
    book.active.append(["张三", "412723199302271627", "2016-07-01"])
    book.save(tmp_path / "bad.xlsx")
    with empty_desk(qtbot, tmp_path) as shell:
        page = ImportPage(shell.desk, "members", "党员名册")
        shell.desk.push(page)
        page.read_file(tmp_path / "bad.xlsx")
        settle(qtbot, shell)
        assert page.rejected.model.rowCount() == 1
        assert not page.take_button.isEnabled()
        assert page.rejects_button.isVisible()


def test_a_file_that_is_no_roster_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "no.xlsx").write_bytes(b"not a workbook")
    with empty_desk(qtbot, tmp_path) as shell:
        page = ImportPage(shell.desk, "members", "党员名册")
        shell.desk.push(page)
        page.read_file(tmp_path / "no.xlsx")
        qtbot.waitUntil(lambda: shell.findChild(Dialog) is not None)
        cast(Dialog, shell.findChild(Dialog)).accept()

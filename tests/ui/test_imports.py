"""From Excel: read first, imported then; what is refused is shown with its reason."""

from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.paths import resource
from desktop.services.members import MemberService
from desktop.services.spreadsheets.results import ImportResult, Rejected
from desktop.ui import imports
from desktop.ui.imports import ImportPage
from desktop.ui.members.roster import RosterPage
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import empty_desk, go, settle
from tests.ui.lint import faults
from tests.workbooks.parts import compound

REFUSED = Rejected(sheet="评定", row=3, field="依据", value="", reason="没有依据")


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


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (ImportResult(read=300, unchanged=294, rejected=[REFUSED] * 6), "294 条不变，退回 6 条"),
        (ImportResult(read=6, rejected=[REFUSED] * 6), "6 条都退回了"),
        (ImportResult(read=9, accepted=3, updated=2, unchanged=4), "新增 3 条，修改 2 条，4 条不变"),
        (ImportResult(read=5, blank=5), "没有要导入的"),
    ],
)
def test_the_title_of_a_preview_counts_every_kind_of_row(result: ImportResult, words: str) -> None:
    assert imports.verdict(result) == words


def test_the_file_window_shows_every_kind_of_sheet_and_a_document_says_what_to_do(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = tmp_path / "名册.xls"
    document.write_bytes(compound({"WordDocument": b"x"}))
    asked: list[str] = []

    def choose(_parent: object, _title: str, kinds: str) -> Path:
        asked.append(kinds)
        return document

    monkeypatch.setattr(imports, "ask_open", choose)
    with empty_desk(qtbot, tmp_path) as shell:
        page = ImportPage(shell.desk, "members", "党员名册")
        shell.desk.push(page)
        page.choose()
        qtbot.waitUntil(lambda: shell.findChild(Dialog) is not None)
        dialog = cast(Dialog, shell.findChild(Dialog))
        labels = cast(list[QLabel], dialog.findChildren(QLabel))
        assert "这是Word文档" in "".join(label.text() for label in labels)
        dialog.accept()
    assert all(f"*.{kind}" in asked[0] for kind in ("xlsx", "xlsm", "xls", "xlsb", "et", "ods", "csv", "txt"))

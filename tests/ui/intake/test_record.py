"""导入记录: every import with what became of its rows, and the way to take it back."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.paths import resource
from desktop.services.members import MemberService
from desktop.services.workbooks import book
from desktop.ui.intake.record import RecordPage
from tests.ui.desks import SAMPLE, empty_desk, settle
from tests.ui.lint import faults

ROSTER = resource(f"samples/{SAMPLE}/roster.xlsx")
MEETINGS = resource(f"samples/{SAMPLE}/meetings.xlsx")


def test_an_import_is_shown_with_its_rows_and_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        book(shell.desk.store, "members").import_file(ROSTER)
        shell.desk.push(RecordPage(shell.desk))
        settle(qtbot, shell)
        page = cast(RecordPage, shell.page())
        page.table.view.selectRow(0)
        assert page.undo_button is not None
        assert faults(shell) == []
        page.undo_button.click()
        settle(qtbot, shell)
        assert MemberService(shell.desk.store).roster() == []
        (run,) = page.table.model.rows()
        assert run.undone_at is not None
        assert page.undo_button is None


def test_what_others_were_built_on_cannot_be_taken_back_and_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        book(shell.desk.store, "members").import_file(ROSTER)
        book(shell.desk.store, "meetings").import_file(MEETINGS)
        shell.desk.push(RecordPage(shell.desk))
        settle(qtbot, shell)
        page = cast(RecordPage, shell.page())
        assert [run.title for run in page.table.model.rows()] == ["会议记录", "党员名册"]
        page.table.view.selectRow(1)
        assert page.undo_button is None
        assert faults(shell) == []

"""登记簿: a row by typing, refusals at their field, lines, delete and take back, import; files and history."""

from datetime import date
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from desktop.services.registers import RegisterService
from desktop.services.workbooks import book
from desktop.ui import attachments as attachments_module
from desktop.ui import output
from desktop.ui.imports import ImportPage
from desktop.ui.main_window import Shell
from desktop.ui.registers.controls import LinesEdit
from desktop.ui.registers.form import RegisterForm
from desktop.ui.registers.page import RegistersPage
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice
from tests.ui.desks import go, put, sample_desk, settle
from tests.ui.lint import faults


def open_register(qtbot: QtBot, shell: Shell, kind: str = "venue", tab: str = "support") -> RegistersPage:
    return cast(RegistersPage, go(qtbot, shell, "service", tab, kind=kind))


def open_form(qtbot: QtBot, shell: Shell, page: RegistersPage) -> RegisterForm:
    page.add_button.click()
    settle(qtbot, shell)
    form = cast(RegisterForm, shell.page())
    assert form.fields is not None
    assert faults(shell) == []
    return form


def fill(form: RegisterForm, **words: str) -> None:
    assert form.fields is not None
    for name, typed in words.items():
        put(form.fields.fields[name].control, typed)


def keep_venue(qtbot: QtBot, shell: Shell, title: str = "党员活动室") -> RegistersPage:
    page = open_register(qtbot, shell)
    form = open_form(qtbot, shell, page)
    fill(form, title=title, area_m2="42.5", checked_on="2026.3.8")
    form.save_button.click()
    settle(qtbot, shell)
    return page


def test_a_row_is_entered_by_typing_and_shown(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = keep_venue(qtbot, shell)
        assert shell.page() is page
        row = page.registers.rows("venue", 2026)[0]
        assert (row.values["title"], row.values["area_m2"]) == ("党员活动室", 42.5)
        assert row.values["checked_on"] == date(2026, 3, 8)
        page.table.step(1)
        settle(qtbot, shell)
        assert page.pane.title.text() == "党员活动室"
        assert faults(shell) == []


def test_a_refusal_stays_at_its_field_and_stores_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_register(qtbot, shell)
        form = open_form(qtbot, shell, page)
        fill(form, title="党员活动室", seats="很多")
        form.save_button.click()
        settle(qtbot, shell)
        assert shell.page() is form
        assert form.fields is not None
        assert form.fields.fields["seats"].fault()
        assert page.registers.rows("venue", 2026) == []
        fill(form, title="", seats="")
        form.save_button.click()
        settle(qtbot, shell)
        assert form.fields.fields["title"].fault()
        assert faults(shell) == []


def test_lines_of_a_row_are_added_refused_and_taken_away(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_register(qtbot, shell, "volunteer_activity", "carriers")
        form = open_form(qtbot, shell, page)
        assert form.fields is not None
        fill(form, title="清扫街道")
        lines = cast(LinesEdit, form.fields.fields["hours"].control)
        for _line in range(3):
            lines.add_link.click()
        for number, hours in ((0, "两小时"), (1, "1.5")):
            controls = list(lines._rows[number].values())
            cast(Choice, controls[0]).setCurrentIndex(number + 1)
            put(controls[1], hours)
        form.save_button.click()
        settle(qtbot, shell)
        assert form.fields.fields["hours"].fault().startswith("第1行")
        put(list(lines._rows[0].values())[1], "2")
        lines._remove(2)
        assert faults(shell) == []
        form.save_button.click()
        settle(qtbot, shell)
        row = page.registers.rows("volunteer_activity", 2026)[0]
        assert [one.hours for one in row.values["hours"]] == [2, 1.5]


def test_a_deleted_row_comes_back_by_undo(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = keep_venue(qtbot, shell)
        page.remove(page.table.model.row_at(0))
        settle(qtbot, shell)
        assert page.registers.rows("venue", 2026) == []
        assert "党员活动室" in shell.undo_bar.words()
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        assert [one.heading for one in page.registers.rows("venue", 2026)] == ["党员活动室"]


def test_import_leads_to_the_page_that_reads_first(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_register(qtbot, shell)
        file = tmp_path / "venues.xlsx"
        book(shell.desk.store, "venue").template(file)
        excel = openpyxl.load_workbook(file)
        heads = {cell.value: cell.column for row in excel.active.iter_rows() for cell in row}
        line = excel.active.max_row + 1
        for head, value in (("名称", "公开栏"), ("类别", "公开栏"), ("状态", "在用")):
            column = next(place for words, place in heads.items() if str(words or "").startswith(head))
            excel.active.cell(line, column, value)
        excel.save(file)
        page.import_button.click()
        importing = cast(ImportPage, shell.page())
        importing.read_file(file)
        settle(qtbot, shell)
        assert importing.take_button.text() == "导入 1 条"
        importing.take_button.click()
        settle(qtbot, shell)
        assert [one.heading for one in page.registers.rows("venue", 2026)] == ["公开栏"]


def test_export_writes_the_register(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "阵地.xlsx"
    monkeypatch.setattr(output, "ask_save", lambda *_: target)
    with sample_desk(qtbot, tmp_path) as shell:
        page = keep_venue(qtbot, shell)
        page.export_button.click()
        settle(qtbot, shell)
        words = [cell.value for row in openpyxl.load_workbook(target).active.iter_rows() for cell in row]
        assert "党员活动室" in words


def open_kept(qtbot: QtBot, shell: Shell) -> RegisterForm:
    page = keep_venue(qtbot, shell)
    go(qtbot, shell, "service", "support", kind="venue", record=page.registers.rows("venue", 2026)[0].id)
    return cast(RegisterForm, shell.page())


def test_files_are_attached_saved_and_removed(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper, copy = tmp_path / "平面图.txt", tmp_path / "副本.txt"
    paper.write_text("活动室平面图", "utf-8")
    monkeypatch.setattr(attachments_module, "ask_open", lambda *_: paper)
    monkeypatch.setattr(attachments_module, "ask_save", lambda *_: copy)
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_kept(qtbot, shell)
        shell.tab_bar.setCurrentIndex(1)
        settle(qtbot, shell)
        panel = form.attachments
        panel.add_button.click()
        settle(qtbot, shell)
        assert [one.name for one in panel.table.model.rows()] == ["平面图.txt"]
        assert faults(shell) == []
        panel.table.step(1)
        panel.save_button.click()
        settle(qtbot, shell)
        assert copy.read_text("utf-8") == "活动室平面图"
        panel.remove_button.click()
        settle(qtbot, shell)
        assert panel.table.model.rowCount() == 0


def test_a_file_with_a_secrecy_mark_is_asked_about_before_it_is_taken(qtbot: QtBot, tmp_path: Path) -> None:
    paper = tmp_path / "机密★10年.txt"
    paper.write_text("机密★10年", "utf-8")
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_kept(qtbot, shell)
        form.attachments.attach(paper)
        qtbot.waitUntil(lambda: shell.findChild(Dialog) is not None)
        dialog = cast(Dialog, shell.findChild(Dialog))
        dialog.reject()
        settle(qtbot, shell)
        row = shell.desk.service(RegisterService).rows("venue", 2026)[0]
        assert row.attachments == 0


def test_the_history_tells_who_did_what(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_kept(qtbot, shell)
        shell.tab_bar.setCurrentIndex(2)
        settle(qtbot, shell)
        assert form.history.isVisible()
        assert faults(shell) == []
        entries = [change.sentence for change in form._read_history()]
        assert len(entries) == 1
        assert "党员活动室" in entries[0]

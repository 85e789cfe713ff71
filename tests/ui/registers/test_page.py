"""The page of registers: delete and take back, Excel in and out."""

from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.registers import REGISTERS
from desktop.services.registers import RegisterService
from desktop.services.workbooks import book
from desktop.ui import output
from desktop.ui.intake.page import IntakePage
from desktop.ui.registers.page import RegistersPage, columns_of
from tests.ui.desks import go, sample_desk, settle
from tests.ui.press import save_paper
from tests.ui.registers.forms import keep_venue, open_register


def test_words_get_the_room_that_the_name_of_a_person_leaves() -> None:
    widths = {column.title: column.width for column in columns_of(REGISTERS["transfer"])}
    assert widths["转出党组织"] == widths["转入党组织"] == 0  # 0: what is left
    assert 0 < widths["姓名"] < widths["转接日期"] * 2


def test_a_deleted_row_comes_back_by_undo(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = keep_venue(qtbot, shell)
        page.remove(page.table.model.row_at(0))
        settle(qtbot, shell)
        assert page.registers.rows("venue", 2026) == []
        assert "党员活动室" in shell.undo_bar.words()
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        assert [row.heading for row in page.registers.rows("venue", 2026)] == ["党员活动室"]


def test_a_register_is_filtered_by_words_of_any_field(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        for name, holder in (("宣传栏", "一楼大厅"), ("活动室", "三楼东侧"), ("阅览角", "三楼西侧")):
            RegisterService(shell.desk.store).save("venue", {"title": name, "note": holder, "state": "in_use"})
        page = open_register(qtbot, shell)
        page.focus_filter()
        assert page.needle.hasFocus()
        page.needle.setText("三楼")
        assert {row.heading for row in page.table.model.rows()} == {"活动室", "阅览角"}
        assert page.count.text() == "2 条，共 3 条"
        page.choose("venue_use")
        settle(qtbot, shell)
        assert page.needle.text() == ""
        page.choose("venue")
        settle(qtbot, shell)
        assert page.count.text() == "3 条"


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
        importing = cast(IntakePage, shell.page())
        importing.opening.open(file)
        settle(qtbot, shell)
        importing.next_button.click()
        assert importing.take_button.text() == "导入 1 条"
        importing.take_button.click()
        settle(qtbot, shell)
        assert [row.heading for row in page.registers.rows("venue", 2026)] == ["公开栏"]


def test_export_writes_the_register(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "阵地.xlsx"
    monkeypatch.setattr(output, "ask_save", lambda *_: target)
    with sample_desk(qtbot, tmp_path) as shell:
        page = keep_venue(qtbot, shell)
        page.export_button.click()
        settle(qtbot, shell)
        words = [cell.value for row in openpyxl.load_workbook(target).active.iter_rows() for cell in row]
        assert "党员活动室" in words


def test_a_transfer_out_prints_the_request_for_its_letter(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "申请.pdf"
    monkeypatch.setattr(output, "ask_save", lambda *_: target)
    with sample_desk(qtbot, tmp_path) as shell:
        kept = {
            name: RegisterService(shell.desk.store).save(
                "transfer", {"name": name, "direction": way, "issued_on": "2026-11-02"}
            )
            for name, way in (("王伟", "转出"), ("孙转来", "转入"))
        }
        page = cast(RegistersPage, go(qtbot, shell, "members", "learning", kind="transfer"))
        page.show_row(next(row for row in page.table.model.rows() if row.id == kept["孙转来"]))
        assert [button for button in buttons(page.pane) if button.text() == "转接申请"] == []
        page.show_row(next(row for row in page.table.model.rows() if row.id == kept["王伟"]))
        (request,) = (button for button in buttons(page.pane) if button.text() == "转接申请")
        request.click()
        save_paper(qtbot, shell)
        assert target.stat().st_size > 1000


def buttons(part: QWidget) -> list[QPushButton]:
    return cast(list[QPushButton], part.findChildren(QPushButton))


def test_decisions_of_all_years_are_listed_and_no_way_out_is_offered(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RegistersPage, go(qtbot, shell, "team", "duties"))
        member_id, _name = page.registers.choices("discipline", "member_id")[0]
        values = {"event_on": "2024-03-05", "title": "一事", "kind": "警告", "member_id": member_id}
        page.registers.save("discipline", values)
        page.choose("discipline")
        settle(qtbot, shell)
        assert [row.heading for row in page.table.model.rows()] == ["一事"]
        assert page.export_button.isHidden()
        assert page.print_button.isHidden()
        page.choose("talk")
        assert not page.export_button.isHidden()

"""专项检查: a list comes in by its dialog, is shared out, scored in its form, proved by a record, deleted and back."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.services.registers import RegisterService
from desktop.ui.inspections.dialogs import AssignDialog, ProofDialog, TakeInDialog
from desktop.ui.inspections.page import InspectionsPage
from desktop.ui.main_window import Shell
from desktop.ui.registers.form import RegisterForm
from tests.services.inspections.brought import workbook
from tests.ui.desks import go, put, sample_desk, settle
from tests.ui.lint import faults
from tests.ui.press import last, press


def take(qtbot: QtBot, shell: Shell, folder: Path) -> InspectionsPage:
    page = cast(InspectionsPage, go(qtbot, shell, "standards", "special"))
    page.take_in(workbook(folder / "检查表.xlsx"))
    settle(qtbot, shell)
    dialog = cast(TakeInDialog, last(shell))
    assert dialog.fields.values()["title"] == "2026年党建工作考核评分表"
    assert "其他列照原样存着：对应条款" in dialog.said.text()
    put(dialog.fields.fields["title"].control, "")
    dialog.submit()
    settle(qtbot, shell)
    assert page.service.lists() == []
    put(dialog.fields.fields["title"].control, "年度检查")
    dialog.submit()
    settle(qtbot, shell)
    return page


def test_a_list_comes_in_is_shared_out_and_scored(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = take(qtbot, shell, tmp_path)
        assert page.table.model.rowCount() == 3
        assert page.inspection is not None
        assert faults(shell) == []
        press(shell, "分工")
        dialog = cast(AssignDialog, last(shell))
        owner = dialog.fields.fields["owner_id"].control
        owner.setCurrentIndex(1)  # type: ignore[attr-defined]
        dialog.submit()
        settle(qtbot, shell)
        assert all(point.owner for point in page.service.points(page.inspection.id))
        page.table.step(1)
        press(shell, "打分、填情况")
        settle(qtbot, shell)
        form = cast(RegisterForm, shell.page())
        assert form.fields is not None
        put(form.fields.fields["self_points"].control, "11")
        form.submit()
        settle(qtbot, shell)
        assert form.fields.fields["self_points"].fault() == "自查分高于分值。"
        put(form.fields.fields["self_points"].control, "9.5")
        form.submit()
        settle(qtbot, shell)
        assert page.service.inspection(page.inspection.id).self_sum == 14.5


def test_the_pane_turns_one_point_at_a_time(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = take(qtbot, shell, tmp_path)
        page.table.step(1)
        settle(qtbot, shell)
        first, second, *_more = page.table.model.everything()
        assert page.table.current() == first
        QTest.keyClick(page.pane, Qt.Key.Key_Down)
        assert page.table.current() == second


def test_a_list_fits_a_small_window(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path, (911, 440)) as shell:
        page = take(qtbot, shell, tmp_path)
        page.table.step(1)
        settle(qtbot, shell)
        assert faults(shell) == []


def test_a_record_is_found_noted_as_proof_and_taken_off(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        known = {"title": "换届批复", "received_on": "2026-03-02", "from_org": "上级"}
        RegisterService(shell.desk.store).save("superior_task", known)
        page = take(qtbot, shell, tmp_path)
        page.table.step(1)
        press(shell, "关联记录")
        dialog = cast(ProofDialog, last(shell))
        put(dialog.needle, "批复")
        settle(qtbot, shell)
        dialog.hits.setCurrentRow(0)
        dialog.submit()
        settle(qtbot, shell)
        assert page.inspection is not None
        assert page.service.points(page.inspection.id)[0].evidence == "2026-03-02 换届批复"
        press(shell, "去掉")
        settle(qtbot, shell)
        assert page.service.points(page.inspection.id)[0].proofs == ()
        page.remove()
        settle(qtbot, shell)
        assert page.inspection is None
        assert faults(shell) == []

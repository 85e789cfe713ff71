"""意见: said and taken back."""

from datetime import timedelta
from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.race import RemarkKind
from desktop.services.headquarters import HeadquartersService
from desktop.services.sync.asking import AskingService
from desktop.ui.headquarters.asking import ALL, AskDialog
from desktop.ui.headquarters.remarks import LATE, RemarkDialog, SentRemarksPage, _due
from desktop.ui.table_model import Two
from tests.stores import clock_at
from tests.ui.desks import go, put, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk
from tests.ui.press import last, press


def test_a_remark_goes_out_and_is_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(SentRemarksPage, go(qtbot, shell, "send", "remarks"))
        before = page.table.model.rowCount()
        page.add_button.click()
        dialog = cast(RemarkDialog, last(shell))
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["branch"].fault() == "请选择。", "whom it is for nobody chose"
        dialog.fields.fields["branch"].control.set_value(page.partners[0].org)  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["text"].fault() == "不能为空。"
        dialog.fields.fields["text"].control.setPlainText("会后任务要写结果")  # type: ignore[attr-defined]
        put(dialog.fields.fields["due_on"].control, "2026-10-01")
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["due_on"].fault() == "不能早于今天。"
        put(dialog.fields.fields["due_on"].control, "2026-11-01")
        dialog.verb.click()
        settle(qtbot, shell)
        page.table.step(1)
        assert page.pane.chip.words == "未答复"
        press(shell, "撤回这条意见")
        settle(qtbot, shell)
        assert page.table.model.rowCount() == before
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        assert page.table.model.rowCount() == before + 1


def test_what_waits_and_what_is_late_are_shown_alone(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        store, service = shell.desk.store, shell.desk.service(HeadquartersService)
        today, branch = store.today, service.overview()[0].branch_id
        service.add_remark(branch, "补上签到表", due_on=today)
        AskingService(store).ask(RemarkKind.NOTICE, [branch], "下周培训", None)
        store.clock = clock_at(f"{today + timedelta(days=9)} 09:00")
        page = cast(SentRemarksPage, go(qtbot, shell, "send", "remarks"))
        rows = service.remarks()
        assert {remark.late_days for remark in rows if remark.text == "补上签到表"} == {9}
        page.go({"view": "waiting"})
        assert page.table.model.rowCount() == sum(remark.waits for remark in rows) < len(rows)
        page.shown.set_value(LATE)
        assert page.table.model.rowCount() == sum(remark.late_days > 0 for remark in rows) > 0
        assert "逾期 9 天" in [cell.under for cell in map(_due, rows) if isinstance(cell, Two)]
        assert faults(shell) == []


def test_a_task_goes_to_every_branch_and_a_correction_names_one_record_of_one(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(SentRemarksPage, go(qtbot, shell, "send", "remarks"))
        before = page.table.model.rowCount()
        page.open_ask()
        dialog = cast(AskDialog, last(shell))
        assert dialog.fields.fields["record"].isHidden(), "a task is about no record"
        assert dialog.fields.fields["record"]._name.text() == "佐证编号 *", "asked only where it must be told"
        due, kind = dialog.fields.fields["due_on"], dialog.fields.fields["kind"].control
        assert due.star()
        for other in (RemarkKind.NOTICE, RemarkKind.CORRECTION):
            kind.set_value(other)  # type: ignore[attr-defined]
            assert not due.star()
            assert due.note() == "", "nothing is said of a task under another form"
        kind.set_value(RemarkKind.TASK)  # type: ignore[attr-defined]
        dialog.fields.fields["text"].control.setPlainText("报三季度总结")  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["branch"].fault() == "请选择。", "nobody writes to all by oversight"
        dialog.fields.fields["branch"].control.set_value(ALL)  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["due_on"].fault() == "任务要写办理期限。"
        put(dialog.fields.fields["due_on"].control, "2026-11-01")
        dialog.verb.click()
        settle(qtbot, shell)
        assert page.table.model.rowCount() == before + len(page.partners)
        page.table.step(1)
        settle(qtbot, shell)
        assert faults(shell) == []
        page.open_ask()
        dialog = cast(AskDialog, last(shell))
        dialog.fields.fields["kind"].control.set_value(RemarkKind.CORRECTION)  # type: ignore[attr-defined]
        dialog.fields.fields["text"].control.setPlainText("日期不对")  # type: ignore[attr-defined]
        dialog.fields.fields["branch"].control.set_value(ALL)  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["branch"].fault() == "请求更正只能对一个支部。"

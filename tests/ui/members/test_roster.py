"""党员 > 名册: the list, its filters, and one member opened."""

from datetime import date
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.branches import ConditionKind
from desktop.services.access.rights import Rights
from desktop.services.members import ConditionService
from desktop.services.privacy import load_privacy
from desktop.ui import output
from desktop.ui.members.form import MemberForm
from desktop.ui.members.roster import RosterPage
from desktop.ui.widgets.hidden import HiddenNumber
from tests.sheets import sheet_rows
from tests.ui.desks import go, sample_desk, settle
from tests.ui.lint import faults
from tests.ui.press import save_paper


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
def test_the_roster_and_one_member_fit(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.table.step(1)
        settle(qtbot, shell)
        assert page.pane.title.text() == page.table.model.row_at(0).name
        assert faults(shell) == []


def test_the_list_filters_by_words_and_group(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        everyone = page.table.model.rowCount()
        page.needle.setText("站长")
        assert 0 < page.table.model.rowCount() < everyone
        page.needle.clear()
        page.group.setCurrentIndex(1)
        assert {row.group_id for row in page.table.model.rows()} == {page.group.value()}


def test_what_is_kept_about_a_member_is_written_from_the_pane(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = tmp_path / "摘录.pdf"
    monkeypatch.setattr(output, "ask_save", lambda *_: paper)
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.table.step(1)
        settle(qtbot, shell)
        buttons = cast(list[QPushButton], page.pane.findChildren(QPushButton))
        next(each for each in buttons if each.text() == "个人信息摘录").click()
        save_paper(qtbot, shell)
        assert paper.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("size", [(1366, 696), (911, 440)])
def test_the_purpose_is_said_where_personal_data_are_typed_and_imported(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        for opens in (page.open_form, page.open_import):
            opens()
            settle(qtbot, shell)
            labels = cast(list[QLabel], shell.page().findChildren(QLabel))
            assert any(label.text() == load_privacy().purpose for label in labels)
            assert faults(shell) == []
            shell.desk.back()
            settle(qtbot, shell)


def test_who_may_not_see_id_numbers_is_offered_none(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        shell.desk.store.rights = Rights()
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.table.step(1)
        settle(qtbot, shell)
        buttons = cast(list[QPushButton], page.pane.findChildren(QPushButton))
        assert not {"显示身份证号", "个人信息摘录"} & {each.accessibleName() or each.text() for each in buttons}
        page.open_form(page.table.model.row_at(0).id)
        settle(qtbot, shell)
        form = cast(MemberForm, shell.page())
        assert form.fields is not None
        assert not cast(HiddenNumber, form.fields.fields["id_no"].control).eye.isVisible()


def test_the_roster_is_exported_in_its_own_order_or_in_that_of_the_national_system(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        heads = []
        for number, order in enumerate(page.orders.actions()[:2]):  # behind them: lists of other things
            path = tmp_path / f"{number}.xlsx"
            monkeypatch.setattr(output, "ask_save", lambda *_, path=path: path)
            order.trigger()
            settle(qtbot, shell)
            heads.append(sheet_rows(path)[1][3])
        assert heads == ["身份证号", "公民身份号码"]


def test_who_lives_elsewhere_is_handed_out_as_a_list(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "流出.xlsx"
    monkeypatch.setattr(output, "ask_save", lambda *_: target)
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.hand_out_outflow(output.export_sheet)
        settle(qtbot, shell)
        assert not target.exists()
        away = page.members.roster()[0]
        ConditionService(shell.desk.store).save(away.id, ConditionKind.MOBILE, date(2026, 3, 1), None, place="郑州")
        page.hand_out_outflow(output.export_sheet)
        settle(qtbot, shell)
        settle(qtbot, shell)  # first it is read, then it is written
        words = {cell.value for row in openpyxl.load_workbook(target).active.iter_rows() for cell in row}
        assert {away.name, "郑州", "外出地点"} <= words

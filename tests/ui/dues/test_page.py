"""党员 > 党费: the ledger, collecting, the yearly assessment, and what is refused."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.dues import DuesMeans
from desktop.paths import resource
from desktop.services.access.rights import Rights
from desktop.services.dues.assessing import AssessmentService
from desktop.services.dues.book import LedgerBook
from desktop.services.dues.collecting import PaymentService
from desktop.services.dues.ledger import LedgerService
from desktop.services.dues.paper import PaperService
from desktop.services.dues.reckoning import CellState
from desktop.services.dues.words import yuan
from desktop.services.store import Store
from desktop.ui.dues.assessments import AssessmentPage
from desktop.ui.dues.dialogs import AssessmentDialog, CollectDialog, PaymentDialog, ShareDialog
from desktop.ui.dues.page import SIDE_TAB, DuesPage
from desktop.ui.dues.paper import ENTRIES, PaperDialog, PaperEntriesDialog
from tests.stores import begin_to_record
from tests.ui.desks import desk_on, go, put, sample_desk, sample_store, settle
from tests.ui.lint import faults
from tests.ui.press import last


def with_ledger(folder: Path) -> Store:
    store = sample_store(folder / "store")
    LedgerBook(store).import_file(resource("samples/shenqiu/dues.xlsx"))
    return store


def test_the_ledger_leaves_out_class_and_rate_before_it_scrolls_sideways(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_ledger(tmp_path), (911, 440)) as shell:
        grid = cast(DuesPage, go(qtbot, shell, "members", "dues")).grid
        assert grid.horizontalScrollBar().maximum() == 0
        narrow = grid._lead
        shell.resize(1366, 696)
        settle(qtbot, shell)
        assert grid._lead > narrow


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
def test_the_ledger_its_alarms_and_the_assessment_fit(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with desk_on(qtbot, with_ledger(tmp_path), size) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        assert page.grid.rows
        assert faults(shell) == []
        if not page.view.isHidden():
            page.view.choose(SIDE_TAB)
            page.view.changed.emit(SIDE_TAB)
            settle(qtbot, shell)
            assert faults(shell) == []
        page.open_assessments()
        settle(qtbot, shell)
        assert faults(shell) == []


def test_a_year_without_a_ledger_begins_with_the_bases_of_the_roster(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        assert page.empty.isVisible()
        assert not page.collect_button.isEnabled()
        page.carry_over()
        settle(qtbot, shell)
        assert page.grid.isVisible()
        assert page.ledger is not None
        assert page.ledger.assessed == len(page.ledger.rows)


def test_the_month_of_everybody_is_collected_in_one_form(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_ledger(tmp_path)) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        page.collect()
        dialog = page.findChild(CollectDialog)
        assert dialog is not None
        people = dialog.grid.ticked()
        dialog.grid.tick(people[0], False)
        assert dialog.verb.text() == f"确认收 {len(people) - 1} 人"
        dialog.submit()
        settle(qtbot, shell)
        ledger = LedgerService(shell.desk.store).ledger(2026)
        assert [row.member_id for row in ledger.open(11)] == [people[0]]


def test_months_before_the_program_are_no_arrears_and_recorded_from_paper_in_one_form(
    qtbot: QtBot, tmp_path: Path
) -> None:
    store = sample_store(tmp_path / "store")
    begin_to_record(store, store.today)
    AssessmentService(store).carry_over(2026)
    with desk_on(qtbot, store) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        assert page.ledger is not None
        assert page.ledger.unrecorded == tuple(range(1, 11))
        assert page.ledger.alarmed == ()
        assert faults(shell) == []
        assert page.paper_link.isVisible()
        assert page.paper_link.text() == "1—10月没有记录，按纸质台账记"
        page.paper_link.click()
        dialog = page.findChild(PaperDialog)
        assert dialog is not None
        assert faults(dialog) == []
        dialog.submit()
        settle(qtbot, shell)
        assert dialog.fields.fields["ground"].fault()
        put(dialog.fields.fields["ground"].control, "2026年党费收缴登记表，组织委员保管")
        people = len(dialog.grid.ticked())
        dialog.submit()
        settle(qtbot, shell)
        assert page.ledger.unrecorded == ()
        assert page.ledger.months[9].settled == people
        assert not page.paper_link.isVisible()
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        assert page.ledger.unrecorded == tuple(range(1, 11))


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
def test_the_key_says_what_is_seen_and_gives_way_with_the_rest(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    store = sample_store(tmp_path / "store")
    begin_to_record(store, store.today)
    AssessmentService(store).carry_over(2026)
    people = [row.member_id for row in LedgerService(store).ledger(2026).rows]
    PaperService(store).take_over(2026, 3, people, store.today, "2026年党费收缴登记表，组织委员保管")
    with desk_on(qtbot, store, size) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        shown = [state for state, (chip, _words) in page._rare.items() if not chip.isHidden()]
        assert shown == [CellState.UNRECORDED]
        assert faults(shell) == []
        page.view.choose(SIDE_TAB)
        page.view.changed.emit(SIDE_TAB)
        settle(qtbot, shell)
        assert faults(shell) == []


def test_a_ledger_on_paper_is_seen_later_and_taken_back_whole_with_its_reason(qtbot: QtBot, tmp_path: Path) -> None:
    store = sample_store(tmp_path / "store")
    begin_to_record(store, store.today)
    AssessmentService(store).carry_over(2026)
    people = [row.member_id for row in LedgerService(store).ledger(2026).rows]
    PaperService(store).take_over(2026, 10, people, store.today, "2026年党费收缴登记表")
    with desk_on(qtbot, store) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        assert ENTRIES in [action.text() for action in page.more.actions()]
        page.open_paper_entries()
        settle(qtbot, shell)
        dialog = page.findChild(PaperEntriesDialog)
        assert dialog is not None
        assert faults(dialog) == []
        dialog.submit()
        assert dialog.fields.fields["reason"].fault() == "不能为空。"
        cast(QPlainTextEdit, dialog.fields.fields["reason"].control).setPlainText("记错了一年")
        dialog.submit()
        settle(qtbot, shell)
        assert page.ledger is not None
        assert page.ledger.unrecorded == tuple(range(1, 11))
        chip, words = page._rare[CellState.UNRECORDED]
        assert (chip.isHidden(), words.isHidden()) == (False, False)
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        assert page.ledger.unrecorded == ()
        assert chip.isHidden()
        page.desk.set_year(2025)
        settle(qtbot, shell)
        page.open_paper_entries()
        settle(qtbot, shell)
        opened = cast(list[PaperEntriesDialog], page.findChildren(PaperEntriesDialog))
        assert [each for each in opened if each.isVisible()] == []
        assert f"2025 年没有{ENTRIES}。" in [label.text() for label in cast(list[QLabel], shell.findChildren(QLabel))]


def test_keys_pay_a_cell_copy_a_row_and_open_a_span(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_ledger(tmp_path)) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        row = page.grid.rows[0]
        page.grid.stand_on(row.member_id, 8)
        page.grid.setFocus()
        QTest.keyClick(page.grid, Qt.Key.Key_Space)
        settle(qtbot, shell)
        cell = next(each for each in page.grid.rows if each.member_id == row.member_id).cells[7]
        assert (cell.state, cell.paid_on) == (CellState.MADE_GOOD, date(2026, 11, 23))
        page.grid.stand_on(row.member_id, 7)
        QTest.keyClick(page.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        assert page.grid.chosen() == (7, 8)
        QTest.keyClick(page.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == f"{row.name}\t132.00\t132.00"
        QTest.keyClick(page.grid, Qt.Key.Key_Return)
        settle(qtbot, shell)
        assert page.findChild(PaymentDialog) is not None


def test_a_refused_payment_stays_in_its_form_at_its_field(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_ledger(tmp_path)) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        page.open_months(page.grid.rows[0], 8, 9)
        settle(qtbot, shell)
        dialog = page.findChild(PaymentDialog)
        assert dialog is not None
        before = len(PaymentService(shell.desk.store).payments(2026))
        put(dialog.fields.fields["amount_fen"].control, "一百")
        dialog.submit()
        settle(qtbot, shell)
        assert dialog.fields.fields["amount_fen"].fault() == "不是数字。"
        assert len(PaymentService(shell.desk.store).payments(2026)) == before


def test_a_base_is_changed_in_the_assessment_of_its_member(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_ledger(tmp_path)) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        row = page.grid.rows[0]
        page.open_base(row)
        settle(qtbot, shell)
        dialog = page.findChild(AssessmentDialog)
        assert dialog is not None
        put(dialog.fields.fields["base_fen"].control, "3000.01")
        dialog.submit()
        settle(qtbot, shell)
        changed = next(each for each in page.grid.rows if each.member_id == row.member_id)
        page.open_base(changed)
        settle(qtbot, shell)
        again = page.findChildren(AssessmentDialog)[-1]
        pay = cast(QPlainTextEdit, again.fields.fields["pay"].control)
        pay.setPlainText("岗位工资 5000\n住房公积金 600")
        assert again.fields.values()["base_fen"] == "4400.00"
        assert (changed.base_fen, changed.monthly_fen) == (300_001, 30_00)


def test_a_gap_of_the_score_stands_on_the_month_and_who_owes_it(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_ledger(tmp_path)) as shell:
        shell.desk.open("members", "dues", prefill={"month": "2026-08-01"})
        settle(qtbot, shell)
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        row = page.grid.row()
        assert page.grid.month == 8
        assert row is not None
        assert row.cells[7].state is CellState.OWED


@pytest.mark.parametrize("year", [2025, 2027])
def test_a_month_of_another_year_is_looked_at_in_its_year(qtbot: QtBot, tmp_path: Path, year: int) -> None:
    with desk_on(qtbot, with_ledger(tmp_path)) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        go(qtbot, shell, "members", "dues", prefill={"month": f"{year}-12-01"})
        qtbot.waitUntil(lambda: page.ledger is not None and page.ledger.year == year)
        assert (shell.desk.year, shell.years.value(), page.grid.month) == (year, year, 12)


def test_who_may_not_collect_is_offered_nothing_and_pays_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    store = with_ledger(tmp_path)
    store.rights = Rights()
    with desk_on(qtbot, store) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        assert page.collect_button.isHidden()
        page.pay_now(page.grid.rows[0], 8)
        settle(qtbot, shell)
        assert page.grid.rows[0].cells[7].state is CellState.OWED
        page.open_assessments()
        settle(qtbot, shell)
        assessments = shell.findChild(AssessmentPage)
        assert assessments is not None
        assert assessments.carry_button.isHidden()


def test_the_rest_of_a_year_that_is_over_is_made_good_there(qtbot: QtBot, tmp_path: Path) -> None:
    store = with_ledger(tmp_path)
    rows = LedgerService(store).ledger(2026).rows
    PaymentService(store).collect(2026, 8, [rows[0].member_id], date(2026, 11, 20), DuesMeans.CASH)
    with desk_on(qtbot, store) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        page.make_good(page.grid.rows[0])
        settle(qtbot, shell)
        dialog = page.findChild(PaymentDialog)
        assert dialog is not None
        assert dialog.fields.values()["amount_fen"] == yuan(page.grid.rows[0].owed_fen)


def test_a_payment_changed_meanwhile_is_shown_and_only_what_was_typed_goes_over_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with desk_on(qtbot, with_ledger(tmp_path)) as shell:
        payments = PaymentService(shell.desk.store)
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        row = next(each for each in page.grid.rows if each.cells[0].payments)
        page.open_months(row, 1, 1)
        settle(qtbot, shell)
        dialog = page.findChild(PaymentDialog)
        assert dialog is not None
        kept = payments.payments(2026, row.member_id, 1)[-1]
        put(dialog.fields.fields["receipt_no"].control, "0099")
        payments.pay(replace(kept.draft(), note="别处写的"), kept.id, kept.rev)
        dialog.submit()
        settle(qtbot, shell)
        asked = last(shell)
        assert asked is not dialog
        assert payments.payment(kept.id).receipt_no == kept.receipt_no
        asked.verb.click()
        settle(qtbot, shell)
        after = payments.payment(kept.id)
        assert (after.receipt_no, after.note, after.amount_fen) == ("0099", "别处写的", kept.amount_fen)


def test_the_share_handed_up_is_asked_for_and_the_slip_proposes_by_it(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_ledger(tmp_path)) as shell:
        page = cast(DuesPage, go(qtbot, shell, "members", "dues"))
        page.ask_share()
        dialog = page.findChild(ShareDialog)
        assert dialog is not None
        put(dialog.fields.fields["share"].control, "120%")
        dialog.submit()
        settle(qtbot, shell)
        assert "不超过100%" in dialog.fields.fields["share"].fault()
        put(dialog.fields.fields["share"].control, "60%")
        dialog.submit()
        settle(qtbot, shell)
        assert page.ledger is not None
        assert page.ledger.share == 600_000
        assert faults(shell) == []

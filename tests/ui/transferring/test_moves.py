"""转接 in the windows of all three: headquarters orders, one branch receives by a filled form, the other notes it."""

from pathlib import Path
from typing import Any, cast

from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.transfers import HereState, OrderState
from desktop.services.members import MemberService
from desktop.ui.registers.transfer import TransferForm
from desktop.ui.transferring.arrival import ArrivalForm
from desktop.ui.transferring.here import TransfersHerePage, WhyDialog
from desktop.ui.transferring.orders import IssueDialog, OrdersPage, WithdrawDialog
from tests.services.members.people import GAO
from tests.services.transferring.company import Company, company_in
from tests.ui.desks import desk_on, go, put, settle
from tests.ui.lint import faults
from tests.ui.press import last, press

SMALL = (1093, 542)


def control(fields: Any, name: str) -> Any:
    return fields.fields[name].control


def words(page: Any) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def test_headquarters_orders_a_move_and_withdraws_it(qtbot: QtBot, tmp_path: Path) -> None:
    with company_in(tmp_path) as company:
        company.leave()
        company.up()
        with desk_on(qtbot, company.headquarters, SMALL) as shell:
            page = cast(OrdersPage, go(qtbot, shell, "send", "transfers"))
            page.table.step(1)
            settle(qtbot, shell)
            assert (page.pane.title.text(), page.pane.chip.words) == ("高红卫", "待下发")
            assert "4127************39" in words(page.pane)
            assert faults(shell) == []
            press(shell, "下发通知")
            dialog = cast(IssueDialog, last(shell))
            assert control(dialog.fields, "to").value() == company.branches["ZK02"].branch_id
            assert faults(shell) == []
            control(dialog.fields, "to").set_value(None)
            dialog.verb.click()
            settle(qtbot, shell)
            assert dialog.fields.fields["to"].fault()
            control(dialog.fields, "to").set_value(company.branches["ZK02"].branch_id)
            dialog.verb.click()
            settle(qtbot, shell)
            assert page.pane.chip.words == OrderState.UNDER_WAY.label
            assert faults(shell) == []
            press(shell, "撤回")
            back = cast(WithdrawDialog, last(shell))
            back.verb.click()
            settle(qtbot, shell)
            assert back.fields.fields["reason"].fault() == "不能为空。"
            control(back.fields, "reason").setPlainText("发错了支部")
            back.verb.click()
            settle(qtbot, shell)
            assert page.pane.chip.words == OrderState.WITHDRAWN.label
            assert faults(shell) == []


def test_who_moves_in_is_received_by_a_form_that_is_filled_already(qtbot: QtBot, tmp_path: Path) -> None:
    with company_in(tmp_path) as company:
        company.order()
        second = company.branches["ZK02"]
        with desk_on(qtbot, second, SMALL) as shell:
            home = shell.page()
            assert "接收第一党支部转来的高红卫，寄回回执" in words(home)
            page = cast(TransfersHerePage, go(qtbot, shell, "members", "transfers", record=company.at("ZK02").id))
            assert page.pane.chip.words == HereState.TO_RECEIVE.label
            assert faults(shell) == []
            press(shell, "接收")
            settle(qtbot, shell)
            form = cast(ArrivalForm, shell.page())
            assert form.fields is not None
            typed = {name: field.control for name, field in form.fields.fields.items()}
            assert cast(QLineEdit, typed["name"]).text() == "高红卫"
            assert "id_no" not in typed, "it stands in the order"
            assert "党费在第一党支部交至 2026 年 2 月。" in words(form)
            assert faults(shell) == []
            assert MemberService(second).roster() == []
            put(typed["receipt_on"], "2026-03-02")
            form.save_button.click()
            settle(qtbot, shell)
            assert form.fields.fields["receipt_on"].fault()
            put(typed["receipt_on"], "2026-03-01")
            form.save_button.click()
            settle(qtbot, shell)
            assert shell.page() is page
            assert page.pane.chip.words == HereState.RECEIVED.label
            (row,) = MemberService(second).roster()
            assert (row.name, row.id_no_masked) == ("高红卫", "4127************39")


def test_who_is_on_the_roster_already_is_only_linked(qtbot: QtBot, tmp_path: Path) -> None:
    with company_in(tmp_path) as company:
        MemberService(company.branches["ZK02"]).register(GAO)
        order = company.order()
        with desk_on(qtbot, company.branches["ZK02"], SMALL) as shell:
            go(qtbot, shell, "members", "transfers", record=order)
            press(shell, "接收")
            settle(qtbot, shell)
            form = cast(ArrivalForm, shell.page())
            assert form.fields is not None
            assert list(form.fields.fields) == ["receipt_on"]
            assert "名册上已有这个身份证号的人（在册）" in words(form)
            assert faults(shell) == []
            form.save_button.click()
            settle(qtbot, shell)
            assert company.at("ZK02").state is HereState.RECEIVED
            assert len(MemberService(company.branches["ZK02"]).roster()) == 1


def test_who_is_not_received_is_refused_with_a_reason_that_can_be_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with company_in(tmp_path) as company:
        order = company.order()
        with desk_on(qtbot, company.branches["ZK02"], SMALL) as shell:
            page = cast(TransfersHerePage, go(qtbot, shell, "members", "transfers", record=order))
            press(shell, "不接收")
            dialog = cast(WhyDialog, last(shell))
            dialog.verb.click()
            settle(qtbot, shell)
            assert dialog.fields.fields["reason"].fault() == "不能为空。"
            control(dialog.fields, "reason").setPlainText("抬头写错")
            assert faults(shell) == []
            dialog.verb.click()
            settle(qtbot, shell)
            assert page.pane.chip.words == HereState.REFUSED.label
            press(shell, "重新考虑")
            settle(qtbot, shell)
            assert page.pane.chip.words == HereState.TO_RECEIVE.label


def moved(company: Company) -> str:
    """Let the second branch receive the member, and the first one hear of it."""
    order = company.order()
    company.here("ZK02").receive(order)
    company.up("ZK02")
    company.down()
    return order


def test_the_branch_that_is_left_notes_the_receipt_by_one_click(qtbot: QtBot, tmp_path: Path) -> None:
    with company_in(tmp_path) as company:
        order = moved(company)
        with desk_on(qtbot, company.branches["ZK01"], SMALL) as shell:
            assert "第二党支部2026-03-01接收了高红卫，登记回执" in words(shell.page())
            page = cast(TransfersHerePage, go(qtbot, shell, "members", "transfers", record=order))
            assert faults(shell) == []
            press(shell, "登记回执")
            settle(qtbot, shell)
            assert page.pane.chip.words == HereState.CLOSED.label
            assert company.status("ZK01") == [MemberStatus.TRANSFERRED_OUT]


def test_a_move_begins_in_the_register_with_the_other_branches_offered(qtbot: QtBot, tmp_path: Path) -> None:
    with company_in(tmp_path) as company:
        company.up()
        company.down()
        with desk_on(qtbot, company.branches["ZK01"], SMALL) as shell:
            page = cast(TransfersHerePage, go(qtbot, shell, "members", "transfers"))
            assert faults(shell) == []
            page.record_button.click()
            settle(qtbot, shell)
            form = cast(TransferForm, shell.page())
            assert form.fields is not None
            assert control(form.fields, "direction").value() == "out"
            offered = cast(QLineEdit, control(form.fields, "to_org")).completer()
            offered.setCompletionPrefix("三")
            assert offered.currentCompletion() == "第三党支部"
            assert faults(shell) == []


def test_moves_that_wait_for_an_order_or_go_elsewhere_are_told_where_the_list_is_empty(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with company_in(tmp_path) as company:
        company.leave(to_org="外省某支部")
        company.up()
        with desk_on(qtbot, company.headquarters, SMALL) as shell:
            page = cast(OrdersPage, go(qtbot, shell, "send", "transfers"))
            settle(qtbot, shell)
            assert page.table.model.rowCount() == 0
            shown = cast(list[QLabel], page.table.findChildren(QLabel))
            assert any("点“全部”看" in label.text() for label in shown if label.isVisible())
            assert faults(shell) == []
    with company_in(tmp_path / "again") as company:
        company.leave()
        with desk_on(qtbot, company.branches["ZK01"], SMALL) as shell:
            here = cast(TransfersHerePage, go(qtbot, shell, "members", "transfers"))
            settle(qtbot, shell)
            assert here.unordered.isVisible()
            assert "高红卫" in here.unordered.text()
            assert faults(shell) == []

"""下发 > 转接 at headquarters: the moves branches reported, the orders given, and how each stands."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.transfers import OrderState
from desktop.services.transferring.orders import NOTE, REASON, TO, MoveRow, OrderService
from desktop.ui.form_dialog import FormDialog
from desktop.ui.output import export_button, print_button
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, Segments, button, col, link, text
from desktop.ui.widgets.fields import Choice, Field, FieldSet, memo, to_choose
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading

ORDERS = "transfer_orders"
TITLE = "支部之间的转接"
ALL, OPEN, INSIDE = "all", "open", "inside"
TONES = {
    OrderState.REPORTED: "part", OrderState.OUTSIDE: "none", OrderState.UNDER_WAY: "run", OrderState.RUN_OUT: "bad",
    OrderState.RECALLED: "part", OrderState.RECEIVED: "good", OrderState.REFUSED: "bad", OrderState.WITHDRAWN: "none",
    OrderState.CROSSED: "bad",
}  # fmt: skip
NEXT = {
    OrderState.REPORTED: "选转入的支部，下发通知。",
    OrderState.OUTSIDE: "写的转入党组织不是登记的支部；是公司内的，下发时选支部，转往外单位的不用管。",
    OrderState.UNDER_WAY: "等转入的支部接收；它的回执随报送包来。",
    OrderState.RUN_OUT: "介绍信过了有效期：催转入的支部接收，或请转出的支部重新开具，新的日期随报送包自动更新通知。",
    OrderState.RECALLED: "转出的支部说没有转成，或删了转出记录：撤回通知。",
    OrderState.RECEIVED: "回执随下一个反馈包告诉转出的支部，由它登记办结。",
    OrderState.REFUSED: "原因随下一个反馈包告诉转出的支部；转到别的支部的，可以再下发。",
    OrderState.WITHDRAWN: "两个支部从下一个反馈包知道；还要转的，可以再下发。",
    OrderState.CROSSED: "支部在收到撤回以前已经接收：认可接收，或请它退回。",
}


def _paid(move: MoveRow) -> str:
    paid = move.paid_until
    return f"{paid.year}年{paid.month}月" if paid is not None else "—"


COLUMNS: tuple[Column[MoveRow], ...] = (
    Column("编号", lambda move: move.code, width=76, tone="sub"),
    Column("姓名", lambda move: move.name, cell=lambda move: Two(move.name, move.id_no), width=170),
    Column("从哪里到哪里", lambda move: f"{move.branch} → {move.to_org}",
           cell=lambda move: Two(f"由{move.branch}", f"到{move.to_org or '没有写'}")),
    Column("转接日期", lambda move: move.letter_on, width=112, tone="sub", fold=860),
    Column("有效期至", lambda move: move.valid_until, width=112, tone="sub", fold=720),
    Column("状态", lambda move: move.state.label, cell=lambda move: Tag(move.state.label, TONES[move.state]),
           width=132),
)  # fmt: skip


class IssueDialog(FormDialog):
    """下发转接通知: to which branch."""

    def __init__(self, page: "OrdersPage", move: MoveRow) -> None:
        self._move, self._service = move, page.service
        others = [(org, name) for org, name in page.branches if org != move.branch_id]
        options = to_choose(others)
        self.fields = FieldSet(
            (
                (TO.name, Field(TO.label, Choice(TO.label, options, move.target or None), required=True)),
                (NOTE.name, Field(NOTE.label, memo(NOTE.label, "", "两个支部都看得到", lines=2))),
            )
        )
        words = (
            f"{move.branch}报来：{move.name}转往“{move.to_org or '没有写'}”，"
            f"{move.letter_on} 开具，有效期至 {move.valid_until}。"
            "通知只随反馈包发给这两个支部，带着登记党员要用的几项，接收以后就不再带。"
        )
        super().__init__(
            page, f"通知支部接收{move.name}", text(words, "sub", wrap=True), self.fields,
            fields=(self.fields,), verb="下发", needs=ORDERS, draft="transfer_order", about=move.record_id, wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Give the order; it goes out with the next feedback package."""
        if not self.readable(required=True):
            return
        values, service, record = self.fields.values(), self._service, self._move.record_id
        self.keep(
            lambda: service.issue(record, values[TO.name], values[NOTE.name] or ""),
            "转接通知已记下，随下一个反馈包发给两个支部。",
        )


class WithdrawDialog(FormDialog):
    """撤回转接通知: why."""

    def __init__(self, page: "OrdersPage", move: MoveRow) -> None:
        self._move, self._service = move, page.service
        self.fields = FieldSet(((REASON.name, Field(REASON.label, memo(REASON.label, lines=2), required=True)),))
        super().__init__(
            page, f"撤回{move.name}的转接通知", self.fields, fields=(self.fields,),
            verb="撤回", needs=ORDERS, draft="transfer_withdraw", about=move.order_id, wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Take it back."""
        if not self.readable(required=True):
            return
        reason, service, order = self.fields.values()[REASON.name], self._service, self._move.order_id
        self.keep(lambda: service.withdraw(order, reason), "已撤回，两个支部从下一个反馈包知道。")


class OrdersPage(Page):
    """转接."""

    own_period = True

    title = "转接"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(OrderService)
        self.branches: list[tuple[str, str]] = []
        self.filters = Segments([(INSIDE, "公司内"), (OPEN, "要办的"), (ALL, "全部")], name="筛选")
        self.filters.changed.connect(lambda _key: self._filter())
        self.export_button = export_button(self, lambda: self.table.model.sheet(TITLE))
        self.print_button = print_button(self, lambda: self.table.model.sheet(TITLE))
        words = "支部登记转出并报送以后在这里；下发通知，转入的支部接收，回执回到转出的支部。"
        self.table: DataTable[MoveRow] = DataTable(
            COLUMNS, TITLE, EmptyState("users", "没有支部之间的转接。", words), height=46,
            none_found=EmptyState("users", "没有公司内要办的转接。", f"转往外单位的、办完的，点“全部”看。{words}"),
        )  # fmt: skip
        self.pane = DetailPane("转接")
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col((self.split, 1), pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.table.opened.connect(self.open_branch)
        self._filter()

    def bar_actions(self) -> Sequence[QWidget]:
        """Which of them, and the list out."""
        return (self.filters, self.print_button, self.export_button)

    def reload(self) -> None:
        """Read the moves."""
        self.read(lambda: (self.service.moves(), self.service.branches()), lambda got: self._loaded(*got))

    def show_row(self, move: MoveRow) -> None:
        """Show one move whole, and what can be done about it."""
        self.pane.show_head(move.name, move.code, move.state.label, TONES[move.state])
        told = [
            ("身份证号", move.id_no),
            ("党员类别", move.category.label if move.category is not None else ""),
            ("注意", move.standing),
            ("转出支部", move.branch),
            ("转入", move.to_org or "没有写"),
            ("介绍信", " ".join(filter(None, (move.letter_no, f"{move.letter_on} 开具")))),
            ("有效期至", move.valid_until.isoformat()),
            ("党费交至", _paid(move)),
            ("下发", move.issued_on.isoformat() if move.issued_on else ""),
            ("备注", move.note),
        ]
        parts: list[Any] = [*(fact(name, value) for name, value in told if value)]
        if move.receipt_on is not None:
            parts.append(fact("回执", move.receipt_on.isoformat()))
        if move.refused_on is not None:
            parts += [heading("没有接收"), text(f"{move.refused_on} {move.refusal}", wrap=True)]
        if move.withdrawn_on is not None:
            parts += [heading("撤回"), text(f"{move.withdrawn_on} {move.withdrawal}", wrap=True)]
        parts += [heading("接下来"), text(NEXT[move.state], "sub", wrap=True)]
        self.pane.show_body(*parts)
        self.pane.show_foot(link("看支部台账", lambda: self.open_branch(move)), ..., *self._verbs(move))
        self.split.open_pane()

    def open_branch(self, move: MoveRow) -> None:
        """Read the register of transfers of the branch the member leaves."""
        self.desk.open_branch(move.branch_id, "members", "learning", kind="transfer", record=move.record_id)

    def issue(self, move: MoveRow) -> None:
        """Ask to which branch."""
        IssueDialog(self, move).open()

    def _verbs(self, move: MoveRow) -> list[Any]:
        offered, found = self.desk.offered, []
        if move.state.under_way:
            found.append(offered(ORDERS, button("撤回", lambda: WithdrawDialog(self, move).open())))
        if move.state is OrderState.CROSSED:
            hold = button("认可接收", lambda: self._hold(move), "primary", "check")
            found.append(offered(ORDERS, hold))
        if move.issues:
            words = "下发通知" if move.state is OrderState.REPORTED else "选支部下发"
            look = "primary" if move.state is OrderState.REPORTED else ""
            found.append(offered(ORDERS, button(words, lambda: self.issue(move), look, "send")))
        return found

    def _hold(self, move: MoveRow) -> None:
        self.act(
            lambda: self.service.hold(move.order_id),
            f"已认可，{move.branch}从下一个反馈包收到回执。",
            drafts=(),
        )

    def _loaded(self, moves: list[MoveRow], branches: list[tuple[str, str]]) -> None:
        self.branches = branches
        self.table.set_rows(moves, same=lambda move: move.record_id)
        again = self.table.current()
        if again is not None:
            self.show_row(again)
        else:
            self.pane.close_pane()

    def _filter(self) -> None:
        kind = self.filters.current()

        def shown(move: MoveRow) -> bool:
            return move.asks if kind == OPEN else kind == ALL or move.state is not OrderState.OUTSIDE

        self.table.model.set_filter(shown)

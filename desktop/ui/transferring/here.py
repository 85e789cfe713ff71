"""党员 > 转接 at a branch: members who move to or from another branch of headquarters, and what is to be done."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.transfers import HereState
from desktop.services.members.transferring import KIND
from desktop.services.registers import RegisterService
from desktop.services.transferring.here import REASON, OrderHere, OrdersHereService
from desktop.ui.form_dialog import FormDialog
from desktop.ui.output import export_button, print_button
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.transferring.arrival import ArrivalForm
from desktop.ui.widgets import EmptyState, Segments, appear, button, col, link, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Field, FieldSet, memo
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading

TITLE = "转接通知"
ALL, OPEN = "all", "open"
TONES = {
    HereState.TO_RECEIVE: "part", HereState.RUN_OUT: "bad", HereState.RECEIVED: "good", HereState.REFUSED: "none",
    HereState.WITHDRAWN: "none", HereState.WAITING: "wait", HereState.TO_CLOSE: "part", HereState.TO_TAKE_BACK: "bad",
    HereState.CLOSED: "good", HereState.TAKEN_BACK: "none",
}  # fmt: skip


def _way(order: OrderHere) -> str:
    return f"由{order.other}转来" if order.comes else f"转往{order.other}"


def _paid(order: OrderHere) -> str:
    paid = order.paid_until
    return f"{paid.year}年{paid.month}月" if paid is not None else "—"


COLUMNS: tuple[Column[OrderHere], ...] = (
    Column("姓名", lambda order: order.name, cell=lambda order: Two(order.name, _way(order))),
    Column("转接日期", lambda order: order.letter_on, width=112, tone="sub", fold=560),
    Column("有效期至", lambda order: order.valid_until, width=112, tone="sub"),
    Column("党费交至", _paid, width=112, tone="sub", fold=680),
    Column("状态", lambda order: order.state.label, cell=lambda order: Tag(order.state.label, TONES[order.state]),
           width=116),
)  # fmt: skip


class WhyDialog(FormDialog):
    """Why a member is not received, or does not go after all, and since when."""

    def __init__(self, page: "TransfersHerePage", order: OrderHere) -> None:
        self._order, self._service = order, page.service
        comes = order.comes
        why = "" if comes else order.answer or order.withdrawal
        today = page.desk.store.today
        self.fields = FieldSet(
            (
                (REASON.name, Field(REASON.label, memo(REASON.label, why, lines=2), required=True)),
                ("returned_on", Field("日期", DateEdit("日期", today, required=True))),
            )
        )
        title = f"不接收{order.name}" if comes else f"{order.name}不转了"
        words = (
            f"原因随下一个报送包报上去，总部告诉{order.other}；党员留在原支部。"
            if comes
            else "转出记录写明没有转成，名册上恢复在册；总部从下一个报送包知道。"
        )
        super().__init__(
            page, title, text(words, "sub", wrap=True), self.fields, fields=(self.fields,),
            verb="不接收" if comes else "收回转出", needs=KIND, draft="transfer_why", about=order.id, wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Keep it in this branch's own register."""
        if not self.readable(required=True):
            return
        values, service, order = self.fields.values(), self._service, self._order
        reason, on = values[REASON.name], values["returned_on"]
        if order.comes:
            self.keep(lambda: service.refuse(order.id, reason, on), "已记下，随下一个报送包报上去。")
        else:
            self.keep(lambda: service.take_back(order.id, reason, on), "已收回，名册上恢复在册。")


class TransfersHerePage(Page):
    """转接."""

    title = "转接"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.registers = desk.service(OrdersHereService), desk.service(RegisterService)
        self._wanted = ""
        self.filters = Segments([(ALL, "全部"), (OPEN, "要办的")], name="筛选")
        self.filters.changed.connect(lambda _key: self._filter())
        self.export_button = export_button(self, lambda: self.table.model.sheet(TITLE))
        self.print_button = print_button(self, lambda: self.table.model.sheet(TITLE))
        self.record_button = desk.offered(KIND, button("登记转出", self.record, icon="plus"))
        words = "转往公司内别的支部的，先登记转出并报送；总部的转接通知随反馈包来，两边照着办。"
        self.table: DataTable[OrderHere] = DataTable(
            COLUMNS, TITLE, EmptyState("users", "没有公司内支部之间的转接。", words), height=46,
            none_found=EmptyState("users", "没有要办的转接。", "办完的点“全部”看。"),
        )  # fmt: skip
        self.unordered = text("", "sub", wrap=True)
        self.pane = DetailPane("转接")
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(self.unordered, (self.split, 1), gap=10, pad=(24, 14, 24, 16)))
        appear(self.unordered, False)
        self.table.picked.connect(self.show_row)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which of them, the list out, and where a move begins."""
        return (self.filters, self.print_button, self.export_button, self.record_button)

    def reload(self) -> None:
        """Read the orders."""
        self.read(lambda: (self.service.orders(), self.service.unordered()), lambda found: self._loaded(*found))

    def go(self, where: dict[str, Any]) -> None:
        """Show the order asked for."""
        self._wanted = str(where.get("record", ""))
        self.filters.choose(ALL)
        self._filter()
        self._choose_wanted()

    def record(self) -> None:
        """Begin a move out in the register of transfers."""
        self.desk.open("members", "learning", kind=KIND, new=True, prefill={"direction": "out"})

    def show_row(self, order: OrderHere) -> None:
        """Show one order whole, and what can be done about it."""
        self.pane.show_head(order.name, order.id_no, order.state.label, TONES[order.state])
        told = [
            ("转接", _way(order)),
            ("党员类别", order.category),
            ("注意", order.standing),
            ("介绍信", " ".join(filter(None, (order.letter_no, f"{order.letter_on} 开具")))),
            ("有效期至", order.valid_until.isoformat()),
            ("党费交至", _paid(order)),
            ("总部通知", order.issued_on.isoformat()),
            ("总部备注", order.note),
        ]
        parts: list[Any] = [*(fact(name, value) for name, value in told if value)]
        if order.answered_on is not None:
            words = f"{order.answered_on} {'没有接收：' + order.answer if order.answer else '接收，回执'}"
            parts += [heading("回执"), text(words, wrap=True)]
        if order.withdrawal:
            parts += [heading("总部撤回"), text(order.withdrawal, wrap=True)]
        self.pane.show_body(*parts)
        self.pane.show_foot(*self._ways(order), ..., *self._verbs(order))
        self.split.open_pane()

    def receive(self, order: OrderHere) -> None:
        """Open the form of the member, filled in from the order."""
        self.desk.push(ArrivalForm(self.desk, order))

    def close_move(self, order: OrderHere) -> None:
        """Note the receipt and let the member leave the roster."""
        self.act(
            lambda: self.service.close(order.id),
            f"已登记 {order.answered_on} 的回执，{order.name}已转出。",
            drafts=(),
        )

    def think_again(self, order: OrderHere) -> None:
        """Take the refusal out of the register again."""
        self.act(
            lambda: self.registers.remove(KIND, order.record_id),
            f"{order.name}重新等接收。",
            undo=lambda: self.act(lambda: self.registers.restore(KIND, order.record_id)),
        )

    def _ways(self, order: OrderHere) -> list[Any]:
        found = []
        if order.record_id:
            go = {"kind": KIND, "record": order.record_id}
            found.append(link("看转接台账", lambda: self.desk.open("members", "learning", **go)))
        if order.member_id:
            member = order.member_id
            found.append(link("看党员", lambda: self.desk.open("members", "roster", record=member)))
        return found

    def _verbs(self, order: OrderHere) -> list[Any]:
        offered = self.desk.offered
        found = []
        if order.receives:
            found.append(offered(KIND, button("不接收", lambda: WhyDialog(self, order).open())))
            found.append(offered("members", button("接收", lambda: self.receive(order), "primary", "check")))
        if order.state is HereState.REFUSED:
            found.append(offered(KIND, button("重新考虑", lambda: self.think_again(order))))
        if order.takes_back:
            words, look = ("不转了", "") if order.state is HereState.WAITING else ("恢复在册", "primary")
            found.append(offered("members", button(words, lambda: WhyDialog(self, order).open(), look)))
        if order.state is HereState.TO_CLOSE:
            found.append(offered("members", button("登记回执", lambda: self.close_move(order), "primary", "check")))
        return found

    def _loaded(self, orders: list[OrderHere], unordered: list[str]) -> None:
        appear(self.unordered, bool(unordered))
        self.unordered.setText(f"已登记转出、总部还没有下发通知的：{'；'.join(unordered)}。")
        self.table.set_rows(orders, same=lambda order: order.id)
        self._choose_wanted()
        again = self.table.current()
        if again is not None:
            self.show_row(again)
        else:
            self.pane.close_pane()

    def _choose_wanted(self) -> None:
        wanted = self._wanted
        if wanted and self.table.select(lambda order: order.id == wanted):
            self._wanted = ""

    def _filter(self) -> None:
        is_open = self.filters.current() == OPEN
        self.table.model.set_filter((lambda order: order.state.asks) if is_open else None)

"""The form of somebody who moves in by an order of headquarters: filled in already, and saving it is the receipt."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from desktop.services.transferring.here import RECEIPT_ON, Arrival, OrderHere, OrdersHereService
from desktop.ui.members.form import DUES, PARTY, PERSON, SELDOM, MemberForm
from desktop.ui.page import Desk
from desktop.ui.widgets import banner, card
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Field, FieldSet


class ArrivalForm(MemberForm):
    """Receives the member of an order."""

    entered = "已接收，回执随下一个报送包报上去。"

    def __init__(self, desk: Desk, order: OrderHere) -> None:
        super().__init__(desk)
        self.service, self._order = desk.service(OrdersHereService), order
        self.arrival: Arrival | None = None
        self.title = f"接收{order.name}"
        self.draft = "transfer_arrival", order.id
        self.save_button.setText("接收")

    def starts(self) -> Mapping[str, object]:
        """Return what the order says of the person; who is here already is not asked for again."""
        self.arrival = self.service.arrival(self._order.id)
        given = {"joined_on", *(("id_no",) if self.arrival.has_number else ())}
        self.left_out = frozenset((*PARTY, *PERSON, *DUES, *SELDOM) if self.arrival.known_id else given)
        return self.arrival.typed

    def enter(self, values: dict[str, object]) -> str:
        """Receive the member with what was typed."""
        on = values.pop(RECEIPT_ON.name, None)
        return self.service.receive(self._order.id, values, on)  # type: ignore[arg-type]

    def first(self, columns: int) -> tuple[Sequence[QWidget], Sequence[FieldSet]]:
        """Say who comes from where, what the branch before collected, and ask for the day of the receipt."""
        order, arrival = self._order, self.arrival
        today = DateEdit(RECEIPT_ON.label, self.desk.store.today, required=True)
        receipt = FieldSet(
            ((RECEIPT_ON.name, Field(RECEIPT_ON.label, today, required=True, note="就是转入本支部的日期")),),
            columns=columns,
        )
        paid = ""
        if order.paid_until is not None:
            paid = f"党费在{order.other}交至 {order.paid_until.year} 年 {order.paid_until.month} 月。"
        letter = f"介绍信 {order.letter_no}，" if order.letter_no else "介绍信"
        number = f"身份证号 {order.id_no}。" if order.id_no else "通知里没有身份证号，请填写。"
        late = order.valid_until < self.desk.store.today
        words = (
            f"{number}{letter}{order.letter_on} 开具，有效期至 {order.valid_until}{'，已过期' if late else ''}。{paid}"
            f"{order.standing and order.standing + '，接收时一并记入名册。'}"
        )
        head = f"{order.other}转来，按总部 {order.issued_on} 的通知填好，核对后点“接收”"
        if arrival is not None and arrival.known_id:
            head = f"名册上已有这个身份证号的人（{arrival.known}），不登记新党员，只记转接和回执"
        return (banner("part" if late else "wait", "info-circle", head, words), card("回执", receipt)), (receipt,)

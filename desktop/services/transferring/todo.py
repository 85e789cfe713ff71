"""What orders of headquarters ask this branch to do: receive a member, note a receipt, take back who was refused."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.vocabulary.transfers import HereState
from desktop.services.transferring.here import OrderHere, OrdersHereService

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class OrderWork:
    """One thing to do about an order; where nothing runs out no day is named."""

    order_id: str
    what: str
    verb: str
    by: date | None


def order_works(store: "Store") -> list[OrderWork]:
    """Return what the orders ask, those with a day first."""
    asked = [_work(order) for order in OrdersHereService(store).orders() if order.state.asks]
    return sorted(asked, key=lambda work: (work.by or date.max, work.what))


def _work(order: OrderHere) -> OrderWork:
    if order.state is HereState.TO_CLOSE:
        return OrderWork(order.id, f"{order.other}{order.answered_on}接收了{order.name}，登记回执", "登记回执", None)
    if order.state is HereState.TO_TAKE_BACK:
        return OrderWork(order.id, f"{order.other}没有接收{order.name}：{order.answer}", "看转接", None)
    return OrderWork(order.id, f"接收{order.other}转来的{order.name}，寄回回执", "接收", order.valid_until)

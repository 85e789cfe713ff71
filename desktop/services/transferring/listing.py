"""The orders about moves between branches as lines with columns: what `list` says of them."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.transfers import TransferOrder
from desktop.services.spreadsheets.sheets import Rows, Sheet, SheetColumn

if TYPE_CHECKING:
    from desktop.services.store import Store

SHEET = Sheet(
    kind="transfer_order",
    title=TransferOrder.__label__,
    columns=tuple(
        SheetColumn(name, label)
        for name, label in (
            ("issued_on", "下发日期"),
            ("name", "姓名"),
            ("category", "党员类别"),
            ("from_org", "转出支部"),
            ("to_org", "转入支部"),
            ("letter_on", "转接日期"),
            ("letter_no", "介绍信编号"),
            ("valid_until", "有效期至"),
            ("paid_until", "党费交至"),
            ("state", "状态"),
            ("receipt_on", "回执日期"),
            ("refused_on", "没有接收的日期"),
            ("refusal", "没有接收的原因"),
            ("withdrawn_on", "撤回日期"),
            ("withdrawal", "撤回原因"),
        )
    ),
)


class OrderList:
    """The orders of headquarters; at a branch those that came to it. They are only looked at: nobody types them."""

    name, title = SHEET.kind, SHEET.title

    def __init__(self, store: "Store") -> None:
        self._store = store

    def sheet(self) -> Sheet:
        """Return the columns; the ID number is none of them."""
        return SHEET

    def rows(self, year: int | None = None) -> Rows:
        """Return the orders (of the year they were given in), the oldest first."""
        own = TransferOrder.branch_id == self._store.branch_id, TransferOrder.deleted_at_utc.is_(None)
        with self._store.reading() as session:
            orders = session.scalars(select(TransferOrder).where(*own).order_by(TransferOrder.id)).all()
            return [
                {column.name: getattr(order, column.name) for column in SHEET.columns if column.name != "state"}
                | {"id": order.id, "category": order.category.label, "state": order.state(self._store.today).label}
                for order in orders
                if year is None or order.issued_on.year == year
            ]

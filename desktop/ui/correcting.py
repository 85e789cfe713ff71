"""请支部更正: the way from a record of a branch, read at headquarters, to the form that asks to correct it."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.ui.widgets import link
from desktop.ui.widgets.looking import looking

if TYPE_CHECKING:
    from desktop.ui.page import Desk


def correction_link(desk: "Desk", record: str, name: str) -> QPushButton | None:
    """Return the way to ask the branch that is read to correct `record`, called `name`; None where nobody may ask."""
    if not desk.may_ask:
        return None
    way: QPushButton = looking(link("请支部更正", lambda: desk.ask_to_correct(record, name), "message"))
    way.setAccessibleName(f"请支部更正：{name}")
    return way

"""What stands over every page of a store: that it is only looked at and why, and that an own password is due."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.ui.widgets import appear, banner, box, button, col, row, text

if TYPE_CHECKING:
    from desktop.services.looking import Look
    from desktop.ui.page import Desk, Page

PAD = (24, 8, 24, 0)


def says_looked(look: "Look") -> QWidget:
    """Return the banner of a store whose disk takes nothing more."""
    from desktop.messages import looked_state, looked_words

    told = banner("bad", "alert-triangle", f"只能查看：{looked_state(look.why)}", looked_words(look.why))
    return box(col(told, pad=PAD))


def says_reader(desk: "Desk") -> QWidget:
    """Return the line that says to whom roles give nothing to change."""
    from desktop.services.access.users import UserService  # SQLAlchemy: not before the first window

    words = desk.service(UserService).own_words()
    return box(row(text(f"您的角色是{words}，只能查看。", "small"), ..., pad=(24, 6, 24, 0)))


class InterimBanner(QWidget):
    """Asks for an own password in place of an interim one; hidden until it is known to be due."""

    def __init__(self, desk: "Desk", page: "Callable[[], Page]", changed: Callable[[], object]) -> None:
        """The dialog lies over what `page` returns; `changed` is called once there is an own password."""
        from desktop.services.access.interim import TITLE, WORDS  # SQLAlchemy: not before the first window

        super().__init__()
        self._desk, self._page, self._changed = desk, page, changed
        self.button = button("改密码", self._ask, "small")
        self.setLayout(col(banner("wait", "key", TITLE, WORDS, self.button), pad=PAD))
        appear(self, False)

    def _ask(self) -> None:
        from desktop.services.access.users import UserService
        from desktop.ui.users import PasswordDialog

        dialog = PasswordDialog(self._page(), self._desk.service(UserService), self._desk.store.actor, own=True)
        dialog.accepted.connect(self._changed)
        dialog.open()

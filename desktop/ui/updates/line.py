"""The line over pages that read sticks: there is a new version on this one."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.services.updates.offers import Offer, Standing, found_on
from desktop.services.updates.program import running
from desktop.services.volumes import Volume
from desktop.ui.page import Page
from desktop.ui.widgets import banner, button, clear, col
from desktop.ui.widgets.layout import add

NEWER = "U盘上有新版本 {version}（现在用 {own}）"
LOOK = "看看新在哪里，再决定更不更新。"
FAULTY = "U盘上的新版本没有通过核对，请不要安装"
OTHER = "U盘上有新版本 {version}，但没有这台电脑能用的安装文件"


class UpdateLine(QWidget):
    """Says of the sticks that are plugged in whether a new version lies on one; hidden where none does."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self.offer: Offer | None = None
        self._seen: tuple[tuple[Path, str], ...] = ()
        self._inside = col(gap=0)
        self.setLayout(self._inside)
        self.look_button = button("看一看", self.look, "small")
        self.hide()

    def look_at(self, sticks: Sequence[Volume]) -> None:
        """Look whether a new version lies on one of `sticks`, once for each that is plugged in."""
        seen = tuple((stick.root, stick.device) for stick in sticks)
        if seen == self._seen:
            return
        self._seen = seen
        self._page.read(lambda: found_on(sticks, running()), self.show_offer, failed=lambda _error: None)

    def show_offer(self, offer: Offer | None) -> None:
        """Take what was found; nothing is drawn anew where it is the same as before."""
        if offer == self.offer:
            return
        self.offer = offer
        clear(self._inside, self.look_button)
        if offer is not None:
            add(self._inside, self._told(offer))
        self.setVisible(offer is not None)

    def look(self) -> None:
        """Show what is new, and the way to it."""
        from desktop.ui.updates.page import UpdatePage  # not before it is first asked for

        if self.offer is not None:
            self._page.desk.push(UpdatePage(self._page.desk, self.offer))

    def _told(self, offer: Offer) -> QWidget:
        if offer.standing is Standing.FAULTY:
            return banner("bad", "alert-triangle", FAULTY, f"{offer.problem}请向带来的人问清楚，重新要一份。")
        if offer.standing is Standing.OTHER:
            return banner("part", "alert-circle", OTHER.format(version=offer.version), "请市公司带上适合这台电脑的。")
        return banner("wait", "download", NEWER.format(version=offer.version, own=offer.own), LOOK, self.look_button)

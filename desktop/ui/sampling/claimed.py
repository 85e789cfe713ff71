"""What a branch wrote in a drawn record, beside the verdict: read while somebody looks at it already."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.models.vocabulary.access import Act
from desktop.services.sampling.claimed import ClaimedService, Line
from desktop.services.sampling.rows import SampledRow
from desktop.ui.page import Page
from desktop.ui.widgets import col, text
from desktop.ui.widgets.layout import Item, add
from desktop.ui.widgets.pane import fact, heading

GONE, UNSEEN = "这一条在支部报来的记录里已经没有了。", "支部报来的记录里看不到这一条：支部删了，或者是内部掌握的。"


class Claimed(QWidget):
    """The lines of the record `found`, once `page` has read them."""

    def __init__(self, page: Page, found: SampledRow) -> None:
        super().__init__()
        self._lines = col(gap=6)
        self._nothing = GONE if page.desk.store.rights.may(Act.RESTRICTED) else UNSEEN
        self.setLayout(self._lines)
        service = page.desk.service(ClaimedService)
        page.read(lambda: service.lines(found), self._tell)

    def _tell(self, lines: Sequence[Line]) -> None:
        if isValid(self):  # else somebody looks at another one by now
            told: list[Item] = [fact(name, words) for name, words in lines]
            for part in (heading("支部报来的记录"), *(told or [text(self._nothing, "sub", wrap=True)])):
                add(self._lines, part)

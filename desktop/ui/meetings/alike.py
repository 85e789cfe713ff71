"""Minutes that say nearly the same as others, pointed out to who writes them and to who looks at them."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop.services.meetings.similarity import Alike
from desktop.ui.widgets import appear, banner, box, clear, col

TITLE = "和别的记录雷同"
STEP = "如实写这次会上说了什么、定了什么。确实一样的，照样可以存。"


def alike_banner(found: Sequence[Alike]) -> QWidget:
    """Say which minutes say nearly the same."""
    return banner("part", "alert-circle", TITLE, f"{'；'.join(each.words() for each in found)}。{STEP}")


class AlikeLine(QWidget):
    """In the form: shown at 完成记录 once; who asks again means it."""

    def __init__(self) -> None:
        super().__init__()
        self._told: tuple[str, ...] = ()
        self._line = col(gap=0)
        self.setLayout(col(box(self._line), gap=0))
        appear(self, False)

    def news(self, found: Sequence[Alike]) -> bool:
        """Show what was found; return whether it was not told before."""
        ids = tuple(each.meeting_id for each in found)
        fresh = bool(ids) and ids != self._told
        self._told = ids
        clear(self._line)
        if found:
            self._line.addWidget(alike_banner(found))
        appear(self, bool(found))
        return fresh

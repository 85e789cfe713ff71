"""Small parts the pages of headquarters share."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout

from desktop.ui.widgets import Elided, fixed, row, text
from desktop.ui.widgets.fields import Choice

EVERY, FEWEST_COUNTIES = "", 2
"""Where fewer are noted, there is nothing to choose."""


class CountyChoice(Choice):
    """The branches of which county (党总支) a page of headquarters shows."""

    def __init__(self, width: int) -> None:
        super().__init__("党总支", ((EVERY, "全部党总支"),), width=width)

    def offer(self, noted: Iterable[str]) -> bool:
        """Offer the counties noted of the branches; return whether there is something to choose."""
        names = sorted(set(noted) - {""})
        self.set_options([(EVERY, "全部党总支"), *((name, name) for name in names)], self.value())
        return len(names) >= FEWEST_COUNTIES

    def takes(self, county: str) -> bool:
        """Whether what is of `county` is shown."""
        return (self.value() or EVERY) in (EVERY, county)


def file_fact(name: str, path: Path | str, width: int = 76) -> QLayout:
    """Return one line of a pane with a file name, which has no place to break at; its tooltip says it whole."""
    shown = Elided(path.name if isinstance(path, Path) else path)
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    shown.setToolTip(str(path))
    return row(fixed(text(name, "sub"), width), (shown, 1), gap=8)

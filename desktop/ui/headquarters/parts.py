"""Small parts the pages of headquarters share."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QLayout

from desktop.ui.widgets import Elided, Segments, appear, clear, fixed, row, text
from desktop.ui.widgets.choice import CHOICE_EDGES
from desktop.ui.widgets.fields import Choice

EVERY, FEWEST_COUNTIES = "", 2
"""Where fewer are noted, there is nothing to choose."""


LEAST_COUNTY = 116
"""The width of the choice of a county on a small screen, at which 全部党总支 is read whole: what stands beside it is
chosen from more often.
"""


class CountyChoice(Choice):
    """The branches of which county (党总支) a page of headquarters shows; what is chosen is read whole."""

    def __init__(self, width: int) -> None:
        super().__init__("党总支", ((EVERY, "全部党总支"),), width=width, least=LEAST_COUNTY)
        self.currentTextChanged.connect(lambda _words: self._hold())

    def offer(self, noted: Iterable[str]) -> bool:
        """Offer the counties noted of the branches; return whether there is something to choose."""
        names = sorted(set(noted) - {""})
        self.set_options([(EVERY, "全部党总支"), *((name, name) for name in names)], self.value())
        self._hold()
        return len(names) >= FEWEST_COUNTIES

    def takes(self, county: str) -> bool:
        """Whether what is of `county` is shown."""
        return (self.value() or EVERY) in (EVERY, county)

    def _hold(self) -> None:
        """Give way no further than what is chosen needs: what stands beside it has the less to say."""
        needs = self.fontMetrics().horizontalAdvance(self.currentText()) + CHOICE_EDGES
        self.setMinimumWidth(max(LEAST_COUNTY, min(needs, self.sizeHint().width())))


class GroupSwitch(QObject):
    """Of which race group a page of headquarters shows the branches, or of all; `changed` gives the id."""

    changed = Signal(str)

    def __init__(self, place: QBoxLayout) -> None:
        """It stands in `place`, and is out of sight while there is nothing to choose.

        It goes with its place: what hears of it would hold the page else.
        """
        super().__init__(place)
        self._place, self._parts = place, [(EVERY, "全部")]
        self.part = Segments(self._parts, name="分组")
        self._take_in()

    def offer(self, groups: Iterable[tuple[str, str, int]], whole: int | None = None) -> None:
        """Offer groups by id and name with how many branches each has, before them all of `whole`; what was chosen
        stays chosen where it is still offered.
        """
        used = [(group, f"{short(name)} {count}") for group, name, count in groups if count]
        parts = used if whole is None else [(EVERY, f"全部 {whole}"), *used]
        if parts and [key for key, _words in parts] == [key for key, _words in self._parts]:
            for key, words in parts:
                self.part.name(key, words)
        elif parts:
            chosen = self.part.current()
            clear(self._place)
            self._parts = parts
            self.part = Segments(parts, chosen if chosen in dict(parts) else "", name="分组")
            self._take_in()
        appear(self.part, len(used) > 1)

    def current(self) -> str:
        """Return the id that is chosen."""
        return self.part.current()

    def choose(self, group: str) -> None:
        """Mark a group without telling anyone; one that is not offered changes nothing."""
        if group in dict(self._parts):
            self.part.choose(group)

    def _take_in(self) -> None:
        self.part.changed.connect(self.changed.emit)
        self._place.addWidget(self.part)
        appear(self.part, False)


def short(name: str) -> str:
    """Return the name of a group without what it explains in brackets, and without what all of them end in."""
    return name.partition("（")[0].removesuffix("支部").removesuffix("类")


def file_fact(name: str, path: Path | str, width: int = 76) -> QLayout:
    """Return one line of a pane with a file name, which has no place to break at; its tooltip says it whole."""
    shown = Elided(path.name if isinstance(path, Path) else path)
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    shown.setToolTip(str(path))
    return row(fixed(text(name, "sub"), width), (shown, 1), gap=8)

"""The first thing on 总览: what is to be done next, the rest under it by lateness, each with the way to it."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.services.deeds import Deed
from desktop.ui.widgets import Chip, Elided, appear, box, clear, col, link, row, text
from desktop.ui.widgets.layout import add

SHOWN, LITTLE_ROOM = 4, 560


class DeedsCard(QWidget):
    """Deeds, the latest first, which is the headline; under it how many more there are, and which days bind. In a low
    window the first alone is shown.
    """

    def __init__(self, go: Callable[[Deed], object], urge: Callable[[QPushButton], object] | None = None) -> None:
        """`go` leads to where a deed is done; `urge` offers the papers of one that has some, below a button."""
        super().__init__()
        self._go, self._urge, self._all, self._opened = go, urge, False, False
        self._deeds, self._today = tuple[Deed, ...](), date.min
        self.first_way: QPushButton | None = None
        """The button of the first deed."""
        self.words, self._first = text("", "h2", wrap=True), row(gap=14)
        self.dates, self._rest = text("", "small", wrap=True), col(gap=4)
        head = col(row((self.words, 1), self._first, gap=14), self.dates, gap=2)
        self._card = box(col(head, self._rest, gap=6, pad=(16, 9, 12, 9)), "card")
        self.setLayout(col(self._card, gap=0))

    def show_deeds(self, deeds: Sequence[Deed], today: date, fine: str, dates: str = "") -> None:
        """Show what waits; `fine` says that nothing does, `dates` which days bind."""
        self._deeds, self._today = tuple(deeds), today
        self.words.setText(self._deeds[0].words if self._deeds else fine)
        self.dates.setText("".join(filter(None, (self._others(), dates))))
        self._fill()

    def fit(self, height: int) -> None:
        """Show as many as a window of this height has room for."""
        wide = height >= LITTLE_ROOM
        if wide is not self._all:
            self._all = wide
            self._fill()

    def open_all(self) -> None:
        """Show every deed, whatever room there is."""
        self._opened = True
        self._fill()

    def _others(self) -> str:
        """Say how many more there are, and how many of them are late; "" where the first is the only one."""
        others = self._deeds[1:]
        late = sum((deed.days_late(self._today) or 0) > 0 for deed in others)
        return f"另有 {len(others)} 件要办{f'，其中 {late} 件逾期' if late else ''}。" if others else ""

    def _fill(self) -> None:
        clear(self._first)
        clear(self._rest)
        shown = len(self._deeds) if self._opened else SHOWN if self._all else 1
        self.first_way = None
        for number, deed in enumerate(self._deeds[:shown]):
            way = link(deed.verb, lambda deed=deed: self._go(deed))  # type: ignore[misc]
            way.setAccessibleName(f"{deed.verb}：{deed.words}")
            chip = Chip(deed.when(self._today), self._tone(deed))
            ways = (*self._papers(deed), way)
            self.first_way = self.first_way or ways[0]
            if number == 0:
                for part in (chip, *ways):
                    add(self._first, part)
                continue
            add(self._rest, row(text(deed.words), (Elided(deed.named, "small"), 1), chip, *ways, gap=12))
        appear(self._card, bool(self.words.text()))
        appear(self.dates, bool(self.dates.text()))
        if shown < len(self._deeds):
            add(self._first, link(f"看其余 {len(self._deeds) - shown} 件", self.open_all))

    def _papers(self, deed: Deed) -> Sequence[QPushButton]:
        urge = self._urge
        if not deed.urges or urge is None:
            return ()
        paper = link("催报单", lambda: urge(paper), "printer")
        paper.setAccessibleName(f"催报单：{deed.words}")
        return (paper,)

    def _tone(self, deed: Deed) -> str:
        late = deed.days_late(self._today)
        return "bad" if late is not None and late > 0 else "part"

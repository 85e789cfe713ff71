"""The figures over the sheets of a period: how many records were drawn and what was found; each opens its list."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop.models.vocabulary.sampling import SampleReason, SampleVerdict
from desktop.services.sampling.rows import SampledRow
from desktop.ui.widgets import RowButton, box, clear, figure

ALL = "抽中"


def _is(verdict: SampleVerdict, found: SampledRow) -> bool:
    return found.verdict is verdict


COUNTED: Mapping[str, Callable[[SampledRow], bool]] = {
    ALL: lambda found: True,
    "其中补录": lambda found: found.reason is SampleReason.LATE,
    "已核": lambda found: found.verdict is not None,
    **{verdict.label: partial(_is, verdict) for verdict in (SampleVerdict.INCOMPLETE, SampleVerdict.FABRICATED)},
}
"""What each figure counts, by its caption."""


class SampledFigures(QWidget):
    """The figures in a line; `chosen` tells the caption of the one that is clicked."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[str, RowButton] = {}
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(16)

    def show_records(self, records: Sequence[SampledRow]) -> None:
        """Count the records drawn in a period. A figure of none is no button: it has no list."""
        clear(self._line)
        self.buttons = {}
        for caption, counts in COUNTED.items():
            number = sum(map(counts, records))
            drawn = figure(str(number), caption)
            drawn.setContentsMargins(5, 0, 5, 3)
            if not number:
                self._line.addWidget(box(drawn))
                continue
            button = RowButton(f"{caption} {number} 条，看是哪些", drawn, partial(self.chosen.emit, caption))
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            self.buttons[caption] = button
            self._line.addWidget(button)

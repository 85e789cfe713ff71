"""Small parts the pages of headquarters share."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout

from desktop.ui.widgets import Elided, fixed, row, text

FEWEST_COUNTIES = 2
"""Where fewer are noted, there is nothing to choose."""


def file_fact(name: str, path: Path | str, width: int = 76) -> QLayout:
    """Return one line of a pane with a file name, which has no place to break at; its tooltip says it whole."""
    shown = Elided(path.name if isinstance(path, Path) else path)
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    shown.setToolTip(str(path))
    return row(fixed(text(name, "sub"), width), (shown, 1), gap=8)

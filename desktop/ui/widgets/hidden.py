"""A number that stands masked in its field until somebody asks to see it, or types another."""

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from desktop.ui import theme
from desktop.ui.widgets.looking import looking


class HiddenNumber(QLineEdit):
    """Shows `masked` in grey. What is typed takes its place; the eye brings the whole number by `reveal`."""

    def __init__(self, name: str, masked: str, reveal: Callable[[Callable[[str], object]], object]) -> None:
        super().__init__()
        self._masked, self._shown = masked, False
        self.setAccessibleName(name)
        self.setPlaceholderText(masked)
        self.eye = looking(QAction(theme.icon("eye"), f"显示{name}", self))
        self.eye.setToolTip(f"显示{name}；看过会留下记录")
        self.eye.triggered.connect(lambda _checked=False: reveal(self._show_whole))
        self.addAction(self.eye, QLineEdit.ActionPosition.TrailingPosition)

    def value(self) -> str:
        """Return what was typed, or the number once it is shown; before that the masked one."""
        words = self.text().strip()
        return words if words or self._shown else self._masked

    def typed(self) -> object:
        """Return what was typed."""
        return self.value()

    def type_again(self, kept: object) -> None:
        """Put back what `typed` returned."""
        self._shown = kept != self._masked
        self.setText(str(kept) if self._shown else "")

    def on_typing(self, then: Callable[[], object]) -> None:
        """Call `then` after every change."""
        self.textChanged.connect(lambda _words: then())

    def _show_whole(self, number: str) -> None:
        self._shown = True
        self.setText(number)
        self.eye.setVisible(False)

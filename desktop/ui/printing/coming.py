"""When a paper that was made on a worker comes into the window: one at a time, over what asked for it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget


class Coming:
    """A paper that `asked` wants to see. Make one where it is asked for; `bring` it when the paper is made."""

    def __init__(self, asked: QWidget) -> None:
        self._asked = asked
        self._under = QApplication.activeModalWidget()

    def bring(self, show: Callable[[], object], left: Callable[[], object]) -> None:
        """Call `show` as soon as no other dialog stands over `asked` than the one it was asked for in, or `left` where
        `asked` is not in view by then: over another page the paper would take that page's place."""
        modal = QApplication.activeModalWidget()
        if isinstance(modal, QDialog) and modal is not self._under:
            again = partial(self.bring, show, left)
            modal.finished.connect(lambda _result: QTimer.singleShot(0, self._asked, again))
        elif self._asked.isVisible():
            show()
        else:
            left()

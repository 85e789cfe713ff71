"""Scores of many branches brought up to today, a few at a time: what else is asked for comes between."""

from collections.abc import Callable, Sequence

from desktop.ui.page import Page
from desktop.ui.widgets.progress import ProgressStrip

AT_A_TIME = 4
WORDS = "正在按今天计算各支部的得分"


class Reckoner:
    """Reckons on the second worker, with a strip of its own; `done` is called when all are reckoned."""

    def __init__(self, page: Page, reckon: Callable[[Sequence[str]], object], done: Callable[[], object]) -> None:
        self.strip = ProgressStrip()
        self._page, self._reckon, self._done = page, reckon, done
        self._left, self._total, self._turn, self._running = list[str](), 0, 0, False

    def begin(self, branch_ids: Sequence[str]) -> None:
        """Reckon these branches; where others are being reckoned already, these take their place."""
        self._left, self._total = list(branch_ids), len(branch_ids)
        if branch_ids and not self._running:
            self._turn = self.strip.begin(WORDS, self.stop, each=1)
            self._next()

    def stop(self) -> None:
        """Leave the rest as it is, each score with the day it is of."""
        self._left = []

    def _next(self) -> None:
        some, self._left = self._left[:AT_A_TIME], self._left[AT_A_TIME:]
        self._running = bool(some)
        if not some:
            self.strip.end(self._turn)
            self._done()
            return
        self._page.read(lambda: self._reckon(some), lambda _none: self._reckoned(), failed=self._failed, long=True)

    def _reckoned(self) -> None:
        self.strip.step(self._total - len(self._left), self._total)
        self._next()

    def _failed(self, error: Exception) -> None:
        from desktop.ui.dialogs import show_error

        self._left, self._running = [], False
        self.strip.end(self._turn)
        show_error(self._page, error)

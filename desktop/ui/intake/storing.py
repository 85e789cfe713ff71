"""The last step: what can be imported goes into the store, and comes out again whole."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from desktop.services.progress import Progress
from desktop.services.spreadsheets.results import ImportResult
from desktop.ui.dialogs import show_error
from desktop.ui.intake import kept, trial
from desktop.ui.intake.done import DoneView
from desktop.ui.intake.hand import InHand
from desktop.ui.intake.outcome import OutcomeView
from desktop.ui.intake.running import Running
from desktop.ui.page import Page


class Storing(QObject):
    """Imports and takes back. `done` tells that it is imported, `failed` that it is not."""

    done = Signal()
    failed = Signal()

    def __init__(self, page: Page, outcome: OutcomeView, shown: DoneView, kind: str, running: Running) -> None:
        super().__init__(page)
        self._page, self._outcome, self._shown, self._kind, self._running = page, outcome, shown, kind, running
        outcome.strip.running.connect(self._ended)

    def take(self, hand: InHand, *, remember: bool, buttons: Sequence[QPushButton]) -> None:
        """Import what can be imported; what is open stays in the record of imports."""
        if hand.book is None:
            return
        page, kind, book, answers = self._page, self._kind, hand.book, hand.answers
        desk, strip, shown = page.desk, self._outcome.strip, self._shown

        def work(progress: Progress) -> ImportResult:
            return trial.take(desk.store, kind, book, answers, remember=remember, progress=progress)

        def done(result: ImportResult) -> None:
            hand.result = result
            desk.drafts.forget(kept.key_of(hand))
            shown.show_result(hand, result)
            self.done.emit()

        def failed(error: Exception) -> None:
            show_error(page, error)
            self.failed.emit()

        self._running.cancel()
        self._running.taking = True
        self._running.task = page.call(
            work, done, failed=failed, strip=strip, words="正在导入", each=1, buttons=buttons
        )

    def undo(self, hand: InHand) -> None:
        """Take the whole import back."""
        result, desk = hand.result, self._page.desk
        if result is None or not result.run:
            return
        run = result.run

        def work() -> int:
            from desktop.services.intake.record import ImportRecord

            return ImportRecord(desk.store).undo(run)

        buttons = (self._shown.undo_button,)
        self._page.act(work, "已撤销这次导入。", then=self._shown.show_undone, buttons=buttons)

    def _ended(self, running: bool) -> None:
        """Be free again, also where the import was cancelled: nobody else hears of that."""
        if not running:
            self._running.taking = False

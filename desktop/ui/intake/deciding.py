"""The second and the third step: what a person answers about the file in hand is kept, and all is counted anew."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.services.intake.answers import Answers
from desktop.services.intake.looks import ColumnLook, LeftOut, Part, Question, RowRole
from desktop.services.progress import Progress
from desktop.services.spreadsheets.results import ImportResult, Rejected
from desktop.ui.intake import answering, kept, trial
from desktop.ui.intake.hand import InHand
from desktop.ui.intake.lists import ChangeLine, NewLine
from desktop.ui.intake.mapping import MappingView
from desktop.ui.intake.outcome import OutcomeView
from desktop.ui.intake.running import Running
from desktop.ui.page import Page

RECOUNT_MS = 150
"""After the last choice, before all is counted anew: who decides on several columns waits once."""


class Deciding(QObject):
    """Holds the file in hand.

    `changed` tells that the counts no longer hold, `counted` that they do again, `column_asked` the column of the sheet
    in view that somebody wants to decide on.
    """

    changed = Signal()
    counted = Signal()
    column_asked = Signal(object)

    def __init__(self, page: Page, mapping: MappingView, outcome: OutcomeView, kind: str, running: Running) -> None:
        super().__init__(page)
        self._page, self._kind, self._running = page, kind, running
        self._mapping, self._outcome = mapping, outcome
        self.hand = InHand(kind=kind)
        self._counted = Answers()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(RECOUNT_MS)
        self._timer.timeout.connect(self._try)
        mapping.answered.connect(self._answered)
        mapping.decided.connect(self._decided)
        mapping.row_changed.connect(self._row_changed)
        mapping.sheet_ticked.connect(lambda name, on: self.answer(answering.tick_sheet(self.hand.answers, name, on)))
        outcome.ticked.connect(self._ticked)
        outcome.edited.connect(self._edited)
        outcome.restored.connect(self._restored)
        outcome.answered.connect(self._answered)
        outcome.answered_all.connect(self._answered_all)
        outcome.answered_each.connect(self._answered_each)
        outcome.corrected.connect(self._corrected)
        for strip in (mapping.strip, outcome.strip):
            strip.cancelled.connect(self._stopped)

    def take_up(self, hand: InHand) -> None:
        """Have another file in hand, counted just now."""
        self.hand, self._counted = hand, hand.answers

    def recounting(self) -> bool:
        """Return whether answers were given that are not counted yet."""
        return self._timer.isActive()

    def recount(self) -> None:
        """Count anew, in a moment."""
        if self.hand.book is not None and not self._running.taking:
            self._timer.start()

    def pause(self) -> None:
        """Count no more what a file that is being read puts out of hand."""
        self._timer.stop()

    def answer(self, answers: Answers) -> None:
        """Take new answers: they are kept, and all is counted anew."""
        self.hand.answers = answers
        self._page.desk.drafts.note(kept.key_of(self.hand), kept.words_of(self.hand), None)
        self.changed.emit()
        self._timer.start()

    def start_afresh(self) -> None:
        """Forget every answer about the file in hand."""
        before = self.hand.answers
        self.answer(Answers(encoding=before.encoding))
        self._page.desk.say("已从头来。", lambda: self.answer(before))

    def _answer_and_tell(self, answers: Answers) -> None:
        """Take an answer whose question goes away with it: the way back is offered at the bottom."""
        hand, before = self.hand, self.hand.answers
        self.answer(answers)
        self._page.desk.say("已记下。", lambda: self.answer(before) if hand is self.hand else None)

    def _try(self) -> None:
        hand, store, kind = self.hand, self._page.desk.store, self._kind
        if hand.book is None or self._running.taking:
            return
        book, answers = hand.book, hand.answers

        def work(progress: Progress) -> ImportResult:
            return trial.try_out(store, kind, book, answers, progress)

        def show(result: ImportResult) -> None:
            if hand is self.hand and answers is hand.answers:
                hand.result, self._counted = result, answers
                hand.stand_somewhere()
                self.counted.emit()

        self._running.cancel()
        strip = self._outcome.strip if self._outcome.isVisible() else self._mapping.strip
        self._running.task = self._page.call(work, show, strip=strip, words="正在重新数")

    def _stopped(self) -> None:
        """Go back to the answers that were counted last: those since are as if nobody had given them."""
        if self._running.taking:
            return
        self.pause()
        self.hand.answers = self._counted
        self._page.desk.drafts.note(kept.key_of(self.hand), kept.words_of(self.hand), None)
        self.counted.emit()
        self._page.desk.say("已停止重新数，刚才的回答没有记下。")

    def _answered(self, question: Question, value: str) -> None:
        self._answer_and_tell(answering.answer(self.hand.answers, question, value, self.hand.looks))

    def _answered_all(self, questions: Sequence[Question], value: str) -> None:
        self._answer_and_tell(answering.reply_all(self.hand.answers, questions, value))

    def _decided(self, look: ColumnLook, field: str | None) -> None:
        self.answer(answering.choose_field(self.hand.answers, look, field))

    def _row_changed(self, number: int, role: RowRole) -> None:
        self.answer(answering.set_role(self.hand.answers, self.hand.sheet, number, role))

    def _ticked(self, line: ChangeLine | NewLine) -> None:
        if line.taken:
            self.hand.left[line.place] = line.changed if isinstance(line, ChangeLine) else line.new
        else:
            self.hand.left.pop(line.place, None)
        self.answer(answering.take(self.hand.answers, line.place, not line.taken))

    def _edited(self, line: ChangeLine, words: str) -> None:
        self.answer(answering.put_right(self.hand.answers, line.place, words))

    def _answered_each(self, replies: Mapping[str, str]) -> None:
        self._answer_and_tell(answering.reply_each(self.hand.answers, replies))

    def _corrected(self, rows: Sequence[Rejected], words: str) -> None:
        known = self.hand.choices.get(rows[0].name, ())
        self._answer_and_tell(answering.correct(self.hand.answers, rows, words, known))

    def _restored(self, left: LeftOut) -> None:
        answers = self.hand.answers
        if left.kind is Part.SHEET:
            self.hand.sheet = left.sheet
            self.answer(answering.tick_sheet(answers, left.sheet, True))
        elif left.kind is Part.ROW:
            look = self.hand.look(left.sheet)
            answers = answering.reopen(answers, left.sheet, left.row)
            self.answer(answering.set_role(answers, look.title if look else left.sheet, left.row, RowRole.RECORD))
        else:
            self.hand.sheet = left.sheet
            look = self.hand.look()
            parts = (*look.columns, *look.labels) if look else ()
            column = next((part for part in parts if part.letter == left.column and _is(part, left)), None)
            self.column_asked.emit(column)


def _is(column: ColumnLook, left: LeftOut) -> bool:
    """Tell whether a label is the one that was left out; a column is known by its letter."""
    return bool(column.spots) or column.heading == left.what

"""导入: choose a file, say what its columns are, see what would happen, take it or leave it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers, Place
from desktop.services.intake.looks import ColumnLook, LeftOut, Part, Question, RowRole
from desktop.services.progress import Progress
from desktop.services.spreadsheets.results import ImportResult, Rejected
from desktop.ui.dialogs import ask_open, show_error
from desktop.ui.drafting import Kept
from desktop.ui.intake import answering, kept, trial
from desktop.ui.intake.arrivals import Drops, copied
from desktop.ui.intake.chooser import FieldOption
from desktop.ui.intake.done import DoneView
from desktop.ui.intake.exchange import MAPPING, MAPPING_SUFFIX, save_mapping, save_rejects
from desktop.ui.intake.hand import InHand, importable
from desktop.ui.intake.lists import ChangeLine, NewLine
from desktop.ui.intake.mapping import MappingView
from desktop.ui.intake.outcome import OutcomeView
from desktop.ui.intake.start import FILES, StartView
from desktop.ui.output import export_sheet, save_template
from desktop.ui.page import Desk, Page
from desktop.ui.tasks import Task
from desktop.ui.widgets import appear, button, col, link
from desktop.ui.widgets.steps import Steps

RECOUNT_MS = 150
"""After the last choice, before all is counted anew: who decides on several columns waits once."""
CHOOSE, COLUMNS, TRIAL, DONE = range(4)
"""The steps."""


class IntakePage(Page):
    """One file of one kind, from the file to the store. `source` is a file or a pasted block to begin with."""

    def __init__(
        self,
        desk: Desk,
        kind: str,
        title: str,
        template: str = "没有表？保存一份空表",
        source: Path | str | None = None,
    ) -> None:
        super().__init__(desk)
        self.title = f"导入{title}"
        self._kind, self._name, self._source = kind, title, source
        self.hand = InHand(kind=kind)
        self._options: tuple[FieldOption, ...] = ()
        self._task: Task | None = None
        self._begun = False
        self._taking = False
        self.steps = Steps(("选文件", "对列", "试导入", "完成"), "导入")
        self._build_actions()
        may_reveal = desk.may(Act.IDENTITY)
        reveal_link = desk.offered(Act.IDENTITY, link("显示完整身份证号", self.reveal))
        self.start = StartView(kind, title, template)
        self.mapping = MappingView(self.hand.unit, reveal_link)
        self.outcome = OutcomeView(self.hand.unit, self._look_whole if may_reveal else None)
        self.done = DoneView(title, self.hand.unit)
        self._stack = QStackedWidget()
        for view in (self.start, self.mapping, self.outcome, self.done):
            self._stack.addWidget(view)
        self.setLayout(col((self._stack, 1), pad=(24, 14, 24, 16)))
        Drops(self, lambda _path: not self._taking, self._dropped, self.start.aim)
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(RECOUNT_MS)
        self._recount.timeout.connect(self._try)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self).activated.connect(self.paste)
        self._wire()
        self._go_to(CHOOSE)

    # ---- what the window asks ----
    def bar_lead(self) -> QWidget:
        """The steps."""
        return self.steps

    def bar_actions(self) -> Sequence[QWidget]:
        """Why it does not go on, the way back, and the one next step."""
        return (self.reason, self.change_button, self.back_button, self.next_button, self.take_button)

    def reload(self) -> None:
        """Begin with the file brought along, or say what was begun; later try again, for records have changed."""
        if not self._begun:
            self._begun = True
            if self._source is not None:
                self.open_source(self._source)
            else:
                self._offer_begun()
        elif self.steps.at in (COLUMNS, TRIAL) and not self._taking:
            self._recount.start()

    def may_leave(self) -> bool:
        """What was answered is kept; while it imports, the page stays until that is done or stopped."""
        if self._taking:
            self.desk.say("正在导入，请等它做完，或点“取消”。")
            return False
        if self.steps.at in (COLUMNS, TRIAL) and answering.is_given(self.hand.answers):
            self.desk.say(f"“{self.hand.name}”的回答已存下，再来导入时可以接着做。")
        return True

    def recounting(self) -> bool:
        """Return whether answers were given that are not counted yet."""
        return self._recount.isActive()

    # ---- a file ----
    def choose(self) -> None:
        """Ask for the file and read it."""
        path = ask_open(self, self.title, FILES)
        if path is not None:
            self.open_source(path)

    def paste(self) -> None:
        """Read the block, or the file, that was copied."""
        source = copied()
        if source is not None:
            self.open_source(source)
        else:
            self.desk.say("剪贴板里没有表格。先在 Excel 或 WPS 里选中一块（连表头）复制。")

    def _dropped(self, path: Path) -> None:
        if path.suffix.lower() == MAPPING_SUFFIX:
            self.use_mapping(path)
        else:
            self.open_source(path)

    def open_source(self, source: Path | str) -> None:
        """Read a file or a pasted block, with what was answered about it before."""
        if self._taking:
            return
        hand = InHand(kind=self._kind)
        if isinstance(source, Path):
            hand.path = source
        else:
            hand.text = source

        def found(before: Kept | None) -> None:
            begun = None if before is None else kept.begun(before.words, before.at)
            if begun is not None:
                hand.answers = begun.answers
            self._read(hand, begun)

        self.desk.drafts.find(kept.key_of(hand), found)

    def _read(self, hand: InHand, begun: kept.Begun | None = None, *, stay: bool = False) -> None:
        desk, kind = self.desk, self._kind
        source: Path | str = hand.path if hand.path is not None else hand.text
        answers = hand.answers

        def work(progress: Progress) -> trial.Trial:
            return trial.read(desk.store, kind, source, answers, progress)

        def show(tried: trial.Trial) -> None:
            hand.book, hand.result, hand.left = tried.book, tried.result, tried.left
            hand.stand_somewhere()
            self.hand, self._options = hand, tried.options
            if not stay:
                self._go_to(COLUMNS)
            self._show()
            self._stand_on_next()
            if begun is not None:
                self.desk.say(f"接着 {begun.at:%m-%d %H:%M} 的回答。", self._start_afresh, "从头来")

        self._cancel()
        self.start.say_fault("", "")
        if not stay:
            self._go_to(CHOOSE)
        buttons = (self.start.choose_button, self.start.paste_button)
        words = f"正在读“{hand.name}”"
        self._task = self.call(work, show, strip=self.start.strip, words=words, failed=self._refused, buttons=buttons)

    def _refused(self, error: Exception) -> None:
        """Say why a file cannot be read, where the next would be chosen."""
        if not isinstance(error, InvalidInput) or self.steps.at != CHOOSE:
            show_error(self, error)
            self._show()
            return
        from desktop.messages import present

        message = present(error)
        self.start.say_fault(message.title, "没有导入任何内容，换一个文件，或照上面说的处理后再选。")

    def _offer_begun(self) -> None:
        desk, kind = self.desk, self._kind
        desk.drafts.flush()
        self.read(lambda: kept.all_begun(desk.store, kind), self.start.offer_begun)

    def _resume(self, begun: kept.Begun) -> None:
        self.open_source(begun.path if begun.path is not None else begun.text)

    def _give_up(self, begun: kept.Begun) -> None:
        hand = InHand(kind=self._kind, path=begun.path, text=begun.text, answers=begun.answers)
        key, words = kept.key_of(hand), kept.words_of(hand)
        self.desk.drafts.forget(key)
        self._offer_begun()

        def again() -> None:
            self.desk.drafts.note(key, words, None)
            self._offer_begun()

        self.desk.say(f"已放弃对“{begun.name}”的回答。", again)

    def _start_afresh(self) -> None:
        before = self.hand.answers
        self._answer(Answers(encoding=before.encoding))
        self.desk.say("已从头来。", lambda: self._answer(before))

    # ---- answers ----
    def _answer(self, answers: Answers) -> None:
        """Take new answers: they are kept, and all is counted anew."""
        self.hand.answers = answers
        self.desk.drafts.note(kept.key_of(self.hand), kept.words_of(self.hand), None)
        self.mapping.hide_counts()
        for part in (self.next_button, self.take_button):
            part.setEnabled(False)
        self._recount.start()

    def _answer_and_tell(self, answers: Answers) -> None:
        """Take an answer whose question goes away with it: the way back is offered at the bottom."""
        hand, before = self.hand, self.hand.answers
        self._answer(answers)
        self.desk.say("已记下。", lambda: self._answer(before) if hand is self.hand else None)

    def _try(self) -> None:
        hand, desk, kind = self.hand, self.desk, self._kind
        if hand.book is None or self._taking or self.steps.at not in (COLUMNS, TRIAL):
            return
        book, answers = hand.book, hand.answers

        def work(progress: Progress) -> ImportResult:
            return trial.try_out(desk.store, kind, book, answers, progress)

        def show(result: ImportResult) -> None:
            if hand is self.hand:
                hand.result = result
                hand.stand_somewhere()
                self._show()

        self._cancel()
        self._task = self.call(work, show)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _answered(self, question: Question, value: str) -> None:
        self._answer_and_tell(answering.answer(self.hand.answers, question, value, self.hand.looks))

    def _answered_all(self, questions: Sequence[Question], value: str) -> None:
        self._answer_and_tell(answering.reply_all(self.hand.answers, questions, value))

    def _decided(self, look: ColumnLook, field: str | None) -> None:
        self._answer(answering.choose_field(self.hand.answers, look, field))

    def _row_changed(self, number: int, role: RowRole) -> None:
        self._answer(answering.set_role(self.hand.answers, self.hand.sheet, number, role))

    def _sheet_chosen(self, title: str) -> None:
        self.hand.sheet = title
        self._show()

    def _encoding_chosen(self, encoding: str) -> None:
        hand = replace(self.hand, answers=answering.set_encoding(self.hand.answers, encoding))
        self._read(hand, stay=True)

    def _ticked(self, line: ChangeLine | NewLine) -> None:
        if line.taken:
            self.hand.left[line.place] = line.changed if isinstance(line, ChangeLine) else line.new
        else:
            self.hand.left.pop(line.place, None)
        self._answer(answering.take(self.hand.answers, line.place, not line.taken))

    def _edited(self, line: ChangeLine, words: str) -> None:
        self._answer(answering.put_right(self.hand.answers, line.place, words))

    def _corrected(self, refused: Rejected, words: str) -> None:
        self._answer(answering.put_right(self.hand.answers, Place(refused.sheet, refused.row, refused.name), words))

    def _restored(self, left: LeftOut) -> None:
        answers = self.hand.answers
        if left.kind is Part.SHEET:
            self.hand.sheet = left.sheet
            self._answer(answering.tick_sheet(answers, left.sheet, True))
        elif left.kind is Part.ROW:
            look = self.hand.look(left.sheet)
            answers = answering.reopen(answers, left.sheet, left.row)
            self._answer(answering.set_role(answers, look.title if look else left.sheet, left.row, RowRole.RECORD))
        else:
            self.hand.sheet = left.sheet
            self._go_to(COLUMNS)
            self._show()
            look = self.hand.look()
            column = next((part for part in look.columns if part.letter == left.column), None) if look else None
            if column is not None:
                self.mapping.stand_on_column(column)

    # ---- showing ----
    def _show(self) -> None:
        if self.hand.book is None:
            return
        self.mapping.show_file(self.hand, self._options)
        self.outcome.show_result(self.hand)
        self._show_actions()

    def _show_actions(self) -> None:
        result, held, at = self.hand.result, self.hand.held, self.steps.at
        count = importable(result) if result is not None else 0
        self.reason.setText(self._why_not())
        appear(self.reason, bool(self.reason.text()))
        appear(self.change_button, at == COLUMNS)
        appear(self.back_button, at == TRIAL)
        appear(self.next_button, at == COLUMNS)
        appear(self.take_button, at == TRIAL)
        self.next_button.setEnabled(not held and result is not None)
        self.take_button.setEnabled(bool(count) and not held)
        self.take_button.setText(f"导入 {count} {self.hand.unit}" if count else "导入")

    def _why_not(self) -> str:
        result, held, at = self.hand.result, self.hand.held, self.steps.at
        if at not in (COLUMNS, TRIAL) or result is None:
            return ""
        if held:
            column = self.hand.column_of(held[0])
            if column is not None and column.held:
                return f"定下 {column.letter} 列后可继续"
            return "答完上面的问题可继续"
        if at == TRIAL and result.waiting:
            return f"待定的 {result.waiting} {self.hand.unit}可以以后再补"
        return ""

    def _go_to(self, step: int) -> None:
        self.steps.go_to(step if step < DONE else DONE + 1)
        self._stack.setCurrentIndex(step)
        self._show_actions()
        if step == CHOOSE:
            self.start.choose_button.setFocus()

    def _step(self, step: int) -> None:
        self._go_to(step)
        self._show()
        self._stand_on_next()

    def _stand_on_next(self) -> None:
        """Put the cursor where it goes on: on what is held, else on the next step."""
        if self.hand.held and self.steps.at == COLUMNS:
            self.mapping.stand_on_held()
        elif self.steps.at in (COLUMNS, TRIAL):
            verb = self.next_button if self.steps.at == COLUMNS else self.take_button
            (verb if verb.isEnabled() else self.back_button).setFocus()

    # ---- into the store ----
    def take(self) -> None:
        """Import what can be imported; what is open stays in the record of imports."""
        hand, desk, kind = self.hand, self.desk, self._kind
        if hand.book is None or self.recounting():
            return
        book, answers, remember = hand.book, hand.answers, self.mapping.remember.isChecked()

        def work(progress: Progress) -> ImportResult:
            return trial.take(desk.store, kind, book, answers, remember=remember, progress=progress)

        def done(result: ImportResult) -> None:
            self._taking = False
            hand.result = result
            desk.drafts.forget(kept.key_of(hand))
            self.done.show_result(hand, result)
            self._go_to(DONE)

        def failed(error: Exception) -> None:
            self._taking = False
            show_error(self, error)
            self._recount.start()

        self._cancel()
        self._taking = True
        strip, buttons = self.outcome.strip, (self.back_button, self.take_button)
        self._task = self.call(work, done, failed=failed, strip=strip, words="正在导入", each=1, buttons=buttons)

    def _ended(self, running: bool) -> None:
        """Be free again, also where the import was cancelled: nobody else hears of that."""
        if not running:
            self._taking = False

    def undo(self) -> None:
        """Take the whole import back."""
        result, desk = self.hand.result, self.desk
        if result is None or not result.run:
            return
        run = result.run

        def work() -> int:
            from desktop.services.intake.record import ImportRecord

            return ImportRecord(desk.store).undo(run)

        self.act(work, "已撤销这次导入。", then=self.done.show_undone, buttons=(self.done.undo_button,))

    # ---- files and other pages ----
    def use_mapping(self, path: Path | None = None) -> None:
        """Take over what another branch said of the same headings."""
        path = path or ask_open(self, "用别的支部导出的对应", MAPPING)
        if path is None:
            return
        chosen, store = path, self.desk.store

        def work() -> int:
            from desktop.services.intake.mappings import Mappings

            return Mappings(store).take(chosen)

        def used(count: int) -> None:
            self.desk.say(f"已记住“{chosen.name}”里的 {count} 个对应，表头相同的表照它读。")
            if self.hand.book is not None:
                self._recount.start()

        self.read(work, used)

    def open_record(self) -> None:
        """Open the record of imports."""
        from desktop.ui.intake.record import RecordPage

        self.desk.push(RecordPage(self.desk))

    # ---- ID numbers ----
    def reveal(self) -> None:
        """Show ID numbers of the file whole; that they were looked at is written down."""
        self._look_whole(self.mapping.show_whole)

    def _look_whole(self, then: Callable[[], object]) -> None:
        store, name = self.desk.store, self.hand.name

        def work() -> None:
            from desktop.models.vocabulary.stores import Use

            store.rights.require(Act.IDENTITY)
            store.audit(Use.SHOW_ID, f"导入的“{name}”")

        self.read(work, lambda _none: then())

    # ---- wiring ----
    def _build_actions(self) -> None:
        self.reason = link("", self._show_reason)
        self.change_button = button("换一个文件", self.choose)
        self.back_button = button("上一步", lambda: self._step(COLUMNS))
        self.next_button = button("下一步：试导入", lambda: self._step(TRIAL), "primary")
        self.take_button = button("导入", self.take, "primary", "check")

    def _show_reason(self) -> None:
        if self.hand.held:
            self._step(COLUMNS)
            self.mapping.stand_on_held()
        elif self.outcome.ask.cards:
            self.outcome.show_list("open")
            self.outcome.ask.cards[0].setFocus()

    def _wire(self) -> None:
        start, mapping, outcome, done = self.start, self.mapping, self.outcome, self.done
        start.asked.connect(self.choose)
        start.pasted.connect(self.paste)
        start.resumed.connect(self._resume)
        start.given_up.connect(self._give_up)
        start.record_asked.connect(self.open_record)
        start.template_asked.connect(lambda: save_template(self, self._kind, self._name))
        start.mapping_asked.connect(lambda: self.use_mapping())
        mapping.answered.connect(self._answered)
        mapping.decided.connect(self._decided)
        mapping.row_changed.connect(self._row_changed)
        mapping.sheet_ticked.connect(lambda name, on: self._answer(answering.tick_sheet(self.hand.answers, name, on)))
        mapping.sheet_chosen.connect(self._sheet_chosen)
        mapping.encoding_chosen.connect(self._encoding_chosen)
        mapping.export_asked.connect(lambda: save_mapping(self, self._name, self.hand))
        mapping.left_out_asked.connect(self._show_left_out)
        outcome.strip.running.connect(self._ended)
        outcome.ticked.connect(self._ticked)
        outcome.edited.connect(self._edited)
        outcome.restored.connect(self._restored)
        outcome.answered.connect(self._answered)
        outcome.answered_all.connect(self._answered_all)
        outcome.corrected.connect(self._corrected)
        outcome.rejects_asked.connect(lambda: save_rejects(self, self._name, self.hand))
        outcome.export_asked.connect(lambda sheet: export_sheet(self, sheet))
        done.undo_asked.connect(self.undo)
        done.record_asked.connect(self.open_record)
        done.again_asked.connect(lambda: self._go_to(CHOOSE))
        done.rejects_asked.connect(lambda: save_rejects(self, self._name, self.hand))
        done.look_asked.connect(self.desk.back)

    def _show_left_out(self) -> None:
        self._step(TRIAL)
        self.outcome.show_list("left")

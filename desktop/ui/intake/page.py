"""导入: choose a file, say what its columns are, see what would happen, take it or leave it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.intake.looks import ColumnLook
from desktop.ui.intake import answering, kept
from desktop.ui.intake.arrivals import Drops
from desktop.ui.intake.chooser import FieldOption
from desktop.ui.intake.deciding import Deciding
from desktop.ui.intake.done import DoneView
from desktop.ui.intake.exchange import save_mapping, save_rejects
from desktop.ui.intake.hand import InHand, importable
from desktop.ui.intake.mapping import MappingView
from desktop.ui.intake.opening import Opening
from desktop.ui.intake.outcome import OutcomeView
from desktop.ui.intake.running import Running
from desktop.ui.intake.start import StartView
from desktop.ui.intake.storing import Storing
from desktop.ui.output import export_sheet, save_template
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import appear, button, col, link
from desktop.ui.widgets.keys import shortcut
from desktop.ui.widgets.layout import Turning
from desktop.ui.widgets.steps import Steps

CHOOSE, COLUMNS, TRIAL, DONE = range(4)
"""The steps."""
ROSTER, MEETINGS = "members", ("meetings", "list")
LISTS = {ROSTER: ("members", "roster"), "meetings": MEETINGS}
"""What a branch brings first, and where what it brings next lies."""


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
        self._options: tuple[FieldOption, ...] = ()
        self._begun = False
        self._running = Running()
        self.steps = Steps(("选文件", "对列", "试导入", "完成"), "导入")
        self._build_actions()
        unit = InHand(kind=kind).unit
        may_reveal = desk.may(Act.IDENTITY)
        reveal_link = desk.offered(Act.IDENTITY, link("显示完整身份证号", self.reveal))
        self.start = StartView(kind, title, template)
        self.mapping = MappingView(unit, reveal_link)
        self.outcome = OutcomeView(unit, self._look_whole if may_reveal else None)
        desk.offered(Act.EXPORT, self.outcome.export_button)
        self.done = DoneView(title, unit)
        appear(self.done.next_link, kind == ROSTER and desk.has(*MEETINGS) and desk.may_write("meetings"))
        self.opening = Opening(self, self.start, kind, self._running)
        self.deciding = Deciding(self, self.mapping, self.outcome, kind, self._running)
        self.storing = Storing(self, self.outcome, self.done, kind, self._running)
        self._stack = Turning()
        for view in (self.start, self.mapping, self.outcome, self.done):
            self._stack.addWidget(view)
        self.setLayout(col((self._stack, 1), pad=(24, 14, 24, 16)))
        Drops(self, lambda _path: not self._running.taking, self.opening.drop, self.start.aim)
        shortcut(self, QKeySequence.StandardKey.Paste, "导入复制的表格或文件", self.opening.paste)
        self._wire()
        self._go_to(CHOOSE)

    @property
    def hand(self) -> InHand:
        """The file in hand."""
        return self.deciding.hand

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
                self.opening.open(self._source)
            else:
                self.opening.offer_begun()
        elif self.steps.at in (COLUMNS, TRIAL):
            self.deciding.recount()

    def may_leave(self) -> bool:
        """What was answered is kept; while it imports, the page stays until that is done or stopped."""
        if self._running.taking:
            self.desk.say("正在导入，请等它做完，或点“取消”。")
            return False
        if self.steps.at in (COLUMNS, TRIAL) and answering.is_given(self.hand.answers):
            self.desk.say(f"“{self.hand.name}”的回答已存下，再来导入时可以接着做。")
        return True

    def recounting(self) -> bool:
        """Return whether answers were given that are not counted yet."""
        return self.deciding.recounting()

    # ---- showing ----
    def _make_room(self, again: bool) -> None:
        """Go back to the first step while another file is read."""
        self.deciding.pause()
        if not again:
            self._go_to(CHOOSE)

    def _opened(self, hand: InHand, options: tuple[FieldOption, ...], begun: kept.Begun | None) -> None:
        self.deciding.take_up(hand)
        self._options = options
        if self.steps.at == CHOOSE:
            self._go_to(COLUMNS)
        self._show()
        self._stand_on_next()
        if begun is not None:
            self.desk.say(f"接着 {begun.at:%m-%d %H:%M} 的回答。", self.deciding.start_afresh, "从头来")

    def _show(self) -> None:
        if self.hand.book is None:
            return
        self.mapping.show_file(self.hand, self._options)
        self.outcome.show_result(self.hand)
        self._show_actions()

    def _hide_counts(self) -> None:
        self.mapping.hide_counts()
        for part in (self.next_button, self.take_button):
            part.setEnabled(False)

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

    def _sheet_chosen(self, title: str) -> None:
        self.hand.sheet = title
        self._show()

    def _column_asked(self, column: ColumnLook | None) -> None:
        self._go_to(COLUMNS)
        self._show()
        if column is not None:
            self.mapping.stand_on_column(column)

    def _show_reason(self) -> None:
        if self.hand.held:
            self._step(COLUMNS)
            self.mapping.stand_on_held()
        else:
            self.outcome.show_list("open")
            self.outcome.ask.stand_on_first()

    def _show_left_out(self) -> None:
        self._step(TRIAL)
        self.outcome.show_list("left")

    # ---- verbs ----
    def take(self) -> None:
        """Import what can be imported; what is open stays in the record of imports."""
        if not self.recounting():
            buttons = (self.back_button, self.take_button)
            self.storing.take(self.hand, remember=self.mapping.remember.isChecked(), buttons=buttons)

    def open_record(self) -> None:
        """Open the record of imports."""
        from desktop.ui.intake.record import RecordPage

        self.desk.push(RecordPage(self.desk))

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
        self.change_button = button("换一个文件", lambda: self.opening.choose())
        self.back_button = button("上一步", lambda: self._step(COLUMNS))
        self.next_button = button("下一步：试导入", lambda: self._step(TRIAL), "primary")
        self.take_button = button("导入", self.take, "primary", "check")

    def _wire(self) -> None:
        start, mapping, outcome, done = self.start, self.mapping, self.outcome, self.done
        start.record_asked.connect(self.open_record)
        start.template_asked.connect(lambda: save_template(self, self._kind, self._name))
        self.opening.reading.connect(self._make_room)
        self.opening.opened.connect(self._opened)
        self.opening.refused.connect(self._show)
        self.opening.mapping_taken.connect(self.deciding.recount)
        mapping.sheet_chosen.connect(self._sheet_chosen)
        mapping.encoding_chosen.connect(lambda encoding: self.opening.read_as(self.hand, encoding))
        mapping.export_asked.connect(lambda: save_mapping(self, self._name, self.hand))
        mapping.left_out_asked.connect(self._show_left_out)
        self.deciding.changed.connect(self._hide_counts)
        self.deciding.counted.connect(self._show)
        self.deciding.column_asked.connect(self._column_asked)
        later = Qt.ConnectionType.QueuedConnection  # once it is counted what may be done next
        outcome.ask.all_answered.connect(self._stand_on_next, later)
        outcome.rejects_asked.connect(lambda: save_rejects(self, self._name, self.hand))
        outcome.export_asked.connect(lambda sheet: export_sheet(self, sheet))
        self.storing.done.connect(lambda: self._go_to(DONE))
        self.storing.failed.connect(self.deciding.recount)
        done.undo_asked.connect(lambda: self.storing.undo(self.hand))
        done.record_asked.connect(self.open_record)
        done.again_asked.connect(lambda: self._go_to(CHOOSE))
        done.rejects_asked.connect(lambda: save_rejects(self, self._name, self.hand))
        done.look_asked.connect(self.look)
        done.next_asked.connect(lambda: self.desk.open(*MEETINGS, kind="import"))

    def look(self) -> None:
        """Show what was imported: the roster and the meetings are one list each, whoever sent here, also the import of
        the one before the other; other lists are what lies under this.
        """
        listed = LISTS.get(self._kind)
        if listed is None:
            self.desk.back()
        else:
            self.desk.open(*listed)

"""会后任务: what the meeting asked of whom, by when. It becomes to-do until it is done."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.services.meetings import ActionDraft
from desktop.ui.meetings.people import PersonChoice
from desktop.ui.widgets import box, col, fixed, icon_button, link, row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import edit, read


class ActionLine(QWidget):
    """One task."""

    changed = Signal()
    removed = Signal()

    def __init__(self, draft: ActionDraft, people: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._draft = draft
        self.what = edit("任务", draft.what, "要做什么")
        self.owner = PersonChoice("责任人", "责任人", width=120)
        self.owner.set_people(people)
        self.owner.set_person(draft.owner_id, draft.owner_name)
        self.due = DateEdit("完成时限", draft.due_on)
        trash = icon_button("trash", "删除这项任务", self.removed.emit)
        self.setLayout(row((self.what, 1), self.owner, fixed(self.due, 136), trash, gap=8))
        self.what.textChanged.connect(lambda _words: self.changed.emit())
        self.owner.currentTextChanged.connect(lambda _words: self.changed.emit())
        self.due.date_changed.connect(self.changed.emit)

    def draft(self) -> ActionDraft:
        """Return the task as typed."""
        owner, name = self.owner.person()
        return replace(self._draft, what=read(self.what), owner_id=owner, owner_name=name, due_on=self.due.value())


class ActionsBox(QWidget):
    """All tasks of a meeting."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._people: list[tuple[str, str]] = []
        self.lines: list[ActionLine] = []
        self._list = col(gap=7)
        self.add_link = link("加一项任务", lambda: self.add(ActionDraft(""), focus=True), "plus")
        head = row(text("会后任务", "h2"), text("到期前进入责任人的待办", "sub"), ..., self.add_link, gap=8)
        self.setLayout(col(head, box(self._list), gap=7))

    def set_people(self, people: Sequence[tuple[str, str]]) -> None:
        """Offer these people as owners."""
        self._people = list(people)
        for line in self.lines:
            line.owner.set_people(people)

    def set_actions(self, actions: Sequence[ActionDraft]) -> None:
        """Show tasks."""
        for line in list(self.lines):
            self._remove(line, tell=False)
        for action in actions:
            self.add(action)

    def drafts(self) -> tuple[ActionDraft, ...]:
        """Return the tasks that say something."""
        return tuple(draft for draft in (line.draft() for line in self.lines) if draft.what)

    def fault(self) -> str:
        """Return why a date cannot be read, or ""."""
        return next((line.due.fault() for line in self.lines if line.due.fault()), "")

    def add(self, draft: ActionDraft, *, focus: bool = False) -> None:
        """Add a task."""
        line = ActionLine(draft, self._people)
        line.changed.connect(self.changed.emit)
        line.removed.connect(lambda: self._remove(line))
        self.lines.append(line)
        self._list.addWidget(line)
        if focus:
            line.what.setFocus()

    def _remove(self, line: ActionLine, *, tell: bool = True) -> None:
        self.lines.remove(line)
        self._list.removeWidget(line)
        line.hide()
        line.deleteLater()
        if tell:
            self.changed.emit()

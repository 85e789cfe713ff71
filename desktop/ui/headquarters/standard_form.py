"""The form of one part of a draft of a standard: its controls come from what its fields hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLineEdit, QMenu, QWidget

from desktop.services.errors import InvalidInput
from desktop.services.standards.editing.declared import Holds
from desktop.services.standards.editing.forms import FieldForm, Group, shown, typed
from desktop.ui.widgets import Item, box, col, icon_button, row, text
from desktop.ui.widgets.buttons import PushButton
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, edit, memo, read, show_in_view
from desktop.ui.widgets.typed import on_typing

PAUSE_MS = 500
"""So long after the last key a value counts as typed."""
_WIDE = (Holds.MEMO, Holds.LINES, Holds.NUMBERS, Holds.CHOICES)


class Several(PushButton):
    """Some of many, chosen from a menu that stays open; the button names them."""

    changed = Signal()

    def __init__(self, name: str, choices: Mapping[str, str], chosen: Sequence[str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAutoDefault(False)
        self._menu = QMenu(self)
        self._actions: dict[str, QAction] = {}
        for code, words in choices.items():
            action = self._menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(code in chosen)
            action.toggled.connect(self._tell)
            self._actions[code] = action
        self._order = list(chosen)
        self.setMenu(self._menu)
        self._name()

    def value(self) -> list[str]:
        """Return what is chosen, what was chosen before first and in its order."""
        chosen = [code for code, action in self._actions.items() if action.isChecked()]
        kept = [code for code in self._order if code in chosen]
        return kept + [code for code in chosen if code not in kept]

    def typed(self) -> object:
        """Return what is chosen, as a draft keeps it."""
        return self.value()

    def type_again(self, kept: object) -> None:
        """Put back what `typed` returned."""
        for code, action in self._actions.items():
            action.setChecked(isinstance(kept, list) and code in kept)

    def on_typing(self, then: Callable[[], object]) -> None:
        """Call `then` after every change."""
        self.changed.connect(then)

    def _tell(self) -> None:
        self._name()
        self.changed.emit()

    def _name(self) -> None:
        words = "、".join(self._actions[code].text() for code in self.value())
        self.setText(self.fontMetrics().elidedText(words or "没有选", Qt.TextElideMode.ElideRight, 380))
        self.setToolTip(words)


@dataclass(slots=True)
class _Part:
    field: FieldForm
    shown: Field
    waiting: QTimer


class DraftForm(QWidget):
    """Groups of fields under their headings. `typed`: a field and its new value; `dropped`: a table of a list to go."""

    typed = Signal(object, object)
    dropped = Signal(tuple)

    def __init__(self, groups: Sequence[Group], *, may_write: bool) -> None:
        super().__init__()
        self._parts: list[_Part] = []
        self._may_write = may_write
        items: list[Item] = []
        for group in groups:
            items += self._group(group)
        self.setLayout(col(*items, ..., gap=10))

    def refuse(self, path: tuple[str | int, ...], reason: str) -> bool:
        """Show a reason at the field of a place and go there; False where there is none."""
        for part in self._parts:
            if part.field.path == path:
                part.shown.refuse(reason)
                part.shown.control.setFocus()
                return True
        return False

    def to_first(self, names: Sequence[str]) -> bool:
        """Put the cursor into the field that is named first and is there; False where none is."""
        for name in names:
            part = next((part for part in self._parts if part.field.name == name), None)
            if part is not None:
                part.shown.control.setFocus()
                if isinstance(part.shown.control, QLineEdit):
                    part.shown.control.selectAll()
                show_in_view(part.shown)
                return True
        return False

    def settle(self) -> None:
        """Take what is being typed as typed: before the form goes."""
        for part in self._parts:
            if part.waiting.isActive():
                part.waiting.stop()
                self._take(part)

    def _group(self, group: Group) -> list[Item]:
        items: list[Item] = []
        if group.title:
            may_go = self._may_write and group.may_go
            drop = icon_button("trash", f"去掉{group.title}", lambda: self.dropped.emit(group.path)) if may_go else None
            items += [4, row(text(group.title, "h2"), ..., drop)]
        if group.help:
            items.append(text(group.help, "small", wrap=True))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        at = 0
        for field in group.fields:
            wide = field.holds in _WIDE or field.name in ("title", "name", "text", "basis")
            if wide and at % 2:
                at += 1
            grid.addWidget(self._field(field), at // 2, at % 2, 1, 2 if wide else 1, Qt.AlignmentFlag.AlignTop)
            at += 2 if wide else 1
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        items.append(box(grid))
        return items

    def _field(self, field: FieldForm) -> QWidget:
        before = f"原 {field.before}" if field.before else ""
        note = "；".join(filter(None, (before, "供查阅，程序不照它算" if field.for_reading else "")))
        shown_as = Field(field.label, _control(field), required=field.required, note=note)
        shown_as.control.setEnabled(self._may_write)
        waiting = QTimer(self)
        waiting.setSingleShot(True)
        waiting.setInterval(PAUSE_MS)
        part = _Part(field, shown_as, waiting)
        waiting.timeout.connect(lambda: self._take(part))
        on_typing(shown_as.control, lambda: self._hear(part))
        self._parts.append(part)
        return shown_as

    def _hear(self, part: _Part) -> None:
        if part.field.holds in (Holds.CHOICE, Holds.YES_NO, Holds.CHOICES):
            self._take(part)
        else:
            part.waiting.start()

    def _take(self, part: _Part) -> None:
        field, value = part.field, read(part.shown.control)
        if part.shown.unreadable():
            part.shown.refuse(part.shown.unreadable())
            return
        if field.holds is Holds.DAY and value is None and field.required:
            return
        if field.holds in (Holds.CHOICE, Holds.YES_NO, Holds.CHOICES, Holds.DAY):
            self.typed.emit(field, None if value == "" else value)
            return
        try:
            made = typed(field, str(value))
        except InvalidInput as error:
            part.shown.refuse(error.reason)
            return
        self.typed.emit(field, made)


def _control(field: FieldForm) -> QWidget:
    if field.holds is Holds.CHOICES:
        return Several(field.label, field.choices, [str(code) for code in _list(field.value)])
    if field.holds is Holds.YES_NO:
        return Choice(field.label, ((True, "是"), (False, "否")), field.value)
    if field.holds is Holds.CHOICE:
        options = list(field.choices.items())
        if not field.required and "" not in field.choices:
            options.insert(0, ("", "不限"))
        if field.value not in field.choices and field.value is not None:  # what the file says stays until it is changed
            options.insert(0, (str(field.value), str(field.value)))
        return Choice(field.label, options, field.value if field.value is not None else "")
    if field.holds is Holds.DAY:
        day = DateEdit(field.label)
        day.setText(shown(field))
        return day
    if field.holds in (Holds.MEMO, Holds.LINES, Holds.NUMBERS):
        hint = "" if field.holds is Holds.MEMO else "每行一项"
        return memo(field.label, shown(field), hint, lines=2)
    return edit(field.label, shown(field))


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []

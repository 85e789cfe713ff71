"""The chooser over a column: what is typed finds the field, by its name or any other word people use for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QListWidget, QListWidgetItem, QWidget

from desktop.services.intake.answers import NOT_TAKEN
from desktop.services.intake.wording import spellings
from desktop.services.spreadsheets.sheets import Sheet
from desktop.ui.widgets.fields import Choice, edit
from desktop.ui.widgets.keys import Keys
from desktop.ui.widgets.layout import box, col
from desktop.ui.widgets.words import name_drop_down

UNDECIDED = None
LINE_HEIGHT, MOST_LINES, WIDTH = 30, 10, 220
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True, slots=True)
class FieldOption:
    """What a column may be: its field, what it is called, and the other words that find it."""

    field: str | None
    label: str
    words: str = ""


def field_options(sheet: Sheet) -> tuple[FieldOption, ...]:
    """Return what a column of `sheet` may be, in the order in which the sheet declares it."""
    fields = (
        FieldOption(part.name, part.label, " ".join((part.label, *spellings(sheet.kind, part.name))))
        for part in sheet.columns
    )
    return (FieldOption(UNDECIDED, "请选择"), FieldOption(NOT_TAKEN, "不导入", "不导入 不要 跳过"), *fields)


def matching(options: Sequence[FieldOption], words: str) -> list[FieldOption]:
    """Return the fields that `words` find: those whose name begins so first, then those with it in their name."""
    needle = words.strip().casefold()
    fitting = [option for option in options if option.field is not UNDECIDED and needle in option.words.casefold()]

    def rank(option: FieldOption) -> int:
        name = option.label.casefold()
        return 0 if name.startswith(needle) else 1 if needle in name else 2

    return sorted(fitting, key=rank)


class FieldPicker(QWidget):
    """The list that drops down from a chooser, with a line to type into.

    It lies over the window instead of being one: a window that grabs the keyboard would shut out the input method. A
    press beside the list closes it.
    """

    picked = Signal(object)

    def __init__(self, owner: Choice, options: Sequence[FieldOption]) -> None:
        super().__init__(owner.window())
        self._owner, self._options = owner, options
        self.needle = edit("找字段", hint="输入几个字来找")
        self.list = QListWidget()
        self.list.setObjectName("rows")
        self.list.setAccessibleName("可选的字段")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._take)
        self.needle.textChanged.connect(self._fill)
        self.needle.installEventFilter(self)
        self._card = box(col(self.needle, self.list, gap=6, pad=8), "card")
        self._card.setParent(self)
        self._card.setFixedSize(WIDTH, min(len(options), MOST_LINES) * LINE_HEIGHT + 64)
        self._fill("")
        self._stand_on(owner.value())
        self._place(owner)
        self.show()
        self.raise_()
        self.needle.setFocus()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close on a press beside the list."""
        self.leave()
        event.accept()

    def leave(self) -> None:
        """Go away, and give the cursor back."""
        self.hide()
        self._owner.setFocus()
        self.deleteLater()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Move through the list while the cursor stays in the line; Enter takes what is marked."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentItem())
            return True
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.leave()
            return True
        return False

    def _fill(self, words: str) -> None:
        self.list.clear()
        for option in matching(self._options, words):
            item = QListWidgetItem(option.label)
            item.setData(Qt.ItemDataRole.UserRole, option.field)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _stand_on(self, field: str | None) -> None:
        for number in range(self.list.count()):
            if self.list.item(number).data(Qt.ItemDataRole.UserRole) == field:
                self.list.setCurrentRow(number)

    def _take(self, item: QListWidgetItem | None) -> None:
        field = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        self.leave()
        if item is not None:
            self.picked.emit(field)

    def _place(self, owner: Choice) -> None:
        window = owner.window()
        self.setGeometry(window.rect())
        below = owner.mapTo(window, QPoint(0, owner.height() + 2))
        room = window.height() - below.y() - 8
        if room < self._card.height():
            self._card.setFixedHeight(max(room, 3 * LINE_HEIGHT + 64))
        self._card.move(
            max(0, min(below.x(), window.width() - WIDTH - 8)), min(below.y(), window.height() - self._card.height())
        )


class FieldChooser(Choice):
    """Says what a column is. ←→ go to the next column, Alt+↓ or any letter opens the list."""

    takes: ClassVar[Keys] = (
        ("← → ↑ ↓", "到旁边的列"),
        ("Enter 空格 F4", "换一个字段"),
        ("直接打字", "找字段"),
    )

    decided = Signal(object)
    moved = Signal(int)
    focused = Signal()

    def __init__(self, name: str, options: Sequence[FieldOption], current: str | None) -> None:
        super().__init__(name, [(option.field, option.label) for option in options], current)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.options = tuple(options)
        self.picker: FieldPicker | None = None

    def showPopup(self) -> None:
        """Open the list to type into, instead of Qt's own."""
        self.open_picker()

    def open_picker(self, words: str = "") -> FieldPicker:
        """Open the list, with `words` typed already."""
        picker = FieldPicker(self, self.options)
        picker.picked.connect(self._picked)
        if words:
            picker.needle.setText(words)
        self.picker = picker
        return picker

    def refuse(self, reason: str) -> None:
        """Stand in red, with `reason` to read; "" takes it away."""
        if bool(self.property("invalid")) is not bool(reason):
            self.setProperty("invalid", bool(reason))
            self.style().unpolish(self)
            self.style().polish(self)
        name_drop_down(self, self.accessibleName(), reason)
        self.tell(reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        step = STEPS.get(Qt.Key(event.key()))
        if step is not None and plain:
            self.moved.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_F4) and plain:
            self.open_picker()
        elif plain and event.text().isprintable() and event.text():
            self.open_picker(event.text())
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Take Chinese as it comes from the input method: it goes into the line of the list."""
        if event.commitString():
            self.open_picker(event.commitString())
        elif event.preeditString():
            picker = self.open_picker()
            QApplication.sendEvent(picker.needle, QInputMethodEvent(event.preeditString(), event.attributes()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def _picked(self, field: str | None) -> None:
        if field != self.value():
            self.set_value(field)
            self.decided.emit(field)

"""Form fields: a label, a control, and one line under it when the value is refused."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal, SignalInstance
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from desktop.services.errors import Conflict, InvalidInput
from desktop.services.quoting import clean
from desktop.ui.widgets.choice import Choice as Choice
from desktop.ui.widgets.layout import appear, col, fixed, row
from desktop.ui.widgets.reading_order import OWN
from desktop.ui.widgets.typed import on_typing
from desktop.ui.widgets.words import text

_TURNS = re.compile(r"[\n\t]+")
_UNREAD = object()
"""In the place of the value that was refused, where none could be read: any other is another, nothing at all too."""
MEMO_EDGE = 16  # padding, border and margin of a field of several lines


class LineEdit(QLineEdit):
    """A line that shows the beginning of what it is filled with, not its end, where it is too narrow for all of it."""

    def __init__(self, words: str = "") -> None:
        super().__init__()
        self.setText(words)

    def setText(self, words: str) -> None:
        """Show `words` from their beginning; where somebody types, the cursor stays after them."""
        super().setText(words)
        if not self.hasFocus():
            self.setCursorPosition(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Put the cursor behind the words where the program leads into the field: what is typed then goes on there.

        Words nobody can read are picked as a whole: what is typed takes their place.
        """
        super().focusInEvent(event)
        if event.reason() is Qt.FocusReason.OtherFocusReason:
            if self.echoMode() is QLineEdit.EchoMode.Normal:
                self.end(False)
            else:
                self.selectAll()


def edit(name: str, words: str = "", hint: str = "", *, width: int = 0, secret: bool = False) -> QLineEdit:
    """Return a one-line field; `name` is its accessible name."""
    out = LineEdit(words)
    out.setAccessibleName(name)
    out.setPlaceholderText(hint)
    if secret:
        out.setEchoMode(QLineEdit.EchoMode.Password)
        out.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
    return fixed(out, width)


class Memo(QPlainTextEdit):
    """Several lines that grow with what is typed, from `least` to `most` lines; Tab leaves the field."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__()
        self._least, self._most = least, max(least, most)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # it would cover the last line
        self.document().setDocumentMargin(1)
        self.textChanged.connect(self._grow)
        self._grow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def _grow(self) -> None:
        needed = self._lines()
        lines = max(self._least, min(needed, self._most))
        fits = needed <= self._most
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(policy)
        height = lines * self.fontMetrics().lineSpacing() + MEMO_EDGE
        if height != self.height():
            self.setFixedHeight(height)

    def _lines(self) -> int:
        """Return how many lines the text takes at this width, counted until they are too many to show.

        A block is broken into lines only when it is asked for: the size of the document would count it as it was.
        """
        found, block = 0, self.document().begin()
        while block.isValid() and found <= self._most:
            self.blockBoundingRect(block)
            found += block.lineCount()
            block = block.next()
        return found


def memo(name: str, words: str = "", hint: str = "", lines: int = 3) -> Memo:
    """Return a field of several lines; it grows to twice as many and more before it scrolls."""
    out = Memo(lines, lines * 2 + 2)
    out.setAccessibleName(name)
    out.setPlaceholderText(hint)
    out.setPlainText(words)
    return out


def to_choose(options: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """Return options with one before them that chooses nothing: whom or what a form is about nobody is to take by
    oversight because it stands first in a list."""
    return [(None, "请选择"), *options]


class Drafted(Protocol):
    """What keeps the unfinished words of a form, see `desktop.ui.drafting`."""

    rev: int | None
    reread: SignalInstance

    @property
    def labels(self) -> dict[str, str]:
        """What the form calls its fields."""

    def words(self) -> dict[str, object]:
        """Return what was typed."""

    def done(self) -> None:
        """Take the words as kept for good."""

    def discard(self) -> None:
        """Give the words up."""

    def take_over(self, rev: int) -> None:
        """Let the words go over revision `rev` too."""


class Field(QWidget):
    """A control under (or beside) its label, with room for one line that says why a value was refused."""

    fault_changed = Signal()

    def __init__(
        self, label: str, control: QWidget, *, required: bool = False, note: str = "", beside: int = 0
    ) -> None:
        super().__init__()
        self.label, self.control, self.required = label, control, required
        self._described = ""  # what assistive programs say of the control while nothing is refused
        self._fault, self._note = text("", "small", "bad", wrap=True), text(note, "small", wrap=True)
        if not control.accessibleName():
            control.setAccessibleName(label)
        self._away = False
        name = self._name = text("", "sub")
        self.require(required)
        name.setBuddy(control)
        under = col(control, self._fault, self._note, gap=3)
        if beside:
            name.setFixedWidth(beside)
            name.setFixedHeight(32)
            name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            line = row((name, 0), (under, 1), gap=8)
            line.setAlignment(name, Qt.AlignmentFlag.AlignTop)
            self.setLayout(line)
        else:
            self.setLayout(col(name, under, gap=4))
        appear(self._fault, False)
        appear(self._note, bool(note))
        self._refused: Any = _UNREAD
        self._right: object = None
        if has_value(control):
            on_typing(control, self._put_right)

    def require(self, on: bool) -> None:
        """Ask for something here, or no more: what is asked for has a star."""
        self.required = on
        self._name.setText(self.label + (" *" if on else ""))

    def star(self) -> bool:
        """Tell whether it is seen that something is asked for here."""
        return self._name.text().endswith("*")

    def refuse(self, reason: str, *, right: object = None) -> None:
        """Show `reason` as a sentence in red under the control, and have it spoken with it; "" takes it away, and so
        does another value that can be read: what is put right is not called wrong until the form is sent again.
        Where only one value is `right`, nothing else takes it away.
        """
        readable = reason and has_value(self.control) and not self.unreadable()
        self._refused, self._right = self.read() if readable else _UNREAD, right
        if not self.fault():
            self._described = self.control.accessibleDescription()
        self._fault.setText(sentence(reason))
        self.control.setAccessibleDescription("，".join(filter(None, (self._described, self._fault.text()))))
        appear(self._fault, bool(reason))
        appear(self._note, bool(self._note.text()) and not reason)
        self.control.setProperty("invalid", bool(reason))
        self.control.style().unpolish(self.control)
        self.control.style().polish(self.control)
        self.fault_changed.emit()

    def _put_right(self) -> None:
        if not self.fault() or self.unreadable():
            return
        value = self.read()
        if value != self._refused if self._right is None else value == self._right:
            self.refuse("")

    def advise(self, words: str) -> None:
        """Show `words` under the control while nothing is refused there."""
        self._note.setText(words)
        appear(self._note, bool(words) and self._fault.isHidden())

    def note(self) -> str:
        """Return what is said under the control where nothing is refused."""
        return self._note.text()

    def fault(self) -> str:
        """Return the reason shown, or ""."""
        return self._fault.text() if not self._fault.isHidden() else ""

    def read(self) -> Any:
        """Return the value of the control: text stripped, a date, or the value chosen."""
        return read(self.control)

    def unreadable(self) -> str:
        """Return why what stands in the control can be no value, or ""."""
        faulty: Callable[[], str] | None = getattr(self.control, "fault", None)
        return faulty() if faulty is not None else ""

    def look(self) -> bool:
        """Be there for who only looks: asked for nothing, and out of sight where nothing is recorded. Return whether
        something is; what is made of parts stays, since they tell for themselves."""
        recorded = not has_value(self.control) or self.read() not in (None, "", ())
        self._name.setText(self.label)
        appear(self._note, False)
        if recorded is self._away:
            self._away = not recorded
            appear(self, recorded)
        return recorded

    def missing(self) -> str:
        """Return "不能为空" where nothing stands in a required field, else ""."""
        return "不能为空" if self.required and self.read() in (None, "", ()) else ""


def has_value(control: QWidget) -> bool:
    """Tell whether `read` finds a value in `control`, which else only holds parts that have theirs."""
    return hasattr(control, "value") or isinstance(control, QLineEdit | QPlainTextEdit)


def read(control: QWidget) -> Any:
    """Return the value of any control of this module; of words what can be seen, as sheets are read.

    What was pasted into one line stays one line; a password is what was typed.
    """
    reader: Callable[[], Any] | None = getattr(control, "value", None)  # choices, dates, spin boxes, our own parts
    if reader is not None:
        return reader()
    if isinstance(control, QLineEdit):
        hidden = control.echoMode() is not QLineEdit.EchoMode.Normal
        return control.text().strip() if hidden else _TURNS.sub(" ", clean(control.text()))
    assert isinstance(control, QPlainTextEdit)
    return clean(control.toPlainText())


class FieldSet(QWidget):
    """Fields by name in one or more columns; finds the one a refusal is about."""

    def __init__(self, fields: Sequence[tuple[str, Field]], columns: int = 1, gap: int = 12) -> None:
        super().__init__()
        self.fields = dict(fields)
        self.drafting: Drafted | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(gap)
        line = at = 0
        for _key, field in fields:
            wide = columns if isinstance(field.control, QPlainTextEdit) else 1  # what is written at length, across all
            if at + wide > columns:
                line, at = line + 1, 0
            grid.addWidget(field, line, at, 1, wide, Qt.AlignmentFlag.AlignTop)
            at += wide
        for column in range(columns):
            grid.setColumnStretch(column, 1)
        self._nothing = text("还没有登记。", "sub")
        grid.addWidget(self._nothing, line + 1, 0, 1, columns)
        appear(self._nothing, False)
        self.setProperty(OWN, True)
        following = [field.control for _key, field in fields]
        for before, after in pairwise(following):
            QWidget.setTabOrder(before, after)

    def enter(self, verb: Callable[[], object]) -> None:
        """Let Enter in a field of one line lead to the next one that is empty, and do `verb` where none is."""
        lines = [field.control for field in self.fields.values() if isinstance(field.control, QLineEdit)]
        for number, line in enumerate(lines):
            others = (*lines[number + 1 :], *lines[: number + 1])
            line.returnPressed.connect(partial(self._entered, others, verb))

    def _entered(self, lines: Sequence[QLineEdit], verb: Callable[[], object]) -> None:
        empty = next((line for line in lines if not line.text().strip() and line.isVisible()), None)
        if empty is None:
            verb()
        else:
            empty.setFocus(Qt.FocusReason.TabFocusReason)
            show_in_view(empty)

    def say_nothing(self, on: bool) -> None:
        """Say that nothing is recorded yet, where who looks would see an empty place."""
        appear(self._nothing, on)

    def values(self) -> dict[str, Any]:
        """Return the value of every field by its key."""
        return {key: field.read() for key, field in self.fields.items()}

    def calm(self) -> None:
        """Take all refusals away."""
        for field in self.fields.values():
            field.refuse("")

    def check(self, *, required: bool = False) -> bool:
        """Refuse every field that cannot be read, or (`required`) is empty and must not; return whether none is."""
        fine = True
        for key, field in self.fields.items():
            reason = field.unreadable() or (field.missing() if required else "")
            if reason and fine:
                fine = not self.refuse(key, reason)
            elif reason:
                field.refuse(reason)
        return fine

    def changed(self) -> dict[str, Any]:
        """Return the values of the fields that the user changed: all that a record already kept needs."""
        words = self.values() if self.drafting is None else self.drafting.words()
        return {key: value for key, value in self.values().items() if key in words}

    def refuse(self, name: str, reason: str, *, right: object = None) -> bool:
        """Show `reason` at the field of this name, until another value or the only one that is `right` stands there,
        and put the cursor there; False if there is no such field.
        """
        field = self.fields.get(name)
        if field is None:
            return False
        field.refuse(reason, right=right)
        field.control.setFocus()
        show_in_view(field)
        return True

    def take(self, error: Exception) -> bool:
        """Show a refusal at the field it is about; False if it is about none of these, or no refusal."""
        if isinstance(error, InvalidInput):
            return self.refuse(error.name, error.reason)
        if isinstance(error, Conflict):
            return self.refuse(str(error.facts.get("name", "")), str(error.facts.get("reason", "")))
        return False


def count_faults(verb: QPushButton, fields: Iterable[Field]) -> None:
    """Have a form's button say how many of its fields are refused."""
    every, words = tuple(fields), verb.text()

    def count() -> None:
        faults = sum(bool(field.fault()) for field in every)
        verb.setText(f"{words}（{faults} 处要改）" if faults else words)

    for field in every:
        field.fault_changed.connect(count)


def sentence(reason: str) -> str:
    """Return a reason with its full stop, as it stands under a field."""
    return reason if not reason or reason.endswith(("。", "！", "？")) else reason + "。"


def show_in_view(field: QWidget) -> None:
    """Scroll every scroll area around `field` so that all of it is seen, where it stands once all is laid out.

    A layout places what is new, or has grown by what was refused, by events of its own. They are not waited for: on
    Windows a timer comes before them.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    above = field.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(field)
        above = above.parentWidget()

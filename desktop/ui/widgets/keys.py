"""Keys and what they do: every shortcut says it where it is made, and the window of shortcuts reads it from there."""

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar, Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget

Keys = tuple[tuple[str, str], ...]
"""Keys as people read them, and what each does."""


@runtime_checkable
class TakesKeys(Protocol):
    """A part that handles keys itself (`keyPressEvent`) and says which."""

    takes: ClassVar[Keys]


def shortcut(
    parent: QWidget, keys: str | Qt.Key | QKeySequence.StandardKey, words: str, call: Callable[[], object]
) -> QShortcut:
    """Let `keys` do what `words` say, while `parent` is in view."""
    made = QShortcut(QKeySequence(keys), parent)
    made.setWhatsThis(words)
    made.activated.connect(call)
    return made


def keys_among(shortcuts: Iterable[QShortcut]) -> Iterator[tuple[str, str]]:
    """Give the keys of shortcuts that can be used now, each once."""
    for each in shortcuts:
        holder = each.parent()
        if each.isEnabled() and each.whatsThis() and isinstance(holder, QWidget) and holder.isVisible():
            yield each.key().toString(QKeySequence.SequenceFormat.NativeText), each.whatsThis()


def keys_on(buttons: Iterable[QAbstractButton]) -> Iterator[tuple[str, str]]:
    """Give the keys that press buttons."""
    for each in buttons:
        if not each.shortcut().isEmpty():
            name = each.accessibleName() or each.text()
            yield each.shortcut().toString(QKeySequence.SequenceFormat.NativeText), name

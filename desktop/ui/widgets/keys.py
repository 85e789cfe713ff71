"""Keys and what they do: every shortcut says it where it is made, and the window of shortcuts reads it from there."""

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar, Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QScrollArea, QWidget

Keys = tuple[tuple[str, str], ...]
"""Keys as people read them, and what each does."""
NAMES = {
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
    "Space": "空格",
    "Return": "Enter",
    "PgUp": "PageUp",
    "PgDown": "PageDown",
    "Del": "Delete",
    "Menu": "菜单键",
}
"""Keys whose name people read otherwise than Qt writes it."""
TURNS: Keys = (("PageUp PageDown", "上下翻看"),)
"""What `turn` does, for parts that say which keys they take."""
_TURNS: dict[int, QAbstractSlider.SliderAction] = {
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
}


def turn(area: QScrollArea | None, event: QKeyEvent) -> bool:
    """Let PageUp and PageDown scroll `area`, whose words alone take no focus; tell whether it was such a key."""
    act = _TURNS.get(event.key())
    if area is None or act is None or not area.verticalScrollBar().maximum():
        return False
    area.verticalScrollBar().triggerAction(act)
    return True


def spelt(keys: QKeySequence) -> str:
    """Return keys as people read them: Alt+←."""
    parts = keys.toString(QKeySequence.SequenceFormat.PortableText).split("+")
    return "+".join(NAMES.get(part, part) for part in parts)


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
            yield spelt(each.key()), each.whatsThis()


def keys_on(buttons: Iterable[QAbstractButton]) -> Iterator[tuple[str, str]]:
    """Give the keys that press buttons."""
    for each in buttons:
        if not each.shortcut().isEmpty():
            name = each.accessibleName() or each.text()
            yield spelt(each.shortcut()), name

"""快捷键: what keys do in the window, on the page in view and while filling in, as the parts themselves say."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QWidget

from desktop.ui.widgets import box, col, text
from desktop.ui.widgets.buttons import PushButton
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.keys import Keys, TakesKeys, keys_among, keys_on
from desktop.ui.widgets.layout import Item

EVERYWHERE, HERE, PART, FILLING = "到处都能用", "这一页", "右边的一栏", "填写时"
OF_FORMS = (PushButton, DateEdit, Dialog)
KEYS_WIDTH = 128


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys under one heading."""

    title: str
    keys: Keys


def keys_in_view(shell: QWidget, page: QWidget) -> list[KeyGroup]:
    """Return what keys do now: in the window, on `page`, in each of its parts that takes keys, and in any form."""
    window, direct = shell.window(), Qt.FindChildOption.FindDirectChildrenOnly
    whole = dict.fromkeys((window, shell))  # one where the shell is the window
    own = [each for part in whole for each in cast(list[QShortcut], part.findChildren(QShortcut, "", direct))]
    buttons = [part for part in _buttons(shell) if not page.isAncestorOf(part)]
    groups = [KeyGroup(EVERYWHERE, _once((*keys_among(own), *keys_on(buttons))))]
    groups.append(
        KeyGroup(HERE, _once((*keys_among(cast(list[QShortcut], page.findChildren(QShortcut))), *_keys_on(page))))
    )
    groups += _parts(page)
    groups.append(KeyGroup(FILLING, _once(line for kind in OF_FORMS for line in kind.takes)))
    return [group for group in groups if group.keys]


def _buttons(part: QWidget) -> list[QAbstractButton]:
    return cast(list[QAbstractButton], part.findChildren(QAbstractButton))


def _keys_on(page: QWidget) -> Iterable[tuple[str, str]]:
    return keys_on(part for part in _buttons(page) if part.isVisible())


def _parts(page: QWidget) -> list[KeyGroup]:
    """Return the parts in view that take keys, each kind once, named as a reader of the screen hears them."""
    groups: dict[type, KeyGroup] = {}
    for part in cast(list[QWidget], page.findChildren(QWidget)):
        name = part.accessibleName() or PART
        if part.isVisible() and isinstance(part, TakesKeys) and not isinstance(part, OF_FORMS):
            groups.setdefault(type(part), KeyGroup(name, part.takes))
    return list(groups.values())


def _once(keys: Iterable[tuple[str, str]]) -> Keys:
    return tuple(dict.fromkeys(keys))


class ShortcutsDialog(Dialog):
    """The keys that do something where one is."""

    def __init__(self, page: QWidget, groups: Iterable[KeyGroup]) -> None:
        parts: list[Item] = []
        for group in groups:
            parts.append(text(group.title, "strong"))
            lines = QGridLayout()
            lines.setContentsMargins(0, 0, 0, 4)
            lines.setHorizontalSpacing(12)
            lines.setVerticalSpacing(4)
            lines.setColumnMinimumWidth(0, KEYS_WIDTH)
            lines.setColumnStretch(1, 1)
            for number, (keys, words) in enumerate(group.keys):
                lines.addWidget(text(keys, "sub"), number, 0, Qt.AlignmentFlag.AlignTop)
                lines.addWidget(text(words, wrap=True), number, 1)
            parts.append(box(lines))
        super().__init__(page, "快捷键", box(col(*parts, gap=8)), verb="知道了", cancel="", wide=True)

"""Buttons: one filled red one in a view, white ones, red text links, icons; and the switch of a few views."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QSizePolicy

from desktop.ui import theme
from desktop.ui.widgets.layout import row

Action = Callable[[], object]


def button(words: str, action: Action | None = None, kind: str = "", icon: str = "") -> QPushButton:
    """Return a push button. Kinds: "" white, primary, small, link, icon, segment, person, row."""
    out = QPushButton(words)
    out.setObjectName(kind)
    out.setAutoDefault(False)
    out.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon:
        tint = theme.CARD if kind == "primary" else theme.RED if kind == "link" else theme.ICON
        out.setIcon(theme.icon(icon, tint))
        side = 16 if kind in ("small", "link") else 18
        out.setIconSize(QSize(side, side))
    policy = QSizePolicy.Policy.Maximum if kind in ("", "small", "link", "primary") else QSizePolicy.Policy.Preferred
    out.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
    if action is not None:
        run = action
        out.clicked.connect(lambda _checked=False: run())
    return out


def link(words: str, action: Action | None = None, icon: str = "") -> QPushButton:
    """Return a red text link."""
    return button(words, action, "link", icon)


def icon_button(icon: str, name: str, action: Action | None = None) -> QPushButton:
    """Return a button that is only an icon; `name` is its tooltip and its accessible name."""
    out = button("", action, "icon", icon)
    out.setAccessibleName(name)
    out.setToolTip(name)
    out.setFixedSize(30, 30)
    return out


class Segments(QFrame):
    """A switch between a few views of the same list; `changed` gives the key."""

    changed = Signal(str)

    def __init__(self, parts: Sequence[tuple[str, str]], current: str = "", name: str = "切换") -> None:
        super().__init__()
        self.setObjectName("segments")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self.setLayout(row(gap=0))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        for key, words in parts:
            part = button(words, None, "segment")
            part.setCheckable(True)
            part.clicked.connect(lambda _checked=False, key=key: self.changed.emit(key))
            self._group.addButton(part)
            self._buttons[key] = part
            self.layout().addWidget(part)
        self.choose(current or parts[0][0])

    def choose(self, key: str) -> None:
        """Mark `key` without telling anyone."""
        self._buttons[key].setChecked(True)

    def current(self) -> str:
        """Return the key that is marked."""
        return next(key for key, part in self._buttons.items() if part.isChecked())

    def name(self, key: str, words: str) -> None:
        """Change the words of one part, for a count beside the name."""
        self._buttons[key].setText(words)

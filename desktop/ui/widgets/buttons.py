"""Buttons: one filled red one in a view, white ones, red text links, icons; and the switch of a few views."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QComboBox,
    QFrame,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolTip,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.focus import keys_lead
from desktop.ui.widgets.keys import Keys
from desktop.ui.widgets.layout import appear, col, row
from desktop.ui.widgets.words import name_drop_down

Action = Callable[[], object]
WIDEST_DROP_DOWN = 240
"""What a switch asks for at least, in logical pixels, however long its names are."""
NARROWEST_LINK = 180
"""What a link asks for at least, in logical pixels, however long its words are."""


class PushButton(QPushButton):
    """A button that Enter presses too, in a page as in a dialog; Qt by itself knows only the space bar there."""

    takes: ClassVar[Keys] = (
        ("Tab Shift+Tab", "到下一处、上一处"),
        ("Enter 空格", "按下停着的按钮"),
    )

    offers: QMenu | None = None
    """The menu that a press opens below it; where the button itself goes into a menu, that one has its lines."""
    withheld = False
    folded = False
    wanted = True
    """Whether the page wants it seen; it may be withheld, or folded away, all the same."""

    def withhold(self, on: bool) -> None:
        """Keep the button out of sight, whatever asks to show it: who works here may not do what it does."""
        if on is not self.withheld:
            self.withheld = on
            if on or self.parentWidget() is not None:
                self.setVisible(not on)

    def fold(self, on: bool) -> None:
        """Keep the button out of sight where there is no room; what the page wants of it meanwhile is heeded after."""
        self.folded = on
        self._come(self.wanted and not self.withheld and not on)

    def setVisible(self, visible: bool) -> None:
        """Show or hide; what is withheld or folded stays hidden, and who folded it hears that the page changed it."""
        changed, self.wanted = visible is not self.wanted, visible
        self._come(visible and not self.withheld and not self.folded)
        if changed and self.folded and self.parentWidget() is not None:
            QApplication.postEvent(self.parentWidget(), QEvent(QEvent.Type.LayoutRequest))

    def _come(self, on: bool) -> None:
        """Show or hide. To show it lays its row out, which may fold it at once; Qt shows it then all the same."""
        super().setVisible(on)
        if on and self.isHidden() and self.isVisible():
            self.setAttribute(
                Qt.WidgetAttribute.WA_WState_Hidden, False
            )  # else Qt takes it for hidden and does nothing
            super().setVisible(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class Link(PushButton):
    """A text link: longer than a narrow column is wide, it is cut at its end, and the pointer tells it whole."""

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(min(least.width(), NARROWEST_LINK), least.height())

    def shown(self) -> str:
        """Return its words as they are painted."""
        words, metrics = self.text(), self.fontMetrics()
        lacking = self.sizeHint().width() - self.width()
        if lacking <= 0:  # a fitting link stays whole, although words are a fraction wider than whole pixels tell
            return words
        return metrics.elidedText(words, Qt.TextElideMode.ElideRight, metrics.horizontalAdvance(words) - lacking)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and not self.toolTip() and self.shown() != self.text():
            QToolTip.showText(QCursor.pos(), self.text(), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown()
        if shown == self.text():
            super().paintEvent(event)
            return
        from PySide6.QtWidgets import QStyle, QStyleOptionButton, QStylePainter  # none is cut in the first window

        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = shown  # type: ignore[attr-defined]
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)


def button(words: str, action: Action | None = None, kind: str = "", icon: str = "") -> QPushButton:
    """Return a push button. Kinds: "" white, primary, small, link, icon, segment, person, row."""
    out = Link(words) if kind == "link" else PushButton(words)
    dress(out, kind, icon)
    out.setAutoDefault(False)
    out.setCursor(Qt.CursorShape.PointingHandCursor)
    policy = QSizePolicy.Policy.Maximum if kind in ("", "small", "link", "primary") else QSizePolicy.Policy.Preferred
    out.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
    if action is not None:
        run = action
        out.clicked.connect(lambda _checked=False: run())
    return out


def dress(out: QPushButton, kind: str, icon: str = "") -> None:
    """Give a button the look of a kind, also where it had that of another."""
    out.setObjectName(kind)
    if icon:
        tint = theme.CARD if kind == "primary" else theme.RED if kind == "link" else theme.ICON
        out.setIcon(theme.icon(icon, tint))
        side = 16 if kind in ("small", "link") else 18
        out.setIconSize(QSize(side, side))
    if out.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        out.style().unpolish(out)
        out.style().polish(out)


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


def offer_below(part: QPushButton, menu: QMenu) -> None:
    """Open `menu` below a button; where the button itself hides in another menu, at the pointer."""
    menu.popup(part.mapToGlobal(part.rect().bottomLeft()) if part.isVisible() else QCursor.pos())
    stand_in(menu)


def passing_menu(owner: QWidget) -> QMenu:
    """Return a menu made for one time: once closed it goes, and does not wait for the page to go."""
    menu = QMenu(owner)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def menu_button(words: str, menu: QMenu, kind: str = "", icon: str = "") -> PushButton:
    """Return a button that opens `menu` below itself."""
    out = button(words, lambda: offer_below(out, menu), kind, icon)
    assert isinstance(out, PushButton)
    out.offers = menu
    return out


def stand_in(menu: QMenu) -> None:
    """Stand on the first line of a menu that a key opened: Qt by itself marks none."""
    first = next((each for each in menu.actions() if each.isEnabled() and not each.isSeparator()), None)
    if keys_lead() and first is not None:
        menu.setActiveAction(first)


MOST_TURNS = 3


class Segments(QFrame):
    """A switch between a few views of the same list; `changed` gives the key.

    Where there is no room for every name whole, it is a drop-down: a name is never cut.
    """

    changed = Signal(str)

    def __init__(self, parts: Sequence[tuple[str, str]], current: str = "", name: str = "切换") -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(name)
        self._folded = self._folding = False
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._keys = [key for key, _words in parts]
        self._fitting = False
        self._switch, self.drop_down = row(gap=0), QComboBox()
        name_drop_down(self.drop_down, name)
        self.drop_down.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.drop_down.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.drop_down.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToContents
        )  # a count comes later: “全部 30”
        for key, words in parts:
            part = button(words, None, "segment")
            part.setCheckable(True)
            part.clicked.connect(lambda _checked=False, key=key: self._chosen(key))
            self._group.addButton(part)
            self._buttons[key] = part
            self._switch.addWidget(part)
            self.drop_down.addItem(words)
        self.drop_down.activated.connect(lambda index: self._chosen(self._keys[index]))
        self.setLayout(col(self._switch, self.drop_down, gap=0))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._fold(False)
        self.choose(current or parts[0][0])

    def choose(self, key: str) -> None:
        """Mark `key` without telling anyone."""
        self._buttons[key].setChecked(True)
        self.drop_down.setCurrentIndex(self._keys.index(key))

    def current(self) -> str:
        """Return the key that is marked."""
        return next(key for key, part in self._buttons.items() if part.isChecked())

    def name(self, key: str, words: str) -> None:
        """Change the words of one part, for a count beside the name."""
        self._buttons[key].setText(words)
        self.drop_down.setItemText(self._keys.index(key), words)
        self.updateGeometry()
        self._fit()

    def folded(self) -> bool:
        """Return whether it is a drop-down now."""
        return self._folded

    def sizeHint(self) -> QSize:
        return QSize(self._whole(), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._whole(), self.drop_down.sizeHint().width(), WIDEST_DROP_DOWN), self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be a drop-down where the names have no room."""
        super().resizeEvent(event)
        self._fit()

    def _whole(self) -> int:
        return sum(part.sizeHint().width() for part in self._buttons.values())

    def _height(self) -> int:
        return max(part.sizeHint().height() for part in self._buttons.values())

    def _fit(self) -> None:
        if self._fitting or not (self.isVisible() or self.testAttribute(Qt.WidgetAttribute.WA_Resized)):
            return
        self._fitting = True  # hiding and showing parts may resize it again, in the middle of it
        for _turn in range(2):
            narrow = self.width() < self._whole()
            if narrow is not self.folded():
                self._fold(narrow)
        self._fitting = False

    def _fold(self, on: bool) -> None:
        """Show the drop-down or the buttons; to show a part may resize the whole, which asks again before this ends."""
        self._folded = on
        if self._folding:
            return
        self._folding = True
        for _turn in range(MOST_TURNS):
            shown = self._folded
            self.setObjectName("clear" if shown else "segments")
            self.style().polish(self)
            appear(self.drop_down, shown)
            for part in self._buttons.values():
                appear(part, not shown)
            if shown is self._folded:
                break
        self._folding = False

    def _chosen(self, key: str) -> None:
        self.choose(key)
        self.changed.emit(key)


class OneOf(Segments):
    """A choice of few that are all in view; none is chosen for whoever decides. It is a control of a form."""

    def __init__(self, name: str, parts: Sequence[tuple[str, str]], chosen: str | None = None) -> None:
        super().__init__(parts, name=name)
        self.set_value(chosen)

    def current(self) -> str:
        """Return the key that is marked, "" where none is."""
        return next((key for key, part in self._buttons.items() if part.isChecked()), "")

    def value(self) -> str | None:
        """Return the key that is chosen, None where none is yet."""
        return self.current() or None

    def set_value(self, key: str | None) -> None:
        """Choose one, or with None none, without telling anyone."""
        if key in self._buttons:
            self.choose(key)
            return
        self._group.setExclusive(False)
        for part in self._buttons.values():
            part.setChecked(False)
        self._group.setExclusive(True)
        self.drop_down.setCurrentIndex(-1)

    def press(self, number: int) -> bool:
        """Choose by number, counted from 1, as by a click; return whether there is such a one that may be chosen."""
        if not 1 <= number <= len(self._keys) or not self._buttons[self._keys[number - 1]].isEnabled():
            return False
        self._chosen(self._keys[number - 1])
        return True

    def typed(self) -> object:
        """Return what is chosen, as a draft keeps it."""
        return self.value()

    def type_again(self, kept: object) -> None:
        """Put back what `typed` returned."""
        self.set_value(kept if isinstance(kept, str) else None)
        self.changed.emit(self.current())

    def on_typing(self, then: Callable[[], object]) -> None:
        """Call `then` after every change."""
        self.changed.connect(lambda _key: then())

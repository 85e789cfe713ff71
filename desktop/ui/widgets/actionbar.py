"""The filters and buttons at the right of the tabs; in a narrow window the lesser buttons go into a menu."""

from collections.abc import Sequence
from typing import TypeGuard

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QSizePolicy, QWidget

from desktop.ui.widgets.buttons import PushButton, Segments, icon_button, offer_below, passing_menu
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.layout import appear, row

GAP = 8
MORE = "更多"
"""What a button is called that offers whatever else there is; inside a menu it would be the same once more."""


class ActionBar(QWidget):
    """Lays `parts` out in a row. Without room, plain buttons hide from the left and are offered by … ; filters stay.

    Where even that is too little, a switch gets the room of a drop-down, a choice that shrinks its least, and buttons
    that fit beside them come back.
    `lead` stands at the left, apart from them. `asked` tells that a part may want another width.
    """

    asked = Signal()

    def __init__(self, parts: Sequence[QWidget], lead: QWidget | None = None) -> None:
        super().__init__()
        self._parts, self._lead = list(parts), lead
        self._folded: list[PushButton] = []
        self._waking = QTimer(self)
        self._waking.setSingleShot(True)
        self._waking.timeout.connect(self._wake)
        self.more = icon_button("dots", "更多操作", self._offer)
        self.setLayout(row((lead, 1) if lead is not None else ..., self.more, *parts, gap=GAP))
        self.more.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for part in self._parts:
            part.installEventFilter(self)

    def count(self) -> int:
        """Return how many parts there are, the one at the left too."""
        return len(self._parts) + (self._lead is not None)

    def main(self) -> QPushButton | None:
        """Return the main button, if it is in view and can be pressed."""
        for part in reversed(self._parts):
            if isinstance(part, QPushButton) and part.objectName() == "primary" and part.isVisible():
                return part if part.isEnabled() else None
        return None

    def rest(self) -> None:
        """Take no press as long as a double click may last: its second press was meant for what stood here before."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._waking.start(QApplication.doubleClickInterval())

    def _wake(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)

    def sizeHint(self) -> QSize:
        return QSize(self._width(self._wanted()) + self._before(least=False), 36)

    def minimumSizeHint(self) -> QSize:
        kept = [part for part in self._wanted() if not _may_fold(part)]
        folds = len(kept) < len(self._wanted())
        beside = self.more.width() + GAP if folds else 0
        return QSize(self._width(kept, close=True) + beside + self._before(least=True), 32)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Measure anew when one of the actions appears, goes or changes its words."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent) and watched not in self._folded:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Measure anew when a part wants another width: a switch that was filled, a button with other words."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.asked.emit()
            self._fit()
        return done

    def _wanted(self) -> list[QWidget]:
        return [part for part in self._parts if _is_wanted(part)]

    def _width(self, parts: Sequence[QWidget], close: bool = False) -> int:
        return sum(_width(part, close) + GAP for part in parts) - GAP if parts else 0

    def _before(self, *, least: bool) -> int:
        """Return the room the part at the left asks for."""
        if self._lead is None:
            return 0
        return (self._lead.minimumSizeHint() if least else self._lead.sizeHint()).width() + GAP

    def _fit(self) -> None:
        wanted = self._wanted()
        folded, fits = self._without(wanted, close=False)
        if not fits:
            folded, _fits = self._without(wanted, close=True)
        if folded != self._folded:
            before, self._folded = self._folded, folded
            for part in (*before, *folded):
                part.fold(part in folded)
            appear(self.more, bool(folded))

    def _without(self, wanted: Sequence[QWidget], close: bool) -> tuple[list[PushButton], bool]:
        """Return which buttons have to go into the menu, and whether the others fit then."""
        shown, folded = list(wanted), list[PushButton]()
        room = self.width() - self._before(least=True)
        for part in (None, *wanted):
            if part is not None and _may_fold(part):
                shown.remove(part)
                folded.append(part)
            if self._width(shown, close) + (self.more.width() + GAP if folded else 0) <= room:
                return folded, True
        return folded, False

    def _offer(self) -> None:
        menu = passing_menu(self)
        for part in sorted(self._folded, key=lambda part: part.text() == MORE):
            if part.offers is not None and part.isEnabled():
                _lay_in(menu, part.text(), part.offers)
                continue
            action = menu.addAction(part.text() or part.accessibleName())
            action.setEnabled(part.isEnabled())
            action.triggered.connect(lambda _checked=False, part=part: part.click())
        offer_below(self.more, menu)


def _lay_in(menu: QMenu, words: str, offered: QMenu) -> None:
    """Put what a folded button offers into the menu: what is only 更多 as its lines, else beside its name."""
    if words == MORE:
        menu.addSeparator()
        menu.addActions(offered.actions())
    else:
        offered.setTitle(words)
        menu.addMenu(offered)


def _width(part: QWidget, close: bool) -> int:
    """Return the width `part` asks for; `close`: the least it can do with, as a drop-down or a narrower one."""
    gives_way = isinstance(part, Segments) or part.findChild(Segments) is not None
    flexible = close and (gives_way or (isinstance(part, Choice) and part.shrinks))
    return max((part.minimumSizeHint() if flexible else part.sizeHint()).width(), part.minimumWidth())


def _may_fold(part: QWidget) -> TypeGuard[PushButton]:
    return isinstance(part, PushButton) and part.objectName() != "primary"


def _is_wanted(part: QWidget) -> bool:
    """Return whether the page wants `part` seen, folded or not."""
    return part.wanted and not part.withheld if isinstance(part, PushButton) else not part.isHidden()

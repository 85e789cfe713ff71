"""The filters and buttons at the right of the tabs; in a narrow window the lesser buttons go into a menu."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QSizePolicy, QWidget

from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.layout import row

GAP = 8


class ActionBar(QWidget):
    """Lays `parts` out in a row. Without room, plain buttons hide from the left and are offered by … ; filters stay."""

    def __init__(self, parts: Sequence[QWidget]) -> None:
        super().__init__()
        self._parts = list(parts)
        self._folded: list[QPushButton] = []
        self._waking = QTimer(self)
        self._waking.setSingleShot(True)
        self._waking.timeout.connect(self._wake)
        self.more = icon_button("dots", "更多操作", self._offer)
        self.setLayout(row(self.more, *parts, gap=GAP))
        self.more.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for part in self._parts:
            part.installEventFilter(self)

    def count(self) -> int:
        """Return how many parts there are."""
        return len(self._parts)

    def rest(self) -> None:
        """Take no press as long as a double click may last: its second press was meant for what stood here before."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._waking.start(QApplication.doubleClickInterval())

    def _wake(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)

    def sizeHint(self) -> QSize:
        return QSize(self._width(self._wanted()), 36)

    def minimumSizeHint(self) -> QSize:
        kept = [part for part in self._wanted() if not _may_fold(part)]
        folds = len(kept) < len(self._wanted())
        return QSize(self._width(kept) + (self.more.width() + GAP if folds else 0), 32)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Measure anew when one of the actions appears, goes or changes its words."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent) and watched not in self._folded:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _wanted(self) -> list[QWidget]:
        return [part for part in self._parts if part in self._folded or not part.isHidden()]

    def _width(self, parts: Sequence[QWidget]) -> int:
        return sum(max(part.sizeHint().width(), part.minimumWidth()) + GAP for part in parts) - GAP if parts else 0

    def _fit(self) -> None:
        wanted = self._wanted()
        shown = list(wanted)
        folded: list[QPushButton] = []
        for part in wanted:
            needed = self._width(shown) + (self.more.width() + GAP if folded else 0)
            if needed <= self.width():
                break
            if _may_fold(part) and isinstance(part, QPushButton):
                shown.remove(part)
                folded.append(part)
        if folded != self._folded:
            before, self._folded = self._folded, folded
            for part in before:
                part.show()
            for part in folded:
                part.hide()
            self.more.setVisible(bool(folded))

    def _offer(self) -> None:
        menu = QMenu(self)
        for part in self._folded:
            action = menu.addAction(part.text() or part.accessibleName())
            action.setEnabled(part.isEnabled())
            action.triggered.connect(lambda _checked=False, part=part: part.click())
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))


def _may_fold(part: QWidget) -> bool:
    return isinstance(part, QPushButton) and part.objectName() != "primary"

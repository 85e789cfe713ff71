"""Small decisions: a dialog of at most 480 logical pixels, its buttons named by their verbs."""

from collections.abc import Callable, Iterable
from typing import ClassVar, Protocol, cast, runtime_checkable

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QScrollArea, QWidget

from desktop.services.quoting import nested
from desktop.ui import theme
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.keys import TURNS, Keys, shortcut, turn
from desktop.ui.widgets.layout import Item, appear, box, col, fixed, row, scroll
from desktop.ui.widgets.left import comes_too_late
from desktop.ui.widgets.words import Glyph, text

FIELDS = (QLineEdit, QComboBox, QPlainTextEdit)
WIDTH = 460
FRAME = 48  # what a window frame and its shadow take of the screen's height
EDGES = 8  # what its left and right edges take of the width


@runtime_checkable
class Helps(Protocol):
    """What opens the manual over a form."""

    def help_over(self, form: QWidget) -> None:
        """Open it."""


class Dialog(QDialog):
    """Title, body, and the verb beside 取消. Enter is the verb, Esc cancels. Open with `open()`, never `exec()`."""

    takes: ClassVar[Keys] = (
        ("Enter", "办右下角红色按钮的事"),
        ("Esc", "取消，关上"),
        *TURNS,
    )

    def __init__(
        self, parent: QWidget | None, title: str, *body: Item, verb: str, cancel: str = "取消", wide: bool = False
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(480 if wide else WIDTH)
        self.verb = button(verb, self.submit, "primary")
        self.verb.setDefault(True)
        self.verb.setAutoDefault(True)
        self.cancel: QPushButton | None = button(cancel, self.reject) if cancel else None
        self.body = col(*body, gap=12)
        self.shown = box(self.body)
        line = row(..., self.cancel, self.verb, gap=8)
        self.setLayout(col(text(title, "h2", wrap=True), (self.shown, 1), line, gap=14, pad=(20, 18, 20, 16)))
        shortcut(self, "F1", "手册", self.show_help)

    def open(self) -> None:
        """Show it, unless the same one stands there: what opens after a reading would come twice of a double click.

        Nor does it open where its page was left during the reading; what only tells something is told all the same.
        """
        if self._stands_already() or (self.cancel is not None and comes_too_late()):
            self.deleteLater()
        else:
            super().open()

    def _stands_already(self) -> bool:
        parent = self.parentWidget()
        others = cast(list[Dialog], parent.findChildren(type(self))) if parent is not None else []
        return any(other is not self and other.isVisible() and other._said() == self._said() for other in others)

    def _said(self) -> list[str]:
        parts = cast(list[QLabel], self.findChildren(QLabel))
        return [self.windowTitle(), *(part.text() for part in parts)]

    def setVisible(self, visible: bool) -> None:
        """Show or hide; on a screen too low for the whole, the body scrolls and the buttons stay."""
        if visible:
            self._widen()
            self._fit()
            stand_over(self, self.parentWidget())
        super().setVisible(visible)
        if visible and self.focusWidget() in (None, self.verb):  # Qt prefers the button where another comes first
            self._begin()

    def show_help(self) -> None:
        """Let the window under the dialog open the manual over it."""
        part = self.parentWidget()
        while part is not None and not isinstance(part, Helps):
            part = part.parentWidget()
        if part is not None:
            part.help_over(self)

    def _begin(self) -> None:
        """Put the cursor into the first field: what is typed on opening goes nowhere else."""
        parts: Iterable[QWidget] = self.shown.findChildren(QWidget)
        for part in parts:
            takes = bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus) and part.isEnabled() and part.isVisibleTo(self)
            if takes and isinstance(part, FIELDS) and not getattr(part, "isReadOnly", bool)():
                part.setFocus()
                return

    def event(self, event: QEvent) -> bool:
        """Grow and shrink with what the dialog says: a refusal under a field may take several lines."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._fit()
        return done

    def _widen(self) -> None:
        """Be as wide as what stands in the dialog at least needs: nothing of it is cut at the side."""
        needed = min(self.layout().minimumSize().width(), self.screen().availableGeometry().width() - EDGES)
        if needed > self.width():
            self.setFixedWidth(needed)

    def _fit(self) -> None:
        if self.shown.parentWidget() is not self:  # it scrolls already
            return
        room = self.screen().availableGeometry().height() - FRAME
        layout = self.layout()
        exact = layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else 0
        needed = max(exact, self.sizeHint().height() if not exact else 0)
        if needed > room:
            area = scroll(row(pad=0))
            layout.replaceWidget(self.shown, area)
            area.setWidget(self.shown)
            appear(self.shown, True)
            self.setMaximumHeight(room)
            self.resize(self.width(), room)
        elif exact:
            self.resize(self.width(), exact)
            below = self.geometry().bottom() - self.screen().availableGeometry().bottom()
            if below > 0 and self.isVisible():  # the verb would have left the screen
                self.move(self.x(), self.y() - below)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button that has the focus, 取消 too; from anywhere else it is the verb."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        elif not turn(self._column(), event):
            super().keyPressEvent(event)

    def _column(self) -> QScrollArea | None:
        """Return what of the dialog scrolls, where its words do not all stand in it."""
        columns = cast(list[QScrollArea], self.findChildren(QScrollArea))
        return next((part for part in columns if part.isVisible() and part.verticalScrollBar().maximum()), None)

    def stand_on_cancel(self) -> None:
        """Put the focus on 取消, and make it what Enter does."""
        if self.cancel is not None:
            self.verb.setAutoDefault(False)
            self.cancel.setDefault(True)
            self.cancel.setFocus()

    def submit(self) -> None:
        """Do what the verb says; a form overrides it and stays open when its value is refused."""
        self.accept()


def stand_over(dialog: QDialog, parent: QWidget | None) -> None:
    """Give `dialog` its place before it is shown: the middle of the parent's window, all of it on the screen.

    Qt would move it while it is being shown; a window manager that is late then takes the move for older than its own
    placing, and the dialog stands in the corner of the screen. Where the user has put it, it stays.
    """
    if dialog.isVisible() or dialog.testAttribute(Qt.WidgetAttribute.WA_Moved):
        return
    dialog.ensurePolished()
    if not dialog.testAttribute(Qt.WidgetAttribute.WA_Resized):
        dialog.adjustSize()
    window = parent.window() if parent is not None else None
    over = window.frameGeometry() if window is not None and window.isVisible() else dialog.screen().availableGeometry()
    room = (window or dialog).screen().availableGeometry()
    place = QRect(QPoint(), dialog.size() + QSize(EDGES, FRAME))
    place.moveCenter(over.center())
    place.moveRight(min(place.right(), room.right()))
    place.moveBottom(min(place.bottom(), room.bottom()))
    dialog.move(max(place.left(), room.left()), max(place.top(), room.top()))


def _message(icon: str, color: str, *lines: Item) -> Item:
    return row(col(fixed(Glyph(icon, color, 24), 24, 24), ...), (col(*lines, ..., gap=6), 1), gap=12)


def confirm(
    parent: QWidget, title: str, words: str, verb: str, then: Callable[[], object], *, destructive: bool = False
) -> Dialog:
    """Ask once before something that cannot be undone; `verb` names the deed.

    Where the deed is `destructive`, Enter without a look cancels: the focus stands on 取消.
    """
    said = _message("alert-triangle", theme.AMBER, text(nested(words), wrap=True))
    dialog = Dialog(parent, nested(title), said, verb=verb)
    dialog.accepted.connect(then)
    if destructive:
        dialog.stand_on_cancel()
    dialog.open()
    return dialog


def inform(parent: QWidget, title: str, *lines: str, code: str = "", bad: bool = False) -> Dialog:
    """Tell what happened, what is kept, and what to do next."""
    words: list[Item] = [text(line, wrap=True) for line in lines if line]
    if code:
        words.append(text(f"提示编号 {code}", "small"))
    icon, color = ("alert-circle", theme.RED) if bad else ("info-circle", theme.SLATE)
    dialog = Dialog(parent, title, _message(icon, color, *words), verb="知道了", cancel="")
    dialog.open()
    return dialog

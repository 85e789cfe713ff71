"""Long work seen from its card: a strip that appears after 0.3 s; and the bar that takes a deed back."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from desktop.ui import theme
from desktop.ui.widgets.buttons import button, link
from desktop.ui.widgets.layout import appear, col, row, spread
from desktop.ui.widgets.words import Glyph, set_text, text

PATIENCE_MS = 300
UNDO_MS = 8000


class ProgressStrip(QWidget):
    """A thin bar with words and 取消. It shows itself only when the work lasts longer than 0.3 s.

    `running` tells that work began (True) or ended, however it ended (False); `cancelled` that somebody stops it,
    `shown` that the strip came into sight (True) or went (False).
    """

    running = Signal(bool)
    shown = Signal(bool)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = text("", "sub")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("进度")
        self._cancel: Callable[[], object] | None = None
        self._title, self._each, self._turn = "", 0, 0
        self.cancel_button = button("取消", self._cancelled, "small")
        self.setLayout(col(row(self._words, ..., self.cancel_button), self._bar, gap=4))
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(PATIENCE_MS)
        self._wait.timeout.connect(self._appear)
        self.hide()

    def begin(self, words: str, cancel: Callable[[], object] | None = None, each: int = 0) -> int:
        """Announce work called `words`; `cancel` asks it to stop. Return its turn, by which `end` knows it again.

        `each`: how much of what `step` is told makes one of the things that `words` speaks of; 0 where it counts
        something nobody asked for (bytes, thousandths), and the strip tells per cent.
        """
        self._title, self._cancel, self._each = words, cancel, each
        set_text(self._words, words)
        self._bar.setRange(0, 0)
        appear(self.cancel_button, cancel is not None)
        self.cancel_button.setEnabled(True)
        self._wait.start()
        self.running.emit(True)
        self._turn += 1
        return self._turn

    def step(self, done: int, total: int) -> None:
        """Show that `done` of `total` are finished."""
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        if self._each:
            count = total // self._each
            self._words.setText(f"{self._title}（{done // self._each} / {count}）" if count > 1 else self._title)
        else:
            self._words.setText(f"{self._title}（{done * 100 // total}%）" if total > 1 else self._title)

    def words(self) -> str:
        """Return what the strip says."""
        return self._words.text()

    def end(self, turn: int = 0) -> None:
        """Go away; the end of a `turn` that newer work has taken the place of changes nothing."""
        if turn and turn != self._turn:
            return
        self._wait.stop()
        self.hide()
        self.shown.emit(False)
        self.running.emit(False)

    def _appear(self) -> None:
        self.show()
        self.shown.emit(True)

    def _cancelled(self) -> None:
        self.cancel_button.setEnabled(False)
        self._words.setText("正在停止，已做的会撤回……")
        if self._cancel is not None:
            self._cancel()
        self.cancelled.emit()


class UndoBar(QFrame):
    """Bottom centre of the window: what was done, and 撤销 for eight seconds."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("undo")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._words = text("")
        self._link = link("撤销", self._take_back)
        self._action: Callable[[], object] | None = None
        self.setLayout(row(self._words, self._link, gap=16, pad=(16, 8, 16, 8)))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(UNDO_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, words: str, undo: Callable[[], object] | None = None, verb: str = "撤销") -> None:
        """Show `words` for eight seconds; with `undo`, the link that takes it back (or whatever `verb` says)."""
        self._words.setText(words)
        self._link.setText(verb)
        self._action = undo
        appear(self._link, undo is not None)
        self.setAccessibleName(words)
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def words(self) -> str:
        """Return what the bar says."""
        return self._words.text()

    def verb(self) -> str:
        """Return what the link says, empty where nothing can be taken back."""
        return self._link.text() if not self._link.isHidden() else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the bar at the bottom centre while the window changes its size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def _take_back(self) -> None:
        action, self._action = self._action, None
        self._timer.stop()
        self.hide()
        if action is not None:
            action()

    def _place(self) -> None:
        above = self.parentWidget()
        self.move((above.width() - self.width()) // 2, above.height() - self.height() - 20)


class Saved(QWidget):
    """The quiet line beside the actions of a form: 草稿已存 15:58:12."""

    def __init__(self) -> None:
        super().__init__()
        self._mark, self._words = Glyph("check", theme.GREEN, 16), text("", "sub")
        self.setLayout(spread(row(), (self._mark, self._words), gap=4))
        self.hide()

    def say(self, words: str) -> None:
        """Show `words`."""
        self._tell(words, "check", theme.GREEN)

    def fail(self, words: str = "草稿没有存下") -> None:
        """Show `words` about what stands here and is not kept; nothing is ticked any more."""
        self._tell(words, "alert-triangle", theme.AMBER)

    def _tell(self, words: str, icon: str, color: str) -> None:
        self._mark.show_icon(icon, color)
        self._words.setText(words)
        self.show()

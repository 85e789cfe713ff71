"""Cards, banners, thin bars, key numbers, rows that open something, and what stands where a list would be."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.widgets.buttons import Action, PushButton, button
from desktop.ui.widgets.layout import Item, Pad, appear, box, col, row
from desktop.ui.widgets.words import Glyph, excerpt, set_text, text


def card(
    title: str | QWidget | QLayout,
    *body: Item,
    action: QWidget | Sequence[QWidget] | None = None,
    pad: Pad = (16, 14, 16, 14),
    gap: int = 10,
) -> QFrame:
    """Return a card: a title line with its actions at the right, then `body`; "" leaves the title line out."""
    actions = [] if action is None else [action] if isinstance(action, QWidget) else list(action)
    head: list[Item] = []
    if title != "":
        head = [row(text(title, "h2") if isinstance(title, str) else title, ..., *actions)]
    return box(col(*head, *body, gap=gap, pad=pad), "card")


def banner(tone: str, icon: str, title: str, words: str = "", action: QWidget | None = None) -> QFrame:
    """Return news across a page in the tone good, wait, part or bad: icon, a bold line, a plain one, an action.

    Words of somebody that would push the page away are cut, and told whole under the pointer.
    """
    lines: list[Item] = [text(title, "strong", "" if tone == "wait" else tone, wrap=True)]
    if words:
        lines.append(excerpt(words, "small"))
    mark = Glyph(icon, theme.TONES[tone][0], 20)
    out = box(row(mark, (col(*lines, gap=2), 1), action, gap=12, pad=(14, 9, 10, 9)), tone)
    out.setAccessibleName(title)
    return out


def paint_meter(painter: QPainter, area: QRectF, full: float, parts: Sequence[tuple[float, str]]) -> None:
    """Draw a thin bar: `parts` are (value, tone) out of `full`."""
    clip = QPainterPath()
    clip.addRoundedRect(area, area.height() / 2, area.height() / 2)
    painter.save()
    painter.setClipPath(clip)
    painter.fillRect(area, QColor(theme.TRACK))
    at = area.left()
    for value, tone in parts:
        width = area.width() * value / full if full else 0.0
        painter.fillRect(QRectF(at, area.top(), width, area.height()), QColor(theme.BARS[tone]))
        at += width
    painter.restore()


class Meter(QWidget):
    """A thin bar of parts out of a whole, with an optional mark to compare with."""

    def __init__(self, full: float, *parts: tuple[float, str], height: int = 6, mark: float | None = None) -> None:
        super().__init__()
        self._full, self._parts, self._mark, self._bar = full, parts, mark, height
        self.setFixedHeight(height + (8 if mark is not None else 0))
        self.setMinimumWidth(40)

    def show_parts(self, full: float, *parts: tuple[float, str]) -> None:
        """Change what the bar shows."""
        self._full, self._parts = full, parts
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_meter(
            painter, QRectF(0, (self.height() - self._bar) / 2, self.width(), self._bar), self._full, self._parts
        )
        if self._mark is not None and self._full:
            x = int(self.width() * self._mark / self._full)
            painter.setPen(QPen(QColor(theme.INK), 2))
            painter.drawLine(x, 0, x, self.height())


def figure(value: str, caption: str, tone: str = "") -> QVBoxLayout:
    """Return a key number over its caption."""
    out = QVBoxLayout()
    out.setSpacing(0)
    out.addWidget(text(value, "num", tone))
    out.addWidget(text(caption, "sub"))
    return out


class RowButton(PushButton):
    """A whole line that opens something; its parts are laid out by the caller."""

    def __init__(self, name: str, layout: QLayout, action: Action | None = None) -> None:
        super().__init__()
        self.setObjectName("row")
        self.setAutoDefault(False)
        self.setAccessibleName(name)
        self.setLayout(layout)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for part in cast(list[QWidget], self.findChildren(QWidget)):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if action is not None:
            run = action
            self.clicked.connect(lambda _checked=False: run())

    def nextCheckState(self) -> None:
        """Stay marked when clicked again: what the line opens is open still."""
        if not self.isChecked():
            super().nextCheckState()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keep_height()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._keep_height()
        return done

    def _keep_height(self) -> None:
        """Ask for the height of the line: the style sheet's own minimum for buttons would let it be squeezed."""
        needed = self.layout().minimumSize().height()
        if self.minimumHeight() != needed:
            self.setMinimumHeight(needed)

    def sizeHint(self) -> QSize:
        return self.layout().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.layout().minimumSize()


class EmptyState(QWidget):
    """What stands where a list would be: icon, what belongs here, the first step, one button."""

    def __init__(self, icon: str, line: str, step: str = "", verb: str = "", action: Action | None = None) -> None:
        super().__init__()
        self._instead = ""
        self.line, self.step = _centred(line, "h2"), _centred(step, "sub")
        self.button = button(verb, action) if verb else None
        self.setLayout(
            col(
                ...,
                row(..., Glyph(icon, theme.FAINT, 32), ...),
                self.line,
                self.step,
                row(..., self.button, ...) if self.button else None,
                ...,
                gap=8,
                pad=16,
            )
        )
        appear(self.step, bool(step))

    def say(self, line: str, step: str = "") -> None:
        """Change the words."""
        self.line.setText(line)
        set_text(self.step, self._instead or step)

    def withhold(self, instead: str) -> None:
        """Leave the first step to others, as `instead` says, and whatever is said next; with "" it is offered again."""
        if isinstance(self.button, PushButton):
            self.button.withhold(bool(instead))
        self._instead = instead
        if instead:
            set_text(self.step, instead)


def _centred(words: str, role: str) -> QLabel:
    label = text(words, role, wrap=True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label

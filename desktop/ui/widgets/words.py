"""Text in the roles of the type scale, icons, and chips."""

import sys
from unicodedata import bidirectional

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QWidget

from desktop.services.quoting import shortened
from desktop.ui import theme
from desktop.ui.widgets.layout import appear

MOST_LINES = 6
LEFT_TO_RIGHT = "\u200e"
"""A mark of no width that says in which direction what follows it goes."""
CHIP_EDGES = 16
"""Logical pixels that a chip has at both sides of its word."""


class Words(QLabel):
    """A label whose words stand in the direction of the program, whatever writing they begin with.

    Qt sets a label from right to left where its first letter is Hebrew or Arabic: what a warning quotes would turn it
    around.
    """

    def __init__(self, words: str = "") -> None:
        super().__init__()
        if words:  # a kind of it that keeps them itself is not made yet
            self.setText(words)

    def setText(self, words: str) -> None:
        """Show `words`."""
        super().setText(f"{LEFT_TO_RIGHT}{words}" if _begins_right_to_left(words) else words)

    def text(self) -> str:
        """Return the words alone."""
        return super().text().removeprefix(LEFT_TO_RIGHT)


def _begins_right_to_left(words: str) -> bool:
    for letter in words:
        direction = bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def text(words: str, role: str = "body", tone: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label. Roles: h1, h2, strong, body, sub, small, num. Tones: good, part, bad, wait, sub."""
    label = Words(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setProperty("tone", tone)
    label.setWordWrap(wrap)
    if wrap:
        label.setMinimumWidth(60)
    return label


def excerpt(words: str, role: str = "body", most: int = 240) -> QLabel:
    """Return a label that wraps and holds the beginning of somebody's words, told whole under the pointer.

    However much somebody wrote, what stands below stays in sight.
    """
    cut = len(words) > most or words.count("\n") >= MOST_LINES
    label = text(shortened(words, most) if cut else words, role, wrap=True)
    label.setToolTip(words if cut else "")
    return label


def name_drop_down(drop_down: QComboBox, name: str, more: str = "") -> None:
    """Say what a drop-down is called, and `more` of it; also where Qt gives assistive programs its value for its name,
    as on Linux."""
    drop_down.setAccessibleName(name)
    told = name if sys.platform.startswith("linux") else ""
    drop_down.setAccessibleDescription("，".join(filter(None, (told, more))))


def set_tone(label: QLabel, tone: str) -> None:
    """Change the tone of a label that is already shown."""
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        label.style().unpolish(label)
        label.style().polish(label)


def set_text(label: QLabel, words: str, tone: str | None = None) -> None:
    """Change the words of a label; with no words it takes no room."""
    label.setText(words)
    appear(label, bool(words))
    if tone is not None:
        set_tone(label, tone)


class Elided(Words):
    """One line that ends in … when the room is short, and shows itself whole as a tooltip then."""

    _explained = ""
    """What the tooltip says besides; of the class, since the label it is made of sets its words first."""

    def __init__(self, words: str, role: str = "body", tone: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self._words = words
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(24)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Show `words`."""
        self._words = words
        self.setAccessibleName(words)
        self._fit()
        self.updateGeometry()

    def setText(self, words: str) -> None:
        """Show `words`, as every label does: nobody has to know that this one is cut."""
        self.set_words(words)

    def explain(self, words: str) -> None:
        """Say more of it in the tooltip, below the whole text where that is cut."""
        self._explained = words
        self._fit()

    def words(self) -> str:
        """Return the whole text."""
        return self._words

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        return QSize(self.fontMetrics().horizontalAdvance(self._words) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.ensurePolished()
        shown = self.fontMetrics().elidedText(
            on_one_line(self._words), Qt.TextElideMode.ElideRight, max(self.width(), 24)
        )
        if shown != self.text():
            super().setText(shown)
        self.setToolTip("\n".join(filter(None, (self._words if shown != self._words else "", self._explained))))


def on_one_line(words: str) -> str:
    """Return what was typed in several lines as the one line that a cell has room for."""
    return "　".join(line.strip() for line in words.splitlines() if line.strip())


class Glyph(QWidget):
    """An icon that stands for itself (not a button)."""

    def __init__(self, name: str, color: str = theme.SUB, size: int = 20) -> None:
        super().__init__()
        self._name, self._color = name, color
        self.setFixedSize(size, size)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, color: str) -> None:
        """Show another icon."""
        self._name, self._color = name, color
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, theme.pixmap(self._name, self._color, self.width(), self.devicePixelRatioF()))


class Swatch(QWidget):
    """A square in the colour that a chart gives one of its parts, beside the name of the part."""

    def __init__(self, color: str, size: int = 10) -> None:
        super().__init__()
        self._color = color
        self.setFixedSize(size, size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.now(self._color)))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)


def chip_width(words: str) -> int:
    """Return the width a chip with `words` takes."""
    return QFontMetrics(theme.font(12)).horizontalAdvance(words) + 17


def paint_chip(painter: QPainter, area: QRectF, words: str, tone: str) -> float:
    """Draw a chip at the left edge and middle line of `area`, for pages and tables alike; return the width used."""
    ink, fill, edge = (QColor(colour) for colour in theme.TONES[tone])
    painter.setFont(theme.font(12))
    width = painter.fontMetrics().horizontalAdvance(words) + CHIP_EDGES
    body = QRectF(area.left() + 0.5, round(area.center().y()) - 10.5, width, 21)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(fill)
    painter.drawRoundedRect(body, 4, 4)
    painter.setPen(ink)
    painter.drawText(body, Qt.AlignmentFlag.AlignCenter, words)
    return width


class Chip(QWidget):
    """A short state word in its tone: good, part, bad, wait, run, none, solid."""

    def __init__(self, words: str, tone: str = "none") -> None:
        super().__init__()
        self.words, self.tone = words, tone
        self.show_state(words, tone)

    def show_state(self, words: str, tone: str) -> None:
        """Change word and tone; an empty word hides the chip."""
        self.words, self.tone = words, tone
        self.setAccessibleName(words)
        self.setFixedSize(chip_width(words) + 1, 22)
        appear(self, bool(words))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_chip(painter, QRectF(self.rect()), self.words, self.tone)

"""What stands in a cell of a table: each kind draws itself, and says itself in words for a screen reader."""

from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

from desktop.services.numbers import fixed, points
from desktop.ui import theme
from desktop.ui.widgets.cards import paint_meter
from desktop.ui.widgets.words import CHIP_EDGES, on_one_line, paint_chip

ALIGN = {"l": Qt.AlignmentFlag.AlignLeft, "r": Qt.AlignmentFlag.AlignRight, "c": Qt.AlignmentFlag.AlignHCenter}


class Cell(Protocol):
    """Something that draws itself into a cell, and says itself in words."""

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw into `area`."""

    def words(self) -> str:
        """Return what a screen reader says."""

    def widths(self) -> tuple[int, int]:
        """Return how wide the line that says what the row is stands, and the widest; 0 where any width will do."""


def _wide(words: str, px: int = 14, *, bold: bool = False) -> int:
    """Return the width in which nothing of `words` is cut; in whole pixels too little would be measured."""
    plain = words if "\n" not in words else on_one_line(words)
    return ceil(_metrics(theme.screen_family(), px, bold).horizontalAdvance(plain)) + 1


@cache
def _metrics(_family: str, px: int, bold: bool) -> QFontMetricsF:
    return QFontMetricsF(theme.font(px, bold=bold))


def two_lines(words: str, font: QFont, width: int) -> list[str]:
    """Return what stands on the first line of `width`, and all the rest of `words`."""
    layout = QTextLayout(words, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(max(width, 1))
    layout.endLayout()
    length = line.textLength()
    return [words[:length].rstrip(), words[length:]]


@dataclass(frozen=True, slots=True)
class Txt:
    """One line of text."""

    text: str
    tone: str = ""
    bold: bool = False
    align: str = "l"
    px: int = 14
    indent: int = 0

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the line; where it does not fit, in two lines if the row is that high, and cut if not. A figure is only
        cut: broken in two it would read as two figures."""
        area = area.adjusted(self.indent, 0, 0, 0)
        painter.setFont(theme.font(self.px, bold=self.bold))
        painter.setPen(theme.tone_color(self.tone))
        words, width, metrics = on_one_line(self.text), int(area.width()), painter.fontMetrics()
        lines = [words]
        room = self.align == "l" and 2 * metrics.height() <= area.height()
        if room and metrics.horizontalAdvance(words) > width:
            lines = two_lines(words, painter.font(), width)
        top = area.center().y() - len(lines) * metrics.height() / 2
        for number, line in enumerate(lines):
            shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, width)
            place = area if len(lines) == 1 else QRectF(area.left(), top, area.width(), metrics.height())
            place = place.translated(0, number * metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | ALIGN[self.align], shown)

    def words(self) -> str:
        """Return the line."""
        return self.text

    def widths(self) -> tuple[int, int]:
        """Return how wide the line is."""
        wide = self.indent + _wide(self.text, self.px, bold=self.bold)
        return wide, wide


@dataclass(frozen=True, slots=True)
class Two:
    """A name over a small reason."""

    text: str
    under: str
    tone: str = "sub"

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the name over its reason; alone it stands in the middle."""
        half = area.height() / 2
        if not self.under:
            Txt(self.text).draw(painter, area)
            return
        Txt(self.text).draw(painter, area.adjusted(0, 4, 0, -half + 1))
        Txt(self.under, self.tone, px=12).draw(painter, area.adjusted(0, half - 1, 0, -4))

    def words(self) -> str:
        """Return both lines as one."""
        return f"{self.text}，{self.under}" if self.under else self.text

    def widths(self) -> tuple[int, int]:
        """Return how wide the name is, and the wider of both lines."""
        name = _wide(self.text)
        return name, max(name, _wide(self.under, 12))


@dataclass(frozen=True, slots=True)
class Tag:
    """A chip."""

    text: str
    tone: str = "none"

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the chip."""
        if self.text:
            paint_chip(painter, area, self.text, self.tone)

    def words(self) -> str:
        """Return what the chip says."""
        return self.text

    def widths(self) -> tuple[int, int]:
        """Return how wide the chip is; none needs no room, and leaves what its column has to others."""
        wide = _wide(self.text, 12) + CHIP_EDGES if self.text else 1
        return wide, wide


@dataclass(frozen=True, slots=True)
class Tick:
    """A box that is ticked or not; who shows it says what a click does."""

    on: bool
    name: str = "采用"

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the box."""
        place = QRectF(area.left() + 1, round(area.center().y()) - 8, 16, 16)
        painter.setPen(QColor(theme.RED if self.on else theme.FAINT))
        painter.setBrush(QColor(theme.RED if self.on else theme.CARD))
        painter.drawRoundedRect(place, 4, 4)
        if self.on:
            painter.drawPixmap(place.topLeft() + QPointF(1, 1), theme.pixmap("check", theme.CARD, 14))

    def words(self) -> str:
        """Return whether it is ticked."""
        return self.name if self.on else f"不{self.name}"

    def widths(self) -> tuple[int, int]:
        """Return that it takes the width its column has."""
        return 0, 0


@dataclass(frozen=True, slots=True)
class Bar:
    """Points got / full over a thin bar; `instead` stands for the number where there is none yet (未到期, 待评)."""

    got: float
    full: float
    tone: str = "good"
    instead: str = ""
    digits: int = 2

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the number, then the full points, over the bar."""
        number = self.instead or fixed(self.got, self.digits)
        line = area.adjusted(0, 3, 0, -14)
        Txt(number, "wait" if self.instead else "", px=13).draw(painter, line)
        width = painter.fontMetrics().horizontalAdvance(number)
        Txt(f"/ {fixed(self.full, self.digits)}", "sub", px=12).draw(painter, line.adjusted(width + 5, 0, 0, 0))
        thin = QRectF(area.left(), area.bottom() - 15, area.width(), 5)
        paint_meter(painter, thin, self.full, [(self.full, "wait") if self.instead else (self.got, self.tone)])

    def words(self) -> str:
        """Return the figures of the bar."""
        return f"{self.instead or fixed(self.got, self.digits)}，满分 {fixed(self.full, self.digits)}"

    def widths(self) -> tuple[int, int]:
        """Return how wide the figures are; the bar is as wide as its column."""
        got = _wide(self.instead or fixed(self.got, self.digits), 13)
        wide = got + 5 + _wide(f"/ {fixed(self.full, self.digits)}", 12)
        return wide, wide


@dataclass(frozen=True, slots=True)
class Total:
    """A bold number before a bar with a mark to reach."""

    got: float
    full: float
    tone: str = "good"
    mark: float | None = None

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the total with its bar and the line to pass."""
        Txt(points(self.got), bold=True).draw(painter, QRectF(area.left(), area.top(), 52, area.height()))
        bar = QRectF(area.left() + 56, area.center().y() - 3, max(area.width() - 56, 0), 6)
        paint_meter(painter, bar, self.full, [(self.got, self.tone)])
        if self.mark is not None and self.full:
            x = bar.left() + bar.width() * self.mark / self.full
            painter.fillRect(QRectF(x, bar.top() - 4, 1.5, 14), QColor(theme.INK))

    def words(self) -> str:
        """Return the total in words."""
        return points(self.got)

    def widths(self) -> tuple[int, int]:
        """Return that it takes the width its column has."""
        return 0, 0

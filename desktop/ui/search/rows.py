"""The rows of what was found: heads of groups, hits with what was typed marked, pages and deeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui import theme

if TYPE_CHECKING:
    from desktop.models.vocabulary.search import HitKind
    from desktop.services.search import Hit
    from desktop.ui.search.deeds import Deed

ROW = Qt.ItemDataRole.UserRole
HIT_HEIGHT, HEAD_HEIGHT = 46, 28
ICONS = {
    "branch": "building-community",
    "person": "user",
    "meeting": "calendar-event",
    "record": "notes",
    "task": "clipboard-check",
    "attachment": "paperclip",
}


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a group; `more` where not all of its hits are shown: a press on it shows them."""

    title: str
    count: int
    kind: "HitKind | None" = None
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One hit as it is drawn; `words` are marked in its title."""

    icon: str
    title: str
    detail: str
    place: str
    what: "Hit | Deed"
    words: tuple[str, ...] = ()
    opens: bool = True


Row = Head | Line


def spans(title: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """Return `title` in pieces, each with whether it is one of `words`: what was typed stands out."""
    plain = title.casefold()
    wanted = [word.casefold() for word in words if word]
    if len(plain) != len(title):  # a letter that folds into two: nothing is marked
        return [(title, False)]
    pieces: list[tuple[str, bool]] = []
    at = 0
    while at < len(title):
        found = [(plain.find(word, at), -len(word)) for word in wanted if plain.find(word, at) >= 0]
        if not found:
            pieces.append((title[at:], False))
            break
        first, length = min(found)
        if first > at:
            pieces.append((title[at:first], False))
        pieces.append((title[first : first - length], True))
        at = first - length
    return pieces


class RowDelegate(QStyledItemDelegate):
    """Draws the rows."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, HEAD_HEIGHT if isinstance(index.data(ROW), Head) else HIT_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: Row = index.data(ROW)
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Head):
            self._head(painter, area, row)
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
            self._line(painter, area, row, chosen)
        painter.restore()

    def _head(self, painter: QPainter, area: QRectF, head: Head) -> None:
        painter.setFont(theme.font(12))
        painter.setPen(QColor(theme.SUB))
        inner = area.adjusted(14, 6, -14, 0)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, left, f"{head.title}  {head.count}" if head.count else head.title)
        if head.more:
            painter.setPen(QColor(theme.RED))
            painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "看全部")

    def _line(self, painter: QPainter, area: QRectF, line: Line, chosen: bool) -> None:
        if chosen:
            painter.fillRect(area, QColor(theme.RED_SOFT))
            painter.fillRect(QRectF(area.left(), area.top(), 3, area.height()), QColor(theme.RED))
        tint = theme.RED if chosen else theme.ICON
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(int(area.left()) + 14, int(area.top()) + 14, theme.pixmap(line.icon, tint, 18, ratio))
        right = "Enter 打开" if chosen and line.opens else line.place
        painter.setFont(theme.font(12))
        wide = painter.fontMetrics().horizontalAdvance(right) + 14
        painter.setPen(QColor(theme.RED if chosen else theme.SUB))
        painter.drawText(
            area.adjusted(0, 0, -14, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right
        )
        body = area.adjusted(44, 4, -wide - 8, -4)
        if not line.detail:
            self._title(painter, body, line)
            return
        self._title(painter, QRectF(body.left(), body.top(), body.width(), 21), line)
        painter.setFont(theme.font(12))
        painter.setPen(QColor(theme.SUB))
        under = QRectF(body.left(), body.top() + 20, body.width(), 18)
        cut = painter.fontMetrics().elidedText(line.detail, Qt.TextElideMode.ElideRight, int(under.width()))
        painter.drawText(under, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)

    def _title(self, painter: QPainter, area: QRectF, line: Line) -> None:
        left = area.left()
        for words, marked in spans(line.title, line.words):
            painter.setFont(theme.font(14, bold=marked))
            painter.setPen(QColor(theme.RED if marked else theme.INK))
            room = int(area.right() - left)
            if room <= 0:
                return
            cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(
                QRectF(left, area.top(), room + 1, area.height()),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                cut,
            )
            left += painter.fontMetrics().horizontalAdvance(cut)


def said(row: Row) -> str:
    """Return what a screen reader says of `row`."""
    if isinstance(row, Head):
        return f"{row.title} {row.count} 条" if row.count else row.title
    return "，".join(filter(None, (row.title, row.detail, row.place)))

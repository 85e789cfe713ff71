"""The head of the grid: over each column its chooser, how sure the program is, why, and Excel's letter."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView, QWidget

from desktop.services.intake.looks import ColumnLook, Confidence, RowRole
from desktop.ui import theme
from desktop.ui.intake.chooser import FieldChooser, FieldOption
from desktop.ui.table_model import CELL
from desktop.ui.widgets.buttons import passing_menu
from desktop.ui.widgets.layout import appear
from desktop.ui.widgets.words import paint_chip

CHOOSER, CHIP, WHY, LETTER, GAP = 32, 24, 18, 22, 4
HEIGHT = CHOOSER + CHIP + WHY + LETTER + 2 * GAP
TONES = {
    Confidence.SURE: "good",
    Confidence.LIKELY: "wait",
    Confidence.OPEN: "bad",
    Confidence.PASSED: "none",
}
ROLES = (RowRole.TITLE, RowRole.HEADING, RowRole.GROUP, RowRole.RECORD, RowRole.FOOT)
GUTTER = 62


class ColumnHeads(QHeaderView):
    """The choosers over the columns; `decided` tells (column look, field)."""

    decided = Signal(object, object)

    def __init__(self, view: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self.setFixedHeight(HEIGHT)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(60)
        self.choosers: dict[int, FieldChooser] = {}
        self._looks: dict[int, ColumnLook] = {}
        self._letters: Sequence[str] = ()
        self._options: tuple[FieldOption, ...] = ()
        self.sectionResized.connect(lambda _section, _old, _new: self.place())
        view.horizontalScrollBar().valueChanged.connect(lambda _value: self.place())

    def show_columns(
        self, letters: Sequence[str], looks: Mapping[int, ColumnLook], options: tuple[FieldOption, ...]
    ) -> None:
        """Put a chooser over every column the program speaks of; `looks` by their first section."""
        self._letters = letters
        rebuild = set(looks) != set(self.choosers) or options != self._options
        self._looks, self._options = dict(looks), options
        if rebuild:
            self._build()
        twice = self._chosen_twice()
        for section, look in looks.items():
            chooser = self.choosers[section]
            chooser.set_value(look.field if look.field is not None else _nothing(look))
            other = twice.get(section, "")
            chooser.refuse(f"{other} 列已是{self._label(look.field)}" if other else look.why if look.held else "")
        self.setFixedHeight(HEIGHT if looks else LETTER)
        self.place()
        self.viewport().update()

    def forget(self) -> None:
        """Draw nothing of columns that are about to go."""
        self._looks, self._letters = {}, ()

    def step(self, section: int, by: int) -> None:
        """Go from the chooser over `section` to the one beside it."""
        sections = sorted(self.choosers)
        at = sections.index(section) + by
        if 0 <= at < len(sections):
            self.stand_on(sections[at])

    def stand_on(self, section: int) -> None:
        """Put the cursor on the chooser over `section`."""
        if section in self.choosers:
            self.choosers[section].setFocus()

    def place(self) -> None:
        """Lay the choosers over their columns; of one out of sight a line stays at the edge, for the Tab key."""
        edge = self.viewport().width()
        for section, chooser in self.choosers.items():
            left = self.sectionViewportPosition(section)
            right = left + max(self._width(section) - 6, 40)
            left, right = max(0, min(left, edge - 1)), max(1, min(right, edge))
            chooser.setGeometry(left, 2, right - left, CHOOSER)

    def sizeHint(self) -> QSize:
        return QSize(0, HEIGHT if self._looks else LETTER)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def paintSection(self, painter: QPainter, area: QRectF, section: int) -> None:  # type: ignore[override]
        """Draw the chip, the reason and the letter; the chooser is a control of its own."""
        place = QRectF(area)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = self._looks.get(section)
        bottom = QRectF(place.left(), place.bottom() + 1 - LETTER, place.width(), LETTER)
        held = look is not None and look.held
        painter.fillRect(bottom, QColor(theme.RED_SOFT if held else theme.PAGE))
        painter.setFont(theme.font(12, bold=held))
        painter.setPen(theme.tone_color("bad" if held else "sub"))
        name = self._letters[section] if section < len(self._letters) else ""
        painter.drawText(bottom, Qt.AlignmentFlag.AlignCenter, name)
        if look is not None:
            top = CHOOSER + GAP
            wide = self._width(section) - 6
            painter.setClipRect(QRectF(place.left(), 0, wide, HEIGHT))
            paint_chip(
                painter,
                QRectF(place.left(), top, wide, CHIP),
                look.confidence.label,
                "bad" if held else _tone(look),
            )
            painter.setFont(theme.font(12))
            painter.setPen(theme.tone_color("bad" if held else "sub"))
            words = painter.fontMetrics().elidedText(look.why, Qt.TextElideMode.ElideRight, int(wide))
            painter.drawText(QRectF(place.left(), top + CHIP, wide, WHY), Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say the whole reason where the column is too narrow for it."""
        if event.type() == QEvent.Type.ToolTip:
            section = self.logicalIndexAt(event.pos())  # type: ignore[attr-defined]
            look = self._looks.get(section)
            self.setToolTip(look.why if look is not None else "")
        return super().viewportEvent(event)

    def _build(self) -> None:
        for chooser in self.choosers.values():
            chooser.hide()
            chooser.deleteLater()
        self.choosers = {}
        before: QWidget | None = None
        for section, look in sorted(self._looks.items()):
            chooser = FieldChooser(f"{look.letter} 列“{look.heading}”是什么", self._options, look.field)
            chooser.setParent(self.viewport())
            chooser.decided.connect(lambda field, section=section: self.decided.emit(self._looks[section], field))
            chooser.moved.connect(lambda by, section=section: self.step(section, by))
            chooser.focused.connect(lambda section=section: self._bring_into_view(section))
            appear(chooser, True)
            if before is not None:
                QWidget.setTabOrder(before, chooser)
            before = chooser
            self.choosers[section] = chooser

    def _bring_into_view(self, section: int) -> None:
        view = self.parentWidget()
        if isinstance(view, QTableView):
            view.scrollTo(view.model().index(view.rowAt(0), section))

    def _width(self, section: int) -> int:
        look = self._looks.get(section)
        if look is None:
            return self.sectionSize(section)
        sections = range(section, section + len(look.spots))
        together = [self._letters[number] for number in sections if number < len(self._letters)]
        adjacent = len(together) == len(look.spots) and not any(number in self._looks for number in sections[1:])
        return sum(self.sectionSize(number) for number in sections) if adjacent else self.sectionSize(section)

    def _chosen_twice(self) -> dict[int, str]:
        first: dict[str, int] = {}
        twice: dict[int, str] = {}
        for section, look in sorted(self._looks.items()):
            if not look.field or not look.held:
                first.setdefault(look.field or "", section)
                continue
            other = next(
                (place for place, part in self._looks.items() if part.field == look.field and place != section), None
            )
            if other is not None:
                twice[section] = self._looks[other].letter
        return twice

    def _label(self, field: str | None) -> str:
        return next((option.label for option in self._options if option.field == field), "")


class RowHeads(QHeaderView):
    """The true row numbers with what each row is; a right click changes it. `changed` tells (line, role)."""

    changed = Signal(int, object)

    def __init__(self, view: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self.setFixedWidth(GUTTER)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, area: QRectF, section: int) -> None:  # type: ignore[override]
        """Draw the number and the word for what the row is."""
        place = QRectF(area)
        painter.save()
        line = self.model().index(section, 0).data(CELL)
        heading = line.role in (RowRole.HEADING, RowRole.REPEATED)
        painter.fillRect(place, QColor(theme.PAGE))
        painter.setPen(QColor(theme.HAIR))
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        painter.setFont(theme.font(12))
        painter.setPen(theme.tone_color("faint" if line.odd else "wait" if heading else "sub"))
        named = line.role is not RowRole.RECORD
        words = f"{line.number} {line.role.label[-2:]}" if named else str(line.number)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what the row may be."""
        section = self.logicalIndexAt(event.pos())
        if section >= 0:
            self.offer(section).popup(event.globalPos())

    def offer(self, section: int) -> QMenu:
        """Return the menu of what the row at `section` may be."""
        line = self.model().index(section, 0).data(CELL)
        menu = passing_menu(self)
        for role in ROLES:
            action = menu.addAction(f"第 {line.number} 行是{role.label}")
            action.setCheckable(True)
            action.setChecked(line.role is role)
            action.triggered.connect(
                lambda _checked=False, number=line.number, role=role: self.changed.emit(number, role)
            )
        return menu


def _tone(look: ColumnLook) -> str:
    return "part" if look.confidence is Confidence.OPEN else TONES[look.confidence]


def _nothing(look: ColumnLook) -> str | None:
    return None if look.confidence is Confidence.OPEN else ""

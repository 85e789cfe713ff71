"""登记测评票数: the numbers of the hall, and of each member four sums; Tab goes through them."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.appraisal.keeping import BRANCH_VOTES, of_round
from desktop.services.appraisal.rows import Line, Round
from desktop.services.appraisal.service import AppraisalService
from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.numbers import parse_integer
from desktop.ui import theme
from desktop.ui.appraisal.dialogs import ROUNDS, count_field, day_field
from desktop.ui.drafting import Drafting
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import box, button, col, set_text, text
from desktop.ui.widgets.fields import FieldSet
from desktop.ui.widgets.keys import Keys
from desktop.ui.widgets.typing_grid import block, placed

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
ROW = 33
GRADES = tuple(AppraisalGrade)
HALL = ("issued", "collected", "valid")


class _Sums(QAbstractTableModel):
    """Four sums a member; what is typed and is no number stays out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()
        self.sums: list[list[int | None]] = []
        self.valid: int | None = None

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show the sums that are kept."""
        self.beginResetModel()
        self.lines = tuple(lines)
        self.sums = [list(line.votes) for line in lines]
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many members there are."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return name, four sums, and what they come to."""
        return 0 if parent is not None and parent.isValid() else len(GRADES) + 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return the titles."""
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return ("姓名", *(grade.label for grade in GRADES), "合计")[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let the sums be typed."""
        flags = Qt.ItemFlag.ItemIsEnabled
        if 1 <= index.column() <= len(GRADES):
            flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsSelectable
        return flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return name, sums, and by how much a row differs from the valid ballots."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        sums = self.sums[row]
        total = sum(each or 0 for each in sums) if any(each is not None for each in sums) else None
        wrong = total - self.valid if total is not None and self.valid is not None else 0
        if role in (Role.DisplayRole, Role.EditRole):
            if column == 0:
                return self.lines[row].name
            if column <= len(GRADES):
                each = sums[column - 1]
                return "" if each is None else str(each)
            return (
                ""
                if total is None
                else f"{total}（{'多' if wrong > 0 else '少'} {abs(wrong)}）"
                if wrong
                else f"{total}"
            )
        if role == Role.ForegroundRole and wrong and column:
            return QColor(theme.RED)
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignHCenter
            return Qt.AlignmentFlag.AlignVCenter | side
        if role == Role.AccessibleTextRole and column:
            title = self.headerData(column, Qt.Orientation.Horizontal)
            return f"{self.lines[row].name}{title}{sums[column - 1] if column <= len(GRADES) else total}"
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Take a typed sum; an empty cell is none."""
        if role != Role.EditRole or not 1 <= index.column() <= len(GRADES):
            return False
        words = str(value).strip()
        try:
            number = parse_integer(words, of_round("valid"), 0, 9999) if words else None
        except InvalidInput:
            return False
        self.sums[index.row()][index.column() - 1] = number
        last = self.index(index.row(), self.columnCount() - 1)
        self.dataChanged.emit(self.index(index.row(), 0), last)
        return True


class SumsTable(QTableView):
    """The sums; what is typed is one control of a form, so that it is kept as its draft."""

    takes: ClassVar[Keys] = (("Ctrl+V", "粘贴从 Excel、WPS 复制的票数"),)

    changed = Signal()
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.sums = _Sums(self)
        self.setModel(self.sums)
        self.setAccessibleName("票数")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("bare")
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.sums.dataChanged.connect(lambda *_: self.changed.emit())

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Let Tab go from sum to sum, and over names and totals."""
        forward = action == QAbstractItemView.CursorAction.MoveNext
        if action not in (QAbstractItemView.CursorAction.MoveNext, QAbstractItemView.CursorAction.MovePrevious):
            return super().moveCursor(action, modifiers)
        at, most = self.currentIndex(), len(GRADES)
        place = at.row() * most + at.column() - 1 + (1 if forward else -1)
        if not 0 <= place < self.sums.rowCount() * most:
            return at
        return self.sums.index(place // most, place % most + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a pasted block."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste(QGuiApplication.clipboard().text())
        else:
            super().keyPressEvent(event)

    def paste(self, words: str) -> None:
        """Put the sums of a block in from the cursor on, or each row where its first column names somebody."""
        rows, at = block(words), self.currentIndex()
        if not rows or not self.sums.lines:
            return
        names, labels = [line.name for line in self.sums.lines], [grade.label for grade in GRADES]
        cells, left = placed(rows, names, labels, (max(at.row(), 0), max(at.column() - 1, 0)))
        odd = [
            names[row]
            for (row, column), word in cells.items()
            if not self.sums.setData(self.sums.index(row, column + 1), word)
        ]
        left += [f"{'、'.join(dict.fromkeys(odd))}有看不懂的数"] if odd else []
        taken = len(cells) - len(odd)
        self.said.emit(f"粘贴了 {taken} 格" + (f"；没有收：{'；'.join(left)}" if left else ""))

    def typed(self) -> object:
        """Return the sums by member, as a draft keeps them."""
        return {line.member_id: list(sums) for line, sums in zip(self.sums.lines, self.sums.sums, strict=True)}

    def type_again(self, kept: object) -> None:
        """Put back what `typed` returned."""
        if not isinstance(kept, dict):
            return
        for row, line in enumerate(self.sums.lines):
            sums = kept.get(line.member_id)
            if isinstance(sums, list) and len(sums) == len(GRADES):
                self.sums.sums[row] = [each if isinstance(each, int) else None for each in sums]
        self.sums.dataChanged.emit(self.sums.index(0, 0), self.sums.index(max(0, self.sums.rowCount() - 1), 5))

    def on_typing(self, then: Callable[[], object]) -> None:
        """Call `then` after every change."""
        self.changed.connect(then)


class BallotsPage(Page):
    """登记测评票数."""

    title = "登记测评票数"

    def __init__(self, desk: Desk, found: Round) -> None:
        super().__init__(desk)
        self.service, self.found = desk.service(AppraisalService), found
        facts = found.facts
        self.fields = FieldSet(
            [
                day_field("ballots_on", facts.ballots_on or found.meeting_on or found.today),
                *(count_field(name, getattr(facts, name)) for name in (*HALL, *BRANCH_VOTES)),
            ],
            columns=4,
        )
        self.table = SumsTable()
        self.table.sums.show_lines(found.rated)
        self.table.sums.valid = facts.valid
        self.told = text("", "sub")
        self.save_button = desk.offered(ROUNDS, button("保存票数", self.submit, "primary", "check"))
        controls = {name: field.control for name, field in self.fields.fields.items()}
        self.drafting = Drafting(
            self, {**controls, "votes": self.table}, "appraisal_ballots", found.id, found.rev, needs=ROUNDS
        )
        self.fields.drafting = self.drafting
        self.drafting.reread.connect(self.desk.back)
        for name in HALL:
            self.fields.fields[name].control.textChanged.connect(lambda _words: self._count())  # type: ignore[attr-defined]
        self.table.changed.connect(self._count)
        self.table.said.connect(lambda words: self.desk.say(f"{words}。"))
        head = box(col(self.drafting, self.fields, self.told, gap=8, pad=(16, 12, 16, 10)), "card")
        self.setLayout(col(head, (box(col(self.table, pad=4), "card"), 1), gap=10, pad=(24, 14, 24, 16)))
        self.looks = self.drafting.looks
        self._count()
        self.setFocusProxy(self.table)

    def bar_actions(self) -> Sequence[QWidget]:
        """The one primary action."""
        return (self.save_button,)

    def reload(self) -> None:
        """Nothing: what stands here is being typed."""

    def submit(self) -> None:
        """Keep the numbers and all sums at once."""
        self.table.setCurrentIndex(QModelIndex())  # what stands in an open cell counts
        self.fields.calm()
        if not self.fields.check():
            return
        try:
            hall = self._hall()
        except InvalidInput as error:
            self.fields.take(error)
            return
        votes = {
            line.member_id: tuple(sums)
            for line, sums in zip(self.table.sums.lines, self.table.sums.sums, strict=True)
            if tuple(sums) != line.votes
        }
        year, rev = self.found.for_year, self.drafting.rev
        self.act(
            lambda: self.service.ballots(year, votes, hall, rev),
            "票数已保存。",
            then=lambda _none: self.desk.back(),
            fields=(self.fields,),
            again=self.submit,
            buttons=(self.save_button,),
        )

    def _hall(self) -> dict[str, Any]:
        values = self.fields.values()
        counts = {
            name: parse_integer(values[name], of_round(name), 0, 9999) if str(values[name]).strip() else None
            for name in (*HALL, *BRANCH_VOTES)
        }
        return {"ballots_on": values["ballots_on"], **counts}

    def _count(self) -> None:
        try:
            hall = self._hall()
        except InvalidInput:
            return
        self.table.sums.valid = hall["valid"]
        self.table.viewport().update()
        wrong = [
            line.name
            for line, sums in zip(self.table.sums.lines, self.table.sums.sums, strict=True)
            if any(each is not None for each in sums) and sum(each or 0 for each in sums) != (hall["valid"] or 0)
        ]
        waiting = sum(all(each is None for each in sums) for sums in self.table.sums.sums)
        words = f"每人的四项加起来应是有效票 {hall['valid'] if hall['valid'] is not None else '—'} 张"
        if wrong:
            words += f"；{len(wrong)} 人合计不对：{'、'.join(wrong[:5])}{'等' if len(wrong) > 5 else ''}"
        elif waiting:
            words += f"；还有 {waiting} 人没有登记"
        else:
            words += "；合计都相符"
        set_text(self.told, f"{words}。只登记合计，不记谁投了什么。", "bad" if wrong else "")

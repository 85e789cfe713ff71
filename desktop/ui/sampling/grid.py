"""登记核查表: a sheet that came back from the spot, typed in at once: who looked, and of each record what was found."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop.models.sampling import CheckLine
from desktop.models.vocabulary.sampling import SampleCheck, SampleVerdict
from desktop.services.errors import Input, InvalidInput
from desktop.services.quoting import quoted
from desktop.services.sampling.checks import check_of
from desktop.services.sampling.rows import SampledRow, SheetRow
from desktop.services.sampling.service import (
    CHECKED_BY,
    CHECKED_ON,
    GROUND,
    HEARD,
    VERDICT,
    WAY,
    Judgement,
    SamplingService,
    Signed,
)
from desktop.ui import theme
from desktop.ui.drafting import Drafting
from desktop.ui.page import Desk, Page
from desktop.ui.sampling.parts import below
from desktop.ui.widgets import box, button, col, set_text, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Field, FieldSet, edit
from desktop.ui.widgets.keys import Keys

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
SHEETS = "sample_sheets"
ROW = 46
CHECKS = tuple(SampleCheck)
HEADS = (
    "序号", "抽中的记录", "为什么抽", *(check.label for check in CHECKS), VERDICT.label, GROUND.label, HEARD.label,
)  # fmt: skip
WIDTHS = (52, 0, 88, *(84 for _check in CHECKS), 84, 0, 0)
FIRST = 3
"""The first column that is typed in."""
JUDGED = FIRST + len(CHECKS)
"""The column of the verdict; the ground and the words of the branch follow."""
Line = tuple[tuple[CheckLine | None, ...], SampleVerdict | None, str, str]
"""What is typed of a record: what was looked at, the verdict, the ground, the words of the branch."""
SHORT = {
    "1": SampleVerdict.TRUE,
    "2": SampleVerdict.INCOMPLETE,
    "3": SampleVerdict.FABRICATED,
    "4": SampleVerdict.ABSENT,
}
KEYS = "1 属实　2 有瑕疵　3 不实　4 原件不在"


def verdict_typed(words: str) -> SampleVerdict | None:
    """Return the verdict that was typed: its number, its name or how that begins; None for nothing.

    Raises:
        ValueError: it is none.
    """
    said = words.strip()
    if not said:
        return None
    if said in SHORT:
        return SHORT[said]
    found = [each for each in SampleVerdict if each.label.startswith(said)]
    if len(found) != 1:
        raise ValueError(said)
    return found[0]


def _standing(found: SampledRow) -> Line:
    """Return what is kept of a record, as the grid types it."""
    seen = {check.what: check for check in found.checks}
    return tuple(seen.get(check) for check in CHECKS), found.verdict, found.ground, found.heard


def _seen(what: SampleCheck, words: str) -> CheckLine | None:
    """Return what a draft kept of one thing looked at; what cannot be read any more is dropped."""
    try:
        return check_of(what, words, Input(what.value, what.label))
    except InvalidInput:
        return None


class _Lines(QAbstractTableModel):
    """Verdict, ground and the words of the branch of each record; what is confirmed is only shown."""

    unread = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.records: tuple[SampledRow, ...] = ()
        self.typed: list[Line] = []
        self.refused = ""

    def show_records(self, records: Sequence[SampledRow]) -> None:
        """Show what is kept."""
        self.beginResetModel()
        self.records = tuple(records)
        self.typed = [_standing(each) for each in records]
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many records there are."""
        return 0 if parent is not None and parent.isValid() else len(self.records)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return the titles."""
        return HEADS[section] if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let be typed what is not confirmed."""
        flags = Qt.ItemFlag.ItemIsEnabled
        if index.column() >= FIRST and self.records[index.row()].confirmed_on is None:
            flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsSelectable
        return flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what stands in a cell."""
        if not index.isValid():
            return None
        found, (checks, verdict, ground, heard) = self.records[index.row()], self.typed[index.row()]
        label = verdict.label if verdict is not None else ""
        seen = (check.words if check is not None else "" for check in checks)
        cells = (str(found.position), f"{found.title}\n{below(found)}", found.why, *seen, label, ground, heard)
        if role in (Role.DisplayRole, Role.EditRole):
            return cells[index.column()]
        if role == Role.ToolTipRole:
            return cells[index.column()]
        if role == Role.BackgroundRole and found.id == self.refused:
            return QColor(theme.TONES["bad"][1])
        if role == Role.ForegroundRole and index.column() == JUDGED and verdict is SampleVerdict.FABRICATED:
            return QColor(theme.RED)
        if role == Role.AccessibleTextRole and index.column() >= FIRST:
            return f"{found.title} {HEADS[index.column()]} {cells[index.column()]}"
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Take what was typed; a verdict, or how a thing is, that is none stays out, and `unread` says so."""
        if role != Role.EditRole or index.column() < FIRST:
            return False
        checks, verdict, ground, heard = self.typed[index.row()]
        words, column = str(value).strip(), index.column()
        try:
            if column < JUDGED:
                place = column - FIRST
                seen = check_of(CHECKS[place], words, Input(CHECKS[place].value, CHECKS[place].label))
                checks = (*checks[:place], seen, *checks[place + 1 :])
            elif column == JUDGED:
                verdict = verdict_typed(words)
            elif column == JUDGED + 1:
                ground = words
            else:
                heard = words
        except InvalidInput as error:
            self.unread.emit(f"第 {index.row() + 1} 条，{error.label}：{error.reason}")
            return False
        except ValueError:
            self.unread.emit(f"第 {index.row() + 1} 条，认定：没有{quoted(words)}这一种，填 {KEYS}")
            return False
        self.typed[index.row()] = (checks, verdict, ground, heard)
        self.dataChanged.emit(index, index)
        return True


class VerdictsTable(QTableView):
    """The grid; what is typed is one control of a form, so that it is kept as its draft."""

    takes: ClassVar[Keys] = (("1 2 3 4", "属实、有瑕疵、不实、原件不在，接着下一条"),)

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines = _Lines(self)
        self.setModel(self.lines)
        self.setAccessibleName("认定")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("bare")
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(True)
        self.setWordWrap(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.DoubleClicked | triggers.SelectedClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate(WIDTHS):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed if width else QHeaderView.ResizeMode.Stretch)
            if width:
                head.resizeSection(column, width)
        self.lines.dataChanged.connect(lambda *_: self.changed.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give a verdict by its number and go to the next record."""
        at = self.currentIndex()
        if at.column() == JUDGED and event.text() in SHORT and self.state() != QTableView.State.EditingState:
            self.lines.setData(at, event.text())
            self.setCurrentIndex(self.lines.index(min(at.row() + 1, self.lines.rowCount() - 1), JUDGED))
            return
        super().keyPressEvent(event)

    def typed(self) -> object:
        """Return what was typed by record, as a draft keeps it."""
        return {
            found.id: [
                *("" if check is None else check.words for check in checks),
                "" if verdict is None else verdict.value,
                ground,
                heard,
            ]
            for found, (checks, verdict, ground, heard) in zip(self.lines.records, self.lines.typed, strict=True)
        }

    def type_again(self, kept: object) -> None:
        """Put back what `typed` returned."""
        if not isinstance(kept, dict):
            return
        for row, found in enumerate(self.lines.records):
            parts = kept.get(found.id)
            if isinstance(parts, list) and len(parts) == len(HEADS) - FIRST and found.confirmed_on is None:
                seen = [_seen(check, str(words)) for check, words in zip(CHECKS, parts, strict=False)]
                given, ground, heard = (str(part) for part in parts[len(CHECKS) :])
                verdict = SampleVerdict(given) if given in set(SampleVerdict) else None
                self.lines.typed[row] = (tuple(seen), verdict, ground, heard)
        last = self.lines.index(max(0, self.lines.rowCount() - 1), len(HEADS) - 1)
        self.lines.dataChanged.emit(self.lines.index(0, 0), last)

    def on_typing(self, then: Callable[[], object]) -> None:
        """Call `then` after every change."""
        self.changed.connect(then)


class SheetPage(Page):
    """登记核查表."""

    title = "登记核查表"

    def __init__(self, desk: Desk, sheet: SheetRow) -> None:
        super().__init__(desk)
        self.service, self.sheet = desk.service(SamplingService), sheet
        on = sheet.checked_on or desk.store.today
        self.fields = FieldSet(
            [
                (CHECKED_BY.name, Field(CHECKED_BY.label, edit(CHECKED_BY.label, sheet.checked_by), required=True)),
                (CHECKED_ON.name, Field(CHECKED_ON.label, DateEdit(CHECKED_ON.label, on))),
                (WAY.name, Field(WAY.label, edit(WAY.label, sheet.way or "到现场"))),
            ],
            columns=3,
        )
        self.table = VerdictsTable()
        self.table.lines.show_records(sheet.records)
        self.told = text("", "sub", wrap=True)
        self.save_button = desk.offered(SHEETS, button("保存", self.submit, "primary", "check"))
        controls = {name: field.control for name, field in self.fields.fields.items()}
        self.drafting = Drafting(
            self, {**controls, "verdicts": self.table}, "sample_sheet", sheet.id, sheet.rev, needs=SHEETS
        )
        self.fields.drafting = self.drafting
        self.drafting.reread.connect(desk.back)
        self.table.changed.connect(self._count)
        self.table.lines.unread.connect(lambda words: set_text(self.told, words, "bad"))
        head = box(col(self.drafting, self.fields, self.told, gap=8, pad=(16, 12, 16, 10)), "card")
        self.setLayout(col(head, (box(col(self.table, pad=4), "card"), 1), gap=10, pad=(24, 14, 24, 16)))
        self.looks = self.drafting.looks
        self._count()
        self.table.setCurrentIndex(self.table.lines.index(0, JUDGED))
        self.setFocusProxy(self.table)

    def bar_actions(self) -> Sequence[QWidget]:
        """The one primary action."""
        return (self.save_button,)

    def subtitle(self) -> str:
        """Whose sheet it is."""
        return f"{self.sheet.name}　{self.sheet.period_name}"

    def reload(self) -> None:
        """Nothing: what stands here is being typed."""

    def submit(self) -> None:
        """Keep who looked and all verdicts at once."""
        self.table.setCurrentIndex(QModelIndex())  # what stands in an open cell counts
        self.fields.calm()
        self.table.lines.refused = ""
        if not self.fields.check(required=True):
            return
        values, sheet = self.fields.values(), self.sheet
        judged = [
            Judgement(found.id, line[1], line[2], line[3], found.rev, tuple(filter(None, line[0])))
            for found, line in zip(sheet.records, self.table.lines.typed, strict=True)
            if line != _standing(found)
        ]
        signed, rev = Signed(values[CHECKED_BY.name], values[CHECKED_ON.name], values[WAY.name]), self.drafting.rev
        self.act(
            lambda: self.service.fill_in(sheet.id, signed, judged, rev),
            lambda kept: f"{'，'.join(filter(None, ('核查表已保存', kept.words)))}。",
            then=lambda _kept: self.desk.back(),
            fields=(self.fields,),
            again=self.submit,
            failed=self._refused,
            buttons=(self.save_button,),
        )

    def _refused(self, error: Exception) -> None:
        """Show at its line what is missing of a verdict."""
        if isinstance(error, InvalidInput) and error.facts.get("record"):
            lines = self.table.lines
            lines.refused = str(error.facts["record"])
            row = next((n for n, found in enumerate(lines.records) if found.id == lines.refused), 0)
            column = {GROUND.name: JUDGED + 1, HEARD.name: JUDGED + 2}.get(error.name, JUDGED)
            self.table.setCurrentIndex(lines.index(row, column))
            self.table.viewport().update()
            set_text(self.told, f"第 {row + 1} 条，{error.label}：{error.reason}", "bad")
            return
        from desktop.ui.dialogs import show_error

        show_error(self, error)

    def _count(self) -> None:
        left = sum(line[1] is None for line in self.table.lines.typed)
        waiting = f"还有 {left} 条没有认定" if left else "都认定了"
        set_text(
            self.told,
            f"{waiting}。核对的四栏写 √、× 或没有，再写看到什么。认定 {KEYS}；不属实的写依据，不实的还要写支部说明。",
            "",
        )

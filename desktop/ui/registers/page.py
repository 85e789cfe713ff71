"""登记簿: the registers of an area at the left, the rows of one in the middle, one row opened at the right."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.models.registers import Register
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.registers import RegisterArea
from desktop.models.vocabulary.transfers import TransferDirection
from desktop.services.experience.choosing import SOURCES, ChoosingService
from desktop.services.experience.rows import EXPERIENCE
from desktop.services.registers import RegisterRow, RegisterService
from desktop.ui.correcting import correction_link
from desktop.ui.intake.arrivals import Arrivals
from desktop.ui.intake.page import IntakePage
from desktop.ui.output import export_kind, print_document
from desktop.ui.page import Desk, Needs, Page
from desktop.ui.registers.transfer import form_of
from desktop.ui.several import RowVerb, SeveralBar
from desktop.ui.table_model import Cell, Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import (
    EmptyState,
    Item,
    RowButton,
    appear,
    box,
    button,
    col,
    fixed,
    link,
    row,
    scroll,
    text,
)
from desktop.ui.widgets.fields import Choice, edit
from desktop.ui.widgets.layout import add, clear
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading

if TYPE_CHECKING:
    from desktop.services.archive.documents import DocumentService
    from desktop.services.archive.writing import Sink

LIST_WIDTH = 216
ENTRY_HEIGHT = 27
DROP_DOWN_BELOW = 1100
MOST_COLUMNS = 3
NAME_WIDTH, WORDS_WIDTH = 120, 156
UNFOLDED_WIDTH = 520


def columns_of(register: Register) -> tuple[Column[RegisterRow], ...]:
    """Return the columns of a register's list: when, what, the first few fields, state."""
    columns: list[Column[RegisterRow]] = []
    if register.date_field:
        columns.append(
            Column(register.field(register.date_field).label, lambda record: record.on, width=112, tone="sub")
        )
    named = register.field(register.heading).label == "姓名"  # a short word: what stands beside gets the room
    about = next((field.name for field in register.fields if field.kind == "ref"), "")
    columns.append(
        Column(
            register.field(register.heading).label,
            lambda record: record.heading,
            cell=lambda record: _heading(record, about),
            width=NAME_WIDTH if named else 0,
        )
    )
    others = [
        field
        for field in register.fields
        if field.listed
        and field.kind not in ("lines", "long")
        and field.name not in (register.heading, register.date_field, about)
    ]
    fold = UNFOLDED_WIDTH
    for field in others[:MOST_COLUMNS]:
        if field.name == "state":
            columns.append(Column(field.label, _value(field.name), cell=_state, width=100))
        else:
            width = WORDS_WIDTH if field.kind == "text" else 116
            shown = 0 if named and field.kind == "text" else width
            columns.append(Column(field.label, _value(field.name), text=_words, width=shown, tone="sub", fold=fold))
            fold += width - 6
    if register.standing is not None:
        columns.append(Column("状态", _standing_words, cell=_standing, width=104))
    return tuple(columns)


STANDING_TONES = {
    "waiting": "run", "run_out": "bad", "closed": "good", "filed": "wait", "draft": "wait", "published": "good",
}  # fmt: skip


def _heading(record: RegisterRow, about: str) -> Cell:
    below = record.texts[about] if about else ""
    return Two(record.heading, below) if below not in ("", record.heading) else Txt(record.heading)


def _value(name: str) -> Callable[[RegisterRow], str]:
    return lambda record: record.texts[name]


def _holds(record: RegisterRow, needle: str) -> bool:
    """Return whether some field has these letters, be it a column of the list or not."""
    words = (record.heading, _standing_words(record), *record.texts.values())
    return any(needle in part.casefold() for part in words)


def _words(value: object) -> str:
    return str(value) or "—"


def _standing_words(record: RegisterRow) -> str:
    return record.standing.label if record.standing is not None else ""


def _standing(record: RegisterRow) -> Tag:
    return Tag(_standing_words(record), _standing_tone(record))


def _standing_tone(record: RegisterRow) -> str:
    return "run" if record.standing is None else STANDING_TONES[record.standing.value]


def _state(record: RegisterRow) -> Tag:
    return Tag(record.texts["state"], "run")


class RegistersPage(Page):
    """The registers of some areas. Subclasses name the areas."""

    areas: tuple[RegisterArea, ...] = ()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.registers = desk.service(RegisterService)
        self.all = [register for area in self.areas for register in self.kept_here() if register.area is area]
        self.register = self.all[0]
        self._counts: Mapping[str, int] = {}
        self._buttons: dict[str, RowButton] = {}
        self._list = col(gap=0, pad=(6, 8, 6, 8))
        self._left = fixed(box(col(scroll(box(self._list))), "card"), LIST_WIDTH)
        self.pick = Choice(
            "登记簿", [(register.kind, register.title) for register in self.all], self.register.kind, width=260
        )
        self.pick.currentIndexChanged.connect(lambda _index: self.choose(self.pick.value()))
        self.needle = edit("筛选登记簿", hint="任何一栏里的字", width=170)
        self.needle.setClearButtonEnabled(True)
        self.count = text("", "sub")
        self.add_button = self.desk.offered(self.register.kind, button("登记", self.open_form, "primary", "plus"))
        self.import_button = self.desk.offered(
            self.register.kind, button("导入", lambda: self.open_import(), icon="upload")
        )
        self.export_button = self.desk.offered(Act.EXPORT, button("导出", self.export, icon="download"))
        self.print_button = self.desk.offered(Act.EXPORT, button("打印", self.print_register, icon="printer"))
        self._table_slot = col(gap=0)
        self.pane = DetailPane()
        self.split = ListWithPane(box(self._table_slot), self.pane)
        self.pane.moved.connect(lambda by: self.table.step(by))
        self.pane.closed.connect(lambda: self.table.clear_selection())
        self.table: DataTable[RegisterRow] = self._table()
        self.needle.textChanged.connect(lambda _words: self._filter())
        self._build_list()
        Arrivals(self, self.import_button, self.open_import)
        filters = row(self.pick, self.needle, ..., self.count, gap=8)
        self._news = col(gap=0)  # what a page of its own has to tell above its registers
        middle = col(self._news, filters, (self.split, 1), gap=10)
        self.setLayout(row(self._left, (middle, 1), gap=12, pad=(24, 14, 24, 16)))

    def kept_here(self) -> Sequence[Register]:
        """Return the registers the areas are looked up in."""
        return self.registers.seen()

    def bar_actions(self) -> Sequence[QWidget]:
        """Excel in and out, and the one primary action."""
        return (self.import_button, self.export_button, self.print_button, self.add_button)

    def focus_filter(self) -> None:
        """Put the cursor into the words to filter by."""
        self.needle.setFocus()
        self.needle.selectAll()

    def reload(self) -> None:
        """Read the rows of the register in view, and how many each register has."""
        kind = self.register.kind
        of_years = self.desk.year
        year = None if self._runs(self.register) else of_years

        def work() -> tuple[list[RegisterRow], dict[str, int]]:
            counts = self.registers.counts([each.kind for each in self.all if not self._runs(each)], of_years)
            running = self.registers.counts([each.kind for each in self.all if self._runs(each)])
            return self.registers.rows(kind, year), {**counts, **running}

        self.read(work, lambda got: self._show(kind, *got))

    def go(self, where: dict[str, Any]) -> None:
        """Show the register, row or new form that `where` names: kind, record, new, and fields to fill in."""
        kind = where.get("kind")
        if kind and kind != self.register.kind:
            self.choose(str(kind))
        if where.get("new"):
            self.open_form(dict(where.get("prefill") or {}))
        elif where.get("record"):
            self.desk.push(form_of(self.desk, self.register, str(where["record"])))

    @staticmethod
    def _runs(register: Register) -> bool:
        """Whether what earlier years hold of it still runs: decisions about people, what headquarters follows up."""
        return register.stays or register.above

    def choose(self, kind: str) -> None:
        """Turn to another register."""
        if kind == self.register.kind or kind not in {register.kind for register in self.all}:
            return
        self.register = self.registers.register(kind)
        self.pick.set_value(kind)
        self.pane.close_pane()
        self.needle.clear()
        for part in (self.add_button, self.import_button):
            self.desk.offered(kind, part)
        for part in (self.export_button, self.print_button):
            appear(part, not self.register.stays and self.desk.may(Act.EXPORT))
        self.table = self._table()
        self._mark()
        self.reload()

    def open_form(self, prefill: dict[str, object] | None = None) -> None:
        """Open the form for a new row."""
        self.desk.push(form_of(self.desk, self.register, prefill=prefill if isinstance(prefill, dict) else None))

    def open_row(self, record: RegisterRow) -> None:
        """Open the form of a row that is there."""
        self.desk.push(form_of(self.desk, self.register, record.id))

    def open_import(self, source: Path | str | None = None) -> None:
        """Take rows from Excel, of `source` where a file or a block was brought here."""
        self.desk.push(IntakePage(self.desk, self.register.kind, self.register.title, source=source))

    def export(self) -> None:
        """Write the register to Excel."""
        export_kind(self, self.register.kind, self.register.title)

    def print_register(self) -> None:
        """Write the register of the year in view as a PDF to print."""
        kind, year = self.register.kind, None if self._runs(self.register) else self.desk.year
        print_document(self, self.register.title, lambda documents, path: documents.register(kind, path, year))

    def show_row(self, record: RegisterRow) -> None:
        """Open a row at the right."""
        state = record.texts.get("state", "") or _standing_words(record)
        self.pane.show_head(
            record.heading,
            code=str(record.on or ""),
            state=state or ("补录" if record.late else ""),
            tone=_standing_tone(record),
        )
        facts: list[Item] = []
        for field in self.register.fields:
            words = record.texts[field.name]
            if field.name in (self.register.heading, self.register.date_field, "state") or not words:
                continue
            if field.kind in ("long", "lines"):
                facts += [
                    heading(field.label),
                    text(words.replace("；", "\n") if field.kind == "lines" else words, wrap=True),
                ]
            else:
                facts.append(fact(field.label, words))
        if record.attachments:
            facts.append(fact("附件", f"{record.attachments} 个"))
        if record.late and state:
            facts.append(text("补录：登记晚于发生日期，计入原日期并作标记。", "small", wrap=True))
        facts += self.facts_beside(record)
        papers = self._file_buttons(record)
        self.pane.show_body(*([row(*papers, ..., gap=8, pad=(0, 4, 0, 6))] if papers else []), *facts)
        self.pane.show_foot(
            self.desk.offered(
                self.register.kind,
                button("修改", lambda: self.open_row(record), icon="pencil"),
            ),
            self._print_button(record),
            *self.verbs_beside(record),
            ...,
            correction_link(self.desk, record.id, f"{record.on or ''}{self.register.title}“{record.heading}”")
            if self.register.attachments and not self.register.above
            else None,
            self.desk.offered(self.register.kind, link("删除", lambda: self.remove(record), "trash")),
        )
        self.split.open_pane()

    def facts_beside(self, record: RegisterRow) -> Sequence[Item]:
        """Return what a page tells of a row beside its fields."""
        return ()

    def verbs_beside(self, record: RegisterRow) -> Sequence[QWidget]:
        """Return what a page offers to do with a row beside changing and printing it."""
        read = self.desk.store
        offered = read.of_many and record.kind in SOURCES and read.lender.rights.may_write(EXPERIENCE)
        return (self._choose_link(record),) if offered else ()

    def _choose_link(self, record: RegisterRow) -> QWidget:
        """Return the way by which headquarters, reading a branch, chooses a row for its library."""
        headquarters = self.desk.store.lender
        choosing, entries, taken = ChoosingService(headquarters), RegisterService(headquarters), list[str]()
        return link(
            "收进经验库",
            lambda: self.act(
                lambda: taken.append(choosing.take(record.kind, record.id)),
                "已收进总部“提升 > 经验库”，在那里写推荐意见、发布。",
                undo=lambda: self.act(lambda: entries.remove(EXPERIENCE, taken[-1])),
            ),
            "plus",
        )

    def _print_button(self, record: RegisterRow) -> QPushButton | None:
        if self.register.stays:
            return None
        kind, name = self.register.kind, f"{self.register.title}{record.on or ''}"
        print_row = partial(print_document, self, name, lambda service, path: service.record(kind, record.id, path))
        words = "打印签字" if self.register.signed_by else "打印"
        return self.desk.offered(Act.EXPORT, button(words, print_row, icon="printer"))

    def _file_buttons(self, record: RegisterRow) -> list[QPushButton]:
        """Return the ways to papers that hold more than the row: all that points to it, all of a cadre, a card."""
        kind, member, year = self.register.kind, str(record.values.get("member_id") or ""), self.desk.year
        found: list[tuple[str, Needs, Callable[[DocumentService, Sink], object]]] = []
        if self.register.file:
            found.append((self.register.file, Act.EXPORT, lambda papers, path: papers.dossier(kind, record.id, path)))
        if self.register.survey is not None and self.register.survey.asked:
            found.append(("测评票", Act.EXPORT, lambda papers, path: papers.ballots(kind, record.id, path)))
        if kind == "questionnaire":
            found.append(("问卷", Act.EXPORT, lambda papers, path: papers.questionnaire(record.id, path)))
            if record.values.get("collected"):
                found.append(
                    ("问卷结果", Act.EXPORT, lambda papers, path: papers.questionnaire(record.id, path, results=True))
                )
        if kind == "duty_report":
            found.append(("述职数据", Act.EXPORT, lambda papers, path: papers.duty_figures(year, path)))
        if self.register.area is RegisterArea.CADRES and member and self.desk.may(Act.EXPORT):
            found.append(("干部档案", Act.RESTRICTED, lambda papers, path: papers.cadre(member, path)))
        if kind == "transfer" and record.values.get("direction") is not TransferDirection.IN:  # asked for elsewhere
            found.append(("转接申请", Act.EXPORT, lambda papers, path: papers.transfer_request(record.id, path)))
        if kind == "talk" and record.restricted and self.desk.may(Act.EXPORT):
            title = f"{record.texts['kind']}单"
            found.append((title, Act.RESTRICTED, lambda papers, path: papers.warning(record.id, path)))
        if kind == "commitment":
            found.append(("承诺践诺卡", Act.EXPORT, lambda papers, path: papers.pledges(member, year, path)))
        return [
            self.desk.offered(needs, button(words, partial(print_document, self, words, write), icon="file-text"))
            for words, needs, write in found
        ]

    def remove(self, record: RegisterRow) -> None:
        """Put a row into the recycle bin; it can be taken back at once."""
        kind, registers = self.register.kind, self.registers
        self.act(
            lambda: registers.remove(kind, record.id),
            f"已删除“{record.heading}”。",
            then=lambda _none: self.pane.close_pane(),
            undo=lambda: self.act(lambda: registers.restore(kind, record.id)),
        )

    def _remove_several(self) -> RowVerb[RegisterRow]:
        kind, registers = self.register.kind, self.registers
        return RowVerb(
            words="删除",
            counted="条",
            kind=self.register.title,
            needs=lambda _record: kind,
            work=lambda record: registers.remove(kind, record.id),
            back=lambda record: registers.restore(kind, record.id),
            icon="trash",
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Below some width the list of registers becomes a drop-down above the table; a single one needs neither."""
        slim, several = self.width() < DROP_DOWN_BELOW, len(self.all) > 1
        appear(self._left, several and not slim)
        appear(self.pick, several and slim)
        super().resizeEvent(event)

    def first_step(self) -> tuple[str, Callable[[], object]]:
        """What an empty list offers first: its verb, and what that does."""
        return "登记第一条", self.open_form

    def _table(self) -> DataTable[RegisterRow]:
        verb, step = self.first_step()
        empty = EmptyState("file-text", f"还没有{self.register.title}记录。", self.register.hint, verb, step)
        self.desk.offered(self.register.kind, empty.button)
        table = DataTable(columns_of(self.register), self.register.title, empty, height=48)
        table.picked.connect(self.show_row)
        table.opened.connect(self.open_row)
        table.model.modelReset.connect(lambda: self._say_count(table))
        SeveralBar(self, table, lambda record: (record.id, record.heading), (self._remove_several(),))
        clear(self._table_slot)
        add(self._table_slot, table)
        return table

    def _filter(self) -> None:
        needle = self.needle.text().strip().casefold()
        self.table.model.set_filter((lambda record: _holds(record, needle)) if needle else None)

    def _say_count(self, table: DataTable[RegisterRow]) -> None:
        found, every = table.model.rowCount(), len(table.model.everything())
        self.count.setText(f"{found} 条" if found == every else f"{found} 条，共 {every} 条")

    def _show(self, kind: str, rows: list[RegisterRow], counts: Mapping[str, int]) -> None:
        self._counts = counts
        if kind == self.register.kind:
            self.table.set_rows(rows, same=lambda record: record.id)
            if self.table.current() is None:
                self.pane.close_pane()
        self._build_list()

    def _build_list(self) -> None:
        clear(self._list)
        self._buttons = {}
        for area in self.areas:
            registers = [register for register in self.all if register.area is area]
            if len(self.areas) > 1 and registers:
                add(self._list, box(row(text(area.label, "small"), ..., pad=(10, 8, 10, 2))))
            for register in registers:
                count = self._counts.get(register.kind, 0)
                title = fixed(text(register.title), height=ENTRY_HEIGHT)
                words = row((title, 1), text(str(count), "sub"), gap=6, pad=(10, 0, 10, 0))
                entry = RowButton(f"{register.title}，{count} 条", words, partial(self.choose, register.kind))
                entry.setCheckable(True)
                self._buttons[register.kind] = entry
                add(self._list, entry)
        add(self._list, ...)
        self._mark()

    def _mark(self) -> None:
        for kind, entry in self._buttons.items():
            entry.setChecked(kind == self.register.kind)


class DutyRegistersPage(RegistersPage):
    """队伍：责任与监督."""

    areas = (RegisterArea.DUTIES,)


class OrgLifeRegistersPage(RegistersPage):
    """组织生活：会议以外的安排."""

    areas = (RegisterArea.ORG_LIFE,)


class CadresPage(RegistersPage):
    """队伍：党务干部；对人的评价只有有权限的人看得到。"""

    areas = (RegisterArea.CADRES,)


class LearningRegistersPage(RegistersPage):
    """党员：教育管理."""

    areas = (RegisterArea.LEARNING, RegisterArea.DUES)


class IntegrationPage(RegistersPage):
    """服务融合：工作载体、服务群众."""

    areas = (RegisterArea.CARRIERS, RegisterArea.SERVING)


class SupportPage(RegistersPage):
    """服务融合：阵地和保障."""

    areas = (RegisterArea.VENUES, RegisterArea.SUPPORT)

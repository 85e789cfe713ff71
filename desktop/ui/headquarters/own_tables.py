"""统计 > 自选表: figures chosen by hand, a line per branch, group or quarter, kept by name, out to Excel and paper."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.statistics import TableRows
from desktop.services.race.editions import period_name
from desktop.services.statistics.across import Statistics
from desktop.services.statistics.measures import FIXED, Measure, Shape, lacking_of
from desktop.services.statistics.own_tables import (
    MEASURES,
    NAME,
    ROWS,
    FilledTable,
    OwnTable,
    OwnTableService,
    TableLine,
    filled,
)
from desktop.ui.form_dialog import FormDialog
from desktop.ui.headquarters.parts import EVERY, CountyChoice
from desktop.ui.output import export_sheet, print_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.sheets import Sheet
from desktop.ui.table_model import Column, DataTable, Txt
from desktop.ui.widgets import EmptyState, appear, box, button, col, text
from desktop.ui.widgets.dialogs import confirm
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit
from desktop.ui.widgets.layout import clear
from desktop.ui.widgets.progress import ProgressStrip
from desktop.ui.widgets.ticks import TickLine, Ticks

LIST_HEIGHT, NEW = 250, ""
NAME_ROOM, LEAST_WIDTH, LACKING_WIDTH, A_CHARACTER, EDGES = 240, 84, 190, 14, 30
NEEDS = Act.EXPORT
_NONE = "还没有自选表。"


class OwnTableDialog(FormDialog):
    """Name, lines and figures of a table."""

    def __init__(
        self, page: Page, measures: Sequence[Measure], table: OwnTable | None, then: Callable[[OwnTable], object]
    ) -> None:
        self._before, self._then = table.name if table is not None else NEW, then
        self._service = page.desk.service(OwnTableService)
        rows = [(each, each.label) for each in TableRows]
        chosen = table.measures if table is not None else ()
        lines = [TickLine(measure.id, measure.name, measure.area) for measure in measures]
        self.fields = FieldSet(
            (
                (NAME.name, Field(NAME.label, edit(NAME.label, self._before), required=True)),
                (ROWS.name, Field(ROWS.label, Choice(ROWS.label, rows, table.rows if table else TableRows.BRANCHES))),
                (
                    MEASURES.name,
                    Field(MEASURES.label, Ticks(MEASURES.label, lines, chosen, LIST_HEIGHT), required=True),
                ),
            )
        )
        super().__init__(
            page, "改自选表" if table else "新的自选表", self.fields, fields=(self.fields,), verb="保存",
            needs=NEEDS, draft=f"own_table.{self._before}", wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Keep it; what an empty field is refused with says how many may be chosen."""
        if not self.readable():
            return
        values, service, before = self.fields.values(), self._service, self._before
        table = OwnTable(values[NAME.name], values[ROWS.name], values[MEASURES.name])
        self.keep(lambda: service.save(table, before), "已保存自选表。", then=self._then)


class OwnTablesPage(Page):
    """自选表."""

    title = "自选表"

    def __init__(self, desk: Desk, period: str) -> None:
        super().__init__(desk)
        self.period, self._wanted = period, ""
        self.service = desk.service(OwnTableService)
        self.tables: list[OwnTable] = []
        self.counted: tuple[Statistics, ...] = ()
        self.shown: FilledTable | None = None
        self.names = Choice("自选表", (), width=210)
        self.names.currentIndexChanged.connect(lambda _index: self._chosen())
        self.county = CountyChoice(150)
        self.county.currentIndexChanged.connect(lambda _index: self._show(self.counted))
        appear(self.county, False)
        self.new_button = desk.offered(NEEDS, button("新表", self.add_table, "primary", "plus"))
        self.edit_button = desk.offered(NEEDS, button("改", self.edit_table, icon="pencil"))
        self.drop_button = desk.offered(NEEDS, button("删除", self.drop_table, icon="trash"))
        self.export_button = desk.offered(Act.EXPORT, button("导出", self.export, icon="download"))
        self.print_button = desk.offered(Act.EXPORT, button("打印", self.print, icon="printer"))
        self.strip = ProgressStrip()
        self.words = text("", "sub", wrap=True)
        self._room = col()
        self._table: DataTable[TableLine] | None = None
        self.empty = EmptyState("report", _NONE, "选几项数字，按支部、分组或季度排成一张表，起个名字存下来。")
        self.setLayout(col(self.words, self.strip, (box(self._room), 1), gap=10, pad=(24, 14, 24, 16)))

    def bar_actions(self) -> Sequence[QWidget]:
        """Which table, changing it, and out to Excel and paper."""
        parts = (self.names, self.county, self.edit_button, self.drop_button, self.export_button, self.print_button)
        return (*parts, self.new_button)

    def reload(self) -> None:
        """Count what the table in view needs."""

        def read(tables: list[OwnTable]) -> None:
            self.tables = tables
            names = [(each.name, each.name) for each in tables]
            self.names.set_options(names, self._wanted or self.names.value())
            self._wanted = ""
            for part in (self.names, self.edit_button, self.drop_button, self.export_button, self.print_button):
                appear(part, bool(tables))
            self._count()

        self.read(self.service.tables, read)

    def table(self) -> OwnTable | None:
        """Return the table in view."""
        return next((each for each in self.tables if each.name == self.names.value()), None)

    def add_table(self) -> None:
        """Ask for a new table."""
        OwnTableDialog(self, self._measures(), None, self._saved).open()

    def edit_table(self) -> None:
        """Ask what is to be otherwise in the table in view."""
        OwnTableDialog(self, self._measures(), self.table(), self._saved).open()

    def drop_table(self) -> None:
        """Forget the table in view, once that is confirmed."""
        table = self.table()
        if table is None:
            return
        words = "只删这张表的选法，各支部的数字不动。"
        confirm(self, f"删除自选表“{table.name}”？", words, "删除", lambda: self._drop(table.name), destructive=True)

    def sheet(self) -> Sheet | None:
        """Return the table in view, for export and print."""
        if self.shown is None or self._table is None:
            return None
        return self._table.model.sheet(f"{self._when()}{self.county.value() or EVERY}{self.shown.name}")

    def export(self) -> None:
        """Write the table to Excel."""
        sheet = self.sheet()
        if sheet is not None and self.shown is not None:
            export_sheet(self, sheet, self.shown.note)

    def print(self) -> None:
        """Show the table as a paper."""
        sheet = self.sheet()
        if sheet is not None and self.shown is not None:
            print_sheet(self, sheet, self.shown.note)

    # inside

    def _drop(self, name: str) -> None:
        self.act(lambda: self.service.remove(name), "已删除。", then=lambda _none: self.reload())

    def _when(self) -> str:
        table = self.table()
        return f"{self.period[:4]}年" if table and table.rows is TableRows.QUARTERS else period_name(self.period)

    def _measures(self) -> Sequence[Measure]:
        known = {measure.id: measure for measure in FIXED}
        return tuple({**known, **{each.id: each for found in self.counted for each in found.measures}}.values())

    def _saved(self, table: OwnTable) -> None:
        self._wanted = table.name
        self.reload()

    def _chosen(self) -> None:
        if self.table() is not None:
            self._count()

    def _count(self) -> None:
        table, period = self.table(), self.period
        self.call(
            lambda progress: self.service.counted(table, period, progress), self._counted,
            strip=self.strip, words="正在统计各支部", each=1, long=True,
        )  # fmt: skip

    def _counted(self, counted: tuple[Statistics, ...]) -> None:
        noted = {county for found in counted for county in found.counties}
        appear(self.county, self.county.offer(noted) and self.table() is not None)
        self._show(counted)

    def _show(self, counted: tuple[Statistics, ...]) -> None:
        self.counted, table = counted, self.table()
        clear(self._room)
        self.shown = self._table = None
        self.words.setText("")
        if table is None:
            self._room.addWidget(self.empty)
            return
        self.shown = found = filled(table, counted, self.county.value() or EVERY)
        self._table = DataTable(_columns(found, table.rows.label[1:]), table.name, height=36, sortable=False)
        self._table.set_rows(found.lines)
        self._room.addWidget(self._table)
        said = "，".join(filter(None, (self._when(), self.county.value(), table.rows.label)))
        words = (said, found.note, "窗口窄时后几列只在导出、打印里")
        self.words.setText("。".join(filter(None, words)) + "。")


def _columns(found: FilledTable, first: str) -> tuple[Column[TableLine], ...]:
    """Return a column for whose figures they are, and one for each figure as far as there is room for it."""
    columns: list[Column[TableLine]] = [Column(first, lambda line: "　".join(filter(None, (line.code, line.name))))]
    taken = NAME_ROOM + (LACKING_WIDTH if any(map(_lacking, found.lines)) else 0)
    for number, measure in enumerate(found.measures):
        unit = f"（{measure.unit}）" if measure.unit and measure.shape is not Shape.SHARE else ""
        title = f"{measure.heading}{unit}"
        width = max(LEAST_WIDTH, len(title) * A_CHARACTER + EDGES)
        taken += width
        columns.append(
            Column(
                title,
                lambda line, at=number: line.cells[at].value,  # type: ignore[misc]
                cell=lambda line, at=number: Txt(line.cells[at].text, align="r"),  # type: ignore[misc]
                align="r",
                width=width,
                fold=taken,
                unit="%" if measure.shape is Shape.SHARE else "",
            )
        )
    if any(map(_lacking, found.lines)):
        columns.append(Column("没有计入的", _lacking, width=LACKING_WIDTH, tone="sub"))
    return tuple(columns)


def _lacking(line: TableLine) -> str:
    """Return who is left out of the figures of a line."""
    return lacking_of(line.cells)

"""赛马 > 评比数据: the figures headquarters types, branch by branch, or takes from Excel."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.services.errors import InvalidInput
from desktop.services.race.appeals import AppealService, Hold
from desktop.services.race.corrections import APPEAL
from desktop.services.race.inputs import SAMPLES, VALUE, InputService
from desktop.services.race.rows import InputCell, TypedFigure
from desktop.services.spreadsheets.branch_columns import GROUND
from desktop.services.spreadsheets.text import plain
from desktop.ui.drafting import Drafting
from desktop.ui.intake.arrivals import Arrivals
from desktop.ui.intake.page import IntakePage
from desktop.ui.page import Desk, Page
from desktop.ui.race.held import say_hold, under_field
from desktop.ui.race.period import PERIOD_WIDTH, PeriodChoice, PeriodInView, turn_to
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, Segments, button, col, link, text
from desktop.ui.widgets.fields import Choice, Field, FieldSet, count_faults, edit, memo, sentence
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact

ALL, MISSING = "all", "missing"
KIND, TITLE = "race_inputs", "赛马数据"


def _state(cell: InputCell) -> Tag:
    if cell.automatic:
        return Tag("自动计算", "good")
    if cell.value is not None:
        return Tag("已录入", "good")
    return Tag("不适用", "none") if cell.not_applicable else Tag("缺数据", "part")


def _part(cell: InputCell) -> Two:
    unused = f"录入的{cell.unused}没有采用" if cell.unused else ""
    return Two(f"{cell.part} {cell.part_name}", "；".join(filter(None, (cell.ground or cell.note, unused))))


def _missing(cell: InputCell) -> bool:
    return cell.value is None and not cell.not_applicable


COLUMNS: tuple[Column[InputCell], ...] = (
    Column("编号", lambda cell: cell.code, width=72, tone="sub"),
    Column("支部", lambda cell: cell.name, width=210, fold=860),
    Column("指标", lambda cell: cell.part, cell=_part),
    Column("数值", lambda cell: cell.value_text, width=90, align="r"),
    Column("样本", lambda cell: cell.samples, width=70, align="r", tone="sub", fold=620),
    Column("状态", lambda cell: _state(cell).text, cell=_state, width=104),
)


def parse_figure(words: str) -> Decimal:
    """Return the number typed: 0.93, 93% and ９３％ alike.

    Raises:
        InvalidInput: the words are no number.
    """
    typed = plain(words)
    try:
        number = Decimal(typed.removesuffix("%"))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():  # Decimal takes the words nan and infinity, too
        raise InvalidInput(VALUE, "应为数字，如0.93或93%")
    return number.scaleb(-2) if typed.endswith("%") else number


@dataclass(frozen=True, slots=True)
class FigureForm:
    """The form of the figure in view; there is none for what the program computes."""

    fields: FieldSet
    save_button: QPushButton


def _key(cell: InputCell) -> tuple[str, str]:
    return cell.branch_id, cell.part


class InputsPage(Page):
    """评比数据."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.view = desk.service(InputService), desk.service(PeriodInView)
        self.appeals, self.hold = desk.service(AppealService), Hold("")
        self._period = ""  # of the rows and forms in sight: another may be chosen already, and still be read
        self._branch: str | None = None
        self.periods = PeriodChoice(self, self.view, PERIOD_WIDTH)
        self.periods.currentIndexChanged.connect(lambda _index: turn_to(self, self.periods.value()))
        self.branches = Choice("支部", [(None, "全部支部")], width=148, least=112, most=200)
        self.branches.currentIndexChanged.connect(lambda _index: self._filter())
        self.scope = Segments(((ALL, "全部"), (MISSING, "只看缺的")), name="全部或缺的")
        self.scope.changed.connect(lambda _key: self._filter())
        self.import_button = self.desk.offered(
            "race_inputs", button("从 Excel 导入", lambda: self.import_file(), icon="file-spreadsheet")
        )
        empty = EmptyState("building-community", "还没有登记的支部。", "支部登记后，在这里录入它的评比数据。")
        self.table: DataTable[InputCell] = DataTable(COLUMNS, "评比数据", empty, height=46)
        self.pane = DetailPane("评比数据")
        self.split = ListWithPane(self.table, self.pane)
        self._held = text("", "sub", wrap=True)
        self.setLayout(col(self._held, (self.split, 1), gap=10, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.form: FigureForm | None = None
        self.cell: InputCell | None = None  # the one in the pane: a filter takes it out of the selection
        Arrivals(self, self.import_button, self.import_file)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which figures, and Excel."""
        return (self.periods, self.branches, self.scope, self.import_button)

    def reload(self) -> None:
        """Read every figure of the period in view."""
        self.periods.follow()
        period = self.view.code
        self.read(
            lambda: (self.service.inputs(period), self.appeals.hold(period)), lambda got: self._loaded(period, *got)
        )

    def go(self, where: dict[str, Any]) -> None:
        """Show the figures of the branch asked for."""
        wanted = where.get("branch")
        self.branches.set_value(wanted)
        self._filter()
        self._branch = wanted  # the branches may still be on their way

    def import_file(self, source: Path | str | None = None) -> None:
        """Take figures, penalties and vetoes from a workbook, of `source` where it was brought here."""
        self.desk.push(IntakePage(self.desk, KIND, TITLE, source=source))

    def show_row(self, cell: InputCell) -> None:
        """Show one figure with its form; what the program computes cannot be typed."""
        self.cell, tag = cell, _state(cell)
        self.pane.show_head(cell.part_name, code=f"{cell.code}　{cell.part}", state=tag.text, tone=tag.tone)
        self.form = None
        if cell.automatic:
            self.pane.show_body(
                fact("支部", cell.name), fact("数值", cell.value_text), fact("依据", cell.ground),
                fact("没有采用", f"录入的{cell.unused}") if cell.unused else None,
                text("由程序从报送的记录计算，不用录入。", "sub", wrap=True),
            )  # fmt: skip
            self.pane.show_foot()
        elif self.hold.reason:
            samples_words = "" if cell.samples is None else str(cell.samples)
            facts = (
                ("支部", cell.name), ("数值", cell.value_text), ("样本", samples_words),
                ("依据", cell.ground), ("更正", cell.corrected),
            )  # fmt: skip
            shown = [fact(name, value) for name, value in facts if value]
            self.pane.show_body(*shown, text(sentence(self.hold.reason), "sub", wrap=True))
            self.pane.show_foot()
        else:
            value = edit(VALUE.label, cell.value_text)
            fields = [(VALUE.name, Field(VALUE.label, value, required=True, note=cell.unit_hint))]
            if cell.wants_samples:
                samples = edit(SAMPLES.label, "" if cell.samples is None else str(cell.samples))
                note = f"少于 {cell.wants_samples} 份不计分"
                fields.append((SAMPLES.name, Field(SAMPLES.label, samples, required=True, note=note)))
            ground = memo(GROUND.label, cell.ground, "写明数据出处，如 9 月报表、满意度问卷汇总。", lines=2)
            fields.append((GROUND.name, Field(GROUND.label, ground, required=True)))
            fields += under_field(self.hold, cell.branch_id)
            self.form = form = FigureForm(
                FieldSet(fields), self.desk.offered("race_inputs", button("保存", self.save, "primary"))
            )
            drafting = Drafting.over(
                self, (form.fields,), f"race.{self._period}.{cell.part}", cell.branch_id, needs="race_inputs"
            )
            count_faults(form.save_button, form.fields.fields.values())
            remark = text(cell.note, "sub", wrap=True) if cell.note else None
            corrected = fact("更正", cell.corrected) if cell.corrected else None
            self.pane.show_body(fact("支部", cell.name), corrected, remark, 4, drafting, form.fields)
            clear_link = None
            if cell.value is not None:
                clear_link = self.desk.offered("race_inputs", link("删掉这个数", self.clear_figure, "trash"))
            self.pane.show_foot(clear_link, ..., form.save_button)
        self.split.open_pane()

    def save(self) -> None:
        """Keep the figure in view and go to the next one."""
        cell, form = self.cell, self.form
        if cell is None or form is None:
            return
        form.fields.calm()
        if not form.fields.check():
            return
        values = form.fields.values()
        try:
            samples = parse_count(values.get(SAMPLES.name, ""))
            value, ground = parse_figure(values[VALUE.name]), values[GROUND.name]
            figure = TypedFigure(cell.branch_id, cell.part, value, samples, ground)
        except InvalidInput as error:
            form.fields.take(error)
            return
        period = self._period
        self.act(
            lambda: self.service.set_inputs(period, [figure], values.get(APPEAL.name)),
            f"已保存{cell.name}的{cell.part_name}。",
            fields=(form.fields,),
            buttons=(form.save_button,),
        )

    def clear_figure(self) -> None:
        """Take the figure in view away; it can be typed again."""
        cell = self.cell
        if cell is None or cell.value is None:
            return
        period = self._period
        before = TypedFigure(cell.branch_id, cell.part, cell.value, cell.samples, cell.ground)
        appeal = self.form.fields.values().get(APPEAL.name) if self.form is not None else None

        self.act(
            lambda: self.service.clear_input(period, cell.branch_id, cell.part, appeal),
            "已删掉 1 个数。",
            undo=lambda: self._put_back(period, before, appeal),
        )

    def _put_back(self, period: str, figure: TypedFigure, appeal: str | None) -> None:
        self.act(lambda: self.service.set_inputs(period, [figure], appeal))

    def _loaded(self, period: str, cells: list[InputCell], hold: Hold) -> None:
        self._period, self.hold = period, hold
        say_hold(self._held, hold)
        names = dict.fromkeys((cell.branch_id, f"{cell.code} {cell.name}") for cell in cells)
        self.branches.set_options([(None, "全部支部"), *names], self._branch or self.branches.value())
        self.table.set_rows(cells, same=_key)
        count = sum(_missing(cell) for cell in cells)
        self.scope.name(MISSING, f"只看缺的 {count}" if count else "只看缺的")
        shown = None if self.pane.isHidden() else self.cell
        self._filter()
        if shown is not None and self.table.current() is None:
            again = next((cell for cell in cells if _key(cell) == _key(shown)), None)
            if again is None:
                self.pane.close_pane()
                self.cell = self.form = None
            else:
                self.show_row(again)

    def _filter(self) -> None:
        branch, only = self.branches.value(), self.scope.current() == MISSING
        self._branch = branch
        kept = self.table.current()
        self.table.model.set_filter(
            lambda cell: (branch is None or cell.branch_id == branch) and (not only or _missing(cell))
        )
        if kept is not None:
            self.table.select(lambda cell: _key(cell) == _key(kept))


def parse_count(words: str) -> int | None:
    """Return the number of samples typed, None where there is none.

    Raises:
        InvalidInput: the words are no whole number.
    """
    if not words:
        return None
    if not words.isdecimal():
        raise InvalidInput(SAMPLES, "应为整数")
    return int(words)

"""赛马 > 评比数据: the figures headquarters types, branch by branch, or takes from Excel."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.services.errors import InvalidInput
from desktop.services.race.service import InputCell, RaceService, TypedFigure
from desktop.ui.dialogs import show_error
from desktop.ui.imports import ImportPage
from desktop.ui.page import Desk, Page
from desktop.ui.race.period import PeriodInView, choices
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, Segments, button, col, link, text
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact

ALL, MISSING = "all", "missing"
KIND, TITLE = "race_inputs", "赛马数据"


def _state(one: InputCell) -> Tag:
    if one.automatic:
        return Tag("自动计算", "good")
    if one.value is not None:
        return Tag("已录入", "good")
    return Tag("不适用", "none") if "不适用" in one.note else Tag("缺数据", "part")


def _missing(one: InputCell) -> bool:
    return _state(one).text == "缺数据"


COLUMNS: tuple[Column[InputCell], ...] = (
    Column("编号", lambda one: one.code, width=72, tone="sub"),
    Column("支部", lambda one: one.name, width=210, fold=860),
    Column("指标", lambda one: one.part, cell=lambda one: Two(f"{one.part} {one.part_name}", one.ground or one.note)),
    Column("数值", lambda one: one.value_text, width=90, align="r"),
    Column("样本", lambda one: one.samples, width=70, align="r", tone="sub", fold=620),
    Column("状态", lambda one: _state(one).text, cell=_state, width=104),
)


def parse_figure(words: str) -> Decimal:
    """Return the number typed: 0.93, 93% and 93％ alike.

    Raises:
        InvalidInput: the words are no number.
    """
    plain = words.strip().replace("％", "%")
    try:
        number = Decimal(plain.removesuffix("%"))
    except InvalidOperation:
        raise InvalidInput("数值", "应为数字，如0.93或93%") from None
    return number.scaleb(-2) if plain.endswith("%") else number


class FiguresPage(Page):
    """评比数据."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.view = desk.service(RaceService), desk.service(PeriodInView)
        self._branch: str | None = None
        self.periods = Choice("评比周期", choices(desk.store.today), self.view.code, width=150)
        self.periods.currentIndexChanged.connect(lambda _index: self._period_chosen())
        self.branches = Choice("支部", [(None, "全部支部")], width=190)
        self.branches.currentIndexChanged.connect(lambda _index: self._filter())
        self.scope = Segments(((ALL, "全部"), (MISSING, "只看缺的")), name="全部或缺的")
        self.scope.changed.connect(lambda _key: self._filter())
        self.import_button = button("从 Excel 导入", self.import_file, "primary", "file-spreadsheet")
        empty = EmptyState("building-community", "还没有登记的支部。", "支部登记后，在这里录入它的评比数据。")
        self.table: DataTable[InputCell] = DataTable(COLUMNS, "评比数据", empty, height=46)
        self.pane = DetailPane("评比数据")
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(self.split, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.pane.moved.connect(self.table.step)
        self.pane.closed.connect(self.table.clear_selection)
        self.fields = FieldSet(())
        self.save_button = button("保存", self.save, "primary")

    def bar_actions(self) -> Sequence[QWidget]:
        """Which figures, and Excel."""
        return (self.periods, self.branches, self.scope, self.import_button)

    def reload(self) -> None:
        """Read every figure of the period in view."""
        if self.periods.value() != self.view.code:
            self.periods.set_value(self.view.code)
        period = self.view.code
        self.call(lambda _progress: self.service.inputs(period), self._loaded)

    def go(self, where: dict[str, Any]) -> None:
        """Show the figures of the branch asked for."""
        self._branch = where.get("branch")
        self.branches.set_value(self._branch)
        self._filter()

    def import_file(self) -> None:
        """Take figures, penalties and vetoes from a workbook."""
        self.desk.push(ImportPage(self.desk, KIND, TITLE))

    def show_row(self, one: InputCell) -> None:
        """Show one figure with its form; what the program computes cannot be typed."""
        tag = _state(one)
        self.pane.show_head(one.part_name, code=f"{one.code}　{one.part}", state=tag.text, tone=tag.tone)
        self.save_button = button("保存", self.save, "primary")
        if one.automatic:
            self.fields = FieldSet(())
            self.pane.show_body(
                fact("支部", one.name), fact("数值", one.value_text), fact("依据", one.ground),
                text("由程序从报送的记录计算，不用录入。", "sub", wrap=True),
            )  # fmt: skip
            self.pane.show_foot()
        else:
            value = edit("数值", one.value_text)
            fields = [("value", Field("数值", value, required=True, note=one.unit_hint))]
            if one.wants_samples:
                samples = edit("样本数", "" if one.samples is None else str(one.samples))
                note = f"少于 {one.wants_samples} 份不计分"
                fields.append(("samples", Field("样本数", samples, required=True, note=note)))
            ground = memo("依据", one.ground, "写明数据出处，如 9 月报表、满意度问卷汇总。", lines=2)
            fields.append(("ground", Field("依据", ground, required=True)))
            self.fields = FieldSet(fields)
            remark = text(one.note, "sub", wrap=True) if one.note else None
            self.pane.show_body(fact("支部", one.name), remark, 4, self.fields)
            clear_link = link("删掉这个数", self.clear_figure, "trash") if one.value is not None else None
            self.pane.show_foot(clear_link, ..., self.save_button)
        self.split.open_pane()

    def save(self) -> None:
        """Keep the figure in view and go to the next one."""
        one = self.table.current()
        if one is None:
            return
        self.fields.calm()
        values = self.fields.values()
        try:
            samples = _count(values.get("samples", ""))
            figure = TypedFigure(one.branch_id, one.part, parse_figure(values["value"]), samples, values["ground"])
        except InvalidInput as error:
            self._refused(error)
            return
        period = self.view.code

        def done(_counts: object) -> None:
            self.desk.changed()
            self.desk.say(f"已保存{one.name}的{one.part_name}。")

        self.call(
            lambda _progress: self.service.set_inputs(period, [figure]),
            done,
            failed=self._refused,
            buttons=(self.save_button,),
        )

    def clear_figure(self) -> None:
        """Take the figure in view away; it can be typed again."""
        one = self.table.current()
        if one is None or one.value is None:
            return
        period = self.view.code
        before = TypedFigure(one.branch_id, one.part, one.value, one.samples, one.ground)

        def done(_none: None) -> None:
            self.desk.changed()
            self.desk.say("已删掉 1 个数。", lambda: self._put_back(period, before))

        self.call(lambda _progress: self.service.clear_input(period, one.branch_id, one.part), done)

    def _put_back(self, period: str, figure: TypedFigure) -> None:
        self.call(lambda _p: self.service.set_inputs(period, [figure]), lambda _counts: self.desk.changed())

    def _refused(self, error: Exception) -> None:
        names = {"数值": "value", "样本数": "samples", "依据": "ground"}
        if isinstance(error, InvalidInput) and self.fields.refuse(names.get(error.field, ""), f"{error.reason}。"):
            return
        show_error(self, error)

    def _period_chosen(self) -> None:
        code = self.periods.value()
        if code is not None and code != self.view.code:
            self.view.code = code
            self.reload()

    def _loaded(self, cells: list[InputCell]) -> None:
        names = dict.fromkeys((one.branch_id, one.name) for one in cells)
        self.branches.set_options([(None, "全部支部"), *names], self._branch or self.branches.value())
        self.table.set_rows(cells, same=lambda one: (one.branch_id, one.part))
        count = sum(_missing(one) for one in cells)
        self.scope.name(MISSING, f"只看缺的 {count}" if count else "只看缺的")
        self._filter()

    def _filter(self) -> None:
        branch, only = self.branches.value(), self.scope.current() == MISSING
        self._branch = branch
        kept = self.table.current()
        self.table.model.set_filter(
            lambda one: (branch is None or one.branch_id == branch) and (not only or _missing(one))
        )
        if kept is not None:
            self.table.select(lambda one: (one.branch_id, one.part) == (kept.branch_id, kept.part))


def _count(words: str) -> int | None:
    if not words:
        return None
    if not words.isdecimal():
        raise InvalidInput("样本数", "应为整数")
    return int(words)

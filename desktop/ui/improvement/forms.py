"""The small decisions on a plan: a measure, its progress, what a gate asks for, all figures before and now."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from desktop.services.errors import InvalidInput
from desktop.services.improvement.plan import Action, Lack
from desktop.services.improvement.view import ActionRow, Comparison, PlanRow
from desktop.ui.dialogs import show_error
from desktop.ui.improvement.parts import plain
from desktop.ui.widgets import Elided, Item, box, col, fixed, link, row, rule, scroll, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo

if TYPE_CHECKING:
    from desktop.ui.improvement.board import BoardPage

NO_NUMBER = "应为数字，如 85 或 92.5"


class _Form(Dialog):
    """A dialog of fields whose refusals stay at their field."""

    fields: FieldSet
    page: "BoardPage"

    def number(self, key: str, words: str) -> float | None:
        """Return the number typed, None for nothing.

        Raises:
            InvalidInput: the words are no number.
        """
        if not words:
            return None
        try:
            return float(words.rstrip("%％"))
        except ValueError:
            raise InvalidInput(key, NO_NUMBER) from None

    def keep(self, work: Callable[[], object], words: str) -> None:
        """Do `work` on the worker, then close and say `words`."""

        def done(_result: object) -> None:
            self.accept()
            self.page.desk.changed()
            self.page.desk.say(words)

        self.page.call(lambda _progress: work(), done, failed=self.refused, buttons=(self.verb,))

    def refused(self, error: Exception) -> None:
        """Show a refusal at its field, else in a dialog of its own."""
        if not (isinstance(error, InvalidInput) and self.fields.refuse(error.field, f"{error.reason}。")):
            show_error(self, error)


class ActionDialog(_Form):
    """One measure: what, who, by when, from which figure to which."""

    def __init__(self, page: "BoardPage", plan: PlanRow, one: ActionRow | None = None) -> None:
        self.page, self._plan, self._one = page, plan, one
        people: list[tuple[Any, str]] = [(None, "请选择"), *((each.id, each.name) for each in page.people)]
        what = memo("措施", one.what if one else "", "写清做什么、做到什么程度。", lines=2)
        wide = FieldSet((("what", Field("措施", what, required=True)),))
        self.fields = FieldSet(
            (
                ("owner_id", Field("责任人", Choice("责任人", people, one.owner_id if one else None))),
                ("due_on", Field("完成时限", DateEdit("完成时限", one.due_on if one else None))),
                ("base", Field("基数", edit("基数", _figure(one.base if one else None)))),
                ("goal", Field("目标值", edit("目标值", _figure(one.goal if one else None)))),
                ("unit", Field("单位", edit("单位", one.unit if one else "", "项、%、分、次"))),
            ),
            columns=2,
        )
        self._what = wide
        more: Item = None
        if one is not None and plan.stage.letter == "P":
            more = row(link("删除这条措施", self._delete, "trash"), ...)
        verb = "保存" if one else "加入计划"
        super().__init__(page, "修改措施" if one else "加一条措施", wide, self.fields, more, verb=verb, wide=True)

    def submit(self) -> None:
        """Add the measure, or change it."""
        self.fields.calm()
        self._what.calm()
        if not self.fields.check_dates():
            return
        values = self.fields.values()
        try:
            base, goal = self.number("base", values["base"]), self.number("goal", values["goal"])
        except InvalidInput as error:
            self.refused(error)
            return
        one, service = self._one, self.page.service
        action = Action(
            what=self._what.values()["what"],
            indicator=one.indicator if one else None,
            item_id=one.item_id if one else None,
            owner_id=values["owner_id"],
            owner_post=one.owner_post if one and one.owner_id == values["owner_id"] else None,
            due_on=values["due_on"],
            unit=values["unit"],
            base=base,
            goal=goal,
        )
        if one is None:
            self.keep(lambda: service.add_action(self._plan.id, action), "已加入计划。")
        else:
            self.keep(lambda: service.edit_action(one.id, action), "措施已保存。")

    def refused(self, error: Exception) -> None:
        """Show a refusal at its field."""
        if not (isinstance(error, InvalidInput) and self._what.refuse(error.field, f"{error.reason}。")):
            super().refused(error)

    def _delete(self) -> None:
        one = self._one
        if one is not None:
            self.keep(lambda: self.page.service.delete_action(one.id), "已删除 1 条措施。")


def _figure(value: float | None) -> str:
    return "" if value is None else plain(value)


class ProgressDialog(_Form):
    """Where a measure has got to, and what came of it."""

    def __init__(self, page: "BoardPage", plan: PlanRow, one: ActionRow | None = None) -> None:
        self.page, self._plan = page, plan
        chosen = one or next((each for each in plan.actions if not each.reached), plan.actions[0])
        self._choice = Choice("措施", [(each.id, each.what) for each in plan.actions], chosen.id)
        self._choice.currentIndexChanged.connect(lambda _index: self._show())
        self._goal = text("", "small", wrap=True)
        self.fields = FieldSet(
            (
                ("action", Field("措施", self._choice)),
                ("actual", Field("实际值", edit("实际值"))),
                ("on", Field("哪天的数", DateEdit("哪天的数", page.desk.store.today))),
                ("gain", Field("做法和收获", memo("做法和收获", "", "达标后写清怎么做到的，供固化推广。", lines=3))),
            )
        )
        more: Item = None
        if one is not None and plan.stage.letter == "D":
            more = row(link("修改这条措施", self._edit, "pencil"), ...)
        super().__init__(page, "填进展", self.fields, self._goal, more, verb="保存进展")
        self._one = one
        self._show()

    def submit(self) -> None:
        """Record the figure."""
        self.fields.calm()
        if not self.fields.check_dates():
            return
        values = self.fields.values()
        try:
            actual = self.number("actual", values["actual"])
        except InvalidInput as error:
            self.refused(error)
            return
        service, key = self.page.service, values["action"]
        self.keep(lambda: service.record_actual(key, actual, gain=values["gain"], on=values["on"]), "进展已保存。")

    def refused(self, error: Exception) -> None:
        """Show a refusal at its field; the day is called otherwise here."""
        if isinstance(error, InvalidInput) and error.field == "日期":
            self.fields.refuse("on", f"{error.reason}。")
            return
        super().refused(error)

    def _show(self) -> None:
        one = next(each for each in self._plan.actions if each.id == self._choice.value())
        self.fields.fields["actual"].control.setText(_figure(one.actual))  # type: ignore[attr-defined]
        self.fields.fields["gain"].control.setPlainText(one.gain)  # type: ignore[attr-defined]
        unit = f" {one.unit}" if one.unit else ""
        self._goal.setText(f"基数 {plain(one.base)}，目标 {plain(one.goal)}{unit}")

    def _edit(self) -> None:
        self.reject()
        self.page.open_action(self._one, change=True)


class GateDialog(Dialog):
    """What keeps a plan from its next stage, and the way to write it."""

    def __init__(self, page: "BoardPage", words: str, lacks: Sequence[Lack]) -> None:
        lines = [row(text("·", "sub"), (text(_lack(one), wrap=True), 1), gap=6) for one in lacks]
        listed = scroll(col(*lines, ..., gap=4))
        height = min(len(lacks) * 44 + 8, 260)
        self._page, self._lacks = page, lacks
        asks_words = any(not one.action and one.field != "措施" for one in lacks)
        self._form = asks_words
        verb = "去填写" if asks_words else "填进展" if lacks and lacks[0].field == "实际值" else "去补全"
        super().__init__(
            page, words, text("还差下面这些，补齐后再进入：", "sub"), fixed(listed, height=height), verb=verb
        )

    def submit(self) -> None:
        """Go where the first thing missing is written."""
        self.accept()
        lack = self._lacks[0]
        if self._form:
            self._page.open_words()
        elif lack.action:
            self._page.open_action(self._page.action(lack.action))
        else:
            self._page.add_action()


def _lack(one: Lack) -> str:
    return one.reason if one.action else f"{one.field}：{one.reason}"


class ComparisonDialog(Dialog):
    """Every figure of the plan before, now, and its goal."""

    def __init__(self, page: "BoardPage", rows: Sequence[Comparison]) -> None:
        heads = row(
            (text("指标", "small"), 1), *(fixed(text(name, "small"), 70) for name in ("计划前", "现在", "目标")), gap=8
        )
        lines: list[Item] = [heads, rule()]
        for one in rows:
            unit = "%" if one.unit == "%" else ""
            cells = [
                fixed(text(plain(value) + (unit if value is not None else ""), "body", tone), 70)
                for value, tone in ((one.before, "sub"), (one.now, ""), (one.goal, "sub"))
            ]
            lines.append(row((Elided(one.name), 1), *cells, gap=8))
        height = min(len(rows) * 30 + 40, 380)
        body = fixed(scroll(box(col(*lines, ..., gap=8))), height=height)
        super().__init__(page, "前后对比", body, verb="知道了", cancel="", wide=True)

"""The small decisions on a plan: a measure, its progress, what a gate asks for, all figures before and now."""

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from desktop.models.vocabulary.following import Counted
from desktop.services.errors import Input, InvalidInput
from desktop.services.improvement.plan import Action, Lack
from desktop.services.improvement.rows import ActionRow, Comparison, PlanRow
from desktop.services.improvement.service import ACTUAL, COUNTS, GOAL, ON, WHAT
from desktop.services.numbers import digits, written
from desktop.services.spreadsheets.text import plain
from desktop.services.standards.verdict import Used
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Desk
from desktop.ui.places import LOOK, can_open_record, open_record
from desktop.ui.widgets import Elided, Item, box, clear, col, fixed, link, row, rule, scroll, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo
from desktop.ui.widgets.layout import add

if TYPE_CHECKING:
    from desktop.ui.improvement.board import BoardPage


BASE = Input("base", "基数")
SHOWN = 5
"""So many of the records that count for a measure are told, the newest first."""


def parse_number(words: str, asked: Input) -> float | None:
    """Return the number typed for what was `asked`, None for nothing.

    Raises:
        InvalidInput: the words are no number.
    """
    if not words:
        return None
    try:
        number = float(plain(words).rstrip("%"))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):  # float takes the words nan and inf, too
        raise InvalidInput(asked, "应为数字，如 85 或 92.5")
    return number


class ActionDialog(FormDialog):
    """One measure: what, who, by when, from which figure to which."""

    def __init__(self, page: "BoardPage", plan: PlanRow, action: ActionRow | None = None) -> None:
        self.board, self._plan, self._action = page, plan, action
        people: list[tuple[str | None, str]] = [(None, "请选择"), *((member.id, member.name) for member in page.people)]
        what = memo(WHAT.label, action.what if action else "", "写清做什么、做到什么程度。", lines=2)
        wide = FieldSet(((WHAT.name, Field(WHAT.label, what, required=True)),))
        self.fields = FieldSet(
            (
                ("owner_id", Field("责任人", Choice("责任人", people, action.owner_id if action else None))),
                ("due_on", Field("完成时限", DateEdit("完成时限", action.due_on if action else None))),
                (BASE.name, Field(BASE.label, edit(BASE.label, _figure(action.base if action else None)))),
                (GOAL.name, Field(GOAL.label, edit(GOAL.label, _figure(action.goal if action else None)))),
                ("unit", Field("单位", edit("单位", action.unit if action else "", "项、%、分、次"))),
            ),
            columns=2,
        )
        self._what = wide
        scored = action is not None and bool(action.item_id or action.indicator)
        ways = [(None, "支部自己填"), *((each, f"{each.label}的记录") for each in Counted)]
        way = Choice(COUNTS.label, ways, action.counts if action else None)
        note = "选了记录的，从立项那天起按总部安排的观摩和座谈、结对帮带、联系计数，不用填进展。"
        counting = Field(COUNTS.label, way, note=note)
        self._counts = FieldSet(() if scored else ((COUNTS.name, counting),))
        more: list[Item] = [] if action is None or action.counts is None else _records(self, page.desk, action)
        if action is not None and plan.stage.letter == "P":
            more.append(row(link("删除这条措施", self._delete, "trash"), ...))
        title, verb = ("修改措施", "保存") if action else ("加一条措施", "加入计划")
        sets = (wide, self.fields, self._counts)
        super().__init__(
            page,
            title,
            wide,
            self.fields,
            self._counts,
            *more,
            fields=sets,
            verb=verb,
            needs="pdca_actions",
            draft="measure",
            about=action.id if action else "",
            wide=True,
        )

    def submit(self) -> None:
        """Add the measure, or change it."""
        if not self.readable():
            return
        values = self.fields.values()
        try:
            base, goal = parse_number(values[BASE.name], BASE), parse_number(values[GOAL.name], GOAL)
        except InvalidInput as error:
            self.fields.take(error)
            return
        before, service = self._action, self.board.service
        action = Action(
            what=self._what.values()[WHAT.name],
            indicator=before.indicator if before else None,
            item_id=before.item_id if before else None,
            owner_id=values["owner_id"],
            owner_post=before.owner_post if before and before.owner_id == values["owner_id"] else None,
            due_on=values["due_on"],
            unit=values["unit"],
            base=base,
            goal=goal,
            counts=self._counts.values().get(COUNTS.name),
        )
        if before is None:
            self.keep(lambda: service.add_action(self._plan.id, action), "已加入计划。")
        else:
            self.keep(lambda: service.edit_action(before.id, action), "措施已保存。")

    def _delete(self) -> None:
        action = self._action
        if action is not None:
            self.keep(lambda: self.board.service.delete_action(action.id), "已删除 1 条措施。")


def _records(dialog: FormDialog, desk: Desk, action: ActionRow) -> list[Item]:
    """Return which records count for a measure, the newest first, with the way to each where there is one."""
    if action.counts is None:
        return []
    told = "：" if action.records else "，立项以来还没有记录。"
    found: list[Item] = [text(f"按{action.counts.label}的记录计数{told}", "sub")]

    def look(record: Used) -> None:
        dialog.reject()
        open_record(desk, record)

    for each in tuple(reversed(action.records))[:SHOWN]:
        record = Used(each.kind, each.id, each.on, each.title)
        way = link(LOOK, partial(look, record), "eye") if can_open_record(desk, record) else None
        found.append(row((text(f"{each.on:%Y-%m-%d} {each.title}", wrap=True), 1), way, gap=8))
    if len(action.records) > SHOWN:
        found.append(text(f"还有 {len(action.records) - SHOWN} 条", "sub"))
    return found


def _figure(value: float | None) -> str:
    return "" if value is None else digits(value)


class ProgressDialog(FormDialog):
    """Where a measure has got to, and what came of it."""

    def __init__(self, page: "BoardPage", plan: PlanRow, action: ActionRow | None = None) -> None:
        self.board, self._plan, self._action = page, plan, action
        chosen = action or next((row for row in plan.actions if not row.reached), plan.actions[0])
        self._choice = Choice("措施", [(row.id, row.what) for row in plan.actions], chosen.id)
        self._choice.currentIndexChanged.connect(lambda _index: self._show())
        self._goal, self._counting = text("", "small", wrap=True), col(gap=2)
        self.fields = FieldSet(
            (
                ("action", Field("措施", self._choice)),
                (ACTUAL.name, Field(ACTUAL.label, edit(ACTUAL.label))),
                (ON.name, Field(ON.label, DateEdit(ON.label, page.desk.store.today))),
                ("gain", Field("做法和收获", memo("做法和收获", "", "达标后写清怎么做到的，供固化推广。", lines=3))),
            )
        )
        more: Item = None
        if action is not None and plan.stage.letter == "D":
            more = row(link("修改这条措施", self._edit, "pencil"), ...)
        self._show()
        super().__init__(
            page,
            "填进展",
            self.fields,
            self._goal,
            box(self._counting),
            more,
            fields=(self.fields,),
            verb="保存进展",
            needs="pdca_actions",
            draft="progress",
            about=chosen.id,
        )

    def submit(self) -> None:
        """Record the figure."""
        if not self.readable():
            return
        values = self.fields.values()
        try:
            actual = parse_number(values[ACTUAL.name], ACTUAL)
        except InvalidInput as error:
            self.fields.take(error)
            return
        service, key = self.board.service, values["action"]
        if self._chosen().counts is not None:  # the records tell it
            self.keep(lambda: service.record_actual(key, None, gain=values["gain"]), "进展已保存。")
        else:
            self.keep(
                lambda: service.record_actual(key, actual, gain=values["gain"], on=values[ON.name]), "进展已保存。"
            )

    def _chosen(self) -> ActionRow:
        return next(row for row in self._plan.actions if row.id == self._choice.value())

    def _show(self) -> None:
        action = self._chosen()
        figure = self.fields.fields[ACTUAL.name].control
        figure.setText(_figure(action.actual))  # type: ignore[attr-defined]
        for control in (figure, self.fields.fields[ON.name].control):
            control.setEnabled(action.counts is None)
        self.fields.fields["gain"].control.setPlainText(action.gain)  # type: ignore[attr-defined]
        unit = f" {action.unit}" if action.unit else ""
        self._goal.setText(f"基数 {written(action.base)}，目标 {written(action.goal)}{unit}")
        clear(self._counting)
        for part in _records(self, self.board.desk, action):
            add(self._counting, part)

    def _edit(self) -> None:
        self.reject()
        self.board.open_action(self._action, change=True)


class GateDialog(Dialog):
    """What keeps a plan from its next stage, and the way to write it."""

    def __init__(self, page: "BoardPage", words: str, lacks: Sequence[Lack]) -> None:
        lines = [row(text("·", "sub"), (text(_lack_words(lack), wrap=True), 1), gap=6) for lack in lacks]
        listed = scroll(col(*lines, ..., gap=4))
        height = min(len(lacks) * 44 + 8, 260)
        self._page, self._lacks = page, lacks
        asks_words = any(not lack.action and lack.field != WHAT.label for lack in lacks)
        self._form = asks_words
        verb = "去填写" if asks_words else "填进展" if lacks and lacks[0].field == ACTUAL.label else "去补全"
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


def _lack_words(lack: Lack) -> str:
    return lack.reason if lack.action else f"{lack.field}：{lack.reason}"


class ComparisonDialog(Dialog):
    """Every figure of the plan before, now, and its goal."""

    def __init__(self, page: "BoardPage", rows: Sequence[Comparison]) -> None:
        heads = row(
            (text("指标", "small"), 1), *(fixed(text(name, "small"), 70) for name in ("计划前", "现在", "目标")), gap=8
        )
        lines: list[Item] = [heads, rule()]
        for figure in rows:
            cells = [
                fixed(text(words, "body", tone), 70)
                for words, tone in ((figure.before_words, "sub"), (figure.now_words, ""), (figure.goal_words, "sub"))
            ]
            lines.append(row((Elided(figure.name), 1), *cells, gap=8))
        height = min(len(rows) * 30 + 40, 380)
        body = fixed(scroll(box(col(*lines, ..., gap=8))), height=height)
        super().__init__(page, "前后对比", body, verb="知道了", cancel="", wide=True)

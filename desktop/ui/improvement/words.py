"""What a plan has to say in words: each stage's required contents, the causes asked for, the benchmark."""

import re
from collections.abc import Mapping

from PySide6.QtWidgets import QLineEdit, QStackedLayout, QWidget

from desktop.services.improvement.rows import PlanRow, StageRow
from desktop.services.improvement.service import ImprovementService
from desktop.ui.drafting import Drafting
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import Chip, banner, box, button, col, row, scroll, text
from desktop.ui.widgets.fields import Field, FieldSet, edit, memo, read
from desktop.ui.widgets.layout import add, clear

_LAYERS = re.compile(r"(\d+)层")
_BY_ACTIONS = ("整改事项", "里程碑", "责任人", "完成时限", "可量化目标", "提升目标值")
"""Required contents of stage P that the measures themselves already say; words are only needed without them."""


def _said(stage: StageRow, name: str) -> bool:
    return stage.letter == "P" and name in _BY_ACTIONS


PLANS = "pdca_plans"
BENCHMARKS = ("对标支部", "帮带对象")
"""What stage P calls the benchmark of the plan."""


class PlanWordsPage(Page):
    """计划内容: a tab for each stage. The page reads the plan itself: the board's may be older."""

    def __init__(self, desk: Desk, plan: PlanRow) -> None:
        super().__init__(desk)
        self.title = plan.title
        self.service = desk.service(ImprovementService)
        self.plan = plan
        self.forms: dict[str, FieldSet] = {}
        self.causes: list[QLineEdit] = []
        self.drafting: Drafting | None = None
        self.done_button = self.desk.offered(PLANS, button("完成", self.finish, "primary", "check"))
        self._over, self._stack = col(gap=0), QStackedLayout()
        self.setLayout(col(self._over, (self._stack, 1), gap=10, pad=(24, 14, 24, 16)))

    def tabs(self) -> tuple[str, ...]:
        """One tab for each stage."""
        return tuple(f"{stage.letter} {stage.name}" for stage in self.plan.stages)

    def show_tab(self, index: int) -> None:
        """Show one stage."""
        self._stack.setCurrentIndex(index)

    def subtitle(self) -> str:
        """Say which class the plan is for."""
        return f"按{self.plan.race_class.label}支部模板"

    def bar_actions(self) -> tuple[QWidget, ...]:
        """The one primary action."""
        return (self.done_button,)

    def reload(self) -> None:
        """Read the plan, once."""
        if self.drafting is None:
            self.read(lambda: self.service.plan(self.plan.id), self._build)

    def finish(self) -> None:
        """Keep what was typed and go back to the board."""
        if self.drafting is None or not self.plan.open or not self.drafting.words():
            self.desk.back()
            return
        fields, causes, benchmark = self._typed(self.drafting.words())
        plan_id, rev, service = self.plan.id, self.drafting.rev, self.service
        self.act(
            lambda: service.edit_plan(plan_id, benchmark=benchmark, root_causes=causes, fields=fields, rev=rev),
            "计划内容已保存。",
            then=lambda _none: self.desk.back(),
            drafts=(self.drafting,),
            again=self.finish,
            buttons=(self.done_button,),
        )

    def _build(self, plan: PlanRow) -> None:
        self.plan, self.forms, self.causes = plan, {}, []
        clear(self._over)
        while self._stack.count():
            old = self._stack.widget(0)
            self._stack.removeWidget(old)
            old.deleteLater()
        for stage in plan.stages:
            self._stack.addWidget(self._form(stage))
        controls: dict[str, QWidget] = {f"cause.{number}": line for number, line in enumerate(self.causes)}
        for letter, form in self.forms.items():
            controls |= {f"{letter}.{name}": field.control for name, field in form.fields.items()}
        self.drafting = Drafting(self, controls, "plan", plan.id, plan.rev, needs=PLANS)
        self.drafting.reread.connect(self._reread)
        add(self._over, self.drafting)
        self.tab = self._start()
        self._stack.setCurrentIndex(self.tab)
        self.head_changed.emit()
        if not self.drafting.looks:
            self._first_open(plan.stages[self.tab])

    def _first_open(self, stage: StageRow) -> None:
        """Put the cursor into what the stage still lacks, else into its first field."""
        lacking = {lack.field for lack in stage.lacks if not lack.action}
        form = self.forms[stage.letter]
        empty = [line for line in self.causes if stage.letter == "P" and not read(line)]
        wanted = [field.control for name, field in form.fields.items() if name in lacking] or empty
        for control in (*wanted, *(field.control for field in form.fields.values())):
            control.setFocus()
            return

    def _reread(self) -> None:
        self.drafting = None
        self.reload()

    def _start(self) -> int:
        return next((index for index, stage in enumerate(self.plan.stages) if stage.current), 0)

    def _form(self, stage: StageRow) -> QWidget:
        lacks = {lack.field: lack.reason for lack in stage.lacks if not lack.action}
        fields: list[tuple[str, Field]] = []
        layout = col(gap=14, pad=(20, 16, 20, 18))
        state = f"{stage.deadline:%Y-%m-%d} 前完成"
        add(layout, row(text(stage.title, "h2"), Chip("当前环节", "run") if stage.current else None, ...,
                        text(state, "sub"), gap=8))  # fmt: skip
        if lacks:
            words = "、".join(lacks)
            add(layout, banner("part", "alert-triangle", f"还缺 {len(lacks)} 处才能进入下一环节", words))
        for name, written in stage.required:
            layers = _LAYERS.search(name)
            if layers is not None:
                add(layout, self._causes_part(name, max(int(layers[1]), len(self.plan.root_causes))))
                continue
            note = (
                "进入下一环节前要写明。"
                if name in lacks
                else "措施里已写明的不必重写，这里写总的说明。"
                if _said(stage, name)
                else ""
            )
            if stage.letter == "P" and name in BENCHMARKS:
                fields.append((name, Field(name, edit(name, self.plan.benchmark or written), note=note)))
            else:
                fields.append((name, Field(name, memo(name, written, lines=2), note=note)))
        form = FieldSet(fields)
        self.forms[stage.letter] = form
        for field in form.fields.values():
            if not self.plan.open:
                field.control.setReadOnly(True)  # type: ignore[attr-defined]
        add(layout, form)
        add(layout, ...)
        return box(col(scroll(layout)), "card")

    def _causes_part(self, name: str, count: int) -> QWidget:
        layout = col(gap=6)
        add(layout, text(name, "sub"))
        for number in range(count):
            given = self.plan.root_causes[number] if number < len(self.plan.root_causes) else ""
            line = edit(f"第 {number + 1} 层为什么", given, f"第 {number + 1} 层：为什么？")
            line.setReadOnly(not self.plan.open)
            self.causes.append(line)
            add(layout, line)
        return box(layout)

    def _typed(self, changed: Mapping[str, object]) -> tuple[dict[str, dict[str, str]], list[str] | None, str | None]:
        """Return what the user changed: texts by stage and name, all causes if one of them, the benchmark."""
        fields: dict[str, dict[str, str]] = {}
        benchmark: str | None = None
        for letter, form in self.forms.items():
            values = {name: words for name, words in form.values().items() if f"{letter}.{name}" in changed}
            for name in BENCHMARKS:
                if letter == "P" and name in values:
                    benchmark = values[name]
            if values:
                fields[letter] = values
        asked_why = any(name.startswith("cause.") for name in changed)
        return fields, [read(line) for line in self.causes] if asked_why else None, benchmark

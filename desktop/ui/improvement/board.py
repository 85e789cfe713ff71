"""提升 > 改进看板: a plan on its time line, four lanes with their gates, each measure as a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.errors import InvalidInput
from desktop.services.improvement.from_race import take_result, waiting_result
from desktop.services.improvement.plan import Lack
from desktop.services.improvement.remarks import RemarkService
from desktop.services.improvement.rows import RATE, TOTAL, ActionRow, PlanRow, PlanSummary, RemarkRow
from desktop.services.improvement.service import ImprovementService
from desktop.services.members import MemberRow, MemberService
from desktop.services.numbers import written
from desktop.services.race.rows import RaceRow
from desktop.ui.dialogs import show_error
from desktop.ui.improvement.forms import ActionDialog, ComparisonDialog, GateDialog, ProgressDialog
from desktop.ui.improvement.parts import Lane, TimeLine, action_card, compared, day, gate_line
from desktop.ui.improvement.remarks import RemarksPage
from desktop.ui.improvement.words import PLANS, PlanWordsPage
from desktop.ui.page import Desk, Page
from desktop.ui.race.explain import TONES
from desktop.ui.widgets import (
    Chip,
    Elided,
    EmptyState,
    Glyph,
    Item,
    RowButton,
    banner,
    box,
    button,
    clear,
    col,
    fixed,
    link,
    row,
)
from desktop.ui.widgets.dialogs import confirm
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.layout import Turning, add, appear

FIGURES = 3
ROOM_FOR_FIGURES, SLIM_BELOW = 1040, 1000
NEXT_WORDS = {"P": "进入执行", "D": "进入检查", "C": "进入处理", "A": "结束本轮"}


@dataclass(frozen=True, slots=True)
class _Board:
    """What the board reads at once."""

    plan: PlanRow | None
    plans: list[PlanSummary]
    remarks: list[RemarkRow]
    people: list[MemberRow]
    result: RaceRow | None
    current: PlanRow | None


class BoardPage(Page):
    """改进看板."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.members = desk.service(ImprovementService), desk.service(MemberService)
        self.remarks = desk.service(RemarkService)
        self.plan: PlanRow | None = None
        self.people: list[MemberRow] = []
        self._wanted, self._slim = "", False
        self.plans = Choice("改进计划", width=210)
        self.plans.currentIndexChanged.connect(lambda _index: self._choose(self.plans.value()))
        self.remarks_button = button("总部意见", self.open_remarks, icon="message")
        self.words_button = button("计划内容", self.open_words, icon="file-text")
        self.measured_button = self.desk.offered("pdca_actions", button("按得分填", self.take_measured, icon="refresh"))
        self.advance_button = self.desk.offered(PLANS, button("进入执行", self.advance, icon="arrow-right"))
        self.progress_button = self.desk.offered("pdca_actions", button("填进展", self.record, "primary", "pencil"))
        for part in self.bar_actions():
            appear(part, False)  # which of them there are is known once the plan is read
        self._head = row(gap=24, pad=(18, 12, 18, 12))
        self._line, self._lanes = TimeLine(), [Lane(letter) for letter in "PDCA"]
        self._over = col(gap=0)
        lanes = row(*((lane, 1) for lane in self._lanes), gap=12)
        board = box(col(box(self._head, "card"), self._over, (lanes, 1), gap=12))
        self.empty = EmptyState("trending-up", "还没有改进计划。", "", "导入总部反馈", self._first_step)
        self._stack = Turning()
        self._stack.addWidget(board)
        self._stack.addWidget(box(col(self.empty), "card"))
        self.setLayout(col(self._stack, pad=(24, 14, 24, 16)))
        self._result: RaceRow | None = None
        self._figures: list[QWidget] = []

    def bar_actions(self) -> Sequence[QWidget]:
        """Which plan, what headquarters remarked, what the plan says, and the next thing to do."""
        return (
            self.plans,
            self.remarks_button,
            self.words_button,
            self.measured_button,
            self.advance_button,
            self.progress_button,
        )

    def reload(self) -> None:
        """Read the plan in view, the list of plans, remarks, and who may answer for a measure."""
        wanted = self._wanted

        def work() -> _Board:
            plans, current = self.service.plans(), self.service.current()
            if wanted in {plan.id for plan in plans}:
                plan: PlanRow | None = self.service.plan(wanted)
            else:
                plan = current or (self.service.plan(plans[0].id) if plans else None)
            people, result = list(self.members.roster()), waiting_result(self.desk.store)
            return _Board(plan, plans, self.remarks.remarks(), people, result, current)

        self.read(work, self._loaded)

    def go(self, where: dict[str, Any]) -> None:
        """Open a remark, a plan, or a measure of the open plan."""
        if where.get("remark") or where.get("kind") == "remark":
            self.open_remarks(str(where.get("remark") or where.get("record") or ""))
        elif where.get("record"):
            self._choose(str(where["record"]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the cards slim and leave figures out where there is little room."""
        super().resizeEvent(event)
        if self._slim != (self.width() < SLIM_BELOW) and self.plan is not None:
            self._show(self.plan)
        for part in self._figures:
            appear(part, self.width() >= ROOM_FOR_FIGURES)

    # actions

    def action(self, action_id: str) -> ActionRow | None:
        """Return a measure of the plan in view."""
        return next((row for row in self.plan.actions if row.id == action_id), None) if self.plan else None

    def add_action(self) -> None:
        """Ask for one more measure."""
        if self.plan is not None:
            ActionDialog(self, self.plan).open()

    def open_action(self, action: ActionRow | None, *, change: bool = False) -> None:
        """Open a measure: its wording while it is planned, its progress afterwards."""
        if self.plan is None or action is None or not self.plan.open:
            return
        if change or self.plan.stage.letter == "P":
            ActionDialog(self, self.plan, action).open()
        else:
            ProgressDialog(self, self.plan, action).open()

    def record(self) -> None:
        """Ask where a measure has got to."""
        if self.plan is not None and self.plan.actions:
            ProgressDialog(self, self.plan).open()

    def take_measured(self) -> None:
        """Let the score say where the measures on items of the standard have got to."""
        plan = self.plan
        if plan is not None:
            self.act(
                lambda: self.service.take_measured(plan.id),
                lambda count: f"按今天的得分更新了 {count} 条措施。" if count else "得分没有变化，措施都是最新的。",
                buttons=(self.measured_button,),
            )

    def count_by_records(self, action: ActionRow) -> None:
        """Let a measure count by the records the scheme in force counts."""

        def told(plan: PlanRow) -> str:
            row = next(row for row in plan.actions if row.id == action.id)
            way = f"按{row.counts.label}的" if row.counts is not None else "按"
            return f"已改为{way}记录计数，现在是 {written(row.actual)} {row.unit}。"

        self.act(lambda: self.service.count_by_records(action.id), told)

    def advance(self) -> None:
        """Take the plan through its gate; the last one asks first, since a plan that has ended stays as it is."""
        plan = self.plan
        if plan is None:
            return
        if plan.stage.letter == "A" and not self._current_lacks():
            words = "结束后计划不能再改，程序记下现在的得分作前后对比；没达标的措施转入下一轮。"
            confirm(self, "结束本轮计划？", words, "结束本轮", self._advance, destructive=True)
        else:
            self._advance()

    def open_words(self) -> None:
        """Open what the plan has to say in words."""
        if self.plan is not None:
            self.desk.push(PlanWordsPage(self.desk, self.plan))

    def open_remarks(self, wanted: str = "") -> None:
        """Open what headquarters remarked."""
        self.desk.push(RemarksPage(self.desk, wanted))

    def take_result(self) -> None:
        """Let the latest race result open the plan its class calls for."""
        self.act(lambda: take_result(self.desk.store), lambda taken: f"{taken.words}。")

    # inside

    def _advance(self) -> None:
        plan = self.plan
        if plan is None:
            return

        def refused(error: Exception) -> None:
            lacks: tuple[Lack, ...] = error.facts.get("lacks", ()) if isinstance(error, InvalidInput) else ()
            if lacks:
                GateDialog(self, f"还不能{NEXT_WORDS[plan.stage.letter]}", lacks).open()
            else:
                show_error(self, error)

        self._wanted = plan.id  # stays in view, ended or not
        self.act(
            lambda: self.service.advance(plan.id),
            lambda moved: f"计划已进入{moved.stage.label}。" if moved.open else "本轮计划已结束。",
            failed=refused,
            buttons=(self.advance_button,),
        )

    def _choose(self, plan_id: str | None) -> None:
        if plan_id and (self.plan is None or plan_id != self.plan.id):
            self._wanted = plan_id
            self.reload()

    def _first_step(self) -> None:
        if self._result is not None:
            self.take_result()
        else:
            self.desk.open("archive", "hand_in")

    def _current_lacks(self) -> tuple[Lack, ...]:
        stages = self.plan.stages if self.plan else ()
        return next((stage.lacks for stage in stages if stage.current), ())

    def _loaded(self, board: "_Board") -> None:
        plan, result = board.plan, board.result
        self.plan, self.people, self._result = plan, board.people, result
        self._stack.setCurrentIndex(0 if plan else 1)
        self.plans.set_options([(summary.id, summary.title) for summary in board.plans], plan.id if plan else None)
        appear(self.plans, len(board.plans) > 1)
        waiting = sum(remark.waits for remark in board.remarks)
        self.remarks_button.setText(f"总部意见 {waiting}" if waiting else "总部意见")
        appear(self.remarks_button, bool(board.remarks))
        self._show_buttons(plan)
        if plan is not None:
            self._show(plan)
            self._say_ended(plan, board.current)
            return
        step = "收到总部公布的赛马结果后，按类别建立，差距和措施自动填好。"
        verb = "导入总部反馈"
        if result is not None:
            step, verb = f"{result.period_name}结果是{result.class_name}，可以按结果建立计划。", "按结果建立计划"
        self.desk.offered(Act.EXCHANGE if result is None else PLANS, self.empty)
        self.empty.say("还没有改进计划。", step)
        if self.empty.button is not None:
            self.empty.button.setText(verb)

    def _say_ended(self, plan: PlanRow, current: PlanRow | None) -> None:
        """Say of a plan that has ended what goes on into the next one, and lead there."""
        clear(self._over)
        if plan.open:
            return
        left = sum(not action.reached for action in plan.actions)
        words = f"没达标的 {left} 条措施转入下一轮" if left else "措施都已达标"
        if current is not None:
            words += f"：“{current.title}”。"
            verb = button("看现在的计划", lambda: self._choose(current.id), "small")
        elif self._result is not None:
            words += f"。{self._result.period_name}结果是{self._result.class_name}，可以按结果建立下一轮计划。"
            verb = self.desk.offered(PLANS, button("建立下一轮", self._first_step, "small"))
        else:
            words += "。收到下一次赛马结果后，按类别建立。"
            verb = self.desk.offered(Act.EXCHANGE, button("导入总部反馈", self._first_step, "small"))
        add(self._over, banner("wait", "info-circle", f"本轮{plan.stage.label}，内容不再改动", words, verb))

    def _show_buttons(self, plan: PlanRow | None) -> None:
        running = plan is not None and plan.open
        letter = plan.stage.letter if plan is not None else ""
        appear(self.words_button, plan is not None)
        appear(self.measured_button, running and letter != "P")
        appear(self.advance_button, running)
        appear(self.progress_button, running and letter in ("D", "C"))
        self.advance_button.setText(NEXT_WORDS.get(letter, ""))
        _dress(self.advance_button, "" if letter in ("D", "C") else "primary")

    def _show(self, plan: PlanRow) -> None:
        self._slim = self.width() < SLIM_BELOW
        today, planning, ended = self.desk.store.today, plan.stage.letter == "P", not plan.open
        self._line.setParent(None)
        clear(self._head)
        self._line.show_plan(plan)
        add(self._head, self._title(plan))
        add(self._head, (self._line, 1))
        self._figures = [self._compare(plan)]
        for part in self._figures:
            add(self._head, part)
            appear(part, self.width() >= ROOM_FOR_FIGURES)
        appear(self._line, True)
        for lane, stage in zip(self._lanes, plan.stages, strict=True):
            cards = [
                action_card(
                    action,
                    planning,
                    today,
                    partial(self.open_action, action),
                    slim=self._slim,
                    ended=ended,
                    count=self._count_link(action),
                )
                for action in plan.lane(stage.letter)
            ]
            more = None
            if plan.open and stage.current and stage.letter in ("P", "D"):
                more = self.desk.offered("pdca_actions", link("加一条措施", self.add_action, "plus"))
            leads = stage.current and plan.open and self.desk.may_write(PLANS)
            foot = gate_line(stage, self._gate if leads else None)
            lane.show_stage(stage, cards, more, foot)

    def _count_link(self, action: ActionRow) -> QWidget | None:
        """Return what lets the records of a measure count that the scheme in force counts, where it is typed."""
        if action.countable is None:
            return None
        part = link("可以按记录计数", partial(self.count_by_records, action), "refresh")
        part.setAccessibleName(f"{action.what}，可以按{action.countable.label}的记录计数")
        return self.desk.offered("pdca_actions", part)

    def _gate(self) -> None:
        lacks = self._current_lacks()
        if lacks and self.plan is not None:
            GateDialog(self, f"还不能{NEXT_WORDS[self.plan.stage.letter]}", lacks).open()
        else:
            self.advance()

    def _title(self, plan: PlanRow) -> QWidget:
        aims = {"lagging": ("中间", "part"), "middle": ("先进", "solid")}
        aim = aims.get(plan.race_class.value)
        chips: list[Item] = [Chip(plan.race_class.label, TONES[plan.race_class.value])]
        if not plan.open:
            chips.append(Chip(plan.stage.label, "none"))
        elif aim is not None:
            chips += [Glyph("arrow-right", size=16), Chip(*aim)]
        today = self.desk.store.today
        helped = plan.race_class.value == "advanced"
        partner = f"，{'帮带' if helped else '对标'}{plan.benchmark}" if plan.benchmark else ""
        words = f"{day(plan.opened_on, today)} 至 {plan.ends_on}{partner}"
        name = plan.title.removeprefix(f"{plan.opened_on.year}年")
        title = Elided(name, "h2")
        title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        out = box(col(row(title, *chips, ..., gap=8), Elided(words, "sub"), gap=8))
        return fixed(out, 330)

    def _compare(self, plan: PlanRow) -> QWidget:
        chosen = [figure for figure in plan.comparisons if figure.key in (TOTAL, RATE)]
        chosen += [
            figure
            for figure in plan.comparisons
            if figure.goal is not None and figure not in chosen and figure.key != "H1"
        ]
        figures = [compared(figure) for figure in chosen[:FIGURES]]
        names = "；".join(figure.name for figure in chosen[:FIGURES])
        return RowButton(
            f"前后对比：{names}", row(*figures, gap=22, pad=(6, 4, 6, 4)),
            lambda: ComparisonDialog(self, plan.comparisons).open(),
        )  # fmt: skip


def _dress(part: QPushButton, kind: str) -> None:
    """Let a button be the main one, or not."""
    if part.objectName() != kind:
        from desktop.ui import theme

        part.setObjectName(kind)
        part.setIcon(theme.icon("arrow-right", theme.CARD if kind == "primary" else theme.ICON))
        part.style().unpolish(part)
        part.style().polish(part)

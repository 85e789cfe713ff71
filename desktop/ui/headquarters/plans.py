"""提升 > 计划: the improvement plans of all branches on one board, what is late first, with what each moved."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.services.improvement.headquarters import AllPlans, BoardMeasure, BranchPlan
from desktop.services.numbers import points, signed
from desktop.ui.output import export_button, print_button
from desktop.ui.page import Desk, Page
from desktop.ui.race.explain import TONES
from desktop.ui.table_model import Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import EmptyState, Segments, col, link, row, text
from desktop.ui.widgets.layout import Item
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact

ALL, LATE, OWED, UNATTENDED = "all", "late", "owed", "unattended"
BOARD = "支部提升计划"


def _named(plan: BranchPlan) -> Two:
    """Return the branch over the one its plan measures itself by (对标)."""
    return Two(plan.name, f"对标{plan.benchmark}" if plan.benchmark else "")


def _class(plan: BranchPlan) -> Tag:
    if plan.result is None:
        return Tag("没有结果", "none")
    return Tag(plan.result.class_name, TONES[plan.result.class_id])


def _stage(plan: BranchPlan) -> Two:
    if plan.stage is None:
        return Two("没有报来计划" if plan.owed else "不需要计划", "")
    return Two(f"{plan.stage.letter} {plan.stage_name}", plan.title)


def _late(plan: BranchPlan) -> Tag:
    if plan.late_days:
        return Tag(f"晚 {plan.late_days} 天", "bad")
    if plan.late_measures:
        return Tag(f"{plan.late_measures} 条措施过期", "wait")
    return Tag("按期" if plan.plan_id else "未到期" if plan.owed else "—", "good" if plan.plan_id else "none")


def _liaison(plan: BranchPlan) -> Tag:
    visit = plan.followed.visited_on
    if plan.unattended:
        return Tag("没有联系", "bad")
    if plan.followed.to_visit:
        return Tag("该再联系", "wait")
    return Tag(f"{visit:%Y-%m-%d}" if visit is not None else "—", "none")


def _measures(plan: BranchPlan) -> str:
    return f"{plan.reached} / {len(plan.measures)}" if plan.plan_id else "—"


def _moved(plan: BranchPlan) -> Txt:
    if plan.change is None:
        return Txt("—", "sub")
    return Txt(signed(plan.change), "good" if plan.change > 0 else "bad" if plan.change < 0 else "sub")


COLUMNS: tuple[Column[BranchPlan], ...] = (
    Column("编号", lambda plan: plan.code, width=76, tone="sub", fold=700),
    Column("支部", lambda plan: plan.name, cell=_named, width=196),
    Column("类别", lambda plan: _class(plan).text, cell=_class, width=96),
    Column("环节", lambda plan: _stage(plan).text, cell=_stage),
    Column("期限", lambda plan: plan.due_on, width=106, tone="sub", fold=860),
    Column("进度", lambda plan: (-plan.late_days, -plan.late_measures), cell=_late, width=124),
    Column("联系", lambda plan: _liaison(plan).text, cell=_liaison, width=106, fold=1060),
    Column("措施达成", lambda plan: plan.reached, cell=lambda plan: Txt(_measures(plan), "sub"), width=92, fold=700),
    Column("赛马总分变化", lambda plan: plan.change or 0, cell=_moved, width=116, fold=960),
)


class PlansPage(Page):
    """计划."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(AllPlans)
        self.plans: list[BranchPlan] = []
        self._shown, self._wanted = ALL, ""
        shown = [(ALL, "全部"), (LATE, "落后于期限"), (OWED, "没有计划"), (UNATTENDED, "要联系")]
        self.filters = Segments(shown, name="筛选")
        self.filters.changed.connect(self._filter)
        self.export_button = export_button(self, lambda: self.table.model.sheet(BOARD))
        self.print_button = print_button(self, lambda: self.table.model.sheet(BOARD))
        self._words = text("", "sub", wrap=True)
        empty = EmptyState("trending-up", "还没有登记的支部。", "支部按赛马结果的类别立计划，随报送包报来。")
        self.table: DataTable[BranchPlan] = DataTable(COLUMNS, BOARD, empty, height=46)
        self.pane = DetailPane("计划")
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(row((self._words, 1)), (self.split, 1), gap=10, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which plans, and the list out."""
        return (self.filters, self.export_button, self.print_button)

    def reload(self) -> None:
        """Read the plans of all branches."""
        self.read(self.service.board, self._loaded)

    def go(self, where: dict[str, Any]) -> None:
        """Show the branch asked for, or the plans of a view."""
        self._wanted = str(where.get("branch", ""))
        self._filter(str(where.get("view", ALL)))

    def show_row(self, plan: BranchPlan) -> None:
        """Look at one branch: its plan, its measures, and what was measured before and now."""
        tag = _late(plan)
        self.pane.show_head(plan.name, plan.code, tag.text, tag.tone)
        result = plan.result
        latest = f"{result.period_name}{result.class_name}" if result is not None else ""
        facts = [
            ("最近结果", latest),
            ("计划", plan.title),
            ("对标帮带", plan.benchmark),
            ("立项", f"{plan.opened_on:%Y-%m-%d}" if plan.opened_on else ""),
            ("环节", f"{plan.stage.letter} {plan.stage_name}" if plan.stage else ""),
            ("本环节到" if plan.plan_id else "应报到", f"{plan.due_on:%Y-%m-%d}" if plan.due_on else ""),
            ("全程到", f"{plan.ends_on:%Y-%m-%d}" if plan.ends_on else ""),
            ("达成率", f"{plan.ratio:.0%}，到期的措施" if plan.ratio is not None else ""),
            ("赛马总分", _before_now(plan)),
            ("已结束", f"{plan.ended} 个计划" if plan.ended else ""),
        ]
        body: list[Item] = [fact(name, value) for name, value in facts if value]
        if plan.measures:
            body += [text("措施", "h2"), *(_measure(measure) for measure in plan.measures)]
        asking = plan.asking
        if asking is not None and plan.owed:
            told = f"{asking.period_name}{asking.class_name}，要有提升计划，报来的数据里没有。"
            body.append(text(told, "sub", "wait", wrap=True))
        body += _followed(plan)
        self.pane.show_body(*body)
        branch = plan.branch_id
        visit = self.desk.offered("liaison", link("登记联系", lambda: self._visit(branch), "plus"))
        remark = self.desk.offered(
            "remarks", link("提意见", lambda: self.desk.open("send", "remarks", branch=branch), "message")
        )
        score = link("看赛马结果", lambda: self.desk.open("race", "race", branch=branch))
        self.pane.show_foot(score, ..., visit, remark)
        self.split.open_pane()

    def _visit(self, branch: str) -> None:
        self.desk.open("improve", "following", kind="liaison", new=True, prefill={"subject_id": branch})

    def _loaded(self, plans: list[BranchPlan]) -> None:
        self.plans = plans
        late, owed = sum(plan.late for plan in plans), sum(plan.owed for plan in plans)
        unattended = sum(plan.unattended for plan in plans)
        again = sum(plan.followed.to_visit and not plan.unattended for plan in plans)
        running = sum(bool(plan.plan_id) for plan in plans)
        self._words.setText(
            f"{len(plans)} 个支部，{running} 个有进行中的计划，{late} 个落后于期限，{owed} 个应有计划没有报来，"
            f"{unattended} 个落后支部还没有联系，{again} 个约好再联系的日子到了。"
            "按支部最后一包里的数据计，按记录计数的措施照“分类跟进”里登记的，环节的天数按赛马方案里各类别的模板。"
        )
        self._filter(self._shown)

    def _filter(self, shown: str) -> None:
        self._shown = shown
        self.filters.choose(shown)
        kept = [plan for plan in self.plans if _fits(plan, shown)]
        self.table.set_rows(kept, same=lambda plan: plan.branch_id)
        wanted = self._wanted
        if wanted and self.table.select(lambda plan: plan.branch_id == wanted):
            self._wanted = ""


def _fits(plan: BranchPlan, shown: str) -> bool:
    return {ALL: True, LATE: plan.late, OWED: plan.owed, UNATTENDED: plan.unattended or plan.followed.to_visit}[shown]


def _followed(plan: BranchPlan) -> list[Item]:
    """Return what headquarters did for the branch: the last liaison, what it adopted, who helps whom."""
    followed, found = plan.followed, list[Item]()
    if plan.unattended:
        found.append(text("结果公布以来还没有人联系。", "sub", "bad", wrap=True))
    if followed.visited_on is not None:
        found.append(fact("最近联系", f"{followed.visited_on:%Y-%m-%d} {followed.liaison}"))
    if followed.next_on is not None:
        found.append(fact("下次联系", f"{followed.next_on:%Y-%m-%d}{'，日子到了' if followed.to_visit else ''}"))
    if followed.next_step:
        found.append(fact("下一步", followed.next_step))
    found += [fact("采用的做法", words) for words in followed.adopted]
    for pair in followed.pairs:
        who = f"帮带{pair.other}" if pair.helps else f"由{pair.other}帮带"
        totals = "" if pair.before is None else points(pair.before)
        if pair.after is not None:
            totals = f"{totals} → {points(pair.after)}" if totals else points(pair.after)
        whose = f"，{'对方' if pair.helps else '本支部'}赛马总分 {totals}" if totals else ""
        found.append(fact(who, f"{pair.what}，{pair.began_on:%Y-%m-%d} 到 {pair.until:%Y-%m-%d}{whose}"))
    return [text("分类跟进", "h2"), *found] if found else []


def _before_now(plan: BranchPlan) -> str:
    return " → ".join(points(total) for total in (plan.before, plan.now) if total is not None)


def _measure(measure: BoardMeasure) -> Item:
    due = f"{measure.due_on:%Y-%m-%d} 前" if measure.due_on else "没有定期限"
    without = measure.lacking or "还没有实际值"
    reached = without if measure.progress is None else f"完成 {measure.progress:.0%}"
    late = f"，晚 {measure.late_days} 天" if measure.late_days else ""
    counted = f"，{measure.counted}" if measure.counted else ""
    under = text(f"{due}，{reached}{counted}{late}", "small", "bad" if measure.late_days else "", wrap=True)
    return col(text(measure.what, "body", wrap=True), under, gap=0)

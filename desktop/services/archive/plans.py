"""An improvement plan on paper (提质升级计划): class, causes, measures, and what each stage brought."""

from desktop.services.archive.blocks import (
    TURN,
    Block,
    Column,
    Document,
    Fields,
    Heading,
    Look,
    Paragraph,
    Side,
    Table,
    Title,
)
from desktop.services.archive.wording import day, short_day
from desktop.services.improvement.rows import ActionRow, PlanRow
from desktop.services.numbers import written


def plan_document(plan: PlanRow, branch: str) -> Document:
    """Return one plan as a document of its own."""
    title = f"{branch}{plan.title}"
    blocks: tuple[Block, ...] = (Title(f"{branch}{TURN}{plan.title}"), *plan_blocks(plan, level=1))
    return Document(
        title=title,
        author=branch,
        subject=plan.title,
        day=plan.opened_on,
        blocks=blocks,
        running_head=title,
        running_foot=branch,
        look=Look.BOOK,
    )


def plan_blocks(plan: PlanRow, level: int) -> tuple[Block, ...]:
    """Return a plan without its title, as typed and as records tell: nothing here is of the day it is printed."""
    pairs = (
        ("类别", plan.race_class.label),
        ("依据的赛马结果", "、".join((plan.source_period, *plan.noted_periods))),
        ("开始日期", day(plan.opened_on)),
        ("结束期限", day(plan.ends_on)),
        ("所处环节", plan.stage.label),
        ("对标支部", plan.benchmark or ""),
        ("承接自", plan.rolled_over_from),
        ("目标", plan.goal),
        ("原因分析", "\n".join(plan.root_causes)),
    )
    blocks: list[Block] = [
        Fields(tuple(pair for pair in pairs if pair[1]), record=plan.title),
        Heading("整改提升措施", level, listed=False),
        _actions(plan.actions, plan.title),
        Heading("各环节情况", level, listed=False),
    ]
    for stage in plan.stages:
        entered = f"{day(stage.entered_on)}进入，" if stage.entered_on else "尚未进入，"
        blocks.append(Paragraph(f"{entered}期限{day(stage.deadline)}。", lead=f"{stage.letter} {stage.title}："))
        told = tuple(pair for pair in stage.required if pair[1])
        if told:
            blocks.append(Fields(told, columns=1, record=plan.title))
    return tuple(blocks)


def _actions(actions: tuple[ActionRow, ...], record: str) -> Table:
    rows = tuple(
        (
            str(number),
            action.what,
            action.owner_name or action.owner_post_name,
            short_day(action.due_on),
            written(action.base),
            written(action.actual),
            written(action.goal) + (action.unit if action.goal is not None else ""),
            action.gain,
        )
        for number, action in enumerate(actions, start=1)
    )
    columns = (
        Column("序号", 0.8, Side.CENTER),
        Column("措施", 4.4),
        Column("责任人", 1.6),
        Column("期限", 1.8, Side.CENTER),
        Column("基数", 1.1, Side.CENTER),
        Column("现值", 1.1, Side.CENTER),
        Column("目标", 1.3, Side.CENTER),
        Column("成效", 2.6),
    )
    return Table(columns, rows, record=f"{record}措施")

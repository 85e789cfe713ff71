"""What is asked of a branch from above, for the first page: the report of a quarter, tasks, remarks, orders,
results and verdicts to look at.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RemarkKind
from desktop.services.improvement.ahead import ahead
from desktop.services.improvement.remarks import RemarkService
from desktop.services.inspections.todo import inspection_works
from desktop.services.meetings.required import required_of
from desktop.services.opinions import opinion_works
from desktop.services.race.editions import period_names
from desktop.services.race.raising import appeal_works
from desktop.services.reminders import Bucket, reminders
from desktop.services.sampling.todo import verdict_works
from desktop.services.standards.verdict import Where
from desktop.services.superior.todo import superior_works
from desktop.services.sync.overview import reports_missing
from desktop.services.transferring.todo import order_works
from desktop.services.works import Work

if TYPE_CHECKING:
    from desktop.services.store import Store


def works_from_above(store: "Store") -> list[Work]:
    """Return all of it: late, due within a month, or without a day."""
    return [
        *_reports(store),
        *_above(store),
        *_remarks(store),
        *_moves(store),
        *_results(store),
        *_verdicts(store),
        *_studies(store),
        *_checks(store),
        *_opinions(store),
        *_arranged(store),
    ]


def _reports(store: "Store") -> Iterator[Work]:
    """Return the quarters that are over and were not reported, by the day the books of the first are closed."""
    missing = reports_missing(store)
    if missing and ((due := missing[0]).closes_on - store.today).days <= reminders().month_days:
        yield Work(
            what=f"报送{period_names([each.period for each in missing])}",
            source="归档报送",
            who="",
            by=due.closes_on,
            bucket=Bucket.of((due.closes_on - store.today).days),
            verb="去报送",
            where=Where("hand_in", "hand_in", needs=Act.EXCHANGE),
        )


def _above(store: "Store") -> list[Work]:
    """Return the open tasks from above: late, due within a month, or without a day."""
    return [
        Work(
            what=task.what,
            source=f"上级任务 {task.asked_by}",
            who=task.owner,
            by=task.by,
            bucket=Bucket.MONTH if task.by is None else Bucket.of((task.by - store.today).days),
            verb="看任务",
            where=Where("registers", "superior_task", {"id": task.task_id}),
        )
        for task in superior_works(store)
        if task.by is None or (task.by - store.today).days <= reminders().month_days
    ]


def _remarks(store: "Store") -> Iterator[Work]:
    """Return what headquarters wrote and nobody answered; a notice is only read, and what became a task of the register
    or a measure of the plan is told there."""
    for remark in RemarkService(store).waiting():
        days = reminders().month_days if remark.due_on is None else (remark.due_on - store.today).days
        if days <= reminders().month_days:
            yield Work(
                what=remark.text,
                source=f"总部{remark.kind.label} {remark.about_name or remark.item_id or ''}".strip(),
                who="",
                by=remark.due_on,
                bucket=Bucket.of(days),
                verb="去更正" if remark.kind is RemarkKind.CORRECTION else "去答复",
                where=Where("remarks", "remark", {"id": remark.id}),
            )


def _moves(store: "Store") -> Iterator[Work]:
    """Return what headquarters' orders about members who move ask of this branch."""
    for work in order_works(store):
        soon = Bucket.WEEK if work.by is None else Bucket.of((work.by - store.today).days)
        where, source = Where("transfers", "transfer_order", {"id": work.order_id}), "总部的转接通知"
        yield Work(what=work.what, source=source, who="", by=work.by, bucket=soon, verb=work.verb, where=where)


def _results(store: "Store") -> Iterator[Work]:
    """Return the published results against which there is still time to appeal."""
    for found in appeal_works(store):
        yield Work(
            what=f"看{found.period_name}赛马结果，有不同意见的提出申诉",
            source="公布的结果",
            who="",
            by=found.until,
            bucket=Bucket.of(found.days_left),
            verb="看结果",
            where=Where("race_result", "race_result", {"period": found.period}),
            lapses=True,
        )


def _verdicts(store: "Store") -> Iterator[Work]:
    """Return the verdicts of spot checks against which there is still time to appeal."""
    for found in verdict_works(store):
        yield Work(
            what=f"看抽查认定“{found.title}”{found.verdict}，有不同意见的提出申诉",
            source=f"{found.period_name}抽查",
            who="",
            by=found.until,
            bucket=Bucket.of((found.until - store.today).days),
            verb="看认定",
            where=Where("sampled", "sampled_record", {"id": found.sampled_id}),
            lapses=True,
        )


def _arranged(store: "Store") -> list[Work]:
    """Return what headquarters arranged for this branch and lies ahead; it is on its day, neither before nor after."""
    return [
        Work(
            what=found.what,
            source=found.source,
            who="",
            by=found.on,
            bucket=Bucket.of((found.on - store.today).days),
            verb="看安排",
            where=Where("arranged", found.kind, {"id": found.record}),
            held=True,
        )
        for found in ahead(store)
    ]


def _studies(store: "Store") -> list[Work]:
    """Return what the branch was told to study, this year or the last, and has not: late, or due within a month."""
    year = store.today.year
    return [
        Work(
            what=f"学习：{topic.title}",
            source=f"必学内容 {topic.from_org}".strip(),
            who="",
            by=topic.due_on,
            bucket=Bucket.of((topic.due_on - store.today).days),
            verb="记会议",
            where=topic.form,
        )
        for topic in (*required_of(store, year - 1), *required_of(store, year))
        if topic.state.open and (topic.due_on - store.today).days <= reminders().month_days
    ]


def _checks(store: "Store") -> list[Work]:
    """Return what checklists of inspectors ask for: late, or due within a month."""
    return [
        Work(
            what=work.what if work.count == 1 else f"备齐检查材料 {work.count} 条",
            source=f"专项检查 {work.title}",
            who=work.owner,
            by=work.by,
            bucket=Bucket.of((work.by - store.today).days),
            verb="看检查表",
            where=Where("registers", "inspection_point", {"id": work.point_id}),
        )
        for work in inspection_works(store)
        if (work.by - store.today).days <= reminders().month_days
    ]


def _opinions(store: "Store") -> list[Work]:
    """Return the opinions that wait for an answer: late, due within a month, or without a day."""
    return [
        Work(
            what=f"答复意见：{work.text}",
            source=work.asked,
            who=work.owner,
            by=work.by,
            bucket=Bucket.MONTH if work.by is None else Bucket.of((work.by - store.today).days),
            verb="去答复",
            where=Where("registers", "opinion_round", {"id": work.round_id}),
        )
        for work in opinion_works(store)
        if work.by is None or (work.by - store.today).days <= reminders().month_days
    ]

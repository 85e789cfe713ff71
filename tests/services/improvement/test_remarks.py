"""Remarks of headquarters: answered, made a measure, entered in the list of problems."""

from datetime import date

import pytest

from desktop.models.race import Remark
from desktop.models.vocabulary.race import RemarkKind
from desktop.services.errors import NotFound
from desktop.services.improvement.from_race import take_result
from desktop.services.improvement.remarks import RemarkService
from desktop.services.improvement.service import ImprovementService
from desktop.services.registers.service import RegisterService
from desktop.services.registers.values import LONGEST_WORDS
from desktop.services.store import Store
from tests.services.improvement.plans import receive, refused


def test_a_remark_is_answered_or_made_an_action(store: Store, service: ImprovementService) -> None:
    remarks = RemarkService(store)
    with store.unit_of_work("收反馈") as session:
        remark = Remark(
            branch_id=store.branch_id, text="支委会决定没有跟踪结果", item_id="D4-02", made_on=date(2026, 10, 18),
            due_on=date(2026, 11, 30),
        )  # fmt: skip
        session.add(remark)
        session.flush()
        remark_id = remark.id
    assert refused(remarks.to_action, remark_id) == ("改进计划", "没有进行中的计划")
    receive(store, "middle")
    take_result(store)
    action = remarks.to_action(remark_id)
    assert remarks.to_action(remark_id) == action
    assert remarks.remarks()[0].action_id == action
    plan = service.current()
    assert plan is not None
    assert (plan.actions[-1].what, plan.actions[-1].rolled_over) == ("上级意见：支委会决定没有跟踪结果", False)
    with store.unit_of_work("收反馈") as session:
        session.add(open_end := Remark(branch_id=store.branch_id, text="公开栏没有更新", made_on=store.today))
        session.flush()
        open_end_id = open_end.id
    remarks.to_action(open_end_id)
    plan = service.current()
    assert plan is not None
    due = {row.what: row.due_on for row in plan.actions}
    assert due["上级意见：支委会决定没有跟踪结果"] == date(2026, 11, 30), "what headquarters said goes first"
    begun = [row.due_on for row in plan.actions if not row.what.startswith("上级意见") and row.due_on is not None]
    assert due["上级意见：公开栏没有更新"] == max(begun), "as the measures the plan began with"
    assert refused(remarks.answer, remark_id, " ") == ("办理情况", "不能为空")
    remarks.answer(remark_id, "已逐项跟踪", date(2026, 10, 19))
    remarks.answer(remark_id, "已逐项跟踪并公开", date(2026, 10, 20))
    (told,) = (each for each in remarks.remarks() if each.id == remark_id)
    assert (told.answer, told.answered_on) == ("已逐项跟踪并公开", date(2026, 10, 20))
    with pytest.raises(NotFound):
        remarks.answer("nothing", "x")


def asked(store: Store, kind: RemarkKind, **values: object) -> str:
    """Put into the branch what headquarters asks, as feedback does."""
    with store.unit_of_work("收反馈") as session:
        row = Remark(
            branch_id=store.branch_id, kind=kind, text="报三季度总结。附计划", made_on=date(2026, 10, 18), **values
        )
        session.add(row)
        session.flush()
        return row.id


def test_a_task_is_entered_among_those_from_above_and_closed_with_its_answer(store: Store) -> None:
    remarks, register = RemarkService(store), RegisterService(store)
    task = asked(store, RemarkKind.TASK, due_on=date(2026, 11, 30))
    row = remarks.to_task(task)
    assert remarks.to_task(task) == row
    kept = register.row("superior_task", row).values
    assert (kept["title"], kept["due_on"], kept["done_on"]) == ("报三季度总结。附计划", date(2026, 11, 30), None)
    remarks.answer(task, "正在写")
    assert register.row("superior_task", row).values["done_on"] is None
    remarks.answer(task, "已报", date(2026, 10, 19))
    kept = register.row("superior_task", row).values
    assert (kept["answer"], kept["done_on"]) == ("已报", date(2026, 10, 19))
    remark = asked(store, RemarkKind.REMARK)
    assert refused(remarks.to_task, remark) == ("类别", "只有任务和通知列入上级来文、任务")


def test_a_record_is_corrected_or_the_branch_says_why_it_stays(store: Store) -> None:
    remarks = RemarkService(store)
    request = asked(store, RemarkKind.CORRECTION, about_kind="meeting", about_id="m1", about_name="10月12日支委会")
    remarks.answer(request, "签到表上就是这个日期", date(2026, 10, 19), declined=True)
    (row,) = remarks.remarks()
    assert (row.kind, row.about_name, row.declined) == (RemarkKind.CORRECTION, "10月12日支委会", True)
    remarks.answer(request, "已改", date(2026, 10, 19))
    assert not remarks.remarks()[0].declined
    task = asked(store, RemarkKind.TASK)
    assert refused(remarks.answer, task, "不做", declined=True) == ("不更正", "只有请求更正的才能答复不更正")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("支委会决定没有跟踪结果", "支委会决定没有跟踪结果"),
        ("检查发现两个问题。\n一是台账不全；\n二是记录缺页。", "检查发现两个问题。"),
        ("很长的意见" * 60, "很长的意见" * 12 + "…"),
        ("零宽\u200b字符", "零宽字符"),
    ],
)
def test_a_remark_becomes_one_problem_that_says_all_of_it(store: Store, text: str, title: str) -> None:
    remarks, register = RemarkService(store), RegisterService(store)
    with store.unit_of_work("收反馈") as session:
        row = Remark(branch_id=store.branch_id, text=text, made_on=date(2026, 10, 18), due_on=date(2026, 11, 30))
        session.add(row)
        session.flush()
        remark_id = row.id
    issue = remarks.to_issue(remark_id)
    assert remarks.to_issue(remark_id) == issue
    kept = register.row("issue", issue).values
    assert kept["title"] == title
    said = kept["symptom"] or kept["title"]
    assert said == text.replace("\u200b", "")


@pytest.mark.parametrize("kind", [RemarkKind.REMARK, RemarkKind.TASK])
def test_a_remark_longer_than_a_register_takes_is_entered_and_says_where_the_rest_is(
    store: Store, kind: RemarkKind
) -> None:
    remarks, text = RemarkService(store), "检查发现的问题。\n" + "很长的意见" * 1000
    with store.unit_of_work("收反馈") as session:
        row = Remark(
            branch_id=store.branch_id, text=text, kind=kind, made_on=date(2026, 10, 18), due_on=date(2026, 11, 30)
        )
        session.add(row)
        session.flush()
        remark_id = row.id
    register = RegisterService(store)
    if kind is RemarkKind.TASK:
        said = register.row("superior_task", remarks.to_task(remark_id)).values["what"]
    else:
        said = register.row("issue", remarks.to_issue(remark_id)).values["symptom"]
    assert len(said) == LONGEST_WORDS
    assert said.endswith(f"……（共{len(text)}字，全文见“上级意见”）")
    assert said.startswith("检查发现的问题。\n很长的意见")


def test_two_remarks_of_one_day_that_begin_alike_become_two_problems(store: Store) -> None:
    remarks = RemarkService(store)
    with store.unit_of_work("收反馈") as session:
        rows = [
            Remark(branch_id=store.branch_id, text="同样的开头" * 50 + end, made_on=date(2026, 10, 18))
            for end in ("甲", "乙")
        ]
        session.add_all(rows)
        session.flush()
        ids = [row.id for row in rows]
    assert refused(remarks.to_issue, ids[0]) == ("整改期限", "上级没有定期限，请填写")
    assert len({remarks.to_issue(each, date(2026, 11, 30)) for each in ids}) == 2

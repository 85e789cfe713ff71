"""Remarks of headquarters: answered, made a measure, entered in the list of problems."""

from datetime import date

import pytest

from desktop.models.race import Remark
from desktop.services.errors import NotFound
from desktop.services.improvement.from_race import take_result
from desktop.services.improvement.remarks import RemarkService
from desktop.services.improvement.service import ImprovementService
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
    assert refused(remarks.answer, remark_id, " ") == ("办理情况", "不能为空")
    remarks.answer(remark_id, "已逐项跟踪", date(2026, 10, 19))
    remarks.answer(remark_id, "已逐项跟踪并公开", date(2026, 10, 20))
    assert [(r.answer, r.answered_on) for r in remarks.remarks()] == [("已逐项跟踪并公开", date(2026, 10, 20))]
    with pytest.raises(NotFound):
        remarks.answer("nothing", "x")

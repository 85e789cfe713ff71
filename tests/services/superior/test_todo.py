"""Tasks from above: their state by their dates, what of them is to do, and the workbook of a branch's own ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.vocabulary.superior import SuperiorState
from desktop.services.errors import InvalidInput
from desktop.services.home import read_home
from desktop.services.registers import RegisterService
from desktop.services.reminders import Bucket
from desktop.services.store import Store
from desktop.services.superior.todo import superior_works
from desktop.services.workbooks import book
from tests.sheets import workbook
from tests.stores import new_store

TASK = {"title": "报送小结", "received_on": "2026-11-02", "from_org": "市公司党建科"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:  # 2026-11-22
        yield opened


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({}, SuperiorState.WAITING),
        ({"kind": "文件"}, SuperiorState.FILED),
        ({"kind": "文件", "due_on": "2026-12-01"}, SuperiorState.WAITING),
        ({"due_on": "2026-11-22"}, SuperiorState.WAITING),
        ({"due_on": "2026-11-21"}, SuperiorState.RUN_OUT),
        ({"due_on": "2026-11-10", "done_on": "2026-11-12", "answer": "已报"}, SuperiorState.CLOSED),
    ],
)
def test_a_task_stands_where_its_dates_put_it(store: Store, given: dict[str, str], state: SuperiorState) -> None:
    registers = RegisterService(store)
    row = registers.row("superior_task", registers.save("superior_task", {**TASK, **given}))
    assert row.standing is state


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"due_on": "2026-11-01"}, "due_on"),
        ({"done_on": "2026-11-01", "answer": "已报"}, "done_on"),
        ({"done_on": "2026-11-12"}, "answer"),
    ],
)
def test_a_task_that_cannot_be_is_refused_at_its_field(store: Store, given: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        RegisterService(store).save("superior_task", {**TASK, **given})
    assert refused.value.name == field


def test_what_is_open_of_any_year_is_to_do_the_overdue_first_and_leads_to_its_record(store: Store) -> None:
    registers = RegisterService(store)
    late = registers.save(
        "superior_task", {**TASK, "title": "去年的", "received_on": "2025-12-20", "due_on": "2026-01-10"}
    )
    registers.save("superior_task", {**TASK, "title": "没有期限"})
    registers.save("superior_task", {**TASK, "title": "下周的", "due_on": "2026-11-27"})
    registers.save("superior_task", {**TASK, "title": "明年的", "due_on": "2027-03-01"})
    registers.save("superior_task", {**TASK, "title": "阅存", "kind": "文件"})
    gone = registers.save("superior_task", {**TASK, "title": "删掉的"})
    registers.remove("superior_task", gone)
    assert [work.what for work in superior_works(store)] == ["去年的", "下周的", "明年的", "没有期限"]
    shown = [work for work in read_home(store, 2026, store.today).works if work.verb == "看任务"]
    assert {(work.what, work.bucket, work.due(store.today)) for work in shown} == {
        ("去年的", Bucket.LATE, "逾期 316 天"),
        ("下周的", Bucket.WEEK, "还有 5 天"),
        ("没有期限", Bucket.MONTH, "没写期限"),
    }
    (first,) = [work for work in shown if work.what == "去年的"]
    assert first.where is not None
    assert first.where.prefill == {"id": late}


def test_a_ledger_of_received_papers_as_branches_keep_it_comes_in(store: Store, tmp_path: Path) -> None:
    rows = [
        ["收文登记簿"],
        ["序号", "收文日期", "来文机关", "来文字号", "文件标题", "完成时限", "办结时间", "办理情况"],
        ["1", "2026.3.5", "市公司党建科", "〔2026〕3号", "关于开展主题党日的通知", "2026.3.31", "2026.3.20", "办了"],
        ["2", "2026年11月3日", "县局", "", "关于报送全年总结的通知", "2026/12/10", "", ""],
    ]  # fmt: skip
    result = book(store, "superior_task").import_file(workbook(tmp_path / "收文.xlsx", rows))
    assert (result.accepted, result.rejected) == (2, [])
    known = {row.heading: row for row in RegisterService(store).rows("superior_task", 2026)}
    assert known["关于开展主题党日的通知"].standing is SuperiorState.CLOSED
    assert known["关于报送全年总结的通知"].texts["due_on"] == "2026-12-10"

"""Admissions in and out of Excel: lists as branches keep them, the record step by step, a round trip."""

from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.development import CaseState, HelperRole
from desktop.services.development.book import DevelopmentBook
from desktop.services.development.service import DevelopmentService
from desktop.services.intake.record import ImportRecord
from desktop.services.members import MemberService
from desktop.services.store import Store
from tests.services.members.people import GAO
from tests.sheets import content, workbook

LIST = (
    ["序号", "姓名", "性别", "出生年月", "文化程度", "现任职务",
     "申请入党时间", "确定为积极分子时间", "培养联系人", "列为发展对象时间", "备注"],
    [1, "丁思琪", "女", "1998-05-10", "大学本科", "内勤", "2024.3.11", "2025-03-20", "高红卫、陈一", None, None],
    [2, "田雨欣", "女", "1996-02-01", "大专", "客户经理", "2024年5月6日", "2025-04-15", "高红卫", "2026-06-30", "团员"],
)  # fmt: skip


@pytest.fixture
def book(store: Store) -> DevelopmentBook:
    MemberService(store).register(GAO)
    return DevelopmentBook(store)


def test_a_list_of_activists_comes_in_as_it_is_kept(
    book: DevelopmentBook, service: DevelopmentService, tmp_path: Path
) -> None:
    file = workbook(tmp_path / "积极分子.xlsx", LIST)
    result = book.import_file(file)
    assert (result.accepted, result.rejected) == (2, [])
    assert [(warned.field, warned.reason) for warned in result.warnings] == [
        ("培养联系人", "陈一：名册里没有这名党员，只记了姓名")
    ]
    ding, tian = service.cases()
    assert (ding.name, ding.born_on, ding.job_title) == ("丁思琪", date(1998, 5, 10), "内勤")
    assert {no: step.done_on for no, step in ding.steps.items()} == {1: date(2024, 3, 11), 3: date(2025, 3, 20)}
    assert [helper.name for helper in ding.having(HelperRole.CONTACT)] == ["高红卫", "陈一"]
    assert tian.steps[8].done_on == date(2026, 6, 30)
    again = book.import_file(file)
    assert (again.accepted, again.updated, again.unchanged) == (0, 0, 2)


def test_a_dry_run_changes_nothing_and_an_import_can_be_undone(
    store: Store, book: DevelopmentBook, service: DevelopmentService, tmp_path: Path
) -> None:
    file, before = workbook(tmp_path / "积极分子.xlsx", LIST), content(store)
    assert book.import_file(file, dry_run=True).accepted == 2
    assert content(store) == before
    result = book.import_file(file)
    assert result.run
    ImportRecord(store).undo(result.run)
    assert service.cases() == []


def test_the_record_step_by_step_comes_in_too(
    book: DevelopmentBook, service: DevelopmentService, tmp_path: Path
) -> None:
    rows = (
        ["姓名", "程序", "办理时间", "主要内容", "经办人", "材料"],
        ["马晓宇", "1 递交入党申请书", "2024-03-11", "本人递交", "王秀英", "入党申请书"],
        [None, "党组织派人谈话", "2024-04-08", "支部书记谈话", "王秀英", "谈话记录"],
        [None, "第3步", "2025-03-11", "支委会确定", "王秀英", None],
        [None, "第26步", "2025-03-11", None, None, None],
    )
    result = book.import_file(workbook(tmp_path / "全程纪实.xlsx", rows))
    assert [refused.reason for refused in result.rejected] == ["细则没有第26步"]
    (row,) = service.cases()
    assert {no: step.done_on for no, step in row.steps.items()} == {
        1: date(2024, 3, 11),
        2: date(2024, 4, 8),
        3: date(2025, 3, 11),
    }
    assert (row.step(2).result, row.step(2).handler) == ("支部书记谈话", "王秀英")
    assert [(paper.step_no, paper.name) for paper in row.papers] == [(1, "入党申请书"), (2, "谈话记录")]


def test_what_goes_out_comes_back_unchanged(
    store: Store, book: DevelopmentBook, service: DevelopmentService, tmp_path: Path
) -> None:
    book.import_file(workbook(tmp_path / "积极分子.xlsx", LIST))
    ding = service.cases()[0]
    service.record_step(
        ding.id,
        8,
        {"consent_on": "2026-06-20", "from_on": "2026-06-22", "to_on": "2026-06-29", "done_on": "2026-06-30"},
    )
    service.record_step(ding.id, 11, {"done_on": "2026-07-20", "days": 3})
    service.change(ding.id, {"state": "withdrawn", "state_reason": "本人撤回"})
    before = content(store)
    assert book.export(tmp_path / "out.xlsx") == 2
    result = book.import_file(tmp_path / "out.xlsx")
    assert (result.rejected, result.accepted, result.updated, result.unchanged) == ([], 0, 0, 2)
    assert {table: rows for table, rows in content(store).items() if table != "column_mappings"} == {
        table: rows for table, rows in before.items() if table != "column_mappings"
    }
    assert service.cases(ended=True)[0].state is CaseState.WITHDRAWN


def test_the_template_is_an_empty_import(book: DevelopmentBook, tmp_path: Path) -> None:
    book.template(tmp_path / "空表.xlsx")
    result = book.import_file(tmp_path / "空表.xlsx")
    assert (result.read, result.rejected) == (0, [])


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"申请入党时间": "2026-12-01"}, "申请入党时间", "2026-12-01在今天之后，办过再登记"),
        ({"姓名": None}, "姓名", "没有姓名；一步一行的纪实表，每行、第一行或工作表名要有姓名"),
    ],
)
def test_a_row_that_cannot_be_is_refused(
    book: DevelopmentBook,
    service: DevelopmentService,
    tmp_path: Path,
    changes: dict[str, object],
    field: str,
    reason: str,
) -> None:
    values = {"姓名": "丁思琪", "申请入党时间": "2024-03-11", "办理时间": None, **changes}
    if values["姓名"] is None:
        values["办理时间"] = "2024-03-11"
    result = book.import_file(workbook(tmp_path / "表.xlsx", (list(values), list(values.values()))))
    assert [(refused.field, refused.reason) for refused in result.rejected] == [(field, reason)]
    assert service.cases() == []


def test_a_record_of_one_person_goes_by_the_name_of_its_sheet(
    book: DevelopmentBook, service: DevelopmentService, tmp_path: Path
) -> None:
    service.begin({"name": "马晓宇", "applied_on": "2024-03-11"})
    rows = (
        ["发展党员全程纪实表"],
        ["阶段", "序号", "程序", "时间要求", "办理时间", "主要内容", "经办人"],
        ["申请入党", 1, "递交入党申请书", "年满18周岁", "2024-03-11", "本人递交", "王秀英"],
        ["申请入党", 2, "党组织派人谈话", "1个月内", "2024-04-08", "书记谈话", "王秀英"],
    )
    result = book.import_file(workbook(tmp_path / "纪实.xlsx", rows, title="马晓宇纪实"))
    assert result.rejected == []
    (row,) = service.cases()
    assert (row.step(2).done_on, row.step(1).result) == (date(2024, 4, 8), "本人递交")


def test_a_birth_without_its_day_is_noted_and_no_day_is_made_up(
    book: DevelopmentBook, service: DevelopmentService, tmp_path: Path
) -> None:
    rows = (["姓名", "出生年月", "加入群团组织时间", "申请入党时间"], ["王一飞", "1999.3", "2014.5", "2024-03-11"])
    file = workbook(tmp_path / "备案表.xlsx", rows)
    result = book.import_file(file)
    assert (result.accepted, result.questions) == (1, [])
    assert "只有年月，没有日，记在备注里" in [warned.reason for warned in result.warnings]
    (row,) = service.cases()
    assert row.born_on is None
    known = dict(result.new[0].known)
    assert (known["出生日期"], known["申请入党时间"]) == ("1999.3", "2024-03-11")
    assert book.import_file(file).unchanged == 1

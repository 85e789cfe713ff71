"""Lists of people who left: left out unless a person wants them, then written down with day and way, or asked about."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.services.intake.answers import Answers
from desktop.services.intake.record import ImportRecord
from desktop.services.members import LifeService, MemberService, RosterBook
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.store import Store
from tests.stores import new_store

PRESENT: list[list[object]] = [
    ["姓名", "入党时间", "转正时间"],
    ["李建国", "1998-07-01", "1999-07-01"],
    ["钱多多", "2001-07-01", "2002-07-01"],
]
LEFT: list[list[object]] = [
    ["姓名", "转出时间", "转往单位"],
    ["钱多多", "2025-03-01", "西华县局"],
    ["孙小美", "2024年6月", "郸城县局"],
]
DIED: list[list[object]] = [["姓名", "去世时间"], ["赵老三", "2023-11-02"], ["周老四", None]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        yield opened


def taken(store: Store, tmp_path: Path, answers: Answers, sheets: dict[str, list[list[object]]]) -> ImportResult:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    made.save(tmp_path / "名册.xlsx")
    return RosterBook(store).import_file(tmp_path / "名册.xlsx", answers=answers)


def test_a_sheet_of_those_who_left_is_taken_only_where_it_is_ticked(store: Store, tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {"在册党员": PRESENT, "转出党员": LEFT}
    result = taken(store, tmp_path, Answers(), sheets)
    assert (result.accepted, [left.what for left in result.left_out]) == (2, ["转出党员（转出名单）"])
    full = Answers(sheets={"转出党员": True}, assume={"category": MemberCategory.FULL_MEMBER.value})
    sheets["在册党员"] = PRESENT[:2]
    result = taken(store, tmp_path, full, sheets)
    assert (result.accepted, result.updated, result.unchanged, result.rejected) == (1, 1, 1, [])
    assert [(change.record, change.field, change.after) for change in result.changes] == [("钱多多", "状态", "已转出")]
    assert [row.name for row in MemberService(store).roster()] == ["李建国"]
    members = MemberService(store)
    assert {row.name for row in members.roster(date(2024, 1, 1))} >= {"钱多多", "孙小美"}
    (gone,) = (row for row in members.roster(date(2025, 1, 1)) if row.name == "钱多多")
    steps = [(step.to_status, step.on, step.note) for step in LifeService(store).history(gone.id)]
    assert steps[-1] == (MemberStatus.TRANSFERRED_OUT, date(2025, 3, 1), "名册导入，转往“西华县局”")
    assert any("按2024-06-01登记" in told.reason for told in result.warnings)
    again = taken(store, tmp_path, full, sheets)
    assert (again.accepted, again.updated, again.unchanged) == (0, 0, 3)
    ImportRecord(store).undo(result.run)
    assert {row.name for row in members.roster()} == {"李建国", "钱多多"}


def test_who_died_without_a_day_is_refused_with_the_field_to_fill(store: Store, tmp_path: Path) -> None:
    answers = Answers(sheets={"去世": True}, assume={"category": MemberCategory.FULL_MEMBER.value})
    result = taken(store, tmp_path, answers, {"去世": DIED})
    assert [new.record for new in result.new] == ["赵老三"]
    assert [(refused.name, refused.reason) for refused in result.rejected] == [("died_on", "没有去世时间，请补上")]
    assert MemberService(store).roster() == []


def test_how_somebody_left_is_asked_where_the_list_does_not_say(store: Store, tmp_path: Path) -> None:
    rows: list[list[object]] = [["姓名", "入党时间", "转正时间"], ["吴一", "2001-07-01", "2002-07-01"]]
    result = taken(store, tmp_path, Answers(sheets={"除名人员": True}), {"除名人员": rows})
    (question,) = result.questions
    assert (result.waiting, [option.label for option in question.options]) == (
        1,
        ["仍在册，导入", "登记为已转出", "登记为去世", "先不导入"],
    )
    kept = Answers(sheets={"除名人员": True}, replies={question.key: "present"})
    assert taken(store, tmp_path, kept, {"除名人员": rows}).accepted == 1


def test_a_roster_with_a_column_of_who_left_is_a_roster_and_leaves_those_out_by_name(
    store: Store, tmp_path: Path
) -> None:
    rows: list[list[object]] = [
        ["姓名", "性别", "入党时间", "转正时间", "转出时间"],
        ["李建国", "男", "1998-07-01", "1999-07-01", None],
        ["王小明", "男", "1998-07-01", "1999-07-01", None],
        ["钱多多", "女", "2001-07-01", "2002-07-01", "2025-03-01"],
    ]
    result = taken(store, tmp_path, Answers(), {"Sheet1": rows})
    assert result.accepted == 2
    assert [(left.what, left.unasked) for left in result.left_out] == [("钱多多", True)]


def test_a_note_that_somebody_left_is_asked_about_once(store: Store, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["姓名", "入党时间", "转正时间", "备注"],
        ["吴一", "2001-07-01", "2002-07-01", "2024年3月转出至郸城"],
        ["郑二", "2001-07-01", "2002-07-01", "退伍军人"],
    ]
    result = taken(store, tmp_path, Answers(), {"党员名册": rows})
    (question,) = result.questions
    assert (result.accepted, result.waiting, question.words) == (
        1,
        1,
        "吴一：“备注：2024年3月转出至郸城”，列入名册吗？",
    )
    kept = taken(store, tmp_path, Answers(replies={question.key: "present"}), {"党员名册": rows})
    assert (kept.accepted, kept.unchanged, kept.questions) == (1, 1, [])
    assert taken(store, tmp_path, Answers(), {"党员名册": rows}).unchanged == 2

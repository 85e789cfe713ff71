"""The record of imports: what came of a file, and taking it back whole until something was built on it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.models.vocabulary.branches import MemberStatus, Post
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.paths import resource
from desktop.services.access.users import UserService
from desktop.services.branches import BranchService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.intake.record import ImportRecord
from desktop.services.meetings.book import MeetingBook
from desktop.services.meetings.rows import MeetingDraft
from desktop.services.meetings.service import MeetingService
from desktop.services.members import LifeService, MemberService, RosterBook
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from desktop.services.workbooks import book
from tests.sheets import content, workbook
from tests.stores import CHEAP, new_store

HEAD = ["姓名", "身份证号", "入党时间", "转正时间", "党内职务", "党小组", "部门"]
ZHAO = ["赵一鸣", "411602198001100118", "2005-07-01", "2006-07-01", "支部书记", "第一党小组", "营销部"]
QIAN = ["钱二宁", "411602198102110139", "2006-07-01", "2007-07-01", None, "第一党小组", "物流部"]


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with new_store(tmp_path / "store") as opened:
        yield opened


def roster(tmp_path: Path, *rows: list[Any]) -> Path:
    return workbook(tmp_path / "roster.xlsx", [HEAD, *rows], "名册")


def kept(store: Store) -> dict[str, Any]:
    """Return the content of the store without what is written of every act."""
    return {name: rows for name, rows in content(store).items() if name != "changes"}


def test_an_import_is_recorded_with_its_counts_and_what_is_open(store: Store, tmp_path: Path) -> None:
    path = roster(tmp_path, ZHAO, ["孙三秋", *[None] * 6], ["李四维", "123", *[None] * 5])
    RosterBook(store).import_file(path, dry_run=True)
    assert ImportRecord(store).runs() == []
    result = RosterBook(store).import_file(path)
    (run,) = ImportRecord(store).runs()
    assert (run.id, run.kind, run.title, run.file, run.by) == (
        result.run, "members", "党员名册", "roster.xlsx", store.actor
    )  # fmt: skip
    assert (run.read, run.new, run.waiting, run.rejected, run.undoable) == (3, 1, 1, 1, True)
    assert run.at.date() == store.today
    assert run.open[:2] == (
        "名册第3行 孙三秋：正式还是预备？入党、转正时间都空着",
        "名册第4行 身份证号：身份证号应为18位，现为3位",
    )


def test_an_import_is_taken_back_whole(store: Store, tmp_path: Path) -> None:
    members = MemberService(store)
    RosterBook(store).import_file(roster(tmp_path, ZHAO))
    before = kept(store)
    changed = ["赵一鸣", ZHAO[1], None, None, "组织委员", "第二党小组", "综合部"]
    run = RosterBook(store).import_file(roster(tmp_path, changed, [*QIAN[:4], "支部书记", "第二党小组", "物流部"])).run
    assert [row.posts for row in members.roster()] == [(Post.ORG_COMMISSIONER,), (Post.SECRETARY,)]
    assert ImportRecord(store).undo(run) > 0
    after = kept(store)
    for name in ("members", "party_groups", "post_assignments", "status_changes"):
        assert [_facts(row) for row in after[name]] == [_facts(row) for row in before[name]]
    undone, _ = ImportRecord(store).runs()
    assert (undone.undoable, undone.why_not) == (False, "已经撤销过")
    again = RosterBook(store).import_file(roster(tmp_path, QIAN))
    assert again.accepted == 1


def _facts(row: tuple[Any, ...]) -> list[Any]:
    """Return a row without its revision and who changed it last."""
    return [value for value in row if not isinstance(value, int) and not str(value).endswith("Z")]


@pytest.mark.parametrize("kind", ["meetings", "volunteer_activity", "talk"])
def test_every_kind_is_taken_back(store: Store, kind: str) -> None:
    RosterBook(store).import_file(resource("samples/shenqiu/roster.xlsx"))
    path = resource(f"samples/shenqiu/{kind}.xlsx")
    before = kept(store)
    result = book(store, kind).import_file(path)
    assert result.accepted > 0
    ImportRecord(store).undo(result.run)
    assert kept(store) == before


def test_what_was_built_on_an_import_keeps_it(store: Store, tmp_path: Path) -> None:
    members, record = MemberService(store), ImportRecord(store)
    first = RosterBook(store).import_file(roster(tmp_path, ZHAO)).run
    member = members.roster()[0].id
    BranchService(store).save_group("第三党小组")
    assert record.runs()[0].undoable
    members.update(member, {"phone": "13800000001"})
    assert record.runs()[0].why_not == "导入后又做了：修改党员“赵一鸣”，请先改回或单独处理"
    with pytest.raises(InvalidInput) as refused:
        record.undo(first)
    assert refused.value.reason == record.runs()[0].why_not
    assert len(members.roster()) == 1


def test_a_record_that_points_to_an_imported_person_keeps_the_import(store: Store, tmp_path: Path) -> None:
    run = RosterBook(store).import_file(roster(tmp_path, ZHAO)).run
    activity = {"event_on": "2026-03-05", "title": "清扫", "hours": "赵一鸣|2"}
    RegisterService(store).save("volunteer_activity", activity)
    with pytest.raises(InvalidInput) as refused:
        ImportRecord(store).undo(run)
    assert "登记志愿服务活动“清扫”" in refused.value.reason


def test_who_was_expected_at_a_meeting_keeps_the_import(store: Store, tmp_path: Path) -> None:
    run = RosterBook(store).import_file(roster(tmp_path, ZHAO)).run
    MeetingService(store).record(MeetingDraft(MeetingKind.BRANCH_CONGRESS, date(2026, 3, 5), "9:00", topic="学习"))
    assert ImportRecord(store).runs()[0].why_not == "导入后又做了：登记会议记录“3月5日支部党员大会”，请先改回或单独处理"
    with pytest.raises(InvalidInput):
        ImportRecord(store).undo(run)


def test_a_user_who_is_an_imported_person_keeps_the_import(store: Store, tmp_path: Path) -> None:
    run = RosterBook(store).import_file(roster(tmp_path, ZHAO)).run
    member = MemberService(store).roster()[0].id
    UserService(store).add("赵一鸣", "春风-细雨-77", ["committee"], member, cost=CHEAP)
    with pytest.raises(InvalidInput) as refused:
        ImportRecord(store).undo(run)
    assert refused.value.reason == "导入后又做了：使用人“赵一鸣”，请先改回或单独处理"


def test_a_change_that_left_the_imported_fields_alone_does_not_keep_it(store: Store, tmp_path: Path) -> None:
    members = MemberService(store)
    RosterBook(store).import_file(roster(tmp_path, ZHAO))
    run = RosterBook(store).import_file(roster(tmp_path, [*ZHAO[:6], "综合部"])).run
    member = members.roster()[0].id
    members.update(member, {"phone": "13800000001"})
    ImportRecord(store).undo(run)
    row = members.member(member)
    assert (row.unit, row.phone) == ("营销部", "13800000001")


def test_a_confirmation_by_a_list_is_taken_back(store: Store, tmp_path: Path) -> None:
    path = roster(tmp_path, ["赵一鸣", ZHAO[1], "2025-11-01", None, None, None, None])
    RosterBook(store).import_file(path)
    run = (
        RosterBook(store)
        .import_file(roster(tmp_path, ["赵一鸣", ZHAO[1], "2025-11-01", "2026-11-02", *[None] * 3]))
        .run
    )
    member = MemberService(store).roster()[0]
    assert member.status is MemberStatus.FULL_MEMBER
    ImportRecord(store).undo(run)
    assert MemberService(store).member(member.id).status is MemberStatus.PROBATIONARY
    assert LifeService(store).history(member.id) == []


def test_an_import_that_is_not_there_is_told(store: Store) -> None:
    with pytest.raises(NotFound):
        ImportRecord(store).undo("nothing")


def test_meetings_updated_by_a_list_come_back_as_they_were(store: Store, tmp_path: Path) -> None:
    RosterBook(store).import_file(resource("samples/shenqiu/roster.xlsx"))
    head = ["会议类型", "日期", "应到", "实到", "缺席人员及原因", "议题", "表决情况", "待办（事项|责任人|期限）"]
    first = [
        "支部党员大会",
        "2026-01-05",
        None,
        None,
        "杨秀英（病假）",
        "学习",
        "赞成26，反对0，弃权1",
        "走访|谢雪莲|2026-02-01",
    ]
    second = [
        "支部党员大会",
        "2026-01-05",
        None,
        None,
        "谢雪莲（公差）",
        "学习研讨",
        "赞成25",
        "核对|杨秀英|2026-03-01",
    ]
    MeetingBook(store).import_file(workbook(tmp_path / "a.xlsx", [head, first], "会议"))
    before = kept(store)
    result = MeetingBook(store).import_file(workbook(tmp_path / "b.xlsx", [head, second], "会议"))
    assert (result.updated, result.rejected) == (1, [])
    ImportRecord(store).undo(result.run)
    after = kept(store)
    for name in ("meetings", "attendances", "votes", "action_items"):
        assert [_facts(row) for row in after[name]] == [_facts(row) for row in before[name]]


def test_a_task_done_since_keeps_the_import_of_its_meeting(store: Store, tmp_path: Path) -> None:
    RosterBook(store).import_file(resource("samples/shenqiu/roster.xlsx"))
    head = ["会议类型", "日期", "应到", "实到", "缺席人员及原因", "议题", "待办（事项|责任人|期限）"]
    row = ["支部党员大会", "2026-01-05", None, None, "杨秀英（病假）", "学习", "走访|谢雪莲|2026-02-01"]
    run = MeetingBook(store).import_file(workbook(tmp_path / "a.xlsx", [head, row], "会议")).run
    meetings = MeetingService(store)
    (action,) = meetings.actions()
    meetings.finish_action(action.id, store.today, "走访完了")
    with pytest.raises(InvalidInput) as refused:
        ImportRecord(store).undo(run)
    assert refused.value.reason == "导入后又做了：办结会后任务“走访”，责任人谢雪莲，请先改回或单独处理"

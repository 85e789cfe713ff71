"""Meetings from Excel: sample files, one cell for many people, refusals by rule, and importing again."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.models.meetings import AgendaItem, Observer, Speech
from desktop.models.vocabulary.meetings import AttendanceState, MakeUpWay, MeetingKind
from desktop.paths import resource
from desktop.services.errors import Cancelled
from desktop.services.meetings import ActionDraft, MeetingService
from desktop.services.meetings.book import MeetingBook
from desktop.services.meetings.rows import VoteDraft
from desktop.services.members import MemberService, RosterBook
from desktop.services.spreadsheets.tables import write_rejects
from desktop.services.store import Store
from tests.services.meetings.people import people
from tests.sheets import content, sheet_rows, workbook
from tests.stores import new_store

HEAD = [
    "会议类型", "日期", "时间", "主持人", "记录人", "党小组", "应到人数", "实到人数", "缺席人员及原因", "议题",
    "发言摘要", "决议事项", "表决情况", "待办（事项|责任人|期限）",
]  # fmt: skip
CONGRESS: list[Any] = [
    "支部党员大会", "2026年3月27日", "14:30—16:05", "赵一", "孙三", None, 6, 5, "李四（病假）",
    "讨论接收吴六同志为预备党员", "钱二：介绍培养情况；赵一：同意。", "同意接收吴六同志为预备党员",
    "应到5，实到4，赞成4，反对0，弃权0", "报上级党委|钱二|2026-04-03",
]  # fmt: skip


@pytest.fixture
def book(store: Store, ids: dict[str, str]) -> MeetingBook:
    return MeetingBook(store)


def changed(**changes: Any) -> list[Any]:
    """Return the row of the congress with some cells, by heading, changed."""
    return [changes.get(title.partition("（")[0], value) for title, value in zip(HEAD, CONGRESS, strict=True)]


def sheet(tmp_path: Path, *rows: list[Any], head: list[str] = HEAD) -> Path:
    """Write meetings; the first one stands in row 2."""
    return workbook(tmp_path / "meetings.xlsx", [head, *rows], "会议记录")


@pytest.mark.parametrize(("branch", "count"), [("shenqiu", 51), ("xiangcheng", 40), ("luyi", 16)])
def test_the_sample_meetings_import_whole_and_again_change_nothing(
    tmp_path: Path, store: Store, branch: str, count: int
) -> None:
    RosterBook(store).import_file(resource(f"samples/{branch}/roster.xlsx"))
    book = MeetingBook(store)
    path = resource(f"samples/{branch}/meetings.xlsx")
    before = content(store)
    dry = book.import_file(path, dry_run=True)
    assert (dry.read, dry.accepted, dry.rejected) == (count, count, [])
    assert {one.field for one in dry.proposals} >= {"所属年度", "议题标签"}
    assert content(store) == before
    done = book.import_file(path)
    assert (done.read, done.accepted, done.updated, done.unchanged, done.rejected) == (count, count, 0, 0, [])
    assert not [one for one in done.warnings if "应到" in one.reason]
    after = content(store)
    again = book.import_file(path)
    assert (again.accepted, again.updated, again.unchanged, again.changes, again.rejected) == (0, 0, count, [], [])
    assert book.export(tmp_path / "out.xlsx") == count
    back = book.import_file(tmp_path / "out.xlsx")
    assert (back.accepted, back.updated, back.unchanged, back.changes, back.rejected) == (0, 0, count, [], [])
    assert content(store) == after


def test_the_admission_in_the_sample_is_valid(store: Store) -> None:
    RosterBook(store).import_file(resource("samples/shenqiu/roster.xlsx"))
    meetings = MeetingService(store)
    result = MeetingBook(store).import_file(resource("samples/shenqiu/meetings.xlsx"))
    proposed = [(one.field, one.value) for one in result.proposals if one.record.startswith("2026-03-27")]
    assert proposed == [("表决类型", "接收预备党员"), ("表决结果", "通过")]
    row = next(one for one in meetings.meetings(2026) if one.held_on == date(2026, 3, 27))
    detail = meetings.detail(row.id)
    assert (row.due, row.present, detail.voters_due) == (30, 28, 29)
    assert (detail.votes[0].kind, detail.votes[0].verdict.passed, detail.votes[0].matches) == (
        "admit_probationary",
        True,
        True,
    )


def test_one_row_becomes_one_meeting(
    meetings: MeetingService, book: MeetingBook, ids: dict[str, str], tmp_path: Path
) -> None:
    result = book.import_file(sheet(tmp_path, CONGRESS))
    assert (result.accepted, result.rejected, result.warnings) == (1, [], [])
    detail = meetings.detail(meetings.meetings()[0].id)
    assert (detail.row.started_at, detail.row.ended_at, detail.row.due, detail.row.present) == ("14:30", "16:05", 6, 5)
    assert [(one.name, one.state) for one in detail.attendance if one.reason] == [("李四", AttendanceState.LEAVE)]
    assert [(one.name, one.member_id) for one in detail.draft.speeches] == [
        ("钱二", ids["钱二"]),
        ("赵一", ids["赵一"]),
    ]
    assert [(one.what, one.owner, one.due_on) for one in detail.actions] == [("报上级党委", "钱二", date(2026, 4, 3))]


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"会议类型": None}, "会议类型", "没有会议类型"),
    ({"日期": "3/5/2026"}, "日期", "日、月顺序不确定，请写成年-月-日"),
    ({"日期": "2026-11-30"}, "日期", "日期在今天之后，开过再记录"),
    ({"日期": "2001-3-27", "主持人": None, "记录人": None, "待办": None, "应到人数": 0, "实到人数": 0,
      "缺席人员及原因": None}, "日期", "2001-03-27的名册上没有应到会的人"),
    ({"主持人": "郑王"}, "主持人", "名册上没有“郑王”"),
    ({"实到人数": 4}, "缺席人员及原因", "应到6减实到4为2人，缺席名单写了1人"),
    ({"实到人数": 7}, "实到人数", "实到7人多于应到6人"),
    ({"缺席人员及原因": None}, "缺席人员及原因", "应到6减实到5为1人，缺席名单写了0人"),
    ({"缺席人员及原因": "李五（病假）"}, "缺席人员及原因", "名册上没有“李五”"),
    ({"实到人数": 4, "缺席人员及原因": "李四、周五（均病假）"}, "缺席人员及原因",
     "“周五（均病假）”中“均”指哪几人不清楚，请逐人注明原因"),
    ({"实到人数": 4, "缺席人员及原因": "李四（病假）；李四（公差）"}, "缺席人员及原因", "“李四”写了两次"),
    ({"议题": None}, "议题", "没有议题"),
    ({"表决情况": "多数同意"}, "表决情况", "“多数同意”看不出表决人数，请写成“应到29，实到27，赞成26，反对0，弃权1”"),
    ({"待办": "报告|钱二|下周"}, "待办（事项|责任人|期限）", "不是日期"),
    ({"待办": "报告|郑王|2026-04-03"}, "待办（事项|责任人|期限）", "名册上没有“郑王”"),
    ({"会议类型": "党小组会"}, "党小组", "党小组会没有写党小组"),
    ({"会议类型": "党小组会", "党小组": "第九党小组"}, "党小组", "没有“第九党小组”，请先导入名册或设立党小组"),
    ({"会议类型": "支委会", "应到人数": 3, "实到人数": 2}, "缺席人员及原因", "“李四”当日不在应到名单中"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "field", "reason"), REFUSED)
def test_a_refused_row_says_where_and_why_and_stores_nothing(
    store: Store, book: MeetingBook, tmp_path: Path, change: dict[str, Any], field: str, reason: str
) -> None:
    cells = {title.partition("（")[0]: value for title, value in zip(HEAD, CONGRESS, strict=True)}
    row = [{**cells, **change}.get(title.partition("（")[0]) for title in HEAD]
    before = content(store)
    result = book.import_file(sheet(tmp_path, row))
    assert [(one.sheet, one.row, one.field, one.reason) for one in result.rejected] == [("会议记录", 2, field, reason)]
    assert content(store) == before


def test_someone_not_yet_on_the_roster_of_that_day_was_not_absent(book: MeetingBook, tmp_path: Path) -> None:
    early = changed(日期="2026-03-26", 缺席人员及原因="吴六（病假）", 应到人数=5, 实到人数=4, 表决情况=None)
    result = book.import_file(sheet(tmp_path, early))
    assert [one.reason for one in result.rejected] == ["“吴六”在2026-03-26不在名册上"]


def test_a_count_that_differs_from_the_roster_is_a_warning(
    meetings: MeetingService, book: MeetingBook, tmp_path: Path
) -> None:
    result = book.import_file(sheet(tmp_path, changed(应到人数=7, 实到人数=6)))
    assert [(one.row, one.field, one.reason) for one in result.warnings] == [
        (2, "应到人数", "应到7人，按2026-03-27的名册应到6人，按名册登记")
    ]
    assert meetings.meetings()[0].due == 6


def test_a_roster_put_right_is_counted_by_the_next_import(
    store: Store, meetings: MeetingService, book: MeetingBook, tmp_path: Path
) -> None:
    path = sheet(tmp_path, changed(应到人数=7, 实到人数=6, 表决情况=None))
    book.import_file(path)
    MemberService(store).register({"name": "郑七", "admitted_on": "2012-07-01", "full_on": "2013-07-01"})
    result = book.import_file(path)
    assert [(one.field, one.before, one.after) for one in result.changes] == [("应到人数", "6", "7")]
    assert (result.updated, result.warnings, meetings.meetings()[0].due) == (1, [], 7)
    assert book.import_file(path).unchanged == 1


def test_a_member_who_changed_groups_stays_in_the_old_minutes(
    store: Store, meetings: MeetingService, book: MeetingBook, ids: dict[str, str], tmp_path: Path
) -> None:
    row = changed(会议类型="党小组会", 党小组="第一党小组", 应到人数=3, 实到人数=3, 缺席人员及原因=None, 表决情况=None)
    book.import_file(sheet(tmp_path, row))
    MemberService(store).place_in_group([ids["孙三"]], ids["第二党小组"])
    assert book.import_file(sheet(tmp_path, row)).unchanged == 1
    row[HEAD.index("议题")] = "学习讨论"
    assert book.import_file(sheet(tmp_path, row)).updated == 1
    names = [one.name for one in meetings.detail(meetings.meetings()[0].id).attendance]
    assert sorted(names) == sorted(["赵一", "钱二", "孙三"])


def test_a_planned_meeting_is_recorded_by_its_row(meetings: MeetingService, book: MeetingBook, tmp_path: Path) -> None:
    from desktop.services.meetings import MeetingDraft

    planned = MeetingDraft(MeetingKind.BRANCH_CONGRESS, date(2026, 3, 27), "14:30", topic=str(CONGRESS[9]))
    meetings.plan(planned)
    result = book.import_file(sheet(tmp_path, CONGRESS))
    assert (result.accepted, result.updated) == (0, 1)
    assert ("状态", "计划中", "已记录") in [(one.field, one.before, one.after) for one in result.changes]
    assert meetings.meetings()[0].state.counts


def test_votes_that_do_not_fit_are_warnings(book: MeetingBook, tmp_path: Path) -> None:
    result = book.import_file(sheet(tmp_path, changed(表决情况="应到6，实到5，赞成2，反对3，弃权0")))
    assert [one.reason for one in result.warnings] == [
        "表决应到6人，按当日名册有表决权的是5人",
        "表决实到5人，按缺席名单有表决权的实到4人",
        "记录为通过，但应到会有表决权6人，实到5人，须应到会人数的过半数，即至少4人：有效。"
        "赞成2人，须应到会人数的过半数，即至少4人：未通过",
    ]


def test_differences_are_shown_and_then_kept(
    store: Store, meetings: MeetingService, book: MeetingBook, tmp_path: Path
) -> None:
    book.import_file(sheet(tmp_path, CONGRESS))
    path = sheet(tmp_path, changed(实到人数=4, 缺席人员及原因="周五；李四（公差）", 待办="报上级党委|周五|2026-04-05"))
    before = content(store)
    dry = book.import_file(path, dry_run=True)
    assert [(one.record, one.field, one.before, one.after) for one in dry.changes] == [
        ("2026-03-27 支部党员大会", "缺席人员及原因", "李四（病假）", "李四（公差）；周五"),
        (
            "2026-03-27 支部党员大会",
            "待办（事项|责任人|期限）",
            "报上级党委|钱二|2026-04-03",
            "报上级党委|周五|2026-04-05",
        ),
    ]
    assert content(store) == before
    done = book.import_file(path)
    assert (done.updated, done.unchanged) == (1, 0)
    row = meetings.meetings()[0]
    assert (row.leave, row.absent, row.open_actions) == (1, 1, 1)
    assert book.import_file(path).unchanged == 1


@pytest.mark.parametrize("words", ["无故缺席", "未请假", "未说明"])
def test_words_that_speak_of_no_leave_are_kept_as_absence(
    meetings: MeetingService, book: MeetingBook, tmp_path: Path, words: str
) -> None:
    path = sheet(tmp_path, changed(缺席人员及原因=f"李四（{words}）"))
    book.import_file(path)
    row = meetings.meetings()[0]
    assert (row.leave, row.absent) == (0, 1)
    assert meetings.detail(row.id).draft.absences[0].reason == words
    assert book.import_file(path).unchanged == 1


def test_an_empty_cell_keeps_what_was_typed(
    meetings: MeetingService, book: MeetingBook, ids: dict[str, str], tmp_path: Path
) -> None:
    book.import_file(sheet(tmp_path, CONGRESS))
    meeting_id = meetings.meetings()[0].id
    meetings.finish_action(meetings.actions()[0].id, date(2026, 4, 1), "已报")
    meetings.note_follow_up(meeting_id, "已批复")
    result = book.import_file(sheet(tmp_path, changed(发言摘要=None, 表决情况=None, 决议事项=None)))
    assert (result.unchanged, result.changes) == (1, [])
    assert book.import_file(sheet(tmp_path, CONGRESS)).unchanged == 1
    assert meetings.detail(meeting_id).draft.follow_up == "已批复"
    assert meetings.actions() == []


def test_a_confirmed_meeting_is_never_changed(
    store: Store, meetings: MeetingService, book: MeetingBook, tmp_path: Path
) -> None:
    book.import_file(sheet(tmp_path, CONGRESS))
    meetings.confirm(meetings.meetings()[0].id)
    before = content(store)
    assert book.import_file(sheet(tmp_path, CONGRESS)).unchanged == 1
    result = book.import_file(sheet(tmp_path, changed(议题="别的议题")))
    assert [one.reason for one in result.rejected] == ["会议记录已确认，不能改议题；有错请在会议页面更正"]
    assert content(store) == before


def test_the_same_meeting_twice_in_one_file(book: MeetingBook, tmp_path: Path) -> None:
    result = book.import_file(sheet(tmp_path, CONGRESS, CONGRESS, changed(时间="17:00")))
    assert (result.accepted, [(one.row, one.reason) for one in result.rejected]) == (2, [(3, "与第2行是同一次会议")])


def test_good_rows_go_in_beside_bad_ones_which_come_back(book: MeetingBook, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.xlsx"
    bad = changed(日期="2026-04-27", 实到人数=4)
    result = book.import_file(sheet(tmp_path, CONGRESS, bad))
    write_rejects(rejects, result.rejected)
    assert (result.accepted, len(result.rejected)) == (1, 1)
    assert sheet_rows(rejects)[1][-5:] == (
        "会议记录",
        3,
        "缺席人员及原因",
        "李四（病假）",
        "应到6减实到4为2人，缺席名单写了1人",
    )
    refused = openpyxl.load_workbook(rejects)
    refused.active["H2"] = 5
    refused.save(rejects)
    assert book.import_file(rejects).accepted == 1


def test_everything_a_meeting_can_hold_survives_the_way_out_and_in(
    store: Store, meetings: MeetingService, book: MeetingBook, ids: dict[str, str], tmp_path: Path
) -> None:
    from tests.services.meetings.test_service import congress

    first = congress(
        ids,
        agenda=(
            AgendaItem(
                "学讲话", "谈体会", tag="first_topic", source="某篇", leader="钱二", form="领读", measures="落实"
            ),
            AgendaItem("接收吴六", "介绍人发言", "同意"),
            AgendaItem("其他", "", ""),
        ),
        number=4,
        planned_on=date(2026, 3, 26),
        planned_at="09:00",
        observers=(Observer("王明", "镇党委委员"), Observer("外来者")),
        leave_by="赵一",
        summary="会后落实",
        satisfied=4,
        asked=5,
        double_life=(ids["赵一"],),
        speeches=(Speech("", "会议气氛热烈"), Speech("钱二", "第一点；第二点"), Speech("王局长", "提出要求")),
        votes=(
            VoteDraft(
                kind="admit_probationary",
                subject="接收吴六",
                due=5,
                present=4,
                yes=4,
                no=0,
                abstain=0,
                declared_passed=True,
            ),
            VoteDraft(
                kind="congress_ordinary",
                subject="年度计划",
                due=5,
                present=4,
                yes=1,
                no=3,
                abstain=0,
                declared_passed=False,
            ),
        ),
        recorder_id=None,
        recorder_name="王干事（上级党委）",
        chair_id=None,
        chair_name="王局长",
        actions=(
            ActionDraft(
                "报上级党委审批", ids["钱二"], due_on=date(2026, 4, 3), done_on=date(2026, 4, 1), result="已报"
            ),
            ActionDraft("备好会场", None, "综合办、赵一"),
        ),
        speaker_ids=(ids["钱二"],),
        tags=("work_analysis", "first_topic"),
        for_year=2025,
        plan="活动方案",
        follow_up="=见附件",
    )
    meetings.record(first)
    meetings.made_up(meetings.meetings()[0].id, [ids["李四"]], date(2026, 4, 1), MakeUpWay.HOME, "传达精神", "钱二")
    before = content(store)
    book.export(tmp_path / "out.xlsx")
    result = book.import_file(tmp_path / "out.xlsx")
    assert (result.unchanged, result.rejected, result.changes) == (1, [], [])
    assert content(store) == before
    with new_store(tmp_path / "other") as other:
        people(other)
        copy = MeetingService(other)
        assert MeetingBook(other).import_file(tmp_path / "out.xlsx").accepted == 1
        detail, original = copy.detail(copy.meetings()[0].id), meetings.detail(meetings.meetings()[0].id)
        assert detail.draft.agenda == original.draft.agenda
        assert [(one.name, one.text) for one in detail.draft.speeches] == [
            (one.name, one.text) for one in first.speeches
        ]
        assert [(one.kind, one.subject, one.declared_passed) for one in detail.votes] == [
            ("admit_probationary", "接收吴六", True),
            ("congress_ordinary", "年度计划", False),
        ]
        assert (detail.row.for_year, detail.tag_names, detail.speakers) == (2025, ("专题研判", "第一议题"), ("钱二",))
        names = ["number", "planned_on", "planned_at", "observers", "leave_by", "summary", "satisfied", "asked"]
        assert [getattr(detail.draft, name) for name in names] == [getattr(original.draft, name) for name in names]
        assert [(one.name, one.double_life) for one in detail.attendance if one.double_life] == [("赵一", True)]
        assert [
            (one.make_up_way, one.make_up_content, one.make_up_by) for one in detail.attendance if one.make_up_on
        ] == [(MakeUpWay.HOME, "传达精神", "钱二")]
        assert detail.row.chair == "王局长（非本支部）"
        assert [(one.what, one.owner, one.result) for one in detail.actions] == [
            ("报上级党委审批", "钱二", "已报"),
            ("备好会场", "综合办（非本支部）、赵一", ""),
        ]
        assert (detail.draft.recorder_name, detail.draft.follow_up) == ("王干事（上级党委）", "=见附件")


def test_a_row_without_any_attendance_is_refused(book: MeetingBook, tmp_path: Path) -> None:
    head = ["会议类型", "日期", "议题"]
    result = book.import_file(sheet(tmp_path, ["主题党日", "2026-04-15", "清洁家园"], head=head))
    assert [one.reason for one in result.rejected] == ["没有出席情况：应到、实到和缺席人员都没有"]
    head.append("缺席人员")
    assert book.import_file(sheet(tmp_path, ["主题党日", "2026-04-15", "清洁家园", "无"], head=head)).accepted == 1


def test_other_spellings_of_headings_kinds_and_groups(
    meetings: MeetingService, book: MeetingBook, tmp_path: Path
) -> None:
    head = ["类型", "会议日期", "会议时间", "主持", "小组", "应到", "实到", "缺席人员", "主题"]
    rows: list[list[Any]] = [
        ["党小组会议", 20260401, 0.375, "李四", "二组", 3, 3, "无", "学习"],
        ["党员活动日", "2026.4.15", "9：00", "赵一", None, 6, 4, "钱二；孙三：公差", "清洁家园"],
    ]
    result = book.import_file(sheet(tmp_path, *rows, head=head))
    assert (result.accepted, result.rejected) == (2, [])
    theme, group = meetings.meetings()
    assert (theme.kind, theme.leave, theme.absent, theme.started_at) == (MeetingKind.THEME_DAY, 1, 1, "09:00")
    assert (group.group, group.due) == ("第二党小组", 3)


def test_a_cancelled_import_keeps_nothing(store: Store, book: MeetingBook, tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    before = content(store)
    with pytest.raises(Cancelled):
        book.import_file(sheet(tmp_path, CONGRESS), progress=stop)
    assert content(store) == before

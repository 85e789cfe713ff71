"""Workbooks laid out by other people: what is taken, what is left out and named, what is asked."""

from datetime import date, datetime, time

import pytest

from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import NOT_TAKEN, Answers, Line, Place, Spot
from desktop.services.intake.known import Known
from desktop.services.intake.looks import Confidence, Part, QuestionKind, RowRole
from desktop.services.meetings.sheet import MEETINGS
from desktop.services.spreadsheets.workbook import SheetCells
from tests.services.intake.grids import IDS, NAMES, ROSTER, VOLUNTEERS, column, sheet, understood, values

HEADING = ["姓名", "性别", "身份证号", "入党时间", "转正时间"]


def person(number: int) -> list[object]:
    """A row of the usual five columns."""
    return [NAMES[number], "男", IDS[number], f"{2005 + number}-07-01", f"{2006 + number}-07-01"]


def roster(title: str = "在册党员") -> SheetCells:
    return sheet(title, [HEADING, person(0), person(1)])


def test_headings_of_other_systems_are_known() -> None:
    found = understood(
        sheet("名册", [["姓名", "性别", "公民身份证号", "加入党组织时间", "转为正式党员时间"], person(0)])
    )
    assert values(found) == [
        {
            "name": "赵一鸣",
            "gender": "1",
            "id_no": IDS[0],
            "admitted_on": "2005-07-01",
            "full_on": "2006-07-01",
        }
    ]
    assert {look.confidence for look in found.sheets[0].columns} == {Confidence.SURE}
    assert found.left_out == ()


@pytest.mark.parametrize("second", ["姓名", "党员姓名"])
def test_a_second_column_of_names_that_differs_is_held(second: str) -> None:
    rows = [["姓名", second, "入党时间"], ["赵一鸣", "甲", "2005-07-01"], ["赵一鸣", "赵一鸣", "2005-07-01"]]
    look = understood(sheet("名册", rows)).sheets[0].columns[1]
    assert (look.held, look.confidence) == (True, Confidence.OPEN)
    assert "这一列写得不一样" in look.why


def test_sheets_of_others_are_left_out_and_named() -> None:
    found = understood(
        roster(), *(sheet(title, [HEADING, person(2)]) for title in ("转出党员", "入党积极分子", "去世党员"))
    )
    assert [row.get("name") for row in found.rows] == list(NAMES[:2])
    assert [(left.kind, left.sheet, left.unasked) for left in found.left_out] == [
        (Part.SHEET, "转出党员", True),
        (Part.SHEET, "入党积极分子", True),
        (Part.SHEET, "去世党员", True),
    ]


def test_a_person_takes_a_sheet_that_was_left_out_and_leaves_out_another() -> None:
    answers = Answers(sheets={"转出党员": True, "在册党员": False})
    found = understood(roster(), sheet("转出党员", [HEADING, person(2)]), answers=answers)
    assert [row.get("name") for row in found.rows] == [NAMES[2]]
    assert [(left.sheet, left.unasked) for left in found.left_out] == [("在册党员", False)]


def test_a_hidden_sheet_is_left_out_until_it_is_wanted() -> None:
    hidden = sheet("底稿", [HEADING, person(2)], hidden=True)
    assert [left.why for left in understood(roster(), hidden).left_out] == ["隐藏的工作表"]
    assert len(understood(roster(), hidden, answers=Answers(sheets={"底稿": True})).rows) == 3


def test_a_list_of_activists_is_no_roster_and_is_asked_about() -> None:
    activists = sheet(
        "党员名册",
        [
            ["可接收入党积极分子名单"],
            ["序号", "姓名", "性别", "出生年月", "申请入党时间", "确定为入党积极分子时间"],
            [1, "赵一鸣", "男", "1980-01", "2024-09-01", "2025-03-01"],
        ],
    )
    found = understood(activists)
    assert found.rows == ()
    assert [(question.kind, question.holds) for question in found.questions] == [(QuestionKind.SHEET, True)]
    assert len(found.result(dry_run=True).questions) == 1
    with pytest.raises(InvalidInput, match="工作表"):
        found.result()
    untitled = sheet("名单", [["姓名", "性别", "申请入党时间"], ["赵一鸣", "男", "2024-09-01"]])
    assert understood(untitled).sheets[0].seems == "入党积极分子名单"


def test_separating_rows_give_their_group_and_are_no_members() -> None:
    found = understood(
        sheet(
            "党员名册",
            [
                ["某某支部党员花名册"],
                HEADING,
                ["第一党小组（2人）"],
                person(0),
                person(1),
                ["二、第二党小组（客户）"],
                person(2),
                ["合计", None, "3人"],
                ["填表人：王五"],
            ],
        )
    )
    assert [(row.get("name"), row.get("group")) for row in found.rows] == [
        ("赵一鸣", "第一党小组"),
        ("钱二宁", "第一党小组"),
        ("孙三秋", "第二党小组"),
    ]
    roles = found.sheets[0].roles
    assert [roles[number] for number in (1, 2, 3, 4, 8, 9)] == [
        RowRole.TITLE,
        RowRole.HEADING,
        RowRole.GROUP,
        RowRole.RECORD,
        RowRole.FOOT,
        RowRole.FOOT,
    ]
    assert found.sheets[0].groups == {3: "第一党小组", 6: "第二党小组"}


def test_people_below_a_row_that_says_they_left_are_left_out() -> None:
    found = understood(sheet("名册", [HEADING, person(0), ["转出党员"], person(1), ["在职党员"], person(2)]))
    assert [row.get("name") for row in found.rows] == ["赵一鸣", "孙三秋"]
    assert [(left.kind, left.row, left.what, left.why) for left in found.left_out] == [
        (Part.ROW, 4, "钱二宁", "在转出党员下面")
    ]
    wanted = Answers(roles={Line("名册", 4): RowRole.RECORD})
    again = sheet("名册", [HEADING, person(0), ["转出党员"], person(1)])
    assert len(understood(again, answers=wanted).rows) == 2


@pytest.mark.parametrize("merges", [("E1:F1",), ()], ids=["merged", "not merged"])
def test_a_heading_of_two_rows(merges: tuple[str, ...]) -> None:
    found = understood(
        sheet(
            "Sheet",
            [
                ["序号", "姓名", "性别", "身份证号", "党籍情况", None, "党内职务"],
                [None, None, None, None, "入党时间", "转正时间", None],
                [1, *person(0), "党员"],
                [2, *person(1), "党员"],
            ],
            *merges,
        )
    )
    assert [(row["name"], row["admitted_on"], row["full_on"]) for row in values(found)] == [
        ("赵一鸣", "2005-07-01", "2006-07-01"),
        ("钱二宁", "2006-07-01", "2007-07-01"),
    ]


def test_the_telephone_below_another_person_is_not_the_members() -> None:
    found = understood(
        sheet(
            "名册",
            [
                ["姓名", "性别", "入党介绍人", None, "联系电话"],
                [None, None, "姓名", "联系电话", None],
                ["赵一鸣", "男", "钱二宁", "13900000001", "13800000001"],
            ],
            *("A1:A2", "B1:B2", "C1:D1", "E1:E2"),
        )
    )
    assert values(found) == [{"name": "赵一鸣", "gender": "1", "phone": "13800000001"}]
    assert column(found, "入党介绍人 › 联系电话").field is None


def test_a_date_in_columns_of_its_own_for_year_month_and_day() -> None:
    found = understood(
        sheet(
            "Sheet",
            [
                ["姓名", "性别", "出生", None, "入党时间", None, None],
                [None, None, "年", "月", "年", "月", "日"],
                ["赵一鸣", "男", 1980, 1, 2005, 7, 1],
                ["钱二宁", "男", 1981, 2, 2006, 7, None],
                ["孙三秋", "男", 1982, None, None, None, None],
            ],
            *("A1:A2", "B1:B2", "C1:D1", "E1:G1"),
        )
    )
    assert values(found) == [
        {"name": "赵一鸣", "gender": "1", "born_on": "1980-01", "admitted_on": "2005-07-01"},
        {"name": "钱二宁", "gender": "1", "born_on": "1981-02", "admitted_on": "2006-07"},
        {"name": "孙三秋", "gender": "1", "born_on": "1982"},
    ]


def test_two_blocks_side_by_side_are_read_both() -> None:
    found = understood(
        sheet(
            "党员名册",
            [
                ["序号", "姓名", "入党时间", "序号", "姓名", "入党时间"],
                [1, "赵一鸣", "2005-07-01", 3, "孙三秋", "2007-07-01"],
                [2, "钱二宁", "2006-07-01", None, None, None],
            ],
        )
    )
    assert [(row.sheet, row.number, row.get("name")) for row in found.rows] == [
        ("党员名册", 2, "赵一鸣"),
        ("党员名册", 3, "钱二宁"),
        ("党员名册（第2栏）", 2, "孙三秋"),
    ]
    assert found.left_out == ()


def test_a_column_of_day_and_time_gives_both() -> None:
    found = understood(
        sheet(
            "会议记录",
            [
                ["会议类型", "会议时间", "会议地点", "会议内容"],
                ["支部党员大会", "2026年3月25日14:30", "活动室", "学习"],
                ["支委会", "2026-03-26", "活动室", "研究"],
                ["支委会", "2026-03-27T16:30:00.000Z", "活动室", "研究"],
                ["支委会", datetime.combine(date(2026, 3, 29), time(9, 30)), "活动室", "研究"],
            ],
        ),
        of=MEETINGS,
    )
    assert [(row.get("held_on").isoformat(), row.get("span")) for row in found.rows] == [
        ("2026-03-25", ("14:30", "")),
        ("2026-03-26", None),
        ("2026-03-28", ("00:30", "")),
        ("2026-03-29", ("09:30", "")),
    ]
    clocks = sheet("会议", [["会议类型", "日期", "会议时间"], ["支委会", "2026-03-26", "14:30"]])
    assert understood(clocks, of=MEETINGS).rows[0].get("span") == ("14:30", "")


@pytest.mark.parametrize("moment", ["2026-02-31T10:00:00Z", "9999-12-31T20:00:00Z"])
def test_a_moment_that_cannot_be_refuses_its_row_in_words(moment: str) -> None:
    rows = [["会议类型", "会议时间"], ["支委会", "2026-03-26 14:30"], ["支委会", moment]]
    found = understood(sheet("会议记录", rows), of=MEETINGS)
    assert [(refused.row, refused.name) for refused in found.rejected] == [(3, "held_on")]


def test_a_column_that_nobody_claimed_and_is_plainly_a_date_holds_the_import() -> None:
    rows = [["姓名", "性别", "党内时间"], *([name, "男", "2005-07-01"] for name in NAMES)]
    found = understood(sheet("名册", rows))
    assert [(question.kind, question.holds, question.field) for question in found.questions] == [
        (QuestionKind.COLUMN, True, "党内时间")
    ]
    assert len(found.result(dry_run=True).questions) == 1
    with pytest.raises(InvalidInput, match="党内时间"):
        found.result()
    taken = understood(sheet("名册", rows), answers=Answers(columns={Spot("名册", 3): "admitted_on"}))
    assert (taken.questions, taken.rows[0].get("admitted_on").on.year) == ((), 2005)
    passed = understood(sheet("名册", rows), answers=Answers(headings={"党内时间": NOT_TAKEN}))
    assert (passed.questions, [left.unasked for left in passed.left_out]) == ((), [False])


def test_an_unknown_column_of_identity_numbers_is_told_by_its_content() -> None:
    found = understood(sheet("名册", [["姓名", "性别", "号"], *([NAMES[n], "男", IDS[n]] for n in range(4))]))
    assert [row["id_no"] for row in values(found)] == list(IDS)
    assert column(found, "号").confidence is Confidence.LIKELY


def test_a_field_chosen_for_two_columns_is_refused() -> None:
    answers = Answers(columns={Spot("在册党员", 4): "full_on"})
    found = understood(roster(), answers=answers)
    assert QuestionKind.TWICE not in {question.kind for question in found.questions}, "the program gives way"
    both = Answers(columns={Spot("在册党员", 4): "full_on", Spot("在册党员", 5): "full_on"})
    asked = understood(roster(), answers=both).questions
    assert [(question.kind, question.field) for question in asked] == [(QuestionKind.TWICE, "full_on")]


def test_days_are_shown_as_they_are_understood_where_they_are_written_otherwise() -> None:
    rows: list[list[object]] = [["姓名", "入党时间"], ["赵一鸣", 38534], ["钱二宁", "2006-07-01"], ["孙三秋", "某年"]]
    look = column(understood(sheet("名册", rows)), "入党时间")
    assert look.shown == {2: "2005-07-01", 4: "不是日期"}


def test_the_name_of_a_sheet_gives_the_group() -> None:
    found = understood(sheet("第一党小组", [HEADING, person(0)]), sheet("第二党小组", [HEADING, person(1)]))
    assert [row.get("group") for row in found.rows] == ["第一党小组", "第二党小组"]


def test_rows_that_are_hidden_or_struck_out_are_read_and_named() -> None:
    found = understood(sheet("名册", [HEADING, person(0), person(1)], odd=[3]))
    assert [(told.row, "划掉" in told.reason) for told in found.warnings] == [(3, True)]
    assert len(found.rows) == 2


def test_cells_put_right_and_rows_not_wanted() -> None:
    answers = Answers(
        edits={Place("在册党员", 2, "name"): "赵一明"},
        untaken=frozenset({Place("在册党员", 3), Place("在册党员", 2, "full_on")}),
    )
    (row,) = understood(roster(), answers=answers).rows
    assert (row.get("name"), row.get("full_on"), "full_on" in row.given) == ("赵一明", None, False)


def test_a_name_on_the_roster_is_never_a_separating_row() -> None:
    rows: list[list[object]] = [list(HEADING), person(0), ["张王队"]]
    assert len(understood(sheet("名册", rows), known=Known(names=frozenset({"张王队"}))).rows) == 2


def test_a_file_without_any_heading_is_refused() -> None:
    with pytest.raises(InvalidInput, match="表头"):
        understood(sheet("名册", [["甲", "乙"], [1, 2]]), of=ROSTER).result()


def test_record_forms_of_meetings_one_on_a_sheet() -> None:
    form: list[list[object]] = [
        ["支部党员大会会议记录"],
        ["时间", "2026年3月25日14:30-16:00", None, "地点", "活动室"],
        ["主持人", "赵一鸣", None, "记录人", "钱二宁"],
        ["应到人数", 6, None, "实到人数", 5],
        ["缺席人员及原因", "孙三秋（病假）"],
        ["参会人员", "赵一鸣、钱二宁"],
        ["会议内容"],
        ["一、学习文件。二、研究发展对象。"],
        ["决议：", "一致同意"],
    ]
    found = understood(
        sheet("3月25日", form), sheet("4月25日", [form[0], ["时间：2026-04-25"], *form[2:]]), of=MEETINGS
    )
    first, second = found.rows
    assert {name: first.get(name) for name in ("place", "chair", "recorder", "due", "present", "absences")} == {
        "place": "活动室",
        "chair": "赵一鸣",
        "recorder": "钱二宁",
        "due": 6,
        "present": 5,
        "absences": "孙三秋（病假）",
    }
    assert (first.get("kind").label, first.get("held_on").isoformat(), first.get("span")) == (
        "支部党员大会",
        "2026-03-25",
        ("14:30", "16:00"),
    )
    assert (first.get("topic"), first.get("resolution")) == ("一、学习文件。二、研究发展对象。", "一致同意")
    assert second.get("held_on").isoformat() == "2026-04-25"
    assert {left.what for left in found.left_out} == {"参会人员"}


def test_record_forms_of_people_below_each_other() -> None:
    people: list[list[object]] = [
        ["党员登记表"],
        ["姓名", "赵一鸣", "性别", "男", "民族", "汉族"],
        ["身份证号", IDS[0], None, None, "学历", "大学本科"],
        ["入党时间", "2005-07-01", None, None, "转正时间", "2006-07-01"],
        [],
        ["姓名", "钱二宁", "性别", "女", "民族", "回族"],
        ["身份证号", IDS[1], None, None, "学历", "大专"],
    ]
    found = understood(sheet("登记表", people))
    assert [(row.number, row.get("name"), row.get("id_no").number) for row in found.rows] == [
        (2, "赵一鸣", IDS[0]),
        (6, "钱二宁", IDS[1]),
    ]


ATTENDANCE: list[list[object]] = [
    ["2026年支部党员大会签到表"],
    ["序号", "姓名", "3月25日", "4月26日", "5月27日\n党课"],
    [1, "赵一鸣", "√", "√", "√"],
    [2, "钱二宁", "√", "病假", "×"],
    [3, "孙三秋", "√", "√", None],
]


def test_a_list_of_names_with_a_column_for_each_meeting() -> None:
    asked = understood(sheet("签到", ATTENDANCE), of=MEETINGS)
    assert [(question.holds, question.words) for question in asked.questions] == [(True, "签到表里的空格是什么意思")]
    assert len(asked.rows) == 2
    found = understood(sheet("签到", ATTENDANCE), of=MEETINGS, answers=Answers(replies={"mark/签到/": "none"}))
    assert [
        (row.get("kind").label, row.get("held_on").isoformat(), row.get("due"), row.get("present"), row.get("absences"))
        for row in found.rows
    ] == [
        ("支部党员大会", "2026-03-25", 3, 3, None),
        ("支部党员大会", "2026-04-26", 3, 2, "钱二宁（病假）"),
        ("党课", "2026-05-27", 2, 1, "钱二宁"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["2026-03-05", "学雷锋", "社区", "赵一鸣、钱二宁", "2小时"]],
        [["2026-03-05", "学雷锋", "社区", "赵一鸣", 2], ["2026-03-05", "学雷锋", "社区", "钱二宁", 2]],
    ],
    ids=["all in one row", "a row for each person"],
)
def test_people_and_what_each_did_are_the_lines_of_one_field(rows: list[list[object]]) -> None:
    head = ["活动时间", "活动名称", "活动地点", "参加人员", "服务时长"]
    found = understood(sheet("志愿服务", [head, *rows]), of=VOLUNTEERS)
    assert [row.values for row in found.rows] == [
        {"event_on": "2026-03-05", "title": "学雷锋", "place": "社区", "hours": "赵一鸣|2\n钱二宁|2"}
    ]
    assert found.left_out == ()


def test_a_sheet_without_a_heading_that_is_wanted_is_told_by_its_cells() -> None:
    rows: list[list[object]] = [[NAMES[n], "男", IDS[n], "2005-07-01"] for n in range(4)]
    found = understood(sheet("名单", rows), answers=Answers(sheets={"名单": True}))
    assert [(look.letter, look.field, look.held) for look in found.sheets[0].columns] == [
        ("A", "name", False),
        ("B", "gender", False),
        ("C", "id_no", False),
        ("D", None, True),
    ]
    said = Answers(sheets={"名单": True}, columns={Spot("名单", 4): "admitted_on"})
    assert [row["admitted_on"] for row in values(understood(sheet("名单", rows), answers=said))] == ["2005-07-01"] * 4
    unwanted = understood(sheet("名单", rows))
    assert (unwanted.rows, [question.kind for question in unwanted.questions]) == ((), [QuestionKind.MISSING])


def test_a_caption_nobody_knows_separates_and_is_no_record() -> None:
    rows: list[list[object]] = [["序号", *HEADING], ["机关各位"], [1, *person(0)], ["后勤保障"], [2, *person(1)]]
    found = understood(sheet("名册", rows))
    assert (len(found.rows), found.rejected, found.sheets[0].groups) == (2, (), {2: "机关各位", 4: "后勤保障"})


def test_a_sheet_that_lacks_what_every_record_needs_gives_refused_rows_only() -> None:
    book = understood(sheet("名册", [["性别", "身份证号"], ["男", IDS[0]]]), answers=Answers(sheets={"名册": True}))
    assert book.rows == ()
    assert [refused.reason for refused in book.rejected] == ["没有姓名"]
    assert book.held


def test_a_heading_that_ends_like_a_part_of_a_date_is_whole() -> None:
    rows: list[list[object]] = [["姓名", "转正日", None, None], [None, "年", "月", "日"], ["赵一鸣", 2006, 7, 1]]
    assert values(understood(sheet("名册", rows, "B1:D1"))) == [{"name": "赵一鸣", "full_on": "2006-07-01"}]
    single: list[list[object]] = [["姓名", "出生年", "出生月", "转正日"], ["赵一鸣", 1980, 1, "2006-07-01"]]
    assert values(understood(sheet("名册", single))) == [
        {"name": "赵一鸣", "born_on": "1980-01", "full_on": "2006-07-01"}
    ]


def test_a_value_that_is_another_word_for_its_label_is_a_value() -> None:
    form: list[list[object]] = [
        ["会议类型", "支委会", "会议日期", "2026-03-05"],
        ["会议地点", "会议室", "主持人", "冯晓岚"],
    ]
    (row,) = understood(sheet("3月支委会", form), of=MEETINGS).rows
    assert (row.get("place"), row.get("chair"), row.get("held_on").isoformat()) == ("会议室", "冯晓岚", "2026-03-05")


def test_a_foot_line_below_known_columns_is_no_record() -> None:
    foot: list[list[object]] = [list(HEADING), person(0), ["填表人：沈春燕", None, "审核人：冯晓岚"]]
    found = understood(sheet("名册", foot))
    assert (len(found.rows), found.rejected) == (1, ())


def test_days_without_a_year_are_of_the_year_in_the_title_and_that_is_said() -> None:
    rows = [
        ["2026年三会一课台账"],
        ["会议类型", "会议时间", "议题"],
        ["支委会", "3月25日14:30", "学习"],
        ["支委会", "2025-12-30", "总结"],
    ]
    found = understood(sheet("台账", rows), of=MEETINGS)
    assert [(row.get("held_on").isoformat(), row.get("span")) for row in found.rows] == [
        ("2026-03-25", ("14:30", "")),
        ("2025-12-30", None),
    ]
    assert [(told.row, told.reason) for told in found.warnings] == [(3, "没有写年份，按标题里的2026年读")]
    untitled = understood(sheet("台账", rows[1:3]), of=MEETINGS)
    assert [refused.reason for refused in untitled.rejected] == ["没有年份"]


def test_a_list_of_people_who_left_is_read_when_it_is_wanted() -> None:
    rows = [["姓名", "转出时间", "转往单位"], ["钱多多", "2025-03-01", "西华县局"]]
    found = understood(sheet("转出党员", rows), answers=Answers(sheets={"转出党员": True}))
    assert [row.get("name") for row in found.rows] == ["钱多多"]


def test_a_row_for_each_meeting_with_a_column_for_each_person() -> None:
    rows: list[list[object]] = [
        ["会议类型", "日期", *NAMES],
        ["支委会", "2026-03-25", "√", "√", "病假", "×"],
    ]
    found = understood(sheet("签到", rows), of=MEETINGS, known=Known(names=frozenset(NAMES)))
    (row,) = found.rows
    assert (row.get("due"), row.get("present"), row.get("absences")) == (4, 2, "孙三秋（病假）；李四维")
    assert found.left_out == ()

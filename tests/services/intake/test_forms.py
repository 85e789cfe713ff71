"""Record forms: each label is taken for something or told, a person says what another means, and no text vanishes."""

from pathlib import Path

from desktop.services.intake.answers import Answers
from desktop.services.intake.looks import Confidence, Part
from desktop.services.intake.mappings import Mappings
from desktop.services.meetings.sheet import MEETINGS
from desktop.services.workbooks import book
from tests.services.intake.grids import sheet, understood
from tests.sheets import workbook
from tests.stores import new_store

FORM: list[list[object]] = [
    ["云河县站党支部会议记录"],
    ["会议类型", "支委会", "会议时间", "2026年3月5日下午3:00"],
    ["会议地点", "三楼会议室", "主持人", "冯晓岚"],
    ["应到人数", 3, "实到人数", 3],
    ["议程拟稿", "王建军", "天气", "晴"],
    ["会议主题", "研究一季度工作"],
    ["会议内容"],
    ["一、传达学习上级文件精神。"],
    ["二、研究本季度主题党日安排。"],
    ["会议决议", "同意。"],
    [None, "报上级党委备案。"],
    ["本次会议前已征求党员意见，记录附后", "共三页纸", None, None],
    ["支部书记签字：", None, "日期：2026年3月6日"],
]


def test_a_subject_and_the_contents_are_one_meeting_and_all_paragraphs_are_kept() -> None:
    (row,) = understood(sheet("3月支委会", FORM), of=MEETINGS).rows
    assert row.get("topic") == "研究一季度工作"
    assert row.get("speeches") == "一、传达学习上级文件精神。\n二、研究本季度主题党日安排。"
    assert row.get("resolution") == "同意。\n报上级党委备案。"
    turned = [*FORM[:5], *FORM[6:9], FORM[5], *FORM[9:]]
    (row,) = understood(sheet("3月支委会", turned), of=MEETINGS).rows
    assert row.get("topic") == "研究一季度工作"
    assert row.get("speeches") == "一、传达学习上级文件精神。\n二、研究本季度主题党日安排。"


def test_labels_nobody_knows_and_text_without_a_label_are_told() -> None:
    found = understood(sheet("3月支委会", FORM), of=MEETINGS)
    labels = {label.heading: (label.field, label.confidence, label.shown[0]) for label in found.sheets[0].labels}
    assert labels["主持人"] == ("chair", Confidence.SURE, "冯晓岚")
    assert labels["议程拟稿"] == (None, Confidence.OPEN, "王建军")
    told = {(left.kind, left.row, left.what) for left in found.left_out if left.unasked}
    assert told == {
        (Part.COLUMN, 2, "议程拟稿"),
        (Part.COLUMN, 2, "天气"),
        (Part.TEXT, 12, "本次会议前已征求党员意见，记录附后"),
        (Part.TEXT, 12, "共三页纸"),
    }


def test_what_a_person_says_of_labels_counts_and_is_remembered_for_the_next_form(tmp_path: Path) -> None:
    answers = Answers(headings={"议程拟稿": "recorder", "天气": "", "会议内容": ""})
    found = understood(sheet("3月支委会", FORM), of=MEETINGS, answers=answers)
    (row,) = found.rows
    assert (row.get("recorder"), row.get("speeches")) == ("王建军", None)
    assert {left.what for left in found.left_out if not left.unasked} == {"天气", "会议内容"}
    with new_store(tmp_path / "store") as store:
        with store.unit_of_work("试记") as session:
            Mappings(store).remember(session, "meetings", answers, found.sheets)
        april: list[list[object]] = [
            FORM[0],
            ["会议类型", "支委会", "会议时间", "2026-04-05"],
            *FORM[2:6],
            ["经费来源", "党费"],
        ]
        looked = book(store, "meetings").look(workbook(tmp_path / "四月.xlsx", april, "4月支委会"))
        assert looked.remembered
        (row,) = looked.understood.rows
        assert row.get("recorder") == "王建军"


def test_two_forms_on_a_sheet_begin_where_their_first_label_stands_again() -> None:
    second = [["会议类型", "党课", "会议时间", "2026-03-09"], ["会议地点", "活动室", "主持人", "赵一鸣"]]
    found = understood(sheet("三月", [*FORM[:6], [], *second]), of=MEETINGS)
    assert [(row.number, row.get("held_on").isoformat()) for row in found.rows] == [
        (2, "2026-03-05"),
        (8, "2026-03-09"),
    ]

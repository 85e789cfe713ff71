"""Minutes written in Word: many layouts of lines and tables, each with what must come of it."""

import re
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.intake.answers import Answers
from desktop.services.intake.documents import read_documents
from desktop.services.intake.known import Known
from desktop.services.intake.looks import QuestionKind
from desktop.services.intake.rows import Minutes, Row, Understood
from desktop.services.intake.understanding import understand
from desktop.services.intake.vocabulary import Vocabulary
from desktop.services.meetings.sheet import MEETINGS
from tests.documents import Table, document, package

KNOWN = Known(
    names=frozenset(["张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十一"]),
    groups=("第一党小组", "机关党小组"),
)
CONGRESS, COMMITTEE = MeetingKind.BRANCH_CONGRESS, MeetingKind.COMMITTEE_MEETING
LINES = """支部党员大会会议记录
时间：2026年3月15日（星期日）下午14:30—16:00
地点：三楼会议室
主持人：张三    记录人：李四"""


def read(folder: Path, *parts: str | Table, name: str = "记录.docx", answers: Answers | None = None) -> Understood:
    path = document(folder / name, *parts)
    return understand(read_documents(path), MEETINGS, answers or Answers(), KNOWN)


BARE = "第一党小组会\n主持：张三\n参加：张三、李四\n内容：学习党章"


def test_labels_without_day_or_place_make_a_meeting_whose_day_the_name_of_the_file_says(tmp_path: Path) -> None:
    found = read(tmp_path, BARE, name="第一小组会20260415.docx")
    (asked,) = found.questions
    assert (asked.kind, [option.value for option in asked.options]) == (QuestionKind.DATE, ["2026-04-15", "none"])
    answers = Answers(replies={asked.key: "2026-04-15"})
    row = only(read(tmp_path, BARE, name="第一小组会20260415.docx", answers=answers))
    taken = {name: row.get(name) for name in ("kind", "group", "held_on", "chair", "topic", "speeches")}
    assert taken == {
        "kind": MeetingKind.GROUP_MEETING,
        "group": "第一党小组",
        "held_on": date(2026, 4, 15),
        "chair": "张三",
        "topic": "学习党章",
        "speeches": "学习党章",
    }
    assert minutes_of(row).came == ("张三", "李四")


def test_words_without_any_label_are_read_once_they_are_ticked(tmp_path: Path) -> None:
    text = "今天下午支部开会，学习党章。\n大家发言热烈。"
    (look,) = read(tmp_path, text, name="支委会20260415.docx").sheets
    assert (look.taken, look.seems) == (False, "没有标签")
    ticked = {look.title: True}
    (asked,) = read(tmp_path, text, name="支委会20260415.docx", answers=Answers(sheets=ticked)).questions
    answers = Answers(sheets=ticked, replies={asked.key: "2026-04-15"})
    row = only(read(tmp_path, text, name="支委会20260415.docx", answers=answers))
    assert (row.get("kind"), row.get("held_on")) == (COMMITTEE, date(2026, 4, 15))
    assert row.get("speeches") == text


def only(found: Understood) -> Row:
    assert [refused.reason for refused in found.rejected] == []
    (row,) = found.rows
    return row


def minutes_of(row: Row) -> Minutes:
    assert row.minutes is not None
    return row.minutes


HEAD = {
    "kind": CONGRESS,
    "held_on": "2026-03-15",
    "span": ("14:30", "16:00"),
    "place": "三楼会议室",
    "chair": "张三",
    "recorder": "李四",
}
LAYOUTS: dict[str, tuple[tuple[str | Table, ...], dict[str, Any]]] = {
    "lines": (
        (f"{LINES}\n应到：21人　实到：20人\n缺席：王五（病假）\n议题：传达学习\n会议内容：\n学了文件。",),
        {**HEAD, "due": 21, "present": 20, "absences": "王五（病假）", "topic": "传达学习", "speeches": "学了文件。"},
    ),
    "numbers in a sentence": (
        (f"{LINES}\n应到党员21人，实到20人，请假1人（王五，病假）。\n议题：传达学习",),
        {**HEAD, "due": 21, "present": 20, "absences": "王五（病假）", "topic": "传达学习"},
    ),
    "a table of four columns": (
        (
            [
                ["会议名称", "支委会"],
                ["时间", "2026年3月2日 9:00", "地点", "小会议室"],
                ["主持人", "张三", "记录人", "李四"],
                ["应到", "5", "实到", "4"],
                ["缺席人员及原因", "王五（出差）"],
                ["会议议题", "研究三月份工作"],
                ["会议内容", "张三：通报情况。\n会议认为：要抓紧。"],
                ["会议决议", "按计划推进"],
            ],
        ),
        {
            "kind": COMMITTEE,
            "held_on": "2026-03-02",
            "span": ("09:00", ""),
            "place": "小会议室",
            "chair": "张三",
            "due": 5,
            "present": 4,
            "absences": "王五（出差）",
            "topic": "研究三月份工作",
            "resolution": "按计划推进",
            "speeches": "张三：通报情况。\n会议认为：要抓紧。",
        },
    ),
    "labels set apart": (
        (
            "党课记录",
            "时 间：2026年3月20日15:00",
            "地　点：党员活动室",
            "主 讲 人：张三",
            "课题：学习党章",
            "记  录：李四",
            "参加人员：全体党员",
            "主要内容",
            "讲述党章修改。",
        ),
        {
            "kind": MeetingKind.PARTY_LECTURE,
            "held_on": "2026-03-20",
            "span": ("15:00", ""),
            "speakers": ("张三",),
            "recorder": "李四",
            "topic": "学习党章",
            "speeches": "讲述党章修改。",
        },
    ),
    "the year in the title": (
        ("2026年第一季度支部党员大会", "时间：3月20日", "地点：会议室", "主持：张三", "主题：学习"),
        {"kind": CONGRESS, "held_on": "2026-03-20", "topic": "学习", "chair": "张三"},
    ),
    "figures in chinese": (
        ("支部党员大会记录", "时间：二〇二六年三月十五日下午三时", "地点：会议室", "议题：学习"),
        {"held_on": "2026-03-15", "span": ("15:00", "")},
    ),
    "only half a day": (
        ("支部党员大会记录", "时间：2026年3月15日上午", "地点：会议室", "议题：学习"),
        {"held_on": "2026-03-15", "topic": "学习"},
    ),
    "day and hour apart": (
        ("支部党员大会记录", "日期：2026.3.15", "时间：9:00-10:30", "地点：会议室", "议题：学习"),
        {"held_on": "2026-03-15", "span": ("09:00", "10:30")},
    ),
    "the kind in its own line": (
        ("某某县局党支部", "会议类型：主题党日", "时间：2026年5月1日", "地点：烈士陵园", "活动主题：祭扫"),
        {"kind": MeetingKind.THEME_DAY, "topic": "祭扫", "place": "烈士陵园"},
    ),
    "a group": (
        ("第一党小组会议记录", "时间：2026年4月8日", "地点：队部", "主持人：赵六", "议题：学习"),
        {"kind": MeetingKind.GROUP_MEETING, "group": "第一党小组", "chair": "赵六"},
    ),
    "headings in the text": (
        (f"{LINES}\n会议内容：\n一、传达文件\n张三领学。\n二、讨论工作\n大家发言。\n决议：同意。",),
        {**HEAD, "agenda": "传达文件\n讨论工作", "resolution": "同意。"},
    ),
    "a list of items": (
        (f"{LINES}\n议题：\n1.传达文件；\n2.讨论接收预备党员。",),
        {**HEAD, "agenda": "传达文件\n讨论接收预备党员"},
    ),
    "headings as labels": (
        (f"{LINES}\n一、会议议题\n学习党章\n二、会议决议\n按时完成\n抓好落实",),
        {**HEAD, "topic": "学习党章", "resolution": "按时完成\n抓好落实"},
    ),
    "a vote in the text": (
        (
            f"{LINES}\n议题：接收钱七\n会议内容：进行表决。"
            "应到会有表决权党员18人，实到会17人，赞成17票，反对0票，弃权0票。",
        ),
        {**HEAD, "votes": "应到会有表决权党员18人，实到会17人，赞成17票，反对0票，弃权0票"},
    ),
    "several words of absence": (
        (f"{LINES}\n议题：学习\n请假人员：王五、赵六（公差）\n缺席人员：孙八",),
        {**HEAD, "absences": "王五（请假）；赵六（公差）；孙八"},
    ),
    "reasons before names": (
        (f"{LINES}\n议题：学习\n缺席人员及原因：病假：王五、赵六；公差：孙八",),
        {**HEAD, "absences": "王五（病假）；赵六（病假）；孙八（公差）"},
    ),
    "reasons right behind names": (
        (f"{LINES}\n议题：学习\n缺席：王五病假，孙八因公出差",),
        {**HEAD, "absences": "王五（病假）；孙八（因公出差）"},
    ),
    "nobody absent": ((f"{LINES}\n议题：学习\n缺席人员：无",), {**HEAD, "topic": "学习"}),
    "a chair with a post": (
        ("支委会记录", "时间：2026年3月2日", "主持人：支部书记张三", "记录人：李四（组织委员）", "议题：学习"),
        {"kind": COMMITTEE, "chair": "张三", "recorder": "李四（组织委员）"},
    ),
    "labels before spaces": (
        (
            "支部党员大会",
            "时间　2026年3月15日",
            "地点　三楼会议室",
            "主持人　张三",
            "应到4人、实到3人、缺席1人：王五（病假）",
            "会议内容",
            "学习党章。",
        ),
        {
            "held_on": "2026-03-15",
            "place": "三楼会议室",
            "chair": "张三",
            "due": 4,
            "present": 3,
            "absences": "王五（病假）",
        },
    ),
    "a table below a title with lines beside it": (
        (
            "主题党日活动记录",
            "时间：2026年5月6日",
            [["活动地点", "村部"], ["参加党员", "张三 李 四 王五"], ["活动内容", "走访。\n慰问。"]],
        ),
        {"kind": MeetingKind.THEME_DAY, "place": "村部", "speeches": "走访。\n慰问。", "topic": "走访"},
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_minutes_of_many_layouts_say_what_they_say(tmp_path: Path, layout: str) -> None:
    parts, wanted = LAYOUTS[layout]
    row = only(read(tmp_path, *parts))
    values = {**row.values, "held_on": str(row.values["held_on"])}
    assert {name: values.get(name) for name in wanted} == wanted


LABELS = Vocabulary(MEETINGS)
COUNTED = ("应到党员", "实到", "请假", "缺席", "全体党员")
"""Words around numbers and names, which are kept themselves."""


def said(row: Row, titles: str) -> str:
    """Return all that a meeting keeps of its document, as one text."""
    minutes = minutes_of(row)
    parts = [titles, *map(str, row.source.values), *minutes.came]
    parts += [words for pair in (*minutes.agenda, *minutes.speeches) for words in pair]
    return "\n".join(parts)


@pytest.mark.parametrize("layout", [*LAYOUTS, "what nothing claims"])
def test_no_word_of_a_document_is_lost(tmp_path: Path, layout: str) -> None:
    loose = "学习内容：《党内法规》\n次数：第三次\n列席：县局领导\n备注：录音存档\n"
    loose += "讨论发言：\n钱七：体会深刻。\n《文件》原文"
    parts, _ = LAYOUTS.get(layout, ((f"{LINES}\n{loose}", [["会议效果", "很好"], ["签名", ""]]), {}))
    row = only(read(tmp_path, *parts))
    kept = re.sub(r"[^\u3400-\u9fff]", "", said(row, str(parts[0]).partition("\n")[0]))
    lines = [line for part in parts for line in (part.split("\n") if isinstance(part, str) else chain(*part))]
    for word in chain.from_iterable(re.findall(r"[\u3400-\u9fff]{2,}", line) for line in lines):
        label = re.sub(r"签名$", "", word)
        number = re.fullmatch(r"[二〇一三四五六七八九十年月日上下午时星期]+", word)
        post = word.removesuffix(row.shown("chair"))  # 支部书记张三 is 张三
        assert word in kept or number or post != word or LABELS.knows(label) or word in COUNTED, word


def test_labels_minutes_do_not_read_stay_in_what_was_said_and_the_others_are_taken(tmp_path: Path) -> None:
    head = "次数：第三次\n列席：王明（镇党委组织委员）\n准假人：支部书记\n补课记录：王五已补课"
    row = only(read(tmp_path, f"{LINES}\n{head}\n内容：学习党章。\n主持人总结：都要落实。\n下月再议。"))
    taken = {name: row.get(name) for name in ("number", "observers", "summary")}
    assert taken == {"number": 3, "observers": "王明（镇党委组织委员）", "summary": "都要落实。\n下月再议。"}
    assert "准假人：支部书记" in said(row, "")
    assert "补课记录：王五已补课" in said(row, "")


def test_a_second_value_of_a_field_that_has_one_stays_in_what_was_said(tmp_path: Path) -> None:
    row = only(read(tmp_path, f"{LINES}\n地点：三楼 会议室\n地点：后到镇史馆\n议题：学习\n内容：\n张三：要抓紧。"))
    assert row.values["place"] == "三楼会议室"
    assert minutes_of(row).speeches == (("张三", "要抓紧。"), ("", "地点：后到镇史馆"))


def test_several_meetings_in_one_document_are_told_apart(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "2026年1月三会一课记录\n支部委员会会议记录\n时间：2026年1月5日\n地点：会议室\n主持：张三\n参会人员：张三、李四\n"
        "议题：研究工作\n内容：讨论。\n支部党员大会记录\n时间：2026年1月9日\n地点：会议室\n主持：张三\n"
        "出席：张三、李四等20人\n议题：学习\n内容：时间：下月前完成。地点：各队所。",
    )
    assert [(row.values["kind"], row.values["held_on"].day, row.number) for row in found.rows] == [
        (COMMITTEE, 5, 3), (CONGRESS, 9, 10)
    ]  # fmt: skip
    first, second = map(minutes_of, found.rows)
    assert (first.came, first.unfinished) == (("张三", "李四"), False)
    assert (second.came, second.unfinished) == (("张三", "李四"), True)
    assert second.speeches == (("", "时间：下月前完成。地点：各队所。"),)
    assert found.sheets[0].records == 2


def test_what_was_said_is_kept_word_for_word_and_nobody_is_given_words_of_others(tmp_path: Path) -> None:
    row = only(
        read(
            tmp_path,
            f"{LINES}\n议题：学习\n天气：晴\n会议内容：\n张三：要抓紧。\n会议认为，可行。\n外人甲：好。\n李四（委员）：同意。",
        )
    )
    assert minutes_of(row).speeches == (
        ("", "天气：晴"), ("张三", "要抓紧。"), ("", "会议认为，可行。\n外人甲：好。"), ("李四（委员）", "同意。")
    )  # fmt: skip


def test_places_for_signatures_say_nothing(tmp_path: Path) -> None:
    row = only(read(tmp_path, f"{LINES}\n决议：同意。\n主持人签名：　　　记录人（签名）："))
    assert row.values["resolution"] == "同意。"


def test_names_of_who_came_are_found_however_they_are_set(tmp_path: Path) -> None:
    row = only(read(tmp_path, f"{LINES}\n出席人员：张　三、李四（组织委员）　王 五，吴十一同志\n议题：学习"))
    assert minutes_of(row).came == ("张三", "李四", "王五", "吴十一")
    assert minutes_of(only(read(tmp_path, f"{LINES}\n参会人员：全体党员\n议题：学习"))).everyone


def test_a_day_that_only_the_name_of_the_file_says_is_asked_about(tmp_path: Path) -> None:
    parts = "主题党日活动记录\n地点：会议室\n主持人：张三\n活动主题：祭扫"
    found = read(tmp_path, parts, name="2026-05-06主题党日.docx")
    (question,) = found.questions
    assert (question.kind, question.options[0].value, question.holds) == (QuestionKind.DATE, "2026-05-06", False)
    assert [refused.reason for refused in found.rejected] == ["没有日期"]
    answers = Answers(replies={question.key: "2026-05-06"})
    said = only(read(tmp_path, parts, name="2026-05-06主题党日.docx", answers=answers))
    assert str(said.values["held_on"]) == "2026-05-06"
    denied = read(tmp_path, parts, name="2026-05-06主题党日.docx", answers=Answers(replies={question.key: "none"}))
    assert (denied.rows, denied.questions, len(denied.rejected)) == ((), (), 1)


def test_a_day_that_only_a_sentence_says_is_asked_about(tmp_path: Path) -> None:
    words = "支委会纪要", "2026年3月10日，张三主持召开支委会，研究近期工作。", "出席：张三、李四", "记录：李四"
    (question,) = read(tmp_path, *words).questions
    assert [option.value for option in question.options] == ["2026-03-10", "none"]
    row = only(read(tmp_path, *words, answers=Answers(replies={question.key: "2026-03-10"})))
    assert (str(row.values["held_on"]), row.values["kind"]) == ("2026-03-10", COMMITTEE)


@pytest.mark.parametrize("title", ["支部党员大会暨主题党日记录", "三月份学习会记录"])
def test_a_kind_that_is_none_or_two_is_asked_about(tmp_path: Path, title: str) -> None:
    row = only(read(tmp_path, title, "时间：2026年3月15日", "地点：会议室", "主持人：张三", "主题：学习"))
    assert ("kind" in row.values, [name for name, _ in row.open], row.shown("kind")) == (False, ["kind"], title)


def test_several_days_are_no_day(tmp_path: Path) -> None:
    found = read(tmp_path, "支部党员大会记录", "时间：2026年3月15日至3月17日", "地点：会议室", "主持人：张三")
    assert [(refused.name, refused.value) for refused in found.rejected] == [("held_on", "2026年3月15日至3月17日")]


def test_what_is_no_record_is_left_out_by_name_until_somebody_wants_it(tmp_path: Path) -> None:
    plan = ("主题党日活动方案", "时间：2026年4月1日", "地点：会议室", "主题：学习")
    found = read(tmp_path, *plan, name="方案.docx")
    assert (found.rows, found.left_out[0].why, found.left_out[0].unasked) == ((), "标题里有“方案”", True)
    assert (
        only(read(tmp_path, *plan, name="方案.docx", answers=Answers(sheets={"方案.docx": True}))).get("topic")
        == "学习"
    )
    wordless = read(tmp_path, "今天开了会，大家都来了。")
    assert (wordless.rows, "没有找到" in wordless.left_out[0].why) == ((), True)


def test_a_ledger_in_word_is_read_as_the_table_it_is(tmp_path: Path) -> None:
    head = ["会议类型", "日期", "地点", "主持人", "议题", "应到人数", "实到人数"]
    rows = [
        ["党员大会", "2026-03-15", "会议室", "张三", "学习", "8", "8"],
        ["支委会", "2026-03-02", "", "张三", "研究", "3", "3"],
    ]
    found = read(tmp_path, "2026年三会一课台账", [head, *rows])
    assert [(row.values["kind"], row.values["held_on"].day, row.minutes) for row in found.rows] == [
        (CONGRESS, 15, None), (COMMITTEE, 2, None)
    ]  # fmt: skip


def test_words_in_boxes_corrections_and_forms_are_read_as_people_see_them(tmp_path: Path) -> None:
    def line(words: str) -> str:
        return f"<w:p>{words}</w:p>"

    def run(words: str) -> str:
        return f"<w:r><w:t>{words}</w:t></w:r>"

    def control(words: str) -> str:
        return f"<w:sdt><w:sdtContent>{words}</w:sdtContent></w:sdt>"

    corrected = line(
        run("议题：") + "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>" + f"<w:ins>{run('新议题')}</w:ins>"
    )
    box = line(f"<w:r><w:pict><w:txbxContent>{line(run('主持人：张三'))}</w:txbxContent></w:pict></w:r>")
    path = package(
        tmp_path / "a.docx",
        line(run("支委会记录"))
        + line(run("时间：2026年3月2日"))
        + control(line(run("地点：") + control(run("会议室"))))
        + corrected
        + box,
    )
    row = only(understand(read_documents(path), MEETINGS, Answers(), KNOWN))
    assert [row.values[name] for name in ("place", "topic", "chair")] == ["会议室", "新议题", "张三"]

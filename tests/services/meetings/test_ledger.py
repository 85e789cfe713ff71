"""Absences in the wordings of ledgers, and whole meetings in them."""

from pathlib import Path

import pytest

from desktop.services.intake.answers import Answers
from desktop.services.meetings.book import MeetingBook
from desktop.services.meetings.fields import ABSENCES
from desktop.services.meetings.ledger import absences_in
from desktop.services.members import RosterBook
from desktop.services.store import Store
from tests.sheets import workbook

NAMES = frozenset({"赵一鸣", "钱二宁", "孙三秋", "李四维", "欧阳六", "周五常"})


def nobody(_name: str, _digits: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("孙三秋 李四维", [("孙三秋", ""), ("李四维", "")]),
        ("孙三秋同志请病假", [("孙三秋", "病假")]),
        ("1人：孙三秋(事假)", [("孙三秋", "事假")]),
        ("缺席2人：孙三秋、李四维", [("孙三秋", ""), ("李四维", "")]),
        ("孙三秋-出差", [("孙三秋", "出差")]),
        ("孙三秋—出差；李四维——病假", [("孙三秋", "出差"), ("李四维", "病假")]),
        ("病假：孙三秋、李四维；事假：欧阳六", [("孙三秋", "病假"), ("李四维", "病假"), ("欧阳六", "事假")]),
        ("请假人员：孙三秋", [("孙三秋", "请假")]),
        ("缺席人员：孙三秋", [("孙三秋", "")]),
        ("孙三秋 病假", [("孙三秋", "病假")]),
        ("孙三秋因公出差，李四维请事假", [("孙三秋", "因公出差"), ("李四维", "事假")]),
        ("孙三秋同志、李四维同志", [("孙三秋", ""), ("李四维", "")]),
        ("孙三秋（病假；住院）", [("孙三秋", "病假；住院")]),
        ("孙三秋（病假，2026-03-20补课）；李四维", [("孙三秋", "病假"), ("李四维", "")]),
        ("全勤", []),
    ],
)
def test_who_was_absent_and_why(text: str, expected: list[tuple[str, str]]) -> None:
    found = absences_in(text, ABSENCES, nobody, NAMES)
    assert [(absence.name, absence.reason) for absence in found] == expected


def test_a_name_nobody_has_stays_as_it_is_written() -> None:
    assert [absence.name for absence in absences_in("王不在", ABSENCES, nobody, NAMES)] == ["王不在"]


@pytest.fixture
def book(store: Store, tmp_path: Path) -> MeetingBook:
    people = [[name, "2005-07-01", "2006-07-01"] for name in sorted(NAMES)]
    RosterBook(store).import_file(workbook(tmp_path / "r.xlsx", [["姓名", "入党时间", "转正时间"], *people]))
    return MeetingBook(store)


def test_a_meeting_waits_for_a_kind_that_nobody_knows(book: MeetingBook, tmp_path: Path) -> None:
    head = ["会议类型", "日期", "应到", "实到", "缺席", "主题"]
    path = workbook(tmp_path / "m.xlsx", [head, ["碰头", "2026-01-05", 6, 5, "孙三秋-出差", "学习"]])
    result = book.import_file(path)
    (question,) = result.questions
    assert (result.accepted, result.waiting, question.key) == (0, 1, "word:kind:碰头")
    told = book.import_file(path, answers=Answers(replies={question.key: "支部党员大会"}))
    assert (told.accepted, told.waiting, told.rejected) == (1, 0, [])


def test_a_time_nobody_understands_does_not_cost_the_meeting(book: MeetingBook, tmp_path: Path) -> None:
    head = ["会议类型", "日期", "时间", "应到", "实到", "缺席", "主题"]
    path = workbook(tmp_path / "m.xlsx", [head, ["党员大会", "2026-01-05", "饭后", 6, 4, "孙三秋 李四维", "学习"]])
    result = book.import_file(path)
    assert (result.accepted, result.rejected, [question.key for question in result.questions]) == (
        1,
        [],
        ["word:span:饭后"],
    )
    assert result.warnings[-1].reason.endswith("这一格没有登记")

"""Cells that hold several things: everything people write is understood, and what is written reads back."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.models.meetings import AgendaItem, Speech
from desktop.services.errors import InvalidInput
from desktop.services.meetings import sheet
from desktop.services.meetings.cells import (
    NamedAbsence,
    NamedAction,
    declared_by,
    read_absences,
    read_actions,
    read_agenda,
    read_speeches,
    read_votes,
    write_absences,
    write_actions,
    write_agenda,
    write_speeches,
    write_votes,
)
from desktop.services.meetings.rows import VoteDraft


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("张三（病假）；李四（公差）", (NamedAbsence("张三", "病假"), NamedAbsence("李四", "公差"))),
        ("张三(病假)、李四", (NamedAbsence("张三", "病假"), NamedAbsence("李四"))),
        (
            "张三：病假，李四：公差、出差",
            (NamedAbsence("张三", "病假"), NamedAbsence("李四", "公差"), NamedAbsence("出差")),
        ),
        ("张三（病假，2026-03-20补课）", (NamedAbsence("张三", "病假", date(2026, 3, 20)),)),
        ("张三（2026年3月20日补课）", (NamedAbsence("张三", "", date(2026, 3, 20)),)),
        ("张三（病假；住院）\n李四", (NamedAbsence("张三", "病假；住院"), NamedAbsence("李四"))),
        ("张伟（1234）（病假）", (NamedAbsence("张伟（1234）", "病假"),)),
        ("张伟（123X）", (NamedAbsence("张伟（123X）"),)),
        ("张三（病假（住院））；李四", (NamedAbsence("张三", "病假（住院）"), NamedAbsence("李四"))),
        ("张三（均值班）", (NamedAbsence("张三", "均值班"),)),
        ("无", ()),
        ("全勤", ()),
    ],
)
def test_absent_people_in_one_cell(cell: str, found: tuple[NamedAbsence, ...]) -> None:
    assert read_absences(cell, sheet.ABSENCES) == found
    assert read_absences(write_absences(found), sheet.ABSENCES) == found


TEXTS = st.text(
    st.sampled_from("应到实赞成同意反对弃权通过人票0129|｜；;、，,：: （）()均补课张三李四\n\t无="), max_size=20
)
LINES = TEXTS.map(str.strip).filter(bool)
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(st.lists(st.builds(NamedAbsence, st.sampled_from(["张三", "李四", "张伟（1234）"]), TEXTS.map(str.strip), DAYS)))
def test_absences_always_read_back_as_the_same_people(absences: list[NamedAbsence]) -> None:
    # "均" before a reason speaks of several people: which ones is refused, and tested elsewhere.
    assume(not any(re.search("补课|补学|均", one.reason) for one in absences))
    cell = write_absences(absences)
    if cell:
        assert [one.name for one in read_absences(cell, sheet.ABSENCES)] == [one.name for one in absences]
        assert [one.make_up_on for one in read_absences(cell, sheet.ABSENCES)] == [one.make_up_on for one in absences]


@given(
    st.lists(
        st.builds(NamedAction, LINES, st.sampled_from([(), ("张三",), ("张三", "李四")]), DAYS, DAYS, TEXTS), min_size=1
    )
)
def test_action_items_always_read_back(actions: list[NamedAction]) -> None:
    cell = write_actions(actions)
    again = read_actions(cell, sheet.ACTIONS)
    assert [(one.owners, one.due_on, one.done_on) for one in again] == [
        (one.owners, one.due_on, one.done_on) for one in actions
    ]
    assert write_actions(again) == cell


@given(st.lists(st.builds(AgendaItem, LINES, TEXTS, TEXTS), min_size=1))
def test_agenda_items_always_read_back(agenda: list[AgendaItem]) -> None:
    cell = write_agenda(agenda)
    assert len(read_agenda(cell, sheet.AGENDA)) == len(agenda)
    assert write_agenda(read_agenda(cell, sheet.AGENDA)) == cell


@given(st.lists(st.builds(Speech, st.sampled_from(["张三", "李四", "", "王局长"]), LINES), min_size=1))
def test_speeches_always_settle(speeches: list[Speech]) -> None:
    once = write_speeches(read_speeches(write_speeches(speeches), sheet.SPEECHES, lambda _name: None))
    assert write_speeches(read_speeches(once, sheet.SPEECHES, lambda _name: None)) == once


COUNTS = st.none() | st.integers(0, 99)
VOTES = st.builds(
    VoteDraft, st.just(""), TEXTS, st.integers(0, 99), COUNTS, COUNTS, COUNTS, COUNTS, st.none() | st.booleans()
)


@given(st.lists(VOTES, min_size=1))
def test_votes_always_read_back_with_their_numbers(votes: list[VoteDraft]) -> None:
    again = read_votes(write_votes(votes), sheet.VOTES)
    assert [(one.due, one.present, one.yes, one.no, one.abstain, one.declared_passed) for one in again] == [
        (one.due, one.present, one.yes, one.no, one.abstain, one.declared_passed) for one in votes
    ]


@pytest.mark.parametrize(
    ("cell", "votes"),
    [
        ("应到29，实到27，赞成26，反对0，弃权1", [("", 29, 27, 26, 0, 1, None)]),
        ("应到会29人，实到会27人，同意26票，不同意0票，弃权1票，通过", [("", 29, 27, 26, 0, 1, True)]),
        ("接收李某：应到9 实到5 赞成4 反对1 弃权0，未通过", [("接收李某", 9, 5, 4, 1, 0, False)]),
        ("应到：9；实到：5；赞成：5", [("", 9, 5, 5, None, None, None)]),
        ("计划：应到9，实到9，赞成9，反对0，弃权0\n预算：应到9，实到9，赞成8，反对1，弃权0",
         [("计划", 9, 9, 9, 0, 0, None), ("预算", 9, 9, 8, 1, 0, None)]),
        ("应到有表决权党员22人，实到有表决权党员20人，赞成１９票，反对0票，弃权1票", [("", 22, 20, 19, 0, 1, None)]),
    ],
)  # fmt: skip
def test_vote_numbers_in_one_cell(cell: str, votes: list[tuple[Any, ...]]) -> None:
    found = read_votes(cell, sheet.VOTES)
    assert [
        (one.subject, one.due, one.present, one.yes, one.no, one.abstain, one.declared_passed) for one in found
    ] == votes
    assert read_votes(write_votes(found), sheet.VOTES) == found


@pytest.mark.parametrize("cell", ["应到9，应到8，赞成5", "应到9，实到5，赞成5，另有3", "一致同意"])
def test_vote_numbers_that_are_not_clear_are_refused(cell: str) -> None:
    with pytest.raises(InvalidInput):
        read_votes(cell, sheet.VOTES)


def test_speeches_keep_every_word() -> None:
    known = {"张三": "1", "李四": "2"}
    cell = "张三：汇报走访；客户反映两点；李四：同意。\n会议要求：按期落实；大家鼓掌"
    found = read_speeches(cell, sheet.SPEECHES, known.get)
    assert found == (
        Speech("张三", "汇报走访；客户反映两点", "1"),
        Speech("李四", "同意。", "2"),
        Speech("会议要求", "按期落实；大家鼓掌", None),
    )
    assert read_speeches(write_speeches(found), sheet.SPEECHES, known.get) == found
    assert read_speeches("到会党员逐一发表意见。", sheet.SPEECHES, known.get) == (
        Speech("", "到会党员逐一发表意见。", None),
    )


def test_action_items_in_one_cell() -> None:
    found = read_actions("整理清单|张三|2026-04-04；补课｜李四、张三\n归档|/|", sheet.ACTIONS)
    assert found == (
        NamedAction("整理清单", ("张三",), date(2026, 4, 4)),
        NamedAction("补课", ("李四", "张三")),
        NamedAction("归档"),
    )
    assert read_actions(write_actions(found), sheet.ACTIONS) == found
    with pytest.raises(InvalidInput, match="第1项有6段"):
        read_actions("a|b|c|d|e|f", sheet.ACTIONS)
    with pytest.raises(InvalidInput, match="第1项没有写事项"):
        read_actions("|张三|2026-04-04", sheet.ACTIONS)


def test_agenda_items_in_one_cell() -> None:
    found = read_agenda("学习文件\n讨论计划|三人发言|同意", sheet.AGENDA)
    assert found == (AgendaItem("学习文件"), AgendaItem("讨论计划", "三人发言", "同意"))
    assert read_agenda(write_agenda(found), sheet.AGENDA) == found


@pytest.mark.parametrize(
    ("resolution", "declared"),
    [
        ("同意接收李晓燕同志为中共预备党员", (True, "同意")),
        ("未获通过，继续考察", (False, "未获通过")),
        ("不同意转正，延长预备期半年", (False, "不同意")),
        ("按分工落实", None),
    ],
)
def test_a_resolution_declares_the_result(resolution: str, declared: tuple[bool, str] | None) -> None:
    assert declared_by(resolution) == declared

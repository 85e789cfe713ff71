"""Cells that hold several things: everything people write is understood, and what is written reads back."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.models.meetings import AgendaItem
from desktop.services.errors import InvalidInput
from desktop.services.meetings import sheet
from desktop.services.meetings.cells import (
    NamedAction,
    declared_by,
    read_actions,
    read_agenda,
    read_votes,
    write_actions,
    write_agenda,
    write_votes,
)
from desktop.services.meetings.rows import VoteDraft
from desktop.services.spreadsheets.lines import piece
from tests.services.meetings.texts import DAYS, LINES, TEXTS

TAGS = {"first_topic": "第一议题", "work_analysis": "专题研判"}
OWNERS = st.lists(st.sampled_from(["张三", "李四", "王明（上级党委）", "综合办;一组", "无"]) | TEXTS, max_size=3).map(
    tuple
)


@example([NamedAction("整理", ("综合办;一组", "甲|乙"))])
@example([NamedAction("整理", ("无",), None, None, "；")])
@given(st.lists(st.builds(NamedAction, LINES, OWNERS, DAYS, DAYS, TEXTS)))
def test_action_items_always_read_back(actions: list[NamedAction]) -> None:
    again = read_actions(write_actions(actions), sheet.ACTIONS)
    assert [(action.what, action.due_on, action.done_on, action.result) for action in again] == [
        (piece(action.what), action.due_on, action.done_on, piece(action.result)) for action in actions
    ]
    assert read_actions(write_actions(again), sheet.ACTIONS) == again


@given(st.lists(st.builds(AgendaItem, LINES, TEXTS, TEXTS)))
def test_agenda_items_always_read_back(agenda: list[AgendaItem]) -> None:
    assert read_agenda(write_agenda(agenda, TAGS), sheet.AGENDA, TAGS) == tuple(
        AgendaItem(piece(item.title), piece(item.content), piece(item.resolution)) for item in agenda
    )


COUNTS = st.none() | st.integers(0, 99)
VOTES = st.builds(
    VoteDraft,
    kind=st.just(""),
    subject=TEXTS,
    due=COUNTS,
    present=COUNTS,
    yes=COUNTS,
    no=COUNTS,
    abstain=COUNTS,
    written=COUNTS,
    written_yes=COUNTS,
    declared_passed=st.none() | st.booleans(),
)


@given(st.lists(VOTES))
def test_votes_always_read_back(votes: list[VoteDraft]) -> None:
    again = read_votes(write_votes(votes), sheet.VOTES)
    assert again == tuple(replace(vote, subject=piece(vote.subject)) for vote in votes)


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


@pytest.mark.parametrize(
    "cell",
    [
        "应到9，实到5，赞成4，反对1，弃权0，书面意见2，书面赞成1，通过",
        "应到9，实到5，赞成4，反对1，弃权0，书面意见2份（赞成1份），通过",
        "应到9人，实到5人，会前书面意见2份，其中同意1份，赞成4票，反对1票，弃权0票，通过",
    ],
)
def test_opinions_handed_in_beforehand_stand_beside_the_votes_cast(cell: str) -> None:
    found = read_votes(cell, sheet.VOTES)
    assert [(vote.yes, vote.no, vote.written, vote.written_yes) for vote in found] == [(4, 1, 2, 1)]
    assert read_votes(write_votes(found), sheet.VOTES) == found


@pytest.mark.parametrize("cell", ["应到9，实到5，赞成5（含书面意见2），反对0", "应到9，实到5，赞成5，其中书面赞成2"])
def test_votes_that_hold_the_opinions_already_are_asked_about(cell: str) -> None:
    with pytest.raises(InvalidInput, match="分开写"):
        read_votes(cell, sheet.VOTES)


@pytest.mark.parametrize("cell", ["应到9，应到8，赞成5", "应到9，实到5，赞成5，另有3", "一致同意"])
def test_vote_numbers_that_are_not_clear_are_refused(cell: str) -> None:
    with pytest.raises(InvalidInput):
        read_votes(cell, sheet.VOTES)


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
    found = read_agenda("学习文件\n讨论计划|三人发言|同意", sheet.AGENDA, TAGS)
    assert found == (AgendaItem("学习文件"), AgendaItem("讨论计划", "三人发言", "同意"))
    assert read_agenda(write_agenda(found, TAGS), sheet.AGENDA, TAGS) == found


def test_an_item_of_study_says_what_was_read_who_led_and_what_follows() -> None:
    cell = "【第一议题】学讲话|谈体会|照办|某篇|李四|领读|列出清单\n讨论计划"
    study, plain = read_agenda(cell, sheet.AGENDA, TAGS)
    assert (study.tag, study.title, study.source, study.measures) == ("first_topic", "学讲话", "某篇", "列出清单")
    assert plain == AgendaItem("讨论计划")
    assert write_agenda((study, plain), TAGS) == cell
    with pytest.raises(InvalidInput, match="4段"):
        read_agenda("讨论计划|谈|办|多", sheet.AGENDA, TAGS)


def test_an_ordinary_title_that_begins_like_a_kind_stays_ordinary() -> None:
    for title in ("【第一议题】写在题目里", "【】空", "【其他】题目"):
        item = AgendaItem(title)
        assert read_agenda(write_agenda((item,), TAGS), sheet.AGENDA, TAGS) == (item,)


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

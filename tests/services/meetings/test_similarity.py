"""Minutes that say nearly the same as others are named; what is only of one kind is not."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.models.meetings import AgendaItem, Speech
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.meetings.similarity import alike, said_in, similar_to
from desktop.services.store import Store

SAID = (
    "会议听取了上季度客户走访情况，逐条讨论八户零售客户反映的到货晚、订单改不了两件事，"
    "决定由送货部调整线路、由客户经理每周四集中回访一次，月底把办结情况报支部。"
)
OTHER = (
    "大家对照党章谈了自己在服务卷烟零售户时的不足，三名党员讲了夜间送货、学习不够、记录不全的具体例子，"
    "互相提出批评，约定下个月逐条改，由组长检查并在下次会上通报结果。"
)


def group_meeting(ids: dict[str, str], on: date, said: str, group: str = "第一党小组") -> MeetingDraft:
    agenda = (AgendaItem("研究走访", said),)
    return MeetingDraft(MeetingKind.GROUP_MEETING, on, group_id=ids[group], topic="研究走访", agenda=agenda)


def slow(one: str, other: str) -> int:
    row = [0] * (len(other) + 1)
    for mark in one:
        row = _next(row, mark, other)
    return row[-1]


def _next(before: list[int], mark: str, other: str) -> list[int]:
    now = [0]
    for at, its in enumerate(other, start=1):
        now.append(before[at - 1] + 1 if its == mark else max(before[at], now[-1]))
    return now


@given(st.text("甲乙丙", max_size=40), st.text("甲乙丙", max_size=40))
def test_the_ratio_is_that_of_the_longest_common_subsequence(one: str, other: str) -> None:
    both = len(one) + len(other)
    assert alike(one, other, 0.0) == pytest.approx(2 * slow(one, other) / both if both else 0.0)


def test_minutes_copied_from_another_group_are_named_whatever_marks_differ(
    store: Store, meetings: MeetingService, ids: dict[str, str]
) -> None:
    first = meetings.record(group_meeting(ids, date(2026, 3, 5), SAID))
    copied = group_meeting(ids, date(2026, 3, 6), SAID.replace("，", "； ").replace("八户", "六户"), "第二党小组")
    (found,) = similar_to(store, copied)
    assert (found.meeting_id, found.meeting) == (first, "3月5日第一党小组会")
    assert found.ratio > 0.95
    assert found.words().startswith("与3月5日第一党小组会的记录有9")
    assert similar_to(store, copied, first) == ()


def test_minutes_of_their_own_short_ones_and_old_ones_are_not_named(
    store: Store, meetings: MeetingService, ids: dict[str, str]
) -> None:
    meetings.record(group_meeting(ids, date(2026, 3, 5), SAID))
    assert similar_to(store, group_meeting(ids, date(2026, 4, 5), OTHER)) == ()
    assert similar_to(store, group_meeting(ids, date(2026, 4, 5), SAID[:30])) == ()
    assert similar_to(store, group_meeting(ids, date(2028, 4, 5), SAID)) == ()
    gone = meetings.record(group_meeting(ids, date(2026, 5, 5), OTHER))
    meetings.remove(gone)
    assert similar_to(store, group_meeting(ids, date(2026, 6, 5), OTHER)) == ()


def test_what_is_compared_are_the_words_said_not_the_names_of_people_and_items() -> None:
    draft = MeetingDraft(MeetingKind.THEME_DAY, date(2026, 3, 5), topic="题目", place="地点")
    draft = replace(
        draft, agenda=(AgendaItem("议题", "一 二，", "三"),), speeches=(Speech("张三", "四。"),), summary="五"
    )
    assert said_in(draft) == "一二三四五"

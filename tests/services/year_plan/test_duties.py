"""What the standard asks for in a year: every period once, counted as the score counts it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.models.vocabulary.plans import DutyState
from desktop.services.standards.facts import Facts, Flag, GroupFact, SubjectFact
from desktop.services.standards.meeting_facts import MeetingFact
from desktop.services.standards.pack import Item
from desktop.services.standards.periods import PERIOD_MONTHS
from desktop.services.year_plan.duties import asks_of, duties
from desktop.services.year_plan.rows import Duty, PlannedDay, PlannedMeeting
from tests.services.standards.samples import LAW, PACK, branch, item_verdict, meeting, record

TODAY = date(2026, 11, 22)
KINDS = ("branch_congress", "committee_meeting", "party_lecture", "theme_day")
ITEM_OF = dict(zip(KINDS, ("D4-01", "D4-02", "D4-04", "D4-05"), strict=True))


def of(facts: Facts, item: str = "", today: date = TODAY, year: int = 2026, **more: object) -> list[Duty]:
    found = duties(PACK, LAW, facts, year, today, **more)  # type: ignore[arg-type]
    return [duty for duty in found if item in ("", duty.item_id)]


def test_every_month_asks_for_a_committee_meeting_and_says_where_it_stands() -> None:
    held = tuple(meeting("committee_meeting", date(2026, m, 10)) for m in (1, 2, 3, 4, 5, 7, 8, 9, 10))
    plans = [PlannedMeeting(id="p", kind="committee_meeting", on=date(2026, 12, 1))]
    found = of(branch(meetings=held), "D4-02", meetings=plans)
    assert [duty.state for duty in found] == [
        *[DutyState.HELD] * 5, DutyState.MISSING, *[DutyState.HELD] * 4, DutyState.UNDATED, DutyState.PLANNED
    ]  # fmt: skip
    december = found[-1]
    assert (december.planned, december.event_ids) == (date(2026, 12, 1), ("p",))
    assert (december.title, december.first, december.last) == (
        "12月支部委员会会议", date(2026, 12, 1), date(2026, 12, 31)
    )  # fmt: skip
    assert found[0].held == date(2026, 1, 10)
    assert december.who == "陈一"


def test_each_group_has_its_own_and_its_leader_answers() -> None:
    held = (replace(meeting("group_meeting", date(2026, 11, 5)), group_id="g1"),)
    november = [duty for duty in of(branch(meetings=held), "D4-03") if duty.first.month == 11]
    assert [(duty.what, duty.state.value, duty.who) for duty in november] == [
        ("第一党小组会", "held", "陈五"),
        ("第二党小组会", "undated", "陈六"),
    ]


def test_a_group_that_came_later_owes_nothing_for_before() -> None:
    groups = (GroupFact("g1", "第一党小组"), GroupFact("g2", "第二党小组", None, date(2026, 10, 15)))
    found = of(branch(groups=groups), "D4-03")
    assert [duty.first.month for duty in found if duty.group_id == "g2"] == [11, 12]


def test_a_meeting_with_a_topic_serves_both_what_asks_for_it_and_for_its_kind() -> None:
    plan = PlannedMeeting(id="p", kind="committee_meeting", on=date(2026, 12, 1), tags=frozenset({"work_analysis"}))
    found = of(branch(), meetings=[plan])
    assert [duty.item_id for duty in found if "p" in duty.event_ids] == ["D2-03", "D4-02"]
    lecture = PlannedMeeting(id="l", kind="party_lecture", on=date(2026, 12, 1), speaker_ids=frozenset({"m2"}))
    assert [duty.item_id for duty in of(branch(), meetings=[lecture]) if "l" in duty.event_ids] == ["D4-04"]
    lecture = replace(lecture, speaker_ids=frozenset({"m1"}))
    assert [duty.item_id for duty in of(branch(), meetings=[lecture]) if "l" in duty.event_ids] == ["D2-06", "D4-04"]


def test_what_settles_the_past_year_may_be_held_until_it_closes() -> None:
    last = of(branch(), "D4-06", today=date(2027, 2, 1))[0]
    assert (last.first, last.last, last.state) == (date(2026, 1, 1), date(2027, 3, 31), DutyState.UNDATED)
    held = replace(meeting("org_life_meeting", date(2027, 1, 20)), for_year=2026)
    assert of(branch(meetings=(held,)), "D4-06", today=date(2027, 2, 1))[0].held == date(2027, 1, 20)
    assert of(branch(), "D4-06", today=date(2027, 4, 1))[0].state is DutyState.MISSING


def test_records_are_one_duty_a_period_and_say_how_many_people_lack_theirs() -> None:
    visits = tuple(record("contact_visit", date(2026, 11, 3), each) for each in ("m1", "m2"))
    last = of(branch(records=visits), "D2-07")[-1]
    assert (last.state, last.lacking) == (DutyState.UNDATED, "还差2名支委")
    planned = of(branch(records=visits), "D2-07", days=[PlannedDay("d", "D2-07", date(2026, 12, 8))])[-1]
    assert (planned.state, planned.planned) == (DutyState.PLANNED, date(2026, 12, 8))
    all_four = (*visits, *(record("contact_visit", date(2026, 11, 9), each) for each in ("m3", "m4")))
    last = of(branch(records=all_four), "D2-07")[-1]
    assert (last.state, last.held) == (DutyState.HELD, date(2026, 11, 9))


def test_talks_are_fulfilled_where_their_own_rule_says_so() -> None:
    talks = of(branch(), "D4-08")
    assert [(duty.state, duty.kind) for duty in talks] == [(DutyState.UNDATED, "talk")]
    assert talks[0].lacking.startswith("还差")


def test_a_past_plan_without_a_record_is_overdue_and_then_missing() -> None:
    plan = PlannedMeeting(id="p", kind="theme_day", on=date(2026, 11, 5))
    november = of(branch(), "D4-05", meetings=[plan])[10]
    assert (november.state, november.planned) == (DutyState.OVERDUE, date(2026, 11, 5))
    assert of(branch(), "D4-05", today=date(2026, 12, 1), meetings=[plan])[10].state is DutyState.MISSING
    again = replace(plan, id="q", on=date(2026, 11, 27), notified=True)
    november = of(branch(), "D4-05", meetings=[plan, again])[10]
    assert (november.state, november.planned) == (DutyState.NOTIFIED, date(2026, 11, 27))


def test_a_year_to_come_asks_for_everything_of_the_branch_as_it_is() -> None:
    found = of(branch(), year=2027)
    assert {duty.state for duty in found} == {DutyState.UNDATED}
    assert len([duty for duty in found if duty.item_id == "D4-03"]) == 24


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def _meetings(draw: st.DrawFn) -> tuple[list[MeetingFact], list[PlannedMeeting]]:
    held = [
        replace(meeting(kind, on), id=f"h{number}")
        for number, (kind, on) in enumerate(draw(st.lists(st.tuples(st.sampled_from(KINDS), days), max_size=30)))
        if on <= TODAY
    ]
    plans = [
        PlannedMeeting(id=f"p{number}", kind=kind, on=on)
        for number, (kind, on) in enumerate(draw(st.lists(st.tuples(st.sampled_from(KINDS), days), max_size=20)))
    ]
    return held, plans


@given(_meetings())
def test_every_period_once_each_record_for_one_duty_and_as_the_score_counts(
    drawn: tuple[list[MeetingFact], list[PlannedMeeting]],
) -> None:
    held, plans = drawn
    facts = branch(meetings=tuple(held))
    found = of(facts, meetings=plans)
    assert len({duty.key for duty in found}) == len(found)
    for kind, item_id in ITEM_OF.items():
        own = [duty for duty in found if duty.item_id == item_id]
        ask = next(asks_of(PACK.item(item_id)))
        assert len(own) == 12 // PERIOD_MONTHS[ask.per] * ask.least
        stands = [row for duty in own for row in (*duty.record_ids, *duty.event_ids)]
        assert len(stands) == len(set(stands))
        for duty in own:
            assert duty.kind == kind
            assert (duty.held is not None) == (duty.state is DutyState.HELD)
            assert all(duty.first <= day <= duty.last for day in (duty.held, duty.planned) if day)
        cells = item_verdict(item_id, facts, TODAY).cells
        assert [cell.state == "met" for cell in cells] == [duty.state is DutyState.HELD for duty in own]


@given(_meetings(), st.integers(1, 200))
def test_a_plan_never_changes_what_was_held(drawn: tuple[list[MeetingFact], list[PlannedMeeting]], later: int) -> None:
    held, plans = drawn
    facts = branch(meetings=tuple(held))
    moved = [replace(plan, on=min(plan.on + timedelta(days=later), date(2026, 12, 31))) for plan in plans]
    first = [(duty.key, duty.held) for duty in of(facts, meetings=plans)]
    assert first == [(duty.key, duty.held) for duty in of(facts, meetings=moved)]
    assert first == [(duty.key, duty.held) for duty in of(facts)]


SUBJECTS = ("activist", "signed_post", "assigned_member", "mentoring_pair")


@pytest.mark.parametrize("item", [item for item in PACK.items if list(asks_of(item))], ids=lambda item: item.id)
def test_every_item_that_asks_for_meetings_or_records_has_duties(item: Item) -> None:
    away = tuple(
        replace(each, flags=(*each.flags, Flag("mobile"))) if each.id == "m9" else each for each in branch().members
    )
    facts = branch(subjects={each: (SubjectFact("s1", "甲"),) for each in SUBJECTS}, members=away)
    assert of(facts, item.id)

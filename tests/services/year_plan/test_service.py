"""The year plan of a branch: generated, moved, notified, held, taken back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.models.vocabulary.plans import DutyState
from desktop.services.errors import Conflict, InvalidInput, Stale
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from desktop.services.workdays import is_workday
from desktop.services.year_plan.days import ThemeDay
from desktop.services.year_plan.rows import ISSUE, Duty, Event, MeetingPlan
from desktop.services.year_plan.service import YearPlanService
from desktop.services.year_plan.sheet import plan_lines
from desktop.services.year_plan.todo import plan_works
from tests.services.meetings.people import people
from tests.services.standards.samples import LAW
from tests.stores import new_store

DECEMBER = date(2026, 12, 4)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at="2026-11-22 09:00") as opened:
        people(opened)
        yield opened


@pytest.fixture
def plans(store: Store) -> YearPlanService:
    return YearPlanService(store)


def duty(plans: YearPlanService, item: str, month: int = 12) -> Duty:
    return next(each for each in plans.year(2026).duties if each.item_id == item and each.last.month == month)


def event(plans: YearPlanService, day: date) -> Event:
    return plans.year(2026).on(day)[0]


def test_a_duty_gets_its_day_moves_and_goes_back(plans: YearPlanService) -> None:
    done = plans.put(duty(plans, "D4-02"), DECEMBER)
    assert done.words == "“12月支部委员会会议”排在12月4日。"
    planned = duty(plans, "D4-02")
    assert (planned.state, planned.planned) == (DutyState.PLANNED, DECEMBER)
    assert event(plans, DECEMBER).serves == "D4-02 支部委员会会议"
    with pytest.raises(InvalidInput, match="须在12月1日至12月31日之间"):
        plans.move(event(plans, DECEMBER), date(2026, 11, 30))
    moved = plans.move(event(plans, DECEMBER), date(2026, 12, 11))
    assert duty(plans, "D4-02").planned == date(2026, 12, 11)
    plans.take_back(moved)
    assert duty(plans, "D4-02").planned == DECEMBER
    plans.take_back(done)
    assert duty(plans, "D4-02").state is DutyState.UNDATED


def test_a_notified_meeting_that_moves_has_to_be_notified_again(plans: YearPlanService) -> None:
    plans.put(duty(plans, "D4-02"), DECEMBER)
    told = plans.notify(event(plans, DECEMBER).id)
    assert duty(plans, "D4-02").state is DutyState.NOTIFIED
    moved = plans.move(event(plans, DECEMBER), date(2026, 12, 11))
    assert moved.words.endswith("日子变了，请重新通知。")
    assert duty(plans, "D4-02").state is DutyState.PLANNED
    plans.take_back(moved)
    assert duty(plans, "D4-02").state is DutyState.NOTIFIED
    plans.take_back(told)
    assert duty(plans, "D4-02").state is DutyState.PLANNED


def test_a_planned_meeting_becomes_the_one_that_was_held(store: Store, plans: YearPlanService) -> None:
    plans.plan_meeting(MeetingPlan(kind=MeetingKind.PARTY_LECTURE, on=date(2026, 11, 22), place="活动室", topic="冬训"))
    meetings = MeetingService(store)
    planned = meetings.meetings()[0]
    draft = MeetingDraft(MeetingKind.PARTY_LECTURE, date(2026, 11, 22), "15:00", topic="冬训动员")
    assert meetings.record(draft) == planned.id
    only = meetings.meetings()
    assert [(row.id, row.state, row.topic, row.place) for row in only] == [
        (planned.id, MeetingState.MINUTED, "冬训动员", "活动室")
    ]
    found = duty(plans, "D4-04")
    assert (found.state, found.record_ids, found.event_ids) == (DutyState.HELD, (planned.id,), ())


def test_who_changed_it_meanwhile_is_not_overwritten(plans: YearPlanService) -> None:
    plans.put(duty(plans, "D4-02"), DECEMBER)
    seen = event(plans, DECEMBER)
    plans.move(seen, date(2026, 12, 11))
    with pytest.raises(Stale):
        plans.move(seen, date(2026, 12, 10))


def test_no_two_of_a_kind_on_a_day(plans: YearPlanService) -> None:
    plans.put(duty(plans, "D4-02"), DECEMBER)
    with pytest.raises(Conflict):
        plans.plan_meeting(MeetingPlan(kind=MeetingKind.COMMITTEE_MEETING, on=DECEMBER))


def test_what_asks_for_a_topic_joins_the_meeting_of_that_day(plans: YearPlanService) -> None:
    plans.put(duty(plans, "D4-02"), DECEMBER)
    joined = plans.put(duty(plans, "D2-03"), DECEMBER)
    assert joined.words == "12月4日支部委员会会议兼作“第四季度支部委员会会议（专题研判）”。"
    assert [each.item_id for each in event(plans, DECEMBER).duties] == ["D2-03", "D4-02"]
    plans.take_back(joined)
    assert [each.item_id for each in event(plans, DECEMBER).duties] == ["D4-02"]


def test_a_meeting_that_one_verb_changed_twice_is_taken_back_to_how_it_was_first(plans: YearPlanService) -> None:
    plans.put(duty(plans, "D4-02"), DECEMBER)
    joined = plans.put(duty(plans, "D2-03"), DECEMBER)
    moved = plans.move(event(plans, DECEMBER), date(2026, 12, 8))
    plans.take_back(replace(joined, before=(*joined.before, *moved.before)))
    assert [each.item_id for each in event(plans, DECEMBER).duties] == ["D4-02"]


def test_what_is_no_meeting_is_planned_as_an_activity_and_done(plans: YearPlanService) -> None:
    plans.put(duty(plans, "D4-08"), DECEMBER)
    planned = event(plans, DECEMBER)
    assert (planned.source, planned.name, planned.serves) == ("planned_activity", "2026年谈话记录", "D4-08 谈心谈话")
    assert duty(plans, "D4-08").state is DutyState.PLANNED
    plans.move(planned, date(2026, 12, 8))
    own = plans.plan_activity("入户走访", DECEMBER)
    assert (event(plans, DECEMBER).name, event(plans, DECEMBER).window) == ("入户走访", None)
    with pytest.raises(InvalidInput, match="不能晚于今天"):
        plans.done_on(own.made[0][1], DECEMBER)
    plans.done_on(own.made[0][1], date(2026, 11, 22))
    assert event(plans, date(2026, 11, 22)).state is DutyState.HELD
    withdrawn = plans.withdraw(event(plans, date(2026, 12, 8)))
    assert duty(plans, "D4-08").state is DutyState.UNDATED
    plans.take_back(withdrawn)
    assert duty(plans, "D4-08").planned == date(2026, 12, 8)


def test_a_year_is_filled_on_working_days_and_taken_back_whole(plans: YearPlanService) -> None:
    plans.settings.keep(ThemeDay(week=1, weekday=4), 7)
    done = plans.fill(2027)
    plan = plans.year(2027)
    of_kinds = [each for each in plan.duties if each.item_id in ("D4-01", "D4-02", "D4-03", "D4-04", "D4-05")]
    assert {each.state for each in of_kinds} == {DutyState.PLANNED}
    assert all(is_workday(each.on, LAW.calendars) for each in plan.events)
    themes = [each.on for each in plan.events if each.kind == "theme_day"]
    assert len(themes) == 12
    assert all(day.weekday() == 4 and day.day <= 7 for day in themes)
    special = [each for each in plan.duties if each.item_id in ("D2-03", "D2-06")]
    assert {each.state for each in special} == {DutyState.PLANNED}
    assert [each.item_id for each in plan.undated if each.meets and each.kind] == ["D4-06", "D4-07"]
    assert plans.fill(2027).count == 0
    plans.take_back(done)
    assert plans.year(2027).empty


def test_last_year_is_copied_by_kind_and_group(store: Store, plans: YearPlanService) -> None:
    MeetingService(store).record(
        MeetingDraft(MeetingKind.THEME_DAY, date(2026, 3, 6), "15:00", place="烟站", topic="植树")
    )
    plans.plan_activity("入户走访", date(2026, 12, 8))
    done = plans.copy_last_year(2027)
    found = [(each.on, each.name, each.place, each.topic) for each in plans.year(2027).events]
    assert (date(2027, 3, 8), "主题党日", "烟站", "") in found  # 6 March 2027 is a Saturday
    assert (date(2027, 12, 8), "入户走访", "", "") in found
    assert done.count == 2
    assert plans.copy_last_year(2027).count == 0


def test_the_strip_and_the_reminders_say_what_wants_doing(plans: YearPlanService) -> None:
    plan = plans.year(2026)
    assert plan.month(6).words.startswith("缺")
    assert plan.month(12).words.startswith("待开")
    missing = plan.reminders[0]
    assert (missing.verb, missing.days < 0) == ("补录", True)
    plans.settings.keep(None, 14)
    plans.put(duty(plans, "D4-02"), DECEMBER)
    coming = next(each for each in plans.year(2026).reminders if each.event is not None)
    assert (coming.what, coming.due, coming.verb) == ("支委会", "还有 12 天", "发通知")
    with pytest.raises(InvalidInput, match="1至60天"):
        plans.settings.keep(None, 0)


def test_a_problem_to_be_put_right_stands_on_its_day_and_is_only_changed_in_its_list(
    store: Store, plans: YearPlanService
) -> None:
    registers = RegisterService(store)
    values = {"title": "学习不深", "event_on": "2026-01-20", "source": "组织生活会", "due_on": "2026-12-10"}
    problem = registers.save("issue", values)
    assert plans.year(2026).empty  # nothing was planned for it
    found = event(plans, date(2026, 12, 10))
    assert (found.id, found.source, found.name, found.state) == (problem, ISSUE, "整改：学习不深", DutyState.PLANNED)
    assert not found.movable
    registers.save("issue", {**values, "due_on": "2026-11-10"}, problem)
    late = event(plans, date(2026, 11, 10))
    assert late.state is DutyState.OVERDUE
    assert [each.verb for each in plans.year(2026).reminders if each.event == late] == ["看整改"]
    assert problem not in {work.event_id for work in plan_works(store)}  # its gap tells it
    registers.save("issue", {**values, "closed_on": "2026-11-05", "state": "已销号"}, problem)
    closed = event(plans, date(2026, 11, 5))
    (line,) = [line for line in plan_lines(plans.year(2026), {}) if line.topic == "学习不深"]
    assert (closed.state, line.kind, line.result) == (DutyState.HELD, "整改", "11月5日销号")


def test_a_meeting_of_a_group_names_its_group_and_no_other_meeting_does(plans: YearPlanService) -> None:
    with pytest.raises(InvalidInput, match="选哪个党小组"):
        plans.plan_meeting(MeetingPlan(kind=MeetingKind.GROUP_MEETING, on=DECEMBER))
    plans.plan_meeting(MeetingPlan(kind=MeetingKind.THEME_DAY, on=DECEMBER, group_id="没有这个小组"))
    assert [each.name for each in plans.year(2026).events if each.on == DECEMBER] == ["主题党日"]

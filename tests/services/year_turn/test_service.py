"""The turn of the year: what goes along, what begins from last year's once, who is left out, and taking it back."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.home import read_home
from desktop.services.members import LifeService, MemberService
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from desktop.services.year_plan.service import YearPlanService
from desktop.services.year_turn.service import DUES, MEETINGS, TurnState, TurnStep, YearTurnService, reminded, turn_year
from tests.services.members.people import GAO
from tests.sheets import content
from tests.stores import new_store

YEAR = 2027
DUTIES = {
    "title": "2026年书记责任清单",
    "year": "2026",
    "post": "书记",
    "state": "已签订",
    "items": "抓三会一课|按月安排|一次不落|2026-12-31|会议记录",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data", at="2027-01-06 09:00") as opened:
        who = MemberService(opened).register(GAO)
        registers = RegisterService(opened)
        last = {"member_id": who, "to_on": "2026-12-31"}
        plan = {"title": "2026年学习计划", "event_on": "2026-01-09", "year": "2026", "quarters": "1|学条例|学了"}
        for kind, values in (
            ("duty_list", {**DUTIES, "member_id": who}),
            ("study_plan", plan),
            ("customer_assignment", {**last, "title": "城关超市", "from_on": "2026-01-01"}),
            ("customer_assignment", {**last, "title": "五里店", "to_on": "2026-06-30"}),
            ("customer_assignment", {**last, "title": "一直的", "to_on": ""}),
            ("mentoring_pair", {**last, "title": "高带李", "kind": "一带一", "mentee": "李新"}),
            ("superior_task", {"title": "报送总结", "received_on": "2026-12-20", "from_org": "县局"}),
        ):
            registers.save(kind, values)
        yield opened


def step(store: Store, step_id: str) -> TurnStep:
    return next(each for each in YearTurnService(store).steps(YEAR) if each.id == step_id)


def test_what_is_open_goes_along_and_what_was_judged_keeps_its_edition(store: Store) -> None:
    assert step(store, "open").rows == ("上级任务 1 件",)
    assert step(store, "open").state is TurnState.GOES_ALONG
    assert "2026年" in step(store, "judged").words


def test_lists_begin_once_from_last_years_with_their_days_a_year_on(store: Store) -> None:
    service, registers = YearTurnService(store), RegisterService(store)
    assert step(store, "duty_list").rows == ("2026年书记责任清单（高红卫）",)
    begun = service.begin("duty_list", YEAR)
    row = registers.row("duty_list", begun.ids[0])
    assert (row.heading, row.texts["state"], row.values["signed_on"]) == ("2027年书记责任清单", "草拟", None)
    (item,) = row.values["items"]
    assert (item.what, item.due_on, item.evidence) == ("抓三会一课", date(2027, 12, 31), "")
    assert step(store, "duty_list").state is TurnState.DONE
    with pytest.raises(InvalidInput, match="都带过来了"):
        service.begin("duty_list", YEAR)


def test_a_study_plan_keeps_its_content_and_not_what_was_done(store: Store) -> None:
    begun = YearTurnService(store).begin("study_plan", YEAR)
    row = RegisterService(store).row("study_plan", begun.ids[0])
    (quarter,) = row.values["quarters"]
    assert (row.heading, row.on, quarter.content, quarter.done) == ("2027年学习计划", store.today, "学条例", "")


def test_every_study_plan_of_last_year_is_followed_by_one_of_its_own(store: Store) -> None:
    service, registers = YearTurnService(store), RegisterService(store)
    youth = {"title": "2026年青年学习计划", "event_on": "2026-02-03", "year": "2026", "quarters": "1|学党史|学了"}
    registers.save("study_plan", youth)
    assert set(step(store, "study_plan").rows) == {"2026年学习计划", "2026年青年学习计划"}
    begun = service.begin("study_plan", YEAR)
    titles = {registers.row("study_plan", each).heading for each in begun.ids}
    assert titles == {"2027年学习计划", "2027年青年学习计划"}
    assert step(store, "study_plan").state is TurnState.DONE
    registers.remove("study_plan", next(each for each in begun.ids))
    assert len(step(store, "study_plan").rows) == 1, "the other one is not followed any more"


def test_the_only_study_plan_of_last_year_is_followed_by_one_of_another_name(store: Store) -> None:
    plan = {"title": "2027年党员教育计划", "event_on": "2027-01-05", "year": "2027", "quarters": "1|学条例|"}
    RegisterService(store).save("study_plan", plan)
    assert step(store, "study_plan").state is TurnState.DONE


def test_only_what_ran_to_the_end_of_the_year_is_renewed(store: Store) -> None:
    service, registers = YearTurnService(store), RegisterService(store)
    assert step(store, "customer_assignment").rows == ("城关超市（高红卫）",)
    begun = service.begin("customer_assignment", YEAR)
    row = registers.row("customer_assignment", begun.ids[0])
    assert (row.texts["from_on"], row.texts["to_on"]) == ("2027-01-01", "2027-12-31")
    assert service.begin("mentoring_pair", YEAR).ids
    service.take_back(begun)
    assert step(store, "customer_assignment").state is TurnState.TO_DO


def test_dues_are_assessed_and_taken_back(store: Store) -> None:
    service, before = YearTurnService(store), step(store, DUES)
    assert before.rows == ("高红卫",)
    begun = service.begin(DUES, YEAR)
    assert step(store, DUES).state is TurnState.DONE
    service.take_back(begun)
    assert step(store, DUES) == before


def test_the_meetings_of_the_year_are_planned_by_the_standard_and_taken_back(store: Store) -> None:
    service, plans = YearTurnService(store), YearPlanService(store)
    before = step(store, MEETINGS)
    assert before.state is TurnState.TO_DO
    assert len(before.rows) == len(plans.fillable(YEAR)) > 0
    begun = service.begin(MEETINGS, YEAR)
    assert len(begun.ids) == len(before.rows)
    assert "排了" in begun.words
    assert step(store, MEETINGS).state is TurnState.DONE
    service.take_back(begun)
    assert step(store, MEETINGS) == before


def test_who_has_left_is_left_out_and_said(store: Store) -> None:
    who = MemberService(store).find("高红卫")
    LifeService(store).transition(who, MemberStatus.TRANSFER_PENDING, date(2026, 12, 1))
    LifeService(store).transition(who, MemberStatus.TRANSFERRED_OUT, date(2026, 12, 28))
    found = step(store, "duty_list")
    assert (found.rows, found.left_out) == ((), ("2026年书记责任清单（高红卫）：已经不在名册上，另外安排人",))


def test_a_strange_step_is_refused_and_looking_writes_nothing(store: Store) -> None:
    before = content(store)
    YearTurnService(store).steps(YEAR)
    with pytest.raises(NotFound):
        YearTurnService(store).begin("无", YEAR)
    assert content(store) == before


def test_the_first_page_reminds_in_the_first_weeks_until_nothing_waits(store: Store) -> None:
    def asked() -> list[str]:
        return [work.what for work in read_home(store, YEAR, store.today).works if work.verb == "去结转"]

    assert asked() == ["年度结转还有 7 步没有确认"]
    service = YearTurnService(store)
    for each in service.steps(YEAR):
        if each.state is TurnState.TO_DO and each.id != "work_summary":
            service.begin(each.id, YEAR)
    plan = {"title": "2027年工作计划", "event_on": "2027-01-05", "kind": "年度计划"}
    RegisterService(store).save("work_summary", plan)
    assert asked() == []


@pytest.mark.parametrize(
    ("day", "year", "asked"),
    [
        (date(2026, 11, 30), 2026, False),
        (date(2026, 12, 1), 2027, False),
        (date(2027, 2, 15), 2027, True),
        (date(2027, 2, 16), 2027, False),
    ],
)
def test_the_year_that_begins_is_the_next_from_december_on(day: date, year: int, asked: bool) -> None:
    assert (turn_year(day), reminded(day)) == (year, asked)

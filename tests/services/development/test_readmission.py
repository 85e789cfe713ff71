"""Whoever was expelled or removed applies again: the years without admission are told on the application."""

from datetime import date

import pytest

from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.development.service import DevelopmentService
from desktop.services.members import LifeService, MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from tests.services.members.people import GAO

BORN = "1984-11-20"


def left(store: Store, status: MemberStatus = MemberStatus.EXPELLED) -> str:
    member_id = MemberService(store).register(GAO)
    LifeService(store).transition(member_id, status, date(2022, 3, 10), document_no="周纪〔2022〕2号")
    return member_id


def told(service: DevelopmentService, **values: str) -> list[str]:
    case_id = service.begin({"name": "高红卫", "applied_on": "2026-11-02", **values})
    return [problem.what for problem in service.case(case_id).view.step(1).problems if "重新入党" in problem.what]


@pytest.mark.parametrize("status", [MemberStatus.EXPELLED, MemberStatus.REMOVED, MemberStatus.PERSUADED_OUT])
@pytest.mark.parametrize("known", [{"born_on": BORN}, {"id_no": GAO["id_no"]}])
def test_an_application_within_the_years_after_leaving_is_told(
    store: Store, service: DevelopmentService, status: MemberStatus, known: dict[str, str]
) -> None:
    left(store, status)
    (what,) = told(service, **known)
    assert what.startswith("2022-03-10")
    assert "2027-03-10以前不得重新入党" in what


def test_of_one_name_alone_it_asks_whether_it_is_the_same_person(store: Store, service: DevelopmentService) -> None:
    left(store)
    assert told(service) == ["名册上有同名的人2022-03-10开除党籍，2027-03-10以前不得重新入党"]


def test_somebody_else_of_that_name_is_not_told(store: Store, service: DevelopmentService) -> None:
    left(store)
    assert told(service, born_on="1999-01-02") == []


def test_what_the_roster_does_not_say_the_decision_on_file_does(store: Store, service: DevelopmentService) -> None:
    member_id = MemberService(store).register(GAO)
    RegisterService(store).save(
        "discipline",
        {"event_on": "2021-12-01", "title": "经教育不改", "kind": "persuade_quit", "member_id": member_id},
    )
    assert told(service, born_on=BORN) == ["2021-12-01劝其退党，2026-12-01以前不得重新入党"]


def test_after_the_years_nothing_is_told(store: Store, service: DevelopmentService) -> None:
    member_id = MemberService(store).register(GAO)
    LifeService(store).transition(member_id, MemberStatus.EXPELLED, date(2021, 11, 1), document_no="周纪〔2021〕9号")
    assert told(service, born_on=BORN) == []

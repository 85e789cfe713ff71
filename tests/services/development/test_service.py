"""Cases kept in a real store: begun, taken on, put right; what breaks a rule is kept and told."""

from datetime import date

import pytest
from sqlalchemy import func, select

from desktop.models.development import CasePaper, CaseStep, DevelopmentCase
from desktop.models.people import Person
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.development import CaseState, HelperRole, StepState
from desktop.services.development.deadlines import case_deadlines
from desktop.services.development.service import DevelopmentService
from desktop.services.errors import InvalidInput, NotFound, Stale
from desktop.services.members import MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.retention.erasing import erase
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.members.people import GAO

DING = {"name": "丁思琪", "gender": "女", "born_on": "1998-05-10", "job_title": "内勤", "applied_on": "2026-03-11"}


def begun(service: DevelopmentService, **changes: str) -> str:
    return service.begin({**DING, **changes})


def record(service: DevelopmentService, case_id: str, **days: str) -> None:
    for name, on in days.items():
        service.record_step(case_id, int(name[1:]), {"done_on": on})


def test_an_applicant_is_on_file_once_and_the_case_begins_with_the_application(service: DevelopmentService) -> None:
    case_id = begun(service)
    row = service.case(case_id)
    assert (row.name, row.gender, row.view.stage, row.step(1).done_on) == (
        "丁思琪",
        "女",
        "applicant",
        date(2026, 3, 11),
    )
    assert row.view.next is not None
    assert (row.view.next.step.no, row.view.due) == (2, date(2026, 4, 11))
    assert service.people() == [(row.person_id, "丁思琪")]
    assert [len(service.cases(day, ended=None)) for day in (date(2026, 3, 10), date(2026, 3, 11))] == [0, 1]
    with pytest.raises(InvalidInput, match="已经在培养"):
        service.begin({"person_id": row.person_id, "applied_on": "2026-05-01"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"applied_on": ""}, "applied_on"),
        ({"applied_on": "2026-11-23"}, "applied_on"),
        ({"name": ""}, "name"),
        ({"id_no": "412723198411204630"}, "id_no"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    service: DevelopmentService, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        begun(service, **changes)
    assert refused.value.name == field
    assert service.cases() == []
    assert service.people() == []


@pytest.mark.parametrize(
    ("no", "values", "field"),
    [
        (2, {"done_on": "2026-11-23"}, "done_on"),
        (2, {"done_on": "1998-05-10"}, "done_on"),
        (8, {"from_on": "2026-06-10", "to_on": "2026-06-09"}, "to_on"),
        (26, {"done_on": "2026-06-10"}, "done_on"),
    ],
)
def test_a_day_that_cannot_be_is_refused_under_its_field(
    service: DevelopmentService, no: int, values: dict[str, str], field: str
) -> None:
    case_id = begun(service)
    with pytest.raises(InvalidInput) as refused:
        service.record_step(case_id, no, values)
    assert refused.value.name == field


def test_a_day_that_breaks_a_rule_is_kept_and_told(service: DevelopmentService) -> None:
    case_id = begun(service)
    record(service, case_id, s2="2026-03-20", s3="2026-03-19")
    view = service.case(case_id).view
    assert view.step(3).state is StepState.BREACH
    service.record_step(case_id, 3, {"opinion": "市公司党委：日期笔误，应为3月21日"})
    row = service.case(case_id)
    assert row.view.step(3).state is StepState.BREACH
    assert row.step(3).opinion_on == date(2026, 11, 22)


def test_a_step_changed_meanwhile_is_not_written_over(service: DevelopmentService) -> None:
    case_id = begun(service)
    read = service.case(case_id).step(1).rev
    service.record_step(case_id, 1, {"handler": "王秀英"}, read)
    with pytest.raises(Stale):
        service.record_step(case_id, 1, {"handler": "李四"}, read)


def test_papers_are_rows_under_their_own_name(service: DevelopmentService) -> None:
    case_id = begun(service)
    paper_id = service.save_paper(case_id, 1, {"name": "入党申请", "dated_on": "2026-03-11", "place": "党员档案"})
    row = service.case(case_id)
    assert [(paper.name, paper.author, paper.form.label) for paper in row.papers] == [("入党申请书", "本人", "原件")]
    assert row.view.step(1).on_file == (1, 1)
    service.save_paper(case_id, 1, {"form": "复印件"}, paper_id)
    assert service.case(case_id).papers[0].form.label == "复印件"
    service.remove_part(case_id, paper_id)
    assert service.case(case_id).view.step(1).on_file == (0, 1)


def test_a_contact_person_on_probation_is_told_from_the_roster(store: Store, service: DevelopmentService) -> None:
    full_on_later = MemberService(store).register({**GAO, "full_on": "2026-06-01", "admitted_on": "2025-06-01"})
    case_id = begun(service)
    record(service, case_id, s2="2026-03-12", s3="2026-04-01", s4="2026-04-02", s5="2026-04-03")
    service.save_helper(case_id, {"role": "培养联系人", "member_id": full_on_later, "from_on": "2026-04-03"})
    row = service.case(case_id)
    assert [helper.name for helper in row.having(HelperRole.CONTACT)] == ["高红卫"]
    assert row.view.step(5).breach == "培养联系人高红卫当时不是正式党员"


def test_letters_of_the_political_review(service: DevelopmentService) -> None:
    case_id = begun(service)
    with pytest.raises(InvalidInput, match="早于发函日期"):
        service.save_inquiry(case_id, {"relation": "父亲", "sent_on": "2026-06-02", "replied_on": "2026-06-01"})
    service.save_inquiry(case_id, {"relation": "父亲", "name": "丁父", "sent_on": "2026-06-02"})
    service.save_inquiry(case_id, {"relation": "母亲", "waived": True})
    record(service, case_id, s10="2026-06-20")
    assert "父亲丁父的函调没有回函" in service.case(case_id).view.step(10).warning


def test_an_edition_or_an_end_needs_its_reason(service: DevelopmentService) -> None:
    case_id = begun(service)
    with pytest.raises(InvalidInput, match="写明为什么"):
        service.change(case_id, {"ruleset": "development_2014"})
    with pytest.raises(InvalidInput, match="写明原因"):
        service.change(case_id, {"state": "withdrawn"})
    service.change(case_id, {"state": "withdrawn", "state_reason": "本人撤回申请"})
    assert service.cases() == []
    (ended,) = service.cases(ended=True)
    assert (ended.state, ended.state_on, ended.view.next) == (CaseState.WITHDRAWN, date(2026, 11, 22), None)


def test_a_case_goes_to_the_recycle_bin_whole_and_comes_back_whole(service: DevelopmentService) -> None:
    case_id = begun(service)
    service.save_paper(case_id, 1, {"name": "入党申请书"})
    service.remove(case_id)
    with pytest.raises(NotFound):
        service.case(case_id)
    assert [row.name for row in service.deleted()] == ["丁思琪"]
    service.restore(case_id)
    assert [paper.name for paper in service.case(case_id).papers] == ["入党申请书"]


def test_what_is_due_is_to_do_and_nothing_while_an_objection_is_looked_into(
    store: Store, service: DevelopmentService
) -> None:
    case_id = begun(service, applied_on="2026-11-01")
    assert [(due.no, due.by) for due in case_deadlines(store)] == [(2, date(2026, 12, 1))]
    service.change(case_id, {"state": "objection_hold", "state_reason": "公示有反映"})
    assert case_deadlines(store) == []


def test_reviews_of_activists_are_counted_by_the_score(store: Store, service: DevelopmentService) -> None:
    standard = StandardService(store)
    assert standard.score().item("D3-05").status == "not_applicable"
    case_id = begun(service, applied_on="2025-09-01")
    record(service, case_id, s2="2025-09-10", s3="2025-12-01", s4="2025-12-02", s5="2025-12-03")
    score = standard.score(date(2026, 11, 22), 2026)
    assert score.item("D3-05").status == "met"
    review = score.item("D3-06")
    assert review.status == "open"
    assert "丁思琪" in review.gaps[0].what
    RegisterService(store).save(
        "activist_review",
        {
            "event_on": "2026-06-20",
            "title": "上半年考察",
            "activist": service.case(case_id).person_id,
            "finding": "表现好",
        },
    )
    assert standard.score(date(2026, 11, 22), 2026).item("D3-06").status == "met"
    record(service, case_id, s3="2025-09-09")
    broken = standard.score(date(2026, 11, 22), 2026).item("D3-05")
    assert broken.status == "open"
    assert broken.gaps[0].what.startswith("丁思琪：")


def test_a_person_stays_on_file_as_long_as_the_admission_does(store: Store, service: DevelopmentService) -> None:
    case_id = begun(service)
    person_id = service.case(case_id).person_id
    with pytest.raises(InvalidInput, match="还有记录用到（发展党员1条）"):
        RegisterService(store).remove("person", person_id)
    service.remove(case_id)
    RegisterService(store).remove("person", person_id)
    service.restore(case_id)
    assert service.people() == [(person_id, "丁思琪")]


def test_a_person_cleared_for_good_goes_with_the_admission_and_its_steps(
    store: Store, service: DevelopmentService
) -> None:
    case_id = begun(service)
    service.save_paper(case_id, 1, {"name": "入党申请书"})
    person_id = service.case(case_id).person_id
    service.remove(case_id)
    RegisterService(store).remove("person", person_id)
    with store.unit_of_work("清除", Act.ERASE) as session:
        erase(session, "person", [person_id])
    with store.reading() as session:
        for model in (Person, DevelopmentCase, CaseStep, CasePaper):
            assert session.scalar(select(func.count()).select_from(model)) == 0


def test_no_second_case_of_somebody_goes_on_by_the_recycle_bin_or_by_its_state(service: DevelopmentService) -> None:
    first = service.begin({"name": "马晓宇", "applied_on": "2024-01-01"})
    person = service.case(first).person_id
    service.remove(first)
    second = service.begin({"person_id": person, "applied_on": "2024-02-01"})
    with pytest.raises(InvalidInput, match="已经在培养"):
        service.restore(first)
    service.change(second, {"state": "本人撤回", "state_reason": "出国"})
    service.restore(first)
    with pytest.raises(InvalidInput, match="已经在培养") as refused:
        service.change(second, {"state": "在办"})
    assert refused.value.name == "state"
    assert [row.id for row in service.cases()] == [first]

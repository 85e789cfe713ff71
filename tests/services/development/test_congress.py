"""A congress planned from an admission begins with all that is known: topic, agenda, one secret vote a person."""

from dataclasses import replace

from desktop.models.vocabulary.development import HelperRole
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.development.congress import congress_plan, ready_alike
from desktop.services.development.law import development_law
from desktop.services.development.rows import CaseRow
from desktop.services.development.service import DevelopmentService
from desktop.services.development.windows import CONFIRM, CONGRESS
from desktop.services.meetings import MeetingRules
from desktop.services.store import Store
from tests.services.development.test_service import begun, record
from tests.services.standards.samples import LAW

UP_TO_FORM = {
    "s2": "2024-04-02",
    "s3": "2024-06-16",
    "s4": "2024-06-20",
    "s5": "2024-06-21",
    "s6": "2026-06-22",
    "s7": "2026-06-24",
    "s9": "2026-07-17",
    "s10": "2026-07-30",
    "s11": "2026-08-06",
    "s12": "2026-08-10",
    "s13": "2026-11-02",
    "s14": "2026-11-04",
}


def ready(service: DevelopmentService, name: str) -> CaseRow:
    """Return somebody whose next step is the congress that admits."""
    case_id = begun(service, name=name, applied_on="2024-03-11")
    record(service, case_id, **UP_TO_FORM)
    posted = {"consent_on": "2026-07-01", "from_on": "2026-07-01", "to_on": "2026-07-15", "done_on": "2026-07-16"}
    service.record_step(case_id, 8, posted)
    for helper in ("钱一", "孙二"):
        service.save_helper(case_id, {"role": HelperRole.INTRODUCER, "name": helper, "from_on": "2026-07-17"})
    return service.case(case_id)


def test_a_congress_that_admits_ends_with_a_secret_vote_on_the_person(
    store: Store, service: DevelopmentService
) -> None:
    plan = congress_plan(ready(service, "丁思琪"))
    assert plan["topic"] == "讨论接收丁思琪为预备党员"
    assert plan["agenda"][1] == "入党介绍人钱一、孙二介绍丁思琪有关情况，对能否入党表明意见"
    assert plan["agenda"][-1] == plan["votes"][0]["subject"] == "接收丁思琪为预备党员"
    assert plan["observers"] == [{"name": "丁思琪", "post": "内勤"}]
    (vote,) = (kind for kind in MeetingRules(store).vote_kinds(store.today) if kind.id == plan["votes"][0]["kind"])
    assert vote.secret
    assert vote.held_in in ("", MeetingKind.BRANCH_CONGRESS.value)


def test_after_it_the_congress_is_the_one_that_confirms(service: DevelopmentService) -> None:
    case = ready(service, "丁思琪")
    record(service, case.id, s15="2026-11-12")
    plan = congress_plan(service.case(case.id))
    assert plan["topic"] == "讨论丁思琪转正"
    assert [vote["kind"] for vote in plan["votes"]] == ["confirm_full"]
    assert plan["observers"] == []


def test_others_who_wait_for_the_same_congress_are_discussed_one_by_one(service: DevelopmentService) -> None:
    first, second = ready(service, "丁思琪"), ready(service, "马晓宇")
    begun(service, name="郭文涛")
    alike = ready_alike(first, service.cases())
    assert [each.name for each in alike] == [second.name]
    plan = congress_plan(first, alike)
    assert plan["topic"] == "讨论接收丁思琪为预备党员；讨论接收马晓宇为预备党员"
    assert [vote["subject"] for vote in plan["votes"]] == ["接收丁思琪为预备党员", "接收马晓宇为预备党员"]
    assert plan["agenda"].index("接收丁思琪为预备党员") < len(plan["agenda"]) // 2


def test_an_edition_from_before_agendas_were_written_down_has_those_of_the_program() -> None:
    bare = replace(LAW, development_steps=tuple(replace(step, congress=None) for step in LAW.development_steps))
    assert [step.no for step in development_law(bare).development_steps if step.congress] == [CONGRESS, CONFIRM]
    assert development_law(LAW) is LAW

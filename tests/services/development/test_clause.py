"""Of a clause is told what the rules data know: number, rule, edition, since when it holds, how sure it is; no text."""

from desktop.services.development.clause import SURE, clause_facts
from desktop.services.development.service import DevelopmentService
from tests.services.development.test_service import begun, record


def facts(service: DevelopmentService, case_id: str, no: int) -> dict[str, str]:
    return {fact.name: fact.value for fact in clause_facts(service.case(case_id).view.step(no), service.law())}


def test_a_step_done_under_the_revised_edition_names_its_article(service: DevelopmentService) -> None:
    found = facts(service, begun(service), 8)
    assert found["规定"] == "中国共产党发展党员工作细则（2026年修订）"
    assert found["条"] == "第13条"
    assert "不少于5个工作日" in found["要求"]
    assert "2026-05-11" in found["适用"]
    assert found["施行"] == "2026-05-11起，现行"
    assert SURE["second"] in found["来源"]


def test_a_step_done_under_the_former_edition_quotes_no_article_and_says_it_was_replaced(
    service: DevelopmentService,
) -> None:
    case_id = begun(service, applied_on="2024-03-11")
    record(service, case_id, s2="2024-04-02")
    found = facts(service, case_id, 2)
    assert found["条"] == "条号没有登记"
    assert found["规定"] == "中国共产党发展党员工作细则（2014）"
    assert found["施行"] == "2014-05-28起，已被新版代替，以前办的步骤仍按它"

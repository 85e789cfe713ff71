"""From a case to the roster: asked after the approval, dates by their meaning, extension in both places."""

from datetime import date

import pytest

from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.development import CaseState
from desktop.services.development.becoming import Becoming
from desktop.services.development.service import DevelopmentService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.members import LifeService, MemberService
from desktop.services.store import Store

STEPS = {
    1: "2023-03-01", 2: "2023-03-10", 3: "2023-06-01", 4: "2023-06-05", 5: "2023-06-06", 6: "2024-06-03",
    7: "2024-06-04", 8: "2024-06-14", 9: "2024-06-17", 10: "2024-08-01", 11: "2024-08-05", 12: "2024-08-20",
    13: "2024-09-02", 14: "2024-09-04", 15: "2024-09-18",
}  # fmt: skip


def admitted(service: DevelopmentService, **more: str) -> str:
    case_id = service.begin(
        {"name": "马晓宇", "gender": "男", "ethnic": "汉族", "education": "本科", "applied_on": STEPS[1], **more}
    )
    for no, on in STEPS.items():
        service.record_step(case_id, no, {"done_on": on})
    return case_id


def test_nobody_is_on_the_roster_before_the_approval(store: Store, service: DevelopmentService) -> None:
    case_id = admitted(service)
    becoming = Becoming(store)
    assert becoming.proposal(service.case(case_id)) is None
    with pytest.raises(InvalidInput, match="上级审批"):
        becoming.admit(case_id)
    service.record_step(case_id, 17, {"done_on": "2024-11-01"})
    proposal = becoming.proposal(service.case(case_id))
    assert proposal is not None
    assert (proposal.what, proposal.on) == ("admit", date(2024, 9, 18))
    assert MemberService(store).roster() == []


def test_the_day_of_the_congress_is_that_of_admission_and_the_end_of_probation_that_of_full_membership(
    store: Store, service: DevelopmentService
) -> None:
    case_id = admitted(service)
    becoming = Becoming(store)
    service.record_step(case_id, 17, {"done_on": "2024-11-01"})
    member_id = becoming.admit(case_id)
    member = MemberService(store).member(member_id)
    assert (member.admitted_on, member.probation_ends_on, member.status) == (
        date(2024, 9, 18),
        date(2025, 9, 18),
        MemberStatus.PROBATIONARY,
    )
    assert (member.ethnic_text, member.gender_text) == ("汉族", "男")
    service.record_step(case_id, 22, {"done_on": "2025-09-18"})
    service.record_step(case_id, 23, {"done_on": "2025-11-20"})
    with pytest.raises(InvalidInput, match="上级审批"):
        becoming.confirm(case_id)
    service.record_step(
        case_id, 24, {"done_on": "2025-12-20", "decided_by": "机关党委", "document_no": "机党〔2025〕9号"}
    )
    proposal = becoming.proposal(service.case(case_id))
    assert proposal is not None
    assert (proposal.what, proposal.on) == ("confirm", date(2025, 9, 18))
    with pytest.raises(InvalidInput, match="写明理由"):
        becoming.confirm(case_id, date(2025, 11, 20))
    becoming.confirm(case_id)
    member = MemberService(store).member(member_id)
    assert (member.full_on, member.status) == (date(2025, 9, 18), MemberStatus.FULL_MEMBER)
    (step,) = LifeService(store).history(member_id)
    assert (step.approving_org, step.document_no) == ("机关党委", "机党〔2025〕9号")
    assert service.case(case_id).state is CaseState.FULL


def test_probation_is_extended_in_the_case_and_in_the_roster(store: Store, service: DevelopmentService) -> None:
    case_id = admitted(service)
    becoming = Becoming(store)
    service.record_step(case_id, 17, {"done_on": "2024-11-01"})
    member_id = becoming.admit(case_id)
    with pytest.raises(InvalidInput, match="6至12个月"):
        becoming.extend(case_id, date(2025, 12, 18), date(2025, 9, 20))
    becoming.extend(case_id, date(2026, 3, 18), date(2025, 9, 20), "机党〔2025〕7号")
    assert MemberService(store).member(member_id).probation_ends_on == date(2026, 3, 18)
    service.record_step(case_id, 23, {"done_on": "2025-10-01"})
    service.record_step(case_id, 24, {"done_on": "2025-10-20"})
    assert "没有期满就讨论转正" in service.case(case_id).view.step(23).breach
    with pytest.raises(InvalidInput, match="预备期已延长至2026-03-18"):
        becoming.confirm(case_id, date(2025, 10, 1), "支部决定")
    becoming.confirm(case_id)
    assert MemberService(store).member(member_id).full_on == date(2026, 3, 18)


def test_a_roster_that_refuses_leaves_the_case_as_it_was(store: Store, service: DevelopmentService) -> None:
    number = "412723198411204639"
    MemberService(store).register(
        {"name": "高红卫", "id_no": number, "admitted_on": "2014-10-07", "full_on": "2015-10-07"}
    )
    case_id = admitted(service, id_no=number)
    service.record_step(case_id, 17, {"done_on": "2024-11-01"})
    with pytest.raises(Exception, match="E-CONFLICT"):
        Becoming(store).admit(case_id)
    assert service.case(case_id).member_id is None
    assert len(MemberService(store).roster()) == 1


def test_who_is_on_the_roster_already_is_linked_and_not_entered_twice(
    store: Store, service: DevelopmentService
) -> None:
    member_id = MemberService(store).register({"name": "马晓宇", "admitted_on": STEPS[15], "category": "预备党员"})
    case_id = admitted(service)
    service.record_step(case_id, 17, {"done_on": "2024-11-01"})
    becoming = Becoming(store)
    proposal = becoming.proposal(service.case(case_id))
    assert proposal is not None
    assert (proposal.what, proposal.member_id) == ("link", member_id)
    becoming.link(case_id, member_id)
    assert service.case(case_id).member_id == member_id
    LifeService(store).extend_probation(member_id, date(2026, 3, 18))
    assert service.case(case_id).view.step(23).earliest == date(2026, 3, 18)


def test_a_case_is_linked_to_a_member_of_its_name_whom_no_other_case_is_about(
    store: Store, service: DevelopmentService
) -> None:
    case_id, becoming, members = admitted(service, born_on="1997-11-02"), Becoming(store), MemberService(store)
    other = members.register({"name": "高红卫", "admitted_on": "2005-07-01", "full_on": "2006-07-01"})
    with pytest.raises(NotFound):
        becoming.link(case_id, "没有")
    with pytest.raises(InvalidInput, match="名册上的是“高红卫”"):
        becoming.link(case_id, other)
    same = members.register({"name": "马晓宇", "admitted_on": STEPS[15]})
    becoming.link(case_id, same)
    namesake = service.begin({"name": "马晓宇", "born_on": "1999-01-01", "applied_on": "2024-01-01"})
    with pytest.raises(InvalidInput, match="另一件发展党员记录"):
        becoming.link(namesake, same)

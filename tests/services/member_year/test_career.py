"""A member over the years: what is on file, newest first, decisions for the entitled alone."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from desktop.models.learning import Trainee
from desktop.models.members import Member
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.conduct import DisciplineKind, HonourRecipient
from desktop.services.branches import BranchService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.member_year.career import CareerService
from desktop.services.member_year.service import MemberYearService
from desktop.services.members import MemberService
from desktop.services.members.placing import place
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store


def test_honours_certificates_and_pledges_of_all_years_are_there(store: Store, ids: dict[str, str]) -> None:
    li, zhao = ids["李四"], ids["赵一"]
    registers = RegisterService(store)
    honour = {
        "title": "优秀共产党员",
        "member_id": li,
        "level": "市级",
        "issued_by": "市公司党组",
        "document_no": "党〔2024〕8号",
    }
    registers.save("honour", {**honour, "event_on": date(2024, 7, 1)})
    registers.save("honour", {**honour, "event_on": date(2024, 7, 1), "member_id": zhao})
    registers.save("role_model", {"event_on": date(2026, 7, 1), "title": "先锋", "member_id": li, "deeds": "…"})
    lines = (Trainee(li, 16.0, certificate_no="周培证012号"), Trainee(zhao, 16.0))
    registers.save("training_record", {"event_on": date(2025, 5, 6), "title": "示范班", "participants": lines})
    registers.save("commitment", {"event_on": date(2025, 1, 8), "title": "走访", "member_id": li})
    found = CareerService(store).career(li)
    assert [(each.title, each.kind, each.given) for each in found.honours] == [
        ("先锋", "role_model", ""),
        ("优秀共产党员", "honour", "市公司党组，党〔2024〕8号"),
    ]
    assert [(each.title, each.hours, each.number) for each in found.certificates] == [
        ("示范班", Fraction(16), "周培证012号")
    ]
    assert [(each.title, each.result) for each in found.pledges] == [("走访", "")]
    assert [each.number for each in CareerService(store).career(zhao).certificates] == [""]
    assert [each.title for each in MemberYearService(store).year(li, 2024).honours] == ["优秀共产党员"]


def test_an_honour_is_of_a_person_or_of_the_branch(store: Store, ids: dict[str, str]) -> None:
    registers = RegisterService(store)
    values = {"event_on": date(2026, 7, 1), "title": "先进党支部", "level": "市级", "recipient": HonourRecipient.BRANCH}
    registers.save("honour", values)
    for wrong in ({**values, "member_id": ids["李四"]}, {**values, "recipient": HonourRecipient.CADRE}):
        with pytest.raises(InvalidInput) as refused:
            registers.save("honour", wrong)
        assert refused.value.name == "member_id"


def test_decisions_say_when_they_end_to_the_entitled_alone(store: Store, ids: dict[str, str]) -> None:
    values = {"event_on": date(2026, 3, 5), "title": "一事", "member_id": ids["李四"], "decided_by": "市公司纪委"}
    registers = RegisterService(store)
    registers.save("discipline", {**values, "kind": DisciplineKind.WARNING})
    registers.save("discipline", {**values, "kind": DisciplineKind.PROBATION_IN_PARTY, "months": 18, "title": "二事"})
    found = CareerService(store).career(ids["李四"])
    assert found.entitled
    assert [(each.kind.label, each.ends) for each in found.decisions] == [
        ("留党察看", "2027-09-05期满，影响期到2029-09-05"),
        ("警告", "影响期到2027-03-05"),
    ]
    store.rights = replace(store.rights, acts=store.rights.acts - {Act.RESTRICTED})
    found = CareerService(store).career(ids["李四"])
    assert (found.entitled, found.decisions) == (False, [])


def test_nobody_has_no_career(store: Store) -> None:
    with pytest.raises(NotFound):
        CareerService(store).career("nobody")


def test_the_groups_a_member_was_in_are_told_with_the_day_of_each_move(store: Store, ids: dict[str, str]) -> None:
    branches, li = BranchService(store), ids["李四"]
    first, second = (branches.save_group(name) for name in ("东片党小组", "西片党小组"))
    members = MemberService(store)
    before = [line.words for line in CareerService(store).career(li).groups]
    members.place_in_group([li], first)
    with store.unit_of_work("编组") as session:
        place(session, session.get_one(Member, li), second, date(2026, 11, 27))
    found = CareerService(store).career(li).groups
    assert found[0].on == date(2026, 11, 27)
    assert found[0].words == "由东片党小组调到西片党小组"
    assert len(found) > len(before)

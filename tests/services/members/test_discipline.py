"""Decisions about members: ends by the rules, what they ask for and when, agreement with the roster."""

from datetime import date

import pytest

from desktop.models.vocabulary.branches import ConditionKind, MemberStatus
from desktop.models.vocabulary.conduct import DisciplineKind
from desktop.models.vocabulary.stores import StandardKind
from desktop.paths import resource
from desktop.services.errors import InvalidInput
from desktop.services.members import ConditionService, LifeService, MemberService
from desktop.services.members.deadlines import deadlines
from desktop.services.members.discipline import term_of
from desktop.services.members.law import member_law
from desktop.services.members.measures import Measure
from desktop.services.registers.service import RegisterService
from desktop.services.standards.editions import edition_on
from desktop.services.store import Store
from desktop.services.toml_tables import read_toml
from tests.services.members.people import GAO

D = DisciplineKind
ON = date(2026, 3, 31)


def decide(store: Store, member_id: str, kind: DisciplineKind, on: date, **more: object) -> str:
    values = {"event_on": on, "title": "一事", "kind": kind, "member_id": member_id, **more}
    return RegisterService(store).save("discipline", values)


def told(store: Store) -> dict[str, date]:
    return {deadline.what: deadline.by for deadline in deadlines(store)}


def test_every_kind_is_one_of_the_rules_and_called_as_there(store: Store) -> None:
    with store.reading() as session:
        text = edition_on(session, StandardKind.PARTY_RULES, store.today).text
        measures = member_law(session, store.today).measures
    rules = read_toml(text, "party_rules.toml")
    names = {each.text("id"): each.text("name") for f in ("discipline", "disposals") for each in rules.tables(f)}
    assert names == {kind.value: kind.label for kind in D}
    assert set(measures) == set(D)
    assert resource("standards/party_rules.toml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("kind", "months", "typed", "ends", "until", "rejoin", "doubt"),
    [
        (D.WARNING, None, None, None, date(2027, 3, 31), None, ""),
        (D.WARNING, None, date(2027, 3, 30), None, date(2027, 3, 30), None, ""),
        (D.SERIOUS_WARNING, None, None, None, date(2027, 9, 30), None, ""),
        (D.REMOVAL_FROM_PARTY_POST, None, None, None, date(2028, 3, 31), None, ""),
        (D.PROBATION_IN_PARTY, 12, None, date(2027, 3, 31), date(2029, 3, 31), None, ""),
        (D.PROBATION_IN_PARTY, 24, None, date(2028, 3, 31), date(2030, 3, 31), None, ""),
        (D.PROBATION_IN_PARTY, None, None, None, None, None, "没有写期限（12至24个月）"),
        (D.PROBATION_IN_PARTY, 6, None, date(2026, 9, 30), date(2028, 9, 30), None, "期限6个月，规定是12至24个月"),
        (D.EXPULSION, None, None, None, None, date(2031, 3, 31), ""),
        (D.CORRECTION, 6, None, date(2026, 9, 30), None, None, ""),
        (D.CORRECTION, None, None, date(2027, 3, 31), None, None, "没有写期限（不超过12个月）"),
        (D.CORRECTION, 18, None, date(2027, 9, 30), None, None, "期限18个月，规定是不超过12个月"),
        (D.PERSUADE_QUIT, None, None, None, None, date(2031, 3, 31), ""),
        (D.REMOVED, None, None, None, None, date(2031, 3, 31), ""),
    ],
)
def test_ends_follow_from_the_decision_and_the_rules(
    store: Store,
    kind: DisciplineKind,
    months: int | None,
    typed: date | None,
    ends: date | None,
    until: date | None,
    rejoin: date | None,
    doubt: str,
) -> None:
    with store.reading() as session:
        measure = member_law(session, store.today).measures[kind.value]
    found = term_of(measure, kind, ON, months, typed)
    assert (found.ends_on, found.effect_until, found.rejoin_from, found.doubt) == (ends, until, rejoin, doubt)


def test_what_an_old_edition_does_not_say_ends_nothing() -> None:
    found = term_of(Measure(), D.WARNING, ON, None, None)
    assert (found.ends_on, found.effect_until, found.rejoin_from, found.doubt) == (None, None, None, "")


def test_a_probation_in_the_party_asks_for_the_roster_then_for_its_end_then_for_both_again(
    store: Store, members: MemberService, conditions: ConditionService
) -> None:
    member_id = members.register(GAO)
    made = decide(store, member_id, D.PROBATION_IN_PARTY, date(2025, 12, 10), months=12)
    assert members.member(member_id).has_vote
    what = "高红卫2025-12-10起留党察看，名册上没有登记这一情况，仍算有表决权，在名册上登记“留党察看”"
    ends = "高红卫2025-12-10起留党察看，到2026-12-10期满，按规定讨论恢复党员权利或者延长"
    assert told(store) == {what: date(2025, 12, 10), ends: date(2026, 12, 10)}
    conditions.save(member_id, ConditionKind.PROBATION_DISCIPLINE, date(2025, 12, 10))
    assert not members.member(member_id).has_vote
    assert told(store) == {ends: date(2026, 12, 10)}
    RegisterService(store).save("discipline", {"ended_on": date(2026, 11, 20)}, made)
    assert told(store) == {
        "高红卫的留党察看2026-11-20已经结束，名册上还算没有表决权，给“留党察看”填上止": date(2026, 11, 20)
    }
    condition = conditions.conditions(member_id)[0]
    conditions.save(member_id, condition.kind, condition.from_on, date(2026, 11, 20), condition_id=condition.id)
    assert told(store) == {}


def test_an_effect_is_told_a_month_before_and_after_its_end(store: Store, members: MemberService) -> None:
    member_id = members.register(GAO)
    decide(store, member_id, D.WARNING, date(2025, 12, 22))
    decide(store, member_id, D.SERIOUS_WARNING, date(2025, 6, 23))
    decide(store, member_id, D.WARNING, date(2025, 12, 23))
    assert told(store) == {"高红卫的警告影响期到2026-12-22届满": date(2026, 12, 22)}


def test_a_number_that_nobody_checked_is_told_with_a_word_of_doubt(store: Store, members: MemberService) -> None:
    decide(store, members.register(GAO), D.SERIOUS_WARNING, date(2025, 5, 22))
    assert list(told(store)) == ["高红卫的严重警告影响期到2026-11-22届满，以处分决定为准"]


def test_a_correction_on_file_speaks_in_the_place_of_the_circumstance(
    store: Store, members: MemberService, conditions: ConditionService
) -> None:
    member_id = members.register(GAO)
    conditions.save(member_id, ConditionKind.CORRECTION, date(2026, 6, 10), reason="周烟党〔2026〕6号")
    assert list(told(store)) == ["高红卫2026-06-10起限期改正，最长到2027-06-10，作出结论"]
    made = decide(store, member_id, D.CORRECTION, date(2026, 6, 10), months=6)
    assert told(store) == {"高红卫2026-06-10起限期改正，到2026-12-10满6个月，作出结论": date(2026, 12, 10)}
    RegisterService(store).save("discipline", {"ended_on": date(2026, 11, 1)}, made)
    assert list(told(store)) == ["高红卫2026-06-10起限期改正，最长到2027-06-10，作出结论"]


def test_a_term_that_the_rules_do_not_know_is_asked_about(store: Store, members: MemberService) -> None:
    decide(store, members.register(GAO), D.CORRECTION, date(2026, 6, 10), months=18)
    assert "高红卫的限期改正期限18个月，规定是不超过12个月，照处分决定核对" in told(store)


def test_who_is_no_member_any_more_by_a_decision_leaves_the_roster_by_a_step(
    store: Store, members: MemberService, life: LifeService
) -> None:
    member_id = members.register(GAO)
    decide(store, member_id, D.EXPULSION, date(2026, 11, 2))
    assert list(told(store)) == ["高红卫2026-11-02开除党籍，名册上还在册，办理变动"]
    life.transition(member_id, MemberStatus.EXPELLED, date(2026, 11, 2), document_no="周纪〔2026〕2号")
    assert told(store) == {}


def test_days_that_cannot_be_are_refused(store: Store, members: MemberService) -> None:
    member_id = members.register(GAO)
    for name, day in (
        ("ends_on", date(2026, 3, 1)),
        ("announced_on", date(2026, 3, 1)),
        ("event_on", date(2027, 1, 1)),
    ):
        values = {"event_on": date(2026, 3, 2), name: day}
        with pytest.raises(InvalidInput) as refused:
            decide(store, member_id, D.WARNING, values.pop("event_on"), **values)
        assert refused.value.name == name


def test_retirement_is_told_by_the_day_on_file_until_the_member_is_noted_as_retired(
    store: Store, members: MemberService, conditions: ConditionService
) -> None:
    member_id = members.register({**GAO, "retires_on": "2026-12-01"})
    assert told(store) == {"高红卫预计2026-12-01退休，到时登记离退休，核定党费": date(2026, 12, 1)}
    members.update(member_id, {"retires_on": "2026-11-20"})
    assert list(told(store)) == ["高红卫2026-11-20已到退休日期，核实后登记离退休，核定党费"]
    conditions.save(member_id, ConditionKind.RETIRED, date(2026, 11, 20))
    assert told(store) == {}

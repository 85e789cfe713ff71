"""The roster as of any day: who belonged, who was expected, who had the vote, and what looks odd."""

from datetime import date, timedelta

from desktop.models.vocabulary.branches import ConditionKind, MemberCategory, MemberStatus, Post
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.branches import BranchService
from desktop.services.members import ConditionService, LifeService, MemberService
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Expectations
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.members.people import GAO, LI


def test_the_roster_of_a_day(members: MemberService) -> None:
    members.register(GAO)
    members.register(LI)
    assert [row.name for row in members.roster(date(2026, 3, 26))] == ["高红卫"]
    assert [row.name for row in members.roster(date(2026, 3, 27))] == ["高红卫", "李晓燕"]
    assert [row.name for row in members.roster(date(2015, 1, 1))] == ["高红卫"]
    assert members.roster(date(2015, 1, 1))[0].category is MemberCategory.PROBATIONARY_MEMBER
    assert [row.name for row in members.roster(text="晓")] == ["李晓燕"]
    assert [row.name for row in members.roster(category=MemberCategory.FULL_MEMBER)] == ["高红卫"]


def test_who_is_expected_depends_on_kind_and_circumstances(
    store: Store, members: MemberService, conditions: ConditionService
) -> None:
    gao = members.register(GAO)
    li = members.register(LI)
    group_id = BranchService(store).save_group("第一党小组")
    members.place_in_group([gao], group_id)
    day = date(2026, 6, 1)
    conditions.save(gao, ConditionKind.RETIRED, date(2026, 5, 1))

    def names(kind: MeetingKind, on: date = day) -> list[str]:
        return [person.name for person in members.expected(kind, on, group_id)]

    assert names(MeetingKind.BRANCH_CONGRESS) == ["高红卫", "李晓燕"]  # retired members keep their vote
    assert names(MeetingKind.THEME_DAY) == ["李晓燕"]
    assert names(MeetingKind.THEME_DAY, date(2026, 4, 30)) == ["高红卫", "李晓燕"]
    assert names(MeetingKind.GROUP_MEETING, date(2026, 4, 30)) == ["高红卫"]
    conditions.save(gao, ConditionKind.DUE_EXCLUDED, None, reason="年老体弱卧床不起")
    assert names(MeetingKind.BRANCH_CONGRESS) == ["李晓燕"]
    conditions.save(li, ConditionKind.PROBATION_DISCIPLINE, None, date(2026, 6, 30))
    assert not any(person.has_vote for person in members.expected(MeetingKind.BRANCH_CONGRESS, day))


def test_asking_once_between_two_turns_of_the_roster_finds_the_same_on_every_day(
    store: Store, members: MemberService, conditions: ConditionService
) -> None:
    gao, li = members.register(GAO), members.register(LI)
    conditions.save(gao, ConditionKind.RETIRED, date(2026, 5, 1), date(2026, 6, 30))
    conditions.save(li, ConditionKind.RIGHTS_SUSPENDED, date(2026, 5, 20), date(2026, 7, 1))
    BranchService(store).assign(Post.SECRETARY, gao, date(2026, 6, 10))
    LifeService(store).transition(gao, MemberStatus.DECEASED, date(2026, 8, 1))
    with store.reading() as session:
        roster = roster_of(store, session)
        expectations = Expectations(roster)
        for number in range(300):
            day = date(2026, 1, 15) + timedelta(days=number)
            assert expectations.named(day) == roster.named(day)
            for kind in MeetingKind:
                assert expectations.at(kind, day) == roster.expected(kind, day), (kind, day)


def test_two_secretaries_and_a_leader_of_another_group_are_pointed_out(store: Store, members: MemberService) -> None:
    branches = BranchService(store)
    gao = members.register(GAO)
    group_id = branches.save_group("第一党小组")
    branches.assign(Post.GROUP_LEADER, gao, None, group_id=group_id)
    assert members.doubts() == ["“高红卫”是第一党小组组长，但不编在这个小组"]
    members.place_in_group([gao], group_id)
    assert members.doubts() == []


def test_retired_by_the_class_of_dues_or_by_circumstance_is_one_fact(
    store: Store, members: MemberService, conditions: ConditionService
) -> None:
    by_dues, by_both = (
        members.register({**GAO, "dues_class": "离退休"}),
        members.register({**LI, "dues_class": "离退休"}),
    )
    conditions.save(by_both, ConditionKind.RETIRED, date(2026, 6, 1))
    for day, at_work in ((date(2026, 5, 31), [False, True]), (date(2026, 6, 1), [False, False])):
        rows = {row.id: row for row in members.roster(day)}
        assert [rows[key].at_work for key in (by_dues, by_both)] == at_work
        facts = StandardService(store).facts(2026).members_by_id
        assert [facts[key].at_work(day) for key in (by_dues, by_both)] == at_work
        expected = [person.name for person in members.expected(MeetingKind.THEME_DAY, day)]
        assert expected == [name for name, there in zip(("高红卫", "李晓燕"), at_work, strict=True) if there]

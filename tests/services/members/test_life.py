"""The life of a member: each step follows from the one before, on a day that can be, by its paper."""

from datetime import date

import pytest

from desktop.models.vocabulary.branches import ConditionKind, MemberStatus, Post
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.branches import BranchService
from desktop.services.dues.ledger import LedgerService
from desktop.services.dues.reckoning import CellState
from desktop.services.errors import InvalidInput
from desktop.services.members import ConditionService, LifeService, MemberService
from desktop.services.members.life import TRANSITIONS, step_words
from desktop.services.standards.loader import load_facts
from desktop.services.statistics.counts import StatisticsService
from desktop.services.statistics.yearly import YearlyService
from desktop.services.store import Store
from tests.services.members.people import GAO, LI
from tests.sheets import content


def test_confirmation_gives_the_vote_from_its_day(members: MemberService, life: LifeService) -> None:
    member_id = members.register({**LI, "admitted_on": "2025-03-27"})
    with pytest.raises(InvalidInput, match="预备期不满12个月"):
        life.transition(member_id, MemberStatus.FULL_MEMBER, date(2026, 3, 26))
    life.transition(member_id, MemberStatus.FULL_MEMBER, date(2026, 3, 27), document_no="周烟党〔2026〕8号")
    assert members.member(member_id).full_on == date(2026, 3, 27)
    assert [step.to_status for step in life.history(member_id)] == [MemberStatus.FULL_MEMBER]
    for day, vote in ((date(2026, 3, 26), False), (date(2026, 3, 27), True)):
        assert [person.has_vote for person in members.expected(MeetingKind.BRANCH_CONGRESS, day)] == [vote]


def test_probation_is_extended_once_within_the_limits(members: MemberService, life: LifeService) -> None:
    member_id = members.register({**LI, "admitted_on": "2025-03-27"})
    with pytest.raises(InvalidInput, match="须在原届满日之后6至12个月之内"):
        life.extend_probation(member_id, date(2026, 8, 27))
    life.extend_probation(member_id, date(2026, 9, 27), document_no="周烟党〔2026〕8号")
    assert members.member(member_id).probation_ends_on == date(2026, 9, 27)
    with pytest.raises(InvalidInput, match="只能延长一次"):
        life.extend_probation(member_id, date(2027, 3, 27))


def test_leaving_the_roster_ends_posts_and_keeps_the_past(
    store: Store, members: MemberService, life: LifeService
) -> None:
    member_id = members.register(GAO)
    members.register(LI)
    BranchService(store).assign(Post.SECRETARY, member_id, None)
    life.transition(member_id, MemberStatus.TRANSFER_PENDING, date(2026, 5, 1), document_no="周烟转〔2026〕3号")
    assert len(members.roster(date(2026, 5, 10))) == 2  # the old branch answers until the receipt
    life.transition(member_id, MemberStatus.TRANSFERRED_OUT, date(2026, 5, 20))
    assert [row.name for row in members.roster(date(2026, 5, 20))] == ["李晓燕"]
    assert [row.name for row in members.roster(date(2026, 5, 19))] == ["高红卫", "李晓燕"]
    assert members.roster(date(2026, 5, 10))[0].status is MemberStatus.TRANSFER_PENDING
    assert [row.name for row in members.roster(former=True)] == ["高红卫"]
    assert members.expected(MeetingKind.COMMITTEE_MEETING, date(2026, 5, 20)) == []
    assert [person.name for person in members.expected(MeetingKind.COMMITTEE_MEETING, date(2026, 5, 19))] == ["高红卫"]
    life.transition(member_id, MemberStatus.FULL_MEMBER, date(2026, 9, 1))
    assert [row.name for row in members.roster()] == ["高红卫", "李晓燕"]


def test_who_comes_back_was_here_before_and_was_not_in_between(
    store: Store, members: MemberService, life: LifeService
) -> None:
    member_id = members.register({**GAO, "joined_on": "2019-03-01"})
    life.transition(member_id, MemberStatus.TRANSFER_PENDING, date(2026, 1, 9))
    life.transition(member_id, MemberStatus.TRANSFERRED_OUT, date(2026, 2, 10))
    life.transition(member_id, MemberStatus.FULL_MEMBER, date(2026, 8, 20))
    assert members.member(member_id).joined_on == date(2026, 8, 20)

    days = [date(2019, 2, 28), date(2019, 3, 1), date(2026, 2, 9), date(2026, 2, 10), date(2026, 8, 20)]
    here = [False, True, True, False, True]
    assert [bool(members.roster(day)) for day in days] == here
    assert [bool(members.expected(MeetingKind.BRANCH_CONGRESS, day)) for day in days] == here
    assert [StatisticsService(store).counts(day).total for day in days] == [int(each) for each in here]
    with store.reading() as session:
        (fact,) = load_facts(session, store.branch_id, 2026, store.clock).members
    assert [fact.on_roster(day) for day in days] == here
    (dues,) = LedgerService(store).ledger(2026).rows
    assert [cell.month for cell in dues.cells if cell.state is not CellState.NONE] == [1, 2, 9, 10, 11, 12]
    moves = {figure.label: figure.count for figure in YearlyService(store).year(2026).figures[:6]}
    assert (moves["上年底总数"], moves["增加：转入"]) == (1, 1)
    assert YearlyService(store).year(2026).checks[0].holds


@pytest.mark.parametrize(
    ("to", "on", "reason"),
    [
        (MemberStatus.PROBATIONARY, date(2026, 5, 1), "“在册”之后不能是“预备期”"),
        (MemberStatus.SUSPENDED, date(2026, 5, 1), "“停止党籍”须填批准文件的文号"),
        (MemberStatus.DECEASED, date(2026, 12, 1), "在今天之后"),
        (MemberStatus.DECEASED, date(2014, 1, 1), "早于入党时间"),
    ],
)
def test_steps_that_cannot_be(
    store: Store, members: MemberService, to: MemberStatus, on: date, reason: str, life: LifeService
) -> None:
    member_id = members.register(GAO)
    before = content(store)
    with pytest.raises(InvalidInput) as refused:
        life.transition(member_id, to, on)
    assert refused.value.reason == reason
    assert content(store) == before


def test_nobody_leaves_or_is_suspended_before_coming(store: Store, members: MemberService, life: LifeService) -> None:
    member_id = members.register({**GAO, "joined_on": "2024-05-01"})
    before = content(store)
    for to in (MemberStatus.TRANSFER_PENDING, MemberStatus.SUSPENDED, MemberStatus.DECEASED):
        with pytest.raises(InvalidInput) as refused:
            life.transition(member_id, to, date(2024, 4, 30), document_no="周烟党〔2024〕8号")
        assert (refused.value.name, refused.value.reason) == ("on", "早于转入本支部时间（2024-05-01）")
    assert content(store) == before
    life.transition(member_id, MemberStatus.TRANSFER_PENDING, date(2024, 5, 1))


def test_nobody_comes_on_a_day_ahead_or_after_leaving(members: MemberService, life: LifeService) -> None:
    with pytest.raises(InvalidInput, match="在今天之后"):
        members.register({**GAO, "joined_on": "2027-01-01"})
    member_id = members.register(GAO)
    life.transition(member_id, MemberStatus.DECEASED, date(2026, 5, 20))
    with pytest.raises(InvalidInput, match="晚于离开的日期（2026-05-20）"):
        members.update(member_id, {"joined_on": "2026-05-21"})
    members.update(member_id, {"joined_on": "2026-05-20"})


def test_nobody_is_confirmed_before_an_extended_probation_ends(members: MemberService, life: LifeService) -> None:
    member_id = members.register({**LI, "admitted_on": "2025-03-27"})
    assert life.extension_range(member_id) == (date(2026, 9, 27), date(2027, 3, 27))
    life.extend_probation(member_id, date(2026, 9, 27))
    assert life.extension_range(member_id) is None
    with pytest.raises(InvalidInput) as refused:
        life.transition(member_id, MemberStatus.FULL_MEMBER, date(2026, 9, 26))
    assert (refused.value.name, refused.value.reason) == ("on", "预备期已延长至2026-09-27")
    life.transition(member_id, MemberStatus.FULL_MEMBER, date(2026, 9, 27))
    assert members.member(member_id).full_on == date(2026, 9, 27)


def test_a_full_members_probation_is_not_extended(members: MemberService, life: LifeService) -> None:
    member_id = members.register(GAO)
    assert life.extension_range(member_id) is None
    with pytest.raises(InvalidInput) as refused:
        life.extend_probation(member_id, date(2026, 12, 31))
    assert refused.value.name == "until"


def test_nobody_who_was_suspended_is_removed_before_the_rule_says(members: MemberService, life: LifeService) -> None:
    member_id = members.register(GAO)
    life.transition(member_id, MemberStatus.SUSPENDED, date(2024, 1, 10), document_no="周烟党〔2024〕1号")
    with pytest.raises(InvalidInput, match="停止党籍（2024-01-10）后不满2年"):
        life.transition(member_id, MemberStatus.REMOVED, date(2026, 1, 9), document_no="周烟党〔2026〕2号")
    life.transition(member_id, MemberStatus.REMOVED, date(2026, 1, 10), document_no="周烟党〔2026〕2号")


def test_a_probation_that_is_over_is_pointed_out(members: MemberService, life: LifeService) -> None:
    late = members.register({**LI, "admitted_on": "2025-03-27"})
    (doubt,) = members.warnings({}, late)
    assert doubt == ("admitted_on", "预备期2026-03-27已满，还没有办理转正、延长或取消")
    life.extend_probation(late, date(2027, 3, 27))
    assert members.warnings({}, late) == []


def test_no_two_steps_from_one_state_are_called_the_same() -> None:
    for before, following in TRANSITIONS.items():
        called = [step_words(before, to) for to in following]
        assert len(set(called)) == len(called)
    assert step_words(MemberStatus.SUSPENDED, MemberStatus.FULL_MEMBER) == "恢复党籍"


def test_contact_is_lost_for_the_months_of_the_rules_before_membership_stops(
    members: MemberService, life: LifeService, conditions: ConditionService
) -> None:
    member_id = members.register(GAO)
    conditions.save(member_id, ConditionKind.LOST_CONTACT, date(2026, 5, 20))
    with pytest.raises(InvalidInput, match="失去联系（2026-05-20）不满6个月，不能停止党籍"):
        life.transition(member_id, MemberStatus.SUSPENDED, date(2026, 11, 19), document_no="9号")
    life.transition(member_id, MemberStatus.SUSPENDED, date(2026, 11, 20), document_no="9号")

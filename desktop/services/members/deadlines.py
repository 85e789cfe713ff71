"""Days that the rules set for members (预备期、失去联系、限期改正 …): to do before them, an alarm after them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desktop.models.members import Member
from desktop.models.vocabulary.branches import ConditionKind, DatePrecision, MemberCategory, MemberStatus
from desktop.services.members.entry import facts_of
from desktop.services.members.law import MemberLaw, add_months, member_law
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.statistics.bands import load_bands

if TYPE_CHECKING:
    from desktop.services.store import Store


ASKED_ONCE = timedelta(days=30)
"""How long what can no longer be changed is said: a mobile member is kept in touch with, not transferred every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """What has to be decided about a member by a day; `rule` says where the day comes from."""

    member_id: str
    what: str
    by: date
    rule: str


def deadlines(store: "Store") -> list[Deadline]:
    """Return what the rules ask to be decided about members of this branch, soonest first."""
    today = store.today
    with store.reading() as session:
        roster, law = roster_of(store, session), member_law(session, today)
        found = [deadline for member in roster.on(today) for deadline in _of(roster, member, law, today)]
    return sorted(found, key=lambda deadline: (deadline.by, deadline.what))


def _of(roster: Roster, member: Member, law: MemberLaw, today: date) -> Iterator[Deadline]:
    over = facts_of(member, {}, roster.category(member, today)).probation_over(law)
    if over is not None and roster.category(member, today) is MemberCategory.PROBATIONARY_MEMBER:
        what = f"{member.name}的预备期{over}{'已满' if over < today else '届满'}，办理转正、延长或取消"
        yield Deadline(member_id=member.id, what=what, by=over, rule="预备期")
    yield from _of_conditions(roster, member, law, today)
    yield from _too_short(roster, member, law, today)
    yield from _birthday(member, today)
    since = next((step.on for step in reversed(roster.changes(member.id)) if step.to_status is member.status), None)
    if since is None:
        return
    if member.status is MemberStatus.TRANSFER_PENDING:
        by = since + timedelta(days=law.letter_max_days)
        what = f"{member.name}{since}转出还没有回执，介绍信最长{law.letter_max_days}天有效"
        yield Deadline(member_id=member.id, what=what, by=by, rule="组织关系转接")
    if member.status is MemberStatus.SUSPENDED:
        by = add_months(since, 12 * law.remove_after_years)
        what = f"{member.name}停止党籍到{by}满{law.remove_after_years}年，按规定作恢复或除名处理"
        yield Deadline(member_id=member.id, what=what, by=by, rule="失去联系")


def _birthday(member: Member, today: date) -> Iterator[Deadline]:
    """Return the political birthday (政治生日), a week before: the day of admission, of a leap day the 28th."""
    admitted = member.admitted_on
    if admitted is None or member.admitted_precision is not DatePrecision.DAY:
        return
    this_year = add_months(admitted, 12 * (today.year - admitted.year))
    by = this_year if this_year >= today else add_months(admitted, 12 * (today.year + 1 - admitted.year))
    years = by.year - admitted.year
    if years and (by - today).days <= load_bands().birthday_notice_days:
        what = f"{member.name}{by.month}月{by.day}日入党{years}周年，过政治生日"
        yield Deadline(member_id=member.id, what=what, by=by, rule="政治生日")


def _of_conditions(roster: Roster, member: Member, law: MemberLaw, today: date) -> Iterator[Deadline]:
    """Return what runs from the first day of a circumstance that still holds."""
    for condition in roster.conditions(member.id, today):
        since = condition.from_on
        if since is None:
            continue
        if condition.kind is ConditionKind.LOST_CONTACT and member.status is not MemberStatus.SUSPENDED:
            by = add_months(since, law.suspend_after_months)
            what = f"{member.name}自{since}失去联系，到{by}满{law.suspend_after_months}个月，按规定作停止党籍处理"
            yield Deadline(member_id=member.id, what=what, by=by, rule="失去联系")
        if condition.kind is ConditionKind.CORRECTION:
            by = add_months(since, law.correction_max_months)
            what = f"{member.name}{since}起限期改正，最长到{by}，作出结论"
            yield Deadline(member_id=member.id, what=what, by=by, rule="限期改正")
        if condition.kind is ConditionKind.MOBILE:
            by = add_months(since, law.mobile_months)
            if today <= by + ASKED_ONCE:
                what = f"{member.name}到{by}外出满{law.mobile_months}个月，有固定地点的转出组织关系，转不了的保持联系"
                yield Deadline(member_id=member.id, what=what, by=by, rule="流动党员")


def _too_short(roster: Roster, member: Member, law: MemberLaw, today: date) -> Iterator[Deadline]:
    """Return the circumstances called 流动党员 that ended lately, and too soon to be what the rules call so."""
    for condition in roster.conditions(member.id):
        since, until = condition.from_on, condition.to_on
        if condition.kind is not ConditionKind.MOBILE or since is None or until is None:
            continue
        if until < add_months(since, law.mobile_months) and until < today <= until + ASKED_ONCE:
            what = f"{member.name}{since}至{until}外出不满{law.mobile_months}个月，不算流动党员，核对登记的情况"
            yield Deadline(member_id=member.id, what=what, by=until, rule="流动党员")

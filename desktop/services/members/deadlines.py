"""Days that the rules set for members (预备期、停止党籍、组织关系介绍信): to do before them, an alarm after them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.services.members.entry import facts_of
from desktop.services.members.law import MemberLaw, add_months, member_law
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster

if TYPE_CHECKING:
    from desktop.services.store import Store


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

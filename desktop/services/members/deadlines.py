"""Days that the rules set for members (预备期、失去联系、组织关系转接 …): to do before them, an alarm after them.

The one place for such clocks. They warn and lead to a form; what is to become of a member is decided by people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.conduct import Discipline
from desktop.models.learning import MobileContact
from desktop.models.members import Member
from desktop.models.vocabulary.branches import ConditionKind, DatePrecision, MemberCategory, MemberStatus
from desktop.models.vocabulary.conduct import DisciplineKind
from desktop.models.vocabulary.transfers import TransferDirection
from desktop.services.members.discipline import asked_of, decisions, is_running
from desktop.services.members.entry import facts_of
from desktop.services.members.law import MemberLaw, add_months, member_law
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.members.transfers import Move, moves_of, paid_doubt
from desktop.services.reminders import reminders
from desktop.services.standards.forms import contact_form, member_page, transfer_form
from desktop.services.standards.verdict import Where
from desktop.services.statistics.bands import load_bands

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """What has to be decided about a member by a day; `rule` says where the day comes from, `basis` by which clause.

    `where` is the form that answers it, `verb` what is done there.
    """

    member_id: str
    what: str
    by: date
    rule: str
    basis: str
    where: Where
    verb: str = "看党员"


def deadlines(store: "Store") -> list[Deadline]:
    """Return what the rules ask to be decided about members of this branch, soonest first."""
    today = store.today
    with store.reading() as session:
        roster, law = roster_of(store, session), member_law(session, today)
        contacts, decided = _last_contacts(session, store.branch_id), decisions(session, store.branch_id)
        found: list[Deadline] = []
        for member in roster.on(today):
            rows = decided.get(member.id, ())
            found.extend(_of(roster, member, law, today, contacts, rows))
            for asked in asked_of(roster, member, rows, law, today):
                found.append(_deadline(law, member, asked.what, asked.by, asked.rule, "", asked.where, asked.verb))
        for move in moves_of(session, store.branch_id, internal=True):
            found.extend(_of_move(roster, move, law, today))
            found.extend(_behind(move, law, today))
    return sorted(found, key=lambda deadline: (deadline.by, deadline.what))


def _last_contacts(session: Session, branch_id: str) -> Mapping[str, date]:
    kept = MobileContact.branch_id == branch_id, MobileContact.deleted_at_utc.is_(None)
    query = select(MobileContact.member_id, func.max(MobileContact.event_on)).where(*kept)
    return {who: on for who, on in session.execute(query.group_by(MobileContact.member_id)) if who}


def _of(
    roster: Roster,
    member: Member,
    law: MemberLaw,
    today: date,
    contacts: Mapping[str, date],
    decided: Sequence[Discipline],
) -> Iterator[Deadline]:
    over = facts_of(member, {}, roster.category(member, today)).probation_over(law)
    if over is not None and roster.category(member, today) is MemberCategory.PROBATIONARY_MEMBER:
        what = f"{member.name}的预备期{over}{'已满' if over < today else '届满'}，办理转正、延长或取消"
        yield _deadline(law, member, what, over, "预备期")
    corrected = any(row.kind is DisciplineKind.CORRECTION and is_running(row, today) for row in decided)
    yield from _of_conditions(roster, member, law, today, corrected=corrected)
    yield from _ended(roster, member, law, today)
    yield from _away(roster, member, law, today, contacts)
    yield from _birthday(member, law, today)
    yield from _retirement(roster, member, law, today)
    since = next((step.on for step in reversed(roster.changes(member.id)) if step.to_status is member.status), None)
    if since is not None and member.status is MemberStatus.SUSPENDED:
        by = add_months(since, 12 * law.remove_after_years)
        what = f"{member.name}停止党籍到{by}满{law.remove_after_years}年，按规定作恢复或除名处理"
        yield _deadline(law, member, what, by, "失去联系", "lost")


def _deadline(
    law: MemberLaw, member: Member, what: str, by: date, rule: str, watched: str = "", where: Where | None = None,
    verb: str = "看党员",
) -> Deadline:  # fmt: skip
    return Deadline(
        member_id=member.id,
        what=what,
        by=by,
        rule=rule,
        basis=law.articles.get(watched, ""),
        where=where or member_page(member.id),
        verb=verb,
    )


def _birthday(member: Member, law: MemberLaw, today: date) -> Iterator[Deadline]:
    """Return the political birthday (政治生日), a week before: the day of admission, of a leap day the 28th."""
    admitted = member.admitted_on
    if admitted is None or member.admitted_precision is not DatePrecision.DAY:
        return
    this_year = add_months(admitted, 12 * (today.year - admitted.year))
    by = this_year if this_year >= today else add_months(admitted, 12 * (today.year + 1 - admitted.year))
    years = by.year - admitted.year
    if years and (by - today).days <= load_bands().birthday_notice_days:
        what = f"{member.name}{by.month}月{by.day}日入党{years}周年，过政治生日"
        yield _deadline(law, member, what, by, "政治生日")


def _retirement(roster: Roster, member: Member, law: MemberLaw, today: date) -> Iterator[Deadline]:
    """Return the day of retirement that is on file, until it is noted that the member is retired; never reckoned."""
    on = member.retires_on
    if on is not None and ConditionKind.RETIRED not in roster.circumstances(member, today):
        told = f"预计{on}退休，到时登记离退休" if on > today else f"{on}已到退休日期，核实后登记离退休"
        yield _deadline(law, member, f"{member.name}{told}，核定党费", on, "退休")


def _of_conditions(
    roster: Roster, member: Member, law: MemberLaw, today: date, *, corrected: bool
) -> Iterator[Deadline]:
    """Return what runs from the first day of a circumstance that still holds; `corrected`: a decision says when
    a correction ends."""
    for condition in roster.conditions(member.id, today):
        since = condition.from_on
        if since is None:
            continue
        if condition.kind is ConditionKind.LOST_CONTACT and member.status is not MemberStatus.SUSPENDED:
            by = add_months(since, law.suspend_after_months)
            probationary = roster.category(member, today) is MemberCategory.PROBATIONARY_MEMBER
            outcome = "取消预备党员资格" if probationary else "停止党籍"
            what = f"{member.name}自{since}失去联系，到{by}满{law.suspend_after_months}个月，按规定作{outcome}处理"
            yield _deadline(law, member, what, by, "失去联系", "lost")
        if condition.kind is ConditionKind.CORRECTION and not corrected:
            by = add_months(since, law.correction_max_months)
            what = f"{member.name}{since}起限期改正，最长到{by}，作出结论"
            yield _deadline(law, member, what, by, "限期改正", "correction")
        if condition.kind is ConditionKind.MOBILE:
            by = add_months(since, law.mobile_months)
            if today <= by + reminders().told:
                what = f"{member.name}到{by}外出满{law.mobile_months}个月，有固定地点的转出组织关系，转不了的保持联系"
                form = transfer_form("", member.id, member.name)
                yield _deadline(law, member, what, by, "流动党员", "mobile", form, "登记转接")


def _ended(roster: Roster, member: Member, law: MemberLaw, today: date) -> Iterator[Deadline]:
    """Return the circumstances that ended lately and ask for something: found again, or too short to be called so."""
    for condition in roster.conditions(member.id):
        since, until = condition.from_on, condition.to_on
        if since is None or until is None or not until < today <= until + reminders().told:
            continue
        if condition.kind is ConditionKind.MOBILE and until < add_months(since, law.mobile_months):
            what = f"{member.name}{since}至{until}外出不满{law.mobile_months}个月，不算流动党员，核对登记的情况"
            yield _deadline(law, member, what, until, "流动党员", "mobile")
        if condition.kind is ConditionKind.LOST_CONTACT and member.status is not MemberStatus.SUSPENDED:
            what = f"{member.name}{until}取得联系：客观原因的补交党费，本人原因的批评教育或限期改正"
            yield _deadline(law, member, what, until, "失去联系", "lost")


def _away(
    roster: Roster, member: Member, law: MemberLaw, today: date, contacts: Mapping[str, date]
) -> Iterator[Deadline]:
    """Return what is asked about somebody who works elsewhere: a contact in each period, a decision after months."""
    running = roster.conditions(member.id, today)
    kinds = {condition.kind for condition in running}
    for condition in running:
        since = condition.from_on
        abroad = condition.kind is ConditionKind.ABROAD
        if abroad or (condition.kind is ConditionKind.MOBILE and ConditionKind.ABROAD not in kinds):
            months = law.contact_abroad_months if abroad else law.contact_months
            last = max((day for day in (contacts.get(member.id), since) if day is not None), default=None)
            if not months or last is None:
                continue
            told = f"上次联系是{last}" if last == contacts.get(member.id) else f"{last}外出以后还没有联系记录"
            place = condition.place or ("国（境）外" if abroad else "外地")
            what = f"{member.name}在{place}，{told}，{months}个月内联系一次"
            watched = "abroad" if abroad else "mobile"
            form = contact_form(member.id)
            yield _deadline(law, member, what, add_months(last, months), "联系流动党员", watched, form, "登记联系")
        not_moved = condition.kind is ConditionKind.DUE_EXCLUDED and ConditionKind.MOBILE not in kinds
        if not_moved and since is not None and any(word in (condition.reason or "") for word in law.away_words):
            least = law.transfer_when_away_months
            by = add_months(since, least)
            what = f"{member.name}{since}起外出，到{by}满{least}个月，转出组织关系或登记为流动党员"
            form = transfer_form("", member.id, member.name)
            yield _deadline(law, member, what, by, "组织关系转接", "transfer", form, "登记转接")


def _of_move(roster: Roster, move: Move, law: MemberLaw, today: date) -> Iterator[Deadline]:
    """Return what an open transfer asks for next, or a closed one that the roster does not know of."""
    member = roster.members.get(move.member_id)
    if move.closed_on is not None:
        asked = _unknown_to_roster(roster, move, today)
        told = (asked, move.closed_on) if asked else None
    elif member is not None and move.direction is TransferDirection.OUT and not roster.belongs(member, today):
        told = None
    else:
        told = _waited_for(move, law, today)
    if told is None:
        return
    yield _asked_of(move, law, *told)


def _behind(move: Move, law: MemberLaw, today: date) -> Iterator[Deadline]:
    """Return that dues of a move end long before it: while it is open, and for a while after."""
    doubt = paid_doubt(move.paid_until, move.issued_on, law.paid_behind_months)
    if doubt and not move.returned and (move.closed_on is None or today <= move.closed_on + reminders().told):
        yield _asked_of(move, law, f"{move.name}{move.issued_on}{move.direction.label}，{doubt}", move.issued_on)


def _asked_of(move: Move, law: MemberLaw, what: str, by: date) -> Deadline:
    return Deadline(
        member_id=move.member_id,
        what=what,
        by=by,
        rule="组织关系转接",
        basis=law.articles.get("transfer", ""),
        where=transfer_form(move.record_id, move.member_id, move.name, move.issued_on),
        verb="看转接" if move.record_id else "登记转接",
    )


def _waited_for(move: Move, law: MemberLaw, today: date) -> tuple[str, date]:
    most, ends = move.issued_on + timedelta(days=law.letter_max_days), move.runs_out(law.letter_max_days)
    receipt = add_months(move.issued_on, law.receipt_months) if law.receipt_months else ends
    out = move.direction is TransferDirection.OUT
    if move.direction is TransferDirection.INTERNAL:
        return _within(move, law, today, receipt)
    begun = f"{move.name}{move.issued_on}{'转出' if out else '转入'}"
    if today > most:
        return f"{begun}，超过{law.letter_max_days}天还没有回执，同对方党组织核实，办结或者撤回", most
    if today > ends:
        todo = "催收回执，或者重新开具" if out else "核实以后寄回回执，或者请对方重新开具"
        return f"{begun}，介绍信{ends}已过有效期，{todo}", ends
    if today > receipt:
        todo = "向接收党组织催收" if out else "尽快寄回"
        return f"{begun}满{law.receipt_months}个月还没有回执，{todo}；介绍信到{ends}有效", receipt
    return f"{begun}，{'等回执' if out else '接收以后寄回回执'}；介绍信到{ends}有效", min(ends, receipt)


def _within(move: Move, law: MemberLaw, today: date, receipt: date) -> tuple[str, date]:
    """Return what a move within the committee waits for: a letter has its days, every move its months of receipt."""
    begun = f"{move.name}{move.issued_on}内部转接"
    if move.valid_days is not None and today > (ends := move.runs_out(law.letter_max_days)):
        return f"{begun}，介绍信{ends}已过有效期，同接收支部核实，办结或者重新开具", ends
    if today > receipt:
        return f"{begun}满{law.receipt_months}个月还没有登记接收，同接收支部核实，办结或者撤回", receipt
    return f"{begun}，等接收支部回执", receipt


def _unknown_to_roster(roster: Roster, move: Move, today: date) -> str:
    """Return what a closed transfer still asks for, "" for nothing: people change the roster, no date does."""
    if not move.record_id or move.closed_on is None or move.direction is TransferDirection.INTERNAL:
        return ""
    member = roster.members.get(move.member_id)
    if move.returned:
        gone = member is not None and member.status is MemberStatus.TRANSFER_PENDING
        back = gone and move.direction is TransferDirection.OUT
        return (
            f"{move.name}{move.closed_on}没有转成，名册上还是“{MemberStatus.TRANSFER_PENDING.label}”，恢复在册" * back
        )
    if move.direction is TransferDirection.IN:
        return "" if move.member_id else f"{move.name}{move.closed_on}已经转入，名册上还没有这个人，列入名册"
    if member is None or not roster.belongs(member, today):
        return ""
    came_back = member.joined_on is not None and member.joined_on >= move.closed_on
    later = any(step.on >= move.closed_on and step.to_status is not MemberStatus.TRANSFER_PENDING
                for step in roster.changes(member.id))  # fmt: skip
    if came_back or later:
        return ""
    return f"{move.name}的回执{move.closed_on}已经收到，名册上还是“{member.status.label}”，办理转出"

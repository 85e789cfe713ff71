"""The life-cycle of a member (变动): which state may follow which, on what day, by what paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import PostAssignment
from desktop.models.members import Member, StatusChange
from desktop.models.vocabulary.branches import ConditionKind, DatePrecision, MemberCategory, MemberStatus
from desktop.services.errors import Input, InvalidInput, Named
from desktop.services.members import rules
from desktop.services.members.law import MemberLaw, add_months, member_law
from desktop.services.members.lookup import find_member, name_of, roster_of
from desktop.services.members.rows import StatusRow

if TYPE_CHECKING:
    from desktop.services.store import Store

TO = Input("to", "变动为")
ON = Input("on", "变动日期")
APPROVING_ORG = Input("approving_org", "批准机关")
DOCUMENT_NO = Input("document_no", "文号")
NOTE = Input("note", "说明")
UNTIL = Input("until", "延长至")

_LEAVING = (
    MemberStatus.QUIT_REMOVED,
    MemberStatus.AUTO_QUIT_REMOVED,
    MemberStatus.PERSUADED_OUT,
    MemberStatus.REMOVED,
    MemberStatus.EXPELLED,
)
TRANSITIONS: Mapping[MemberStatus, tuple[MemberStatus, ...]] = {
    MemberStatus.PROBATIONARY: (
        MemberStatus.FULL_MEMBER,
        MemberStatus.PROBATION_CANCELLED,
        MemberStatus.TRANSFER_PENDING,
        *_LEAVING,
        MemberStatus.DECEASED,
    ),
    MemberStatus.FULL_MEMBER: (
        MemberStatus.TRANSFER_PENDING,
        MemberStatus.SUSPENDED,
        *_LEAVING,
        MemberStatus.DECEASED,
    ),
    MemberStatus.TRANSFER_PENDING: (
        MemberStatus.TRANSFERRED_OUT,
        MemberStatus.FULL_MEMBER,
        MemberStatus.PROBATIONARY,
        MemberStatus.DECEASED,
    ),
    MemberStatus.SUSPENDED: (MemberStatus.FULL_MEMBER, MemberStatus.REMOVED, MemberStatus.DECEASED),
    MemberStatus.TRANSFERRED_OUT: (MemberStatus.FULL_MEMBER, MemberStatus.PROBATIONARY),
}
"""From each state, the states that may follow (转入 again after 转出; 恢复党籍 after 停止党籍)."""
_STEPS: Mapping[tuple[MemberStatus, MemberStatus], str] = {
    (MemberStatus.PROBATIONARY, MemberStatus.FULL_MEMBER): "转正",
    (MemberStatus.SUSPENDED, MemberStatus.FULL_MEMBER): "恢复党籍",
    (MemberStatus.TRANSFER_PENDING, MemberStatus.FULL_MEMBER): "没有转出，仍是正式党员",
    (MemberStatus.TRANSFER_PENDING, MemberStatus.PROBATIONARY): "没有转出，仍在预备期",
    (MemberStatus.TRANSFER_PENDING, MemberStatus.TRANSFERRED_OUT): "收到回执，转出",
    (MemberStatus.TRANSFERRED_OUT, MemberStatus.FULL_MEMBER): "转回，正式党员",
    (MemberStatus.TRANSFERRED_OUT, MemberStatus.PROBATIONARY): "转回，预备党员",
}
"""What people call a step where it is not called by the state it leads to."""
_NEEDS_DOCUMENT = (MemberStatus.SUSPENDED, MemberStatus.PROBATION_CANCELLED, *_LEAVING)


def step_words(before: MemberStatus | None, to: MemberStatus) -> str:
    """Return what people call the step from `before` to `to`: 转正, 恢复党籍, else the state it leads to."""
    if to is MemberStatus.TRANSFER_PENDING and before is not None:
        return "转出，等回执"
    return to.label if before is None else _STEPS.get((before, to), to.label)


@dataclass(frozen=True, slots=True)
class Paper:
    """What a step in a member's life rests on."""

    document_no: str = ""
    approving_org: str = ""
    meeting_id: str | None = None
    note: str = ""


class LifeService:
    """The steps in the lives of this branch's members."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def history(self, member_id: str) -> list[StatusRow]:
        """Return the steps of a member's life-cycle, oldest first."""
        with self._store.reading() as session:
            return [
                StatusRow(
                    id=change.id,
                    from_status=change.from_status,
                    to_status=change.to_status,
                    on=change.on,
                    meeting_id=change.meeting_id,
                    approving_org=change.approving_org or "",
                    document_no=change.document_no or "",
                    note=change.note or "",
                )
                for change in roster_of(self._store, session).changes(member_id)
            ]

    def next_states(self, member_id: str) -> tuple[MemberStatus, ...]:
        """Return the states that may follow the present one."""
        with self._store.reading() as session:
            return TRANSITIONS.get(find_member(self._store, session, member_id).status, ())

    def transition(
        self,
        member_id: str,
        to: MemberStatus,
        on: date,
        *,
        document_no: str = "",
        approving_org: str = "",
        meeting_id: str | None = None,
        note: str = "",
    ) -> None:
        """Move a member to the next state of the life-cycle on the day `on`.

        Someone who leaves the roster is no longer on it from `on`, and leaves every post the day before. Who comes
        back is on it again from `on`; the step keeps from when to when the member was here before.

        Raises:
            InvalidInput: the state cannot follow the present one, the day is impossible, a document is missing.
        """
        self._store.rights.require_any(Member.__tablename__)
        name = name_of(self._store, member_id)
        paper = Paper(document_no=document_no, approving_org=approving_org, meeting_id=meeting_id, note=note)
        with self._store.unit_of_work(f"党员“{name}”变动：{to.label}") as session:
            self.step(session, member_id, to, on, paper)

    def step(self, session: Session, member_id: str, to: MemberStatus, on: date, paper: "Paper") -> None:
        """Move a member to the next state in the action of somebody else; see `transition`.

        Raises:
            InvalidInput: as `transition`.
        """
        member = find_member(self._store, session, member_id)
        self._check(session, member, to, on, paper.document_no)
        back = to.on_roster and not member.status.on_roster
        session.add(
            StatusChange(
                branch_id=member.branch_id,
                member_id=member.id,
                from_status=member.status,
                to_status=to,
                on=on,
                joined_before=member.joined_on if back else None,
                left_before=member.left_on if back else None,
                meeting_id=paper.meeting_id,
                approving_org=paper.approving_org.strip() or None,
                document_no=paper.document_no.strip() or None,
                note=paper.note.strip() or None,
            )
        )
        if member.status is MemberStatus.PROBATIONARY and to is MemberStatus.FULL_MEMBER:
            member.full_on, member.full_precision = on, DatePrecision.DAY
            member.category = MemberCategory.FULL_MEMBER
        if back:
            member.joined_on, member.left_on = on, None
        member.status = to
        if not to.on_roster:
            member.left_on = on
            leave_posts(session, member, on)

    def extension_range(self, member_id: str) -> tuple[date, date] | None:
        """Return the first and the last day to which probation may be extended; None if it may not be."""
        with self._store.reading() as session:
            member = find_member(self._store, session, member_id)
            if member.status is not MemberStatus.PROBATIONARY or member.admitted_on is None or member.extended_once:
                return None
            return _extension_range(member, member.admitted_on, member_law(session, self._store.today))

    def extend_probation(self, member_id: str, until: date, *, document_no: str = "", note: str = "") -> None:
        """Extend probation once (延长预备期) until `until`.

        Raises:
            InvalidInput: not in probation, extended already, or outside the months the rules allow.
        """
        self._store.rights.require_any(Member.__tablename__)
        name = name_of(self._store, member_id)
        with self._store.unit_of_work(f"延长“{name}”的预备期") as session:
            self.extend(session, member_id, until, document_no=document_no, note=note)

    def extend(self, session: Session, member_id: str, until: date, *, document_no: str = "", note: str = "") -> None:
        """Extend probation in the action of somebody else; see `extend_probation`.

        Raises:
            InvalidInput: as `extend_probation`.
        """
        member = find_member(self._store, session, member_id)
        if member.status is not MemberStatus.PROBATIONARY or member.admitted_on is None:
            raise InvalidInput(UNTIL, "不在预备期，或没有入党时间")
        if member.extended_once:
            raise InvalidInput(UNTIL, "只能延长一次")
        law = member_law(session, self._store.today)
        first, last = _extension_range(member, member.admitted_on, law)
        if not first <= until <= last:
            least, most = law.extend_months
            raise InvalidInput(UNTIL, f"须在原届满日之后{least}至{most}个月之内")
        member.probation_ends_on, member.extended_once = until, True
        if document_no.strip() or note.strip():
            line = " ".join(filter(None, (f"延长预备期至{until}", document_no.strip(), note.strip())))
            member.note = "\n".join(filter(None, (member.note, line)))

    def _check(self, session: Session, member: Member, to: MemberStatus, on: date, document_no: str) -> None:
        if to not in TRANSITIONS.get(member.status, ()):
            raise InvalidInput(TO, f"“{member.status.label}”之后不能是“{to.label}”")
        if on > self._store.today:
            raise InvalidInput(ON, "在今天之后")
        if member.admitted_on is not None and on < member.admitted_on:
            raise InvalidInput(ON, "早于入党时间")
        refuse_before_coming(member, to, on, ON)
        last = session.scalars(
            select(StatusChange.on)
            .where(StatusChange.member_id == member.id, StatusChange.deleted_at_utc.is_(None))
            .order_by(StatusChange.on.desc())
        ).first()
        if last is not None and on < last:
            raise InvalidInput(ON, f"早于上一次变动（{last}）")
        if to in _NEEDS_DOCUMENT and not document_no.strip():
            raise InvalidInput(DOCUMENT_NO, f"“{to.label}”须填批准文件的文号")
        if member.status is MemberStatus.PROBATIONARY and to is MemberStatus.FULL_MEMBER:
            _check_confirmation(member, on, member_law(session, on))
        if to is MemberStatus.SUSPENDED:
            self._check_suspension(session, member, on)
        if member.status is MemberStatus.SUSPENDED and to is MemberStatus.REMOVED and last is not None:
            years = member_law(session, on).remove_after_years
            if on < add_months(last, 12 * years):
                raise InvalidInput(ON, f"停止党籍（{last}）后不满{years}年，不能除名")

    def _check_suspension(self, session: Session, member: Member, on: date) -> None:
        months = member_law(session, on).suspend_after_months
        for condition in roster_of(self._store, session).conditions(member.id, on):
            since = condition.from_on
            if condition.kind is ConditionKind.LOST_CONTACT and since is not None and on < add_months(since, months):
                raise InvalidInput(ON, f"失去联系（{since}）不满{months}个月，不能停止党籍")


def refuse_before_coming(member: Member, to: MemberStatus, on: date, field: Named) -> None:
    """Refuse that somebody leaves this branch, or is suspended here, before the day of coming to it.

    Raises:
        InvalidInput: the roster says a later day of coming (转入时间).
    """
    came = member.joined_on
    if came is not None and on < came and to not in (MemberStatus.FULL_MEMBER, MemberStatus.PROBATIONARY):
        raise InvalidInput(field, f"早于转入本支部时间（{came}）")


def _check_confirmation(member: Member, on: date, law: MemberLaw) -> None:
    if member.admitted_on is None:
        return
    if on < add_months(member.admitted_on, law.probation_months):
        raise InvalidInput(ON, f"预备期不满{law.probation_months}个月")
    if member.extended_once and member.probation_ends_on is not None and on < member.probation_ends_on:
        raise InvalidInput(ON, f"预备期已延长至{member.probation_ends_on}")
    latest = rules.last_day(member.admitted_on, member.admitted_precision)
    if on > add_months(latest, law.longest_probation_months + law.probation_months):
        raise InvalidInput(ON, "距入党时间过长，请核对")


def _extension_range(member: Member, admitted_on: date, law: MemberLaw) -> tuple[date, date]:
    ends = member.probation_ends_on or add_months(admitted_on, law.probation_months)
    least, most = law.extend_months
    return add_months(ends, least), add_months(ends, most)


def leave_posts(session: Session, member: Member, on: date) -> None:
    """End the posts of a member who leaves on `on`, the day before."""
    held = select(PostAssignment).where(
        PostAssignment.member_id == member.id,
        PostAssignment.to_on.is_(None),
        PostAssignment.deleted_at_utc.is_(None),
    )
    for assignment in session.scalars(held):
        assignment.to_on = on - timedelta(days=1)

"""Circumstances of members that hold from a day to a day: 离退休、流动、长期病假 …"""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.base import new_id
from desktop.models.members import MemberCondition
from desktop.models.vocabulary.branches import ConditionKind
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.members.law import MemberLaw, add_months, member_law
from desktop.services.members.lookup import name_of, roster_of
from desktop.services.members.rows import ConditionRow

if TYPE_CHECKING:
    from desktop.services.store import Store

KIND = Input("kind", "情况")
FROM_ON = Input("from_on", "起")
TO_ON = Input("to_on", "止")
REASON = Input("reason", "原因")
PLACE = Input("place", "去向")
_COUNTED = (ConditionKind.LOST_CONTACT, ConditionKind.CORRECTION)
"""Circumstances after some months of which the rules ask for a decision."""


class ConditionService:
    """The circumstances of this branch's members."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def conditions(self, member_id: str) -> list[ConditionRow]:
        """Return the circumstances of a member, present and past."""
        with self._store.reading() as session:
            return [
                ConditionRow(
                    id=condition.id,
                    kind=condition.kind,
                    from_on=condition.from_on,
                    to_on=condition.to_on,
                    reason=condition.reason or "",
                    place=condition.place or "",
                )
                for condition in roster_of(self._store, session).conditions(member_id)
            ]

    def save(
        self,
        member_id: str,
        kind: ConditionKind,
        from_on: date | None,
        to_on: date | None = None,
        *,
        reason: str = "",
        place: str = "",
        condition_id: str | None = None,
    ) -> str:
        """Note or change a circumstance of a member; return its id.

        Raises:
            InvalidInput: it ends before it begins, overlaps another of the same kind, or is one whose days the rules
                count and lacks its first day or the paper behind it, or lasts longer than they allow.
            NotFound: the circumstance to change is gone.
        """
        self._store.rights.require_any(MemberCondition.__tablename__)
        if from_on is not None and to_on is not None and to_on < from_on:
            raise InvalidInput(TO_ON, "早于起始日期")
        name = name_of(self._store, member_id)
        with self._store.unit_of_work(f"登记“{name}”的情况：{kind.label}") as session:
            if kind in _COUNTED:
                _check_days(kind, from_on, to_on, self._store.today)
            if kind is ConditionKind.CORRECTION:
                _check_correction(from_on, to_on, reason, member_law(session, self._store.today))
            query = select(MemberCondition).where(
                MemberCondition.member_id == member_id, MemberCondition.deleted_at_utc.is_(None)
            )
            noted = session.scalars(query).all()
            for other in noted:
                if other.kind is kind and other.id != condition_id and _overlap(other, from_on, to_on):
                    raise InvalidInput(FROM_ON, f"与已登记的“{kind.label}”时间重叠")
            condition = next((other for other in noted if other.id == condition_id), None)
            if condition_id is not None and condition is None:
                raise NotFound(what="情况")
            if condition is None:
                condition = MemberCondition(id=new_id(), branch_id=self._store.branch_id, member_id=member_id)
                session.add(condition)
            condition.kind, condition.from_on, condition.to_on = kind, from_on, to_on
            condition.reason, condition.place = reason.strip() or None, place.strip() or None
            return condition.id

    def remove(self, condition_id: str) -> None:
        """Put a circumstance noted by mistake into the recycle bin.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: it is gone.
        """
        self._store.rights.require_any(MemberCondition.__tablename__)
        with self._store.unit_of_work("删除党员的情况登记") as session:
            condition = session.get(MemberCondition, condition_id)
            if condition is None:
                raise NotFound(what="情况")
            condition.deleted_at_utc = utc_text(self._store.clock())


def _check_days(kind: ConditionKind, from_on: date | None, to_on: date | None, today: date) -> None:
    """Refuse days that nothing could be counted from."""
    if from_on is None:
        raise InvalidInput(FROM_ON, f"“{kind.label}”的期限从这一天算起，不能为空")
    if from_on > today:
        raise InvalidInput(FROM_ON, "在今天之后")
    if to_on is not None and to_on > today:
        raise InvalidInput(TO_ON, "还没有到这一天，有了结论再填")


def _check_correction(from_on: date | None, to_on: date | None, reason: str, law: MemberLaw) -> None:
    if not reason.strip():
        raise InvalidInput(REASON, "限期改正须写明批准文件的文号")
    if from_on is not None and to_on is not None and to_on > add_months(from_on, law.correction_max_months):
        raise InvalidInput(TO_ON, f"限期改正不超过{law.correction_max_months}个月")


def _overlap(noted: MemberCondition, from_on: date | None, to_on: date | None) -> bool:
    starts_before = noted.from_on is None or to_on is None or noted.from_on <= to_on
    ends_after = noted.to_on is None or from_on is None or noted.to_on >= from_on
    return starts_before and ends_after

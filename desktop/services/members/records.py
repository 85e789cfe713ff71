"""Putting right what was entered wrong about who is on the roster: a record too many, a person twice, the category."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, String, cast, func, select
from sqlalchemy.orm import Session

from desktop.models.base import ID_LENGTH, Base
from desktop.models.branches import PostAssignment
from desktop.models.history import AuditEntry, Change, Draft, Setting
from desktop.models.imports import ColumnMapping, ImportRun
from desktop.models.lines import LinesType
from desktop.models.meetings import Attendance
from desktop.models.members import Member, MemberCondition, StatusChange
from desktop.models.registers import REGISTERS
from desktop.models.users import User
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.meetings import AttendanceState
from desktop.services.access.rights import Rights, unscreened
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.members.entry import facts_of
from desktop.services.members.law import add_months, member_law
from desktop.services.members.lookup import find_member, name_of
from desktop.services.members.merging import OTHER, merge_once_only
from desktop.services.members.rules import faults
from desktop.services.members.sheet import CATEGORY, KEPT_AS_TYPED, NAME, PRECISIONS
from desktop.services.quoting import quoted

if TYPE_CHECKING:
    from desktop.services.store import Store

MERGED = "合并"
"""How the sentence begins that history keeps of two records made one."""
REASON = Input("reason", "原因")
_OWN: tuple[type[Base], ...] = (PostAssignment, StatusChange, MemberCondition)
"""What belongs to a member alone, and goes and comes back with the record."""
_ABOUT_THE_WORK = (Change, AuditEntry, Draft, Setting, ImportRun, ColumnMapping)


class MemberRecords:
    """Corrections of records of this branch's members; what happened in life is a step of `LifeService`."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def remove(self, member_id: str, reason: str) -> None:
        """Put the record of somebody who never belonged here into the recycle bin, with posts and steps.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: no reason is given, or records point to this member; it names how many of what.
            NotFound: there is no such member.
        """
        self._store.rights.require_table(Member.__tablename__)
        why = _said(reason)
        with self._store.unit_of_work(f"删除党员{quoted(name_of(self._store, member_id))}：{why}") as session:
            member = find_member(self._store, session, member_id)
            told = _told(session, member_id)
            if told:
                raise InvalidInput(NAME, f"还有记录用到这名党员（{told}），不能删除；离开支部的请办理变动")
            at = utc_text(self._store.clock())
            member.deleted_at_utc = at
            for row in _own(session, member_id):
                row.deleted_at_utc = row.deleted_at_utc or at

    def restore(self, member_id: str) -> None:
        """Take a record out of the recycle bin, with what went there with it.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: there is none.
        """
        self._store.rights.require_table(Member.__tablename__)
        with self._store.reading() as session:
            found = session.get(Member, member_id)
            if found is None or found.branch_id != self._store.branch_id or found.deleted_at_utc is None:
                raise NotFound(what="党员")
            name, at = found.name, found.deleted_at_utc
        with self._store.unit_of_work(f"恢复党员{quoted(name)}") as session:
            session.get_one(Member, member_id).deleted_at_utc = None
            for row in _own(session, member_id):
                if row.deleted_at_utc == at:
                    row.deleted_at_utc = None

    def merge(self, keep_id: str, other_id: str) -> None:
        """Make two records of one person one: what the kept one lacks is filled, all that points to the other moves.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: it is the same record, both have a number and they differ, both have an appraisal or an
                assessment of dues that says different things, or somebody logs in as the other one and who works here
                does not manage users.
            NotFound: there is no such member.
        """
        self._store.rights.require_table(Member.__tablename__)
        if not other_id:
            raise InvalidInput(OTHER, "选要合并的那一条")
        if keep_id == other_id:
            raise InvalidInput(OTHER, "选的是同一条记录")
        with self._store.unit_of_work(f"{MERGED}{quoted(name_of(self._store, keep_id))}的两条记录") as session:
            keep = find_member(self._store, session, keep_id)
            other = find_member(self._store, session, other_id)
            _refuse_login(session, self._store.rights, other_id)
            if keep.id_no and other.id_no and keep.id_no != other.id_no:
                raise InvalidInput(OTHER, "两条记录的身份证号不同，是两个人")
            lacking = {
                name: getattr(other, name)
                for column in KEPT_AS_TYPED
                for name in (column.name, *([PRECISIONS[column.name]] if column.name in PRECISIONS else []))
                if getattr(keep, column.name) is None and getattr(other, column.name) is not None
            }
            if keep.group_id is None:
                lacking["group_id"] = other.group_id
            if _join_stays(session, keep, other):
                lacking.pop("joined_on", None)
            other.id_no = None
            other.deleted_at_utc = utc_text(self._store.clock())
            session.flush()  # a number belongs to one record at a time
            for name, value in lacking.items():
                setattr(keep, name, value)
            _merge_attendance(session, keep_id, other_id)
            merge_once_only(session, keep_id, other_id, utc_text(self._store.clock()))
            _move(session, keep_id, other_id)
            with unscreened(session):  # what is left by now is what the user does not see: it must not lose its person
                _move(session, keep_id, other_id)

    def recategorise(self, member_id: str, category: MemberCategory, reason: str) -> None:
        """Put right a category that was entered wrong; who became a full member in life is confirmed by a step.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: no reason is given, steps of the life say otherwise, or dates contradict it.
            NotFound: there is no such member.
        """
        self._store.rights.require_table(Member.__tablename__)
        why = _said(reason)
        sentence = f"更正{quoted(name_of(self._store, member_id))}的类别为{category.label}：{why}"
        with self._store.unit_of_work(sentence) as session:
            member = find_member(self._store, session, member_id)
            steps = session.scalar(
                select(func.count())
                .select_from(StatusChange)
                .where(StatusChange.member_id == member_id, StatusChange.deleted_at_utc.is_(None))
            )
            if steps or member.status not in (MemberStatus.FULL_MEMBER, MemberStatus.PROBATIONARY):
                raise InvalidInput(CATEGORY, "已经办理过变动，类别随变动走")
            for _, fault in faults(facts_of(member, {}, category), self._store.today):
                raise InvalidInput(CATEGORY, fault)
            is_full = category is MemberCategory.FULL_MEMBER
            member.category = category
            member.status = MemberStatus.FULL_MEMBER if is_full else MemberStatus.PROBATIONARY
            member.probation_ends_on = None
            if not is_full and member.admitted_on is not None:
                months = member_law(session, self._store.today).probation_months
                member.probation_ends_on = add_months(member.admitted_on, months)


def _said(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput(REASON, "不能为空")
    return reason.strip()


def _join_stays(session: Session, keep: Member, other: Member) -> bool:
    """Let the kept record have both stays, where one of the two left before the other came: a return (转回).

    Return whether it is so.
    """
    here, gone = (keep, other) if keep.status.on_roster else (other, keep)
    left, back = gone.left_on, here.joined_on or here.admitted_on
    if not here.status.on_roster or gone.status is not MemberStatus.TRANSFERRED_OUT or not left or not back:
        return False
    if back < left:
        return False
    session.add(
        StatusChange(
            branch_id=keep.branch_id,
            member_id=keep.id,
            from_status=gone.status,
            to_status=here.status,
            on=back,
            joined_before=gone.joined_on,
            left_before=left,
            note="两条记录合并",
        )
    )
    keep.status, keep.category = here.status, here.category
    keep.joined_on, keep.left_on = back, None
    return True


def _own(session: Session, member_id: str) -> list[PostAssignment | StatusChange | MemberCondition]:
    """Return what belongs to a member alone."""
    return [
        *session.scalars(select(PostAssignment).where(PostAssignment.member_id == member_id)),
        *session.scalars(select(StatusChange).where(StatusChange.member_id == member_id)),
        *session.scalars(select(MemberCondition).where(MemberCondition.member_id == member_id)),
    ]


def _models() -> list[type[Base]]:
    own = (Member, *_OWN, *_ABOUT_THE_WORK)
    return [mapper.class_ for mapper in Base.registry.mappers if mapper.class_ not in own]


def _pointers(model: type[Base]) -> tuple[list[Any], list[Any]]:
    """Return the columns of `model` that may point to a member, and those that may hold such pointers inside."""
    single, inside = [], []
    for column in model.__table__.columns:
        if isinstance(column.type, JSON | LinesType):
            inside.append(column)
        elif isinstance(column.type, String) and column.type.length == ID_LENGTH and not column.primary_key:
            single.append(column)
    return single, inside


def _pointing(session: Session, member_id: str) -> Mapping[str, int]:
    """Return what points to a member, by what people call it, and how many."""
    found: dict[str, int] = {}
    for model in _models():
        single, inside = _pointers(model)
        for columns, matching in (
            (single, [column == member_id for column in single]),
            (inside, [cast(column, String).contains(member_id) for column in inside]),
        ):
            for _column, condition in zip(columns, matching, strict=True):
                query = select(func.count()).select_from(model).where(condition)
                deleted = getattr(model, "deleted_at_utc", None)
                count = session.scalar(query if deleted is None else query.where(deleted.is_(None))) or 0
                if count:
                    register = REGISTERS.get(model.__tablename__)
                    label = register.title if register is not None else model.__label__ or "其他记录"
                    found[label] = found.get(label, 0) + count
    return found


def _told(session: Session, member_id: str) -> str:
    """Return in words what points to a member; what the user does not see counts, and is not named."""
    seen = _pointing(session, member_id)
    with unscreened(session):
        hidden = sum(_pointing(session, member_id).values()) > sum(seen.values())
    words = [f"{label}{count}条" for label, count in seen.items()]
    return "、".join([*words, "不便列出的记录"] if hidden else words)


def _refuse_login(session: Session, rights: Rights, member_id: str) -> None:
    """Refuse to say who logs in as another record: what a log-in may do hangs on the posts of its member.

    Raises:
        InvalidInput: somebody logs in as this member, and whoever works here does not manage users.
    """
    if not rights.may(Act.USERS) and session.scalar(select(User.id).where(User.member_id == member_id).limit(1)):
        reason = "有使用人按这条记录登录，合并会改动他的登录，请管理使用人的同志（书记）来合并，或者保留这一条"
        raise InvalidInput(OTHER, reason)


def _merge_attendance(session: Session, keep_id: str, other_id: str) -> None:
    """Leave one line where both were on the list of a meeting; who was there by one of them was there."""
    mine = {row.meeting_id: row for row in session.scalars(select(Attendance).where(Attendance.member_id == keep_id))}
    for row in session.scalars(select(Attendance).where(Attendance.member_id == other_id)).all():
        kept = mine.get(row.meeting_id)
        if kept is None:
            continue
        if row.state is AttendanceState.PRESENT:
            kept.state, kept.reason = row.state, None
        session.delete(row)
    session.flush()


def _move(session: Session, keep_id: str, other_id: str) -> None:
    """Let everything that points to one member point to the other."""
    for model in (*_models(), *_OWN):
        single, inside = _pointers(model)
        for column in single:
            for row in session.scalars(select(model).where(column == other_id)):
                setattr(row, column.key, keep_id)
        for column in inside:
            for row in session.scalars(select(model).where(cast(column, String).contains(other_id))):
                setattr(row, column.key, _pointing_to(getattr(row, column.key), keep_id, other_id))


def _pointing_to(value: Any, keep_id: str, other_id: str) -> Any:
    """Return a value of a column with every pointer to `other_id` pointing to `keep_id`."""
    if value == other_id:
        return keep_id
    if isinstance(value, tuple | list):
        return type(value)(_pointing_to(item, keep_id, other_id) for item in value)
    if isinstance(value, dict):
        return {name: _pointing_to(item, keep_id, other_id) for name, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts: Sequence[str] = [part.name for part in dataclasses.fields(value)]
        return dataclasses.replace(
            value, **{name: _pointing_to(getattr(value, name), keep_id, other_id) for name in parts}
        )
    return value

"""What the fields of a register may point to, and what the standard in force says about its rows."""

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import Branch
from desktop.models.going_down import enrolled
from desktop.models.members import Member
from desktop.models.registers import Register, declared
from desktop.models.transfers import KnownBranch
from desktop.models.vocabulary.access import Act
from desktop.services.errors import NotFound
from desktop.services.members.law import member_law
from desktop.services.registers.values import RowNames
from desktop.services.standards.editions import brought_codes, codes_on
from desktop.services.standards.service import StandardService

if TYPE_CHECKING:
    from desktop.services.store import Store

_BRANCH = "branch"


class _Named(NamedTuple):
    """A branch as it is named: by its code, its name, and whether it was revoked."""

    code: str
    name: str
    revoked: bool


def register_of(kind: str) -> Register:
    """Return the declaration of `kind`.

    Raises:
        NotFound: there is none.
    """
    register = declared(kind)
    if register is None:
        raise NotFound(what="登记簿", name=kind)
    return register


def require_seen(store: "Store", kind: str) -> None:
    """Refuse a register that only those see who are entitled: an empty list would be no answer.

    Raises:
        NotAllowed: who works here is not.
        NotFound: there is no such register.
    """
    if register_of(kind).apart:
        store.rights.require(Act.RESTRICTED)


def load_names(session: Session, register: Register, branch_id: str, on: date) -> RowNames:
    """Return what the rows are called that the fields of `register` may point to, and their codes on a day; the rows
    of `register` are those of `branch_id`, or of headquarters."""
    kinds = {field.ref for field in register.fields if field.ref}
    kinds |= {part.ref for field in register.fields for part in field.parts if part.ref}
    pointed = {kind: _names_of(session, kind, branch_id) for kind in kinds}
    deleted = {kind: _names_of(session, kind, branch_id, deleted=True) for kind in kinds}
    codes: dict[str, dict[str, str]] = {}
    revoked: dict[str, frozenset[str]] = {}
    if _BRANCH in kinds:
        known = _known_branches(session, branch_id)
        codes[_BRANCH] = {org: each.code for org, each in known.items()}
        revoked[_BRANCH] = frozenset(org for org, each in known.items() if each.revoked)
    return RowNames(pointed | code_names(session, register, on), deleted, codes, revoked)


def code_names(session: Session, register: Register, on: date) -> dict[str, dict[str, str]]:
    """Return code -> name by list of the standard for the fields of `register` that hold codes.

    A code that the edition in force does not know but a row holds is there too, under its old name or as it is: it can
    be kept, written to Excel and read again.
    """
    found = {}
    for field in register.fields:
        if field.codes:
            known = codes_on(session, field.codes, on)
            column = getattr(register.model, field.name)
            held = session.scalars(select(column).distinct().order_by(column))
            found[field.codes] = known | {
                code: brought_codes(field.codes).get(code, code) for code in held if code and code not in known
            }
    return found


def tags_of(store: "Store", kind: str) -> dict[str, str]:
    """Return id -> name of the standard's tags for rows of `kind`."""
    return {tag.id: tag.name for tag in StandardService(store).pack().record_tags if tag.record == kind}


def law_numbers(session: Session, register: Register, today: date) -> tuple[dict[str, int], dict[str, int]]:
    """Return the most that the rules of the day allow its fields to be, and what forms start from, by field."""
    if not any(field.limit or field.starts_at for field in register.fields):
        return {}, {}
    law = member_law(session, today)
    limits = {field.name: getattr(law, field.limit) for field in register.fields if field.limit}
    return limits, {field.name: getattr(law, field.starts_at) for field in register.fields if field.starts_at}


def late_entry_days(store: "Store") -> int:
    """Return after how many days an entry counts as late (补录)."""
    return StandardService(store).pack().scoring.late_entry_days


def _names_of(session: Session, kind: str, branch_id: str, *, deleted: bool = False) -> dict[str, str]:
    """Return id -> name of what can be pointed to, or of what lies `deleted` in the recycle bin."""
    if kind == "member":
        people = session.execute(
            select(Member.id, Member.name, Member.id_no)
            .where(Member.branch_id == branch_id, Member.deleted_at_utc.is_not(None) == deleted)
            .order_by(Member.id)
        ).all()
        total = Counter(name for _id, name, _number in people)
        return {
            member_id: f"{name}（{(number or member_id)[-4:]}）" if total[name] > 1 else name
            for member_id, name, number in people
        }
    if kind == _BRANCH:
        return _branches(session, branch_id)
    target = register_of(kind)
    heading = getattr(target.model, target.heading)
    query = select(target.model.id, heading).where(
        target.model.branch_id == branch_id, target.model.deleted_at_utc.is_not(None) == deleted
    )
    return dict(session.execute(query.order_by(target.model.id)).all())


def _branches(session: Session, reader: str) -> dict[str, str]:
    """Return the branches `reader` knows by code; one that left keeps its name in what headquarters wrote of it."""
    found = _known_branches(session, reader)
    total = Counter(each.name for each in found.values())
    return {org: f"{each.name}（{each.code}）" if total[each.name] > 1 else each.name for org, each in found.items()}


def _known_branches(session: Session, reader: str) -> dict[str, _Named]:
    """Return the branches `reader` knows by id: headquarters all it has or had, a branch itself and those it was told
    of."""
    own = session.get(Branch, reader)
    if own is not None:
        told = select(KnownBranch).where(KnownBranch.branch_id == reader).order_by(KnownBranch.code)
        others = {each.id: _Named(each.code, each.name, each.revoked) for each in session.scalars(told)}
        return {own.id: _Named(own.code, own.name, False)} | others
    return {row.id: _Named(row.code, row.name, row.revoked) for row in session.execute(enrolled().order_by("code"))}

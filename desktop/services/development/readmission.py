"""Whoever once left the party and may not be admitted again before a day (五年内不得重新入党)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from desktop.models.conduct import Discipline
from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.conduct import DisciplineKind
from desktop.services.development.case import BanFact
from desktop.services.members.law import add_months, member_law
from desktop.services.members.measures import Measure

LEFT_BY: Mapping[MemberStatus, DisciplineKind] = {
    MemberStatus.EXPELLED: DisciplineKind.EXPULSION,
    MemberStatus.PERSUADED_OUT: DisciplineKind.PERSUADE_QUIT,
    MemberStatus.REMOVED: DisciplineKind.REMOVED,
    MemberStatus.AUTO_QUIT_REMOVED: DisciplineKind.REMOVED,
    MemberStatus.QUIT_REMOVED: DisciplineKind.REMOVED,
}
"""How the roster says that a member left, as the rules name it."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, as far as it tells two people of one name apart."""

    case_id: str
    name: str
    born_on: date | None
    id_no: str | None


def bans(session: Session, branch_id: str, people: Sequence[Applicant]) -> Mapping[str, BanFact]:
    """Return, by case, what bars somebody who once left the party from being admitted again, and until when.

    The roster says it to everybody, the register of decisions only to those entitled to read it. The newest edition
    of the rules is asked: older ones do not say how long.
    """
    names = {person.name for person in people}
    numbers = {person.id_no for person in people if person.id_no}
    if not names:
        return {}
    query = select(Member).where(
        Member.branch_id == branch_id,
        Member.deleted_at_utc.is_(None),
        or_(Member.name.in_(names), Member.id_no.in_(numbers)),
    )
    members = list(session.scalars(query))
    if not members:
        return {}
    measures = member_law(session, date.max).measures
    struck = {member.id: list(_strikes(member)) for member in members}
    kept = Discipline.member_id.in_(struck), Discipline.deleted_at_utc.is_(None)
    for row in session.scalars(select(Discipline).where(*kept)):
        if row.member_id is not None:
            struck[row.member_id].append((row.kind, row.event_on))
    found: dict[str, BanFact] = {}
    for person in people:
        facts = [
            fact
            for member in members
            if (sure := _same(person, member)) is not None
            for fact in _facts(struck[member.id], measures, sure=sure)
        ]
        if facts:
            found[person.case_id] = max(facts, key=lambda fact: fact.until)
    return found


def _strikes(member: Member) -> Iterable[tuple[DisciplineKind, date]]:
    kind = LEFT_BY.get(member.status)
    if kind is not None and member.left_on is not None:
        yield kind, member.left_on


def _facts(
    strikes: Iterable[tuple[DisciplineKind, date]], measures: Mapping[str, Measure], *, sure: bool
) -> Iterable[BanFact]:
    for kind, on in strikes:
        measure = measures.get(kind.value, Measure())
        if measure.ban:
            yield BanFact(what=kind.label, on=on, until=add_months(on, measure.ban), same=sure, checked=measure.checked)


def _same(person: Applicant, member: Member) -> bool | None:
    """Whether both are the same: by number, else by name and birthday; only of one name: False; somebody else: None."""
    if person.id_no and member.id_no:
        return True if person.id_no == member.id_no else None
    if person.name != member.name:
        return None
    if person.born_on and member.born_on:
        return True if person.born_on == member.born_on else None
    return False

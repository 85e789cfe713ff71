"""Punishments and disposals of members as the branch keeps them: when each ends, and what it still asks for.

Read by the session of whoever works here: who is not entitled gets none of it. Nothing is decided by a date.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.conduct import Discipline
from desktop.models.members import Member
from desktop.models.vocabulary.branches import ConditionKind
from desktop.models.vocabulary.conduct import DisciplineKind
from desktop.services.members.law import MemberLaw, add_months
from desktop.services.members.measures import Measure
from desktop.services.members.roster import Roster
from desktop.services.reminders import reminders
from desktop.services.standards.forms import discipline_form, member_page
from desktop.services.standards.verdict import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """When a decision about a member ends by itself: the term it sets, what it bars from, a new admission."""

    ends_on: date | None = None
    effect_until: date | None = None
    rejoin_from: date | None = None
    doubt: str = ""


def term_of(measure: Measure, kind: DisciplineKind, on: date, months: int | None, ends_on: date | None) -> Term:
    """Return when a decision of the day `on` ends: by what it says itself, else by the rules; never guessed.

    `ends_on` is the last day as the decision has it: of the term where the kind has one, else of its effect.
    """
    doubt, term = "", ends_on if measure.longest else None
    if measure.longest:
        if term is None and months is not None:
            term = add_months(on, months)
        if months is None and ends_on is None:
            doubt = f"没有写期限（{measure.bounds}）"
            term = add_months(on, measure.longest) if kind is DisciplineKind.CORRECTION else None
        elif months is not None and not measure.shortest <= months <= measure.longest:
            doubt = f"期限{months}个月，规定是{measure.bounds}"
    effect = None if measure.longest else ends_on
    start = term if measure.longest else on
    if effect is None and measure.effect and start is not None:
        effect = add_months(start, measure.effect)
    return Term(
        ends_on=term,
        effect_until=effect,
        rejoin_from=add_months(on, measure.ban) if measure.ban else None,
        doubt=doubt,
    )


def decisions(session: Session, branch_id: str) -> Mapping[str, Sequence[Discipline]]:
    """Return the decisions on file about each member, oldest first."""
    kept = Discipline.branch_id == branch_id, Discipline.deleted_at_utc.is_(None)
    found: dict[str, list[Discipline]] = {}
    for row in session.scalars(select(Discipline).where(*kept).order_by(Discipline.event_on, Discipline.id)):
        if row.member_id is not None:
            found.setdefault(row.member_id, []).append(row)
    return found


def term(row: Discipline, law: MemberLaw) -> Term:
    """Return when a decision ends; once it is settled, its effect runs from that day."""
    measure = law.measures.get(row.kind.value, Measure())
    found = term_of(measure, row.kind, row.event_on, row.months, row.ends_on)
    if row.ended_on is not None and measure.longest and measure.effect:
        return replace(found, effect_until=add_months(row.ended_on, measure.effect))
    return found


def is_running(row: Discipline, today: date) -> bool:
    """Whether a decision with a term still waits for its end."""
    return row.event_on <= today and (row.ended_on is None or row.ended_on > today)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a decision asks for by a day, from which rule that comes, and where it is answered."""

    what: str
    by: date
    rule: str
    where: Where
    verb: str = "看处分"


def asked_of(
    roster: Roster, member: Member, rows: Sequence[Discipline], law: MemberLaw, today: date
) -> Iterator[Asked]:  # fmt: skip
    """Return what the decisions about a member on the roster ask for: terms that end, and what does not agree."""
    for row in rows:
        measure, ends = law.measures.get(row.kind.value, Measure()), term(row, law)
        where, name = discipline_form(row.id), member.name
        if measure.longest and is_running(row, today) and ends.ends_on is not None:
            yield Asked(_term_words(name, row, ends.ends_on), ends.ends_on, row.kind.label, where)
        if ends.doubt and is_running(row, today):
            yield Asked(f"{name}的{row.kind.label}{ends.doubt}，照处分决定核对", row.event_on, row.kind.label, where)
        until = ends.effect_until
        settled = not measure.longest or row.ended_on is not None
        if until is not None and settled and until - reminders().told <= today <= until + reminders().told:
            doubt = "" if measure.checked else "，以处分决定为准"
            yield Asked(f"{name}的{row.kind.label}影响期到{until}届满{doubt}", until, "处分影响期", where)
        if measure.leaves and row.event_on <= today:
            yield Asked(f"{name}{row.event_on}{row.kind.label}，名册上还在册，办理变动", row.event_on, row.kind.label,
                        member_page(member.id), "看党员")  # fmt: skip
    yield from _votes(roster, member, rows, today)


def _term_words(name: str, row: Discipline, ends: date) -> str:
    if row.kind is DisciplineKind.CORRECTION:
        told = f"到{ends}满{row.months}个月" if row.months else f"最长到{ends}"
        return f"{name}{row.event_on}起限期改正，{told}，作出结论"
    return f"{name}{row.event_on}起{row.kind.label}，到{ends}期满，按规定讨论恢复党员权利或者延长"


def _votes(roster: Roster, member: Member, rows: Sequence[Discipline], today: date) -> Iterator[Asked]:
    """Return where the roster and the decisions do not agree on 留党察看, during which nobody votes."""
    running = [row for row in rows if row.kind is DisciplineKind.PROBATION_IN_PARTY and is_running(row, today)]
    past = [row for row in rows if row.kind is DisciplineKind.PROBATION_IN_PARTY and row not in running]
    noted = any(each.kind is ConditionKind.PROBATION_DISCIPLINE for each in roster.conditions(member.id, today))
    where, verb = member_page(member.id), "看党员"
    if running and not noted:
        since = running[-1].event_on
        what = f"{member.name}{since}起留党察看，名册上没有登记这一情况，仍算有表决权，在名册上登记“留党察看”"
        yield Asked(what, since, "留党察看", where, verb)
    ended = [row.ended_on for row in past if row.ended_on is not None and row.ended_on <= today]
    if noted and not running and ended:
        what = f"{member.name}的留党察看{max(ended)}已经结束，名册上还算没有表决权，给“留党察看”填上止"
        yield Asked(what, max(ended), "留党察看", where, verb)

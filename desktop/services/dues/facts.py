"""The dues of a year as the rules of the standard see them: member by member, month by month."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from desktop.models.vocabulary.branches import ConditionKind
from desktop.services.dues.ledger import class_of, collected_elsewhere, kept_of_year
from desktop.services.dues.reckoning import CellState, Payer, Year, deadline, reckon
from desktop.services.standards.editions import law_on
from desktop.services.standards.facts import DuesFact, MemberFact
from desktop.services.standards.lateness import recorded_since

Bases = Mapping[str, tuple[str | None, int | None]]
"""Member → class and base of the roster."""


def dues_facts(
    session: Session, branch_id: str, year: int, today: date, members: Sequence[MemberFact], bases: Bases
) -> tuple[DuesFact, ...]:
    """Return the ledger of a year; nothing where none is kept.

    A payment whose day the ledger does not have counts as in time; where nobody knows what is due, what came is all.
    """
    assessed, paid, consents = kept_of_year(session, branch_id, year)
    if not assessed and not paid:
        return ()
    elsewhere = collected_elsewhere(session, branch_id)
    payers = [
        replace(_payer(member, year, *bases.get(member.id, (None, None))), elsewhere=tuple(elsewhere[member.id]))
        for member in members
    ]
    rows = reckon(
        Year(
            year=year,
            payers=payers,
            assessed=assessed,
            paid=paid,
            consents=consents,
            recorded_since=recorded_since(session, branch_id),
        ),
        law_on(session, today, year).dues,
    )
    found = []
    for row in rows:
        for cell in row.cells:
            if cell.state is CellState.UNKNOWN and not cell.paid_fen:
                continue
            fact = DuesFact(
                id=cell.payments[-1] if cell.payments else "",
                member_id=row.member_id,
                month=date(year, cell.month, 1),
                due_fen=cell.due_fen,
                paid_fen=cell.settled_fen,
                paid_on=cell.paid_on or (deadline(year, cell.month, cell.quarterly) if cell.settled_fen else None),
                quarterly=cell.quarterly,
                unrecorded=cell.unrecorded,
            )
            found.append(fact if cell.state is not CellState.UNKNOWN else replace(fact, due_fen=cell.settled_fen))
    return tuple(found)


def _payer(member: MemberFact, year: int, dues_class: str | None, base_fen: int | None) -> Payer:
    return Payer(
        id=member.id,
        name=member.name,
        stays=member.stays,
        admitted_on=member.admitted_on,
        suspended=tuple((flag.since, flag.until) for flag in member.flags if flag.name == "suspended"),
        dues_class=class_of(dues_class, is_retired=member.has(ConditionKind.RETIRED.value, date(year, 1, 1))),
        base_fen=base_fen,
    )

"""Elections as the rules of the standard see them: the rounds of those whose result stands, each in order or not."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.elections import Election
from desktop.services.election.loading import counted, election_law, load_elections
from desktop.services.standards.meeting_facts import PollFact


def poll_facts(session: Session, branch_id: str, today: date) -> tuple[PollFact, ...]:
    """Return the rounds of settled elections. An invalid one that was voted again is in order: it elected nobody."""
    found = []
    for kept in load_elections(session, branch_id):
        election = kept.election
        if election.settled_on is None or election.settled_on > today:
            continue
        votes = election_law(session, election, today).votes
        for number, round_ in enumerate(kept.rounds):
            result = counted(round_, election, votes[round_.seat.poll.rule])
            again = any(other.seat is round_.seat for other in kept.rounds[number + 1 :])
            wrong = "" if result.valid or again else "；".join(result.reasons)
            held = round_.held_on or election.congress_on or election.settled_on
            title = f"第{election.term_no}届{election.kind.label}{round_.seat.label}第{round_.no}次投票"
            found.append(PollFact(round_.id, election.id, held, title, wrong))
    return tuple(found)


def elections_of_terms(session: Session, branch_id: str) -> Mapping[str, str]:
    """Return the election that each term came from: term id → election id."""
    query = select(Election.new_term_id, Election.id).where(
        Election.branch_id == branch_id, Election.deleted_at_utc.is_(None), Election.new_term_id.is_not(None)
    )
    return {str(term_id): election_id for term_id, election_id in session.execute(query)}

"""What every verb of an election does around its own change, and what it looks up of the election it changes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import Term
from desktop.models.elections import Election, ElectionCandidate, OfElection
from desktop.models.members import Member
from desktop.services.election import fields as asked
from desktop.services.election.loading import ROWS_OF
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.revisions import check_revision

if TYPE_CHECKING:
    from desktop.services.store import Store

ELECTIONS = Election.__tablename__
WHAT = "换届选举"
SETTLED = "结果已经定下，不能再改；有错的用“更正”补一条"


@contextmanager
def changing(
    store: "Store", election_id: str, sentence: str, rev: int | None = None, *, settled: bool = False
) -> Iterator[tuple[Session, Election]]:
    """Change an election in one unit of work; `sentence` says what is done, {} is its title.

    Raises:
        NotFound: this branch has no such election, or it lies in the recycle bin.
        InvalidInput: its result is settled, unless `settled` elections may be changed so.
        Stale: it was changed since revision `rev` was read.
    """
    store.rights.require_any(ELECTIONS)
    with store.reading() as session:
        title = title_of(_find(store, session, election_id))
    with store.unit_of_work(sentence.format(title)) as session:
        election = _find(store, session, election_id)
        check_revision(election, rev, WHAT)
        if election.settled_on is not None and not settled:
            raise InvalidInput(asked.RESULT, SETTLED)
        yield session, election


def _find(store: "Store", session: Session, election_id: str) -> Election:
    election = session.get(Election, election_id)
    if election is None or election.branch_id != store.branch_id or election.deleted_at_utc is not None:
        raise NotFound(what=WHAT)
    return election


def title_of(election: Election) -> str:
    """Return what an election is called in the history."""
    return f"第{election.term_no}届{election.kind.label}"


def running_term(session: Session, branch_id: str) -> Term | None:
    """Return the term that runs: the one elected last."""
    query = select(Term).where(Term.branch_id == branch_id, Term.deleted_at_utc.is_(None))
    return session.scalar(query.order_by(Term.elected_on.desc()))


def standing_in(session: Session, election_id: str) -> Sequence[ElectionCandidate]:
    """Return who stands in an election, for whatever seat."""
    query = select(ElectionCandidate).where(
        ElectionCandidate.election_id == election_id, ElectionCandidate.deleted_at_utc.is_(None)
    )
    return session.scalars(query).all()


def names_standing(session: Session, election_id: str) -> set[str]:
    """Return the names of those who stand."""
    ids = [row.member_id for row in standing_in(session, election_id)]
    return set(session.scalars(select(Member.name).where(Member.id.in_(ids))))


def belonging_to(session: Session, election_id: str) -> list[OfElection]:
    """Return every row that belongs to an election, deleted ones too."""
    found: list[Any] = []
    for model in ROWS_OF:
        found.extend(session.scalars(select(model).where(model.election_id == election_id)))
    return found

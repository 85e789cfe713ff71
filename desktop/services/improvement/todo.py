"""The problems to be put right (问题整改清单) that nobody took off the list: whose they are, and by when."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.improvement import Issue
from desktop.models.members import Member
from desktop.models.vocabulary.race import IssueState

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class IssueWork:
    """One problem that is still open."""

    issue_id: str
    title: str
    owner: str
    by: date


def issue_works(store: "Store") -> list[IssueWork]:
    """Return the open problems of this branch of whatever year and source, soonest first."""
    kept = Issue.branch_id == store.branch_id, Issue.deleted_at_utc.is_(None)
    waits = Issue.closed_on.is_(None), Issue.state != IssueState.CLOSED
    query = select(Issue.id, Issue.title, Member.name, Issue.due_on).outerjoin(Member, Member.id == Issue.owner_id)
    with store.reading() as session:
        rows = session.execute(query.where(*kept, *waits)).all()
    found = [IssueWork(issue, title, owner or "", by) for issue, title, owner, by in rows if by is not None]
    return sorted(found, key=lambda work: (work.by, work.title))

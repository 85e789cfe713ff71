"""One member or the whole roster out of a store, for the services of this package."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from desktop.models.members import Member
from desktop.services.errors import NotFound
from desktop.services.members.law import member_law
from desktop.services.members.roster import Roster

if TYPE_CHECKING:
    from desktop.services.store import Store


def roster_of(store: "Store", session: Session, branch_id: str | None = None) -> Roster:
    """Return the roster of this branch, or of the branch `branch_id` at headquarters, by the rules of today."""
    law = member_law(session, store.today)
    return Roster.load(session, branch_id or store.branch_id, law.voting_categories)


def find_member(store: "Store", session: Session, member_id: str) -> Member:
    """Return a member of this branch.

    Raises:
        NotFound: there is none, or it is in the recycle bin.
    """
    member = session.get(Member, member_id)
    if member is None or member.branch_id != store.branch_id or member.deleted_at_utc is not None:
        raise NotFound(what="党员")
    return member


def name_of(store: "Store", member_id: str) -> str:
    """Return the name of a member, for the sentence that history keeps.

    Raises:
        NotFound: there is none.
    """
    with store.reading() as session:
        return find_member(store, session, member_id).name

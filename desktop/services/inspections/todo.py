"""What checklists ask to be done now: per list and owner the points that are not ready by their day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.inspections import Inspection, InspectionPoint
from desktop.models.members import Member

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionWork:
    """Points of one list that one owner has to get ready by one day."""

    inspection_id: str
    point_id: str
    """The first of them."""
    title: str
    what: str
    count: int
    owner: str
    by: date


def inspection_works(store: "Store") -> list[InspectionWork]:
    """Return what is open and has a day, soonest first; the points of one list, owner and day are one work."""
    with store.reading() as session:
        query = (
            select(InspectionPoint, Inspection.title, Member.name)
            .join(Inspection, Inspection.id == InspectionPoint.inspection_id)
            .outerjoin(Member, Member.id == InspectionPoint.owner_id)
            .where(
                InspectionPoint.branch_id == store.branch_id,
                InspectionPoint.deleted_at_utc.is_(None),
                Inspection.deleted_at_utc.is_(None),
                InspectionPoint.done_on.is_(None),
                InspectionPoint.due_on.is_not(None),
            )
            .order_by(InspectionPoint.position)
        )
        works: dict[tuple[str, str, date], list[tuple[InspectionPoint, str]]] = defaultdict(list)
        for point, title, owner in session.execute(query):
            if point.due_on is not None:
                works[point.inspection_id or "", owner or "", point.due_on].append((point, title))
        found = [
            InspectionWork(
                inspection_id=inspection_id,
                point_id=points[0][0].id,
                title=points[0][1],
                what=points[0][0].title,
                count=len(points),
                owner=owner,
                by=by,
            )
            for (inspection_id, owner, by), points in works.items()
        ]
    return sorted(found, key=lambda work: (work.by, work.title, work.owner))

"""What headquarters arranged for a branch by its class, on its days: at the branch, for its first page and its year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.following import Liaison, SharingEvent
from desktop.models.vocabulary.following import SharingRole
from desktop.services.clock import spoken
from desktop.services.quoting import in_quotes
from desktop.services.reminders import reminders
from desktop.services.store import Store

EVENT, LIAISON = SharingEvent.__tablename__, Liaison.__tablename__


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """Something of headquarters on a day: which record says so, where it is, what was settled for it, whether it is
    over."""

    kind: str
    record: str
    name: str
    source: str
    on: date
    place: str = ""
    settled: str = ""
    over: bool = False

    @property
    def what(self) -> str:
        """All of it in a sentence."""
        return "，".join(filter(None, (self.name, spoken(self.on), self.place, self.settled)))


def ahead(store: Store) -> list[Arranged]:
    """Return the occasions this branch hosts or comes to, and when headquarters comes again: from today, within a
    month."""
    last = store.today + timedelta(days=reminders().month_days)
    with store.reading() as session:
        coming = (*_occasions(session, store, store.today, last), *_next_visit(_visits(session, store), store, last))
    return sorted(coming, key=lambda each: each.on)


def arranged_on(session: Session, store: Store, first: date, last: date) -> list[Arranged]:
    """Return what was and will be on the days from `first` to `last`: occasions, visits paid, the next one."""
    visits = _visits(session, store)
    paid = [
        Arranged(
            kind=LIAISON,
            record=visit.id,
            name=f"总部{visit.liaison}来联系",
            source=_VISIT,
            on=visit.visited_on,
            over=True,
        )
        for visit in visits
        if first <= visit.visited_on <= last
    ]
    return [*_occasions(session, store, first, last), *paid, *_next_visit(visits, store, last)]


def role_of(branch_id: str, host_id: str | None) -> SharingRole:
    """Return as what a branch is at an occasion that it was sent."""
    return SharingRole.HOST if branch_id == host_id else SharingRole.COMES


_VISIT = "总部安排 落后支部联系"


def _occasions(session: Session, store: Store, first: date, last: date) -> Iterator[Arranged]:
    query = select(SharingEvent).where(
        SharingEvent.branch_id == store.branch_id,
        SharingEvent.deleted_at_utc.is_(None),
        SharingEvent.held_on.between(first, last),
    )
    for event in session.scalars(query.order_by(SharingEvent.id)):
        yield Arranged(
            kind=EVENT,
            record=event.id,
            name=f"{role_of(store.branch_id, event.host_id).label}{in_quotes(event.title)}",
            source=f"总部安排 {event.kind.label}",
            on=event.held_on,
            place=event.place or "",
            over=event.held_on < store.today,
        )


def _visits(session: Session, store: Store) -> Sequence[Liaison]:
    query = select(Liaison).where(Liaison.branch_id == store.branch_id, Liaison.deleted_at_utc.is_(None))
    return session.scalars(query.order_by(Liaison.visited_on.desc(), Liaison.id.desc())).all()


def _next_visit(visits: Sequence[Liaison], store: Store, last: date) -> Iterator[Arranged]:
    """Yield the day that the last visit names for the next; an earlier visit was followed by the last."""
    if not visits or (day := visits[0].next_on) is None or not store.today <= day <= last:
        return
    settled = f"上次定的：{visits[0].next_step}" if visits[0].next_step else ""
    name = f"总部{visits[0].liaison}再来联系"
    yield Arranged(kind=LIAISON, record=visits[0].id, name=name, source=_VISIT, on=day, settled=settled)

"""What headquarters arranged for a branch by its class, at the branch: what lies ahead, what was adopted of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.following import Liaison, SharingEvent
from desktop.models.vocabulary.following import SharingRole
from desktop.services.clock import spoken
from desktop.services.errors import InvalidInput
from desktop.services.experience.adopting import ON, Adopting, AdoptingService, Shown
from desktop.services.improvement.learned import EVENT, EVENT_ID
from desktop.services.quoting import in_quotes
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.reminders import reminders
from desktop.services.store import Store

LIAISON = Liaison.__tablename__


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Something of headquarters that lies ahead, on a day: which record says so."""

    kind: str
    record: str
    what: str
    source: str
    on: date


def ahead(store: Store) -> list[Ahead]:
    """Return the occasions this branch hosts or comes to, and when headquarters comes again: from today, within a
    month."""
    last = store.today + timedelta(days=reminders().month_days)
    with store.reading() as session:
        return sorted((*_occasions(session, store, last), *_visits(session, store, last)), key=lambda each: each.on)


def role_of(branch_id: str, host_id: str | None) -> SharingRole:
    """Return as what a branch is at an occasion that it was sent."""
    return SharingRole.HOST if branch_id == host_id else SharingRole.COMES


class ArrangedService:
    """What this branch adopted from occasions of headquarters."""

    def __init__(self, store: Store) -> None:
        self._store, self._registers, self._adopting = store, RegisterService(store), AdoptingService(store)

    def adopted(self) -> dict[str, RegisterRow]:
        """Return the row of 推广借鉴 for each occasion from which something was adopted."""
        return self._adopting.by_shown(EVENT_ID)

    def brands(self) -> list[tuple[str, str]]:
        """Return the brands of this branch, id and name."""
        return self._adopting.brands()

    def adopt(self, event: str, said: Adopting) -> str:
        """Say what this branch adopted from an occasion; return the id of the row in 推广借鉴.

        Raises:
            InvalidInput: as `AdoptingService.adopt`, or the occasion lies ahead.
            NotFound: there is no such occasion.
        """
        row = self._registers.row(EVENT, event)
        if row.on is None or row.on > self._store.today:
            raise InvalidInput(ON, f"还没有到这一天（{row.on}），办过再写采用")
        host = row.texts["host_id"]
        hosts = role_of(self._store.branch_id, row.values["host_id"]) is SharingRole.HOST
        origin = "参加的支部" if hosts else host or f"{in_quotes(row.heading)}上的支部"
        shown = Shown(column=EVENT_ID, id=event, title=row.heading, origin=origin, learned_on=row.on)
        return self._adopting.adopt(shown, said)


def _occasions(session: Session, store: Store, last: date) -> Iterator[Ahead]:
    query = select(SharingEvent).where(
        SharingEvent.branch_id == store.branch_id,
        SharingEvent.deleted_at_utc.is_(None),
        SharingEvent.held_on.between(store.today, last),
    )
    for event in session.scalars(query.order_by(SharingEvent.id)):
        role = role_of(store.branch_id, event.host_id)
        place = f"，{event.place}" if event.place else ""
        what = f"{role.label}{in_quotes(event.title)}，{spoken(event.held_on)}{place}"
        yield Ahead(kind=EVENT, record=event.id, what=what, source=f"总部安排 {event.kind.label}", on=event.held_on)


def _visits(session: Session, store: Store, last: date) -> Iterator[Ahead]:
    """Yield the day that the last visit names for the next; an earlier visit was followed by the last."""
    query = select(Liaison).where(Liaison.branch_id == store.branch_id, Liaison.deleted_at_utc.is_(None))
    visit = session.scalars(query.order_by(Liaison.visited_on.desc(), Liaison.id.desc())).first()
    if visit is None or visit.next_on is None or not store.today <= visit.next_on <= last:
        return
    step = f"，上次定的：{visit.next_step}" if visit.next_step else ""
    what = f"总部{visit.liaison}再来联系，{spoken(visit.next_on)}{step}"
    yield Ahead(kind=LIAISON, record=visit.id, what=what, source="总部安排 落后支部联系", on=visit.next_on)

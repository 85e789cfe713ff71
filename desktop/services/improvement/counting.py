"""What headquarters arranged and recorded, counted for the measures of the branches' plans, so that nobody types it.

The records are those of `models/following.py`; what concerns a branch lies in its own store too. A measure counts from
the day its plan was opened: what lies ahead is no progress, and what was before it is none of this plan.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from desktop.models.following import HelperPair, Liaison, SharingEvent
from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.models.vocabulary.following import Counted, SharingKind

_HOSTED = {
    SharingKind.DEMONSTRATION: Counted.DEMONSTRATION_HOSTED,
    SharingKind.SEMINAR: Counted.SEMINAR_HOSTED,
}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A record of headquarters that counts for a measure; those `of` one thing (a branch that is helped) count once."""

    kind: str
    id: str
    on: date
    title: str
    of: str


class Arrangements:
    """What is recorded in a store of every branch, read once, when it is first asked for."""

    def __init__(self, source: Session | Connection) -> None:
        self._source = source
        self._found: dict[tuple[str, Counted], list[Arrangement]] | None = None

    def of(self, branch_id: str, counts: Counted, since: date, until: date) -> tuple[Arrangement, ...]:
        """Return what counts for a branch between two days, by day."""
        if self._found is None:
            self._found = defaultdict(list)
            for branch, what, found in self._read():
                self._found[branch, what].append(found)
            for every in self._found.values():
                every.sort(key=lambda each: (each.on, each.id))
        within = [each for each in self._found.get((branch_id, counts), ()) if since <= each.on <= until]
        first: dict[str, Arrangement] = {}
        for each in within:
            first.setdefault(each.of, each)
        return tuple(first.values())

    def counted(self, plan: PdcaPlan, measure: PdcaAction, until: date) -> float | None:
        """Return where the records say that a measure has got to; None for one whose figure is typed."""
        if measure.counts is None:
            return None
        return (measure.base or 0.0) + len(self.of(plan.branch_id, measure.counts, plan.opened_on, until))

    def actual(self, plan: PdcaPlan, measure: PdcaAction, until: date) -> float | None:
        """Return where a measure has got to: as the records say while its plan runs, else as it is kept."""
        found = self.counted(plan, measure, until) if plan.stage.letter else None
        return measure.actual if found is None else found

    def _read(self) -> Iterator[tuple[str, Counted, Arrangement]]:
        event, pair, visit = SharingEvent, HelperPair, Liaison
        events = select(event.id, event.held_on, event.title, event.kind, event.host_id, event.attending)
        for key, on, title, kind, host, attending in self._source.execute(events.where(event.deleted_at_utc.is_(None))):
            found = Arrangement(event.__tablename__, key, on, title, key)
            if host:
                yield host, _HOSTED[kind], found
            if kind is SharingKind.DEMONSTRATION:
                came = (line.branch_id for line in attending if line.branch_id and line.branch_id != host)
                for branch in dict.fromkeys(came):
                    yield branch, Counted.DEMONSTRATION_ATTENDED, found
        pairs = select(pair.id, pair.began_on, pair.title, pair.helper_id, pair.helped_id)
        for key, on, title, helper, helped in self._source.execute(pairs.where(pair.deleted_at_utc.is_(None))):
            yield helper, Counted.HELPING, Arrangement(pair.__tablename__, key, on, title, helped)
        visits = select(visit.id, visit.visited_on, visit.title, visit.subject_id)
        for key, on, title, subject in self._source.execute(visits.where(visit.deleted_at_utc.is_(None))):
            yield subject, Counted.VISITED, Arrangement(visit.__tablename__, key, on, title, key)

"""The race as the branch sees it: its own published results, newest first."""

from sqlalchemy import select

from desktop.models.race import RaceResult
from desktop.services.race.details import row_of
from desktop.services.race.editions import period_order
from desktop.services.race.rows import RaceRow
from desktop.services.race.scoring import UNCLASSED
from desktop.services.store import Store


class BranchRace:
    """Race results that headquarters sent to this branch."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def results(self) -> list[RaceRow]:
        """Return every published result of this branch, newest period first."""
        with self._store.reading() as session:
            rows = session.scalars(
                select(RaceResult).where(
                    RaceResult.branch_id == self._store.branch_id, RaceResult.published_on.is_not(None)
                )
            ).all()
            return [row_of(row) for row in sorted(rows, key=lambda row: period_order(row.period), reverse=True)]

    def latest(self) -> RaceRow | None:
        """Return the latest published result, or None before the first."""
        return next(iter(self.results()), None)

    def classed(self) -> RaceRow | None:
        """Return the latest published result that gives a class, or None: a period in which there was too little to
        tell one (暂不定类) leaves the one before it in force.
        """
        return next((row for row in self.results() if row.class_id != UNCLASSED), None)

"""What a correction would change before anything is decided: the appealed figures put right, their group scored."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.race import RaceInput
from desktop.services.errors import NotFound
from desktop.services.race.appeals import RATED, appeal_rows, checked_beside
from desktop.services.race.automatic import automatic_figures
from desktop.services.race.details import row_of
from desktop.services.race.editions import race_span
from desktop.services.race.inputs import reading_of, unit_hint
from desktop.services.race.periods import scheme_of
from desktop.services.race.records import results_of
from desktop.services.race.rows import AppealRow, TypedFigure
from desktop.services.race.scoring import value_text
from desktop.services.race.service import RaceService
from desktop.services.race.versions import AppealComparison, comparison
from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class Correctable:
    """A typed figure that an appeal is about, as it stands; `wants_samples` 0 where none are counted."""

    part: str
    name: str
    hint: str
    value_text: str
    samples: int | None
    wants_samples: int


class TrialService:
    """Tries corrections out, at headquarters; nothing of it is kept."""

    def __init__(self, store: Store) -> None:
        self._store, self._race = store, RaceService(store)

    def correctable(self, appeal_id: str, period: str) -> tuple[Correctable, ...]:
        """Return the figures that an appeal is about and that people type; none where it is about something else, or
        about what is reckoned from records.

        Raises:
            NotFound: the period has no such appeal.
        """
        span = race_span(period)
        scheme = scheme_of(self._store, span)
        with self._store.reading() as session:
            appeal = _appeal(session, span.code, appeal_id)
            typed = {
                row.indicator: reading_of(row, {})
                for row in session.scalars(
                    select(RaceInput).where(
                        RaceInput.period == span.code,
                        RaceInput.branch_id == appeal.branch_id,
                        RaceInput.deleted_at_utc.is_(None),
                    )
                )
            }
        indicator = next((each for each in scheme.indicators if each.id == appeal.indicator), None)
        if indicator is None or indicator.formula == RATED:
            return ()
        if indicator.source == "auto" and not scheme.missing.manual_fallback:
            return ()
        computed = automatic_figures(self._store, [appeal.branch_id], span, scheme)[appeal.branch_id].readings
        parts = []
        for part in indicator.parts:
            if part.id in computed:
                continue
            reading = typed.get(part.id)
            said = "" if reading is None else value_text(part, reading.value)
            samples = None if reading is None else reading.samples
            parts.append(Correctable(part.id, part.name, unit_hint(part), said, samples, part.min_samples))
        return tuple(parts)

    def tried(self, appeal_id: str, period: str, figures: Sequence[TypedFigure] = ()) -> AppealComparison:
        """Return what the published result of the group of a branch would become by what is known today and `figures`,
        which are some of those that are `correctable`.

        Raises:
            NotFound: the period has no such appeal.
            InvalidInput: a figure cannot be used; it is named by its part (`figure_input`).
        """
        span = race_span(period)
        scheme = scheme_of(self._store, span)
        for figure in figures:
            checked_beside(scheme, figure)
        with self._store.reading() as session:
            appeal = _appeal(session, span.code, appeal_id)
            published = [row_of(result) for result in results_of(session, span.code)]
        group = next((row.group for row in published if row.branch_id == appeal.branch_id), "")
        now = [row for row in self._race.as_if(period, figures, (appeal.branch_id,)) if group in ("", row.group)]
        before = [row for row in published if group in ("", row.group)]
        return comparison(before, now, appeal.branch_id, published=False)


def _appeal(session: Session, period: str, appeal_id: str) -> AppealRow:
    found = next((row for row in appeal_rows(session, period) if row.id == appeal_id), None)
    if found is None:
        raise NotFound(what="申诉")
    return found

"""What a correction would change before anything is decided: the appealed figures put right, all branches scored."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.services.errors import NotFound
from desktop.services.race.appeals import RATED, appeal_rows, checked_beside
from desktop.services.race.details import row_of
from desktop.services.race.editions import race_span
from desktop.services.race.inputs import unit_hint
from desktop.services.race.periods import scheme_of
from desktop.services.race.records import results_of
from desktop.services.race.rows import TypedFigure
from desktop.services.race.scoring import value_text
from desktop.services.race.service import AsIf, RaceService
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


@dataclass(frozen=True, slots=True)
class TryOut:
    """What may be put right with the decision, and what the result would be then, beside the published one."""

    parts: tuple[Correctable, ...]
    comparison: AppealComparison


class TrialService:
    """Tries corrections out, at headquarters; nothing of it is kept."""

    def __init__(self, store: Store) -> None:
        self._store, self._race = store, RaceService(store)

    def tried(self, appeal_id: str, period: str, figures: Sequence[TypedFigure] = ()) -> TryOut:
        """Return what the result of a published period would be by what is known today and by `figures`.

        Raises:
            NotFound: the period has no such appeal.
            InvalidInput: a figure cannot be used; it is named by its part (`figure_input`).
        """
        span = race_span(period)
        scheme = scheme_of(self._store, span)
        for figure in figures:
            checked_beside(scheme, figure)
        with self._store.reading() as session:
            appeal = next((row for row in appeal_rows(session, span.code) if row.id == appeal_id), None)
            published = tuple(row_of(result) for result in results_of(session, span.code))
        if appeal is None:
            raise NotFound(what="申诉")
        found = self._race.as_if(period, figures)
        parts = _correctable(found, appeal.indicator, appeal.branch_id)
        return TryOut(parts, comparison(published, found.rows, appeal.branch_id, published=False))


def _correctable(found: AsIf, indicator_id: str, branch_id: str) -> tuple[Correctable, ...]:
    """Return the figures of an indicator that people type for a branch."""
    indicator = next((each for each in found.scheme.indicators if each.id == indicator_id), None)
    entry = found.entries.get(branch_id)
    if indicator is None or entry is None or indicator.formula == RATED:
        return ()
    if indicator.source == "auto" and not found.scheme.missing.manual_fallback:
        return ()
    parts = []
    for part in indicator.parts:
        if part.id in found.computed[branch_id]:
            continue
        reading = entry.readings.get(part.id)
        said = "" if reading is None or reading.value is None else value_text(part, reading.value)
        samples = None if reading is None else reading.samples
        parts.append(Correctable(part.id, part.name, unit_hint(part), said, samples, part.min_samples))
    return tuple(parts)

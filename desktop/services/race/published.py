"""What was published of a branch, and stands whatever came in since: all but what an upheld appeal opens."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.race import RaceInput
from desktop.services.race.automatic import Automatic
from desktop.services.race.corrections import figure_words, upheld
from desktop.services.race.details import row_of
from desktop.services.race.editions import RaceSpan
from desktop.services.race.periods import published_results
from desktop.services.race.rows import PartView, RaceRow
from desktop.services.race.scheme import Scheme
from desktop.services.race.scoring import Reading, Status


@dataclass(frozen=True, slots=True)
class Published:
    """What was published of a branch that no upheld appeal opens: it counts as it did.

    `typed`: the parts of automatic indicators whose figure people had typed, for want of one out of the records.
    """

    automatic: Automatic
    typed: frozenset[str]
    handed_in: bool
    quarters: tuple[Decimal | None, ...]


def standing_of(session: Session, span: RaceSpan, scheme: Scheme, opened: Collection[str] = ()) -> dict[str, Published]:
    """Return by branch what stands as it was published; empty before a period is published.

    `opened`: branches that are reckoned anew besides those of which an appeal was upheld.
    """
    results = published_results(session, span.code)
    if not results:
        return {}
    under = {appeal.id: appeal.branch_id for appeal in upheld(session, span.code)}
    rows: dict[str, dict[str, RaceInput]] = defaultdict(dict)
    for row in session.scalars(select(RaceInput).where(RaceInput.period == span.code)):
        rows[row.branch_id][row.indicator] = row
    return {
        result.branch_id: _stands(row_of(result), scheme, rows[result.branch_id], under.keys())
        for result in results
        if result.branch_id not in {*opened, *under.values()}
    }


def _stands(row: RaceRow, scheme: Scheme, rows: Mapping[str, RaceInput], under: Collection[str]) -> Published:
    """Return what counted for a branch when it was published, without the typed figures corrected `under` appeals."""
    automatic = {indicator.id for indicator in scheme.indicators if indicator.source == "auto"}
    readings, typed = {}, set()
    for part in (part for indicator in row.indicators if indicator.id in automatic for part in indicator.parts):
        if part.value is None:
            continue
        figure = rows.get(part.id)
        was_typed = part.typed if part.typed is not None else _told_as_typed(scheme, figure, part, under)
        if was_typed:
            typed.add(part.id)
        if not was_typed or figure is None or figure.appeal_id not in under:
            readings[part.id] = Reading(part.value, part.samples, part.ground, typed=was_typed)
    not_applicable = frozenset(each.id for each in row.indicators if each.status == Status.NOT_APPLICABLE)
    quarters = tuple(quarter.total for quarter in row.year.quarters) if row.year is not None else ()
    return Published(Automatic(readings, not_applicable), frozenset(typed), row.handed_in, quarters)


def _told_as_typed(scheme: Scheme, figure: RaceInput | None, part: PartView, under: Collection[str]) -> bool:
    """Whether a part of a result stored before that was kept says the words of what was typed when it was published."""
    if figure is None:
        return False
    words = figure.replaced if figure.appeal_id in under else figure_words(scheme, figure)
    samples = f"，样本{part.samples}" if part.samples is not None else ""
    grounds = (part.ground, part.ground.partition("；按")[0])
    return words in {f"{part.value_text}{samples}（{ground}）" for ground in grounds}

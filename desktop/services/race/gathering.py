"""What a race is scored from: the figures, penalties and reports of every branch that takes part.

Once a result is published, only a correction changes it: what the program reckons is reckoned anew for the branches
whose appeal was upheld, and stands as it was published for everybody else, whatever came in since.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.race import RaceInput, RaceResult
from desktop.services.progress import Progress, silent
from desktop.services.race.automatic import Automatic, automatic_figures
from desktop.services.race.corrections import appeals_of, ground_of, joined, upheld
from desktop.services.race.details import OWN_GROUP, row_of
from desktop.services.race.editions import RaceSpan
from desktop.services.race.inputs import reading_of
from desktop.services.race.periods import PUBLISHED
from desktop.services.race.records import marks_of, period_record, racers, reports_of, results_of
from desktop.services.race.rows import Racer, RaceRow, TypedFigure
from desktop.services.race.scheme import Scheme
from desktop.services.race.scoring import Entry, Reading, Status
from desktop.services.store import Store


@dataclass(slots=True)
class Gathered:
    """Who takes part, what is known of each, who has reported, and by branch and rule the grounds of penalties."""

    racers: list[Racer]
    entries: list[Entry]
    handed_in: set[str]
    grounds: dict[str, dict[str, str]] = field(default_factory=dict)

    def with_figures(self, figures: Sequence[TypedFigure]) -> "Gathered":
        """Return the same with typed figures in the place of what is known."""
        asked: dict[str, dict[str, Reading]] = defaultdict(dict)
        for each in figures:
            asked[each.branch_id][each.part] = Reading(each.value, each.samples, each.ground)
        entries = [replace(entry, readings={**entry.readings, **asked[entry.branch]}) for entry in self.entries]
        return replace(self, entries=entries)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What was published of a branch that no upheld appeal opens: it counts as it did."""

    automatic: Automatic
    handed_in: bool
    quarters: tuple[Decimal | None, ...]


def gather(
    store: Store, span: RaceSpan, scheme: Scheme, progress: Progress = silent, opened: Collection[str] = ()
) -> Gathered:
    """Return what a period is scored from.

    `opened`: branches to reckon anew as if an appeal of theirs were upheld, besides those of which one was.
    """
    with store.reading() as session:
        published = _published(session, span)
        taking_part = [_racer(result) for result in published] or racers(session)
        appeals = {appeal.id: appeal for appeal in appeals_of(session, span.code)}
        under = {appeal.id: appeal.branch_id for appeal in upheld(session, span.code)}
        typed: dict[str, dict[str, Reading]] = defaultdict(dict)
        corrected: dict[str, set[str]] = defaultdict(set)
        for row in session.scalars(select(RaceInput).where(RaceInput.period == span.code)):
            if row.appeal_id in under:
                corrected[row.branch_id].add(row.indicator)
            if row.deleted_at_utc is None:
                typed[row.branch_id][row.indicator] = reading_of(row, appeals)
        standing = {
            result.branch_id: _stands(row_of(result), scheme, corrected[result.branch_id])
            for result in published
            if result.branch_id not in {*opened, *under.values()}
        }
        counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        grounds: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for mark in marks_of(session, span.code):
            counts[mark.branch_id][mark.rule_id] += mark.count
            grounds[mark.branch_id][mark.rule_id].append(ground_of(mark, appeals))
        handed_in = set(reports_of(session, span.code)) - standing.keys()
        totals = {
            (row.branch_id, row.period): Decimal(row.total_hundredths).scaleb(-2)
            for row in session.scalars(select(RaceResult).where(RaceResult.period.in_(span.quarters)))
            if row.total_hundredths is not None
        }
    anew = [racer.branch_id for racer in taking_part if racer.branch_id not in standing]
    figures = automatic_figures(store, anew, span, scheme, progress)
    figures |= {branch_id: kept.automatic for branch_id, kept in standing.items()}
    vetoes = {veto.id for veto in scheme.vetoes}
    entries = [
        Entry(
            branch=racer.branch_id,
            name=racer.name,
            group=racer.group,
            readings={**typed[racer.branch_id], **figures[racer.branch_id].readings},
            penalties=dict(counts[racer.branch_id]),
            vetoes=frozenset(vetoes & counts[racer.branch_id].keys()),
            not_applicable=figures[racer.branch_id].not_applicable - typed[racer.branch_id].keys(),
            quarters=standing[racer.branch_id].quarters
            if racer.branch_id in standing
            else tuple(totals.get((racer.branch_id, quarter)) for quarter in span.quarters),
        )
        for racer in taking_part
    ]
    told = {
        branch: {rule: joined([each for each in of if each]) for rule, of in by_rule.items()}
        for branch, by_rule in grounds.items()
    }
    handed_in |= {branch_id for branch_id, kept in standing.items() if kept.handed_in}
    return Gathered(taking_part, entries, handed_in, told)


def _published(session: Session, span: RaceSpan) -> Sequence[RaceResult]:
    """Return the published results of a period by code; none before it is published."""
    row = period_record(session, span.code)
    if row is None or row.state not in PUBLISHED:
        return ()
    return sorted(results_of(session, span.code), key=lambda result: (row_of(result).code, result.branch_id))


def _racer(result: RaceResult) -> Racer:
    """Return a branch as it took part: a correction moves nobody to another group and lets nobody in or out."""
    row = row_of(result)
    return Racer(result.branch_id, row.code, row.name, str(result.detail.get(OWN_GROUP, result.group)))


def _stands(row: RaceRow, scheme: Scheme, corrected: Collection[str]) -> _Standing:
    """Return what counted for a branch when it was published, without the typed figures that were `corrected`."""
    automatic = {indicator.id for indicator in scheme.indicators if indicator.source == "auto"}
    parts = [
        part
        for indicator in row.indicators
        if indicator.id in automatic
        for part in indicator.parts
        if part.id not in corrected
    ]
    return _Standing(
        Automatic(
            {part.id: Reading(part.value, part.samples, part.ground) for part in parts if part.value is not None},
            frozenset(each.id for each in row.indicators if each.status == Status.NOT_APPLICABLE),
        ),
        row.handed_in,
        tuple(quarter.total for quarter in row.year.quarters) if row.year is not None else (),
    )

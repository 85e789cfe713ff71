"""What a race is scored from: the figures, penalties and reports of every branch that takes part.

Once a result is published, only a correction changes it: what the program reckons is reckoned anew for the branches
whose appeal was upheld, and stands as it was published for everybody else, whatever came in since.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import select

from desktop.models.race import RaceInput, RaceResult
from desktop.services.progress import Progress, silent
from desktop.services.race.automatic import automatic_figures
from desktop.services.race.corrections import appeals_of, ground_of, joined
from desktop.services.race.editions import RaceSpan
from desktop.services.race.inputs import reading_of
from desktop.services.race.periods import taking_part
from desktop.services.race.published import standing_of
from desktop.services.race.records import marks_of, reports_of
from desktop.services.race.rows import Racer, TypedFigure
from desktop.services.race.scheme import Scheme
from desktop.services.race.scoring import Entry, Reading
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
            asked[each.branch_id][each.part] = Reading(each.value, each.samples, each.ground, typed=True)
        entries = [replace(entry, readings={**entry.readings, **asked[entry.branch]}) for entry in self.entries]
        return replace(self, entries=entries)


def gather(
    store: Store, span: RaceSpan, scheme: Scheme, progress: Progress = silent, opened: Collection[str] = ()
) -> Gathered:
    """Return what a period is scored from.

    `opened`: branches to reckon anew as if an appeal of theirs were upheld, besides those of which one was.
    """
    with store.reading() as session:
        racing = taking_part(session, span.code)
        appeals = {appeal.id: appeal for appeal in appeals_of(session, span.code)}
        typed: dict[str, dict[str, Reading]] = defaultdict(dict)
        for row in session.scalars(
            select(RaceInput).where(RaceInput.period == span.code, RaceInput.deleted_at_utc.is_(None))
        ):
            typed[row.branch_id][row.indicator] = reading_of(row, appeals)
        standing = standing_of(session, span, scheme, opened)
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
    anew = [racer.branch_id for racer in racing if racer.branch_id not in standing]
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
        for racer in racing
    ]
    told = {
        branch: {rule: joined([each for each in of if each]) for rule, of in by_rule.items()}
        for branch, by_rule in grounds.items()
    }
    handed_in |= {branch_id for branch_id, kept in standing.items() if kept.handed_in}
    return Gathered(racing, entries, handed_in, told)

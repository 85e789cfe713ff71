"""Which records of a branch may be drawn: meetings and rows of registers of the period that the standard counts."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from desktop.models.registers import REGISTERS
from desktop.services.race.editions import RaceSpan
from desktop.services.sampling.drawing import Candidate
from desktop.services.standards.evidence import MEETING, number_evidence
from desktop.services.standards.facts import Facts
from desktop.services.standards.lateness import Lateness
from desktop.services.standards.score import Score
from desktop.services.standards.screening import restricted_ids
from desktop.services.standards.service import StandardService

if TYPE_CHECKING:
    from desktop.services.store import Store


def candidates(store: "Store", branch_id: str, span: RaceSpan, alike: Mapping[str, int]) -> list[Candidate]:
    """Return what may be drawn of a branch for a period, as known today.

    `alike` are the minutes that say what others say, in hundredths. Restricted records are not drawn: their titles
    would stand on a sheet that many see. What is dated before the branch began to record here is not called late.
    """
    standards = StandardService(store)
    day, year = min(span.last, store.today), span.first.year
    score = standards.score(day, year, branch_id=branch_id)
    return drawn_from(store, score, standards.facts(year, branch_id, day), span, alike)


def drawn_from(store: "Store", score: Score, facts: Facts, span: RaceSpan, alike: Mapping[str, int]) -> list[Candidate]:
    """Return what may be drawn of the branch whose score and facts these are; see `candidates`."""
    with store.reading(whole=True) as session:
        hidden = restricted_ids(session)
    lateness = Lateness(facts, StandardService(store).pack(score.on, score.year).scoring.late_entry_days)
    found = []
    for (kind, record_id), numbered in number_evidence(score).of_record.items():
        on = numbered.used.on
        if on is None or not span.first <= on <= span.last or record_id in hidden or not _drawable(kind):
            continue
        found.append(
            Candidate(
                kind=kind,
                id=record_id,
                on=on,
                title=numbered.used.title,
                item_id=numbered.item_id,
                number=numbered.number,
                late=lateness.days(record_id, on),
                alike=alike.get(record_id, 0),
            )
        )
    return found


def _drawable(kind: str) -> bool:
    return kind == MEETING or (kind in REGISTERS and not REGISTERS[kind].apart)

"""A branch judged at headquarters, criterion by criterion, with every record an item rests on and its files beside."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.services.attachments import AttachmentRow, AttachmentService
from desktop.services.race.editions import race_span
from desktop.services.standards.evidence import Numbers, number_evidence
from desktop.services.standards.kept_figures import reckoning
from desktop.services.standards.lateness import Lateness
from desktop.services.standards.quality import Ratings
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.score import ItemScore, Score
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import Used
from desktop.services.sync.branch_store import BranchStore, branch_store

if TYPE_CHECKING:
    from desktop.services.store import Store


def waits(item: ItemScore) -> bool:
    """Return whether a criterion of the item still waits for a judgement."""
    return any(part.criterion.typed and part.share is None for part in item.criteria)


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One record of an item: how many days late it was typed (0: not late), and what is attached to it."""

    used: Used
    late: int
    files: tuple[AttachmentRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """A branch as it is judged for a period: the verified score, and what the branch judged itself.

    `locked` says why nothing may be judged for the period any more, "" where it may.
    """

    branch_id: str
    period: str
    on: date
    score: Score
    own: Ratings
    numbers: Numbers
    locked: str

    def number(self, used: Used) -> str:
        """Return the evidence number of a record, "" where it is only a line of a list."""
        numbered = self.numbers.find(used)
        return "" if numbered is None else numbered.number


class JudgingService:
    """What headquarters sees of a branch while it judges."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def judging(self, branch_id: str, year: int, period: str) -> Judging:
        """Return a branch as it is judged for a period of `year`.

        Raises:
            Unreckonable: what the branch sent leads to an error.
        """
        span, today = race_span(period), self._store.today
        on = min(span.last, max(today, span.first))
        with reckoning(branch_id):
            score = StandardService(self._store).score(on, year, branch_id=branch_id)
        ratings = RatingService(self._store)
        own = ratings.ratings(year, branch_id=branch_id, verified=False, period=period)
        return Judging(
            branch_id=branch_id,
            period=period,
            on=on,
            score=score,
            own=own,
            numbers=number_evidence(score),
            locked=ratings.locked(period),
        )

    def evidence(self, judging: Judging) -> Mapping[str, tuple[EvidenceRow, ...]]:
        """Return the records each item rests on, the newest first, with their files.

        Raises:
            NotFound: nothing came from the branch yet.
        """
        score, standards = judging.score, StandardService(self._store)
        facts = standards.facts(score.year, judging.branch_id, judging.on)
        lateness = Lateness(facts, standards.pack(judging.on, score.year).scoring.late_entry_days)
        with self._records(judging) as records:
            ids = {used.id for item in score.items for used in item.used}
            files = AttachmentService(records).of_records(ids)
        return {
            item.id: tuple(
                EvidenceRow(used, lateness.days(used.id, used.on), () if used.withheld else files.get(used.id, ()))
                for used in sorted(item.used, key=lambda used: (used.on or date.min, used.id), reverse=True)
            )
            for item in score.items
        }

    def paper(self, judging: Judging, used: Used) -> bytes | None:
        """Return a record of the branch as it is printed; None where it is only a line of a list, or withheld.

        Raises:
            NotFound: it is not there any more.
        """
        from desktop.services.archive.evidence import EvidencePapers  # it loads the libraries for PDF

        with self._records(judging) as records:
            return EvidencePapers(records).paper(used, judging.score.year, judging.on)

    @contextmanager
    def _records(self, judging: Judging) -> Iterator[BranchStore]:
        with branch_store(self._store, judging.branch_id) as records:
            yield records

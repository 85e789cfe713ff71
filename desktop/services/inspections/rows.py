"""Checklists as pages, papers and workbooks see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desktop.models.vocabulary.inspections import PointState
from desktop.services.inspections.reading import ListHead
from desktop.services.numbers import digits


@dataclass(frozen=True, slots=True)
class Proof:
    """A record that proves a point: its kind, its id, what it is called (empty: it is not there any more)."""

    kind: str
    id: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRow:
    """One point of a checklist."""

    id: str
    position: int
    section: str
    title: str
    points: float | None
    scoring: str
    method: str
    owner_id: str
    owner: str
    due_on: date | None
    done_on: date | None
    finding: str
    self_points: float | None
    checked_points: float | None
    others: Mapping[str, str]
    note: str
    state: PointState
    proofs: tuple[Proof, ...]
    attachments: int
    rev: int

    @property
    def evidence(self) -> str:
        """What proves it, in words."""
        files = (f"附件{self.attachments}个",) if self.attachments else ()
        return "；".join((*(proof.words or "（已删除或看不到的记录）" for proof in self.proofs), *files))


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionRow:
    """One checklist with its sums; the points that have no number count in none."""

    id: str
    title: str
    inspector: str
    received_on: date
    self_due_on: date | None
    visit_on: date | None
    heads: tuple[ListHead, ...]
    note: str
    rev: int
    count: int
    ready: int
    late: int
    full: float
    self_sum: float | None
    checked_sum: float | None

    @property
    def progress(self) -> str:
        """How much of it is ready, in words."""
        late = f"，逾期 {self.late} 条" if self.late else ""
        return f"{self.count} 条，已备齐 {self.ready} 条{late}"


def score_words(score: float | None) -> str:
    """Return points as people write them: 5, 2.5, nothing for none."""
    return "" if score is None else digits(score)

"""One edition of the branch standard (标准包) as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Label:
    """An id with its Chinese name: a period, a record kind, a metric, a condition."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A trace rule: its kind and parameters (checked against `RULE_PARAMETERS`); `rules` only for all_of."""

    kind: str
    params: Mapping[str, Any]
    rules: tuple["Rule", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One quality criterion. `full` and `zero` bound the linear scale of surveys and metrics."""

    text: str
    how: str
    by: str
    metric: str = ""
    full: Fraction | None = None
    zero: Fraction | None = None

    @property
    def typed(self) -> bool:
        """Whether people judge it; the program computes the others."""
        return self.how != "metric"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the standard (条目). Weights are hundredths of a point."""

    id: str
    dimension: str
    title: str
    target: str
    period: str
    trace_weight: int
    quality_weight: int
    post: str
    evidence: tuple[str, ...]
    basis: str
    rule: Rule
    quality: tuple[Criterion, ...]
    applies_if: str = ""
    gate: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the dimensions (维度); `weight` in hundredths of a point."""

    id: str
    key: str
    name: str
    weight: int
    items: tuple[Item, ...]

    @property
    def active_items(self) -> tuple[Item, ...]:
        """The items that count; the others keep their id for the years before."""
        return tuple(item for item in self.items if item.enabled)


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (等次): lowest rate in points and lowest quality ratio."""

    id: str
    name: str
    min: Fraction
    min_quality_ratio: Fraction


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that caps the grade whatever the points."""

    id: str
    name: str
    effect: str
    max_grade: str


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A kind of evidence (佐证); `nature` is trace or outcome."""

    id: str
    name: str
    nature: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post that answers for items."""

    id: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """A regulation or paper that items rest on."""

    id: str
    name: str
    effective: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class AgendaTag:
    """A tag of meetings and of the items of their agenda; `words` propose it when a meeting is typed or imported.

    `study`: an item of this kind says what was read, who led, in what form, and what the branch does about it.
    """

    id: str
    name: str
    words: tuple[str, ...]
    study: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """From when on minutes are pointed out as nearly the same as others of the last `years`."""

    minutes_ratio: float = 0.85
    years: int = 2
    least_characters: int = 60


@dataclass(frozen=True, slots=True)
class RecordTag:
    """A tag of records of one kind."""

    id: str
    record: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """How points are made from ratios and ratings."""

    quality_scale_max: int
    low_quality_threshold: Fraction
    low_quality_trace_cap: Fraction
    max_photos_per_record: int
    photo_longest_side: int
    late_entry_days: int
    late_entry_factor: Fraction
    sample_ratio: Fraction
    sample_min: int
    fabrication_item_score: Fraction
    extra_evidence_bonus: bool


@dataclass(frozen=True, kw_only=True)
class Pack:
    """One edition of the branch standard (标准包)."""

    pack_id: str
    version: str
    title: str
    effective_from: date
    total: int
    scoring: Scoring
    grades: tuple[Grade, ...]
    gates: tuple[Gate, ...]
    evidence_kinds: tuple[EvidenceKind, ...]
    posts: tuple[Post, ...]
    periods: tuple[Label, ...]
    bases: tuple[Basis, ...]
    record_kinds: tuple[Label, ...]
    agenda_tags: tuple[AgendaTag, ...]
    similarity: Similarity
    record_tags: tuple[RecordTag, ...]
    duty_levels: tuple[Label, ...]
    duty_posts: tuple[Label, ...]
    metrics: tuple[Label, ...]
    conditions: tuple[Label, ...]
    dimensions: tuple[Dimension, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Every enabled item, in order."""
        return tuple(item for dimension in self.dimensions for item in dimension.active_items)

    def item(self, item_id: str) -> Item:
        """Return the item with this id, enabled or not.

        Raises:
            KeyError: no such item in this edition.
        """
        for dimension in self.dimensions:
            for item in dimension.items:
                if item.id == item_id:
                    return item
        raise KeyError(item_id)

    def codes(self, name: str) -> dict[str, str]:
        """Return code -> Chinese name of a list that fields of registers hold codes of (`codes=` of a field)."""
        return {
            label.id: label.name for label in {"duty_levels": self.duty_levels, "duty_posts": self.duty_posts}[name]
        }

    def post_name(self, post: str) -> str:
        """Return the Chinese name of a post, its id where this edition has none."""
        return next((p.name for p in self.posts if p.id == post), post)

    def proposed_tags(self, topic: str) -> tuple[str, ...]:
        """Return the agenda tags whose words occur in `topic`: a proposal for people to confirm."""
        return tuple(tag.id for tag in self.agenda_tags if any(word in topic for word in tag.words))

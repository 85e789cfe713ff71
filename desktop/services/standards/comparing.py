"""The branch's own score (自评) beside headquarters' (核定): compared only over what both judged."""

from dataclasses import dataclass

from desktop.services.standards.score import CriterionScore, ItemScore, Score, half_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two scores of one scope. Points are hundredths; `both` counts the criteria that both sides judged.

    `own` and `verified` are all points won on either side and may not be compared with one another: they rest on
    different judgements. `own_both` and `verified_both` are the points of the criteria that both judged.
    """

    id: str
    name: str
    own: int
    verified: int
    max: int
    both: int
    own_both: int
    verified_both: int

    @property
    def apart(self) -> int | None:
        """How much higher (or lower) headquarters judged what both judged; None where there is nothing of the kind."""
        return self.verified_both - self.own_both if self.both else None


def compare(own: Score, verified: Score) -> tuple[Compared, tuple[Compared, ...]]:
    """Return two scores of one year as a whole, and by dimension of the own one."""
    theirs = {item.id: item for item in verified.items}
    points = {part.id: part.score for part in verified.dimensions}
    parts = []
    for dimension in own.dimensions:
        judged = [pair for item in dimension.items for pair in _both(item, theirs.get(item.id))]
        parts.append(
            Compared(
                id=dimension.id,
                name=dimension.dimension.name,
                own=dimension.score,
                verified=points.get(dimension.id, 0),
                max=dimension.max,
                both=len(judged),
                own_both=sum(_points(mine) for mine, _ in judged),
                verified_both=sum(_points(other) for _, other in judged),
            )
        )
    whole = Compared(
        id="",
        name="",
        own=own.total,
        verified=verified.total,
        max=own.max,
        both=sum(part.both for part in parts),
        own_both=sum(part.own_both for part in parts),
        verified_both=sum(part.verified_both for part in parts),
    )
    return whole, tuple(parts)


def _both(mine: ItemScore, other: ItemScore | None) -> list[tuple[CriterionScore, CriterionScore]]:
    """Return the criteria of an item that people on both sides judged; what is computed is no judgement."""
    if other is None:
        return []
    return [
        (first, second)
        for first, second in zip(mine.criteria, other.criteria, strict=False)
        if first.rated is not None and second.rated is not None and first.share is not None and second.share is not None
    ]


def _points(part: CriterionScore) -> int:
    return 0 if part.share is None else half_up(part.share * part.max)

"""What pages, the command line and Excel show of a race: rows read back from the stored detail.

A result is kept as JSON (`RaceResult.detail`), figures as text so that they stay exact. One shape serves
headquarters before publication, headquarters afterwards, and the branch that received its own result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.models.race import RaceResult
from desktop.services.race.editions import period_name
from desktop.services.race.scheme import Scheme
from desktop.services.race.standings import (
    STATUS_NAMES,
    UNCLASSED,
    IndicatorScore,
    Standing,
    Status,
    class_name,
    round_half_up,
    value_text,
)


@dataclass(frozen=True, slots=True)
class PartView:
    """One value of an indicator and the points it brought."""

    id: str
    name: str
    weight: Decimal
    value: Decimal | None
    value_text: str
    samples: int | None
    ground: str
    points: Decimal | None
    status: str


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """One indicator of one branch; `leaders` is the mean of the advanced branches of the group."""

    id: str
    name: str
    weight: Decimal
    raw: Decimal | None
    points: Decimal | None
    status: str
    status_name: str
    leaders: Decimal | None
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class MoveView:
    """What raising one value brings; `chosen` ones together reach the next class."""

    part: str
    indicator: str
    name: str
    now: Decimal
    target: Decimal
    now_text: str
    target_text: str
    gain: Decimal
    full_gain: Decimal
    chosen: bool


@dataclass(frozen=True, slots=True)
class NamedPoints:
    """A penalty or veto as it applied."""

    id: str
    name: str
    cases: int
    points: Decimal
    ground: str


@dataclass(frozen=True, slots=True)
class RaceRow:
    """The result of one branch in one period. `class_id` is advanced, middle, lagging or unclassed."""

    branch_id: str
    code: str
    name: str
    period: str
    period_name: str
    scheme_version: str
    group: str
    group_name: str
    group_size: int
    total: Decimal | None
    base: Decimal | None
    rank: int | None
    previous_rank: int | None
    class_id: str
    class_name: str
    next_class: str | None
    next_class_name: str
    to_next_line: Decimal | None
    missing_weight: Decimal
    indicators: tuple[IndicatorView, ...]
    penalties: tuple[NamedPoints, ...]
    vetoes: tuple[NamedPoints, ...]
    reasons: tuple[str, ...]
    moves: tuple[MoveView, ...]
    benchmark: str | None
    handed_in: bool
    published_on: date | None

    @property
    def chosen_moves(self) -> tuple[MoveView, ...]:
        """The cheapest set of moves that reaches the next class."""
        return tuple(move for move in self.moves if move.chosen)

    @property
    def movement(self) -> int | None:
        """Return places gained (positive) or lost since the period before; None if there is no rank to compare."""
        if self.rank is None or self.previous_rank is None:
            return None
        return self.previous_rank - self.rank


def detail_of(
    scheme: Scheme,
    standing: Standing,
    group: Sequence[Standing],
    *,
    code: str,
    previous_rank: int | None,
    handed_in: bool,
    grounds: Mapping[str, str],
) -> dict[str, Any]:
    """Return what is kept of a result besides its columns; `group` is everybody in the same group."""
    leaders = [row for row in group if row.class_id == "advanced"]
    best = next((row.name for row in leaders if row.branch != standing.branch), None)
    helped = next((row.name for row in reversed(group) if row.class_id == "lagging"), None)
    return {
        "code": code,
        "name": standing.name,
        "group_name": scheme.group(standing.group).name,
        "own_group": standing.own_group,
        "class": standing.class_id,
        "class_name": class_name(scheme, standing.class_id),
        "next_class": standing.next_class,
        "next_class_name": class_name(scheme, standing.next_class) if standing.next_class else "",
        "to_next_line": _text(standing.to_next_line),
        "base": _text(standing.base),
        "missing_weight": _text(standing.missing_weight),
        "previous_rank": previous_rank,
        "handed_in": handed_in,
        "benchmark": helped if standing.class_id == "advanced" else best,
        "indicators": [
            _indicator(scheme, one, [leader.indicators[index] for leader in leaders])
            for index, one in enumerate(standing.indicators)
        ],
        "penalties": [
            {
                "id": one.penalty.id,
                "name": one.penalty.name,
                "cases": one.cases,
                "points": _text(one.points),
                "ground": grounds.get(one.penalty.id, ""),
            }
            for one in standing.deductions
        ],
        "vetoes": [
            {"id": one.id, "name": one.name, "cases": 1, "points": "0", "ground": grounds.get(one.id, "")}
            for one in standing.vetoes
        ],
        "reasons": list(standing.reasons),
        "moves": [
            {
                "part": move.part,
                "indicator": move.indicator,
                "name": move.name,
                "now": _text(move.now),
                "target": _text(move.target),
                "now_text": move.now_text,
                "target_text": move.target_text,
                "gain": _text(move.gain),
                "full_gain": _text(move.full_gain),
                "chosen": move.chosen,
            }
            for move in standing.moves
        ],
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _indicator(scheme: Scheme, one: IndicatorScore, leaders: Sequence[IndicatorScore]) -> dict[str, Any]:
    points = [leader.points for leader in leaders if leader.points is not None]
    mean = round_half_up(sum(points, Decimal(0)) / len(points)) if points else None
    return {
        "id": one.id,
        "name": one.name,
        "weight": _text(one.weight),
        "raw": _text(one.raw),
        "points": _text(one.points),
        "status": one.status.value,
        "leaders": _text(mean),
        "parts": [
            {
                "id": part.id,
                "name": part.name,
                "weight": _text(part.weight),
                "value": _text(part.value),
                "value_text": "" if part.value is None else value_text(scheme.part(part.id)[1], part.value),
                "samples": part.samples,
                "ground": part.ground,
                "points": _text(part.points),
                "status": part.status.value,
            }
            for part in one.parts
        ],
    }


def row_of(result: RaceResult) -> RaceRow:
    """Return a stored (or just built) result as people read it."""
    detail = result.detail
    total = None if result.total_hundredths is None else Decimal(result.total_hundredths).scaleb(-2)
    return RaceRow(
        branch_id=result.branch_id,
        code=detail.get("code", ""),
        name=detail.get("name", ""),
        period=result.period,
        period_name=period_name(result.period),
        scheme_version=result.scheme_version,
        group=result.group,
        group_name=detail.get("group_name", ""),
        group_size=result.group_size,
        total=total,
        base=_decimal(detail.get("base")),
        rank=result.rank,
        previous_rank=detail.get("previous_rank"),
        class_id=result.race_class.value if result.race_class is not None else UNCLASSED,
        class_name=detail.get("class_name", ""),
        next_class=detail.get("next_class"),
        next_class_name=detail.get("next_class_name", ""),
        to_next_line=_decimal(detail.get("to_next_line")),
        missing_weight=_decimal(detail.get("missing_weight")) or Decimal(0),
        indicators=tuple(
            IndicatorView(
                id=one["id"],
                name=one["name"],
                weight=Decimal(one["weight"]),
                raw=_decimal(one["raw"]),
                points=_decimal(one["points"]),
                status=one["status"],
                status_name=STATUS_NAMES[Status(one["status"])],
                leaders=_decimal(one["leaders"]),
                parts=tuple(
                    PartView(
                        part["id"],
                        part["name"],
                        Decimal(part["weight"]),
                        _decimal(part["value"]),
                        part["value_text"],
                        part["samples"],
                        part["ground"],
                        _decimal(part["points"]),
                        part["status"],
                    )
                    for part in one["parts"]
                ),
            )
            for one in detail.get("indicators", ())
        ),
        penalties=_named(detail.get("penalties", ())),
        vetoes=_named(detail.get("vetoes", ())),
        reasons=tuple(detail.get("reasons", ())),
        moves=tuple(
            MoveView(
                move["part"],
                move["indicator"],
                move["name"],
                Decimal(move["now"]),
                Decimal(move["target"]),
                move["now_text"],
                move["target_text"],
                Decimal(move["gain"]),
                Decimal(move["full_gain"]),
                move["chosen"],
            )
            for move in detail.get("moves", ())
        ),
        benchmark=detail.get("benchmark"),
        handed_in=bool(detail.get("handed_in")),
        published_on=result.published_on,
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _named(rows: Sequence[Mapping[str, Any]]) -> tuple[NamedPoints, ...]:
    return tuple(NamedPoints(r["id"], r["name"], r["cases"], Decimal(r["points"]), r["ground"]) for r in rows)

"""The stored detail of a race result (`RaceResult.detail`): made from a standing, read back as a row.

A result is kept as JSON, figures as text so that they stay exact. One shape serves headquarters before
publication, headquarters afterwards, and the branch that received its own result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from desktop.models.race import RaceAppeal, RaceResult
from desktop.services.errors import Input, InvalidInput
from desktop.services.race.editions import period_name, race_span
from desktop.services.race.rows import (
    AppealTold,
    IndicatorView,
    MoveView,
    NamedPoints,
    PartView,
    QuarterView,
    RaceRow,
    YearView,
)
from desktop.services.race.scheme import Scheme
from desktop.services.race.scoring import (
    STATUS_NAMES,
    UNCLASSED,
    IndicatorScore,
    Status,
    class_name,
    line_words,
    mean,
    round_half_up,
    value_text,
)
from desktop.services.race.standings import Standing

DETAIL = Input("detail", "计分明细")
APPEALS, CORRECTED = "appeals", "corrected"
"""Where a result says what was decided on the appeals of its branch, and what publishing anew changed for it; programs
that know neither pass over them."""
OWN_GROUP = "own_group"
"""Where a result says in which group its branch is, whichever it raced in."""
REASONS = "reasons"
"""Where a result says in sentences why it is what it is."""
NOT_ASKED = "not_asked"
"""Where a result says why its branch did not owe the report of the period."""
YEAR = "year"
"""Where the result of a year says how its total was made."""


def detail_of(
    scheme: Scheme,
    standing: Standing,
    group: Sequence[Standing],
    *,
    code: str,
    previous_rank: int | None,
    handed_in: bool,
    unreported: str,
    grounds: Mapping[str, str],
    not_asked: str = "",
) -> dict[str, Any]:
    """Return what is kept of a result besides its columns; `group` is everybody in the same group.

    `unreported` are the words for a branch that has not handed in the period, `not_asked` why it does not owe it.
    """
    leaders = [row for row in group if row.class_id == "advanced"]
    measure = [] if [row.branch for row in leaders] == [standing.branch] else leaders
    best = next((row.name for row in leaders if row.branch != standing.branch), None)
    helped = next((row.name for row in reversed(group) if row.class_id == "lagging"), None)
    return {
        "code": code,
        "name": standing.name,
        "group_name": scheme.group(standing.group).name,
        OWN_GROUP: standing.own_group,
        "class": standing.class_id,
        "class_name": class_name(scheme, standing.class_id),
        "next_class": standing.next_class,
        "next_class_name": class_name(scheme, standing.next_class) if standing.next_class else "",
        "to_next_line": _text(standing.to_next_line),
        "base": _text(standing.base),
        "missing_weight": _text(standing.missing_weight),
        "previous_rank": previous_rank,
        "handed_in": handed_in,
        **({NOT_ASKED: not_asked} if not_asked else {}),
        "benchmark": helped if standing.class_id == "advanced" else best,
        **_year(scheme, standing),
        "indicators": [
            _indicator(scheme, score, [leader.indicators[index] for leader in measure])
            for index, score in enumerate(standing.indicators)
        ],
        "penalties": [
            {
                "id": deduction.penalty.id,
                "name": deduction.penalty.name,
                "cases": deduction.cases,
                "unit": deduction.penalty.unit,
                "points": _text(deduction.points),
                "ground": grounds.get(deduction.penalty.id, ""),
            }
            for deduction in standing.deductions
        ],
        "vetoes": [
            {"id": veto.id, "name": veto.name, "cases": 1, "points": "0", "ground": grounds.get(veto.id, "")}
            for veto in standing.vetoes
        ],
        REASONS: [*standing.reasons, *((unreported,) if unreported and not handed_in else ())],
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


def _year(scheme: Scheme, standing: Standing) -> dict[str, Any]:
    """Return how a year's total was made, under its own key; nothing for a quarter."""
    if not standing.quarters:
        return {}
    known = [total for total in standing.quarters if total is not None]
    return {
        YEAR: {
            "quarters": [_text(total) for total in standing.quarters],
            "mean": _text(round_half_up(mean(known))) if known else None,
            "quarters_share": _text(scheme.quarters_share),
            "year_end": _text(standing.year_end),
            "year_end_share": _text(scheme.year_end_share),
        }
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _indicator(scheme: Scheme, score: IndicatorScore, leaders: Sequence[IndicatorScore]) -> dict[str, Any]:
    points = [leader.points for leader in leaders if leader.points is not None]
    average = round_half_up(sum(points, Decimal(0)) / len(points)) if points else None
    return {
        "id": score.id,
        "name": score.name,
        "weight": _text(score.weight),
        "raw": _text(score.raw),
        "points": _text(score.points),
        "status": score.status.value,
        "leaders": _text(average),
        "parts": [
            {
                "id": part.id,
                "name": part.name,
                "weight": _text(part.weight),
                "value": _text(part.value),
                "value_text": "" if part.value is None else value_text(scheme.part(part.id)[1], part.value),
                "line": line_words(scheme.part(part.id)[1]),
                "samples": part.samples,
                "ground": part.ground,
                "points": _text(part.points),
                "status": part.status.value,
                "typed": part.typed,
            }
            for part in score.parts
        ],
    }


def row_of(result: RaceResult) -> RaceRow:
    """Return a stored (or just built) result as people read it."""
    detail = result.detail
    total = None if result.total_hundredths is None else Decimal(result.total_hundredths).scaleb(-2)
    told = [appeal for appeal in detail.get(APPEALS, ()) if isinstance(appeal, Mapping)]
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
                id=indicator["id"],
                name=indicator["name"],
                weight=Decimal(indicator["weight"]),
                raw=_decimal(indicator["raw"]),
                points=_decimal(indicator["points"]),
                status=indicator["status"],
                status_name=STATUS_NAMES[Status(indicator["status"])],
                leaders=_decimal(indicator["leaders"]),
                parts=tuple(
                    PartView(
                        id=part["id"],
                        name=part["name"],
                        weight=Decimal(part["weight"]),
                        value=_decimal(part["value"]),
                        value_text=part["value_text"],
                        line=str(part.get("line", "")),
                        samples=part["samples"],
                        ground=part["ground"],
                        points=_decimal(part["points"]),
                        status=part["status"],
                        typed=part.get("typed"),
                    )
                    for part in indicator["parts"]
                ),
            )
            for indicator in detail.get("indicators", ())
        ),
        penalties=_named(detail.get("penalties", ())),
        vetoes=_named(detail.get("vetoes", ())),
        reasons=tuple(detail.get(REASONS, ())),
        moves=tuple(
            MoveView(
                part=move["part"],
                indicator=move["indicator"],
                name=move["name"],
                now=Decimal(move["now"]),
                target=Decimal(move["target"]),
                now_text=move["now_text"],
                target_text=move["target_text"],
                gain=Decimal(move["gain"]),
                full_gain=Decimal(move["full_gain"]),
                chosen=move["chosen"],
            )
            for move in detail.get("moves", ())
        ),
        benchmark=detail.get("benchmark"),
        handed_in=bool(detail.get("handed_in")),
        not_asked=str(detail.get(NOT_ASKED, "")),
        published_on=result.published_on,
        corrected=str(detail.get(CORRECTED, "")),
        year=_year_view(result.period, detail.get(YEAR)),
        appeals=tuple(AppealTold(**{f.name: str(a.get(f.name, "")) for f in fields(AppealTold)}) for a in told),
    )


def _year_view(period: str, kept: Mapping[str, Any] | None) -> YearView | None:
    if kept is None:
        return None
    quarters = zip(race_span(period).quarters, kept["quarters"], strict=True)
    return YearView(
        quarters=tuple(QuarterView(code, _decimal(total)) for code, total in quarters),
        mean=_decimal(kept["mean"]),
        quarters_share=Decimal(kept["quarters_share"]),
        year_end=_decimal(kept["year_end"]),
        year_end_share=Decimal(kept["year_end_share"]),
    )


def refuse_unreadable(values: Mapping[str, Any]) -> None:
    """Refuse the columns of a result that could not be shown as a row: whoever made them, they are no result.

    Raises:
        InvalidInput: it names the detail.
    """
    try:
        row = row_of(RaceResult(**values))
        if not _as_declared(row, RaceRow):
            raise TypeError(DETAIL.name)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError, InvalidInput) as error:
        raise InvalidInput(DETAIL, "读不出赛马结果") from error


def _as_declared(value: object, hint: Any) -> bool:
    """Whether a value read from JSON is what its declaration says, down to the last field."""
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(_as_declared(each, get_args(hint)[0]) for each in value)
    if get_origin(hint) is UnionType:
        return any(_as_declared(value, each) for each in get_args(hint))
    if isinstance(value, bool) and hint is not bool:
        return False
    if not isinstance(value, hint):
        return False
    if not is_dataclass(value):
        return not isinstance(value, Decimal) or value.is_finite()
    hints = get_type_hints(type(value))
    return all(_as_declared(getattr(value, field.name), hints[field.name]) for field in fields(value))


def tell_appeals(result: RaceResult, appeals: Sequence[RaceAppeal]) -> None:
    """Write into a result what its branch is to know of its appeals against it."""
    told = [
        {
            "received_on": appeal.received_on.isoformat(),
            "raised_by": appeal.raised_by,
            "ground": appeal.ground,
            "state": appeal.state.label,
            "decided_on": appeal.decided_on.isoformat() if appeal.decided_on else "",
            "decided_by": appeal.decided_by,
            "decision": appeal.decision,
            "outcome": appeal.outcome,
            "raised": appeal.raised_id or "",
            "item": appeal.indicator,
        }
        for appeal in appeals
    ]
    if told or APPEALS in result.detail:
        result.detail = {**result.detail, APPEALS: told}


def tell_corrected(result: RaceResult, changed: str) -> None:
    """Write into a result what publishing it anew changed for its branch; what an earlier time changed goes."""
    kept = {key: value for key, value in result.detail.items() if key != CORRECTED}
    result.detail = {**kept, CORRECTED: changed} if changed else kept


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _named(rows: Sequence[Mapping[str, Any]]) -> tuple[NamedPoints, ...]:
    return tuple(
        NamedPoints(r["id"], r["name"], r["cases"], Decimal(r["points"]), r["ground"], str(r.get("unit", "")))
        for r in rows
    )

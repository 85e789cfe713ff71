"""Rows of every declared register as one query: whatever is declared is counted, with no code of its own."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)

from desktop.models.registers import REGISTERS, Register
from desktop.services.standards.facts import ACTIVITY_KINDS
from desktop.services.standards.queries import FIRST, LAST, live
from desktop.services.standards.vocabulary import ENTITY_STATES


@cache
def register_rows() -> CompoundSelect[*tuple[Any, ...]]:
    """One query over every declared register: whatever is declared is counted, with no code of its own."""
    width = max((len(stage_dates(kind)) for kind in REGISTERS), default=0)
    return union_all(*(_rows_of(register, width) for register in REGISTERS.values()))


@cache
def stage_dates(kind: str) -> tuple[str, ...]:
    """Return the states of a register whose day is a field of its own (done_on, started_on for the active state)."""
    register = REGISTERS[kind]
    model = register.model
    states = next((f.choices for f in register.fields if f.name == "state"), None)
    found = [state.value for state in states or () if hasattr(model, f"{state.value}_on")]
    if register.states and register.states.active and register.states.starts:
        found.append(register.states.active.value)
    return tuple(dict.fromkeys(found))


def _stage_columns(register: Register) -> list[ColumnElement[date]]:
    columns = []
    for state in stage_dates(register.kind):
        name = f"{state}_on"
        if not hasattr(register.model, name) and register.states:
            name = register.states.starts or name
        columns.append(getattr(register.model, name))
    return columns


def _rows_of(register: Register, width: int) -> Select[*tuple[Any, ...]]:
    model = register.model

    def text(name: str | None) -> ColumnElement[str]:
        return cast(getattr(model, name), String) if name and hasattr(model, name) else cast(null(), String)

    def day(column: ColumnElement[date] | None) -> ColumnElement[date]:
        return column if column is not None else cast(null(), Date)

    satisfied, asked = _judged(register)
    has_state = any(f.name == "state" for f in register.fields)
    on = getattr(model, register.date_field) if register.date_field else None
    stages = _stage_columns(register)
    query = select(
        literal(register.kind, String).label("kind"),
        model.id.label("id"),
        type_coerce(day(on), Date).label("event_on"),
        text(register.heading).label("title"),
        text(register.subject).label("subject"),
        text(register.tag).label("tag"),
        text("place" if register.kind in ACTIVITY_KINDS else "venue_id").label("venue"),
        model.created_at_utc.label("created"),
        text("result" if register.kind == "commitment" else None).label("outcome"),
        cast(satisfied, Integer).label("satisfied"),
        cast(asked, Integer).label("asked"),
        text("state" if has_state else None).label("state"),
        type_coerce(day(getattr(model, "state_on", None)), Date).label("state_on"),
        *(type_coerce(day(stages[n] if n < len(stages) else None), Date).label(f"stage{n}") for n in range(width)),
    ).where(live(model))
    if on is not None and not has_state:
        query = query.where(on.between(FIRST, LAST))
    return query


def _judged(register: Register) -> tuple[Any, Any]:
    """Return how many were satisfied, and how many were asked: as typed, else summed up from the ballots."""
    survey, model = register.survey, register.model
    if survey is None:
        return null(), null()
    satisfied = getattr(model, survey.satisfied)
    if survey.asked is None:
        return satisfied, case((satisfied.is_not(None), 1))
    asked = getattr(model, survey.asked)
    if not survey.ballots:
        return satisfied, asked
    counts = [getattr(model, name) for name in survey.ballots]
    voted = or_(*(count.is_not(None) for count in counts))

    def total(parts: Sequence[Any]) -> Any:
        return case((voted, sum((func.coalesce(part, 0) for part in parts), literal(0))))

    return func.coalesce(satisfied, total(counts[: survey.good])), func.coalesce(asked, total(counts))


def timeline(
    kind: str, state: str, since: date, changes: list[tuple[str, date]], own: Mapping[str, date | None]
) -> tuple[tuple[str, date], ...]:
    """Return the states of a record with the day it entered each: as noted, or as its own date fields say."""
    order = {name: number for number, name in enumerate(ENTITY_STATES.get(kind, ()))}
    days = dict(changes) or {state: since}
    days.setdefault(state, since)
    reached = order.get(state, -1)
    for name, on in own.items():
        if on is not None and order.get(name, reached + 1) <= reached:
            days[name] = on
    return tuple(sorted(days.items(), key=lambda entry: (entry[1], order.get(entry[0], 0))))

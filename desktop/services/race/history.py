"""What happened to a period of the race (本期经过): every step, figure, mark and appeal, with who and when."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.history import Change
from desktop.models.race import RaceAppeal, RaceInput, RaceMark, RacePeriod
from desktop.models.vocabulary.race import AppealState
from desktop.services.clock import local
from desktop.services.history import ChangeRow, FieldChange
from desktop.services.quoting import nested
from desktop.services.race.corrections import MILLION
from desktop.services.race.editions import race_span
from desktop.services.race.periods import scheme_of, taking_part
from desktop.services.race.scheme import Scheme
from desktop.services.race.scoring import plain, value_text
from desktop.services.store import Store

_TABLES = (RacePeriod, RaceInput, RaceMark, RaceAppeal)
Values = Mapping[str, Any]


class PeriodHistory:
    """The history of the periods of the race, at headquarters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, period: str) -> list[ChangeRow]:
        """Return what was done in a period, newest first; a correction says what stood there before."""
        span = race_span(period)
        scheme = scheme_of(self._store, span)
        with self._store.reading() as session:
            names = {racer.branch_id: racer.name for racer in taking_part(session, span.code)}
            rows: dict[str, ChangeRow] = {}
            known: dict[str, Values] = {}
            for change in _changes(session, span.code):
                before = known.get(change.record_id, {})
                after = {**before, **(change.after or {})}
                known[change.record_id] = after
                at = local(change.at_utc, self._store.clock)
                row = rows.get(change.action_id, ChangeRow(at, change.actor, nested(change.sentence), ()))
                line = _line(change.record_kind, scheme, names, before, after)
                rows[change.action_id] = ChangeRow(row.at, row.actor, row.sentence, (*row.fields, *line))
        return list(reversed(rows.values()))


def _changes(session: Session, code: str) -> list[Change]:
    """Return the changes of the records of a period, oldest first."""
    found: list[Change] = []
    for table in _TABLES:
        ids = select(table.id).where(table.period == code)
        found += session.scalars(
            select(Change).where(Change.record_kind == table.__tablename__, Change.record_id.in_(ids))
        )
    return sorted(found, key=lambda change: change.id)


def _line(
    kind: str, scheme: Scheme, names: Mapping[str, str], before: Values, after: Values
) -> tuple[FieldChange, ...]:
    """Say what changed in one record; a step of the period says it in its sentence."""
    branch = names.get(str(after.get("branch_id")), "已停用的支部")
    if kind == RaceInput.__tablename__:
        return _changed(f"{branch}{after['indicator']}", _figure(scheme, before), _figure(scheme, after))
    if kind == RaceMark.__tablename__:
        return _changed(f"{branch}{after['rule_id']}", _mark(before), _mark(after))
    if kind == RaceAppeal.__tablename__:
        if after.get("republished_on") and not before.get("republished_on"):
            return (FieldChange(f"{branch}的申诉", "", f"重新公布，{after['outcome']}"),)
        return _changed(f"{branch}的申诉", _appeal(before), _appeal(after))
    return ()


def _changed(label: str, before: str, after: str) -> tuple[FieldChange, ...]:
    return (FieldChange(label, before, after),) if before != after else ()


def _figure(scheme: Scheme, values: Values) -> str:
    if not values or values.get("deleted_at_utc"):
        return ""
    value = Decimal(values["value_millionths"]) / MILLION
    try:
        said = value_text(scheme.part(values["indicator"])[1], value)
    except KeyError:  # the scheme has dropped the indicator
        said = plain(value)
    samples = f"，样本{values['samples']}" if values.get("samples") is not None else ""
    return f"{said}{samples}（{values['ground']}）"


def _mark(values: Values) -> str:
    return "" if not values or values.get("deleted_at_utc") else f"{values['count']}件（{values['ground']}）"


def _appeal(values: Values) -> str:
    if not values:
        return ""
    said = defaultdict(str, values)  # what was empty when it was new is not among the values
    state = AppealState(said["state"])
    if state is AppealState.PENDING:
        late = f"；逾期受理：{said['late_reason']}" if said["late_reason"] else ""
        return f"{said['raised_by']}：{said['ground']}{late}"
    return f"{state.label}，{said['decided_by']}：{said['decision']}"

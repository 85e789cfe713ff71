"""A row of a register on its way into the store: understood, checked, written, the day of its state noted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import plain
from desktop.models.checks import Check
from desktop.models.registers import Kept, Register, RegisterField, StateChange, Stateful
from desktop.services.errors import InvalidInput
from desktop.services.registers.values import RowNames, understand

EMPTY: tuple[object, ...] = (None, "", ())
"""Values that say nothing."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Takes values into one register of one branch, on the day `today`."""

    register: Register
    branch_id: str
    today: date
    names: RowNames
    tags: Mapping[str, str]
    limits: Mapping[str, int] | None = None
    """The most that the rules in force allow a field to be, by its name."""

    def understood(
        self, values: Mapping[str, object], *, parsed: bool = False, present: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        """Return `values` as they are stored; `parsed` says that a sheet's columns have understood them already.

        `present` are the values of the row they change: rules on several fields are held against all of them.

        Raises:
            InvalidInput: a value breaks a rule.
        """
        understood: dict[str, object] = {}
        for field in self.register.fields:
            if field.name not in values:
                continue
            value = values[field.name] if parsed else self._read(field, values[field.name])
            understood[field.name] = value
        refuse(self.register, understood, self.today, present or {})
        _hold(self.register, self.register.wants, {**(present or {}), **understood})
        for name, most in (self.limits or {}).items():
            value = understood.get(name)
            if isinstance(value, int) and value > most:
                raise InvalidInput(self.register.field(name), f"按规定最多{most}")
        return understood

    def keep(self, session: Session, record: Kept | None, values: Mapping[str, object]) -> Kept:
        """Write understood `values` into `record`, or into a new row if it is None; return the row.

        Raises:
            InvalidInput: a new row lacks a required value.
        """
        before = None if record is None else plain(getattr(record, "state", None))
        if record is None:
            for field in self.register.fields:
                if field.required and values.get(field.name) in EMPTY and field.default is None:
                    raise InvalidInput(field, "不能为空")
            given = {name: value for name, value in values.items() if value is not None}
            kept: Kept = self.register.model(branch_id=self.branch_id, **given)
            session.add(kept)
            session.flush()
        else:
            kept = record
            for name, value in values.items():
                setattr(kept, name, self._emptied(name) if value is None else value)
        if isinstance(kept, Stateful):
            self._note_state(session, kept, before, values)
        return kept

    def _emptied(self, name: str) -> object:
        """Return what a field says after it was emptied: nothing, or where it always says something what it began with.

        A new row whose cell is empty says the same.
        """
        column = self.register.model.__table__.c.get(name)
        return None if column is None or column.nullable else self.register.field(name).default

    def _read(self, field: RegisterField, typed: object) -> object:
        try:
            return understand(field, typed, self.names, self.tags)
        except InvalidInput as error:  # what is wrong with one part of a line is wrong with the field
            raise InvalidInput(field, error.reason) from error

    def _note_state(self, session: Session, record: Stateful, before: object, values: Mapping[str, object]) -> None:
        """Write the day the record entered its state; a corrected day replaces the one noted for that state."""
        present, states = getattr(record, "state", None), self.register.states
        state = plain(present)
        if state == before and "state_on" not in values:
            return
        if record.state_on is None or (state != before and values.get("state_on") is None):
            started = getattr(record, states.starts or "", None) if states else None
            is_start = states is not None and present in (states.first, states.active)
            record.state_on = started if started is not None and is_start else self.today
        noted = session.scalar(
            select(StateChange).where(StateChange.record_id == record.id, StateChange.state == state)
        )
        if noted is None:
            session.add(
                StateChange(
                    branch_id=record.branch_id,
                    record_kind=self.register.kind,
                    record_id=record.id,
                    state=state,
                    on=record.state_on,
                )
            )
        else:
            noted.on = record.state_on


def _ahead(field: RegisterField, value: object, today: date) -> str:
    """Return what is wrong with a day of something done that lies after `today`, "" for nothing."""
    if field.kind == "lines":
        rows = [line for line in value if line is not None] if isinstance(value, tuple) else []
        lacks = ((part.label, _ahead(part, getattr(line, part.name), today)) for line in rows for part in field.parts)
        return next((f"{label}{lack}" for label, lack in lacks if lack), "")
    ahead = field.happened and isinstance(value, date) and value > today
    return f"{value}在今天之后，办过再登记" if ahead else ""


def refuse(
    register: Register, values: Mapping[str, object], today: date, present: Mapping[str, object] | None = None
) -> None:
    """Refuse values of a row, as they are stored, that the register's rules do not allow on the day `today`.

    `present` holds the row's other values, which checks look at too.

    Raises:
        InvalidInput: a required one is empty, a check of the register refuses, or it happened after `today`.
    """
    for field in register.fields:
        if field.required and values.get(field.name, field) in EMPTY:
            raise InvalidInput(field, "不能为空")
    _hold(register, register.checks, {**(present or {}), **values})
    if register.date_field is not None and not register.ahead:
        on = values.get(register.date_field)
        if isinstance(on, date) and on > today:
            raise InvalidInput(register.field(register.date_field), "还没有到这一天，办过再登记")
    for field in register.fields:
        ahead = _ahead(field, values.get(field.name), today)
        if ahead:
            raise InvalidInput(field, ahead)


def _hold(register: Register, checks: Sequence[Check], values: Mapping[str, object]) -> None:
    for check in checks:
        refusal = check(values)
        if refusal is not None:
            raise InvalidInput(register.field(refusal[0]), refusal[1])


def values_of(register: Register, record: object) -> dict[str, Any]:
    """Return the values of a stored row by field name."""
    return {field.name: getattr(record, field.name) for field in register.fields}

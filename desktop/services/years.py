"""The years a store has records of: what can be chosen as the year in view, and which of them is at first."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import QueryableAttribute

from desktop.models.base import Base, Record
from desktop.models.development import CaseStep
from desktop.models.improvement import PdcaPlan
from desktop.models.meetings import Meeting
from desktop.models.registers import REGISTERS
from desktop.services.race.editions import ended_last, race_span
from desktop.services.store import Store

YEAR_COLUMNS = ("year", "for_year")


def year_of_work(store: Store) -> int:
    """Return the year people work on: of the day, and at headquarters that of the quarter that ended last, for what
    branches report and headquarters judges in the first weeks of a year is the year before.
    """
    return race_span(ended_last(store.today)).first.year if store.is_headquarters else store.today.year


def years_on_record(store: Store) -> list[int]:
    """Return every year up to the present one that a record is dated in or says it is of, newest first.

    Dated are meetings, rows of registers, steps of admissions and plans; a table with a column for its year (dues,
    duty lists, appraisals, ratings) says it itself.

    At headquarters the records of every branch count. What lies in the recycle bin counts nowhere.
    """
    dated: list[tuple[type[Record], QueryableAttribute[date] | QueryableAttribute[date | None]]] = [
        (Meeting, Meeting.held_on),
        (CaseStep, CaseStep.done_on),
        (PdcaPlan, PdcaPlan.opened_on),
    ]
    dated += [
        (register.model, getattr(register.model, register.date_field))
        for register in REGISTERS.values()
        if register.date_field is not None
    ]
    years = [
        select(func.strftime("%Y", day)).where(model.deleted_at_utc.is_(None), day.is_not(None)) for model, day in dated
    ]
    told = [
        select(func.printf("%04d", model.__table__.c[name])).where(
            model.deleted_at_utc.is_(None), model.__table__.c[name].is_not(None)
        )
        for model, name in _saying_their_year()
    ]
    with store.reading() as session:
        found = {int(year) for year in session.scalars(union(*years, *told))}
    return sorted((year for year in found if year <= store.today.year), reverse=True)


@cache
def _saying_their_year() -> tuple[tuple[type[Any], str], ...]:
    """Return every kind of record with a column for its year."""
    return tuple(
        (mapper.class_, column)
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Record)
        for column in YEAR_COLUMNS
        if column in mapper.local_table.c
    )

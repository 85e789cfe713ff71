"""The years a store has records of: what can be chosen as the year in view."""

from datetime import date

from sqlalchemy import func, select, union
from sqlalchemy.orm import QueryableAttribute

from desktop.models.meetings import Meeting
from desktop.models.registers import REGISTERS
from desktop.services.store import Store


def years_on_record(store: Store) -> list[int]:
    """Return every year up to the present one that a meeting or a dated row of a register belongs to, newest first.

    At headquarters the records of every branch count. What lies in the recycle bin counts nowhere.
    """
    dated: list[tuple[type[Meeting], QueryableAttribute[date]]] = [(Meeting, Meeting.held_on)]
    dated += [
        (register.model, getattr(register.model, register.date_field))
        for register in REGISTERS.values()
        if register.date_field is not None
    ]
    years = [
        select(func.strftime("%Y", day)).where(model.deleted_at_utc.is_(None), day.is_not(None)) for model, day in dated
    ]
    counted_for = select(func.printf("%04d", Meeting.for_year)).where(Meeting.deleted_at_utc.is_(None))
    with store.reading() as session:
        found = {int(year) for year in session.scalars(union(counted_for, *years))}
    return sorted((year for year in found if year <= store.today.year), reverse=True)

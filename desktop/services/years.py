"""The years a store has records of: what can be chosen as the year in view."""

from datetime import date

from sqlalchemy import func, select, union
from sqlalchemy.orm import QueryableAttribute

from desktop.models.dues import DuesAssessment, DuesPayment
from desktop.models.meetings import Meeting
from desktop.models.registers import REGISTERS
from desktop.services.store import Store


def years_on_record(store: Store) -> list[int]:
    """Return every year up to the present one with meetings, dues or dated rows of registers, newest first.

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
    dues = [
        select(func.printf("%04d", model.year)).where(model.deleted_at_utc.is_(None))
        for model in (DuesAssessment, DuesPayment)
    ]
    with store.reading() as session:
        found = {int(year) for year in session.scalars(union(counted_for, *years, *dues))}
    return sorted((year for year in found if year <= store.today.year), reverse=True)

"""Sheets and their records as they lie in the store; each function takes a session."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.appeals import Appeal
from desktop.models.sampling import SampledRecord, SampleSheet
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.services.errors import NotFound
from desktop.services.race.appeals import window
from desktop.services.race.editions import scheme_in_force
from desktop.services.sampling.rows import SheetRow, sheet_row


def sheets_of(
    session: Session, names: Mapping[str, tuple[str, str]], period: str | None = None, branch_id: str | None = None
) -> list[SheetRow]:
    """Return the sheets of a period (of a branch) by code and period; `names`: code and name of each branch."""
    query = select(SampleSheet).where(SampleSheet.deleted_at_utc.is_(None))
    if period is not None:
        query = query.where(SampleSheet.period == period)
    if branch_id is not None:
        query = query.where(SampleSheet.branch_id == branch_id)
    sheets = session.scalars(query).all()
    records: defaultdict[str, list[SampledRecord]] = defaultdict(list)
    ids = [sheet.id for sheet in sheets]
    for record in session.scalars(
        select(SampledRecord).where(SampledRecord.sheet_id.in_(ids), SampledRecord.deleted_at_utc.is_(None))
    ):
        records[record.sheet_id].append(record)
    appeals: defaultdict[str, list[Appeal]] = defaultdict(list)
    raised = select(Appeal).where(Appeal.sampled_id.is_not(None), Appeal.deleted_at_utc.is_(None))
    for appeal in session.scalars(raised):
        appeals[appeal.branch_id].append(appeal)
    until = {row.id: last for rows_of in records.values() for row in rows_of if (last := appeal_until(session, row))}
    rows = [
        sheet_row(sheet, *names.get(sheet.branch_id, ("", "")), records[sheet.id], appeals[sheet.branch_id], until)
        for sheet in sheets
    ]
    return sorted(rows, key=lambda row: (row.code, row.period))


def appeal_until(session: Session, row: SampledRecord) -> date | None:
    """Return the last day to appeal against the verdict on a record: the working days of the race scheme in force.

    None where it did not go against the branch, or not for good.
    """
    against = row.verdict is SampleVerdict.INCOMPLETE or row.confirmed_on is not None
    on = row.confirmed_on or row.judged_on
    if not against or on is None:
        return None
    return window(session, scheme_in_force(session, on), on).last


def kept_sheet(session: Session, sheet_id: str) -> SampleSheet:
    """Return a sheet.

    Raises:
        NotFound: there is none of this id.
    """
    row = session.get(SampleSheet, sheet_id)
    if row is None or row.deleted_at_utc is not None:
        raise NotFound(what="抽查表")
    return row


def kept_record(session: Session, sampled_id: str) -> SampledRecord:
    """Return a drawn record.

    Raises:
        NotFound: there is none of this id.
    """
    row = session.get(SampledRecord, sampled_id)
    if row is None or row.deleted_at_utc is not None:
        raise NotFound(what="抽查记录")
    return row

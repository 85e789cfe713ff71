"""What a person has once, where two records of one person become one: appraisal of a year, assessment, portrait."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.appraisal import AppraisalResult
from desktop.models.base import Record
from desktop.models.dues import DuesAssessment
from desktop.services.errors import Input, InvalidInput
from desktop.services.members.portraits import portraits_of

OTHER = Input("other_id", "另一条记录")
_KEPT_BY_THE_PROGRAM = {"id", "branch_id", "member_id", *Record.__annotations__}


def merge_once_only(session: Session, keep_id: str, other_id: str, at_utc: str) -> None:
    """Leave one of what both records have and a person has once; the rest is moved by who calls.

    Results of an appraisal fill each other; of two assessments that say the same, and of two portraits, that of the
    other record goes to the recycle bin at `at_utc`.

    Raises:
        InvalidInput: two of them say different things, which people have to settle first.
    """
    _merge_results(session, keep_id, other_id)
    _merge_assessments(session, keep_id, other_id, at_utc)
    if portraits_of(session, [keep_id]):
        for portrait in portraits_of(session, [other_id]):
            portrait.deleted_at_utc = at_utc
    session.flush()


def _merge_results(session: Session, keep_id: str, other_id: str) -> None:
    mine = {row.for_year: row for row in _rows(session, AppraisalResult, keep_id) if row.deleted_at_utc is None}
    for row in _rows(session, AppraisalResult, other_id):
        kept = mine.get(row.for_year)
        if kept is None or row.deleted_at_utc is not None:  # what lies in the bin stays there beside it
            continue
        label = f"{row.for_year}年度民主评议结果"
        for name in _contents(AppraisalResult):
            value = getattr(row, name)
            if value in (None, ()):
                continue
            if getattr(kept, name) in (None, ()):
                setattr(kept, name, value)
            elif getattr(kept, name) != value:
                raise InvalidInput(OTHER, f"两条记录的{label}不一样，先在民主评议里改成一样，再合并")
        session.delete(row)
    session.flush()  # a year is there once


def _merge_assessments(session: Session, keep_id: str, other_id: str, at_utc: str) -> None:
    mine = {
        (row.year, row.from_month): row for row in _rows(session, DuesAssessment, keep_id) if row.deleted_at_utc is None
    }
    for row in _rows(session, DuesAssessment, other_id):
        kept = mine.get((row.year, row.from_month))
        if kept is None or row.deleted_at_utc is not None:
            continue
        if (kept.dues_class, kept.monthly_fen, kept.relief) != (row.dues_class, row.monthly_fen, row.relief):
            label = f"{row.year}年{row.from_month}月起的党费核定"
            raise InvalidInput(OTHER, f"两条记录的{label}不一样，先在党费里改成一样或删去一条，再合并")
        row.deleted_at_utc = at_utc


def _rows(session: Session, model: type[Any], member_id: str) -> Sequence[Any]:
    return session.scalars(select(model).where(model.member_id == member_id)).all()


def _contents(model: type[Any]) -> Sequence[str]:
    return [column.key for column in model.__table__.columns if column.key not in _KEPT_BY_THE_PROGRAM]

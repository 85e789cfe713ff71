"""What a row of a workbook says of making up, of observers and of counts, laid over a meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from desktop.services.errors import InvalidInput
from desktop.services.intake.rows import Row
from desktop.services.meetings import sheet
from desktop.services.meetings.others import NamedMakeUp, read_observers
from desktop.services.meetings.rows import Absence, MeetingDraft
from desktop.services.quoting import quoted


def as_made_up(absence: Absence, before: Mapping[str, Absence]) -> Absence:
    """Return an absence with how it was made up for, as was kept of it `before`: a cell of names says only the day."""
    kept = before.get(absence.member_id)
    if kept is None or absence.make_up_on is None or absence.make_up_on != kept.make_up_on:
        return absence
    return replace(
        absence,
        make_up_way=kept.make_up_way,
        make_up_content=kept.make_up_content,
        make_up_by=kept.make_up_by,
    )


def with_make_ups(absences: Sequence[Absence], made_up: Mapping[str, NamedMakeUp]) -> tuple[Absence, ...]:
    """Return the absences with what is told of making up for them, by member.

    Raises:
        InvalidInput: it is told of somebody who was not absent.
    """
    away = {absence.member_id for absence in absences}
    for member_id, named in made_up.items():
        if member_id not in away:
            raise InvalidInput(sheet.MAKE_UPS, f"{quoted(named.name)}没有缺席，不用补课")
    return tuple(
        absence
        if (each := made_up.get(absence.member_id)) is None
        else replace(
            absence, make_up_on=each.on, make_up_way=each.way, make_up_content=each.content, make_up_by=each.by
        )
        for absence in absences
    )


def with_counts(row: Row, draft: MeetingDraft) -> MeetingDraft:
    """Return a draft with the observers, the planned time and the judgement that a row tells."""
    if row.get("observers") is not None:
        draft = replace(draft, observers=read_observers(row.get("observers")))
    if row.get("planned") is not None:
        day, at = row.get("planned")
        draft = replace(draft, planned_on=day, planned_at=at)
    if row.get("rated") is not None:
        satisfied, asked = row.get("rated")
        draft = replace(draft, satisfied=satisfied, asked=asked)
    return draft

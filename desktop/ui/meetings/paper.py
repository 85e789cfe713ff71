"""A meeting on paper, also while it is still being typed: the very document that will be archived."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.vocabulary import AttendanceState, MeetingState
from desktop.services.archive.minutes import minutes_document, sign_in_document
from desktop.services.archive.papers import MeetingPaper, Person, Task, VotePaper
from desktop.services.archive.pdf import render, write_pdf
from desktop.services.meetings import MeetingDraft, VoteKind, judge
from desktop.services.members import Expected
from desktop.services.standards.clauses import clauses
from desktop.services.standards.service import StandardService

if TYPE_CHECKING:
    from desktop.services.store import Store


def clause_words(store: "Store", on: date) -> Callable[[str], str]:
    """Return what turns a basis into the name of the regulation and its article."""
    pack = StandardService(store).pack(year=on.year)
    return lambda basis: "、".join(clause.text for clause in clauses(basis, pack)) if basis else ""


def paper_of(
    draft: MeetingDraft,
    expected: Sequence[Expected],
    names: Mapping[str, str],
    group: str,
    kinds: Mapping[str, VoteKind],
    today: date,
) -> MeetingPaper:
    """Return a draft as it would be printed."""
    away = {one.member_id: one for one in draft.absences}
    people = tuple(
        Person(
            one.name,
            away[one.member_id].state if one.member_id in away else AttendanceState.PRESENT,
            away[one.member_id].reason if one.member_id in away else "",
            one.has_vote,
            away[one.member_id].make_up_on if one.member_id in away else None,
        )
        for one in expected
    )
    votes = tuple(
        VotePaper(
            kinds[one.kind].name,
            one.subject,
            one.due,
            one.present,
            one.yes,
            one.no,
            one.abstain,
            one.declared_passed,
            kinds[one.kind].secret,
            judge(one.kind, one.due, one.present, one.yes, one.no, one.abstain, dict(kinds)),
        )
        for one in draft.votes
        if one.kind in kinds
    )
    tasks = tuple(
        Task(one.what, names.get(one.owner_id or "", one.owner_name), one.due_on, one.done_on, one.result)
        for one in draft.actions
    )
    return MeetingPaper(
        id="",
        kind=draft.kind,
        held_on=draft.held_on,
        started_at=draft.started_at,
        ended_at=draft.ended_at,
        place=draft.place,
        group=group,
        for_year=draft.for_year or draft.held_on.year,
        topic=draft.topic,
        chair=names.get(draft.chair_id or "", draft.chair_name),
        recorder=names.get(draft.recorder_id or "", draft.recorder_name),
        speakers=tuple(names.get(one, "") for one in draft.speaker_ids),
        agenda=draft.agenda,
        speeches=tuple((one.name or names.get(one.member_id or "", ""), one.text) for one in draft.speeches),
        resolution=draft.resolution,
        plan=draft.plan,
        follow_up=draft.follow_up,
        people=people,
        votes=votes,
        tasks=tasks,
        corrections=(),
        state=MeetingState.MINUTED,
        confirmed_on=None,
        confirmed_by="",
        entered_on=today,
    )


def minutes_pdf(paper: MeetingPaper, branch: str, clause: Callable[[str], str]) -> bytes:
    """Return minutes as PDF, made in memory: what is only looked at never lies on the disk in the clear.

    One at a time in a process: call it on the second worker only.
    """
    out = io.BytesIO()
    render(minutes_document(paper, branch, clause), out, substitute=True)
    return out.getvalue()


def write_sign_in(paper: MeetingPaper, branch: str, path: Path) -> Path:
    """Write the blank sign-in table of a meeting to `path`."""
    write_pdf(sign_in_document(paper, branch, blank=True), path, substitute=True)
    return path

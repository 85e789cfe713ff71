"""Unfinished meetings come back as they were typed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.models.base import new_id
from desktop.models.meetings import AgendaItem, Speech
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.meetings import Absence, ActionDraft, MeetingDraft, MeetingDrafts, VoteDraft
from tests.stores import new_store

DRAFT = MeetingDraft(
    kind=MeetingKind.BRANCH_CONGRESS,
    held_on=date(2026, 3, 27),
    topic="接收吴六",
    agenda=(AgendaItem("议题一", "讨论", "同意"),),
    speeches=(Speech("钱二", "介绍情况", "1"),),
    absences=(Absence("2", "病假", date(2026, 4, 1)),),
    votes=(VoteDraft("admit_probationary", "接收吴六", due=5, present=4),),
    actions=(ActionDraft("报批", "1", due_on=date(2026, 4, 3)),),
    tags=("work_analysis",),
)


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[MeetingDrafts]:
    with new_store(tmp_path / "store") as store:
        yield MeetingDrafts(store)


def test_drafts_come_back_as_they_were(drafts: MeetingDrafts) -> None:
    saved_at = drafts.save(DRAFT)
    kept = drafts.find(MeetingKind.BRANCH_CONGRESS)
    assert kept is not None
    assert (kept.meeting_id, kept.draft, kept.saved_at) == ("", DRAFT, saved_at.replace(microsecond=0))
    assert drafts.find(MeetingKind.THEME_DAY) is None


def test_a_new_meeting_and_one_being_changed_are_kept_apart(drafts: MeetingDrafts) -> None:
    meeting_id = new_id()
    drafts.save(DRAFT)
    drafts.save(replace(DRAFT, place="改"), meeting_id)
    assert {kept.meeting_id for kept in drafts.all()} == {"", meeting_id}
    drafts.drop(MeetingKind.BRANCH_CONGRESS)
    assert [kept.draft.place for kept in drafts.all()] == ["改"]

"""What is printed of a meeting: loaded from the store, or made of a draft that is still being typed."""

from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary import MeetingKind
from desktop.services.archive.binding import bind
from desktop.services.archive.service import ArchiveService
from desktop.services.meetings import MeetingDraft, MeetingService
from tests.services.archive.checker import text_of
from tests.services.meetings.people import people
from tests.stores import new_store

HELD_ON = date(2026, 11, 7)


@pytest.mark.parametrize("typed", ["2026-11-23 06:00", "2026-11-23 23:59"])
def test_a_meeting_typed_before_breakfast_is_as_late_on_paper_as_in_the_list(tmp_path: Path, typed: str) -> None:
    with new_store(tmp_path / "store", at=typed) as store:
        people(store)
        meeting_id = MeetingService(store).record(MeetingDraft(MeetingKind.COMMITTEE_MEETING, HELD_ON, topic="补录"))
        row = MeetingService(store).detail(meeting_id).row
        assert (row.created_on, row.late) == (date(2026, 11, 23), True)
        binding = bind(store, 2026, store.today)
        assert binding.papers[meeting_id].entered_on == row.created_on
        (piece,) = (piece for piece in binding.pieces.values() if piece.used.id == meeting_id)
        assert binding.is_late(piece)
        built = ArchiveService(store).build(2026, tmp_path / "档案")
    assert "补录：会后16天录入（2026年11月23日）。" in text_of(built.dir / "04-D4-党的组织生活.pdf")

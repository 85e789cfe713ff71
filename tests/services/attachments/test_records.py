"""What files can be attached to, and that minutes once confirmed only take more of them."""

from pathlib import Path

import pytest

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.attachments import AttachmentService
from desktop.services.attachments.records import RecordRef, find_record
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.members import MemberService
from tests.services.archive.branch import add_meeting
from tests.services.archive.conftest import ON
from tests.services.meetings.people import people
from tests.stores import new_store


def test_minutes_that_are_confirmed_take_files_and_give_none_back(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        people(store)
        roster = MemberService(store).roster(ON)
        meeting = add_meeting(store, roster, MeetingKind.COMMITTEE_MEETING, ON)
        path = tmp_path / "签到表.txt"
        path.write_text("签到", "utf-8")
        assert find_record(store, meeting) == RecordRef("meetings", meeting)
        wide = "".join(chr(ord(mark) + 0xFEE0) for mark in meeting)
        assert find_record(store, wide) == RecordRef("meetings", meeting), "typed with a Chinese keyboard"
        row = AttachmentService(store).attach("meetings", meeting, path)
        with pytest.raises(InvalidInput, match="只能补充"):
            AttachmentService(store).remove(row.id)


def test_a_record_that_is_not_there_is_named(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        assert find_record(store, store.branch_id) == RecordRef("branches", store.branch_id)
        with pytest.raises(NotFound) as caught:
            find_record(store, "谁也不是")
        assert caught.value.facts["name"] == "谁也不是"

"""What has passed its period is proposed, never cleared by itself; what is cleared is gone from everywhere."""

import os
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desktop.models.attachments import Attachment, StoredFile
from desktop.models.history import AuditEntry, Change, Draft
from desktop.models.meetings import Attendance, Meeting
from desktop.models.members import Member
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.stores import Use
from desktop.services.attachments import AttachmentService
from desktop.services.clock import utc_text
from desktop.services.drafts import DraftService
from desktop.services.errors import Conflict, InvalidInput
from desktop.services.integrity import check
from desktop.services.meetings.rows import MeetingDraft
from desktop.services.meetings.service import MeetingService
from desktop.services.members.service import MemberService
from desktop.services.opening import open_store
from desktop.services.registers.service import RegisterService
from desktop.services.retention import Proposal, RetentionService
from desktop.services.store import Store
from tests.services.members.people import GAO, LI
from tests.stores import LOGIN, PASSWORD, clock_at, new_store

LATER = "2027-12-01 09:00"
DEED = {"title": "修缮老屋的隐情", "started_on": "2026-03-05"}


def later(store: Store, at: str = LATER) -> Store:
    """Close a store and open it at another moment."""
    store.close()
    return open_store(store.folder, PASSWORD, LOGIN, clock=clock_at(at))


def proposed(store: Store, rule: str) -> list[Proposal]:
    return [each for each in RetentionService(store).proposals() if each.rule.id == rule]


def text_of(store: Store) -> str:
    """Return every row of every table as one text."""
    with store.engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        return "".join(str(connection.exec_driver_sql(f'SELECT * FROM "{table}"').all()) for table in tables)


def recycled_deed(store: Store, folder: Path) -> str:
    """Put a deed with a paper, a draft and a history into the recycle bin; return its id."""
    registers = RegisterService(store)
    deed = registers.save("practical_deed", DEED)
    paper = folder / "凭据.txt"
    paper.write_text("凭据的内容", encoding="utf-8")
    AttachmentService(store).attach("practical_deed", deed, paper)
    DraftService(store).save("practical_deed", deed, {"title": "修缮老屋的隐情二"})
    registers.remove("practical_deed", deed)
    return deed


def test_the_recycle_bin_is_proposed_after_a_year_and_cleared_from_everywhere(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    recycled_deed(store, tmp_path)
    assert proposed(store, "recycled") == []
    with later(store) as store:
        (found,) = proposed(store, "recycled")
        assert (found.since, found.due) == (date(2026, 11, 22), date(2027, 11, 22))
        assert "隐情" in found.what
        assert RetentionService(store).clear([found.key], "年度清理") == 1
        text = text_of(store)
        assert "隐情" not in text
        assert "凭据" not in text
        assert not [path for path in store.att.folder.rglob("*") if path.is_file()]
        with store.reading() as session:
            assert session.scalar(select(func.count(StoredFile.id))) == 0
            told = session.scalars(select(AuditEntry.detail).where(AuditEntry.action == Use.ERASE)).all()
        assert told == ["回收站里的记录 1 件：年度清理"]
        assert check(store) == []
        assert RetentionService(store).proposals() == []


def test_a_content_that_another_record_names_stays(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    recycled_deed(store, tmp_path)
    other = RegisterService(store).save("practical_deed", DEED | {"title": "另一件"})
    AttachmentService(store).attach("practical_deed", other, tmp_path / "凭据.txt")
    with later(store) as store:
        RetentionService(store).clear([each.key for each in proposed(store, "recycled")], "年度清理")
        (left,) = AttachmentService(store).list("practical_deed", other)
        assert AttachmentService(store).read(left.id) == "凭据的内容".encode()
        assert check(store) == []


def test_a_meeting_goes_with_its_parts_and_a_record_that_others_name_stays(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    person = MemberService(store).register(GAO)
    meetings = MeetingService(store)
    meeting = meetings.record(MeetingDraft(kind=MeetingKind.THEME_DAY, held_on=date(2026, 11, 2), topic="隐情"))
    meetings.remove(meeting)
    with store.unit_of_work("回收党员") as session:
        session.get_one(Member, person).deleted_at_utc = utc_text(store.clock())
    with later(store) as store:
        (found,) = proposed(store, "recycled")
        assert found.place == Meeting.__tablename__
        RetentionService(store).clear([found.key], "年度清理")
        with store.reading() as session:
            assert session.scalar(select(func.count(Attendance.id))) == 0
            assert session.scalar(select(func.count(Meeting.id))) == 0
        assert [each.place for each in proposed(store, "recycled")] == [Member.__tablename__]  # nothing names it now


def test_of_a_member_who_left_the_numbers_go_and_the_name_stays(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    members = MemberService(store)
    gone, stays = members.register(GAO | {"phone": "13800001111"}), members.register(LI)
    with store.unit_of_work("转出") as session:
        session.get_one(Member, gone).left_on = date(2026, 6, 1)
    with later(store, "2029-05-31 09:00") as store:
        assert proposed(store, "left-identity") == []
    with later(store, "2029-06-01 09:00") as store:
        (found,) = proposed(store, "left-identity")
        assert found.id == gone
        RetentionService(store).clear([found.key], "离开满三年")
        text = text_of(store)
        assert str(GAO["id_no"]) not in text
        assert "13800001111" not in text
        assert str(LI["id_no"]) in text
        with store.reading() as session:
            assert session.get_one(Member, gone).name == GAO["name"]
            assert session.scalar(select(func.count(Change.id)).where(Change.record_id == gone))
        assert proposed(store, "left-identity") == []
        assert stays


def test_records_are_proposed_when_the_period_of_the_archive_is_over(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    RegisterService(store).save("volunteer_activity", {"title": "义务植树", "event_on": "2026-03-12"})
    with later(store, "2036-12-31 09:00") as store:
        assert proposed(store, "archived") == []
    with later(store, "2037-01-01 09:00") as store:
        (found,) = proposed(store, "archived")
        assert (found.since, found.due) == (date(2027, 1, 1), date(2037, 1, 1))


def test_drafts_packages_and_former_data(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    DraftService(store).save("meeting:theme_day", "", {"topic": "没写完的隐情"})
    package = store.folder / "inbox" / "ZK04_反馈_000001.dzp"
    package.write_bytes(b"sealed")
    came = (datetime(2024, 11, 30, tzinfo=store.clock().tzinfo) + timedelta()).timestamp()
    os.utime(package, (came, came))
    former = tmp_path / "data.old-20270801-090000"
    former.mkdir()
    (former / "main.db").write_bytes(b"sealed")
    (tmp_path / "data.old-others").mkdir()
    with later(store) as store:
        found = {each.rule.id: each for each in RetentionService(store).proposals()}
        assert set(found) == {"drafts", "packages", "former-data"}
        assert "隐情" not in found["drafts"].what
        RetentionService(store).clear([each.key for each in found.values()], "年度清理")
        assert not package.exists()
        assert not former.exists()
        assert (tmp_path / "data.old-others").exists()
        with store.reading() as session:
            assert session.scalar(select(func.count(Draft.id))) == 0
            assert session.scalar(select(func.count(Attachment.id))) == 0


def test_nothing_goes_without_a_reason_or_that_is_no_longer_proposed(tmp_path: Path) -> None:
    store = new_store(tmp_path / "data")
    deed = recycled_deed(store, tmp_path)
    with later(store) as store:
        service = RetentionService(store)
        (found,) = proposed(store, "recycled")
        for keys, reason in (([], "年度清理"), ([found.key], "  "), ([found.key], "长" * 201)):
            with pytest.raises(InvalidInput):
                service.clear(keys, reason)
        RegisterService(store).restore("practical_deed", deed)
        with pytest.raises(Conflict):
            service.clear([found.key], "年度清理")
        assert RegisterService(store).row("practical_deed", deed)
